"""The World Bank's list of ineligible firms and individuals (JSON of its service, or xlsx) -> entries.

In: records with a name, an address and the days from and until when the debarment runs. An end of 2999 is the list's
way to write "permanent"; one that lies ahead has not come yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.lists import json_records, sheet_records
from kg.lists.dates import listed_date
from kg.lists.draft import Draft
from kg.lists.kinds import is_organized
from kg.lists.model import Entry, Head, Listing, Row, Source, Tally, single
from kg.model import EntityType
from kg.namespaces import digest

TITLE: Final = "World Bank, ineligible firms and individuals: JSON or xlsx"
_LIST: Final = "World Bank Listing of Ineligible Firms and Individuals"
_PERMANENT: Final = "2900"
#: Field of the JSON form -> column of the xlsx form.
_COLUMNS: Final = {
    "SUPP_NAME": "Firm Name",
    "ADD_SUPP_INFO": "Additional Firm Info",
    "SUPP_ADDR": "Address",
    "COUNTRY_NAME": "Country",
    "DEBAR_FROM_DATE": "From Date",
    "DEBAR_TO_DATE": "To Date",
    "DEBAR_REASON": "Grounds",
}


def recognizes(head: Head) -> bool:
    """Whether the fields or columns are the World Bank's."""
    return {"SUPP_NAME", "DEBAR_FROM_DATE"} <= head.keys or {"firm name", "from date", "grounds"} <= set(head.columns)


def sources(files: Iterable[Path]) -> list[Source]:
    """Return the one list that the file is."""
    return single(files, "worldbank-debarred", _LIST)


def entries(source: Source, tally: Tally) -> Iterator[Entry]:
    """Yield the entries in the order of the file; it tells no date of its own."""
    path = source.files[0]
    seen: set[str] = set()
    for number, record, text in _records(path):
        row = Row(path.name, number, text)
        tally.saw(path.name)
        if entry := _entry(record, row, tally, seen):
            yield entry


def _records(path: Path) -> Iterator[tuple[int, dict[str, str], str]]:
    with path.open("rb") as file:
        is_sheet = file.read(2) == b"PK"
    if is_sheet:
        back = {column: name for name, column in _COLUMNS.items()}
        for number, cells, text in sheet_records.rows(path, wanted="Firm Name"):
            yield number, {back.get(column, column): cell for column, cell in cells.items()}, text
        return
    for number, record, text in json_records.records(path, key="ZPROCSUPP"):
        yield number, {key: " ".join(str(value).split()) for key, value in record.items() if value is not None}, text


def _entry(record: dict[str, str], row: Row, tally: Tally, seen: set[str]) -> Entry | None:
    name = re.sub(r"\s*\*\d+$", "", record.get("SUPP_NAME", ""))  # "*12" points to a footnote of the page
    titled = re.match(r"(?i)(?:mr|ms|mrs|miss|dr|prof)\.?\s+(?=\w)", name)
    is_person = record.get("SUPP_TYPE_CODE") == "I" or (titled is not None and not is_organized(name))
    draft = Draft(row, tally, EntityType.PERSON if is_person else None)
    draft.name(name[titled.end() :] if titled and is_person else name)
    for alias in re.findall(
        r"(?i)(?:[afn]\.?k\.?a\.?:?|formerly known as)\s+([^();]+)", record.get("ADD_SUPP_INFO", "")
    ):
        draft.name(alias)
    town = [record.get(key, "") for key in ("SUPP_ADDR", "SUPP_CITY", "SUPP_STATE_CODE", "SUPP_ZIP_CODE")]
    draft.address(*town, nation=record.get("COUNTRY_NAME", ""))
    draft.attribute("remark", record.get("ADD_SUPP_INFO"))
    began, end = (listed_date(record.get(key, "")) for key in ("DEBAR_FROM_DATE", "DEBAR_TO_DATE"))
    draft.listing(
        Listing(
            authority="World Bank",
            list=_LIST,
            measures=(record.get("INELIGIBLY_STATUS") or "ineligible",),
            date=began,
            date_end=None if end and end > _PERMANENT else end,
            reason=record.get("DEBAR_REASON", ""),
            row=row,
        )
    )
    number = record.get("SUPP_ID") or digest(name, record.get("COUNTRY_NAME", ""), began or "", length=12)
    if number in seen:
        number = f"{number} {digest(*sorted(record.values()), length=8)}"
    seen.add(number)
    return draft.entry(number)
