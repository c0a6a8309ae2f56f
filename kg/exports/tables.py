"""Quads -> rows: one row an entity, a claim, a source. What the formats without RDF are written from.

Every value is the text that stands in the graph (a date of its own precision, a decimal with its digits), so nothing
is rounded or guessed. A claim's row holds its triple, status, dates, claimant, quantities, confidence, rule, and the
quotation with its place and source. Rows are sorted by their IRIs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.model import EntityType
from kg.namespaces import ONTOLOGY, expand, term
from kg.rdf.claim_record import claim_texts, text

_TYPE: Final = expand("rdf:type")
_LABEL: Final = expand("skos:prefLabel")
_ALIAS: Final = expand("skos:altLabel")
_KINDS: Final = {term(kind): str(kind) for kind in EntityType}
_SOURCES: Final = {term("Document"), expand("dcat:Dataset")}
#: Properties of an entity that are no attributes: ties to other nodes, told by claims and sources.
_TIES: Final = {term("mentioned_in"), term("listed_entry_of"), term("canonical"), term("listing"), term("identifier")}


@dataclass(frozen=True, slots=True, order=True)
class EntityRow:
    """An entity: `type` and `name` are the first of each when sources differ, `names` and `types` all of them.

    `canonical` is the IRI of the node that stands for its cluster, or empty; `sources` the documents and lists that
    speak of it.
    """

    id: str
    type: str
    name: str
    names: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    canonical: str = ""


@dataclass(frozen=True, slots=True, order=True)
class ClaimRow:
    """A claim. `object` is an IRI, or empty where `object_text` says what the object is; empty means not given.

    `start` and `end` are the half-open character offsets of `evidence` in its document, `row` the number of the row of
    an official list. `cues` are the words that show how the document presents it, each as `negation 12-18: denied`.
    """

    id: str
    subject: str
    predicate: str
    object: str = ""
    object_text: str = ""
    status: str = ""
    date: str = ""
    date_end: str = ""
    claimant: str = ""
    percent: str = ""
    percent_min: str = ""
    percent_max: str = ""
    amount: str = ""
    confidence: str = ""
    rule: str = ""
    evidence: str = ""
    start: str = ""
    end: str = ""
    row: str = ""
    source: str = ""
    corroboration: str = ""
    cues: str = ""


@dataclass(frozen=True, slots=True, order=True)
class SourceRow:
    """A document or official list: `identifier` is the id it was read under, `date` the day of publication."""

    id: str
    identifier: str = ""
    title: str = ""
    date: str = ""
    url: str = ""
    path: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Tables:
    """All rows of a graph."""

    entities: tuple[EntityRow, ...]
    claims: tuple[ClaimRow, ...]
    sources: tuple[SourceRow, ...]


CLAIM_FIELDS: Final = tuple(field.name for field in fields(ClaimRow))

_Values = Mapping[str, list[NamedNode | Literal]]


def tables(quads: Iterable[Quad]) -> Tables:
    """The rows of these quads; plain triples are not repeated, since a claim stands behind each of them."""
    nodes: dict[str, dict[str, set[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            nodes[quad.subject.value][quad.predicate.value].add(quad.object)
    entities, claims, sources = [], [], []
    for iri in sorted(nodes):
        values = {key: sorted(found, key=str) for key, found in nodes[iri].items()}
        types = {value.value for value in values.get(_TYPE, ())}
        if types & _KINDS.keys():
            entities.append(_entity(iri, values, sorted(_KINDS[kind] for kind in types & _KINDS.keys())))
        if term("Claim") in types:
            claims.append(_claim(iri, values, nodes))
        if types & _SOURCES:
            sources.append(_source(iri, values))
    return Tables(tuple(entities), tuple(claims), tuple(sources))


def _entity(iri: str, values: _Values, types: list[str]) -> EntityRow:
    labels = [value.value for value in values.get(_LABEL, ())]
    names = sorted({*labels, *(value.value for value in values.get(_ALIAS, ()))})
    attributes = [
        (key.removeprefix(ONTOLOGY), value.value)
        for key, found in values.items()
        if key.startswith(ONTOLOGY) and key not in _TIES
        for value in found
        if isinstance(value, Literal)
    ]
    told = {"also_known_as", "listed_for", "implicated_in", "name_key"}  # by claims, and by the names themselves
    return EntityRow(
        id=iri,
        type=types[0],
        name=labels[0] if labels else iri,
        names=tuple(names),
        types=tuple(types),
        attributes=tuple(sorted((key, value) for key, value in attributes if key not in told)),
        sources=tuple(v.value for key in ("mentioned_in", "listed_entry_of") for v in values.get(term(key), ())),
        canonical=_first(values, term("canonical")),
    )


def _claim(iri: str, values: _Values, nodes: Mapping[str, Mapping[str, set[NamedNode | Literal]]]) -> ClaimRow:
    told = claim_texts(nodes, iri)
    return ClaimRow(
        id=iri,
        subject=told.subject,
        predicate=told.predicate,
        object="" if told.literal else told.object,
        object_text=told.object if told.literal else "",
        status=told.status,
        date=told.date,
        date_end=told.date_end,
        claimant=told.claimant,
        percent=told.percent,
        percent_min=told.percent_min,
        percent_max=told.percent_max,
        amount=told.amount,
        confidence=told.confidence,
        rule=told.rule,
        evidence=told.quote,
        start=told.start,
        end=told.end,
        row=told.row,
        source=told.source,
        corroboration=told.corroboration,
        cues="; ".join(sorted(_cue(nodes[one.value]) for one in values.get(term("cue"), ()) if one.value in nodes)),
    )


def _cue(values: Mapping[str, set[NamedNode | Literal]]) -> str:
    role, start, end, words = (text(values, curie) for curie in ("kg:cue_role", "oa:start", "oa:end", "oa:exact"))
    return f"{role} {start}-{end}: {words}"


def _source(iri: str, values: _Values) -> SourceRow:
    keys = {"identifier": "dcterms:identifier", "title": "dcterms:title", "date": "dcterms:issued",
            "url": "dcterms:source", "path": "kg:source_path", "publisher": "dcterms:publisher"}  # fmt: skip
    return SourceRow(id=iri, **{name: _first(values, expand(key)) for name, key in keys.items()})


def _first(values: _Values, key: str) -> str:
    found = values.get(key)
    return found[0].value if found else ""
