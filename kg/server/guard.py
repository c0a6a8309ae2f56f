"""Access guard: checks each request before it reaches its route, and sets the headers of every answer.

A page of another site cannot read (no CORS, unless its origin was allowed at the start) and cannot make a visitor's
browser write, query or upload here (Origin and Sec-Fetch-Site). A name that was pointed at this machine is not answered
(Host, against DNS rebinding). A request whose length is told in two ways is refused and its connection closed
(RFC 9112, 6.3).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PAGE: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_PREFLIGHT: Final = {
    "access-control-allow-methods": "GET, HEAD, POST, PUT, DELETE",
    "access-control-allow-headers": "accept, authorization, content-type, if-none-match",
    "access-control-max-age": "600",
}
_METHODS: Final = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
_HERE: Final = ("localhost", "127.0.0.1", "::1")
_EVERYWHERE: Final = ("0.0.0.0", "::", "")


@dataclass(frozen=True, slots=True)
class Visitors:
    """Whom the server answers: `origins` whose pages may read (`*` for all), `hosts` it goes by; None for any host."""

    origins: frozenset[str] = frozenset()
    hosts: frozenset[str] | None = None

    @staticmethod
    def of(bound: str, *, allowed: Iterable[str] = (), origins: Iterable[str] = ()) -> Visitors:
        """Those of a server that listens on an address: it goes by that, by this machine's own, and by what is allowed.

        Bound to all addresses it also goes by every address, as no name can be pointed at one.
        """
        names = {name.casefold() for name in (bound, *_HERE, *allowed)}
        if bound in _EVERYWHERE:
            names.add("*address")
        return Visitors(frozenset(origin.rstrip("/").casefold() for origin in origins), frozenset(names))

    def goes_by(self, host: str) -> bool:
        """Whether a Host header names this server."""
        if self.hosts is None:
            return True
        name = _name(host)
        return name in self.hosts or ("*address" in self.hosts and _is_address(name))

    def may_read(self, origin: str) -> bool:
        """Whether pages of that origin may read the answers."""
        return bool(origin) and ("*" in self.origins or origin.casefold() in self.origins)


def refusal(visitors: Visitors, method: str, headers: Headers) -> tuple[int, str] | None:
    """Status and reason where a request is not to be answered."""
    if "content-length" in headers and "transfer-encoding" in headers:
        return 400, "the length of the body is told in two ways"
    host = headers.get("host", "")
    if not visitors.goes_by(host):
        return 421, "this server does not go by that name; start it with --allowed-host to let it"
    origin = headers.get("origin", "")
    if not origin:
        foreign = headers.get("sec-fetch-site", "none") in ("cross-site", "same-site")
        # following a link from elsewhere is reading by the visitor, not by the page that holds the link
        visit = headers.get("sec-fetch-mode") == "navigate" and method in ("GET", "HEAD")
        return (403, "a page of another site may not ask this server") if foreign and not visit else None
    if _is_own(origin, host) or visitors.may_read(origin):
        return None
    return 403, "a page of another site may not ask this server; start it with --cors to let it"


class Guard:
    """Refuses what is not to be answered, answers preflight requests and adds the headers."""

    def __init__(self, app: ASGIApp, visitors: Visitors) -> None:
        self.app = app
        self.visitors = visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with `send` wrapped; a policy that a page has set itself stays."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        shared = self.visitors.may_read(headers.get("origin", ""))

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _complete(MutableHeaders(scope=message), headers.get("origin", "") if shared else "")
            await send(message)

        refused = refusal(self.visitors, scope["method"], headers)
        if refused is not None:
            status, reason = refused
            answer: Response = JSONResponse({"error": reason}, status, {"connection": "close"})
            await answer(scope, receive, guarded)
        elif scope["method"] == "OPTIONS":
            extra = _PREFLIGHT if shared else {"allow": _METHODS}
            await Response(status_code=204, headers=extra)(scope, receive, guarded)
        else:
            await self.app(scope, receive, guarded)


def _complete(headers: MutableHeaders, origin: str) -> None:
    if origin:
        headers["access-control-allow-origin"] = origin
        headers["access-control-expose-headers"] = "etag, x-sparql-maxrows, retry-after"
    else:
        headers["cross-origin-resource-policy"] = "same-origin"
    headers.add_vary_header("Origin")
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "no-referrer"
    headers.setdefault("content-security-policy", _PAGE)


def _is_own(origin: str, host: str) -> bool:
    """Whether the origin is this server as the request names it, over HTTP or behind a proxy that speaks TLS."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.casefold() == host.casefold() != ""


def _name(host: str) -> str:
    """The name or address in a Host header, its port left out."""
    try:
        return (urlsplit(f"//{host}").hostname or "").casefold()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def origins(given: Collection[str]) -> list[str]:
    """Origins as they were given, checked; raises ValueError with the first that is none."""
    for one in given:
        parts = urlsplit(one)
        if one != "*" and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/")):
            raise ValueError(one)
    return list(given)
