"""Files, folders and standard input -> Documents, in a fixed order: as given, and a folder by its sorted paths.

A document is named by the stem of its file, or by the `id` of its record; two that share a name are refused, since the
second would silently take the place of the first. The same file given twice is read once. Only the names are kept in
memory, never the texts.
"""

from __future__ import annotations

import gzip
import io
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final, cast

from kg.documents.confined import confined
from kg.documents.dates import publication_date
from kg.documents.markdown import markdown
from kg.documents.records import records
from kg.documents.remote import files, is_remote
from kg.documents.sheets import sheet
from kg.documents.text import MAX_BYTES, decode, foreign, load, open_regular, require_words
from kg.errors import SourceError
from kg.model import Document

Reader = Callable[[bytes, str, str], Document]


def plain(raw: bytes, document_id: str, place: str) -> Document:
    """The document in a plain text file."""
    return Document(id=document_id, text=require_words(decode(raw, place), place), source=place)


html = confined("html")

READERS: Final[dict[str, Reader]] = {
    ".txt": plain,
    ".text": plain,
    ".md": markdown,
    ".markdown": markdown,
    ".html": html,
    ".htm": html,
    ".xhtml": html,
} | {f".{kind}": confined(kind) for kind in ("pdf", "docx", "odt", "epub", "rtf", "eml", "xml")}
ARCHIVES: Final = (".jsonl", ".jsonl.gz")
SHEETS: Final = (".csv", ".tsv", ".xlsx")
_READABLE: Final = ".txt, .md, .html, .pdf, .docx, .odt, .rtf, .epub, .eml, .xml, .csv, .xlsx, .jsonl or .jsonl.gz"
_LOG: Final = logging.getLogger("kg.documents")
#: Readers whose date is what the author wrote; what a page's metadata says gives way to a date that was given.
_OWN_DATE: Final = (".md", ".markdown", ".eml", ".xml")
#: What to do with kinds that are not read.
_INSTEAD: Final = {
    ".doc": "save it as .docx",
    ".xls": "save it as .xlsx",
    ".ppt": "save its text",
    ".pptx": "save its text",
    ".msg": "save the message as .eml",
    ".zip": "unpack it and give the folder",
}


class UnreadKind(SourceError):
    """A file of a kind that is not read."""


def read(
    sources: Sequence[str | os.PathLike[str]], *, date: str | None = None, column: str | None = None
) -> Iterator[Document]:
    """The documents of files, folders and `-` (standard input), one at a time; the first error stops the reading.

    Files of a folder that are of a kind not read are told by a warning and passed over. `column` names the column of
    texts in sheets (.csv, .xlsx), by default `text`.

    `date` (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`) is the day of publication of every document that does not state its own;
    it also outweighs what the metadata of a web page says. Raises SourceError.
    """
    named = {Path(os.fspath(source)) for source in sources}
    for found in read_all(sources, date=date, column=column):
        if isinstance(found, UnreadKind) and Path(found.place) not in named:
            _LOG.warning("%s", found)
        elif isinstance(found, SourceError):
            raise found
        else:
            yield found


def read_all(
    sources: Sequence[str | os.PathLike[str]], *, date: str | None = None, column: str | None = None
) -> Iterator[Document | SourceError]:
    """As `read`, but what cannot be read is yielded as a SourceError in its place, and the reading goes on.

    A `date` that is none is a mistake of the whole call and is raised.
    """
    default = publication_date(date, "--date")
    places: dict[str, str] = {}
    seen: set[Path] = set()
    for source in sources:
        if is_remote(os.fspath(source)):
            yield from _named_once(_elsewhere(os.fspath(source), default, column), places)
            continue
        for path in _files(os.fspath(source)):
            if isinstance(path, SourceError):
                yield path
                continue
            real = Path(os.path.realpath(path))  # a loop of links is told when it is opened
            if real in seen and path.name != "-":
                continue
            seen.add(real)
            yield from _named_once(_documents(path, default, column), places)


def _named_once(stream: Iterator[Document | SourceError], places: dict[str, str]) -> Iterator[Document | SourceError]:
    """The stream, with an error in the place of a document whose name another one bears."""
    for found in stream:
        if isinstance(found, Document):
            before = places.setdefault(found.id, found.source)
            if before != found.source:
                cause = f"the document id {found.id!r} is also that of {before}"
                yield SourceError(cause, place=found.source, hint="rename one of them")
                continue
        yield found


def _elsewhere(source: str, date: str | None, column: str | None) -> Iterator[Document | SourceError]:
    """The documents of a location that is no path here."""
    for file in files(source):
        if isinstance(file, SourceError):
            yield file
            continue
        suffix = _suffix(file.name)
        if suffix in ARCHIVES:
            try:
                with file.stream() as stream:
                    yield from _dated(records(stream, file.place), date)
            except SourceError as error:
                yield error
        elif suffix in SHEETS:
            yield from _sheet(partial(file.load, MAX_BYTES), suffix, (file.name, file.place), date=date, column=column)
        elif suffix or file.place == source:
            yield _one(partial(file.load, MAX_BYTES), suffix, (file.name, file.place), date)


def _files(source: str) -> Iterator[Path | SourceError]:
    """The readable files of a source: the file itself, or those below a folder, sorted; hidden ones are passed over."""
    path = Path(source)
    if source == "-" or not path.is_dir():
        yield path
        return
    below: list[str] = []
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        relative = Path(folder).relative_to(path)
        below += [(relative / name).as_posix() for name in names if not name.startswith(".")]
    if not any(map(_suffix, below)):
        yield SourceError("no document below this folder", place=source, hint=f"put files of {_READABLE} there")
        return
    inside = Path(os.path.realpath(path))
    for name in sorted(below):
        file = path / name
        if not _suffix(name):
            yield _unread(file)
        elif file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(inside):
            hint = "give that file or its folder as a source of its own"
            yield SourceError("a link to a file outside this folder", place=file.as_posix(), hint=hint)
        else:
            yield file


def _suffix(name: str) -> str:
    """The ending of a file's name that says how to read it, or an empty string."""
    lower = name.lower()
    return next((suffix for suffix in (*READERS, *ARCHIVES, *SHEETS) if lower.endswith(suffix)), "")


def _unread(path: Path) -> UnreadKind:
    kind = path.suffix.lower()
    cause = f"files of the kind {path.suffix!r} are not read" if kind else "a file without an ending is not read here"
    return UnreadKind(cause, place=str(path), hint=_INSTEAD.get(kind, f"save it as {_READABLE}"))


def _documents(path: Path, date: str | None, column: str | None) -> Iterator[Document | SourceError]:
    suffix = _suffix(path.name)
    if str(path) == "-":
        yield from _standard_input(date)
    elif suffix in ARCHIVES:
        yield from _archive(path, date)
    elif suffix in SHEETS:
        yield from _sheet(partial(load, path), suffix, (path.name, path.as_posix()), date=date, column=column)
    elif not suffix and path.suffix and path.exists():
        yield _unread(path)
    else:
        yield from _single(path, suffix, date)


def _single(path: Path, suffix: str, date: str | None) -> Iterator[Document | SourceError]:
    yield _one(partial(load, path), suffix, (path.name, path.as_posix()), date)


def _one(loaded: Callable[[], bytes], suffix: str, named: tuple[str, str], date: str | None) -> Document | SourceError:
    """The document of one file with that name and place, or why there is none: it costs no other its turn."""
    name, place = named
    stem = name[: -len(suffix)] if suffix else name
    try:
        place.encode("utf-8")
    except UnicodeEncodeError:
        return SourceError("a file whose name is not UTF-8", place=ascii(place), hint="rename it")
    try:
        found = whole(READERS.get(suffix, plain)(loaded(), stem, place))
    except SourceError as error:
        return error
    except Exception as error:  # the one catch around a document: whatever its content makes of a reader
        return foreign(error, place)
    own = found.date if suffix in _OWN_DATE else None
    return replace(found, date=own or date or found.date)


def whole(document: Document) -> Document:
    """The document itself; raises SourceError where a text of it holds half a character, which no file can store."""
    texts = (document.id, document.text, document.title, document.url or "", *chain.from_iterable(document.meta))
    try:
        for text in texts:
            text.encode("utf-8")
    except UnicodeEncodeError as error:
        cause = f"half a character (U+{ord(error.object[error.start]):04X}), which no text can hold"
        raise SourceError(cause, place=document.source, hint="write the whole character") from None
    return document


def _sheet(
    loaded: Callable[[], bytes], suffix: str, named: tuple[str, str], *, date: str | None, column: str | None
) -> Iterator[Document | SourceError]:
    name, place = named
    try:
        place.encode("utf-8")
        for one in _dated(sheet(loaded(), name[: -len(suffix)], place, column=column), date):
            yield whole(one) if isinstance(one, Document) else one
    except UnicodeEncodeError:
        yield SourceError("a file whose name is not UTF-8", place=ascii(place), hint="rename it")
    except SourceError as error:
        yield error
    except Exception as error:  # the one catch around a document, here a sheet of them
        yield foreign(error, place)


def _archive(path: Path, date: str | None) -> Iterator[Document | SourceError]:
    place = path.as_posix()
    with ExitStack() as open_files:
        try:
            place.encode("utf-8")
            file = open_files.enter_context(open_regular(path))
        except UnicodeEncodeError:
            yield SourceError("a file whose name is not UTF-8", place=ascii(place), hint="rename it")
            return
        except SourceError as error:
            yield error
            return
        except OSError as error:
            yield SourceError(f"cannot be read: {error.strerror or error}", place=place, hint="check the path")
            return
        packed = path.name.lower().endswith(".gz")
        stream = cast(BinaryIO, open_files.enter_context(gzip.open(file))) if packed else file
        yield from _dated(records(stream, place), date)


def _dated(found: Iterator[Document | SourceError], date: str | None) -> Iterator[Document | SourceError]:
    for one in found:
        yield replace(one, date=one.date or date) if isinstance(one, Document) else one


def _standard_input(date: str | None) -> Iterator[Document | SourceError]:
    """JSON lines where the stream begins with `{`, else one document: PDF, web page or text by its first bytes."""
    stream = io.BufferedReader(cast(io.RawIOBase, sys.stdin.buffer), buffer_size=1024)
    head = stream.peek(1024)[:1024].lstrip().lower()
    if head.startswith(b"{"):
        yield from _dated(records(stream, "-"), date)
        return
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        yield SourceError(f"more than {MAX_BYTES // 1024 // 1024} MiB", place="-", hint="give it as .jsonl")
        return
    suffix = ".pdf" if head.startswith(b"%pdf-") else ".html" if head.startswith((b"<!doctype html", b"<html")) else ""
    yield _one(lambda: raw, suffix, ("stdin" + suffix, "-"), date)
