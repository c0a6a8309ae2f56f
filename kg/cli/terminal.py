"""Everything that a command writes to standard output or standard error goes through here.

Texts come from strangers: control, direction and zero-width characters are shown as escapes, never sent to a terminal.
Standard output is written whole or the write fails with `OutputFailed`: a full disk and a closed stream never look like
success, buffered by Python or not.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final

from rich.cells import cell_len, set_cell_size

from kg.errors import KgError, one_line

#: Characters that may be hidden, and that JSON can hold as escapes; its own line feeds and spaces stay.
_DOUBTFUL: Final = re.compile("[^\n -~]")
#: Rows from which the widths of a table's columns are taken; later ones are cut to them or run over.
_MEASURED: Final = 1000
#: Characters of a cell where the output is no terminal, whose width would say it.
WIDEST: Final = 200
_LEAST: Final = 6  # characters that every column keeps, however narrow the terminal


class OutputFailed(KgError):
    """Standard output cannot take what is written: a full disk, a closed stream."""


class _Output(io.RawIOBase):
    """A file descriptor that takes all bytes or raises OutputFailed; a reader that left raises BrokenPipeError."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor
        self.abandoned = False

    def writable(self) -> bool:
        """Always: what goes wrong is told at the writing."""
        return True

    def fileno(self) -> int:
        """The descriptor; raises OSError where there is none."""
        if self._descriptor is None:
            raise OSError("closed")
        return self._descriptor

    def isatty(self) -> bool:
        """Whether a person reads along."""
        return self._descriptor is not None and os.isatty(self._descriptor)

    def write(self, content: Any) -> int:
        """Write all of it."""
        if self.abandoned:
            return len(memoryview(content).cast("B"))
        if self._descriptor is None:
            raise OutputFailed("closed, so the answer has nowhere to go", place="standard output")
        view = memoryview(content).cast("B")
        done = 0
        while done < len(view):
            try:
                done += os.write(self._descriptor, view[done:])
            except BrokenPipeError:
                raise
            except OSError as error:
                cause = f"cannot be written: {error.strerror}"
                raise OutputFailed(
                    cause, place="standard output", hint="what is there already is not the whole"
                ) from None
        return done


def open_output() -> None:
    """Put standard output in order: UTF-8 in a pipe or file, buffered, whole or failing.

    A stream that was closed before the start gets a descriptor that no file opened later can take.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stdout is not sys.__stdout__:  # somebody catches the output
        return
    raw = _Output(None if sys.stdout is None else sys.stdout.fileno())
    encoding = sys.stdout.encoding if sys.stdout is not None and raw.isatty() else "utf-8"
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(raw, 64 * 1024), encoding=encoding, errors="backslashreplace", line_buffering=raw.isatty()
    )


def abandon_output() -> None:
    """Let what is still waiting for standard output go nowhere: it has failed, and that has been told."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    if isinstance(raw, _Output):
        raw.abandoned = True


def say(text: object = "", *, end: str = "\n") -> None:
    """Write text to standard output; each of its lines with hidden characters shown."""
    _out(shown(str(text)) + end)


def complain(text: object, *, end: str = "\n") -> None:
    """Write text to standard error; where that is not possible either, nothing is left to be told."""
    try:
        if sys.stderr is not None:
            sys.stderr.write(shown(str(text)) + end)
            sys.stderr.flush()
    except (OSError, ValueError):
        pass


def redraw(line: str) -> None:
    """Put a line in the place of the last one of a terminal's standard error."""
    try:
        sys.stderr.write(f"\r{one_line(line)}\x1b[K")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass


def emit(content: bytes | Iterable[bytes]) -> None:
    """Write the bytes of a file format to standard output; on a terminal hidden characters are shown."""
    for chunk in (content,) if isinstance(content, bytes) else content:
        if sys.stdout is not None and sys.stdout.isatty():
            _out(shown(chunk.decode("utf-8", "backslashreplace").replace("\r\n", "\n")))
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(chunk)


def shown(text: str) -> str:
    r"""The text with every character escaped that is not to be seen; line feeds stay.

    >>> shown("a\x1b[31m\u200b\nb")
    'a\\x1b[31m\\u200b\nb'
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "\n".join(one_line(line) for line in text.split("\n"))


def json_text(value: Any, *, indent: int | None = None) -> str:
    r"""JSON that holds hidden characters as its own escapes, so it may go to a terminal and says the same.

    >>> json_text({"name": "a\u202eb\u00e9"})
    '{"name": "a\\u202eb\u00e9"}'
    """
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    return _DOUBTFUL.sub(_escaped, written)


def _escaped(match: re.Match[str]) -> str:
    char = match.group()
    return char if char.isprintable() else json.dumps(char)[1:-1]


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """CSV (RFC 4180) in pieces; no cell that a spreadsheet could compute."""
    from kg.exports.sheets import guard  # `kg --help` need not load the exports

    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for number, row in enumerate(chain([header], rows), 1):
        writer.writerow(["" if cell is None else guard(str(cell)) for cell in row])
        if number % _MEASURED == 0:
            yield out.getvalue().encode("utf-8", "backslashreplace")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8", "backslashreplace")


class Table:
    """Rows as aligned lines in bounded memory; `cut` counts the cells that were shortened.

    The columns are as wide as the first thousand rows want them; together they fit the terminal, if there is one.
    """

    def __init__(self, header: Sequence[str], rows: Iterable[Sequence[str]], *, fit: bool = True) -> None:
        self.header, self.rows, self.cut = header, iter(rows), 0
        self._width = shutil.get_terminal_size().columns if fit and sys.stdout.isatty() else 0

    def lines(self) -> Iterator[str]:
        """The header, a rule, and a line for each row."""
        for cells, _ in self.with_rows():
            yield cells

    def with_rows(self) -> Iterator[tuple[str, bool]]:
        """The lines, each with whether it shows a row: the header and the rule do not."""
        first = [self._cells(row) for row in islice(self.rows, _MEASURED)]
        heads = self._cells(self.header)
        columns = zip(heads, *first, strict=True)
        widths = _fitted([max(map(cell_len, column)) for column in columns], self._width)
        yield self._line(heads, widths), False
        yield "  ".join("-" * width for width in widths), False
        for cells in first:
            yield self._line(cells, widths), True
        for row in self.rows:
            yield self._line(self._cells(row), widths), True

    def _cells(self, row: Sequence[str]) -> list[str]:
        most = max(WIDEST, self._width + 1)  # on a terminal the width of the column cuts it again, and counts it
        return [one_line(self._shortened(cell, most, counts=not self._width)) for cell in row]

    def _line(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        fitted = list(map(self._shortened, cells, widths)) if self._width else cells
        padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(fitted, widths, strict=True))
        return "  ".join(padded).rstrip()

    def _shortened(self, cell: str, width: int, *, counts: bool = True) -> str:
        if len(cell) <= width and cell_len(cell) <= width:
            return cell
        self.cut += counts
        return set_cell_size(cell[: width + 1], width - 1).rstrip() + "…"

    def note(self, whole: str) -> str:
        """A line that says how many cells were cut and what shows them whole; empty where none was."""
        return f"{counted(self.cut, 'cell')} cut short: {whole} gives the whole" if self.cut else ""


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, whole: str = "--format json") -> str:
    """A table as one text, with a last line where cells were cut."""
    made = Table(header, rows)
    lines = list(made.lines())
    return "\n".join([*lines, *([made.note(whole)] if made.cut else [])])


def _fitted(widths: list[int], width: int) -> list[int]:
    """The widths of columns brought down, the widest first, until they fit; 0 is no limit."""
    left = width - 2 * (len(widths) - 1)
    if not width or sum(widths) <= left:
        return widths
    share, free = max(_LEAST, left // len(widths)), left
    narrow = {index for index, wanted in enumerate(widths) if wanted <= share}
    while True:
        free = left - sum(widths[index] for index in narrow)
        wide = len(widths) - len(narrow)
        share = max(_LEAST, free // wide) if wide else 0
        more = {index for index, wanted in enumerate(widths) if wanted <= share} - narrow
        if not more or not wide:
            break
        narrow |= more
    return [wanted if index in narrow else share for index, wanted in enumerate(widths)]


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "claim"), counted(1200, "entity", "entities")
    ('1 claim', '1,200 entities')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _out(text: str) -> None:
    sys.stdout.write(text)
