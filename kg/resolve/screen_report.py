"""The answers for a file of names: one row or more for every row of the file, in a table that can be gone on with.

Each row of the file is answered: matched, not matched, or not screened and why. The output is written row by row, so
that a run that was killed goes on after the last row that is whole.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from kg.errors import SourceError
from kg.resolve.customers import Customer
from kg.resolve.screening import Match, Screener

HEADER: Final = (
    "row", "reference", "asked", "result", "note", "score", "entity", "listed name", "alias", "type", "source", "lists",
    "list id", "birth dates", "countries", "identifiers", "programmes", "measures", "since", "until", "edition", "why",
)  # fmt: skip
_EMPTY: Final = dict.fromkeys(HEADER, "")
_SHOWN: Final = 200  # characters of a row that cannot be screened
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is found for one row: `result` is match, no match or not screened, `note` why or what was not understood."""

    row: int
    reference: str
    asked: str
    result: str
    note: str
    matches: list[Match]


@dataclass(slots=True)
class Counts:
    """How many rows of the file were matched, not matched, and not screened."""

    matched: int = 0
    unmatched: int = 0
    not_screened: int = 0
    resumed: int = 0

    def __str__(self) -> str:
        """The counts in one line."""
        before = f"; {self.resumed} rows were answered before" if self.resumed else ""
        total = self.matched + self.unmatched + self.not_screened
        return (
            f"{total} rows: {self.matched} with a match, {self.unmatched} without, "
            f"{self.not_screened} not screened{before}"
        )


class Writer:
    """Answers the rows of a file, counts them, and writes them."""

    def __init__(self, screener: Screener, *, threshold: float, limit: int) -> None:
        self._screener = screener
        self._threshold = threshold
        self._limit = limit
        self.counts = Counts()

    def answer(self, customer: Customer) -> Answer:
        """Return what is found for a row, and count it."""
        asked = customer.query.name if customer.query else customer.text[:_SHOWN]
        if customer.query is None:
            self.counts.not_screened += 1
            return Answer(customer.number, customer.reference, asked, "not screened", customer.problem, [])
        matches = self._screener.screen(customer.query, threshold=self._threshold, limit=self._limit)
        self.counts.matched += bool(matches)
        self.counts.unmatched += not matches
        result = "match" if matches else "no match"
        return Answer(customer.number, customer.reference, asked, result, customer.note, matches)

    def rows(self, customer: Customer) -> Iterator[dict[str, str]]:
        """Yield the answer as rows of the table: one for each match, or one that tells why there is none."""
        yield from answer_rows(self.answer(customer))

    def write(self, customers: Iterable[Customer], path: Path, form: str, *, resume: bool) -> None:
        """Write the answers to the file; with `resume`, after the last whole row that stands there.

        Raises SourceError where the file cannot be written, or stands there and is not to be gone on with.
        """
        if path.exists() and not resume:
            raise SourceError("it exists already", place=str(path), hint="go on with --resume, or give another name")
        done = _cut(path, form) if resume and path.exists() else 0
        try:
            with path.open("a", encoding="utf-8", newline="") as file:
                self._append(customers, file, form, done)
        except OSError as error:
            raise SourceError(error.strerror or "cannot be written", place=str(path), hint="check the path") from error

    def _append(self, customers: Iterable[Customer], file: IO[str], form: str, done: int) -> None:
        lines = csv.DictWriter(file, HEADER, lineterminator="\n")
        if form == "csv" and not done:
            lines.writeheader()
        for customer in customers:
            if customer.number <= done:
                self.counts.resumed += 1
                continue
            for row in self.rows(customer):
                if form == "csv":
                    lines.writerow({key: _guarded(value) for key, value in row.items()})
                else:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()


def _guarded(cell: str) -> str:
    """No spreadsheet takes the cell for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _cut(path: Path, form: str) -> int:
    """Cut the file after its last row that is surely whole; gives that row's number, 0 for none.

    The last row that begins may lack some of its matches: it is answered again.
    """
    try:
        text = path.read_text("utf-8", errors="strict") if path.stat().st_size else ""
    except (OSError, UnicodeDecodeError):
        text = path.read_bytes().decode("utf-8", "ignore")
    whole = text[: text.rfind("\n") + 1]
    starts = list(_starts(whole, form))
    numbers = sorted({number for _, number in starts})
    if len(numbers) < 2:
        path.write_text("", "utf-8")
        return 0
    last = numbers[-1]
    end = next(at for at, number in starts if number == last)
    path.write_text(whole[:end], "utf-8", newline="")
    return numbers[-2]


def _starts(text: str, form: str) -> Iterator[tuple[int, int]]:
    """Where each record of the output begins, and the row of the input that it answers."""
    at = 0
    lines = text.splitlines(keepends=True)
    held = ""
    for line in lines:
        held += line
        if form == "csv" and held.count('"') % 2:
            continue
        cell = next(csv.reader([held]), [""])[0] if form == "csv" else _row_of(held)
        if cell.isdigit():
            yield at, int(cell)
        at += len(held)
        held = ""


def _row_of(line: str) -> str:
    try:
        return str(json.loads(line).get("row", ""))
    except (ValueError, AttributeError):
        return ""


def answer_rows(answer: Answer) -> Iterator[dict[str, str]]:
    """Yield the answer as rows of the table, every column filled."""
    start = {
        **_EMPTY,
        "row": str(answer.row),
        "reference": answer.reference,
        "asked": answer.asked,
        "note": answer.note,
    }
    if not answer.matches:
        yield {**start, "result": answer.result}
    for match in answer.matches:
        yield {**start, "result": answer.result, **_columns(match)}


def _columns(match: Match) -> dict[str, str]:
    listings = match.listings
    return {
        "score": f"{match.score:.2f}",
        "entity": match.node,
        "listed name": match.name,
        "alias": match.alias,
        "type": match.type,
        "source": match.entry.source,
        "lists": "; ".join(dict.fromkeys(map(str, listings))),
        "list id": match.entry.number,
        "birth dates": "; ".join(match.entry.birth_dates),
        "countries": "; ".join(match.entry.countries),
        "identifiers": "; ".join(f"{scheme} {value}" for scheme, value in match.entry.identifiers),
        "programmes": "; ".join(sorted({code for item in listings for code in item.programmes})),
        "measures": "; ".join(match.entry.measures),
        "since": min((item.since for item in listings if item.since), default=""),
        "until": "" if any(not item.until for item in listings) else max((item.until for item in listings), default=""),
        "edition": match.entry.edition,
        "why": "; ".join(match.reasons),
    }
