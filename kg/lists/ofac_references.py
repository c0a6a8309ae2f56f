"""What the parties of OFAC's Advanced XML refer to: sets of values, places, documents and designations."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.lists.model import Listing, Row
from kg.lists.xml_records import Form, elements, text
from kg.reference import legal_basis, official_list

DEPTH: Final = 20
_OFAC: Final = "Office of Foreign Assets Control"
_SETS: Final = Form("Sanctions", ("DateOfIssue", "ReferenceValueSets"), depth=DEPTH)
_RECORDS: Final = Form("Sanctions", ("Location", "IDRegDocument", "SanctionsEntry"), level=2, depth=DEPTH)
_PROGRAMME: Final = "Program"
_CREATED: Final = ("Created", "Added")


@dataclass(slots=True)
class References:
    """The values by (kind, id), the places by id, the documents by identity, the designations by profile."""

    issued: str | None = None
    values: dict[tuple[str, str], str] = field(default_factory=dict)
    party_types: dict[str, str] = field(default_factory=dict)
    locations: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    documents: dict[str, list[ET.Element]] = field(default_factory=lambda: defaultdict(list))
    designations: dict[str, list[ET.Element]] = field(default_factory=lambda: defaultdict(list))

    def value(self, kind: str, number: str | None) -> str:
        """Return the value of that kind and id; empty for none."""
        return self.values.get((kind, number or ""), "")

    def party_type(self, subtype: str | None) -> str:
        """Return the type (Individual, Entity, Transport) to which a subtype belongs."""
        return self.value("PartyType", self.party_types.get(subtype or ""))

    def listings(self, profile: str, row: Row) -> Iterator[Listing]:
        """Yield the designations of a party: one for each list, with its day, programmes, acts and measures."""
        for entry in self.designations.get(profile, ()):
            named = self.value("List", entry.get("ListID"))
            known = official_list(named)
            days, acts = self._events(entry)
            programmes, measures = self._measures(entry)
            acts += [law for programme in programmes for law in legal_basis(programme)]
            yield Listing(
                authority=known.authority if known else _OFAC,
                list=known.name if known else named,
                programmes=tuple(dict.fromkeys(programmes)),
                legal_basis=tuple(dict.fromkeys(acts)),
                measures=tuple(dict.fromkeys(measures)),
                date=min(days, default=None),
                row=row,
            )

    def _events(self, entry: ET.Element) -> tuple[list[str], list[str]]:
        days, acts = [], []
        for event in entry.findall("EntryEvent"):
            kind = self.value("EntryEventType", event.get("EntryEventTypeID"))
            if (day := _day(event.find("Date"))) and (not kind or kind in _CREATED):
                days.append(day)
            law = self.value("LegalBasis", event.get("LegalBasisID"))
            if law and law != "Unknown":
                acts.append(law.partition(" (")[0])
        return days, acts

    def _measures(self, entry: ET.Element) -> tuple[list[str], list[str]]:
        programmes, measures = [], []
        for item in entry.findall("SanctionsMeasure"):
            kind = self.value("SanctionsType", item.get("SanctionsTypeID"))
            comment = text(item, "Comment")
            if kind == _PROGRAMME and comment:
                programmes.append(comment)
            elif kind:
                measures.append(f"{kind}: {comment}" if comment else kind)
        return programmes, measures


def read_references(path: Path) -> References:
    """Read what the parties refer to; two passes over the file, no party kept."""
    found = References()
    for element in elements(path, _SETS):
        if element.tag == "DateOfIssue":
            found.issued = _day(element)
            continue
        for group in element:
            for item in group:
                found.values[item.tag, item.get("ID", "")] = text(item)
                if item.tag == "PartySubType":
                    found.party_types[item.get("ID", "")] = item.get("PartyTypeID", "")
    for element in elements(path, _RECORDS):
        if element.tag == "Location":
            found.locations[element.get("ID", "")] = _location(element, found)
        elif element.tag == "IDRegDocument":
            found.documents[element.get("IdentityID", "")].append(_copy(element))
        else:
            found.designations[element.get("ProfileID", "")].append(_copy(element))
    return found


def _copy(element: ET.Element) -> ET.Element:
    """Return the same element with children of its own: the reader empties the one that it gave."""
    kept = ET.Element(element.tag, element.attrib)
    kept.extend(list(element))
    return kept


def _location(element: ET.Element, found: References) -> tuple[tuple[str, ...], str]:
    parts = [text(value) for part in element.findall("LocationPart") for value in part.iter("Value")]
    nation = element.find("LocationCountry")
    named = "" if nation is None else found.value("Country", nation.get("CountryID"))
    return tuple(filter(None, parts)), named


def period(element: ET.Element | None) -> str:
    """Return the day, month or year that a DatePeriod spans, or `from/to` where it spans neither."""
    if element is None:
        return ""
    first, last = _day(element.find("Start/From")), _day(element.find("End/To"))
    if not first or not last or first == last:
        return first or last or ""
    if first.endswith("-01-01") and last == f"{first[:4]}-12-31":
        return first[:4]
    if first.endswith("-01") and first[:7] == last[:7]:
        return first[:7]
    if first.endswith("-01-01") and last.endswith("-12-31"):
        return f"{first[:4]}/{last[:4]}"
    return f"{first}/{last}"


def _day(element: ET.Element | None) -> str | None:
    if element is None:
        return None
    year, month, day = (text(element, part) for part in ("Year", "Month", "Day"))
    parts = [year.zfill(4), *(part.zfill(2) for part in (month, day) if part)]
    return "-".join(parts) if year else None
