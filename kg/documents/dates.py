"""The day a document was published: strings, and what YAML makes of them, -> `YYYY[-MM[-DD]]`."""

from __future__ import annotations

import datetime
import re
from typing import Final

from kg.errors import SourceError

_ISO: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:(?<=-\d{2}-\d{2})[T ]\d{2}:\d{2}.*)?")


def publication_date(value: object, place: str) -> str | None:
    """The date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; a time of day is cut off; None for None and for "".

    Raises SourceError for anything that is no date of the calendar.

    >>> publication_date("2016-01-07T07:00:00-05:00", "x")
    '2016-01-07'
    """
    if value is None or value == "":
        return None
    text = value.isoformat() if isinstance(value, datetime.date) else str(value).strip()
    match = _ISO.fullmatch(text)
    if match:
        year, month, day = (int(part) if part else 1 for part in match.groups())
        try:
            datetime.date(year, month, day)
        except ValueError:
            match = None
    if not match:
        raise SourceError(f"{text!r} is no date", place=place, hint="write YYYY-MM-DD, YYYY-MM or YYYY")
    return "-".join(part for part in match.groups() if part)
