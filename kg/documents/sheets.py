"""Sheets of texts (.csv, .tsv, .xlsx) -> Documents: a row a document, its text in the column that the user names.

Columns `id`, `title`, `date` and `url` are taken as those; further ones become `meta`. A row without an id is named by
its file and number.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final

from kg.documents.dates import publication_date
from kg.documents.encoding import decode_page
from kg.documents.text import require_words
from kg.errors import MissingExtra, SourceError
from kg.model import Document

_OWN: Final = ("id", "title", "date", "url")
_COLUMNS_SHOWN: Final = 12


def sheet(raw: bytes, stem: str, place: str, *, column: str | None) -> Iterator[Document | SourceError]:
    """The documents of a sheet, wrong rows as errors; raises SourceError where the column is not known."""
    rows = _workbook(raw, place) if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) else _lines(raw, place)
    head = [" ".join(cell.split()) for cell in next(rows, [])]
    folded = [name.casefold() for name in head]
    wanted = (column or "text").casefold()
    if wanted not in folded:
        shown = ", ".join(repr(name) for name in head[:_COLUMNS_SHOWN]) or "none"
        cause = f"no column {column or 'text'!r}; its columns: {shown}"
        raise SourceError(cause, place=place, hint="name the column of texts with --column")
    at = folded.index(wanted)
    for number, row in enumerate(rows, 2):
        here = f"{place}:{number}"
        if any(cell.strip() for cell in row):
            try:
                yield _document(row, head, at, name=f"{stem}-{number}", place=here)
            except SourceError as error:
                yield error


def _document(row: Sequence[str], head: Sequence[str], at: int, *, name: str, place: str) -> Document:
    if at >= len(row):
        raise SourceError("a row that ends before the column of texts", place=place, hint="fill it, or drop the row")
    folded = [column.casefold() for column in head]
    cells = dict(zip(folded, row, strict=False))
    own = {key: " ".join(cells.get(key, "").split()) for key in _OWN if folded[at] != key}
    meta = {
        column: cell
        for column, key, cell in zip(head, folded, row, strict=False)
        if cell.strip() and key not in _OWN and key != folded[at]
    }
    text = row[at].replace("\r\n", "\n").replace("\r", "\n")
    return Document(
        id=own.get("id") or name,
        text=require_words(text, place),
        title=own.get("title", ""),
        date=publication_date(own.get("date") or None, place),
        url=own.get("url") or None,
        source=place,
        meta=tuple(sorted(meta.items())),
    )


def _lines(raw: bytes, place: str) -> Iterator[list[str]]:
    text = decode_page(raw)
    if "\x00" in text:
        raise SourceError("binary content, not a sheet", place=place, hint="save it as .csv")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(max(csv.field_size_limit(), len(raw) + 1))
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter)
    except csv.Error as error:
        raise SourceError(f"no sheet that can be read: {error}", place=place, hint="save it as .csv anew") from None


def _workbook(raw: bytes, place: str) -> Iterator[list[str]]:
    if not raw.startswith(b"PK"):
        raise SourceError("locked by a password, or in the format of before 2007", place=place, hint="save it as .xlsx")
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("openpyxl is not installed", hint="pip install 'sanctions-kg[excel]'") from None
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        first = book.worksheets[0] if book.worksheets else None
        for row in first.iter_rows(values_only=True) if first is not None else ():
            yield ["" if cell is None else str(getattr(cell, "date", lambda cell=cell: cell)()) for cell in row]
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError) as error:
        raise SourceError(f"no workbook that can be read: {error}", place=place, hint="save it as .xlsx anew") from None
