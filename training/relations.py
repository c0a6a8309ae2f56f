"""Fit the relation scorer on the gold training documents; measure it by cross-validation and on dev.

usage: python training/relations.py --shared ../shared [--folds 5] [--out kg/language/en_sanctions_relations/]
"""

from __future__ import annotations

import argparse
import collections
import importlib.util
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from network import Net, fit, matrix, vocabulary  # noqa: E402

from kg.language.features import FLIP, Context  # noqa: E402
from kg.language.phrases import Phrase  # noqa: E402
from kg.language.candidates import read  # noqa: E402
from kg.language.spots import Spot  # noqa: E402

NAMES = ("name", "short", "alias")
TEXT = {"listed_for", "also_known_as", "implicated_in"}


def load_score(shared: Path):
    spec = importlib.util.spec_from_file_location("gold_score", shared / "gold" / "score.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["gold_score"] = module
    spec.loader.exec_module(module)
    return module


@dataclass
class Item:
    """One document: its contexts, the entity of the gold that each predicted one is, and the gold itself."""

    id: str
    gold: dict
    entities: list[dict]
    table: dict[str, str]
    contexts: list[Context]
    sentences: list[str]
    deeds: list[Phrase]
    aliases: list[Phrase]
    texts: dict[tuple[int, int], str]


def gold_spots(doc, gold) -> list[Spot]:
    """Every occurrence of every gold mention, the longest first: names as if the recogniser were perfect."""
    import re

    text = doc.text
    forms = {}
    for e in gold["entities"]:
        for m in e.get("mentions", []):
            forms.setdefault(m.strip(), e)
    taken = bytearray(len(text))
    spots = []
    for form in sorted(forms, key=lambda f: (-len(f), f)):
        pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, form.split())) + r"(?!\w)"
        for m in re.finditer(pattern, text):
            if any(taken[m.start() : m.end()]):
                continue
            taken[m.start() : m.end()] = b"\1" * (m.end() - m.start())
            span = doc.char_span(*m.span(), alignment_mode="expand")
            e = forms[form]
            if span is not None:
                spots.append(Spot(span.start, span.end, span.root.i, e["id"], e["type"], "name"))
    return spots


def load_docs(shared: Path, nlp, split: str, score, rules, entities_of=None) -> list[Item]:
    folder = shared / "gold"
    golds = {d["id"]: d for d in map(json.loads, (folder / f"{split}.jsonl").open(encoding="utf-8"))}
    sources = [json.loads(line) for line in (folder / f"{split}_sources.jsonl").open(encoding="utf-8")]
    items = []
    for doc, source in zip(nlp.pipe([s["text"] for s in sources]), sources, strict=True):
        gold = golds[source["id"]]
        reading = read(doc, rules, entities=entities_of(doc, gold) if entities_of else None)
        entities = [
            {"id": f"e{k + 1}", "type": c.type, "name": c.name, "mentions": sorted({doc[x.start : x.end].text for x in c.spans if x.kind in NAMES})}
            for k, c in enumerate(reading.clusters)
            if not c.members
        ]
        g, p = score.Document(gold), score.Document({"id": gold["id"], "entities": entities})
        table = score.match_entities(g, p)
        sentences = [doc[a:b].text for a, b in reading.sheet.sentences]
        texts = {(p.start, p.end): doc.text[p.start : p.end] for p in [*reading.deeds, *reading.aliases]}
        items.append(
            Item(gold["id"], gold, entities, table, reading.contexts, sentences, reading.deeds, reading.aliases, texts)
        )
    return items


def targets(item: Item, labels: tuple[str, ...], score, optional: float):
    """For both directions of every context: labels and weights."""
    column = {label: k for k, label in enumerate(labels)}
    true = collections.defaultdict(list)
    for t in item.gold["triples"]:
        if t["p"] not in column or isinstance(t["o"], dict):
            continue
        true[t["s"], t["o"]].append(t)
        if t["p"] in score.SYMMETRIC:
            true[t["o"], t["s"]].append(t)
    n = len(item.contexts)
    Y = np.zeros((2 * n, len(labels)), np.float32)
    W = np.ones((2 * n, len(labels)), np.float32)
    words = [set(score.content(s)) for s in item.sentences]
    evidence = {}
    for k, context in enumerate(item.contexts):
        for way in (0, 1):
            a, b = (context.first, context.second) if way == 0 else (context.second, context.first)
            s, o = item.table.get(a.entity), item.table.get(b.entity)
            for t in true.get((s, o), ()):
                if id(t) not in evidence:
                    evidence[id(t)] = [set(score.content(p)) for p in t["evidence"].split("[...]")]
                here = words[context.sentence]
                inside = any(e and len(e & here) >= 0.7 * min(len(e), len(here)) for e in evidence[id(t)])
                row, col = way * n + k, column[t["p"]]
                weight = optional if t.get("optional") else 1.0
                if inside or context.kind == "act":
                    Y[row, col] = 1
                    W[row, col] = weight
                elif not Y[row, col]:
                    W[row, col] = 0
    return Y, W


def phrase_targets(item: Item, phrases: list[Phrase], labels, score, optional: float):
    """For every candidate phrase: labels and weights. A phrase is right where the scorer of the gold says so."""
    column = {label: k for k, label in enumerate(labels)}
    true = collections.defaultdict(list)
    for t in item.gold["triples"]:
        if t["p"] in column and isinstance(t["o"], dict):
            true[t["s"]].append((column[t["p"]], t, score.content(t["o"]["text"])))
    Y = np.zeros((len(phrases), len(labels)), np.float32)
    W = np.ones((len(phrases), len(labels)), np.float32)
    content = {key: score.content(text) for key, text in item.texts.items()}
    for k, phrase in enumerate(phrases):
        p = content[phrase.start, phrase.end]
        for col, t, g in true.get(item.table.get(phrase.spot.entity), ()):
            if not g or not p:
                continue
            shared = len(g & p)
            if t["p"] == "also_known_as":
                good = score.same_name(t["o"]["text"], item.texts[phrase.start, phrase.end])
            else:
                good = shared >= 0.6 * len(g) and shared >= 0.5 * len(p)
                if not good and shared >= 0.5 * len(g) and shared >= 0.25 * len(p):
                    W[k, col] = 0 if not Y[k, col] else W[k, col]
            if good:
                Y[k, col] = 1
                W[k, col] = max(optional if t.get("optional") else 1.0, W[k, col] if Y[k, col] and W[k, col] < 1 else 0)
    return Y, W


def decode_phrases(item: Item, phrases, P, labels, thresholds) -> list[dict]:
    """For each entity and label the likeliest phrases that do not overlap one another."""
    triples = []
    groups = collections.defaultdict(list)
    for phrase, row in zip(phrases, P, strict=True):
        for col, label in enumerate(labels):
            if row[col] >= thresholds[label]:
                groups[phrase.spot.entity, label].append((float(row[col]), phrase))
    for (entity, label), found in groups.items():
        taken: list[Phrase] = []
        for prob, phrase in sorted(found, key=lambda f: (-f[0], f[1].start, f[1].end)):
            if any(phrase.start < t.end and t.start < phrase.end for t in taken):
                continue
            taken.append(phrase)
            triples.append({"s": entity, "p": label, "o": {"text": item.texts[phrase.start, phrase.end]}, "status": "asserted",
                            "evidence": item.sentences[phrase.sentence], "confidence": prob})
    return triples


def flat(item: Item) -> list[np.ndarray]:
    first = [np.array(c.features, dtype=np.int64) for c in item.contexts]
    return first + [(f + FLIP) & 0xFFFFFFFF for f in first]


def decode(item: Item, P: np.ndarray, labels, score, thresholds) -> dict:
    """The best context of every triple; those above the threshold are predicted."""
    n = len(item.contexts)
    best = {}
    for k, context in enumerate(item.contexts):
        for way in (0, 1):
            a, b = (context.first, context.second) if way == 0 else (context.second, context.first)
            row = P[way * n + k]
            for col in np.flatnonzero(row > 0.05):
                p = labels[col]
                s, o = a.entity, b.entity
                if p in score.SYMMETRIC and o < s:
                    s, o = o, s
                key = (s, p, o)
                if key not in best or row[col] > best[key][0]:
                    best[key] = (float(row[col]), context)
    triples = []
    for (s, p, o), (prob, context) in best.items():
        if prob >= thresholds.get(p, 0.5):
            ev = item.sentences[context.sentence]
            triples.append({"s": s, "p": p, "o": o, "status": "asserted", "evidence": ev, "confidence": prob})
    return {"id": item.id, "entities": item.entities, "triples": triples}


def evaluate(items, predictions, labels, score, verbose=False):
    gold, pred = {}, {}
    for item, prediction in zip(items, predictions, strict=True):
        g = dict(item.gold)
        g["triples"] = [t for t in g["triples"] if t["p"] in labels]
        gold[item.id], pred[item.id] = score.Document(g), score.Document(prediction)
    tot, per, errors = score.score(gold, pred)
    p, r, f = score.prf(tot["tp"], tot["fp"], tot["fn"])
    print(f"P {p:.3f} R {r:.3f} F1 {f:.3f}  tp {tot['tp']} fp {tot['fp']} fn {tot['fn']}")
    if verbose:
        for pr, c in sorted(per.items(), key=lambda kv: -(kv[1]["tp"] + kv[1]["fn"])):
            print(f"   {pr:16} P %.2f R %.2f F1 %.2f  tp {c['tp']} fp {c['fp']} fn {c['fn']}" % score.prf(c["tp"], c["fp"], c["fn"]))
    return f, errors


def thresholds_for(items, probabilities, labels, score, floor: float) -> dict[str, float]:
    """For each label the threshold of the best F1 on held-out folds, its precision not under `floor` where it can be."""
    out = {}
    grid = np.arange(0.15, 0.86, 0.05)
    for label in labels:
        best = (-1.0, 0.5)
        for t in grid:
            only = {x: 9.0 for x in labels} | {label: t}
            tp = fp = fn = 0
            for item, P in zip(items, probabilities, strict=True):
                pred = decode(item, P, labels, score, only)
                g = dict(item.gold)
                g["triples"] = [x for x in g["triples"] if x["p"] == label]
                tot, _, _ = score.score({item.id: score.Document(g)}, {item.id: score.Document(pred)})
                tp, fp, fn = tp + tot["tp"], fp + tot["fp"], fn + tot["fn"]
            p, r, f = score.prf(tp, fp, fn)
            f = f if p >= floor else f * 0.8
            if f > best[0]:
                best = (f, float(t))
        out[label] = best[1]
    return out
