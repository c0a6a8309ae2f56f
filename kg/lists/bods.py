"""Beneficial ownership statements (BODS 0.4, JSON or JSON lines) -> entities, persons and who owns or controls what.

In: statements, each of one record (`recordId`): a later statement of the same record replaces an earlier one. Out: an
entry for each entity and person record, a relation for each interest. An interested party that is unspecified is told
in the report. BODS is a register, not a list: nobody in it is designated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from kg.lists import json_records
from kg.lists.dates import listed_date
from kg.lists.draft import Draft
from kg.lists.model import Entry, Fact, Head, Item, Listed, Row, Source, Tally, single
from kg.lists.shares import UNKNOWN, Share, between
from kg.model import EntityType
from kg.reference import table

TITLE: Final = "Open Ownership, Beneficial Ownership Data Standard 0.4: JSON or JSON lines"
_KINDS: Final = {
    "state": EntityType.COUNTRY,
    "stateBody": EntityType.GOVERNMENT_BODY,
    "registeredEntity": EntityType.COMPANY,
}

_BOUNDS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def recognizes(head: Head) -> bool:
    """Whether the first objects are statements."""
    return {"statementId", "recordType", "recordDetails"} <= head.keys


def sources(files: Iterable[Path]) -> list[Source]:
    """Return the one data set that the file is, named after it unless `--dataset` names it."""
    (source,) = single(files, "bods", "Beneficial ownership statements")
    stem = source.files[0].name.split(".")[0]
    return [Source(f"bods-{stem}", f"Beneficial ownership statements {stem}", source.files)]


def entries(source: Source, tally: Tally) -> Iterator[Item]:
    """Yield the entities and persons, then the interests; the latest publication becomes the version."""
    path = source.files[0]
    latest: dict[str, int] = {}
    for number, record, _ in _statements(path):
        tally.saw(path.name)
        latest[_text(record.get("recordId")) or _text(record.get("statementId"))] = number
        published = _text((record.get("publicationDetails") or {}).get("publicationDate"))[:10]
        tally.version = max(tally.version or published, published) or None
    for number, record, text in _statements(path):
        row = Row(path.name, number, text)
        record_id = _text(record.get("recordId")) or _text(record.get("statementId"))
        if latest[record_id] != number:
            tally.skip(row, "replaced by a later statement of the same record")
        elif record.get("recordType") == "relationship":
            yield from _interests(record, row, tally)
        elif entry := _entry(record_id, record, row, tally):
            yield entry


def _statements(path: Path) -> Iterator[tuple[int, dict[str, Any], str]]:
    with path.open("rb") as file:
        is_array = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"[")
    return json_records.records(path) if is_array else json_records.lines(path)


def _entry(record_id: str, record: dict[str, Any], row: Row, tally: Tally) -> Entry | None:
    details = record.get("recordDetails") or {}
    if not isinstance(details, dict):
        tally.skip(row, "a statement without details")
        return None
    is_person = record.get("recordType") == "person"
    kind = _KINDS.get(_text((details.get("entityType") or {}).get("type")))
    draft = Draft(row, tally, EntityType.PERSON if is_person else kind)
    names = [_text(item.get("fullName")) for item in details.get("names") or ()]
    fallback = (details.get("unspecifiedEntityDetails") or details.get("unspecifiedPersonDetails") or {}).get("reason")
    for name in (_text(details.get("name")), *names, *map(_text, details.get("alternateNames") or ())):
        draft.name(name)
    draft.birth_date(_text(details.get("birthDate")))
    draft.attribute("death_date", listed_date(_text(details.get("deathDate"))))
    draft.attribute("established_date", listed_date(_text(details.get("foundingDate"))))
    for nation in details.get("nationalities") or ():
        draft.place("citizen_of", _text(nation.get("code")) or _text(nation.get("name")))
    jurisdiction = details.get("jurisdiction") or {}
    addresses = details.get("addresses") or ()
    for address in addresses:
        nation = address.get("country") or {}
        place = _text(nation.get("code")) or _text(nation.get("name")) if isinstance(nation, dict) else _text(nation)
        draft.address(_text(address.get("address")), nation=place)
    if not addresses and not is_person:
        draft.place("located_in", _text(jurisdiction.get("code"))[:2] or _text(jurisdiction.get("name")))
    for item in details.get("identifiers") or ():
        scheme = _text(item.get("scheme"))
        label = _text(item.get("schemeName")) or scheme
        known = table("bods")["identifiers"].get(scheme, "" if is_person else "registration_number")
        draft.number(label, _text(item.get("id")), issuer=scheme[:2] if "-" in scheme else "", scheme=known)
    if fallback:
        tally.skip(row, f"an unspecified party: {fallback}")
        return None
    return draft.entry(record_id)


def _interests(record: dict[str, Any], row: Row, tally: Tally) -> Iterator[Fact]:
    details = record.get("recordDetails") or {}
    subject, party = details.get("subject"), details.get("interestedParty")
    if not isinstance(subject, str) or not isinstance(party, str):
        tally.skip(
            row,
            f"an unspecified subject or interested party {_reason(party)}".rstrip(),
        )
        return
    ended = record.get("recordStatus") == "closed"
    interests: list[dict[str, Any]] = details.get("interests") or [{}]
    for interest in interests:
        kind = _text(interest.get("type")) or "unknownInterest"
        share = interest.get("share") or {}
        end = listed_date(_text(interest.get("endDate")))
        tally.count(f"interests: {kind}")
        bounds = [
            f"{key} {share[key]}"
            for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
            if key in share
        ]
        size = _size(share)
        words = ", ".join(filter(None, (kind, _text(interest.get("directOrIndirect")), *bounds)))
        yield Fact(
            table("bods")["interests"].get(kind, "controlled_by"),
            Listed(party),
            row,
            subject=subject,
            date=listed_date(_text(interest.get("startDate"))),
            date_end=end,
            ended=ended and not end,
            percent=size.percent,
            percent_min=size.low,
            percent_max=size.high,
            percent_bounds=size.bounds,
            key=_text(record.get("statementId")),
            qualifiers=(("relation_text", words),),
        )


def _size(share: dict[str, Any]) -> Share:
    """The stake of an interest: exact, or between bounds that belong to it or are excluded."""
    told = {key: float(value) for key, value in share.items() if isinstance(value, int | float)}
    if "exact" in told:
        return between(told["exact"], told["exact"])
    if not told:
        return UNKNOWN
    opens = "(" if "exclusiveMinimum" in told else "["
    closes = ")" if "exclusiveMaximum" in told else "]"
    low = told.get("exclusiveMinimum", told.get("minimum", 0.0))
    return between(low, told.get("exclusiveMaximum", told.get("maximum", 100.0)), opens + closes)


def _reason(party: Any) -> str:
    return f"({_text(party.get('reason'))})" if isinstance(party, dict) and party.get("reason") else ""


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
