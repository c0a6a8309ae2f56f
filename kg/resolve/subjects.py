"""The store -> what is compared: every node that has names, with its type, dates, countries and identifiers.

One `Subject` stands for one node of a list or of the texts. Names keep where they come from; weak aliases (quoted
nicknames of OFAC, "low quality" ones of the UN) are marked, because they prove little.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from kg.model import EntityType
from kg.namespaces import RESOURCE, name_key
from kg.queries.scan import holders, instances, pairs, pairs_by_graph
from kg.reference import authority, chain
from kg.store import Store

RESOLUTION_GRAPH: Final = f"{RESOURCE}graph/resolution"
_SINGLING: Final = (
    "member_of leader_of officer_of employee_of founder_of acts_for spokesman_for owned_by subsidiary_of controlled_by "
    "spouse_of sibling_of relative_of associated_with supports operated_by"
).split()

#: Types that two sources may give to one thing.
TYPE_GROUPS: Final[dict[str, str]] = {
    EntityType.COMPANY: "organization",
    EntityType.ORGANIZATION: "organization",
    EntityType.GOVERNMENT_BODY: "organization",
    EntityType.COUNTRY: "place",
    EntityType.PLACE: "place",
}


@dataclass(slots=True)
class Subject:
    """One node with what tells it apart: `names` with the main one first, `weak` those of little worth."""

    node: str
    type: str
    name: str
    names: list[str] = field(default_factory=list)
    weak: set[str] = field(default_factory=set)
    dataset: str = ""
    birth_dates: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    genders: list[str] = field(default_factory=list)
    listed_by: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)

    @property
    def group(self) -> str:
        """The type, with those taken together that sources confuse."""
        return TYPE_GROUPS.get(self.type, self.type)


def read_subjects(store: Store, *, listed_only: bool = False) -> list[Subject]:
    """Every entity of the store in the order of its node, or only the entries of official lists."""
    datasets = dict(pairs(store, "kg:listed_entry_of"))
    found: dict[str, Subject] = {}
    for kind in EntityType:
        for node in instances(store, f"kg:{kind.value}"):
            if node in datasets or not listed_only:
                known = found.get(node)
                if known is None or kind.value < known.type:
                    found[node] = Subject(node, kind.value, "", dataset=datasets.get(node, ""))
    _add_names(store, found)
    for attribute, values in (
        ("birth_dates", pairs(store, "kg:birth_date")),
        ("documents", pairs(store, "kg:mentioned_in")),
        ("genders", pairs(store, "kg:gender")),
        ("listed_by", _bodies(store)),
        ("related", _related(store)),
        ("countries", _countries(store)),
    ):
        for node, value in sorted(set(values)):
            if node in found:
                getattr(found[node], attribute).append(value)
    schemes, numbers = dict(pairs(store, "kg:scheme")), dict(pairs(store, "kg:value"))
    for node, number in pairs(store, "kg:identifier"):
        if node in found and number in schemes and number in numbers:
            found[node].identifiers.append((schemes[number], numbers[number]))
    for subject in found.values():
        subject.identifiers.sort()
    return [found[node] for node in sorted(found) if found[node].name]


def _add_names(store: Store, found: dict[str, Subject]) -> None:
    """The names of each node; of several main names the first in the alphabet is the one."""
    for node, label in sorted(set(pairs(store, "skos:prefLabel"))):
        subject = found.get(node)
        if subject is not None:
            subject.name = subject.name or label
            subject.names.append(label)
    for node, label in pairs(store, "skos:altLabel"):
        if node in found:
            found[node].names.append(label)
    for subject in found.values():
        subject.names = [subject.name, *sorted({*subject.names} - {subject.name})]
    weak = holders(store, "kg:alias_quality", '"weak"')
    of = {claim: node for claim, node in pairs(store, "kg:subject") if claim in weak} if weak else {}
    for claim, name in pairs(store, "kg:object") if weak else ():
        if claim in of and of[claim] in found:
            found[of[claim]].weak.add(name)


def _bodies(store: Store) -> Iterator[tuple[str, str]]:
    """Node and body that listed it, of lists and of texts, each with the bodies above it but for the state."""
    labels = dict(sorted(pairs(store, "skos:prefLabel")))
    told = {(node, body) for graph, node, body in pairs_by_graph(store, "kg:listed_by") if graph != RESOLUTION_GRAPH}
    for node, body in sorted(told):
        known = authority(labels.get(body, ""))
        for name in chain(known.name) if known else ():
            yield node, name


def _related(store: Store) -> Iterator[tuple[str, str]]:
    """Node and folded name of whom it is tied to, by the relations that single somebody out."""
    keys = {node: name_key(label) for node, label in sorted(pairs(store, "skos:prefLabel"))}
    for relation in _SINGLING:
        for graph, node, other in pairs_by_graph(store, f"kg:{relation}"):
            if graph != RESOLUTION_GRAPH and keys.get(node) and keys.get(other):
                yield node, keys[other]
                yield other, keys[node]


def _countries(store: Store) -> Iterator[tuple[str, str]]:
    """Node and country; what follows from judgements is left out, since it must not feed them."""
    known = instances(store, "kg:Country")
    labels: dict[str, str] = {}
    for node, label in pairs(store, "skos:prefLabel"):
        if node in known:
            labels[node] = min(label, labels.get(node, label))
    for prop in ("kg:citizen_of", "kg:located_in", "kg:flagged_in"):
        for graph, node, place in pairs_by_graph(store, prop):
            if place in labels and graph != RESOLUTION_GRAPH:
                yield node, labels[place]
