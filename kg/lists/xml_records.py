"""XML of a publisher -> its records as elements, one after the other, in bounded memory.

Documents with a DTD, entities or external references are refused before anything is expanded; so are tags nested
deeper than lists nest and records longer than 4 MiB. Names of tags come without their namespace.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from kg.errors import SourceError

_CHUNK: Final = 1 << 16
_RECORD: Final = 1 << 22  # bytes; the longest real record of a list has some 200,000


@dataclass(frozen=True, slots=True)
class Form:
    """What a publisher's XML looks like: the root, the tags of its records, and how deep they nest.

    A record is an element of such a tag at `level` (1 for a child of the root) or, where that is None, at any.
    """

    root: str
    records: tuple[str, ...]
    level: int | None = 1
    depth: int = 16


@dataclass(slots=True)
class Root:
    """The attributes of the document's root, filled as soon as it is read."""

    attributes: dict[str, str] = field(default_factory=dict)


def elements(path: Path, form: Form, root: Root | None = None) -> Iterator[ET.Element]:
    """Yield each record of the file whole; it is emptied when the next one is asked for.

    Raises SourceError for a file that is cut, damaged, of another publisher, or made to harm.
    """
    target = defusedxml.ElementTree.XMLParser(target=ET.TreeBuilder(), forbid_dtd=True)
    parser = ET.XMLPullParser(("start", "end"), _parser=target)
    reader = _Reader(form, path, root or Root())
    since = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                since += len(chunk)
                if since > _RECORD:
                    raise SourceError("a record longer than 4 MiB", place=str(path), hint="fetch the list again")
                parser.feed(chunk)
                for element in reader.read(parser):
                    since = 0
                    yield element
            parser.close()
            yield from reader.read(parser)
    except ET.ParseError as error:
        raise SourceError(
            f"not well-formed XML ({error})",
            place=f"{path}:{error.position[0]}",
            hint="the file is damaged or cut; fetch it again",
        ) from error
    except DefusedXmlException as error:
        raise SourceError(
            "a DTD or an entity declaration, which no list has",
            place=str(path),
            hint="do not trust this file; fetch it again",
        ) from error
    except (UnicodeError, LookupError) as error:
        raise SourceError(f"wrong encoding ({error})", place=str(path), hint="fetch it again") from error
    except OSError as error:
        raise SourceError(error.strerror or "cannot be read", place=str(path), hint="check the path") from error


class _Reader:
    """Follows the open tags of one file and gives back the records that closed."""

    def __init__(self, form: Form, path: Path, root: Root) -> None:
        self._form = form
        self._path = path
        self._root = root
        self._open: list[ET.Element] = []
        self._inside = 0  # how many records are open: what is below one is kept until it closes

    def read(self, parser: ET.XMLPullParser[ET.Element]) -> Iterator[ET.Element]:
        """Yield the records that end in what the parser was fed with since."""
        for event, element in cast("Iterator[tuple[str, ET.Element]]", parser.read_events()):
            if event == "start":
                self._start(element)
                continue
            self._open.pop()
            is_record = self._is_record(element)
            self._inside -= is_record
            if is_record and not self._inside:
                yield element
            if not self._inside:
                element.clear()
                if self._open:
                    self._open[-1].clear()

    def _start(self, element: ET.Element) -> None:
        element.tag = local(element.tag)
        if not self._open:
            self._check_root(element)
        self._inside += self._is_record(element)
        self._open.append(element)
        if len(self._open) > self._form.depth:
            raise SourceError(
                f"tags nested deeper than {self._form.depth}", place=str(self._path), hint="this is not the list"
            )

    def _is_record(self, element: ET.Element) -> bool:
        return element.tag in self._form.records and self._form.level in (None, len(self._open))

    def _check_root(self, element: ET.Element) -> None:
        if element.tag != self._form.root:
            raise SourceError(
                f"the root is <{element.tag[:40]}>, not <{self._form.root}>",
                place=f"{self._path}:1",
                hint="give the publisher's own XML file",
            )
        self._root.attributes.update(element.attrib)


def local(tag: str) -> str:
    """Return the name of a tag without its namespace."""
    return tag.rpartition("}")[2]


def text(element: ET.Element | None, tag: str = "") -> str:
    """Return the text of the element, or of its first child of that tag, with blanks made single; empty for none."""
    found = element if element is None or not tag else element.find(tag)
    return "" if found is None else " ".join((found.text or "").split())


def whole(element: ET.Element) -> str:
    """Return all that an element says, attributes included, as one line: the evidence of its claims."""
    return " ".join(_words(element))


def _words(element: ET.Element) -> Iterator[str]:
    for key, value in element.attrib.items():
        if value.strip():
            yield f"{local(key)}={' '.join(value.split())}"
    if element.text and element.text.strip():
        yield " ".join(element.text.split())
    for child in element:
        yield from _words(child)
        if child.tail and child.tail.strip():
            yield " ".join(child.tail.split())
