"""Australia's consolidated list (DFAT, xlsx) -> entries.

In: one row a name: `2` is the entry, `2a`, `2b` its aliases and names in the original script, which repeat what the
first row says. Out: one entry for each number without its letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.lists import sheet_records
from kg.lists.dates import listed_date
from kg.lists.draft import Draft
from kg.lists.model import Entry, Head, Listing, Row, Source, Tally, single
from kg.model import EntityType

TITLE: Final = "Australia, DFAT consolidated list: xlsx"
_LIST: Final = "Australian Consolidated Sanctions List"
_NAME: Final = "Name of Individual or Entity"
_KINDS: Final = {"individual": EntityType.PERSON, "vessel": EntityType.VESSEL}
_MEASURES: Final = ("Targeted Financial Sanction", "Travel Ban", "Arms Embargo", "Maritime Restriction")
_NO: Final = ("", "no", "n", "false", "0", "n/a")


def recognizes(head: Head) -> bool:
    """Whether the sheet has DFAT's columns."""
    return {"reference", _NAME.lower(), "name type"} <= set(head.columns)


def sources(files: Iterable[Path]) -> list[Source]:
    """Return the one list that the file is."""
    return single(files, "au-dfat", _LIST)


def entries(source: Source, tally: Tally) -> Iterator[Entry]:
    """Yield the entries by first appearance; the latest control date becomes the version."""
    path = source.files[0]
    groups: dict[str, list[tuple[Row, dict[str, str]]]] = {}
    for number, record, text in sheet_records.rows(path, wanted=_NAME):
        row = Row(path.name, number, text)
        tally.saw(path.name)
        match = re.fullmatch(r"(\d+)\s*[a-z]*", record.get("Reference", "").lower())
        if not match or not record.get(_NAME):
            tally.skip(row, "no reference or no name")
            continue
        groups.setdefault(match.group(1), []).append((row, record))
        if day := _day(record.get("Control Date", "")):
            tally.version = max(tally.version or day, day)
    for reference, group in groups.items():
        if entry := _entry(reference, group, tally):
            yield entry


def _day(text: str) -> str | None:
    """Return the day; Australia writes it before the month."""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text.strip())
    return listed_date("-".join(reversed(match.groups()))) if match else listed_date(text)


def _entry(reference: str, group: list[tuple[Row, dict[str, str]]], tally: Tally) -> Entry | None:
    group = sorted(group, key=lambda item: not item[1].get("Name Type", "").lower().startswith("primary"))
    row, record = group[0]
    draft = Draft(row, tally, _KINDS.get(record.get("Type", "").lower()))
    for _, item in group:
        words = item.get("Name Type", "")
        script = "original script" if "script" in words.lower() else ""
        weak = item.get("Alias Strength", "").lower() == "weak"
        draft.name(item[_NAME], weak=weak, words=words or "alias", script=script)
    for day in re.split(r"\s*(?:;|\n|\bor\b)\s*|(?:^|\s)[a-z]\)\s*", record.get("Date of Birth", "")):
        draft.birth_date(_day(day) or day)
    for place in re.split(r"\s*;\s*", record.get("Place of Birth", "")):
        draft.born_in(place)
    for nation in re.split(r"\s*;\s*", record.get("Citizenship", "")):
        draft.place("citizen_of", nation)
    for address in re.split(r"\s*;\s*", record.get("Address", "")):
        if address:
            *parts, nation = address.split(",")
            draft.address(*parts, nation=nation.strip())
    if imo := record.get("IMO Number"):
        draft.number("IMO number", imo)
    _documents(record.get("Additional Information", ""), draft)
    draft.attribute("remark", record.get("Additional Information"))
    draft.attribute("remark", record.get("Listing Information"))
    act = record.get("Instrument of Designation", "")
    draft.listing(
        Listing(
            authority="Australia",
            list=_LIST,
            programmes=tuple(filter(None, (record.get("Committees", ""),))),
            legal_basis=(act,) if act else (),
            measures=tuple(name for name in _MEASURES if record.get(name, "").lower() not in _NO),
            date=_day(record.get("Control Date", "")),
            row=row,
        )
    )
    return draft.entry(reference)


def _documents(text: str, draft: Draft) -> None:
    """Numbers that the additional information names: "Passport no: A1", "National identification no: 7"."""
    for label, value in re.findall(r"(?i)\b(passport|national identification)\s+no:?\s*([\w-]*\d[\w-]*)", text):
        draft.number(label, value)
