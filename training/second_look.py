"""Fitting the second look: how held-out triples were seen, how often rules are right, logistic regression over both."""

from __future__ import annotations

import numpy as np

from examples import Item
from kg.extraction.scoring.predict import FLOOR, RULE_ONLY
from kg.extraction.scoring.reranker import FEATURES, Reranker, RerankerInput, features, reranker_input


def sights(
    item: Item, P: np.ndarray, labels, score, rule_precision: dict[str, float]
) -> dict[tuple[str, str, str], RerankerInput]:
    """How every possible triple of a document was seen, as `kg.extraction.scoring.predict` sees it."""
    n = len(item.pair_candidates)
    found: dict[tuple[str, str, str], list[tuple[float, int]]] = {}
    for row, column in zip(*np.nonzero(P >= FLOOR), strict=True):
        context = item.pair_candidates[row % n]
        s, o = context.first.entity, context.second.entity
        if row >= n:
            s, o = o, s
        p = labels[column]
        if p in score.SYMMETRIC and o < s:
            s, o = o, s
        found.setdefault((s, p, o), []).append((float(P[row, column]), -int(row % n)))
    rules: dict[tuple[str, str, str], set[str]] = {}
    for rule, s, p, o, _ in item.matches:
        if p in score.SYMMETRIC and o < s:
            s, o = o, s
        rules.setdefault((s, p, o), set()).add(rule)

    def known(names) -> list[float]:
        return [rule_precision.get(name, rule_precision.get(name.partition(".")[0], 0.5)) for name in sorted(names)]

    out = {}
    for key, places in found.items():
        best = max(places)
        out[key] = reranker_input(
            [value for value, _ in places], item.pair_candidates[-best[1]].kind, known(rules.get(key, ()))
        )
    for key, names in rules.items():
        if key[1] in labels and key not in out:
            out[key] = reranker_input([RULE_ONLY], "rule", known(names))
    return out


def rule_worths(items: list[Item], score, prior: float = 3.0) -> dict[str, float]:
    """How often each rule is right on these documents, drawn towards its relation's rules, which are drawn to 0.6."""
    counts: dict[str, list[float]] = {}
    for item in items:
        matched = list(dict.fromkeys((rule, s, p, o) for rule, s, p, o, _ in item.matches))
        doc_features = rightness(item, [(s, p, o) for _, s, p, o in matched], score)
        for (rule, _, p, _), mark in zip(matched, doc_features, strict=True):
            weight = 0.4 if mark == 2 else 1.0
            for name in (rule, p):
                right, total = counts.get(name, (0.0, 0.0))
                counts[name] = [right + weight * (mark > 0), total + weight]
    rule_precision = {n: (r + prior * 0.6) / (t + prior) for n, (r, t) in counts.items() if "." not in n}
    for name, (right, total) in sorted(counts.items()):
        if "." in name:
            rule_precision[name] = (right + prior * rule_precision[name.partition(".")[0]]) / (total + prior)
    return rule_precision


def rightness(item: Item, keys, score) -> np.ndarray:
    """For each triple 1 where the gold has it, 2 where only as optional, else 0."""
    gold = score.Document(item.gold)
    pred = score.Document({"id": item.id, "entities": item.entities, "triples": []})
    out = []
    for s, p, o in keys:
        hits = [g for g in gold.triples if score.triple_matches(gold, pred, g, {"s": s, "p": p, "o": o}, item.table)]
        out.append(0 if not hits else 1 if any(not g.get("optional") for g in hits) else 2)
    return np.array(out, int)


def fit_second_look(seen, labels, score, rule_precision=None, *, C: float = 0.3) -> Reranker:
    """Logistic regression over held-out sights: one weight a feature for all relations, and one for each added to it."""
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    blocks, right = [], []
    for item, table in seen:
        if table:
            owner = np.array([labels.index(p) for _, p, _ in table])
            blocks.append((features(table), owner))
            right.append(rightness(item, table, score))
    x = np.concatenate([rows for rows, _ in blocks])
    owner = np.concatenate([rows for _, rows in blocks])
    y = np.concatenate(right)
    own = sparse.csr_matrix(
        (
            (0.5 * x).ravel(),
            (owner[:, None] * FEATURES + np.arange(FEATURES)).ravel(),
            np.arange(len(x) + 1) * FEATURES,
        ),
        shape=(len(x), len(labels) * FEATURES),
    )
    model = LogisticRegression(C=C, max_iter=1500, fit_intercept=False)
    model.fit(sparse.hstack([sparse.csr_matrix(x), own]).tocsr(), y > 0, np.where(y == 2, 0.4, 1.0))
    shared, each = model.coef_[0][:FEATURES], model.coef_[0][FEATURES:].reshape(len(labels), FEATURES)
    return Reranker(tuple(labels), shared + 0.5 * each, rule_precision or {})


def held_out_again(seen, labels, score, folds: int) -> list[tuple[Item, list[dict]]]:
    """The triples of every document, scored anew with weights fitted on the other folds' documents."""
    proposed = []
    for k in range(folds):
        second = fit_second_look([one for j, one in enumerate(seen) if j % folds != k], labels, score)
        for item, table in seen[k::folds]:
            proposed.append(
                (
                    item,
                    [
                        {"s": s, "p": p, "o": o, "status": "asserted", "evidence": "", "confidence": value}
                        for (s, p, o), value in second.again(table).items()
                    ],
                )
            )
    return proposed
