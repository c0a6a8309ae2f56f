"""Words to word pieces: the longest pieces of a vocabulary that a word is made of, and the shape of its spelling.

Accents and case are folded first; the shape keeps what folding loses. No special tokens, no text: words only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

MOST_PIECES: Final = 8
"""A word of more pieces is read by its first ones."""
SHAPES: Final = 32
"""The number of shapes that `shape` tells apart, 0 being padding."""
PAIRS: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "."})


class WordPieces:
    """A vocabulary in the form of BERT's: a piece that goes on within a word begins with `##`; row 0 is padding."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._rows = {piece: row for row, piece in enumerate(vocabulary)}
        self._unknown = self._rows["[UNK]"]
        self._known: dict[str, tuple[int, ...]] = {}

    def __call__(self, word: str) -> tuple[int, ...]:
        """The rows of the word's pieces, at least one and at most `MOST_PIECES`."""
        found = self._known.get(word)
        if found is None:
            found = self._known[word] = self._cut(fold(word)) or (self._unknown,)
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        rows: list[int] = []
        start = 0
        while start < len(word) and len(rows) < MOST_PIECES:
            prefix = "##" if start and word[start - 1].isalnum() and word[start].isalnum() else ""
            for end in range(min(len(word), start + 24), start, -1):
                row = self._rows.get(prefix + word[start:end])
                if row is not None and (word[start:end].isalnum() or end == start + 1):
                    rows.append(row)
                    break
            else:
                end = start + 1
                rows.append(self._unknown)
            start = end
        return tuple(rows)


def fold(word: str) -> str:
    """The word in lower case, without accents, with plain quotes and dashes.

    >>> fold("Muñoz’")
    "munoz'"
    """
    plain = unicodedata.normalize("NFD", word.translate(PAIRS).lower())
    return "".join(c for c in plain if unicodedata.category(c) != "Mn")


@cache
def shape(word: str) -> int:
    """A number below `SHAPES` for how a word is spelt: case, length class, digits, signs. Never 0.

    >>> shape("Bank") == shape("Iran"), shape("BANK") == shape("Bank")
    (True, False)
    """
    letters = [c for c in word if c.isalpha()]
    digits = any(c.isdigit() for c in word)
    if not letters:
        if not digits:
            return 1 if len(word) == 1 else 2
        return 3 if word.isdigit() and len(word) < 4 else 4 if word.isdigit() and len(word) == 4 else 5
    upper = sum(c.isupper() for c in letters)
    if upper == 0:
        case = 0
    elif upper == len(letters):
        case = 1 if len(letters) == 1 else 2 if len(letters) <= 5 else 3
    elif letters[0].isupper() and upper == 1:
        case = 4
    else:
        case = 5
    other = 2 if digits else 1 if len(letters) < len(word) else 0
    short = len(word) <= 3 and case in (0, 4)
    return 6 + case * 4 + (3 if short and other == 0 else other)
