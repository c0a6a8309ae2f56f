"""All time expressions of a document with their values against the day it was published."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left, bisect_right
from typing import Final

from spacy.tokens import Doc

from kg.nlp.anchored_regex import around, searched
from kg.nlp.doc_arrays import starts_of, text_of
from kg.nlp.temporal.partial_dates import MONTHS, WEEKDAYS, TimeExpression, day, latest_month, month_shift, partial
from kg.nlp.temporal.timex_patterns import NUMBERS, PATTERNS, WITHOUT_DIGITS

_DIGITS: Final = re.compile(r"\d+")
_BEFORE: Final = 80  # characters that an expression has at most before its first number, and after its last
_AFTER: Final = 40
_FUTURE: Final = re.compile(r"\b(?:will|would|shall|is to|are to|plans? to|due|scheduled|upcoming|next|expected)\b")
_LAW_BEFORE: Final = re.compile(
    r"(?:[Rr]esolutions?|[Aa]ct|[Rr]egulations?|[Oo]rder|UNSCRs?|No\.?|[Ll]aw|[Dd]ecision"
    r"|Directive)(?: \(?[A-Z]{2,4}\)?)? ?(?:[\d/]+ ?)?(?:of |\()?$"
)
_TIGHT: Final = re.compile(r",? ?(?:-|–|—|to|until|till|through|and) ?(?:the )?(?:early |late |mid-)?", re.I)


def find_dates(doc: Doc, published: str | None) -> list[TimeExpression]:
    """The time expressions in the order of the text; those that have no value (no year known) are left out.

    `published` is the document's own date (ISO, a time of day is ignored), or None. The value is the most recent
    day that fits, unless the words speak of the future.
    """
    text, anchor = text_of(doc), day(published)
    starts = starts_of(doc)
    laws = [(ent.start_char, ent.end_char) for ent in doc.ents if ent.label_ in ("LegalInstrument", "List", "LAW")]
    found: list[TimeExpression] = []
    spans: list[tuple[int, int]] = []
    for name, match in sorted(_matches(text), key=lambda pair: pair[1].start()):
        begin, stop = _bounds(name, match)
        if any(low <= begin and stop <= high for low, high in laws) or (
            name in ("year", "years") and _LAW_BEFORE.search(text[max(0, begin - 32) : begin])
        ):
            continue
        value = _value(name, match, anchor, _previous(found, spans, text, begin), text)
        if value is None:
            continue
        first, last = bisect_right(starts, begin) - 1, bisect_left(starts, stop)
        kind, value_end = _kind(text, begin, match, value)
        found.append(TimeExpression(first, last, value[0], value_end, kind))
        spans.append((begin, stop))
    return _joined(doc, found, spans)


def _matches(text: str) -> list[tuple[str, re.Match[str]]]:
    taken = bytearray(len(text))
    found = []
    numbered = around(_DIGITS, text, before=_BEFORE, after=_AFTER)
    for name, pattern in PATTERNS:
        matches = pattern.finditer(text) if name in WITHOUT_DIGITS else searched(pattern, text, numbered)
        for match in matches:
            begin, stop = _bounds(name, match)
            if not any(taken[begin:stop]):
                taken[begin:stop] = b"\x01" * (stop - begin)
                found.append((name, match))
    return found


def _bounds(name: str, match: re.Match[str]) -> tuple[int, int]:
    """The characters of the expression itself, without the word that made it a time."""
    if name == "year":
        return match.start("year"), match.end("year")
    if name == "month alone":
        return match.start("month"), match.end("month")
    if name == "near" and match["near"][0] in "tTyYlL":
        return match.start("near"), match.end("near")
    return match.start(), match.end()


def _previous(
    found: list[TimeExpression], spans: list[tuple[int, int]], text: str, begin: int
) -> TimeExpression | None:
    """The date before this one in the same sentence or the sentence before."""
    if not found or text[spans[-1][1] : begin].count(". ") > 1 or "\n\n" in text[spans[-1][1] : begin]:
        return None
    return found[-1]


def _month(name: str) -> int:
    return MONTHS[name.lower().rstrip(".")]


def _value(
    name: str, match: re.Match[str], anchor: datetime.date | None, before: TimeExpression | None, text: str
) -> tuple[str, str | None] | None:
    groups = match.groupdict()
    if name in ("iso", "dotted", "slashed"):
        return _one(partial(int(groups["year"]), int(groups["number"]), int(groups["day"])))
    if name == "days":
        year, month = int(groups["year"]), _month(groups["month"])
        first, last = partial(year, month, int(groups["day"])), partial(year, month, int(groups["day_end"]))
        return (first, last) if first and last else None
    if name == "full":
        return _one(partial(int(groups["year"]), _month(groups["month"]), int(groups["day"])))
    if name == "months":
        year = int(groups["year"])
        first, last = partial(year, _month(groups["month_start"])), partial(year, _month(groups["month"]))
        return (first, last) if first and last else None
    if name == "month":
        return _one(partial(int(groups["year"]), _month(groups["month"])))
    if name in ("fiscal", "part of year", "year"):
        return _one(partial(int(groups["year"])))
    if name == "decade":
        return groups["year"], str(int(groups["year"]) + 9)
    if name == "years":
        end = groups["year_end"]
        end = groups["year"][:2] + end if len(end) == 2 else end
        return (groups["year"], end) if int(groups["year"]) < int(end) < int(groups["year"]) + 120 else None
    if name in ("no year", "month alone"):
        return _yearless(match, anchor, before, text)
    return _relative(name, match, anchor, before, text)


def _one(value: str | None) -> tuple[str, str | None] | None:
    return (value, None) if value else None


def _yearless(
    match: re.Match[str], anchor: datetime.date | None, before: TimeExpression | None, text: str
) -> tuple[str, str | None] | None:
    """A month or day without a year: that of the date before it in the passage, else the latest that fits."""
    groups = match.groupdict()
    month, date = _month(groups["month"]), int(groups["day"]) if groups.get("day") else None
    lead = (groups.get("lead") or "").lower()
    if (
        before is not None
        and not (before.value_end and before.kind == "range" and len(before.value) == 4)
        and lead not in ("last", "this", "next")
    ):
        same_year = anchor is None or int(before.value[:4]) != anchor.year
        if same_year:
            return _one(partial(int((before.value_end or before.value)[:4]), month, date))
    if anchor is None:
        return None
    year = latest_month(month, anchor)
    if month == anchor.month and date is not None and date > anchor.day:
        year -= 1
    if lead == "next" or (
        _FUTURE.search(text[max(0, match.start() - 60) : match.start()]) and not _long_past(month, anchor)
    ):
        year = anchor.year if month >= anchor.month else anchor.year + 1
    if lead == "last" and month == anchor.month:
        year -= 1
    return _one(partial(year, month, date))


def _long_past(month: int, anchor: datetime.date) -> bool:
    return 0 <= anchor.month - month <= 2


def _relative(
    name: str, match: re.Match[str], anchor: datetime.date | None, before: TimeExpression | None, text: str
) -> tuple[str, str | None] | None:
    groups = match.groupdict()
    if name == "anchor":
        if before is not None and groups["near"] in ("same time", "same action"):
            return before.value, before.value_end
        base = day(before.value) if before else None
        base = base or anchor
        shift = {"same": 0, "next": 1, "following": 1, "previous": -1}.get(groups["near"].split()[0])
        if shift is None:
            shift = 1 if groups["near"].endswith("after") else -1
        return _one((base + datetime.timedelta(days=shift)).isoformat() if base else None)
    if anchor is None:
        return None
    if name == "near":
        shift = {"yesterday": -1, "last night": -1, "tomorrow": 1}.get(groups["near"].lower(), 0)
        return (anchor + datetime.timedelta(days=shift)).isoformat(), None
    lead = (groups.get("lead") or "").lower()
    if name == "weekday":
        back = (anchor.weekday() - WEEKDAYS[groups["weekday"].lower()]) % 7
        future = lead == "next" or (not lead and _FUTURE.search(text[max(0, match.start() - 50) : match.start()]))
        if future:
            return (anchor + datetime.timedelta(days=(7 - back) % 7 or 7)).isoformat(), None
        return (anchor - datetime.timedelta(days=7 if lead == "last" and back == 0 else back)).isoformat(), None
    step = {"last": -1, "past": -1, "next": 1}.get(lead, 0)
    if name == "ago":
        word = groups["count"].lower()
        step = -(NUMBERS[word] if word in NUMBERS else int(word))
    return _shifted(anchor, groups["unit"], step, exact=name == "ago")


def _shifted(anchor: datetime.date, unit: str, step: int, *, exact: bool) -> tuple[str, str | None]:
    if unit == "year":
        return str(anchor.year + step), None
    if unit == "month":
        return month_shift(anchor, step), None
    if unit == "day" or (exact and unit == "week"):
        return (anchor + datetime.timedelta(days=step * (7 if unit == "week" else 1))).isoformat(), None
    monday = anchor + datetime.timedelta(days=7 * step - anchor.weekday())
    last = monday + datetime.timedelta(days=6)
    return monday.isoformat(), (min(last, anchor) if step == 0 else last).isoformat()


_SINCE: Final = re.compile(
    r"\b(?:since|starting|beginning|as from|effective)(?: in| on| at least)?(?: early| late| mid| the)?[ -]*$", re.I
)
_UNTIL: Final = re.compile(r"\b(?:until|till|up to|through)(?: at least)?(?: early| late| mid| the)?[ -]*$", re.I)


def _kind(text: str, begin: int, match: re.Match[str], value: tuple[str, str | None]) -> tuple[str, str | None]:
    lead = text[max(0, begin - 24) : begin]
    if value[1] is not None:
        return "range", value[1]
    if _SINCE.search(lead):
        return "since", None
    if _UNTIL.search(lead):
        return "until", None
    return "point", None


_RANGE_LEAD: Final = re.compile(
    r"\b(?:from|between|From|Between)(?: at least| about| approximately| early| late| mid| the)?[ -]*$"
)


def _joined(doc: Doc, found: list[TimeExpression], spans: list[tuple[int, int]]) -> list[TimeExpression]:
    """Ranges made of two neighbours: "from A to B", "between A and B", "A - B", "A until B"."""
    text, joined, index = text_of(doc), [], 0
    while index < len(found):
        one = found[index]
        if index + 1 < len(found) and one.value_end is None and found[index + 1].value_end is None:
            two = found[index + 1]
            between = text[spans[index][1] : spans[index + 1][0]]
            led = _RANGE_LEAD.search(text[max(0, spans[index][0] - 30) : spans[index][0]]) is not None
            glue = _TIGHT.fullmatch(between)
            if glue and one.value <= two.value and (led or between.strip(" ,").lower() not in ("and", "to")):
                joined.append(TimeExpression(one.start, two.end, one.value, two.value, "range"))
                index += 2
                continue
        joined.append(one)
        index += 1
    return joined
