"""Which of fifteen facts of persons and organisations a passage states: a small fitted network over pairs of mentions.

`Passage` -> pairs (`benchmarks.knowledgenet.mentions`) -> a probability for each property (`kg.extraction.scoring.classifier`) -> what the other
mentions of the same two things say is taken into account -> facts at character offsets. The properties are those of
KnowledgeNet (Mesquita et al., EMNLP 2019); `training/knowledgenet.py` fits the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from benchmarks.knowledgenet.mentions import Pair, Passage, pairs, read_passage
from kg.extraction.scoring.classifier import PairClassifier, unpack

WEIGHTS: Final = Path(__file__).resolve().parent / "weights.npz"
PROPERTIES: Final = (
    "CEO",
    "CHILD_OF",
    "DATE_FOUNDED",
    "DATE_OF_BIRTH",
    "DATE_OF_DEATH",
    "EDUCATED_AT",
    "EMPLOYEE_OR_MEMBER_OF",
    "FOUNDED_BY",
    "HEADQUARTERS",
    "NATIONALITY",
    "PLACE_OF_BIRTH",
    "PLACE_OF_RESIDENCE",
    "POLITICAL_AFFILIATION",
    "SPOUSE",
    "SUBSIDIARY_OF",
)
SYMMETRIC: Final = ("SPOUSE",)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fact:
    """A property of the subject; both are (start, end) character offsets. `confidence` is the network's, 0 to 1."""

    property: str
    subject: tuple[int, int]
    object: tuple[int, int]
    confidence: float


@dataclass(frozen=True, slots=True)
class Properties:
    """The fitted network, the pairs of types each property may hold between, and the least score that is believed."""

    scorer: PairClassifier
    fits: frozenset[tuple[str, str, str]]
    thresholds: Floats
    share: float

    @property
    def allowed(self) -> frozenset[tuple[str, str]]:
        """The pairs of types that some property may hold between."""
        return frozenset((subject, object_) for _, subject, object_ in self.fits)

    def facts(self, doc: Doc) -> list[Fact]:
        """The facts of an annotated passage, in the order of the text."""
        passage = read_passage(doc)
        found = pairs(passage, self.allowed)
        if not found:
            return []
        features = [(pair.features,) for pair in found]
        scores = self.scorer.apply(features, np.asarray(doc.tensor), tokens_of(passage, found))
        return decide(passage, found, scores, fits=self.fits, thresholds=self.thresholds, share=self.share)


def tokens_of(passage: Passage, found: Sequence[Pair]) -> NDArray[np.int64]:
    """The three tokens of each pair whose states the network reads: subject, object, and what joins them."""
    mentions = passage.mentions
    rows = [(mentions[pair.subject].head, mentions[pair.object].head, pair.lca) for pair in found]
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def decide(
    passage: Passage,
    found: Sequence[Pair],
    scores: Floats,
    *,
    fits: frozenset[tuple[str, str, str]],
    thresholds: Floats,
    share: float,
) -> list[Fact]:
    """The facts whose score reaches the property's threshold, once the mentions of one thing have been heard together.

    `share` (0 to 1) is how far the score of a pair moves, in log-odds, to the best among the pairs of the same things.
    """
    raw = together(passage, found, scores, share)
    facts: set[Fact] = set()
    for row, pair in zip(raw, found, strict=True):
        types = passage.mentions[pair.subject].type, passage.mentions[pair.object].type
        for column in np.flatnonzero(row >= thresholds):
            name = PROPERTIES[column]
            if (name, *types) not in fits:
                continue
            subject, object_ = passage.bounds[pair.subject], passage.bounds[pair.object]
            facts.add(Fact(name, subject, object_, round(float(row[column]), 4)))
    return sorted(facts, key=lambda fact: (fact.subject, fact.object, fact.property))


def together(passage: Passage, found: Sequence[Pair], scores: Floats, share: float) -> Floats:
    """The scores after each pair has heard the best pair of mentions of the same two things."""
    if not found:
        return scores
    limited = np.clip(scores, 1e-4, 1 - 1e-4)
    logits = np.log(limited) - np.log1p(-limited)
    things = [(passage.groups[pair.subject], passage.groups[pair.object]) for pair in found]
    numbers = {thing: k for k, thing in enumerate(dict.fromkeys(things))}
    index = np.array([numbers[thing] for thing in things])
    best = np.full((len(numbers), scores.shape[1]), -np.inf, dtype=np.float32)
    np.maximum.at(best, index, logits)
    moved = (1 - share) * logits + share * best[index]
    return np.asarray(1 / (1 + np.exp(-moved)), dtype=np.float32)


def unpack_properties(stored: Any) -> Properties:
    """The fitted parts from their stored arrays."""
    fits = frozenset(tuple(str(line).split("|")) for line in stored["fits"])
    return Properties(
        scorer=unpack(stored),
        fits=fits,  # type: ignore[arg-type]
        thresholds=stored["thresholds"].astype(np.float32),
        share=float(stored["share"]),
    )


@lru_cache(maxsize=1)
def load_properties() -> Properties:
    """The packaged network."""
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        return unpack_properties(stored)
