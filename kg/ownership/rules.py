"""The rules of ontology/ownership-rules.yaml: what each asks of a company's holders, and on which days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import yaml

from kg import resources
from kg.errors import RuleError
from kg.reference import belongs_to

_FILE: Final = "ownership-rules.yaml"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule asks on a day: a `threshold` in percentage points, reached or exceeded as `inclusive` says."""

    threshold: float
    inclusive: bool
    aggregate: bool
    control: bool

    def __str__(self) -> str:
        """The terms in words."""
        share = f"{self.threshold:g} % or more" if self.inclusive else f"more than {self.threshold:g} %"
        return f"{share}{', added up' if self.aggregate else ', each holder alone'}{', or control' * self.control}"


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which terms held, both included, "" for an open end.

    `doubt` holds from `doubt_from` on; `otherwise` are the terms if the doubt is right, None where it is no such doubt.
    """

    first: str
    last: str
    terms: Terms
    source: str = ""
    doubt: str = ""
    doubt_from: str = ""
    otherwise: Terms | None = None

    def doubtful(self, day: str) -> bool:
        """Whether what is doubtful about the span bears on a day."""
        return bool(self.doubt) and self.doubt_from[: len(day)] <= day

    def holds(self, day: str) -> bool:
        """Whether the span covers a day; of a month or a year, some day of it."""
        return self.first[: len(day)] <= day and (not self.last or day <= self.last[: len(day)])


@dataclass(frozen=True, slots=True)
class Rule:
    """When the holders of a company make it count as blocked, whose listings count, and which measures carry down."""

    id: str
    title: str
    spans: tuple[Span, ...]
    suspended: tuple[tuple[str, str], ...] = ()
    authorities: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()

    def on(self, day: str | None) -> Span | None:
        """The span whose terms hold on a day, the latest of several; None where the rule was not in force.

        Without a day the last version is meant, suspended or not.
        """
        if day is None:
            return self.spans[-1]
        if any(first <= day and day <= last for first, last in self.suspended):
            return None
        return next((span for span in reversed(self.spans) if span.holds(day)), None)

    def in_force(self, day: str | None) -> bool:
        """Whether the rule held on a day."""
        return self.on(day) is not None

    @property
    def terms(self) -> Terms:
        """What the rule asks in its last version."""
        return self.spans[-1].terms

    def counts(self, body: str) -> bool:
        """Whether a listing by this body is one of the rule's authority."""
        return belongs_to(body, self.authorities, self.parents)


@lru_cache
def rules() -> dict[str, Rule]:
    """All rules by id, in the order of the file; raises RuleError naming the place in it."""
    document = _document()
    read = [_rule(entry, f"{_FILE}: $.rules[{index}]") for index, entry in enumerate(document["rules"])]
    return {rule.id: rule for rule in read}


@lru_cache
def checked() -> str:
    """The day up to which the spans of the rules were looked up."""
    return str(_document().get("checked", ""))


def rule(name: str) -> Rule:
    """The rule with that id; raises RuleError with the ids there are."""
    found = rules().get(name)
    if found is None:
        raise RuleError(f"there is no ownership rule {name!r}", hint=f"use one of {', '.join(rules())}")
    return found


def _document() -> dict[str, Any]:
    path = resources.ontology() / _FILE
    try:
        document: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise RuleError(f"cannot be read: {error}", place=str(path)) from error
    return document


def _rule(entry: dict[str, Any], place: str) -> Rule:
    try:
        control = bool(entry["control"])
        return Rule(
            id=str(entry["id"]),
            title=str(entry["title"]),
            spans=tuple(_span(span, control) for span in entry["spans"]),
            suspended=tuple((str(span["from"]), str(span["to"])) for span in entry.get("suspended", ())),
            authorities=tuple(map(str, entry["authorities"])),
            parents=tuple(map(str, entry.get("parents", ()))),
            measures=tuple(map(str, entry["measures"])),
            lists=tuple(map(str, entry.get("lists", ()))),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleError(f"does not fit: {error!r}", place=place, hint="compare it with the other rules") from error


def _span(entry: dict[str, Any], control: bool) -> Span:
    terms = Terms(float(entry["threshold"]), bool(entry["inclusive"]), bool(entry["aggregate"]), control)
    return Span(
        first=str(entry["from"]),
        last=str(entry.get("to", "")),
        terms=terms,
        source=str(entry.get("source", "")),
        doubt=str(entry.get("doubt", "")),
        doubt_from=str(entry.get("doubt_from", "")),
        otherwise=replace(terms, inclusive=bool(entry["doubt_inclusive"])) if "doubt_inclusive" in entry else None,
    )
