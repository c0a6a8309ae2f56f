"""Oxigraph in this process: in memory, or in a folder on disk.

A folder opened for writing is locked against a second writer. Opened read-only it is a snapshot of the moment:
a build that goes on in another process neither waits for the reader nor shows through.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from itertools import chain
from pathlib import Path
from typing import Final

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, Quad, QueryBoolean, QuerySolutions, RdfFormat, Triple

from kg.errors import QueryError, StoreBusy, StoreError
from kg.namespaces import PREFIXES
from kg.store import name_index as index
from kg.store import snapshot, sparql
from kg.store.interface import Answer, Row, Rows, Streamed, Term

#: How RocksDB and Oxigraph call files that are not what they were written as.
_DAMAGED: Final = re.compile(r"corrupt|checksum|bad table magic|invalid (?:data|encoding|term)", re.IGNORECASE)
_BULK: Final = 50_000  # quads from which sorted table files are quicker than one transaction


class EmbeddedStore(AbstractContextManager["EmbeddedStore"]):
    """The store interface over a pyoxigraph store."""

    def __init__(
        self,
        engine: pyoxigraph.Store,
        location: str,
        *,
        writable: bool = True,
        held: snapshot.Held | None = None,
        services: Collection[str] = (),
    ) -> None:
        self.location = location
        self.version = held.version if held else ""
        self._engine: pyoxigraph.Store | None = engine
        self._writable = writable
        self._held = held
        self._services = services

    @property
    def indexed(self) -> bool:
        """See `Store.indexed`."""
        return index.is_whole(self.engine)

    @property
    def engine(self) -> pyoxigraph.Store:
        """The pyoxigraph store itself, for rdflib and for bulk work; raises StoreError after close."""
        if self._engine is None:
            raise StoreError("the store is closed", place=self.location)
        return self._engine

    def query(self, sparql_text: str, *, bindings: Mapping[str, Term] | None = None) -> Answer:
        """See `Store.query`."""
        answer = self.stream(sparql_text, bindings=bindings)
        return Rows(answer.variables, list(answer)) if isinstance(answer, Streamed) else answer

    def stream(self, sparql_text: str, *, bindings: Mapping[str, Term] | None = None) -> Streamed | bool | list[Triple]:
        """As `query`, but rows come one by one, so that any number of them takes no memory."""
        text = sparql.bind(sparql_text, bindings or {})
        sparql.refuse_reaching_out(text, allowed=self._services)
        sparql.refuse_nesting(text)
        with self._asked():
            answer = self.engine.query(text, prefixes=PREFIXES, use_default_graph_as_union=not sparql.has_dataset(text))
            if isinstance(answer, QueryBoolean):
                return bool(answer)
            if isinstance(answer, QuerySolutions):
                return Streamed(tuple(variable.value for variable in answer.variables), self._solutions(answer))
            return list(answer)

    def _solutions(self, answer: QuerySolutions) -> Iterator[Row]:
        with self._asked():
            for solution in answer:
                yield tuple(solution)

    @contextlib.contextmanager
    def _asked(self) -> Iterator[None]:
        """What the engine raises, as errors of this project."""
        try:
            yield
        except SyntaxError as error:
            raise sparql.syntax_error(str(error)) from None
        except (OSError, RuntimeError, ValueError) as error:
            if _DAMAGED.search(str(error)):
                raise self._damaged(error) from error
            raise QueryError(str(error), place=self.location) from error

    def _damaged(self, error: Exception) -> StoreError:
        return StoreError(
            f"the files of the store are damaged ({error})", place=self.location, hint="restore it: kg import nq BACKUP"
        )

    def replace_graphs(self, graphs: Mapping[str, Iterable[Quad]]) -> None:
        """See `Store.replace_graphs`; only the difference is written."""
        if not self._writable:
            raise StoreError("the store was opened for reading only", place=self.location)
        removed: dict[NamedNode, set[Triple]] = {}
        added: dict[NamedNode, set[Triple]] = {}
        dropped: dict[NamedNode, set[Triple]] = {}
        for name, quads in graphs.items():
            graph = NamedNode(name)
            new = {quad.triple for quad in quads}
            old = {quad.triple for quad in self.engine.quads_for_pattern(None, None, None, graph)}
            if new:
                removed[graph], added[graph] = old - new, new - old
            elif self.engine.contains_named_graph(graph):
                dropped[graph] = old
        try:
            if not index.is_whole(self.engine) and index.is_wanted(self.engine, added):
                index.rebuild(self.engine)
            names = index.difference(self.engine, {**removed, **dropped}, added)
            self._commit(removed, added, [*dropped], names)
        except OSError as error:
            raise StoreError(f"cannot be written: {error}", place=self.location) from error

    def add_graphs(self, quads: Iterable[Quad]) -> None:
        """Add quads of graphs that the store does not hold yet, all or none, without holding them in memory."""
        if not self._writable:
            raise StoreError("the store was opened for reading only", place=self.location)
        try:
            if not index.is_whole(self.engine):
                index.rebuild(self.engine)
            self.engine.bulk_extend(index.with_names(quads))
        except OSError as error:
            raise StoreError(f"cannot be written: {error}", place=self.location) from error

    def _commit(
        self,
        removed: dict[NamedNode, set[Triple]],
        added: dict[NamedNode, set[Triple]],
        dropped: list[NamedNode],
        names: index.Difference,
    ) -> None:
        """One transaction for all."""
        count = sum(map(len, added.values()))
        if not dropped and not any(removed.values()):
            said = (Quad(t.subject, t.predicate, t.object, graph) for graph, new in added.items() for t in new)
            quads = chain(said, names.added)
            if count >= _BULK:
                self.engine.bulk_extend(quads)
            elif count:
                self.engine.extend(quads)
            return
        steps = [f"DROP SILENT GRAPH {graph}" for graph in dropped]
        for graph, old in removed.items():
            if any(_has_blank(triple) for triple in old):
                added[graph] |= {quad.triple for quad in self.engine.quads_for_pattern(None, None, None, graph)} - old
                steps.append(f"CLEAR SILENT GRAPH {graph}")
            elif old:
                steps.append(f"DELETE DATA {{ GRAPH {graph} {{ {_turtle(old)} }} }}")
        steps += [f"INSERT DATA {{ GRAPH {graph} {{ {_turtle(new)} }} }}" for graph, new in added.items() if new]
        for word, changed in (("DELETE", names.removed), ("INSERT", names.added)):
            if changed:
                steps.append(
                    f"{word} DATA {{ GRAPH <{index.INDEX}> {{ {_turtle(quad.triple for quad in changed)} }} }}"
                )
        self.engine.update(" ;\n".join(steps))

    def graph_names(self) -> list[str]:
        """See `Store.graph_names`."""
        graphs = (graph for graph in self.engine.named_graphs() if graph.value != index.INDEX)
        return sorted(graph.value for graph in graphs if self._holds(graph))

    def _holds(self, graph: NamedNode | BlankNode) -> bool:
        return next(self.engine.quads_for_pattern(None, None, None, graph), None) is not None

    def quads(self, graph: str | None = None) -> Iterator[Quad]:
        """See `Store.quads`."""
        found = self.engine.quads_for_pattern(None, None, None, None if graph is None else NamedNode(graph))
        try:
            for quad in found:
                if graph is not None or quad.graph_name != index.GRAPH:
                    yield quad
        except (OSError, RuntimeError) as error:
            raise self._damaged(error) from error

    def snapshot(self, target: Path) -> None:
        """Make the new folder `target` a copy of the store as it is now (hard links: milliseconds)."""
        if target.exists():
            raise StoreError("already exists", place=str(target), hint="name a new folder for the snapshot")
        if self._held is not None:
            snapshot.copy(self._held.path, target)
        elif self.location == "memory":
            pyoxigraph.Store(str(target)).bulk_extend(self.engine)
        else:
            self.engine.backup(str(target))

    def close(self) -> None:
        """See `Store.close`."""
        if self._engine is not None and self._writable and self.location != "memory":
            self._engine.flush()
        self._engine = None
        if self._held is not None:
            self._held.release()

    def __exit__(self, *_: object) -> None:
        self.close()


def open_memory(*, services: Collection[str] = ()) -> EmbeddedStore:
    """An empty store that lives as long as the process."""
    return EmbeddedStore(pyoxigraph.Store(), "memory", services=services)


def open_folder(folder: Path, *, read_only: bool = False, services: Collection[str] = ()) -> EmbeddedStore:
    """The store in `folder`, made if there is none; a folder with anything else in it is left as it is.

    Raises StoreBusy when another process is writing, StoreError when there is no store to read.
    """
    if folder.exists() and not folder.is_dir():
        raise StoreError("is a file, not a store", place=str(folder), hint="name a folder")
    known = folder.is_dir() and snapshot.is_store(folder)
    if not known and folder.is_dir() and any(folder.iterdir()):
        raise StoreError(
            "this folder holds something else, not a store", place=str(folder), hint="name a new or empty folder"
        )
    if read_only and not known:
        raise StoreError(
            "there is no store here", place=str(folder), hint="make one with `kg build`, or name another with --store"
        )
    try:
        if not read_only:
            if not known:
                snapshot.create(folder)
            return EmbeddedStore(pyoxigraph.Store(str(folder)), str(folder), services=services)
        held = None
        with contextlib.suppress(PermissionError):
            held = snapshot.hold(folder)
        engine = pyoxigraph.Store.read_only(str(held.path if held else folder))
        return EmbeddedStore(engine, str(folder), writable=False, held=held, services=services)
    except OSError as error:
        if re.search(r"lock", str(error), re.IGNORECASE):
            raise StoreBusy(
                "another process is writing to the store", place=str(folder), hint="wait until it is done"
            ) from None
        raise StoreError(f"cannot be opened: {error}", place=str(folder)) from error


def _has_blank(triple: Triple) -> bool:
    return isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)


def _turtle(triples: Iterable[Triple]) -> str:
    written = pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES)
    return (written or b"").decode()
