"""Document-level reranking: a logistic model rescores each triple from its other mentions and competing triples.

In: for every triple that the scorer thought possible, how it was seen. Out: its score anew. A triple seen at a second
place, matched by a rule, or without a rival between the same two is likelier; where a body is the likely author of most
listings of a text, a doubtful one is likely its too. The weights, one row for each relation, are fitted on held-out
folds by `training.relations`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.model import SYMMETRIC

Key = tuple[str, str, str]

#: The relations of one listing act.
LISTINGS: Final = ("listed_by", "listed_on", "listed_under")
#: Where a triple may be seen best, in the order of the features.
KINDS: Final = ("sentence", "heading", "item", "before", "post", "act", "rule")
_ACT: Final = 12
FEATURES: Final = 12 + len(KINDS) + 1 + _ACT
"""Numbers by which one triple is scored anew."""
_LEAST: Final = 0.005
_SEEN: Final = 0.1
_LIKELY: Final = 0.4


class RerankerInput(NamedTuple):
    """How a triple was seen: its best and second best score, at how many places, where best.

    `rules` is how many rules match, `precision_of` how often the best of them is right.
    """

    score: float
    second: float
    places: int
    kind: str
    rules: int
    precision_of: float


def reranker_input(scores: Sequence[float], kind: str, rule_precision: Sequence[float]) -> RerankerInput:
    """The sight of a triple from its scores at all places and the worths of the rules that match."""
    ranked = sorted(scores, reverse=True)
    seen = sum(score > _SEEN for score in ranked)
    return RerankerInput(
        ranked[0],
        ranked[1] if len(ranked) > 1 else _LEAST,
        seen,
        kind,
        len(rule_precision),
        max(rule_precision, default=0.5),
    )


def features(sights: Mapping[Key, RerankerInput]) -> NDArray[np.float64]:
    """One row of `FEATURES` numbers for each triple (subject, predicate, object) of a document, in their order."""
    pairs: dict[tuple[str, str], list[tuple[float, str]]] = {}
    objects: dict[tuple[str, str], list[tuple[float, str]]] = {}
    subjects: dict[tuple[str, str], list[tuple[float, str]]] = {}
    relations: dict[str, list[float]] = {}
    for (subject, predicate, object_), seen in sights.items():
        pairs.setdefault((subject, object_), []).append((seen.score, predicate))
        objects.setdefault((subject, predicate), []).append((seen.score, object_))
        subjects.setdefault((predicate, object_), []).append((seen.score, subject))
        relations.setdefault(predicate, []).append(seen.score)
    for ranked in (*pairs.values(), *objects.values(), *subjects.values()):
        ranked.sort(reverse=True)
    levels = {
        name: (math.log1p(sum(score > _LIKELY for score in found)), _logit(_mean(sorted(found, reverse=True)[:5])))
        for name, found in relations.items()
    }
    act = _act_features({key: seen.score for key, seen in sights.items() if key[1] in LISTINGS})
    rows = np.zeros((len(sights), FEATURES))
    for number, (key, seen) in enumerate(sights.items()):
        subject, predicate, object_ = key
        turned = pairs.get((object_, subject), ()) if predicate not in SYMMETRIC else ()
        row = rows[number]
        row[:12] = (
            _logit(seen.score),
            _logit(seen.second),
            math.log1p(seen.places),
            _logit(_best_but(pairs[subject, object_], predicate)),
            _logit(turned[0][0] if turned else _LEAST),
            _logit(_best_but(objects[subject, predicate], object_)),
            _logit(_best_but(subjects[predicate, object_], subject)),
            *levels[predicate],
            float(seen.rules > 0),
            float(seen.rules),
            _logit(seen.precision_of),
        )
        row[12 + KINDS.index(seen.kind)] = 1.0
        row[12 + len(KINDS)] = 1.0
        if key in act:
            row[-_ACT:] = act[key]
    return rows


def _best_but(ranked: Sequence[tuple[float, str]], own: str) -> float:
    """The best score of another than `own`, the scores standing from the highest down."""
    return next((score for score, other in ranked if other != own), _LEAST)


def _mean(found: Sequence[float]) -> float:
    return sum(found) / len(found)


def _act_features(scores: Mapping[Key, float]) -> dict[Key, list[float]]:
    """For each listing triple: how it stands among the others of its document."""
    by_subject: dict[tuple[str, str], list[tuple[float, str]]] = {}
    by_object: dict[tuple[str, str], list[float]] = {}
    listed: dict[str, float] = {}
    for (subject, predicate, object_), score in scores.items():
        by_subject.setdefault((subject, predicate), []).append((score, object_))
        by_object.setdefault((object_, predicate), []).append(score)
        listed[subject] = max(listed.get(subject, 0.0), score)
    strength = {key: _mean(found) for key, found in by_object.items()}
    found: dict[Key, list[float]] = {}
    for key, score in scores.items():
        subject, predicate, object_ = key
        rivals = [value for value, other in by_subject[subject, predicate] if other != object_]
        same = sorted(by_object[object_, predicate], reverse=True)
        stronger = sum(
            1 for (_, kind), value in strength.items() if kind == predicate and value > strength[object_, predicate]
        )
        found[key] = [
            _logit(score),
            _logit(max(rivals, default=0.02)),
            _logit(listed[subject]),
            _logit(strength[object_, predicate]),
            _logit(_mean(same[:5])),
            float(stronger == 0),
            min(stronger, 4) / 4,
            sum(1 for value in same if value > 0.5) / len(same),
            min(len(same), 20) / 20,
            float(score >= max(rivals, default=0.0)),
            sum(1 for value in rivals if value > _LIKELY) / 4,
            1.0,
        ]
    return found


def _logit(score: float) -> float:
    bounded = min(max(score, _LEAST), 1.0 - _LEAST)
    return math.log(bounded / (1.0 - bounded))


@dataclass(frozen=True, slots=True)
class Reranker:
    """The fitted weights: one row of `FEATURES` numbers for each of `labels`.

    `rule_precision` says of each rule known how often its matches are right, 0 to 1; of another its relation's rules
    together.
    """

    labels: tuple[str, ...]
    weights: NDArray[np.float64]
    rule_precision: Mapping[str, float]

    def precision_of(self, rule: str) -> float:
        """How often the matches of a rule are right."""
        return self.rule_precision.get(rule, self.rule_precision.get(rule.partition(".")[0], 0.5))

    def again(self, sights: Mapping[Key, RerankerInput]) -> dict[Key, float]:
        """The scores of all triples, in their order."""
        if not sights:
            return {}
        rows = np.array([self.labels.index(predicate) for _, predicate, _ in sights])
        totals = (features(sights) * self.weights[rows]).sum(axis=1)
        return dict(zip(sights, (1.0 / (1.0 + np.exp(-np.clip(totals, -30.0, 30.0)))).tolist(), strict=True))
