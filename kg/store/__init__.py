"""Open, ask, replace: one small interface over a graph in memory, in a folder, or behind a SPARQL endpoint.

A location goes in (`None`, a folder, a URL), a `Store` comes out. What the graph means is not known here.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pyoxigraph import Triple

from kg.store.embedded import EmbeddedStore, open_folder, open_memory
from kg.store.interface import Answer, Row, Rows, Store, Streamed, Term

__all__ = ["Answer", "EmbeddedStore", "Row", "Rows", "Store", "Streamed", "Term", "open_store", "stream"]


def open_store(location: str | Path | None, *, read_only: bool = False, services: Collection[str] = ()) -> Store:
    """The store at `location`: None is a new one in memory, a URL a SPARQL server, else a folder on disk.

    `read_only` opens a folder as a snapshot of this moment, beside any writer; it must exist. `services` are the
    IRIs that a query may call by SERVICE; none by default. Raises StoreBusy or StoreError.
    """
    if location is None:
        return open_memory(services=services)
    if isinstance(location, str) and location.startswith(("http://", "https://")):
        from kg.store.endpoint import open_endpoint  # a folder needs no HTTP client

        return open_endpoint(location)
    return open_folder(Path(location), read_only=read_only, services=services)


def stream(store: Store, sparql: str) -> Streamed | bool | list[Triple]:
    """The answer to a query; rows as they are computed where the store is in this process, else from the whole answer.

    Read it before the store is closed.
    """
    if isinstance(store, EmbeddedStore):
        return store.stream(sparql)
    answer = store.query(sparql)
    return Streamed(answer.variables, iter(answer)) if isinstance(answer, Rows) else answer
