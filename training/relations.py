"""Fit the relation scorer on the gold training documents; measure it by cross-validation and on dev.

usage: python training/relations.py --shared ../shared [--folds 5] [--out kg/language/en_sanctions_relations/]
"""

from __future__ import annotations

import argparse
import collections
import importlib.util
import json
import pickle
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from calibration import curves
from network import Net, fit, matrix, vocabulary

from kg.language.candidates import read
from kg.language.features import FLIP, Context
from kg.language.phrases import Phrase
from kg.language.proposals import FLOOR, RULE_ONLY, pipeline_digest
from kg.language.rescoring import FEATURES, SecondLook, Sight, features, sight
from kg.language.spots import Spot

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
    states: np.ndarray
    heads: list[int]
    matches: list[tuple[str, str, str, str, int]]


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
            {
                "id": f"e{k + 1}",
                "type": c.type,
                "name": c.name,
                "mentions": sorted({doc[x.start : x.end].text for x in c.spans if x.kind in NAMES}),
            }
            for k, c in enumerate(reading.clusters)
            if not c.members
        ]
        g, p = score.Document(gold), score.Document({"id": gold["id"], "entities": entities})
        table = score.match_entities(g, p)
        sentences = [doc[a:b].text for a, b in reading.sheet.sentences]
        texts = {(p.start, p.end): doc.text[p.start : p.end] for p in [*reading.deeds, *reading.aliases]}
        items.append(
            Item(
                gold["id"],
                gold,
                entities,
                table,
                reading.contexts,
                sentences,
                reading.deeds,
                reading.aliases,
                texts,
                doc.tensor.astype(np.float16),
                reading.sheet.heads,
                [
                    (m.rule, m.subject, m.predicate, m.object, m.sentence)
                    for m in reading.matches
                    if m.object_spot is not None
                ],
            )
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
                if inside or context.kind in ("act", "post"):
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
            triples.append(
                {
                    "s": entity,
                    "p": label,
                    "o": {"text": item.texts[phrase.start, phrase.end]},
                    "status": "asserted",
                    "evidence": item.sentences[phrase.sentence],
                    "confidence": prob,
                }
            )
    return triples


def flattened(parts) -> tuple[int, ...]:
    """The hashes of all parts of a place's features."""
    return tuple(key for part in parts for key in part)


def flat(item: Item) -> list[np.ndarray]:
    first = [np.array(flattened(c.features), dtype=np.int64) for c in item.contexts]
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
            print(
                f"   {pr:16} P %.2f R %.2f F1 %.2f  tp {c['tp']} fp {c['fp']} fn {c['fn']}"
                % score.prf(c["tp"], c["fp"], c["fn"])
            )
    return f, errors


#: Property of KnowledgeNet -> relation of the guidelines, and whether subject and object change places.
KNOWLEDGENET = {
    "CEO": ("leader_of", True),
    "CHILD_OF": ("child_of", False),
    "FOUNDED_BY": ("founder_of", True),
    "HEADQUARTERS": ("located_in", False),
    "NATIONALITY": ("citizen_of", False),
    "PLACE_OF_BIRTH": ("born_in", False),
    "PLACE_OF_RESIDENCE": ("located_in", False),
    "POLITICAL_AFFILIATION": ("member_of", False),
    "SPOUSE": ("spouse_of", False),
    "SUBSIDIARY_OF": ("subsidiary_of", False),
}
#: Properties that are all there is of their relation in a passage, so that their absence tells something.
NEGATIVE = ("CHILD_OF", "FOUNDED_BY", "NATIONALITY", "PLACE_OF_BIRTH", "SPOUSE", "SUBSIDIARY_OF")


@dataclass
class Passage:
    """A passage of KnowledgeNet: features of its contexts, facts as (context, way, relation), what is exhaustive."""

    id: str
    features: list[tuple[int, ...]]
    facts: list[tuple[int, int, str]]
    exhaustive: list[str]
    tokens: np.ndarray
    states: np.ndarray


def load_knowledgenet(shared: Path, nlp, rules, leave_out: set[str] = frozenset()):
    """The passages of KnowledgeNet in which two entities meet."""
    lines = (shared / "knowledgenet" / "folds123.jsonl").open(encoding="utf-8")
    passages = [p for p in map(json.loads, lines) if str(p["id"]) not in leave_out]
    out = []
    for doc, passage in zip(nlp.pipe([p["text"] for p in passages]), passages, strict=True):
        reading = read(doc, rules)
        contexts = [c for c in reading.contexts if c.kind not in ("act", "post")]
        if not contexts:
            continue

        def chars(spot):
            return doc[spot.start].idx, doc[spot.end - 1].idx + len(doc[spot.end - 1])

        bounds = [(chars(c.first), chars(c.second)) for c in contexts]
        facts = []
        for fact in passage["facts"]:
            if fact["property"] not in KNOWLEDGENET:
                continue
            relation, turned = KNOWLEDGENET[fact["property"]]
            s, o = fact["subject"], fact["object"]
            if turned:
                s, o = o, s
            for k, (a, b) in enumerate(bounds):
                if a[0] < s[1] and s[0] < a[1] and b[0] < o[1] and o[0] < b[1]:
                    facts.append((k, 0, relation))
                if b[0] < s[1] and s[0] < b[1] and a[0] < o[1] and o[0] < a[1]:
                    facts.append((k, 1, relation))
        first = np.array([(c.first.head, c.second.head, c.peak) for c in contexts], np.int64).reshape(-1, 3)
        tokens = np.concatenate([first, first[:, [1, 0, 2]]])
        states = doc.tensor.astype(np.float16)
        hashes = [flattened(c.features) for c in contexts]
        out.append(Passage(str(passage["id"]), hashes, facts, passage["exhaustive"], tokens, states))
    return out


def knowledgenet_rows(passage: Passage, labels: tuple[str, ...], weight: float):
    """Rows, labels and weights of one passage for the scorer of pairs."""
    column = {label: k for k, label in enumerate(labels)}
    n = len(passage.features)
    first = [np.array(f, dtype=np.int64) for f in passage.features]
    y = np.zeros((2 * n, len(labels)), np.float32)
    w = np.zeros((2 * n, len(labels)), np.float32)
    for name in passage.exhaustive:
        if name in NEGATIVE:
            w[:, column[KNOWLEDGENET[name][0]]] = weight
    for k, way, relation in passage.facts:
        y[way * n + k, column[relation]] = 1
        w[way * n + k, column[relation]] = weight
    return first + [(f + FLIP) & 0xFFFFFFFF for f in first], y, w


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
            first = np.array([(c.first.head, c.second.head, c.peak) for c in item.contexts], np.int64).reshape(-1, 3)
            return np.concatenate([first, first[:, [1, 0, 2]]])
        found = [(p.spot.head, p.head, item.heads[p.head]) for p in getattr(item, self.name)]
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
        every = dict.fromkeys(self.labels, floor)
        if self.name == "pairs":
            return decode(item, P, self.labels, score, every)["triples"]
        return decode_phrases(item, getattr(item, self.name), P, self.labels, every)


PLANS = (
    PartPlan("pairs", tuple(sorted(PAIRS)), 8, 1024, 48, 0.6, True, 3),
    PartPlan("deeds", ("implicated_in", "listed_for"), 7, 1024, 32, 0.3, True, 3),
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
    ap.add_argument("--out", type=Path, default=Path("kg/language/weights"))
    ap.add_argument("--cache", type=Path, help="a pickle of the read documents, made if it is missing")
    ap.add_argument("--folds", type=int, default=3)
    ap.add_argument("--optional", type=float, default=0.5, help="weight of an optional triple as an example")
    ap.add_argument("--precision", type=float, default=0.71, help="precision to keep on held-out folds")
    a = ap.parse_args()
    score = load_score(a.shared)
    if a.cache and a.cache.is_file():
        train, dev, passages = pickle.loads(a.cache.read_bytes())
    else:
        from kg.language.pipeline import load_pipeline
        from kg.rules import load_rules

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
            worths = rule_worths(others, score) if plan.name == "pairs" else {}
            for item in held:
                P = plan.predict(net, item)
                if plan.name == "pairs":
                    seen.append((item, sights(item, P, plan.labels, score, worths)))
                else:
                    proposed.append((item, plan.triples(item, P, score, FLOOR)))
        if plan.name == "pairs":
            proposed = held_out_again(seen, plan.labels, score, a.folds)
            second = fit_second_look(seen, plan.labels, score, rule_worths(train, score))
        marks = [mark for item, triples in proposed for mark in judge_triples(item, triples, plan.labels, score)]
        required = sum(t["p"] in plan.labels and not t.get("optional") for i in train for t in i.gold["triples"])
        judged[plan.name] = (np.array(marks), required)
        print(
            f"{plan.name}: {len(marks)} held-out proposals, {required} wanted, {time.time() - start:.0f} s", flush=True
        )
    cut = choose_cut(judged, a.precision)
    for plan in PLANS:
        marks, _ = judged[plan.name]
        raw, label, mark = marks[:, 0], marks[:, 1].astype(int), marks[:, 2]
        kept = mark > -2
        knots, values = curves(raw[kept], label[kept], (mark[kept] != 0).astype(int), len(plan.labels))
        strict = (mark == 0) | (mark == 1)
        _, worth = curves(raw[strict], label[strict], (mark[strict] == 1).astype(int), len(plan.labels))
        limits = []
        for k in range(len(plan.labels)):
            at = float(np.interp(cut, worth[k], knots[k])) if worth[k].max() > cut else 0.99
            limits.append(float(np.interp(at, knots[k], values[k])))
        net = fit_plan(
            plan, train, score, optional=a.optional, more=passages, log=lambda text: print("  ", text, flush=True)
        )
        more = (
            {
                "second": second.weights.astype(np.float32),
                "rules": np.array(sorted(second.worths)),
                "worths": np.array([second.worths[name] for name in sorted(second.worths)], np.float32),
                "pipeline": np.array(pipeline_digest()),
            }
            if plan.name == "pairs"
            else {}
        )
        net.save(
            a.out / f"{plan.name}.npz",
            thresholds=np.array(limits, np.float32),
            knots=knots.astype(np.float32),
            values=values.astype(np.float32),
            **more,
        )
        for label_, limit in zip(plan.labels, limits, strict=True):
            print(f"   {label_:16} threshold {limit:.2f}")
    return 0


def sights(item: Item, P: np.ndarray, labels, score, worths: dict[str, float]) -> dict[tuple[str, str, str], Sight]:
    """How every possible triple of a document was seen, as `kg.language.proposals` sees it."""
    n = len(item.contexts)
    found: dict[tuple[str, str, str], list[tuple[float, int]]] = {}
    for row, column in zip(*np.nonzero(P >= FLOOR), strict=True):
        context = item.contexts[row % n]
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
        return [worths.get(name, worths.get(name.partition(".")[0], 0.5)) for name in sorted(names)]

    out = {}
    for key, places in found.items():
        best = max(places)
        out[key] = sight([value for value, _ in places], item.contexts[-best[1]].kind, known(rules.get(key, ())))
    for key, names in rules.items():
        if key[1] in labels and key not in out:
            out[key] = sight([RULE_ONLY], "rule", known(names))
    return out


def rule_worths(items: list[Item], score, prior: float = 3.0) -> dict[str, float]:
    """How often each rule is right on these documents, drawn towards its relation's rules, which are drawn to 0.6."""
    counts: dict[str, list[float]] = {}
    for item in items:
        matched = list(dict.fromkeys((rule, s, p, o) for rule, s, p, o, _ in item.matches))
        marks = rightness(item, [(s, p, o) for _, s, p, o in matched], score)
        for (rule, _, p, _), mark in zip(matched, marks, strict=True):
            weight = 0.4 if mark == 2 else 1.0
            for name in (rule, p):
                right, total = counts.get(name, (0.0, 0.0))
                counts[name] = [right + weight * (mark > 0), total + weight]
    worths = {n: (r + prior * 0.6) / (t + prior) for n, (r, t) in counts.items() if "." not in n}
    for name, (right, total) in sorted(counts.items()):
        if "." in name:
            worths[name] = (right + prior * worths[name.partition(".")[0]]) / (total + prior)
    return worths


def rightness(item: Item, keys, score) -> np.ndarray:
    """For each triple 1 where the gold has it, 2 where only as optional, else 0."""
    gold = score.Document(item.gold)
    pred = score.Document({"id": item.id, "entities": item.entities, "triples": []})
    out = []
    for s, p, o in keys:
        hits = [g for g in gold.triples if score.triple_matches(gold, pred, g, {"s": s, "p": p, "o": o}, item.table)]
        out.append(0 if not hits else 1 if any(not g.get("optional") for g in hits) else 2)
    return np.array(out, int)


def fit_second_look(seen, labels, score, worths=None, *, C: float = 0.3) -> SecondLook:
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
    return SecondLook(tuple(labels), shared + 0.5 * each, worths or {})


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


def choose_cut(judged: dict, precision: float) -> float:
    """The worth that a proposal must have so that held-out precision over everything is `precision`, or best F1 above it."""
    worths, goods, wanted = [], [], 0
    for marks, required in judged.values():
        raw, label, mark = marks[:, 0], marks[:, 1].astype(int), marks[:, 2]
        strict = (mark == 0) | (mark == 1)
        n = int(label.max()) + 1
        knots, worth = curves(raw[strict], label[strict], (mark[strict] == 1).astype(int), n)
        for r, k, m in zip(raw[strict], label[strict], mark[strict], strict=True):
            worths.append(float(np.interp(r, knots[k], worth[k])))
            goods.append(m == 1)
        wanted += required
    worths, goods = np.array(worths), np.array(goods)
    best = (0.0, 0.5)
    for cut in np.arange(0.2, 0.8, 0.01):
        inside = worths >= cut
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
