"""The graph as one works with it in a notebook: asked, drawn, and handed to rdflib, networkx and pandas.

import kg

graph = kg.Graph("exports/store")
graph.view(focus="Quillfeather")
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from kg.network.load import load_network
from kg.store import Answer, Rows, open_store
from kg.store.access import as_frame, as_rdflib
from kg.view import View
from kg.view.notebook import pyvis_network

if TYPE_CHECKING:
    import pandas
    import pyvis.network
    import rdflib

    from kg.network.build import Network


class Graph(AbstractContextManager["Graph"]):
    """A store opened for reading: a folder, or the URL of a SPARQL endpoint. Raises StoreError as `open_store` does."""

    def __init__(self, location: str | Path = "exports/store") -> None:
        self.store = open_store(location, read_only=True)

    def query(self, sparql: str) -> Answer:
        """The answer to a SPARQL 1.1 query; the prefixes are known."""
        return self.store.query(sparql)

    def frame(self, sparql: str) -> pandas.DataFrame:
        """The rows of a SELECT as a pandas frame; raises MissingExtra without pandas, TypeError for another query."""
        answer = self.store.query(sparql)
        if not isinstance(answer, Rows):
            raise TypeError("only a SELECT has rows")
        return as_frame(answer)

    def rdflib(self) -> rdflib.Dataset:
        """The store as an rdflib Dataset, nothing copied; a folder only."""
        return as_rdflib(self.store)

    def network(self, focus: str | None = None, *, hops: int = 2) -> Network:
        """The graph as a networkx MultiDiGraph: all that one picture holds, or what lies around one name."""
        return load_network(self.store, focus=focus, hops=hops)

    def view(self, focus: str | None = None, *, hops: int = 2, title: str = "", height: int = 640) -> View:
        """The picture: shows itself inline in Jupyter, or is saved as a file; `height` is in pixels."""
        title = title or (f"Around {focus}" if focus else "Sanctions graph")
        return View(self.network(focus, hops=hops), title, height)

    def pyvis(self, focus: str | None = None, *, hops: int = 2) -> pyvis.network.Network:
        """The graph, or what lies around one name, as a pyvis `Network`; raises ValueError where it is too large."""
        return pyvis_network(self.network(focus, hops=hops))

    def close(self) -> None:
        """Release the store; safe to call twice."""
        self.store.close()

    def __exit__(self, *_: object) -> None:
        self.close()
