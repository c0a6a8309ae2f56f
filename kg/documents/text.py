"""Bytes -> text: UTF-8 and nothing else, refused with a reason where it is something else.

The text is kept as it was read, but for two things: a byte order mark at its start is dropped, and line ends are `\\n`
(as Python's own text mode does it), so offsets count those characters.
"""

from __future__ import annotations

import codecs
import stat
from pathlib import Path
from typing import BinaryIO, Final

from kg.errors import SourceError

#: The largest single document, in bytes. A book has 1 MB; a file beyond this is no text that somebody wrote.
MAX_BYTES: Final = 32 * 1024 * 1024

_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
)


def open_regular(path: Path) -> BinaryIO:
    """The file opened to be read; raises SourceError for a pipe, socket or device: reading could wait for ever.

    A pipe that was named by hand under /dev/fd (process substitution) is read as any file is.
    """
    kind = path.stat().st_mode
    if not stat.S_ISREG(kind) and not (stat.S_ISFIFO(kind) and path.as_posix().startswith(("/dev/fd/", "/proc/"))):
        what = "a folder" if stat.S_ISDIR(kind) else "a pipe, socket or device and no file"
        raise SourceError(what, place=path.as_posix(), hint="give a file, or - for standard input")
    return path.open("rb")


def load(path: Path) -> bytes:
    """The bytes of a file of at most MAX_BYTES; raises SourceError."""
    try:
        with open_regular(path) as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SourceError("no such file", place=str(path), hint="check the path") from None
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}", place=str(path)) from error
    if len(raw) > MAX_BYTES:
        hint = "split it, or put one text a line into a .jsonl file"
        raise SourceError(f"larger than {MAX_BYTES // 1024 // 1024} MiB", place=str(path), hint=hint)
    return raw


def decode(raw: bytes, place: str) -> str:
    r"""`raw` as text, without byte order mark, with `\n` line ends; raises SourceError where it is no UTF-8 text.

    >>> decode(b"\xef\xbb\xbfa\r\nb", "x.txt")
    'a\nb'
    """
    kind = binary_kind(raw)
    if kind:
        raise SourceError(f"{kind}, not a text", place=place, hint="give a text, or name the file by what it is")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SourceError("UTF-16 text; only UTF-8 is read", place=place, hint="save it as UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cause = f"not UTF-8 text (byte 0x{raw[error.start]:02x} at {error.start})"
        raise SourceError(cause, place=place, hint="save it as UTF-8") from None
    if "\x00" in text:
        cause = f"binary content, not a text (a zero byte at {raw.index(0)})"
        raise SourceError(cause, place=place, hint="give a text file")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def binary_kind(raw: bytes) -> str:
    """What the first bytes say that this is, or an empty string: "a PNG image"."""
    return next((kind for magic, kind in _MAGIC if raw.startswith(magic)), "")


def require_words(text: str, place: str, *, hint: str = "give a file with text in it") -> str:
    """`text` itself; raises SourceError where it is empty or only white space."""
    if not text.strip():
        raise SourceError("there is no text in it", place=place, hint=hint)
    return text


def foreign(error: Exception, place: str) -> SourceError:
    """What a library raised over a document, as the reason to set it aside."""
    cause = "nested too deeply" if isinstance(error, RecursionError) else f"{type(error).__name__}: {str(error)[:200]}"
    return SourceError(f"cannot be read: {cause}", place=place, hint="look at the file; report it if it is sound")
