"""Alias candidates: names in brackets behind a name, or behind "a.k.a.", "known as", "formerly".

In: a `DocumentView`. Out: `TextObjectCandidate` candidates for `also_known_as`, with features for the scorer; which are
true is not decided here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kg.extraction.candidates.text_objects import TextObjectCandidate, chars
from kg.extraction.document_view import DocumentView
from kg.extraction.events.identifier_blocks import FIELD_LABEL, NAME_LABELS
from kg.extraction.features.document import DocumentFeatures
from kg.extraction.features.pairs import Hashes, hash_all, masked
from kg.extraction.mention_spans import NAMES, MentionSpan
from kg.extraction.patterns.matcher import PatternMatch
from kg.namespaces import name_key

_CUE: Final = re.compile(
    r"(?:\(|\b)(?:[afn][./]?\s?k[./]?\s?a\.?|[dt]/(?:b/)?a|also (?:known|called|spelled|written|referred to) as|"
    r"(?:better|formerly|previously|otherwise|commonly|now|also|publicly|popularly|sometimes|widely) known as|"
    r"known (?:as|by|locally as)|referred to as|formerly(?: called| named)?|alias(?:es)?|called|renamed(?: as)?|"
    r"nicknamed|dubbed|styled|(?:trad(?:es|ing)|operat(?:es|ing)|doing business) as|go(?:es|ing)? by|ex|"
    r"uses? the (?:name|handle|alias)s?|baptised|"
    r"(?:full|former|birth|real|project|code|previous) (?:company )?names?(?: is)?|acronyms?|abbreviated(?: as)?|"
    r"under the names?)[:,]?\s+(?:the\s+)?[\"“‘'(]?",
    re.IGNORECASE,
)
_STOP: Final = re.compile(
    r"[\"”’;:()\[\]\n]|,? (?:and|or|who|which|is|was|were|has|have|a\.k\.a\.|aka|f\.k\.a\.)\b|,\s|\.\s|\.$"
)


def alias_candidates(
    view: DocumentView, doc_features: DocumentFeatures, matches: Sequence[PatternMatch] = ()
) -> list[TextObjectCandidate]:
    """Candidates for `also_known_as`, in the order of the text."""
    facts = doc_features.facts.first
    found: dict[tuple[str, int, int], TextObjectCandidate] = {}
    for number, mentions in enumerate(view.mentions):
        first, last = view.sentences[number]
        ruled = [one for one in matches if one.sentence == number and one.predicate == "also_known_as"]
        for mention in mentions:
            if mention.kind not in NAMES:
                continue
            for start, end, cue in [
                *_alias_spans(view, mention, first, last),
                *[(m.object_start, m.object_end, m.rule) for m in ruled if m.subject == mention.entity],
            ]:
                _add(found, view, facts, mention, place=chars(view, start, end), cue=cue)
    for mention, place, cue in (*_listed(view), *_variants(view)):
        _add(found, view, facts, mention, place=place, cue=cue)
    return list(found.values())


def _add(
    found: dict[tuple[str, int, int], TextObjectCandidate],
    view: DocumentView,
    facts: Mapping[str, Hashes],
    mention: MentionSpan,
    *,
    place: tuple[int, int],
    cue: str,
) -> None:
    """Add the alias that stands at these characters, unless it is there or is the name itself."""
    key = (mention.entity, *place)
    text = view.text[place[0] : place[1]]
    if key in found or text.split() == view.entities[mention.entity].name.split():
        return
    token = bisect_right(view.starts, place[0]) - 1
    end = bisect_left(view.starts, place[1])
    number = view.sentence_of[token]
    first, last = view.sentences[number]
    before = masked(view, max(first, token - 3), token)
    gap = token - mention.end
    features = [
        f"qc:{cue}",
        f"qt:{mention.type}:{cue}",
        f"qs:{_shape(text)}",
        f"qsc:{_shape(text)}:{cue}",
        f"qn:{len(text.split())}",
        f"qa:{view.words[end] if end < last else '$'}",
        f"qi:{_initials(text, view.span_text(mention.start, mention.end))}",
        f"qo:{_shared_words(text, view.entities[mention.entity].name)}",
        f"qg:{max(-1, min(gap, 6)) if gap < 60 else 7}",
        *[f"qb{distance}:{word}" for distance, word in enumerate(reversed(before))],
        *[f"qw:{word}" for word in text.lower().split()[:4]],
    ]
    parts = (hash_all(features), facts[mention.entity])
    found[key] = TextObjectCandidate(mention, *place, number, parts, "alias")


def _shared_words(alias: str, name: str) -> str:
    """How much of an alias stands in the name: all, some, none."""
    words, own = set(name_key(alias).split()), set(name_key(name).split())
    return "all" if words <= own else "some" if words & own else "none"


_LIST_CUE: Final = re.compile(
    r"(?:(?:good|low)[ -]quality )?(?:\b|(?<=[a-z]))(?:a\.\s?k\.\s?a\.?|[adt]/(?:[kb]/)?a|aka|f\.\s?k\.\s?a\.?|fka|"
    r"alias(?:es)?|other names?|name variations?|handles?|also (?:known|referred to) as|formerly|ex|"
    r"previous (?:company )?names?|before \d{4})"
    r"\s?(?::|(?=\s)|(?=[“\"(]))",
    re.IGNORECASE,
)
"""What opens a list of other names."""
_ITEM: Final = re.compile(
    r"\s*(?:[;\n|]|\(?\b[a-z0-9]{1,2}\)|,(?= [a-z]\.k\.a)"
    r"|(?:(?<=[a-z])|\b)(?:a\.\s?k\.\s?a\.?|f\.\s?k\.\s?a\.?|AKA|FKA)\b:?"
    r"|,? (?:and|or) (?=[\"“A-Z])|[\"”](?=[,\s)]))\s*|,\s+"
)
"""What parts two names of such a list."""
_END: Final = re.compile(
    r"\)|(?<=\w\w)\.\s+(?=[A-Z][a-z]+ )|\n\n|(?<=[a-z])(?:DOB|POB|[A-Z][a-z]+(?: of [a-z]+)?):"
    r"|\b(?:Designation|Nationality|National|Listed on|Other information|Document number|Position|Date|Place):?\s"
)
"""What ends the list: the bracket that closes, a new sentence or paragraph, a label without space before it."""
_COUNTER: Final = re.compile(r"(?:^|[\s(,;:])[a-z0-9]{1,2}\)\Z", re.IGNORECASE)
"""A counter of items, "b)" or "(2)", whose bracket closes nothing."""
_LONGEST_LIST: Final = 700
_LONGEST_ALIAS: Final = 80


def _listed(view: DocumentView) -> Iterator[tuple[MentionSpan, tuple[int, int], str]]:
    """The items of lists of other names, for the entity named last before the list."""
    names = [mention for mentions in view.mentions for mention in mentions if mention.kind in NAMES]
    starts = [view.starts[mention.start] for mention in names]
    for cue in _LIST_CUE.finditer(view.text):
        number = bisect_left(starts, cue.start())
        if not number:
            continue
        owners = _owners(view, names[max(0, number - 12) : number], cue.start())
        label = re.sub(r"\W+", " ", cue.group().lower()).strip()
        for place in _items(view.text, cue.end()):
            for rank, owner in enumerate(owners):
                yield owner, place, f"list {label} {rank}"


def _owners(view: DocumentView, names: Sequence[MentionSpan], at: int) -> list[MentionSpan]:
    """Whose names a list may give: the entity named last before it, that its block or heading begins with."""
    owners = [names[-1]]
    block = view.block_of[view.sentence_of[names[-1].start]]
    begins = [one for one in names if view.block_of[view.sentence_of[one.start]] == block]
    owners += begins[:1]
    for topic in view.topics[view.sentence_of[names[-1].start]][:1]:
        owners.append(view.entities[topic].mentions[0])
    return list({owner.entity: owner for owner in owners}.values())


def _items(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The characters of each name from the head of a list to its end; names with a comma both whole and in part."""
    stop = min(_list_end(text, start, start + _LONGEST_LIST), len(text))
    at, whole = start, start
    for mark in [*_ITEM.finditer(text, start, stop), None]:
        end = mark.start() if mark else stop
        yield from _trimmed(text, at, end)
        comma = mark is not None and mark.group().strip() == ","
        if not comma:
            if whole != at:
                yield from _trimmed(text, whole, end)
            whole = mark.end() if mark else stop
        at = mark.end() if mark else stop


def _list_end(text: str, start: int, limit: int) -> int:
    """Where a list of names ends, at `limit` at the latest."""
    ends = (one.start() for one in _END.finditer(text, start + 1, limit))
    end = next((at for at in ends if not _COUNTER.search(text, start, at + 1)), limit)
    labels = (one for one in FIELD_LABEL.finditer(text, start + 1, end))
    return next((one.start() for one in labels if one["key"].lower() not in NAME_LABELS), end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The range without quotes, brackets and spaces around it, where a name can be that long."""
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] == "."):
        end -= 1
    if 1 < end - start <= _LONGEST_ALIAS and any(char.isupper() or not char.isascii() for char in text[start:end]):
        yield start, end


_QUOTED: Final = re.compile(r"[“\"]([^“”\"\n]{2,40})[”\"]")


def _variants(view: DocumentView) -> Iterator[tuple[MentionSpan, tuple[int, int], str]]:
    """Names of an entity that are no part of its fullest one, and what stands in quotes beside a name."""
    for entity in view.entities.values():
        named = [mention for mention in entity.mentions if mention.kind in NAMES]
        own = set(name_key(entity.name).split())
        seen: set[str] = set()
        for mention in named:
            key = name_key(view.span_text(mention.start, mention.end))
            if key and key not in seen and not set(key.split()) <= own:
                seen.add(key)
                yield mention, chars(view, mention.start, mention.end), f"variant {mention.kind}"
    for quoted in _QUOTED.finditer(view.text):
        words = quoted.group(1).split()
        if len(words) > 4 or not quoted.group(1)[:1].isupper():
            continue
        token = bisect_right(view.starts, quoted.start(1)) - 1
        beside = [one for one in view.mentions[view.sentence_of[token]] if one.kind in NAMES]
        beside = [one for one in beside if one.start != token]
        for mention in sorted(beside, key=lambda one: abs(one.start - token))[:2]:
            yield mention, quoted.span(1), "quoted"


def _alias_spans(view: DocumentView, mention: MentionSpan, first: int, last: int) -> Iterator[tuple[int, int, str]]:
    last = min(len(view.words), max(last, mention.end + 40))
    token = mention.end
    while token < last and view.tags[token] == "SPACE":
        token += 1
    if token < last and view.words[token] in ("(", "[") and token - mention.end <= 2:
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
