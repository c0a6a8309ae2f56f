"""The bytes of a web page or a saved file -> text: UTF-8 where they are that, else what is declared, or both."""

from __future__ import annotations

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

_DECLARED: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
#: The share of the bytes beyond ASCII that may be wrong before a text is no UTF-8 with strays in it.
_STRAYS: Final = 0.3


def _stray(error: UnicodeError) -> tuple[str, int]:
    """One byte that is no UTF-8, read as Windows spells Western text."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1


codecs.register_error("kg-western", _stray)


def decode_page(raw: bytes) -> str:
    r"""The text of a page: UTF-8 where its bytes are that whatever it declares, then what it declares, then a guess.

    A page put together from two encodings is read as UTF-8, and its stray bytes as Windows-1252.

    >>> decode_page("café ".encode() * 9 + b"\x93quoted\x94")[-8:]
    '“quoted”'
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(name, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(raw, 0, 4096)
    name = declared.group(1).decode("ascii").lower() if declared else ""
    beyond = sum(byte > 127 for byte in raw)
    wrong = len(re.findall("\ufffd", raw.decode("utf-8", "replace")))
    if name and name.replace("-", "") != "utf8":
        try:
            return raw.decode(name, "replace")
        except LookupError:
            pass
    if wrong <= _STRAYS * beyond:
        return raw.decode("utf-8", "kg-western")
    best = from_bytes(raw).best()
    return str(best) if best is not None else raw.decode("utf-8", "kg-western")
