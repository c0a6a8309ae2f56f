"""A word in Latin letters -> how it sounds, roughly: one key for the spellings that transliteration brings about.

Consonants that romanisation schemes write differently fall together (kh, h; q, k; ts, c; zh, j; w, v; ou, u), doubled
letters become one, and vowels after the first letter go: Mohammed, Muhammad and Mohamad are `mhmd`, Qadhafi and
Kadafi `kdf`. The key finds candidates and softens a comparison; it never decides alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_RULES: Final = tuple(
    (re.compile(pattern), phonetic_key)
    for pattern, phonetic_key in (
        (r"[^a-z0-9]", ""),
        (r"(?<=..)(?:i?y?[aeo])(?:v|w|u|ff)$", "v"),
        (r"shch|sch|sh|ch(?=r)", "s"),
        (r"x", "ks"),
        (r"tch|ch|tsch", "x"),
        (r"zh|dzh|dj|jj", "j"),
        (r"ts|tz|cz", "s"),
        (r"kh|gh(?=[aeiou])|ck|q|gg", "k"),
        (r"ph", "f"),
        (r"gh", "g"),
        (r"dh", "d"),
        (r"th|tt", "t"),
        (r"w", "v"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"y(?=[aeou])", "i"),
        (r"ii|iy|yi|ij|ei|ey|ay|ai|oi|y|ee|ie", "i"),
        (r"ou|oo|au|aw|ow", "u"),
        (r"gd", "kd"),
        (r"dz|z", "s"),
    )
)


@lru_cache(maxsize=1 << 17)
def phonetic_key(word: str) -> str:
    """The sound key of a lower-case word; a word of up to two letters and a number sound as they are written.

    >>> sound("mohammed") == sound("muhammad"), sound("khodorkovsky") == sound("hodorkovskiy")
    (True, False)
    >>> sound("yusuf"), sound("7")
    ('isf', '7')
    """
    if len(word) <= 2 or word.isdigit():
        return word
    for pattern, heard in _RULES:
        word = pattern.sub(heard, word)
    word = re.sub(r"(.)\1+", r"\1", word)
    return word[:1] + re.sub(r"[aeiou]", "", word[1:])


@lru_cache(maxsize=1 << 17)
def abjad_key(word: str) -> str:
    """Return the consonants that Arabic, Persian and Hebrew writing keeps, those that it writes alike taken together.

    >>> abjad_key("zwahry") == abjad_key("zawahiri"), abjad_key("byryz") == abjad_key("perez")
    (True, True)
    """
    for pattern, heard in _ABJAD_RULES:
        word = pattern.sub(heard, word)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouwyv]", "", word))


_ABJAD_RULES: Final = tuple(
    (re.compile(pattern), heard)
    for pattern, heard in (
        (r"sh|ch|tch", "S"),
        (r"kh|gh|ck|q", "k"),
        (r"th|tt", "t"),
        (r"dh|dz|z", "z"),
        (r"zh|j|g", "j"),
        (r"ph|v(?=[aeiou])", "f"),
        (r"p", "b"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"x", "ks"),
        (r"h$", ""),
    )
)
