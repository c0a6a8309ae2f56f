"""Names whose form decides: orders, resolutions, acts and regulations, ships with their prefix, legal forms.

Text in, (start, end, type) of the text out. What a name is called elsewhere in the document is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.nlp.ner.gazetteer import country_of

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
    | (?:Council\s+)?(?:Implementing\s+)?(?:Common\s+Position|Joint\s+Action|Decision)\s+(?:\(CFSP\)\s+)?
        \d{{4}}/\d{{1,4}}(?:/CFSP)?
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
SHIP_BY_KIND: Final = re.compile(
    r"(?<![\w-])(?:super)?(?:yachts?|tankers?|vessels?|freighters?|cargo ships?)\s+(?:named\s+|called\s+)?"
    r"(?:the\s+)?[“\"]?"
    r"(?P<name>[A-Z][\w’'-]*(?:\s+(?:[A-Z][\w’'-]*|\d{1,4}(?!\w)))*)"
)
NO_SHIP: Final = frozenset(
    "IMO MMSI Registration Identification Type Flag The That Which These Owner Master DOB".split()
)
LEGAL_FORM: Final = re.compile(
    r"""(?:,?\s+(?:
      (?:and\s+|&\s*)?Co(?:mpany)?\.?,?\s*(?:Ltd|Limited|LTD|LLC|Inc)\b\.?
    | P(?:te|vt|ty)\.?,?\s*Ltd\b\.? | Sdn\.?\s*Bhd\b\.? | \(?Pvt\.?\)?\s*(?:Ltd|Limited)\b\.?
    | (?:Ltd|LTD|Inc|INC|Corp|CORP|GmbH|GMBH|Ltda|LTDA)\b\.?
    | (?:Limited|LIMITED|LLC|Incorporated|SAL|SARL|FZE|FZCO|FZC|DMCC|PJSC|OJSC|CJSC|JSC|OOO|ZAO|OAO|AG|PLC|plc|OU|Oy)\b
    | L\.L\.C\. | S\.A\.L\. | S\.A\.R\.L\. | S\.?A\.?\s+de\s+C\.?V\.?
    | S\.\s*de\s*R\.L\.(?:\s*de\s*C\.V\.)?
    | S\.R\.L\. | S\.p\.A\. | S\.A\.S\. | S\.A\. | B\.V\. | N\.V\. | A/S\b
    ))+""",
    re.VERBOSE,
)
FORM_AT_END: Final = re.compile(
    r"""(?:^|[\s,(])(?:
      (?:Ltd|LTD|Inc|INC|Corp|Co|Ltda|LTDA|Bhd)\.? | Limited | LIMITED | LLC | Corporation
    | CORPORATION | Company | GmbH
    | L\.L\.C\. | S\.A\.? | SA | S\.A\.L\. | SAL | SARL | S\.R\.L\. | S\.p\.A\. | S\.A\.S\. | C\.V\.? | B\.V\.
    | N\.V\. | FZE | FZCO | FZC | DMCC | PJSC | OJSC | CJSC | JSC | AG | PLC | plc
    | Holdings? | Airlines? | Airways | &\sCo\.?
    )$""",
    re.VERBOSE,
)
FORM_IN_FRONT: Final = re.compile(
    r"^(?:PJSC|OJSC|CJSC|JSC|LLC|OOO|ZAO|OAO|AO|PT|(?:Public )?Joint Stock Company|Limited Liability Company)\s"
)


def laws(text: str) -> Iterator[Found]:
    """Executive orders, resolutions, regulations and dated acts.

    >>> [ "Acting under E.O. 13224 today"[a:b] for a, b, _ in laws("Acting under E.O. 13224 today")]
    ['E.O. 13224']
    """
    for pattern in (LAWS, ACTS):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), "LegalInstrument"


def ships(text: str) -> Iterator[Found]:
    """Ships named with their prefix, the prefix included, and those that follow the word for their kind.

    >>> [(a, b) for a, b, _ in ships("the M/V Alpha One sailed")]
    [(4, 17)]
    """
    for match in SHIP.finditer(text):
        yield match.start(), match.end(), "Vessel"
    for match in SHIP_BY_KIND.finditer(text):
        if match["name"].split()[0] not in NO_SHIP and country_of(match["name"].split()[0]) is None:
            yield match.start("name"), match.end("name"), "Vessel"


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
