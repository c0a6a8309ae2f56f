"""What follows from all sources of a store, computed anew: who is the same, and what lists say of texts.

A build and an import both end with it, so that the order in which texts and lists came makes no difference.
"""

from __future__ import annotations

from kg.resolve import resolve
from kg.resolve.corroboration import Corroboration, corroborate
from kg.resolve.judgements import RESOLUTION
from kg.store import Store


def settle(store: Store) -> list[Corroboration]:
    """Resolve the store and compare its texts with its lists."""
    resolve(store)
    return corroborate(store)


def is_settled(store: Store) -> bool:
    """Whether the store was resolved before: an import then has to do it again."""
    return RESOLUTION in store.graph_names()
