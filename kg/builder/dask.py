"""Documents read on a Dask cluster: batches go to its workers, packed quads come back in the order of the documents.

The workers need this package, of the same version. A worker that dies gives its batches back to the scheduler, which
hands them to others; what kills several is read document by document, and what kills again is set aside.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from kg.builder.workers import Done, Task, in_order, work
from kg.errors import KgError, MissingExtra, SourceError


class Cluster:
    """A connection to the scheduler at `address` ("tcp://host:8786")."""

    def __init__(self, address: str, model: str | None) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise MissingExtra("Dask is not installed", hint="pip install 'sanctions-kg[dask]'") from None
        try:
            connect: Any = Client
            self._client = connect(address, timeout=20, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise KgError(
                f"no scheduler answers ({type(error).__name__})", place=address, hint="start `dask scheduler`"
            ) from None
        self._model = model

    def run(self, batches: Iterator[tuple[list[Task], int]]) -> Iterator[Done]:
        """All batches, some for every thread of the cluster under way at a time."""
        most = 2 * max(2, sum(self._client.nthreads().values()))
        return in_order(batches, self._submit, self._next, most=most)

    def close(self) -> None:
        """End the connection; the cluster stays."""
        self._client.close()

    def _submit(self, group: list[Task], keep: int) -> Any:
        return self._client.submit(work, self._model, group, keep, pure=False)

    def _next(self, waiting: deque[tuple[list[Task], int, Any]]) -> list[Done]:
        from distributed import KilledWorker

        group, keep, future = waiting.popleft()
        try:
            found: list[Done] = future.result()
        except KilledWorker:
            if len(group) == 1:
                document = group[0][0]
                cause, place = "the workers that read it were killed", document.source or document.id
                return [Done(document.id, error=SourceError(cause, place=place, hint="it may need more memory"))]
            return [
                done
                for number, task in enumerate(group)
                for done in self._next(deque([([task], int(number < keep), self._submit([task], int(number < keep)))]))
            ]
        return found
