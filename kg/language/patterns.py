"""Names whose form decides: orders, resolutions, acts and regulations, ships with their prefix, legal forms.

Text in, (start, end, type) of the text out. What a name is called elsewhere in the document is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

Found = tuple[int, int, str]

_NUMBER = r"\d{4,5}"
_CAPITALS = r"(?:[A-Z][\w’'&.-]*|of|the|and|for|on|in|to|against|&|,(?=\s(?:and\s)?[A-Z][\w’'-]+))"
_YEAR = r"(?:\s+of\s+(?:19|20)\d\d|\s+(?:19|20)\d\d)"

LAWS: Final = re.compile(
    rf"""
      (?:Presidential\s+)?Executive\s+Orders?\s*(?:\(\s*E\.?\s?O\.?s?\s*\)\s*)?(?:No\.?\s*)?{_NUMBER}
    | E\.\s?O\.s?\s*{_NUMBER}
    | EO\s{_NUMBER}
    | UNSCRs?\s*\d{{3,4}}(?:\s*\(\d{{4}}\))?
    | (?:(?:(?:United\s+Nations|U\.?N\.?)\s+)?Security\s+Council\s+|U\.?N\.?\s+)?[Rr]esolutions?\s+(?:No\.?\s*)?
        (?:\d{{3,4}}(?:\s*\((?:19|20)\d\d\))?|[A-Z]\.\d{{3,4}}\(\d+\)|\d{{3,6}}-\d)
    | H\.R\.\s?\d{{2,5}} | S\.\s\d{{3,4}}(?=[\s,.])
    | (?:Council\s+)?(?:Implementing\s+|Delegated\s+)?Regulation\s+\((?:EU|EC)\)\s+(?:No\.?\s+)?\d{{1,4}}/\d{{2,4}}
    | (?:Council\s+)?(?:Implementing\s+)?(?:Common\s+Position|Joint\s+Action|Decision)\s+(?:\(CFSP\)\s+)?\d{{4}}/\d{{1,4}}(?:/CFSP)?
    | (?:Presidential\s+)?Decree\s+(?:No\.?\s*)\d+
    | \d{{1,2}}\s+C\.?F\.?R\.?\s+(?:[Pp]arts?\s+)?\d{{2,4}}
    """,
    re.VERBOSE,
)
ACTS: Final = re.compile(
    rf"(?<![\w-])(?:[A-Z][\w’'&-]*(?:,?\s+{_CAPITALS}){{0,9}}?\s+)(?:Act|Regulations|Sanctions\s+Regulations|Order)"
    rf"(?:{_YEAR})(?!\w)"
)
SHIP: Final = re.compile(
    r"(?<!\w)(?:M/V|M\.V\.|MV|M/T|MT|M\.T\.|F/V|S/Y|M/Y)\s+(?P<name>[A-Z][\w’'-]*(?:\s+(?:[A-Z][\w’'-]*|\d{1,4}))*)"
)
LEGAL_FORM: Final = re.compile(
    r"""(?:,?\s+(?:
      (?:and\s+|&\s*)?Co(?:mpany)?\.?,?\s*(?:Ltd|Limited|LTD|LLC|Inc)\b\.?
    | Pte\.?,?\s*Ltd\b\.? | Pvt\.?,?\s*Ltd\b\.? | Pty\.?,?\s*Ltd\b\.? | Sdn\.?\s*Bhd\b\.? | \(?Pvt\.?\)?\s*(?:Ltd|Limited)\b\.?
    | Ltd\b\.?|LTD\b\.?|Limited\b|LIMITED\b|LLC\b|L\.L\.C\.|Inc\b\.?|INC\b\.?|Incorporated\b|Corp\b\.?|CORP\b\.?|GmbH\b|GMBH\b
    | Ltda\b\.?|LTDA\b\.?|S\.A\.L\.|S\.A\.R\.L\.|S\.?A\.?\s+de\s+C\.?V\.?|S\.\s*de\s*R\.L\.(?:\s*de\s*C\.V\.)?|S\.R\.L\.|S\.p\.A\.|S\.A\.S\.|S\.A\.
    | SAL\b|SARL\b|FZE\b|FZCO\b|FZC\b|DMCC\b|PJSC\b|OJSC\b|CJSC\b|JSC\b|OOO\b|ZAO\b|OAO\b|AG\b|PLC\b|plc\b|B\.V\.|N\.V\.|A/S\b|OU\b|Oy\b
    ))+""",
    re.VERBOSE,
)
FORM_AT_END: Final = re.compile(
    r"(?:^|[\s,(])(?:Ltd\.?|LTD\.?|Limited|LIMITED|LLC|L\.L\.C\.|Inc\.?|INC\.?|Corp\.?|Corporation|CORPORATION|Company|Co\.?|GmbH|Ltda\.?|LTDA\.?|"
    r"S\.A\.?|SA|S\.A\.L\.|SAL|SARL|S\.R\.L\.|S\.p\.A\.|S\.A\.S\.|C\.V\.?|FZE|FZCO|FZC|DMCC|PJSC|OJSC|CJSC|JSC|AG|PLC|plc|B\.V\.|N\.V\.|"
    r"Holdings?|Airlines?|Airways|Bhd\.?|& Co\.?)$"
)
FORM_IN_FRONT: Final = re.compile(r"^(?:PJSC|OJSC|CJSC|JSC|LLC|OOO|ZAO|OAO|AO|PT|Public Joint Stock Company|Joint Stock Company|Limited Liability Company)\s")


def laws(text: str) -> Iterator[Found]:
    """Executive orders, resolutions, regulations and dated acts.

    >>> [ "Acting under E.O. 13224 today"[a:b] for a, b, _ in laws("Acting under E.O. 13224 today")]
    ['E.O. 13224']
    """
    for pattern in (LAWS, ACTS):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), "LegalInstrument"


def ships(text: str) -> Iterator[Found]:
    """Ships named with their prefix, the prefix included.

    >>> [(a, b) for a, b, _ in ships("the M/V Alpha One sailed")]
    [(4, 17)]
    """
    for match in SHIP.finditer(text):
        yield match.start(), match.end(), "Vessel"


def with_legal_form(text: str, start: int, end: int) -> int:
    """Where the name ends when the legal form that follows it is counted in.

    >>> with_legal_form("Alpha Trading, Ltd. sells", 0, 13)
    19
    """
    match = LEGAL_FORM.match(text, end)
    if match is None:
        return end
    stop = match.end()
    return stop - 1 if text[stop - 1] == "," else stop


def is_company(name: str) -> bool:
    """Whether a name carries a legal form or a word that only companies have.

    >>> is_company("Alpha Trading LLC"), is_company("PJSC Alpha"), is_company("Alpha Front")
    (True, True, False)
    """
    return bool(FORM_AT_END.search(name) or FORM_IN_FRONT.match(name))
