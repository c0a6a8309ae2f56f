"""Triples of a store -> a networkx multigraph: entities are nodes, claims are edges.

In: triples or quads in the form of `kg.rdf.serialize` (of texts and of official lists alike). Out: a
`networkx.MultiDiGraph` that keeps everything a reader needs to judge an edge, and nothing of RDF:

- nodes: the entity's IRI, with `label`, `type`, `names`, `attributes` (pairs), `documents` (IRIs), `facts`
  (claims whose object is a text or a date) `listed` and `listing` (how strongly: see `_grades`);
- edges: the claim's IRI as key, with `predicate`, `status` and `claim`, a `NetworkClaim`;
- graph attributes: `documents` (IRI -> `Source`) and `left_out`, what a limit kept away.

Where a judgement says that two nodes are the same (`kg:canonical`), the cluster is one node here. Layouts are
in `kg.view.layout`; which triples are read for a focus is here too, so that a big store is never read whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import networkx
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.model import EntityType
from kg.namespaces import ONTOLOGY, RESOURCE, expand
from kg.rdf.claim_record import claim_texts, text, texts
from kg.reference import authority

if TYPE_CHECKING:
    Network = networkx.MultiDiGraph[str]
else:
    Network = networkx.MultiDiGraph

#: A listing of the subject, in whatever words.
LISTING: Final = frozenset({"listed_by", "listed_on", "listed_under"})
#: Relations over which a listing reaches the subject: it is owned, controlled or held by the object.
EXPOSING: Final = frozenset({"owned_by", "controlled_by", "subsidiary_of"})

_TYPES: Final = {ONTOLOGY + kind: kind.value for kind in EntityType}
_TYPE_ORDER: Final = {kind.value: place for place, kind in enumerate(EntityType)}
_SURE: Final = 0.5  # confidence of a text from which a listing counts, as for the ownership rules
_NOT_LISTED: Final = frozenset({"Country", "Place", "List", "LegalInstrument"})
_MENTIONS: Final = ("kg:mentioned_in", "kg:listed_entry_of")
_NOT_ATTRIBUTES: Final = frozenset({"canonical", "mentioned_in", "listed_entry_of", "name_key"})
#: What the network has no use for, passed over early: it is a seventh of a store.
_UNREAD: Final = frozenset(
    map(
        expand,
        ("kg:name_key", "kg:reading", "prov:wasGeneratedBy", "prov:wasQuotedFrom", "oa:hasSource", "oa:end"),
    )
)
_KEPT_DCTERMS: Final = {"identifier": "identifier", "description": "description"}


@dataclass(frozen=True, slots=True)
class Source:
    """The document or official list that a claim stands in; `url` as it was given, unchecked."""

    iri: str
    title: str = ""
    date: str = ""
    url: str = ""
    path: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class NetworkClaim:
    """One claim with its evidence. Numbers are strings as stored; absent values are empty strings.

    `subject` and `object` are nodes of the network; `object` is the text itself where `literal` is true.
    `prefix` and `suffix` are the characters around the quotation; `start` its offset in the document, or the
    row of an official list.
    """

    iri: str
    subject: str
    predicate: str
    object: str
    literal: bool
    status: str = "asserted"
    source: str = ""
    date: str = ""
    date_end: str = ""
    claimant: str = ""
    percent: str = ""
    percent_min: str = ""
    percent_max: str = ""
    amount: str = ""
    confidence: float = 1.0
    rule: str = ""
    quote: str = ""
    prefix: str = ""
    suffix: str = ""
    start: str = ""
    row: str = ""
    corroboration: str = ""
    corroboration_note: str = ""


_Term = NamedNode | Literal | BlankNode | Triple
_Index = Mapping[str, Mapping[str, Collection[_Term]]]


def network(triples: Iterable[Quad | Triple]) -> Network:
    """The network of everything that `triples` say about entities, nodes and edges in sorted order."""
    index: dict[str, dict[str, dict[_Term, None]]] = defaultdict(lambda: defaultdict(dict))
    for triple in triples:
        predicate = triple.predicate.value
        if predicate not in _UNREAD and isinstance(subject := triple.subject, NamedNode):
            index[subject.value][predicate][triple.object] = None
    same = expand("kg:canonical")
    canonical = {iri: text(values, "kg:canonical") for iri, values in index.items() if same in values}
    claims = sorted(_claims(index, canonical), key=lambda claim: (claim.subject, claim.object, claim.iri))
    graph: Network = networkx.MultiDiGraph()
    _add_nodes(graph, index, canonical, claims)
    for claim in claims:
        if claim.literal:
            graph.nodes[claim.subject]["facts"].append(claim)
        else:
            graph.add_edge(
                claim.subject, claim.object, key=claim.iri, predicate=claim.predicate, status=claim.status, claim=claim
            )
    for node, grade in _grades(graph, claims).items():
        graph.nodes[node].update(listed=True, listing=grade)
    wanted = {claim.source for claim in claims}.union(*(attrs["documents"] for _, attrs in graph.nodes(data=True)))
    graph.graph["documents"] = {iri: _source(iri, index.get(iri, {})) for iri in sorted(wanted - {""})}
    graph.graph["left_out"] = {}
    return graph


def _grades(graph: Network, claims: Iterable[NetworkClaim]) -> dict[str, str]:
    """The nodes that are listed: `list` where an imported list holds them, `text` where only texts say so.

    A text counts from confidence 0.5 up, and neither of them for states, lists and the authorities themselves. What was
    delisted later by anybody is no longer listed.
    """
    begun: dict[str, list[NetworkClaim]] = defaultdict(list)
    ended: dict[str, str] = {}
    for claim in claims:
        if claim.status != "asserted" or claim.literal:
            continue
        if claim.predicate in LISTING:
            begun[claim.subject].append(claim)
        elif claim.predicate == "delisted_by":
            ended[claim.subject] = max(ended.get(claim.subject, ""), claim.date)
    found: dict[str, str] = {}
    for node, told in begun.items():
        of_list = any(claim.rule.startswith("list:") for claim in told)
        sure = of_list or any(claim.confidence >= _SURE for claim in told)
        over = node in ended and not of_list and all(claim.date <= ended[node] for claim in told)
        if sure and not over and _listable(graph.nodes[node]):
            found[node] = "list" if of_list else "text"
    return found


def _listable(attrs: Mapping[str, Any]) -> bool:
    return attrs["type"] not in _NOT_LISTED and authority(attrs["label"], loose=False) is None


def exposure(graph: Network) -> dict[str, tuple[str, ...]]:
    """For each node that is not listed itself but held by one that is: the shortest chain up to the listed one.

    Only asserted ownership, control and subsidiary claims are followed. That says nothing of a 50 % rule
    (`kg.ownership` does): it is the picture's mark for "look here".

    >>> exposure(networkx.MultiDiGraph())
    {}
    """
    chains: dict[str, tuple[str, ...]] = {node: (node,) for node in sorted(graph) if graph.nodes[node].get("listed")}
    direct = set(chains)
    frontier = sorted(chains)
    while frontier:
        reached: dict[str, tuple[str, ...]] = {}
        for holder in frontier:
            for held, _, attrs in graph.in_edges(holder, data=True):
                if attrs["predicate"] in EXPOSING and attrs["status"] == "asserted" and held not in chains:
                    reached[held] = min(reached.get(held, (held, *chains[holder])), (held, *chains[holder]))
        chains.update(reached)
        frontier = sorted(reached)
    return {node: chain for node, chain in sorted(chains.items()) if node not in direct}


def subnetwork(graph: Network, nodes: Iterable[str]) -> Network:
    """The part of `graph` between `nodes`, as a graph of its own, with only the documents that it quotes."""
    kept = set(nodes)
    part: Network = networkx.MultiDiGraph()
    part.add_nodes_from((node, graph.nodes[node]) for node in graph if node in kept)
    for u, v, key, attrs in graph.edges(keys=True, data=True):
        if u in kept and v in kept:
            part.add_edge(u, v, key=key, **attrs)
    sources = {attrs["claim"].source for _, _, attrs in part.edges(data=True)}
    for _, attrs in part.nodes(data=True):
        sources.update(attrs["documents"])
        sources.update(fact.source for fact in attrs["facts"])
    part.graph["documents"] = {iri: source for iri, source in graph.graph["documents"].items() if iri in sources}
    part.graph["left_out"] = {
        "entities": graph.number_of_nodes() - part.number_of_nodes(),
        "claims": graph.number_of_edges() - part.number_of_edges(),
    }
    return part


def _add_nodes(graph: Network, index: _Index, canonical: Mapping[str, str], claims: Sequence[NetworkClaim]) -> None:
    members: dict[str, list[str]] = defaultdict(list)
    claimed = {claim.predicate for claim in claims if claim.literal}
    ends = {end for claim in claims for end in (claim.subject, "" if claim.literal else claim.object, claim.claimant)}
    entities = {iri for iri, values in index.items() if _kinds(values)} | (ends - {""})
    for iri in sorted(entities):
        members[canonical.get(iri, iri)].append(iri)
    for node, cluster in sorted(members.items()):
        ordered = [node, *(iri for iri in cluster if iri != node)]
        values = [index.get(iri, {}) for iri in ordered]
        names = {name for value in values for name in texts(value, "skos:prefLabel", "skos:altLabel")} - {""}
        own = next((found for value in values if (found := texts(value, "skos:prefLabel"))), sorted(names))
        label = min(own, key=lambda name: (-len(name), name)) if own else node.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
        kinds = sorted({kind for value in values for kind in _kinds(value)}, key=_TYPE_ORDER.__getitem__)
        graph.add_node(
            node,
            label=label,
            type=kinds[0] if kinds else "Thing",
            names=sorted(names - {label}),
            attributes=sorted({pair for value in values for pair in _attributes(value) if pair[0] not in claimed}),
            documents=sorted({iri for value in values for iri in texts(value, *_MENTIONS)}),
            members=cluster if cluster != [node] else [],
            facts=[],
            listed=False,
            listing="",
        )


def _claims(index: _Index, canonical: Mapping[str, str]) -> Iterator[NetworkClaim]:
    claim_type = expand("kg:Claim")
    notes = _corroboration_notes(index)
    for iri, values in index.items():
        if claim_type not in texts(values, "rdf:type"):
            continue
        told = claim_texts(index, iri)
        if not told.object or not told.subject:
            continue
        yield NetworkClaim(
            iri=iri,
            subject=canonical.get(told.subject, told.subject),
            predicate=told.predicate,
            object=told.object if told.literal else canonical.get(told.object, told.object),
            literal=told.literal,
            status=told.status or "asserted",
            source=told.source,
            date=told.date,
            date_end=told.date_end,
            claimant=canonical.get(told.claimant, told.claimant),
            percent=_number(told.percent),
            percent_min=_number(told.percent_min),
            percent_max=_number(told.percent_max),
            amount=told.amount,
            confidence=float(told.confidence or 1.0),
            rule=told.rule,
            quote=told.quote,
            prefix=told.prefix,
            suffix=told.suffix,
            start=told.start,
            row=told.row,
            corroboration=told.corroboration,
            corroboration_note=notes.get(iri, ""),
        )


def _corroboration_notes(index: _Index) -> dict[str, str]:
    """Claim -> the sentence on what the lists say of it, where corroborations were computed."""
    return {claim: text(values, "kg:note") for values in index.values() for claim in texts(values, "kg:corroborates")}


def _attributes(values: Mapping[str, Collection[_Term]]) -> Iterator[tuple[str, str]]:
    for predicate, terms in values.items():
        if predicate.startswith(ONTOLOGY):
            key = predicate.removeprefix(ONTOLOGY)
        else:
            key = _KEPT_DCTERMS.get(predicate.removeprefix(expand("dcterms:")), "")
        if key and key not in _NOT_ATTRIBUTES:
            yield from ((key, term.value) for term in terms if isinstance(term, Literal))


def _source(iri: str, values: Mapping[str, Collection[_Term]]) -> Source:
    title = text(values, "dcterms:title") or text(values, "rdfs:label") or text(values, "dcterms:identifier")
    return Source(
        iri=iri,
        title=title or iri.removeprefix(RESOURCE).rsplit("/", 1)[-1],
        date=text(values, "dcterms:issued"),
        url=text(values, "dcterms:source"),
        path=text(values, "kg:source_path"),
        publisher=text(values, "dcterms:publisher"),
    )


def _kinds(values: Mapping[str, Collection[_Term]]) -> list[str]:
    return [_TYPES[iri] for iri in texts(values, "rdf:type") if iri in _TYPES]


def _number(text: str) -> str:
    """A number written the same way whatever store it comes from: some keep 80.0, some 80."""
    return f"{float(text):.10g}" if text else ""
