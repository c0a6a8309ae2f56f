"""Stakes as registers and lists write them -> a number or an interval of percent.

"51", "50,5 %", "100.00%", "25-50", "25–50%", "more than 25% but not more than 50%", "75% or more", "<50", "25+",
"majority", "ownership-of-shares-50-to-75-percent". A band of a register leaves its lower bound out and holds its upper
one. What is no percentage (a number of shares, 120, -5) says nothing: the stake is then unknown. The words stand in
`ontology/reference/shares.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from kg.reference import table

_NUMBER: Final = r"(\d{1,3}(?:[.,]\d+)?)\s*(?:%|percent|per cent|pct)?"
_RANGE: Final = re.compile(rf"{_NUMBER}\s*(?:-|–|—|\bto\b|\band\b|\.\.)\s*{_NUMBER}")
_ONE: Final = re.compile(rf"{_NUMBER}")
_SHARES: Final = re.compile(r"\d,\d{3}(?!\d)(?!\s*(?:%|p))|(?<![.,\d])\d{4,}|\d[.,]\d{3}[.,]\d{3}")


@dataclass(frozen=True, slots=True)
class Share:
    """A stake: `percent` where it is exact, else `low` to `high` with `bounds` in interval notation."""

    percent: float | None = None
    low: float | None = None
    high: float | None = None
    bounds: str = ""

    @property
    def interval(self) -> tuple[float, float, str]:
        """Low, high and bounds, an exact number being both."""
        if self.percent is not None:
            return self.percent, self.percent, "[]"
        return self.low or 0.0, 100.0 if self.high is None else self.high, self.bounds


UNKNOWN: Final = Share()


def read_share(text: str) -> Share:
    """The stake that a text tells of; UNKNOWN where it is no percentage.

    >>> read_share("25–50%").interval, read_share("at least 50").interval, read_share("50,000") == UNKNOWN
    ((25.0, 50.0, '(]'), (50.0, 100.0, '[]'), True)
    """
    bare = " ".join(text.casefold().replace("_", " ").replace("\u00a0", " ").split())
    bare = re.sub(r"(?<=[a-z])-|-(?=[a-z])|\([^()]*\)", " ", bare)
    for word, bounds in table("shares")["words"].items():
        if re.search(rf"\b{word}\b", bare):
            return Share(low=float(bounds[0]), high=float(bounds[1]), bounds=bounds[2])
    if _SHARES.search(bare) or re.search(r"(?<!\d)[-−]\s*\d", re.sub(r"\d\s*[-–—−]\s*\d", "0", bare)):
        return UNKNOWN
    return _interval(bare)


def _interval(bare: str) -> Share:
    if match := re.search(rf"(?:from|between)\s*{_RANGE.pattern}", bare):
        return between(_float(match.group(1)), _float(match.group(2)), "[]")
    low, high = _bound(bare, "at_least", "more_than"), _bound(bare, "at_most", "less_than")
    if low or high:
        least, low_closed = low or (0.0, True)
        most, high_closed = high or (100.0, True)
        return between(least, most, ("[" if low_closed else "(") + ("]" if high_closed else ")"))
    if match := _RANGE.search(bare):
        return between(_float(match.group(1)), _float(match.group(2)), "(]")
    numbers = _ONE.findall(bare)
    if len(numbers) != 1 or not 0 <= _float(numbers[0]) <= 100:
        return UNKNOWN
    return Share(percent=_float(numbers[0]))


def _bound(bare: str, closed: str, opened: str) -> tuple[float, bool] | None:
    """The number after or before words of a bound, and whether it belongs to the range."""
    for name, holds in ((closed, True), (opened, False)):
        if match := _worded(name).search(bare):
            return _float(next(group for group in match.groups() if group)), holds
    return None


@cache
def _worded(name: str) -> re.Pattern[str]:
    words = table("shares")[name]
    before, after = "|".join(words["before"]), "|".join(words["after"])
    return re.compile(rf"(?:{before})\s*{_NUMBER}" + (rf"|{_NUMBER}\s*(?:{after})" if after else ""))


def between(low: float, high: float, bounds: str = "[]") -> Share:
    """The stake between two bounds; UNKNOWN where they are no interval of 0..100."""
    if not 0 <= low <= high <= 100:
        return UNKNOWN
    if low == high:
        return Share(percent=low)
    return Share(low=low, high=high, bounds=bounds)


def _float(text: str) -> float:
    return float(text.replace(",", "."))


@cache
def _votes() -> re.Pattern[str]:
    return re.compile("|".join(table("shares")["votes"]), re.IGNORECASE)


def tells_of_votes(text: str) -> bool:
    """Whether words about a stake speak of voting rights, which are control and no share.

    >>> tells_of_votes("voting-rights-25-to-50-percent"), tells_of_votes("ownership-of-shares-25-to-50-percent")
    (True, False)
    """
    return bool(_votes().search(text))


def hull_of(texts: Iterable[str]) -> Share:
    """The stake of a record with several values: from the least to the most that any of them allows.

    >>> hull_of(["30", "60"]).interval
    (30.0, 60.0, '[]')
    """
    shares = [read_share(text) for text in texts]
    if not shares or UNKNOWN in shares:
        return UNKNOWN
    if len(set(shares)) == 1:
        return shares[0]
    spans = [share.interval for share in shares]
    low = min((low, bounds[0] == "(") for low, _, bounds in spans)
    high = max((high, bounds[1] == "]") for _, high, bounds in spans)
    return between(low[0], high[0], ("(" if low[1] else "[") + ("]" if high[1] else ")"))
