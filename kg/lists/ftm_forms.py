"""FollowTheMoney in each form that OpenSanctions publishes -> plain records of one entity each.

`entities.ftm.json` has one entity a line; `targets.nested.json` one target a line with what belongs to it inside;
`targets.simple.csv` one target a row; `statements.csv` one statement a row, many of which make an entity.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from kg.errors import SourceError
from kg.lists import csv_records, json_records
from kg.lists.model import Row, Tally

Record = dict[str, Any]

SIMPLE: Final = frozenset({"id", "schema", "name", "aliases", "dataset"})
STATEMENTS: Final = frozenset({"canonical_id", "entity_id", "schema", "prop", "value"})
#: Statements entity by entity, entities in the order of their first statement.
_IN_ORDER: Final = """SELECT statement.entity, number, cells FROM statement
  JOIN (SELECT entity, min(number) AS first FROM statement GROUP BY entity) USING (entity) ORDER BY first, number"""
#: Column of the simple form -> property; cells hold several values between semicolons.
_SIMPLE_PROPERTIES: Final = {
    "name": "name",
    "aliases": "alias",
    "birth_date": "birthDate",
    "countries": "country",
    "addresses": "address",
    "identifiers": "idNumber",
    "phones": "phone",
    "emails": "email",
}
#: An edge or paper that stands inside an entity leaves out the property that would name that entity again.
_ENDS: Final = {
    "Sanction": ("entity",),
    "Ownership": ("owner", "asset"),
    "Control": ("controller", "controlled"),
    "Directorship": ("director", "organization"),
    "Membership": ("member", "organization"),
    "Employment": ("employee", "employer"),
    "Family": ("person", "relative"),
    "Associate": ("person", "associate"),
    "Representation": ("agent", "client"),
    "UnknownLink": ("subject", "object"),
    "Succession": ("predecessor", "successor"),
    "Passport": ("holder",),
    "Identification": ("holder",),
    "CryptoWallet": ("holder",),
}


def records(path: Path, tally: Tally) -> Iterator[tuple[Row, Record]]:
    """Yield (row, entity) in the order of the file, nested entities after the one that holds them."""
    with path.open("rb") as file:
        is_json = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"["))
    if is_json:
        for number, record, text in json_records.lines(path):
            tally.saw(path.name)
            _check(record, f"{path}:{number}")
            for entity in flat(record):
                yield Row(path.name, number, text), entity
        return
    columns = [name.strip().lower() for name in next(csv_records.records(path), (0, [], ""))[1]]
    if set(columns) >= STATEMENTS:
        yield from _statements(path, columns, tally)
    elif set(columns) >= SIMPLE:
        yield from _simple(path, columns, tally)
    else:
        raise SourceError(
            "no FollowTheMoney entity (id, schema, properties)",
            place=f"{path}:1",
            hint="give entities.ftm.json, targets.nested.json, targets.simple.csv or statements.csv of a data set",
        )


def _check(record: Record, place: str) -> None:
    kinds = (("id", str), ("schema", str), ("properties", dict))
    if not all(isinstance(record.get(key), kind) for key, kind in kinds):
        raise SourceError(
            "no FollowTheMoney entity (id, schema, properties)",
            place=place,
            hint="give entities.ftm.json of a data set",
        )


def flat(record: Record, holder: str = "") -> Iterator[Record]:
    """Yield the entity with ids in place of what is nested in it, then each nested entity likewise."""
    nested: list[Record] = []
    properties: dict[str, list[Any]] = {}
    for name, values in record["properties"].items():
        items = values if isinstance(values, list) else [values]
        inner = [item for item in items if isinstance(item, dict) and {"id", "schema", "properties"} <= item.keys()]
        nested += inner
        properties[name] = [item["id"] if isinstance(item, dict) and "id" in item else item for item in items]
    if holder:
        for end in _ENDS.get(record["schema"], ()):
            if not properties.get(end):
                properties[end] = [holder]
                break
    yield {**record, "properties": properties}
    for item in nested:
        if isinstance(item["properties"], dict):
            yield from flat(item, record["id"])


def _simple(path: Path, columns: list[str], tally: Tally) -> Iterator[tuple[Row, Record]]:
    for number, cells, text in csv_records.records(path, columns=len(columns)):
        if number == 1:
            continue
        tally.saw(path.name)
        row = Row(path.name, number, text)
        values = dict(zip(columns, cells, strict=True))
        if not values["id"] or not values["schema"]:
            tally.skip(row, "no id or no schema")
            continue
        properties = {
            name: [part.strip() for part in values.get(column, "").split(";") if part.strip()]
            for column, name in _SIMPLE_PROPERTIES.items()
        }
        yield (
            row,
            {**_head(values["id"], values["schema"], values), "properties": properties, "caption": values["name"]},
        )
        programmes = [part.strip() for part in values.get("program_ids", "").split(";") if part.strip()]
        for at, sanction in enumerate(part.strip() for part in values.get("sanctions", "").split(";") if part.strip()):
            listed = {
                "entity": [values["id"]],
                "program": [sanction],
                "programId": programmes,
                "publisher": [values["dataset"]],
            }
            yield row, {**_head(f"{values['id']}-sanction-{at}", "Sanction", values), "properties": listed}


def _head(number: str, schema: str, values: dict[str, str]) -> Record:
    return {
        "id": number,
        "schema": schema,
        "datasets": [values.get("dataset", "")],
        "last_seen": values.get("last_seen"),
    }


def _statements(path: Path, columns: list[str], tally: Tally) -> Iterator[tuple[Row, Record]]:
    """One entity a canonical id, wherever its statements stand: they are sorted on disk, not in memory."""
    with sqlite3.connect("") as rows:  # a temporary database, gone when it is closed
        rows.execute("CREATE TABLE statement (entity TEXT, number INTEGER, cells TEXT)")
        for number, cells, _ in csv_records.records(path, columns=len(columns)):
            if number > 1:
                tally.saw(path.name)
                values = dict(zip(columns, cells, strict=True))
                rows.execute(
                    "INSERT INTO statement VALUES (?, ?, ?)", (values["canonical_id"], number, json.dumps(values))
                )
        group: list[tuple[int, dict[str, str]]] = []
        rows.execute("CREATE INDEX by_entity ON statement (entity, number)")
        for entity, number, cells in rows.execute(_IN_ORDER):
            if group and group[0][1]["canonical_id"] != entity:
                yield _entity(group, path)
                group = []
            group.append((number, json.loads(cells)))
        if group:
            yield _entity(group, path)


def _entity(group: list[tuple[int, dict[str, str]]], path: Path) -> tuple[Row, Record]:
    """The entity that the statements make; each name keeps the id of its statement."""
    properties: defaultdict[str, list[str]] = defaultdict(list)
    ids: dict[tuple[str, str], str] = {}
    for _, values in group:
        if values["prop"] != "id" and values["value"] not in properties[values["prop"]]:
            properties[values["prop"]].append(values["value"])
            ids[values["prop"], values["value"]] = values.get("id", "")
    number, first = group[0]
    text = "\n".join(json.dumps(values, ensure_ascii=False) for _, values in group)
    properties.pop("id", None)
    schemas = [values["schema"] for _, values in group]
    last = max(values.get("last_seen", "") for _, values in group)
    record = {
        "id": first["canonical_id"],
        "schema": max(set(schemas), key=lambda schema: (_DEPTHS.get(schema, 0), schemas.count(schema), schema)),
        "properties": dict(properties),
        "datasets": sorted({values.get("dataset", "") for _, values in group}),
        "last_seen": last,
        "statements": ids,
    }
    return Row(path.name, number, text), record


#: How special a schema is: of the schemas that statements give to one entity, the most special one is meant.
_DEPTHS: Final = {"LegalEntity": 1, "Organization": 2, "PublicBody": 3, "Person": 3, "Company": 3}
