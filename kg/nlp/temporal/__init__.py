"""Time expressions in a text and the events they date.

text -> expressions (`timex_patterns`) -> values against the document's date (`timex`, `partial_dates`) -> the date of
an event (`event_time`). The clock is never read: without a publication date a relative expression has no value and is
left out.
"""

from kg.nlp.temporal.event_time import EventTimeIndex, event_date
from kg.nlp.temporal.partial_dates import TimeExpression
from kg.nlp.temporal.timex import find_dates

__all__ = ["EventTimeIndex", "TimeExpression", "event_date", "find_dates"]
