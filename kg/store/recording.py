"""A store that remembers what it was asked, to show people the SPARQL of a question."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager

from kg.store.interface import Answer, Store, Term
from kg.store.sparql import bind


class Recording(AbstractContextManager["Recording"]):
    """Hands every call on to another store; `asked` holds the queries in order, each once."""

    def __init__(self, store: Store) -> None:
        self.location = store.location
        self.asked: list[str] = []
        self.replace_graphs = store.replace_graphs
        self.graph_names = store.graph_names
        self.quads = store.quads
        self._store = store

    def close(self) -> None:
        """Close the other store."""
        self._store.close()

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def indexed(self) -> bool:
        """See `Store.indexed`."""
        return self._store.indexed

    def query(self, sparql: str, *, bindings: Mapping[str, Term] | None = None) -> Answer:
        """See `Store.query`."""
        text = bind(sparql, bindings or {})
        if text not in self.asked:
            self.asked.append(text)
        return self._store.query(text)
