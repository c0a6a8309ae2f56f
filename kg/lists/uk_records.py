"""The UK Sanctions List in either of its forms -> one record a designation: names, addresses, values by field.

In: XML `Designation` elements, or CSV rows, several of which make one designation (a row for each name and address).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.errors import SourceError
from kg.lists import csv_records
from kg.lists.dates import listed_date
from kg.lists.model import Row, Tally
from kg.lists.xml_records import Form, elements, text, whole

_FORM: Final = Form("Designations", ("Designation", "DateGenerated"))
NAME_PARTS: Final = tuple(f"name{number}" for number in range(1, 7))
ADDRESS_PARTS: Final = (*(f"addressline{number}" for number in range(1, 7)), "addresspostalcode", "addresscountry")
#: Fields of the CSV form whose name differs from the tag of the XML form.
_COLUMNS: Final = {
    "designationtype": "individualentityship",
    "dob": "dob",
    "nationalityies": "nationality",
    "nationalidentifiernumber": "nationalidentifiernumber",
    "businessregistrationnumbers": "businessregistrationnumber",
    "currentowneroperators": "currentowneroperator",
    "previousowneroperators": "previousowneroperator",
    "typeofentity": "typeofentity",
    "namenonlatinscript": "namenonlatinscript",
    "hullidentificationnumberhin": "hullidentificationnumber",
}


@dataclass(slots=True)
class Record:
    """One designation, whichever form it came in."""

    row: Row
    names: list[dict[str, str]] = field(default_factory=list)
    addresses: list[tuple[str, ...]] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def first(self, key: str) -> str:
        """Return the first value of a field; empty for none."""
        return next(iter(self.values.get(key, ())), "")


def read(path: Path, tally: Tally) -> Iterator[Record]:
    """Yield the designations of the file in their order; the day of its making becomes the version."""
    with path.open("rb") as file:
        is_xml = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    yield from _from_xml(path, tally) if is_xml else _from_csv(path, tally)


def _from_xml(path: Path, tally: Tally) -> Iterator[Record]:
    number = 0
    for element in elements(path, _FORM):
        if element.tag == "DateGenerated":
            tally.version = day(text(element))
            continue
        number += 1
        tally.saw(path.name)
        record = Record(Row(path.name, number, whole(element)))
        _walk(element, record)
        yield record


def _walk(element: ET.Element, record: Record) -> None:
    """Sort what the element says into names, addresses and plain values."""
    for child in element:
        if child.tag in ("Name", "NonLatinName"):
            record.names.append({item.tag.lower(): text(item) for item in child})
        elif child.tag == "Address":
            parts = {item.tag.lower(): text(item) for item in child}
            record.addresses.append(tuple(parts.get(key, "") for key in ADDRESS_PARTS))
        elif len(child):
            _walk(child, record)
        elif value := text(child):
            record.values[child.tag.lower()].append(value)


def _from_csv(path: Path, tally: Tally) -> Iterator[Record]:
    """Rows of one id become one record; the list keeps them together, but this does not rely on it."""
    header: list[str] = []
    found: dict[str, Record] = {}
    for number, cells, line in csv_records.records(path):
        if not header:
            if len(cells) < 10:
                tally.version = day(" ".join(cells).partition(":")[2]) or tally.version
            else:
                header = [_field(cell) for cell in cells]
            continue
        tally.saw(path.name)
        if len(cells) != len(header):
            raise SourceError(
                f"{len(cells)} columns where {len(header)} belong",
                place=f"{path}: record {number}",
                hint="fetch it again",
            )
        values = {key: " ".join(cell.split()) for key, cell in zip(header, cells, strict=True)}
        record = found.setdefault(values.get("uniqueid", ""), Record(Row(path.name, number, line)))
        record.names.append(values)
        address = tuple(values.get(key, "") for key in ADDRESS_PARTS)
        if any(address) and address not in record.addresses:
            record.addresses.append(address)
        for key, value in values.items():
            if value and value not in record.values[key]:
                record.values[key].append(value)
    yield from found.values()


def _field(column: str) -> str:
    name = re.sub(r"[^a-z0-9]", "", column.partition("(Individual")[0].lower())
    return _COLUMNS.get(name, name)


def day(value: str) -> str | None:
    """Return `dd/mm/yyyy`, "12-Feb-2024" or an ISO date in ISO form; unknown parts (`dd/mm/1965`) are left out."""
    match = re.fullmatch(r"(\d\d|dd)/(\d\d|mm)/(\d{4})", value.strip())
    if not match:
        return listed_date(value.strip().replace("-", " ") if re.search(r"[a-z]", value) else value.strip())
    number, month, year = match.groups()
    known = (year, *((month,) if month != "mm" else ()), *((number,) if number != "dd" and month != "mm" else ()))
    return "-".join(known)
