"""Surface forms searched in a sentence: the order of words of a rule against a line of the text.

In: a form, a `Line`, its tree. Out: a `PatternMatch` for every place where the words stand so and the entities are what
the words say of: no preposition governs the first of them, no rival stands in the gap after it, a name looks like one.
Which forms are searched in which sentence is decided by `kg.extraction.patterns.matcher`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.extraction.mention_spans import MentionSpan
from kg.extraction.patterns.linearize import TIME, Line
from kg.extraction.patterns.rules import FormPattern, FramePattern
from kg.nlp.dependencies import Tree

_ELEMENT: Final = re.compile(r"[<{](\d+)[>}] ")
_BARE: Final = re.compile(r"<(\d+)> ")
_GOVERNING: Final = frozenset(
    "by of in from with for to against under on at via through between among into over about behind near like".split()
)
_REACH: Final = 8
_NO_NAME: Final = re.compile(
    r"\d{3}|:|%|www|Content|\b(?:born|million)\b|^\W*(?:E\.?O\.?|U\.S\.C|No\.|Archived|see|SVP|CEO|President)"
    r"|^(?:and|also|or|owner|with|now|then)\b"
)
_OWN: Final = frozenset({"his", "her", "its", "their", "having", "also"})
LIMIT: Final = 60
"""Words of a phrase at most."""


@dataclass(frozen=True, slots=True)
class PatternMatch:
    """A construction found: entity ids at both ends, or a text object with its token span.

    `trigger` and `trigger_end` are token offsets; `sentence` counts from 0; `status_hint` is what the construction
    itself says of the status, None where it says nothing.
    """

    rule: str
    predicate: str
    subject: str
    object: str
    subject_spot: MentionSpan
    object_spot: MentionSpan | None
    object_start: int
    object_end: int
    trigger: int
    trigger_end: int
    sentence: int
    status_hint: str | None


def search(form: FormPattern, tree: Tree, line: Line, sentence: int) -> Iterator[PatternMatch]:
    """The matches of one form in one sentence, in the order of the text."""
    found = form.regex.search(line.text)
    while found is not None:
        trigger = line.token(found.start("trigger"))
        trigger_end = line.token(found.end("trigger") - 1) + 1
        groups = found.groupdict()
        where, found = found, form.regex.search(line.text, line.text.index(" ", found.start()) + 1)
        if not _stands_free(form, line, where) or not stands_near(form, tree, trigger):
            continue
        before = where.start("subj") < where.start("trigger")
        named = _members(line, where, "subj", form.nearest_subject, before=before)
        subjects = [mention for mention in named if mention.type in form.subject_types]
        if groups.get("text") is not None:
            start, end = line.token(where.start("text")), line.token(where.end("text") - 1) + 1
            start, end = trim(tree, start, end)
            if form.contains and form.contains.isdisjoint(tree.words[start:end]):
                continue
            if form.named and not _is_name(tree.written(start, end)):
                continue
            for subject in subjects:
                yield PatternMatch(
                    form.rule, form.predicate, subject.entity, "", subject, None, start, end,
                    trigger, trigger_end, sentence, form.status,
                )  # fmt: skip
        else:
            before = where.start("obj") < where.start("trigger")
            objects = _members(line, where, "obj", form.nearest_object, before=before)
            for subject in subjects:
                for other in objects:
                    if other.type in form.object_types and other.entity != subject.entity:
                        yield PatternMatch(
                            form.rule, form.predicate, subject.entity, other.entity, subject, other,
                            other.start, other.end, trigger, trigger_end, sentence, form.status,
                        )  # fmt: skip


def _stands_free(form: FormPattern, line: Line, found: re.Match[str]) -> bool:
    """Whether the first entity is meant: nothing governs it, and no rival stands in the gap after it."""
    subject_first = found.start("subj") == found.start()
    start, end = found.span("subj") if subject_first else found.span("obj") if "obj" in found.re.groupindex else (0, 0)
    if not end:
        return True
    if form.ungoverned and _is_governed(line.text, 0, start):
        return False
    if not form.unrivalled:
        return True
    types = form.subject_types if subject_first else form.object_types
    limit = found.start("trigger")
    for rival in _BARE.finditer(line.text, end, max(limit, end)):
        if _is_governed(line.text, 0, rival.start()):
            continue
        if any(mention.type in types for mention in line.groups[int(rival.group(1))]):
            return False
    return True


def _is_governed(text: str, start: int, end: int) -> bool:
    """Whether the entity at `end` lies inside a phrase that a preposition or a participle opens after `start`."""
    for word in reversed(text[max(start, end - 90) : end].split()[-_REACH:]):
        if word in _GOVERNING or (word.endswith("ing") and len(word) > 5 and word != "including"):
            return True
        if word in TIME or word[0] in '<,;:."' or word.isdigit() or word in ("and", "or", "including"):
            return False
    return False


def stands_near(pattern: FormPattern | FramePattern, tree: Tree, trigger: int) -> bool:
    """Whether the words before a trigger are such as the pattern asks for."""
    before = tree.words[max(0, trigger - 2) : trigger]
    if pattern.after and pattern.after.isdisjoint(before):
        return False
    return pattern.not_after.isdisjoint(before)


def _is_name(text: str) -> bool:
    """Whether words in a bracket look like a name: a capital, few words, no reference or date."""
    return bool(text) and len(text) < 60 and any(map(str.isupper, text)) and not _NO_NAME.search(text)


def _members(line: Line, found: re.Match[str], end: str, nearest: bool, *, before: bool) -> tuple[MentionSpan, ...]:
    """The spots at one end of a form: those of its element, or in a stretch all that nothing governs."""
    element = _ELEMENT.fullmatch(found[end])
    if element is None:
        members: list[MentionSpan] = []
        start, stop = found.span(end)
        for bare in _BARE.finditer(line.text, start, stop):
            if not _is_governed(line.text, start, bare.start()):
                members += line.groups[int(bare[1])]
        return tuple(members)
    group = line.groups[int(element[1])]
    if nearest:
        return group[-1:] if before else group[:1]
    return group


def trim(tree: Tree, start: int, end: int) -> tuple[int, int]:
    """A phrase without the possessive it opens with, the punctuation around it, and what goes beyond `LIMIT` words."""
    end = min(end, start + LIMIT)
    while start < end - 1 and (tree.words[start] in _OWN or not any(map(str.isalnum, tree.words[start]))):
        start += 1
    while end > start + 1 and not any(map(str.isalnum, tree.words[end - 1])):
        end -= 1
    return start, end
