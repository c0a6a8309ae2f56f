"""The store interface on top of the pool: the named questions run unchanged, each of their queries in a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat

from kg.errors import QueryTimeout, StoreError
from kg.server.pool import Pool
from kg.server.requests import CURRENT
from kg.store.formats import read_rows
from kg.store.interface import Answer, Rows, Term
from kg.store.name_index import INDEX, IS_WHOLE
from kg.store.sparql import bind, form

BASE: Final = "https://w3id.org/sanctions-kg/id/"


@dataclass(slots=True)
class PoolStore(AbstractContextManager["PoolStore"]):
    """Reads through the pool, from any thread but that of the loop."""

    pool: Pool
    loop: asyncio.AbstractEventLoop
    location: str = "this server"
    _whole: tuple[str, bool] = ("", False)

    @property
    def indexed(self) -> bool:
        """See `Store.indexed`."""
        version = self.pool.version
        if self._whole[0] != version:
            self._whole = (version, self.query(IS_WHOLE) is True)
        return self._whole[1]

    def query(self, sparql: str, *, bindings: Mapping[str, Term] | None = None) -> Answer:
        """See `Store.query`; more rows than the server gives to one query raise StoreError."""
        text = bind(sparql, bindings or {})
        graph = form(text) in ("CONSTRUCT", "DESCRIBE")
        head, body = self._ask(request(text, "nt" if graph else "json", rows=self.pool.limits.rows))
        if head["cut"]:
            raise StoreError(f"more than {self.pool.limits.rows} rows", place=self.location, hint="ask for less")
        if graph:
            return [quad.triple for quad in pyoxigraph.parse(body, format=RdfFormat.N_TRIPLES)]
        return read_rows(body)

    def _ask(self, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        attention = CURRENT.get()
        if attention is None:
            return asyncio.run_coroutine_threadsafe(self.pool.ask(asked), self.loop).result()
        attention.check()
        future = asyncio.run_coroutine_threadsafe(self.pool.ask(asked), self.loop)
        attention.waited.add(future)
        try:
            return future.result()
        except CancelledError:
            raise QueryTimeout("nobody waits for the answer") from None
        finally:
            attention.waited.discard(future)

    def replace_graphs(self, graphs: Mapping[str, Iterable[Quad]]) -> None:
        """Not here: the pool only reads."""
        raise StoreError("this store is for reading only", place=self.location)

    def graph_names(self) -> list[str]:
        """See `Store.graph_names`."""
        rows = self.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        assert isinstance(rows, Rows)
        return sorted(row[0].value for row in rows if row[0] is not None and row[0].value != INDEX)

    def quads(self, graph: str | None = None) -> Iterator[Quad]:
        """See `Store.quads`."""
        for name in self.graph_names() if graph is None else [graph]:
            head, body = self._ask({"kind": "graph", "graph": name, "format": "nt"})
            if head["found"]:
                for quad in pyoxigraph.parse(body, format=RdfFormat.N_TRIPLES):
                    yield Quad(quad.subject, quad.predicate, quad.object, NamedNode(name))

    def close(self) -> None:
        """The pool goes on."""

    def __exit__(self, *_: object) -> None:
        self.close()


def request(
    text: str,
    format_: str,
    *,
    rows: int,
    base: str = BASE,
    default: tuple[str, ...] | None = None,
    named: tuple[str, ...] | None = None,
    services: tuple[str, ...] = (),
) -> dict[str, Any]:
    """A query in the form that a worker reads."""
    return {
        "kind": "query",
        "query": text,
        "format": format_,
        "rows": rows,
        "base": base,
        "default": default,
        "named": named,
        "services": services,
    }
