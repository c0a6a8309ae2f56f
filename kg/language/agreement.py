"""One act, one authority: what a document says of many listed names together decides what is believed of each.

In: the scores of all listing triples of a document. Out: the same triples scored again. Where a body is the likely
author of most listings of a text, a doubtful one is likely its too; where another authority fits an entity better,
it is less likely. The weights are fitted on held-out folds by `training/relations.py`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Key = tuple[str, str, str]

#: The relations of one listing act.
LISTINGS: Final = ("listed_by", "listed_on", "listed_under")
FEATURES: Final = 12


def features(scores: Mapping[Key, float]) -> dict[Key, list[float]]:
    """For each listing triple (subject, predicate, object): how it stands among the others of its document."""
    by_subject: dict[tuple[str, str], list[tuple[float, str]]] = {}
    by_object: dict[tuple[str, str], list[float]] = {}
    listed: dict[str, float] = {}
    for (subject, predicate, object_), score in scores.items():
        if predicate not in LISTINGS:
            continue
        by_subject.setdefault((subject, predicate), []).append((score, object_))
        by_object.setdefault((object_, predicate), []).append(score)
        listed[subject] = max(listed.get(subject, 0.0), score)
    strength = {key: sum(found) / len(found) for key, found in by_object.items()}
    found: dict[Key, list[float]] = {}
    for key, score in scores.items():
        subject, predicate, object_ = key
        if predicate not in LISTINGS:
            continue
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
            _logit(sum(same[:5]) / len(same[:5])),
            float(stronger == 0),
            min(stronger, 4) / 4,
            sum(1 for value in same if value > 0.5) / len(same),
            min(len(same), 20) / 20,
            float(score >= max(rivals, default=0.0)),
            sum(1 for value in rivals if value > 0.4) / 4,
            1.0,
        ]
    return found


def _logit(score: float) -> float:
    bounded = min(max(score, 0.005), 0.995)
    return math.log(bounded / (1 - bounded))


@dataclass(frozen=True, slots=True)
class Agreement:
    """The fitted weights: one row of `FEATURES` numbers for each of `LISTINGS`."""

    weights: NDArray[np.float64]

    def again(self, scores: Mapping[Key, float]) -> dict[Key, float]:
        """The scores with those of listing triples replaced."""
        found = dict(scores)
        for key, row in features(scores).items():
            total = sum(
                weight * value for weight, value in zip(self.weights[LISTINGS.index(key[1])].tolist(), row, strict=True)
            )
            found[key] = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))
        return found
