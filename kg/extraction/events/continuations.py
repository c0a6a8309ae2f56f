"""Clauses that go on with an enumeration of listed parties: "X was also included", "the other company is Y".

In: the `ArgumentExtractor` of a document and a sentence. Out: a `DesignationEvent` of the kind `also`, whose authority
is that of the clause it goes on from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.extraction.events.arguments import PLACE, SINGLE_OUT, ArgumentExtractor, DesignationEvent

_OTHERS: Final = frozenset("other others another second third fourth fifth final latest last rest remaining".split())
_PARTIES: Final = frozenset(
    "company firm entity person individual organization group vessel ship bank party one other others another rest "
    "business official man woman institution".split()
)


def going_on(reader: ArgumentExtractor, number: int, bounds: tuple[int, int]) -> Iterator[DesignationEvent]:
    """The act that a sentence adds to the enumeration before it."""
    tree = reader.tree
    start, end = bounds
    words = tree.words[start:end]
    adding = "also" in words or "too" in words or ("among" in words and ("them" in words or "those" in words))
    for token in range(start, end):
        if token in reader.view.covered and reader.at.get(token) is None:
            continue
        lemma = reader.view.lemmas[token]
        act = DesignationEvent(token, number, "also")
        if adding and lemma in PLACE | SINGLE_OUT and tree.tags[token] == "VERB":
            if tree.labelled(token, "nsubj:pass"):
                act = reader.filled(act, tree.labelled(token, "nsubj:pass"), token)
        elif tree.labelled(token, "cop") and any(_is_other(reader, one) for one in tree.labelled(token, "nsubj")):
            act = reader.filled(act, [token], token)
        act.actors = []
        if act.members:
            yield act
            return


def _is_other(reader: ArgumentExtractor, token: int) -> bool:
    """Whether a subject is one more of those spoken of: "another firm", "the others"."""
    tree = reader.tree
    if reader.view.lemmas[token] not in _PARTIES or token in reader.view.covered:
        return False
    own = {tree.words[token], *(tree.words[child] for child in tree.children[token] if child < token)}
    return not _OTHERS.isdisjoint(own)
