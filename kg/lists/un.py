"""The United Nations Security Council consolidated list (XML) -> entries.

Comments stay as text on the entry, to be read by `kg import --extract`.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.lists.dates import listed_date
from kg.lists.identifiers import identifier
from kg.lists.kinds import organization_type
from kg.lists.model import Entry, Fact, Head, Identifier, Listing, Named, Row, Source, Tally, single
from kg.lists.places import birth_place, place
from kg.lists.xml_records import Form, Root, elements
from kg.model import EntityType
from kg.reference import country, legal_basis

TITLE: Final = "United Nations, Security Council consolidated list: XML"
_FORM: Final = Form("CONSOLIDATED_LIST", ("INDIVIDUAL", "ENTITY"), level=2, depth=8)
_LIST: Final = "United Nations Security Council Consolidated List"
_DOCUMENTS: Final = (("passport", "passport"), ("pasaporte", "passport"), ("identification", "national_id"))


def recognizes(head: Head) -> bool:
    """Whether the root is the Security Council's."""
    return head.root == _FORM.root


def sources(files: Iterable[Path]) -> list[Source]:
    """Return the one list that the file is."""
    return single(files, "un-sc", _LIST)


def entries(source: Source, tally: Tally) -> Iterator[Entry]:
    """Yield the entries in the order of the file; the day it was made becomes the version."""
    path = source.files[0]
    root = Root()
    for number, element in enumerate(elements(path, _FORM, root), start=1):
        tally.version = root.attributes.get("dateGenerated", "")[:10] or None
        tally.saw(path.name)
        entry = _entry(element, number, path, tally)
        if entry:
            tally.count("entries")
            yield entry


def _entry(element: ET.Element, number: int, path: Path, tally: Tally) -> Entry | None:
    row = Row(path.name, number, " ".join(" ".join(element.itertext()).split()))
    parts = [_text(element, f"{nth}_NAME") for nth in ("FIRST", "SECOND", "THIRD", "FOURTH")]
    name = " ".join(
        part for part in parts if part and part != "na"
    )  # the list writes "na" for a part that there is not
    reference = _text(element, "REFERENCE_NUMBER") or _text(element, "DATAID")
    if not name or not reference:
        tally.skip(row, "no name or no reference number")
        return None
    person = element.tag == "INDIVIDUAL"
    prefix = f"{element.tag}_"
    aliases = list(_alias_facts(element, prefix, row, tally))
    identifiers = tuple(_documents(element, prefix, tally))
    facts = [*aliases, *_address_facts(element, prefix, row, tally)]
    facts += [Fact("citizen_of", place(value), row) for value in dict.fromkeys(_values(element, "NATIONALITY"))]
    facts += _birth_places(element, row)
    programme = _text(element, "UN_LIST_TYPE")
    basis = legal_basis(f"{programme} (UN)") or legal_basis(programme)
    reason = _text(element, "COMMENTS1").lstrip(": ")
    delisted = _text(element, "DELISTED_ON")
    return Entry(
        id=reference,
        type=EntityType.PERSON if person else organization_type(name),
        name=name,
        row=row,
        names=tuple(sorted({str(fact.target) for fact in aliases} - {name})),
        attributes=tuple(_attributes(element, prefix, reason)),
        identifiers=identifiers,
        listings=(
            Listing(
                authority="United Nations Security Council",
                list=_LIST,
                programmes=(programme,) if programme else (),
                legal_basis=basis,
                date=listed_date(_text(element, "LISTED_ON")),
                date_end=listed_date(delisted) if delisted else None,
                row=row,
            ),
        ),
        facts=tuple(facts),
    )


def _alias_facts(element: ET.Element, prefix: str, row: Row, tally: Tally) -> Iterator[Fact]:
    for alias in element.findall(f"{prefix}ALIAS"):
        name = _text(alias, "ALIAS_NAME")
        if not name:
            tally.leave_empty("aliases")
            continue
        tally.count("aliases")
        quality = _text(alias, "QUALITY")
        qualifiers = (("alias_quality", "weak" if quality == "Low" else "good"), ("relation_text", quality or "alias"))
        yield Fact("also_known_as", name, row, ended=quality == "f.k.a.", qualifiers=qualifiers)
    original = _text(element, "NAME_ORIGINAL_SCRIPT")
    if original:
        tally.count("names in the original script")
        yield Fact("also_known_as", original, row, qualifiers=(("relation_text", "original script"),))


def _address_facts(element: ET.Element, prefix: str, row: Row, tally: Tally) -> Iterator[Fact]:
    for item in element.findall(f"{prefix}ADDRESS"):
        parts = [_text(item, tag) for tag in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE")]
        address = ", ".join(filter(None, parts))
        if not address:
            tally.leave_empty("addresses")
            continue
        tally.count("addresses")
        where = _text(item, "COUNTRY") or _text(item, "CITY") or _text(item, "STATE_PROVINCE") or _text(item, "STREET")
        target = place(where) if where else Named(EntityType.PLACE, address)
        yield Fact("located_in", target, row, qualifiers=(("address", address),))


def _birth_places(element: ET.Element, row: Row) -> Iterator[Fact]:
    for item in element.findall("INDIVIDUAL_PLACE_OF_BIRTH"):
        parts = [_text(item, tag) for tag in ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY", "NOTE")]
        text = ", ".join(filter(None, parts))
        if text:
            yield Fact("born_in", birth_place(text), row, qualifiers=(("address", text),))


def _documents(element: ET.Element, prefix: str, tally: Tally) -> Iterator[Identifier]:
    for item in element.findall(f"{prefix}DOCUMENT"):
        kind, number = _text(item, "TYPE_OF_DOCUMENT"), _text(item, "NUMBER")
        if not number:
            tally.leave_empty("documents without a number")
            continue
        tally.count("identifiers")
        scheme = next((scheme for word, scheme in _DOCUMENTS if word in kind.lower()), "other_id")
        issuer = _text(item, "ISSUING_COUNTRY") or _text(item, "COUNTRY_OF_ISSUE")
        yield identifier(
            scheme,
            number,
            label=kind,
            issuer=country(issuer) or issuer,
            issued=listed_date(_text(item, "DATE_OF_ISSUE")),
        )


def _attributes(element: ET.Element, prefix: str, comment: str) -> Iterator[tuple[str, str]]:
    for value in _values(element, "TITLE"):
        yield "title", value
    for value in _values(element, "DESIGNATION"):
        yield "position", value
    if gender := _text(element, "GENDER"):
        yield "gender", gender
    for item in element.findall(f"{prefix}DATE_OF_BIRTH"):
        begin, end = _text(item, "FROM_YEAR"), _text(item, "TO_YEAR")
        date = (
            f"{begin}/{end}"
            if begin and end
            else listed_date(_text(item, "DATE") or _text(item, "YEAR") or _text(item, "NOTE"))
        )
        if date:
            yield "birth_date", date
        elif note := _text(item, "NOTE"):
            yield "remark", f"Date of birth: {note}"
    if comment:
        yield "remark", comment


def _text(element: ET.Element, tag: str) -> str:
    return " ".join((element.findtext(tag) or "").split())


def _values(element: ET.Element, tag: str) -> list[str]:
    return [text for item in element.findall(f"{tag}/VALUE") if (text := " ".join((item.text or "").split()))]
