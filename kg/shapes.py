"""Is this graph what it should be? The SHACL shapes, and what SHACL cannot see: the named graphs.

A store goes in, violations come out, sorted. All of it is asked in SPARQL, so the store does the work where the graph
lies. Nothing is repaired here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from rdflib import RDF, Graph, Namespace

from kg import resources
from kg.namespaces import ONTOLOGY, RESOURCE, shorten
from kg.shacl import Check, compile_shapes
from kg.store.answers import Rows, Store

#: Graphs that restate what other graphs say; their plain triples have their claims there.
_DERIVED: Final = f"{RESOURCE}graph/"

_GRAPH_CHECKS: Final = (
    Check(
        "a claim that is asserted also stands as a plain triple in its graph",
        "",
        """SELECT ?graph ?focus { GRAPH ?graph {
            ?focus a kg:Claim ; kg:status kg:asserted ; kg:subject ?s ; kg:predicate ?p ; kg:object ?o
            FILTER NOT EXISTS { ?s ?p ?o } } }""",
    ),
    Check(
        "a relation stands as a plain triple only where an asserted claim, or a planned IPO, proves it",
        "",
        """SELECT ?graph ?focus ?path ?value { VALUES ?path { RELATIONS } GRAPH ?graph { ?focus ?path ?value }
            FILTER (!STRSTARTS(STR(?graph), "DERIVED"))
            FILTER NOT EXISTS { GRAPH ?graph {
                ?claim kg:subject ?focus ; kg:predicate ?path ; kg:object ?value ; kg:status ?status
                FILTER (?status = kg:asserted || ?path = kg:planned_IPO) } } }""",
    ),
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
    found: set[Violation] = set()
    for one in _checks():
        rows = store.query(one.query)
        if not isinstance(rows, Rows):
            raise TypeError("a check is a SELECT")
        for row in rows:
            shown = {
                name: "" if term is None else brief(term.value) for name, term in zip(rows.variables, row, strict=True)
            }
            path = shown.get("path", brief(one.path))
            found.add(Violation(one.message, shown["focus"], path, shown.get("value", ""), shown.get("graph", "")))
    return sorted(found)


def brief(iri: str) -> str:
    """An IRI for people: `prefix:local`, also where the local part holds slashes and so is no Turtle."""
    return f"kgd:{iri.removeprefix(RESOURCE)}" if iri.startswith(RESOURCE) else shorten(iri)


@cache
def _checks() -> tuple[Check, ...]:
    folder = resources.ontology()
    ontology = Graph().parse(folder / "sanctions.ttl")
    kinds = Namespace(ONTOLOGY)
    predicates = {one for kind in (kinds.Relation, kinds.ClaimPredicate) for one in ontology.subjects(RDF.type, kind)}
    relations = " ".join(sorted(one.n3() for one in predicates))
    graphs = (
        Check(one.message, one.path, one.query.replace("RELATIONS", relations).replace("DERIVED", _DERIVED))
        for one in _GRAPH_CHECKS
    )
    return (*compile_shapes(Graph().parse(folder / "shapes.ttl"), ontology), *graphs)
