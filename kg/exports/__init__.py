"""A store -> files for other programs: one format a module, each sorted, so the same graph is the same bytes.

What a format cannot hold is said at the head of its module and on the page docs/exports.md.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from kg.errors import KgError
from kg.exports.ftm import ftm
from kg.exports.jsonld import jsonld
from kg.exports.neo4j import neo4j
from kg.exports.networks import gexf, graphml
from kg.exports.rdf import nquads, reifies, trig, turtle
from kg.exports.sheets import csv_pair, xlsx
from kg.files import replacing
from kg.store.interface import Store

__all__ = ["FORMATS", "Format", "export", "render", "write"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: `write` gives the bytes of one file, or, for a folder, those of each file by its name."""

    name: str
    suffix: str
    write: Callable[[Iterable[Quad]], Iterable[bytes] | Mapping[str, Iterable[bytes]]]
    folder: bool = False


FORMATS: Final[dict[str, Format]] = {
    form.name: form
    for form in (
        Format("nq", ".nq", nquads),
        Format("ttl", ".ttl", turtle),
        Format("trig", ".trig", trig),
        Format("jsonld", ".jsonld", jsonld),
        Format("rdf-reifies", ".reifies.trig", reifies),
        Format("graphml", ".graphml", graphml),
        Format("gexf", ".gexf", gexf),
        Format("csv", "-csv", csv_pair, folder=True),
        Format("ftm", ".ftm.jsonl", ftm),
        Format("neo4j", "-neo4j", neo4j, folder=True),
        Format("xlsx", ".xlsx", xlsx),
    )
}


def render(quads: Iterable[Quad], format_: str) -> dict[str, bytes]:
    """The files of a format by their names; a format of one file has it under the name ""."""
    return {name: b"".join(chunks) for name, chunks in _files(quads, format_).items()}


def export(store: Store, format_: str, target: str | os.PathLike[str]) -> list[Path]:
    """Write a whole store in a format; see `write`."""
    return write(store.quads(), format_, target)


def write(quads: Iterable[Quad], format_: str, target: str | os.PathLike[str]) -> list[Path]:
    """The paths of what was written, sorted: `target` itself, or the files in it for a format that is a folder.

    A file appears whole or not at all. Raises KeyError for an unknown format and KgError where `target` cannot be
    written.
    """
    path = Path(target)
    if FORMATS[format_].folder and path.exists() and not path.is_dir():
        raise KgError("is a file; this format is a folder", place=str(path), hint="name a folder")
    if not FORMATS[format_].folder and path.is_dir():
        hint = f"name a file, such as {path / f'graph{FORMATS[format_].suffix}'}"
        raise KgError("is a folder; this format is a file", place=str(path), hint=hint)
    try:
        return sorted(_written(path / name, chunks) for name, chunks in _files(quads, format_).items())
    except OSError as error:
        cause = f"cannot be written: {error.strerror or error}"
        raise KgError(cause, place=str(path), hint="name another place") from error


def _files(quads: Iterable[Quad], format_: str) -> Mapping[str, Iterable[bytes]]:
    written = FORMATS[format_].write(quads)
    return written if isinstance(written, Mapping) else {"": written}


def _written(path: Path, content: Iterable[bytes]) -> Path:
    with replacing(path) as fresh, fresh.open("wb") as file:
        file.writelines(content)
    return path
