"""Files of a publisher -> the list's graph in the store, and a report of what came in and what changed.

The graph is replaced in one step after the last record was read: an error leaves the store as it was. Where the
store holds an earlier version, designations that the new one lacks stay with their end, and claims that it no longer
makes are kept as ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from kg.errors import SourceError
from kg.lists.history import Changes, History
from kg.lists.model import Entry, Importer, Item, Source, Tally
from kg.lists.publishers import IMPORTERS, identify
from kg.lists.to_rdf import Writer
from kg.namespaces import dataset_iri
from kg.store import Store

_FEW: Final = 10  # designations that may end in one edition, however small the list is


@dataclass(frozen=True, slots=True)
class Options:
    """How to import: `version` is the list's date where the file does not say it, `today` the end given to vanished
    designations where neither does, `allow_shrink` whether more than half of them, or all entries, may vanish.

    `dataset` names the data set in place of the publisher's own name; the files must then make up one list.
    """

    version: str | None = None
    today: str | None = None
    allow_shrink: bool = False
    dataset: str = ""


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
    given = options or Options()
    paths = list(_expand(publisher, files))
    try:
        found = [_named(source, given.dataset) for source in importer.sources(paths)]
        if given.dataset and len(found) > 1:
            raise SourceError(f"{len(found)} lists under one name", place=given.dataset, hint="import them one by one")
        return [_import(store, importer, source, given) for source in found]
    except SourceError as error:
        raise _with_guess(error, publisher, paths) from error


def import_files(store: Store, files: Iterable[Path], options: Options | None = None) -> list[ImportReport]:
    """One report for each list that the files make up; whose lists they are is told by what stands in them.

    A file that is no list raises SourceError before anything is imported; in a folder such a file is passed over, but
    one list at least must be there.
    """
    groups: dict[str, list[Path]] = {}
    for path in files:
        inside = sorted(item for item in path.iterdir() if item.is_file()) if path.is_dir() else [path]
        named = [(name, item) for item in inside if (name := identify(item))]
        if not named or (len(named) < len(inside) and not path.is_dir()):
            raise SourceError(
                "no list that is known by its content",
                place=str(path),
                hint="kg import --list shows what can be read; name the publisher before the file if it is one of them",
            )
        for name, item in named:
            groups.setdefault(name if name == "ofac" else f"{name}|{item}", []).append(item)
    reports = []
    for key, paths in groups.items():
        reports += import_list(store, key.partition("|")[0], paths, options)
    return reports


def _named(source: Source, dataset: str) -> Source:
    """The source under the name that was given for it."""
    if not dataset:
        return source
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]{0,79}", dataset):
        raise SourceError(
            "no name for a data set", place=dataset[:80], hint="use up to 80 letters, digits, dots, dashes"
        )
    return Source(dataset, source.title, source.files)


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


def _import(store: Store, importer: Importer, source: Source, options: Options) -> ImportReport:
    graph = dataset_iri(source.dataset)
    history = History.read(store, graph)
    tally = Tally()
    counted = _Counted()
    items = _some(importer.entries(source, tally), source)
    if history is None:
        writer = Writer(source, tally, version=options.version)
        store.replace_graphs({graph: counted.pass_on(writer.quads(items))})
        return ImportReport(source.dataset, source.title, writer.version, counted.number, tally, None)
    writer = Writer(source, tally, version=options.version, first_seen=history.first_seen, earlier=history.edition)
    new = list(writer.quads(items))
    if history.version and writer.version and writer.version < history.version:
        raise SourceError(
            f"the list of {writer.version} is older than that of {history.version} in the store",
            place=str(source.files[0]),
            hint="import versions in their order",
        )
    changes, kept = history.compare(new, writer.version or options.today)
    if not options.allow_shrink:
        _refuse_another(history, new, source)
        _refuse_shrunk(history, changes, source)
    store.replace_graphs({graph: counted.pass_on([*new, *kept])})
    return ImportReport(source.dataset, source.title, writer.version, counted.number, tally, changes)


def _some(items: Iterable[Item], source: Source) -> Iterator[Item]:
    """The same items; a file without a single entry is refused at its end, when nothing is stored yet."""
    empty = True
    for item in items:
        empty = empty and not isinstance(item, Entry)
        yield item
    if empty:
        raise SourceError("no entry in it", place=str(source.files[0]), hint="the file is empty or cut; fetch it again")


def _refuse_another(history: History, new: list[Quad], source: Source) -> None:
    """An edition that shares no entry with the one before is another data set under the same name."""
    if history.entries and not history.entries & History.entries_of(new):
        raise SourceError(
            f"no entry of it is among the {len(history.entries)} of {source.dataset} in the store: another data set?",
            place=str(source.files[0]),
            hint="import it under a name of its own with --dataset NAME; if it is the same list, use --allow-shrink",
        )


def _refuse_shrunk(history: History, changes: Changes, source: Source) -> None:
    """More than half of many designations, or the last of few, do not end in one day."""
    ended = len(changes.removed)
    if ended > max(_FEW, history.active // 2) or (ended and ended == history.active and not changes.added):
        raise SourceError(
            f"{ended} of {history.active} designations would end",
            place=str(source.files[0]),
            hint="the file looks cut; if it is right, import it with --allow-shrink",
        )


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
    if not error.place.endswith(":1") or not paths:
        return error
    try:
        name = identify(paths[0])
    except SourceError:
        return error
    if not name or name == publisher:
        return error
    return SourceError(error.cause, place=error.place, hint=f"it looks like a list for: kg import {name}")
