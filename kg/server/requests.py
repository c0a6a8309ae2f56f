"""A request while it is under way: it ends with its client, has a deadline, and holds a bounded share of memory.

The middleware `Attended` watches the connection. When the client leaves, the queries of the request are ended, in
whichever thread they are waited for. Answers go out in pieces as the client takes them; all answers under way together
hold `HELD` bytes at most, and what does not fit is refused with 503.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import QueryTimeout

#: Bytes of answers that wait for their clients at most; a single larger one goes out where no other waits.
HELD: Final = 128 * 1024 * 1024
_PIECE: Final = 256 * 1024  # bytes handed to the connection at a time


@dataclass(slots=True)
class Attention:
    """The queries that one request waits for; `leave` ends them."""

    until: float = float("inf")
    gone: bool = False
    waited: set[Future[Any]] = field(default_factory=set)

    def check(self) -> None:
        """Raise QueryTimeout where nobody waits any more, or the deadline of the whole request has passed."""
        if self.gone:
            raise QueryTimeout("nobody waits for the answer")
        if time.monotonic() > self.until:
            raise QueryTimeout("the request asks for more than one may", hint="ask for less at a time")

    def leave(self) -> None:
        """End what is waited for."""
        self.gone = True
        for future in list(self.waited):
            future.cancel()


#: The request that runs here; threads of its handlers inherit it.
CURRENT: ContextVar[Attention | None] = ContextVar("request", default=None)


class Attended:
    """Runs the application as long as its client is there; see the module."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds
        self.held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with `receive` and `send` wrapped."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        attention = Attention(time.monotonic() + self.seconds)
        incoming: asyncio.Queue[Message] = asyncio.Queue(4)
        answer = _Answer(self, send)
        token = CURRENT.set(attention)
        running = asyncio.ensure_future(self.app(scope, incoming.get, answer.send))
        CURRENT.reset(token)
        watching = asyncio.ensure_future(_watch(receive, incoming))
        try:
            await asyncio.wait({running, watching}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done() and not answer.complete:  # the client has left
                attention.leave()
                running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
        finally:
            watching.cancel()
            self.held -= answer.held


async def _watch(receive: Receive, incoming: asyncio.Queue[Message]) -> None:
    """Hand the parts of the body on; ends when the client has left."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            if not incoming.full():  # whoever reads the body is to know
                incoming.put_nowait(message)
            return
        await incoming.put(message)


class _Answer:
    """One answer on its way: its head waits for its first bytes, so that it can still become a refusal."""

    def __init__(self, owner: Attended, send: Send) -> None:
        self.owner, self._send = owner, send
        self.held = 0
        self.complete = False
        self._head: Message | None = None
        self._refused = False

    async def send(self, message: Message) -> None:
        """Send on in pieces."""
        if message["type"] == "http.response.start":
            self._head = message
            return
        content = message.get("body", b"")
        if self._head is not None:
            if self.owner.held and self.owner.held + len(content) > HELD:
                self._refused = True
            head, self._head = self._head, None
            if self._refused:
                await self._refuse()
                return
            await self._send(head)
        if self._refused:
            return
        self.held += len(content)
        self.owner.held += len(content)
        view = memoryview(content)
        more = bool(message.get("more_body"))
        self.complete = self.complete or not more
        async for piece, last in _pieces(view):
            await self._send({"type": "http.response.body", "body": piece, "more_body": more or not last})
        self.held -= len(content)
        self.owner.held -= len(content)

    async def _refuse(self) -> None:
        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        told = {"error": "too many answers wait for their readers; try again later"}
        await JSONResponse(told, 503, {"retry-after": "5"})({"type": "http"}, nothing, self._send)


async def _pieces(view: memoryview) -> AsyncIterator[tuple[bytes, bool]]:
    for start in range(0, max(len(view), 1), _PIECE):
        yield bytes(view[start : start + _PIECE]), start + _PIECE >= len(view)
