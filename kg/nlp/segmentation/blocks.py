"""Layout before grammar: the blocks of a text, cut apart before anything is parsed.

In comes a text as read (press releases with markdown remnants, lists, articles); out come its blocks in order, each a
half-open character range, and the ranges of markup that belong to no sentence. Nothing here changes the text: offsets
are those of the text as read. Which words stand in a block, and what they mean, is decided elsewhere.

A block is a heading, a paragraph, a list item, a cell of a table row, a field (the value of a label such as "DOB:") or a
byline (a dateline, "By A. Author", "Also read: ..."). No sentence runs across two blocks. A run-together paragraph ("... the group.   ** A. Name** Designated
for ...") is cut at runs of three spaces and at bold spans that open a statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from kg.nlp.segmentation.labels import PROSE, Label, labels, split_value

Kind = Literal["heading", "paragraph", "item", "row", "field", "byline"]
Span = tuple[int, int]

SPACE = r"[^\S\n]|[\u200b\u200c\u200d\u2060\ufeff]"
MARKUP = re.compile(
    r"""
      \]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s"[^"]*")?\)   # the target of a link
    | !?\[(?=[^\[\]\n]*\]\()                                   # its opening bracket
    | </?[A-Za-z][A-Za-z0-9]{0,9}(?:\s[^<>\n]*)?/?>            # an HTML tag left over
    | \*+ | \\ | \|
    | \#{2,} | (?<![^\s*_])\#+(?=[\s*_]|$)
    | (?<![^\W_])_+ | _+(?![^\W_])
    | [\u200b\u200c\u200d\u2060\ufeff]+
    """,
    re.VERBOSE | re.MULTILINE,
)
WIDE_GAP = re.compile(rf"(?:{SPACE}){{3,}}")
ATX = re.compile(r"\s*(#{1,6})\s*(?=\S)")
BULLET = re.compile(r"\s*(?:[-–•·▪●◦‣*o]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])(?:\s|\u200b)+(?=\S)")
BOLD = re.compile(r"(?<!\*)(\*{2,3})(?!\*)([^*\n]{1,160}?)(\*{2,3})(?!\*)")
ENDS_STATEMENT = re.compile(r"[.!?:;\"”’)\]]\s*$")
OPENS_STATEMENT = re.compile(r"\s*[\"“‘(]?[A-Z0-9]")
DATELINE = re.compile(
    r"\s*(?:[A-Z][A-Z.'’]+(?:[ ,]+[A-Z][A-Za-z.'’]*){0,4}(?:\s*\([A-Za-z. ]{2,20}\))?)\s*"
    r"(?:[–—―]|--?)\s*(?=[\"“‘]?[A-Z])"
)
CITY = re.compile(r"(?:Washington|New York|London|Brussels|Geneva|Vienna|Ottawa|Paris|Berlin|Tokyo)(?:,? D\.?C\.?)?")
"""Cities of datelines that are not in capitals."""
BYLINE = re.compile(
    r"\s*(?:(?:also read|read also|read more|related|see also|photo|image|file photo|source|updated|published|posted|"
    r"advertisement|follow us|share this|contact|media contact)\b\s*:|by [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}\s*$|"
    r"\(?archived content\)?\s*$|(?:for immediate release|press release|advertisement)\b)",
    re.IGNORECASE,
)
DATE_ONLY = re.compile(
    r"\W*(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?"
    r"(?:\d{1,2}\s+)?(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s+(?:\d{1,2},?\s+)?\d{4}\W*$"
)
TERMINAL = re.compile(r"[.!?;:,]\W*$")
WORD = re.compile(r"\w+")

HEADING_WORDS = 16
"""A line of more words without a full stop is a paragraph, not a heading."""
WRAPPED_LINE = 50
"""A line at least this long that goes on in lower case below was broken by its file's width."""


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of text that is read by itself.

    `level` is 0 for body text; for headings 1 (title) to 6. `heading` is the index, in the list of blocks, of the
    heading that governs the block, None where none stands above it.
    """

    start: int
    end: int
    kind: Kind
    level: int = 0
    heading: int | None = None


def markup(text: str) -> list[Span]:
    """The ranges of markdown and HTML remnants and of zero-width characters, in order, not overlapping."""
    return [m.span() for m in MARKUP.finditer(text)]


def mask(text: str) -> str:
    """The text with every character of markup and every odd space replaced by a blank: same length, same offsets.

    >>> mask("** A. Name** Designated for [it](http://x.y)")
    '   A. Name   Designated for  it             '
    """
    return MARKUP.sub(lambda m: " " * len(m.group()), text).replace("\u00a0", " ")


def blocks(text: str) -> list[Block]:
    """The blocks of a text in order; their ranges do not overlap and begin and end with a visible character."""
    clean = mask(text)
    found: list[Block] = []
    for start, end in _lines(text):
        for piece in _pieces(text, clean, start, end):
            trimmed = _trim(clean, piece)
            if trimmed is not None:
                found.append(trimmed)
    return _govern(_settle(found, clean))


def _lines(text: str) -> Iterator[Span]:
    """Physical lines, with those joined that a file's width broke."""
    start, end = 0, -1
    for match in re.finditer(r"[^\n]*", text):
        a, b = match.span()
        if a == b:
            if end >= 0 and a > end + 1:
                yield start, end
                end = -1
            continue
        if end >= 0:
            broken = (
                end - start >= WRAPPED_LINE
                and text[a:b].lstrip()[:1].islower()
                and not TERMINAL.search(text[start:end])
            )
            if broken and a == end + 1:
                end = b
                continue
            yield start, end
        start, end = a, b
    if end >= 0:
        yield start, end


def _pieces(text: str, clean: str, start: int, end: int) -> Iterator[Block]:
    """A line cut at table bars, wide gaps and the bold spans that open a statement."""
    line = text[start:end]
    if line.count("|") >= 2 or "\t" in line.strip():
        for cell in re.finditer(r"[^|\t]+", line):
            yield from _cell(clean, start + cell.start(), start + cell.end())
        return
    fields = list(labels(clean, start, end)) if ":" in line else []
    if fields:
        yield from _pieces(text, clean, start, fields[0].start) if start < fields[0].start else ()
        yield from _values(clean, fields, end)
        return
    title = ATX.match(line)
    if title:
        start += title.end()
    a = start
    for gap in WIDE_GAP.finditer(text, start, end):
        yield from _statements(text, clean, a, gap.start(), level=len(title.group(1)) if title else 0)
        a = gap.end()
    yield from _statements(text, clean, a, end, level=len(title.group(1)) if title and a == start else 0)


def _cell(clean: str, start: int, end: int) -> Iterator[Block]:
    """A cell, cut at the labels in it."""
    fields = list(labels(clean, start, end)) if ":" in clean[start:end] else []
    yield Block(start, fields[0].start if fields else end, "row")
    yield from _values(clean, fields, end)


def _values(clean: str, fields: list[Label], end: int) -> Iterator[Block]:
    for number, label in enumerate(fields, 1):
        stop = fields[number].start if number < len(fields) else end
        for key, start, last in split_value(clean, label.key, label.end, stop):
            yield Block(start, last, "paragraph" if key == PROSE else "field")


def _statements(text: str, clean: str, start: int, end: int, *, level: int) -> Iterator[Block]:
    if level:
        yield Block(start, end, "heading", level)
        return
    a = start
    for bold in BOLD.finditer(text, start, end):
        before, after = clean[a : bold.start()], text[bold.end() : end]
        opens = not before.strip() or bool(ENDS_STATEMENT.search(before))
        dashed = re.match(r"\s*[–—-]+\s*(?=[\"“]?[A-Z])", after)
        rest = mask(after)
        closes = not rest.strip() or bool(OPENS_STATEMENT.match(rest)) or dashed is not None
        inner = clean[bold.start(2) : bold.end(2)]
        if not (opens and closes and inner.strip()) or bold.start() < a:
            continue
        if (
            not dashed
            and rest.strip()
            and not re.match(r"\s", after)
            and not inner[-1:].isspace()
            and inner.strip()[-1] not in ".:"
        ):
            continue
        yield from _plain(clean, a, bold.start())
        if dashed and (DATELINE.match(inner.strip() + " – A") or CITY.fullmatch(inner.strip())):
            yield Block(bold.start(), bold.end() + dashed.end(), "byline")
        else:
            yield Block(bold.start(), bold.end(), "heading", 2)
        a = bold.end() + (dashed.end() if dashed else 0)
    yield from _plain(clean, a, end)


def _plain(clean: str, start: int, end: int) -> Iterator[Block]:
    text = clean[start:end]
    if not text.strip():
        return
    bullet = BULLET.match(text)
    if bullet:
        yield Block(start + bullet.end(), end, "item")
        return
    dateline = DATELINE.match(text)
    if dateline:
        yield Block(start, start + dateline.end(), "byline")
        start += dateline.end()
        text = clean[start:end]
    if BYLINE.match(text) or DATE_ONLY.match(text):
        yield Block(start, end, "byline")
    else:
        yield Block(start, end, "paragraph")


def _trim(clean: str, block: Block) -> Block | None:
    body = clean[block.start : block.end]
    left, right = len(body) - len(body.lstrip()), len(body.rstrip())
    if right <= left or not any(c.isalnum() for c in body):
        return None
    return replace(block, start=block.start + left, end=block.start + right)


def _settle(found: list[Block], clean: str) -> list[Block]:
    """Short lines without a full stop become headings where text follows, items where several stand together."""
    short = [b.kind == "paragraph" and _is_short(clean[b.start : b.end]) for b in found]
    settled: list[Block] = []
    for i, block in enumerate(found):
        if block.kind == "heading" and TERMINAL.search(clean[block.start : block.end]) and block.level == 2:
            body = clean[block.start : block.end]
            words = len(WORD.findall(body))
            if words > HEADING_WORDS or (words > 4 and body[-1] in ".!?"):
                block = replace(block, kind="paragraph", level=0)
        elif short[i]:
            run = (i > 0 and short[i - 1]) + (i + 1 < len(found) and short[i + 1])
            if i == 0:
                block = replace(block, kind="heading", level=1)
            elif run and not (i + 1 < len(found) and found[i + 1].kind == "paragraph" and not short[i + 1]):
                block = replace(block, kind="item")
            elif i + 1 < len(found):
                block = replace(block, kind="heading", level=3)
        settled.append(block)
    return settled


def _is_short(body: str) -> bool:
    first = next((c for c in body if c.isalnum()), "")
    words = WORD.findall(body)
    if len(words) > HEADING_WORDS or first.islower():
        return False
    titled = sum(word[0].isupper() for word in words) > 0.6 * len(words) and len(words) > 2
    return not TERMINAL.search(body.rstrip(",") if titled else body)


def _govern(found: list[Block]) -> list[Block]:
    open_headings: list[int] = []
    governed: list[Block] = []
    for i, block in enumerate(found):
        if block.kind == "heading":
            while open_headings and found[open_headings[-1]].level >= block.level:
                open_headings.pop()
        governed.append(replace(block, heading=open_headings[-1] if open_headings else None))
        if block.kind == "heading":
            open_headings.append(i)
    return governed
