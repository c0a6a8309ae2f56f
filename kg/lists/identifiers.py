"""A scheme and a text -> an `Identifier` whose check digit was tested where the scheme has one.

The arithmetic is python-stdnum's, but for two things its modules do not have: which of them belongs to which scheme
here, and how much of the text around a number ("IMO 9187629") is not the number. A wrong check digit is kept with
`valid=False`: the list wrote it, and a reader should see both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import stdnum.bic
import stdnum.cn.uscc
import stdnum.imo
import stdnum.isin
import stdnum.lei
import stdnum.ru.inn
import stdnum.ru.ogrn

from kg.lists.model import Identifier

_CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "imo": stdnum.imo.is_valid,
    "lei": stdnum.lei.is_valid,
    "bic": stdnum.bic.is_valid,
    "inn": stdnum.ru.inn.is_valid,
    "ogrn": stdnum.ru.ogrn.is_valid,
    "isin": stdnum.isin.is_valid,
    "uscc": stdnum.cn.uscc.is_valid,
}

_SHAPES: Final[dict[str, str]] = {
    "imo": r"\d{7}",
    "lei": r"[A-Z0-9]{18}\d\d",
    "bic": r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?",
    "inn": r"\d{10}|\d{12}",
    "ogrn": r"\d{13}|\d{15}",
    "isin": r"[A-Z]{2}[A-Z0-9]{9}\d",
    "uscc": r"[0-9A-Z]{18}",
    "mmsi": r"\d{9}",
}

#: The schemes whose form is known.
SCHEMES: Final = tuple(_SHAPES)

#: What a plain number of one of these kinds may in truth be, by its issuer.
_REFINED: Final[dict[tuple[str, str], str]] = {
    ("tax_number", "Russia"): "inn",
    ("registration_number", "Russia"): "ogrn",
    ("registration_number", "China"): "uscc",
}


def identifier(
    scheme: str,
    value: str,
    *,
    label: str = "",
    issuer: str = "",
    issued: str | None = None,
    expires: str | None = None,
) -> Identifier:
    """The identifier with its scheme refined by issuer and its check digit tested.

    >>> identifier("imo", "IMO 9187629").valid, identifier("imo", "9187628").valid
    (True, False)
    >>> identifier("tax_number", "7744001497", issuer="Russia").scheme
    'inn'
    >>> identifier("passport", "A 123").valid is None
    True
    """
    text = " ".join(value.split())
    finer = _REFINED.get((scheme, issuer))
    if finer and re.fullmatch(_SHAPES[finer], compact(finer, text)):
        scheme = finer
    if scheme in _SHAPES:
        text = compact(scheme, text)
    return Identifier(scheme, text, label, issuer, issued, expires, valid(scheme, text))


def valid(scheme: str, value: str) -> bool | None:
    """Whether the value has the form of its scheme and its check digit holds; None where neither is known."""
    shape = _SHAPES.get(scheme)
    if shape is None:
        return None
    if not re.fullmatch(shape, value):
        return False
    check = _CHECKS.get(scheme)
    return check(value) if check else True


def compact(scheme: str, value: str) -> str:
    """The bare code: capitals, without spaces, dashes and the scheme's own name before it.

    >>> compact("imo", "IMO 9187629"), compact("bic", "havigb2l")
    ('9187629', 'HAVIGB2L')
    """
    bare = re.sub(r"[\s.\-]", "", value.upper())
    return bare.removeprefix(scheme.upper()) if scheme in ("imo", "lei", "isin", "mmsi") else bare
