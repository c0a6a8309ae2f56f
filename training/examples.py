"""What the relation scorers are fitted on: the gold documents and KnowledgeNet as rows, labels and weights."""

from __future__ import annotations

import collections
import importlib.util
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kg.extraction.candidates.generate import analyse
from kg.extraction.candidates.text_objects import TextObjectCandidate
from kg.extraction.features.pairs import FLIP, PairCandidate
from kg.extraction.mention_spans import NAMES


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
    pair_candidates: list[PairCandidate]
    sentences: list[str]
    text_objects: list[TextObjectCandidate]
    aliases: list[TextObjectCandidate]
    texts: dict[tuple[int, int], str]
    states: np.ndarray
    heads: list[int]
    matches: list[tuple[str, str, str, str, int]]


def load_docs(shared: Path, nlp, split: str, score, rules, entities_of=None) -> list[Item]:
    folder = shared / "gold"
    golds = {d["id"]: d for d in map(json.loads, (folder / f"{split}.jsonl").open(encoding="utf-8"))}
    sources = [json.loads(line) for line in (folder / f"{split}_sources.jsonl").open(encoding="utf-8")]
    items = []
    for doc, source in zip(nlp.pipe([s["text"] for s in sources]), sources, strict=True):
        gold = golds[source["id"]]
        reading = analyse(doc, rules, entities=entities_of(doc, gold) if entities_of else None)
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
        sentences = [doc[a:b].text for a, b in reading.view.sentences]
        texts = {(p.start, p.end): doc.text[p.start : p.end] for p in [*reading.text_objects, *reading.aliases]}
        items.append(
            Item(
                gold["id"],
                gold,
                entities,
                table,
                reading.pair_candidates,
                sentences,
                reading.text_objects,
                reading.aliases,
                texts,
                doc.tensor.astype(np.float16),
                reading.view.heads,
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
    n = len(item.pair_candidates)
    Y = np.zeros((2 * n, len(labels)), np.float32)
    W = np.ones((2 * n, len(labels)), np.float32)
    words = [set(score.content(s)) for s in item.sentences]
    evidence = {}
    for k, context in enumerate(item.pair_candidates):
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


def phrase_targets(item: Item, phrases: list[TextObjectCandidate], labels, score, optional: float):
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
        for col, t, g in true.get(item.table.get(phrase.mention.entity), ()):
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
                groups[phrase.mention.entity, label].append((float(row[col]), phrase))
    for (entity, label), found in groups.items():
        taken: list[TextObjectCandidate] = []
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
    first = [np.array(flattened(c.features), dtype=np.int64) for c in item.pair_candidates]
    return first + [(f + FLIP) & 0xFFFFFFFF for f in first]


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
        reading = analyse(doc, rules)
        pair_candidates = [c for c in reading.pair_candidates if c.kind not in ("act", "post")]
        if not pair_candidates:
            continue

        def chars(mention):
            return doc[mention.start].idx, doc[mention.end - 1].idx + len(doc[mention.end - 1])

        bounds = [(chars(c.first), chars(c.second)) for c in pair_candidates]
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
        first = np.array([(c.first.head, c.second.head, c.lca) for c in pair_candidates], np.int64).reshape(-1, 3)
        tokens = np.concatenate([first, first[:, [1, 0, 2]]])
        states = doc.tensor.astype(np.float16)
        hashes = [flattened(c.features) for c in pair_candidates]
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
