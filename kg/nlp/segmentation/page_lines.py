"""The lines of a printed page -> the running text that was set in them.

Words that a line's end cut apart, lines that the page's width broke, heads and feet of pages and the digits of footnotes
are the page's, not the text's. `running_text` takes them out and keeps for every character the place in the text as
read. A text that nobody wrapped comes out as it went in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import yaml

from kg.nlp.segmentation.blocks import BULLET, TERMINAL, WRAPPED_LINE
from kg.resources import ontology

Span = tuple[int, int]

#: Widths between which a page's lines are set, in characters; typewriters have 60 to 80, small print some 140.
NARROWEST, WIDEST = 30, 160
#: The share of the line ends inside paragraphs that must be forced by the width before a text counts as wrapped.
FORCED: Final = 0.6
#: A line of a ragged setting is full from this share of the width on.
NEARLY_FULL: Final = 0.8
#: The share of the widest line that the full lines of a proportional letter reach.
RAGGED: Final = 0.83
#: The least lines of a page, between two heads that say the same.
PAGE: Final = 12
_LINE: Final = re.compile(r"[^\n\f]*")
_CUT_WORD: Final = re.compile(r"(?<=[^\W\d_])(?:-|\u00ad|\u2010)$")
_GRID: Final = re.compile(r"\t|\|.*\||\S {3,}\S.* {3,}\S")
_FIELD: Final = re.compile(r"[A-Z][\w .()/'’-]{0,40}:(?:\s|$)")
_ENDS: Final = re.compile(r"[.!?:][\"'”’)\]]*\s*$")
_DIGITS: Final = re.compile(r"\d+")
_MARKED_NOTE: Final = re.compile(r"(?<=[\w.,;)”\"’])(?:\^\d{1,3}\^|[¹²³⁰⁴-⁹]{1,3}|\[\d{1,3}\](?=[\s.,;]))")
_BARE_NOTE: Final = re.compile(r"(?<=[a-z)”\"’])(?P<stop>[.,;])(?P<note>\d{1,2})(?=\s+[A-Z“\"]|\s*\n|\s*$)")
_NOTE_TEXT: Final = re.compile(r"^\s{0,3}\[?(\d{1,2})\]?\.?\s+(?=\S)", re.MULTILINE)
_PARTED: Final = re.compile(
    r"\bname(?:\s6)?[*_\s]*:[*_\s]*(?P<parts>(?:\b1:\s|[^\n:]{1,60} 1:\s)[^\n]{0,200}?\b[3-5]:\s*\S+)(?:\s+[4-6]:\s*(?:na|n/a)\.?)*",
    re.IGNORECASE,
)
_PART: Final = re.compile(r"\s*\b[1-6]:\s*(?P<none>(?:na|n/a)\b\.?)?", re.IGNORECASE)
_STRUCK: Final = re.compile(r"~~[^~\n]+~~")


@dataclass(frozen=True, slots=True)
class RunningText:
    """A text without its page, and where each stretch of it stands in the text as read.

    `starts[k]` is the first character of stretch k here, `sources[k]` there. `left_out` are ranges there that belong to
    no sentence: heads and feet of pages, and marks of footnotes.
    """

    text: str
    starts: tuple[int, ...]
    sources: tuple[int, ...]
    left_out: tuple[Span, ...] = ()

    def source(self, start: int, end: int) -> Span:
        """The half-open range of the text as read in which a range of this text stands.

        >>> found = running_text("It was desig-\\nnated today.")
        >>> found.text, found.source(7, 17)
        ('It was designated today.', (7, 19))
        """
        if end <= start:
            return (self._at(start), self._at(start))
        return self._at(start), self._at(end - 1) + 1

    def _at(self, place: int) -> int:
        k = bisect_right(self.starts, place) - 1
        return self.sources[k] + place - self.starts[k]


def running_text(text: str) -> RunningText:
    """The text with the lines of its pages joined."""
    edits = sorted([*_joins(text), *_notes(text), *_name_parts(text)])
    if not edits:
        return RunningText(text, (0,), (0,))
    parts: list[str] = []
    starts: list[int] = []
    sources: list[int] = []
    left_out: list[Span] = []
    at = length = 0
    for start, end, instead, furniture in edits:
        if start < at:
            continue
        for piece, source in ((text[at:start], at), (instead, start)):
            if piece:
                parts.append(piece)
                starts.append(length)
                sources.append(source)
                length += len(piece)
        left_out += [span for span in furniture if span not in left_out[-2:]]
        at = end
    if at < len(text) or not starts:
        parts.append(text[at:])
        starts.append(length)
        sources.append(at)
    return RunningText("".join(parts), tuple(starts), tuple(sources), tuple(left_out))


_Edit = tuple[int, int, str, tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    gap: bool
    page: tuple[Span, ...]


def _joins(text: str) -> Iterator[_Edit]:
    """The edits that join broken lines and take out the heads and feet of pages."""
    if "\n" not in text:
        return
    lines, trailing = _lines(text)
    width = _width(lines)
    if lines and lines[0].page:
        yield 0, lines[0].start, "", lines[0].page
    words: set[str] | None = None
    length = 0
    for before, line in zip(lines, lines[1:], strict=False):
        length = max(length, 0) + len(before.text)
        joined = _goes_on(before, line, width, length)
        if not joined:
            length = 0
            if line.page:
                yield before.end, line.start, "\n\n", line.page
            continue
        cut = _CUT_WORD.search(before.text)
        end, instead = before.end, " "
        if cut:
            instead = ""
            if before.text[-1] != "\u00ad":
                words = words if words is not None else set(re.findall(r"[\w'’]+(?:-[\w'’]+)*", text.lower()))
            if before.text[-1] == "\u00ad" or not _keeps_hyphen(before.text, line.text, words or set()):
                end -= 1
        yield end, line.start + len(line.text) - len(line.text.lstrip()), instead, line.page
    if lines and trailing:
        yield lines[-1].end, len(text), "\n", trailing


def _lines(text: str) -> tuple[list[_Line], tuple[Span, ...]]:
    """The lines that have words, without page furniture, and the furniture behind the last of them.

    `gap` tells that an empty line stands before.
    """
    plain = [(m.start(), m.end()) for m in _LINE.finditer(text)]
    filled = [(a, b) for a, b in plain if text[a:b].strip()]
    marks = page_marks(text, filled)
    found: list[_Line] = []
    page: list[Span] = []
    for number, (a, b) in enumerate(filled):
        if number in marks:
            page.append((a, b))
            continue
        gap = bool(found or page) and text.count("\n", found[-1].end if found else 0, a) > 1
        found.append(_Line(a, a + len(text[a:b].rstrip()), text[a:b].rstrip(), gap, tuple(page)))
        page = []
    return found, tuple(page)


def page_marks(text: str, lines: Sequence[Span]) -> set[int]:
    """The numbers of the lines that are heads or feet of pages: by their words, or by coming again page after page."""
    found = {number for number, (a, b) in enumerate(lines) if b - a <= 160 and _page_mark(text[a:b].strip())}
    same: dict[str, list[int]] = {}
    for number, (a, b) in enumerate(lines):
        line = text[a:b].strip()
        if b - a <= 100 and not _FIELD.match(line) and not _GRID.search(line):
            same.setdefault(_DIGITS.sub("#", line), []).append(number)
    for skeleton, places in same.items():
        steps = [b - a for a, b in zip(places, places[1:], strict=False)]
        if not steps or min(steps) < PAGE or len(re.findall(r"[^\W\d_]{2,}", skeleton)) < 2:
            continue
        beside = sum(bool({n - 1, n + 1} & found) or _stands_alone(text, lines[n]) for n in places)
        even = max(steps) - min(steps) <= 0.3 * max(steps)
        if (
            beside >= len(places) - 1 and ((len(places) > 2 and even) or _counts(text, [lines[n] for n in places]))
        ) or all({n - 1, n + 1} & found for n in places):
            found.update(places)
    return found


def _stands_alone(text: str, line: Span) -> bool:
    before, after = text[max(0, line[0] - 2) : line[0]], text[line[1] : line[1] + 2]
    return "\f" in before + after or (before in ("", "\n\n") and after in ("", "\n\n"))


def _counts(text: str, lines: Sequence[Span]) -> bool:
    """Whether a number in these lines goes up by one from each to the next, and at least twice."""
    rows = [[int(digits) for digits in _DIGITS.findall(text[a:b]) if len(digits) < 7] for a, b in lines]
    if len(rows) < 3:
        return False
    return any(all(b - a == 1 for a, b in zip(column, column[1:], strict=False)) for column in zip(*rows, strict=True))


def _width(lines: Sequence[_Line]) -> int:
    """The width of the page that the lines were set in, in characters; 0 for a text that is not wrapped."""
    pairs = [
        (len(a.text), len(b.text.split(maxsplit=1)[0]))
        for a, b in zip(lines, lines[1:], strict=False)
        if not b.gap and not _GRID.search(a.text) and not _GRID.search(b.text)
    ]
    if len(pairs) < 3:
        return 0
    lengths = sorted(length for length, _ in pairs)
    width = lengths[int(0.98 * (len(lengths) - 1))]
    if not NARROWEST <= width <= WIDEST:
        return 0
    if sum(length + 1 + word > width for length, word in pairs) >= FORCED * len(pairs):
        return width
    ragged = int(RAGGED * width)  # letters of different breadths: as many of them fit into a line as may be
    return ragged if sum(length + 1 + word > ragged for length, word in pairs) >= FORCED * len(pairs) else 0


def _goes_on(before: _Line, line: _Line, width: int, length: int) -> bool:
    """Whether a line goes on in the next: cut inside a word, in lower case below, or forced by the page's width."""
    over_page = bool(line.page)
    if line.gap and not over_page:
        return False
    if _GRID.search(before.text) or _GRID.search(line.text):
        return False
    opening = line.text.lstrip()
    lower = opening[:1].islower()
    if _CUT_WORD.search(before.text) and (lower or (width and opening[:1].isalpha())):
        return not BULLET.match(line.text)
    if BULLET.match(line.text) and (_ENDS.search(before.text) or before.text.endswith((";", "; and", "; or"))):
        return False
    if lower and not TERMINAL.search(before.text) and length >= WRAPPED_LINE:
        return True
    if not width:
        return False
    open_end = not _ENDS.search(before.text)
    if over_page:
        return open_end and len(before.text) >= NEARLY_FULL * width
    if len(before.text) + 1 + len(opening.split(maxsplit=1)[0]) > width:
        return not (BULLET.match(line.text) and not lower and _ENDS.search(before.text)) and not _starts_entry(opening)
    return open_end and len(before.text) >= NEARLY_FULL * width and (lower or before.text.endswith(","))


def _starts_entry(line: str) -> bool:
    """Whether a line opens an entry of a list of its own: a bullet sign, or a number with a full stop and a name."""
    return bool(re.match(r"(?:[•·▪●◦‣]|\d{1,3}\.\s+[A-Z][\w-]+)", line))


def _keeps_hyphen(before: str, after: str, words: set[str]) -> bool:
    """Whether a hyphen at a line's end is part of the word: as the document writes it elsewhere, else as compounds do."""
    head = re.findall(r"[\w'’.]+$", before[:-1])
    tail = re.match(r"[\w'’]+", after.lstrip())
    if not head or not tail:
        return True
    first, last = head[-1], tail.group()
    if f"{first}{last}".lower() in words:
        return False
    if f"{first}-{last}".lower() in words or last[0].isupper() or last[0].isdigit():
        return True
    starts, ends = _compounds()
    return last in ends or first in starts or first.lower() in starts


@cache
def _rules() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ontology() / "layout" / "lines.yaml").read_text(encoding="utf-8"))
    return found


@cache
def _compounds() -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(_rules()["compound_starts"].split()), frozenset(_rules()["compound_ends"].split())


@cache
def _marks() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{mark})" for mark in _rules()["page_marks"]), re.IGNORECASE)


def _page_mark(line: str) -> bool:
    return any(char.isdigit() for char in line) and _marks().fullmatch(line) is not None


def _name_parts(text: str) -> Iterator[_Edit]:
    """The numbers that count the parts of a listed name ("1: ABU 2: BAKR 3: na"), and words that were struck out."""
    if "1:" in text or "1: " in text:
        for line in _PARTED.finditer(text):
            for part in _PART.finditer(text, line.start("parts"), line.end()):
                yield part.start(), part.end(), " " if not part["none"] else "", ()
    if "~~" in text:
        for match in _STRUCK.finditer(text):
            yield match.start(), match.end(), "", (match.span(),)


def _notes(text: str) -> Iterator[_Edit]:
    """The marks of footnotes; digits without a sign of their own only where the notes stand in the text too."""
    for match in _MARKED_NOTE.finditer(text):
        yield match.start(), match.end(), "", (match.span(),)
    bare = list(_BARE_NOTE.finditer(text))
    if bare:
        written = {match.group(1) for match in _NOTE_TEXT.finditer(text)}
        if "1" in written:
            for match in bare:
                if match["note"] in written:
                    yield match.start("note"), match.end("note"), "", (match.span("note"),)
