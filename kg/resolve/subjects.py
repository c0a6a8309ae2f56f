"""The store -> what is compared: every node that has names, with its type, dates, countries and identifiers.

One `Subject` stands for one node of a list or of the texts. Names keep where they come from; weak aliases (quoted
nicknames of OFAC, "low quality" ones of the UN) are marked, because they prove little.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from kg.model import EntityType
from kg.namespaces import RESOURCE
from kg.store import Rows, Store

#: Types that two sources may give to one thing.
TYPE_GROUPS: Final[dict[str, str]] = {
    EntityType.COMPANY: "organization",
    EntityType.ORGANIZATION: "organization",
    EntityType.GOVERNMENT_BODY: "organization",
    EntityType.COUNTRY: "place",
    EntityType.PLACE: "place",
}

_NAMES: Final = """SELECT ?node ?type ?label ?name {
  ?node a ?type ; skos:prefLabel ?label . FILTER(?type IN (%s))
  OPTIONAL { ?node skos:altLabel ?name } }"""
_DATASETS: Final = "SELECT ?node ?dataset { ?node kg:listed_entry_of ?dataset }"
_WEAK: Final = 'SELECT ?node ?name { ?claim kg:alias_quality "weak" ; kg:subject ?node ; kg:object ?name }'
_DATES: Final = "SELECT ?node ?date { ?node kg:birth_date ?date }"
_COUNTRIES: Final = f"""SELECT ?node ?label {{ VALUES ?of {{ kg:citizen_of kg:located_in kg:flagged_in }}
  GRAPH ?graph {{ ?node ?of ?place }} FILTER(?graph != <{RESOURCE}graph/resolution>)
  ?place a kg:Country ; skos:prefLabel ?label }}"""  # what follows from judgements must not feed them
_IDENTIFIERS: Final = (
    "SELECT ?node ?scheme ?value { ?node kg:identifier ?id . ?id kg:scheme ?scheme ; kg:value ?value }"
)
_DOCUMENTS: Final = "SELECT ?node ?document { ?node kg:mentioned_in ?document }"


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

    @property
    def group(self) -> str:
        """The type, with those taken together that sources confuse."""
        return TYPE_GROUPS.get(self.type, self.type)


def read_subjects(store: Store, *, listed_only: bool = False) -> list[Subject]:
    """Every entity of the store in the order of its node, or only the entries of official lists."""
    found: dict[str, Subject] = {}
    types = ", ".join(f"kg:{kind.value}" for kind in EntityType)
    datasets = dict(_pairs(store, _DATASETS))
    for node, kind, label, name in _rows(store, _NAMES % types, 4):
        if listed_only and node not in datasets:
            continue
        subject = found.get(node)
        if subject is None:
            subject = found[node] = Subject(node, kind.rpartition("#")[2], label, [label])
        if label < subject.name:  # several documents may give one node several main names
            subject.name = label
        if label not in subject.names:
            subject.names.append(label)
        if name and name not in subject.names:
            subject.names.append(name)
    for node, dataset in datasets.items():
        if node in found:
            found[node].dataset = dataset
    for query, attribute in ((_DATES, "birth_dates"), (_COUNTRIES, "countries"), (_DOCUMENTS, "documents")):
        for node, value in sorted(set(_pairs(store, query))):
            if node in found:
                getattr(found[node], attribute).append(value)
    for node, name in _pairs(store, _WEAK):
        if node in found:
            found[node].weak.add(name)
    for node, scheme, value in sorted({(a, b, c) for a, b, c in _rows(store, _IDENTIFIERS, 3)}):
        if node in found:
            found[node].identifiers.append((scheme, value))
    for subject in found.values():
        subject.names[1:] = sorted({*subject.names, subject.name} - {subject.names[0]})
    return [found[node] for node in sorted(found)]


def _rows(store: Store, query: str, width: int) -> Iterator[tuple[str, ...]]:
    answer = store.query(query)
    if isinstance(answer, Rows):
        for row in answer:
            yield tuple("" if term is None else term.value for term in row[:width])


def _pairs(store: Store, query: str) -> Iterator[tuple[str, str]]:
    return ((row[0], row[1]) for row in _rows(store, query, 2))
