"""Which candidates are right: labels and weights of examples, read off the gold."""

from __future__ import annotations

import collections
from collections.abc import Sequence
from types import ModuleType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kg.extraction.candidates.text_objects import TextObjectCandidate
from kg.model import SYMMETRIC
from training.relations.gold import Record
from training.relations.items import Item

Floats = NDArray[np.float32]

OPTIONAL: Final = 0.5
"""The weight of an optional triple as an example: between a certain one (1) and one left out (0)."""
_SAME_SENTENCE: Final = 0.7
"""The share of content words that a sentence and a quotation have in common where one quotes the other."""
_WHOLE: Final = ("act", "post")
"""The kinds of pair that speak for a whole document."""
_COVERS: Final = 0.6
_FITS: Final = 0.5
"""A text object is right that holds this share of the gold one's content words, of which its own are that share."""
_TOUCHES: Final = 0.5
_BLURS: Final = 0.25
"""One that holds less, down to these shares, counts for nothing; the scorer of the gold would let it pass."""

_Quotation = list[set[str]]


def pair_targets(item: Item, labels: Sequence[str], score: ModuleType) -> tuple[Floats, Floats]:
    """Labels and weights of both directions of every pair.

    A pair is right where its sentence is the quoted one; elsewhere in the document the same triple counts for nothing,
    neither right nor wrong.
    """
    column = {label: k for k, label in enumerate(labels)}
    wanted = _pairs_wanted(item, column, score)
    candidates = item.analysis.pair_candidates
    count = len(candidates)
    y = np.zeros((2 * count, len(labels)), np.float32)
    w = np.ones((2 * count, len(labels)), np.float32)
    words: dict[int, set[str]] = {}
    for place, one in enumerate(candidates):
        first, second = item.table.get(one.first.entity), item.table.get(one.second.entity)
        for way, key in ((0, (first, second)), (1, (second, first))):
            for triple, quotation in wanted.get(key, ()):
                row, col = way * count + place, column[triple["p"]]
                if one.sentence not in words:
                    words[one.sentence] = score.content(item.evidence(one.sentence))
                if one.kind in _WHOLE or _quoted(quotation, words[one.sentence]):
                    y[row, col] = 1
                    w[row, col] = OPTIONAL if triple.get("optional") else 1.0
                elif not y[row, col]:
                    w[row, col] = 0
    return y, w


def _pairs_wanted(
    item: Item, column: dict[str, int], score: ModuleType
) -> dict[tuple[str | None, str | None], list[tuple[Record, _Quotation]]]:
    wanted: dict[tuple[str | None, str | None], list[tuple[Record, _Quotation]]] = collections.defaultdict(list)
    for triple in item.source.gold["triples"]:
        if triple["p"] not in column or isinstance(triple["o"], dict):
            continue
        quotation = [score.content(part) for part in triple["evidence"].split("[...]")]
        wanted[triple["s"], triple["o"]].append((triple, quotation))
        if triple["p"] in SYMMETRIC:
            wanted[triple["o"], triple["s"]].append((triple, quotation))
    return wanted


def _quoted(quotation: _Quotation, here: set[str]) -> bool:
    return any(part and len(part & here) >= _SAME_SENTENCE * min(len(part), len(here)) for part in quotation)


def text_targets(
    item: Item, candidates: Sequence[TextObjectCandidate], labels: Sequence[str], score: ModuleType
) -> tuple[Floats, Floats]:
    """Labels and weights of text objects: right where the gold has the same text, uncounted where it overlaps."""
    column = {label: k for k, label in enumerate(labels)}
    wanted: dict[str | None, list[tuple[int, Record, set[str]]]] = collections.defaultdict(list)
    for triple in item.source.gold["triples"]:
        if triple["p"] in column and isinstance(triple["o"], dict):
            wanted[triple["s"]].append((column[triple["p"]], triple, score.content(triple["o"]["text"])))
    y = np.zeros((len(candidates), len(labels)), np.float32)
    w = np.ones((len(candidates), len(labels)), np.float32)
    text = item.analysis.view.text
    contents: dict[tuple[int, int], set[str]] = {}
    for row, one in enumerate(candidates):
        place = one.start, one.end
        for col, triple, words in wanted.get(item.table.get(one.mention.entity), ()):
            if place not in contents:
                contents[place] = score.content(text[one.start : one.end])
            here = contents[place]
            if not words or not here:
                continue
            good, blurred = _fits(triple, text[one.start : one.end], words, here, score)
            weight = OPTIONAL if triple.get("optional") else 1.0
            if good:
                w[row, col] = max(weight, w[row, col]) if y[row, col] else weight
                y[row, col] = 1
            elif blurred and not y[row, col]:
                w[row, col] = 0
    return y, w


def _fits(triple: Record, written: str, words: set[str], here: set[str], score: ModuleType) -> tuple[bool, bool]:
    """Whether a text is the gold's, and whether it overlaps it."""
    if triple["p"] == "also_known_as":
        return bool(score.same_name(triple["o"]["text"], written)), False
    shared = len(words & here)
    good = shared >= _COVERS * len(words) and shared >= _FITS * len(here)
    return good, shared >= _TOUCHES * len(words) and shared >= _BLURS * len(here)
