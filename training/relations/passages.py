"""KnowledgeNet's passages as further examples of pairs: facts of persons and firms in plain prose."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from spacy.tokens import Doc

from kg.extraction.candidates.generate import analyse
from kg.extraction.features.pairs import PairCandidate
from kg.extraction.patterns.rules import RuleSet
from kg.extraction.scoring.classifier import spans_both_ways, tokens_both_ways
from training.relations.gold import Record
from training.relations.items import annotated
from training.relations.network import Examples
from training.relations.rows import HashRows

#: Property of KnowledgeNet -> relation of the guidelines, and whether subject and object change places.
PROPERTIES: Final = {
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
NEGATIVE: Final = frozenset({"CHILD_OF", "FOUNDED_BY", "NATIONALITY", "PLACE_OF_BIRTH", "SPOUSE", "SUBSIDIARY_OF"})
_WEIGHT: Final = 0.5
"""The weight of a passage's rows: its gold knows fifteen properties only."""
_WHOLE: Final = ("act", "post")


def load_passages(shared: Path, rules: RuleSet, labels: Sequence[str], cache: Path | None) -> list[Examples]:
    """The passages in which two entities meet, as examples of pairs."""
    path = shared / "knowledgenet" / "folds123.jsonl"
    with path.open(encoding="utf-8") as lines:
        passages: list[Record] = [json.loads(line) for line in lines if line.strip()]
    docs = annotated("kn", [one["text"] for one in passages], cache)
    made = (_examples(doc, passage, rules, labels) for doc, passage in zip(docs, passages, strict=True))
    return [one for one in made if len(one)]


def _examples(doc: Doc, passage: Record, rules: RuleSet, labels: Sequence[str]) -> Examples:
    analysis = analyse(doc, rules)
    pairs = [one for one in analysis.pair_candidates if one.kind not in _WHOLE]
    column = {label: k for k, label in enumerate(labels)}
    y = np.zeros((2 * len(pairs), len(labels)), np.float32)
    w = np.zeros_like(y)
    for name in sorted(NEGATIVE & set(passage["exhaustive"])):
        w[:, column[PROPERTIES[name][0]]] = _WEIGHT
    for row, relation in _facts(doc, passage, pairs):
        y[row, column[relation]] = 1
        w[row, column[relation]] = _WEIGHT
    spans = spans_both_ways(pairs, analysis.view.sentences)
    rows = HashRows.of([one.features for one in pairs], both_ways=True)
    return Examples(rows, y, w, tokens_both_ways(pairs), spans, np.asarray(doc.tensor, np.float16))


def _facts(doc: Doc, passage: Record, pairs: Sequence[PairCandidate]) -> Iterator[tuple[int, str]]:
    """(row, relation) of every pair that a fact of the passage covers."""
    bounds = [
        [(doc[one.start].idx, doc[one.end - 1].idx + len(doc[one.end - 1])) for one in (pair.first, pair.second)]
        for pair in pairs
    ]
    for fact in passage["facts"]:
        if fact["property"] not in PROPERTIES:
            continue
        relation, turned = PROPERTIES[fact["property"]]
        subject, object_ = (fact["object"], fact["subject"]) if turned else (fact["subject"], fact["object"])
        for place, (a, b) in enumerate(bounds):
            if _meet(a, subject) and _meet(b, object_):
                yield place, relation
            if _meet(b, subject) and _meet(a, object_):
                yield len(pairs) + place, relation


def _meet(one: Sequence[int], other: Sequence[int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
