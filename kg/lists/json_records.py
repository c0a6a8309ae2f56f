"""JSON of a publisher -> its records: JSON lines, or the items of one array, read piece by piece.

An array may be the whole document or the value of a key (`{"total": 6, "results": [...]}`); what stands outside it is
not kept. A record is at most 4 MiB long.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from kg.errors import SourceError

_CHUNK: Final = 1 << 16
_RECORD: Final = 1 << 22  # characters
_DECODER: Final = json.JSONDecoder()
_SPACE: Final = " \t\r\n"

Record = dict[str, Any]


def records(path: Path, *, key: str = "") -> Iterator[tuple[int, Record, str]]:
    """Yield (number from 1, record, its text) for the items of the array, or of the array under `key`.

    Raises SourceError for what is no JSON, no array of objects, or cut.
    """
    reader = _Buffer(path)
    if not reader.starts_with("["):
        reader.skip_to(re.compile(rf'"{re.escape(key)}"\s*:\s*\[' if key else r"\["), f"no array {key!r}".strip())
    else:
        reader.take(1)
    number = 0
    while not reader.starts_with("]"):
        number += 1
        record, text = reader.value(number)
        if not isinstance(record, dict):
            raise SourceError("an item that is no object", place=f"{path}: record {number}", hint="fetch it again")
        yield number, record, text
        if reader.starts_with(","):
            reader.take(1)
        elif not reader.starts_with("]"):
            raise reader.damaged(number, "',' or ']' expected")


def lines(path: Path) -> Iterator[tuple[int, Record, str]]:
    """Yield (line, record, its text) of JSON lines; blank lines are left out."""
    from kg.lists import csv_records  # the same bounds and the same refusals of encodings

    for number, line in enumerate(csv_records.lines(path), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SourceError(
                f"not JSON ({error})"[:120], place=f"{path}:{number}", hint="the file is damaged or cut; fetch it again"
            ) from error
        if not isinstance(record, dict):
            raise SourceError("a line that is no object", place=f"{path}:{number}", hint="fetch it again")
        yield number, record, line.rstrip("\r\n")


class _Buffer:
    """The text of a file, read as far as it is needed and dropped where it was used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._text = ""
        self._chunks = self._read()

    def _read(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            with self._path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    yield decoder.decode(chunk)
                yield decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise SourceError(f"not UTF-8 ({error.reason})", place=str(self._path), hint="fetch it again") from error
        except OSError as error:
            raise SourceError(
                error.strerror or "cannot be read", place=str(self._path), hint="check the path"
            ) from error

    def _more(self) -> bool:
        chunk = next(self._chunks, None)
        self._text += chunk or ""
        return chunk is not None

    def starts_with(self, char: str) -> bool:
        """Whether the next character that is no blank is this one."""
        self._text = self._text.lstrip(_SPACE)
        while not self._text and self._more():
            self._text = self._text.lstrip(_SPACE)
        return self._text.startswith(char)

    def take(self, count: int) -> None:
        """Drop characters from the front."""
        self._text = self._text[count:]

    def skip_to(self, opening: re.Pattern[str], cause: str) -> None:
        """Drop everything up to the end of what matches."""
        while not (match := opening.search(self._text)):
            if len(self._text) > _RECORD or not self._more():
                raise SourceError(cause, place=str(self._path), hint="the file is of another publisher, or cut")
        self.take(match.end())

    def value(self, number: int) -> tuple[Any, str]:
        """Take the next value; gives it with its text."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text)
                if end < len(self._text) or not self._more():
                    text = self._text[:end]
                    self.take(end)
                    return value, " ".join(text.split())
            except RecursionError:
                raise self.damaged(number, "nested too deep") from None
            except ValueError as error:
                if len(self._text) > _RECORD or not self._more():
                    raise self.damaged(number, str(error)) from error

    def damaged(self, number: int, cause: str) -> SourceError:
        """The error for a file that is not whole JSON."""
        return SourceError(
            f"not JSON ({cause})"[:120],
            place=f"{self._path}: record {number}",
            hint="the file is damaged or cut; fetch it again",
        )
