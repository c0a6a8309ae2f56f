"""Fit the relation scorer on the gold training documents; measure it by cross-validation and on dev.

usage: python training/relations.py --shared ../shared [--folds 3] [--out kg/extraction/scoring/weights]
"""

from __future__ import annotations

import argparse
import pickle
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from calibration import curves
from network import Net, fit, matrix, vocabulary
from second_look import fit_second_look, held_out_again, rule_worths, sights

from examples import (
    Item,
    decode_phrases,
    flat,
    flattened,
    knowledgenet_rows,
    load_docs,
    load_knowledgenet,
    load_score,
    phrase_targets,
    targets,
)
from kg.extraction.scoring.predict import FLOOR, pipeline_digest

PAIRS = (
    "listed_by listed_on listed_under delisted_by owned_by controlled_by subsidiary_of leader_of officer_of spokesman_for "
    "employee_of member_of founder_of acts_for supports supplies funds associated_with spouse_of sibling_of relative_of "
    "child_of citizen_of born_in located_in part_of flagged_in accuses meets planned_IPO"
).split()


@dataclass(frozen=True)
class PartPlan:
    """What one scorer is fitted on: how its rows, labels and triples are read off a document."""

    name: str
    labels: tuple[str, ...]
    epochs: int
    batch: int
    width: int = 64
    negatives: float = 1.0
    deep: bool = True
    least: int = 2

    def tokens(self, item: Item) -> np.ndarray:
        if self.name == "pairs":
            first = np.array([(c.first.head, c.second.head, c.lca) for c in item.pair_candidates], np.int64).reshape(
                -1, 3
            )
            return np.concatenate([first, first[:, [1, 0, 2]]])
        found = [(p.mention.head, p.head, item.heads[p.head]) for p in getattr(item, self.name)]
        return np.array(found, np.int64).reshape(-1, 3)

    def predict(self, net: Net, item: Item) -> np.ndarray:
        rows = self.rows(item)
        if not rows:
            return np.zeros((0, len(self.labels)), np.float32)
        return net.predict(matrix(rows, net.keys), item.states, self.tokens(item))

    def rows(self, item: Item) -> list[np.ndarray]:
        if self.name == "pairs":
            return flat(item)
        return [np.array(flattened(p.features), dtype=np.int64) for p in getattr(item, self.name)]

    def targets(self, item: Item, score, optional: float):
        if self.name == "pairs":
            return targets(item, self.labels, score, optional)
        return phrase_targets(item, getattr(item, self.name), self.labels, score, optional)

    def triples(self, item: Item, P: np.ndarray, score, floor: float) -> list[dict]:
        """The phrases proposed for a document; pairs are read by `sights`."""
        every = dict.fromkeys(self.labels, floor)
        return decode_phrases(item, getattr(item, self.name), P, self.labels, every)


PLANS = (
    PartPlan("pairs", tuple(sorted(PAIRS)), 8, 1024, 48, 0.6, True, 3),
    PartPlan("text_objects", ("implicated_in", "listed_for"), 7, 1024, 32, 0.3, True, 3),
    PartPlan("aliases", ("also_known_as",), 30, 64, 16, 1.0, False),
)


def fit_plan(plan: PartPlan, items: list[Item], score, *, optional: float, more=None, seed: int = 0, log=None) -> Net:
    rows, targets_, weights, tokens, states, base = [], [], [], [], [], 0
    for item in items:
        y, w = plan.targets(item, score, optional)
        rows += plan.rows(item)
        targets_.append(y)
        weights.append(w)
        tokens.append(plan.tokens(item) + base)
        states.append(item.states)
        base += len(item.states)
    if more and plan.name == "pairs":
        for passage in more:
            found, y, w = knowledgenet_rows(passage, plan.labels, 0.5)
            rows += found
            targets_.append(y)
            weights.append(w)
            tokens.append(passage.tokens + base)
            states.append(passage.states)
            base += len(passage.states)
    y, w = np.concatenate(targets_), np.concatenate(weights)
    kept = np.flatnonzero((y.max(1) > 0) | (np.random.default_rng(seed).random(len(y)) < plan.negatives))
    rows = [rows[k] for k in kept]
    keys = vocabulary(rows, plan.least)
    return fit(
        matrix(rows, keys), y[kept], w[kept], plan.labels, keys,
        states=np.concatenate(states) if plan.deep else None, tokens=np.concatenate(tokens)[kept] if plan.deep else None,
        width=plan.width, inner=plan.width, epochs=plan.epochs, batch=plan.batch, seed=seed, log=log,
    )  # fmt: skip


def judge_triples(item: Item, triples: list[dict], labels, score):
    """For each proposed triple: its raw score, its label, and 1 right, 0 wrong, -1 optional in the gold, -2 said twice."""
    gold = score.Document(item.gold)
    pred = score.Document({"id": item.id, "entities": item.entities, "triples": triples})
    used: set[int] = set()
    out = []
    for t in sorted(triples, key=lambda t: -t["confidence"]):
        found = [i for i, g in enumerate(gold.triples) if score.triple_matches(gold, pred, g, t, item.table)]
        fresh = [i for i in found if i not in used]
        used.update(found)
        if not found:
            mark = 0
        elif not fresh:
            mark = -2
        else:
            mark = 1 if any(not gold.triples[i].get("optional") for i in fresh) else -1
        out.append((t["confidence"], labels.index(t["p"]), mark))
    return out


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--shared", type=Path, default=Path("../shared"))
    ap.add_argument("--out", type=Path, default=Path("kg/extraction/scoring/weights"))
    ap.add_argument("--cache", type=Path, help="a pickle of the read documents, made if it is missing")
    ap.add_argument("--folds", type=int, default=3)
    ap.add_argument("--optional", type=float, default=0.5, help="weight of an optional triple as an example")
    ap.add_argument("--precision", type=float, default=0.71, help="precision to keep on held-out folds")
    a = ap.parse_args()
    score = load_score(a.shared)
    if a.cache and a.cache.is_file():
        train, dev, passages = pickle.loads(a.cache.read_bytes())
    else:
        from kg.extraction.patterns.rules import load_rules
        from kg.nlp.pipeline import load_pipeline

        nlp, rules = load_pipeline(), load_rules(Path("ontology/relations"))
        train, dev = (load_docs(a.shared, nlp, split, score, rules) for split in ("train", "dev"))
        passages = load_knowledgenet(a.shared, nlp, rules)
        if a.cache:
            a.cache.write_bytes(pickle.dumps((train, dev, passages)))
    a.out.mkdir(parents=True, exist_ok=True)
    judged = {}
    for plan in PLANS:
        start = time.time()
        proposed: list[tuple[Item, list[dict]]] = []
        seen: list[tuple[Item, dict]] = []
        for k in range(a.folds):
            held = train[k :: a.folds]
            others = [i for j, i in enumerate(train) if j % a.folds != k]
            net = fit_plan(plan, others, score, optional=a.optional, more=passages)
            rule_precision = rule_worths(others, score) if plan.name == "pairs" else {}
            for item in held:
                P = plan.predict(net, item)
                if plan.name == "pairs":
                    seen.append((item, sights(item, P, plan.labels, score, rule_precision)))
                else:
                    proposed.append((item, plan.triples(item, P, score, FLOOR)))
        if plan.name == "pairs":
            proposed = held_out_again(seen, plan.labels, score, a.folds)
            second = fit_second_look(seen, plan.labels, score, rule_worths(train, score))
        doc_features = [mark for item, triples in proposed for mark in judge_triples(item, triples, plan.labels, score)]
        required = sum(t["p"] in plan.labels and not t.get("optional") for i in train for t in i.gold["triples"])
        judged[plan.name] = (np.array(doc_features), required)
        print(
            f"{plan.name}: {len(doc_features)} held-out proposals, {required} wanted, {time.time() - start:.0f} s",
            flush=True,
        )
    cut = choose_cut(judged, a.precision)
    for plan in PLANS:
        doc_features, _ = judged[plan.name]
        raw, label, mark = doc_features[:, 0], doc_features[:, 1].astype(int), doc_features[:, 2]
        kept = mark > -2
        calibration_knots, values = curves(raw[kept], label[kept], (mark[kept] != 0).astype(int), len(plan.labels))
        strict = (mark == 0) | (mark == 1)
        _, precision_of = curves(raw[strict], label[strict], (mark[strict] == 1).astype(int), len(plan.labels))
        limits = []
        for k in range(len(plan.labels)):
            at = float(np.interp(cut, precision_of[k], calibration_knots[k])) if precision_of[k].max() > cut else 0.99
            limits.append(float(np.interp(at, calibration_knots[k], values[k])))
        net = fit_plan(
            plan, train, score, optional=a.optional, more=passages, log=lambda text: print("  ", text, flush=True)
        )
        more = (
            {
                "second": second.weights.astype(np.float32),
                "rules": np.array(sorted(second.rule_precision)),
                "worths": np.array([second.rule_precision[name] for name in sorted(second.rule_precision)], np.float32),
                "pipeline": np.array(pipeline_digest()),
            }
            if plan.name == "pairs"
            else {}
        )
        net.save(
            a.out / f"{plan.name}.npz",
            thresholds=np.array(limits, np.float32),
            calibration_knots=calibration_knots.astype(np.float32),
            values=values.astype(np.float32),
            **more,
        )
        for label_, limit in zip(plan.labels, limits, strict=True):
            print(f"   {label_:16} threshold {limit:.2f}")
    return 0


def choose_cut(judged: dict, precision: float) -> float:
    """The worth that a proposal must have so that held-out precision over everything is `precision`, or best F1 above it."""
    rule_precision, goods, wanted = [], [], 0
    for doc_features, required in judged.values():
        raw, label, mark = doc_features[:, 0], doc_features[:, 1].astype(int), doc_features[:, 2]
        strict = (mark == 0) | (mark == 1)
        n = int(label.max()) + 1
        calibration_knots, precision_of = curves(raw[strict], label[strict], (mark[strict] == 1).astype(int), n)
        for r, k, m in zip(raw[strict], label[strict], mark[strict], strict=True):
            rule_precision.append(float(np.interp(r, calibration_knots[k], precision_of[k])))
            goods.append(m == 1)
        wanted += required
    rule_precision, goods = np.array(rule_precision), np.array(goods)
    best = (0.0, 0.5)
    for cut in np.arange(0.2, 0.8, 0.01):
        inside = rule_precision >= cut
        p, r = goods[inside].mean(), goods[inside].sum() / wanted
        f = 2 * p * r / (p + r)
        if round(cut * 100) % 5 == 0:
            print(f"   cut {cut:.2f}: P {p:.3f} R {r:.3f} F1 {f:.3f}")
        if p >= precision and f > best[0]:
            best = (float(f), float(cut))
    print(f"cut {best[1]:.2f}, held-out F1 {best[0]:.3f}", flush=True)
    return best[1]


if __name__ == "__main__":
    sys.exit(main())
