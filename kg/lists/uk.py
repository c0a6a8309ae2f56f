"""The UK Sanctions List (XML or CSV) -> entries: individuals, entities and ships.

In: the records of `uk_records`, the same from either form. The statement of reasons stays a text of its own, which
`kg import --extract` reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.lists.dates import listed_date
from kg.lists.draft import Draft
from kg.lists.model import Entry, Head, Listing, Source, Tally, single
from kg.lists.uk_records import NAME_PARTS, Record, day, read
from kg.model import EntityType

TITLE: Final = "United Kingdom, UK Sanctions List: XML or CSV"
_LIST: Final = "UK Sanctions List"
_KINDS: Final = {"Individual": EntityType.PERSON, "Ship": EntityType.VESSEL}


def recognizes(head: Head) -> bool:
    """Whether the root or the columns are those of the UK Sanctions List."""
    return head.root == "Designations" or (
        "ofsi group id" in head.columns and any(name.startswith("designation type") for name in head.columns)
    )


def sources(files: Iterable[Path]) -> list[Source]:
    """Return the one list that the file is."""
    return single(files, "uk-sanctions", _LIST)


def entries(source: Source, tally: Tally) -> Iterator[Entry]:
    """Yield the entries in the order of the file; the day it was generated becomes the version."""
    path = source.files[0]
    for record in read(path, tally):
        if entry := _entry(record, tally):
            yield entry


def _entry(record: Record, tally: Tally) -> Entry | None:
    draft = Draft(record.row, tally, _KINDS.get(record.first("individualentityship")))
    _names(record, draft)
    for *parts, nation in record.addresses:
        draft.address(*parts, nation=nation)
    for value in record.values.get("dob", ()):
        draft.birth_date(day(value) or value)
    towns = record.values.get("townofbirth") or [""]
    nations = record.values.get("countryofbirth", [])
    for at, town in enumerate(towns):
        draft.born_in(", ".join(filter(None, (town, nations[min(at, len(nations) - 1)] if nations else ""))))
    for key, take in _TAKEN.items():
        for value in record.values.get(key, ()):
            take(draft, value)
    notes = record.first("passportadditionalinformation")
    for value in record.values.get("passportnumber", ()):
        draft.number(f"Passport ({notes})" if notes else "Passport", value, scheme="passport")
    regime, un_id = record.first("regimename"), record.first("unreferencenumber")
    measures = [part.strip() for value in record.values.get("sanctionsimposed", ()) for part in value.split("|")]
    draft.listing(
        Listing(
            authority="United Kingdom",
            list=_LIST,
            programmes=(regime,) if regime else (),
            legal_basis=(regime,) if "Regulations" in regime else (),
            measures=tuple(dict.fromkeys(filter(None, measures))),
            date=day(record.first("datedesignated")),
            row=record.row,
        )
    )
    draft.attribute("un_reference", un_id)
    return draft.entry(record.first("uniqueid"))


def _names(record: Record, draft: Draft) -> None:
    order = {"primary name": 0, "primary name variation": 1}
    for item in sorted(record.names, key=lambda item: order.get(item.get("nametype", "").lower(), 2)):
        quality, kind = item.get("aliasstrength", "").lower(), item.get("nametype", "").lower()
        name = " ".join(filter(None, (item.get(key, "") for key in NAME_PARTS)))
        former = "former" in kind or "previous" in kind
        draft.name(name, weak=quality.startswith("low"), former=former, words=item.get("nametype") or "alias")
        script = item.get("nonlatinscripttype", "")
        draft.name(item.get("namenonlatinscript", ""), words="non-Latin script", script=script)


_TAKEN: Final[dict[str, Callable[[Draft, str], None]]] = {
    "nationality": lambda draft, value: draft.place("citizen_of", value),
    "gender": lambda draft, value: draft.attribute("gender", value),
    "title": lambda draft, value: draft.attribute("title", value),
    "position": lambda draft, value: draft.attribute("position", value),
    "nationalidentifiernumber": lambda draft, value: draft.number("National ID", value),
    "businessregistrationnumber": lambda draft, value: draft.number("Business registration number", value),
    "imonumber": lambda draft, value: draft.number("IMO number", value),
    "hullidentificationnumber": lambda draft, value: draft.number("Hull identification number", value),
    "phonenumber": lambda draft, value: draft.number("Phone", value),
    "website": lambda draft, value: draft.attribute("website", value),
    "emailaddress": lambda draft, value: draft.attribute("email", value),
    "typeofentity": lambda draft, value: draft.attribute("organization_type", value),
    "parentcompany": lambda draft, value: draft.related("subsidiary_of", value, "Parent company"),
    "subsidiary": lambda draft, value: draft.attribute("remark", f"Subsidiary: {value}"),
    "subsidiaries": lambda draft, value: draft.attribute("remark", f"Subsidiary: {value}"),
    "currentowneroperator": lambda draft, value: draft.related("operated_by", value, "Current owner or operator"),
    "previousowneroperator": lambda draft, value: draft.attribute("remark", f"Previous owner or operator: {value}"),
    "currentbelievedflagofship": lambda draft, value: draft.place("flagged_in", value),
    "previousflag": lambda draft, value: draft.attribute("former_flag", value),
    "previousflags": lambda draft, value: draft.attribute("former_flag", value),
    "typeofship": lambda draft, value: draft.attribute("vessel_type", value),
    "tonnageofship": lambda draft, value: draft.attribute("tonnage", value),
    "yearbuilt": lambda draft, value: draft.attribute("manufacture_date", listed_date(value)),
    "otherinformation": lambda draft, value: draft.attribute("remark", value),
    "ukstatementofreasons": lambda draft, value: draft.attribute("statement_of_reasons", value),
}
