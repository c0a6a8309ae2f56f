"""OFAC's SDN XML (sdn.xml, consolidated.xml) -> entries.

In: `sdnEntry` elements with lists of programmes, numbers, aliases and addresses. Out: one entry each under its
number, the same as in the CSV and the Advanced form. The count that the head of the file gives is checked.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final

from kg.errors import SourceError
from kg.lists.dates import listed_date
from kg.lists.draft import Draft
from kg.lists.model import Entry, Row, Source, Tally
from kg.lists.ofac import listings
from kg.lists.remarks import Remark, parse_remark
from kg.lists.xml_records import Form, elements, text, whole
from kg.model import EntityType

_FORM: Final = Form("sdnList", ("publshInformation", "publishInformation", "sdnEntry"))
_KINDS: Final = {"Individual": EntityType.PERSON, "Vessel": EntityType.VESSEL, "Aircraft": EntityType.AIRCRAFT}
_VESSEL: Final = {
    "callSign": "call_sign",
    "vesselType": "vessel_type",
    "tonnage": "tonnage",
    "grossRegisteredTonnage": "gross_tonnage",
}


def entries(source: Source, tally: Tally) -> Iterator[Entry]:
    """Yield the entries in the order of the file; the day of publication becomes the version."""
    path = source.files[0]
    number = expected = 0
    for element in elements(path, _FORM):
        if element.tag != "sdnEntry":
            tally.version = listed_date(text(element, "Publish_Date"))
            count = text(element, "Record_Count")
            expected = int(count) if count.isdigit() else 0
            continue
        number += 1
        tally.saw(path.name)
        if entry := _entry(element, Row(path.name, number, whole(element)), source.dataset, tally):
            yield entry
    if expected and expected != number:
        raise SourceError(
            f"{number} entries where its head counts {expected}",
            place=str(path),
            hint="the file is cut; fetch it again",
        )


def _entry(element: ET.Element, row: Row, dataset: str, tally: Tally) -> Entry | None:
    draft = Draft(row, tally, _KINDS.get(text(element, "sdnType")))
    draft.name(_name(element))
    for alias in element.iterfind("akaList/aka"):
        words = text(alias, "type")
        weak = text(alias, "category") == "weak"
        draft.name(_name(alias), weak=weak, former=words == "f.k.a.", words=words or "alias")
    for item in element.iterfind("idList/id"):
        _number(item, draft)
    for item in element.iterfind("addressList/address"):
        parts = [
            text(item, tag) for tag in ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode")
        ]
        draft.address(*parts, nation=text(item, "country"))
    for path in ("nationalityList/nationality", "citizenshipList/citizenship"):
        for item in element.iterfind(path):
            draft.place("citizen_of", text(item, "country"))
    for item in element.iterfind("dateOfBirthList/dateOfBirthItem"):
        draft.birth_date(text(item, "dateOfBirth"))
    for item in element.iterfind("placeOfBirthList/placeOfBirthItem"):
        draft.born_in(text(item, "placeOfBirth"))
    draft.attribute("title", text(element, "title"))
    _vessel(element, draft)
    remark = parse_remark(text(element, "remarks"))
    _remark(remark, draft)
    programmes = tuple(text(item) for item in element.iterfind("programList/program"))
    for listing in listings(dataset, programmes, remark, row):
        draft.listing(listing)
    return draft.entry(text(element, "uid"))


def _name(element: ET.Element) -> str:
    family, given = text(element, "lastName"), text(element, "firstName")
    return f"{family}, {given}" if family and given else family or given


def _number(item: ET.Element, draft: Draft) -> None:
    """A numbered document, or a label with its value ("Gender", "Male"), as the remarks of the CSV form write it."""
    label, value, issuer = text(item, "idType"), text(item, "idNumber"), text(item, "idCountry")
    found = parse_remark(f"{label} {value}".replace(";", ","))
    for key, said in found.attributes:
        draft.attribute(key, said)
    for words in found.texts:
        draft.attribute("remark", words)
    for read in found.identifiers:
        draft.number(
            read.label or label,
            read.value,
            scheme=read.scheme if read.scheme != "other_id" else "",
            issuer=issuer,
            issued=text(item, "issueDate"),
            expires=text(item, "expirationDate"),
        )


def _vessel(element: ET.Element, draft: Draft) -> None:
    vessel = element.find("vesselInfo")
    if vessel is not None:
        for tag, key in _VESSEL.items():
            draft.attribute(key, text(vessel, tag))
        draft.place("flagged_in", text(vessel, "vesselFlag"))
        draft.related("owned_by", text(vessel, "vesselOwner"), "Vessel owner")


def _remark(remark: Remark, draft: Draft) -> None:
    for key, value in remark.attributes:
        draft.attribute(key, value)
    for item in remark.identifiers:
        draft.number(item.label, item.value, scheme=item.scheme, issuer=item.issuer)
    for name in remark.links:
        draft.related("associated_with", name, f"Linked To: {name}")
    for name in remark.operators:
        draft.related("operated_by", name, f"Aircraft Operator: {name}")
    for said in remark.texts:
        draft.attribute("remark", said)
