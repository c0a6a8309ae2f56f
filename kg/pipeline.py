"""build(): sources in, a store and its exports out: the whole flow on one screen.

read -> extract -> triples -> store (all documents of the build at once, or none) -> resolve, corroborate -> exports
and the view. A document whose text is in the store already is passed over; one whose text changed is replaced.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.corroboration import Corroboration, corroborate
from kg.errors import KgError, SourceError
from kg.exports import export
from kg.extract import extract
from kg.model import Document, Extraction
from kg.namespaces import digest, document_iri
from kg.read import read_all
from kg.resolve import resolve
from kg.resolve.judgements import RESOLUTION
from kg.store import Rows, Store, open_store
from kg.triples import quads
from kg.view import write_html
from kg.view.reading import load_network

#: The formats that a build writes beside the picture.
WRITTEN: Final = ("nq", "ttl", "graphml")

_BATCH: Final = 16


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: extractions in the order of the sources, documents passed over, sources that could not be read.

    `written` are the files under the output folder; `corroborations` what the imported lists say of the claims.
    """

    extractions: list[Extraction] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    set_aside: list[SourceError] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    corroborations: list[Corroboration] = field(default_factory=list)


def build(
    sources: Sequence[str | os.PathLike[str]],
    *,
    date: str | None = None,
    store: str | os.PathLike[str] = "exports/store",
    out: str | os.PathLike[str] = "exports",
    model: str | None = None,
    progress: Callable[[Extraction], None] | None = None,
) -> BuildReport:
    """Read, extract, store, export and draw `sources`; gives the report.

    `date` (YYYY-MM-DD) is the day of publication of documents that do not tell their own. `model` names an installed
    spaCy pipeline to use in place of the packaged one; `progress` is called with each extraction. Raises SourceError
    where none of the sources can be read, StoreError and StoreBusy as `open_store` does; then nothing is written.
    """
    location = str(store)
    report = BuildReport()
    documents = list(_readable(read_all(sources, date=date), report.set_aside))
    if not documents:
        raise (
            report.set_aside[0] if report.set_aside else SourceError("no documents", place=", ".join(map(str, sources)))
        )
    with open_store(location) as opened:
        known = _hashes(opened)
        fresh = [
            document
            for document in documents
            if known.get(document_iri(document.id)) != digest(document.text, length=64)
        ]
        graphs: dict[str, list[Quad]] = {}
        for extraction in extract(fresh, model=model):
            graphs[document_iri(extraction.document.id)] = list(quads(extraction))
            report.extractions.append(extraction)
            if progress is not None:
                progress(extraction)
        report.unchanged.extend(sorted({document.id for document in documents} - {one.id for one in fresh}))
        if graphs:
            # what was resolved goes with the old documents, so that a build killed before the next line is made up for
            opened.replace_graphs({**graphs, RESOLUTION: []})
        if graphs or RESOLUTION not in opened.graph_names():
            resolve(opened)
        report.corroborations.extend(corroborate(opened))
        report.written.extend(write_exports(opened, Path(out)))
    return report


def write_exports(store: Store, out: Path) -> Iterator[Path]:
    """Write the graph in each of `WRITTEN` and the picture; gives the paths in that order."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in WRITTEN:
            yield from export(store, name, out / f"graph.{name}")
        yield write_html(load_network(store), out / "graph.html", title="Sanctions graph")
    except OSError as error:
        raise KgError(f"cannot be written: {error.strerror}", place=str(out), hint="choose another folder") from error


def _readable(found: Iterable[Document | SourceError], aside: list[SourceError]) -> Iterator[Document]:
    for one in found:
        if isinstance(one, SourceError):
            aside.append(one)
        else:
            yield one


def _hashes(store: Store) -> dict[str, str]:
    """The hash of the text of each document in the store, by the document's IRI."""
    answer = store.query("SELECT ?document ?hash WHERE { ?document kg:content_hash ?hash }")
    if not isinstance(answer, Rows):
        return {}
    return {
        document.value: text.value
        for document, text in answer
        if isinstance(document, NamedNode) and isinstance(text, Literal)
    }
