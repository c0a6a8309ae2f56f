"""A SPARQL 1.1 server as a store: to be filled in."""

from __future__ import annotations

from kg.errors import StoreError
from kg.store.answers import Store


def open_endpoint(location: str) -> Store:
    """Raises StoreError: endpoints are not supported yet."""
    raise StoreError("endpoints are not supported yet", place=location)
