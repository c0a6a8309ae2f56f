"""Stakes, sums of money and counts in a text, as numbers with what bounds them.

In: a Doc. Out: quantities with token offsets. A stake is in 0..100; words that give only a range ("majority") have
`min` and `max` and no `value`; the lower bound of a majority is excluded, the upper bound of a minority too. Money
keeps its currency as an ISO code where the sign or word says one, and its scale is worked in ("$1.2 billion").
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc

from kg.nlp.anchored_regex import around, searched
from kg.nlp.doc_arrays import starts_of, text_of


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """One quantity: half-open token offsets, `kind` percent, money or count, the number or its bounds.

    `value` is None where only bounds are known; `currency` is an ISO code or the word as written; `text` is the
    wording.
    """

    start: int
    end: int
    kind: str
    value: float | None
    min: float | None
    max: float | None
    currency: str | None
    text: str


_ONES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES: Final = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "lakh": 1e5,
    "lakhs": 1e5,
    "million": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "crore": 1e7,
    "crores": 1e7,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
}
_CURRENCIES: Final = {
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "u.s. dollars": "USD",
    "us dollars": "USD",
    "€": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "pounds": "GBP",
    "rs": "INR",
    "rs.": "INR",
    "₹": "INR",
    "inr": "INR",
    "rupees": "INR",
    "¥": "JPY",
    "jpy": "JPY",
    "yen": "JPY",
    "rmb": "CNY",
    "cny": "CNY",
    "yuan": "CNY",
    "hk$": "HKD",
    "hkd": "HKD",
    "rub": "RUB",
    "rubles": "RUB",
    "roubles": "RUB",
    "chf": "CHF",
    "swiss francs": "CHF",
    "aed": "AED",
    "dirhams": "AED",
    "c$": "CAD",
    "a$": "AUD",
    "cad": "CAD",
    "aud": "AUD",
    "sgd": "SGD",
    "krw": "KRW",
    "won": "KRW",
    "pesos": "pesos",
    "rials": "rials",
    "riyals": "riyals",
    "dinars": "dinars",
    "lira": "TRY",
}
_WORD_NUMBER: Final = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[1:10])}))?|{'|'.join(reversed(_ONES))})"
_NUMBER: Final = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE: Final = r"hundred|thousand|lakhs?|million|crores?|billion|trillion|mn|bn|tn"
_SIGN: Final = r"US\$|HK\$|C\$|A\$|\$|€|£|¥|₹|Rs\.?|USD|EUR|GBP|INR|JPY|RMB|CNY|HKD|RUB|CHF|AED|CAD|AUD|SGD|KRW"
_UNIT: Final = (
    r"U\.S\. dollars|US dollars|Swiss francs|dollars?|euros?|pounds|rupees|yen|yuan|rubles|roubles|dirhams"
    r"|won|pesos|rials|"
    r"riyals|dinars|lira|USD|EUR|GBP|INR|JPY|RMB|CNY|HKD|RUB|CHF|AED"
)
_PERCENT_SIGN: Final = r"(?:%|per ?cent(?:age)?\b|percent\b|pct\b)"

_PERCENT: Final = re.compile(
    rf"(?P<bound>(?:at least|more than|over|less than|under|up to|no more than|nearly|almost|approximately"
    rf"|about|around|some)\s+)?"
    rf"(?P<low>{_NUMBER}|{_WORD_NUMBER})(?:\s?(?:-|–|to|and)\s?(?P<high>\d+(?:\.\d+)?))?[\s-]?{_PERCENT_SIGN}",
    re.I,
)
_IN_PERCENT: Final = re.compile(r"%|p(?:er ?cent|ct)", re.I)
_FRACTION: Final = re.compile(
    r"\b(?P<wholly>wholly[- ](?:foreign-)?(?:owned|held|controlled)|fully[- ]owned|100[- ]per[- ]?cent owned"
    r"|sole (?:owner|shareholder|proprietor))"
    r"|\b(?P<major>majority(?:[- ](?:owned?|owner|stake|shareholder|share|shareholding|held|control|interest"
    r"|controlled|owned))|majority[- ]|controlling (?:stake|interest|share\w*|block)|majority-owned"
    r"|most of the shares)"
    r"|\b(?P<minor>minority (?:owned?|owner|stake|shareholder|share|shareholding|interest)|minority-owned)"
    r"|\b(?P<part>(?:(?:one|a|two|three|four)[- ])?(?:half|third|thirds|quarter|quarters|fifth|fifths|tenth"
    r"|tenths))(?=\s+(?:of|stake|owned|interest|share|owner))",
    re.I,
)
_MONEY: Final = re.compile(
    rf"(?P<sign>(?<![A-Za-z])(?:{_SIGN}))\s?(?P<n1>{_NUMBER})(?:[\s-]?(?P<s1>{_SCALE}|[kKmMbB](?![A-Za-z])))?"
    rf"|(?<![\d.,])(?P<n2>{_NUMBER})(?:[\s-](?P<s2>{_SCALE}))?\s(?P<unit>{_UNIT})\b"
    rf"|\b(?P<n3>{_WORD_NUMBER})\s(?P<s3>{_SCALE})\s(?P<unit3>{_UNIT})\b"
)
_IN_MONEY: Final = re.compile(rf"\d+|(?:{_SCALE})\s")
_COUNT: Final = re.compile(
    rf"(?<![\w$€£.,/-])(?P<n>{_NUMBER}|{_WORD_NUMBER})(?:[\s-](?P<s>{_SCALE}))?(?=\s+(?:[a-z]+[- ]){{0,4}}?"
    r"(?:companies|firms|entities|individuals|persons|people|vessels|ships|aircraft|banks|organi[sz]ations|businesses|officials|bureaus|subsidiaries|members|shares|tons|tonnes|barrels)\b)",
    re.I,
)
_PARTS: Final = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}


def find_quantities(doc: Doc) -> list[Quantity]:
    """The quantities in the order of the text; of two that overlap, a stake wins over money and money over a count."""
    text = text_of(doc)
    starts = starts_of(doc)
    taken = bytearray(len(text))
    found: list[Quantity] = []
    searches = (
        (searched(_PERCENT, text, around(_IN_PERCENT, text, before=80, after=8)), _percent),
        (_FRACTION.finditer(text), _fraction),
        (searched(_MONEY, text, around(_IN_MONEY, text, before=40, after=40)), _money),
        (_COUNT.finditer(text), _count),
    )
    for matches, read in searches:
        for match in matches:
            begin, stop = match.span()
            if any(taken[begin:stop]):
                continue
            values = read(match)
            if values is None:
                continue
            taken[begin:stop] = b"\x01" * (stop - begin)
            first, last = bisect_right(starts, begin) - 1, bisect_left(starts, stop)
            found.append(Quantity(first, last, *values, match[0].strip()))
    return sorted(found, key=lambda quantity: (quantity.start, quantity.end))


_Values = tuple[str, float | None, float | None, float | None, str | None]


def number(text: str) -> float:
    """The value of a number in digits or words: "7,100", "1.2", "fifty-one"."""
    folded = text.lower().strip()
    if folded[0].isdigit():
        return float(folded.replace(",", ""))
    total = 0
    for word in re.split(r"[- ]", folded):
        total += _ONES.index(word) if word in _ONES else (_TENS.index(word) + 2) * 10
    return float(total)


def _percent(match: re.Match[str]) -> _Values | None:
    low = number(match["low"])
    high = float(match["high"]) if match["high"] else None
    bound = (match["bound"] or "").strip().lower()
    if max(low, high or 0) > 100:
        return None
    if high is not None:
        return "percent", None, min(low, high), max(low, high), None
    if bound in ("at least", "more than", "over"):
        return "percent", None, low, 100.0, None
    if bound in ("less than", "under", "up to", "no more than"):
        return "percent", None, 0.0, low, None
    return "percent", low, low, low, None


def _fraction(match: re.Match[str]) -> _Values | None:
    if match["wholly"]:
        return "percent", 100.0, 100.0, 100.0, None
    if match["major"]:
        return "percent", None, 50.0, 100.0, None
    if match["minor"]:
        return "percent", None, 0.0, 50.0, None
    words = re.split(r"[- ]", match["part"].lower())
    count = {"two": 2, "three": 3, "four": 4}.get(words[0], 1)
    value = round(count * _PARTS[words[-1].rstrip("s")], 2)
    return ("percent", value, value, value, None) if value <= 100 else None


def _money(match: re.Match[str]) -> _Values | None:
    groups = match.groupdict()
    digits = groups["n1"] or groups["n2"] or groups["n3"]
    scale = groups["s1"] or groups["s2"] or groups["s3"]
    word = groups["sign"] or groups["unit"] or groups["unit3"]
    value = round(number(digits) * (_SCALES[scale.lower()] if scale else 1), 2)
    return "money", value, value, value, _CURRENCIES[word.lower()]


def _count(match: re.Match[str]) -> _Values | None:
    value = number(match["n"]) * (_SCALES[match["s"].lower()] if match["s"] else 1)
    return "count", value, value, value, None
