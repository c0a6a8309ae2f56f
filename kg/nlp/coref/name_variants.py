"""The distinct spellings of names in a document: one `NameVariant` for all mentions that are spelt alike.

In: a Doc with `ents` of the ten types. Out: forms with their words, places and votes for a type. A name with a
bracketed alias inside is taken apart here. Which forms name the same thing is decided in `names.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from spacy.tokens import Doc, Span

from kg.namespaces import name_key
from kg.nlp.coref.nations import NOT_STATES, state_of, state_of_capital
from kg.nlp.doc_arrays import tokens_of, written

#: Types that texts and annotators mix up for one thing.
GROUP: Final = {
    "Company": "organization",
    "Organization": "organization",
    "GovernmentBody": "organization",
    "Country": "place",
    "Place": "place",
    "Person": "person",
    "Vessel": "vessel",
    "Aircraft": "aircraft",
    "List": "list",
    "LegalInstrument": "law",
}

#: Labels of other English pipelines, read as the ten types.
FOREIGN_LABELS: Final = {
    "PERSON": "Person",
    "PER": "Person",
    "ORG": "Organization",
    "GPE": "Place",
    "LOC": "Place",
    "FAC": "Place",
    "NORP": "Country",
    "LAW": "LegalInstrument",
}

TITLES: Final = frozenset(
    "mr mrs ms miss dr prof professor sir lord lady king queen prince princess sheikh shaykh president vice "
    "premier prime minister secretary undersecretary under deputy assistant senator representative congressman "
    "chairman general gen colonel col major captain capt lieutenant lt brigadier admiral commander director "
    "judge justice ambassador governor mayor chief foreign state interior defense defence former then acting "
    "spokesman spokeswoman attorney us bishop archbishop cardinal pope reverend saint mullah maulawi haji hajji "
    "ayatollah imam senior".split()
)

_QUOTES: Final = "\"'“”‘’`*_«»"
_BRACKET: Final = re.compile(r"[(\[]")


@dataclass(slots=True)
class NameVariant:
    """One spelling: its folded `key` and `words`, its `group` of types, and the token spans where it stands."""

    key: str
    words: tuple[str, ...]
    group: str
    types: Counter[str] = field(default_factory=Counter)
    surfaces: Counter[str] = field(default_factory=Counter)
    spans: list[tuple[int, int]] = field(default_factory=list)

    @property
    def first(self) -> int:
        """The token at which the form first stands."""
        return self.spans[0][0]

    @property
    def surface(self) -> str:
        """The most frequent spelling, and among equals the first in order of letters."""
        return min(self.surfaces, key=lambda text: (-self.surfaces[text], text))

    @property
    def acronym(self) -> bool:
        """Whether the spelling is one word mostly of capitals, such as OFAC, FinCEN or PdVSA."""
        text = self.surface.replace(".", "")
        capitals = sum(char.isupper() for char in text)
        return " " not in text and 2 <= len(text) <= 10 and capitals >= max(2, (len(text) + 1) // 2)


def label_of(ent: Span) -> str | None:
    """The entity's type among the ten, or None for labels that mean something else (dates, money)."""
    label: str = ent.label_
    if label in GROUP:
        return label
    return FOREIGN_LABELS.get(label)


def trimmed(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """The span without articles, possessive endings, quotes and marks at its edges; may be empty."""
    words = tokens_of(doc)
    while start < end and (
        words[start].lower() in ("the", "a", "an") or not words[start].strip(_QUOTES + " -–—,.;:([")
    ):
        start += 1
    while start < end and (
        words[end - 1].lower() in ("'s", "’s", "’", "'")
        or not words[end - 1].strip(_QUOTES + " -–—,;:([" + ("." if end - start > 1 else ""))
        or (words[end - 1] in ")]" and not any(word in "([" for word in words[start : end - 1]))
    ):
        end -= 1
    return start, end


def words_of(text: str, group: str) -> tuple[str, ...]:
    """The folded words of a name; titles before a person's name are left out."""
    words = name_key(text).split()
    if group == "person":
        while len(words) > 1 and words[0] in TITLES:
            words = words[1:]
    return tuple(words)


def _parts(doc: Doc, start: int, end: int) -> list[tuple[int, int]]:
    """The span itself, or the name and its alias where the span ends with a bracket: "X (ABC)" -> X, ABC."""
    words = tokens_of(doc)
    if words[end - 1] in (")", "]"):
        for index in range(end - 2, start, -1):
            if _BRACKET.fullmatch(words[index]):
                if all(word.isdigit() for word in words[index + 1 : end - 1]):
                    break  # the year of a resolution is no alias
                outer, inner = trimmed(doc, start, index), trimmed(doc, index + 1, end - 1)
                return [part for part in (outer, inner) if part[0] < part[1]]
    return [(start, end)]


def collect(doc: Doc, states: list[tuple[int, int]]) -> list[NameVariant]:
    """The forms of the document's named entities, in order of first mention.

    `states` are further places where a state is named. A spelling that was given types of two groups is one form of
    the group with more votes, unless it is the name of a state or capital.
    """
    found: dict[tuple[str, str], NameVariant] = {}
    for ent in doc.ents:
        label = label_of(ent)
        if label is None:
            continue
        for piece in _pieces(doc, ent.start, ent.end):
            start, end = trimmed(doc, *piece)
            if start == end:
                continue
            for begin, stop in _parts(doc, start, end):
                add(found, doc, (begin, stop), label)
    for begin, stop in states:
        add(found, doc, (begin, stop), "Country")
    return _settled(found)


def add(found: dict[tuple[str, str], NameVariant], doc: Doc, span: tuple[int, int], label: str) -> None:
    """Enter one mention into `found`."""
    text = re.sub(r"\s+", " ", written(doc, *span))
    if GROUP[label] in ("organization", "place") and state_of(text) is not None:
        label = "Country" if state_of(text) not in NOT_STATES else "Place"
    group = GROUP[label]
    words = words_of(text, group)
    if not words:
        return
    form = found.setdefault((" ".join(words), group), NameVariant(" ".join(words), words, group))
    form.types[label] += 1
    form.surfaces[text] += 1
    form.spans.append(span)


_MARKUP: Final = re.compile(r"[*_ ]*[*_][*_ ]*|[^\S\n]*\n[^\S\n]*\n\s*")


def _pieces(doc: Doc, start: int, end: int) -> list[tuple[int, int]]:
    """The span cut at markup and empty lines, which no name runs over; it may run over the end of a wrapped line."""
    words = tokens_of(doc)
    cuts = [start - 1, *(at for at in range(start, end) if _MARKUP.fullmatch(words[at])), end]
    return [(low + 1, high) for low, high in pairwise(cuts) if low + 1 < high]


def _settled(found: dict[tuple[str, str], NameVariant]) -> list[NameVariant]:
    by_key: dict[str, list[NameVariant]] = {}
    for form in found.values():
        by_key.setdefault(form.key, []).append(form)
    forms: list[NameVariant] = []
    for same in by_key.values():
        same.sort(key=lambda form: (-len(form.spans), form.first))
        kept = [same[0]]
        for form in same[1:]:
            sure = len(same[0].spans) >= 2 * len(form.spans) and "person" not in (form.group, same[0].group)
            if sure or (state_of(form.surface) or state_of_capital(form.surface)) is None:
                same[0].types.update(form.types)
                same[0].surfaces.update(form.surfaces)
                same[0].spans.extend(form.spans)
            else:
                kept.append(form)
        forms.extend(kept)
    for form in forms:
        form.spans.sort()
    return sorted(forms, key=lambda form: (form.spans[0], form.group))
