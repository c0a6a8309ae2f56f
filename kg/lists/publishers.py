"""The publishers whose lists can be imported, and whose list a file is, told from what stands in it."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

from kg.errors import KgError, SourceError
from kg.lists import (
    australia,
    bods,
    canada,
    csl,
    csl_json,
    dpl,
    entity_list,
    eu,
    ftm,
    ofac,
    ofac_xml,
    psc,
    seco,
    sheet_records,
    uk,
    ukraine,
    un,
    worldbank,
)
from kg.lists.model import Head, Importer
from kg.lists.xml_records import local

#: The name on the command line -> the module that reads that publisher's files.
IMPORTERS: Final[dict[str, Importer]] = {
    "ofac": ofac,
    "ofac-xml": ofac_xml,
    "un": un,
    "eu": eu,
    "uk": uk,
    "csl": csl,
    "csl-json": csl_json,
    "dpl": dpl,
    "entity-list": entity_list,
    "seco": seco,
    "canada": canada,
    "australia": australia,
    "ukraine": ukraine,
    "worldbank": worldbank,
    "ftm": ftm,
    "bods": bods,
    "psc": psc,
}

_START: Final = 1 << 16  # bytes of a file that are looked at
_DELIMITERS: Final = ",\t;"


def identify(path: Path) -> str:
    """Return the name of the importer that takes the file; empty where none or more than one does."""
    head = read_head(path)
    found = [name for name, importer in IMPORTERS.items() if importer.recognizes(head)]
    return found[0] if len(found) == 1 else ""


def read_head(path: Path) -> Head:
    """Return what the beginning of the file shows; raises SourceError for one that cannot be read."""
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except OSError as error:
        raise SourceError(error.strerror or "cannot be read", place=str(path), hint="check the path") from error
    if start.startswith(b"PK"):
        return Head(path, columns=_sheet_columns(path))
    text = start.decode("utf-8-sig", "replace").lstrip()
    if text.startswith("<"):
        return Head(path, root=_root(start))
    if text.startswith(("{", "[")):
        return Head(path, keys=frozenset(re.findall(r'"([^"\\]{1,80})"\s*:', text)))
    return Head(path, columns=_columns(text))


def _root(start: bytes) -> str:
    """Return the name of the first element; the rest of the file is not looked at."""
    parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("start",))
    try:
        parser.feed(start.partition(b"<!DOCTYPE")[0])
        for _, element in cast("Iterator[tuple[str, ET.Element]]", parser.read_events()):
            return local(element.tag)
    except (ET.ParseError, ValueError, LookupError):
        return ""
    return ""


def _columns(text: str) -> tuple[str, ...]:
    """Return the first row that looks like a table's, in lower case; a line about the report may stand before it."""
    rows: list[tuple[str, ...]] = []
    for line in text.splitlines()[:3]:
        delimiter = max(_DELIMITERS, key=line.count)
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        rows.append(tuple(cell.strip().lower() for cell in cells))
    return max(rows, key=len, default=()) if rows and len(rows[0]) < 2 else rows[0] if rows else ()


def _sheet_columns(path: Path) -> tuple[str, ...]:
    try:
        _, record, _ = next(sheet_records.rows(path), (0, {}, ""))
    except KgError:
        return ()
    return tuple(name.strip().lower() for name in record)
