"""Bodies that list, by identity: any spelling -> the body, the bodies above it, and its state.

"US Treasury Office of Foreign Assets Control (OFAC)" is found by its parts: a name put together from known bodies that
stand in one line stands for the lowest of them. What many states share ("Ministry of Finance") counts only with the
state named; what means a body only in the mouth of a listing ("Treasury", "Council") counts only there (`loose`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from kg.namespaces import name_key
from kg.reference.tables import table

_PARTS: Final = re.compile(r"\s+[-–—]\s+|\s*[,;/|]\s*|\s*\(([^()]*)\)\s*")


@dataclass(frozen=True, slots=True)
class Authority:
    """A body that lists; `of` is the body or state for which it acts, an empty string at the top.

    `default_list` is the list that its acts put parties on where none is named; empty where there are several.
    """

    name: str
    type: str
    of: str = ""
    jurisdiction: str = ""
    default_list: str = ""


@dataclass(frozen=True, slots=True)
class _Spellings:
    """Folded spelling -> body: what always means it, what means it in a listing, and what needs the state."""

    sure: dict[str, Authority]
    short: dict[str, Authority]
    local: dict[tuple[str, str], Authority]
    by_name: dict[str, Authority]
    by_dataset: dict[str, Authority]


@cache
def _spellings() -> _Spellings:
    made = _Spellings({}, {}, {}, {}, {})
    for item in table("authorities"):
        body = Authority(
            item["name"],
            item["type"],
            item.get("of", ""),
            item.get("jurisdiction", ""),
            item.get("default_list", ""),
        )
        made.by_name[body.name] = body
        for name in (body.name, *item.get("also", ())):
            made.sure[_key(name)] = body
        for name in item.get("short", ()):
            made.short[_key(name)] = body
        for name in item.get("local", ()):
            made.local[_key(name), jurisdiction(body.name, made.by_name)] = body
        for dataset in item.get("datasets", ()):
            made.by_dataset[dataset] = body
    return made


@cache
def _key(text: str) -> str:
    return name_key(text.replace("&", " and "))


@cache
def authority(text: str, *, country_code: str = "", loose: bool = True) -> Authority | None:
    """The authority of that name in any of its spellings; None for an unknown body.

    `country_code` is the ISO code that the record gives for the act; `loose` admits what means the body only where
    somebody is listed by it.

    >>> authority("US Treasury Office of Foreign Assets Control (OFAC)").name
    'Office of Foreign Assets Control'
    """
    known = _exact(_key(text), country_code.upper(), loose=loose)
    if known is not None:
        return known
    parts = [part for part in _PARTS.split(text) if part and part.strip()]
    found = [body for part in parts if (body := _below(_key(part), country_code.upper(), loose=loose))]
    lowest = max(found, key=lambda body: len(chain(body.name)), default=None)
    if lowest is None or not all(body.name in chain(lowest.name) for body in found):
        return None
    # a part that is no known body says something else ("Ministry of Silly Walks, London") unless its neighbour is below
    unknown = len(parts) - len(found)
    return lowest if unknown == 0 or (len(chain(lowest.name)) > 1 and unknown <= 1) else None


def _exact(key: str, code: str, *, loose: bool) -> Authority | None:
    known = _spellings()
    found = known.sure.get(key) or (known.local.get((key, code)) if code else None)
    return found or (known.short.get(key) if loose else None)


def _below(key: str, code: str, *, loose: bool) -> Authority | None:
    """The body of a name, or of what is left of it after the name of a body above: "us treasury ofac"."""
    words = key.split()
    for cut in range(len(words)):
        body = _exact(" ".join(words[cut:]), code, loose=loose)
        if body is None:
            continue
        before = _exact(" ".join(words[:cut]), code, loose=True) if cut else body
        if before is not None and before.name in chain(body.name):
            return body
    return None


@cache
def authority_of_dataset(dataset: str) -> Authority | None:
    """The body whose acts a data set of OpenSanctions holds: `eu_fsf`, `us_ofac_sdn`."""
    return _spellings().by_dataset.get(dataset)


@cache
def chain(name: str) -> tuple[str, ...]:
    """The authority itself, the body it acts for, and so on up to the state.

    >>> chain("Office of Foreign Assets Control")
    ('Office of Foreign Assets Control', 'Department of the Treasury', 'United States')
    """
    return tuple(_up(name))


def _up(name: str) -> Iterator[str]:
    seen: set[str] = set()
    bodies = _spellings()
    while name and name not in seen:
        seen.add(name)
        body = bodies.by_name.get(name) or bodies.sure.get(_key(name)) or bodies.short.get(_key(name))
        name = body.name if body is not None and body.name not in seen else name
        yield name
        seen.add(name)
        name = body.of if body else ""


@cache
def bodies_of(name: str) -> tuple[str, ...]:
    """The authority and every body that is part of it."""
    return tuple(body for body in _spellings().by_name if name in chain(body))


def jurisdiction(name: str, bodies: dict[str, Authority] | None = None) -> str:
    """The ISO code of the state for which an authority acts; empty where the tables do not say."""
    known = _spellings().by_name if bodies is None else bodies
    while body := known.get(name):
        if body.jurisdiction:
            return body.jurisdiction
        name = body.of
    return ""
