"""Rows of the named questions: frozen, each with the claims behind it and their quotations."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """An entity as people see it: the IRI that stands for its whole cluster, its name and its class.

    A text in the place of an entity has an empty `iri` and `kind`.
    """

    iri: str
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Quotation:
    """The words that prove a claim, what stands before and after them, and where they stand.

    `start` and `end` are character offsets into the document, None for a row of a list (`row`, counted from 1).
    """

    text: str
    document: str
    title: str = ""
    published: str = ""
    source: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None
    row: int | None = None

    @property
    def place(self) -> str:
        """Where the words stand, for people: title or IRI, and offsets or row."""
        where = self.title or self.source or self.document
        if self.row is not None:
            return f"{where}, row {self.row}"
        return where if self.start is None else f"{where}, characters {self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim with everything that stands on it.

    `since` is the claim's own date, else the day of its document; `date` only the former. Shares are 0..100. `cues` are
    the words that show how the source presents it, with their role (negation, modality, ended, claimant).
    """

    iri: str
    subject: Node
    predicate: str
    object: Node
    status: str
    quotations: tuple[Quotation, ...]
    claimant: Node | None = None
    date: str = ""
    date_end: str = ""
    percent: float | None = None
    percent_min: float | None = None
    percent_max: float | None = None
    amount: str = ""
    confidence: float = 1.0
    rule: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    cues: tuple[tuple[str, str], ...] = ()
    document: str = ""
    published: str = ""
    percent_bounds: str = ""
    first_seen: str = ""
    first_edition: str = ""

    @property
    def since(self) -> str:
        """The date from which the claim counts; empty when nothing is dated.

        Its own date; else, for a list, the first edition that holds it; else the day of its document.
        """
        return self.date or self.first_seen or self.published

    @property
    def dated_by(self) -> str:
        """What `since` is: the day of the `act`, the `edition` in which it is first seen, the `document`; or empty."""
        if self.date:
            return "act"
        return "edition" if self.first_seen else "document" if self.published else ""

    @property
    def from_list(self) -> bool:
        """Whether an imported list makes the claim."""
        return self.rule.startswith("list:")


@dataclass(frozen=True, slots=True)
class Found:
    """What a name leads to: the best fitting entity, the nodes of its cluster, and others that go by the name."""

    entity: Node
    members: tuple[str, ...]
    others: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """That an authority put an entity under sanctions; `delisted` is the date of the end, where one is told."""

    entity: Node
    authority: Node | None
    lists: tuple[Node, ...]
    instruments: tuple[Node, ...]
    reasons: tuple[str, ...]
    date: str
    delisted: str
    status: str
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entity (or text) some steps away, and the claims that lead to it from a nearer one."""

    distance: int
    node: Node
    predicate: str
    outward: bool
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One hop of a path: from `start` to `end` by claims in either direction; `strength` is 0..1."""

    start: Node
    end: Node
    strength: float
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of hops between two entities; `cost` is its hops plus a tenth of the doubt in each."""

    cost: float
    steps: tuple[Step, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The entities along the path, both ends included."""
        return (self.steps[0].start, *(step.end for step in self.steps))


@dataclass(frozen=True, slots=True)
class Role:
    """A post or membership of a person."""

    person: Node
    predicate: str
    body: Node
    since: str
    until: str
    status: str
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an entity: a claim about it that began or ended on a date."""

    date: str
    what: str
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Claims that cannot both hold: `kind` is denied, ended, delisted or share."""

    kind: str
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What became so, or ceased to be, between two dates: `what` is began, first seen or ended."""

    date: str
    what: str
    claims: tuple[ClaimRow, ...]
