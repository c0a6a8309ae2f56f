"""Figures by kind of text: what cross-validation and dev yield, as served."""

from __future__ import annotations

import collections
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType

import numpy as np

from kg.extraction.scoring.predict import Prediction, RelationPredictor
from training.relations.calibration import Mark, expected_error
from training.relations.crossfit import judge
from training.relations.items import Item


@dataclass(slots=True)
class Count:
    """Right, wrong and wanted triples; how sure the claims are, and whether they hold."""

    right: int = 0
    wrong: int = 0
    wanted: int = 0
    documents: int = 0
    sure: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of claims that are right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """The share of wanted triples that are found."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    @property
    def false_above(self) -> float:
        """The share of false claims among those with a confidence of 0.9 or more."""
        high = [right for value, right in self.sure if value >= 0.9]
        return 1 - sum(high) / len(high) if high else 0.0

    @property
    def calibration_error(self) -> float:
        """The expected calibration error over ten bins."""
        if not self.sure:
            return 0.0
        return expected_error(np.array([one for one, _ in self.sure]), np.array([right for _, right in self.sure]))

    def add(self, item: Item, found: Iterable[tuple[Prediction, int]], labels: frozenset[str]) -> None:
        """Count the accepted predictions of a document."""
        self.documents += 1
        self.wanted += sum(t["p"] in labels and not t.get("optional") for t in item.source.gold["triples"])
        for prediction, mark in found:
            self.right += mark == Mark.RIGHT
            self.wrong += mark == Mark.WRONG
            if mark != Mark.AGAIN:
                self.sure.append((prediction.probability, mark != Mark.WRONG))

    def as_dict(self) -> dict[str, float]:
        """The figures that floors are pinned on, and what they rest on."""
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "false_above_0.9": round(self.false_above, 4),
            "calibration_error": round(self.calibration_error, 4),
            "wanted": self.wanted,
            "documents": self.documents,
        }


Judged = list[tuple[Item, list[tuple[Prediction, int]]]]
"""The claims of documents, each with its mark."""


def judged_claims(served: Sequence[tuple[Item, RelationPredictor]], score: ModuleType) -> Judged:
    """The claims of documents with who reads each: predictions likely enough and withheld by no check."""
    found = []
    for item, reader in served:
        accepted = [one for one in reader.predict(item.analysis) if one.accepted and not item.checks.doubt(one)]
        found.append((item, judge(item, accepted, score)))
    return found


def figures(found: Judged, score: ModuleType) -> dict[str, Count]:
    """Counts by kind of text, by split ("train2/..."), and over all ("all")."""
    labels = frozenset(score.PREDICATES)
    counts: dict[str, Count] = collections.defaultdict(Count)
    for item, marks in found:
        known = [(prediction, mark) for prediction, mark in marks if prediction.predicate in labels]
        for name in ("all", item.kind, f"{item.source.split}/all", f"{item.source.split}/{item.kind}"):
            counts[name].add(item, known, labels)
    return dict(counts)


def by_place(found: Judged) -> dict[str, collections.Counter[str]]:
    """Right and wrong claims by where in a document they were seen (`Prediction.kind`)."""
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for _, marks in found:
        for prediction, mark in marks:
            if mark in (Mark.RIGHT, Mark.WRONG):
                counts[prediction.kind]["right" if mark == Mark.RIGHT else "wrong"] += 1
    return dict(counts)


def macro(counts: Mapping[str, Count], kinds: Iterable[str]) -> float:
    """The mean F1 over kinds of text."""
    found = [counts[kind].f1 for kind in kinds if kind in counts]
    return sum(found) / len(found) if found else 0.0


def table(counts: Mapping[str, Count]) -> str:
    """The figures as lines of text."""
    lines = []
    for name in sorted(counts):
        one = counts[name]
        lines.append(
            f"{name:24} {one.documents:4} docs {one.wanted:6} wanted  P {one.precision:.3f} R {one.recall:.3f} "
            f"F1 {one.f1:.3f}  false>=.9 {one.false_above:.3f}  ece {one.calibration_error:.3f}"
        )
    return "\n".join(lines)
