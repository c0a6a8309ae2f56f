"""HTTP connections that do not wait for ever: whoever is slow to say what is wanted is cut off."""

from __future__ import annotations

import asyncio
import resource
from typing import Final

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS: Final = 20.0  # until the lines and headers of a request are there, from its first byte
BODY_SECONDS: Final = 60.0  # until its body is there
DRAIN_SECONDS: Final = 20.0  # until a client has taken the next pieces of its answer


class Connection(H11Protocol):
    """uvicorn's HTTP/1.1 with a limit of time for the head of a request."""

    _late: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request; a client's unread answer is held in small pieces."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read on; wait for the rest of a head that is not whole."""
        super().data_received(data)
        self._wait()

    def pause_writing(self) -> None:
        """Give a client that takes nothing of its answer a while; then the connection is broken off."""
        super().pause_writing()
        if self._stuck is None:
            self._stuck = self.loop.call_later(DRAIN_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """The client reads on."""
        super().resume_writing()
        self._moved()

    def _moved(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._moved()
        if self._late is not None:
            self._late.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:  # a request is being answered
            if self._late is not None:
                self._late.cancel()
                self._late = None
        elif self._late is None:
            self._late = self.loop.call_later(HEAD_SECONDS, self._cut_off)

    def _cut_off(self) -> None:
        self._late = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()


def allow_many() -> None:
    """As many open connections and files as the system lets this process have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
