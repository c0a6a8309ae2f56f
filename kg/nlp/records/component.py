"""The spaCy component `kg_records`: finds the records of a Doc and makes their parties and places its names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from kg.namespaces import name_key
from kg.nlp.coref.nations import state_of, state_of_demonym
from kg.nlp.doc_arrays import text_of
from kg.nlp.records.acts import bodies, official_names
from kg.nlp.records.find import find_records
from kg.nlp.records.model import Field, Record
from kg.nlp.records.names import trim
from kg.reference import country, table

#: Values in which no name stands, whatever a recogniser sees there.
_NUMBERS: Final = frozenset(
    "passport national_id tax_number registration_number imo gender reference contact birth_date listed_on registered "
    "type title".split()
)
_PLACES: Final = frozenset({"born_in", "located_in", "citizen_of", "flagged_in", "birth"})
_PARTIES: Final = frozenset({"linked", "subsidiary_of", "owned_by", "controlled_by"})
_ORGANISED: Final = ("Company", "Organization", "GovernmentBody")
_COMMA: Final = re.compile(r"\s*(?:,|;|/|\(|\)|\band\b|(?<!\w)\(?[a-z]\)\s)\s*")
_STREET: Final = re.compile(
    r"\b(?:street|st|road|rd|avenue|ave|blvd|boulevard|building|bldg|house|floor|block|area|distr|district|str|lane|"
    r"neighbou?rhood|tower|suite|room|office|zone|park|plaza|box|square|way|drive|prospekt|ulitsa|ul|cad|sokak|mah)\b",
    re.IGNORECASE,
)
_PLACE_NAME: Final = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[ '’-][^\W\d_][^\W\d_.'’-]*){0,4}\.?")
Found = tuple[int, int, str]


class Records:
    """Finds the records of a document: see the module. `doc._.records` holds them."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, doc: Doc) -> Doc:
        """The same Doc with its records, and their names among its names."""
        names = [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
        records = find_records(text_of(doc), doc._.blocks, names)
        doc._.records = records
        bodies = _official(text_of(doc))
        if records or bodies:
            doc.ents = tuple(_spans(doc, _named(text_of(doc), records, names, bodies)))
        return doc


def _named(text: str, records: list[Record], names: list[Found], bodies: list[Found]) -> list[Found]:
    """The names of a text, those of its records in the place of any that overlap them."""
    fixed: list[Found] = list(bodies)
    closed: list[tuple[int, int]] = []
    for record in records:
        known = [kind for a, b, kind in names if a < record.name[1] and record.name[0] < b]
        kind = record.type or next((one for one in known if one not in ("Country", "Place", "List")), "Company")
        if kind == "Company":
            kind = next((one for one in known if one in _ORGANISED), kind)
        fixed.append((*record.name, kind))
        for field in record.fields:
            if field.key in ("alias", "former", "native_name"):
                fixed.append((field.start, field.end, kind))
            elif field.key in _NUMBERS:
                closed.append((field.start, field.end))
            elif field.key in _PLACES:
                fixed += _places(text, field, names)
                closed.append((field.start, field.end))
            elif field.key in _PARTIES:
                fixed += _parties(text, field, names)
            elif field.key == "position":
                fixed += [(a, b, "Company") for a, b, kind in names if _holds_post(text, field, (a, b, kind))]
    blocked = [*closed, *((a, b) for a, b, _ in fixed)]
    kinds = {name_key(text[a:b]): kind for a, b, kind in fixed if kind not in ("Country", "Place")}
    kept = [
        (a, b, kinds.get(name_key(text[a:b]), kind))
        for a, b, kind in names
        if not any(first < b and a < last for first, last in blocked)
    ]
    return [*kept, *fixed]


def _official(text: str) -> list[Found]:
    """The bodies that list, their lists and laws, wherever a text names them in full."""
    found: list[Found] = []
    for kind, pattern in (*official_names(), ("GovernmentBody", _body_names())):
        for match in pattern.finditer(text):
            if not any(a < match.end() and match.start() < b for a, b, _ in found):
                found.append((*match.span(), kind))
    return found


@cache
def _body_names() -> re.Pattern[str]:
    names = [
        name
        for item in table("authorities")
        for name in (item["name"], *item.get("also", ()))
        if item["type"] == "GovernmentBody"
    ]
    long = sorted((name for name in [*names, *bodies()] if len(name.split()) > 1), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in long) + r")(?!\w)")


def _holds_post(text: str, field: Field, name: Found) -> bool:
    """Whether a recognised person in the value of a post is the body that the post is of."""
    start, end, kind = name
    return (
        field.start < start
        and end <= field.end
        and kind == "Person"
        and bool(re.search(r"\b(?:of|at|for|in)\s+(?:the\s+)?$", text[field.start : start]))
    )


def _places(text: str, field: Field, names: list[Found]) -> Iterator[Found]:
    """The countries and places of a value, part by part; of an address only what no number stands in."""
    if field.key == "located_in":
        yield from _address(text, field)
        return
    inside = [one for one in names if field.start <= one[0] and one[1] <= field.end and one[2] in ("Country", "Place")]
    yield from inside
    at = field.start
    for cut in [*_COMMA.finditer(text, field.start, field.end), None]:
        start, end = trim(text, at, cut.start() if cut else field.end)
        at = cut.end() if cut else field.end
        part = text[start:end]
        if not part or any(a < end and start < b for a, b, _ in inside):
            continue
        if state_of(part) or country(part) or (field.key in ("citizen_of", "flagged_in") and state_of_demonym(part)):
            yield start, end, "Country"
        elif field.key == "born_in" and _PLACE_NAME.fullmatch(part) and part[0].isupper():
            yield start, end, "Place"


def _address(text: str, field: Field) -> Iterator[Found]:
    """The country of each address of a value, and the city before it: the last parts, without their numbers."""
    for address in re.compile(r"(?:(?!;|\(?(?<!\w)[a-z1-9]\)\s).)+", re.DOTALL).finditer(text, field.start, field.end):
        parts: list[tuple[int, int]] = []
        for part in re.compile(r"[^,]+").finditer(text, address.start(), address.end()):
            words = re.compile(r"[^\d()\[\]]*[^\d()\[\]\s]").match(text, part.start(), _bracket(text, *part.span()))
            start, end = trim(text, part.start(), words.end()) if words else (part.start(), part.start())
            if end > start and text[start].isupper():
                parts.append((start, end))
            else:
                behind = re.compile(r"[\s\d-]+([^\W\d_][^\d]*)$").match(text, *part.span())
                if behind and text[behind.start(1)].isupper():
                    parts.append(trim(text, behind.start(1), behind.end(1)))
        state = bool(parts) and bool(state_of(text[slice(*parts[-1])]) or country(text[slice(*parts[-1])]))
        if state:
            yield *parts[-1], "Country"
        city = parts[-2] if state and len(parts) > 1 else parts[-1] if parts and not state else None
        if city and _PLACE_NAME.fullmatch(text, *city) and not _STREET.search(text, *city):
            yield *city, "Place"


def _bracket(text: str, start: int, end: int) -> int:
    found = text.find("(", start + 1, end)
    return found if found > 0 else end


def _parties(text: str, field: Field, names: list[Found]) -> Iterator[Found]:
    """The parties that a value names: the recognised ones, or the whole value of capitals."""
    inside = [
        one for one in names if field.start <= one[0] and one[1] <= field.end and one[2] not in ("Country", "Place")
    ]
    value = text[field.start : field.end]
    if value == value.upper() or not inside:
        for match in re.compile(r"[^;]+").finditer(text, field.start, field.end):
            start, end = trim(text, match.start(), match.end())
            words = text[start:end].split()
            if (
                words
                and len(words) < 12
                and all(word[:1].isupper() or not word[0].isalpha() for word in words if len(word) > 3)
            ):
                surname = re.match(r"[A-Z'’ -]+, [A-Z][a-z]", text[start:end])
                yield start, end, "Person" if surname else "Company"


def _spans(doc: Doc, names: list[Found]) -> Iterator[Span]:
    taken: set[int] = set()
    for start, end, kind in sorted(set(names), key=lambda one: (one[0], -one[1], one[2])):
        span = doc.char_span(start, end, label=kind, alignment_mode="contract")
        if span is not None and len(span) and taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            yield span


Doc.set_extension("records", default=None, force=True)
