"""Worker processes over a snapshot: each query has its own process while it runs, and is killed at its deadline.

There is a quick lane and a slow one. A query that runs longer than a moment is moved to the slow lane: a fresh worker
takes its place and, once it has used the processor for long, it goes on at the lowest priority, so that runaway queries
hold neither a place nor the processors. When the slow lane is full, the query that has worked longest is ended. A new
snapshot is taken when the store has changed; queries that run on the old one finish there.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import struct
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kg import errors
from kg.errors import KgError, QueryError, QueryTimeout, StoreBusy, StoreError
from kg.store import snapshot

_MOMENT: Final = 0.5  # seconds: of the clock until a place is given up, of the processor until priority is lowered
_PATIENCE: Final = 4  # seconds of the clock for each processor second of a query's deadline
_WRITERS: Final = 100  # writes that wait for their turn at most
_BUSY: Final = 0.2  # seconds between tries while another process has the store
_LOOK: Final = 1.0  # seconds between looks for a change of the store
_LENGTH: Final = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, MiB and rows that one query may use; `quick` and `slow` are the workers of each lane."""

    seconds: float = 30.0
    mebibytes: int = 1024
    rows: int = 100_000
    quick: int = 2
    slow: int = 8
    waiting: int = 500


@dataclass(slots=True)
class _Snapshot:
    held: snapshot.Held
    users: int = 0
    retired: bool = False

    def leave(self) -> None:
        """Give up a use; the last user of a retired snapshot removes it."""
        self.users -= 1
        if self.retired and self.users <= 0:
            self.held.release()


@dataclass(slots=True, eq=False)
class _Worker:
    process: asyncio.subprocess.Process
    began: float = 0.0
    before: float = 0.0
    slow: bool = False
    lowered: bool = False
    worn: bool = False
    ended: str = ""

    async def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Send a request and read the whole answer; raises IncompleteReadError when the process is gone."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        content = json.dumps(request).encode()
        stdin.write(_LENGTH.pack(len(content)) + content)
        await stdin.drain()
        head = json.loads(await _frame(stdout))
        return head, await _frame(stdout)

    def used(self) -> float:
        """Processor seconds of the running query; of the clock where the system does not tell."""
        used = _processor_seconds(self.process.pid)
        return used - self.before if used else time.monotonic() - self.began

    def kill(self, why: str = "") -> None:
        """End the process and everything it holds."""
        self.ended = self.ended or why
        if self.process.returncode is None:  # Process.kill would take the exit status from asyncio
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)


@dataclass(slots=True)
class Pool:
    """Answers requests by worker processes; `start` before the first, `stop` at the end."""

    folder: Path
    limits: Limits
    _current: _Snapshot | None = None
    _idle: list[_Worker] = field(default_factory=list)
    _busy: set[_Worker] = field(default_factory=set)
    _places: asyncio.Semaphore | None = None
    _waiting: int = 0
    _looked: float = 0.0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _filling: asyncio.Lock = field(default_factory=asyncio.Lock)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _writers: int = 0

    @property
    def version(self) -> str:
        """Digits that change with the content of the store."""
        return self._current.held.version if self._current else ""

    async def start(self) -> None:
        """Take a snapshot and start the workers of the quick lane; raises StoreError."""
        self._places = asyncio.Semaphore(self.limits.quick)
        await self._renew()
        await self._fill()

    async def stop(self) -> None:
        """End all workers and give the snapshot back."""
        for task in self._tasks:
            task.cancel()
        workers = [*self._idle, *self._busy]
        for worker in workers:
            worker.kill("the server stops")
        await asyncio.gather(*(worker.process.wait() for worker in workers), return_exceptions=True)
        if self._current is not None:
            self._current.held.release()

    async def look(self) -> None:
        """Take a new snapshot if the store has changed since the last look (at most once a second)."""
        now = time.monotonic()
        if now - self._looked < _LOOK:
            return
        self._looked = now
        try:
            if await asyncio.to_thread(snapshot.version, self.folder) != self.version:
                await self._renew()
        except OSError as error:
            cause = f"the store cannot be read: {error.strerror or error}"
            raise StoreError(cause, place=str(self.folder), hint="put it back, or start the server anew") from None

    async def refresh(self) -> None:
        """Take a new snapshot now: after a write of this server's own."""
        self._looked = time.monotonic()
        await self._renew()

    async def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Head and body of the answer; raises KgError, and QueryTimeout when a deadline or a cap ended the query."""
        assert self._places is not None
        if self._waiting >= self.limits.waiting:
            raise QueryTimeout("too many queries wait", hint="try again later")
        self._waiting += 1
        try:
            await asyncio.wait_for(self._places.acquire(), self.limits.seconds)
        except TimeoutError:
            raise QueryTimeout("no worker became free in time", hint="try again later") from None
        finally:
            self._waiting -= 1
        place = _Place(self._places)
        try:
            await self.look()
            worker = await self._take()
            return await self._run(worker, request, place)
        finally:
            place.leave()

    async def write(self, request: dict[str, Any], *, seconds: float) -> None:
        """Run an update on the store itself in a worker, then take a new snapshot."""
        if not await asyncio.to_thread(snapshot.is_store, self.folder):
            raise StoreError("the store is no longer there", place=str(self.folder), hint="start the server anew")
        if self._writers >= _WRITERS:
            raise QueryTimeout("too many writes wait", hint="try again later")
        self._writers += 1
        try:
            async with self._writing:
                await self._write(request, seconds)
        finally:
            self._writers -= 1

    async def _write(self, request: dict[str, Any], seconds: float) -> None:
        """The write whose turn it is; a build that has the store is waited for until the deadline."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                await self._write_once(request, seconds)
                break
            except StoreBusy:
                if time.monotonic() + _BUSY > deadline:
                    raise
                await asyncio.sleep(_BUSY)
        await self.refresh()

    async def _write_once(self, request: dict[str, Any], seconds: float) -> None:
        worker = await self._take()
        head: dict[str, Any] = {}
        done = False
        try:
            asked = {**request, "kind": "update", "folder": str(self.folder)}
            head, _ = await asyncio.wait_for(worker.ask(asked), seconds)
            done = True
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            raise QueryTimeout("the update was ended: nothing of it was written", hint="write less at a time") from None
        finally:
            if not done:  # also where the writer went away: a worker in the middle of an answer is of no use
                worker.kill("the update took too long")
            self._put_back(worker)
        _raise_told(head)

    async def _run(self, worker: _Worker, request: dict[str, Any], place: _Place) -> tuple[dict[str, Any], bytes]:
        source = self._current
        assert source is not None
        source.users += 1
        worker.began, worker.before = time.monotonic(), _processor_seconds(worker.process.pid)
        self._busy.add(worker)
        asking = asyncio.ensure_future(worker.ask({**request, "folder": str(source.held.path)}))
        try:
            while (left := self._left(worker)) > 0 and not asking.done():
                await asyncio.wait({asking}, timeout=min(_MOMENT, left))
                if not asking.done():
                    self._demote(worker, place)
            if not asking.done():
                worker.kill(f"the query took longer than {self.limits.seconds:g} seconds")
            head, body = await asking
            worker.worn = bool(head.pop("worn", False))  # the next query is not to pay for this one's memory
        except (asyncio.IncompleteReadError, ConnectionError):
            if not worker.ended and await _code(worker.process) == -signal.SIGSEGV:  # the stack of the parser
                raise QueryError("the query is nested too deeply or too long", hint="write it shorter") from None
            why = worker.ended or f"the query needs more than the {self.limits.mebibytes} MiB that one may have"
            worker.kill(why)  # its pipe may be closed before the system tells that it is gone
            raise QueryTimeout(why, hint="ask for less at a time") from None
        finally:
            self._busy.discard(worker)
            source.leave()
            if not asking.done():  # the client went away
                asking.cancel()
                worker.kill("nobody waits for the answer")
            self._put_back(worker)
        _raise_told(head)
        return head, body

    def _left(self, worker: _Worker) -> float:
        """Seconds that a query may go on: of the processor, and of the clock `_PATIENCE` times as many.

        A build beside the server slows a query down and is no reason to end it.
        """
        clock = worker.began + _PATIENCE * self.limits.seconds - time.monotonic()
        return min(clock, self.limits.seconds - worker.used())

    def _demote(self, worker: _Worker, place: _Place) -> None:
        """Give the place of a query that goes on for long to others; lower its priority once it has worked for long.

        A query that only waits for a busy machine keeps its priority.
        """
        if not worker.slow and sum(other.slow for other in self._busy) >= self.limits.slow:
            busiest = max((other for other in self._busy if other.slow), key=_Worker.used)
            if busiest.used() <= _MOMENT:
                return
            busiest.kill("too many slow queries at once: this one had worked longest")
        if not worker.slow:
            worker.slow = True
            place.leave()
            self._later(self._fill())
        if not worker.lowered and worker.used() > _MOMENT:
            worker.lowered = True
            _lowest_priority(worker.process.pid)

    def _put_back(self, worker: _Worker) -> None:
        spare = len(self._idle) > self.limits.quick + 1
        if worker.lowered or worker.worn or worker.ended or spare or worker.process.returncode is not None:
            worker.kill("no longer needed")
            self._later(_reap(worker.process))
            self._later(self._fill())
        else:
            worker.slow = False
            self._idle.append(worker)

    async def _take(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.process.returncode is None:
                return worker
        return await self._new()

    async def _fill(self) -> None:
        """Keep a worker ready for each place of the quick lane."""
        async with self._filling:
            while len(self._idle) + sum(not worker.slow for worker in self._busy) < self.limits.quick + 1:
                self._idle.insert(0, await self._new())

    async def _new(self) -> _Worker:
        worker = _Worker(await _spawn(self.limits.mebibytes))
        await worker.ask({"kind": "ready"})
        return worker

    async def _renew(self) -> None:
        held = await asyncio.to_thread(snapshot.hold, self.folder)
        old, self._current = self._current, _Snapshot(held)
        if old is not None:
            old.retired = True
            if old.users <= 0:
                old.held.release()

    def _later(self, work: Awaitable[None]) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@dataclass(slots=True)
class _Place:
    """A place in the quick lane, given back once."""

    places: asyncio.Semaphore
    left: bool = False

    def leave(self) -> None:
        """Give the place back; a second time does nothing."""
        if not self.left:
            self.left = True
            self.places.release()


async def _spawn(mebibytes: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "kg.server.worker",
        str(mebibytes),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**20,
    )


async def _frame(stream: asyncio.StreamReader) -> bytes:
    (length,) = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))
    return await stream.readexactly(length)


async def _code(process: asyncio.subprocess.Process) -> int | None:
    """How a process ended whose pipe is closed; None where it has not, a second later."""
    try:
        return await asyncio.wait_for(process.wait(), 1)
    except TimeoutError:
        return None


async def _reap(process: asyncio.subprocess.Process) -> None:
    await process.wait()


async def _quietly(work: Awaitable[None]) -> None:
    """Work in the background: a worker that cannot be started now is started by the next query that needs one."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        await work


def _lowest_priority(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.setpriority(os.PRIO_PROCESS, pid, 19)
        if hasattr(os, "SCHED_IDLE"):  # below nice 19, at which the server itself may have been started
            os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))


def _processor_seconds(pid: int) -> float:
    """What the process has used of the processors so far; 0 where the system does not tell (no /proc)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _raise_told(head: dict[str, Any]) -> None:
    """Raise what the worker says went wrong, as the error that it was there."""
    if "error" in head:
        kind: Callable[[str], KgError] = getattr(errors, head["error"], errors.QueryError)
        raise kind(head["message"])
