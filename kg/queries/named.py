"""The queries of ontology/queries/*.rq, with their parameters filled in.

A parameter stands in the file as `VALUES ?who { UNDEF }`, which leaves it open: the file can be run as it is. Filled,
it holds one or many terms, escaped as N-Triples, so that no name can break out of its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode

from kg import resources
from kg.errors import NotFound, StoreError
from kg.store.interface import Row, Rows, Store, Term

_BATCH: Final = 1000  # terms a query
_COUNTED: Final = 200  # terms counted by one query
#: Queries for which there is one over the index of names, in ontology/queries/indexed.
_INDEXED: Final = frozenset({"names", "nodes"})
_SLOT: Final = "VALUES ?{name} {{ UNDEF }}"


@lru_cache
def text(name: str) -> str:
    """The query of that name (`indexed/NAME`: over the index of names) as it stands in its file; raises NotFound."""
    path = resources.ontology() / "queries" / f"{name}.rq"
    if not path.is_file():
        raise NotFound("there is no such query", place=str(path))
    return path.read_text("utf-8")


def filled(name: str, **parameters: Iterable[Term]) -> str:
    """The query with its parameters filled in; an empty parameter stays open."""
    query = text(name)
    for parameter, terms in parameters.items():
        slot = _SLOT.format(name=parameter)
        if slot not in query:
            raise KeyError(f"{name}.rq has no parameter {parameter}")
        written = " ".join(str(term) for term in terms)
        if written:
            query = query.replace(slot, f"VALUES ?{parameter} {{ {written} }}")
    return query


def ask(store: Store, name: str, **parameters: Iterable[Term]) -> list[Row]:
    """The rows of a named query, in sorted order; a long first parameter is asked in parts.

    A parameter without any terms gives no rows: to leave it open, do not name it.
    """
    if name in _INDEXED and store.indexed:
        name = f"indexed/{name}"
    if not parameters:
        return _rows(store, filled(name))
    (first, terms), *others = parameters.items()
    fixed = {key: list(values) for key, values in others}
    if not all(fixed.values()):
        return []
    rows: list[Row] = []
    ordered = sorted(set(terms), key=str)
    for start in range(0, len(ordered), _BATCH):
        part = ordered[start : start + _BATCH]
        rows += _rows(store, filled(name, **{first: part, **fixed}))
    return rows


def counted(store: Store, name: str, parameter: str, terms: Iterable[Term], *, most: int) -> dict[str, int]:
    """How many rows a named query has for each term (by its text), counted up to `most`: no more than that is read."""
    counts: dict[str, int] = {}
    ordered = sorted(set(terms), key=str)
    for start in range(0, len(ordered), _COUNTED):
        parts = (
            f"{{ {filled(name, **{parameter: [one]})} LIMIT {most} }}" for one in ordered[start : start + _COUNTED]
        )
        query = f"SELECT ?{parameter} (COUNT(*) AS ?rows) {{ {' UNION '.join(parts)} }} GROUP BY ?{parameter}"
        counts |= {term.value: int(rows.value) for term, rows in _rows(store, query) if term and rows}
    return counts


def _rows(store: Store, query: str) -> list[Row]:
    answer = store.query(query)
    if not isinstance(answer, Rows):
        raise StoreError("rows were asked for, something else came", place=store.location)
    return sorted(answer.rows, key=lambda row: [str(term) for term in row])


def nodes(iris: Iterable[str]) -> list[NamedNode]:
    """IRIs as terms."""
    return [NamedNode(iri) for iri in iris]
