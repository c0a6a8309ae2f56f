"""Words that very many bear: names of people and of firms that alone show nothing of who is meant."""

from __future__ import annotations

from functools import cache

from kg.reference.tables import table


@cache
def _words(part: str) -> frozenset[str]:
    held = table("common_names")[part]
    texts = held.values() if isinstance(held, dict) else (held,)
    return frozenset(word for text in texts for word in text.split())


def is_common_word(word: str, *, person: bool) -> bool:
    """Whether a folded word of a name is one that very many people (or firms and bodies) bear.

    >>> is_common_word("mohammed", person=True), is_common_word("prigozhin", person=True)
    (True, False)
    """
    parts = ("given", "family") if person else ("firm", "body")
    return any(word in _words(part) for part in parts)
