"""Items of a list under a statement that lists or removes: the party that each of them names first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from spacy.lang.en.stop_words import STOP_WORDS

from kg.nlp.records.acts import governing
from kg.nlp.records.model import Record
from kg.nlp.records.names import party, trim
from kg.nlp.segmentation.blocks import BULLET, Block

#: Words in front of a name that belong to no name.
_TITLES: Final = re.compile(
    r"(?:(?:the|mr|mrs|ms|dr|u|daw|sri|smt|(?:major |lieutenant |brigadier |colonel )?general|colonel|major|captain|"
    r"lieutenant|admiral|sheikh|professor|judge|minister|president|vessel|m/v|mt)\.?\s+)+",
    re.IGNORECASE,
)
Named = tuple[int, int, str]


def listed_items(
    text: str, blocks: Sequence[Block], names: Sequence[Named], taken: Sequence[tuple[int, int]]
) -> Iterator[Record]:
    """The items outside `taken` that an act governs; `names` are the names of the text with their types."""
    for block in blocks:
        if block.kind != "item" or any(a <= block.start < b for a, b in taken) or not _marked(text, block):
            continue
        head = _head(text, block, names)
        if head is None:
            continue
        act, kind = governing(text, blocks, _run_start(text, blocks, block), taken)
        if act is None:
            continue
        (start, end), told = head
        _, fields = party(text, start, block.end)
        fields = [field for field in fields if field.start >= end]
        type_ = (
            told
            if told in ("Vessel", "Aircraft") or not kind
            else kind
            if kind != "Company" or told == "Person" or not told
            else told
        )
        yield Record("item", block.start, block.end, (start, end), type_, tuple(fields), act)


def _marked(text: str, block: Block) -> bool:
    """Whether a sign or number stands before the item on its line."""
    line = text.rfind("\n", 0, block.start) + 1
    return BULLET.match(text[line : block.start + 1]) is not None


def _run_start(text: str, blocks: Sequence[Block], block: Block) -> int:
    return block.start


def _head(text: str, block: Block, names: Sequence[Named]) -> tuple[tuple[int, int], str] | None:
    """The name at the head of an item: a recognised one, or the words up to the first sign where they have capitals."""
    start, _ = trim(text, block.start, block.end)
    title = _TITLES.match(text, start, block.end)
    starts = {start, title.end() if title else start}
    for a, b, kind in names:
        if a in starts and kind in ("Person", "Company", "Organization", "GovernmentBody", "Vessel", "Aircraft"):
            rest = text[b : b + 30]
            if re.match(r"\s*(?:[,;:(.]|$|\n|[–—-]\s|and\b|for\b|is\b|was\b|has\b|\()", rest) or kind == "Person":
                return (a, b), kind
    (first, last), _ = party(text, title.end() if title and title.end() < block.end else start, block.end)
    comma = re.compile(r",\s+(?!(?:Ltd|LTD|Inc|INC|LLC|S\.A|Corp|GmbH|JSC|Jr)\b)").search(text, first, last)
    last = comma.start() if comma else last
    first, last = trim(text, first, last)
    words = re.findall(r"[^\W\d_][\w’'.-]*", text[first:last])
    if not words or len(words) > 9 or not words[0][:1].isupper() or words[0].lower() in STOP_WORDS:
        return None
    capitals = sum(word[:1].isupper() for word in words)
    return ((first, last), "") if capitals >= 0.7 * len(words) and len(words) > 1 else None
