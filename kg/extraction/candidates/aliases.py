"""What else somebody is called: names in brackets behind a name, or behind "a.k.a.", "known as", "formerly".

In: a `Sheet`. Out: `Phrase` candidates for `also_known_as`, with features for the scorer; which are true is not decided
here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kg.extraction.candidates.text_objects import Phrase, chars
from kg.extraction.document_view import Sheet
from kg.extraction.features.document import Marks
from kg.extraction.features.pairs import hash_all, masked
from kg.extraction.mention_spans import NAMES, Spot
from kg.extraction.patterns.matcher import Match

_CUE: Final = re.compile(
    r"(?:\(|\b)(?:a\.?\s?k\.?\s?a\.?|also (?:known|called|spelled|referred to) as|"
    r"(?:better|formerly|previously|otherwise|commonly|now|also|publicly) known as|known as|f\.?\s?k\.?\s?a\.?|"
    r"formerly(?: called| named)?|alias(?:es)?|called|"
    r"nicknamed|dubbed|(?:full|former|birth|real) name(?: is)?|acronyms?|abbreviated(?: as)?)[:,]?\s+[\"“‘'(]?",
    re.IGNORECASE,
)
_STOP: Final = re.compile(
    r"[\"”’;:()\[\]\n]|,? (?:and|or|who|which|is|was|were|has|have|a\.k\.a\.|aka|f\.k\.a\.)\b|,\s|\.\s|\.$"
)


def aliases(sheet: Sheet, marks: Marks, matches: Sequence[Match] = ()) -> list[Phrase]:
    """Candidates for `also_known_as`, in the order of the text."""
    facts = marks.facts
    found: dict[tuple[str, int, int], Phrase] = {}
    for number, spots in enumerate(sheet.spots):
        first, last = sheet.sentences[number]
        ruled = [one for one in matches if one.sentence == number and one.predicate == "also_known_as"]
        for spot in spots:
            if spot.kind not in NAMES:
                continue
            own = facts.first[spot.entity]
            for start, end, cue in [
                *_alias_spans(sheet, spot, first, last),
                *[(m.object_start, m.object_end, m.rule) for m in ruled if m.subject == spot.entity],
            ]:
                before = masked(sheet, max(first, start - 3), start)
                after = sheet.words[end] if end < last else "$"
                text = sheet.span_text(start, end)
                features = [
                    f"qc:{cue}",
                    f"qt:{spot.type}:{cue}",
                    f"qs:{_shape(text)}",
                    f"qsc:{_shape(text)}:{cue}",
                    f"qn:{end - start}",
                    f"qa:{after}",
                    f"qi:{_initials(text, sheet.span_text(spot.start, spot.end))}",
                    f"qg:{min(start - spot.end, 6)}",
                    *[f"qb{distance}:{word}" for distance, word in enumerate(reversed(before))],
                    *[f"qw:{word}" for word in text.lower().split()[:4]],
                ]
                found.setdefault(
                    (spot.entity, start, end),
                    Phrase(spot, *chars(sheet, start, end), number, (hash_all(features), own), "alias"),
                )
    return list(found.values())


def _alias_spans(sheet: Sheet, spot: Spot, first: int, last: int) -> Iterator[tuple[int, int, str]]:
    last = min(len(sheet.words), max(last, spot.end + 40))
    token = spot.end
    while token < last and sheet.tags[token] == "SPACE":
        token += 1
    if token < last and sheet.words[token] in ("(", "[") and token - spot.end <= 1:
        close = next((t for t in range(token + 1, min(last, token + 40)) if sheet.words[t] in (")", "]")), None)
        if close is not None and close > token + 1:
            yield from _parts(sheet, token + 1, close)
    text = sheet.text
    begin, limit = sheet.ends[spot.end - 1], sheet.ends[last - 1]
    window = text[begin : min(limit, begin + 90)]
    cue = _CUE.search(window)
    if cue is not None and cue.start() < 40:
        at = begin + cue.end()
        end = _STOP.search(text, at, min(limit, at + 80))
        stop = end.start() if end is not None else min(limit, at + 80)
        span = sheet.doc.char_span(at, stop, alignment_mode="contract")
        if span is not None and 0 < len(span) <= 10:
            yield span.start, span.end, re.sub(r"\W+", " ", cue.group().lower()).strip()
    for other in sheet.spots[sheet.sentence_of[spot.start]]:
        if other.kind == "alias" and other.entity == spot.entity and other.start > spot.end:
            yield other.start, other.end, "linked"


def _parts(sheet: Sheet, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """What stands in brackets, cut at commas, "or" and "a.k.a."."""
    at = start
    cue = "bracket"
    for token in range(start, end + 1):
        word = sheet.words[token] if token < end else ";"
        if token == end or word in (",", ";", "or", "and", "“", "”", '"', "/"):
            while at < token and sheet.words[at].rstrip(".:,") in (
                "a.k.a",
                "aka",
                "f.k.a",
                "fka",
                "also",
                "known",
                "as",
                "formerly",
                "alias",
                "the",
                "‘",
                "’",
                "'",
                ":",
            ):
                cue = f"bracket {sheet.words[at]}"
                at += 1
            if 0 < token - at <= 10:
                yield at, token, cue
            at = token + 1


def _shape(text: str) -> str:
    words = text.split()
    if len(words) == 1:
        return (
            "ACRO"
            if text.isupper() and len(text) <= 8
            else "Word"
            if text[:1].isupper()
            else "low"
            if text.isalpha()
            else "mix"
        )
    return ("Title" if all(word[:1].isupper() or len(word) < 4 for word in words) else "mixed") + str(
        min(len(words), 5)
    )


def _initials(alias: str, name: str) -> bool:
    letters = "".join(word[0] for word in re.findall(r"\w+", name) if word[0].isupper())
    return len(alias) > 1 and alias.replace(".", "").upper() in letters.upper()
