"""Documents of any location that fsspec knows: `s3://bucket/releases/`, `https://host/archive.jsonl.gz`, `memory://x`.

Only what the user names is reached. A folder there is read by its sorted paths, as one here is.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, cast

from kg.errors import MissingExtra, SourceError

_LOCATION: Final = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def is_remote(source: str) -> bool:
    """Whether a source is a location of fsspec and no path here."""
    return _LOCATION.match(source) is not None


@dataclass(frozen=True, slots=True)
class Remote:
    """One file at a location; `place` is how it is named in errors and as the source of its documents."""

    system: Any
    path: str
    place: str

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]

    def load(self, limit: int) -> bytes:
        """The bytes of the file, at most `limit`; raises SourceError."""
        try:
            with self.system.open(self.path, "rb") as file:
                raw = bytes(file.read(limit + 1))
        except Exception as error:  # what a file system raises is its own affair
            raise _unreadable(error, self.place) from None
        if len(raw) > limit:
            raise SourceError(f"larger than {limit // 1024 // 1024} MiB", place=self.place, hint="split it")
        return raw

    def stream(self) -> BinaryIO:
        """The file to read line by line, unpacked where its name ends in .gz; raises SourceError."""
        try:
            file = self.system.open(self.path, "rb")
        except Exception as error:
            raise _unreadable(error, self.place) from None
        return cast(BinaryIO, gzip.open(file) if self.name.lower().endswith(".gz") else file)


def files(source: str) -> Iterator[Remote | SourceError]:
    """The files at a location: itself, or all below it in the order of their paths."""
    try:
        import fsspec
    except ImportError:
        raise MissingExtra("fsspec is not installed", hint="pip install 'sanctions-kg[dask]'") from None
    try:
        system, root = fsspec.core.url_to_fs(source)
        paths = [root] if system.isfile(root) else sorted(system.find(root))
    except Exception as error:
        yield _unreadable(error, source)
        return
    if not paths:
        yield SourceError("no such file or folder", place=source, hint="check the location")
    for path in paths:
        yield Remote(system, path, source if path == root else system.unstrip_protocol(path))


def _unreadable(error: Exception, place: str) -> SourceError:
    return SourceError(f"cannot be read: {error or type(error).__name__}", place=place, hint="check the location")
