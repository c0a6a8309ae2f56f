"""build(): sources in, a store and its exports out: the whole flow on one screen.

read -> extract, each document once into the journal -> store (all documents of the build at once, or none) -> resolve,
corroborate -> exports and the view. A document that the store holds as it would be read now is passed over; one that
changed, or that another version of the program read, is replaced. A build that is cut goes on from its journal.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kg.builder.journal import Journal, unpacked
from kg.builder.parts import write_parts
from kg.builder.workers import Done, Readers, Task
from kg.documents import read_all
from kg.errors import KgError, SourceError
from kg.exports import export, write
from kg.extraction.extractor import DocumentReader
from kg.model import Document, Extraction
from kg.namespaces import digest, document_iri
from kg.network.load import load_network
from kg.resolve import resolve
from kg.resolve.corroboration import Corroboration, corroborate
from kg.resolve.judgements import RESOLUTION
from kg.resolve.state import is_resolved
from kg.resources import program_digest
from kg.store import EmbeddedStore, Rows, Store, open_store
from kg.view import write_html

#: The formats that a build writes beside the picture.
WRITTEN: Final = ("nq", "ttl", "graphml")
LARGE: Final = 10_000
"""Claims above which a build writes N-Quads and the picture only."""
KEPT: Final = 50
"""Extractions that a report holds at most."""
_BATCH: Final = 16
_AT_ONCE: Final = 4 * 1024 * 1024  # packed bytes of quads that are put into the store by one transaction in memory


@dataclass(slots=True)
class BuildReport:
    """Counts and outcomes of a build.

    `documents` were read (by this build or by one that it goes on from), with `claims` and `words`; `extractions` are
    the first `KEPT` read now, in the order of the sources. `unchanged` were passed over, `set_aside` could not be read.
    `vanished` stand in the store as read from one of the sources, and are there no more; `pruned` were removed for it.
    `written` are the files under the output folder; `corroborations` what the imported lists say of the claims.
    """

    documents: int = 0
    claims: int = 0
    words: int = 0
    extractions: list[Extraction] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    set_aside: list[SourceError] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    pruned: bool = False
    written: list[Path] = field(default_factory=list)
    corroborations: list[Corroboration] = field(default_factory=list)


def build(
    sources: Sequence[str | os.PathLike[str]],
    *,
    date: str | None = None,
    column: str | None = None,
    store: str | os.PathLike[str] = "exports/store",
    out: str | os.PathLike[str] = "exports",
    model: str | None = None,
    extractor: DocumentReader | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    parts: str | os.PathLike[str] | None = None,
    prune: bool = False,
    exports: bool = True,
    progress: Callable[[Done], None] | None = None,
) -> BuildReport:
    """Read, extract, store, export and draw `sources`; gives the report.

    `date` (YYYY-MM-DD) is the day of publication of documents that do not tell their own. `column` names the column of
    texts in sheets. `model` names an installed
    spaCy pipeline to use in place of the packaged one, `extractor` another back-end altogether; `workers` processes
    read at a time, or the workers of the Dask cluster at `scheduler`. `parts` is a folder for what was read now, in
    parts that other stores load in bulk (`kg.builder.parts`). With `prune` documents that vanished from the sources
    are removed; without `exports` nothing is written beside the store. `progress` is called with each document. Raises
    SourceError where none of the sources can be read, StoreError and StoreBusy as `open_store` does; then nothing is
    written.
    """
    location, report = str(store), BuildReport(pruned=prune)
    found = _Found(read_all(sources, date=date, column=column), report.set_aside)
    stream = iter(found)
    first = next(stream, None)
    if first is None:
        nothing = SourceError("no documents", place=", ".join(map(str, sources)))
        raise report.set_aside[0] if report.set_aside else nothing
    documents = chain([first], stream)
    with _readers(model, workers, extractor, scheduler) as readers, open_store(location) as opened:
        with Journal(_journal_of(location, Path(out))) as journal:
            tasks = _tasks(documents, _readings(opened), journal, report, model or str(extractor or ""))
            _keep(readers.read(tasks, keep=KEPT, batch=_BATCH), journal, report, progress)
            report.unchanged.sort()
            report.vanished.extend(_vanished(opened, sources, found.seen))
            gone = [document_iri(name) for name in report.vanished] if prune else []
            changed = _store(opened, journal, gone, report)
            if parts is not None:
                report.written.extend(write_parts(journal.entries(), Path(parts)))
            journal.discard()
        if changed or not is_resolved(opened):
            resolve(opened)
        report.corroborations.extend(corroborate(opened))
        if exports:
            report.written.extend(write_exports(opened, Path(out)))
    return report


def _readers(model: str | None, workers: int, extractor: DocumentReader | None, scheduler: str | None) -> Readers:
    if scheduler is None:
        return Readers(model=model, workers=workers, extractor=extractor)
    from kg.builder.dask import Cluster  # an extra

    return Readers(model=model, pool=Cluster(scheduler, model))


class _Found:
    """The documents that can be read, remembered while they pass; the others go aside."""

    def __init__(self, stream: Iterator[Document | SourceError], aside: list[SourceError]) -> None:
        self.seen: set[str] = set()
        self._stream, self._aside = stream, aside

    def __iter__(self) -> Iterator[Document]:
        for one in self._stream:
            if isinstance(one, SourceError):
                self._aside.append(one)
            else:
                self.seen.add(document_iri(one.id))
                yield one


def _journal_of(location: str, out: Path) -> Path:
    if location.startswith(("http://", "https://")):
        return out / f".build-{digest(location, length=12)}.journal"
    folder = Path(location)
    return folder.with_name(f".{folder.name}.journal")


def _tasks(
    documents: Iterable[Document], held: dict[str, str], journal: Journal, report: BuildReport, model: str
) -> Iterator[Task]:
    """The documents that neither the store nor the journal holds as they would be read now."""
    for document in documents:
        iri = document_iri(document.id)
        told = (document.text, document.title, document.date or "", document.url or "", document.source)
        reading = digest(program_digest(), model, *told, length=64)
        if held.get(iri) == reading:
            report.unchanged.append(document.id)
            continue
        journal.want(iri)
        if not journal.has(iri, reading):
            yield document, reading


def _keep(done: Iterator[Done], journal: Journal, report: BuildReport, progress: Callable[[Done], None] | None) -> None:
    """Enter what is read into the journal, a few documents at a time; and what was read before a failure too."""
    waiting: list[Done] = []
    try:
        for one in done:
            waiting.append(one)
            if one.error is not None:
                report.set_aside.append(one.error)
            if one.extraction is not None:
                report.extractions.append(one.extraction)
            if len(waiting) >= _BATCH:
                journal.add(item.entry for item in waiting if item.entry is not None)
                waiting.clear()
            if progress is not None:
                progress(one)
    finally:
        journal.add(item.entry for item in waiting if item.entry is not None)


def _store(opened: Store, journal: Journal, gone: Sequence[str], report: BuildReport) -> bool:
    """Put what the journal holds into the store; whether anything changed.

    One transaction. Only a build too large for memory into a store that holds something takes three: what was resolved
    goes first, so that a build killed in between is made up for, then all new documents at once, then what changed.
    """
    report.documents, report.claims, report.words, size = journal.totals()
    if not report.documents and not gone:
        return False
    held = set(opened.graph_names())
    if isinstance(opened, EmbeddedStore) and not held:
        opened.add_graphs(quad for entry in journal.entries() for quad in unpacked(entry.quads))
        return True
    dropped: dict[str, list[Quad]] = {RESOLUTION: [], **{name: [] for name in gone}}
    if size <= _AT_ONCE:
        opened.replace_graphs({**dropped, **{one.iri: list(unpacked(one.quads)) for one in journal.entries()}})
        return True
    opened.replace_graphs(dropped)
    if isinstance(opened, EmbeddedStore):
        opened.add_graphs(
            quad for entry in journal.entries() if entry.iri not in held for quad in unpacked(entry.quads)
        )
    for entry in journal.entries():
        if entry.iri in held or not isinstance(opened, EmbeddedStore):
            opened.replace_graphs({entry.iri: list(unpacked(entry.quads))})
    return True


def _vanished(store: Store, sources: Sequence[str | os.PathLike[str]], seen: set[str]) -> list[str]:
    """The ids of documents in the store that were read from these sources and are there no more."""
    places = [Path(source).as_posix() for source in sources]
    answer = store.query(
        "SELECT ?document ?id ?path WHERE { ?document dcterms:identifier ?id ; kg:source_path ?path ; a kg:Document }"
    )
    found = [
        name.value
        for document, name, path in (answer if isinstance(answer, Rows) else ())
        if isinstance(document, NamedNode) and isinstance(name, Literal) and isinstance(path, Literal)
        if document.value not in seen
        and any(path.value == place or path.value.startswith((f"{place}/", f"{place}:")) for place in places)
    ]
    return sorted(found)


def write_exports(store: Store, out: Path) -> Iterator[Path]:
    """Write the graph in each of `WRITTEN` and the picture; gives the paths in that order.

    Of a graph with more than `LARGE` claims only the N-Quads and the picture: the others are made in memory, and
    `kg export` makes them where they are wanted.
    """
    large = store.query(f"ASK {{ {{ SELECT (COUNT(*) AS ?n) {{ ?claim a kg:Claim }} }} FILTER(?n > {LARGE}) }}") is True
    try:
        out.mkdir(parents=True, exist_ok=True)
        whole, *others = WRITTEN
        (written,) = export(store, whole, out / f"graph.{whole}")
        yield written
        for name in others if not large else ():
            yield from write(_quads(written), name, out / f"graph.{name}")
        yield write_html(load_network(store, quads=_quads(written)), out / "graph.html", title="Sanctions graph")
    except OSError as error:
        raise KgError(f"cannot be written: {error.strerror}", place=str(out), hint="choose another folder") from error


def _quads(path: Path) -> Iterator[Quad]:
    """The quads of a file of N-Quads; it is read four times as fast as the store on disk."""
    return iter(pyoxigraph.parse(path=path, format=RdfFormat.N_QUADS))


def _readings(store: Store) -> dict[str, str]:
    """The mark of the reading of each document in the store, by the document's IRI."""
    answer = store.query("SELECT ?document ?reading WHERE { ?document kg:reading ?reading }")
    if not isinstance(answer, Rows):
        return {}
    return {
        document.value: reading.value
        for document, reading in answer
        if isinstance(document, NamedNode) and isinstance(reading, Literal)
    }
