"""The parties of records among the things of a document: one thing for all names of a record.

In: the clusters of coreference and the records. Out: clusters, those of a record's name and aliases joined, and a
person of a record joined with the prose's: "KARIMOV, Rustam" is "Rustam Karimov".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Doc

from kg.namespaces import name_key
from kg.nlp.coref.clusters import Cluster
from kg.nlp.doc_arrays import starts_of
from kg.nlp.records.model import Record

_ORGANISED = frozenset({"Company", "Organization", "GovernmentBody"})
_ALIASES = frozenset({"alias", "former", "native_name"})


class _Sets:
    """Numbers of clusters in disjoint sets."""

    def __init__(self, size: int) -> None:
        self._root = list(range(size))

    def find(self, number: int) -> int:
        """The number that stands for the set of this one."""
        while self._root[number] != number:
            number = self._root[number]
        return number

    def unite(self, other: int, number: int) -> None:
        """Put the set of `other` into that of `number`."""
        self._root[self.find(other)] = self.find(number)


def join_records(doc: Doc, clusters: Sequence[Cluster], records: Sequence[Record]) -> list[Cluster]:
    """The clusters, with those joined that are one party of a record; the same list where there are no records."""
    if not records:
        return list(clusters)
    sets = _Sets(len(clusters))
    parties, types = _unite_aliases(doc, clusters, records, sets)
    clusters = [replace(cluster, type=types.get(number, cluster.type)) for number, cluster in enumerate(clusters)]
    for first, second in _beside(clusters):
        sets.unite(second, first)
    for number, cluster in enumerate(clusters):
        if cluster.type == "Person" and not cluster.members:
            same = {sets.find(party) for party in parties if _one_person(cluster, clusters[party])}
            if len(same) == 1:
                sets.unite(number, same.pop())
    return _joined(clusters, [sets.find(number) for number in range(len(clusters))])


def _unite_aliases(
    doc: Doc, clusters: Sequence[Cluster], records: Sequence[Record], sets: _Sets
) -> tuple[list[int], dict[int, str]]:
    """Put the aliases of each record to its party; gives the persons among the parties, and types of clusters."""
    at = {start: token for token, start in enumerate(starts_of(doc))}
    place = {
        span.start: number for number, cluster in enumerate(clusters) for span in cluster.spans if not cluster.members
    }
    persons: list[int] = []
    types: dict[int, str] = {}
    for record in records:
        number = place.get(at.get(record.name[0], -1))
        if number is None:
            continue
        if clusters[number].type == "Person":
            persons.append(sets.find(number))
        if record.type and not (record.type == "Company" and clusters[number].type in _ORGANISED):
            types[number] = record.type
        for field in record.all(*_ALIASES):
            other = place.get(at.get(field.start, -1))
            if other is not None and clusters[other].type not in ("Country", "Place"):
                sets.unite(other, number)
    return persons, types


def _beside(clusters: Sequence[Cluster]) -> Iterator[tuple[int, int]]:
    """Bodies whose acronym stands right behind the name, without brackets: "... for Economic Affairs SECO"."""
    bodies = {
        n: cluster for n, cluster in enumerate(clusters) if cluster.type == "GovernmentBody" and not cluster.members
    }
    ends = {span.end: n for n, cluster in bodies.items() for span in cluster.spans}
    for number, cluster in bodies.items():
        if cluster.name.isupper() and len(cluster.name) < 7:
            yield from ((ends[span.start], number) for span in cluster.spans if ends.get(span.start, number) != number)


def _one_person(one: Cluster, other: Cluster) -> bool:
    """Whether the words of the shorter name, two at least, all stand in the longer one, in any order."""
    a, b = set(name_key(one.name).split()), set(name_key(other.name).split())
    return min(len(a), len(b)) > 1 and (a <= b or b <= a)


def _joined(clusters: Sequence[Cluster], roots: Sequence[int]) -> list[Cluster]:
    order = [number for number, root in enumerate(roots) if root == number]
    place = {root: at for at, root in enumerate(order)}
    found: list[Cluster] = []
    for root in order:
        mine = [clusters[number] for number, other in enumerate(roots) if other == root]
        main = clusters[root]
        spans = set(main.spans)
        for other in mine:
            if other is not main:
                spans |= {replace(span, kind="alias" if span.kind == "name" else span.kind) for span in other.spans}
        members = tuple(sorted({place[roots[member]] for member in main.members}))
        found.append(replace(main, spans=tuple(sorted(spans)), members=members))
    return found
