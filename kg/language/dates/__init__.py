"""Dates in a text and the events they belong to.

text -> expressions (`expressions.py`) -> values against the document's date (`finding.py`) -> the date of an event
(`events.py`). The clock is never read: without a publication date a relative expression has no value and is left out.
"""

from kg.language.dates.events import Moments, event_date
from kg.language.dates.finding import find_dates
from kg.language.dates.value import When

__all__ = ["Moments", "When", "event_date", "find_dates"]
