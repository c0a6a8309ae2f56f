"""The structure around an entity, read from a store: claims of ownership and control as links between clusters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal

from kg.errors import QueryError
from kg.model import Status
from kg.namespaces import name_key
from kg.ownership.intervals import Interval, hull, intersect, stake
from kg.ownership.rules import Rule
from kg.ownership.structure import Link, Structure
from kg.queries import ClaimRow, as_of, clusters, load
from kg.queries.named import ask, nodes
from kg.store import Store

_MOST_NODES: Final = 20_000
_SHARES: Final = frozenset({"owned_by", "subsidiary_of"})


def gather(store: Store, iris: Iterable[str], *, downward: bool, at: str | None = None) -> Structure:
    """Everything above the entities and, if `downward`, everything below them with all that is above it.

    Nodes are the IRIs that stand for clusters. Raises QueryError when more than 20,000 entities hang together.
    """
    claims: dict[str, ClaimRow] = {}
    heads = set(iris)
    if downward:
        heads = _follow(store, heads, "holdings", "owner", claims=claims, at=at)
    _follow(store, heads, "owners", "who", claims=claims, at=at)
    return Structure.of(links(claims.values()))


def _follow(
    store: Store, start: set[str], query: str, parameter: str, *, claims: dict[str, ClaimRow], at: str | None
) -> set[str]:
    """The entities reached by one query over and over; the claims are added to `claims`."""
    seen = set(start)
    ring = set(start)
    while ring:
        members = {member for group in clusters(store, ring).values() for member in group}
        rows = ask(store, query, **{parameter: nodes(members)})
        found = as_of(load(store, {row[0].value for row in rows if row[0] is not None} - claims.keys()), at)
        claims.update({claim.iri: claim for claim in found})
        ends = {claim.subject.iri if query == "holdings" else claim.object.iri for claim in found}
        ring = {end for end in ends if end} - seen
        seen |= ring
        if len(seen) > _MOST_NODES:
            raise QueryError("too many entities hang together by ownership", hint="ask about a company further down")
    return seen


def links(claims: Iterable[ClaimRow]) -> list[Link]:
    """One link for each pair and kind (share or control).

    Shares of the latest date that names a size count; where they exclude each other, everything between them is
    possible. What is only alleged, or also denied, is an uncertain link; planned and ended claims make none.
    """
    grouped: dict[tuple[str, str, bool], list[ClaimRow]] = defaultdict(list)
    for claim in claims:
        if claim.object.iri and claim.subject.iri != claim.object.iri:
            grouped[claim.object.iri, claim.subject.iri, claim.predicate in _SHARES].append(claim)
    made = []
    for (holder, held, shares), group in sorted(grouped.items()):
        counted = [claim for claim in group if claim.status in (Status.ASSERTED, Status.ALLEGED)]
        if not counted:
            continue
        denied = any(claim.status == Status.DENIED for claim in group)
        certain = not denied and any(claim.status == Status.ASSERTED for claim in counted)
        if certain:
            counted = [claim for claim in counted if claim.status == Status.ASSERTED]
        proof = tuple(sorted(claim.iri for claim in counted))
        made.append(Link(holder, held, _share(counted) if shares else None, proof, certain))
    return made


def _share(claims: list[ClaimRow]) -> Interval:
    told = [claim for claim in claims if (claim.percent, claim.percent_min, claim.percent_max) != (None, None, None)]
    if not told:
        return stake(None, None, None)
    latest = max(claim.since for claim in told)
    shares = [stake(claim.percent, claim.percent_min, claim.percent_max) for claim in told if claim.since == latest]
    both: Interval | None = shares[0]
    for share in shares[1:]:
        both = intersect(both, share) if both is not None else None
    if both is not None:
        return both
    wide = shares[0]
    for share in shares[1:]:
        wide = hull(wide, share)
    return wide


def listed(
    store: Store, structure_nodes: Iterable[str], rule: Rule | None, *, at: str | None = None
) -> dict[str, list[str]]:
    """Which of the nodes are listed, with the claims that say so: by an authority of the rule, or by any for None."""
    groups = clusters(store, structure_nodes)
    head = {member: node for node, members in groups.items() for member in members}
    rows = ask(store, "listings", who=nodes(head))
    claims = as_of(load(store, {row[0].value for row in rows if row[0] is not None}), at)
    authorities = _authorities(store, rule)
    taken_off = [claim for claim in claims if claim.predicate == "delisted_by" and claim.status == Status.ASSERTED]
    found: dict[str, list[str]] = defaultdict(list)
    for claim in claims:
        counts = authorities is None or claim.object.iri in authorities
        if (
            claim.predicate == "listed_by"
            and claim.status == Status.ASSERTED
            and counts
            and not _delisted(claim, taken_off)
        ):
            found[head.get(claim.subject.iri, claim.subject.iri)].append(claim.iri)
    return {node: sorted(iris) for node, iris in sorted(found.items())}


def _delisted(claim: ClaimRow, taken_off: list[ClaimRow]) -> bool:
    """Whether the same authority took the entity off again, at the time or later."""
    return any(
        other.subject.iri == claim.subject.iri and other.object.iri == claim.object.iri and other.since >= claim.since
        for other in taken_off
    )


def _authorities(store: Store, rule: Rule | None) -> set[str] | None:
    if rule is None or not rule.authorities:
        return None
    keys = [Literal(key) for key in sorted({name_key(name) for name in rule.authorities})]
    entities = {row[0].value for row in ask(store, "names", key=keys) if row[0] is not None}
    return {member for group in clusters(store, entities).values() for member in group}
