"""Stakes: the share of a company that a holder has, directly and through others, as an interval.

The stake is the sum over all chains of the product of the shares, cycles included; its bounds are the least and the
greatest over all shares that the intervals allow (`kg.ownership.tangle`). Where more nodes hang together than matrices
are made for, the same values are approached from below in a bounded number of sweeps: a least bound so found holds, and
a greatest bound that has not settled is given as 100, which excludes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from kg.ownership.intervals import Interval
from kg.ownership.structure import Link, Structure, counted_share
from kg.ownership.tangle import DIGITS, Tangle

_MOST_HOLDERS: Final = 200
_MOST_NODES: Final = 300  # whose shares are made a matrix: a stake then takes some hundredths of a second
_VISITS: Final = 50_000  # links looked at, sweep after sweep, where there are more nodes
_ALL_VISITS: Final = 1_000_000  # of all holders of one thing: the farther ones then get what is surely theirs
_SETTLED = 1e-12


def stake_of(structure: Structure, holder: str, held: str) -> Interval:
    """What `holder` has in `held` directly and through others, in percent of it, rounded to 6 digits.

    Chains that come back to the holder are not counted twice.
    """
    return _stake(structure, holder, held, _downward(structure.below(controls=False), holder))


def _stake(structure: Structure, holder: str, held: str, below: set[str]) -> Interval:
    nodes = below & _upward(structure, held, holder)
    if holder not in nodes or held not in nodes:
        return Interval(0, 0)
    if len(nodes) <= _MOST_NODES:
        return Tangle.of(structure, nodes).stake(holder, held)
    return _swept(structure, nodes, holder, held)


def holders_of(structure: Structure, held: str) -> dict[str, Interval]:
    """Those with a direct or indirect stake in `held`, whatever its size; of very many the nearest 200."""
    above: dict[str, None] = {}
    ring = {held}
    while ring:
        ring = {holder for node in ring for holder in structure.shares.get(node, {})} - above.keys() - {held}
        above.update(dict.fromkeys(sorted(ring)))
    holders = sorted([*above][:_MOST_HOLDERS])
    if len(above) >= _MOST_NODES:
        links = sum(len(structure.shares.get(node, ())) for node in above)
        solved = set([*above][: max(10, _ALL_VISITS // links)])
        ways = structure.below(controls=False)
        return {
            holder: _stake(structure, holder, held, _downward(ways, holder))
            if holder in solved
            else _at_least(structure, holder, held)
            for holder in holders
        }
    tangle = Tangle.of(structure, {*above, held})
    return {holder: tangle.stake(holder, held) for holder in holders}


def _at_least(structure: Structure, holder: str, held: str) -> Interval:
    """What a holder has directly, and nothing excluded beyond it."""
    link = structure.shares.get(held, {}).get(holder)
    return Interval(counted_share(link).low if link else 0, 100)


def held_by(structure: Structure, holder: str) -> dict[str, Interval]:
    """Everything in which `holder` has a direct or indirect stake, whatever its size."""
    below = _downward(structure.below(controls=False), holder)
    return {held: _stake(structure, holder, held, below) for held in sorted(below - {holder})}


def _downward(below: Mapping[str, Collection[str]], holder: str) -> set[str]:
    """The holder and everything reached from it."""
    return _reached(holder, lambda node: below.get(node, ()))


def _upward(structure: Structure, held: str, holder: str) -> set[str]:
    """The thing held and everything from which it is reached, not looking above the holder."""
    return _reached(held, lambda node: structure.shares.get(node, ()) if node != holder else ())


def _reached(start: str, following: Callable[[str], Collection[str]]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        new = set(following(waiting.pop())) - found
        found |= new
        waiting += sorted(new)
    return found


_Allocation = Callable[[Mapping[str, Link], Mapping[str, float]], dict[str, float]]


def _lowest(owners: Mapping[str, Link], values: Mapping[str, float]) -> dict[str, float]:
    """The least share of each holder, as a fraction."""
    del values
    return {holder: counted_share(link).low / 100 for holder, link in owners.items()}


def _greatest(owners: Mapping[str, Link], values: Mapping[str, float]) -> dict[str, float]:
    """The allowed shares that give the most to holders with the highest values."""
    shares = {holder: counted_share(link) for holder, link in owners.items()}
    room = max(0.0, 100 - sum(share.low for share in shares.values()))
    given = {}
    for holder in sorted(shares, key=lambda holder: (-values.get(holder, 0.0), holder)):
        more = min(shares[holder].high - shares[holder].low, room)
        room -= more
        given[holder] = (shares[holder].low + more) / 100
    return given


def _swept(structure: Structure, nodes: set[str], holder: str, held: str) -> Interval:
    """The stake between bounds that a bounded number of sweeps has found."""
    least, _ = _sweep(structure, nodes, holder, _lowest)
    greatest, settled = _sweep(structure, nodes, holder, _greatest)
    low, high = (round(value * 100, DIGITS) for value in (least[held], greatest[held] if settled else 1.0))
    links = [link for node in nodes - {holder} for up, link in structure.shares.get(node, {}).items() if up in nodes]
    return Interval(
        low,
        max(low, high),
        low_open=low < high and any(counted_share(link).low_open for link in links),
        high_open=low < high < 100 and any(counted_share(link).high_open for link in links),
    )


def _sweep(structure: Structure, nodes: set[str], holder: str, allocate: _Allocation) -> tuple[dict[str, float], bool]:
    """The values of all nodes approached from nothing, and whether they have settled."""
    order = _nearest_first(structure, nodes, holder)
    values = dict.fromkeys(nodes, 0.0) | {holder: 1.0}
    links = sum(len(structure.shares[node]) for node in order)
    for _ in range(max(2, _VISITS // max(1, links))):
        change = 0.0
        for node in order:
            given = allocate(structure.shares[node], values)
            value = min(1.0, sum(share * values.get(up, 0.0) for up, share in given.items()))
            change = max(change, value - values[node])
            values[node] = value
        if change < _SETTLED:
            return values, True
    return values, False


def _nearest_first(structure: Structure, nodes: set[str], holder: str) -> list[str]:
    """The nodes in an order in which few sweeps are needed: what is held after its holders, as far as that goes."""
    import networkx as nx  # takes longer to load than most questions to answer

    graph = nx.DiGraph(
        (up, node) for node in sorted(nodes - {holder}) for up in sorted(structure.shares[node]) if up in nodes
    )
    tied = nx.condensation(graph)
    parts = (sorted(tied.nodes[part]["members"]) for part in nx.topological_sort(tied))
    return [node for part in parts for node in part if node != holder]
