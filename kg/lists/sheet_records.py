"""A workbook of a publisher (xlsx) -> its rows, each as column -> text, a row at a time."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from kg.errors import MissingExtra, SourceError

_ROWS_BEFORE_HEADER: Final = 20


def rows(path: Path, *, wanted: str = "") -> Iterator[tuple[int, dict[str, str], str]]:
    """Yield (row number, cells by the name of their column, the row as text) of the first sheet.

    The header is the first row that holds `wanted`, or the first with two filled cells. Raises SourceError for a file
    that is no workbook or has no such header; MissingExtra without openpyxl.
    """
    header: list[str] = []
    for number, cells in enumerate(_values(path), start=1):
        if not header:
            if (wanted in cells) if wanted else sum(map(bool, cells)) > 1:
                header = cells
            elif number > _ROWS_BEFORE_HEADER:
                break
            continue
        if any(cells):
            record = {name: cell for name, cell in zip(header, cells, strict=False) if name}
            yield number, record, " | ".join(filter(None, cells))
    if not header:
        raise SourceError(
            f"no column {wanted!r} in its first rows" if wanted else "no header row",
            place=str(path),
            hint="the workbook is of another publisher, or empty",
        )


def _values(path: Path) -> Iterator[list[str]]:
    try:
        import openpyxl
    except ImportError as error:
        raise MissingExtra(
            "reading xlsx needs openpyxl", place=str(path), hint="pip install 'sanctions-kg[excel]'"
        ) from error
    try:
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            for row in book.worksheets[0].iter_rows(values_only=True):
                yield [_text(cell) for cell in row]
            book.close()
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, IndexError, EOFError) as error:
        cause = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise SourceError(
            f"no readable workbook ({cause})"[:160], place=str(path), hint="the file is damaged or cut; fetch it again"
        ) from error


def _text(cell: Any) -> str:
    """Return what the cell shows: a day without its midnight, a whole number without its `.0`."""
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())
