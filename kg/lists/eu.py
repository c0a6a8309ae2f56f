"""The European Union's Financial Sanctions Files (XML 1.1) -> entries.

In: `sanctionEntity` elements with their regulations, names, dates of birth, citizenships, identifications and
addresses. Out: one entry each under its EU reference number, one listing a programme. A name that is not `strong`
is a weak alias; several language versions of one name are one alias.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.lists.draft import Draft
from kg.lists.model import Entry, Head, Listing, Row, Source, Tally, single
from kg.lists.xml_records import Form, Root, elements, text, whole
from kg.model import EntityType
from kg.reference import official_list

TITLE: Final = "European Union, Financial Sanctions Files: XML 1.1"
_LIST: Final = "EU Consolidated Financial Sanctions List"
_FORM: Final = Form("export", ("sanctionEntity",))
_KINDS: Final = {"person": EntityType.PERSON, "vessel": EntityType.VESSEL, "ship": EntityType.VESSEL}
_UNKNOWN: Final = "00"  # the country code of "unknown"


def recognizes(head: Head) -> bool:
    """Whether the root is the export of the Financial Sanctions Database."""
    return head.root == "export"


def sources(files: Iterable[Path]) -> list[Source]:
    """Return the one list that the file is."""
    return single(files, "eu-fsf", _LIST)


def entries(source: Source, tally: Tally) -> Iterator[Entry]:
    """Yield the entries in the order of the file; the day it was generated becomes the version."""
    path = source.files[0]
    root = Root()
    for number, element in enumerate(elements(path, _FORM, root), start=1):
        tally.saw(path.name)
        tally.version = root.attributes.get("generationDate", "")[:10] or None
        if entry := _entry(element, Row(path.name, number, whole(element)), tally):
            yield entry


def _entry(element: ET.Element, row: Row, tally: Tally) -> Entry | None:
    subject = element.find("subjectType")
    code = "" if subject is None else subject.get("code", "")
    draft = Draft(row, tally, _KINDS.get(code))
    names = element.findall("nameAlias")
    for item in sorted(names, key=lambda item: (item.get("strong") == "false", not _is_english(item))):
        parts = " ".join(filter(None, (item.get(key, "") for key in ("firstName", "middleName", "lastName"))))
        language = item.get("nameLanguage", "")
        draft.name(item.get("wholeName") or parts, weak=item.get("strong") == "false", script=language)
        for key, attribute in (("gender", "gender"), ("title", "title"), ("function", "position")):
            draft.attribute(attribute, item.get(key))
    for item in element.findall("birthdate"):
        draft.birth_date(_birth_date(item))
        draft.born_in(_joined(item, "place", "city", "region", "countryDescription"))
    for item in element.findall("citizenship"):
        draft.place("citizen_of", _country(item))
    for item in element.findall("address"):
        lines = [item.get(key, "") for key in ("street", "poBox", "zipCode", "city", "place", "region")]
        draft.address(*lines, nation=_country(item))
        _contacts(item, draft)
    for item in element.findall("identification"):
        _number(item, draft)
    for remark in element.findall("remark"):
        draft.attribute("remark", text(remark))
    draft.attribute("remark", element.get("designationDetails"))
    draft.attribute("un_reference", element.get("unitedNationId"))
    for listing in _listings(element, row):
        draft.listing(listing)
    return draft.entry(element.get("euReferenceNumber") or element.get("logicalId") or "")


def _is_english(item: ET.Element) -> bool:
    return item.get("nameLanguage", "").upper() in ("", "EN") and item.get("wholeName", "").isascii()


def _birth_date(item: ET.Element) -> str:
    year, month = item.get("year", ""), item.get("monthOfYear", "")
    if given := item.get("birthdate"):
        return given
    if item.get("yearRangeFrom") and item.get("yearRangeTo"):
        return f"{item.get('yearRangeFrom')} to {item.get('yearRangeTo')}"
    return f"{year}-{month}" if year and month else year


def _number(item: ET.Element, draft: Draft) -> None:
    """A document that is lost, expired, revoked or false keeps this in its label."""
    flags = ("knownExpired", "knownFalse", "reportedLost", "revokedByIssuer", "diplomatic")
    told = [flag for flag in flags if item.get(flag) == "true"]
    label = item.get("identificationTypeDescription") or item.get("identificationTypeCode") or ""
    draft.number(
        f"{label} ({', '.join(told)})" if told else label,
        item.get("number") or item.get("latinNumber") or "",
        issuer=_country(item),
        issued=item.get("issuedDate", ""),
        expires=item.get("validTo", ""),
    )


def _contacts(item: ET.Element, draft: Draft) -> None:
    for contact in item.findall("contactInfo"):
        key = contact.get("key", "").casefold()
        scheme = {"phone": "phone", "fax": "phone", "email": "email", "web": "website"}.get(key, "")
        if scheme == "phone":
            draft.number(key, contact.get("value", ""), scheme=scheme)
        elif scheme:
            draft.attribute(scheme, contact.get("value"))


def _country(item: ET.Element) -> str:
    code = item.get("countryIso2Code", "")
    return code if code and code != _UNKNOWN else item.get("countryDescription", "").replace("UNKNOWN", "")


def _joined(item: ET.Element, *keys: str) -> str:
    return ", ".join(filter(None, (item.get(key, "").strip() for key in keys)))


def _listings(element: ET.Element, row: Row) -> Iterator[Listing]:
    """One listing a programme; its date is the day of designation, else the first act's entry into force."""
    acts: defaultdict[str, list[ET.Element]] = defaultdict(list)
    for regulation in element.findall("regulation"):
        acts[regulation.get("programme", "")].append(regulation)
    known = official_list(_LIST)
    for programme, regulations in sorted(acts.items()):
        days = [day for act in regulations if (day := act.get("entryIntoForceDate") or act.get("publicationDate"))]
        yield Listing(
            authority=known.authority if known else "European Union",
            list=_LIST,
            programmes=(programme,) if programme else (),
            legal_basis=tuple(dict.fromkeys(filter(None, map(_act, regulations)))),
            date=element.get("designationDate") or min(days, default=None),
            row=row,
            key=programme,
        )


def _act(regulation: ET.Element) -> str:
    """Return the act's name: "Council Implementing Regulation 2022/427 (OJ L87I)"."""
    number = regulation.get("numberTitle", "")
    kind = "".join(f" {char}" if char.isupper() else char for char in regulation.get("regulationType", "")).title()
    return " ".join(filter(None, (regulation.get("organisationType", "").title(), kind, number))) if number else ""
