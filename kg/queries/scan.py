"""One property of the whole store -> its pairs: the one form of query whose cost is plainly that of its answer.

Joins over a list of a million quads are made here in Python by the callers: a query engine that does not know that
most subjects are claims and evidence chooses badly.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.store import Rows, Store


def pairs(store: Store, prop: str) -> Iterator[tuple[str, str]]:
    """Subject and value, as plain texts, of every triple with the property (`kg:date`)."""
    yield from _rows(store, f"SELECT ?s ?o {{ ?s {prop} ?o }}")


def pairs_by_graph(store: Store, prop: str) -> Iterator[tuple[str, str, str]]:
    """Graph, subject and value of every triple with the property."""
    answer = store.query(f"SELECT ?g ?s ?o {{ GRAPH ?g {{ ?s {prop} ?o }} }}")
    for graph, subject, value in answer if isinstance(answer, Rows) else ():
        if graph is not None and subject is not None and value is not None:
            yield graph.value, subject.value, value.value


def instances(store: Store, kind: str) -> set[str]:
    """The nodes of a class (`kg:Listing`)."""
    answer = store.query(f"SELECT ?s {{ ?s a {kind} }}")
    return {row[0].value for row in answer if row[0] is not None} if isinstance(answer, Rows) else set()


def holders(store: Store, prop: str, value: str) -> set[str]:
    """The subjects that have this value (`kg:alias_quality`, `"weak"`)."""
    answer = store.query(f"SELECT ?s {{ ?s {prop} {value} }}")
    return {row[0].value for row in answer if row[0] is not None} if isinstance(answer, Rows) else set()


def _rows(store: Store, query: str) -> Iterator[tuple[str, str]]:
    answer = store.query(query)
    for subject, value in answer if isinstance(answer, Rows) else ():
        if subject is not None and value is not None:
            yield subject.value, value.value
