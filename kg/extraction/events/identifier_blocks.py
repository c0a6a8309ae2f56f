"""Identifying information as releases and lists append it: "AKA: ...", "DOB: ...", "POB: ...", "Passport: ...".

In: a `DocumentView`. Out: facts, each for the entity whose name stands above: other names, places and nationality (as
relations to entities named there) and attributes (dates of birth, numbers, addresses) as text. Values run together by
a lost line break ("Hajj YusefHaji Yusif") are cut where a small letter meets a capital one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.extraction.document_view import DocumentView
from kg.extraction.mention_spans import NAMES, MentionSpan


@dataclass(frozen=True, slots=True)
class IdentifierField:
    """One fact of an annex. `key` is an attribute of the ontology or a predicate; `start` and `end` bound the value in
    the text; `object` is the spot of the entity that the value names, None where the value is text.
    """

    subject: MentionSpan
    key: str
    start: int
    end: int
    value: str
    object: MentionSpan | None = None


_KEYS: Final[dict[str, str]] = {
    "aka": "also_known_as",
    "a.k.a.": "also_known_as",
    "a.k.a": "also_known_as",
    "alternate spelling": "also_known_as",
    "good quality a.k.a.": "also_known_as",
    "low quality a.k.a.": "also_known_as",
    "alias": "also_known_as",
    "aliases": "also_known_as",
    "fka": "also_known_as",
    "f.k.a.": "also_known_as",
    "formerly known as": "also_known_as",
    "dob": "birth_date",
    "date of birth": "birth_date",
    "pob": "born_in",
    "place of birth": "born_in",
    "nationality": "citizen_of",
    "citizenship": "citizen_of",
    "citizen": "citizen_of",
    "location": "located_in",
    "address": "located_in",
    "branch office location": "located_in",
    "headquarters": "located_in",
    "flag": "flagged_in",
    "vessel flag": "flagged_in",
    "passport": "passport",
    "passport number": "passport",
    "passport no.": "passport",
    "national id": "national_id",
    "national id no.": "national_id",
    "national identification no.": "national_id",
    "national identification number": "national_id",
    "personal id card": "national_id",
    "imo": "imo",
    "imo number": "imo",
    "vessel registration identification imo": "imo",
    "mmsi": "mmsi",
    "tax id": "tax_number",
    "tax id no.": "tax_number",
    "registration number": "registration_number",
    "registration id": "registration_number",
    "swift/bic": "bic",
    "website": "website",
    "website address": "website",
    "email": "email",
    "email address": "email",
    "telephone": "phone",
    "gender": "gender",
}
_RELATIONS: Final = frozenset({"born_in", "citizen_of", "located_in", "flagged_in"})
_HEADS: Final = ("name", "entity", "individual", "company", "vessel", "identifying information", "title", "position",
                 "linked to", "occupation", "fax", "vessel type", "former vessel flag")  # fmt: skip
_KEY: Final = re.compile(
    r"(?<![A-Za-z])(?:(?:alt(?:ernate|ernative)?\.?|former|additional)\s+)?(?P<key>"
    + "|".join(re.escape(key) for key in sorted([*_KEYS, *_HEADS], key=len, reverse=True))
    + r")(?P<many>s|es)?\s?\d?\**\s?:[*\s\u200b]*",
    re.IGNORECASE,
)
FIELD_LABEL: Final = _KEY
"""The label of a field, as "Date of birth:"; its group `key` names the field."""
NAME_LABELS: Final = frozenset(key for key, field in _KEYS.items() if field == "also_known_as")
"""The labels of fields that hold other names."""
_GLUED: Final = re.compile(
    r"(?<=[a-zé)'’`])(?<!Mc)(?<!Mac)(?<![Aa]l)(?=[A-Z][a-z'’`]|['‘`]Abd|Al-|Abu )|;|\n|\s{3,}|\*\*"
)
_LONGEST: Final = 600
_BEARERS: Final = frozenset({"Person", "Company", "Organization", "GovernmentBody", "Vessel", "Aircraft"})


def identifier_fields(view: DocumentView) -> list[IdentifierField]:
    """The facts of all annexes of a document, in the order of the text."""
    text = view.text
    keys = list(_KEY.finditer(text))
    if not keys:
        return []
    mentions = [mention for mentions in view.mentions for mention in mentions if mention.kind in NAMES]
    starts = [view.starts[mention.start] for mention in mentions]
    found: list[IdentifierField] = []
    subject: MentionSpan | None = None
    for number, key in enumerate(keys):
        name = key["key"].lower()
        limit = keys[number + 1].start() if number + 1 < len(keys) else len(text)
        stop = _value_end(text, key.end(), limit)
        if name in _HEADS:
            subject = None
            continue
        close = number and key.start() - keys[number - 1].end() < _LONGEST and subject is not None
        between = text[keys[number - 1].end() : key.start()] if number else ""
        if not close or _new_bearer(mentions, starts, keys[number - 1].end(), key.start(), between):
            subject = _bearer(mentions, starts, key.start(), text)
        if subject is None:
            continue
        found.extend(
            _read(
                view, subject, _KEYS[name], (key.end(), stop), many=bool(key["many"]), mentions=mentions, starts=starts
            )
        )
    return found


def _value_end(text: str, start: int, limit: int) -> int:
    stop = min(limit, start + _LONGEST)
    paragraph = text.find("\n\n", start, stop)
    if paragraph >= 0:
        stop = paragraph
    return stop


def _bearer(mentions: list[MentionSpan], starts: list[int], before: int, text: str) -> MentionSpan | None:
    """The last name before a place in the text, not further off than a line or two."""
    index = bisect_right(starts, before - 1) - 1
    while index >= 0 and before - starts[index] < 260:
        if mentions[index].type in _BEARERS:
            return mentions[index]
        index -= 1
    return None


def _new_bearer(mentions: list[MentionSpan], starts: list[int], begin: int, end: int, between: str) -> bool:
    """Whether a heading between two keys names somebody else: a bold name, or a name on a line of its own."""
    mark = max(between.rfind("**"), between.rfind("\n"))
    if mark < 0:
        return False
    index = bisect_right(starts, end - 1) - 1
    if index < 0 or starts[index] < begin:
        return False
    opening = between.rfind("**", 0, max(mark, 1))
    place = starts[index] - begin
    return mentions[index].type in _BEARERS and (place > mark >= 0 or (opening >= 0 and place > opening))


def _read(
    view: DocumentView,
    subject: MentionSpan,
    key: str,
    place: tuple[int, int],
    *,
    many: bool,
    mentions: list[MentionSpan],
    starts: list[int],
) -> Iterator[IdentifierField]:
    start, stop = place
    text = view.text
    if key in _RELATIONS:
        first = bisect_right(starts, start - 1)
        inside: dict[str, MentionSpan] = {}
        for mention, begin in zip(mentions[first : first + 24], starts[first : first + 24], strict=True):
            if begin >= stop:
                break
            if mention.type in ("Country", "Place") and mention.entity != subject.entity:
                inside.setdefault(mention.entity, mention)
        for mention in inside.values():
            begin, end = view.starts[mention.start], view.ends[mention.end - 1]
            yield IdentifierField(subject, key, begin, end, text[begin:end], mention)
        return
    for begin, end in _values(text, start, stop, many or key == "also_known_as"):
        value = text[begin:end]
        if key == "also_known_as" and not _is_name(value):
            continue
        yield IdentifierField(subject, key, begin, end, value)


def _values(text: str, start: int, stop: int, many: bool) -> Iterator[tuple[int, int]]:
    cuts = [start]
    for cut in _GLUED.finditer(text, start, stop):
        cuts += [cut.start(), cut.end()]
        if not many:
            break
    cuts.append(stop)
    for begin, end in zip(cuts[::2], cuts[1::2], strict=True):
        while begin < end and not text[begin].isalnum() and text[begin] not in "‘'’`(":
            begin += 1
        while end > begin and (text[end - 1].isspace() or text[end - 1] in "*,;.:_\u200b"):
            end -= 1
        if 1 < end - begin <= 160:
            yield begin, end
        if not many:
            return


def _is_name(value: str) -> bool:
    words = value.split()
    return 0 < len(words) <= 9 and any(char.isupper() for char in value) and not any(char in value for char in ":<>{}")
