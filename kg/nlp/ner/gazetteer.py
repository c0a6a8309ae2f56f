"""Names given as facts: countries with their forms, sanctions authorities, lists, laws, world bodies.

`data/countries.tsv` and `data/named.tsv` hold them, `data/no_names.txt` what is no name; no company, person or party of
any text is among them. A `Phrases` finds them in the words of a Doc, the longest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).resolve().parent / "data"
AMBIGUOUS: Final = frozenset(
    {
        "Georgia",
        "Jordan",
        "Chad",
        "Niger",
        "Guinea",
        "Dominica",
        "America",
        "Emirates",
        "CAR",
        "Antigua",
        "Macedonia",
        "Turkey",
        "US",
    }
)
"""Country names that are often something else: they neither make nor change a name by themselves."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country: its usual name, other names, what its people and things are called, its capital."""

    name: str
    others: tuple[str, ...]
    demonyms: tuple[str, ...]
    capital: str


@cache
def countries() -> tuple[Country, ...]:
    """All countries in the order of the file."""
    found = []
    for line in (DATA / "countries.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, others, demonyms, capital = [*line.split("\t"), "", "", ""][:4]
            found.append(Country(name, _parts(others), _parts(demonyms), capital))
    return tuple(found)


@cache
def country_of(form: str) -> str | None:
    """The usual name of the country that a name, adjective or people's name stands for, case as written.

    >>> country_of("Syrian"), country_of("Islamic Republic of Iran"), country_of("U.K."), country_of("syrian")
    ('Syria', 'Iran', 'United Kingdom', None)
    """
    return _by_form().get(form.removeprefix("the ").replace("’", "'"))


@cache
def _by_form() -> dict[str, str]:
    table: dict[str, str] = {}
    for country in countries():
        for form in (country.name, *country.others, *country.demonyms):
            table.setdefault(form, country.name)
    return table


@cache
def named() -> dict[str, str]:
    """Surface forms to guideline types: countries, capitals and all of `named.tsv`."""
    table: dict[str, str] = {}
    for line in (DATA / "named.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, forms = line.split("\t")
            table |= dict.fromkeys(_parts(forms), kind)
    for country in countries():
        table |= dict.fromkeys((country.name, *country.others), "Country")
        if country.capital and country.capital not in ("Washington", "Georgetown", "Victoria"):
            table.setdefault(country.capital, "Place")
    return {form: kind for form, kind in table.items() if form not in AMBIGUOUS}


@cache
def no_names() -> frozenset[str]:
    """Capitalised words that name nobody: peoples and believers, abbreviations of common nouns."""
    lines = (DATA / "no_names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _parts(field: str) -> tuple[str, ...]:
    return tuple(part for part in field.split("|") if part)


class Phrases:
    """Rows of words with a type, found in running words."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}

    @classmethod
    def of(cls, forms: dict[str, str], cut: Callable[[str], Iterable[str]]) -> Phrases:
        """The phrases of surface forms, cut into words as texts are."""
        phrases = cls()
        for form, kind in forms.items():
            phrases.add(tuple(cut(form)), kind)
        return phrases

    def add(self, words: tuple[str, ...], kind: str) -> None:
        """One more phrase."""
        rows = self._by_first.setdefault(words[0], [])
        rows.append((words, kind))
        rows.sort(key=lambda row: -len(row[0]))

    def find(self, words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """(first, after the last, type) of every phrase, from the left, the longest at each place, not overlapping."""
        i = 0
        by_first = self._by_first
        while i < len(words):
            for row, kind in by_first.get(words[i], ()):
                if len(row) == 1 or tuple(words[i : i + len(row)]) == row:
                    yield i, i + len(row), kind
                    i += len(row) - 1
                    break
            i += 1
