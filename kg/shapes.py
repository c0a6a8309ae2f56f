"""Is this graph what it should be? SHACL over the triples, SPARQL over what SHACL cannot see: the named graphs.

Quads go in, violations come out, sorted. The work is done in portions of whole named graphs, each of which is closed
in itself (a document's graph types every entity that its claims speak of), so memory stays bounded whatever the size
of the store. Nothing is repaired here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import pyoxigraph
from oxrdflib import OxigraphStore
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple
from pyshacl import validate as shacl
from rdflib import RDF, SH, Graph, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.term import Node

from kg import resources
from kg.namespaces import PREFIXES, RESOURCE, shorten
from kg.store.answers import Store

#: Graphs that restate what other graphs say, or speak of their nodes; they are closed only over the whole store.
DERIVED: Final = f"{RESOURCE}graph/"

_PORTION: Final = 100_000  # triples that are validated together

_GRAPH_CHECKS: Final = (
    (
        "a claim that is asserted also stands as a plain triple in its graph",
        """SELECT ?g ?focus WHERE { GRAPH ?g {
            ?focus a kg:Claim ; kg:status kg:asserted ; kg:subject ?s ; kg:predicate ?p ; kg:object ?o
            FILTER NOT EXISTS { ?s ?p ?o } } }""",
    ),
    (
        "a relation stands as a plain triple only where an asserted claim, or a planned IPO, proves it",
        """SELECT ?g (?s AS ?focus) ?p ?o WHERE {
            GRAPH ?g { ?s ?p ?o }
            GRAPH <urn:ontology> { ?p a ?kind VALUES ?kind { kg:Relation kg:ClaimPredicate } }
            FILTER NOT EXISTS { GRAPH ?g { ?claim kg:subject ?s ; kg:predicate ?p ; kg:object ?o ; kg:status ?status
                FILTER (?status = kg:asserted || ?p = kg:planned_IPO) } } }""",
    ),
    (
        "an entity has one preferred name in each graph",
        """SELECT ?g ?focus WHERE { GRAPH ?g { ?focus skos:prefLabel ?a, ?b FILTER (STR(?a) < STR(?b)) } }""",
    ),
    (
        "no node is blank",
        """SELECT ?g (?s AS ?focus) ?p WHERE { GRAPH ?g { ?s ?p ?o FILTER (isBlank(?s) || isBlank(?o)) } }""",
    ),
)


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One place where a graph is not what it should be; IRIs in their short form.

    `node` is the node at fault, `path` the property (empty where the node as a whole is), `value` what stands there
    (empty where something is missing), `graph` the named graph, or empty where the check was over several.
    """

    message: str
    node: str
    path: str = ""
    value: str = ""
    graph: str = ""

    def __str__(self) -> str:
        """The violation as one sentence."""
        value = f" {self.value!r}" if self.value else ""
        place = f" (in {self.graph})" if self.graph else ""
        return f"{self.node}: {self.message}{f'; {self.path}' if self.path else ''}{value}{place}"


class _Counted(Graph):
    """A graph that counts itself once: pySHACL asks for its length at every failed alternative, and Oxigraph counts
    by visiting every triple."""

    _length: int | None = None

    def __len__(self) -> int:
        """The number of triples when it was first asked for."""
        if self._length is None:
            self._length = super().__len__()
        return self._length


def check(store: Store) -> list[Violation]:
    """All violations in the store, sorted; empty when it conforms."""
    found: set[Violation] = set()
    portion: list[Quad] = []
    derived: list[Quad] = []
    for name in store.graph_names():
        quads = store.quads(name)
        if name.startswith(DERIVED):
            derived.extend(quads)
            continue
        portion.extend(quads)
        if len(portion) >= _PORTION:
            found.update(validate(portion))
            portion = []
    found.update(validate(portion))
    found.update(_shacl(quad.triple for quad in derived))
    return sorted(found)


def validate(quads: Iterable[Quad]) -> list[Violation]:
    """The violations in these quads, which hold whole named graphs; sorted."""
    graphs = pyoxigraph.Store()
    graphs.bulk_extend(quads)
    found = {*_shacl(quad.triple for quad in graphs), *_graph_checks(graphs)}
    return sorted(found)


def _shacl(triples: Iterable[Triple]) -> Iterator[Violation]:
    """The violations of ontology/shapes.ttl; the ontology stands beside the triples, for its class tree."""
    union = pyoxigraph.Store()
    union.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in (*triples, *_ontology()))
    graph = _Counted(store=OxigraphStore(store=union), identifier=DATASET_DEFAULT_GRAPH_ID)
    conforms, report, text = shacl(graph, shacl_graph=_shapes(), inference="none", inplace=True, meta_shacl=False)
    if not isinstance(report, Graph):
        raise TypeError(f"pySHACL gave no report: {text}")
    for result in () if conforms else report.subjects(RDF.type, SH.ValidationResult):
        yield Violation(
            message=str(report.value(result, SH.resultMessage)),
            node=_short(report.value(result, SH.focusNode)),
            path=_short(report.value(result, SH.resultPath)),
            value=_short(report.value(result, SH.value)),
        )


def _graph_checks(graphs: pyoxigraph.Store) -> Iterator[Violation]:
    home = NamedNode("urn:ontology")
    graphs.extend(Quad(t.subject, t.predicate, t.object, home) for t in _ontology())
    for message, query in _GRAPH_CHECKS:
        solutions = graphs.query(query, prefixes=PREFIXES)
        if not isinstance(solutions, pyoxigraph.QuerySolutions):
            raise TypeError("a check of the graphs is a SELECT")
        names = {variable.value for variable in solutions.variables}
        for solution in solutions:
            if solution["g"] != home:
                shown = {
                    name: brief(term.value) if term is not None and not isinstance(term, Triple) else ""
                    for name in sorted(names)
                    for term in (solution[name],)
                }
                yield Violation(message, shown["focus"], shown.get("p", ""), shown.get("o", ""), shown["g"])


def _short(term: Node | None) -> str:
    """A term for people; the blank node of a property path has no name to show."""
    if isinstance(term, URIRef):
        return brief(str(term))
    return "" if term is None or type(term).__name__ == "BNode" else str(term)


def brief(iri: str) -> str:
    """An IRI for people: `prefix:local`, also where the local part holds slashes and so is no Turtle."""
    return f"kgd:{iri.removeprefix(RESOURCE)}" if iri.startswith(RESOURCE) else shorten(iri)


@cache
def _ontology() -> tuple[Triple, ...]:
    """The triples of the ontology."""
    path = resources.ontology() / "sanctions.ttl"
    return tuple(quad.triple for quad in pyoxigraph.parse(path=str(path), format=RdfFormat.TURTLE))


@cache
def _shapes() -> Graph:
    """The SHACL shapes."""
    return Graph().parse(resources.ontology() / "shapes.ttl")
