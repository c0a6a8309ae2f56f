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
from kg.queries import ClaimRow, sentence
from kg.queries.designations import dated
from kg.queries.named import ask, nodes
from kg.queries.questions import check_date
from kg.reference import authority, effect
from kg.store import Store
from kg.store.recording import Recording

_Function = TypeVar("_Function", bound=Callable[..., Any])


def asking(function: _Function) -> _Function:
    """The options of every named question."""
    show = click.option("--show-sparql", is_flag=True, help="Print the SPARQL that was asked instead of the answer.")
    return store_option(format_option("table", "json", "csv")(shape_options(show(function))))


@contextmanager
def opened_for(store: str, name: str | None = None) -> Iterator[Recording]:
    """The store for one question; other entities that go by the name are told on standard error."""
    with Recording(reading(store)) as opened:
        yield opened
        if name is not None:
            others = queries.find(opened, name).others
            if others:
                told = "; ".join(f"{node.name} ({node.kind or 'entity'}, {shorten(node.iri)})" for node in others[:5])
                complain(f"also called {one_line(name)}: {one_line(told)}")


def print_shown(shown: Shown, format_: str, opened: Recording, show_sparql: bool) -> None:
    """Print the rows in the form asked for, or the SPARQL that was asked."""
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
@asking
@at_option
def show(name: str, store: str, format_: str, show_sparql: bool, at: str | None) -> None:
    """What the graph holds about an entity: names, listings, and every claim with its quotation.

    Example: kg show Hikvision --at 2019-12-31
    """
    with opened_for(store, name) as opened:
        found = queries.find(opened, name)
        told = queries.claims_about(opened, name)
        claims = queries.as_of(told, check_date(at))
        names, facts = _facts(opened, found.members, {claim.predicate for claim in told})
        listings = queries.listings(opened, name, at=at)
        title = f"{found.entity.name} ({found.entity.kind or 'entity'}, {shorten(found.entity.iri)})"
        also = [other for other in names if other != found.entity.name]
        head = [title, *([f"also: {'; '.join(also)}"] if also else []), *(f"{key}: {value}" for key, value in facts)]
        acts = queries.designations(opened, found.members).get(found.entity.iri, ())
        day = at or ownership.today()
        head += [_listing_line(listing) for listing in listings]
        head += [f"perhaps {act}" for act in acts if at and act.state(day) == "perhaps" and act.since > day]
        shown = Shown(
            _CLAIM_HEADER,
            [_claim_line(claim) for claim in claims],
            extra={
                "entity": plain(found.entity),
                "names": names,
                "facts": facts,
                "listings": plain(listings),
                "designations": [
                    {**plain(act), "claims": [claim.iri for claim in act.claims], "grade": act.grade(day)}
                    for act in acts
                ],
            },
        )
        if format_ == "table" and not show_sparql:
            say("\n".join(map(one_line, head)))
        print_shown(shown, format_, opened, show_sparql)


def _listing_line(listing: queries.Listing) -> str:
    by = listing.authority.name if listing.authority else "unknown"
    where = f" on {', '.join(node.name for node in listing.lists)}" if listing.lists else ""
    under = f" under {', '.join(node.name for node in listing.instruments)}" if listing.instruments else ""
    until = f" until {listing.delisted}" if listing.delisted else ""
    known = authority(by)
    means = effect(known.name if known else by, listing.lists[0].name if listing.lists else "")
    since = dated(listing.date, listing.claims[0].dated_by)
    return f"listed by {by}{where}{under}, {since}{until} ({listing.status}): {means}"


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("-k", "--count", type=click.IntRange(1, 20), default=3, show_default=True, help="How many paths.")
@click.option("--max-hops", type=click.IntRange(1, 9), default=6, show_default=True, help="The longest path.")
@click.option("--without-hubs", type=click.IntRange(1), default=None, help="Avoid entities in more claims.")
@asking
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
    with opened_for(store) as opened:
        found = queries.paths(opened, a, b, k=count, max_hops=max_hops, without_hubs=without_hubs, at=at)
        lines = [
            Line((str(rank), " - ".join(node.name for node in chain.nodes), f"{chain.cost:g}"),
                 tuple(step.claims[0] for step in chain.steps if step.claims), chain)
            for rank, chain in enumerate(found, 1)
        ]  # fmt: skip
        print_shown(Shown(("rank", "path", "cost"), lines), format_, opened, show_sparql)


@click.command()
@click.argument("name")
@asking
@at_option
def timeline(name: str, store: str, format_: str, show_sparql: bool, at: str | None) -> None:
    """What happened to an entity, in order of time.

    Example: kg timeline Hikvision
    """
    with opened_for(store, name) as opened:
        events = queries.timeline(opened, name, at=at)
        lines = [Line((event.date or "undated", event.what), event.claims, event) for event in events]
        print_shown(Shown(("date", "event"), lines), format_, opened, show_sparql)


@click.command()
@click.argument("what", nargs=-1, required=True)
@asking
def explain(what: tuple[str, ...], store: str, format_: str, show_sparql: bool) -> None:
    """Why the graph holds a triple or claim: rule, confidence, and the quotation in its context.

    WHAT is the IRI of a claim, or a triple: SUBJECT predicate OBJECT.

    Example: kg explain Hikvision listed_by "Commerce Department"
    """
    text = what[0] if len(what) == 1 else " ".join(what)
    with opened_for(store) as opened:
        claims = queries.explain(opened, text)
        if format_ == "table" and not show_sparql:
            say("\n\n".join("\n".join(map(one_line, _explained(claim))) for claim in claims))
            return
        print_shown(Shown(_CLAIM_HEADER, [_claim_line(claim) for claim in claims]), format_, opened, show_sparql)


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
    told = (claim.percent, claim.percent_min, claim.percent_max)
    if told != (None, None, None):
        lines.append(f"  share       {ownership.stake(*told, claim.percent_bounds)}")
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
@click.argument("authority")
@click.option("--from", "start", metavar="DATE", required=True, help="First day (YYYY, YYYY-MM or YYYY-MM-DD).")
@click.option("--to", "end", metavar="DATE", required=True, help="Last day.")
@asking
def listed(*, authority: str, start: str, end: str, store: str, format_: str, show_sparql: bool) -> None:
    """Everybody listed by an authority between two dates.

    Example: kg listed "Commerce Department" --from 2019-10 --to 2019-12
    """
    with opened_for(store, authority) as opened:
        claims = queries.listed_between(opened, authority, start, end)
        print_shown(Shown(_CLAIM_HEADER, [_claim_line(claim) for claim in claims]), format_, opened, show_sparql)


@click.command()
@click.argument("name")
@click.option("--hops", type=click.IntRange(1, 4), default=1, show_default=True, help="How far.")
@asking
@at_option
def around(*, name: str, hops: int, store: str, format_: str, show_sparql: bool, at: str | None) -> None:
    """The entities around one, nearest first.

    Example: kg around Hikvision --hops 2
    """
    with opened_for(store, name) as opened:
        rows = queries.neighbourhood(opened, name, hops=hops, at=at)
        lines = [
            Line((str(row.distance), "->" if row.outward else "<-", row.predicate, row.node.name), row.claims, row)
            for row in rows
        ]
        print_shown(Shown(("hops", "way", "predicate", "entity"), lines), format_, opened, show_sparql)


@click.command()
@click.argument("person")
@asking
@at_option
def roles(person: str, store: str, format_: str, show_sparql: bool, at: str | None) -> None:
    """The posts and memberships of a person.

    Example: kg roles "Geng Shuang"
    """
    with opened_for(store, person) as opened:
        rows = queries.roles(opened, person, at=at)
        lines = [
            Line((row.predicate, row.body.name, row.since, row.until, row.status), row.claims, row) for row in rows
        ]
        print_shown(Shown(("post", "body", "since", "until", "status"), lines), format_, opened, show_sparql)


@click.command()
@click.argument("claimant")
@asking
@at_option
def said(claimant: str, store: str, format_: str, show_sparql: bool, at: str | None) -> None:
    """Everything that somebody is quoted as saying.

    Example: kg said "Geng Shuang"
    """
    with opened_for(store, claimant) as opened:
        claims = queries.said_by(opened, claimant, at=at)
        print_shown(Shown(_CLAIM_HEADER, [_claim_line(claim) for claim in claims]), format_, opened, show_sparql)


@click.command()
@click.argument("name", required=False)
@asking
@at_option
def contradictions(name: str | None, store: str, format_: str, show_sparql: bool, at: str | None) -> None:
    """Claims that cannot both hold, about one entity or in the whole graph.

    Example: kg contradictions "Example Holding"
    """
    with opened_for(store, name) as opened:
        rows = queries.contradictions(opened, name, at=at)
        lines = [Line((row.kind, *(sentence(claim) for claim in row.claims)), row.claims, row) for row in rows]
        print_shown(Shown(("kind", "one claim", "another claim"), lines), format_, opened, show_sparql)


@click.command()
@click.option("--from", "start", metavar="DATE", required=True, help="First day (YYYY, YYYY-MM or YYYY-MM-DD).")
@click.option("--to", "end", metavar="DATE", required=True, help="Last day.")
@asking
def changes(start: str, end: str, store: str, format_: str, show_sparql: bool) -> None:
    """What began or ended between two dates.

    Example: kg changes --from 2019-10-01 --to 2019-10-31
    """
    with opened_for(store) as opened:
        rows = queries.changes(opened, start, end)
        lines = [Line((row.date, row.what, sentence(row.claims[0])), row.claims, row) for row in rows]
        print_shown(Shown(("date", "what", "claim"), lines), format_, opened, show_sparql)


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
