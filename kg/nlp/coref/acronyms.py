"""Whether a short word abbreviates a name: OFAC of Office of Foreign Assets Control, FinCEN, IRGC-QF, PdVSA."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

SMALL_WORDS: Final = frozenset(
    "of the and for in on to de del la las los el y e & und der des du et di da do a an with".split()
)


def letters(short: str) -> str:
    """The lower-case letters of an acronym, without full stops, hyphens and a plural s."""
    text = re.sub(r"[^A-Za-z]", "", short)
    if len(text) > 2 and text.endswith("s") and text[:-1].isupper():
        text = text[:-1]
    return text.lower()


def initials(words: tuple[str, ...]) -> str:
    """The first letters of the words that carry meaning."""
    return "".join(word[0] for word in words if word not in SMALL_WORDS)


def is_initials(short: str, words: tuple[str, ...]) -> bool:
    """Whether `short` is made of the initials of `words`, with or without those of the small words."""
    text = letters(short)
    return len(words) > 1 and text in (initials(words), "".join(word[0] for word in words))


def abbreviates(short: str, words: tuple[str, ...]) -> bool:
    """Whether the letters of `short` can be read off beginnings of `words` in order.

    Small words may be passed over, and one word that carries meaning where the acronym has three letters or
    more; the first letter must begin one of the first two words.
    """
    text = letters(short)
    if len(text) < 2 or not words:
        return False
    return any(_reads(text, words[skip:], 1 if len(text) > 2 and not skip else 0) for skip in range(min(2, len(words))))


@lru_cache(maxsize=4096)
def _reads(text: str, words: tuple[str, ...], slack: int) -> bool:
    if not text:
        return sum(word not in SMALL_WORDS for word in words) <= slack
    if not words:
        return False
    word, rest = words[0], words[1:]
    for size in range(1, min(len(text), len(word), 4) + 1):
        if word[:size] != text[:size]:
            break
        if _reads(text[size:], rest, slack):
            return True
    if word in SMALL_WORDS:
        return _reads(text, rest, slack)
    return slack > 0 and _reads(text, rest, slack - 1)
