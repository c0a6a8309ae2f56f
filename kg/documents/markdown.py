"""Markdown -> Document: the front matter gives title, date, address and publisher, the rest is the text.

The body is not rendered: its signs stay where they are, so that offsets are those of the file's own text after the
front matter and the blank lines behind it.
"""

from __future__ import annotations

import datetime
import re
from typing import Final

import yaml

from kg.documents.dates import publication_date
from kg.documents.text import decode, require_words
from kg.errors import SourceError
from kg.model import Document

_FRONT: Final = re.compile(
    r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)\s*?(?=^[^\n]*\S|\Z)", re.DOTALL | re.MULTILINE
)
_HEADING: Final = re.compile(r"^#[ \t]+(\S[^\n]*?)[ \t#]*$", re.MULTILINE)
_LONGEST: Final = 16 * 1024  # characters of front matter; numbers and nesting cost more than their length
_OWN: Final = ("title", "date", "url", "id")


def markdown(raw: bytes, document_id: str, place: str) -> Document:
    """The document in a Markdown file; without a title in the front matter its first heading is one.

    Raises SourceError for bytes that are no text, for front matter that is no YAML mapping, and for a bad date.
    """
    text = decode(raw, place)
    match = _FRONT.match(text)
    front = _mapping(match.group(1), place) if match else {}
    body = require_words(text[match.end() :] if match else text, place)
    heading = _HEADING.search(body)
    meta = {str(key): str(value) for key, value in front.items() if key not in _OWN and isinstance(value, str | int)}
    return Document(
        id=document_id,
        text=body,
        title=str(front.get("title") or (heading.group(1) if heading else "")),
        date=publication_date(front.get("date"), place),
        url=str(front["url"]) if front.get("url") else None,
        source=place,
        meta=tuple(sorted(meta.items())),
    )


def _mapping(front: str, place: str) -> dict[object, object]:
    if len(front) > _LONGEST:
        raise SourceError(f"front matter of more than {_LONGEST:,} characters", place=place, hint="keep it short")
    try:
        loaded = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1  # the first line is the opening ---
        cause = f"front matter that is no YAML: {getattr(error, 'problem', None) or error}"
        raise SourceError(cause, place=f"{place}:{line}", hint="quote the value") from None
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise SourceError("front matter that is no mapping", place=place, hint="write lines of the form `title: ...`")
    for key in _OWN:
        value = loaded.get(key)
        if not isinstance(value, str | int | float | datetime.date | None):
            cause = f"front matter whose {key} is no plain value"
            raise SourceError(cause, place=place, hint=f"write one line `{key}: ...`")
    return loaded
