"""Entity resolution over nodes of texts and lists: judgements with their reasons, which can be read and undone.

In: every entity of the store. Out, in two graphs of their own: the judgements, and what follows from them
(`kg:canonical`, plain triples on the standing nodes). No source graph is touched. A person's decisions stay; entries
of one list are never joined with each other. The pairs of two lists are judged again only when a list has changed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from kg.matching.blocking import NameIndex
from kg.matching.names import Name, distinct
from kg.model import EntityType
from kg.namespaces import digest
from kg.resolve.clusters import form_clusters, resolution_quads
from kg.resolve.judgements import (
    JUDGEMENTS,
    RESOLUTION,
    Judgement,
    judge,
    judgement_quads,
    read_judgements,
    read_marker,
)
from kg.resolve.pairs import best_names, judge_pair, reference_key
from kg.resolve.state import mark
from kg.resolve.subjects import Subject, read_subjects
from kg.store import Store

__all__ = ["ResolutionReport", "resolve"]

_CANDIDATES: Final = 24
_CLOSE: Final = 0.02  # two entries of one list this near each other: the name does not tell which is meant
_NAMELESS: Final = frozenset({EntityType.COUNTRY, EntityType.PLACE, EntityType.LIST, EntityType.LEGAL_INSTRUMENT})


@dataclass(frozen=True, slots=True)
class ResolutionReport:
    """What was compared and found: nodes, pairs whose names were compared, judgements by verdict, clusters."""

    nodes: int
    compared: int
    same: int
    different: int
    unsure: int
    decided_by_person: int
    clusters: int

    def __str__(self) -> str:
        """The counts on one line."""
        return (
            f"{self.nodes} nodes, {self.compared} pairs compared: {self.same} same, {self.different} different, "
            f"{self.unsure} unsure ({self.decided_by_person} decided by a person); {self.clusters} clusters"
        )


def resolve(store: Store) -> ResolutionReport:
    """Judge every pair of nodes with alike names, and write judgements and what follows from them; gives the counts.

    The same store gives the same judgements. Costs about two milliseconds for each name of a text, and for each name
    of a list that was imported since the last time.
    """
    subjects = read_subjects(store)
    by_node = {subject.node: subject for subject in subjects}
    marker = _marker(subjects)
    earlier = read_judgements(store)
    decided = [item for item in earlier if item.decided_by == "person" and set(item.pair) <= by_node.keys()]
    known = None
    if marker == read_marker(store):
        known = [item for item in earlier if item.decided_by == "rule" and _both_listed(item, by_node)]
    compared = _Compared()
    by_rule = [*_by_reference(subjects), *_by_name(subjects, known, compared)]
    settled = {item.pair for item in decided}
    judgements = [*decided, *(item for item in _strongest(by_rule) if item.pair not in settled)]
    clusters, refused = form_clusters(by_node, judgements)
    judgements = [
        replace(item, verdict="unsure", reasons=(*item.reasons, refused[item.pair])) if item.pair in refused else item
        for item in judgements
    ]
    judged = judgement_quads(store, sorted(judgements, key=lambda item: item.pair), marker=marker)
    store.replace_graphs({JUDGEMENTS: [*judged, mark(store)], RESOLUTION: list(resolution_quads(store, clusters))})
    verdicts = Counter(item.verdict for item in judgements)
    return ResolutionReport(
        nodes=len(subjects),
        compared=compared.number,
        same=verdicts["same"],
        different=verdicts["different"],
        unsure=verdicts["unsure"],
        decided_by_person=len(decided),
        clusters=len(clusters.all()),
    )


@dataclass(slots=True)
class _Compared:
    number: int = 0


def _marker(subjects: list[Subject]) -> str:
    listed = [subject for subject in subjects if subject.dataset]
    return digest(*(f"{subject.node}\t{'|'.join(subject.names)}\t{subject.birth_dates}" for subject in listed))


def _both_listed(item: Judgement, by_node: dict[str, Subject]) -> bool:
    return all(node in by_node and by_node[node].dataset for node in item.pair)


def _strongest(judgements: list[Judgement]) -> list[Judgement]:
    """One judgement a pair: the one with the highest score."""
    best: dict[tuple[str, str], Judgement] = {}
    for item in judgements:
        if item.pair not in best or item.score > best[item.pair].score:
            best[item.pair] = item
    return list(best.values())


def _by_reference(subjects: list[Subject]) -> Iterator[Judgement]:
    """Countries, authorities, lists and instruments by the tables that know their names."""
    groups: defaultdict[str, list[Subject]] = defaultdict(list)
    for subject in subjects:
        if not subject.dataset and (key := reference_key(subject)):
            groups[key].append(subject)
    for key, members in sorted(groups.items()):
        first = members[0]
        for other in members[1:]:
            yield judge(first.node, other.node, "same", 1.0, (f"the tables know both as the {key}",))


def _by_name(subjects: list[Subject], known: list[Judgement] | None, compared: _Compared) -> Iterator[Judgement]:
    """Nodes with alike names; `known` are the judgements on pairs of list entries where no list has changed."""
    names: list[list[Name]] = [
        [] if subject.type in _NAMELESS or reference_key(subject) else distinct(subject.names) for subject in subjects
    ]
    listed_first = sorted(range(len(subjects)), key=lambda owner: not subjects[owner].dataset)
    owners = [(name, owner) for owner in listed_first for name in names[owner]]
    index = NameIndex(owners)
    if known is not None:
        yield from known
    ranks = _ranks(subjects)
    for owner, subject in enumerate(subjects):
        if subject.dataset and (known is not None or ranks[subject.dataset] == max(ranks.values())):
            continue
        yield from _neighbours(owner, subjects, names, _Asked(index, ranks, compared))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every name is looked up with."""

    index: NameIndex
    ranks: dict[str, int]
    compared: _Compared


def _ranks(subjects: list[Subject]) -> dict[str, int]:
    """Texts first, then the lists by size: a pair is found from its lower side, so the largest list asks nothing."""
    sizes = Counter(subject.dataset for subject in subjects if subject.dataset)
    ordered = sorted(sizes, key=lambda dataset: (sizes[dataset], dataset))
    return {"": 0, **{dataset: rank for rank, dataset in enumerate(ordered, start=1)}}


def _neighbours(owner: int, subjects: list[Subject], names: list[list[Name]], asked: _Asked) -> Iterator[Judgement]:
    subject, index = subjects[owner], asked.index
    pairs: defaultdict[int, list[tuple[Name, Name]]] = defaultdict(list)
    for name in names[owner]:
        for number in index.candidates(name, _CANDIDATES):
            other = index.owners[number]
            if other != owner and _comparable(subject, subjects[other], asked.ranks):
                pairs[other].append((name, index.names[number]))
    found: defaultdict[str, list[tuple[float, Judgement]]] = defaultdict(list)
    for other, alike in sorted(pairs.items()):
        asked.compared.number += 1
        score, comparison = best_names(subject, alike, subjects[other], index.weights)
        judgement = judge_pair(subject, subjects[other], score, comparison, index.weights)
        if judgement is not None:
            found[subjects[other].dataset].append((judgement.score, judgement))
    for dataset, judged in sorted(found.items()):
        yield from _one_of_list(judged) if dataset and not subject.dataset else (item for _, item in judged)


def _comparable(subject: Subject, other: Subject, ranks: dict[str, int]) -> bool:
    """Whether a pair is to be compared from this side: of one group, and not both of one list or one text."""
    if subject.group != other.group:
        return False
    if subject.dataset or other.dataset:
        return ranks[subject.dataset] < ranks[other.dataset]
    return subject.node < other.node and not set(subject.documents) & set(other.documents)


def _one_of_list(judged: list[tuple[float, Judgement]]) -> Iterator[Judgement]:
    """A text's name fits one entry of a list at most: where two fit about as well, none is taken for sure."""
    ranked = sorted(judged, key=lambda item: (-item[0], item[1].pair))
    best = ranked[0][0]
    rivals = [item for score, item in ranked if item.verdict == "same" and score > best - _CLOSE]
    for _, item in ranked:
        if item.verdict == "same" and (len(rivals) > 1 or item not in rivals):
            why = (
                "another entry of the list fits as well" if len(rivals) > 1 else "another entry of the list fits better"
            )
            yield replace(item, verdict="unsure", reasons=(*item.reasons, why))
        else:
            yield item
