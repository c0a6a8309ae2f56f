"""Phrases that may be the object of a relation: what somebody did, why he was listed.

In: a `Sheet`. Out: `Phrase` candidates, each for one entity, with features for the scorer. Which are true is not
decided here. A deed is a verb with all that follows it in its clause, or a noun with its complements ("its role in the
development of ..."). What else somebody is called is found by `kg.extraction.candidates.aliases`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kg.extraction.document_view import Sheet
from kg.extraction.events.designations import GROUP_REASON
from kg.extraction.features.document import LISTABLE, LISTING, Facts, Marks, word_class
from kg.extraction.features.pairs import Hashes, Parts, hash_all, masked, path, way_shape
from kg.extraction.mention_spans import NAMES, Spot
from kg.extraction.patterns.matcher import Match


@dataclass(frozen=True, slots=True)
class Phrase:
    """A candidate: that `spot`'s entity did, was listed for or is called what `text[start:end]` of the document says.

    `start` and `end` are character offsets; `sentence` is where the phrase stands, `head` its head
    token.
    """

    spot: Spot
    start: int
    end: int
    sentence: int
    features: Parts
    kind: str
    other: int | None = None
    head: int = 0


#: Labels below a verb that belong to what it says of its subject.
_SUBJECT: Final = ("nsubj", "csubj", "expl", "cc", "punct", "mark", "parataxis", "discourse")
_DEED_NOUNS: Final = frozenset(
    {"obl", "nmod", "obj", "pobj", "dobj", "conj", "root", "nsubj:pass", "obl:agent", "appos"}
)
_CAUSE: Final = frozenset({"for", "over", "because", "due"})
_LONGEST: Final = 60


#: Sentence, head, start and end (tokens) and features of a phrase that may hold for entities named elsewhere.
_Reason = tuple[int, int, int, int, Hashes]


def deeds(sheet: Sheet, marks: Marks, matches: Sequence[Match] = ()) -> list[Phrase]:
    """Candidates for `listed_for` and `implicated_in`, in the order of the text."""
    facts = marks.facts
    found: list[Phrase] = []
    reasons: list[_Reason] = []
    children = _children(sheet)
    leads = {lead for lead in sheet.lead_in if lead is not None}
    by_sentence: dict[int, list[Match]] = {}
    for match in matches:
        if match.object_spot is None and match.predicate != "also_known_as":
            by_sentence.setdefault(match.sentence, []).append(match)
    for number, (first, last) in enumerate(sheet.sentences):
        here = by_sentence.get(number, ())
        spans = _spans(sheet, children, first, last, here)
        if not spans:
            continue
        doers = _doers(sheet, number)
        if not doers and number not in leads and LISTING.isdisjoint(sheet.lemmas[first:last]):
            continue
        triggers = [t for t in range(first, last) if sheet.lemmas[t] in LISTING and sheet.tags[t] in ("VERB", "NOUN")]
        shapes: _Shapes = {}
        for head, start, end in spans:
            about = hash_all(_phrase_features(sheet, head, start, end, triggers))
            if triggers or number in leads:
                reasons.append((number, head, start, end, about))
            for spot, kind in doers:
                if start <= spot.start < end and kind == "sentence":
                    continue
                link = _link_features(sheet, spot, head, start, kind, shapes)
                for match in here:
                    if match.object_start < end and start < match.object_end:
                        same = "same" if (match.object_start, match.object_end) == (start, end) else "part"
                        mine = "own" if match.subject == spot.entity else "other"
                        link += [f"r:{match.rule}:{mine}:{same}", f"rp:{match.predicate}:{mine}:{same}"]
                parts = (about, hash_all(link), facts.first[spot.entity])
                found.append(Phrase(spot, *chars(sheet, start, end), number, parts, kind, None, head))
    found.extend(_from_lead_ins(sheet, reasons, facts))
    found.extend(_shared_reasons(sheet, reasons, facts, matches))
    return found


def _children(sheet: Sheet) -> list[list[int]]:
    children: list[list[int]] = [[] for _ in sheet.heads]
    for token, head in enumerate(sheet.heads):
        if head != token:
            children[head].append(token)
    return children


def _right_edge(children: Sequence[Sequence[int]], token: int) -> int:
    """One past the last token below `token`."""
    edge = token
    while children[edge]:
        last = children[edge][-1]
        if last <= edge:
            break
        edge = last
    return edge + 1


def _spans(
    sheet: Sheet, children: list[list[int]], first: int, last: int, matches: Sequence[Match]
) -> list[tuple[int, int, int]]:
    """Head, start and end of each phrase: what rules found, clauses without their subject, nouns behind a cause."""
    found: dict[tuple[int, int], int] = {}
    for match in matches:
        inside = range(match.object_start, match.object_end)
        head = next((t for t in inside if sheet.heads[t] not in inside or sheet.heads[t] == t), match.object_start)
        _add(found, sheet, match.object_start, match.object_end, head, last)
    for token in range(first, last):
        tag = sheet.tags[token]
        verbal = tag == "VERB" or (tag in ("NOUN", "ADJ") and any(sheet.deps[c] == "cop" for c in children[token]))
        if verbal:
            starts = [token]
            leading = [c for c in children[token] if c < token and not sheet.deps[c].startswith(_SUBJECT)]
            if tag != "VERB" and leading:
                starts = [min(leading)]
            end = _right_edge(children, token)
            _add(found, sheet, starts[0], end, token, last)
            joined = [c for c in children[token] if c > token and sheet.deps[c] in ("conj", "advcl", "parataxis")]
            if joined:
                cut = min(_left_edge(children, joined[0]), joined[0])
                if cut > token + 1:
                    _add(found, sheet, starts[0], cut, token, last)
        elif tag in ("NOUN", "PROPN") and sheet.deps[token] in _DEED_NOUNS and token not in sheet.covered:
            left = _left_edge(children, token)
            lead = [c for c in children[token] if c < token and sheet.deps[c] in ("case", "mark", "cc", "punct")]
            start = max([left, *[c + 1 for c in lead]])
            end = _right_edge(children, token)
            if end - start >= 2:
                _add(found, sheet, start, end, token, last)
    return sorted([(head, start, end) for (start, end), head in found.items()], key=lambda one: (one[1], one[2]))


def _left_edge(children: Sequence[Sequence[int]], token: int) -> int:
    edge = token
    while children[edge]:
        first = children[edge][0]
        if first >= edge:
            break
        edge = first
    return edge


def _add(found: dict[tuple[int, int], int], sheet: Sheet, start: int, end: int, head: int, last: int) -> None:
    end = min(end, last, start + _LONGEST)
    while end > start + 1 and sheet.tags[end - 1] in ("PUNCT", "SPACE", "CCONJ"):
        end -= 1
    while start < end - 1 and sheet.tags[start] in ("PUNCT", "SPACE", "CCONJ"):
        start += 1
    if end - start >= 2:
        found.setdefault((start, end), head)


def _doers(sheet: Sheet, number: int) -> list[tuple[Spot, str]]:
    """Who may have done what the sentence says: its own mentions, its heading's, the subject of the one before."""
    doers: list[tuple[Spot, str]] = []
    seen: set[str] = set()
    for spot in sheet.spots[number]:
        if spot.type in LISTABLE and spot.entity not in seen:
            seen.add(spot.entity)
            doers.append((spot, "sentence"))
        if len(doers) >= 8:
            break
    for topic in sheet.topics[number][:2]:
        if topic not in seen and sheet.figures[topic].type in LISTABLE:
            seen.add(topic)
            doers.append((sheet.figures[topic].spots[0], "heading"))
    if number and not any(kind == "heading" for _, kind in doers):
        before = [spot for spot in sheet.spots[number - 1] if spot.type in LISTABLE and spot.entity not in seen]
        if before and (not doers or len(doers) < 3):
            lead = next((spot for spot in before if sheet.deps[spot.head].startswith("nsubj")), before[0])
            doers.append((lead, "before"))
    return doers


def _phrase_features(sheet: Sheet, head: int, start: int, end: int, triggers: Sequence[int]) -> list[str]:
    """What kind of phrase it is, whoever did it."""
    lemmas, deps, heads, tags = sheet.lemmas, sheet.deps, sheet.heads, sheet.tags
    first, last = sheet.sentences[sheet.sentence_of[head]]
    words = masked(sheet, start, end)
    length = len(words)
    above = heads[head]
    before = masked(sheet, max(first, start - 3), start)
    form = sheet.words[head][-3:]
    found = [
        f"ph:{lemmas[head]}",
        f"pt:{tags[head]}:{form}",
        f"pd:{deps[head]}:{tags[head]}",
        f"pu:{lemmas[above] if above != head else 'root'}:{deps[head]}",
        f"pn:{min(length // 3, 8)}",
        f"pe:{end >= last - 1}",
        f"ps:{start == first}",
        f"pl:{bool(triggers)}",
    ]
    found += [f"pb{distance}:{word}" for distance, word in enumerate(reversed(before))]
    if len(before) > 1:
        found.append(f"pbb:{before[-2]} {before[-1]}")
    found += [f"pw:{word}" for word in words[:30]]
    found += [f"p2:{one} {two}" for one, two in pairwise(words[:7])]
    for trigger in triggers[:3]:
        up, down, top = path(sheet, head, trigger)
        if top is not None and len(up) + len(down) < 6:
            shape = way_shape(deps, up, down)
            found.append(f"pg:{lemmas[trigger]}:{shape}")
            found.append(f"pgs:{shape}")
            if before:
                word = word_class(lemmas[trigger])
                cause = "cause" if before[-1] in _CAUSE else before[-1]
                found.append(f"pgb:{lemmas[trigger]}:{before[-1]}")
                found.append(f"pgc:{word}:{cause}:{len(up) + len(down)}")
                found.append(f"pgd:{word}:{cause}:{deps[head]}")
    block = sheet.blocks[sheet.block_of[sheet.sentence_of[head]]].kind if sheet.blocks else ""
    found.append(f"pk:{block}")
    return found


_Shapes = dict[tuple[int, int], tuple[str, int | None]]
"""The shape of the way from a token to another and the top of it, remembered for a sentence."""


def _shape(sheet: Sheet, one: int, two: int, shapes: _Shapes) -> tuple[str, int | None]:
    if (one, two) not in shapes:
        up, down, top = path(sheet, one, two)
        if len(up) + len(down) > 7:
            shape = "far"
        elif top is None:
            shape = "apart"
        else:
            shape = way_shape(sheet.deps, up, down)
        shapes[one, two] = shape, top
    return shapes[one, two]


def _link_features(sheet: Sheet, spot: Spot, head: int, start: int, kind: str, shapes: _Shapes) -> list[str]:
    """How an entity stands to a phrase that begins at `start`."""
    found = [f"lk:{kind}:{spot.kind}", f"lt:{spot.type}"]
    if kind != "sentence":
        return [*found, f"lkh:{kind}:{sheet.lemmas[head]}", f"lkd:{kind}:{sheet.deps[head]}"]
    deps, lemmas = sheet.deps, sheet.lemmas
    shape, top = _shape(sheet, spot.head, head, shapes)
    side = "l" if spot.start < start else "r"
    found += [
        f"lp:{shape}",
        f"ls:{side}:{deps[spot.head]}",
        f"lph:{shape}:{lemmas[head]}",
        f"lpt:{spot.type}:{shape}",
        f"lg:{side}:{min(abs(start - spot.end) // 3, 6)}",
    ]
    if top is not None:
        found.append(f"ltop:{lemmas[top]}:{shape if shape != 'far' else side}")
    between = masked(sheet, spot.end, start) if spot.end <= start else []
    if 0 < len(between) <= 8:
        found += [f"lb:{word}" for word in between]
    others = sum(1 for one in sheet.spots[sheet.sentence_of[spot.start]] if one.start < spot.start)
    found.append(f"lo:{min(others, 4)}")
    return found


def _from_lead_ins(sheet: Sheet, reasons: Sequence[_Reason], facts: Facts) -> Iterator[Phrase]:
    """What the sentence that leads into a list says, for the first entity of each item."""
    by_sentence: dict[int, list[_Reason]] = {}
    for reason in reasons:
        by_sentence.setdefault(reason[0], []).append(reason)
    for number, lead in enumerate(sheet.lead_in):
        if lead is None or lead not in by_sentence:
            continue
        own = next((one for one in sheet.spots[number] if one.type in LISTABLE and one.kind in NAMES), None)
        if own is None:
            continue
        link = hash_all(["lk:item", f"lt:{own.type}"])
        for _, head, start, end, about in by_sentence[lead]:
            parts = (about, link, facts.first[own.entity])
            yield Phrase(own, *chars(sheet, start, end), lead, parts, "item", number, head)


def _shared_reasons(
    sheet: Sheet, reasons: Sequence[_Reason], facts: Facts, matches: Sequence[Match]
) -> Iterator[Phrase]:
    """A reason given once for many: the phrases of early listing sentences, and what an act gives for its members."""
    early = [reason for reason in reasons if reason[0] < 8][:14]
    given = {
        (match.subject, match.object_start, match.object_end)
        for match in matches
        if match.object_spot is None and match.rule == GROUP_REASON
    }
    of_acts = {place[1:] for place in given}
    chosen = early + [one for one in reasons if (one[2], one[3]) in of_acts and one not in early]
    for figure in sheet.figures.values():
        if figure.type not in LISTABLE:
            continue
        spot = next((one for one in figure.spots if one.kind in NAMES), figure.spots[0])
        mine = {sheet.sentence_of[one.start] for one in figure.spots}
        marks = hash_all([f"lt:{figure.type}", f"lm:{min(len(mine), 4)}"])
        listed = figure.id not in facts.none_listed
        for number, head, start, end, about in chosen:
            if number in mine:
                continue
            own = (figure.id, start, end) in given
            of_act = (start, end) in of_acts
            link = hash_all(["lk:act", f"ll:{listed}", f"lq:{min(number, 5)}", f"lg:{own}", f"lh:{of_act}:{own}"])
            here = sheet.sentence_of[spot.start]
            parts = (about, link, marks, facts.first[figure.id])
            yield Phrase(spot, *chars(sheet, start, end), number, parts, "act", here, head)


def chars(sheet: Sheet, start: int, end: int) -> tuple[int, int]:
    """The character range of a range of tokens."""
    return sheet.starts[start], sheet.ends[end - 1]
