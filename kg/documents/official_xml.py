"""XML of official journals -> Document: the Federal Register's and EUR-Lex's Formex, as they are published.

Known elements are named as HTML names them and laid out as web pages are; page numbers and typographic remarks are left
out. XML of another form is read by its words, an element a block.
"""

from __future__ import annotations

import re
from typing import Any, Final

import lxml.etree

from kg.documents.markup import layout_text
from kg.documents.text import binary_kind, require_words
from kg.errors import SourceError
from kg.model import Document

#: Elements of the two forms, and what they are in HTML.
_NAMES: Final = {
    name: tag
    for tag, names in {
        "h2": "HD STI",
        "p": "AGENCY SUBAGY P FP AMDPAR NP ALINEA CONSID",
        "h1": "SUBJECT TI",
        "table": "GPOTABLE TBL",
        "tr": "ROW BOXHD",
        "td": "ENT CHED CELL",
        "template": "PRTPAGE STARS BILCOD FRDOC NOTE BIB.INSTANCE PAGE",
        "span": "E NO.P TXT HT DATE QUOT.START QUOT.END REF.DOC.OJ FT",
        "sup": "SU",
        "div": "FTNT TITLE GR.SEQ CORPUS",
        "ul": "LIST",
        "li": "ITEM",
    }.items()
    for name in names.split()
}
_ROOTS: Final = re.compile(r"^(RULE|NOTICE|PRORULE|PRESDOCU|FEDREG|ACT|ANNEX|GENERAL|CORR|PUBLICATION)$")
_PARSER: Final = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
_DAY: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})$")


def official_xml(raw: bytes, document_id: str, place: str) -> Document:
    """The document in an XML file; raises SourceError where it is broken or holds no words."""
    kind = binary_kind(raw)
    if kind:
        raise SourceError(f"{kind}, not XML", place=place, hint="name the file by what it is")
    try:
        tree = lxml.etree.fromstring(raw, _PARSER)
    except (lxml.etree.XMLSyntaxError, ValueError) as error:
        cause = " ".join(str(error).split())[:120]
        raise SourceError(f"no XML that can be read: {cause}", place=place, hint="fetch the file again") from None
    known = _ROOTS.match(_local(tree)) is not None
    title = next((_words(node) for node in tree.iter("{*}SUBJECT", "{*}TI", "{*}title") if _words(node)), "")
    date = next((found for node in tree.iter("{*}DATE") if (found := _DAY.search(node.get("ISO", "")))), None)
    for node in list(tree.iter()):
        if isinstance(node.tag, str):
            name = _local(node)
            node.tag = _NAMES.get(name, "div") if known or name in _NAMES else name.lower()
            if name == "CELL" and node.get("COLSPAN"):
                node.set("colspan", node.get("COLSPAN", "1"))
    text = require_words(layout_text(tree), place)
    return Document(
        id=document_id, text=text, title=title, date="-".join(date.groups()) if date else None, source=place
    )


def _local(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]


def _words(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())
