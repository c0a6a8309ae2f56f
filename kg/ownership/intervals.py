"""Shares as intervals: what is surely held and what may be held, in percentage points 0..100.

`Interval(50, 100, low_open=True)` is a majority: more than 50. Unknown is 0 to 100, "wholly" exactly 100. The shares in
one thing never add up to more than 100, so what one surely holds bounds what another may hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_ROUND: Final = 9  # digits: below any share that is written down


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high` percent, each end in it unless it is open."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no interval of 0..100."""
        if not 0 <= self.low <= self.high <= 100:
            raise ValueError(f"not an interval of percentages: {self.low}..{self.high}")

    def __str__(self) -> str:
        """As people read it: `51 %`, `> 50 %`, `< 50 %`, `25 to 50 %`, `unknown`."""
        low, high = f"{self.low:g}", f"{self.high:g}"
        if self.low == self.high:
            return f"{low} %"
        if self.low == 0 and self.high == 100:
            return "unknown" if not self.low_open else "> 0 %"
        if self.high == 100:
            return f"> {low} %" if self.low_open else f">= {low} %"
        if self.low == 0:
            return f"< {high} %" if self.high_open else f"<= {high} %"
        return f"{low} to {high} %"

    def surely(self, threshold: float, *, inclusive: bool) -> bool:
        """Whether every value reaches the threshold (exceeds it, unless `inclusive`)."""
        return self.low > threshold or (self.low == threshold and (inclusive or self.low_open))

    def possibly(self, threshold: float, *, inclusive: bool) -> bool:
        """Whether some value reaches the threshold (exceeds it, unless `inclusive`)."""
        return self.high > threshold or (self.high == threshold and inclusive and not self.high_open)


UNKNOWN: Final = Interval(0, 100)
NONE: Final = Interval(0, 0)


def stake(percent: float | None, percent_min: float | None, percent_max: float | None, bounds: str = "") -> Interval:
    """The interval that a claim tells of: an exact share, a range, or unknown.

    `bounds` is interval notation; without it the lower bound of a range is excluded, and so is the upper one where
    the range starts at nothing. A percentage outside 0..100 says nothing.

    >>> stake(51, None, None).low, str(stake(None, 50, 100)), str(stake(None, None, None))
    (51.0, '> 50 %', 'unknown')
    """
    if not all(0 <= number <= 100 for number in (percent, percent_min, percent_max) if number is not None):
        return UNKNOWN
    if percent is not None and percent_min is None and percent_max is None:
        return Interval(percent, percent)
    if percent is not None and (percent_min is None or percent_min <= percent) and (percent_max or 100) >= percent:
        return Interval(percent, percent)
    low, high = percent_min or 0.0, 100.0 if percent_max is None else percent_max
    if low > high:
        return UNKNOWN
    if len(bounds) == 2 and low < high:
        return Interval(low, high, low_open=bounds[0] == "(", high_open=bounds[1] == ")")
    return Interval(low, high, low_open=0 < low < high, high_open=low == 0 and high < 100)


def intersect(one: Interval, other: Interval) -> Interval | None:
    """What both allow; None where they exclude each other."""
    low, low_open = max((one.low, one.low_open), (other.low, other.low_open))
    high, closed = min((one.high, not one.high_open), (other.high, not other.high_open))
    if low > high or (low == high and (low_open or not closed)):
        return None
    return Interval(low, high, low_open, not closed)


def hull(one: Interval, other: Interval) -> Interval:
    """The smallest interval that holds both."""
    low, low_open = min((one.low, one.low_open), (other.low, other.low_open))
    high, closed = max((one.high, not one.high_open), (other.high, not other.high_open))
    return Interval(low, high, low_open, not closed)


def total(counted: Iterable[Interval], rest: Iterable[Interval]) -> Interval:
    """The sum of the counted shares, when the shares of the rest take their room too.

    Shares that surely add up to more than 100 contradict each other; the sum is then cut at 100.
    """
    counted, rest = list(counted), list(rest)
    low = sum(share.low for share in counted)
    by_shares = sum(share.high for share in counted)
    by_room = 100 - sum(share.low for share in rest)
    high = round(max(0.0, min(by_shares, by_room)), _ROUND)
    high_open = (high == round(by_shares, _ROUND) and any(share.high_open for share in counted)) or (
        high == round(by_room, _ROUND) and any(share.low_open for share in rest)
    )
    low = min(round(low, _ROUND), 100.0)
    if low > high:  # the sources contradict each other: keep what is surely held
        return Interval(low, low)
    low_open = any(share.low_open for share in counted) and low < high
    return Interval(low, high, low_open, high_open and low < high)
