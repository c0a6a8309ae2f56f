"""The Denied Persons List of the Bureau of Industry and Security (tab-separated) -> entries.

In: one record an order and address. Out: one entry for each name and effective date, with all its addresses; the
order's own dates say from when until when the denial runs, an empty end is one without an end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.errors import SourceError
from kg.lists import csv_records
from kg.lists.dates import listed_date
from kg.lists.kinds import is_organized, organization_type
from kg.lists.model import Entry, Fact, Head, Listing, Named, Row, Source, Tally
from kg.lists.places import place
from kg.model import EntityType
from kg.reference import country

TITLE: Final = "United States, Denied Persons List: tab-separated text"
_HEADER: Final = (
    "Name Street_Address City State Country Postal_Code Effective_Date Expiration_Date Standard_Order Last_Update "
    "Action FR_Citation"
).split()
_CITATION: Final = re.compile(r"(\d+)\.? ?F\.? ?R\.? ?(\d+)")


def recognizes(head: Head) -> bool:
    """Whether the columns are those of the Denied Persons List."""
    return head.columns == tuple(name.lower() for name in _HEADER)


def sources(files: Iterable[Path]) -> list[Source]:
    """The one list that the file is; raises SourceError for more or fewer than one file."""
    paths = tuple(files)
    if len(paths) != 1:
        raise SourceError(f"{len(paths)} files where one belongs", place="dpl", hint="give dpl.txt")
    return [Source("bis-dpl", "Denied Persons List", paths)]


def entries(source: Source, tally: Tally) -> Iterator[Entry]:
    """The entries by first appearance; the latest update in the file becomes the version."""
    path = source.files[0]
    orders: dict[tuple[str, str], list[tuple[Row, dict[str, str]]]] = {}
    for number, fields, text in csv_records.records(path, columns=len(_HEADER), delimiter="\t"):
        if number == 1:
            _check_header(fields, path)
            continue
        row = Row(path.name, number, text)
        tally.saw(path.name)
        record = {key: " ".join(value.split()) for key, value in zip(_HEADER, fields, strict=True)}
        if not record["Name"]:
            tally.skip(row, "no name")
            continue
        if listed_date(record["Effective_Date"]) is None:
            tally.skip(row, f"no effective date: {record['Effective_Date']!r}")
            continue
        updated = listed_date(record["Last_Update"])
        if updated and updated < "2100":  # one record of the real file was updated in 3017
            tally.version = max(tally.version or updated, updated)
        orders.setdefault((record["Name"], record["Effective_Date"]), []).append((row, record))
    for (name, effective), group in orders.items():
        tally.count("entries")
        yield _entry(name, effective, group, tally)


def _check_header(fields: list[str], path: Path) -> None:
    if fields != _HEADER:
        raise SourceError(
            f"not the Denied Persons List: it starts with {' | '.join(fields)[:60]!r}",
            place=f"{path}:1",
            hint="expected the columns Name, Street_Address, City ... FR_Citation between tabs",
        )


def _entry(name: str, effective: str, group: list[tuple[Row, dict[str, str]]], tally: Tally) -> Entry:
    row, first = group[0]
    facts: list[Fact] = []
    for address_row, record in group:
        parts = [record[key] for key in ("Street_Address", "City", "State", "Postal_Code", "Country")]
        address = ", ".join(filter(None, parts))
        if not address:
            tally.leave_empty("addresses")
            continue
        tally.count("addresses")
        where = country(record["Country"]) or ("United States" if record["State"] and not record["Country"] else "")
        target = place(where) if where else Named(EntityType.PLACE, record["City"] or address)
        facts.append(Fact("located_in", target, address_row, qualifiers=(("address", address),)))
    citation = _CITATION.search(first["FR_Citation"])
    end = listed_date(first["Expiration_Date"])
    remarks = [("remark", first["Action"])] if first["Action"] else []
    return Entry(
        id=f"{name} {listed_date(effective)}",
        type=organization_type(name) if is_organized(name) else EntityType.PERSON,
        name=name,
        row=row,
        attributes=(*remarks, *((("notice", first["FR_Citation"]),) if first["FR_Citation"] else ())),
        listings=(
            Listing(
                authority="Bureau of Industry and Security",
                list="Denied Persons List",
                programmes=("standard order",) if first["Standard_Order"].upper() == "Y" else (),
                legal_basis=(f"{citation.group(1)} FR {citation.group(2)}",) if citation else (),
                date=listed_date(effective),
                date_end=end,
                row=row,
            ),
        ),
        facts=tuple(facts),
    )
