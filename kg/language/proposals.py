"""Candidates -> proposals: every triple once, at its likeliest place, with its probability.

The probability is calibrated: of the proposals at 0.8 about four in five are what the text says (`training/`
measures it by cross-validation). `accepted` tells whether it reaches its relation's threshold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from kg.language.candidates import Reading
from kg.language.features import Context
from kg.language.matching import Match
from kg.language.phrases import Phrase
from kg.language.scorer import Floats, Scorer, both_ways, unpack

WEIGHTS: Final = Path(__file__).resolve().parent / "weights"
"""The folder of the fitted scorers."""

SYMMETRIC: Final = frozenset({"spouse_of", "sibling_of", "relative_of", "associated_with", "meets"})
#: Of these, one pair has at most one: the most specific that holds.
_EXCLUSIVE: Final = (
    frozenset({"leader_of", "officer_of", "employee_of"}),
    frozenset({"sibling_of", "relative_of", "child_of", "spouse_of"}),
)
#: Relations too rare in the training texts for the scorer: a rule that matches is believed as far as it was right.
RULE_LED: Final = frozenset(
    {"planned_IPO", "spokesman_for", "meets", "flagged_in", "delisted_by", "spouse_of", "sibling_of"}
)
_RULE_TRUST: Final = 0.75


@dataclass(frozen=True, slots=True)
class Proposal:
    """A triple with where it is best seen.

    `object` is an entity id, or a text object where `phrase` is set. `sentence` and `other` are numbers of sentences;
    `match` is the rule match that shows it, if one does.
    """

    subject: str
    predicate: str
    object: str
    probability: float
    threshold: float
    sentence: int
    other: int | None
    kind: str
    context: Context | None = None
    phrase: Phrase | None = None
    match: Match | None = None

    @property
    def accepted(self) -> bool:
        """Whether the probability reaches the relation's threshold."""
        return self.probability >= self.threshold


@dataclass(frozen=True, slots=True)
class Part:
    """One scorer with, for each of its labels, a threshold and the knots that turn raw scores into probabilities."""

    scorer: Scorer
    thresholds: Floats
    knots: Floats
    values: Floats

    def calibrated(self, raw: Floats) -> Floats:
        """Probabilities for raw scores, column by column."""
        columns = [np.interp(raw[:, k], self.knots[k], self.values[k]) for k in range(raw.shape[1])]
        return np.stack(columns, axis=1).astype(np.float32) if columns else raw


@dataclass(frozen=True, slots=True)
class Scorers:
    """The three parts: pairs of entities, deeds, aliases."""

    pairs: Part
    deeds: Part
    aliases: Part

    def propose(self, reading: Reading, *, floor: float = 0.1) -> Iterator[Proposal]:
        """The proposals of a document with a probability of at least `floor`, in no particular order."""
        pairs = list(self._pairs(reading, floor))
        yield from _most_specific(pairs)
        deeds = list(_phrases(self.deeds, reading.deeds, reading, floor))
        yield from _one_relation_a_phrase(deeds)
        yield from _phrases(self.aliases, reading.aliases, reading, floor)

    def _pairs(self, reading: Reading, floor: float) -> Iterator[Proposal]:
        contexts = reading.contexts
        part = self.pairs
        labels = part.scorer.labels
        raw = part.scorer.apply(*both_ways(contexts)) if contexts else np.zeros((0, len(labels)), np.float32)
        table = part.calibrated(raw)
        best: dict[tuple[str, str, str], tuple[float, float, int, Context]] = {}
        for row, column in zip(*np.nonzero(table >= floor), strict=True):
            context = contexts[row % len(contexts)]
            first, second = context.first.entity, context.second.entity
            subject, object_ = (first, second) if row < len(contexts) else (second, first)
            predicate = labels[column]
            if predicate in SYMMETRIC and object_ < subject:
                subject, object_ = object_, subject
            key = (subject, predicate, object_)
            place = (float(table[row, column]), float(raw[row, column]), -int(row % len(contexts)), context)
            if key not in best or place[:3] > best[key][:3]:
                best[key] = place
        matches = _by_triple(reading.matches)
        limits = dict(zip(labels, part.thresholds.tolist(), strict=True))
        for (subject, predicate, object_), (probability, _, _, context) in best.items():
            found = matches.get((subject, predicate, object_), [])
            match = next((one for one in found if one.sentence == context.sentence), found[0] if found else None)
            if predicate in RULE_LED and match is not None:
                probability = max(probability, _RULE_TRUST)
            yield Proposal(
                subject, predicate, object_, probability, limits[predicate], context.sentence, context.other,
                context.kind, context, None, match,
            )  # fmt: skip
        for (subject, predicate, object_), found in matches.items():
            if predicate in RULE_LED and (subject, predicate, object_) not in best:
                match = found[0]
                yield Proposal(
                    subject, predicate, object_, _RULE_TRUST, 0.5, match.sentence, None, "rule", None, None, match
                )


def _by_triple(matches: list[Match]) -> dict[tuple[str, str, str], list[Match]]:
    found: dict[tuple[str, str, str], list[Match]] = {}
    for match in matches:
        if match.object_spot is None:
            continue
        subject, object_ = match.subject, match.object
        if match.predicate in SYMMETRIC and object_ < subject:
            subject, object_ = object_, subject
        found.setdefault((subject, match.predicate, object_), []).append(match)
    return found


def _most_specific(proposals: list[Proposal]) -> Iterator[Proposal]:
    """Of relations that exclude one another between the same two, the likeliest."""
    groups: dict[tuple[int, frozenset[str]], Proposal] = {}
    for proposal in proposals:
        number = next((k for k, group in enumerate(_EXCLUSIVE) if proposal.predicate in group), None)
        if number is None:
            yield proposal
            continue
        key = (number, frozenset({proposal.subject, proposal.object}))
        rival = groups.get(key)
        if rival is None or _rank(proposal) > _rank(rival):
            groups[key] = proposal
    yield from groups.values()


def _rank(proposal: Proposal) -> tuple[float, str, str]:
    return proposal.probability - proposal.threshold, proposal.predicate, proposal.subject


def _phrases(part: Part, phrases: list[Phrase], reading: Reading, floor: float) -> Iterator[Proposal]:
    """For each entity and relation the likeliest phrases that do not overlap one another."""
    if not phrases:
        return
    table = part.calibrated(part.scorer.score([phrase.features for phrase in phrases]))
    groups: dict[tuple[str, int], list[tuple[float, Phrase]]] = {}
    for row, column in zip(*np.nonzero(table >= floor), strict=True):
        phrase = phrases[row]
        groups.setdefault((phrase.spot.entity, int(column)), []).append((float(table[row, column]), phrase))
    text = reading.sheet.doc.text
    for (entity, column), found in groups.items():
        taken: list[Phrase] = []
        said: set[str] = set()
        for probability, phrase in sorted(found, key=lambda one: (-one[0], one[1].start, one[1].end)):
            words = " ".join(text[phrase.start : phrase.end].split())
            if words in said or any(phrase.start < one.end and one.start < phrase.end for one in taken):
                continue
            taken.append(phrase)
            said.add(words)
            yield Proposal(
                entity, part.scorer.labels[column], words, probability, float(part.thresholds[column]),
                phrase.sentence, phrase.other, phrase.kind, None, phrase, None,
            )  # fmt: skip


def _one_relation_a_phrase(proposals: list[Proposal]) -> Iterator[Proposal]:
    """What is the reason of a listing is not said again as a wrongdoing of the same entity."""
    reasons = [one for one in proposals if one.predicate == "listed_for" and one.accepted]
    for proposal in proposals:
        if proposal.predicate == "implicated_in" and any(
            proposal.subject == one.subject
            and proposal.phrase is not None
            and one.phrase is not None
            and proposal.phrase.start < one.phrase.end
            and one.phrase.start < proposal.phrase.end
            for one in reasons
        ):
            continue
        yield proposal


def load_part(path: Path) -> Part:
    """One fitted part, with its thresholds and calibration."""
    with np.load(path, allow_pickle=False) as stored:
        return _part(stored)


def _part(stored: Any) -> Part:
    return Part(
        unpack(stored),
        stored["thresholds"].astype(np.float32),
        stored["knots"].astype(np.float32),
        stored["values"].astype(np.float32),
    )


@lru_cache(maxsize=1)
def load_scorers(folder: Path = WEIGHTS) -> Scorers:
    """The packaged scorers; loaded once."""
    return Scorers(*[load_part(folder / f"{name}.npz") for name in ("pairs", "deeds", "aliases")])
