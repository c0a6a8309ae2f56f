"""Rows -> FollowTheMoney entities, one a JSON line, for OpenAleph, OpenSanctions and their tools.

Held: entities with names and the attributes that FollowTheMoney knows; claims that are asserted, and ended ones with
their status: a listing becomes a `Sanction` (one for a party, source, status and date), the others an `Ownership`,
`Directorship`, `Family` and so on, with `role` (our predicate), `recordId` (our claim), `description` (the quotation).
Not held, because a reader there would take it for fact: what is only alleged, denied or planned. Not held, because the
model has no place for it: offsets, confidence, rules, claimants, ranges of percentages, and legal instruments and lists
as entities of their own. A country that acts is written as a `PublicBody`, since the model has no countries.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Quad

from kg.exports.tables import ClaimRow, EntityRow, SourceRow, tables
from kg.namespaces import RESOURCE, digest, slug

SCHEMAS: Final = {
    "Person": "Person",
    "Company": "Company",
    "GovernmentBody": "PublicBody",
    "Organization": "Organization",
    "Country": "PublicBody",
    "Place": "Address",
    "Vessel": "Vessel",
    "Aircraft": "Airplane",
}
_LEGAL: Final = frozenset(("Person", "Company", "PublicBody", "Organization"))
_BODY: Final = frozenset(("Company", "PublicBody", "Organization"))
_ASSET: Final = frozenset(("Company", "Vessel", "Airplane"))
_PERSON: Final = frozenset(("Person",))

#: Predicate -> schema, the property and the allowed schemas of our subject, and of our object.
_EDGES: Final[dict[str, tuple[str, str, frozenset[str], str, frozenset[str]]]] = {
    "owned_by": ("Ownership", "asset", _ASSET, "owner", _LEGAL),
    "subsidiary_of": ("Ownership", "asset", _ASSET, "owner", _LEGAL),
    "leader_of": ("Directorship", "director", _LEGAL, "organization", _BODY),
    "officer_of": ("Directorship", "director", _LEGAL, "organization", _BODY),
    "employee_of": ("Employment", "employee", _PERSON, "employer", _BODY),
    "member_of": ("Membership", "member", _LEGAL, "organization", _BODY),
    "spokesman_for": ("Representation", "agent", _LEGAL, "client", _LEGAL),
    "acts_for": ("Representation", "agent", _LEGAL, "client", _LEGAL),
    "associated_with": ("Associate", "person", _PERSON, "associate", _PERSON),
    "spouse_of": ("Family", "person", _PERSON, "relative", _PERSON),
    "sibling_of": ("Family", "person", _PERSON, "relative", _PERSON),
    "relative_of": ("Family", "person", _PERSON, "relative", _PERSON),
    "child_of": ("Family", "person", _PERSON, "relative", _PERSON),
}
#: What the relative is to the person.
_KIN: Final = {"spouse_of": "spouse", "sibling_of": "sibling", "relative_of": "relative", "child_of": "parent"}
_SANCTION: Final = {
    "listed_by": "authority",
    "delisted_by": "authority",
    "listed_on": "program",
    "listed_under": "program",
    "listed_for": "reason",
}
_ATTRIBUTES: Final = {
    "birth_date": ("birthDate", _PERSON),
    "birth_place": ("birthPlace", _PERSON),
    "death_date": ("deathDate", _PERSON),
    "gender": ("gender", _PERSON),
    "title": ("title", _PERSON),
    "position": ("position", _PERSON),
    "passport": ("passportNumber", _PERSON),
    "national_id": ("idNumber", _LEGAL),
    "other_id": ("idNumber", _LEGAL),
    "email": ("email", _LEGAL),
    "phone": ("phone", _LEGAL),
    "website": ("website", _LEGAL),
    "lei": ("leiCode", _LEGAL),
    "bic": ("swiftBic", _LEGAL),
    "inn": ("innCode", _LEGAL),
    "ogrn": ("ogrnCode", _LEGAL),
    "uscc": ("uscCode", _LEGAL),
    "duns": ("dunsCode", _LEGAL),
    "okpo": ("okpoCode", _LEGAL),
    "tax_number": ("taxNumber", _LEGAL),
    "registration_number": ("registrationNumber", _LEGAL | _ASSET),
    "tail_number": ("registrationNumber", frozenset(("Airplane",))),
    "imo": ("imoNumber", frozenset(("Vessel",))),
    "imo_company": ("imoNumber", _BODY),
    "mmsi": ("mmsi", frozenset(("Vessel",))),
    "call_sign": ("callSign", frozenset(("Vessel",))),
    "vessel_type": ("type", frozenset(("Vessel",))),
    "aircraft_model": ("model", frozenset(("Airplane",))),
    "serial_number": ("serialNumber", frozenset(("Airplane",))),
    "manufacture_date": ("buildDate", frozenset(("Vessel", "Airplane"))),
    "established_date": ("incorporationDate", _BODY),
    "former_name": ("previousName", _LEGAL | _ASSET),
    "weak_alias": ("weakAlias", _LEGAL | _ASSET),
    "address": ("address", _LEGAL | _ASSET),
    "topic": ("topics", _LEGAL | _ASSET),
    "remark": ("notes", _LEGAL | _ASSET),
}

_Properties = dict[str, set[str]]


def ftm(quads: Iterable[Quad]) -> Iterator[bytes]:
    """One JSON object a line, sorted by id, with the values of each property sorted."""
    rows = tables(quads)
    schemas = {row.id: SCHEMAS[row.type] for row in rows.entities if row.type in SCHEMAS}
    names = {row.id: row.name for row in rows.entities}
    sources = {row.id: row for row in rows.sources}
    found: dict[str, tuple[str, _Properties]] = {}
    for row in rows.entities:
        if row.id in schemas:
            found[ftm_id(row.id)] = (schemas[row.id], _entity(row, schemas[row.id], sources))
    for claim in rows.claims:
        if claim.status in ("asserted", "ended"):
            _add(claim, names, schemas, sources, found)
    for name in sorted(found):
        schema, properties = found[name]
        shown = {key: sorted(values) for key, values in sorted(properties.items()) if values}
        yield json.dumps({"id": name, "schema": schema, "properties": shown}, ensure_ascii=False).encode() + b"\n"


def ftm_id(iri: str) -> str:
    """The id under which a node stands there: the IRI's own last parts."""
    local = iri.removeprefix(RESOURCE)
    return f"kg-{local.replace('/', '-')}" if local != iri else f"kg-{slug(iri)}-{digest(iri, length=8)}"


def _entity(row: EntityRow, schema: str, sources: dict[str, SourceRow]) -> _Properties:
    properties: _Properties = defaultdict(set)
    if schema == "Address":
        properties["full"] = {row.name}
        return properties
    properties["name"] = {row.name}
    properties["alias"] = {*row.names} - {row.name}
    for key, value in row.attributes:
        name, fitting = _ATTRIBUTES.get(key, ("", frozenset()))
        if schema in fitting:
            properties[name].add(value)
    properties["sourceUrl"] = {sources[iri].url for iri in row.sources if iri in sources} - {""}
    return properties


def _add(
    claim: ClaimRow,
    names: dict[str, str],
    schemas: dict[str, str],
    sources: dict[str, SourceRow],
    found: dict[str, tuple[str, _Properties]],
) -> None:
    """Put a claim where the model has a place for it; a claim that has none is left out."""
    subject, target = schemas.get(claim.subject), schemas.get(claim.object)
    if subject is None or subject == "Address":
        return
    if claim.predicate == "also_known_as":
        name = "previousName" if claim.status == "ended" else "alias"
        found[ftm_id(claim.subject)][1][name].add(claim.object_text)
    elif claim.predicate == "implicated_in":
        found[ftm_id(claim.subject)][1]["notes"].add(claim.object_text)
    elif claim.predicate in _SANCTION:
        kind = "delisted" if claim.predicate == "delisted_by" else "listed"
        key = digest("sanction", kind, claim.subject, claim.source, claim.status, claim.date)
        properties = found.setdefault(f"kg-sanction-{key}", ("Sanction", defaultdict(set)))[1]
        properties["entity"].add(ftm_id(claim.subject))
        properties[_SANCTION[claim.predicate]].add(claim.object_text or names.get(claim.object, claim.object))
        properties["status"].add(kind if claim.status == "asserted" else claim.status)
        dated = "endDate" if kind == "delisted" else "listingDate"
        _common(claim, sources, properties, start=dated)
    elif target is not None:
        schema, ours, fits, theirs, suits = _EDGES.get(claim.predicate, ("UnknownLink", "", _LEGAL, "", _LEGAL))
        if not ours or subject not in fits or target not in suits:
            schema, ours, theirs = "UnknownLink", "subject", "object"
        properties = found.setdefault(ftm_id(claim.id), (schema, defaultdict(set)))[1]
        properties[ours].add(ftm_id(claim.subject))
        properties[theirs].add(ftm_id(claim.object))
        if schema in ("Family", "Associate"):  # they have no role and no status
            former = "former " if claim.status == "ended" else ""
            properties["relationship"].add(former + _KIN.get(claim.predicate, "associate"))
        else:
            properties["role"].add(claim.predicate)
            properties["status"].add(claim.status)
        if schema == "Ownership" and claim.percent:
            properties["percentage"].add(claim.percent)
        _common(claim, sources, properties)


def _common(claim: ClaimRow, sources: dict[str, SourceRow], properties: _Properties, start: str = "startDate") -> None:
    """Dates, quotation and source, which every relation has a place for."""
    for key, value in (
        (start, claim.date),
        ("endDate", claim.date_end),
        ("description", claim.evidence),
        ("recordId", ftm_id(claim.id)),
    ):
        if value:
            properties[key].add(value)
    source = sources.get(claim.source)
    for key, value in (("sourceUrl", source.url), ("publisher", source.publisher)) if source else ():
        if value:
            properties[key].add(value)
