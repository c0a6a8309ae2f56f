"""The date that belongs to an event: by the tree first, then by nearness within the clause.

A time of the statement ("said on Monday that ...") is not the event's, nor is a date of birth, nor one that belongs
to a relative clause or to another event of the sentence.
"""

from __future__ import annotations

import re
from typing import Final

from spacy.tokens import Doc

from kg.language.dates.value import When, day
from kg.language.syntax import Tree, read_tree

_SPEECH: Final = frozenset(
    "say tell state add note explain warn comment remark write report reiterate stress emphasize argue claim allege "
    "accuse deny respond reply insist believe think expect".split()
)
_BIRTH: Final = re.compile(r"\b(?:born|DOB|D\.O\.B|date of birth|b\.)[^.;]{0,24}$", re.I)
_PAST: Final = re.compile(
    r"\b(?:previously|already|earlier|originally|first|formerly|had been|has been|have been|had|was also|prior|in the past|since)\b",
    re.I,
)
_NOW: Final = re.compile(r"\b(?:today(?:['’]s)?|this action|these actions|today's action)\b", re.I)
#: Labels over which an event may take the date of the word above it.
_CLIMB: Final = frozenset(
    "obj nsubj nsubj:pass obl obl:agent nmod xcomp conj compound appos parataxis advcl ccomp dep iobj flat nmod:poss acl".split()
)
_CLAUSES: Final = frozenset({"acl:relcl", "acl", "advcl", "ccomp", "csubj", "parataxis", "conj", "root"})


def event_date(
    doc: Doc, trigger: int, whens: list[When], published: str | None, *, act: bool = False, tree: Tree | None = None
) -> When | None:
    """The time of the event whose trigger is at that token, or None when the text gives none for it.

    With `act`, an event without a date of its own is the act that the document itself announces and has the
    document's date, unless its sentence speaks of the past ("previously designated"). Pass the `tree` where it
    has been read already.
    """
    found = _own_date(doc, trigger, [when for when in whens if not _of_birth(doc, when)], tree)
    if found is not None or not act:
        return found
    today = day(published)
    if today is None:
        return None
    start, end = _sentence(doc, trigger)
    before = doc[start : trigger + 1].text
    if _NOW.search(doc[start:end].text) or not _PAST.search(before[-80:]):
        return When(trigger, trigger + 1, today.isoformat())
    return None


def _of_birth(doc: Doc, when: When) -> bool:
    first = doc[when.start].idx
    return _BIRTH.search(doc.text[max(0, first - 40) : first]) is not None


def _sentence(doc: Doc, token: int) -> tuple[int, int]:
    if doc.has_annotation("SENT_START"):
        sentence = doc[token].sent
        return sentence.start, sentence.end
    text = doc.text
    at = doc[token].idx
    low = max((text.rfind(mark, 0, at) for mark in (". ", "\n\n", "? ", "! ")), default=-1)
    highs = [place for mark in (". ", "\n\n", "? ", "! ") if (place := text.find(mark, at)) >= 0]
    high = min(highs, default=len(text))
    start = next((t.i for t in doc[max(0, token - 200) : token + 1] if t.idx > low), token)
    end = token + 1
    while end < len(doc) and doc[end].idx <= high:
        end += 1
    return start, end


def _own_date(doc: Doc, trigger: int, whens: list[When], tree: Tree | None) -> When | None:
    start, end = _sentence(doc, trigger)
    here = [when for when in whens if start <= when.start < end]
    if not here:
        return None
    if doc.has_annotation("DEP"):
        return _attached(tree or read_tree(doc), trigger, here)
    return _nearest(doc, trigger, here)


def _nearest(doc: Doc, trigger: int, whens: list[When]) -> When | None:
    """Without a tree: the nearest date, one after the trigger or at the front of its clause preferred."""

    def cost(when: When) -> tuple[int, int]:
        low, high = sorted((when.start, trigger))
        breaks = sum(token.text in (";", ",", "who", "which", "that", "and") for token in doc[low:high])
        return (high - low) + 4 * breaks, when.start

    return min(whens, key=cost)


def _head(tree: Tree, when: When) -> int:
    for token in range(when.start, when.end):
        if not when.start <= tree.heads[token] < when.end or tree.heads[token] == token:
            return token
    return when.start


def _attached(tree: Tree, trigger: int, whens: list[When]) -> When | None:
    """The date with the shortest way from the trigger: under it, or under what governs it without a new clause."""
    best: tuple[int, int, int] | None = None
    chosen: When | None = None
    above = _above(tree, trigger)
    for when in whens:
        way = _way(tree, _head(tree, when), above)
        if way is None:
            continue
        cost = (way, abs(when.start - trigger), when.start)
        if best is None or cost < best:
            best, chosen = cost, when
    return chosen


def _above(tree: Tree, trigger: int) -> dict[int, int]:
    """The words whose dates are the event's too: the trigger and its governors, with their distance."""
    found, token, steps = {trigger: 0}, trigger, 0
    while tree.heads[token] != token and steps < 6:
        label, head = tree.labels[token], tree.heads[token]
        if label not in _CLIMB:
            break
        if tree.lemmas[head] in _SPEECH and label in ("ccomp", "parataxis", "advcl", "conj"):
            break
        if (
            label in ("advcl", "acl", "ccomp")
            and tree.labelled(token, "mark")
            and tree.words[tree.labelled(token, "mark")[0]] in ("for", "because", "if", "that", "while", "although")
        ):
            break
        steps += 2 if label in ("conj", "advcl", "acl", "ccomp", "parataxis") else 1
        token = head
        found[token] = steps
    return found


def _way(tree: Tree, date: int, above: dict[int, int]) -> int | None:
    """The steps from the date up to a word of the event; None where it lies in a clause of its own."""
    token, steps = date, 0
    while token not in above:
        head, label = tree.heads[token], tree.labels[token]
        if head == token or steps > 5:
            return None
        if steps and label.partition(":")[0] in ("acl", "advcl", "ccomp", "csubj", "parataxis", "root"):
            return None
        if steps and label == "conj" and tree.tags[token] in ("VERB", "AUX"):
            return None
        token, steps = head, steps + 1
    if token != date and steps > 2 and tree.tags[token] in ("VERB", "AUX"):
        steps += 1
    return above[token] * 2 + steps
