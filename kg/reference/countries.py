"""Countries by any of their names or by ISO code: "Korea, North" and "KP" -> "North Korea"."""

from __future__ import annotations

import re
from functools import cache

from kg.reference.tables import table


@cache
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, names in table("countries").items():
        found[code.casefold()] = names[0]
        for name in names:
            found[_fold(name)] = names[0]
    return found


@cache
def country(text: str) -> str | None:
    """The country's name in the graph, from a name or an ISO code; None for anything else.

    >>> country("Korea, North"), country("CN"), country("Atlantis")
    ('North Korea', 'China', None)
    """
    return _countries().get(_fold(text))


@cache
def country_names(name: str) -> tuple[str, ...]:
    """Every spelling of a country known by its name in the graph; empty for an unknown one."""
    return next((tuple(names) for names in table("countries").values() if names[0] == name), ())


@cache
def country_code(name: str) -> str | None:
    """The ISO code of a country known by any of its names."""
    return next((code for code, names in table("countries").items() if names[0] == country(name)), None)


def _fold(text: str) -> str:
    return " ".join(re.sub(r"[\s]+", " ", text.strip().rstrip(".")).casefold().split())
