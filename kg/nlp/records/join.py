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


def join_records(doc: Doc, clusters: Sequence[Cluster], records: Sequence[Record]) -> list[Cluster]:
    """The clusters, with those joined that are one party of a record; the same list where there are no records."""
    if not records:
        return list(clusters)
    at = {start: token for token, start in enumerate(starts_of(doc))}
    place = {
        span.start: number for number, cluster in enumerate(clusters) for span in cluster.spans if not cluster.members
    }
    root = list(range(len(clusters)))

    def find(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    parties: dict[int, str] = {}
    types: dict[int, str] = {}
    for record in records:
        number = place.get(at.get(record.name[0], -1))
        if number is None:
            continue
        parties[find(number)] = clusters[number].type
        if record.type and not (record.type == "Company" and clusters[number].type in _ORGANISED):
            types[number] = record.type
        for field in record.all(*_ALIASES):
            other = place.get(at.get(field.start, -1))
            if other is not None and clusters[other].type not in ("Country", "Place"):
                root[find(other)] = find(number)
    clusters = [replace(cluster, type=types.get(number, cluster.type)) for number, cluster in enumerate(clusters)]
    for first, second in _beside(clusters):
        root[find(second)] = find(first)
    people = [party for party, kind in parties.items() if kind == "Person"]
    for number, same in _same_person(clusters, people):
        if len({find(party) for party in same}) == 1 and find(number) != find(same[0]):
            root[find(number)] = find(same[0])
    return _joined(clusters, [find(number) for number in range(len(clusters))])


def _beside(clusters: Sequence[Cluster]) -> Iterator[tuple[int, int]]:
    """Bodies whose acronym stands right behind the name, without brackets: "... for Economic Affairs SECO"."""
    bodies = {
        n: cluster for n, cluster in enumerate(clusters) if cluster.type == "GovernmentBody" and not cluster.members
    }
    ends = {span.end: n for n, cluster in bodies.items() for span in cluster.spans}
    for number, cluster in bodies.items():
        if cluster.name.isupper() and len(cluster.name) < 7:
            yield from ((ends[span.start], number) for span in cluster.spans if ends.get(span.start, number) != number)


def _same_person(clusters: Sequence[Cluster], people: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Each person's cluster, with the parties among `people` that it may be."""
    for number, cluster in enumerate(clusters):
        if cluster.type == "Person" and not cluster.members:
            yield number, [party for party in people if _one_person(cluster, clusters[party])]


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
