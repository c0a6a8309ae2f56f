"""Readers of PDF, HTML and office files in a process of their own, with limits of time and memory for each document.

A file of 2 kB can make its reader fill gigabytes or work for hours. The process gets the bytes and gives back the
document as JSON; the kernel ends it where a document takes more than its share, the document is set aside, and the next
one gets a new process. It lives as long as this program, as starting it costs as much as reading twenty pages.
"""

from __future__ import annotations

import atexit
import dataclasses
import importlib
import json
import os
import resource
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from kg.errors import SourceError
from kg.model import Document

#: Processor seconds for any document, and for each MiB of it; a PDF of 1,000 pages and 5 MB takes about 5 s.
SECONDS: Final = 5
SECONDS_A_MEBIBYTE: Final = 4
#: Seconds of the clock for each processor second, on a machine that is busy with other things.
_PATIENCE: Final = 12
#: Bytes that the process may hold: libraries take about 150 MB of it, the words of a book 20 MB.
MEMORY: Final = 400 * 1024 * 1024
_LENGTH: Final = struct.Struct(">I")

Reader = Callable[[bytes, str, str], Document]
#: Kind -> the module of this folder and the function in it that read it.
READERS: Final = {
    "pdf": ("pdf", "pdf"),
    "html": ("html", "html"),
    "docx": ("office", "docx"),
    "odt": ("office", "odt"),
    "epub": ("office", "epub"),
    "rtf": ("office", "rtf"),
    "eml": ("mail", "eml"),
    "xml": ("official_xml", "official_xml"),
}


class _Process:
    """The process that reads, started with the first document."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, kind: str, raw: bytes, document_id: str, place: str) -> dict[str, Any]:
        """The answer to one document; raises SourceError where the process was ended over it."""
        seconds = SECONDS + SECONDS_A_MEBIBYTE * len(raw) // (1024 * 1024)
        head = json.dumps({"kind": kind, "id": document_id, "place": place, "seconds": seconds}).encode()
        running = self._started()
        assert running.stdin is not None
        assert running.stdout is not None
        try:
            for frame in (head, raw):
                running.stdin.write(_LENGTH.pack(len(frame)) + frame)
            running.stdin.flush()
            answer = _read_frame(running.stdout.fileno(), time.monotonic() + _PATIENCE * seconds)
        except (OSError, EOFError, TimeoutError) as error:
            raise SourceError(
                self._ended(error, seconds), place=place, hint="open it in a viewer and save it anew"
            ) from None
        found: dict[str, Any] = json.loads(answer)
        return found

    def _started(self) -> subprocess.Popen[bytes]:
        if self._running is None or self._running.poll() is not None or self._owner != os.getpid():
            command = [sys.executable, "-m", "kg.documents.confined"]
            self._running = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, close_fds=True
            )
            self._owner = os.getpid()
        return self._running

    def _ended(self, error: Exception, seconds: int) -> str:
        running, self._running = self._running, None
        assert running is not None
        if isinstance(error, TimeoutError):
            running.kill()
        code = running.wait()
        if isinstance(error, TimeoutError) or code in (-signal.SIGXCPU, -signal.SIGKILL):
            return f"reading it took longer than {seconds} s"
        how = signal.Signals(-code).name if code < 0 else f"exit {code}"
        return f"reading it took more than {MEMORY // 1024 // 1024} MiB or broke off ({how})"

    def close(self) -> None:
        """End the process."""
        if self._running is not None and self._owner == os.getpid():
            self._running.kill()
            self._running.wait()
            self._running = None


_PROCESS: Final = _Process()
atexit.register(_PROCESS.close)


def confined(kind: str) -> Reader:
    """The reader of a kind of `READERS`, run in the other process."""

    def reader(raw: bytes, document_id: str, place: str) -> Document:
        """The document; raises SourceError, also where it takes more than a document may."""
        found = _PROCESS.ask(kind, raw, document_id, place)
        if "cause" in found:
            raise SourceError(found["cause"], place=found["place"], hint=found["hint"])
        meta = tuple((key, value) for key, value in found.pop("meta"))
        return Document(meta=meta, **found)

    return reader


def _read_frame(stream: int, deadline: float = float("inf")) -> bytes:
    """A frame (four bytes of length, then so many); raises EOFError at the end, TimeoutError after the deadline."""
    (length,) = _LENGTH.unpack(_read(stream, _LENGTH.size, deadline))
    return _read(stream, length, deadline)


def _read(stream: int, length: int, deadline: float) -> bytes:
    parts: list[bytes] = []
    while length:
        if deadline != float("inf") and not select.select([stream], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError
        part = os.read(stream, min(length, 2**20))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _answer(head: dict[str, Any], raw: bytes) -> dict[str, Any]:
    place = head["place"]
    module, name = READERS[head["kind"]]
    try:
        reader: Reader = getattr(importlib.import_module(f"kg.documents.{module}"), name)
        found = reader(raw, head["id"], place)
        told = dataclasses.asdict(found)
        json.dumps(told).encode("utf-8")
    except SourceError as error:
        told = {"cause": error.cause, "place": error.place, "hint": error.hint}
    except MemoryError:
        cause = f"reading it took more than {MEMORY // 1024 // 1024} MiB"
        told = {"cause": cause, "place": place, "hint": "open it in a viewer and save it anew"}
    except Exception as error:  # whatever a library makes of a broken file
        cause = f"cannot be read: {type(error).__name__}: {str(error)[:200]}"
        told = {"cause": cause, "place": place, "hint": "open it in a viewer and save it anew"}
    return told


def main() -> None:
    """Read documents until standard input ends."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    with suppress(EOFError, BrokenPipeError):
        while True:
            head = json.loads(_read_frame(0))
            raw = _read_frame(0)
            used = sum(os.times()[:2])
            most = int(used) + head["seconds"] + 1
            resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
            content = json.dumps(_answer(head, raw)).encode()
            outgoing.write(_LENGTH.pack(len(content)) + content)
            outgoing.flush()


if __name__ == "__main__":
    main()
