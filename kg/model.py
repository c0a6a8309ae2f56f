"""Values passed between the steps: frozen, with no behaviour beyond their own checks.

Offsets (`start`, `end`) are half-open character offsets into `Document.text` as read. Dates are strings of
the precision that the source gives: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

#: Relations that read the same either way round.
SYMMETRIC: Final = frozenset({"spouse_of", "sibling_of", "relative_of", "associated_with", "meets"})


class EntityType(StrEnum):
    """The ten types of the guidelines; the value is the local name of the class in the ontology."""

    PERSON = "Person"
    COMPANY = "Company"
    GOVERNMENT_BODY = "GovernmentBody"
    ORGANIZATION = "Organization"
    COUNTRY = "Country"
    PLACE = "Place"
    VESSEL = "Vessel"
    AIRCRAFT = "Aircraft"
    LIST = "List"
    LEGAL_INSTRUMENT = "LegalInstrument"


class Status(StrEnum):
    """How a text presents a relation."""

    ASSERTED = "asserted"
    ALLEGED = "alleged"
    DENIED = "denied"
    PLANNED = "planned"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Document:
    """A text as read, with what is known of it from outside.

    `id` is the file's stem or the record's own id and names the document across builds; `source` is the path
    or URL it was read from; `date` the day it was published, if known; `meta` further pairs (publisher, kind)
    in sorted order.
    """

    id: str
    text: str
    title: str = ""
    date: str | None = None
    url: str | None = None
    source: str = ""
    meta: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """One place in the text where an entity is spoken of.

    `kind` is `name`, `short` (a later, shorter form), `alias`, `pronoun`, `nominal` ("the company") or `group`
    ("these entities"); `sieve` names the step of coreference that linked it.
    """

    start: int
    end: int
    text: str
    kind: str = "name"
    sieve: str = "name"


@dataclass(frozen=True, slots=True)
class Entity:
    """One real-world thing within one source.

    `id` is unique within its source only ("e1", or the entry number of a list). `name` is the fullest proper
    name, `names` every distinct proper form with it, and `attributes` are sorted (key, value) pairs such as
    ("birth_date", "1961-04-02") or ("imo", "9187629"); the keys are properties of the ontology.
    """

    id: str
    type: EntityType
    name: str
    names: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that prove a claim: `text == document.text[start:end]`, always."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that decided a part of a claim: `role` is trigger, time, negation, modality, claimant or quantity."""

    role: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """That a document (or a claimant in it) says: subject, predicate, object.

    `subject`, `claimant` and, unless `object_text` is set, `object` are ids of entities of the same source.
    `percent` is a stake in 0..100, with `percent_min` and `percent_max` where words give a range only
    ("majority" is 50 to 100, the lower bound excluded). `amount` is a sum with its currency as written.
    `confidence` is the estimated probability that the claim is what the text says (0..1). `rule` names the
    construction that produced it.
    """

    subject: str
    predicate: str
    object: str
    evidence: Evidence
    object_text: bool = False
    status: Status = Status.ASSERTED
    date: str | None = None
    date_end: str | None = None
    claimant: str | None = None
    percent: float | None = None
    percent_min: float | None = None
    percent_max: float | None = None
    amount: str | None = None
    confidence: float = 1.0
    rule: str = ""
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one document says: its entities and claims, in the order of the text, and what was not believed.

    `rejected` holds candidates below the threshold, each with the reason, where they were asked for.
    """

    document: Document
    entities: tuple[Entity, ...] = ()
    claims: tuple[Claim, ...] = ()
    rejected: tuple[tuple[Claim, str], ...] = field(default=())
