"""Official lists and what standing on one means: name, programme or data set -> list -> measures.

A listing blocks only where its measures are known to freeze. An unknown list has no measures: the answer is then not
known, and names it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from kg.namespaces import name_key
from kg.reference.authorities import authority, chain
from kg.reference.tables import table

_ORDER: Final = re.compile(r"EO[- ]?(1[0-9]{4})")


@dataclass(frozen=True, slots=True)
class OfficialList:
    """A list and the body that keeps it; `source` is how the Consolidated Screening List heads its rows.

    `measures` are the kinds of `ontology/reference/measures.yaml`; None where they differ by entry.
    """

    name: str
    authority: str
    source: str
    measures: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What a listing does: `blocks` whether it freezes property, `reaches_owned` whether a rule carries it down."""

    kind: str
    title: str
    blocks: bool
    reaches_owned: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What one listing means: the list it counts on, and its measures; `known` is False where they are not known.

    `presumed` says that the listing names no known list and the authority's own list was taken.
    """

    list: str = ""
    measures: tuple[Measure, ...] = ()
    known: bool = False
    presumed: bool = False

    @property
    def blocks(self) -> bool:
        """Whether property is known to be frozen."""
        return any(measure.blocks for measure in self.measures)

    def __str__(self) -> str:
        """The measures in words."""
        return ", ".join(measure.title for measure in self.measures) if self.known else "measure not known"


@cache
def measures() -> dict[str, Measure]:
    """Every kind of measure."""
    return {
        kind: Measure(kind, item["title"], bool(item["blocks"]), item["reach"] == "rule")
        for kind, item in table("measures").items()
    }


@cache
def stated_measures(text: str) -> tuple[Measure, ...]:
    """The kinds of measure that a list's own words name; empty for words that the table does not know.

    >>> [measure.kind for measure in stated_measures("Asset freeze")]
    ['asset_freeze']
    """
    if text in measures():
        return (measures()[text],)
    return tuple(
        measures()[kind]
        for kind, item in table("measures").items()
        if any(re.search(word, text, re.IGNORECASE) for word in item.get("words", ()))
    )


def _list(item: dict[str, Any]) -> OfficialList:
    kinds = item.get("measures")
    return OfficialList(item["name"], item["authority"], item["source"], tuple(kinds) if kinds is not None else None)


@cache
def _by_name() -> dict[str, OfficialList]:
    found: dict[str, OfficialList] = {}
    for item in table("lists"):
        for name in (item["name"], item["source"], *item.get("also", ())):
            if name:
                found.setdefault(name_key(name), _list(item))
    return found


@cache
def official_list(text: str) -> OfficialList | None:
    """The list of that name in any of its spellings, or by its heading in the Consolidated Screening List."""
    known = _by_name().get(name_key(text))
    if known is not None or not text:
        return known
    return next((_list(item) for item in table("lists") if item["source"] and text.startswith(item["source"])), None)


@cache
def list_of_dataset(dataset: str) -> OfficialList | None:
    """The list that a data set of OpenSanctions holds alone: `eu_fsf`, `us_ofac_sdn`."""
    return next((_list(item) for item in table("lists") if dataset in item.get("datasets", ())), None)


@cache
def list_of_programme(code: str) -> OfficialList | None:
    """The list that publishers name in the place of a programme: "SDN", "US-BIS-EL"."""
    key = code.casefold()
    for item in table("lists"):
        if key in {name.casefold() for name in item.get("programmes", ())}:
            return _list(item)
    return None


@cache
def default_list(body: str) -> OfficialList | None:
    """The list that the acts of a body put parties on where none is named; None where there are several."""
    known = authority(body)
    return official_list(known.default_list) if known and known.default_list else None


@cache
def effect(body: str, on_list: str, programmes: tuple[str, ...] = ()) -> Effect:
    """What a listing by a body on a list under programmes means.

    A list whose name is a programme, or that is not named, counts as the body's own list. A list of that name which
    the tables do not know has no measures, unless it is plainly the heading of a programme.
    """
    named = official_list(on_list) if on_list else None
    presumed = named is None
    if named is None:
        found = [item for code in (on_list, *programmes) if code and (item := list_of_programme(code))]
        named = found[0] if found else None
    if named is None and not names_a_list(on_list):
        named = default_list(body)
    if named is None:
        return Effect(list=on_list)
    kinds = named.measures
    if kinds is None:
        return Effect(named.name, (), known=False, presumed=presumed)
    return Effect(named.name, tuple(measures()[kind] for kind in kinds), known=True, presumed=presumed)


def names_a_list(text: str) -> bool:
    """Whether a text names a list of its own rather than a programme or nothing."""
    return bool(re.search(r"\b(?:list|register)\b", text, re.IGNORECASE))


@cache
def legal_basis(programme: str) -> tuple[str, ...]:
    """The orders, acts and resolutions behind a programme code, empty where none is known.

    >>> legal_basis("UKRAINE-EO13661"), legal_basis("SDGT")
    (('Executive Order 13661',), ('Executive Order 13224',))
    """
    orders = tuple(f"Executive Order {number}" for number in _ORDER.findall(programme))
    return orders or tuple(table("programmes").get(programme, ()))


@cache
def spellings(name: str) -> tuple[str, ...]:
    """Every spelling of an authority or list known by its name in the graph, that name first."""
    for item in (*table("authorities"), *table("lists")):
        if item["name"] == name:
            return (item["name"], *item.get("also", ()), *item.get("short", ()))
    return (name,)


def belongs_to(body: str, authorities: tuple[str, ...], parents: tuple[str, ...] = ()) -> bool:
    """Whether a body is one of the authorities or below one, or is one of the `parents` itself.

    >>> belongs_to("OFSI", ("United Kingdom",)), belongs_to("Department of Commerce", ("Department of the Treasury",))
    (True, False)
    """
    line = chain(body)
    return any(name in line for name in authorities) or (bool(line) and line[0] in parents)
