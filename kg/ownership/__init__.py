"""Ownership: direct and indirect stakes as intervals, and whether a dated rule blocks a company for its holders.

Claims go in (through a store), verdicts with the chain of claims that proves them come out. Whether a rule makes legal
sense in a case is a lawyer's question.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.ownership.gather import gather, links, listed
from kg.ownership.intervals import Interval, stake
from kg.ownership.rules import Rule, rule, rules
from kg.ownership.stakes import held_by, holders_of, stake_of
from kg.ownership.structure import Link, Structure
from kg.ownership.verdicts import Finding, Verdict, findings
from kg.queries import Found, find
from kg.store import Store

__all__ = [
    "Exposure",
    "Finding",
    "Interval",
    "Link",
    "Rule",
    "Stake",
    "Structure",
    "Verdict",
    "exposed",
    "findings",
    "gather",
    "held_by",
    "holders_of",
    "links",
    "listed",
    "owners",
    "rule",
    "rules",
    "stake",
    "stake_of",
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
    """Verdicts under one rule on a day: `about` first, then what it holds; `listings` are the claims of listing."""

    rule: Rule
    about: Finding
    below: tuple[Finding, ...]
    listings: dict[str, list[str]]
    in_force: bool


def owners(store: Store, name: str, *, at: str | None = None) -> list[Stake]:
    """Who holds or controls the entity, directly or through others, the greatest stakes first."""
    found = find(store, name)
    structure = gather(store, [found.entity.iri], downward=False, at=at)
    held = found.entity.iri
    stakes = holders_of(structure, held)
    rows = []
    for holder in sorted({*stakes, *structure.controls.get(held, {})}):
        share, control = structure.shares.get(held, {}).get(holder), structure.controls.get(held, {}).get(holder)
        rows.append(
            Stake(
                holder=holder,
                held=held,
                direct=share.share if share else None,
                altogether=stakes.get(holder, Interval(0, 0)),
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
    """Whether a rule blocks the entity and what hangs below it.

    `suppose_listed` answers as if the entity itself were listed; `any_list` counts listings by every authority, not
    the rule's own alone. Out of force the rule blocks nothing but the listed.
    """
    chosen = rule(rule_name)
    found: Found = find(store, name)
    structure = gather(store, [found.entity.iri], downward=True, at=at)
    listings = listed(store, [*structure.nodes(), found.entity.iri], None if any_list else chosen, at=at)
    roots = {*listings, *([found.entity.iri] if suppose_listed else [])}
    in_force = chosen.in_force(at)
    answer = findings(structure if in_force else Structure(), chosen, roots)
    free = Finding(found.entity.iri, Verdict.NOT_BLOCKED, "none", Interval(0, 0))
    below = _below(structure, found.entity.iri, control=chosen.control)
    return Exposure(
        rule=chosen,
        about=answer.get(found.entity.iri, free),
        below=tuple(answer[node] for node in below if node in answer),
        listings=listings,
        in_force=in_force,
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
