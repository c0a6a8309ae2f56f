"""Canada's Consolidated Autonomous Sanctions List (SEMA and JVCFOA, XML) -> entries.

In: `record` elements, their tags in English or in both languages (`LastName`, `LastName-NomDeFamille`). The list has
no number for its entries: schedule and item of the regulation and the name make one. `Country` is the country whose
regulations they are, not a nationality.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.lists.dates import listed_date
from kg.lists.draft import Draft
from kg.lists.model import Entry, Head, Listing, Row, Source, Tally, single
from kg.lists.xml_records import Form, elements, text, whole
from kg.model import EntityType
from kg.namespaces import digest
from kg.reference import country

TITLE: Final = "Canada, Consolidated Autonomous Sanctions List (SEMA): XML"
_LIST: Final = "Consolidated Canadian Autonomous Sanctions List"
_FORM: Final = Form("data-set", ("record",))


def recognizes(head: Head) -> bool:
    """Whether the root is Canada's."""
    return head.root == "data-set"


def sources(files: Iterable[Path]) -> list[Source]:
    """Return the one list that the file is."""
    return single(files, "ca-sema", _LIST)


def entries(source: Source, tally: Tally) -> Iterator[Entry]:
    """Yield the entries in the order of the file; it tells no date of its own."""
    path = source.files[0]
    seen: dict[str, int] = {}
    for number, element in enumerate(elements(path, _FORM), start=1):
        tally.saw(path.name)
        record = {child.tag.partition("-")[0].lower(): text(child) for child in element}
        if entry := _entry(record, Row(path.name, number, whole(element)), seen, tally):
            yield entry


def _entry(record: dict[str, str], row: Row, seen: dict[str, int], tally: Tally) -> Entry | None:
    body = record.get("entityorship") or record.get("entity") or ""
    family, given = record.get("lastname", ""), record.get("givenname", "")
    imo = record.get("shipimonumber", "")
    is_person = bool(family or given) and not body
    kind = EntityType.PERSON if is_person else EntityType.VESSEL if re.search(r"\d{7}", imo) else None
    name = " ".join(filter(None, (given, family))) if is_person else body
    draft = Draft(row, tally, kind)
    for part in re.split(r"\s*/\s*(?=[A-ZÀ-Ý])", name) if not is_person else [name]:
        draft.name(part)
    for alias in re.split(r"\s*;\s*", record.get("aliases", "")):
        draft.name(alias)
    day = record.get("dateofbirthorshipbuilddate") or record.get("dateofbirth") or ""
    if is_person:
        draft.birth_date(day)
    else:
        draft.attribute("manufacture_date" if kind else "established_date", listed_date(day))
    if re.search(r"\d{7}", imo):
        draft.number("IMO number", imo)
    else:
        draft.name(imo)
    title = record.get("titleorshiptype") or record.get("titleorship") or record.get("title") or ""
    draft.attribute("vessel_type" if kind == EntityType.VESSEL else "title", title.partition(" | ")[0])
    regime = record.get("country", "")
    english = regime.partition(" / ")[0].strip()
    schedule, item = record.get("schedule", ""), record.get("item", "")
    draft.listing(
        Listing(
            authority="Canada",
            list=_LIST,
            programmes=tuple(filter(None, (country(english) or english, schedule and f"Schedule {schedule}"))),
            date=listed_date(record.get("dateoflisting", "")),
            row=row,
        )
    )
    number = f"{schedule or '-'} {item or '-'} {digest(english, name, length=10)}" if name else ""
    seen[number] = seen.get(number, 0) + 1
    return draft.entry(f"{number} {seen[number]}" if number and seen[number] > 1 else number)
