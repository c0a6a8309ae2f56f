"""From scores of held-out folds to probabilities, and from these to the thresholds that are shipped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Numbers = NDArray[np.float64]

GRID: Final = np.concatenate([[0, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07], np.linspace(0.1, 0.95, 18), [0.98, 1]])
"""The scores at which calibration curves have their knots."""
_OWN_LEVEL: Final = 0.7
_OWN_SLOPE: Final = 0.25
"""How freely a label leaves the curve of all labels, in its level and in its slope."""
_NEVER: Final = 0.99
"""The threshold of a label of which nothing reaches the precision wanted."""


class Judged(NamedTuple):
    """One held-out proposal: its score, the number of its label, and how it stands to the gold (see `Mark`)."""

    score: float
    label: int
    mark: int
    kind: str


class Mark:
    """How a proposal stands to the gold: found, not there, only as optional, or said before."""

    RIGHT: Final = 1
    WRONG: Final = 0
    OPTIONAL: Final = -1
    AGAIN: Final = -2


class Curves:
    """Logistic calibration: a slope and level for all labels, and a small correction for each."""

    def __init__(self, scores: Numbers, labels: NDArray[np.int64], right: NDArray[np.bool_], count: int) -> None:
        self.count = count
        self.model = LogisticRegression(C=0.5, max_iter=500)
        self.model.fit(self._features(scores, labels), right)

    def _features(self, scores: Numbers, labels: NDArray[np.int64]) -> Numbers:
        clipped = np.clip(scores, 1e-4, 1 - 1e-4)
        logit = np.log(clipped / (1 - clipped))
        one = np.zeros((len(scores), self.count))
        one[np.arange(len(scores)), labels] = 1
        return np.concatenate([logit[:, None], one * _OWN_LEVEL, one * logit[:, None] * _OWN_SLOPE], axis=1)

    def values(self) -> Numbers:
        """The probability at each knot of each label; never falling."""
        rows = [self.model.predict_proba(self._features(GRID, np.full(len(GRID), k)))[:, 1] for k in range(self.count)]
        return np.maximum.accumulate(np.stack(rows), axis=1)


class Calibration(NamedTuple):
    """What a part is shipped with: knots and values of its curves, and the threshold of each label."""

    knots: NDArray[np.float32]
    values: NDArray[np.float32]
    thresholds: NDArray[np.float32]


def columns(judged: Sequence[Judged]) -> tuple[Numbers, NDArray[np.int64], NDArray[np.int64]]:
    """Scores, labels and marks as arrays."""
    return (
        np.array([one.score for one in judged]),
        np.array([one.label for one in judged], np.int64),
        np.array([one.mark for one in judged], np.int64),
    )


def strict_values(judged: Sequence[Judged], count: int) -> Numbers:
    """Curves of precision: optional triples count neither way, as in the gold's scorer."""
    scores, labels, marks = columns(judged)
    kept = marks >= 0
    return Curves(scores[kept], labels[kept], marks[kept] == Mark.RIGHT, count).values()


def calibrate(judged: Sequence[Judged], count: int, cut: float) -> Calibration:
    """Curves of probability (an optional triple is true), and thresholds where precision reaches `cut`."""
    scores, labels, marks = columns(judged)
    kept = marks != Mark.AGAIN
    values = Curves(scores[kept], labels[kept], marks[kept] != Mark.WRONG, count).values()
    strict = strict_values(judged, count)
    limits = []
    for k in range(count):
        at = float(np.interp(cut, strict[k], GRID)) if strict[k].max() > cut else _NEVER
        limits.append(float(np.interp(at, GRID, values[k])))
    knots = np.tile(GRID, (count, 1)).astype(np.float32)
    return Calibration(knots, values.astype(np.float32), np.array(limits, np.float32))


def choose_cut(
    judged: Sequence[tuple[Sequence[Judged], int]], wanted: int, precision: float
) -> tuple[float, list[tuple[float, float, float, float]]]:
    """The precision that each proposal must promise so that F1 over all is best while precision is kept.

    `judged` holds each part's proposals and how many labels it has. Gives the cut, and (cut, P, R, F1) on the way.
    """
    promises, goods = [], []
    for found, count in judged:
        values = strict_values(found, count)
        for one in found:
            if one.mark >= 0:
                promises.append(float(np.interp(one.score, GRID, values[one.label])))
                goods.append(one.mark == Mark.RIGHT)
    promise, good = np.array(promises), np.array(goods)
    best, way = (0.0, 0.5), []
    for cut in np.arange(0.2, 0.8, 0.01):
        inside = promise >= cut
        p = float(good[inside].mean()) if inside.any() else 0.0
        r = float(good[inside].sum()) / wanted
        f = 2 * p * r / (p + r) if p + r else 0.0
        way.append((float(cut), p, r, f))
        if p >= precision and f > best[0]:
            best = f, float(cut)
    return best[1], way


def expected_error(p: Numbers, right: NDArray[np.bool_], bins: int = 10) -> float:
    """The expected calibration error over equal bins."""
    total = 0.0
    for k in range(bins):
        inside = (p > k / bins) & (p <= (k + 1) / bins)
        if inside.any():
            total += abs(float(p[inside].mean()) - float(right[inside].mean())) * float(inside.mean())
    return total
