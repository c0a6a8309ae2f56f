"""Dates as the lists write them -> `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; pure, no guessing of today's date."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_MONTHS: Final = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}


def listed_date(text: str) -> str | None:
    """The date in ISO form; None where the text is no date of the known forms.

    Known: `10 Dec 1948`, `Jan 1959`, `1936`, `circa 1951`, `1948-12-10`, `12/31/2004` and `12/31/04` (month first, as
    US lists write it), `31 Dec. 1970`; a time or a zone after an ISO date is left out.

    >>> listed_date("10 Dec 1948"), listed_date("circa 1951"), listed_date("06/29/2056"), listed_date("n/a")
    ('1948-12-10', '1951', '2056-06-29', None)
    """
    bare = re.sub(r"^(?:circa|c\.|ca\.?|approximately|between)\s+", "", text.strip().rstrip(".;"), flags=re.IGNORECASE)
    if match := re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?(?:T.*|Z|[+-]\d\d:\d\d)?", bare):
        return _iso(match.group(1), match.group(2), match.group(3))
    if match := re.fullmatch(r"(?:(\d{1,2})\s+)?([A-Za-z]{3})[a-z]*\.?,?\s+(\d{4})", bare):
        month = _MONTHS.get(match.group(2).lower())
        return _iso(match.group(3), str(month), match.group(1)) if month else None
    if match := re.fullmatch(r"([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{4})", bare):
        month = _MONTHS.get(match.group(1).lower())
        return _iso(match.group(3), str(month), match.group(2)) if month else None
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)", bare):
        year = match.group(3)
        if len(year) == 2:
            year = ("19" if year >= "50" else "20") + year
        return _iso(year, match.group(1), match.group(2))
    return None


def date_range(text: str) -> str | None:
    """`from/to` for "1951 to 1953" and "between 1951 and 1953"; the plain date for a single one; None otherwise.

    >>> date_range("circa 1951 to 1953"), date_range("1979-1982"), date_range("1962")
    ('1951/1953', '1979/1982', '1962')
    """
    parts = re.split(
        r"\s+(?:to|and)\s+|\s*-\s+|(?<=\d{4})-(?=\d{4}$)", re.sub(r"^between\s+", "", text.strip(), flags=re.IGNORECASE)
    )
    dates = [listed_date(part) for part in parts]
    if len(dates) == 2 and dates[0] and dates[1]:
        return f"{dates[0]}/{dates[1]}"
    return dates[0] if len(dates) == 1 else None


def _iso(year: str, month: str | None, day: str | None) -> str | None:
    if month is None:
        return year
    try:
        checked = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return checked.isoformat() if day else checked.isoformat()[:7]
