"""The spaCy component `kg_records`: finds the records of a Doc and makes their parties and places its names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from kg.nlp.coref.nations import state_of, state_of_demonym
from kg.nlp.doc_arrays import text_of
from kg.nlp.records.find import find_records
from kg.nlp.records.model import Field, Record
from kg.nlp.records.names import trim
from kg.namespaces import name_key
from kg.nlp.records.acts import bodies
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
        if records:
            doc.ents = tuple(_spans(doc, _named(text_of(doc), records, names)))
        return doc


def _named(text: str, records: list[Record], names: list[Found]) -> list[Found]:
    """The names of a text, those of its records in the place of any that overlap them."""
    fixed: list[Found] = _bodies(text)
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


def _bodies(text: str) -> list[Found]:
    """The bodies that list, wherever a text names them in several words."""
    return [(*match.span(), "GovernmentBody") for match in _body_names().finditer(text)]


@cache
def _body_names() -> re.Pattern[str]:
    names = [name for item in table("authorities") for name in (item["name"], *item.get("also", ())) if item["type"] == "GovernmentBody"]
    long = sorted((name for name in [*names, *bodies()] if len(name.split()) > 1), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in long) + r")(?!\w)")


def _holds_post(text: str, field: Field, name: Found) -> bool:
    """Whether a recognised person in the value of a post is the body that the post is of."""
    start, end, kind = name
    return field.start < start and end <= field.end and kind == "Person" and bool(re.search(r"\b(?:of|at|for|in)\s+(?:the\s+)?$", text[field.start : start]))


def _places(text: str, field: Field, names: list[Found]) -> Iterator[Found]:
    """The countries and places of a value, part by part; of an address only what no number stands in."""
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
        elif field.key in ("born_in", "located_in") and _PLACE_NAME.fullmatch(part) and part[0].isupper():
            if field.key == "born_in" or len(part.split()) < 3:
                yield start, end, "Place"


def _parties(text: str, field: Field, names: list[Found]) -> Iterator[Found]:
    """The parties that a value names: the recognised ones, or the whole value of capitals."""
    inside = [one for one in names if field.start <= one[0] and one[1] <= field.end and one[2] not in ("Country", "Place")]
    value = text[field.start : field.end]
    if value == value.upper() or not inside:
        for match in re.compile(r"[^;]+").finditer(text, field.start, field.end):
            start, end = trim(text, match.start(), match.end())
            words = text[start:end].split()
            if words and len(words) < 12 and all(word[:1].isupper() or not word[0].isalpha() for word in words if len(word) > 3):
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
