"""Five typical queries on 200,000 triples: kg's store against rdflib's memory store and bare pyoxigraph.

    python benchmarks/queries.py [TRIPLES]

Prints milliseconds (median of the runs) and the two ratios that matter: rdflib / kg, and kg / pyoxigraph, both stores in
memory in the same process.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from itertools import islice
from statistics import median

import pyoxigraph
import rdflib
from synthetic import documents

from kg import triples
from kg.namespaces import PREFIXES, entity_iri
from kg.store import open_store


def queries(name: str) -> dict[str, str]:
    """The five queries around a company that has an owner with a place."""
    node = f"<{entity_iri('Company', name)}>"
    return {
        "label lookup": f'SELECT ?x {{ ?x skos:prefLabel "{name}" }}',
        "two hops": f"SELECT DISTINCT ?z {{ {node} kg:owned_by/kg:located_in ?z }}",
        "group by": "SELECT ?p (COUNT(*) AS ?n) { ?claim kg:predicate ?p } GROUP BY ?p",
        "owned_by+": f"SELECT DISTINCT ?x {{ {node} kg:owned_by+ ?x }}",
        "text search": 'SELECT DISTINCT ?x ?l { ?x skos:prefLabel ?l FILTER(CONTAINS(LCASE(?l), "x0000")) }',
    }


def _asked(store: pyoxigraph.Store, sparql: str) -> pyoxigraph.QuerySolutions:
    answer = store.query(sparql, prefixes=PREFIXES, use_default_graph_as_union=True)
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    return answer


def timed(run: Callable[[], int], *, seconds: float) -> tuple[float, int]:
    """Median milliseconds of as many runs as fit, at least three, and the number of rows."""
    run()
    taken, rows, began = [], 0, time.perf_counter()
    while len(taken) < 3 or (time.perf_counter() - began < seconds and len(taken) < 300):
        start = time.perf_counter()
        rows = run()
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken), rows


def main(count: int) -> None:
    """Load the same triples three times and ask the same queries."""
    quads = list(islice((quad for one in documents(count) for quad in triples.quads(one)), count))
    bare = pyoxigraph.Store()
    bare.bulk_extend(quads)
    store = open_store(None)
    by_graph: dict[str, list[pyoxigraph.Quad]] = {}
    for quad in quads:
        by_graph.setdefault(quad.graph_name.value, []).append(quad)
    store.replace_graphs(by_graph)
    graph = rdflib.Graph()
    text = pyoxigraph.serialize((quad.triple for quad in quads), format=pyoxigraph.RdfFormat.N_TRIPLES)
    graph.parse(data=text, format="nt")
    prefixes = {name: rdflib.Namespace(iri) for name, iri in PREFIXES.items()}
    print(f"{len(quads)} quads of {len(by_graph)} documents")
    print(f"{'query':<14}{'rows':>8}{'rdflib':>10}{'pyoxigraph':>12}{'kg':>10}{'rdflib/kg':>11}{'kg/pyoxi':>10}")
    (found, *_) = store.query(
        "SELECT ?l { ?x kg:owned_by/kg:located_in ?z ; skos:prefLabel ?l } ORDER BY ?l LIMIT 1"
    ).values()
    for name, sparql in queries(found[0]).items():
        slow, rows = timed(lambda: len(list(graph.query(sparql, initNs=prefixes))), seconds=2)  # noqa: B023
        plain, same = timed(
            lambda: len([tuple(row) for row in _asked(bare, sparql)]),  # noqa: B023
            seconds=2,
        )
        ours, also = timed(lambda: len(store.query(sparql)), seconds=2)  # type: ignore[arg-type]  # noqa: B023
        if not 0 < rows == same == also:
            raise SystemExit(f"{name}: {rows}, {same} and {also} rows")
        print(f"{name:<14}{also:>8}{slow:>10.3f}{plain:>12.3f}{ours:>10.3f}{slow / ours:>11.1f}{ours / plain:>10.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
