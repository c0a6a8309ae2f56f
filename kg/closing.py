"""What is given back at the end of a `with`: databases, connections, worker processes."""

from __future__ import annotations

from types import TracebackType
from typing import Self


class Closing:
    """A thing with a `close` that may be called twice; `with` calls it."""

    __slots__ = ()

    def close(self) -> None:
        """Give it back."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        """The thing itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()
