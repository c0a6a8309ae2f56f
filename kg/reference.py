"""The facts about countries, programmes, authorities and lists in `ontology/lists/*.yaml`, looked up by any spelling.

In: a name or code as a list or a text writes it. Out: the one spelling that the graph uses, or None. The files are
read once; nothing here changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import yaml

from kg.errors import RuleError
from kg.namespaces import name_key
from kg.resources import ontology

_ORDER: Final = re.compile(r"EO[- ]?(1[0-9]{4})")


@dataclass(frozen=True, slots=True)
class Authority:
    """A body that lists; `of` is the body or state for which it acts, an empty string at the top."""

    name: str
    type: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class OfficialList:
    """A list and the body that keeps it; `source` is how the Consolidated Screening List heads its rows."""

    name: str
    authority: str
    source: str


@cache
def table(name: str) -> Any:
    """The content of `ontology/lists/NAME.yaml`; raises RuleError where it cannot be read."""
    path = ontology() / "lists" / f"{name}.yaml"
    try:
        return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError) as error:
        raise RuleError(str(error).replace("\n", " "), place=str(path), hint="install the package anew") from error


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


@cache
def legal_basis(programme: str) -> tuple[str, ...]:
    """The orders, acts and resolutions behind a programme code, empty where none is known.

    >>> legal_basis("UKRAINE-EO13661"), legal_basis("SDGT")
    (('Executive Order 13661',), ('Executive Order 13224',))
    """
    orders = tuple(f"Executive Order {number}" for number in _ORDER.findall(programme))
    return orders or tuple(table("programmes").get(programme, ()))


@cache
def _authorities() -> dict[str, Authority]:
    found: dict[str, Authority] = {}
    for item in table("authorities"):
        authority = Authority(item["name"], item["type"], item.get("of", ""))
        for name in (item["name"], *item.get("also", ())):
            found[name_key(name)] = authority
    return found


@cache
def authority(text: str) -> Authority | None:
    """The authority of that name in any of its spellings; None for an unknown body."""
    return _authorities().get(name_key(text))


@cache
def chain(name: str) -> tuple[str, ...]:
    """The authority itself, the body it acts for, and so on up to the state.

    >>> chain("Office of Foreign Assets Control")
    ('Office of Foreign Assets Control', 'Department of the Treasury', 'United States')
    """
    found: list[str] = []
    while name and name not in found:
        found.append(name)
        known = authority(name)
        name = known.of if known else ""
    return tuple(found)


@cache
def official_list(text: str) -> OfficialList | None:
    """The list of that name in any of its spellings, or by its heading in the Consolidated Screening List."""
    key = name_key(text)
    for item in table("lists"):
        names = (item["name"], item["source"], *item.get("also", ()))
        if key in {name_key(name) for name in names} or text.startswith(item["source"]):
            return OfficialList(item["name"], item["authority"], item["source"])
    return None


@cache
def spellings(name: str) -> tuple[str, ...]:
    """Every spelling of an authority or list known by its name in the graph, that name first."""
    for item in (*table("authorities"), *table("lists")):
        if item["name"] == name:
            return (item["name"], *item.get("also", ()))
    return (name,)


def _fold(text: str) -> str:
    return " ".join(re.sub(r"[\s]+", " ", text.strip().rstrip(".")).casefold().split())
