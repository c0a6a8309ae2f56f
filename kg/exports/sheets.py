"""Rows -> a pair of CSV files, or an Excel workbook, for people who work in spreadsheets.

Held: entities with all names and attributes, and of each claim all fields of its row with the names of both ends and
the title, date and address of its source. Not held: named graphs, and which document gave which name.

A cell that a spreadsheet could take for a formula begins with an apostrophe; so does one that began with an apostrophe
itself, so taking one away always gives the text back. In Excel a cell ends at 32,767 characters, line ends are `\\n`,
and control characters are U+FFFD.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from typing import Final

from pyoxigraph import Quad

from kg.errors import MissingExtra
from kg.exports.networks import xml_text
from kg.exports.tables import CLAIM_FIELDS, Tables, tables

ENTITY_HEADER: Final = ("id", "type", "name", "names", "types", "attributes", "sources", "canonical")
CLAIM_HEADER: Final = (
    *CLAIM_FIELDS,
    "subject_name",
    "object_name",
    "claimant_name",
    "source_title",
    "source_date",
    "source_url",
)

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")
_CELL: Final = 32_767  # characters; Excel refuses a file with more in a cell
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def csv_pair(quads: Iterable[Quad]) -> dict[str, Iterator[bytes]]:
    """`nodes.csv` and `edges.csv`: UTF-8, comma, CRLF, quoted where needed (RFC 4180)."""
    rows = tables(quads)
    return {
        "nodes.csv": _csv(ENTITY_HEADER, entity_cells(rows)),
        "edges.csv": _csv(CLAIM_HEADER, claim_cells(rows)),
    }


def xlsx(quads: Iterable[Quad]) -> Iterator[bytes]:
    """A workbook with the sheets Claims and Entities; raises MissingExtra without openpyxl."""
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError:
        raise MissingExtra("Excel files need openpyxl", hint="install sanctions-kg[excel]") from None
    rows = tables(quads)
    book = Workbook(write_only=True)
    for name, header, lines in (
        ("Claims", CLAIM_HEADER, claim_cells(rows)),
        ("Entities", ENTITY_HEADER, entity_cells(rows)),
    ):
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for line in (header, *lines):
            cells = []
            for text in line:
                cell = WriteOnlyCell(sheet, value=xml_text(text)[:_CELL])
                cell.data_type = "s"  # never a formula, a number or an error, whatever it looks like
                cells.append(cell)
            sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    yield _timeless(buffer)


def entity_cells(rows: Tables) -> Iterator[tuple[str, ...]]:
    """The cells of each entity; what can be several is a JSON list."""
    for row in rows.entities:
        several = (json.dumps(part, ensure_ascii=False) for part in (row.names, row.types, row.attributes, row.sources))
        yield row.id, row.type, row.name, *several, row.canonical


def claim_cells(rows: Tables) -> Iterator[tuple[str, ...]]:
    """The cells of each claim, with the names that a reader wants beside the IRIs."""
    names = {row.id: row.name for row in rows.entities}
    sources = {row.id: row for row in rows.sources}
    for row in rows.claims:
        source = sources.get(row.source)
        about = (source.title or source.identifier, source.date, source.url) if source else ("", "", "")
        ends = (names.get(row.subject, ""), names.get(row.object, row.object_text), names.get(row.claimant, ""))
        yield *astuple(row), *ends, *about


def guard(text: str) -> str:
    """`text` so that no spreadsheet computes it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def unguard(cell: str) -> str:
    """The text of a cell that `guard` wrote."""
    return cell[1:] if cell.startswith("'") else cell


def _csv(header: Iterable[str], lines: Iterable[tuple[str, ...]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([guard(cell) for cell in line] for line in lines)
    yield buffer.getvalue().encode()


def _timeless(book: io.BytesIO) -> bytes:
    """The workbook with the times of its making taken out, so that the same rows are the same bytes."""
    result = io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _without_times(content)
            new.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def _without_times(core: bytes) -> bytes:
    return re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", core)
