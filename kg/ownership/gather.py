"""The structure around an entity on a day, read from a store: claims of ownership and control as links of clusters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

from kg.errors import QueryError
from kg.model import Status
from kg.ownership.intervals import Interval, hull, intersect, stake
from kg.ownership.structure import Link, Structure
from kg.queries import ClaimRow, as_of, clusters, load
from kg.queries.claims import perhaps_at
from kg.queries.named import ask, nodes
from kg.store import Store

_MOST_NODES: Final = 20_000
_SHARES: Final = frozenset({"owned_by", "subsidiary_of"})
_VOTES: Final = 50.0  # more than half of the votes is control, under every rule that asks for control


def today() -> str:
    """The day on which a question without a day is asked."""
    return date.today().isoformat()


def gather(store: Store, iris: Iterable[str], *, downward: bool, at: str | None = None) -> Structure:
    """Everything above the entities and, if `downward`, everything below them with all that is above it.

    Nodes are the IRIs that stand for clusters; without a day, today counts. Raises QueryError when more than 20,000
    entities hang together.
    """
    found = holding_claims(store, iris, downward=downward)
    return structure_on(found, at or today())


def structure_on(claims: Iterable[ClaimRow], day: str) -> Structure:
    """The structure of a day: what holds on it for certain, and as uncertain what is undated and first known later."""
    claims = list(claims)
    return Structure.of(links(as_of(claims, day), perhaps=perhaps_at(claims, day)))


def holding_claims(store: Store, iris: Iterable[str], *, downward: bool) -> list[ClaimRow]:
    """The claims of ownership and control of any day around the entities."""
    claims: dict[str, ClaimRow] = {}
    heads = set(iris)
    if downward:
        heads = _follow(store, heads, "holdings", "owner", claims)
    _follow(store, heads, "owners", "who", claims)
    return list(claims.values())


def _follow(store: Store, start: set[str], query: str, parameter: str, claims: dict[str, ClaimRow]) -> set[str]:
    """The entities reached by one query over and over; the claims are added to `claims`."""
    seen = set(start)
    ring = set(start)
    while ring:
        members = {member for group in clusters(store, ring).values() for member in group}
        rows = ask(store, query, **{parameter: nodes(members)})
        found = load(store, {row[0].value for row in rows if row[0] is not None} - claims.keys())
        claims.update({claim.iri: claim for claim in found})
        ends = {claim.subject.iri if query == "holdings" else claim.object.iri for claim in found}
        ring = {end for end in ends if end} - seen
        seen |= ring
        if len(seen) > _MOST_NODES:
            raise QueryError("too many entities hang together by ownership", hint="ask about a company further down")
    return seen


def links(claims: Iterable[ClaimRow], *, perhaps: Iterable[ClaimRow] = ()) -> list[Link]:
    """One link for each pair and kind (share or control).

    Shares of the latest date that names a size count; where they exclude each other, everything between them is
    possible. What is only alleged, or also denied, or undated and first known later (`perhaps`) is an uncertain link;
    what is planned makes none. A claim that ends later than the day asked has not ended. Shares that a company holds
    in itself may leave the others a greater part of the rest.
    """
    uncertain = {claim.iri for claim in perhaps}
    grouped: dict[tuple[str, str, bool], list[ClaimRow]] = defaultdict(list)
    own: dict[str, list[ClaimRow]] = defaultdict(list)
    for claim in (*claims, *perhaps):
        if claim.object.iri and claim.subject.iri == claim.object.iri:
            own[claim.subject.iri].append(claim)
        elif claim.object.iri:
            grouped[claim.object.iri, claim.subject.iri, claim.predicate in _SHARES].append(claim)
    made = []
    for (holder, held, shares), group in sorted(grouped.items()):
        if link := _link(holder, held, group, shares=shares, uncertain=uncertain):
            made.append(_of_the_rest(link, own.get(held, [])))
    return made


def _link(holder: str, held: str, group: list[ClaimRow], *, shares: bool, uncertain: set[str]) -> Link | None:
    counted = [claim for claim in group if claim.status in (Status.ASSERTED, Status.ALLEGED) or _still(claim)]
    if not counted:
        return None
    denied = any(claim.status == Status.DENIED for claim in group)
    sure = [claim for claim in counted if claim.status != Status.ALLEGED and claim.iri not in uncertain]
    certain = bool(sure) and not denied
    if certain:
        counted = sure
    proof = tuple(sorted(claim.iri for claim in counted))
    if shares:
        return Link(holder, held, _share(counted) if certain else _any_share(counted), proof, certain)
    votes = _share(counted) if any(_sized(claim) for claim in counted) else None
    if votes is not None and not votes.possibly(_VOTES, inclusive=False):
        return None  # a minority of the votes is no control
    return Link(holder, held, None, proof, certain and (votes is None or votes.surely(_VOTES, inclusive=False)))


def _still(claim: ClaimRow) -> bool:
    """Whether an ended claim told when: `as_of` has left only those that end after the day asked."""
    return claim.status == Status.ENDED and bool(claim.date_end)


def _sized(claim: ClaimRow) -> bool:
    return (claim.percent, claim.percent_min, claim.percent_max) != (None, None, None)


def _share(claims: list[ClaimRow]) -> Interval:
    told = [claim for claim in claims if _sized(claim)]
    if not told:
        return stake(None, None, None)
    latest = max(claim.since for claim in told)
    newest = [claim for claim in told if claim.since == latest]
    classes = {dict(claim.notes).get("share_class", "") for claim in newest}
    shares = [_interval(claim) for claim in newest]
    if len(classes) > 1:
        return _of_classes(shares)
    both: Interval | None = shares[0]
    for share in shares[1:]:
        both = intersect(both, share) if both is not None else None
    if both is not None:
        return both
    wide = shares[0]
    for share in shares[1:]:
        wide = hull(wide, share)
    return wide


def _any_share(claims: list[ClaimRow]) -> Interval:
    """What any of the claims allows: of uncertain ones none is the latest."""
    wide, *shares = (_interval(claim) for claim in claims)
    for share in shares:
        wide = hull(wide, share)
    return wide


def _interval(claim: ClaimRow) -> Interval:
    return stake(claim.percent, claim.percent_min, claim.percent_max, claim.percent_bounds)


def _of_classes(shares: list[Interval]) -> Interval:
    """Stakes in several classes of shares: from the greatest of them, if each is of the whole, to their sum."""
    return Interval(max(share.low for share in shares), min(100.0, sum(share.high for share in shares)))


def _of_the_rest(link: Link, own: list[ClaimRow]) -> Link:
    """The link where the company holds shares in itself: of what others hold it is up to so much more."""
    if link.share is None or not own:
        return link
    rest = 100.0 - _share(own).low
    if rest <= 0 or link.share.high >= 100:
        return link
    share = Interval(link.share.low, min(100.0, link.share.high * 100.0 / rest), low_open=link.share.low_open)
    return Link(link.holder, link.held, share, link.claims, link.certain)
