"""Documents read by several processes that share one loaded pipeline, in the order of the documents.

Batches of documents go out, packed quads come back. Where the platform forks, the pipeline is loaded once and its
memory shared; elsewhere each process loads its own. A process that is killed (by the system, out of memory) takes its
batch with it: the batches that were under way are then read again one by one, and what kills its process a second time
is set aside.
"""

from __future__ import annotations

import gc
import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

from kg.builder.journal import Entry, packed
from kg.errors import KgError, SourceError
from kg.extraction.extractor import DocumentReader, Extractor, load_extractor
from kg.model import Document, Extraction
from kg.namespaces import document_iri
from kg.rdf.serialize import quads

Task = tuple[Document, str]
"""A document and the mark of its reading."""
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Done:
    """One document that was read, or the error that kept it from it; `extraction` only where it was asked for."""

    document: str
    entry: Entry | None = None
    extraction: Extraction | None = None
    error: SourceError | None = None


class Pool(Protocol):
    """Whatever reads batches elsewhere and hands them back in order."""

    def run(self, batches: Iterator[tuple[list[Task], int]]) -> Iterator[Done]:
        """All batches; with each how many extractions are wanted back."""
        ...

    def close(self) -> None:
        """Release the processes; safe to call twice."""
        ...


class Readers(AbstractContextManager["Readers"]):
    """Reads documents in this process or, with two `workers` and more, in so many others, or in a `pool` of its own.

    Make it before a store is opened: processes that fork should not inherit an open database.
    """

    def __init__(
        self,
        *,
        model: str | None = None,
        workers: int = 1,
        extractor: DocumentReader | None = None,
        pool: Pool | None = None,
    ) -> None:
        self._model, self._extractor, self._pool = model, extractor, pool
        if pool is None and workers > 1 and extractor is None:
            self._pool = _Pool(model, workers)

    def read(self, tasks: Iterable[Task], *, keep: int = 0, batch: int = 16) -> Iterator[Done]:
        """The documents of `tasks`, in their order; the extractions of the first `keep` are given back too."""
        numbered = _batches(tasks, batch if self._extractor is None else 1, keep)  # no answer is to be paid for twice
        if self._pool is not None:
            yield from self._pool.run(numbered)
            return
        extractor = self._extractor
        for group, kept in numbered:
            extractor = extractor or _loaded(self._model)  # not loaded where nothing is to be read
            yield from _read(extractor, group, kept)

    def close(self) -> None:
        """End the worker processes."""
        if self._pool is not None:
            self._pool.close()

    def __exit__(self, *_: object) -> None:
        self.close()


def _batches(tasks: Iterable[Task], batch: int, keep: int) -> Iterator[tuple[list[Task], int]]:
    stream = iter(tasks)
    while group := list(islice(stream, batch)):
        yield group, min(keep, len(group))
        keep = max(0, keep - len(group))


def _read(extractor: DocumentReader, group: list[Task], keep: int) -> list[Done]:
    """The documents of a batch; one that cannot be read costs no other."""
    try:
        found = list(extractor.many([document for document, _ in group]))
    except SourceError as told:
        return [Done(group[0][0].id, error=told)]  # of a back-end only, which reads them one by one
    except KgError:  # the back-end is not to be reached: no fault of the document
        raise
    except Exception:  # whatever it is: the documents are then read one by one, and the broken one set aside
        if len(group) > 1:
            return [done for number, task in enumerate(group) for done in _read(extractor, [task], number < keep)]
        document = group[0][0]
        cause = f"cannot be read: {type(sys.exception()).__name__}: {sys.exception()}"
        error = SourceError(cause, place=document.source or document.id, hint="report it with the text")
        return [Done(document.id, error=error)]
    return [
        Done(
            document.id,
            Entry(
                document_iri(document.id),
                reading,
                packed(quads(extraction, reading=reading)),
                len(extraction.claims),
                len(document.text.split()),
            ),
            extraction if number < keep else None,
        )
        for number, ((document, reading), extraction) in enumerate(zip(group, found, strict=True))
    ]


def _loaded(model: str | None) -> Extractor:
    """The extractor; its tables stay as long as the process, so the garbage collector need not walk them again."""
    extractor = load_extractor(model)
    gc.collect()
    gc.freeze()
    return extractor


def work(model: str | None, group: list[Task], keep: int) -> list[Done]:
    """What a worker process does with a batch of documents: the packed quads of each."""
    return _read(load_extractor(model), group, keep)


def in_order(
    batches: Iterable[tuple[list[Task], int]],
    submit: Callable[[list[Task], int], F],
    take: Callable[[deque[tuple[list[Task], int, F]]], list[Done]],
    *,
    most: int,
) -> Iterator[Done]:
    """The documents of all batches in their order, `most` batches being under way at a time.

    `submit` sends one off, `take` takes the first of those under way away and waits for it.
    """
    waiting: deque[tuple[list[Task], int, F]] = deque()
    for group, keep in batches:
        waiting.append((group, keep, submit(group, keep)))
        if len(waiting) >= most:
            yield from take(waiting)
    while waiting:
        yield from take(waiting)


class _Pool:
    """Batches under way in worker processes, handed back in order."""

    def __init__(self, model: str | None, workers: int) -> None:
        self._model = model
        self._workers = workers
        _loaded(model)  # before the fork, so that the processes share it
        self._executor = self._start()
        self._executor.submit(int).result()  # forks them all

    def close(self) -> None:
        """End the processes."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        return ProcessPoolExecutor(self._workers, mp_context=context)

    def run(self, batches: Iterator[tuple[list[Task], int]]) -> Iterator[Done]:
        """All batches, at most three a worker under way at a time."""
        return in_order(batches, self._submit, self._next, most=3 * self._workers)

    def _submit(self, group: list[Task], keep: int) -> Future[list[Done]]:
        try:
            return self._executor.submit(work, self._model, group, keep)
        except BrokenProcessPool:
            broken: Future[list[Done]] = Future()
            broken.set_exception(BrokenProcessPool())
            return broken

    def _restart(self) -> None:
        self.close()
        self._executor = self._start()

    def _next(self, waiting: deque[tuple[list[Task], int, Future[list[Done]]]]) -> list[Done]:
        group, keep, future = waiting.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            self._restart()
            found = self._alone(group, keep)
            again = [
                (one, kept, old if old.done() and old.exception() is None else self._submit(one, kept))
                for one, kept, old in waiting
            ]
            waiting.clear()
            waiting.extend(again)
            return found

    def _alone(self, group: list[Task], keep: int) -> list[Done]:
        """The documents of a batch one by one, each in a process of its own that may die with it."""
        found: list[Done] = []
        for number, task in enumerate(group):
            try:
                found += self._executor.submit(work, self._model, [task], int(number < keep)).result()
            except BrokenProcessPool:
                self._restart()
                document = task[0]
                error = SourceError(
                    "the process that read it was killed, twice",
                    place=document.source or document.id,
                    hint="it may need more memory: use fewer workers",
                )
                found.append(Done(document.id, error=error))
        return found
