"""Answers of a language model -> claims that the passage supports, and rejected ones with the reason.

A claim is kept whose quotation stands in the passage, whose ends and claimant are names in it, whose relation may hold
between things of such types, and whose quotation names at least one of them. Dates, stakes and sums are taken
over where the words bear them out and left out elsewhere. The order of the answer is irrelevant.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any, Final

from kg.extraction.patterns.rules import FormPattern, FramePattern, RuleSet
from kg.model import Claim, Document, Entity, EntityType, Evidence, Extraction, Mention, Status
from kg.namespaces import name_key

CONFIDENCE: Final = 0.5
"""What is claimed for a model's claims: nobody has measured how often they are right."""
_LONGEST: Final = 1_000  # characters of a quotation: what is longer proves nothing in particular
_LONGEST_NAME: Final = 200
_TYPES: Final = frozenset(kind.value for kind in EntityType)
_STATUSES: Final = frozenset(status.value for status in Status)
_PRONOUNS: Final = frozenset(
    "i he she it we they you me him her them his its our their this that these those who which both".split()
)
_DESCRIPTION: Final = re.compile(r"(?i:the|an?|this|that|these|those|its|his|her|their)(?: [a-z]+)+")


@dataclass(frozen=True, slots=True)
class Kinds:
    """The types that may stand at the two ends of a relation; `object` is empty where it is a text."""

    subject: frozenset[str]
    object: frozenset[str]


def kinds_of(rules: RuleSet) -> dict[str, Kinds]:
    """The types of the ends of each relation that the rules know."""
    found: dict[str, Kinds] = {}
    patterns: list[FramePattern | FormPattern] = [*rules.frames, *rules.forms]
    for pattern in patterns:
        before = found.get(pattern.predicate, Kinds(frozenset(), frozenset()))
        found[pattern.predicate] = Kinds(before.subject | pattern.subject_types, before.object | pattern.object_types)
    return found


def verified(
    part: Document, answers: Iterable[Mapping[str, Any]], kinds: Mapping[str, Kinds], *, rule: str
) -> Extraction:
    """What the passage `part` says by these answers; what it does not bear out is in `rejected`."""
    kept: list[_Said] = []
    rejected: set[tuple[Claim, str]] = set()
    for answer in answers:
        said = _Said.of(answer)
        held = kinds.get(said.predicate)
        if reason := _reason(part.text, said, held):
            rejected.add((_claim(part, said, _is_text(held), rule), reason))
        else:
            kept.append(said)
    texts = {name for name, held in kinds.items() if _is_text(held)}
    entities = _entities(part.text, kept, texts)
    claims = {_named(_claim(part, said, said.predicate in texts, rule), said, entities) for said in kept}
    return Extraction(
        document=part,
        entities=tuple(entities.values()),
        claims=tuple(sorted(claims, key=_order)),
        rejected=tuple(sorted(rejected, key=lambda pair: (*_order(pair[0]), pair[1]))),
    )


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a claim as told: a name and its type ("text" for words)."""

    name: str
    kind: str

    @classmethod
    def of(cls, told: Any) -> _End:
        if not isinstance(told, dict):
            return cls("", "")
        return cls(_words(told.get("name")), _words(told.get("type")))

    @property
    def key(self) -> str:
        """What ends that are one thing share."""
        return f"{self.kind} {name_key(self.name) or self.name}"


@dataclass(frozen=True, slots=True)
class _Said:
    """A claim as told, of the right types and of nothing more."""

    subject: _End
    predicate: str
    object: _End
    status: str
    date: str
    claimant: _End | None
    percent: float | None
    amount: str
    quote: str

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> _Said:
        percent = answer.get("percent")
        number = isinstance(percent, int | float) and not isinstance(percent, bool)
        return cls(
            subject=_End.of(answer.get("subject")),
            predicate=_words(answer.get("predicate")),
            object=_End.of(answer.get("object")),
            status=_words(answer.get("status")),
            date=_words(answer.get("date")),
            claimant=_End.of(answer["claimant"]) if answer.get("claimant") is not None else None,
            percent=percent if number else None,
            amount=_words(answer.get("amount")),
            quote=_words(answer.get("quote")),
        )


def _words(told: Any) -> str:
    """A text with single spaces; of whatever is no text, the empty one."""
    return " ".join(told.split()) if isinstance(told, str) else ""


def _places(text: str, words: str) -> list[tuple[int, int]]:
    """Where the words stand in the text, however they are spaced and not inside a longer word."""
    if not words:
        return []
    pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, words.split())) + r"(?!\w)"
    return [match.span() for match in re.finditer(pattern, text)]


def _reason(text: str, said: _Said, held: Kinds | None) -> str:
    """Why what is said is not believed; "" where it is."""
    if held is None:
        return "no such relation"
    if said.status not in _STATUSES:
        return "no such status"
    if len(said.quote) > _LONGEST:
        return f"the quotation is longer than {_LONGEST:,} characters"
    if not _places(text, said.quote):
        return "the quotation is not in the text"
    wrong = _wrong(text, said.subject, "subject", held.subject) or _wrong(text, said.object, "object", held.object)
    if wrong:
        return wrong
    if said.claimant is not None and (wrong := _wrong(text, said.claimant, "claimant", _TYPES)):
        return wrong
    if said.subject.key == said.object.key or said.subject.name == said.object.name:
        return "subject and object are the same"
    if not any(_named_in(said.quote, end.name) for end in (said.subject, said.object)):
        return "the quotation names neither end"
    return ""


def _wrong(text: str, end: _End, role: str, allowed: frozenset[str]) -> str:
    """Why this cannot be the subject, object or claimant; with no types allowed it is a text."""
    if allowed and end.kind not in allowed:
        return f"no {end.kind if end.kind in _TYPES else 'such thing'} can be the {role}"
    if len(end.name) > _LONGEST_NAME or not _places(text, end.name):
        return f"the {role} is not in the text"
    if allowed and not _is_name(end.name):
        return f"the {role} is no name"
    return ""


def _is_name(name: str) -> bool:
    if sum(char.isalnum() for char in name) < 2 or _DESCRIPTION.fullmatch(name):
        return False
    return name.lower() not in _PRONOUNS or name.isupper()


def _named_in(quote: str, name: str) -> bool:
    """Whether the quotation has a word of weight of the name, or its initials."""
    there = set(re.findall(r"\w+", quote.casefold()))
    words = re.findall(r"\w+", name)
    initials = "".join(word[0] for word in words if word[0].isupper()).casefold()
    weighty = {word.casefold() for word in words if len(word) > 3 or word[0].isupper() or word[0].isdigit()}
    return bool(there & weighty) or (len(initials) > 1 and initials in there)


def _is_text(held: Kinds | None) -> bool:
    return held is not None and not held.object


def _claim(part: Document, said: _Said, is_text: bool, rule: str) -> Claim:
    """The claim as said, its ends as they were named."""
    start, end = (_places(part.text, said.quote) or [(0, 0)])[0]
    quote = part.text[start:end]
    return Claim(
        subject=said.subject.name,
        predicate=said.predicate,
        object=said.object.name,
        object_text=is_text,
        evidence=Evidence(start, end, quote),
        status=Status(said.status) if said.status in _STATUSES else Status.ASSERTED,
        date=_date(part, said.date),
        claimant=said.claimant.name if said.claimant else None,
        percent=_percent(quote, said.percent),
        amount=said.amount if _places(quote, said.amount) else None,
        confidence=CONFIDENCE,
        rule=rule,
    )


def _named(claim: Claim, said: _Said, entities: Mapping[str, Entity]) -> Claim:
    """The claim with the ids of its ends in place of their names."""
    return replace(
        claim,
        subject=entities[said.subject.key].id,
        object=claim.object if claim.object_text else entities[said.object.key].id,
        claimant=entities[said.claimant.key].id if said.claimant else None,
    )


def _date(part: Document, told: str) -> str | None:
    """The date where it is one and its year stands in the text or is that of publication or the one before."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", told, re.ASCII)
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    published = int(part.date[:4]) if part.date and part.date[:4].isdecimal() else 0
    near = int(year) in (published, published - 1)
    return told if near or re.search(rf"(?<!\d){year}(?!\d)", part.text) else None


def _percent(quote: str, told: float | None) -> float | None:
    """The stake where it stands in the quotation in figures."""
    if told is None or not 0 < told <= 100:
        return None
    return float(told) if re.search(rf"(?<![\d.,]){re.escape(f'{told:g}')}\s*(?:%|per\s?cent)", quote) else None


def _entities(text: str, kept: Iterable[_Said], texts: Set[str]) -> dict[str, Entity]:
    """The things of the claims by their keys, numbered in the order of the text."""
    names: dict[str, set[str]] = {}
    kinds: dict[str, str] = {}
    for said in kept:
        for end in (said.subject, None if said.predicate in texts else said.object, said.claimant):
            if end is not None:
                names.setdefault(end.key, set()).add(end.name)
                kinds[end.key] = end.kind
    mentions = {key: _mentions(text, forms) for key, forms in names.items()}
    found: dict[str, Entity] = {}
    for number, key in enumerate(sorted(names, key=lambda one: (mentions[one][0].start, one)), start=1):
        forms = sorted(names[key], key=lambda form: (-len(form), form))
        found[key] = Entity(f"e{number}", EntityType(kinds[key]), forms[0], tuple(forms), mentions[key])
    return found


def _mentions(text: str, forms: Iterable[str]) -> tuple[Mention, ...]:
    """Where the names stand, in the order of the text; of two that begin at one place the longer."""
    ends: dict[int, int] = {}
    for form in forms:
        for start, end in _places(text, form):
            ends[start] = max(end, ends.get(start, 0))
    return tuple(Mention(start, end, text[start:end], "name", "llm") for start, end in sorted(ends.items()))


def _order(claim: Claim) -> tuple[Any, ...]:
    return (
        claim.evidence.start,
        claim.evidence.end,
        claim.subject,
        claim.predicate,
        claim.object,
        claim.status,
        claim.date or "",
        claim.claimant or "",
        claim.percent or 0.0,
        claim.amount or "",
    )
