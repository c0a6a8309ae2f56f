"""What damage, disguise and house style do to a name's letters -> the letters that were meant.

Invisible characters, look-alikes of other alphabets, words run together, numbers in words, letters that a scanner
mistakes. Nothing here decides that two names are one: it gives them a form in which they can be compared.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any, Final

import yaml

from kg.errors import RuleError
from kg.resources import ontology

_GLUED: Final = re.compile(r"(?<=[a-zà-ÿ]{4})(?=[A-Z][A-Za-z])")  # "SiemensAG", "FriedrichBuchenberg"; not "McDonald"
_INNER: Final = re.compile(r"(?<=[a-z])\d(?=[a-z])")
_ORDINAL: Final = re.compile(r"(\d+)(?:st|nd|rd|th)")
_ARTICLE: Final = re.compile("(?<!\\w)(?:و?ال)(?=\\w{2})")  # the Arabic article, written into its word
_ABJAD: Final = re.compile(r"[\u0590-\u05ff\u0600-\u06ff\u0750-\u077f]")
_VOWELS: Final = "aeiou"


@cache
def _table() -> dict[str, Any]:
    path = ontology() / "names" / "spelling.yaml"
    try:
        return dict(yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (OSError, yaml.YAMLError) as error:
        raise RuleError(str(error).replace("\n", " "), place=str(path), hint="install the package anew") from error


def unmask(text: str) -> str:
    """Return the name without invisible characters, with look-alikes as the letters meant, glued words apart.

    >>> unmask("SiemensAG"), unmask("S\\u0435chin I\\u200bgor")
    ('Siemens AG', 'Sechin Igor')
    """
    text = _GLUED.sub(" ", text)
    if text.isascii():
        return text
    text = "".join(char for char in text if not _is_invisible(char))
    text = _ARTICLE.sub("al ", text)
    mixed = any(_is_mixed(word) for word in re.findall(r"\w+", text))
    return re.sub(r"\w+", lambda match: _latin_word(match.group()), text) if mixed else text


def _is_mixed(word: str) -> bool:
    """Whether the word holds letters of the Latin alphabet and look-alikes from another."""
    alike = _table()["lookalikes"]
    return not word.isascii() and any(char.isascii() and char.isalpha() for char in word) and any(map(alike.get, word))


def _is_invisible(char: str) -> bool:
    """Whether the sign is not to be seen, or is a vowel mark of a script that mostly leaves them out."""
    return unicodedata.category(char) == "Cf" or (unicodedata.category(char) == "Mn" and bool(_ABJAD.match(char)))


def _latin_word(word: str) -> str:
    """The word in Latin letters where each letter is one or looks like one; in a name with such words only."""
    alike = _table()["lookalikes"]
    whole = all(char.isascii() or char in alike for char in word)
    return "".join(alike.get(char, char) for char in word) if whole else word


def is_abjad(text: str) -> bool:
    """Whether the name is written in a script that leaves its vowels out: Arabic, Persian, Hebrew."""
    return _ABJAD.search(text) is not None


def letters(word: str) -> str:
    """Return the word with figures between its letters as the letters that a scanner took for them.

    >>> letters("abdu1lah"), letters("ahl1"), letters("2004")
    ('abdullah', 'ahl1', '2004')
    """
    if word.isalpha() or sum(char.isalpha() for char in word) < 3:
        return word
    meant = _table()["scanned"]
    return _INNER.sub(lambda match: meant.get(match.group(), match.group()), word)


def figures(words: list[str]) -> list[str]:
    """Return the words with numbers as figures: "forty", "four" and "44" are one; "1st" is 1, "iii" after a word 3.

    >>> figures(["brigade", "forty", "four"]), figures(["1st", "bank"]), figures(["fund", "iii"])
    (['brigade', '44'], ['1', 'bank'], ['fund', '3'])
    """
    table = _table()
    found: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        following = words[at + 1] if at + 1 < len(words) else ""
        unit = table["units"].get(following, int(following) if len(following) == 1 and following.isdigit() else 0)
        if word in table["tens"]:
            joined = table["tens"][word] + (unit if 0 < unit < 10 else 0)
            at += 0 < unit < 10
            found.append(str(joined))
        elif word in table["units"]:
            found.append(str(table["units"][word]))
        elif match := _ORDINAL.fullmatch(word):
            found.append(match.group(1))
        elif found and word in table["roman"]:
            found.append(str(table["roman"][word]))
        else:
            found.append(word)
        at += 1
    return found


@lru_cache(maxsize=1 << 17)
def scan_key(word: str) -> str:
    """Return the word as a scanner might have read it: equal for "jamil", "jarnil" and "jami1".

    >>> scan_key("jarnil") == scan_key("jami1") == scan_key("jamil")
    True
    """
    for seen, meant in _table()["scanned"].items():
        word = word.replace(seen, meant)
    return word


@lru_cache(maxsize=1 << 17)
def skeleton(word: str) -> str:
    """Return the consonants of the word, doubled ones once: what stays where vowels are left out.

    >>> skeleton("caicedo"), skeleton("ccdo"), skeleton("mohammed")
    ('cd', 'cd', 'mhmd')
    """
    return re.sub(r"(.)\1+", r"\1", re.sub(rf"[{_VOWELS}]", "", word))


def lacks_vowels(word: str) -> bool:
    """Whether a word holds fewer vowels than languages write: one in three letters at the most."""
    return len(word) >= 3 and word.isalpha() and 3 * sum(char in _VOWELS for char in word) <= len(word)


def few_vowels(name: str) -> bool:
    """Whether a name of six letters or more holds one vowel in five letters at the most.

    >>> few_vowels("nstrlsrvrltrrs"), few_vowels("shchmkrvk"), few_vowels("nestor")
    (True, True, False)
    """
    return len(name) >= 6 and 5 * sum(char in _VOWELS for char in name) <= len(name)


@lru_cache(maxsize=1 << 17)
def without_vowels(short: str, word: str) -> bool:
    """Whether the one is the other with vowels left out; of three letters alone, two at least.

    >>> without_vowels("ccdo", "caicedo"), without_vowels("lra", "loera"), without_vowels("kim", "kaim")
    (True, True, False)
    """
    if not lacks_vowels(short) or len(word) - len(short) < (2 if len(short) == 3 else 1) or short[0] != word[0]:
        return False
    rest = iter(word)
    return skeleton(short) == skeleton(word) and all(char in rest for char in short)


def nicknames() -> dict[str, list[str]]:
    """Return the pet names with the given names that they stand for (`ontology/names/nicknames.yaml`)."""
    return _nicknames()


@cache
def _nicknames() -> dict[str, list[str]]:
    path = ontology() / "names" / "nicknames.yaml"
    try:
        table = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError) as error:
        raise RuleError(str(error).replace("\n", " "), place=str(path), hint="install the package anew") from error
    return {str(short): [str(name) for name in names] for short, names in table.items()}
