"""Extractor: documents -> entities and claims, each claim with the words that prove it. Nothing here knows RDF.

document -> annotated Doc -> candidates (`kg.extraction.candidates`) -> probabilities (`kg.extraction.scoring`) -> for
each triple its best place -> status, claimant, date, quantities read there -> claims.

What falls below a relation's threshold is kept apart as rejected, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import KgError
from kg.extraction.acceptance import AcceptanceChecks
from kg.extraction.as_read import as_read
from kg.extraction.candidates.generate import DocumentAnalysis, analyse
from kg.extraction.chunking import merge_extractions, split_document
from kg.extraction.claim_builder import ClaimBuilder
from kg.extraction.events.listing_link import LISTINGS
from kg.extraction.events.record_facts import ATTRIBUTES, RecordFact
from kg.extraction.mention_spans import NAMES
from kg.extraction.patterns.rule_loader import load_rules
from kg.extraction.patterns.rules import RuleSet
from kg.extraction.scoring.predict import RelationPredictor, load_predictor
from kg.model import Claim, Document, Entity, EntityType, Extraction, Mention
from kg.nlp.doc_arrays import chars, starts_of, written
from kg.nlp.external import Foreign
from kg.nlp.pipeline import load_pipeline
from kg.nlp.temporal import TimeExpression
from kg.resources import ontology

_AT_ONCE: Final = 600_000  # characters that are annotated at a time: some 0.4 GB
_SHOWN: Final = 0.1  # candidates less likely than this are not even listed as rejected


class DocumentReader(Protocol):
    """Whatever reads documents: the packaged extractor, or a back-end in its place."""

    def many(self, documents: Iterable[Document], *, batch: int = 16, rejected: bool = False) -> Iterator[Extraction]:
        """What each document says, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class Extractor:
    """A loaded pipeline, the rules and the scorers: all that stays the same from document to document."""

    nlp: Language
    rules: RuleSet
    predictor: RelationPredictor

    def many(self, documents: Iterable[Document], *, batch: int = 16, rejected: bool = False) -> Iterator[Extraction]:
        """What each document says, in their order; `batch` documents are annotated at a time.

        With `rejected`, what was seen and not believed is kept too.
        """
        pairs = ((part.text, (part, more)) for document in documents for part, more in split_document(document))
        found: list[Extraction] = []
        for group in _groups(pairs, batch):
            for doc, (part, more) in self.nlp.pipe(group, as_tuples=True, batch_size=batch):
                found.append(self.one(doc, part, rejected=rejected))
                if not more:
                    yield merge_extractions(found)
                    found = []

    def one(self, doc: Doc, document: Document, *, rejected: bool = False) -> Extraction:
        """What an annotated document says."""
        reading = analyse(doc, self.rules)
        judge = ClaimBuilder(reading, document.date)
        checks = AcceptanceChecks(reading, judge)
        claims: list[Claim] = []
        doubted: list[tuple[Claim, str]] = []
        for prediction in self.predictor.predict(reading, floor=_SHOWN):
            if not prediction.accepted and not rejected:
                continue
            claim, withheld = judge.claim(prediction), checks.doubt(prediction)
            if prediction.record is None and prediction.predicate in LISTINGS:
                claim = checks.links.settled(claim)
            if prediction.accepted and not withheld:
                claims += [claim, *judge.further(prediction, claim)]
            elif rejected:
                doubt = f"confidence {claim.confidence:.2f} is below {prediction.threshold:.2f}"
                doubted.append((claim, withheld if prediction.accepted else doubt))
        found = Extraction(
            document=document,
            entities=tuple(_entities(doc, reading, judge.whens)),
            claims=tuple(sorted(claims, key=_order)),
            rejected=tuple(sorted(doubted, key=lambda pair: _order(pair[0]))),
        )
        return as_read(found, doc._.running)


def extract(
    documents: Iterable[Document],
    *,
    model: str | None = None,
    rejected: bool = False,
    extractor: DocumentReader | None = None,
) -> Iterator[Extraction]:
    """What each document says. `model` names an installed spaCy pipeline to use in place of the packaged one,
    `extractor` another back-end altogether.

    With `rejected`, each `Extraction` also holds what was seen and not believed, with the reason.
    """
    yield from (extractor or load_extractor(model)).many(documents, rejected=rejected)


@lru_cache(maxsize=2)
def load_extractor(model: str | None = None) -> Extractor:
    """The extractor with the packaged pipeline, or with the installed one named `model`; loaded once.

    Raises KgError where `load_pipeline` does, and where the named one gives no trees.
    """
    nlp = load_pipeline(model)
    for _, part in nlp.pipeline:
        if isinstance(part, Foreign) and (lack := part.missing()):
            raise KgError(f"the spaCy pipeline {model!r} has no {lack}", hint="relations are read off trees")
    return Extractor(nlp, load_rules(ontology() / "relations"), load_predictor())


_Pair = tuple[str, tuple[Document, bool]]


def _groups(pairs: Iterable[_Pair], most: int) -> Iterator[list[_Pair]]:
    """Texts that are annotated together: so many, and no more than fill the memory that a batch may take."""
    group: list[_Pair] = []
    size = 0
    for pair in pairs:
        if group and (len(group) == most or size + len(pair[0]) > _AT_ONCE):
            yield group
            group, size = [], 0
        group.append(pair)
        size += len(pair[0])
    if group:
        yield group


def _dated(doc: Doc, whens: list[TimeExpression], fact: RecordFact) -> str:
    """The value of an attribute, a date as one."""
    if not fact.key.endswith("_date"):
        return fact.value
    starts = starts_of(doc)
    found = [when.value for when in whens if fact.end - len(fact.value) <= starts[when.start] < fact.end]
    return found[0] if found else fact.value


def _order(claim: Claim) -> tuple[int, int, str, str, str, bool]:
    return (
        claim.evidence.start,
        claim.evidence.end,
        claim.subject,
        claim.predicate,
        claim.object,
        claim.object_text,
    )


def _entities(doc: Doc, reading: DocumentAnalysis, whens: list[TimeExpression]) -> Iterator[Entity]:
    attributes: dict[str, set[tuple[str, str]]] = {}
    for entry in reading.annex:
        if entry.object is None and entry.key != "also_known_as":
            value = " ".join(entry.value.split())
            if entry.key.endswith("_date"):
                dates = [when.value for when in whens if entry.start <= starts_of(doc)[when.start] < entry.end]
                value = dates[0] if dates else value
            attributes.setdefault(entry.subject.entity, set()).add((entry.key, value))
    for fact in reading.record_facts:
        if fact.object is None and fact.key in ATTRIBUTES:
            attributes.setdefault(fact.subject.entity, set()).add((fact.key, _dated(doc, whens, fact)))
    for number, cluster in enumerate(reading.clusters, start=1):
        if cluster.members:
            continue
        mentions = tuple(
            Mention(*chars(doc, span.start, span.end), written(doc, span.start, span.end), span.kind, span.sieve)
            for span in cluster.spans
        )
        name = " ".join(cluster.name.split())
        names = dict.fromkeys([name, *(" ".join(one.text.split()) for one in mentions if one.kind in NAMES)])
        yield Entity(
            f"e{number}",
            EntityType(cluster.type),
            name,
            tuple(names),
            mentions,
            tuple(sorted(attributes.get(f"e{number}", ()))),
        )
