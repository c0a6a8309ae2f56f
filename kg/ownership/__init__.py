"""Ownership: direct and indirect stakes as intervals, and whether a dated rule blocks a company for its holders.

Claims go in (through a store), verdicts with the chain of claims that proves them come out. Whether a rule makes legal
sense in a case is a lawyer's question.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.ownership.answers import Answer, Judge
from kg.ownership.case import Case
from kg.ownership.gather import gather, links, today
from kg.ownership.intervals import Interval, stake
from kg.ownership.rules import Rule, Span, Terms, rule, rules
from kg.ownership.stakes import held_by, holders_of, stake_of
from kg.ownership.structure import Link, Structure
from kg.ownership.verdicts import Finding, Verdict, findings
from kg.store import Store

__all__ = [
    "Answer",
    "Case",
    "Exposure",
    "Finding",
    "Interval",
    "Link",
    "Rule",
    "Span",
    "Stake",
    "Structure",
    "Terms",
    "Verdict",
    "exposed",
    "exposure",
    "findings",
    "gather",
    "held_by",
    "holders_of",
    "links",
    "owners",
    "rule",
    "rules",
    "stake",
    "stake_of",
    "stakes",
    "today",
]


@dataclass(frozen=True, slots=True)
class Stake:
    """What one holder has in one thing: `direct` is None without a link of its own, `controls` tells of control."""

    holder: str
    held: str
    direct: Interval | None
    altogether: Interval
    controls: bool
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exposure:
    """Answers under one rule on a day: `about` first, then what it holds; `listings` are the claims of listing.

    `span` is the version of the rule that held on the day, None where it was not in force; `notes` say what is to be
    known of the rule itself.
    """

    rule: Rule
    about: Answer
    below: tuple[Answer, ...]
    listings: dict[str, list[str]]
    span: Span | None
    notes: tuple[str, ...] = ()

    @property
    def in_force(self) -> bool:
        """Whether the rule held on the day."""
        return self.span is not None


def owners(store: Store, name: str, *, at: str | None = None) -> list[Stake]:
    """Who holds or controls the entity on a day (today without one), directly or through others, the greatest first."""
    return stakes(Case.of(store, name, at=at))


def stakes(case: Case) -> list[Stake]:
    """The holders of a case's entity, the greatest stakes first."""
    structure, held = case.structure, case.found.entity.iri
    found = holders_of(structure, held)
    rows = []
    for holder in sorted({*found, *structure.controls.get(held, {})}):
        share, control = structure.shares.get(held, {}).get(holder), structure.controls.get(held, {}).get(holder)
        rows.append(
            Stake(
                holder=holder,
                held=held,
                direct=share.share if share else None,
                altogether=found.get(holder, Interval(0, 0)),
                controls=control is not None,
                claims=tuple(sorted({*(share.claims if share else ()), *(control.claims if control else ())})),
            )
        )
    return sorted(rows, key=lambda row: (-row.altogether.low, -row.altogether.high, row.direct is None, row.holder))


def exposed(
    store: Store,
    name: str,
    rule_name: str,
    *,
    at: str | None = None,
    suppose_listed: bool = False,
    any_list: bool = False,
) -> Exposure:
    """Whether a rule blocks the entity and what hangs below it on a day, today without one.

    `suppose_listed` answers as if the entity itself were listed; `any_list` counts listings by every authority, not
    the rule's own alone. Out of force the rule blocks nothing but the listed.
    """
    chosen = rule(rule_name)
    case = Case.of(store, name, at=at, downward=True)
    return exposure(case, chosen, suppose_listed=suppose_listed, any_list=any_list)


def exposure(case: Case, chosen: Rule, *, suppose_listed: bool = False, any_list: bool = False) -> Exposure:
    """The answers of a rule on a case's entity and on what it holds in the case."""
    top = case.found.entity.iri
    judge = Judge(case, chosen, suppose=top if suppose_listed else "", any_list=any_list)
    below = _below(case.structure, top, control=chosen.terms.control) if judge.span else []
    told = {**judge.standing.perhaps, **judge.standing.mild, **judge.standing.sure}
    return Exposure(
        rule=chosen,
        about=judge.answer(top),
        below=tuple(map(judge.answer, below)),
        listings={
            node: sorted({claim.iri for item in items for claim in item.claims}) for node, items in sorted(told.items())
        },
        span=judge.span,
        notes=tuple(judge.notes()),
    )


def _below(structure: Structure, top: str, *, control: bool) -> list[str]:
    """Everything reached downward from `top` by shares and, if they count, by controls; nearest first."""
    below = structure.below(controls=control)
    order = {top: None}
    waiting = [top]
    for node in waiting:
        new = [held for held in below.get(node, ()) if held not in order]
        order.update(dict.fromkeys(new))
        waiting += new
    return waiting[1:]
