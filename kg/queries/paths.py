"""Paths between two entities: the k best chains of claims.

The search goes from both ends in turn, a ring at a time, reading only the claims that touch the ring; the chains are
then ranked on the small network so found (Yen's algorithm in networkx). A hop costs one plus a tenth of its doubt, so
fewer hops come first and, among equals, the better proved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any, Final

from kg.errors import NotFound, QueryError
from kg.model import Status
from kg.queries.claims import as_of, load
from kg.queries.named import ask, counted, nodes
from kg.queries.names import clusters, describe, find
from kg.queries.questions import check_date
from kg.queries.rows import Path, Step
from kg.store import Store

_MOST_NODES: Final = 50_000
_WIDE: Final = 2_000  # a ring this wide is not read only to find a longer chain beside one that is known
_DOUBT: Final = 0.1  # times at most 9 hops stays below one hop
_COUNTED: Final = frozenset({Status.ASSERTED, Status.ALLEGED, Status.PLANNED})


@dataclass(slots=True)
class _Network:
    """The claims met so far between clusters; `hubs` were counted only, and are not gone through."""

    head: dict[str, str] = field(default_factory=dict)
    between: dict[frozenset[str], dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    neighbours: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    hubs: set[str] = field(default_factory=set)


def paths(
    store: Store,
    start: str,
    end: str,
    *,
    k: int = 3,
    max_hops: int = 6,
    without_hubs: int | None = None,
    at: str | None = None,
) -> list[Path]:
    """The `k` cheapest chains from `start` to `end`, at most `max_hops` long.

    `without_hubs` leaves out, between the ends, entities that take part in more claims than that number. Denied and
    ended claims make no hop. An empty list when nothing connects them; raises NotFound for an unknown name, QueryError
    when the search would read more than 50,000 entities.
    """
    first, last = find(store, start), find(store, end)
    if first.entity.iri == last.entity.iri:
        raise NotFound(f"both names stand for {first.entity.name}", place=first.entity.iri, hint="give another name")
    network = _Network()
    distances = [{first.entity.iri: 0}, {last.entity.iri: 0}]
    rings = [{first.entity.iri}, {last.entity.iri}]
    ends = {first.entity.iri, last.entity.iri}
    for radius in range(1, max_hops + 1):
        side = 0 if len(rings[0]) <= len(rings[1]) else 1
        if not rings[side]:
            break
        _read(store, network, rings[side])
        rings[side] = _next_ring(network, rings[side], distances[side])
        if without_hubs is not None:
            for hub in _hubs(store, network, rings[side] - ends, without_hubs):
                rings[side].discard(hub)
                del distances[side][hub]
        if len(network.neighbours) > _MOST_NODES:
            raise QueryError(
                "too many entities lie between", place=f"{start} - {end}", hint="leave out hubs: --without-hubs 100"
            )
        if distances[0].keys() & distances[1].keys():
            chains = _chains(_graph(network), first.entity.iri, last.entity.iri, k)
            enough = len(chains) == k and all(len(chain) - 1 <= radius for chain in chains)
            if enough or (chains and min(map(len, rings)) > _WIDE):
                break
    return _ranked(store, network, (first.entity.iri, last.entity.iri), k=k, max_hops=max_hops, at=at)


def _hubs(store: Store, network: _Network, ring: set[str], without_hubs: int) -> set[str]:
    """Which of the ring take part in more claims than that: at least as many as they have neighbours."""
    groups = clusters(store, ring)
    head = {member: iri for iri, members in groups.items() for member in members}
    counts: dict[str, int] = defaultdict(int)
    for who, claims in counted(store, "weights", "who", nodes(head), most=without_hubs + 1).items():
        counts[head[who]] += claims
    found = {iri for iri, count in counts.items() if count > without_hubs}
    network.hubs |= found
    return found


def _read(store: Store, network: _Network, ring: set[str]) -> None:
    """Add the claims that touch the ring."""
    members = {member for group in clusters(store, ring).values() for member in group}
    rows = ask(store, "edges", who=nodes(members))
    found = [
        (claim.value, subject.value, target.value, float(confidence.value) if confidence else 1.0)
        for claim, subject, target, confidence, status in rows
        if claim and subject and target and status and status.value.rpartition("#")[2] in _COUNTED
    ]
    unknown = {iri for _, subject, target, _ in found for iri in (subject, target)} - network.head.keys()
    heads = {who.value: head.value for who, head in ask(store, "canonical", who=nodes(unknown)) if who and head}
    network.head.update({iri: heads.get(iri, iri) for iri in unknown})
    for claim, subject, target, confidence in found:
        left, right = network.head[subject], network.head[target]
        if left != right:
            network.between[frozenset((left, right))][claim] = confidence
            network.neighbours[left].add(right)
            network.neighbours[right].add(left)


def _next_ring(network: _Network, ring: set[str], distance: dict[str, int]) -> set[str]:
    reached = {near for node in ring for near in network.neighbours[node]} - distance.keys() - network.hubs
    distance.update({near: min(distance[node] for node in network.neighbours[near] & ring) + 1 for near in reached})
    return reached


def _ranked(
    store: Store, network: _Network, ends: tuple[str, str], *, k: int, max_hops: int, at: str | None
) -> list[Path]:
    """The k cheapest simple paths of the network that was read."""
    graph = _graph(network)
    day = check_date(at)
    if day is not None:
        _keep_hops_of_day(store, network, graph, ends, max_hops=max_hops, day=day)
    chains = [chain for chain in _chains(graph, *ends, k) if len(chain) - 1 <= max_hops]
    loaded = {
        claim.iri: claim
        for claim in load(
            store,
            {iri for chain in chains for pair in pairwise(chain) for iri in network.between[frozenset(pair)]},
        )
    }
    known = describe(store, {node for chain in chains for node in chain})
    answer = []
    for chain in chains:
        steps = []
        for left, right in pairwise(chain):
            claims = network.between[frozenset((left, right))]
            held = as_of([loaded[iri] for iri in sorted(claims)], day)
            best_first = sorted(held, key=lambda claim: (-claim.confidence, claim.iri))
            strength = _strength(claim.confidence for claim in best_first)
            steps.append(Step(known[left], known[right], round(strength, 4), tuple(best_first)))
        answer.append(Path(round(sum(_cost(step.strength) for step in steps), 4), tuple(steps)))
    return sorted(answer, key=lambda path: (path.cost, [node.iri for node in path.nodes]))


def _graph(network: _Network) -> Any:
    """The hops read so far with their costs, hubs left out."""
    import networkx as nx  # takes longer to load than most questions to answer

    graph: Any = nx.Graph()
    for pair, claims in sorted(network.between.items(), key=lambda item: sorted(item[0])):
        if not pair & network.hubs:
            graph.add_edge(*sorted(pair), cost=_cost(_strength(claims.values())))
    return graph


def _chains(graph: Any, start: str, end: str, k: int) -> list[list[str]]:
    import networkx as nx

    if start not in graph or end not in graph or not nx.has_path(graph, start, end):
        return []
    return list(islice(nx.shortest_simple_paths(graph, start, end, weight="cost"), k))


def _cost(strength: float) -> float:
    return 1.0 + _DOUBT * (1.0 - strength)


def _keep_hops_of_day(
    store: Store, network: _Network, graph: Any, ends: tuple[str, str], *, max_hops: int, day: str
) -> None:
    """Remove from the graph each hop that no claim supports on that day."""
    import networkx as nx

    start, end = ends
    if start not in graph or end not in graph:
        return
    near = nx.single_source_shortest_path_length(graph, start, cutoff=max_hops)
    far = nx.single_source_shortest_path_length(graph, end, cutoff=max_hops)
    useful = [
        frozenset(edge)
        for edge in graph.edges
        if any(near.get(a, max_hops) + far.get(b, max_hops) < max_hops for a, b in (edge, edge[::-1]))
    ]
    held = {claim.iri for claim in as_of(load(store, {iri for edge in useful for iri in network.between[edge]}), day)}
    for edge in [frozenset(pair) for pair in graph.edges]:
        left, right = sorted(edge)
        kept = [confidence for iri, confidence in network.between[edge].items() if iri in held]
        if kept:
            graph[left][right]["cost"] = _cost(_strength(kept))
        else:
            graph.remove_edge(left, right)


def _strength(confidences: Iterable[float]) -> float:
    """The probability that at least one of the claims is right, each taken by itself."""
    doubt = 1.0
    for confidence in confidences:
        doubt *= 1.0 - confidence
    return 1.0 - doubt
