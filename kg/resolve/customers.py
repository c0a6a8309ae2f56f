"""A file of names to be screened -> its rows, each as a query or with the reason why it cannot be screened.

In: csv (any delimiter and encoding), xlsx, JSON lines or a JSON array; a file with one name a line. Out: what each
column is taken for, and the rows in their order. Columns are recognised by their header in many languages
(`ontology/names/columns.yaml`), or named by the user.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes

from kg.errors import SourceError
from kg.lists import json_records, sheet_records
from kg.lists.dates import listed_date
from kg.matching.names import columns as known_columns
from kg.reference import country
from kg.resolve.screening import Query

_SAMPLE: Final = 1 << 18  # bytes from which encoding and delimiter are told
_DELIMITERS: Final = (",", ";", "\t", "|")
_FIELDS: Final = ("name", "first_name", "middle_name", "last_name", "type", "birth_date", "country", "reference")
_NAME_PARTS: Final = ("first_name", "middle_name", "last_name")


@dataclass(frozen=True, slots=True)
class Layout:
    """What the file's columns are taken for: field -> column, and the columns that are not used."""

    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    form: str


@dataclass(frozen=True, slots=True)
class Customer:
    """One row: what it asks for, or why it cannot be asked; `note` is what of it was not understood."""

    number: int
    text: str
    query: Query | None
    problem: str = ""
    note: str = ""
    reference: str = ""


def read_customers(path: Path, named: Mapping[str, str] | None = None) -> tuple[Layout, Iterator[Customer]]:
    """Return the layout and the rows; `named` gives fields their columns where the headers do not tell.

    Raises SourceError for a file that cannot be read, has no row, or no column that holds names or numbers.
    """
    header, rows, form = _rows(path)
    layout = _layout(header, named or {}, path, form)
    return layout, (_customer(number, record, text, layout) for number, record, text in rows)


def _rows(path: Path) -> tuple[list[str], Iterator[tuple[int, dict[str, str], str]], str]:
    """The header, the rows as (number, cells by column, text) and what form the file has."""
    try:
        with path.open("rb") as file:
            start = file.read(_SAMPLE)
    except OSError as error:
        raise SourceError(error.strerror or "cannot be read", place=str(path), hint="check the path") from error
    if not start.strip():
        raise SourceError("the file is empty", place=str(path), hint="give a file of names")
    if start.startswith(b"PK"):
        return *_peeked(sheet_records.rows(path), path), "xlsx"
    bare = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if bare.startswith((b"{", b"[")):
        found = json_records.records(path) if bare.startswith(b"[") else json_records.lines(path)
        return *_peeked(((number, _flat(record), text) for number, record, text in found), path), "JSON"
    return _table(path, start)


def _peeked(
    rows: Iterator[tuple[int, dict[str, str], str]], path: Path
) -> tuple[list[str], Iterator[tuple[int, dict[str, str], str]]]:
    first = next(rows, None)
    if first is None:
        raise SourceError("the file has no row", place=str(path), hint="give a file of names")

    def all_rows() -> Iterator[tuple[int, dict[str, str], str]]:
        yield first
        yield from rows

    return list(first[1]), all_rows()


def _flat(record: json_records.Record) -> dict[str, str]:
    """The values as texts; a list's are joined, an object's are left out."""
    told = {}
    for key, value in record.items():
        values = value if isinstance(value, list) else [value]
        told[key] = "; ".join(str(item) for item in values if isinstance(item, str | int | float) and item is not True)
    return told


def _table(path: Path, start: bytes) -> tuple[list[str], Iterator[tuple[int, dict[str, str], str]], str]:
    encoding = _encoding(start)
    sample = start.decode(encoding, "replace").removeprefix("\ufeff")
    lines = [line for line in sample.splitlines()[:50] if line.strip()]
    delimiter = _delimiter(lines)
    header = [cell.strip() for cell in next(csv.reader([lines[0]], delimiter=delimiter or "\0"))]
    is_header = any(_field_of(cell) for cell in header)
    if not is_header and len(header) > 1:
        is_header = not any(re.search(r"\d{4}", cell) for cell in header)
    if not is_header and not delimiter:
        return ["name"], _table_rows(path, encoding, "", ["name"]), f"one name a line, {encoding}"
    if not is_header:
        header = [f"column {at}" for at in range(1, len(header) + 1)]
    told = {"\t": "tabs", "": "no delimiter"}.get(delimiter, f"'{delimiter}'")
    return header, _table_rows(path, encoding, delimiter, header, skip=is_header), f"csv, {told}, {encoding}"


def _encoding(start: bytes) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if start.startswith(mark):
            return name
    try:
        start.rsplit(b"\n", 1)[0].decode("utf-8") if b"\n" in start else start.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        best = from_bytes(start).best()
        return best.encoding if best else "cp1252"


def _delimiter(lines: list[str]) -> str:
    """The delimiter that cuts most lines into as many cells as the first, more than one; empty where none does."""
    best, told = (0.0, 0), ""
    for delimiter in _DELIMITERS:
        widths = [len(next(csv.reader([line], delimiter=delimiter), [])) for line in lines]
        if widths[0] > 1:
            rate = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
            if rate > best:
                best, told = rate, delimiter
    known = any(_field_of(cell) for cell in next(csv.reader([lines[0]], delimiter=told or "\0")))
    return told if known or (best[0] > 0.9 and told != ",") else ""


def _table_rows(
    path: Path, encoding: str, delimiter: str, header: list[str], *, skip: bool = False
) -> Iterator[tuple[int, dict[str, str], str]]:
    csv.field_size_limit(1 << 20)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        if not delimiter:
            for number, line in enumerate(io.StringIO(file.read(), newline=None), start=1):
                if not (skip and number == 1):
                    yield number, {header[0]: line.strip()}, line.strip()
            return
        reader = csv.reader(file, delimiter=delimiter)
        try:
            for number, cells in enumerate(reader, start=1):
                if number > skip and any(cell.strip() for cell in cells):
                    kept = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
                    if len(cells) > len(header):
                        kept["\0"] = f"{len(cells)} cells where {len(header)} belong"
                    yield number, kept, delimiter.join(cells)
        except csv.Error as error:
            raise SourceError(
                str(error), place=f"{path}:{reader.line_num}", hint="mend the quotes of the row"
            ) from error


@cache
def _columns() -> dict[str, str]:
    return {_key(word): field for field, words in known_columns().items() for word in words}


def _key(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.removeprefix("\ufeff")).casefold()
    return "".join(char for char in bare if char.isalnum())


def _field_of(header: str) -> str:
    return _columns().get(_key(header), "")


def _layout(header: list[str], named: Mapping[str, str], path: Path, form: str) -> Layout:
    """The column of each field: the one that the user named, else the first whose header is known for it."""
    found: dict[str, str] = {}
    for field, column in named.items():
        actual = next((name for name in header if name == column or _key(name) == _key(column)), None)
        if field not in known_columns():
            raise SourceError(f"no field {field!r}", place="--columns", hint=f"known are {', '.join(known_columns())}")
        if actual is None:
            raise SourceError(f"no column {column!r}", place=str(path), hint=f"its columns: {', '.join(header)[:200]}")
        found[field] = actual
    for name in header:
        field = _field_of(name)
        if field and field not in found and name not in found.values():
            found[field] = name
    if not {"name", *_NAME_PARTS, *_schemes()} & found.keys():
        raise SourceError(
            "no column that holds names",
            place=str(path),
            hint=f"name it with --columns name=...; its columns: {', '.join(header)[:200]}",
        )
    return Layout(found, tuple(name for name in header if name not in found.values()), form)


def _schemes() -> tuple[str, ...]:
    return tuple(field for field in known_columns() if field not in _FIELDS)


def _customer(number: int, record: dict[str, str], text: str, layout: Layout) -> Customer:
    cells = {field: " ".join(record.get(column, "").split()) for field, column in layout.columns.items()}
    name = _whole_name(cells)
    numbers = tuple((scheme, cells[scheme]) for scheme in _schemes() if cells.get(scheme))
    reference = cells.get("reference", "")
    if overflow := record.get("\0"):
        return Customer(number, text, None, problem=overflow, reference=reference)
    if not re.search(r"\w", name) and not numbers:
        return Customer(number, text, None, problem="no name and no number", reference=reference)
    born = birth_date(cells.get("birth_date", ""))
    note = f"the date of birth {cells['birth_date']!r} was not read" if cells.get("birth_date") and not born else ""
    nation = country(cells.get("country", "")) or ""
    if cells.get("country") and not nation:
        note = "; ".join(filter(None, (note, f"the country {cells['country']!r} is not known")))
    query = Query(name, entity_type(cells.get("type", "")), born, (nation,) if nation else (), numbers)
    return Customer(number, text, query, note=note, reference=reference)


def _whole_name(cells: Mapping[str, str]) -> str:
    """The whole name from its columns; "Name" beside "Vorname" is a family name, "Имя" beside "Фамилия" a given one."""
    name, first, middle, last = (cells.get(part, "") for part in ("name", *_NAME_PARTS))
    if name and (first or last) and not (first and last):
        first, last = (first, name) if first else (name, last)
        if first.casefold() in last.casefold() or last.casefold() in first.casefold():
            return name
    elif name:
        return name
    return " ".join(filter(None, (first, middle, last)))


def birth_date(text: str) -> str:
    """Return the date in ISO form, day first or month first; the year alone where both are possible; empty for none.

    >>> birth_date("31.12.1990"), birth_date("03/04/1970"), birth_date("12/31/1990"), birth_date("soon")
    ('1990-12-31', '1970', '1990-12-31', '')
    """
    match = re.fullmatch(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*[./-]\s*(\d{4})(?:\s.*)?", text.strip())
    if not match:
        return listed_date(text.strip().partition(" 00:00")[0]) or ""
    first, sign, second, year = int(match[1]), match[2], int(match[3]), match[4]
    if sign == "." or first > 12:
        return listed_date(f"{year}-{second}-{first}") or ""
    if second > 12:
        return listed_date(f"{year}-{first}-{second}") or ""
    return year if first != second else listed_date(f"{year}-{first}-{second}") or ""


_TYPES: Final = (
    ("Vessel", r"vessel|ship|tanker|navire|schiff|buque|судно|船"),
    ("Aircraft", r"aircraft|plane|avion|flugzeug|самол"),
    ("Person", r"^(?:p|i)$|person|individual|natural|private|physique|natürlich|física|fisica|физ|фіз|个人|privat"),
    (
        "Company",
        r"^(?:c|e|o|b)$|compan|corporat|entit|organi[sz]|legal|business|firm|juristisch|morale|jurídica|юр|公司|企业",
    ),
)


def entity_type(text: str) -> str:
    """Return the type that a customer file's word means; empty where it is not known.

    >>> entity_type("natural person"), entity_type("Legal Entity"), entity_type("?")
    ('Person', 'Company', '')
    """
    return next((kind for kind, words in _TYPES if text and re.search(words, text.strip(), re.IGNORECASE)), "")
