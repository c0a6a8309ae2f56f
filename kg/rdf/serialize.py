"""Entities and claims -> quads: pure functions, no blank nodes, ids from content.

In: an `Extraction`. Out: pyoxigraph quads in the named graph of its document:

- the document: `kg:Document`, title, date, source, with the program as its `prov:SoftwareAgent`;
- each entity: its class, `skos:prefLabel`, `skos:altLabel`, attributes, and the folded forms of its names
  (`kg:name_key`), by which a name is looked up in any store without reading all labels;
- each claim: a `kg:Claim` node with subject, predicate, object, status, claimant, date, percent, amount,
  confidence, rule, its `kg:Evidence` (Web Annotation selectors over the document) and the `kg:Cue` words that show
  how the document presents it;
- for each asserted claim (and each `planned_IPO`) the plain triple `subject kg:predicate object`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.model import Claim, Cue, Document, Entity, EntityType, Extraction, Status
from kg.namespaces import (
    claim_iri,
    cue_iri,
    digest,
    document_iri,
    entity_iri,
    evidence_iri,
    expand,
    name_key,
    term,
)
from kg.reference import is_distinctive

_TYPE: Final = NamedNode(expand("rdf:type"))
#: Roles of the cues that show how a claim is presented: denied, alleged or planned, over, and who says it. Those of
#: trigger, time and quantity show what it says, which its other properties tell.
PRESENTING: Final = frozenset({"negation", "modality", "ended", "claimant"})
_CONTEXT: Final = 48  # characters of prefix and suffix in a quote selector
_UNSAFE_IRI: Final = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


def quads(extraction: Extraction, *, reading: str | None = None) -> Iterator[Quad]:
    """The quads of one document, each once, in a fixed order.

    `reading` (64 hexadecimal digits) tells this reading from one of another text or by another program.
    """
    document = extraction.document
    graph = NamedNode(document_iri(document.id))
    iris = {entity.id: text_entity_iri(entity, document.id) for entity in extraction.entities}
    seen: set[tuple[object, object, object]] = set()
    if reading is not None:
        yield Quad(graph, _node("kg:reading"), Literal(reading), graph)
    for subject, predicate, value in _all(extraction, graph, iris):
        if (subject, predicate, value) not in seen:
            seen.add((subject, predicate, value))
            yield Quad(subject, predicate, value, graph)


def text_entity_iri(entity: Entity, document_id: str) -> str:
    """The IRI of an entity of a text: by its name where that is distinctive, else the document's own.

    "Mohammed Ali", "Anna" or "Ministry of Defence" is a thing of its document until evidence joins it to others; a
    person with a date of birth is not one with a namesake born in another year.
    """
    if not is_distinctive(entity.type, entity.name):
        return entity_iri(entity.type, entity.name, scope=document_id)
    person = entity.type == EntityType.PERSON
    born = sorted(value[:4] for key, value in entity.attributes if key == "birth_date" and person)
    return entity_iri(entity.type, entity.name, scope=f"born {born[0]}" if born else "")


_Triple = tuple[NamedNode, NamedNode, "NamedNode | Literal"]


def _all(extraction: Extraction, graph: NamedNode, iris: dict[str, str]) -> Iterator[_Triple]:
    yield from _document(extraction.document, graph)
    for entity in extraction.entities:
        yield from entity_triples(entity, NamedNode(iris[entity.id]))
        yield NamedNode(iris[entity.id]), _node("kg:mentioned_in"), graph
    for claim in extraction.claims:
        yield from _claim(claim, extraction.document, graph, iris)


def _document(document: Document, node: NamedNode) -> Iterator[_Triple]:
    yield node, _TYPE, _node("kg:Document")
    yield node, _TYPE, _node("prov:Entity")
    yield node, _node("dcterms:identifier"), Literal(document.id)
    yield node, _node("kg:content_hash"), Literal(digest(document.text, length=64))
    if document.title:
        yield node, _node("dcterms:title"), Literal(document.title)
    if document.date:
        yield node, _node("dcterms:issued"), date_literal(document.date)
    if document.source:
        yield node, _node("kg:source_path"), Literal(document.source)
    if document.url:
        yield node, _node("dcterms:source"), iri_or_text(document.url)
    for key, value in document.meta:
        if key == "publisher":
            yield node, _node("dcterms:publisher"), Literal(value)


def entity_triples(entity: Entity, node: NamedNode) -> Iterator[_Triple]:
    """The class, names and attributes of an entity, without the claims about it."""
    yield node, _TYPE, _node(f"kg:{entity.type}")
    yield node, _node("skos:prefLabel"), Literal(entity.name)
    for name in sorted({*entity.names} - {entity.name}):
        yield node, _node("skos:altLabel"), Literal(name)
    for key in sorted({name_key(name) for name in (entity.name, *entity.names)} - {""}):
        yield node, _node("kg:name_key"), Literal(key)
    for key, value in entity.attributes:
        yield node, _node(f"kg:{key}"), date_literal(value) if key.endswith("_date") else Literal(value)


def claim_node(claim: Claim, document_id: str, iris: dict[str, str]) -> NamedNode:
    """The node of a claim; two claims that differ in triple, span, status, date or claimant differ in it."""
    target = claim.object if claim.object_text else iris[claim.object]
    parts = (
        document_id,
        iris[claim.subject],
        claim.predicate,
        target,
        str(claim.evidence.start),
        str(claim.evidence.end),
        claim.status,
        claim.date or "",
        iris[claim.claimant] if claim.claimant else "",
    )
    return NamedNode(claim_iri(*parts))


def _claim(claim: Claim, document: Document, graph: NamedNode, iris: dict[str, str]) -> Iterator[_Triple]:
    node = claim_node(claim, document.id, iris)
    subject = NamedNode(iris[claim.subject])
    predicate = NamedNode(term(claim.predicate))
    target = Literal(claim.object) if claim.object_text else NamedNode(iris[claim.object])
    if claim.status == Status.ASSERTED or claim.predicate == "planned_IPO":
        yield subject, predicate, target
    yield node, _TYPE, _node("kg:Claim")
    yield node, _node("kg:subject"), subject
    yield node, _node("kg:predicate"), predicate
    yield node, _node("kg:object"), target
    yield node, _node("kg:status"), _node(f"kg:{claim.status}")
    if claim.claimant:
        yield node, _node("kg:claimant"), NamedNode(iris[claim.claimant])
    if claim.date:
        yield node, _node("kg:date"), date_literal(claim.date)
    if claim.date_end:
        yield node, _node("kg:date_end"), date_literal(claim.date_end)
    for key in ("percent", "percent_min", "percent_max"):
        number = getattr(claim, key)
        if number is not None:
            yield node, _node(f"kg:{key}"), decimal_literal(number)
    if claim.amount:
        yield node, _node("kg:amount"), Literal(claim.amount)
    yield node, _node("kg:confidence"), decimal_literal(claim.confidence)
    yield node, _node("kg:rule"), Literal(claim.rule)
    yield node, _node("prov:wasDerivedFrom"), graph
    yield node, _node("prov:wasGeneratedBy"), _node("kgd:activity/extraction")
    for cue in claim.cues:
        if cue.role in PRESENTING:
            yield from _cue(cue, node, document.id)
    evidence = claim.evidence
    quote = evidence_iri(document.id, evidence.start, evidence.end)
    yield node, _node("kg:evidence"), NamedNode(quote)
    yield NamedNode(quote), _TYPE, _node("kg:Evidence")
    yield NamedNode(quote), _TYPE, _node("oa:SpecificResource")
    yield NamedNode(quote), _node("oa:hasSource"), graph
    yield NamedNode(quote), _node("prov:wasQuotedFrom"), graph
    text = NamedNode(quote + "#quote")
    position = NamedNode(quote + "#position")
    yield NamedNode(quote), _node("oa:hasSelector"), text
    yield NamedNode(quote), _node("oa:hasSelector"), position
    yield text, _TYPE, _node("oa:TextQuoteSelector")
    yield text, _node("oa:exact"), Literal(evidence.text)
    yield text, _node("oa:prefix"), Literal(document.text[max(0, evidence.start - _CONTEXT) : evidence.start])
    yield text, _node("oa:suffix"), Literal(document.text[evidence.end : evidence.end + _CONTEXT])
    yield position, _TYPE, _node("oa:TextPositionSelector")
    yield position, _node("oa:start"), _integer(evidence.start)
    yield position, _node("oa:end"), _integer(evidence.end)


def _cue(cue: Cue, claim: NamedNode, document_id: str) -> Iterator[_Triple]:
    node = NamedNode(cue_iri(document_id, cue.role, cue.start, cue.end))
    yield claim, _node("kg:cue"), node
    yield node, _TYPE, _node("kg:Cue")
    yield node, _node("kg:cue_role"), Literal(cue.role)
    yield node, _node("oa:exact"), Literal(cue.text)
    yield node, _node("oa:start"), _integer(cue.start)
    yield node, _node("oa:end"), _integer(cue.end)


def date_literal(date: str) -> Literal:
    """A date of the precision given: `xsd:date`, `xsd:gYearMonth` or `xsd:gYear`; anything else stays a string."""
    for pattern, datatype in (
        (r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "xsd:date"),
        (r"\d{4}-(0[1-9]|1[0-2])", "xsd:gYearMonth"),
        (r"\d{4}", "xsd:gYear"),
    ):
        if re.fullmatch(pattern, date):
            return Literal(date, datatype=_node(datatype))
    return Literal(date)


def decimal_literal(number: float) -> Literal:
    """A decimal with at most four places, written the same way everywhere."""
    text = f"{number:.4f}".rstrip("0")
    return Literal(text + "0" if text.endswith(".") else text, datatype=_node("xsd:decimal"))


def iri_or_text(url: str) -> NamedNode | Literal:
    """A node for an absolute http(s) address that is a valid IRI; a plain string for anything else."""
    if re.match(r"https?://", url) and not _UNSAFE_IRI.search(url):
        try:
            return NamedNode(url)
        except ValueError:
            return Literal(url)
    return Literal(url)


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=_node("xsd:integer"))


@lru_cache(maxsize=256)
def _node(curie: str) -> NamedNode:
    return NamedNode(expand(curie))
