"""Candidates -> proposals: every triple once, at its likeliest place, with its probability.

The probability is calibrated: of the proposals at 0.8 about four in five are what the text says (`training/`
measures it by cross-validation). `accepted` tells whether it reaches its relation's threshold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from kg.errors import KgError
from kg.extraction.candidates.generate import Reading
from kg.extraction.candidates.text_objects import Phrase, chars
from kg.extraction.features.pairs import Context
from kg.extraction.patterns.matcher import Match
from kg.extraction.scoring.classifier import Floats, Scorer, tokens_both_ways, unpack
from kg.extraction.scoring.reranker import Key, SecondLook, sight
from kg.model import SYMMETRIC
from kg.namespaces import name_key
from kg.nlp.pipeline import MODEL

WEIGHTS: Final = Path(__file__).resolve().parent / "weights"
"""The folder of the fitted scorers."""

#: Of these, one pair has at most one: the most specific that holds.
_EXCLUSIVE: Final = (
    frozenset({"leader_of", "officer_of", "employee_of"}),
    frozenset({"sibling_of", "relative_of", "child_of", "spouse_of"}),
)
#: How far a relation that came with its rules alone is believed.
_RULE_TRUST: Final = 0.75
#: How often what an annex states is right, on the training documents.
ANNEX_TRUST: Final = 0.85
#: The raw score of a triple that only a rule proposes.
RULE_ONLY: Final = 0.02
#: Raw scores below this are not looked at.
FLOOR: Final = 0.02


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

    def probability(self, label: int, raw: float) -> float:
        """The probability for a raw score of a label."""
        return float(np.interp(raw, self.knots[label], self.values[label]))

    def calibrated(self, raw: Floats) -> Floats:
        """Probabilities for raw scores, column by column."""
        columns = [np.interp(raw[:, k], self.knots[k], self.values[k]) for k in range(raw.shape[1])]
        return np.stack(columns, axis=1).astype(np.float32) if columns else raw


@dataclass(frozen=True, slots=True)
class Scorers:
    """The three parts (pairs of entities, deeds, aliases) and what weighs the pairs of a whole document anew."""

    pairs: Part
    deeds: Part
    aliases: Part
    second: SecondLook

    def propose(self, reading: Reading, *, floor: float = 0.1) -> Iterator[Proposal]:
        """The proposals of a document with a probability of at least `floor`, in no particular order."""
        deeds = list(_phrases(self.deeds, reading.deeds, reading, floor))
        found = [
            *_most_specific(list(self._pairs(reading, floor))),
            *_one_relation_a_phrase(deeds),
            *_phrases(self.aliases, reading.aliases, reading, floor),
            *_annexed(reading),
        ]
        best: dict[tuple[str, str, str], Proposal] = {}
        for proposal in found:
            key = (proposal.subject, proposal.predicate, proposal.object)
            if key not in best or proposal.probability > best[key].probability:
                best[key] = proposal
        yield from best.values()

    def _pairs(self, reading: Reading, floor: float) -> Iterator[Proposal]:
        contexts = reading.contexts
        part = self.pairs
        labels = part.scorer.labels
        tokens = tokens_both_ways(contexts)
        features = [context.features for context in contexts]
        raw = part.scorer.apply(features, reading.sheet.doc.tensor, tokens, both_ways=True)
        best: dict[Key, tuple[float, int, Context]] = {}
        seen: dict[Key, list[float]] = {}
        for row, column in zip(*np.nonzero(raw >= FLOOR), strict=True):
            context = contexts[row % len(contexts)]
            first, second = context.first.entity, context.second.entity
            subject, object_ = (first, second) if row < len(contexts) else (second, first)
            predicate = labels[column]
            if predicate in SYMMETRIC and object_ < subject:
                subject, object_ = object_, subject
            key = (subject, predicate, object_)
            place = (float(raw[row, column]), -int(row % len(contexts)), context)
            seen.setdefault(key, []).append(place[0])
            if key not in best or place[:2] > best[key][:2]:
                best[key] = place
        matches = _by_triple(reading.matches)
        worths = {
            key: [self.second.worth(rule) for rule in dict.fromkeys(one.rule for one in found)]
            for key, found in matches.items()
        }
        sights = {key: sight(found, best[key][2].kind, worths.get(key, ())) for key, found in seen.items()}
        for key in matches:
            if key[1] in labels and key not in sights:
                sights[key] = sight([RULE_ONLY], "rule", worths[key])
        for (subject, predicate, object_), score in self.second.again(sights).items():
            label = labels.index(predicate)
            found = matches.get((subject, predicate, object_), [])
            probability = part.probability(label, score)
            trusted = max(found, key=lambda one: reading.trust.get(one.rule, 0.0), default=None)
            believed = reading.trust.get(trusted.rule, 0.0) if trusted is not None else 0.0
            limit = float(part.thresholds[label])
            if trusted is not None and believed > probability:
                yield _by_rule(trusted, subject, object_, believed, limit)
            elif probability < floor:
                continue
            elif (subject, predicate, object_) in best:
                context = best[subject, predicate, object_][2]
                match = next((one for one in found if one.sentence == context.sentence), found[0] if found else None)
                yield Proposal(
                    subject, predicate, object_, probability, limit, context.sentence, context.other, context.kind,
                    context, None, match,
                )  # fmt: skip
            else:
                yield _by_rule(found[0], subject, object_, probability, limit)
        for (subject, predicate, object_), found in matches.items():
            if predicate not in labels:  # a relation that came with its rules alone is believed as far as rules are
                yield _by_rule(found[0], subject, object_, _RULE_TRUST, 0.5)


def _by_rule(match: Match, subject: str, object_: str, probability: float, limit: float) -> Proposal:
    return Proposal(
        subject, match.predicate, object_, probability, limit, match.sentence, None, "rule", None, None, match
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
    heads = reading.sheet.heads
    tokens = np.array([(one.spot.head, one.head, heads[one.head]) for one in phrases], dtype=np.int64)
    raw = part.scorer.apply([phrase.features for phrase in phrases], reading.sheet.doc.tensor, tokens)
    table = part.calibrated(raw)
    texts = _trusted_texts(reading, part.scorer.labels)
    for row, phrase in enumerate(phrases):
        for match in texts.get((phrase.spot.entity, phrase.start, phrase.end), ()):
            column = part.scorer.labels.index(match.predicate)
            table[row, column] = max(table[row, column], reading.trust[match.rule])
    groups: dict[tuple[str, int], list[tuple[float, Phrase]]] = {}
    for row, column in zip(*np.nonzero(table >= floor), strict=True):
        phrase = phrases[row]
        groups.setdefault((phrase.spot.entity, int(column)), []).append((float(table[row, column]), phrase))
    text = reading.sheet.text
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
                phrase.sentence, phrase.other, phrase.kind, None, phrase,
                next(iter(texts.get((entity, phrase.start, phrase.end), ())), None),
            )  # fmt: skip


def _trusted_texts(reading: Reading, labels: Sequence[str]) -> dict[tuple[str, int, int], list[Match]]:
    """The matches of trusted rules whose object is a text, by entity and characters of the text."""
    found: dict[tuple[str, int, int], list[Match]] = {}
    for match in reading.matches:
        if match.object_spot is None and match.rule in reading.trust and match.predicate in labels:
            place = chars(reading.sheet, match.object_start, match.object_end)
            found.setdefault((match.subject, *place), []).append(match)
    return found


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


def _annexed(reading: Reading) -> Iterator[Proposal]:
    """What identifying information states in so many words."""
    sheet = reading.sheet
    for entry in reading.annex:
        span = sheet.doc.char_span(entry.start, entry.end, alignment_mode="expand")
        if span is None:
            continue
        sentence = sheet.sentence_of[span.start]
        subject = entry.subject
        if entry.object is not None:
            yield Proposal(
                subject.entity, entry.key, entry.object.entity, ANNEX_TRUST, 0.5, sentence, None, "annex",
                Context(subject, entry.object, sentence, (), None, "annex"),
            )  # fmt: skip
        elif entry.key == "also_known_as":
            words = " ".join(entry.value.split())
            if name_key(words) == name_key(sheet.figures[subject.entity].name):
                continue
            phrase = Phrase(subject, entry.start, entry.end, sentence, (), "annex")
            yield Proposal(subject.entity, entry.key, words, ANNEX_TRUST, 0.5, sentence, None, "annex", None, phrase)


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


def pipeline_digest() -> str:
    """What tells the packaged pipeline's weights from others: the scorers read its states and fit no other."""
    return hashlib.sha256((MODEL / "weights.npz").read_bytes()).hexdigest()[:16]


@lru_cache(maxsize=1)
def load_scorers(folder: Path = WEIGHTS) -> Scorers:
    """The packaged scorers, loaded once; raises KgError where they do not fit the packaged pipeline."""
    with np.load(folder / "pairs.npz", allow_pickle=False) as stored:
        fitted_on = str(stored["pipeline"])
        worths = dict(zip(map(str, stored["rules"]), map(float, stored["worths"]), strict=True))
        second = SecondLook(tuple(map(str, stored["labels"])), stored["second"].astype(np.float64), worths)
    if fitted_on != pipeline_digest():
        raise KgError(
            "the relation scorers were fitted on another pipeline than the packaged one",
            place=str(folder),
            hint="run `make train`, or install anew",
        )
    return Scorers(
        load_part(folder / "pairs.npz"),
        load_part(folder / "deeds.npz"),
        load_part(folder / "aliases.npz"),
        second,
    )
