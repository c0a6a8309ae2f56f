"""Phrases that may be the object of a relation: what somebody did, why he was listed.

In: a `DocumentView`. Out: `TextObjectCandidate` candidates, each for one entity, with features for the scorer. Which
are true is not decided here. A deed is a verb with all that follows it in its clause, or a noun with its complements
("its role in the development of ..."). What else somebody is called is found by `kg.extraction.candidates.aliases`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kg.extraction.candidates.topics import topic_of
from kg.extraction.document_view import DocumentView
from kg.extraction.events.designations import GROUP_REASON
from kg.extraction.features.document import LISTABLE, LISTING, DocumentFeatures, EntityFeatures, word_class
from kg.extraction.features.pairs import Hashes, Parts, dep_path, hash_all, masked, path_signature
from kg.extraction.mention_spans import NAMES, MentionSpan
from kg.extraction.patterns.matcher import PatternMatch


@dataclass(frozen=True, slots=True)
class TextObjectCandidate:
    """A candidate: that `mention`'s entity did, was listed for or is called what `text[start:end]` of the document
    says.

    `start` and `end` are character offsets; `sentence` is where the phrase stands, `head` its head
    token, `tokens` its half-open range of tokens.
    """

    mention: MentionSpan
    start: int
    end: int
    sentence: int
    features: Parts
    kind: str
    other: int | None = None
    head: int = 0
    tokens: tuple[int, int] = (0, 0)


#: Labels below a verb that belong to what it says of its subject.
_SUBJECT: Final = ("nsubj", "csubj", "expl", "cc", "punct", "mark", "parataxis", "discourse")
_DEED_NOUNS: Final = frozenset(
    {"obl", "nmod", "obj", "pobj", "dobj", "conj", "root", "nsubj:pass", "obl:agent", "appos"}
)
_OFFENCE: Final = frozenset({"of", "for", "over", "with"})
_CAUSE: Final = frozenset({"for", "over", "because", "due"})
_LONGEST: Final = 60
_AFTER_LISTING: Final = 3
"""Sentences behind one that lists somebody which may give the reason."""


#: Sentence, head, start and end (tokens) and features of a phrase that may hold for entities named elsewhere.
_Reason = tuple[int, int, int, int, Hashes]


def text_objects(
    view: DocumentView, doc_features: DocumentFeatures, matches: Sequence[PatternMatch] = ()
) -> list[TextObjectCandidate]:
    """Candidates for `listed_for` and `implicated_in`, in the order of the text."""
    facts = doc_features.facts
    found: list[TextObjectCandidate] = []
    reasons: list[_Reason] = []
    children = _children(view)
    leads = {lead for lead in view.lead_in if lead is not None}
    by_sentence: dict[int, list[PatternMatch]] = {}
    for match in matches:
        if match.object_spot is None and match.predicate != "also_known_as":
            by_sentence.setdefault(match.sentence, []).append(match)
    topic = topic_of(view)
    recent = -_AFTER_LISTING - 1
    for number, (first, last) in enumerate(view.sentences):
        here = by_sentence.get(number, ())
        spans = _spans(view, children, first, last, here)
        if not spans:
            continue
        doers = _doers(view, number, topic)
        listing = not LISTING.isdisjoint(view.lemmas[first:last])
        recent = number if listing else recent
        if not doers and number not in leads and number - recent > _AFTER_LISTING:
            continue
        triggers = [t for t in range(first, last) if view.lemmas[t] in LISTING and view.tags[t] in ("VERB", "NOUN")]
        shapes: _Shapes = {}
        for head, start, end in spans:
            about = hash_all(_phrase_features(view, head, start, end, triggers))
            if number - recent <= _AFTER_LISTING or number in leads:
                reasons.append((number, head, start, end, about))
            for mention, kind in doers:
                if start <= mention.start < end and kind == "sentence":
                    continue
                link = _link_features(view, mention, (head, start), kind=kind, shapes=shapes)
                for match in here:
                    if match.object_start < end and start < match.object_end:
                        same = "same" if (match.object_start, match.object_end) == (start, end) else "part"
                        mine = "own" if match.subject == mention.entity else "other"
                        link += [f"r:{match.rule}:{mine}:{same}", f"rp:{match.predicate}:{mine}:{same}"]
                parts = (about, hash_all(link), facts.first[mention.entity])
                found.append(
                    TextObjectCandidate(
                        mention, *chars(view, start, end), number, parts, kind, None, head, (start, end)
                    )
                )
    found.extend(_from_lead_ins(view, reasons, facts))
    found.extend(_shared_reasons(view, reasons, facts, matches))
    return found


def _children(view: DocumentView) -> list[list[int]]:
    children: list[list[int]] = [[] for _ in view.heads]
    for token, head in enumerate(view.heads):
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
    view: DocumentView, children: list[list[int]], first: int, last: int, matches: Sequence[PatternMatch]
) -> list[tuple[int, int, int]]:
    """Head, start and end of each phrase: what rules found, clauses without their subject, nouns behind a cause."""
    found: dict[tuple[int, int], int] = {}
    for match in matches:
        inside = range(match.object_start, match.object_end)
        head = next((t for t in inside if view.heads[t] not in inside or view.heads[t] == t), match.object_start)
        _add(found, view, (match.object_start, match.object_end), head=head, last=last)
    for token in range(first, last):
        tag = view.tags[token]
        verbal = tag == "VERB" or (tag in ("NOUN", "ADJ") and any(view.deps[c] == "cop" for c in children[token]))
        if verbal:
            starts = [token]
            leading = [c for c in children[token] if c < token and not view.deps[c].startswith(_SUBJECT)]
            if tag != "VERB" and leading:
                starts = [min(leading)]
            end = _right_edge(children, token)
            _add(found, view, (starts[0], end), head=token, last=last)
            joined = [c for c in children[token] if c > token and view.deps[c] in ("conj", "advcl", "parataxis")]
            if joined:
                cut = min(_left_edge(children, joined[0]), joined[0])
                if cut > token + 1:
                    _add(found, view, (starts[0], cut), head=token, last=last)
        elif tag in ("NOUN", "PROPN") and view.deps[token] in _DEED_NOUNS and token not in view.covered:
            left = _left_edge(children, token)
            lead = [c for c in children[token] if c < token and view.deps[c] in ("case", "mark", "cc", "punct")]
            start = max([left, *[c + 1 for c in lead]])
            end = _right_edge(children, token)
            if end - start >= 2 or any(view.lemmas[c] in _OFFENCE for c in lead):
                _add(found, view, (start, end), head=token, last=last)
    return sorted([(head, start, end) for (start, end), head in found.items()], key=lambda one: (one[1], one[2]))


def _left_edge(children: Sequence[Sequence[int]], token: int) -> int:
    edge = token
    while children[edge]:
        first = children[edge][0]
        if first >= edge:
            break
        edge = first
    return edge


def _add(found: dict[tuple[int, int], int], view: DocumentView, span: tuple[int, int], *, head: int, last: int) -> None:
    start, end = span
    end = min(end, last, start + _LONGEST)
    while end > start + 1 and view.tags[end - 1] in ("PUNCT", "SPACE", "CCONJ"):
        end -= 1
    while start < end - 1 and view.tags[start] in ("PUNCT", "SPACE", "CCONJ"):
        start += 1
    if end > start:
        found.setdefault((start, end), head)


def _doers(view: DocumentView, number: int, topic: MentionSpan | None) -> list[tuple[MentionSpan, str]]:
    """Who may have done what the sentence says: its own mentions, its heading's, the subject of the one before."""
    doers: list[tuple[MentionSpan, str]] = []
    seen: set[str] = set()
    for mention in view.mentions[number]:
        if mention.type in LISTABLE and mention.entity not in seen:
            seen.add(mention.entity)
            doers.append((mention, "sentence"))
        if len(doers) >= 8:
            break
    for heading in view.topics[number][:2]:
        if heading not in seen and view.entities[heading].type in LISTABLE:
            seen.add(heading)
            doers.append((view.entities[heading].mentions[0], "heading"))
    headed = any(kind == "heading" for _, kind in doers)
    if number and not headed and len(doers) < _CROWD:
        before = [one for one in view.mentions[number - 1] if one.type in LISTABLE]
        subjects = [one for one in before if view.deps[one.head].startswith("nsubj")]
        for mention in [*subjects[:1], *before][:_MOST_BEFORE]:
            if mention.entity not in seen:
                seen.add(mention.entity)
                doers.append((mention, "before"))
    if topic is not None and not headed and topic.entity not in seen:
        doers.append((topic, "topic"))
    return doers


_CROWD: Final = 3
"""Entities of a sentence from which nobody named before it is thought to be its doer."""
_MOST_BEFORE: Final = 3


def _phrase_features(view: DocumentView, head: int, start: int, end: int, triggers: Sequence[int]) -> list[str]:
    """What kind of phrase it is, whoever did it."""
    lemmas, deps, heads, tags = view.lemmas, view.deps, view.heads, view.tags
    first, last = view.sentences[view.sentence_of[head]]
    words = masked(view, start, end)
    length = len(words)
    above = heads[head]
    before = masked(view, max(first, start - 3), start)
    form = view.words[head][-3:]
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
        up, down, top = dep_path(view, head, trigger)
        if top is not None and len(up) + len(down) < 6:
            shape = path_signature(deps, up, down)
            found.append(f"pg:{lemmas[trigger]}:{shape}")
            found.append(f"pgs:{shape}")
            if before:
                word = word_class(lemmas[trigger])
                cause = "cause" if before[-1] in _CAUSE else before[-1]
                found.append(f"pgb:{lemmas[trigger]}:{before[-1]}")
                found.append(f"pgc:{word}:{cause}:{len(up) + len(down)}")
                found.append(f"pgd:{word}:{cause}:{deps[head]}")
    block = view.blocks[view.block_of[view.sentence_of[head]]].kind if view.blocks else ""
    found.append(f"pk:{block}")
    return found


_Shapes = dict[tuple[int, int], tuple[str, int | None]]
"""The shape of the way from a token to another and the top of it, remembered for a sentence."""


def _shape(view: DocumentView, one: int, two: int, shapes: _Shapes) -> tuple[str, int | None]:
    if (one, two) not in shapes:
        up, down, top = dep_path(view, one, two)
        if len(up) + len(down) > 7:
            shape = "far"
        elif top is None:
            shape = "apart"
        else:
            shape = path_signature(view.deps, up, down)
        shapes[one, two] = shape, top
    return shapes[one, two]


def _link_features(
    view: DocumentView, mention: MentionSpan, phrase: tuple[int, int], *, kind: str, shapes: _Shapes
) -> list[str]:
    """Features of an entity beside a phrase, given as its head and its first token."""
    head, start = phrase
    found = [f"lk:{kind}:{mention.kind}", f"lt:{mention.type}"]
    if kind != "sentence":
        return [*found, f"lkh:{kind}:{view.lemmas[head]}", f"lkd:{kind}:{view.deps[head]}"]
    deps, lemmas = view.deps, view.lemmas
    shape, top = _shape(view, mention.head, head, shapes)
    side = "l" if mention.start < start else "r"
    found += [
        f"lp:{shape}",
        f"ls:{side}:{deps[mention.head]}",
        f"lph:{shape}:{lemmas[head]}",
        f"lpt:{mention.type}:{shape}",
        f"lg:{side}:{min(abs(start - mention.end) // 3, 6)}",
    ]
    if top is not None:
        found.append(f"ltop:{lemmas[top]}:{shape if shape != 'far' else side}")
    between = masked(view, mention.end, start) if mention.end <= start else []
    if 0 < len(between) <= 8:
        found += [f"lb:{word}" for word in between]
    others = sum(1 for one in view.mentions[view.sentence_of[mention.start]] if one.start < mention.start)
    found.append(f"lo:{min(others, 4)}")
    return found


def _from_lead_ins(
    view: DocumentView, reasons: Sequence[_Reason], facts: EntityFeatures
) -> Iterator[TextObjectCandidate]:
    """What the sentence that leads into a list says, for the first entity of each item."""
    by_sentence: dict[int, list[_Reason]] = {}
    for reason in reasons:
        by_sentence.setdefault(reason[0], []).append(reason)
    for number, lead in enumerate(view.lead_in):
        if lead is None or lead not in by_sentence:
            continue
        own = next((one for one in view.mentions[number] if one.type in LISTABLE and one.kind in NAMES), None)
        if own is None:
            continue
        link = hash_all(["lk:item", f"lt:{own.type}"])
        for _, head, start, end, about in by_sentence[lead]:
            parts = (about, link, facts.first[own.entity])
            yield TextObjectCandidate(own, *chars(view, start, end), lead, parts, "item", number, head, (start, end))


def _shared_reasons(
    view: DocumentView, reasons: Sequence[_Reason], facts: EntityFeatures, matches: Sequence[PatternMatch]
) -> Iterator[TextObjectCandidate]:
    """A reason given once for many: the phrases of early listing sentences, and what an act gives for its members."""
    early = [reason for reason in reasons if reason[0] < 8][:14]
    given = {
        (match.subject, match.object_start, match.object_end)
        for match in matches
        if match.object_spot is None and match.rule == GROUP_REASON
    }
    of_acts = {place[1:] for place in given}
    chosen = early + [one for one in reasons if (one[2], one[3]) in of_acts and one not in early]
    for entity in view.entities.values():
        if entity.type not in LISTABLE:
            continue
        mention = next((one for one in entity.mentions if one.kind in NAMES), entity.mentions[0])
        mine = {view.sentence_of[one.start] for one in entity.mentions}
        near = sorted((one for one in reasons if _near(one[0], mine)), key=lambda one: abs(_away(one[0], mine)))[:_NEAR]
        doc_features = hash_all([f"lt:{entity.type}", f"lm:{min(len(mine), 4)}"])
        listed = entity.id not in facts.none_listed
        done: set[tuple[int, int]] = set()
        for number, head, start, end, about in [*chosen, *near]:
            if number in mine or (start, end) in done:
                continue
            done.add((start, end))
            own = (entity.id, start, end) in given
            of_act = (start, end) in of_acts
            away = _away(number, mine)
            link = hash_all(
                [
                    "lk:act",
                    f"ll:{listed}",
                    f"lq:{min(number, 5)}",
                    f"lg:{own}",
                    f"lh:{of_act}:{own}",
                    f"lr:{max(-4, min(4, away))}:{listed}",
                ]
            )
            here = view.sentence_of[mention.start]
            parts = (about, link, doc_features, facts.first[entity.id])
            yield TextObjectCandidate(mention, *chars(view, start, end), number, parts, "act", here, head, (start, end))


_NEAR: Final = 32
"""Reasons given near an entity that are weighed for it."""


def _near(number: int, mine: set[int]) -> bool:
    """Whether a sentence stands up to two before one of `mine`, or up to four behind it."""
    return any(-2 <= number - one <= 4 for one in mine)


def _away(number: int, mine: set[int]) -> int:
    """How many sentences behind the nearest of `mine` a sentence stands; negative before it."""
    return min((number - one for one in mine), key=lambda away: (abs(away), away))


def chars(view: DocumentView, start: int, end: int) -> tuple[int, int]:
    """The character range of a range of tokens."""
    return view.starts[start], view.ends[end - 1]
