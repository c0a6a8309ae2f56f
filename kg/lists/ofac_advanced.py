"""OFAC's Advanced XML (sdn_advanced.xml, cons_advanced.xml) -> entries and relations.

In: a file whose parties refer to sets of values, places, documents and designations that stand elsewhere in it, some
of them at its end; so it is read twice: first what is referred to, then the parties. Out: one entry a party under its
fixed number, the same as in the CSV form, and one relation a `ProfileRelationship`.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final

from kg.lists.draft import Draft
from kg.lists.model import Entry, Fact, Item, Listed, Row, Source, Tally
from kg.lists.ofac_references import DEPTH, References, period, read_references
from kg.lists.remarks import Remark, parse_remark
from kg.lists.xml_records import Form, elements, text, whole
from kg.model import EntityType
from kg.reference import table

_FORM: Final = Form("Sanctions", ("DistinctParty", "ProfileRelationship"), level=2, depth=DEPTH)
_KINDS: Final = {"Individual": EntityType.PERSON, "Vessel": EntityType.VESSEL, "Aircraft": EntityType.AIRCRAFT}
_FORMER: Final = "F.K.A."
_FLAGS: Final = ("Vessel Flag", "Flag")
_NATIONS: Final = ("Nationality Country", "Citizenship Country", "Nationality", "Citizenship")
_PLACES: Final = ("Location", "Nationality of Registration")


def entries(source: Source, tally: Tally) -> Iterator[Item]:
    """Yield the parties, then the relations between them; the day of issue becomes the version."""
    path = source.files[0]
    references = read_references(path)
    tally.version = references.issued
    for number, element in enumerate(elements(path, _FORM), start=1):
        row = Row(path.name, number, whole(element))
        tally.saw(path.name)
        if element.tag == "ProfileRelationship":
            yield _relation(element, row, references, tally)
        elif entry := _entry(element, row, references, tally):
            yield entry


def _entry(element: ET.Element, row: Row, references: References, tally: Tally) -> Entry | None:
    profile = element.find("Profile")
    if profile is None:
        tally.skip(row, "a party without a profile")
        return None
    number = profile.get("ID", "")
    subtype = references.value("PartySubType", profile.get("PartySubTypeID"))
    kind = _KINDS.get(subtype) or _KINDS.get(references.party_type(profile.get("PartySubTypeID")))
    draft = Draft(row, tally, kind)
    for identity in profile.iter("Identity"):
        _names(identity, draft, references)
        for document in references.documents.get(identity.get("ID", ""), ()):
            _document(document, draft, references)
    for feature in profile.iter("Feature"):
        _feature(feature, draft, references)
    for comment in (element.find("Comment"), profile.find("Comment")):
        draft.attribute("remark", text(comment))
    for listing in references.listings(number, row):
        draft.listing(listing)
    return draft.entry(number)


def _names(identity: ET.Element, draft: Draft, references: References) -> None:
    """The primary alias first; a name written in several scripts is one alias in each."""
    parts = {
        item.get("ID", ""): references.value("NamePartType", item.get("NamePartTypeID"))
        for item in identity.iter("NamePartGroup")
    }
    for alias in sorted(identity.findall("Alias"), key=lambda item: item.get("Primary") != "true"):
        words = references.value("AliasType", alias.get("AliasTypeID"))
        for name in alias.findall("DocumentedName"):
            values = list(name.iter("NamePartValue"))
            families = [text(item) for item in values if parts.get(item.get("NamePartGroupID", "")) == "Last Name"]
            others = [text(item) for item in values if parts.get(item.get("NamePartGroupID", "")) != "Last Name"]
            script = references.value("Script", values[0].get("ScriptID")) if values else ""
            latin = script in ("", "Latin")
            comma = ", " if latin and families and others else " "
            draft.name(
                comma.join(filter(None, (" ".join(families), " ".join(others)))),
                weak=alias.get("LowQuality") == "true",
                former=words == _FORMER,
                words=words or "alias",
                script="" if latin else script,
            )


def _document(document: ET.Element, draft: Draft, references: References) -> None:
    dates = {
        references.value("IDRegDocDateType", item.get("IDRegDocDateTypeID")): period(item.find("DatePeriod"))
        for item in document.findall("DocumentDate")
    }
    label = references.value("IDRegDocType", document.get("IDRegDocTypeID"))
    value = text(document, "IDRegistrationNo")
    found = parse_remark(f"{label} {value}").identifiers
    draft.number(
        label,
        found[0].value if found else value,
        scheme=found[0].scheme if found and found[0].scheme != "other_id" else "",
        issuer=references.value("Country", document.get("IssuedBy-CountryID")),
        issued=dates.get("Issue Date", ""),
        expires=dates.get("Expiration Date", ""),
    )


def _feature(feature: ET.Element, draft: Draft, references: References) -> None:
    label = references.value("FeatureType", feature.get("FeatureTypeID"))
    for version in feature.findall("FeatureVersion"):
        if (dated := version.find("DatePeriod")) is not None:
            day = period(dated)
            if label == "Birthdate":
                draft.birth_date(day.replace("/", " to "))
            else:
                _labelled(label, day, draft)
        for location in version.findall("VersionLocation"):
            parts, nation = references.locations.get(location.get("LocationID", ""), ((), ""))
            _located(label, parts, nation, draft)
        for detail in version.findall("VersionDetail"):
            value = text(detail) or references.value("DetailReference", detail.get("DetailReferenceID"))
            if value:
                _labelled(label, value, draft)


def _located(label: str, parts: tuple[str, ...], nation: str, draft: Draft) -> None:
    if label in _NATIONS:
        draft.place("citizen_of", nation)
    elif label == "Place of Birth":
        draft.born_in(", ".join(filter(None, (*parts, nation))))
    elif label in _FLAGS:
        draft.place("flagged_in", nation)
    elif label in _PLACES or parts:
        draft.address(*parts, nation=nation)
    else:
        draft.attribute("remark", f"{label}: {nation}")


def _labelled(label: str, value: str, draft: Draft) -> None:
    """A label with its value: the CSV form writes the same two into its remarks."""
    if label in _FLAGS:
        draft.place("flagged_in", value)
    elif label in _NATIONS:
        draft.place("citizen_of", value)
    elif label == "Place of Birth":
        draft.born_in(value)
    elif label == "Title":
        draft.attribute("title", value)
    else:
        _take(parse_remark(f"{label} {value}".replace(";", ",")), label, draft)


def _take(remark: Remark, label: str, draft: Draft) -> None:
    for key, value in remark.attributes:
        draft.attribute(key, value)
    for item in remark.identifiers:
        draft.number(item.label or label, item.value, scheme=item.scheme, issuer=item.issuer)
    for name in remark.operators:
        draft.related("operated_by", name, "Aircraft Operator")
    for words in remark.texts:
        draft.attribute("remark", words)


def _relation(element: ET.Element, row: Row, references: References, tally: Tally) -> Fact:
    code = element.get("RelationTypeID", "")
    words = references.value("RelationType", code)
    former = element.get("Former") == "true"
    tally.count(f"relations: {words or code}")
    return Fact(
        table("relations").get(words, "associated_with"),
        Listed(element.get("To-ProfileID", "")),
        row,
        subject=element.get("From-ProfileID", ""),
        ended=former,
        qualifiers=(("relation_code", code), ("relation_text", words or code)),
    )
