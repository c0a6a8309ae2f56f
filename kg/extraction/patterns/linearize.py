"""A sentence as one line in which surface forms are searched: lower-case words, entities as `<k>`.

An entity that only modifies the noun after it is written `{k}`.

In: a `Tree` and the spots of a sentence. Out: a `Line` with the way back from characters to tokens. Two readings
of the same sentence are made: *plain*, with brackets and each entity by itself, and *folded*, in which a bracket
after an entity is passed over and a list of entities of one kind ("A, B (BB) and C") is a single element.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kg.extraction.mention_spans import MentionSpan
from kg.nlp.dependencies import Tree

_KINDS: Final[dict[str, str]] = {
    "Company": "body",
    "Organization": "body",
    "GovernmentBody": "body",
    "Country": "place",
    "Place": "place",
    "List": "law",
    "LegalInstrument": "law",
}
_JOINERS: Final = frozenset({",", ";", "and", "or", "&", "as", "well", "the", "both", "also", "to"})
_LINKS: Final = frozenset({"and", "or", "&", "as", ";"})
_OPEN: Final = frozenset({"(", "["})
_CLOSE: Final = frozenset({")", "]"})
_WRITTEN: Final = str.maketrans({**dict.fromkeys("<>{} ", "_"), "’": "'", "–": "-", "—": "-", "“": '"', "”": '"'})
TIME: Final = frozenset(
    """today yesterday monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december week month year day time addition""".split()
)
_HANGING: Final = frozenset({"'s", "’s", "'", "’", "-", "–"})
_BRACKET: Final = 30


@dataclass(frozen=True, slots=True)
class Line:
    """`text` to be searched; `starts` and `tokens` lead from a character back to its token; `groups` are the `<k>`."""

    text: str
    starts: list[int]
    tokens: list[int]
    groups: list[tuple[MentionSpan, ...]]

    def token(self, character: int) -> int:
        """The token that was written at a character of the line."""
        return self.tokens[max(0, bisect_right(self.starts, character) - 1)]


def outermost(mentions: Sequence[MentionSpan]) -> list[MentionSpan]:
    """The spots of a sentence without those that lie inside or across an earlier, longer one, in order."""
    kept: list[MentionSpan] = []
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def plain_line(tree: Tree, bounds: tuple[int, int], mentions: Sequence[MentionSpan]) -> Line:
    """The sentence with every bracket and every entity by itself."""
    return _write(tree, bounds, [(mention,) for mention in mentions], frozenset())


def folded_line(tree: Tree, bounds: tuple[int, int], mentions: Sequence[MentionSpan]) -> Line:
    """The sentence with lists of entities folded and brackets after entities passed over."""
    skipped: set[int] = set()
    for mention in mentions:
        skipped |= _bracket_after(tree, mention.end, bounds[1])
    seen = [mention for mention in mentions if mention.start not in skipped]
    return _write(tree, bounds, _lists(tree, seen, skipped), frozenset(skipped))


def _bracket_after(tree: Tree, start: int, limit: int) -> set[int]:
    at = start
    while at < limit and _is_markup(tree.words[at]):
        at += 1
    if at >= limit or tree.words[at] not in _OPEN:
        return set()
    for end in range(at + 1, min(limit, at + _BRACKET)):
        if tree.words[end] in _CLOSE:
            return set(range(at, end + 1))
    return set()


def _lists(tree: Tree, mentions: Sequence[MentionSpan], skipped: set[int]) -> list[tuple[MentionSpan, ...]]:
    """Spots joined by commas and conjunctions only; two joined by a mere comma are no list, nor are nested places."""
    groups: list[tuple[MentionSpan, ...]] = []
    at = 0
    while at < len(mentions):
        end, linked = at + 1, False
        while end < len(mentions):
            before, after = mentions[end - 1], mentions[end]
            words = [tree.words[token] for token in range(before.end, after.start) if token not in skipped]
            words = [word for word in words if not _is_markup(word)]
            kind = _KINDS.get(before.type, before.type)
            same = kind == _KINDS.get(after.type, after.type)
            if not words or not same or not _JOINERS.issuperset(words) or len(words) > 4:
                break
            links = not _LINKS.isdisjoint(words)
            if kind == "place" and not links:
                break
            linked = linked or links
            end += 1
        if not linked and end - at < 3:
            end = at + 1
        groups.append(tuple(mentions[at:end]))
        at = end
    return groups


def _write(
    tree: Tree, bounds: tuple[int, int], groups: Sequence[tuple[MentionSpan, ...]], skipped: frozenset[int]
) -> Line:
    by_start = {group[0].start: number for number, group in enumerate(groups)}
    parts: list[str] = []
    starts: list[int] = []
    tokens: list[int] = []
    length, at = 0, bounds[0]
    while at < bounds[1]:
        number = by_start.get(at)
        if number is None and (at in skipped or _is_markup(tree.words[at])):
            at += 1
            continue
        if number is None:
            word = _plain(tree.words[at]) + " "
        elif _modifies(tree, groups[number][-1].end, bounds[1], skipped, by_start):
            word = f"{{{number}}} "
        else:
            word = f"<{number}> "
        parts.append(word)
        starts.append(length)
        tokens.append(at)
        length += len(word)
        at = groups[number][-1].end if number is not None else at + 1
    return Line("".join(parts), starts, tokens, list(groups))


def _modifies(tree: Tree, after: int, limit: int, skipped: frozenset[int], named: Mapping[int, int]) -> bool:
    """Whether a noun, a hyphen or a possessive mark follows directly: the entity is not what is spoken of."""
    while after < limit and (after in skipped or _is_markup(tree.words[after])):
        after += 1
    if after >= limit or after in named:
        return False
    if tree.words[after] in TIME:
        return False
    return tree.tags[after] in ("NOUN", "PROPN") or tree.words[after] in _HANGING


@lru_cache(maxsize=32768)
def _is_markup(word: str) -> bool:
    return not word.strip("*_# \n\t\r\u00a0")


@lru_cache(maxsize=32768)
def _plain(word: str) -> str:
    return word.strip().strip("*").translate(_WRITTEN)
