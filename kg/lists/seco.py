"""Switzerland's consolidated sanctions list (SECO, XML) -> entries.

In: programmes, then `target` elements, and places that targets refer to and that stand after them; so the file is read
twice. A target keeps the history of its changes, with copies of what was added and removed: only what stands directly
in the target counts, and one whose latest change is `de-listed` has ended on that day.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.lists.draft import Draft
from kg.lists.model import Entry, Head, Listed, Listing, Row, Source, Tally, single
from kg.lists.xml_records import Form, Root, elements, text, whole
from kg.model import EntityType
from kg.reference import table

TITLE: Final = "Switzerland, SECO consolidated list of sanctions: XML"
_LIST: Final = "Swiss Consolidated Sanctions List"
_REFERENCES: Final = Form("swiss-sanctions-list", ("sanctions-program", "place"), depth=24)
_TARGETS: Final = Form("swiss-sanctions-list", ("target",), depth=24)
_OBJECTS: Final = {"vessel": EntityType.VESSEL, "ship": EntityType.VESSEL, "aircraft": EntityType.AIRCRAFT}

_Places = dict[str, tuple[str, str]]


def recognizes(head: Head) -> bool:
    """Whether the root is SECO's."""
    return head.root == "swiss-sanctions-list"


def sources(files: Iterable[Path]) -> list[Source]:
    """Return the one list that the file is."""
    return single(files, "ch-seco", _LIST)


def entries(source: Source, tally: Tally) -> Iterator[Entry]:
    """Yield the entries in the order of the file; the date of its root becomes the version."""
    path = source.files[0]
    root = Root()
    programmes: dict[str, str] = {}
    places: _Places = {}
    for element in elements(path, _REFERENCES, root):
        if element.tag == "place":
            places[element.get("ssid", "")] = (_english(element, "location"), _country(element))
            continue
        for part in element.findall("sanctions-set"):
            if part.get("lang") in ("eng", None):
                programmes[part.get("ssid", "")] = _english(element, "program-name") or text(part)
    tally.version = root.attributes.get("date", "")[:10] or None
    for number, element in enumerate(elements(path, _TARGETS), start=1):
        tally.saw(path.name)
        row = Row(path.name, number, _own_words(element))
        if entry := _entry(element, row, programmes, places, tally):
            yield entry


def _own_words(element: ET.Element) -> str:
    """What the target says of itself, without the copies in its history."""
    return " ".join(whole(child) for child in element if child.tag != "modification")


def _english(element: ET.Element, tag: str) -> str:
    found = element.findall(tag)
    return next((text(item) for item in found if item.get("lang", "eng") == "eng"), text(found[0]) if found else "")


def _country(element: ET.Element) -> str:
    found = element.find("country")
    return "" if found is None else found.get("iso-code") or text(found)


def _entry(element: ET.Element, row: Row, programmes: dict[str, str], places: _Places, tally: Tally) -> Entry | None:
    subject = next((child for child in element if child.tag in ("individual", "entity", "object")), None)
    if subject is None:
        tally.skip(row, "a target that is no individual, entity or object")
        return None
    kind = EntityType.PERSON if subject.tag == "individual" else _OBJECTS.get(subject.get("object-type", ""))
    draft = Draft(row, tally, kind)
    draft.attribute("gender", subject.get("sex"))
    for identity in sorted(subject.findall("identity"), key=lambda item: item.get("main") != "true"):
        _identity(identity, draft, places)
    for reason in subject.findall("justification"):
        draft.attribute("statement_of_reasons", text(reason))
    for remark in (*subject.findall("other-information"), *element.findall("generic-attribute")):
        draft.attribute("remark", ": ".join(filter(None, (remark.get("name", ""), text(remark)))))
    for relation in subject.findall("relation"):
        words = relation.get("relation-type", "")
        predicate = table("relations").get(words, "associated_with")
        draft.fact(predicate, Listed(relation.get("target-id", "")), ("relation_text", words or "relation"))
    sets = [*element.findall("sanctions-set-id"), *([element] if element.get("sanctions-set-id") else [])]
    numbers = [text(item) or item.get("sanctions-set-id", "") for item in sets]
    named = tuple(dict.fromkeys(filter(None, (programmes.get(number, number) for number in numbers))))
    changes = [item for item in element.findall("modification") if _day(item)]
    began = min(
        (day for item in changes if item.get("modification-type") == "listed" and (day := _day(item))), default=None
    )
    last = max(changes, key=lambda item: _day(item) or "", default=None)
    ended = _day(last) if last is not None and last.get("modification-type") == "de-listed" else None
    draft.listing(Listing("State Secretariat for Economic Affairs", _LIST, named, date=began, date_end=ended, row=row))
    return draft.entry(element.get("ssid", ""))


def _day(change: ET.Element) -> str | None:
    return change.get("effective-date") or change.get("enactment-date") or change.get("publication-date")


def _identity(identity: ET.Element, draft: Draft, places: _Places) -> None:
    names = sorted(identity.findall("name"), key=lambda item: item.get("name-type") != "primary-name")
    for name in names:
        _name(name, draft)
    for item in identity.findall("day-month-year"):
        year, month, day = (item.get(key, "") for key in ("year", "month", "day"))
        parts = [year, *([month.zfill(2)] if month else []), *([day.zfill(2)] if month and day else [])]
        draft.birth_date("-".join(parts))
    for item in identity.findall("nationality"):
        draft.place("citizen_of", _country(item))
    for item in identity.findall("place-of-birth"):
        town, nation = places.get(item.get("place-id", ""), ("", ""))
        draft.born_in(", ".join(filter(None, (town, nation))))
    for item in identity.findall("address"):
        town, nation = places.get(item.get("place-id", ""), ("", ""))
        parts = [text(child) for child in item if child.tag in ("address-details", "p-o-box", "zip-code", "c-o")]
        draft.address(*parts, town, nation=nation)
    for item in identity.findall("identification-document"):
        issuer = item.find("issuer")
        draft.number(
            item.get("document-type", ""),
            text(item, "number"),
            issuer="" if issuer is None else issuer.get("code") or text(issuer),
            issued=text(item, "date-of-issue"),
            expires=text(item, "expiry-date"),
        )


def _name(name: ET.Element, draft: Draft) -> None:
    """The parts in their order; each variant of spelling is a name of its own, part by part where all have one."""
    parts = sorted(name.findall("name-part"), key=lambda item: int(item.get("order", "0") or 0))
    given = [part for part in parts if part.get("name-part-type") != "family-name"]
    families = [part for part in parts if part.get("name-part-type") == "family-name"]
    ordered = [*given, *families]
    kind, quality = name.get("name-type", ""), name.get("quality", "")
    weak, former = quality == "low", kind == "formerly-known-as"
    draft.name(" ".join(text(part, "value") for part in ordered), weak=weak, former=former, words=kind or "alias")
    scripts = {variant.get("script", "") for part in parts for variant in part.findall("spelling-variant")}
    for script in sorted(scripts):
        spelt = [_variants(part, script) for part in ordered]
        for at in range(max(map(len, spelt), default=0)):
            words = " ".join(part[min(at, len(part) - 1)] for part in spelt if part)
            latin = script.upper() in ("", "LATN")
            draft.name(words, weak=weak, words="spelling variant", script="" if latin else script)


def _variants(part: ET.Element, script: str) -> list[str]:
    """The spellings of a part of a name in one script, its own value where a Latin one is wanted and there is none."""
    found = [text(item) for item in part.findall("spelling-variant") if item.get("script", "") == script]
    return found or ([text(part, "value")] if script.upper() in ("", "LATN") else [])
