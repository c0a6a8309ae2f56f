"""Entries whose values stand under labels: "Name: ... DOB: ... POB: ...", on one line or one a line, as sheets of
identifying information, lists of the United Nations and notices have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.nlp.records.model import Field, Record
from kg.nlp.records.names import party, trim, values
from kg.nlp.segmentation.blocks import mask
from kg.nlp.segmentation.labels import Label, labels

#: Characters between two labelled values of one entry at most; statements of reasons run long.
_FARTHEST: Final = 6000
_LEADER: Final = re.compile(r"(?:\(?(?:\d{1,4}|[a-z])[.)]\s+|[-•*–]\s+|[A-Z]{2}[ei]\.\d{3}\s+)")
_PERSONAL: Final = frozenset({"birth_date", "born_in", "citizen_of", "gender", "position"})
_IDENTIFYING: Final = _PERSONAL | {
    "alias", "located_in", "imo", "flagged_in", "registration_number", "tax_number", "listed_on", "former", "passport",
    "national_id", "title", "birth",
}  # fmt: skip


@dataclass(slots=True)
class _Open:
    start: int
    name: tuple[int, int]
    fields: list[Field]
    end: int


def labelled(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Record]:
    """The entries of a running text that lie outside `taken`."""
    if ":" not in text:
        return
    clean = mask(text)
    current: _Open | None = None
    before: tuple[int, int] | None = None
    for match in re.finditer(r"[^\n]+", clean):
        start, end = match.span()
        if any(a <= start < b for a, b in taken):
            continue
        found = list(labels(clean, start, end)) if ":" in match.group() else []
        if not found:
            if not _goes_on(current, clean, start, end) and current:
                yield from _closed(text, current)
                current = None
            before = (start, end) if match.group().strip() else before
            continue
        for label, after in zip(found, [*found[1:], None], strict=True):
            stop = after.start if after else end
            if label.key == "name":
                yield from _closed(text, current)
                name, more = party(clean, label.end, _line_name(clean, label.end, stop))
                current = _Open(_leader(clean, start, label.start), name, more, stop)
            elif label is found[0] and (inline := _inline(clean, start, label)) is not None:
                yield from _closed(text, current)
                current = inline
            elif current is None or (label is found[0] and _heads(clean, before, current)):
                yield from _closed(text, current)
                current = _headed(clean, before, start if label is found[0] else label.start, label)
            if current is not None:
                if label.key != "name":
                    current.fields += list(values(clean, label.end, stop, label.key))
                current.end = stop
        before = None
    yield from _closed(text, current)


def _line_name(clean: str, start: int, stop: int) -> int:
    end = clean.find("\n", start, stop)
    return stop if end < 0 else end


def _leader(clean: str, start: int, label: int) -> int:
    return start if label - start < 40 else label


def _goes_on(current: _Open | None, clean: str, start: int, end: int) -> bool:
    """Whether an unlabelled line still belongs to the open entry: its statement of reasons, not the head of another."""
    if current is None or start - current.end > _FARTHEST:
        return False
    return end - start > 120 and not _LEADER.match(clean, start)


def _heads(clean: str, before: tuple[int, int] | None, current: _Open) -> bool:
    """Whether the unlabelled line above a label is the head of a new entry."""
    if before is None or before[0] < current.end:
        return False
    return _head(clean, before) is not None


def _head(clean: str, line: tuple[int, int]) -> tuple[int, int] | None:
    """The range of a name in a line above labels: short, with a capital, no sentence."""
    leader = _LEADER.match(clean, line[0])
    start, end = trim(clean, leader.end() if leader else line[0], line[1])
    body = clean[start:end]
    if (
        not body
        or len(body) > 220
        or (not leader and len(body.split("(")[0].split()) > 9)
        or clean[: line[1]].rstrip()[-1] in ".!?"
    ):
        return None
    return (start, end) if body[0].isupper() or body[0].isdigit() else None


def _headed(clean: str, before: tuple[int, int] | None, start: int, label: Label) -> _Open | None:
    if before is None or label.key not in _IDENTIFYING or start - before[1] > 4:
        return None
    head = _head(clean, before)
    if head is None:
        return None
    name, more = party(clean, *head)
    return _Open(before[0], name, more, start)


def _inline(clean: str, start: int, label: Label) -> _Open | None:
    """The entry whose name stands before the first label of its own line: "(a) Name. Date of birth: ..."."""
    if label.key not in _IDENTIFYING or label.start - start < 5:
        return None
    leader = _LEADER.match(clean, start)
    first = leader.end() if leader else start
    if not leader and clean[first] not in "‘“\"'":
        return None
    bracket = clean.find("(", first + 2, label.start)
    name, more = party(clean, first, bracket if bracket > 0 else label.start)
    body = clean[name[0] : name[1]]
    if not body[:1].isupper() or len(body.split()) > 12:
        return None
    return _Open(start, name, more, label.start)


def _closed(text: str, current: _Open | None) -> Iterator[Record]:
    if current is None or current.name[0] >= current.name[1]:
        return
    keys = {field.key for field in current.fields}
    if not keys & _IDENTIFYING and "prose" not in keys:
        return
    if len(text[current.name[0] : current.name[1]].split()) > 14:
        return
    kind = "Vessel" if keys & {"imo", "flagged_in"} else "Person" if keys & _PERSONAL - {"position"} else ""
    yield Record("labelled", current.start, current.end, current.name, kind, tuple(current.fields))
