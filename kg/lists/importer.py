"""Files of a publisher -> the list's graph in the store, and a report of what came in and what changed.

The graph is replaced in one step after the last record was read: an error leaves the store as it was. Where the
store holds an earlier version, designations that the new one lacks stay with their end, and claims that it no longer
makes are kept as ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

from pyoxigraph import Quad

from kg.errors import SourceError
from kg.lists import csl, dpl, entity_list, ftm, ofac, un
from kg.lists.history import Changes, History
from kg.lists.model import Source, Tally
from kg.lists.to_rdf import Writer
from kg.namespaces import dataset_iri
from kg.store import Store

#: The name on the command line -> the module that reads that publisher's files.
IMPORTERS: Final[dict[str, ModuleType]] = {
    "ofac": ofac,
    "un": un,
    "dpl": dpl,
    "csl": csl,
    "ftm": ftm,
    "entity-list": entity_list,
}


@dataclass(frozen=True, slots=True)
class Options:
    """How to import: `version` is the list's date where the file does not say it, `today` the end given to vanished
    designations where neither does, `allow_shrink` whether more than half of them may vanish."""

    version: str | None = None
    today: str | None = None
    allow_shrink: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one list brought: records read and not taken, what was counted, and what changed since before."""

    dataset: str
    title: str
    version: str | None
    quads: int
    tally: Tally
    changes: Changes | None


def import_list(
    store: Store, publisher: str, files: Iterable[Path], options: Options | None = None
) -> list[ImportReport]:
    """One report for each list that the files make up; the store then holds the lists, or is as it was.

    Raises SourceError for files that are damaged, of another publisher, older than what the store holds, or that
    lack more than half of what it holds.
    """
    importer = IMPORTERS.get(publisher)
    if importer is None:
        raise SourceError("no such publisher", place=publisher, hint=f"known are {', '.join(sorted(IMPORTERS))}")
    paths = list(_expand(publisher, files))
    try:
        return [_import(store, importer, source, options or Options()) for source in importer.sources(paths)]
    except SourceError as error:
        raise _with_guess(error, publisher, paths) from error


def _expand(publisher: str, files: Iterable[Path]) -> Iterator[Path]:
    """Each file, and the fitting files of each folder."""
    endings = {"ofac": "*.csv", "un": "*.xml"}
    for path in files:
        if not path.exists():
            raise SourceError("no such file", place=str(path), hint="check the path")
        if path.is_dir():
            yield from sorted(path.glob(endings.get(publisher, "*.*")))
        else:
            yield path


def _import(store: Store, importer: ModuleType, source: Source, options: Options) -> ImportReport:
    graph = dataset_iri(source.dataset)
    history = History.read(store, graph)
    tally = Tally()
    counted = _Counted()
    if history is None:
        writer = Writer(source, tally, version=options.version)
        store.replace_graphs({graph: counted.pass_on(writer.quads(importer.entries(source, tally)))})
        return ImportReport(source.dataset, source.title, writer.version, counted.number, tally, None)
    writer = Writer(source, tally, version=options.version, first_seen=history.first_seen)
    new = list(writer.quads(importer.entries(source, tally)))
    if history.version and writer.version and writer.version < history.version:
        raise SourceError(
            f"the list of {writer.version} is older than that of {history.version} in the store",
            place=str(source.files[0]),
            hint="import versions in their order",
        )
    changes, kept = history.compare(new, writer.version or options.today)
    if len(changes.removed) > max(10, history.active // 2) and not options.allow_shrink:
        raise SourceError(
            f"{len(changes.removed)} of {history.active} designations would end",
            place=str(source.files[0]),
            hint="the file looks cut; if it is right, import it with --allow-shrink",
        )
    store.replace_graphs({graph: counted.pass_on([*new, *kept])})
    return ImportReport(source.dataset, source.title, writer.version, counted.number, tally, changes)


class _Counted:
    """Counts quads on their way."""

    def __init__(self) -> None:
        self.number = 0

    def pass_on(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """The same quads."""
        for quad in quads:
            self.number += 1
            yield quad


def _with_guess(error: SourceError, publisher: str, paths: list[Path]) -> SourceError:
    """The same error, naming the publisher whose list the file is, where it failed at once and another takes it."""
    if not error.place.endswith(":1"):
        return error
    for name, importer in IMPORTERS.items():
        if name == publisher:
            continue
        try:
            first = importer.sources(paths)[0]
            next(iter(importer.entries(first, Tally())), None)
        except SourceError:
            continue
        return SourceError(error.cause, place=error.place, hint=f"it looks like a list for: kg import {name}")
    return error
