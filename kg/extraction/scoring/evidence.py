"""Raw pair scores and rule matches -> what the reranker reads of each triple, and where the triple is best shown.

Serving (`kg.extraction.scoring.predict`) and fitting (`training.relations`) both call this, so that the reranker is
fitted on exactly what it later reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kg.extraction.features.pairs import PairCandidate
from kg.extraction.patterns.matcher import PatternMatch
from kg.extraction.scoring.classifier import Floats
from kg.extraction.scoring.reranker import Key, RerankerInput, reranker_input
from kg.model import SYMMETRIC

#: Raw scores below this are not looked at.
FLOOR: Final = 0.02
#: The raw score of a triple that only a rule proposes.
RULE_ONLY: Final = 0.02

Matches = Mapping[Key, Sequence[PatternMatch]]


@dataclass(frozen=True, slots=True)
class PairEvidence:
    """The reranker's input for each triple, and the candidate at which the scorer rates it highest."""

    inputs: dict[Key, RerankerInput]
    best: dict[Key, PairCandidate]


def normal_key(subject: str, predicate: str, object_: str) -> Key:
    """The triple with the ends of a symmetric relation in order of their ids."""
    if predicate in SYMMETRIC and object_ < subject:
        return object_, predicate, subject
    return subject, predicate, object_


def matches_by_triple(matches: Sequence[PatternMatch]) -> dict[Key, list[PatternMatch]]:
    """The rule matches between two entities, by triple."""
    found: dict[Key, list[PatternMatch]] = {}
    for match in matches:
        if match.object_spot is not None:
            found.setdefault(normal_key(match.subject, match.predicate, match.object), []).append(match)
    return found


def pair_evidence(
    candidates: Sequence[PairCandidate],
    raw: Floats,
    labels: Sequence[str],
    matches: Matches,
    precision_of: Callable[[str], float],
) -> PairEvidence:
    """Collect every triple that the scorer rates at `FLOOR` or above or that a rule matches.

    `raw` has two rows for each candidate: first with the first mention as subject, then with the second.
    """
    count = len(candidates)
    ranked: dict[Key, tuple[float, int]] = {}
    scores: dict[Key, list[float]] = {}
    for row, column in zip(*(found.tolist() for found in np.nonzero(raw >= FLOOR)), strict=True):
        candidate = candidates[row % count]
        first, second = candidate.first.entity, candidate.second.entity
        subject, object_ = (first, second) if row < count else (second, first)
        key = normal_key(subject, labels[column], object_)
        place = float(raw[row, column]), -(row % count)
        scores.setdefault(key, []).append(place[0])
        if key not in ranked or place > ranked[key]:
            ranked[key] = place
    best = {key: candidates[-place] for key, (_, place) in ranked.items()}
    precisions = {
        key: [precision_of(rule) for rule in dict.fromkeys(one.rule for one in found)] for key, found in matches.items()
    }
    inputs = {key: reranker_input(found, best[key].kind, precisions.get(key, ())) for key, found in scores.items()}
    known = frozenset(labels)
    for key in matches:
        if key[1] in known and key not in inputs:
            inputs[key] = reranker_input([RULE_ONLY], "rule", precisions[key])
    return PairEvidence(inputs, best)
