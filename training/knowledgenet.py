"""Fit the network of personal and corporate facts on KnowledgeNet, cross-validated by fold.

usage: python -m training.knowledgenet GOLD.jsonl [--held-out PRED.jsonl] [--out benchmarks/knowledgenet/weights.npz]

For each fold a network is fitted on the other two and the thresholds are chosen inside these two; its predictions on
the fold are what `--held-out` writes. The packaged network is fitted on all folds, its thresholds on the held-out scores.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from spacy.tokens import Doc

from benchmarks.knowledgenet.classifier import PROPERTIES, decide, tokens_of
from benchmarks.knowledgenet.classifier import together as heard_together
from benchmarks.knowledgenet.mentions import Pair, Passage, pairs, read_passage
from kg.extraction.scoring.classifier import PairClassifier
from training.relations.items import annotated
from training.relations.network import Examples, Log, Parameters, Settings, fit, together
from training.relations.rows import HashRows

COLUMN = {name: k for k, name in enumerate(PROPERTIES)}
LEAST_PAIRS = 3  # facts between two types of mention before a property is believed to hold between them


@dataclass
class Example:
    """A passage with its gold, its mentions, and the pairs that its types allow."""

    gold: dict
    passage: Passage
    states: np.ndarray
    found: list[Pair]

    @property
    def fold(self) -> int:
        return self.gold["fold"]


def overlap(a, b) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def example(gold: dict, doc: Doc, entities=None) -> Example:
    passage = read_passage(doc, entities=entities)
    found = pairs(passage)
    passage.view.doc = None  # heavy, and no longer read
    return Example(gold, passage, np.asarray(doc.tensor, dtype=np.float16), found)


def facts_between(one: Example):
    """(property, subject mention, object mention) for every gold fact that mentions overlap."""
    for fact in one.gold["facts"]:
        subjects = [k for k, b in enumerate(one.passage.bounds) if overlap(b, fact["subject"])]
        objects = [k for k, b in enumerate(one.passage.bounds) if overlap(b, fact["object"])]
        yield from ((fact["property"], i, j) for i in subjects for j in objects if i != j)


def keep_allowed(examples: list[Example]) -> None:
    """Drop the pairs between whose types no property is stated often enough in all of the gold."""
    allowed = {key[1:] for key in types_of(examples)}
    for one in examples:
        mentions = one.passage.mentions
        one.found = [p for p in one.found if (mentions[p.subject].type, mentions[p.object].type) in allowed]


def types_of(examples: list[Example]) -> frozenset[tuple[str, str, str]]:
    """The (property, type of subject, type of object) that the gold states often enough."""
    counts = collections.Counter(
        (name, one.passage.mentions[i].type, one.passage.mentions[j].type)
        for one in examples
        for name, i, j in set(facts_between(one))
    )
    return frozenset(key for key, count in counts.items() if count >= LEAST_PAIRS)


def rows_of(one: Example, fits):
    """Labels and weights of the pairs of a passage."""
    y = np.zeros((len(one.found), len(PROPERTIES)), np.float32)
    w = np.zeros_like(y)
    types = [(one.passage.mentions[p.subject].type, one.passage.mentions[p.object].type) for p in one.found]
    for name in one.gold["exhaustive"]:
        column = COLUMN[name]
        w[:, column] = [(name, *pair) in fits for pair in types]
    place = {(p.subject, p.object): k for k, p in enumerate(one.found)}
    for name, i, j in facts_between(one):
        if (i, j) in place:
            y[place[i, j], COLUMN[name]] = w[place[i, j], COLUMN[name]] = 1
    return y, w


def fit_examples(
    examples: list[Example], fits: frozenset[tuple[str, str, str]], settings: Settings, log: Log | None = None
) -> Parameters:
    """The network fitted on the pairs of which something is known."""
    found = []
    for one in examples:
        y, w = rows_of(one, fits)
        known = np.flatnonzero(w.max(1) > 0) if len(w) else np.zeros(0, int)
        if len(known):
            rows = HashRows.of([(one.found[k].features,) for k in known])
            tokens = tokens_of(one.passage, one.found)[known]
            found.append(Examples(rows, y[known], w[known], tokens, np.zeros((len(known), 3), np.int64), one.states))
    return fit(together(found), PROPERTIES, settings, log=log)


def score_examples(net: PairClassifier, examples: list[Example]) -> list[np.ndarray]:
    """Raw probabilities of the pairs of each passage, as the benchmark computes them."""
    return [
        net.apply([(pair.features,) for pair in one.found], one.states, tokens_of(one.passage, one.found))
        for one in examples
    ]


@dataclass
class Candidate:
    """A scored pair for one property, with the gold facts (by number) that it would find."""

    score: float
    hits: tuple[int, ...]


def candidates(examples: list[Example], scores: list[np.ndarray], fits, share: float):
    """By property: candidates that count (a fact found, or an exhaustive property), and how many facts there are."""
    found: dict[str, list[Candidate]] = {name: [] for name in PROPERTIES}
    wanted: collections.Counter = collections.Counter()
    number = 0
    for one, raw in zip(examples, scores, strict=True):
        gold = collections.defaultdict(list)
        for fact in one.gold["facts"]:
            gold[fact["property"]].append((number, fact))
            wanted[fact["property"]] += 1
            number += 1
        if not len(raw):
            continue
        heard = heard_together(one.passage, one.found, raw, share)
        for k, pair in enumerate(one.found):
            types = one.passage.mentions[pair.subject].type, one.passage.mentions[pair.object].type
            for column in np.flatnonzero(heard[k] > 0.05):
                name = PROPERTIES[column]
                if (name, *types) not in fits:
                    continue
                s, o = one.passage.bounds[pair.subject], one.passage.bounds[pair.object]
                hits = tuple(n for n, f in gold[name] if overlap(f["subject"], s) and overlap(f["object"], o))
                if hits or name in one.gold["exhaustive"]:
                    found[name].append(Candidate(float(heard[k][column]), hits))
    return found, wanted


def curve(found: list[Candidate]):
    """(threshold, facts found, wrong predictions) going down the scores."""
    seen: set[int] = set()
    wrong, out = 0, []
    for one in sorted(found, key=lambda c: -c.score):
        seen.update(one.hits)
        wrong += not one.hits
        out.append((one.score, len(seen), wrong))
    return out


def choose(found, wanted, precision: float) -> tuple[np.ndarray, tuple[float, float, float]]:
    """Thresholds of best F1 over everything such that precision is kept.

    Each property is cut where facts found less `price` times wrong ones is greatest; the price is the same for all.
    """
    curves = {name: curve(found[name]) for name in PROPERTIES}
    total, best = sum(wanted.values()), None
    for price in np.arange(0.1, 3.0, 0.05):
        cuts, right, wrong = [], 0, 0
        for name in PROPERTIES:
            steps = [s for s in curves[name] if s[0] >= 0.08]
            top = max(steps, key=lambda s: s[1] - price * s[2], default=(0.99, 0, 0))
            top = top if top[1] > price * top[2] else (0.99, 0, 0)
            cuts.append(top[0])
            right, wrong = right + top[1], wrong + top[2]
        p, r = right / max(right + wrong, 1), right / max(total, 1)
        f = 2 * p * r / max(p + r, 1e-9)
        if p >= precision and (best is None or f > best[1][2]):
            best = np.array(cuts, np.float32) - 1e-4, (p, r, f)
    if best is None:
        raise SystemExit(f"no thresholds reach a precision of {precision}")
    return best


def predictions(examples, scores, fits, thresholds, share):
    for one, raw in zip(examples, scores, strict=True):
        facts = decide(one.passage, one.found, raw, fits=fits, thresholds=thresholds, share=share)
        yield {
            "id": one.gold["id"],
            "facts": [{"property": f.property, "subject": list(f.subject), "object": list(f.object)} for f in facts],
        }


def load(path: Path, cache: Path | None) -> list[Example]:
    """The passages of the gold, annotated by the packaged pipeline; the annotation is kept in the folder `cache`."""
    golds = [json.loads(line) for line in path.open(encoding="utf-8") if line.strip()]
    docs = annotated("kn", [gold["text"] for gold in golds], cache)
    examples = [example(gold, doc) for gold, doc in zip(golds, docs, strict=True)]
    keep_allowed(examples)
    return examples


def cross_validate(examples: list[Example], settings: Settings, *, share: float, precision: float, log=None):
    """Predictions on every fold by a network, types and thresholds that did not see it; all scores held out, too."""
    folds = sorted({one.fold for one in examples})
    scores: list[np.ndarray] = [np.zeros((0, len(PROPERTIES)), np.float32)] * len(examples)
    fits = {}
    for fold in folds:
        known = [one for one in examples if one.fold != fold]
        fits[fold] = types_of(known)
        net = fit_examples(known, fits[fold], settings, log=log).classifier()
        at = [k for k, one in enumerate(examples) if one.fold == fold]
        for k, raw in zip(at, score_examples(net, [examples[k] for k in at]), strict=True):
            scores[k] = raw
    out = []
    for fold in folds:
        rest = [k for k, one in enumerate(examples) if one.fold != fold]
        cuts, _ = choose(
            *candidates([examples[k] for k in rest], [scores[k] for k in rest], fits[fold], share), precision
        )
        at = [k for k, one in enumerate(examples) if one.fold == fold]
        out += predictions([examples[k] for k in at], [scores[k] for k in at], fits[fold], cuts, share)
    return out, scores


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("gold", type=Path)
    ap.add_argument("--held-out", type=Path, help="write predictions by models that did not see the passage's fold")
    ap.add_argument("--out", type=Path, default=Path("benchmarks/knowledgenet/weights.npz"))
    ap.add_argument("--cache", type=Path, help="a folder outside the repository that keeps annotated texts")
    ap.add_argument("--precision", type=float, default=0.72, help="precision to keep on held-out folds")
    ap.add_argument("--share", type=float, default=0.5, help="how far a pair moves to the best of the same two things")
    ap.add_argument("--width", type=int, default=32)
    ap.add_argument("--epochs", type=int, default=8)
    ap.add_argument("--least", type=int, default=4, help="pairs that a feature must occur in")
    a = ap.parse_args()
    start = time.time()

    def log(text: str) -> None:
        print(f"{time.time() - start:6.0f} s  {text}", flush=True)

    examples = load(a.gold, a.cache)
    log(f"{len(examples)} passages, {sum(len(one.found) for one in examples)} pairs")
    settings = Settings(width=a.width, epochs=a.epochs, batch=512, least=a.least)
    held, scores = cross_validate(examples, settings, share=a.share, precision=a.precision, log=log)
    if a.held_out:
        with a.held_out.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(one) + "\n" for one in held)
    fits = types_of(examples)
    cuts, entities = choose(*candidates(examples, scores, fits, a.share), a.precision)
    log("thresholds for P %.3f R %.3f F1 %.3f" % entities)
    net = fit_examples(examples, fits, settings, log=log)
    np.savez_compressed(
        a.out,
        **net.stored(),
        fits=np.array(["|".join(fit) for fit in sorted(fits)]),
        thresholds=cuts,
        share=np.float32(a.share),
    )
    log(f"{a.out}: {a.out.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
