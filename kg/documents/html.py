"""A web page -> Document: its main text, without menus and scripts, a block a line.

The offsets of evidence count in the text that is made here, not in the page's source. Nothing is fetched.
"""

from __future__ import annotations

import logging
import re
from typing import Final

import lxml.etree
import lxml.html
import trafilatura

from kg.documents.dates import publication_date
from kg.documents.encoding import decode_page
from kg.documents.markup import has_table, layout_text
from kg.documents.text import binary_kind, require_words
from kg.errors import SourceError
from kg.model import Document

#: Only what the page declares: no guesses from its words, and no look at the clock.
_DATES: Final = {"max_date": "2100-01-01", "original_date": True, "extensive_search": False}
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_SILENT: Final = frozenset("script style noscript template head svg".split())
_INLINE: Final = frozenset("a abbr b cite code em font i mark q s small span strong sub sup u".split())


def html(raw: bytes, document_id: str, place: str) -> Document:
    """The document in a page of any declared encoding; title, date and address come from its metadata.

    A page too short to have a main text gives all its words. Raises SourceError where there are none.
    """
    kind = binary_kind(raw)
    if kind or b"\x00" in raw[:4096]:
        raise SourceError(f"{kind or 'binary content'}, not a web page", place=place, hint="give an HTML file")
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # its complaints are told as SourceError
    page = decode_page(raw)
    found = trafilatura.bare_extraction(
        page if "<html" in page[:4096].lower() else f"<html><body>{page}</body></html>",
        with_metadata=True,
        include_comments=False,
        favor_recall=True,
        date_extraction_params=_DATES,
    )
    if isinstance(found, dict):
        raise TypeError("trafilatura was asked for an object")
    text = _with_tables(page) or (found.text if found else None) or _all_words(page)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    require_words(text, place, hint="save the page after it has been drawn: a script may have written its text")
    return Document(
        id=document_id,
        text=text,
        title=(found.title if found else None) or "",
        date=publication_date(found.date if found else None, place),
        url=(found.url if found else None) or None,
        source=place,
        meta=(("publisher", found.sitename),) if found and found.sitename else (),
    )


def _tree(text: str) -> lxml.html.HtmlElement | None:
    """The tree of a page; None for one that has no element."""
    try:
        return lxml.html.document_fromstring(_DECLARATION.sub("", text))
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        return None


def _with_tables(text: str) -> str:
    """The whole page with its tables between bars, where it has tables of data; "" for any other page."""
    page = _tree(text) if "<table" in text.lower() else None
    if page is None or not has_table(page):
        return ""
    body = page.find(".//main")
    if body is None or len(body.text_content()) < 0.6 * len(page.text_content()):
        body = page.find("body")
    return layout_text(page if body is None else body)


def _all_words(text: str) -> str:
    """The words outside scripts and styles, a block a line; "" for a page that has none."""
    page = _tree(text)
    if page is None:
        return ""
    lines: list[list[str]] = [[]]
    for event, node in lxml.etree.iterwalk(page, events=("start", "end")):
        if event == "start" and (not isinstance(node.tag, str) or node.tag in _SILENT):
            node.clear(keep_tail=True)
        if node.tag not in _INLINE:
            lines.append([])
        lines[-1].append(str((node.text if event == "start" else node.tail) or ""))
    words = (re.sub(r"\s+", " ", "".join(line)).strip() for line in lines)
    return "\n".join(filter(None, words))
