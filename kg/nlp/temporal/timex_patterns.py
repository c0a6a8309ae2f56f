"""The forms that dates take in English text, as regular expressions with named groups.

A month alone counts only after a word that makes it a time ("in March", "last May"); "may" and "Mar" alone never
do. A year alone counts after such a word, in front of a noun ("a 2013 attack"), or alone in brackets.
"""

from __future__ import annotations

import re
from typing import Final

_MONTH: Final = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_FULL_MONTH: Final = "(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)"
_YEAR: Final = r"(?P<year>1[5-9]\d\d|20\d\d)"
_DAY: Final = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_WEEKDAY: Final = (
    r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|(?:Mon|Tue|Tues|Wed|Thu|Thurs|Fri|Sat"
    r"|Sun)\.)"
)
_LEAD: Final = (
    r"(?P<lead>in|In|since|Since|until|Until|till|by|By|from|From|during|During|throughout|Throughout|before|Before|after|After"
    r"|last|Last|this|next|Next|early|Early|late|Late|mid|Mid|as of|As of|As at|as at|through|of|between|and"
    r"|to|around|circa)"
)
_NUMBER: Final = r"(?P<count>\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"

NUMBERS: Final = {
    word: number
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {"a": 1, "an": 1}

#: Patterns that match where no number stands in digits; all others need one.
WITHOUT_DIGITS: Final = frozenset({"ago", "month alone", "weekday", "unit", "near", "anchor"})
#: (name, pattern), tried in this order; an earlier match keeps later ones off its characters.
PATTERNS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("iso", rf"(?<![\d/-]){_YEAR}-(?P<number>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?![\d-])"),
        (
            "days",
            rf"\b{_MONTH} {_DAY} ?(?:-|–|—|to|and|through) ?(?P<day_end>[12]?\d|3[01])(?:st|nd|rd|th)?,? {_YEAR}\b",
        ),
        ("days", rf"\b{_DAY} ?(?:-|–|—|to|and) ?(?P<day_end>[12]?\d|3[01])(?:st|nd|rd|th)? {_MONTH},? {_YEAR}\b"),
        ("full", rf"\b(?:{_WEEKDAY},? (?:the )?)?{_MONTH} ?{_DAY}(?:,\s*|\s+|\s*,\s*){_YEAR}\b"),
        ("full", rf"\b(?:{_WEEKDAY},? (?:the )?)?{_DAY} (?:of )?{_MONTH},? {_YEAR}\b"),
        ("full", rf"(?<!\w){_DAY}-{_MONTH}-{_YEAR}\b"),
        ("full", rf"\b{_DAY}[ -](?P<month>JAN|FEB|MAR|APR|JUN|JUL|AUG|SEP|SEPT|OCT|NOV|DEC)[ -]{_YEAR}\b"),
        ("dotted", rf"(?<![\d./]){_DAY}[./](?P<number>0?[1-9]|1[0-2])[./]{_YEAR}(?![\d./]\d)"),
        ("slashed", rf"(?<![\d./])(?P<number>0?[1-9]|1[0-2])/(?P<day>1[3-9]|2\d|3[01])/{_YEAR}(?![\d/])"),
        ("months", rf"\b(?P<month_start>{_FULL_MONTH[10:-1]}) ?(?:-|–|to|and|until|through|/) ?{_MONTH},? {_YEAR}\b"),
        ("month", rf"\b{_MONTH},? (?:of )?{_YEAR}\b"),
        ("no year", rf"\b(?:{_WEEKDAY},? )?{_MONTH} {_DAY}\b(?!,? ?\d)"),
        ("no year", rf"\b(?:{_WEEKDAY},? )?{_DAY} (?:of )?{_MONTH}(?!\w)(?! ?\d)"),
        (
            "years",
            r"(?<![\d/.-])(?P<year>1[5-9]\d\d|20\d\d) ?(?:-|–|—) ?(?P<year_end>1[5-9]\d\d|20\d\d|\d\d)(?![\d/.-])",
        ),
        ("decade", r"\b(?:the )?(?:early |late |mid-?)?(?P<year>1[5-9]\d0|20\d0)[’']?s\b"),
        ("fiscal", r"\b(?:FY|[Ff]iscal [Yy]ear) ?(?P<year>20\d\d)\b"),
        ("part of year", rf"\b(?:[Ss]pring|[Ss]ummer|[Ff]all|[Aa]utumn|[Ww]inter)(?: of)? {_YEAR}\b"),
        (
            "year",
            rf"\b{_LEAD}[ -](?:the )?(?:year |early |late |mid-|early-|late-|approximately |about |at least "
            rf"|the end of |the beginning of )*{_YEAR}\b(?![,.]\d|/\d| [a-z]+(?<!respective)(?<!alon)s\b)",
        ),
        ("year", rf"(?<=\()(?:[a-z]+ )?{_YEAR}(?=\))"),
        ("year", rf"(?<=\ba ){_YEAR}(?= [a-zA-Z])"),
        ("year", rf"(?<=\bthe ){_YEAR}(?= [a-zA-Z])"),
        ("year", rf"^{_YEAR}(?=[\s:,-])"),
        ("ago", rf"\b{_NUMBER} (?P<unit>day|week|month|year)s? ago\b"),
        (
            "month alone",
            rf"\b{_LEAD} (?:early |late |mid-?|early-|late-)*(?P<month>January|February|March|April|May|June"
            rf"|July|August|September|October|November|December)\b(?! ?\d)",
        ),
        (
            "weekday",
            r"\b(?:(?P<lead>last|Last|this|This|next|Next|past) )?(?P<weekday>Monday|Tuesday|Wednesday"
            r"|Thursday|Friday|Saturday|Sunday)\b",
        ),
        (
            "unit",
            r"\b(?:[Ee]arlier |[Ll]ater )?(?P<lead>last|Last|this|This|next|Next|past) (?P<unit>week|month|year)\b",
        ),
        ("near", r"\b(?P<near>[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight|TODAY)(?:['’]s)?\b"),
        ("near", r"\b[Tt]his (?P<near>morning|afternoon|evening)\b"),
        ("near", r"\b(?P<near>[Ll]ast night)\b"),
        (
            "anchor",
            r"\b(?:(?:at the|in that|the|that|on that|on the) )?(?P<near>same time|same action|same day"
            r"|next day|following day|previous day|day before|day after)\b",
        ),
    )
)
