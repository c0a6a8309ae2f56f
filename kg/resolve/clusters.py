"""Judgements -> clusters of nodes that are the same entity, and the graph that follows.

`same` judgements join, the surest first and a person's before all; a join that would put two entries of one list, or
two nodes judged different, into one cluster is not made. The node that stands for a cluster is the one that texts
speak of most, then the one with the longest name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import NamedNode, Quad

from kg.namespaces import term
from kg.resolve.judgements import RESOLUTION, Judgement
from kg.resolve.subjects import Subject
from kg.store import Rows, Store, Term

_BATCH: Final = 500  # nodes that are asked about at a time
#: The claims that hold, about nodes in the place of NODES; names stay with the nodes that bear them.
_CLAIMS: Final = """SELECT DISTINCT ?claim ?subject ?predicate ?object {
  { VALUES ?node { NODES } ?claim kg:subject ?node } UNION { VALUES ?node { NODES } ?claim kg:object ?node }
  ?claim kg:subject ?subject ; kg:predicate ?predicate ; kg:object ?object ; kg:status ?status
  FILTER((?status = kg:asserted || ?predicate = kg:planned_IPO) && ?predicate != kg:also_known_as)
}"""


class Clusters:
    """Sets of nodes, joined one judgement at a time."""

    def __init__(self, subjects: Mapping[str, Subject], apart: Iterable[tuple[str, str]] = ()) -> None:
        self._subjects = subjects
        self._head: dict[str, str] = {}
        self._members: dict[str, set[str]] = {}
        self._apart: defaultdict[str, set[str]] = defaultdict(set)
        for one, other in apart:
            self._apart[one].add(other)
            self._apart[other].add(one)

    def members(self, node: str) -> set[str]:
        """The cluster of a node, itself among it."""
        return self._members.get(self._head.get(node, node), {node})

    def objection(self, one: str, other: str) -> str:
        """Why the clusters of two nodes may not be joined; empty where they may."""
        left, right = self.members(one), self.members(other)
        if any(self._apart[node] & right for node in left):
            return "nodes of the two clusters were judged different"
        datasets = {self._dataset(node): node for node in left if self._dataset(node)}
        for node in sorted(right):
            rival = datasets.get(self._dataset(node)) if self._dataset(node) else None
            if rival is not None and rival != node:
                return f"it would join two entries of {self._dataset(node).rpartition('/')[2]}"
        return ""

    def join(self, one: str, other: str) -> None:
        """Make the clusters of two nodes one."""
        left, right = self.members(one), self.members(other)
        if left is right:
            return
        joined = left | right
        head = min(joined)
        for node in joined:
            self._head[node] = head
        self._members[head] = joined
        for node in joined - {head}:
            self._members.pop(node, None)

    def all(self) -> list[list[str]]:
        """Every cluster of two nodes or more, its standing node first, in the order of these."""
        found = []
        for members in self._members.values():
            standing = min(members, key=self._rank)
            found.append([standing, *sorted(members - {standing})])
        return sorted(found)

    def _dataset(self, node: str) -> str:
        subject = self._subjects.get(node)
        return subject.dataset if subject else ""

    def _rank(self, node: str) -> tuple[bool, int, int, str]:
        subject = self._subjects.get(node)
        if subject is None:
            return True, 0, 0, node
        return bool(subject.dataset), -len(subject.documents), -len(subject.name), node


def form_clusters(
    subjects: Mapping[str, Subject], judgements: list[Judgement]
) -> tuple[Clusters, dict[tuple[str, str], str]]:
    """The clusters, and for each pair whose join was not made the reason."""
    decided = [item for item in judgements if item.decided_by == "person"]
    apart = [item.pair for item in judgements if item.verdict == "different"]
    clusters = Clusters(subjects, apart)
    for item in decided:
        if item.verdict == "same":
            clusters.join(*item.pair)
    refused: dict[tuple[str, str], str] = {}
    by_rule = [item for item in judgements if item.decided_by == "rule" and item.verdict == "same"]
    for item in sorted(by_rule, key=lambda item: (-item.score, item.pair)):
        objection = clusters.objection(*item.pair)
        if objection:
            refused[item.pair] = objection
        else:
            clusters.join(*item.pair)
    return clusters, refused


def resolution_quads(store: Store, clusters: Clusters) -> Iterator[Quad]:
    """`kg:canonical` of each node that another stands for, and the plain triples restated on those that stand."""
    graph = NamedNode(RESOLUTION)
    canonical: dict[str, str] = {}
    for standing, *others in clusters.all():
        canonical.update(dict.fromkeys(others, standing))
    for node, standing in sorted(canonical.items()):
        yield Quad(NamedNode(node), NamedNode(term("canonical")), NamedNode(standing), graph)
    seen = set()
    for _, subject, predicate, value in sorted(_claims_about(store, canonical), key=str):
        head = NamedNode(canonical.get(subject.value, subject.value))
        target = NamedNode(canonical.get(value.value, value.value)) if isinstance(value, NamedNode) else value
        quad = Quad(head, predicate, target, graph)
        if head != target and quad not in seen:
            seen.add(quad)
            yield quad


def _claims_about(store: Store, nodes: Iterable[str]) -> set[tuple[Term, NamedNode, NamedNode, Term]]:
    """Claim, subject, predicate and object of every claim about one of the nodes that has a plain triple."""
    found = set()
    ordered = sorted(nodes)
    for start in range(0, len(ordered), _BATCH):
        values = " ".join(str(NamedNode(node)) for node in ordered[start : start + _BATCH])
        answer = store.query(_CLAIMS.replace("NODES", values))
        for claim, subject, predicate, value in answer if isinstance(answer, Rows) else ():
            if claim and isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and value is not None:
                found.add((claim, subject, predicate, value))
    return found
