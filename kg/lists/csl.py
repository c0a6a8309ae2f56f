"""The Consolidated Screening List (CSV with a header) -> entries, each under the list that it was taken from.

In: one record an entry, lists inside a cell between semicolons. Out: one entry a record; its number is the source's
own where it has one. Rows of a list that is not known keep the heading of the row as the list's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.errors import SourceError
from kg.lists import csv_records
from kg.lists.dates import date_range, listed_date
from kg.lists.kinds import is_organized, natural_order, organization_type
from kg.lists.model import Entry, Fact, Head, Identifier, Listing, Named, Row, Source, Tally
from kg.lists.places import birth_place, place
from kg.lists.remarks import parse_remark
from kg.model import EntityType
from kg.namespaces import digest
from kg.reference import country, legal_basis, official_list

TITLE: Final = "United States, Consolidated Screening List: CSV"
REQUIRED: Final = (
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "addresses",
    "alt_names",
    "source_list_url",
    "ids",
)
_QUOTED: Final = re.compile(r"'[^']+'")  # the source's way to mark a weak alias
_WEAK: Final = (("alias_quality", "weak"),)
_TYPES: Final = {"Individual": EntityType.PERSON, "Vessel": EntityType.VESSEL, "Aircraft": EntityType.AIRCRAFT}


def recognizes(head: Head) -> bool:
    """Whether the columns hold those of the Consolidated Screening List."""
    return set(REQUIRED) <= set(head.columns)


def sources(files: Iterable[Path]) -> list[Source]:
    """The one list that the file is; raises SourceError for more or fewer than one file."""
    paths = tuple(files)
    if len(paths) != 1:
        raise SourceError(
            f"{len(paths)} files where one belongs",
            place="csl",
            hint="give the CSV file of the Consolidated Screening List",
        )
    return [Source("csl", "Consolidated Screening List", paths)]


def entries(source: Source, tally: Tally) -> Iterator[Entry]:
    """The entries in the order of the file."""
    path = source.files[0]
    header: list[str] = []
    seen: set[str] = set()
    for number, fields, text in csv_records.records(path):
        if not header:
            header = [field.strip().lower() for field in fields]
            missing = [name for name in REQUIRED if name not in header]
            if missing:
                raise SourceError(
                    f"not the Consolidated Screening List: no column {missing[0]!r}",
                    place=f"{path}:1",
                    hint="expected its CSV form with the header line",
                )
            continue
        if len(fields) != len(header):
            raise SourceError(
                f"{len(fields)} columns where {len(header)} belong",
                place=f"{path}: record {number}",
                hint="the file is damaged or cut; fetch it again",
            )
        row = Row(path.name, number, text)
        tally.saw(path.name)
        record = {key: value.strip() for key, value in zip(header, fields, strict=True)}
        if not record["name"] or not record["source"]:
            tally.skip(row, "no name or no source list")
            continue
        tally.count("entries")
        yield entry(record, row, seen, tally)


def entry(record: dict[str, str], row: Row, seen: set[str], tally: Tally) -> Entry:
    """Return the entry of one record by column; `seen` keeps the numbers given so far."""
    known = official_list(record["source"])
    list_name = known.name if known else record["source"].split(" - ")[0]
    entity_type = _TYPES.get(record["type"]) or (
        organization_type(record["name"]) if record["type"] == "Entity" or not _is_person(record) else EntityType.PERSON
    )
    remark = parse_remark(record.get("remarks", ""))
    identifiers = [*_identifiers(record["ids"]), *remark.identifiers]
    tally.count("identifiers", len(identifiers))
    aliases = [name for name in (part.strip() for part in record["alt_names"].split(";")) if name]
    tally.count("aliases", len(aliases))
    weak = {name.strip("'") for name in aliases if _QUOTED.fullmatch(name)}
    aliases = [name.strip("'") if _QUOTED.fullmatch(name) else name for name in aliases]
    facts = [
        Fact("also_known_as", name, row, qualifiers=(*_WEAK[: name in weak], ("relation_text", "alternative name")))
        for name in aliases
    ]
    facts += _address_facts(record["addresses"], row, tally)
    for column in ("nationalities", "citizenships"):
        facts += [Fact("citizen_of", place(value), row) for value in _cell(record, column)]
    facts += [
        Fact("born_in", birth_place(text), row, qualifiers=(("address", text),))
        for text in _cell(record, "places_of_birth")
    ]
    for link in remark.links:
        words = (("relation_text", f"Linked To: {link}"),)
        facts.append(Fact("associated_with", Named(organization_type(link), link), row, qualifiers=words))
    if record.get("vessel_flag"):
        facts.append(Fact("flagged_in", place(record["vessel_flag"]), row))
    if record.get("vessel_owner"):
        facts.append(Fact("owned_by", Named(EntityType.COMPANY, record["vessel_owner"]), row))
    programmes = tuple(filter(None, (part.strip() for part in record["programs"].split(";"))))
    notice = record.get("federal_register_notice", "")
    basis = dict.fromkeys(law for programme in programmes for law in legal_basis(programme))
    names = {*aliases} | ({natural_order(record["name"])} if entity_type == EntityType.PERSON else set())
    return Entry(
        id=_number(record, seen),
        type=entity_type,
        name=record["name"],
        row=row,
        names=tuple(sorted(names - {record["name"]})),
        attributes=tuple(_attributes(record, remark.texts)),
        identifiers=tuple(identifiers),
        listings=(
            Listing(
                authority=known.authority if known else record["source"].rpartition(" - ")[2],
                list=list_name,
                programmes=programmes,
                legal_basis=tuple(basis) or ((notice,) if notice else ()),
                date=listed_date(record.get("start_date", "")),
                date_end=listed_date(record.get("end_date", "")),
                row=row,
            ),
        ),
        facts=tuple(facts),
    )


def _is_person(record: dict[str, str]) -> bool:
    """Lists of State and Commerce give no type: dates of birth, or a name of words without an organisation's."""
    return bool(record.get("dates_of_birth")) or (
        record["source"].startswith(("Denied Persons", "ITAR Debarred"))
        and not is_organized(record["name"])
        and not any(char.isdigit() or char == "&" for char in record["name"])
    )


def _number(record: dict[str, str], seen: set[str]) -> str:
    """The source's own number, or one made from list, name and start date; two alike are told apart by address."""
    base = record["entity_number"] or digest(record["source"], record["name"], record.get("start_date", ""), length=12)
    heading = record["source"].split(" - ")[0]
    number = f"{heading} {base}"
    if number in seen:
        number = f"{number} {digest(*sorted(record.values()), length=8)}"
    seen.add(number)
    return number


def _identifiers(cell: str) -> Iterator[Identifier]:
    """Each "COUNTRY, VALUE, LABEL" or "VALUE, LABEL"; a website or a directive is written the same way."""
    for item in filter(None, (part.strip() for part in cell.split(";"))):
        parts = [part.strip() for part in item.split(",")]
        issuer = country(parts[0]) if len(parts) > 2 and len(parts[0]) == 2 else None
        label, value = parts[-1], ", ".join(parts[1 if issuer else 0 : -1])
        text = f"{label} {value}" + (f" ({issuer})" if issuer else "")
        yield from parse_remark(text).identifiers or [Identifier("other_id", value or item, label)]


def _address_facts(cell: str, row: Row, tally: Tally) -> Iterator[Fact]:
    for address in filter(None, (part.strip() for part in cell.split(";"))):
        tally.count("addresses")
        where = country(address.rpartition(",")[2].strip())
        target = place(where) if where else Named(EntityType.PLACE, address)
        yield Fact("located_in", target, row, qualifiers=(("address", address),))


def _cell(record: dict[str, str], column: str) -> list[str]:
    return [value for part in record.get(column, "").split(";") if (value := part.strip())]


def _attributes(record: dict[str, str], remarks: list[str]) -> Iterator[tuple[str, str]]:
    for text in _cell(record, "dates_of_birth"):
        yield "birth_date", date_range(text) or text
    for column in ("title", "call_sign", "vessel_type", "gross_tonnage", "license_requirement", "license_policy"):
        if record.get(column):
            yield column, record[column]
    if record.get("federal_register_notice"):
        yield "notice", record["federal_register_notice"]
    for text in remarks:
        yield "remark", text
