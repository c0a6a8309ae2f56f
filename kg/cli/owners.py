"""`kg owners` and `kg exposed`: stakes, and the answers of the ownership rules with reasons, chains and quotations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import click

from kg import ownership, queries
from kg.cli.answers import Line, Shown, plain, quotations
from kg.cli.ask import asking, opened_for, print_shown
from kg.cli.options import at_option
from kg.ownership import Answer, Exposure, Interval, Stake
from kg.queries import ClaimRow, Node
from kg.queries.questions import check_date
from kg.store import Store

RULES: Final = tuple(ownership.rules())


@click.command()
@click.argument("name")
@asking
@at_option
def owners(name: str, store: str, format_: str, show_sparql: bool, at: str | None) -> None:
    """Who owns or controls an entity, directly and through others, and which rules block it for that.

    Each rule answers blocked, not blocked, cannot be excluded or not known, with the reason, and with what would
    settle or change the answer. Without --at today is meant.

    Example: kg owners "Example Shipyard" --at 2022-03-01
    """
    at = check_date(at)
    with opened_for(store, name) as opened:
        case = ownership.Case.of(opened, name, at=at)
        stakes = ownership.stakes(case)
        found = [ownership.exposure(case, rule) for rule in ownership.rules().values()]
        wanted = {iri for row in stakes for iri in row.claims} | {
            iri for one in found for iri in _proof(one, one.about)
        }
        claims = {claim.iri: claim for claim in queries.load(opened, wanted)}
        known = queries.describe(opened, {row.holder for row in stakes})
        lines = [_stake_line(row, known[row.holder], claims) for row in stakes]
        shown = Shown(
            ("holder", "direct", "altogether", "controls"),
            lines,
            after=tuple(line for one in found for line in _rule_lines(one, claims)),
            extra={"day": case.day, "rules": [_record(one) for one in found]},
        )
        print_shown(shown, format_, opened, show_sparql)


def _stake_line(row: Stake, holder: Node, claims: dict[str, ClaimRow]) -> Line:
    proof = tuple(claims[iri] for iri in row.claims)
    cells = (holder.name, str(row.direct) if row.direct else "-", _through(row.altogether), _yes(row.controls))
    told = {"direct": row.direct, "altogether": row.altogether, "controls": row.controls, "claims": proof}
    return Line(cells, proof, {"holder": holder, **told})


def _rule_lines(found: Exposure, claims: dict[str, ClaimRow]) -> Iterable[str]:
    """The answer of a rule, then its notes and the quotations that prove it."""
    yield f"{found.rule.title}: {found.about}"
    for note in found.notes:
        yield f"    {note}"
    yield from quotations(claims[iri] for iri in _proof(found, found.about) if iri in claims)


def _proof(found: Exposure, answer: Answer) -> list[str]:
    """The claims of the listings at the head of the chain, then those of the chain."""
    chain = answer.finding.chain
    heads = [answer.node, *(link.holder for link in chain)]
    told = [iri for node in dict.fromkeys(heads) for iri in found.listings.get(node, ())]
    return list(dict.fromkeys([*told, *(iri for link in chain for iri in link.claims)]))


def _record(found: Exposure) -> dict[str, object]:
    span = found.span
    return {
        "rule": found.rule.id,
        "title": found.rule.title,
        "in_force": found.in_force,
        "terms": str(span.terms) if span else None,
        "source": span.source if span else None,
        "notes": list(found.notes),
        "verdict": str(found.about.verdict),
        "ground": found.about.finding.ground,
        "share": plain(found.about.finding.share),
        "chain": plain(found.about.finding.chain),
        "reasons": list(found.about.reasons),
        "settles": list(found.about.settles),
    }


@click.command()
@click.argument("name")
@click.option("--rule", type=click.Choice(RULES), default="ofac", show_default=True, help="Whose rule.")
@click.option("--suppose-listed", is_flag=True, help="Answer as if the entity itself were listed.")
@click.option("--any-list", is_flag=True, help="Count listings by every authority, not the rule's own alone.")
@asking
@at_option
def exposed(
    *,
    name: str,
    rule: str,
    suppose_listed: bool,
    any_list: bool,
    store: str,
    format_: str,
    show_sparql: bool,
    at: str | None,
) -> None:
    """Whether an ownership rule blocks an entity and everything below it, each with the chain that shows why.

    Example: kg exposed "Example Holding" --rule eu --at 2022-03-01
    """
    at = check_date(at)
    with opened_for(store, name) as opened:
        found = ownership.exposed(opened, name, rule, at=at, suppose_listed=suppose_listed, any_list=any_list)
        header = ("entity", "verdict", "ground", "blocked share", "chain")
        title = "; ".join((found.rule.title, *found.notes))
        extra = {"rule": found.rule.id, "in_force": found.in_force, "notes": list(found.notes)}
        shown = Shown(header, _exposed_lines(opened, found), title=title, extra=extra)
        print_shown(shown, format_, opened, show_sparql)


def _exposed_lines(store: Store, found: Exposure) -> list[Line]:
    rows = [found.about, *found.below]
    claims = {claim.iri: claim for claim in queries.load(store, {iri for row in rows for iri in _proof(found, row)})}
    ends = {row.node for row in rows}
    ends |= {node for row in rows for link in row.finding.chain for node in (link.holder, link.held)}
    known = queries.describe(store, ends)
    lines = []
    for row in rows:
        chain = " ; ".join(
            f"{known[link.holder].name} -> {known[link.held].name} {link.share if link.share else 'control'}"
            for link in row.finding.chain
        )
        proof = tuple(claims[iri] for iri in _proof(found, row) if iri in claims)
        why = chain or "; ".join(row.reasons)
        cells = (known[row.node].name, str(row.verdict), row.finding.ground, str(row.finding.share), why)
        told = {"entity": known[row.node], "finding": row.finding, "reasons": row.reasons, "settles": row.settles}
        lines.append(Line(cells, proof, {**told, "claims": proof}))
    return lines


def _through(share: Interval) -> str:
    return "-" if (share.low, share.high) == (0, 0) else str(share)


def _yes(answer: bool) -> str:
    return "yes" if answer else "-"
