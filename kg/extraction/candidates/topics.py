"""Topic of a document: the entity with the most prominent mentions."""

from __future__ import annotations

from typing import Final

from kg.extraction.document_view import DocumentView
from kg.extraction.mention_spans import MentionSpan

_TYPES: Final = frozenset({"Person", "Company", "Organization", "Vessel", "Aircraft"})
_LEAST: Final = 3
"""Mentions from which an entity is what a document is about."""


def topic_of(view: DocumentView) -> MentionSpan | None:
    """The first mention of the topical entity; None where none is mentioned often."""
    entities = [entity for entity in view.entities.values() if entity.type in _TYPES]
    most = max(entities, key=lambda entity: len(entity.mentions), default=None)
    return most.mentions[0] if most is not None and len(most.mentions) >= _LEAST else None
