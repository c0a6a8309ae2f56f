"""Output of every importer: one entry of an official list, its listings and facts, and the row that proves each.

In: nothing; this is the common form between the publishers' modules and `to_rdf`. Dates are strings of the precision
of the source (`YYYY`, `YYYY-MM`, `YYYY-MM-DD`). `Importer` is what a publisher's module offers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from kg.errors import SourceError
from kg.model import EntityType


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a source file: `number` counts records from 1, `text` is what stands there."""

    file: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Another entry of the same list, by the list's own number."""

    entry: str


@dataclass(frozen=True, slots=True)
class Named:
    """A thing known by its name alone: a country, a place, an authority, an instrument."""

    type: EntityType
    name: str


Target = Listed | Named | str


@dataclass(frozen=True, slots=True)
class Fact:
    """One relation that a row states about its entry.

    `subject` is another entry than the row's own where a record links two (FollowTheMoney's edges). `qualifiers`
    are sorted (property, text) pairs put on the claim: `address`, `alias_quality`, `relation_text`, `role_text`.

    A stake is `percent`, or `percent_min` to `percent_max` with `percent_bounds` in interval notation (`[]`, `(]`,
    `[)`, `()`), as `kg.lists.shares` reads them; voting rights are `controlled_by` with a percent, not `owned_by`.
    `date` is what the source states and nothing else: never the day of the edition. `date_end` may lie ahead; `ended`
    is set only where the source says that it is over and tells no date (the writer ends what ended before the edition).
    `key` is the record's own id where one pair may have several records (FtM Ownership, BODS statements, PSC notices):
    each stays a claim of its own with its own dates.
    """

    predicate: str
    target: Target
    row: Row
    subject: str = ""
    date: str | None = None
    date_end: str | None = None
    ended: bool = False
    percent: float | None = None
    qualifiers: tuple[tuple[str, str], ...] = ()
    percent_min: float | None = None
    percent_max: float | None = None
    percent_bounds: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number or code given to an entity; `valid` is None where no check is known for the scheme."""

    scheme: str
    value: str
    label: str = ""
    issuer: str = ""
    issued: str | None = None
    expires: str | None = None
    valid: bool | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One designation: by whom, on which list, under which programme and law, from when until when.

    `subject` is set where a record of its own designates another entry (FollowTheMoney's Sanction). `date` is the day
    of the act as published, never that of the edition: the writer keeps `first_seen` apart. `ended` says that the
    source calls the listing over without a date. `measures` are what the list itself says that the designation brings
    with it, in its own words (OFAC's advanced XML, the UK list), which `ontology/reference/measures.yaml` knows; empty
    where it does not: the table of lists decides then. `authority` is the body's name in the table of authorities.
    """

    authority: str
    list: str
    programmes: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    date: str | None = None
    date_end: str | None = None
    reason: str = ""
    row: Row | None = None
    subject: str = ""
    key: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One listed entity with everything that its rows say.

    `names` are its further spellings without the main one; those that the list gives as aliases also stand among
    `facts` as `also_known_as`. `attributes` are (property, text) pairs.
    """

    id: str
    type: EntityType
    name: str
    row: Row
    names: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    listings: tuple[Listing, ...] = ()
    facts: tuple[Fact, ...] = ()


#: What an importer yields: an entry, or a relation or designation that stands in a record of its own.
Item = Entry | Fact | Listing


@dataclass(slots=True)
class Tally:
    """What an importer counts while it reads, for the report; the only thing here that changes.

    `read` is records a file, `skipped` records with the reason why they became nothing, `unresolved` the names of
    other entries that were not found, `empty` records that hold no value of their kind.
    """

    read: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    skipped: list[tuple[str, int, str]] = field(default_factory=list)
    empty: dict[str, int] = field(default_factory=dict)
    unresolved: list[tuple[str, int, str]] = field(default_factory=list)
    invalid: list[tuple[str, int, str]] = field(default_factory=list)
    version: str | None = None

    def count(self, what: str, number: int = 1) -> None:
        """Add to the count of entries, aliases, addresses, identifiers or whatever else is counted."""
        self.counts[what] = self.counts.get(what, 0) + number

    def saw(self, file: str) -> None:
        """One more record of `file` was read."""
        self.read[file] = self.read.get(file, 0) + 1

    def skip(self, row: Row, reason: str) -> None:
        """The record became nothing, for this reason."""
        self.skipped.append((row.file, row.number, reason))

    def leave_empty(self, what: str) -> None:
        """A record that holds only empty markers, such as an address without a street, a city or a country."""
        self.empty[what] = self.empty.get(what, 0) + 1


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one list of one publisher, ready to be read: `dataset` names its graph, `title` the list."""

    dataset: str
    title: str
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What the beginning of a file shows: enough to tell whose list it is, whatever the file is called.

    `root` is the name of the XML root, `columns` the first row of a table in lower case (of the first sheet of a
    workbook, or between commas, semicolons or tabs), `keys` the names before a colon in the first JSON objects.
    """

    path: Path
    root: str = ""
    columns: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()


class Importer(Protocol):
    """What the module of a publisher offers; a module that has these four is an importer."""

    #: What `kg import --list` prints: the list, its publisher and its form.
    TITLE: str

    def recognizes(self, head: Head) -> bool:
        """Whether a file that begins so is of this publisher and in this form."""

    def sources(self, files: Iterable[Path]) -> list[Source]:
        """The lists that the files make up; raises SourceError for files that make up none."""

    def entries(self, source: Source, tally: Tally) -> Iterator[Item]:
        """The entries, relations and designations of one list; what became nothing goes to `tally`."""


def single(files: Iterable[Path], dataset: str, title: str) -> list[Source]:
    """The one list that one file is; raises SourceError for more or fewer files than one."""
    paths = tuple(files)
    if len(paths) != 1:
        raise SourceError(
            f"{len(paths)} files where one belongs", place=dataset, hint="give one file of this list at a time"
        )
    return [Source(dataset, title, paths)]
