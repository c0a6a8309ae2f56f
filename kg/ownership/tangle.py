"""Stakes through any tangle of holdings: the least and the greatest value of a linear system.

A structure becomes matrices, row by thing held and column by holder, in fractions of one. What a holder has in each
thing is the least solution of `v = M v + m`, where `m` is what it holds directly. The least bound takes every lower
bound as M. The greatest is a Markov decision process: within each row the shares may be chosen inside their intervals
as long as they add up to one at most. It is solved by policy iteration (Howard): each policy's value is solved exactly,
and a row is changed only where that gains, so that the last policy is the best one (Puterman, Markov Decision
Processes, 7.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kg.ownership.intervals import Interval
from kg.ownership.structure import Structure, counted_share

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

DIGITS: Final = 6
"""Decimal places to which a stake in percent is rounded."""
_GAIN: Final = 1e-12  # what a change of policy must gain
_POLICIES: Final = 200  # far more than any structure has needed
_SWEEPS: Final = 2_000  # for shares that contradict each other


@dataclass(frozen=True, slots=True)
class Tangle:
    """The shares among some nodes: `low` bounds, what `more` each may be, and what `room` a thing has beyond them."""

    index: dict[str, int]
    low: Floats
    more: Floats
    room: Floats
    low_open: Truths
    high_open: Truths

    @classmethod
    def of(cls, structure: Structure, nodes: Iterable[str]) -> Tangle:
        """The shares among these nodes; holders outside them take their room only."""
        index = {node: number for number, node in enumerate(sorted(nodes))}
        size = len(index)
        low, more = np.zeros((size, size)), np.zeros((size, size))
        low_open, high_open = np.zeros((size, size), bool), np.zeros((size, size), bool)
        taken = np.zeros(size)
        for held, row in index.items():
            for holder, link in structure.shares.get(held, {}).items():
                share = counted_share(link)
                taken[row] += share.low / 100
                if (column := index.get(holder)) is not None:
                    low[row, column], more[row, column] = share.low / 100, (share.high - share.low) / 100
                    low_open[row, column], high_open[row, column] = share.low_open, share.high_open
        return cls(index, low, more, np.maximum(0.0, 1 - taken), low_open, high_open)

    def stake(self, holder: str, held: str) -> Interval:
        """What `holder` has in `held` directly and through the other nodes, in percent, rounded to 6 digits."""
        top, at = self.index[holder], self.index[held]
        possible = self._between(self.low + self.more > 0, top, at)
        sure = self._between((self.low > 0) | self.low_open, top, at)
        least = _value(self.low, top)
        greatest = self._greatest(top, least)
        low, high = (round(100 * min(1.0, float(value)), DIGITS) for value in (least[at], greatest[at]))
        high = max(low, high)
        return Interval(
            low,
            high,
            low_open=low < high and bool((sure & self.low_open).any()),
            high_open=low < high < 100 and bool((possible & self.high_open).any()),
        )

    def _greatest(self, top: int, least: Floats) -> Floats:
        """The greatest values over all shares that the intervals allow."""
        policy, values = self.low.copy(), least
        for _ in range(_POLICIES):
            better = self._allocate(values)
            gains = np.minimum(1, better @ values) > np.minimum(1, policy @ values) + _GAIN
            gains[top] = False
            if not gains.any():
                return values
            policy[gains] = better[gains]
            values = _value(policy, top)
        return np.ones(len(values))  # nothing is claimed that was not found

    def _allocate(self, values: Floats) -> Floats:
        """The allowed shares that give the most to holders with the highest values."""
        order = np.argsort(-values, kind="stable")
        more = self.more[:, order]
        given = np.minimum(more, np.maximum(0.0, self.room[:, None] - (np.cumsum(more, axis=1) - more)))
        shares = self.low.copy()
        shares[:, order] += given
        return shares

    def _between(self, links: Truths, top: int, at: int) -> Truths:
        """Those of the links that lie on a chain from `top` to `at`."""
        links = links.copy()
        links[top] = False
        down = _reached(links, top)
        up = _reached(links.T, at)
        chained: Truths = links & (down & up)[:, None] & (down & up)[None, :]
        return chained


def _reached(links: Truths, start: int) -> Truths:
    """What is reached from a node, itself included; `links[to, from]`."""
    found = np.zeros(len(links), bool)
    found[start] = True
    ring = found
    while ring.any():
        ring = links[:, ring].any(axis=1) & ~found
        found = found | ring
    return found


def _value(shares: Floats, top: int) -> Floats:
    """What `top` has in each node when the shares are these: the least solution, at most 1; 1 at `top` itself."""
    links = shares > 0
    links[top] = False
    reached = _reached(links, top)
    reached[top] = False
    values = np.zeros(len(shares))
    values[top] = 1.0
    inner = np.flatnonzero(reached)
    matrix, direct = shares[np.ix_(inner, inner)], shares[inner, top]
    if (matrix.sum(axis=1) + direct > 1 + 1e-9).any():  # sources contradict each other: from below, cut at 1
        part = np.zeros(len(inner))
        for _ in range(_SWEEPS):
            part, before = np.minimum(1.0, matrix @ part + direct), part
            if (part - before).max(initial=0.0) < _GAIN:
                break
    else:
        part = np.linalg.solve(np.eye(len(inner)) - matrix, direct)
    values[inner] = np.clip(part, 0.0, 1.0)
    return values
