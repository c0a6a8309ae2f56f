"""The graph for those who work with other tools: as an rdflib `Dataset`, and rows as a pandas frame.

rdflib goes over oxrdflib, so its queries run in Oxigraph as long as they are given as text (a prepared query is
refused there, and rdflib then falls back to its own slow engine).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from kg.errors import MissingExtra, StoreError
from kg.namespaces import PREFIXES
from kg.store.embedded import EmbeddedStore
from kg.store.interface import Rows, Store, Term

if TYPE_CHECKING:
    import pandas
    import rdflib


def as_rdflib(store: Store) -> rdflib.Dataset:
    """The store as an rdflib Dataset whose default graph is the union of all graphs; nothing is copied.

    Only for a store in this process (memory or folder); raises StoreError for an endpoint.
    """
    import rdflib
    from oxrdflib import OxigraphStore

    if not isinstance(store, EmbeddedStore):
        raise StoreError("rdflib needs a store in this process", place=store.location, hint="open a folder")
    dataset = rdflib.Dataset(store=OxigraphStore(store=store.engine), default_union=True)
    for prefix, iri in PREFIXES.items():
        dataset.bind(prefix, iri)
    return dataset


def as_frame(rows: Rows) -> pandas.DataFrame:
    """The rows as a pandas frame: numbers and truth values as such, everything else as text, None where unbound.

    Raises MissingExtra when pandas is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise MissingExtra("pandas is not installed", hint="pip install 'sanctions-kg[pandas]'") from None
    return pandas.DataFrame([[_plain(term) for term in row] for row in rows], columns=list(rows.variables))


def _plain(term: Term | None) -> Any:
    if term is None:
        return None
    if not isinstance(term, Literal):
        return term.value
    kind = term.datatype.value.rpartition("#")[2]
    if kind == "integer":
        return int(term.value)
    if kind in ("decimal", "double", "float"):
        return float(term.value)
    return term.value == "true" if kind == "boolean" else term.value
