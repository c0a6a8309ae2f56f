"""Rows of the named questions as a table with quotations, as JSON or as CSV."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.cells import cell_len

from kg.errors import one_line
from kg.queries import ClaimRow


@dataclass(frozen=True, slots=True)
class Line:
    """One row for people: its cells, the claims that prove it, and the row itself for JSON."""

    cells: tuple[str, ...]
    claims: tuple[ClaimRow, ...]
    row: Any


@dataclass(frozen=True, slots=True)
class Shown:
    """What a command prints: a title line, column names, lines, and lines of text after them."""

    header: tuple[str, ...]
    lines: Sequence[Line]
    title: str = ""
    after: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def written(self, format_: str) -> str:
        """The whole in the form `table`, `json` or `csv`."""
        return {"json": self._json, "csv": self._csv}.get(format_, self._table)()

    def _table(self) -> str:
        cells = [tuple(map(one_line, line.cells)) for line in self.lines]
        widths = [max(map(cell_len, column)) for column in zip(self.header, *cells, strict=True)]

        def aligned(row: Iterable[str]) -> str:
            return "  ".join(
                cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
            ).rstrip()

        out = [one_line(self.title)] if self.title else []
        if self.lines:
            out += [aligned(self.header), aligned("-" * width for width in widths)]
        else:
            out.append("(nothing)")
        for line, row in zip(self.lines, cells, strict=True):
            out.append(aligned(row))
            out += quotations(line.claims)
        return "\n".join([*out, *map(one_line, self.after)])

    def _json(self) -> str:
        rows = [plain(line.row) for line in self.lines]
        return json.dumps({**self.extra, "rows": rows} if self.extra else rows, ensure_ascii=False, indent=2)

    def _csv(self) -> str:
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow((*self.header, "claim", "status", "confidence", "quotation", "document", "start", "end", "row"))
        for line in self.lines:
            proofs = [
                (
                    claim.iri,
                    claim.status,
                    f"{claim.confidence:g}",
                    quote.text,
                    quote.document,
                    quote.start,
                    quote.end,
                    quote.row,
                )
                for claim in line.claims
                for quote in claim.quotations
            ]
            for proof in proofs or [("", "", "", "", "", None, None, None)]:
                writer.writerow((*line.cells, *("" if value is None else value for value in proof)))
        return out.getvalue().removesuffix("\r\n")


def quotations(claims: Iterable[ClaimRow]) -> list[str]:
    """One indented line for each quotation of the claims, each once: the words, where they stand, the claim."""
    lines = []
    for claim in claims:
        for quote in claim.quotations:
            said = f", {claim.claimant.name} said" if claim.claimant else ""
            lines.append(one_line(f"    “{quote.text}” ({quote.place}{said}; claim {claim.iri.rpartition('/')[2]})"))
    return list(dict.fromkeys(lines))


def plain(value: Any) -> Any:
    """Dataclasses as dicts, sets as sorted lists, everything else as it is."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value
