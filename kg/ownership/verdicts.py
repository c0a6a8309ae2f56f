"""Verdicts: the companies that an ownership rule blocks because of their holders.

The blocked ones are the least set that holds the listed and every company whose blocked holders reach the threshold:
computed once with what is surely held (blocked), once with what may be held (cannot be excluded). Because the shares in
one company do not bear on those in another, both sets are exact. Control blocks where the rule says so, and is never
turned into a share.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kg.ownership.intervals import Interval, total
from kg.ownership.rules import Rule, Terms
from kg.ownership.structure import Link, Structure, counted_share


class Verdict(StrEnum):
    """Whether a rule blocks a company."""

    BLOCKED = "blocked"
    POSSIBLE = "cannot be excluded"
    NOT_KNOWN = "not known"
    NOT_BLOCKED = "not blocked"


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one company: its ground (listed, ownership, control or none), and the links that prove it.

    `share` is what blocked holders have in it together: the lower bound what surely blocked ones surely have, the
    upper bound what possibly blocked ones may have. `chain` goes from the listed holders down.
    """

    node: str
    verdict: Verdict
    ground: str
    share: Interval
    chain: tuple[Link, ...] = ()


def findings(
    structure: Structure, rule: Rule | Terms, listed: Iterable[str], perhaps: Iterable[str] = ()
) -> dict[str, Finding]:
    """The verdict on every node of the structure and on every listed one, under a rule's last terms or given ones.

    Those `perhaps` listed can make others possible, never blocked.
    """
    terms = rule.terms if isinstance(rule, Rule) else rule
    listed = sorted(set(listed))
    seeds = sorted({*listed, *perhaps})
    sure, sure_stage = _spread(structure, terms, listed, surely=True)
    possible, possible_stage = _spread(structure, terms, seeds, surely=False)
    answer = {}
    for node in sorted({*structure.nodes(), *seeds}):
        owners = structure.shares.get(node, {})
        share = _blocked_share(owners, sure, possible)
        if node in sure:
            verdict, stage = Verdict.BLOCKED, sure_stage
        elif node in possible:
            verdict, stage = Verdict.POSSIBLE, possible_stage
        else:
            verdict, stage = Verdict.NOT_BLOCKED, {}
        chain = _proof(structure, terms, node, stage)
        answer[node] = Finding(node, verdict, _ground(node, seeds, verdict, chain), share, tuple(chain))
    return answer


def _spread(structure: Structure, rule: Terms, listed: list[str], *, surely: bool) -> tuple[set[str], dict[str, int]]:
    """The least set closed under the rule, and the stage at which each member came in."""
    stage = dict.fromkeys(listed, 0)
    below = structure.below()
    fresh, number = listed, 0
    while fresh:  # only what a newly blocked one holds can be reached next
        number += 1
        near = sorted({held for holder in fresh for held in below.get(holder, ())} - stage.keys())
        fresh = [node for node in near if _reaches(structure, rule, node, stage.keys(), surely)]
        stage.update(dict.fromkeys(fresh, number))
    return set(stage), stage


def _reaches(structure: Structure, rule: Terms, node: str, blocked: Container[str], surely: bool) -> bool:
    if rule.control and any(
        holder in blocked and (link.certain or not surely) for holder, link in structure.controls.get(node, {}).items()
    ):
        return True
    shares = {holder: counted_share(link) for holder, link in structure.shares.get(node, {}).items()}
    counted = [holder for holder in sorted(shares) if holder in blocked]
    groups = [counted] if rule.aggregate else [[holder] for holder in counted]
    for group in groups:
        rest = [share for holder, share in shares.items() if holder not in group]
        together = total([shares[holder] for holder in group], rest)
        test = together.surely if surely else together.possibly
        if group and test(rule.threshold, inclusive=rule.inclusive):
            return True
    return False


def _blocked_share(owners: Mapping[str, Link], sure: set[str], possible: set[str]) -> Interval:
    shares = {holder: counted_share(link) for holder, link in owners.items()}
    low = total(
        [share for holder, share in shares.items() if holder in sure],
        [share for holder, share in shares.items() if holder not in sure],
    )
    high = total(
        [share for holder, share in shares.items() if holder in possible],
        [share for holder, share in shares.items() if holder not in possible],
    )
    if low.low > high.high:
        return Interval(low.low, low.low)
    return Interval(low.low, high.high, low.low_open, high.high_open)


def _proof(structure: Structure, rule: Terms, node: str, stage: Mapping[str, int]) -> list[Link]:
    """The links from listed holders down to the node, each once, those nearer the listed first."""
    links: dict[tuple[str, str, bool], Link] = {}
    waiting = [node]
    seen = {node}
    while waiting:
        held = waiting.pop()
        if stage.get(held, 0) == 0:
            continue
        kinds = (structure.shares, structure.controls) if rule.control else (structure.shares,)
        for kind in kinds:
            for holder, link in kind.get(held, {}).items():
                if holder in stage and stage[holder] < stage[held]:
                    links[holder, held, link.share is None] = link
                    if holder not in seen:
                        seen.add(holder)
                        waiting.append(holder)
    return sorted(links.values(), key=lambda link: (stage[link.held], link.held, link.holder, link.share is None))


def _ground(node: str, listed: list[str], verdict: Verdict, chain: list[Link]) -> str:
    if node in listed:
        return "listed"
    if verdict is Verdict.NOT_BLOCKED:
        return "none"
    last = [link for link in chain if link.held == node]
    return "control" if last and all(link.share is None for link in last) else "ownership"
