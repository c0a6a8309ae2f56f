"""Rows of the named questions as a table with quotations, as JSON or as CSV."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kg.cli.options import Shape, natural
from kg.cli.terminal import Table, counted, csv_text, emit, json_text, say
from kg.errors import one_line
from kg.queries import ClaimRow

_PROOF_HEADER: Final = ("claim", "status", "confidence", "quotation", "document", "start", "end", "row")


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

    def shaped(self, shape: Shape) -> Shown:
        """The same with the lines sorted and limited, and the columns that were asked for; raises BadParameter."""
        lines = list(self.lines)
        for name in reversed(shape.sort):
            at = shape.column(name.removeprefix("-"), self.header)
            lines.sort(key=lambda line: natural(line.cells[at]), reverse=name.startswith("-"))
        left = 0 if shape.limit is None else max(0, len(lines) - shape.limit)
        picked = [shape.column(name, self.header) for name in shape.columns] or range(len(self.header))
        return replace(
            self,
            header=tuple(self.header[at] for at in picked),
            lines=[replace(line, cells=tuple(line.cells[at] for at in picked)) for line in lines[: shape.limit]],
            after=(*self.after, *((f"{counted(left, 'more row')}: raise --limit",) if left else ())),
        )

    def write(self, format_: str, shape: Shape) -> None:
        """Write the whole to standard output as `table`, `json` or `csv`."""
        made = self.shaped(shape)
        if format_ == "json":
            rows = [plain(line.row) for line in made.lines]
            say(json_text({**made.extra, "rows": rows} if made.extra else rows, indent=2))
        elif format_ == "csv":
            emit(csv_text((*made.header, *_PROOF_HEADER), made._proofs()))
        else:
            for line in made._table():
                say(line)

    def _table(self) -> Iterator[str]:
        if self.title:
            yield one_line(self.title)
        if not self.lines:
            yield "(nothing)"
        else:
            by_cells = iter(self.lines)
            made = Table(self.header, (line.cells for line in self.lines))
            seen: set[str] = set()
            for text, is_row in made.with_rows():
                yield text
                if is_row:
                    fresh = [quote for quote in quotations(next(by_cells).claims) if quote not in seen]
                    seen.update(fresh)
                    yield from fresh
            if made.cut:
                yield made.note("--format json")
        yield from map(one_line, self.after)

    def _proofs(self) -> Iterator[tuple[object, ...]]:
        for line in self.lines:
            proofs: list[tuple[object, ...]] = [
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
            for proof in proofs or [("",) * len(_PROOF_HEADER)]:
                yield (*line.cells, *proof)


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
