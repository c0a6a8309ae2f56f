"""Office files and books -> Documents: .docx by mammoth, .odt and .epub by their XML, .rtf by striprtf.

All but RTF become HTML first and are laid out as web pages are, with headings, lists, tables and footnotes.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import Any, Final
from urllib.parse import unquote

import lxml.etree
import lxml.html
import mammoth
from striprtf.striprtf import rtf_to_text

from kg.documents.dates import publication_date
from kg.documents.encoding import decode_page
from kg.documents.markup import layout_text
from kg.documents.text import MAX_BYTES, require_words
from kg.errors import SourceError
from kg.model import Document

_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_OFFICE: Final = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_PARSER: Final = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)


def docx(raw: bytes, document_id: str, place: str) -> Document:
    """The document in a Word file; raises SourceError where it is broken, locked by a password, or empty."""
    archive = _archive(raw, place, "a Word file")
    try:
        page = mammoth.convert_to_html(io.BytesIO(raw)).value
        tree = lxml.html.document_fromstring(page) if page.strip() else None
    except (
        KeyError,
        ValueError,
        AttributeError,
        TypeError,
        lxml.etree.LxmlError,
        zipfile.BadZipFile,
        OSError,
    ) as error:
        raise SourceError(f"no Word file that can be read: {error}", place=place, hint="save it anew") from None
    title = _core(archive, "docProps/core.xml", "title")
    return _document(tree, document_id, place, title)


def odt(raw: bytes, document_id: str, place: str) -> Document:
    """The document in an OpenDocument text; raises SourceError as `docx` does."""
    archive = _archive(raw, place, "an OpenDocument text")
    content = _part(archive, "content.xml", place)
    if b"encryption-data" in _optional(archive, "META-INF/manifest.xml"):
        raise SourceError("locked by a password", place=place, hint="save it without one")
    body = content.find(f".//{{{_OFFICE}}}text")
    if body is None:
        raise SourceError("an OpenDocument file that holds no text", place=place, hint="save it as .odt")
    for node in list(body.iter()):
        if isinstance(node.tag, str):
            _as_html(node)
    return _document(body, document_id, place, _core(archive, "meta.xml", "title"))


def epub(raw: bytes, document_id: str, place: str) -> Document:
    """The document in a book: its chapters in reading order; raises SourceError as `docx` does."""
    archive = _archive(raw, place, "an EPUB book")
    if "META-INF/encryption.xml" in archive.namelist() and b"EncryptedData" in _optional(
        archive, "META-INF/encryption.xml"
    ):
        raise SourceError("a book locked by its publisher (DRM)", place=place, hint="use a copy without the lock")
    container = _part(archive, "META-INF/container.xml", place)
    root = next((str(node.get("full-path")) for node in container.iter("{*}rootfile")), "")
    package = _part(archive, root, place)
    files = {node.get("id"): node.get("href") for node in package.iter("{*}item")}
    texts: list[str] = []
    for reference in package.iter("{*}itemref"):
        href = files.get(reference.get("idref"))
        if href:
            chapter = _optional(archive, posixpath.normpath(posixpath.join(posixpath.dirname(root), unquote(href))))
            page = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode_page(chapter)).strip()
            if page:
                tree = lxml.html.document_fromstring(page)
                body = tree.find(".//body")
                texts.append(layout_text(tree if body is None else body))
    title = next((node.text or "" for node in package.iter(f"{_DC}title")), "")
    date = next((node.text or "" for node in package.iter(f"{_DC}date")), "")
    text = require_words("\n\n".join(filter(None, texts)), place)
    return Document(id=document_id, text=text, title=title.strip(), date=_day(date), source=place)


def rtf(raw: bytes, document_id: str, place: str) -> Document:
    """The document in a Rich Text file; raises SourceError where it is none."""
    if not raw.lstrip().startswith(b"{\\rtf"):
        raise SourceError("no Rich Text file", place=place, hint="name the file by what it is")
    try:
        text = str(rtf_to_text(raw.decode("ascii", "surrogateescape"), encoding="cp1252", errors="replace"))  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, KeyError, LookupError, RecursionError) as error:
        raise SourceError(f"no Rich Text that can be read: {error}", place=place, hint="save it anew") from None
    lines = (line.rstrip() for line in text.replace("\r", "").replace("|\n", "\n").split("\n"))
    return Document(id=document_id, text=require_words("\n".join(lines).strip(), place), source=place)


def _document(tree: Any, document_id: str, place: str, title: str) -> Document:
    text = require_words(layout_text(tree) if tree is not None else "", place)
    return Document(id=document_id, text=text, title=title, source=place)


def _archive(raw: bytes, place: str, kind: str) -> zipfile.ZipFile:
    """The parts of a packed file, none of them larger than a document may be."""
    if raw.startswith(_OLE):
        raise SourceError(
            "locked by a password, or in the format of before 2007", place=place, hint="save it anew without a password"
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise SourceError(f"not {kind}: it cannot be unpacked", place=place, hint="fetch the file again") from None
    if sum(member.file_size for member in members) > 8 * MAX_BYTES:
        raise SourceError(f"larger than {8 * MAX_BYTES // 1024 // 1024} MiB unpacked", place=place, hint="split it")
    if any(member.flag_bits & 1 for member in members):
        raise SourceError("locked by a password", place=place, hint="unlock it first")
    return archive


def _optional(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (KeyError, zipfile.BadZipFile, OSError, NotImplementedError, EOFError):
        return b""


def _part(archive: zipfile.ZipFile, name: str, place: str) -> Any:
    """The tree of one part; raises SourceError where it is missing or no XML."""
    found = _optional(archive, name)
    tree = lxml.etree.fromstring(found, _PARSER) if found.strip() else None
    if tree is None:
        raise SourceError(f"it has no {name or 'contents'}", place=place, hint="fetch the file again")
    return tree


def _core(archive: zipfile.ZipFile, name: str, key: str) -> str:
    found = _optional(archive, name)
    tree = lxml.etree.fromstring(found, _PARSER) if found.strip() else None
    return next(((node.text or "").strip() for node in tree.iter(f"{_DC}{key}")), "") if tree is not None else ""


def _day(date: str) -> str | None:
    try:
        return publication_date(date.strip(), "")
    except SourceError:
        return None


def _as_html(node: Any) -> None:
    """Name an element of OpenDocument as HTML names it, in place."""
    names = {
        "h": "h2",
        "p": "p",
        "list": "ul",
        "list-item": "li",
        "span": "span",
        "a": "a",
        "line-break": "br",
        "note": "span",
        "note-citation": "sup",
        "tracked-changes": "template",
        "annotation": "template",
    }
    cells = {"table": "table", "table-row": "tr", "table-cell": "td", "covered-table-cell": "template"}
    if node.tag.startswith(_TEXT):
        name = node.tag.removeprefix(_TEXT)
        if name == "h":
            level = node.get(f"{_TEXT}outline-level", "2")
            node.tag = f"h{min(6, max(1, int(level)))}" if level.isdigit() else "h2"
        elif name in ("s", "tab"):
            node.tag, node.text = "span", " "
        else:
            node.tag = names.get(name, "span")
    elif node.tag.startswith(_TABLE):
        name = node.tag.removeprefix(_TABLE)
        across, down = node.get(f"{_TABLE}number-columns-spanned"), node.get(f"{_TABLE}number-rows-spanned")
        node.tag = cells.get(name, "div")
        if across:
            node.set("colspan", across)
        if down:
            node.set("rowspan", down)
