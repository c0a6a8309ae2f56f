"""The Consolidated Screening List (JSON of trade.gov: consolidated.json) -> the entries of `csl`.

The records have the columns of the CSV form with lists and objects in place of cells; addresses and numbers are read
from their own fields, with their dates, and the rest as from the cells. An edition in JSON replaces one in CSV.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from kg.lists import csl, json_records
from kg.lists.draft import Draft
from kg.lists.model import Entry, Head, Row, Source, Tally, single

TITLE: Final = "United States, Consolidated Screening List: JSON (consolidated.json)"
_LISTS: Final = ("programs", "alt_names", "citizenships", "dates_of_birth", "nationalities", "places_of_birth")
_ADDRESS: Final = ("address", "city", "state", "postal_code")


def recognizes(head: Head) -> bool:
    """Whether the first objects have the fields of the Consolidated Screening List."""
    return {"source", "source_list_url", "alt_names", "federal_register_notice"} <= head.keys


def sources(files: Iterable[Path]) -> list[Source]:
    """Return the one list that the file is."""
    return single(files, "csl", "Consolidated Screening List")


def entries(source: Source, tally: Tally) -> Iterator[Entry]:
    """Yield the entries in the order of the file."""
    path = source.files[0]
    seen: set[str] = set()
    for number, record, text in json_records.records(path, key="results"):
        row = Row(path.name, number, text)
        tally.saw(path.name)
        cells = {key: _cell(value) for key, value in record.items()} | {"addresses": "", "ids": ""}
        if not cells.get("name") or not cells.get("source"):
            tally.skip(row, "no name or no source list")
            continue
        cells |= {key: "; ".join(map(str, record.get(key) or ())) for key in _LISTS}
        tally.count("entries")
        yield _with_objects(csl.entry({**dict.fromkeys(csl.REQUIRED, ""), **cells}, row, seen, tally), record, tally)


def _cell(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else " ".join(str(value).split())


def _with_objects(entry: Entry, record: dict[str, Any], tally: Tally) -> Entry:
    """The entry with its addresses and numbers."""
    draft = Draft(entry.row, tally, entry.type)
    draft.name(entry.name)
    for item in record.get("addresses") or ():
        if isinstance(item, dict):
            draft.address(*(_cell(item.get(key)) for key in _ADDRESS), nation=_cell(item.get("country")))
    for item in record.get("ids") or ():
        if isinstance(item, dict):
            draft.number(
                _cell(item.get("type")),
                _cell(item.get("number")),
                issuer=_cell(item.get("country")),
                issued=_cell(item.get("issue_date")),
                expires=_cell(item.get("expiration_date")),
            )
    parts = draft.parts()
    return replace(entry, identifiers=(*entry.identifiers, *parts.identifiers), facts=(*entry.facts, *parts.facts))
