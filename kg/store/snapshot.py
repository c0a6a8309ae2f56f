"""Oxigraph folders as files: made whole, recognised, and copied from outside while another process may be writing.

RocksDB never changes a table file once written, so tables are hard links (a copy where the file system has none);
the manifest and the logs only grow, so they are copied. If the manifest changed meanwhile the copy starts again.
A log cut in the middle of a record loses that record alone: an unfinished transaction.
"""

from __future__ import annotations

import errno
import fcntl
import glob
import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import pyoxigraph

from kg.errors import StoreError

_PREFIX: Final = "snapshot-"
_ATTEMPTS: Final = 50
_COLUMN: Final = '[CFOptions "spog"]'


def is_store(folder: Path) -> bool:
    """Whether the folder holds an Oxigraph database: RocksDB's pointer file and Oxigraph's columns."""
    try:
        manifest = (folder / "CURRENT").read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return False
    if not re.fullmatch(r"MANIFEST-\d+", manifest) or not (folder / manifest).is_file():
        return False
    return any(_COLUMN in path.read_text("utf-8", "replace") for path in folder.glob("OPTIONS-*"))


def version(folder: Path) -> str:
    """Hexadecimal digits that change whenever something was written into the store."""
    state = sorted(
        (path.name, path.stat().st_size)
        for path in folder.iterdir()
        if path.name.startswith("MANIFEST-") or (path.suffix == ".log" and path.stat().st_size)
    )
    return hashlib.sha256(repr(state).encode()).hexdigest()[:16]


def create(folder: Path) -> None:
    """Make an empty store in `folder` (new or empty): beside it first, then by renaming, so that none is half made.

    What a killed process left beside it is removed. Raises OSError.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = f".{folder.name}.new-"
    for left in folder.parent.glob(f"{glob.escape(made)}*"):
        if _is_free(left / "LOCK"):
            shutil.rmtree(left, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=made, dir=folder.parent))
    engine = pyoxigraph.Store(str(fresh))
    engine.flush()
    del engine  # closes the files, so that they can be moved
    fresh.chmod(0o755)
    try:
        fresh.rename(folder)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return  # another process was quicker: opening tells what it is
        pyoxigraph.Store(str(folder))  # a mount point cannot be replaced: make it in place


def _is_free(lock: Path) -> bool:
    """Whether no process holds the lock of a database, or never came to take it."""
    try:
        with lock.open("r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def copy(folder: Path, target: Path) -> None:
    """Make `target` (new or empty) a consistent copy of the store in `folder`."""
    for _ in range(_ATTEMPTS):
        target.mkdir(parents=True, exist_ok=True)
        if _try_copy(folder, target):
            return
        shutil.rmtree(target)
    raise StoreError("the store changes faster than it can be copied", place=str(folder), hint="try again")


def _try_copy(folder: Path, target: Path) -> bool:
    try:
        manifest = (folder / "CURRENT").read_text("ascii").strip()
        size = (folder / manifest).stat().st_size
        for path in sorted(folder.iterdir()):
            if path.suffix == ".sst":
                _link(path, target / path.name)
            elif path.suffix == ".log" or path.name.startswith("OPTIONS-") or path.name in ("CURRENT", "IDENTITY"):
                shutil.copyfile(path, target / path.name)
        with (folder / manifest).open("rb") as source:
            (target / manifest).write_bytes(source.read(size))
        return (
            (folder / "CURRENT").read_text("ascii").strip() == manifest
            and (folder / manifest).stat().st_size == size
            and (target / "CURRENT").read_text("ascii").strip() == manifest
        )
    except FileNotFoundError:
        return False


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # another file system, or one without hard links
        shutil.copyfile(source, target)


@dataclass(slots=True)
class Held:
    """A temporary snapshot inside the store's folder, removed by `release` or, after a crash, by the next reader."""

    path: Path
    version: str
    _lock: IO[bytes]

    def release(self) -> None:
        """Remove the snapshot; a second time does nothing."""
        if not self._lock.closed:
            shutil.rmtree(self.path, ignore_errors=True)
            self.path.with_suffix(".lock").unlink(missing_ok=True)
            self._lock.close()


def hold(folder: Path) -> Held:
    """Take a snapshot that lives until released; raises OSError where the folder cannot be written."""
    _sweep(folder)
    descriptor, name = tempfile.mkstemp(prefix=_PREFIX, suffix=".lock", dir=folder)
    lock = os.fdopen(descriptor, "wb")
    fcntl.flock(lock, fcntl.LOCK_EX)
    held = Held(Path(name).with_suffix(""), version(folder), lock)
    copy(folder, held.path)
    return held


def _sweep(folder: Path) -> None:
    """Remove snapshots whose process is gone: their lock is free."""
    for path in folder.glob(f"{_PREFIX}*.lock"):
        try:
            with path.open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path.with_suffix(""), ignore_errors=True)
                path.unlink(missing_ok=True)
        except (BlockingIOError, FileNotFoundError):
            continue
