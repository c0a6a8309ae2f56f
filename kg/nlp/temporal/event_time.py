"""The date that belongs to an event: by the tree first, then by nearness within the clause.

A time of the statement ("said on Monday that ...") is not the event's, nor is a date of birth, nor one that belongs
to a relative clause or to another event of the sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

from spacy.tokens import Doc

from kg.nlp.dependencies import Tree, read_tree
from kg.nlp.doc_arrays import starts_of, text_of, tokens_of, written
from kg.nlp.temporal.partial_dates import TimeExpression, day

_SPEECH: Final = frozenset(
    "say tell state add note explain warn comment remark write report reiterate stress emphasize argue claim "
    "allege accuse deny respond reply insist believe think expect".split()
)
_BIRTH: Final = re.compile(r"\b(?:born|DOB|D\.O\.B|date of birth|b\.)[^.;]{0,24}$", re.I)
#: The legal formula that says from when on conduct counts: "for being, on or after 5 November 2018, ...".
_CRITERION: Final = re.compile(r"\bon or (?:after|before)\s*$", re.I)
_PAST: Final = re.compile(
    r"\b(?:previously|already|earlier|originally|first|formerly|had been|has been|have been|had|was also"
    r"|prior|in the past|since)\b",
    re.I,
)
_BEFORE: Final = re.compile(r"\b(?:previously|already|had(?: been)?|formerly|earlier|[A-Z.]+-)[\s\w]{0,14}$", re.I)
_NOW: Final = re.compile(r"\b(?:today(?:['’]s)?|this action|these actions|today's action)\b", re.I)
#: Labels over which an event may take the date of the word above it.
_CLIMB: Final = frozenset(
    "obj nsubj nsubj:pass obl obl:agent nmod xcomp conj compound appos parataxis advcl ccomp dep iobj flat "
    "nmod:poss acl".split()
)
_MARKS: Final = frozenset({".", "!", "?", ";", ".”", "?”"})
_CLAUSES: Final = frozenset({"acl:relcl", "acl", "advcl", "ccomp", "csubj", "parataxis", "conj", "root"})


class EventTimeIndex:
    """The dates of a document that an event may have, and the bounds of its statements; read once, asked often."""

    __slots__ = ("_bounds", "doc", "whens")

    def __init__(self, doc: Doc, whens: Iterable[TimeExpression]) -> None:
        self.doc = doc
        self.whens = sorted((when for when in whens if not _no_event(doc, when)), key=lambda when: when.start)
        words = tokens_of(doc)
        last = len(words)
        ends = [
            number + 1
            for number, word in enumerate(words)
            if word in _MARKS or "\n" in word or (word[-1:] == "." and number + 1 < last and "\n" in words[number + 1])
        ]
        self._bounds = [0, *ends, last]

    def statement(self, token: int) -> tuple[int, int]:
        """The statement around the token by its marks: a parser may cut it at "E.O." or in front of a bracket."""
        place = bisect_right(self._bounds, token)
        return self._bounds[place - 1], self._bounds[min(place, len(self._bounds) - 1)]

    def within(self, start: int, end: int) -> list[TimeExpression]:
        """The dates that begin between two tokens."""
        return [when for when in self.whens if start <= when.start < end]


def event_date(
    doc: Doc,
    trigger: int,
    whens: Iterable[TimeExpression] | EventTimeIndex,
    published: str | None,
    *,
    act: bool = False,
    tree: Tree | None = None,
) -> TimeExpression | None:
    """The time of the event whose trigger is at that token, or None when the text gives none for it.

    Pass `EventTimeIndex` where more than one event of the document is asked for. With `act`, an event without a date of
    its own is the act that the document itself announces and has the document's date, unless its sentence speaks of the
    past ("previously designated"). Pass the `tree` where it has been read already.
    """
    tree = tree or (read_tree(doc) if doc.has_annotation("DEP") else None)
    moments = whens if isinstance(whens, EventTimeIndex) else EventTimeIndex(doc, whens)
    found = _own_date(moments, trigger, tree)
    if found is not None or not act:
        return found
    today = day(published)
    if today is None or not _announced(moments, trigger, tree):
        return None
    return TimeExpression(trigger, trigger + 1, today.isoformat())


def _announced(moments: EventTimeIndex, trigger: int, tree: Tree | None) -> bool:
    """Whether the act is the document's own: said to be of today, or told as a fresh act and not as a past one."""
    doc = moments.doc
    start, end = moments.statement(trigger)
    before = written(doc, start, trigger + 1)
    if _BEFORE.search(before[-60:]) or "-" in tokens_of(doc)[trigger]:
        return False
    if _NOW.search(written(doc, start, end)):
        return True
    if _PAST.search(before[-80:]):
        return False
    if tree is None:
        return True
    if tree.labels[trigger] in ("amod", "compound") or _is_state(tree, trigger):
        return False
    done = tree.lemmas[trigger] == "designation" or tree.lemmas[tree.heads[trigger]] in ("impose", "announce", "take")
    return done or tree.tags[trigger] == "VERB" or tree.labels[trigger] == "root"


def _is_state(tree: Tree, trigger: int) -> bool:
    """ "the companies that are listed", "who is himself designated": how things stand, not what was done."""
    if tree.labels[trigger] != "acl:relcl":
        return False
    auxiliaries = [tree.words[child] for child in tree.labelled(trigger, "aux")]
    return auxiliaries in (["is"], ["are"])


def _no_event(doc: Doc, when: TimeExpression) -> bool:
    first = starts_of(doc)[when.start]
    before = text_of(doc)[max(0, first - 40) : first]
    return _BIRTH.search(before) is not None or _CRITERION.search(before) is not None


def _own_date(moments: EventTimeIndex, trigger: int, tree: Tree | None) -> TimeExpression | None:
    start, end = moments.statement(trigger)
    here = moments.within(start, end)
    if not here:
        return None
    doc = moments.doc
    if doc.has_annotation("DEP"):
        tree = tree or read_tree(doc)
        return _attached(tree, trigger, here) or _loose(tree, trigger, start, here)
    return _nearest(doc, trigger, here)


def _nearest(doc: Doc, trigger: int, whens: list[TimeExpression]) -> TimeExpression | None:
    """Without a tree: the nearest date, one after the trigger or at the front of its clause preferred."""

    def cost(when: TimeExpression) -> tuple[int, int]:
        low, high = sorted((when.start, trigger))
        breaks = sum(word in (";", ",", "who", "which", "that", "and") for word in tokens_of(doc)[low:high])
        return (high - low) + 4 * breaks, when.start

    return min(whens, key=cost)


def _head(tree: Tree, when: TimeExpression) -> int:
    for token in range(when.start, when.end):
        if not when.start <= tree.heads[token] < when.end or tree.heads[token] == token:
            return token
    return when.start


def _attached(tree: Tree, trigger: int, whens: list[TimeExpression]) -> TimeExpression | None:
    """The date with the shortest way from the trigger: under it, or under what governs it without a new clause."""
    best: tuple[int, int, int] | None = None
    chosen: TimeExpression | None = None
    above = _above(tree, trigger)
    for when in whens:
        way = _way(tree, _head(tree, when), above)
        if way is None:
            continue
        cost = (way, abs(when.start - trigger), when.start)
        if best is None or cost < best:
            best, chosen = cost, when
    return chosen


def _loose(tree: Tree, trigger: int, start: int, whens: list[TimeExpression]) -> TimeExpression | None:
    """A date that the parse left hanging: at the front of the trigger's sentence, or close behind the trigger."""
    for when in whens:
        between = range(min(when.end, trigger + 1), max(when.start, trigger))
        verbs = sum(tree.tags[at] == "VERB" for at in between)
        clauses = sum(tree.words[at] in ("who", "which", "that", "whom", ";") for at in between)
        if clauses or verbs:
            continue
        if when.start - start <= 4 or 0 < when.start - trigger <= 15:
            return when
    return None


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
        if steps and label in ("advcl", "acl") and _gerund(tree, token):
            steps += 2
        elif steps and label.partition(":")[0] in ("acl", "advcl", "ccomp", "csubj", "parataxis", "root"):
            return None
        if steps and label == "conj" and tree.tags[token] in ("VERB", "AUX"):
            return None
        token, steps = head, steps + 1
    if token != date and steps > 2 and tree.tags[token] in ("VERB", "AUX"):
        steps += 1
    return above[token] * 2 + steps


def _gerund(tree: Tree, token: int) -> bool:
    """ "for supporting ..." at the end of a clause: a date behind it may as well be the clause's."""
    return any(tree.words[child] == "for" for child in tree.labelled(token, "mark", "case"))
