"""What else somebody is called: names in brackets behind a name, or behind "a.k.a.", "known as", "formerly".

In: a `DocumentView`. Out: `TextObjectCandidate` candidates for `also_known_as`, with features for the scorer; which are
true is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kg.extraction.candidates.text_objects import TextObjectCandidate, chars
from kg.extraction.document_view import DocumentView
from kg.extraction.features.document import DocumentFeatures
from kg.extraction.features.pairs import hash_all, masked
from kg.extraction.mention_spans import NAMES, MentionSpan
from kg.extraction.patterns.matcher import PatternMatch

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


def alias_candidates(
    view: DocumentView, doc_features: DocumentFeatures, matches: Sequence[PatternMatch] = ()
) -> list[TextObjectCandidate]:
    """Candidates for `also_known_as`, in the order of the text."""
    facts = doc_features.facts
    found: dict[tuple[str, int, int], TextObjectCandidate] = {}
    for number, mentions in enumerate(view.mentions):
        first, last = view.sentences[number]
        ruled = [one for one in matches if one.sentence == number and one.predicate == "also_known_as"]
        for mention in mentions:
            if mention.kind not in NAMES:
                continue
            own = facts.first[mention.entity]
            for start, end, cue in [
                *_alias_spans(view, mention, first, last),
                *[(m.object_start, m.object_end, m.rule) for m in ruled if m.subject == mention.entity],
            ]:
                before = masked(view, max(first, start - 3), start)
                after = view.words[end] if end < last else "$"
                text = view.span_text(start, end)
                features = [
                    f"qc:{cue}",
                    f"qt:{mention.type}:{cue}",
                    f"qs:{_shape(text)}",
                    f"qsc:{_shape(text)}:{cue}",
                    f"qn:{end - start}",
                    f"qa:{after}",
                    f"qi:{_initials(text, view.span_text(mention.start, mention.end))}",
                    f"qg:{min(start - mention.end, 6)}",
                    *[f"qb{distance}:{word}" for distance, word in enumerate(reversed(before))],
                    *[f"qw:{word}" for word in text.lower().split()[:4]],
                ]
                found.setdefault(
                    (mention.entity, start, end),
                    TextObjectCandidate(mention, *chars(view, start, end), number, (hash_all(features), own), "alias"),
                )
    return list(found.values())


def _alias_spans(view: DocumentView, mention: MentionSpan, first: int, last: int) -> Iterator[tuple[int, int, str]]:
    last = min(len(view.words), max(last, mention.end + 40))
    token = mention.end
    while token < last and view.tags[token] == "SPACE":
        token += 1
    if token < last and view.words[token] in ("(", "[") and token - mention.end <= 1:
        close = next((t for t in range(token + 1, min(last, token + 40)) if view.words[t] in (")", "]")), None)
        if close is not None and close > token + 1:
            yield from _parts(view, token + 1, close)
    text = view.text
    begin, limit = view.ends[mention.end - 1], view.ends[last - 1]
    window = text[begin : min(limit, begin + 90)]
    cue = _CUE.search(window)
    if cue is not None and cue.start() < 40:
        at = begin + cue.end()
        end = _STOP.search(text, at, min(limit, at + 80))
        stop = end.start() if end is not None else min(limit, at + 80)
        span = view.doc.char_span(at, stop, alignment_mode="contract")
        if span is not None and 0 < len(span) <= 10:
            yield span.start, span.end, re.sub(r"\W+", " ", cue.group().lower()).strip()
    for other in view.mentions[view.sentence_of[mention.start]]:
        if other.kind == "alias" and other.entity == mention.entity and other.start > mention.end:
            yield other.start, other.end, "linked"


def _parts(view: DocumentView, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """What stands in brackets, cut at commas, "or" and "a.k.a."."""
    at = start
    cue = "bracket"
    for token in range(start, end + 1):
        word = view.words[token] if token < end else ";"
        if token == end or word in (",", ";", "or", "and", "“", "”", '"', "/"):
            while at < token and view.words[at].rstrip(".:,") in (
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
                cue = f"bracket {view.words[at]}"
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
