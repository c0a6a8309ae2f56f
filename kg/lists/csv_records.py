"""Delimited text -> records with their number, read strictly, a line at a time, in bounded memory.

A record is refused, not repaired: a bad quote, a missing column, bytes that are not UTF-8, a line or a field that
never ends and a file cut in the middle each raise SourceError with the file and the line. US agencies end their
files with the old end-of-file mark 0x1A; what follows it is not read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kg.errors import SourceError

_LINE: Final = 1 << 20  # bytes; the longest real line is under 10,000
_FIELD: Final = 1 << 17  # characters
_END: Final = b"\x1a"


def lines(path: Path) -> Iterator[str]:
    """The lines of a UTF-8 file up to the end-of-file mark, each with its line break, at most 1 MiB long."""
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(_LINE):
                number += 1
                if number == 1:
                    _refuse_other_encodings(line, path)
                    line = line.removeprefix(b"\xef\xbb\xbf")
                if line.startswith(_END):
                    return
                if len(line) == _LINE:
                    raise SourceError(
                        "a line longer than 1 MiB",
                        place=f"{path}:{number}",
                        hint="this is not a list of lines; fetch it again",
                    )
                try:
                    yield line.decode("utf-8")
                except UnicodeDecodeError as error:
                    raise SourceError(
                        f"byte 0x{line[error.start]:02x} is not UTF-8",
                        place=f"{path}:{number}",
                        hint="convert the file, for example: iconv -f WINDOWS-1252 -t UTF-8",
                    ) from error
    except OSError as error:
        raise SourceError(error.strerror or "cannot be read", place=str(path), hint="check the path") from error


def records(path: Path, *, columns: int | None = None, delimiter: str = ",") -> Iterator[tuple[int, list[str], str]]:
    """Each record as (its number from 1, its fields, the line it ends on as text), blank lines left out.

    `columns` is how many fields each record must have. Raises SourceError at the first record that does not fit.
    """
    kept = _Kept(lines(path))
    reader = csv.reader(kept, delimiter=delimiter, strict=True)
    csv.field_size_limit(_FIELD)
    number = 0
    while True:
        kept.text = ""
        try:
            fields = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise SourceError(
                f"broken quoting or a field that never ends ({error})",
                place=f"{path}:{reader.line_num}",
                hint="the file is damaged or cut; fetch it again",
            ) from error
        if not fields:
            continue
        number += 1
        if columns is not None and len(fields) != columns:
            raise SourceError(
                f"{len(fields)} columns where {columns} belong",
                place=f"{path}:{reader.line_num}",
                hint="the file is damaged, cut or of another publisher",
            )
        yield number, fields, kept.text.rstrip("\r\n")
    _refuse_cut_end(path, kept.last)


class _Kept:
    """Passes lines on and keeps those of the record under way, so that the evidence is the row as it stands."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self.text = ""
        self.last = ""

    def __iter__(self) -> _Kept:
        return self

    def __next__(self) -> str:
        line = next(self._source)
        self.text += line
        self.last = line
        return line


def _refuse_other_encodings(line: bytes, path: Path) -> None:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in line:
        raise SourceError(
            "UTF-16 or binary, not UTF-8", place=f"{path}:1", hint="convert it, for example: iconv -f UTF-16 -t UTF-8"
        )


def _refuse_cut_end(path: Path, last: str) -> None:
    """A last line without its line break is whole only if its last field plainly is: quoted, empty or `-0-`."""
    if last and not last.endswith(("\n", '"', ",", "\t", "-0- ", "-0-")) and len(last) > 0:
        raise SourceError("the last line has no end", place=str(path), hint="the file is cut; fetch it again")
