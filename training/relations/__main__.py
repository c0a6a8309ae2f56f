"""Fit the relation scorers; measure them by cross-validation and on dev; write weights and figures.

usage: python -m training.relations --shared ../shared [--folds 3] [--cache FOLDER] [--out FOLDER]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np

from kg.extraction.patterns.rule_loader import load_rules
from kg.extraction.scoring.predict import WEIGHTS, RelationPredictor, pipeline_digest
from kg.resources import ontology
from training.relations.calibration import Calibration, calibrate, choose_cut
from training.relations.crossfit import (
    Corpus,
    CrossFit,
    Fitted,
    cross_fit,
    fit_parts,
    fit_selections,
    predictor,
    proposals,
)
from training.relations.figures import Count, by_place, figures, judged_claims, macro, table
from training.relations.gold import KINDS, folds_of, load_gold, load_score
from training.relations.items import Item, load_items
from training.relations.network import Examples
from training.relations.parts import PARTS
from training.relations.passages import load_passages

SPLITS: Final = ("train", "train2")
CUTS: Final = slice(0, None, 5)


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that is fitted on, with the folds of the documents."""

    corpus: Corpus
    folds: list[int]
    passages: list[tuple[str, Examples]]
    score: ModuleType


def log(text: str) -> None:
    """Print a line with the seconds since the start."""
    print(f"{time.time() - _START:6.0f} s  {text}", flush=True)


_START: Final = time.time()


def load_material(shared: Path, cache: Path | None, folds: int, share: float = 1.0) -> Material:
    """Read and analyse all documents; of each kind no more than `share`."""
    score, rules = load_score(shared), load_rules(ontology() / "relations")
    items: list[Item] = []
    for split in SPLITS:
        items += load_items(load_gold(shared, split), split, rules, score, cache)
        log(f"{split} analysed")
    passages = [("passage", one) for one in load_passages(shared, rules, PARTS[0].labels, cache)]
    log(f"{len(passages)} passages analysed")
    corpus = Corpus.of(items, score)
    log(", ".join(f"{part.name} {sum(map(len, corpus.examples[part.name]))}" for part in PARTS))
    return Material(corpus, folds_of([item.source for item in items], folds), passages, score)


def kind_weights(items: Sequence[Item], power: float) -> dict[str, float]:
    """Weights by which kinds with few triples count for more: their share to the power of `-power`, 1 on the mean."""
    totals = {kind: sum(len(one.source.gold["triples"]) for one in items if one.kind == kind) + 1 for kind in KINDS}
    whole = sum(totals.values())
    raw = {kind: (count / whole) ** -power for kind, count in totals.items()}
    mean = sum(raw[kind] * count for kind, count in totals.items()) / whole
    return {**{kind: value / mean for kind, value in raw.items()}, "passage": 1.0}


def calibrations(cross: CrossFit, material: Material, precision: float) -> tuple[dict[str, Calibration], float]:
    """Curves and thresholds of each part from held-out proposals, and the cut they stand for."""
    judged = proposals(cross, material.corpus, material.score)
    labels = {label for part in PARTS for label in part.labels}
    wanted = sum(
        triple["p"] in labels and not triple.get("optional")
        for item in material.corpus.items
        for triple in item.source.gold["triples"]
    )
    cut, way = choose_cut([(judged[part.name], len(part.labels)) for part in PARTS], wanted, precision)
    for at, p, r, f in way[CUTS]:
        log(f"  cut {at:.2f}: P {p:.3f} R {r:.3f} F1 {f:.3f}")
    return {part.name: calibrate(judged[part.name], len(part.labels), cut) for part in PARTS}, cut


def held_out(
    cross: CrossFit, material: Material, calibration: dict[str, Calibration]
) -> list[tuple[Item, RelationPredictor]]:
    """Every document with the predictor that was not fitted on it."""
    readers = [
        predictor(classifiers, reranker, calibration)
        for classifiers, reranker in zip(cross.classifiers, cross.rerankers, strict=True)
    ]
    return [(item, readers[fold]) for item, fold in zip(material.corpus.items, material.folds, strict=True)]


def write_weights(folder: Path, fitted: Fitted, cross: CrossFit, calibration: dict[str, Calibration]) -> None:
    """Write the files that kg loads."""
    folder.mkdir(parents=True, exist_ok=True)
    second = cross.reranker
    names = sorted(second.rule_precision)
    for part in PARTS:
        found = calibration[part.name]
        arrays: dict[str, Any] = {
            **fitted[part.name].stored(),
            "thresholds": found.thresholds,
            "calibration_knots": found.knots,
            "values": found.values,
        }
        if part.name == "pairs":
            arrays |= {
                "second": second.weights.astype(np.float32),
                "rules": np.array(names),
                "worths": np.array([second.rule_precision[name] for name in names], np.float32),
                "pipeline": np.array(pipeline_digest()),
            }
        np.savez_compressed(folder / f"{part.name}.npz", **arrays)


def learning_curve(
    material: Material, cross: CrossFit, calibration: dict[str, Calibration], shares: Sequence[float]
) -> dict[str, dict[str, Count]]:
    """Figures of the first fold when only a share of the other folds' documents is fitted on, drawn by their ids.

    Reranker and thresholds are those of the whole, so that the curve tells what the scorers gain from data.
    """
    items, curve = material.corpus.items, {}
    others = [k for k, fold in enumerate(material.folds) if fold]
    others.sort(key=lambda k: hashlib.sha256(items[k].id.encode()).digest())
    held = [item for item, fold in zip(items, material.folds, strict=True) if not fold]
    for share in shares:
        fitted = fit_parts(material.corpus, sorted(others[: round(share * len(others))]), more=material.passages)
        classifiers = {name: one.classifier() for name, one in fitted.items()}
        reader = predictor(classifiers, cross.rerankers[0], calibration)
        found = judged_claims([(item, reader) for item in held], material.score)
        curve[f"{share:.2f}"] = figures(found, material.score)
        log(f"with {share:.0%} of the documents: F1 {curve[f'{share:.2f}']['all'].f1:.3f}")
    whole = predictor(cross.classifiers[0], cross.rerankers[0], calibration)
    curve["1.00"] = figures(judged_claims([(item, whole) for item in held], material.score), material.score)
    return curve


def main() -> int:
    """Fit, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--cache", type=Path, help="a folder outside the repository that keeps annotated texts")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--figures", type=Path, help="write the figures by kind as JSON")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--precision", type=float, default=0.74, help="precision to keep on held-out folds")
    parser.add_argument("--curve", action="store_true", help="measure the learning curve at 25 and 50 % as well")
    parser.add_argument("--workers", type=int, default=1, help="fits that run at a time")
    parser.add_argument("--power", type=float, default=0.0, help="how far rare kinds of text are weighed up, 0 to 1")
    args = parser.parse_args()
    material = load_material(args.shared, args.cache, args.folds)
    kinds = kind_weights(material.corpus.items, args.power) if args.power else None
    folds = material.folds
    selections = [[k for k, one in enumerate(folds) if one != fold] for fold in range(args.folds)]
    *fold_parts, fitted = fit_selections(
        material.corpus,
        [*selections, range(len(folds))],
        more=material.passages,
        kinds=kinds,
        workers=args.workers,
        log=log,
    )
    cross = cross_fit(material.corpus, folds, fold_parts, material.score)
    log("rerankers fitted")
    calibration, cut = calibrations(cross, material, args.precision)
    log(f"cut {cut:.2f}")
    claims = judged_claims(held_out(cross, material, calibration), material.score)
    held = figures(claims, material.score)
    for place, count in sorted(by_place(claims).items()):
        log(f"  {place}: {count['right']} right, {count['wrong']} wrong")
    print(table(held), f"macro over kinds {macro(held, KINDS):.3f}", sep="\n", flush=True)
    write_weights(args.out, fitted, cross, calibration)
    dev = load_items(
        load_gold(args.shared, "dev"), "dev", load_rules(ontology() / "relations"), material.score, args.cache
    )
    reader = predictor({name: one.classifier() for name, one in fitted.items()}, cross.reranker, calibration)
    measured = figures(judged_claims([(item, reader) for item in dev], material.score), material.score)
    print(table(measured), flush=True)
    if args.figures:
        found: dict[str, Any] = {name: one.as_dict() for name, one in {**measured, **held}.items()}
        if args.curve:
            curve = learning_curve(material, cross, calibration, (0.25, 0.5))
            found["curve"] = {
                share: {kind: one.as_dict() for kind, one in counts.items() if "/" not in kind}
                for share, counts in curve.items()
            }
        args.figures.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
