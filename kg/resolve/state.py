"""Whether a store was resolved as it is now: a mark that `resolve` leaves in the transaction that writes its result.

A build or an import that was killed before it resolved, and lists that came in since, show as a mark that does not fit.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.namespaces import digest, term
from kg.resolve.judgements import JUDGEMENTS, RESOLUTION
from kg.store import Rows, Store

#: What decides about the nodes of a store: the readings of its documents, its lists as they present themselves, and
#: how many texts and listings there are. Quick in a store of millions of quads, as no list is walked through.
_STATE: Final = (
    "SELECT ?document ?reading { ?document kg:reading ?reading }",
    "SELECT ?list ?property ?value { ?list a dcat:Dataset ; ?property ?value }",
    f"SELECT (COUNT(*) AS ?number) {{ ?node kg:content_hash ?hash FILTER(!STRSTARTS(STR(?node), '{JUDGEMENTS}') "
    f"&& !STRSTARTS(STR(?node), '{RESOLUTION}')) }}",
)


def state(store: Store) -> str:
    """Hexadecimal digits that change with the documents and lists of a store, and not with what was resolved."""
    rows = [row for query in _STATE for answer in [store.query(query)] if isinstance(answer, Rows) for row in answer]
    return digest(*sorted("\t".join(str(cell) for cell in row) for row in rows))


def mark(store: Store) -> Quad:
    """The mark of the present state, to be written with the judgements."""
    return Quad(NamedNode(RESOLUTION), NamedNode(term("content_hash")), Literal(state(store)), NamedNode(JUDGEMENTS))


def is_resolved(store: Store) -> bool:
    """Whether `resolve` has seen all that the store holds now; an empty store is."""
    kept = store.query(f"SELECT ?mark {{ GRAPH <{JUDGEMENTS}> {{ <{RESOLUTION}> kg:content_hash ?mark }} }}")
    marks = {cell.value for row in (kept if isinstance(kept, Rows) else ()) for cell in row if cell is not None}
    if not marks and store.query("ASK { ?node skos:prefLabel ?name }") is not True:
        return True
    return state(store) in marks
