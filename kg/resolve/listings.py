"""The store -> on which lists each listed entity stands, since when, by whom and under which programmes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from kg.reference import official_list
from kg.store import Rows, Store

_LISTINGS: Final = """SELECT ?node ?list ?authority ?programme ?date ?end {
  ?listing a kg:Listing ; kg:listing_of ?node ; kg:list/skos:prefLabel ?list ; kg:authority/skos:prefLabel ?authority .
  OPTIONAL { ?listing kg:programme ?programme } OPTIONAL { ?listing kg:date ?date }
  OPTIONAL { ?listing kg:date_end ?end } }"""


@dataclass(frozen=True, slots=True)
class ListedOn:
    """One listing of an entity; `since` and `until` are empty where the list gives no date."""

    list: str
    authority: str
    programmes: tuple[str, ...] = ()
    since: str = ""
    until: str = ""


def read_listings(store: Store) -> dict[str, tuple[ListedOn, ...]]:
    """The listings of each listed node, in the order of list and date."""
    answer = store.query(_LISTINGS)
    programmes: defaultdict[tuple[str, str, str, str, str], set[str]] = defaultdict(set)
    if isinstance(answer, Rows):
        for row in answer:
            node, on_list, authority, programme, since, until = ("" if term is None else term.value for term in row)
            known = official_list(on_list)  # texts may have given the list another main name
            programmes[node, known.name if known else on_list, authority, since, until].add(programme)
    found: defaultdict[str, list[ListedOn]] = defaultdict(list)
    for (node, on_list, authority, since, until), codes in sorted(programmes.items()):
        found[node].append(ListedOn(on_list, authority, tuple(sorted(codes - {""})), since, until))
    return {node: tuple(listings) for node, listings in found.items()}
