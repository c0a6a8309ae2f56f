"""The rules of ontology/ownership-rules.yaml: thresholds with the days on which they were in force."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import yaml

from kg import resources
from kg.errors import RuleError

_FILE: Final = "ownership-rules.yaml"


@dataclass(frozen=True, slots=True)
class Rule:
    """When the holders of a company make it count as blocked.

    `threshold` is in percentage points, reached or exceeded as `inclusive` says; `spans` are (first day, last day)
    with "" for an open end; `authorities` are the names whose listings count, none of them meaning any.
    """

    id: str
    title: str
    threshold: float
    inclusive: bool
    aggregate: bool
    control: bool
    spans: tuple[tuple[str, str], ...]
    authorities: tuple[str, ...] = ()
    source: str = ""

    def in_force(self, day: str | None) -> bool:
        """Whether the rule held on a day; for a month or a year, on some day of it. None asks for the last version."""
        if day is None:
            return not self.spans[-1][1]
        return any(first[: len(day)] <= day and (not last or day <= last[: len(day)]) for first, last in self.spans)


@lru_cache
def rules() -> dict[str, Rule]:
    """All rules by id, in the order of the file; raises RuleError naming the place in it."""
    path = resources.ontology() / _FILE
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise RuleError(f"cannot be read: {error}", place=str(path)) from error
    read = [_rule(entry, f"{_FILE}: $.rules[{index}]") for index, entry in enumerate(document["rules"])]
    return {rule.id: rule for rule in read}


def rule(name: str) -> Rule:
    """The rule with that id; raises RuleError with the ids there are."""
    found = rules().get(name)
    if found is None:
        raise RuleError(f"there is no ownership rule {name!r}", hint=f"use one of {', '.join(rules())}")
    return found


def _rule(entry: dict[str, Any], place: str) -> Rule:
    try:
        return Rule(
            id=str(entry["id"]),
            title=str(entry["title"]),
            threshold=float(entry["threshold"]),
            inclusive=bool(entry["inclusive"]),
            aggregate=bool(entry["aggregate"]),
            control=bool(entry["control"]),
            spans=tuple((str(span["from"]), str(span.get("to", ""))) for span in entry["in_force"]),
            authorities=tuple(map(str, entry["authorities"])),
            source=str(entry.get("source", "")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleError(f"does not fit: {error!r}", place=place, hint="compare it with the other rules") from error
