"""Journal of a build, on disk beside the store: a build cut at any point resumes where it stopped.

One SQLite file: for each document its IRI, the mark of its reading, its N-Quads (packed) and how many claims they
hold. A document is in it whole or not at all. Once the store has everything the file is removed.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from kg.errors import StoreBusy, StoreError


@dataclass(frozen=True, slots=True)
class Entry:
    """One document as read: `quads` are its packed N-Quads, `reading` tells this reading from another."""

    iri: str
    reading: str
    quads: bytes
    claims: int
    words: int

    def lines(self) -> bytes:
        """The N-Quads themselves."""
        return zlib.decompress(self.quads)


def packed(quads: Iterable[Quad]) -> bytes:
    """Quads as packed N-Quads."""
    written = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS) or b""
    return zlib.compress(written, 1)


def unpacked(data: bytes) -> Iterator[Quad]:
    """The quads of packed N-Quads."""
    return iter(pyoxigraph.parse(zlib.decompress(data), format=RdfFormat.N_QUADS))


class Totals(NamedTuple):
    """Counts over the documents of a build; `size` is the bytes of their packed quads."""

    documents: int
    claims: int
    words: int
    size: int


class Journal(AbstractContextManager["Journal"]):
    """The journal of one store; a second build that would write it at the same time is refused."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._base = sqlite3.connect(path, timeout=0.2, isolation_level=None)
            self._base.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = NORMAL")
            self._base.execute(
                "CREATE TABLE IF NOT EXISTS read_documents"
                " (iri TEXT PRIMARY KEY, reading TEXT, quads BLOB, claims INTEGER, words INTEGER) WITHOUT ROWID"
            )
            self._base.execute("CREATE TEMP TABLE wanted (iri TEXT PRIMARY KEY) WITHOUT ROWID")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise StoreBusy(
                    "another build is writing here", place=str(path), hint="wait until it is done"
                ) from None
            raise StoreError(f"cannot be opened: {error}", place=str(path)) from error
        except sqlite3.DatabaseError as error:
            raise StoreError(f"is no journal of a build: {error}", place=str(path), hint="remove it") from error

    def has(self, iri: str, reading: str) -> bool:
        """Whether the journal holds this reading of a document."""
        found = self._base.execute("SELECT reading FROM read_documents WHERE iri = ?", (iri,)).fetchone()
        return found is not None and found[0] == reading

    def want(self, iri: str) -> None:
        """Mark a document as one of this build; what other builds left is not taken over."""
        self._base.execute("INSERT OR IGNORE INTO wanted VALUES (?)", (iri,))

    def add(self, entries: Iterable[Entry]) -> None:
        """Keep documents that were read: all or none."""
        self._base.execute("BEGIN")
        self._base.executemany(
            "INSERT OR REPLACE INTO read_documents VALUES (?, ?, ?, ?, ?)",
            [(one.iri, one.reading, one.quads, one.claims, one.words) for one in entries],
        )
        self._base.execute("COMMIT")

    def entries(self) -> Iterator[Entry]:
        """The documents of this build that were read anew, in the order of their IRIs."""
        rows = self._base.execute(
            "SELECT iri, reading, quads, claims, words FROM read_documents NATURAL JOIN wanted ORDER BY iri"
        )
        for row in rows:
            yield Entry(*row)

    def totals(self) -> Totals:
        """How much of this build was read anew."""
        row = self._base.execute(
            "SELECT count(*), coalesce(sum(claims), 0), coalesce(sum(words), 0), coalesce(sum(length(quads)), 0)"
            " FROM read_documents NATURAL JOIN wanted"
        ).fetchone()
        return Totals(*row)

    def discard(self) -> None:
        """Remove the journal: the store has it all."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Release the file; kept entries stay. Safe to call twice."""
        self._base.close()

    def __exit__(self, *_: object) -> None:
        self.close()
