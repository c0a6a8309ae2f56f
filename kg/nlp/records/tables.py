"""Tables -> records: rows between bars or tabs under a head of known columns, and tables set one cell a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.nlp.records.model import Field, Record
from kg.nlp.records.names import party, trim, values
from kg.nlp.segmentation.blocks import mask
from kg.nlp.segmentation.labels import key_of, labels

Cell = tuple[int, int]
_RULE: Final = re.compile(r"[\s|:+=-]*")
_NUMBER: Final = re.compile(r"\W*\d{1,4}\W*")
_DATE: Final = re.compile(r"\s*\d{1,2}[./ ]\w{1,9}\.?[./ ]\d{4}\s*")
_PERSONAL: Final = frozenset({"birth_date", "born_in", "citizen_of", "gender", "birth"})


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table with the ranges of its cells."""

    start: int
    end: int
    cells: tuple[Cell, ...]


def tables(text: str) -> Iterator[Record]:
    """The records of all tables of a running text, in order."""
    clean = mask(text)
    head: list[str | None] = []
    group: list[Row] = []
    for row in [*rows(text), None]:
        if row is not None and (not group or _follows(text, group[-1], row)):
            group.append(row)
            continue
        if group:
            found, head = _read(text, clean, group, head)
            yield from found
        group = [row] if row is not None else []
    yield from _one_cell_a_line(text, clean)


def rows(text: str) -> Iterator[Row]:
    """The lines with cells between bars or tabs, without the rules between them."""
    for match in re.finditer(r"[^\n]+", text):
        line = match.group()
        mark = "\t" if "\t" in line.strip() else "|" if line.count("|") >= 2 else ""
        if not mark or (mark == "|" and _RULE.fullmatch(line)):
            continue
        start, end = match.span()
        if mark == "|":
            start += len(line) - len(line.lstrip().removeprefix("|"))
            end = match.start() + len(line.rstrip().removesuffix("|"))
        cells, at = [], start
        for place in [*(m.start() for m in re.compile(re.escape(mark)).finditer(text, start, end)), end]:
            cells.append((at, place))
            at = place + 1
        yield Row(match.start(), match.end(), tuple(cells))


def _follows(text: str, before: Row, row: Row) -> bool:
    """Whether two lines are rows of one table: nothing but a rule or an empty line between them."""
    return _RULE.fullmatch(text, before.end, row.start) is not None and text.count("\n", before.end, row.start) < 4


def _read(
    text: str, clean: str, group: Sequence[Row], before: list[str | None]
) -> tuple[list[Record], list[str | None]]:
    """The records of one table, and the head that the next one of as many columns may go on with."""
    columns = max(len(row.cells) for row in group)
    if columns == 2 and (sheet := _sheet(clean, group)):
        return sheet, []
    head: list[str | None] = [key_of(clean[a:b]) for a, b in group[0].cells]
    body = group[1:]
    if "name" not in head or sum(key is not None for key in head) < 2:
        head, body = before, group
    if "name" not in head:
        return [], []
    found = [record for row in body if (record := _record(clean, row, head)) is not None]
    return found, head


def _record(clean: str, row: Row, head: Sequence[str | None]) -> Record | None:
    name: Cell | None = None
    fields: list[Field] = []
    for key, (start, end) in zip(head, row.cells, strict=False):
        if key == "name" and name is None:
            name, more = party(clean, *trim(clean, start, end))
            fields += more
        elif key == "identity":
            fields += _identity(clean, start, end)
        elif key == "prose" or key is None:
            fields += [Field(key or "other", *trim(clean, start, end))]
        else:
            fields += values(clean, start, end, key)
    if name is None or name[0] >= name[1] or not any(char.isalpha() for char in clean[slice(*name)]):
        return None
    if name[1] - name[0] > 160:
        return None
    return Record("row", row.start, row.end, name, _kind(fields), tuple(f for f in fields if f.end > f.start))


def _kind(fields: Sequence[Field]) -> str:
    keys = {field.key for field in fields}
    return "Vessel" if keys & {"imo", "flagged_in"} else "Person" if keys & _PERSONAL else ""


def _identity(clean: str, start: int, end: int) -> Iterator[Field]:
    """The labelled values of a cell of identifying information; what bears no label is an address or a remark."""
    found = list(labels(clean, start, end)) if ":" in clean[start:end] else []
    if not found:
        yield Field("remark", *trim(clean, start, end))
        return
    if found[0].start > start:
        yield Field("remark", *trim(clean, start, found[0].start))
    for label, after in zip(found, [*found[1:], None], strict=True):
        stop = after.start if after else end
        semicolon = clean.find(";", label.end, stop)
        if label.key not in ("alias", "former", "located_in") and semicolon > 0:
            stop = semicolon
        yield from values(clean, label.end, stop, label.key)


def _sheet(clean: str, group: Sequence[Row]) -> list[Record]:
    """Records of a table of two columns whose first holds labels."""
    keys = [key_of(clean[slice(*row.cells[0])]) for row in group]
    if "name" not in keys or sum(key is not None for key in keys) < 0.6 * len(keys) or len(group) < 3:
        return []
    found: list[Record] = []
    starts = [k for k, key in enumerate(keys) if key == "name"]
    for at, after in zip(starts, [*starts[1:], len(group)], strict=True):
        part = group[at:after]
        name, fields = party(clean, *trim(clean, *part[0].cells[-1]))
        for row, key in zip(part[1:], keys[at + 1 : after], strict=True):
            fields += (
                values(clean, *row.cells[-1], key)
                if key and key != "prose"
                else [Field(key or "other", *trim(clean, *row.cells[-1]))]
            )
        if name[1] > name[0]:
            found.append(
                Record(
                    "row", part[0].start, part[-1].end, name, _kind(fields), tuple(f for f in fields if f.end > f.start)
                )
            )
    return found


def _one_cell_a_line(text: str, clean: str) -> Iterator[Record]:
    """Rows of a table whose cells stand one below the other: heads, then a number, a name, and what belongs to it."""
    lines = [m.span() for m in re.finditer(r"[^\n]+", clean) if m.group().strip()]
    keys = [key_of(clean[a:b]) if b - a < 60 else None for a, b in lines]
    at = 0
    while at < len(lines):
        head = at
        while head < len(lines) and keys[head] is not None:
            head += 1
        if head - at >= 2 and "name" in keys[at:head] and head < len(lines):
            stop = next(
                (k for k in range(head + 1, len(lines) - 1) if keys[k] and keys[k + 1] and "name" in keys[k : k + 3]),
                len(lines),
            )
            yield from _stacked(clean, lines[head:stop], [key for key in keys[at:head] if key])
            at = stop
        else:
            at = head + 1 if head == at else head


def _stacked(clean: str, lines: Sequence[Cell], head: Sequence[str]) -> Iterator[Record]:
    starts = [k for k, (a, b) in enumerate(lines[:-1]) if re.fullmatch(r"\s*\W?\d{1,4}\W?\s*", clean[a:b])]
    for at, after in zip(starts, [*starts[1:], len(lines)], strict=False):
        part = list(lines[at + 1 : after])
        if "listed_on" in head:
            last = next((k for k, (a, b) in enumerate(part) if k and _DATE.fullmatch(clean, a, b)), None)
            part = part[: last + 1] if last is not None else part
        if not part:
            continue
        name, fields = party(clean, *trim(clean, *part[0]))
        for a, b in part[1:]:
            if _DATE.fullmatch(clean, a, b) and "listed_on" in head:
                fields.append(Field("listed_on", *trim(clean, a, b)))
            elif found := list(labels(clean, a, b)):
                for label, following in zip(found, [*found[1:], None], strict=True):
                    fields += values(clean, label.end, following.start if following else b, label.key)
            elif b - a > 110:
                fields.append(Field("prose", *trim(clean, a, b)))
            elif b - a > 3 and not any(ord(char) > 0x370 and char.isalpha() for char in clean[a:b]):
                fields.append(Field("remark", *trim(clean, a, b)))
        if name[1] > name[0] and name[1] - name[0] < 160:
            yield Record(
                "row", lines[at][0], part[-1][1], name, _kind(fields), tuple(f for f in fields if f.end > f.start)
            )
