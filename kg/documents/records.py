"""JSON lines, plain or gzipped -> Documents, one line at a time and never more than one line in memory.

A line is an object with `id` and `text`, and may have `title`, `date` and `url`; further plain values become `meta`.
The text is taken exactly as the JSON spells it, line ends included. A line that is wrong is told by its number, and
the reading goes on behind it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from kg.documents.dates import publication_date
from kg.documents.text import MAX_BYTES, foreign, require_words
from kg.errors import SourceError
from kg.model import Document

_OWN: Final = ("id", "text", "title", "date", "url")
_FORM: Final = 'write one object a line: {"id": ..., "title": ..., "date": ..., "url": ..., "text": ...}'


def records(stream: BinaryIO, place: str) -> Iterator[Document | SourceError]:
    """The documents of a stream of JSON lines; empty lines are skipped, wrong ones given as errors.

    A stream that breaks off (a damaged gzip file) gives one last error.
    """
    number = 0
    try:
        while line := stream.readline(MAX_BYTES + 1):
            number += 1
            here = f"{place}:{number}"
            if len(line) > MAX_BYTES:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(MAX_BYTES)
                yield SourceError(f"a line of more than {MAX_BYTES // 1024 // 1024} MiB", place=here, hint="split it")
            elif line.strip():
                try:
                    yield record(line, here)
                except SourceError as error:
                    yield error
                except Exception as error:  # the one catch around a document
                    yield foreign(error, here)
    except (OSError, EOFError, zlib.error) as error:
        yield SourceError(f"cannot be read on: {error}", place=f"{place}:{number + 1}", hint="fetch the file again")


def record(line: bytes, place: str) -> Document:
    """The document that one line holds; raises SourceError."""
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SourceError(f"not UTF-8 (byte 0x{line[error.start]:02x})", place=place, hint="save it as UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise SourceError(f"no JSON: {error}", place=place, hint=_FORM) from None
    if not isinstance(found, dict):
        raise SourceError("a line that is no JSON object", place=place, hint=_FORM)
    document_id = _string(found, "id", place)
    text = _string(found, "text", place)
    if not (document_id and text):
        missing = "text" if document_id else "id"
        raise SourceError(f"{missing!r} is missing or no string", place=place, hint=_FORM)
    title, url = _string(found, "title", place), _string(found, "url", place)
    require_words(document_id, place, hint="give the record an id")
    meta = {str(key): str(value) for key, value in found.items() if key not in _OWN and isinstance(value, str | int)}
    document = Document(
        id=document_id,
        text=require_words(text, place),
        title=title,
        date=publication_date(found.get("date"), place),
        url=url or None,
        source=place,
        meta=tuple(sorted(meta.items())),
    )
    try:
        "".join((document_id, text, title, url, *meta, *meta.values())).encode("utf-8")
    except UnicodeEncodeError:
        raise SourceError("half of a surrogate pair in a string", place=place, hint="write whole characters") from None
    return document


def _string(found: dict[str, object], key: str, place: str) -> str:
    """The value as a string; "" where it is absent or null. A number is a fair id."""
    value = found.get(key)
    if key == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise SourceError(f"{key!r} is no string", place=place, hint=_FORM)
    return value
