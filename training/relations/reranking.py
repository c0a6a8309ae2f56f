"""Fitting the reranker: what it reads of held-out triples, how often each rule is right, logistic regression over both."""

from __future__ import annotations

import collections
from collections.abc import Collection, Mapping, Sequence
from types import ModuleType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from kg.extraction.patterns.matcher import PatternMatch
from kg.extraction.scoring.evidence import matches_by_triple, pair_evidence
from kg.extraction.scoring.reranker import FEATURES, Key, Reranker, RerankerInput, features
from training.relations.gold import Record
from training.relations.items import Item

Inputs = Mapping[Key, RerankerInput]

_PRIOR: Final = 0.6
"""How often rules are right on the whole; drawn on the 256 documents of `train`."""
_STRENGTH: Final = 3.0
"""Matches that the prior counts for."""
_OPTIONAL: Final = 0.4
"""The weight of a triple that the gold has as optional."""
_OWN: Final = 0.5
"""How dear a relation's own weights are beside those of all relations: lower is dearer."""


def rightness(item: Item, keys: Collection[Key], score: ModuleType, texts: Sequence[bool] = ()) -> NDArray[np.int64]:
    """For each triple 1 where the gold has it, 2 where only as optional, else 0; `texts` tells which objects are text."""
    gold = score.Document(item.source.gold)
    predicted = score.Document({"id": item.id, "entities": item.entities, "triples": []})
    wanted = by_predicate(gold)
    found = []
    for (subject, predicate, object_), is_text in zip(keys, texts or [False] * len(keys), strict=True):
        triple = {"s": subject, "p": predicate, "o": {"text": object_} if is_text else object_}
        hits = [g for _, g in wanted[predicate] if score.triple_matches(gold, predicted, g, triple, item.table)]
        found.append(0 if not hits else 1 if any(not g.get("optional") for g in hits) else 2)
    return np.array(found, np.int64)


def _triple(item: Item, match: PatternMatch) -> tuple[str, str, str, bool]:
    """The triple that a rule matched, and whether its object is a text."""
    if match.object_spot is not None:
        return match.subject, match.predicate, match.object, False
    text = item.analysis.view.span_text(match.object_start, match.object_end)
    return match.subject, match.predicate, text, True


def by_predicate(gold: Any) -> dict[str, list[tuple[int, Record]]]:
    """The triples of a gold document with their numbers, by predicate."""
    found: dict[str, list[tuple[int, Record]]] = collections.defaultdict(list)
    for number, triple in enumerate(gold.triples):
        found[triple["p"]].append((number, triple))
    return found


Counts = dict[str, tuple[float, float]]
"""How often a rule, or all rules of a relation, are right, and how often they match."""


def rule_counts(item: Item, score: ModuleType) -> Counts:
    """The counts of one document."""
    counts: Counts = {}
    found = list(dict.fromkeys((one.rule, *_triple(item, one)) for one in item.analysis.matches))
    marks = rightness(item, [one[1:4] for one in found], score, texts=[one[4] for one in found])
    for (rule, _, predicate, _, _), mark in zip(found, marks.tolist(), strict=True):
        weight = _OPTIONAL if mark == 2 else 1.0
        for name in (rule, predicate):
            right, total = counts.get(name, (0.0, 0.0))
            counts[name] = right + weight * (mark > 0), total + weight
    return counts


def rule_precision(found: Sequence[Counts]) -> dict[str, float]:
    """How often each rule is right, drawn towards its relation's rules, and these towards all."""
    counts: Counts = {}
    for one in found:
        for name, (right, total) in one.items():
            before = counts.get(name, (0.0, 0.0))
            counts[name] = before[0] + right, before[1] + total
    relations = {
        name: (right + _STRENGTH * _PRIOR) / (total + _STRENGTH)
        for name, (right, total) in counts.items()
        if "." not in name
    }
    rules = {
        name: (right + _STRENGTH * relations[name.partition(".")[0]]) / (total + _STRENGTH)
        for name, (right, total) in sorted(counts.items())
        if "." in name
    }
    return relations | rules


def reranker_inputs(item: Item, raw: NDArray[np.float32], labels: Sequence[str], precision: Reranker) -> Inputs:
    """What the reranker reads of each triple of a document, by kg's own code."""
    analysis = item.analysis
    matches = matches_by_triple(analysis.matches)
    return pair_evidence(analysis.pair_candidates, raw, labels, matches, precision.precision_of).inputs


def without_weights(labels: Sequence[str], precision: Mapping[str, float]) -> Reranker:
    """A reranker that knows the precision of rules and nothing else yet."""
    return Reranker(tuple(labels), np.zeros((len(labels), FEATURES)), precision)


def fit_reranker(
    seen: Sequence[tuple[Item, Inputs, NDArray[np.int64]]],
    labels: Sequence[str],
    precision: Mapping[str, float],
    *,
    strength: float = 0.3,
) -> Reranker:
    """Logistic regression over held-out triples: weights for all relations, and each relation's own added to them."""
    chosen = [one for one in seen if one[1]]
    x = np.concatenate([features(inputs) for _, inputs, _ in chosen])
    owner = np.concatenate([[labels.index(predicate) for _, predicate, _ in inputs] for _, inputs, _ in chosen])
    y = np.concatenate([right for _, _, right in chosen])
    columns = (owner[:, None] * FEATURES + np.arange(FEATURES)).ravel()
    ends = np.arange(len(x) + 1) * FEATURES
    own = sparse.csr_matrix(((_OWN * x).ravel(), columns, ends), shape=(len(x), len(labels) * FEATURES))
    model = LogisticRegression(C=strength, max_iter=1500, fit_intercept=False)
    model.fit(sparse.hstack([sparse.csr_matrix(x), own]).tocsr(), y > 0, np.where(y == 2, _OPTIONAL, 1.0))
    shared, each = model.coef_[0][:FEATURES], model.coef_[0][FEATURES:].reshape(len(labels), FEATURES)
    return Reranker(tuple(labels), shared + _OWN * each, dict(precision))
