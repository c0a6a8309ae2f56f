"""The named questions on the command line: each a thin function that prints rows with their evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import click
from pyoxigraph import Literal

from kg import ownership, queries
from kg.cli.answers import Line, Shown, plain
from kg.cli.options import at_option, format_option, reading, shape, shape_options, store_option
from kg.cli.terminal import complain, say
from kg.errors import one_line
from kg.namespaces import ONTOLOGY, shorten
from kg.ownership import Interval
from kg.queries import ClaimRow, sentence
from kg.queries.named import ask, nodes
from kg.queries.questions import check_date
from kg.store import Store
from kg.store.recording import Recording

_Function = TypeVar("_Function", bound=Callable[..., Any])
_RULES: Final = ("ofac", "eu", "uk", "bis")


def _asking(function: _Function) -> _Function:
    """The options of every named question."""
    show = click.option("--show-sparql", is_flag=True, help="Print the SPARQL that was asked instead of the answer.")
    return store_option(format_option("table", "json", "csv")(shape_options(show(function))))


@contextmanager
def _opened(store: str, name: str | None = None) -> Iterator[Recording]:
    """The store for one question; other entities that go by the name are told on standard error."""
    with Recording(reading(store)) as opened:
        yield opened
        if name is not None:
            others = queries.find(opened, name).others
            if others:
                told = "; ".join(f"{node.name} ({node.kind or 'entity'}, {shorten(node.iri)})" for node in others[:5])
                complain(f"also called {one_line(name)}: {one_line(told)}")


def _print(shown: Shown, format_: str, opened: Recording, show_sparql: bool) -> None:
    if show_sparql:
        say("\n".join(opened.asked))
    else:
        shown.write(format_, shape())


def _claim_line(claim: ClaimRow) -> Line:
    cells = (claim.since, claim.subject.name, claim.predicate, claim.object.name, claim.status)
    return Line(cells, (claim,), claim)


_CLAIM_HEADER: Final = ("date", "subject", "predicate", "object", "status")


@click.command()
@click.argument("name")
@_asking
@at_option
def show(name: str, store: str, format_: str, show_sparql: bool, at: str | None) -> None:
    """What the graph holds about an entity: names, listings, and every claim with its quotation.

    Example: kg show Hikvision --at 2019-12-31
    """
    with _opened(store, name) as opened:
        found = queries.find(opened, name)
        told = queries.claims_about(opened, name)
        claims = queries.as_of(told, check_date(at))
        names, facts = _facts(opened, found.members, {claim.predicate for claim in told})
        listings = queries.listings(opened, name, at=at)
        title = f"{found.entity.name} ({found.entity.kind or 'entity'}, {shorten(found.entity.iri)})"
        also = [other for other in names if other != found.entity.name]
        head = [title, *([f"also: {'; '.join(also)}"] if also else []), *(f"{key}: {value}" for key, value in facts)]
        for listing in listings:
            by = listing.authority.name if listing.authority else "unknown"
            where = f" on {', '.join(node.name for node in listing.lists)}" if listing.lists else ""
            under = f" under {', '.join(node.name for node in listing.instruments)}" if listing.instruments else ""
            until = f" until {listing.delisted}" if listing.delisted else ""
            head.append(f"listed by {by}{where}{under}, {listing.date or 'undated'}{until} ({listing.status})")
        shown = Shown(
            _CLAIM_HEADER,
            [_claim_line(claim) for claim in claims],
            extra={"entity": plain(found.entity), "names": names, "facts": facts, "listings": plain(listings)},
        )
        if format_ == "table" and not show_sparql:
            say("\n".join(map(one_line, head)))
        _print(shown, format_, opened, show_sparql)


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("-k", "--count", type=click.IntRange(1, 20), default=3, show_default=True, help="How many paths.")
@click.option("--max-hops", type=click.IntRange(1, 9), default=6, show_default=True, help="The longest path.")
@click.option("--without-hubs", type=click.IntRange(1), default=None, help="Avoid entities in more claims.")
@_asking
@at_option
def path(
    *,
    a: str,
    b: str,
    count: int,
    max_hops: int,
    without_hubs: int | None,
    store: str,
    format_: str,
    show_sparql: bool,
    at: str | None,
) -> None:
    """What connects two entities: the shortest chains of claims, the best proved first.

    Example: kg path "Xi Jinping" Hikvision -k 5 --without-hubs 100
    """
    with _opened(store) as opened:
        found = queries.paths(opened, a, b, k=count, max_hops=max_hops, without_hubs=without_hubs, at=at)
        lines = [
            Line((str(rank), " - ".join(node.name for node in chain.nodes), f"{chain.cost:g}"),
                 tuple(step.claims[0] for step in chain.steps if step.claims), chain)
            for rank, chain in enumerate(found, 1)
        ]  # fmt: skip
        _print(Shown(("rank", "path", "cost"), lines), format_, opened, show_sparql)


@click.command()
@click.argument("name")
@_asking
@at_option
def timeline(name: str, store: str, format_: str, show_sparql: bool, at: str | None) -> None:
    """What happened to an entity, in order of time.

    Example: kg timeline Hikvision
    """
    with _opened(store, name) as opened:
        events = queries.timeline(opened, name, at=at)
        lines = [Line((event.date or "undated", event.what), event.claims, event) for event in events]
        _print(Shown(("date", "event"), lines), format_, opened, show_sparql)


@click.command()
@click.argument("what", nargs=-1, required=True)
@_asking
def explain(what: tuple[str, ...], store: str, format_: str, show_sparql: bool) -> None:
    """Why the graph holds a triple or claim: rule, confidence, and the quotation in its context.

    WHAT is the IRI of a claim, or a triple: SUBJECT predicate OBJECT.

    Example: kg explain Hikvision listed_by "Commerce Department"
    """
    text = what[0] if len(what) == 1 else " ".join(what)
    with _opened(store) as opened:
        claims = queries.explain(opened, text)
        if format_ == "table" and not show_sparql:
            say("\n\n".join("\n".join(map(one_line, _explained(claim))) for claim in claims))
            return
        _print(Shown(_CLAIM_HEADER, [_claim_line(claim) for claim in claims]), format_, opened, show_sparql)


def _explained(claim: ClaimRow) -> list[str]:
    lines = [
        sentence(claim),
        f"  claim       {claim.iri}",
        f"  triple      {claim.subject.iri} {claim.predicate} {claim.object.iri or repr(claim.object.name)}",
        f"  status      {claim.status}",
        f"  date        {claim.date or '-'}{f' to {claim.date_end}' if claim.date_end else ''}",
        f"  claimant    {claim.claimant.name if claim.claimant else '-'}",
        f"  rule        {claim.rule or '-'}",
        f"  confidence  {claim.confidence:g}",
    ]
    if claim.percent is not None or claim.percent_min is not None or claim.percent_max is not None:
        lines.append(f"  share       {ownership.stake(claim.percent, claim.percent_min, claim.percent_max)}")
    if claim.amount:
        lines.append(f"  amount      {claim.amount}")
    lines += [f"  {key:<11} {value}" for key, value in claim.notes]
    lines += [f"  {role:<11} shown by: {words}" for role, words in claim.cues]
    for quote in claim.quotations:
        lines += [
            f"  document    {quote.place}{f', published {quote.published}' if quote.published else ''}",
            f"              {quote.source or quote.document}",
            f"  quotation   {quote.prefix}[[{quote.text}]]{quote.suffix}",
        ]
    return lines


@click.command()
@click.argument("name")
@_asking
@at_option
def owners(name: str, store: str, format_: str, show_sparql: bool, at: str | None) -> None:
    """Who owns or controls an entity, directly and through others, and which rules block it for that.

    Example: kg owners "Example Shipyard" --at 2022-03-01
    """
    at = check_date(at)
    with _opened(store, name) as opened:
        stakes = ownership.owners(opened, name, at=at)
        claims = {claim.iri: claim for claim in queries.load(opened, {iri for row in stakes for iri in row.claims})}
        known = queries.describe(opened, {row.holder for row in stakes})
        lines = []
        for row in stakes:
            proof = tuple(claims[iri] for iri in row.claims)
            direct = str(row.direct) if row.direct else "-"
            cells = (known[row.holder].name, direct, _through(row.altogether), _yes(row.controls))
            told = {"direct": row.direct, "altogether": row.altogether, "controls": row.controls, "claims": proof}
            lines.append(Line(cells, proof, {"holder": known[row.holder], **told}))
        verdicts = []
        for rule in _RULES:
            found = ownership.exposed(opened, name, rule, at=at)
            verdicts.append((found.rule.title, str(found.about.verdict), found.about.ground, _in_force(found)))
        after = tuple(f"{title}: {verdict}{_because(ground)}{force}" for title, verdict, ground, force in verdicts)
        shown = Shown(("holder", "direct", "altogether", "controls"), lines, after=after, extra={"verdicts": verdicts})
        _print(shown, format_, opened, show_sparql)


@click.command()
@click.argument("name")
@click.option("--rule", type=click.Choice(_RULES), default="ofac", show_default=True, help="Whose rule.")
@click.option("--suppose-listed", is_flag=True, help="Answer as if the entity itself were listed.")
@click.option("--any-list", is_flag=True, help="Count listings by every authority, not the rule's own alone.")
@_asking
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
    with _opened(store, name) as opened:
        found = ownership.exposed(opened, name, rule, at=at, suppose_listed=suppose_listed, any_list=any_list)
        rows = [found.about, *found.below]
        wanted = {iri for row in rows for link in row.chain for iri in link.claims}
        wanted |= {iri for row in rows for iri in found.listings.get(row.node, ())}
        claims = {claim.iri: claim for claim in queries.load(opened, wanted)}
        ends = {row.node for row in rows} | {
            node for row in rows for link in row.chain for node in (link.holder, link.held)
        }
        known = queries.describe(opened, ends)
        lines = []
        for row in rows:
            chain = " ; ".join(
                f"{known[link.holder].name} -> {known[link.held].name} {link.share if link.share else 'control'}"
                for link in row.chain
            )
            proof = [claims[iri] for iri in found.listings.get(row.node, ())]
            proof += [claims[iri] for link in row.chain for iri in link.claims]
            cells = (known[row.node].name, str(row.verdict), row.ground, str(row.share), chain)
            lines.append(Line(cells, tuple(proof), {"entity": known[row.node], "finding": row, "claims": proof}))
        title = f"{found.rule.title}{_in_force(found)}"
        header = ("entity", "verdict", "ground", "blocked share", "chain")
        shown = Shown(header, lines, title=title, extra={"rule": found.rule.id, "in_force": found.in_force})
        _print(shown, format_, opened, show_sparql)


@click.command()
@click.argument("authority")
@click.option("--from", "start", metavar="DATE", required=True, help="First day (YYYY, YYYY-MM or YYYY-MM-DD).")
@click.option("--to", "end", metavar="DATE", required=True, help="Last day.")
@_asking
def listed(*, authority: str, start: str, end: str, store: str, format_: str, show_sparql: bool) -> None:
    """Everybody listed by an authority between two dates.

    Example: kg listed "Commerce Department" --from 2019-10 --to 2019-12
    """
    with _opened(store, authority) as opened:
        claims = queries.listed_between(opened, authority, start, end)
        _print(Shown(_CLAIM_HEADER, [_claim_line(claim) for claim in claims]), format_, opened, show_sparql)


@click.command()
@click.argument("name")
@click.option("--hops", type=click.IntRange(1, 4), default=1, show_default=True, help="How far.")
@_asking
@at_option
def around(*, name: str, hops: int, store: str, format_: str, show_sparql: bool, at: str | None) -> None:
    """The entities around one, nearest first.

    Example: kg around Hikvision --hops 2
    """
    with _opened(store, name) as opened:
        rows = queries.neighbourhood(opened, name, hops=hops, at=at)
        lines = [
            Line((str(row.distance), "->" if row.outward else "<-", row.predicate, row.node.name), row.claims, row)
            for row in rows
        ]
        _print(Shown(("hops", "way", "predicate", "entity"), lines), format_, opened, show_sparql)


@click.command()
@click.argument("person")
@_asking
@at_option
def roles(person: str, store: str, format_: str, show_sparql: bool, at: str | None) -> None:
    """The posts and memberships of a person.

    Example: kg roles "Geng Shuang"
    """
    with _opened(store, person) as opened:
        rows = queries.roles(opened, person, at=at)
        lines = [
            Line((row.predicate, row.body.name, row.since, row.until, row.status), row.claims, row) for row in rows
        ]
        _print(Shown(("post", "body", "since", "until", "status"), lines), format_, opened, show_sparql)


@click.command()
@click.argument("claimant")
@_asking
@at_option
def said(claimant: str, store: str, format_: str, show_sparql: bool, at: str | None) -> None:
    """Everything that somebody is quoted as saying.

    Example: kg said "Geng Shuang"
    """
    with _opened(store, claimant) as opened:
        claims = queries.said_by(opened, claimant, at=at)
        _print(Shown(_CLAIM_HEADER, [_claim_line(claim) for claim in claims]), format_, opened, show_sparql)


@click.command()
@click.argument("name", required=False)
@_asking
@at_option
def contradictions(name: str | None, store: str, format_: str, show_sparql: bool, at: str | None) -> None:
    """Claims that cannot both hold, about one entity or in the whole graph.

    Example: kg contradictions "Example Holding"
    """
    with _opened(store, name) as opened:
        rows = queries.contradictions(opened, name, at=at)
        lines = [Line((row.kind, *(sentence(claim) for claim in row.claims)), row.claims, row) for row in rows]
        _print(Shown(("kind", "one claim", "another claim"), lines), format_, opened, show_sparql)


@click.command()
@click.option("--from", "start", metavar="DATE", required=True, help="First day (YYYY, YYYY-MM or YYYY-MM-DD).")
@click.option("--to", "end", metavar="DATE", required=True, help="Last day.")
@_asking
def changes(start: str, end: str, store: str, format_: str, show_sparql: bool) -> None:
    """What began or ended between two dates.

    Example: kg changes --from 2019-10-01 --to 2019-10-31
    """
    with _opened(store) as opened:
        rows = queries.changes(opened, start, end)
        lines = [Line((row.date, row.what, sentence(row.claims[0])), row.claims, row) for row in rows]
        _print(Shown(("date", "what", "claim"), lines), format_, opened, show_sparql)


def _facts(store: Store, members: tuple[str, ...], claimed: set[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """All names, and the plain values known of the entity beside its claims, both sorted."""
    names: set[str] = set()
    facts: set[tuple[str, str]] = set()
    for _, prop, value in ask(store, "properties", who=nodes(members)):
        if prop is None or not isinstance(value, Literal):
            continue
        local = prop.value.rpartition("#")[2]
        if local in ("prefLabel", "altLabel"):
            names.add(value.value)
        elif prop.value.startswith(ONTOLOGY) and local not in {"name_key", *claimed}:
            facts.add((local, value.value))
    return sorted(names), sorted(facts)


def _through(share: Interval) -> str:
    return "-" if (share.low, share.high) == (0, 0) else str(share)


def _yes(answer: bool) -> str:
    return "yes" if answer else "-"


def _because(ground: str) -> str:
    return "" if ground == "none" else f" ({ground})"


def _in_force(found: ownership.Exposure) -> str:
    return "" if found.in_force else ", not in force on that day"
