"""Candidates -> proposals: every triple once, at its likeliest place, with its probability.

The probability is calibrated: of the proposals at 0.8 about four in five are what the text says (`training/`
measures it by cross-validation). `accepted` tells whether it reaches its relation's threshold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from kg.errors import KgError
from kg.extraction.candidates.generate import DocumentAnalysis
from kg.extraction.candidates.text_objects import TextObjectCandidate, chars
from kg.extraction.events.record_facts import RecordFact, record_sentences, trust
from kg.extraction.features.pairs import PairCandidate
from kg.extraction.patterns.matcher import PatternMatch
from kg.extraction.scoring.classifier import (
    TOKENS,
    Floats,
    PairClassifier,
    Places,
    spans_both_ways,
    tokens_both_ways,
    unpack,
)
from kg.extraction.scoring.evidence import matches_by_triple, pair_evidence
from kg.extraction.scoring.reranker import Reranker
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
_LISTED: Final = frozenset({"listed_by", "listed_on", "listed_under"})
#: A listing of a party that a record removes counts where its sentence leaves no doubt.
_SURE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Prediction:
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
    context: PairCandidate | None = None
    phrase: TextObjectCandidate | None = None
    match: PatternMatch | None = None
    record: RecordFact | None = None

    @property
    def accepted(self) -> bool:
        """Whether the probability reaches the relation's threshold."""
        return self.probability >= self.threshold


@dataclass(frozen=True, slots=True)
class CalibratedClassifier:
    """One scorer with, for each of its labels, a threshold and the knots that turn raw scores into probabilities."""

    scorer: PairClassifier
    thresholds: Floats
    calibration_knots: Floats
    values: Floats

    def probability(self, label: int, raw: float) -> float:
        """The probability for a raw score of a label."""
        return float(np.interp(raw, self.calibration_knots[label], self.values[label]))

    def calibrated(self, raw: Floats) -> Floats:
        """Probabilities for raw scores, column by column."""
        columns = [np.interp(raw[:, k], self.calibration_knots[k], self.values[k]) for k in range(raw.shape[1])]
        return np.stack(columns, axis=1).astype(np.float32) if columns else raw


@dataclass(frozen=True, slots=True)
class RelationPredictor:
    """The three parts (pairs of entities, deeds, aliases) and what weighs the pairs of a whole document anew."""

    pairs: CalibratedClassifier
    text_objects: CalibratedClassifier
    aliases: CalibratedClassifier
    second: Reranker

    def predict(self, reading: DocumentAnalysis, *, floor: float = 0.1) -> Iterator[Prediction]:
        """The proposals of a document with a probability of at least `floor`, in no particular order."""
        trust = self.trust_in(reading)
        text_objects = list(_phrases(self.text_objects, reading.text_objects, reading, floor, trust))
        found = [
            *_most_specific(list(self._pairs(reading, floor))),
            *_one_relation_a_phrase(text_objects),
            *_phrases(self.aliases, reading.alias_candidates, reading, floor, trust),
            *_annexed(reading),
        ]
        found = [*_outside_records(found, reading), *_recorded(reading)]
        best: dict[tuple[str, str, str], Prediction] = {}
        for prediction in found:
            key = (prediction.subject, prediction.predicate, prediction.object)
            if key not in best or prediction.probability > best[key].probability:
                best[key] = prediction
        yield from best.values()

    def trust_in(self, reading: DocumentAnalysis) -> dict[str, float]:
        """How far each rule is believed at least: as it claims, but no further than it was right on training texts."""
        measured = self.second.rule_precision
        return {rule: min(claimed, measured.get(rule, claimed)) for rule, claimed in reading.trust.items()}

    def _pairs(self, reading: DocumentAnalysis, floor: float) -> Iterator[Prediction]:
        pair_candidates = reading.pair_candidates
        part = self.pairs
        labels = part.scorer.labels
        tokens = tokens_both_ways(pair_candidates)
        features = [context.features for context in pair_candidates]
        spans = spans_both_ways(pair_candidates, reading.view.sentences)
        raw = part.scorer.apply(features, reading.view.doc.tensor, tokens, spans=spans, both_ways=True)
        trust = self.trust_in(reading)
        matches = matches_by_triple(reading.matches)
        evidence = pair_evidence(pair_candidates, raw, labels, matches, self.second.precision_of)
        for (subject, predicate, object_), score in self.second.again(evidence.inputs).items():
            label = labels.index(predicate)
            found = matches.get((subject, predicate, object_), [])
            probability = part.probability(label, score)
            trusted = max(found, key=lambda one: trust.get(one.rule, 0.0), default=None)
            believed = trust.get(trusted.rule, 0.0) if trusted is not None else 0.0
            limit = float(part.thresholds[label])
            if trusted is not None and believed > probability:
                yield _by_rule(trusted, subject, object_, believed, limit)
            elif probability < floor:
                continue
            elif (subject, predicate, object_) in evidence.best:
                context = evidence.best[subject, predicate, object_]
                match = next((one for one in found if one.sentence == context.sentence), found[0] if found else None)
                yield Prediction(
                    subject, predicate, object_, probability, limit, context.sentence, context.other, context.kind,
                    context, None, match,
                )  # fmt: skip
            else:
                yield _by_rule(found[0], subject, object_, probability, limit)
        for (subject, predicate, object_), found in matches.items():
            if predicate not in labels:  # a relation that came with its rules alone is believed as far as rules are
                yield _by_rule(found[0], subject, object_, _RULE_TRUST, 0.5)


def _by_rule(match: PatternMatch, subject: str, object_: str, probability: float, limit: float) -> Prediction:
    return Prediction(
        subject, match.predicate, object_, probability, limit, match.sentence, None, "rule", None, None, match
    )


def _most_specific(predictions: list[Prediction]) -> Iterator[Prediction]:
    """Of relations that exclude one another between the same two, the likeliest."""
    groups: dict[tuple[int, frozenset[str]], Prediction] = {}
    for prediction in predictions:
        number = next((k for k, group in enumerate(_EXCLUSIVE) if prediction.predicate in group), None)
        if number is None:
            yield prediction
            continue
        key = (number, frozenset({prediction.subject, prediction.object}))
        rival = groups.get(key)
        if rival is None or _rank(prediction) > _rank(rival):
            groups[key] = prediction
    yield from groups.values()


def _rank(prediction: Prediction) -> tuple[float, str, str]:
    return prediction.probability - prediction.threshold, prediction.predicate, prediction.subject


def _phrases(
    part: CalibratedClassifier,
    phrases: list[TextObjectCandidate],
    reading: DocumentAnalysis,
    floor: float,
    trust: Mapping[str, float],
) -> Iterator[Prediction]:
    """For each entity and relation the likeliest phrases that do not overlap one another."""
    if not phrases:
        return
    tokens = text_tokens(phrases, reading.view.heads)
    features = [phrase.features for phrase in phrases]
    raw = part.scorer.apply(features, reading.view.doc.tensor, tokens, spans=text_spans(phrases))
    table = part.calibrated(raw)
    texts = _trusted_texts(reading, part.scorer.labels)
    for row, phrase in enumerate(phrases):
        for match in texts.get((phrase.mention.entity, phrase.start, phrase.end), ()):
            column = part.scorer.labels.index(match.predicate)
            table[row, column] = max(table[row, column], trust[match.rule])
    groups: dict[tuple[str, int], list[tuple[float, TextObjectCandidate]]] = {}
    for row, column in zip(*np.nonzero(table >= floor), strict=True):
        phrase = phrases[row]
        groups.setdefault((phrase.mention.entity, int(column)), []).append((float(table[row, column]), phrase))
    text = reading.view.text
    for (entity, column), found in groups.items():
        taken: list[TextObjectCandidate] = []
        said: set[str] = set()
        for probability, phrase in sorted(found, key=lambda one: (-one[0], one[1].start, one[1].end)):
            words = " ".join(text[phrase.start : phrase.end].split())
            if words in said or any(phrase.start < one.end and one.start < phrase.end for one in taken):
                continue
            taken.append(phrase)
            said.add(words)
            yield Prediction(
                entity, part.scorer.labels[column], words, probability, float(part.thresholds[column]),
                phrase.sentence, phrase.other, phrase.kind, None, phrase,
                next(iter(texts.get((entity, phrase.start, phrase.end), ())), None),
            )  # fmt: skip


def text_tokens(phrases: Sequence[TextObjectCandidate], heads: Sequence[int]) -> Places:
    """The three tokens of each text object whose states are read: of the mention, of the text, and what governs it."""
    found = [(one.mention.head, one.head, heads[one.head]) for one in phrases]
    return np.array(found, dtype=np.int64).reshape(-1, 3)


def text_spans(phrases: Sequence[TextObjectCandidate]) -> Places:
    """The tokens of each text object, and the slot by which the mean over them is read."""
    return np.array([(*one.tokens, TOKENS) for one in phrases], dtype=np.int64).reshape(-1, 3)


def _trusted_texts(reading: DocumentAnalysis, labels: Sequence[str]) -> dict[tuple[str, int, int], list[PatternMatch]]:
    """The matches of trusted rules whose object is a text, by entity and characters of the text."""
    found: dict[tuple[str, int, int], list[PatternMatch]] = {}
    for match in reading.matches:
        if match.object_spot is None and match.rule in reading.trust and match.predicate in labels:
            place = chars(reading.view, match.object_start, match.object_end)
            found.setdefault((match.subject, *place), []).append(match)
    return found


def _one_relation_a_phrase(predictions: list[Prediction]) -> Iterator[Prediction]:
    """What is the reason of a listing is not said again as a wrongdoing of the same entity."""
    reasons = [one for one in predictions if one.predicate == "listed_for" and one.accepted]
    for prediction in predictions:
        if prediction.predicate == "implicated_in" and any(
            prediction.subject == one.subject
            and prediction.phrase is not None
            and one.phrase is not None
            and prediction.phrase.start < one.phrase.end
            and one.phrase.start < prediction.phrase.end
            for one in reasons
        ):
            continue
        yield prediction


def _annexed(reading: DocumentAnalysis) -> Iterator[Prediction]:
    """What identifying information states in so many words."""
    view = reading.view
    for entry in reading.annex:
        span = view.doc.char_span(entry.start, entry.end, alignment_mode="expand")
        if span is None:
            continue
        sentence = view.sentence_of[span.start]
        subject = entry.subject
        if entry.object is not None:
            yield Prediction(
                subject.entity, entry.key, entry.object.entity, ANNEX_TRUST, 0.5, sentence, None, "annex",
                PairCandidate(subject, entry.object, sentence, (), None, "annex"),
            )  # fmt: skip
        elif entry.key == "also_known_as":
            words = " ".join(entry.value.split())
            if name_key(words) == name_key(view.entities[subject.entity].name):
                continue
            phrase = TextObjectCandidate(subject, entry.start, entry.end, sentence, (), "annex")
            yield Prediction(subject.entity, entry.key, words, ANNEX_TRUST, 0.5, sentence, None, "annex", None, phrase)


def _outside_records(predictions: Sequence[Prediction], reading: DocumentAnalysis) -> Iterator[Prediction]:
    """The predictions whose sentences do not lie in the fields of a record: what stands there is read as a record."""
    closed = record_sentences(reading.view)
    removed = {fact.subject.entity for fact in reading.record_facts if fact.key == "delisted_by"}
    for prediction in predictions:
        if prediction.subject in removed and prediction.predicate in _LISTED and prediction.probability < _SURE:
            continue  # what the list takes off was on it before
        if prediction.sentence not in closed and (prediction.other is None or prediction.other not in closed):
            yield prediction


def _recorded(reading: DocumentAnalysis) -> Iterator[Prediction]:
    """What records state."""
    view = reading.view
    for fact in reading.record_facts:
        if fact.object is None and fact.key != "also_known_as":
            continue
        sentence = view.sentence_of[fact.subject.start]
        believed = trust().get(fact.rule, ANNEX_TRUST)
        if fact.object is not None:
            subject, object_ = fact.subject.entity, fact.object.entity
            if fact.key in SYMMETRIC and object_ < subject:
                subject, object_ = object_, subject
            pair = PairCandidate(fact.subject, fact.object, sentence, (), None, "record")
            yield Prediction(subject, fact.key, object_, believed, 0.5, sentence, None, "record", pair, record=fact)
        else:
            phrase = TextObjectCandidate(fact.subject, fact.start, fact.end, sentence, (), "record")
            yield Prediction(
                fact.subject.entity,
                fact.key,
                fact.value,
                believed,
                0.5,
                sentence,
                None,
                "record",
                None,
                phrase,
                None,
                fact,
            )


def load_classifier(path: Path) -> CalibratedClassifier:
    """One fitted part, with its thresholds and calibration."""
    with np.load(path, allow_pickle=False) as stored:
        return _part(stored)


def _part(stored: Any) -> CalibratedClassifier:
    return CalibratedClassifier(
        unpack(stored),
        stored["thresholds"].astype(np.float32),
        stored["calibration_knots"].astype(np.float32),
        stored["values"].astype(np.float32),
    )


def pipeline_digest() -> str:
    """What tells the packaged pipeline's weights from others: the scorers read its states and fit no other."""
    return hashlib.sha256((MODEL / "weights.npz").read_bytes()).hexdigest()[:16]


@lru_cache(maxsize=1)
def load_predictor(folder: Path = WEIGHTS) -> RelationPredictor:
    """The packaged scorers, loaded once; raises KgError where they do not fit the packaged pipeline."""
    with np.load(folder / "pairs.npz", allow_pickle=False) as stored:
        fitted_on = str(stored["pipeline"])
        rule_precision = dict(zip(map(str, stored["rules"]), map(float, stored["worths"]), strict=True))
        second = Reranker(tuple(map(str, stored["labels"])), stored["second"].astype(np.float64), rule_precision)
    if fitted_on != pipeline_digest():
        raise KgError(
            "the relation scorers were fitted on another pipeline than the packaged one",
            place=str(folder),
            hint="run `make train`, or install anew",
        )
    return RelationPredictor(
        load_classifier(folder / "pairs.npz"),
        load_classifier(folder / "text_objects.npz"),
        load_classifier(folder / "aliases.npz"),
        second,
    )
