"""Is this graph what it should be? The SHACL shapes, and what SHACL cannot see: the named graphs.

A store goes in, violations come out, sorted. All of it is asked in SPARQL, so the store does the work where the graph
lies. Nothing is repaired here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from rdflib import RDF, Graph, Namespace

from kg import resources
from kg.namespaces import ONTOLOGY, RESOURCE, expand, shorten
from kg.rdf.shacl import Check, compile_shapes
from kg.store.interface import Row, Rows, Store, Term

#: Graphs that restate what other graphs say; their plain triples have their claims there.
_DERIVED: Final = f"{RESOURCE}graph/"

_GRAPH_CHECKS: Final = (
    Check(
        "an entity has one preferred name in each graph",
        "",
        """SELECT DISTINCT ?graph ?focus { GRAPH ?graph {
            ?focus skos:prefLabel ?a, ?b FILTER (STR(?a) < STR(?b)) } }""",
    ),
    Check(
        "no node is blank",
        "",
        "SELECT ?graph ?focus ?path { GRAPH ?graph { ?focus ?path ?o FILTER (isBlank(?focus) || isBlank(?o)) } }",
    ),
)

_PLAIN: Final = "SELECT ?graph ?s ?p ?o { VALUES ?p { RELATIONS } GRAPH ?graph { ?s ?p ?o } }"
_CLAIMED: Final = """SELECT ?graph ?s ?p ?o ?claim ?status { GRAPH ?graph {
    ?claim a kg:Claim ; kg:status ?status ; kg:subject ?s ; kg:predicate ?p ; kg:object ?o } }"""


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


def check(store: Store) -> list[Violation]:
    """All violations in the store, sorted; empty when it conforms. Raises what a query of the store raises."""
    found: set[Violation] = set(_plain_triples(store))
    for one in _checks():
        rows = _select(store, one.query)
        for row in rows:
            texts = ("" if term is None else brief(term.value) for term in row)
            shown = dict(zip(rows.variables, texts, strict=True))
            path = shown.get("path", brief(one.path))
            found.add(Violation(one.message, shown["focus"], path, shown.get("value", ""), shown.get("graph", "")))
    return sorted(found)


def _plain_triples(store: Store) -> Iterator[Violation]:
    """Claims and plain triples side by side: two passes and a set; one query would try each claim on each triple."""
    plain = {row for row in _select(store, _PLAIN.replace("RELATIONS", _relations())) if not _is_derived(row)}
    proved: set[Row] = set()
    asserted, planned = expand("kg:asserted"), expand("kg:planned_IPO")
    for *triple, claim, status in _select(store, _CLAIMED):
        key = tuple(triple)
        if status and status.value == asserted:
            proved.add(key)
            if key not in plain and claim:
                message = "a claim that is asserted also stands as a plain triple in its graph"
                yield Violation(message, brief(claim.value), graph=_brief(key[0]))
        elif key[2] and key[2].value == planned:
            proved.add(key)
    for graph, subject, predicate, target in plain - proved:
        message = "a relation stands as a plain triple only where an asserted claim, or a planned IPO, proves it"
        yield Violation(message, _brief(subject), _brief(predicate), _brief(target), _brief(graph))


def _is_derived(row: Row) -> bool:
    return row[0] is not None and row[0].value.startswith(_DERIVED)


def _select(store: Store, query: str) -> Rows:
    answer = store.query(query)
    if not isinstance(answer, Rows):
        raise TypeError("a check is a SELECT")
    return answer


def _brief(term: Term | None) -> str:
    return "" if term is None else brief(term.value)


def brief(iri: str) -> str:
    """An IRI for people: `prefix:local`, also where the local part holds slashes and so is no Turtle."""
    return f"kgd:{iri.removeprefix(RESOURCE)}" if iri.startswith(RESOURCE) else shorten(iri)


@cache
def _ontology() -> Graph:
    return Graph().parse(resources.ontology() / "sanctions.ttl")


@cache
def _relations() -> str:
    kinds = Namespace(ONTOLOGY)
    return " ".join(sorted(one.n3() for kind in (kinds.Relation, kinds.ClaimPredicate)
                           for one in _ontology().subjects(RDF.type, kind)))  # fmt: skip


@cache
def _checks() -> tuple[Check, ...]:
    return (*compile_shapes(Graph().parse(resources.ontology() / "shapes.ttl"), _ontology()), *_GRAPH_CHECKS)
