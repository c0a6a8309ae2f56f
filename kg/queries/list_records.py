"""The store -> on which lists each listed entity stands, since when, by whom and under which programmes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter

from kg.queries.scan import holders, pairs
from kg.reference import effect, official_list
from kg.store import Store


@dataclass(frozen=True, slots=True)
class ListedOn:
    """One listing of an entity; `since` and `until` are empty where the list gives no date.

    `ended` says that it is over; `effect` is what the listing does, in words.
    """

    list: str
    authority: str
    programmes: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    ended: bool = False
    effect: str = ""

    def __str__(self) -> str:
        """The list with what matters of the listing: over since when, or what it does where that is no asset freeze."""
        if self.ended:
            return f"{self.list} [no longer{f', ended {self.until}' if self.until else ''}]"
        return self.list if self.effect in ("", "asset freeze") else f"{self.list} [{self.effect}]"


def read_listings(store: Store) -> dict[str, tuple[ListedOn, ...]]:
    """The listings of each listed node, in the order of list and date."""
    listed = dict(pairs(store, "kg:listing_of"))
    lists, bodies = dict(pairs(store, "kg:list")), dict(pairs(store, "kg:authority"))
    labels: dict[str, str] = {}
    wanted = {*lists.values(), *bodies.values()}
    for node, label in pairs(store, "skos:prefLabel"):
        if node in wanted:
            labels[node] = min(label, labels.get(node, label))
    since = {node: day for node, day in pairs(store, "kg:date") if node in listed}
    until = {node: day for node, day in pairs(store, "kg:date_end") if node in listed}
    over = holders(store, "kg:status", "kg:ended")
    programmes: defaultdict[str, set[str]] = defaultdict(set)
    for node, code in pairs(store, "kg:programme"):
        programmes[node].add(code)
    found: defaultdict[str, set[ListedOn]] = defaultdict(set)
    for node, entity in listed.items():
        on_list = labels.get(lists.get(node, ""), "")
        known = official_list(on_list)  # texts may have given the list another main name
        body, codes = labels.get(bodies.get(node, ""), ""), tuple(sorted(programmes[node]))
        found[entity].add(
            ListedOn(
                list=known.name if known else on_list,
                authority=body,
                programmes=codes,
                since=since.get(node, ""),
                until=until.get(node, ""),
                ended=node in over,
                effect=str(effect(body, on_list, codes)),
            )
        )
    order = attrgetter("list", "authority", "since", "until", "programmes")
    return {node: tuple(sorted(listings, key=order)) for node, listings in sorted(found.items())}
