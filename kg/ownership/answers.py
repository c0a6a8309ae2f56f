"""Verdicts with what they rest on: the reasons, what is missing, and which fact would settle or change them.

"Not blocked" is said only where the store holds a list of the rule's authority that covers the day, some owner is
known, and no listing is of an authority or effect that is not understood. Everything else is "not known", named. So
further facts can settle an answer, and never show that a "not known" was a wrong verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from kg.ownership.case import Case, Standing, held_editions
from kg.ownership.intervals import NONE
from kg.ownership.rules import Rule, Span, checked
from kg.ownership.structure import Structure
from kg.ownership.verdicts import Finding, Verdict, findings
from kg.queries.designations import Designation

_UNOWNED: Final = frozenset({"Person", "Country", "GovernmentBody", "Place", "List", "LegalInstrument"})


_SHOWN: Final = 3  # listings of one party in a sentence


def _several(told: Iterable[Designation]) -> Iterator[str]:
    """The listings in words, each once, the rest counted."""
    words = list(dict.fromkeys(map(str, told)))
    yield from words[:_SHOWN]
    if len(words) > _SHOWN:
        yield f"and {len(words) - _SHOWN} more listings"


@dataclass(frozen=True, slots=True)
class Answer:
    """A finding on one entity with its `reasons`, and in `settles` the facts that would settle or change it."""

    finding: Finding
    reasons: tuple[str, ...] = ()
    settles: tuple[str, ...] = ()

    @property
    def node(self) -> str:
        """The entity."""
        return self.finding.node

    @property
    def verdict(self) -> Verdict:
        """Whether the rule blocks it."""
        return self.finding.verdict

    def __str__(self) -> str:
        """The verdict with its ground, the reasons, and what would settle or change it."""
        ground = "" if self.finding.ground == "none" else f" ({self.finding.ground})"
        why = f": {'; '.join(self.reasons)}" if self.reasons else ""
        word = "would settle it" if self.verdict in (Verdict.NOT_KNOWN, Verdict.POSSIBLE) else "would change it"
        return f"{self.verdict}{ground}{why}{f'. {word}: ' + '; '.join(self.settles) if self.settles else ''}"


class Judge:
    """The answers under one rule on the day of a case; with `suppose` as if that entity were listed."""

    def __init__(self, case: Case, rule: Rule, *, suppose: str = "", any_list: bool = False) -> None:
        self.case, self.rule = case, rule
        self.span: Span | None = rule.on(case.day)
        self.standing = Standing.under(rule, case, any_list=any_list)
        self._suppose = suppose
        self._any_list = any_list
        sure = {*self.standing.sure, *([suppose] if suppose else [])}
        structure = case.structure if self.span else Structure()
        terms = self.span.terms if self.span else rule.terms
        other = self.span.otherwise if self.span and self.span.doubtful(case.day) else None
        perhaps, strange = set(self.standing.perhaps), set(self.standing.strange)
        self._found = findings(structure, terms, sure, perhaps)
        self._strange = findings(structure, terms, sure, perhaps | strange) if strange else self._found
        self._otherwise = findings(structure, other, sure, perhaps) if other else self._found

    def answer(self, node: str) -> Answer:
        """The answer on one entity."""
        finding = self._found.get(node) or Finding(node, Verdict.NOT_BLOCKED, "none", NONE)
        if finding.verdict is Verdict.BLOCKED:
            return Answer(finding, tuple(self._why_blocked(finding)))
        if finding.verdict is Verdict.POSSIBLE:
            return self._possible(finding)
        missing = list(self._missing(node))
        if missing:
            unknown = replace(finding, verdict=Verdict.NOT_KNOWN)
            reasons = (*(why for why, _ in missing), *self._over(node))
            return Answer(unknown, reasons, tuple(what for _, what in missing if what))
        return Answer(finding, tuple(self._why_not(finding)), tuple(self._would_change(finding)))

    def notes(self) -> Iterator[str]:
        """What is to be known of the rule itself on the day."""
        day, span = self.case.day, self.span
        if span is None:
            last = self.rule.suspended[-1] if self.rule.suspended else None
            stood = f", suspended from {last[0]} to {last[1]}" if last and last[0] <= day <= last[1] else ""
            yield f"not in force on {day}{stood}: nobody is blocked for being owned, only the listed themselves are"
            return
        if span.doubtful(day):
            yield span.doubt
        elif day > checked():
            yield f"the dates of the rule were looked up on {checked()}"

    def _why_blocked(self, finding: Finding) -> Iterator[str]:
        if finding.ground == "listed":
            if finding.node == self._suppose and finding.node not in self.standing.sure:
                yield "supposed to be listed"
            yield from _several(self.standing.sure.get(finding.node, ()))
            return
        terms = self.span.terms if self.span else self.rule.terms
        if finding.ground == "control":
            yield "controlled by blocked parties, which is enough under this rule"
        else:
            yield f"blocked holders have {finding.share}; the rule asks for {terms}"
        yield from self._seeds(finding)

    def _seeds(self, finding: Finding) -> Iterator[str]:
        """The listings at the head of the chain."""
        for holder in sorted({link.holder for link in finding.chain}, key=self.case.name):
            told = [*self.standing.sure.get(holder, ()), *self.standing.perhaps.get(holder, ())]
            for item in told[:1]:
                yield f"{self.case.name(holder)} {item}"

    def _possible(self, finding: Finding) -> Answer:
        """A listing that is not understood leaves the listed one not known, and what it owns not excluded."""
        own = self.standing.perhaps.get(finding.node, ())
        if own and not finding.chain:
            reasons = [f"{self.case.name(finding.node)} is {item}, {self._uncertain(item)}" for item in own]
            unknown = replace(finding, verdict=Verdict.NOT_KNOWN, ground="listed")
            return Answer(unknown, tuple(reasons), tuple(map(self._settled_by, own)))
        reasons = (
            [f"blocked holders may have {finding.share}"] if finding.ground != "control" else ["control may be held"]
        )
        settles = []
        for link in finding.chain:
            pair = f"{self.case.name(link.holder)} in {self.case.name(link.held)}"
            if link.share is not None and link.share.low != link.share.high:
                settles.append(f"the exact share of {pair} ({link.share})")
            if not link.certain:
                settles.append(
                    f"whether the stake of {pair} was held on {self.case.day}: it is undated, alleged or denied"
                )
        for holder in sorted(
            {link.holder for link in finding.chain} & self.standing.perhaps.keys(), key=self.case.name
        ):
            for item in self.standing.perhaps[holder]:
                reasons.append(f"{self.case.name(holder)} is {item}, {self._uncertain(item)}")
                settles.append(self._settled_by(item))
        return Answer(finding, tuple(reasons), tuple(dict.fromkeys(settles)))

    def _uncertain(self, item: Designation) -> str:
        if not item.effect.known:
            return f"and what that list does ({item.effect.list or item.list or 'none named'}) is not in the tables"
        if item.state(self.case.day) == "perhaps" and item.dated_by != "act" and item.since > self.case.day:
            return f"so whether it stood on {self.case.day} is not known"
        return "which is alleged, disputed or little sure"

    def _settled_by(self, item: Designation) -> str:
        if not item.effect.known:
            return f"on which list of {item.authority} it stands, and what that list does"
        return f"the day on which {item.authority} listed it"

    def _missing(self, node: str) -> Iterator[tuple[str, str]]:
        """What is not known about somebody who is not found blocked, each with what would settle it."""
        yield from self._missing_lists(node)
        strange = self.standing.strange
        if self._strange.get(node, self._found.get(node)) != self._found.get(node):
            for holder, told in sorted(strange.items()):
                names = ", ".join(sorted({item.authority for item in told}))
                yield (
                    f"{self.case.name(holder)} is listed by {names}, which the tables do not know",
                    f"which body {names} is",
                )
        other = self._otherwise.get(node)
        if other is not None and other.verdict is not Verdict.NOT_BLOCKED and self.span is not None:
            yield self.span.doubt, f"the rule's wording on {self.case.day}"
        if self.span is not None and self._ownable(node) and node not in self.case.owned and not self._mildly(node):
            yield f"no owner of {self.case.name(node)} is known", f"who owns {self.case.name(node)}"

    def _missing_lists(self, node: str) -> Iterator[tuple[str, str]]:
        if self._any_list or self._mildly(node):
            return
        body = self.rule.authorities[0]
        held = held_editions(self.rule, self.case.editions)
        if not held:
            carried = " or ".join(self.rule.lists) or f"list of {body} with {self._measures()}"
            yield f"the store holds no {carried}", "an import of that list"
            return
        first = min((edition.first for edition in held if edition.first), default="")
        if first and self.case.day < first[: len(self.case.day)] and not self._dated(node):
            yield (
                f"the lists of {body} in the store begin with the edition of {first}; who stood on them on "
                f"{self.case.day} and was taken off is not known",
                f"an edition of {self.case.day} or before",
            )

    def _dated(self, node: str) -> bool:
        """Whether the entity or one above it has a dated listing: then it is known when it was on the list."""
        told = (self.standing.later, self.standing.sure)
        above = [node, *self.case.structure.above(node)]
        return any(item.dated_by == "act" for other in above for part in told for item in part.get(other, ()))

    def _mildly(self, node: str) -> bool:
        return node in self.standing.mild

    def _ownable(self, node: str) -> bool:
        known = self.case.nodes.get(node)
        return known is not None and known.kind not in _UNOWNED

    def _measures(self) -> str:
        return " or ".join(kind.replace("_", " ") for kind in self.rule.measures)

    def _why_not(self, finding: Finding) -> Iterator[str]:
        node = finding.node
        for item in self.standing.mild.get(node, ()):
            yield f"{item}; that does not block under this rule"
        yield from self._over(node)
        mild = [holder for holder in self.case.structure.above(node) if holder in self.standing.mild]
        for holder in sorted(mild, key=self.case.name):
            for item in self.standing.mild[holder][:1]:
                yield f"{self.case.name(holder)} is {item}; that does not reach what it owns under this rule"
        if self.span is not None and node in self.case.owned:
            yield f"blocked holders have {finding.share if finding.share != NONE else 'nothing'} of what is known"
        if held := held_editions(self.rule, self.case.editions):
            yield "as far as these lists go: " + "; ".join(
                f"{edition.title}{f' of {edition.last}' if edition.last else ''}" for edition in held
            )

    def _over(self, node: str) -> Iterator[str]:
        """Listings of the entity and of those above it that had not begun on the day, or were over."""
        for other in (node, *self.case.structure.above(node)):
            for item in self.standing.later.get(other, ())[:_SHOWN]:
                yield f"{'' if other == node else f'{self.case.name(other)} '}{item}: not on {self.case.day}"

    def _would_change(self, finding: Finding) -> Iterator[str]:
        if self.span is None or not self._ownable(finding.node):
            return
        terms = self.span.terms
        lacking = max(0.0, terms.threshold - finding.share.high)
        known = sum(link.share.low for link in self.case.structure.shares.get(finding.node, {}).values() if link.share)
        if lacking <= 100 - known or not terms.aggregate:
            more = f"{lacking:g} % more" if terms.inclusive and lacking else f"more than {lacking:g} % more"
            yield f"a listed holder of {more}" if terms.aggregate else f"a listed holder of {terms}"
        if terms.control:
            yield "control by a listed party in another way"
        unowned = [
            self.case.name(holder)
            for holder in self.case.structure.shares.get(finding.node, {})
            if self._ownable(holder) and holder not in self.case.owned and holder not in self.standing.sure
        ]
        if unowned:
            yield f"who owns {', '.join(sorted(unowned))}"
