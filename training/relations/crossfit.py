"""Cross-validation as kg would serve each fold: fitted on the others, read by kg's own predictor."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from types import ModuleType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.extraction.scoring.classifier import PairClassifier, spans_both_ways, tokens_both_ways
from kg.extraction.scoring.evidence import FLOOR
from kg.extraction.scoring.predict import CalibratedClassifier, Prediction, RelationPredictor
from kg.extraction.scoring.reranker import Reranker
from training.relations.calibration import Calibration, Judged, Mark
from training.relations.gold import Record
from training.relations.items import Item
from training.relations.network import Examples, Log, Parameters
from training.relations.parts import PARTS, Part, Weights, fit_part
from training.relations.reranking import (
    Inputs,
    by_predicate,
    fit_reranker,
    reranker_inputs,
    rightness,
    rule_counts,
    rule_precision,
    without_weights,
)

Fitted = dict[str, Parameters]
"""The parameters of each part, by its name."""
_CHECKED: Final = 0.1
"""Scores below this never become claims, so that no check is asked about them."""
_PLAIN: Final = np.array([0.0, 1.0], np.float32)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents with the examples of each part, computed once for all folds."""

    items: list[Item]
    examples: Mapping[str, list[Examples]]

    @classmethod
    def of(cls, items: Sequence[Item], score: ModuleType) -> Corpus:
        """The examples of all documents."""
        return cls(list(items), {part.name: [part.examples(item, score) for item in items] for part in PARTS})


@dataclass(frozen=True, slots=True)
class CrossFit:
    """What cross-validation leaves: the classifiers and the reranker of each fold, and the reranker fitted on all."""

    folds: list[int]
    classifiers: list[dict[str, PairClassifier]]
    rerankers: list[Reranker]
    reranker: Reranker


def fit_parts(
    corpus: Corpus,
    chosen: Sequence[int],
    *,
    more: Sequence[tuple[str, Examples]] = (),
    kinds: Weights | None = None,
    seed: int = 0,
    log: Log | None = None,
) -> Fitted:
    """Fit all parts on the chosen documents; `more` are further examples of pairs."""
    fitted = {}
    for part in PARTS:
        start = time.time()
        found = [(corpus.items[k].kind, corpus.examples[part.name][k]) for k in chosen]
        extra = list(more) if part.name == "pairs" else []
        fitted[part.name] = fit_part(part, [*found, *extra], kinds=kinds, seed=seed)
        if log:
            log(f"{part.name}: {len(fitted[part.name].keys)} features, {time.time() - start:.0f} s")
    return fitted


_shared: dict[str, Any] = {}
"""What the workers of `fit_selections` inherit when they are forked."""


def fit_selections(
    corpus: Corpus,
    selections: Sequence[Sequence[int]],
    *,
    more: Sequence[tuple[str, Examples]] = (),
    kinds: Weights | None = None,
    workers: int = 1,
    log: Log | None = None,
) -> list[Fitted]:
    """Fit all parts on each selection of documents; with several workers, some at a time. The numbers are the same."""
    if workers == 1:
        return [fit_parts(corpus, chosen, more=more, kinds=kinds, log=log) for chosen in selections]
    _shared.update(corpus=corpus, selections=selections, more=more, kinds=kinds, log=log)
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        return list(pool.map(_fit_selection, range(len(selections))))


def _fit_selection(number: int) -> Fitted:
    chosen = _shared["selections"][number]
    return fit_parts(_shared["corpus"], chosen, more=_shared["more"], kinds=_shared["kinds"], log=_shared["log"])


def cross_fit(corpus: Corpus, folds: Sequence[int], fitted: Sequence[Fitted], score: ModuleType) -> CrossFit:
    """Rerankers on held-out scores; `fitted` has for each fold the parts that were fitted on the others."""
    items, labels = corpus.items, PARTS[0].labels
    counts = [rule_counts(item, score) for item in items]
    numbers = range(max(folds) + 1)
    others = [[k for k, one in enumerate(folds) if one != fold] for fold in numbers]
    precisions = [rule_precision([counts[k] for k in chosen]) for chosen in others]
    classifiers = [{name: one.classifier() for name, one in parts.items()} for parts in fitted]
    seen: list[tuple[Item, Inputs, NDArray[np.int64]]] = []
    for item, fold in zip(items, folds, strict=True):
        raw = raw_pairs(classifiers[fold]["pairs"], item)
        inputs = reranker_inputs(item, raw, labels, without_weights(labels, precisions[fold]))
        seen.append((item, inputs, rightness(item, inputs, score)))
    rerankers = [fit_reranker([seen[k] for k in others[fold]], labels, precisions[fold]) for fold in numbers]
    whole = fit_reranker(seen, labels, rule_precision(counts))
    return CrossFit(list(folds), classifiers, rerankers, whole)


def raw_pairs(classifier: PairClassifier, item: Item) -> NDArray[np.float32]:
    """The scores of a document's pairs, as kg's predictor computes them."""
    pairs = item.analysis.pair_candidates
    states = item.analysis.view.doc.tensor
    spans = spans_both_ways(pairs, item.analysis.view.sentences)
    features = [one.features for one in pairs]
    return classifier.apply(features, states, tokens_both_ways(pairs), spans=spans, both_ways=True)


def predictor(
    classifiers: Mapping[str, PairClassifier], reranker: Reranker, calibration: Mapping[str, Calibration] | None
) -> RelationPredictor:
    """Kg's predictor over fitted parts; without calibration its probabilities are the scores themselves."""
    parts = {}
    for part in PARTS:
        found = calibration[part.name] if calibration else _uncalibrated(part)
        parts[part.name] = CalibratedClassifier(classifiers[part.name], found.thresholds, found.knots, found.values)
    return RelationPredictor(parts["pairs"], parts["text_objects"], parts["aliases"], reranker)


def _uncalibrated(part: Part) -> Calibration:
    plain = np.tile(_PLAIN, (len(part.labels), 1))
    return Calibration(plain, plain, np.full(len(part.labels), FLOOR, np.float32))


def proposals(cross: CrossFit, corpus: Corpus, score: ModuleType) -> dict[str, list[Judged]]:
    """The held-out proposals of each part with their scores before calibration, judged by the gold.

    Rules speak through the reranker only: what a trusted rule claims by itself is not a score.
    """
    part_of = {label: part for part in PARTS for label in part.labels}
    served = [
        predictor(classifiers, reranker, None)
        for classifiers, reranker in zip(cross.classifiers, cross.rerankers, strict=True)
    ]
    judged: dict[str, list[Judged]] = {part.name: [] for part in PARTS}
    for item, fold in zip(corpus.items, cross.folds, strict=True):
        analysis = replace(item.analysis, trust=dict.fromkeys(item.analysis.trust, 0.0), annex=[], record_facts=[])
        found = [one for one in served[fold].predict(analysis, floor=FLOOR) if one.predicate in part_of]
        found = [one for one in found if one.probability < _CHECKED or not item.checks.doubt(one)]
        for prediction, mark in judge(item, found, score):
            part = part_of[prediction.predicate]
            number = part.labels.index(prediction.predicate)
            judged[part.name].append(Judged(prediction.probability, number, mark, item.kind))
    return judged


def triple_of(item: Item, prediction: Prediction) -> Record:
    """A prediction as the gold's scorer reads it."""
    return {
        "s": prediction.subject,
        "p": prediction.predicate,
        "o": {"text": prediction.object} if prediction.phrase is not None else prediction.object,
        "confidence": prediction.probability,
    }


def judge(item: Item, found: Sequence[Prediction], score: ModuleType) -> list[tuple[Prediction, int]]:
    """Each prediction with its mark, the likeliest first, by the rules of the gold's scorer."""
    gold = score.Document(item.source.gold)
    predicted = score.Document({"id": item.id, "entities": item.entities, "triples": []})
    wanted = by_predicate(gold)
    used: set[int] = set()
    out = []
    for prediction in sorted(found, key=lambda one: (-one.probability, one.subject, one.predicate, one.object)):
        triple = triple_of(item, prediction)
        hits = [
            k for k, g in wanted[prediction.predicate] if score.triple_matches(gold, predicted, g, triple, item.table)
        ]
        fresh = [k for k in hits if k not in used]
        used.update(hits)
        if not hits:
            mark = Mark.WRONG
        elif not fresh:
            mark = Mark.AGAIN
        else:
            mark = Mark.RIGHT if any(not gold.triples[k].get("optional") for k in fresh) else Mark.OPTIONAL
        out.append((prediction, mark))
    return out
