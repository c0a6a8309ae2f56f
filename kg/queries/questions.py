"""The named questions: a store and names in, typed rows out, each with its claims and quotations.

Every name may be an IRI too. An entity stands for its whole cluster (`kg:canonical`). `at` leaves only what held on
that day, see `claims.as_of`. Rows come in a fixed order. NotFound is raised for an unknown name, QueryError for a
malformed date.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.errors import NotFound, QueryError
from kg.model import Status
from kg.namespaces import ONTOLOGY, PREFIXES, name_key
from kg.queries.claims import as_of, load
from kg.queries.named import ask, nodes
from kg.queries.names import clusters, find
from kg.queries.rows import Change, ClaimRow, Contradiction, Event, Listing, Neighbour, Node, Role
from kg.rdf.serialize import date_literal
from kg.reference import authority, bodies_of, spellings
from kg.store import Row, Store

_SHARE_TOLERANCE: Final = 1.0  # percentage points by which two sources may differ
_DAYS: Final = 366 * 40


def check_date(text: str | None) -> str | None:
    """The date as given; raises QueryError unless it is YYYY, YYYY-MM or YYYY-MM-DD (None stays None)."""
    if text is None:
        return None
    if re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", text) is None:
        raise QueryError(f"{text!r} is not a date", hint="write YYYY, YYYY-MM or YYYY-MM-DD")
    return text


def claims_about(store: Store, name: str, *, at: str | None = None) -> list[ClaimRow]:
    """Every claim with the entity as its subject or its object."""
    return _held(store, ask(store, "neighbourhood", who=nodes(find(store, name).members)), at)


def listings(store: Store, name: str, *, at: str | None = None) -> list[Listing]:
    """Who listed the entity, on what list, under what instrument and for what, earliest first.

    What one source says of lists, instruments and reasons goes with the listing of the same quotation or date there,
    else with all of that source.
    """
    found = find(store, name)
    claims = load(store, _iris(ask(store, "listings", who=nodes(found.members))))
    ends: dict[str, list[str]] = defaultdict(list)
    for claim in claims:
        if claim.predicate == "delisted_by" and claim.status == Status.ASSERTED and claim.since:
            ends[claim.object.iri].append(claim.since)
    sources: dict[str, list[ClaimRow]] = defaultdict(list)
    for claim in as_of(claims, check_date(at)):
        if claim.predicate != "delisted_by":
            sources[claim.document].append(claim)
    rows = [listing for said in sources.values() for listing in _listings(said, ends)]
    return sorted(rows, key=lambda row: (row.date, row.authority.name if row.authority else "", row.claims[0].iri))


def _listings(said: list[ClaimRow], ends: dict[str, list[str]]) -> Iterable[Listing]:
    """The listings that one source tells of."""
    acts = [claim for claim in said if claim.predicate == "listed_by"]
    details = [claim for claim in said if claim.predicate != "listed_by"]
    none: list[ClaimRow | None] = [None]
    for act in acts or none:
        own = [claim for claim in details if act is None or _same_act(act, claim) or not _any_act(acts, claim)]
        claims = ([act] if act else []) + own
        first = claims[0]
        later = sorted(day for day in ends.get(act.object.iri, ()) if day >= first.since) if act else []
        yield Listing(
            entity=first.subject,
            authority=act.object if act else None,
            lists=_objects(own, "listed_on"),
            instruments=_objects(own, "listed_under"),
            reasons=tuple(node.name for node in _objects(own, "listed_for")),
            date=first.since,
            delisted=first.date_end or (later[0] if later else ""),
            status=first.status,
            claims=tuple(claims),
        )


def _same_act(act: ClaimRow, detail: ClaimRow) -> bool:
    if act.subject.iri != detail.subject.iri:
        return False
    same_words = {quote.text for quote in act.quotations} & {quote.text for quote in detail.quotations}
    return bool(same_words) or (act.date != "" and act.date == detail.date)


def _any_act(acts: list[ClaimRow], detail: ClaimRow) -> bool:
    return any(_same_act(act, detail) for act in acts)


def _objects(claims: list[ClaimRow], predicate: str) -> tuple[Node, ...]:
    return tuple(dict.fromkeys(claim.object for claim in claims if claim.predicate == predicate))


def listed_between(store: Store, authority: str, start: str, end: str) -> list[ClaimRow]:
    """All `listed_by` claims, asserted, of the authority or a body below it, dated from `start` to `end` (included)."""
    found = find(store, authority)
    days = [date_literal(day) for day in _dates(start, end)]
    bodies = {*found.members, *_part_of(store, found.entity.name)}
    rows = ask(store, "listed_between", date=days, authority=nodes(bodies))
    return [claim for claim in load(store, _iris(rows)) if claim.status == Status.ASSERTED]


def _part_of(store: Store, name: str) -> set[str]:
    """The nodes of an authority in any spelling, and of the bodies below it: their acts count for it."""
    known = authority(name)
    below = bodies_of(known.name) if known else ()
    keys = [Literal(key) for key in sorted({name_key(text) for body in below for text in spellings(body)})]
    found = {row[0].value for row in ask(store, "names", key=keys) if row[0] is not None} if keys else set()
    return {member for group in clusters(store, found).values() for member in group}


def neighbourhood(store: Store, name: str, *, hops: int = 1, at: str | None = None) -> list[Neighbour]:
    """What lies up to `hops` claims away (1 or more), nearest first; each row joins a nearer and a farther node."""
    found = find(store, name)
    seen = set(found.members) | {found.entity.iri}
    frontier = set(found.members)
    rows: list[Neighbour] = []
    for distance in range(1, hops + 1):
        claims = _held(store, ask(store, "neighbourhood", who=nodes(frontier)), at)
        grouped: dict[tuple[Node, str, bool], list[ClaimRow]] = defaultdict(list)
        for claim in claims:
            inside = claim.subject.iri in seen
            far = claim.object if inside else claim.subject
            if far.iri not in seen or not far.iri or distance == 1:
                grouped[far, claim.predicate, inside].append(claim)
        rows += [
            Neighbour(distance, node, predicate, outward, tuple(group))
            for (node, predicate, outward), group in sorted(
                grouped.items(), key=lambda item: (item[0][0].name, item[0][0].iri, item[0][1], item[0][2])
            )
        ]
        reached = {node.iri for node, _, _ in grouped if node.iri} - seen
        seen |= reached
        frontier = {member for group in clusters(store, reached).values() for member in group}
    return rows


def roles(store: Store, person: str, *, at: str | None = None) -> list[Role]:
    """The posts and memberships of a person, one row a post and status, earliest first."""
    found = find(store, person)
    grouped: dict[tuple[str, Node, str], list[ClaimRow]] = defaultdict(list)
    for claim in _held(store, ask(store, "roles", who=nodes(found.members)), at):
        grouped[claim.predicate, claim.object, claim.status].append(claim)
    rows = [
        Role(
            person=found.entity,
            predicate=predicate,
            body=body,
            since=min((claim.since for claim in group if claim.since), default=""),
            until=max((claim.date_end for claim in group), default=""),
            status=status,
            claims=tuple(group),
        )
        for (predicate, body, status), group in grouped.items()
    ]
    return sorted(rows, key=lambda row: (row.since, row.predicate, row.body.name, row.body.iri, row.status))


def timeline(store: Store, name: str, *, at: str | None = None) -> list[Event]:
    """What happened to the entity in order of time, undated events last; the same told twice is one event."""
    grouped: dict[tuple[str, str], list[ClaimRow]] = defaultdict(list)
    for claim in claims_about(store, name):
        grouped[claim.since, sentence(claim)].append(claim)
        if claim.date_end:
            grouped[claim.date_end, f"no longer: {sentence(claim)}"].append(claim)
    day = check_date(at)
    events = [
        Event(when, what, tuple(claims))
        for (when, what), claims in grouped.items()
        if day is None or (when and when[: len(day)] <= day)
    ]
    return sorted(events, key=lambda event: (event.date == "", event.date, event.what))


def contradictions(store: Store, name: str | None = None, *, at: str | None = None) -> list[Contradiction]:
    """Claims that cannot both hold, about one entity or about all.

    An asserted claim against a denial of the same; against its end or its delisting, where the end is not later;
    and two stakes of one owner in one thing that differ by more than a percentage point.
    """
    if name is None:
        who = {row[0].value for row in ask(store, "disputed") if row[0] is not None}
    else:
        who = set(find(store, name).members)
    claims = _held(store, ask(store, "neighbourhood", who=nodes(who)), at)
    same: dict[tuple[str, str, str], list[ClaimRow]] = defaultdict(list)
    for claim in claims:
        same[
            claim.subject.iri, claim.predicate.replace("delisted", "listed"), claim.object.iri or claim.object.name
        ].append(claim)
    rows = [row for group in same.values() for row in _conflicts(group)]
    return sorted(rows, key=lambda row: (row.kind, [claim.iri for claim in row.claims]))


def _conflicts(group: list[ClaimRow]) -> Iterable[Contradiction]:
    asserted = [claim for claim in group if claim.status == Status.ASSERTED and claim.predicate != "delisted_by"]
    for claim in asserted:
        for other in group:
            if other.status == Status.DENIED:
                yield Contradiction("denied", (claim, other))
            elif other.status == Status.ENDED and other.since <= claim.since:
                yield Contradiction("ended", (claim, other))
            elif other.predicate == "delisted_by" and other.since and other.since <= claim.since:
                yield Contradiction("delisted", (claim, other))
    stakes = [claim for claim in asserted if claim.percent is not None]
    for index, claim in enumerate(stakes):
        for other in stakes[index + 1 :]:
            if abs((claim.percent or 0.0) - (other.percent or 0.0)) > _SHARE_TOLERANCE:
                yield Contradiction("share", (claim, other))


def said_by(store: Store, claimant: str, *, at: str | None = None) -> list[ClaimRow]:
    """Everything that the claimant is quoted as saying."""
    return _held(store, ask(store, "said_by", claimant=nodes(find(store, claimant).members)), at)


def changes(store: Store, start: str, end: str) -> list[Change]:
    """What began or ended from `start` to `end` (both included), by date.

    What a new edition of a list holds and the one before did not, undated, is `first seen` on the day of the edition.
    """
    days = [date_literal(day) for day in _dates(start, end)]
    rows = ask(store, "changes", date=days)
    how: dict[str, set[str]] = defaultdict(set)
    for claim, what in rows:
        if claim is not None and what is not None:
            how[claim.value].add(what.value)
    found = [
        Change(claim.date_end if what == "ended" else claim.since, _what(claim, what), (claim,))
        for claim in load(store, how)
        for what in sorted(how[claim.iri])
        if what == "ended" or _what(claim, what)
    ]
    return sorted(
        found, key=lambda change: (change.date, change.what, sentence(change.claims[0]), change.claims[0].iri)
    )


def _what(claim: ClaimRow, what: str) -> str:
    """What a change is called; empty for what the first edition of a list only holds, without a day of its own."""
    if what == "ended" or not claim.from_list or claim.date:
        return what
    return "first seen" if claim.first_seen and claim.first_seen != claim.first_edition else ""


def explain(store: Store, what: str) -> list[ClaimRow]:
    """The claims behind an IRI of a claim, or behind a triple `SUBJECT predicate OBJECT`; raises NotFound.

    The predicate is one word of the ontology, with or without `kg:`; subject and object are names or IRIs, and an
    object that is no entity is compared with texts, case folded.
    """
    text = what.strip()
    if re.fullmatch(r"<?\S+>?", text):
        iri = text.strip("<>")
        iri = iri if ":" in iri else f"kgd:claim/{iri}"
        claims = load(store, [find_iri(iri)])
        if not claims:
            raise NotFound("the graph holds no such claim", place=text, hint="give a triple: SUBJECT predicate OBJECT")
        return claims
    subject, predicate, target = split_triple(text)
    subjects = find(store, subject).members
    rows = ask(store, "triple", subject=nodes(subjects), predicate=[NamedNode(ONTOLOGY + predicate)])
    claims = load(store, _iris(rows))
    try:
        ends = set(find(store, target).members)
    except NotFound:
        ends = set()
    matching = [claim for claim in claims if claim.object.iri in ends or _same_text(claim.object, target)]
    if not matching:
        raise NotFound(f"no claim says: {subject} {predicate} {target}", hint="see what is said: kg show NAME")
    return matching


def find_iri(text: str) -> str:
    """The IRI that `kgd:...` or a full IRI spells; raises QueryError."""
    prefix, _, local = text.partition(":")
    try:
        return NamedNode(PREFIXES[prefix] + local if prefix in PREFIXES else text).value
    except ValueError:
        raise QueryError(f"{text!r} is not an IRI") from None


def split_triple(text: str) -> tuple[str, str, str]:
    """Subject, predicate (local name) and object of a triple written in one line; raises QueryError."""
    match = re.fullmatch(
        r"(.+?)\s+<?(?:kg:|" + re.escape(ONTOLOGY) + r")?([a-z]+(?:_[A-Za-z]+)+)>?\s+(.+?)\s*\.?", text
    )
    if match is None:
        raise QueryError(
            f"{text!r} is no triple", hint="write SUBJECT predicate OBJECT, as in: 'Example Bank listed_by Treasury'"
        )
    subject, predicate, target = match.groups()
    return subject.strip("\"'"), predicate, target.strip("\"'")


def sentence(claim: ClaimRow) -> str:
    """The claim as people read it: `A owned by B (51 %, alleged)`."""
    marks = []
    if claim.percent is not None:
        marks.append(f"{claim.percent:g} %")
    if claim.status != Status.ASSERTED:
        marks.append(claim.status)
    shown = f"{claim.subject.name} {claim.predicate.replace('_', ' ')} {claim.object.name}"
    return f"{shown} ({', '.join(marks)})" if marks else shown


def _same_text(node: Node, text: str) -> bool:
    return not node.iri and node.name.casefold() == text.casefold()


def _held(store: Store, rows: Iterable[Row], at: str | None) -> list[ClaimRow]:
    return as_of(load(store, _iris(rows)), check_date(at))


def _iris(rows: Iterable[Row]) -> set[str]:
    """The first column."""
    return {row[0].value for row in rows if row[0] is not None}


def _dates(start: str, end: str) -> list[str]:
    """Every day, month and year from `start` to `end`; a partial bound stands for its first or last day."""
    first, last = _day(check_date(start) or "", end=False), _day(check_date(end) or "", end=True)
    if first > last:
        raise QueryError(f"{start} is after {end}", hint="give the earlier date first")
    if (last - first).days > _DAYS:
        raise QueryError("more than 40 years at once", hint="ask for a shorter time")
    days = [(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]
    return sorted({part for day in days for part in (day, day[:7], day[:4])})


def _day(text: str, *, end: bool) -> date:
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    try:
        if day:
            return date(year, month, day)
        if not end:
            return date(year, month or 1, 1)
        after = date(year + 1, 1, 1) if month in (0, 12) else date(year, month + 1, 1)
        return after - timedelta(days=1)
    except ValueError as error:
        raise QueryError(f"{text!r} is not a date: {error}", hint="write YYYY, YYYY-MM or YYYY-MM-DD") from None
