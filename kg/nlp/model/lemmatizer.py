"""Lemmas by table: the form and its part of speech, then endings; trained tables, no network.

The table holds what the endings get wrong. Proper names and signs keep their form.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from kg.nlp.inflection import irregular_base

ENDINGS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "NOUN": (("sses", "ss"), ("ies", "y"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", "")),
    "VERB": (
        ("sses", "ss"),
        ("ies", "y"),
        ("xes", "x"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("s", ""),
        ("ied", "y"),
        ("ed", ""),
        ("ing", ""),
    ),
    "ADJ": (),
}
KEEP_S: Final = ("ss", "us", "is", "ous")


class Lemmas:
    """Looks lemmas up; `table` maps "form|UPOS", the form in lower case, to the lemma."""

    def __init__(self, table: dict[str, str]) -> None:
        self._table = table

    @classmethod
    def read(cls, path: Path) -> Lemmas:
        """The table of the packaged model."""
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def __call__(self, word: str, upos: str, xpos: str = "") -> str:
        """The lemma of a word in running text.

        >>> Lemmas({})("companies", "NOUN", "NNS"), Lemmas({})("Iran", "PROPN"), Lemmas({})("shipped", "VERB", "VBD")
        ('company', 'Iran', 'ship')
        """
        if upos in ("PROPN", "PUNCT", "SYM", "NUM", "X"):
            return self._table.get(f"{word.lower()}|{upos}", word)
        lower = word.lower()
        known = self._table.get(f"{lower}|{upos}")
        if known is not None:
            return known
        if upos == "NOUN" and xpos == "NN":
            return lower
        if upos == "VERB" and xpos in ("VB", "VBP"):
            return lower
        irregular = irregular_base(lower) if upos == "VERB" else None
        return irregular or by_ending(lower, upos)


def by_ending(word: str, upos: str) -> str:
    """The lemma that the ending suggests.

    >>> by_ending("designating", "VERB"), by_ending("stopped", "VERB"), by_ending("boxes", "NOUN")
    ('designate', 'stop', 'box')
    """
    for ending, put in ENDINGS.get(upos, ()):
        if not word.endswith(ending) or len(word) - len(ending) < 2:
            continue
        if ending == "s" and word.endswith(KEEP_S):
            return word
        stem = word[: -len(ending)] + put
        return _mended(stem) if ending in ("ed", "ing") else stem
    return word


def _mended(stem: str) -> str:
    """A stem without -ed or -ing with its lost e or its doubled consonant set right."""
    if not any(c in "aeiouy" for c in stem):
        return stem + "e"
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "aeiouslfz":
        return stem[:-1]
    if stem.endswith(
        ("at", "iz", "is", "v", "c", "u", "ag", "ng", "bl", "iv", "ur", "as", "rg", "dg", "us", "ul", "os", "ir")
    ):
        if stem.endswith(("ng",)) and not stem.endswith(("ang", "eng")):
            return stem
        if stem.endswith(("eat", "oat", "treat")):
            return stem
        return stem + "e"
    return stem
