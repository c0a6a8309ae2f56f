"""How much of a thing somebody holds, directly and through others, as an interval.

The stake is the sum over all chains of the product of the shares, cycles included. Its bounds are the least and the
greatest over all shares that the intervals allow: the least takes every lower bound, the greatest is a Markov decision
process in which the shares that the holders of one thing may have add up to 100 at most (value iteration from nothing,
then the exact value of the allocation found).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from kg.ownership.intervals import Interval
from kg.ownership.structure import Link, Structure, counted_share

_MOST_HOLDERS: Final = 200
_SWEEPS: Final = 5_000
_EXACT: Final = 1e-13
_DIGITS: Final = 6


def stake_of(structure: Structure, holder: str, held: str) -> Interval:
    """What `holder` has in `held` directly and through others, in percent of it, rounded to 6 digits.

    Chains that come back to the holder are not counted twice.
    """
    possibly = _between(structure, holder, held, lambda link: counted_share(link).high > 0)
    surely = _between(structure, holder, held, lambda link: _is_some(counted_share(link)))
    part = Structure(shares={link.held: structure.shares[link.held] for link in possibly})
    low = _solve(part, holder, _lowest).get(held, 0.0)
    exact = all(counted_share(link).low == counted_share(link).high for link in possibly)
    high = low if exact else _highest_value(part, holder, held)
    low, high = (round(min(1.0, value) * 100, _DIGITS) for value in (low, max(low, high)))
    return Interval(
        low,
        high,
        low_open=low < high and any(counted_share(link).low_open for link in surely),
        high_open=low < high < 100 and any(counted_share(link).high_open for link in possibly),
    )


def holders_of(structure: Structure, held: str) -> dict[str, Interval]:
    """Those with a direct or indirect stake in `held`, whatever its size; of very many the nearest 200."""
    above: list[str] = []
    ring = {held}
    while ring and len(above) < _MOST_HOLDERS:
        ring = {holder for node in ring for holder in structure.shares.get(node, {})} - {*above, held}
        above += sorted(ring)
    return {holder: stake_of(structure, holder, held) for holder in sorted(above[:_MOST_HOLDERS])}


def held_by(structure: Structure, holder: str) -> dict[str, Interval]:
    """Everything in which `holder` has a direct or indirect stake, whatever its size."""
    reached = _downward(structure, holder, lambda link: True)
    return {held: stake_of(structure, holder, held) for held in sorted(reached - {holder})}


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


def _solve(
    structure: Structure, holder: str, allocate: _Allocation, values: Mapping[str, float] | None = None
) -> dict[str, float]:
    """What `holder` has in each node when shares are allocated so: a linear system over the nodes that it reaches."""
    given = {
        node: allocate(owners, values or {}) for node, owners in structure.shares.items() if node != holder and owners
    }
    reached = {holder}
    ring = {holder}
    while ring:
        ring = {node for node, shares in given.items() if any(shares.get(up, 0) > 0 for up in ring)} - reached
        reached |= ring
    unknown = sorted(reached - {holder})
    if not unknown:
        return {holder: 1.0}
    index = {node: position for position, node in enumerate(unknown)}
    matrix = np.eye(len(unknown))
    right = np.zeros(len(unknown))
    for node in unknown:
        for up, share in given[node].items():
            if up == holder:
                right[index[node]] += share
            elif up in index:
                matrix[index[node], index[up]] -= share
    try:
        solved = np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:  # holders of more than 100 percent in a cycle: contradictory sources
        solved = np.ones(len(unknown))
    return {holder: 1.0, **{node: float(min(1.0, max(0.0, solved[index[node]]))) for node in unknown}}


def _highest_value(structure: Structure, holder: str, held: str) -> float:
    """The greatest stake that the intervals allow: value iteration from nothing, then the exact value of its policy."""
    reached = sorted(_downward(structure, holder, lambda link: counted_share(link).high > 0) - {holder})
    values = dict.fromkeys(reached, 0.0)
    values[holder] = 1.0
    for _ in range(_SWEEPS):
        change = 0.0
        for node in reached:
            given = _greatest(structure.shares[node], values)
            value = min(1.0, sum(share * values.get(up, 0.0) for up, share in given.items()))
            change = max(change, value - values[node])
            values[node] = value
        if change < _EXACT:
            break
    exact = _solve(structure, holder, _greatest, values)
    return max(values.get(held, 0.0), exact.get(held, 0.0))


def _downward(structure: Structure, holder: str, follow: Callable[[Link], bool]) -> set[str]:
    """The holder and everything reached from it over links that `follow` lets through."""
    below: dict[str, list[Link]] = defaultdict(list)
    for links in structure.shares.values():
        for link in links.values():
            below[link.holder].append(link)
    reached = {holder}
    ring = {holder}
    while ring:
        ring = {link.held for node in ring for link in below[node] if follow(link)} - reached
        reached |= ring
    return reached


def _between(structure: Structure, holder: str, held: str, follow: Callable[[Link], bool]) -> list[Link]:
    """The links that lie on some chain from `holder` to `held`, of those that `follow` lets through."""
    down = _downward(structure, holder, follow)
    up = {held}
    ring = {held}
    while ring:
        above = [link for node in ring if node != holder for link in structure.shares.get(node, {}).values()]
        ring = {link.holder for link in above if follow(link)} - up
        up |= ring
    return [
        link
        for node in sorted(down & up - {holder})
        for link in structure.shares.get(node, {}).values()
        if link.holder in down and link.holder in up and follow(link)
    ]


def _is_some(share: Interval) -> bool:
    return share.low > 0 or share.low_open
