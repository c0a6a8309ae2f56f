"""The party of a record: where its name ends, and the other names beside it.

In: the range of a name cell, a name's value or the head of an entry. Out: the range of the name and fields of aliases,
former names and spellings in other scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.nlp.records.model import Field
from kg.nlp.segmentation.labels import split_value

_MARK: Final = re.compile(
    r"(?<!\w)(?:(?:a|n)\.?\s?/?k\.?\s?/?a\b\.?|also known as|alias(?:es)?\b|also spelled|also|(?P<former>(?<!\w)f\.?\s?/?k\.?\s?/?a\b\.?|"
    r"formerly known as|formerly|previously|ex(?=\s+[A-Z])))"
    r"[\s:,]*(?:the following (?:\w+ )?(?:alias(?:es)?|names?)\s*:?)?\s*",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(r"\s*[(,;\n]?\s*[(]?(?=" + _MARK.pattern + ")", re.IGNORECASE)
_CUT: Final = re.compile(
    r"\s*(?:[;\n(]|\s[–—-]\s|,\s+(?=(?:a|an|the|born|citizen|national|located|whose|who|which)\b)|:\s)"
)
_SPLIT: Final = re.compile(
    r"\s*(?:;|\n|,(?!\s*(?:LTD|Ltd|INC|Inc|LLC|L\.L\.C|CO\b|Co\b|S\.A|JSC|Corp))|(?<=\s)[–—-](?=\s*\w)|\band\b(?=\s+[\"“A-Z–—-])"
    r"|(?<!\w)\(?[a-z]\)\s|\(\d{1,2}\)\s)\s*(?:and\s+|or\s+)?",
)
_QUALITY: Final = re.compile(r"\s*\((?:good|low|weak|strong)[^()]*\)|\b(?:good|low) quality\b:?", re.IGNORECASE)
_EDGE: Final = " \t\n\"“”'‘’*_,;.:()[]–—-•~"
_ABBREVIATED: Final = re.compile(
    r"(?:\b(?:[A-Za-z]\.)+[A-Za-z]?|\b(?:Ltd|Co|Inc|Corp|Bhd|Pte|Pvt|Jr|Sr|A\.S|S\.A|Sti|Tic|San|Sdn))\.$"
)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without signs and spaces at its edges; the full stop of an abbreviation stays."""
    while start < end and text[start] in _EDGE.replace("(", "") + "()" and not text[start].isalnum():
        start += 1
    while end > start and text[end - 1] in _EDGE:
        if text[end - 1] == "." and _ABBREVIATED.search(text, start, end):
            break
        if text[end - 1] == ")" and "(" in text[start:end]:
            break
        end -= 1
    return start, end


def party(text: str, start: int, end: int) -> tuple[tuple[int, int], list[Field]]:
    """The name at the head of a range, and the aliases that follow it there."""
    mark = _AFTER.search(text, start + 1, end)
    cut = _CUT.search(text, start + 1, end)
    stop = min([end, *(found.start() for found in (mark, cut) if found)])
    name = trim(text, start, stop)
    return name, list(aliases(text, stop, end))


def aliases(text: str, start: int, end: int) -> Iterator[Field]:
    """The aliases in what follows a name: those in brackets, and those after a mark such as "a.k.a."."""
    at = start
    while at < end:
        opening = re.compile(r"\s*[,;]?\s*([(\[])").match(text, at, end)
        if opening:
            closing = _closing(text, opening.end(), end)
            yield from _bracket(text, opening.end(), closing)
            at = closing + 1
            continue
        mark = re.compile(r"[\s,;]*").match(text, at, end)
        found = _MARK.match(text, mark.end() if mark else at, end)
        if not found or not found.group().strip():
            return
        stop = text.find("(", found.end(), end)
        stop = end if stop < 0 else stop
        yield from _names(text, found.end(), stop, "former" if found["former"] else "alias")
        at = stop


def _closing(text: str, start: int, end: int) -> int:
    depth = 1
    for place in range(start, end):
        depth += (text[place] in "([") - (text[place] in ")]")
        if not depth:
            return place
    return end


def _bracket(text: str, start: int, end: int) -> Iterator[Field]:
    inside = text[start:end]
    found = _MARK.match(text, start, end)
    script = re.compile(
        r"(?:cyrillic|arabic|chinese|russian|ukrainian|hebrew|persian|farsi|korean|original script)\s*:\s*", re.I
    ).match(text, start, end)
    if found and found.group().strip():
        yield from _names(text, found.end(), end, "former" if found["former"] else "alias")
    elif script:
        yield from _names(text, script.end(), end, "native_name")
    elif any(ord(char) > 0x370 and char.isalpha() for char in inside):
        yield from _names(text, start, end, "native_name")


def _names(text: str, start: int, end: int, key: str) -> Iterator[Field]:
    at = start
    cuts = list(_SPLIT.finditer(text, start, end))
    if any(";" in cut.group() for cut in cuts):
        cuts = [cut for cut in cuts if re.search(r"[;\n)]", cut.group())]
    if any(cut.group().strip() != "," for cut in cuts) or _surname_first(text[start:end]):
        cuts = [cut for cut in cuts if cut.group().strip() != ","]  # the commas stand inside the names
    for cut in [*cuts, None]:
        stop = cut.start() if cut else end
        again = _MARK.match(text, at, stop)
        kind = key
        if again and again.group().strip():
            at, kind = again.end(), "former" if again["former"] else "alias"
        quality = _QUALITY.search(text, at, stop)
        first, last = trim(text, at, quality.start() if quality and quality.start() > at else stop)
        value = text[first:last]
        if last - first > 1 and len(value.split()) <= 12 and any(char.isalpha() for char in value):
            if value.lower().strip(" .") not in ("na", "n/a", "none", "and", "or"):
                yield Field(kind, first, last)
        at = cut.end() if cut else end


def _surname_first(names: str) -> bool:
    """Whether a comma stands inside one name, "SURNAME, Given", and not between two."""
    parts = [part.split() for part in names.split(",")]
    return len(parts) > 1 and any(len(part) == 1 for part in parts)


def values(text: str, start: int, end: int, key: str) -> Iterator[Field]:
    """The values of one field: names one by one, anything else as it stands; none for "na"."""
    if key in ("alias", "former", "native_name"):
        yield from _names(text, start, end, key)
        return
    for kind, first, last in split_value(text, key, start, end):
        yield from _value(text, kind, *trim(text, first, last))


def _value(text: str, key: str, first: int, last: int) -> Iterator[Field]:
    if last > first and text[first:last].lower() not in ("na", "n/a", "none", "unknown", "-0-"):
        yield Field(key, first, last)
