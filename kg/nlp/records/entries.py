"""Entries in the form of OFAC's lists: "NAME, Given (a.k.a. ...), Address; DOB ...; (individual) [PROGRAMME] (Linked To: ...)."."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kg.nlp.records.model import Field, Record
from kg.nlp.records.names import aliases, trim
from kg.nlp.segmentation.blocks import Block
from kg.nlp.segmentation.labels import field_keys

_KINDS: Final = {"individual": "Person", "entity": "Company", "vessel": "Vessel", "aircraft": "Aircraft"}
_KIND: Final = re.compile(r"\((individual|entity|vessel|aircraft)\)")
_PROGRAMME: Final = re.compile(r"\[[A-Z][A-Z0-9-]+\]")
_CAPITALS: Final = re.compile(r"\W*(?:\d{1,4}\.\s+)?[^\Wa-z\d_][^\Wa-z_.'’-]+[\s,]")
_LINKED: Final = re.compile(
    r"(?:Linked To|Secondary sanctions risk|vessel owner)\s*:\s*([^;()]*(?:\([^()]*\)[^;()]*)*)", re.I
)
_SMALL: Final = frozenset("and of the de la del for in y e und und et c/o d.d d.o.o a.s ltd".split())
_OPENS: Final = re.compile(r"\W*(?:\d{1,4}\.\s+)?")


def entries(text: str, blocks: Sequence[Block]) -> Iterator[Record]:
    """The entries of this form, each of one block or of blocks that go on to its programme."""
    for block in blocks:
        body = text[block.start : block.end]
        if not _KIND.search(body) and not (_PROGRAMME.search(body) and _CAPITALS.match(body)):
            continue
        if found := _entry(text, block.start, block.end):
            yield found


def _entry(text: str, start: int, end: int) -> Record | None:
    opening = _OPENS.match(text, start, end)
    start = opening.end() if opening else start
    told = _KIND.search(text, start, end)
    kind = _KINDS[told.group(1)] if told else "Person" if "DOB " in text[start:end] else ""
    stop = _name_end(text, start, end, kind)
    name = trim(text, start, stop)
    if name[0] >= name[1]:
        return None
    fields = [field for field in aliases(text, stop, end) if field.key in ("alias", "former", "native_name")]
    after = max([stop, *(field.end for field in fields)])
    closing = text.find(")", after, end)
    after = closing + 1 if fields and closing >= 0 else after
    fields += _rest(text, after, end)
    return Record("entry", start, end, name, kind, tuple(fields))


def _name_end(text: str, start: int, end: int, kind: str) -> int:
    """Persons: "SURNAME, Given" to the second comma; others: as long as the words stand in capitals."""
    opening = re.compile(r"\s\(|;").search(text, start, end)
    limit = opening.start() if opening else end
    if kind != "Person" and text[start:limit].split(",")[0].split()[0].isupper():
        small = re.compile(r"\s(?=[A-Z][a-z]+)(?!(?:" + "|".join(_SMALL) + r")\b)").search(text, start, limit)
        limit = small.start() if small else limit
    commas = [match.start() for match in re.compile(r",\s").finditer(text, start, limit)]
    if kind == "Person":
        return min(limit, commas[1]) if len(commas) > 1 else limit
    for comma in commas:
        following = text[comma + 1 : limit].split(",")[0]
        words = [word for word in re.findall(r"[^\W\d_][\w.'’-]*", following) if word.lower() not in _SMALL]
        if not words or any(word != word.upper() for word in words):
            return comma
    return limit


def _rest(text: str, start: int, end: int) -> list[Field]:
    """The segments behind the names: addresses up to the first label, then labelled values."""
    found: list[Field] = []
    keys = field_keys()
    labelled = False
    head = _KIND.search(text, start, end) or _PROGRAMME.search(text, start, end)
    stop = head.start() if head else end
    for segment in re.compile(r"[^;]+").finditer(text, start, stop):
        a, b = trim(text, segment.start(), segment.end())
        body = text[a:b]
        label = next((k for k in range(min(7, len(body.split())), 0, -1) if _joined(body, k) in keys), 0)
        if label:
            labelled = True
            key = keys[_joined(body, label)]
            value = re.compile(r"\S+(?:\s+|$)" * label).match(text, a, b)
            cut = re.compile(r"\s+\(|;|$").search(text, value.end() if value else a, b)
            found.append(Field(key, value.end() if value else a, cut.start() if cut and key != "located_in" else b))
        elif flag := re.compile(r"([A-Z][\w ]+) flag\b").search(text, a, b):
            found.append(Field("flagged_in", flag.start(1), flag.end(1)))
        elif not labelled and b > a:
            found.append(Field("located_in", a, b))
    found += [
        Field("linked", *trim(text, m.start(1), m.end(1)))
        for m in _LINKED.finditer(text, stop, end)
        if m.group(0)[0] in "Ll"
    ]
    return found


def _joined(body: str, count: int) -> str:
    return " ".join(body.split()[:count]).lower().rstrip(".:")
