"""The value of a time expression and the little arithmetic on partial dates."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        ("monday mon", "tuesday tue", "wednesday wed", "thursday thu", "friday fri", "saturday sat", "sunday sun")
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True, order=True)
class TimeExpression:
    """A time expression: half-open token offsets and what it means.

    `value` is YYYY, YYYY-MM or YYYY-MM-DD; `value_end` the last such date of a range. `kind` is point, range,
    since or until.
    """

    start: int
    end: int
    value: str
    value_end: str | None = None
    kind: str = "point"


def day(published: str | None) -> datetime.date | None:
    """The calendar day of a publication date, or None where it is missing or less precise than a day."""
    if not published:
        return None
    try:
        return datetime.date.fromisoformat(published[:10])
    except ValueError:
        return None


def partial(year: int, month: int | None = None, date: int | None = None) -> str | None:
    """The date as precise as its parts, or None when there is no such day."""
    if not 1000 <= year <= 2999:
        return None
    if month is None:
        return f"{year:04d}"
    if not 1 <= month <= 12:
        return None
    if date is None:
        return f"{year:04d}-{month:02d}"
    try:
        return datetime.date(year, month, date).isoformat()
    except ValueError:
        return None


def latest_month(month: int, anchor: datetime.date) -> int:
    """The year of the last such month that had begun by `anchor`."""
    return anchor.year if month <= anchor.month else anchor.year - 1


def month_shift(anchor: datetime.date, months: int) -> str:
    """The month that lies `months` after (or, negative, before) that of `anchor`."""
    total = anchor.year * 12 + anchor.month - 1 + months
    return f"{total // 12:04d}-{total % 12 + 1:02d}"
