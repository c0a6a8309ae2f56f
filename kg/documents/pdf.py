"""A PDF -> Document: the words of its pages in reading order, a paragraph a line.

A PDF's own creation date is that of a print-out as often as not, and is not taken for the day of publication.
"""

from __future__ import annotations

import pypdfium2

from kg.documents.pdf_layout import Run, paragraphs, runs_of
from kg.documents.text import require_words
from kg.errors import SourceError
from kg.model import Document


def pdf(raw: bytes, document_id: str, place: str) -> Document:
    """The document in a PDF; raises SourceError where it is broken, locked by a password, or holds no words."""
    try:
        with pypdfium2.PdfDocument(raw) as opened:
            title = str(opened.get_metadata_dict().get("Title") or "")
            pages = [_page(opened[number]) for number in range(len(opened))]
    except pypdfium2.PdfiumError as error:
        cause, hint = f"no PDF that can be read: {error}", "open it in a viewer and print it to a new file"
        if "password" in str(error).lower():
            cause, hint = "locked by a password", "unlock it first"
        raise SourceError(cause, place=place, hint=hint) from error
    text = paragraphs(pages)
    require_words(text, place, hint="a scan has only pictures: recognise its letters (OCR) first")
    return Document(id=document_id, text=text, title=title.strip(), source=place)


def _page(page: pypdfium2.PdfPage) -> tuple[float, list[Run]]:
    found = float(page.get_height()), runs_of(page)
    page.close()
    return found
