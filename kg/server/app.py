"""The routes of `kg serve`. Handlers are short: read the request, ask the pool, write the answer.

Reading is open to everybody whom `kg.server.guard` lets in. Writing (SPARQL update, Graph Store Protocol) wants the
token given at the start as a bearer token, a header that no form of a foreign page can send and no browser adds by
itself; without a token nothing can be written.
"""

from __future__ import annotations

import asyncio
import hmac
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kg import queries
from kg.errors import KgError, NotFound, QueryTimeout, StoreBusy
from kg.namespaces import RESOURCE
from kg.server import description, graphstore, pages, protocol
from kg.server.connections import BODY_SECONDS
from kg.server.guard import Guard, Visitors
from kg.server.pool import Limits, Pool
from kg.server.protocol import Operation, Refused, negotiate
from kg.server.remote import PoolStore
from kg.server.remote import request as query_request
from kg.server.requests import Attended
from kg.store import Rows
from kg.store.formats import GRAPH_FORMATS, ROW_FORMATS, write_graph
from kg.store.name_index import INDEX

_ASSETS: Final = Path(__file__).parent / "assets"
_HTML: Final = {"html": "text/html"}
_MEGABYTE: Final = 1_000_000
_PIECE: Final = 256 * 1024  # bytes of a file that are read at a time
_REQUEST: Final = 4  # a page asks several queries: seconds of the clock for each second that one query may have


@dataclass(frozen=True, slots=True)
class Settings:
    """What `kg serve` was started with; sizes of bodies in bytes."""

    folder: Path
    limits: Limits = field(default_factory=Limits)
    token: str = ""
    services: tuple[str, ...] = ()
    visitors: Visitors = field(default_factory=Visitors)
    query_bytes: int = _MEGABYTE
    write_bytes: int = 64 * _MEGABYTE


def create_app(settings: Settings) -> Starlette:
    """The application over one store folder; the workers start with it."""
    server = _Server(settings, Pool(settings.folder, settings.limits))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        """The workers run as long as the application."""
        await server.start()
        yield
        await server.pool.stop()

    routes = [
        Route("/", server.home),
        Route("/find", server.find),
        Route("/sparql", server.sparql, methods=["GET", "POST"]),
        Route("/sparql/", server.sparql, methods=["GET", "POST"]),
        Route("/query", server.sparql, methods=["GET", "POST"]),
        Route("/update", server.sparql, methods=["POST"]),
        Route("/store", server.store, methods=["GET", "HEAD", "PUT", "POST", "DELETE"]),
        Route("/id/{path:path}", server.resource),
        Route("/about", server.about),
        Mount("/assets", StaticFiles(directory=_ASSETS)),
        *_explorer(server),
    ]
    errors: dict[Any, Any] = {KgError: _failed, ClientDisconnect: _gone}
    guard = Middleware(Guard, visitors=settings.visitors)
    attended = Middleware(Attended, seconds=_REQUEST * settings.limits.seconds)
    made = Starlette(routes=routes, lifespan=lifespan, exception_handlers=errors, middleware=[guard, attended])
    made.router.redirect_slashes = False
    return made


def _explorer(server: _Server) -> list[Route]:
    from kg.view.routes import explorer_routes  # networkx and templates are not needed for the rest

    return explorer_routes(lambda: server.reader)


class _Server:
    """The pool and the handlers that share it."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self.settings = settings
        self.pool = pool
        self.reader = PoolStore(pool, asyncio.new_event_loop())
        limits = settings.limits
        self.caps = (
            f"One query may take {limits.seconds:g} s and {limits.mebibytes} MiB, "
            f"and gives {limits.rows:,} rows at most."
        )

    async def start(self) -> None:
        self.reader = PoolStore(self.pool, asyncio.get_running_loop())
        await self.pool.start()

    async def home(self, request: Request) -> Response:
        return HTMLResponse(pages.home(await run_in_threadpool(self._counts), self.caps))

    def _counts(self) -> dict[str, int]:
        counted = {}
        for name, pattern in (
            ("claims", "?x a kg:Claim"),
            ("documents", "?x a kg:Document"),
            ("names", "?x skos:prefLabel ?y"),
        ):
            answer = self.reader.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
            if isinstance(answer, Rows) and answer.rows[0][0] is not None:
                counted[name] = int(answer.rows[0][0].value)
        return counted

    async def find(self, request: Request) -> Response:
        name = request.query_params.get("name", "")
        found = await run_in_threadpool(lambda: queries.find(self.reader, name[:300]))
        return RedirectResponse(pages.here(found.entity.iri), status_code=303)

    async def about(self, request: Request) -> Response:
        """The page of a node whose IRI is not of this server."""
        iri = request.query_params.get("iri", "")
        if not protocol.is_iri(iri):
            raise NotFound("this is no IRI")
        return HTMLResponse(await run_in_threadpool(pages.resource, self.reader, iri))

    async def sparql(self, request: Request) -> Response:
        length = self.settings.write_bytes if self._may_write(request) else self.settings.query_bytes
        body = await _body(request, length) if request.method == "POST" else b""
        operation = protocol.read(
            "GET" if request.method in ("GET", "HEAD") else request.method,
            request.url.query,
            request.headers.get("content-type", ""),
            body,
        )
        if operation is None:
            return self._described(request)
        if operation.kind == "update":
            return await self._update(request, operation)
        return await self._query(request, operation)

    def _described(self, request: Request) -> Response:
        wanted = negotiate(request.headers.get("accept", ""), {**GRAPH_FORMATS, **_HTML})
        endpoint = str(request.url.replace(query="", fragment=""))
        if wanted == "html":
            return HTMLResponse(pages.sparql(request.url.path, self.caps), headers={"vary": "Accept"})
        content = write_graph(description.triples(endpoint, writable=bool(self.settings.token)), wanted)
        return Response(content, media_type=GRAPH_FORMATS[wanted], headers={"vary": "Accept"})

    async def _query(self, request: Request, operation: Operation) -> Response:
        wanted = protocol.choose(request.headers.get("accept", ""), operation.text)
        await self.pool.look()
        tag = f'"{self.pool.version}-{wanted}"'
        if request.method == "GET" and _matches(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers={"etag": tag, "vary": "Accept"})
        asked = query_request(
            operation.text,
            wanted,
            rows=self.settings.limits.rows,
            base=str(request.url.replace(query="", fragment="")),
            default=operation.default,
            named=operation.named,
            services=self.settings.services,
        )
        head, content = await self.pool.ask(asked)
        kind = {**ROW_FORMATS, **GRAPH_FORMATS}[wanted]
        headers = {"etag": tag, "vary": "Accept", "cache-control": "no-cache", "content-type": kind}
        if head["cut"]:
            headers["x-sparql-maxrows"] = str(self.settings.limits.rows)
        return Response(content, headers=headers)

    async def _update(self, request: Request, operation: Operation) -> Response:
        self._demand_token(request)
        text = operation.text
        if operation.default is not None or operation.named is not None:
            text = protocol.with_using(text, operation.default or (), operation.named or ())
        base = str(request.url.replace(query="", fragment=""))
        await self.pool.write({"update": text, "base": base}, seconds=self.settings.limits.seconds)
        return Response(status_code=204)

    async def store(self, request: Request) -> Response:
        reading = request.method in ("GET", "HEAD")
        if not reading:
            self._demand_token(request)
        graph = graphstore.target(request.url.query)
        if reading:
            return await self._graph(request, graph)
        found = (await self._read_graph(graph, ""))[0]["found"]
        if request.method == "DELETE":
            if not found:
                raise NotFound("there is no such graph", place=graph or "the default graph")
            text = graphstore.removal(graph)
        else:
            body = await _body(request, self.settings.write_bytes)
            kind = request.headers.get("content-type", "")
            text = graphstore.insertion(graph, kind, body, replace=request.method == "PUT")
        await self.pool.write({"update": text, "base": RESOURCE}, seconds=self.settings.limits.seconds)
        return Response(status_code=204 if found else 201)

    async def _graph(self, request: Request, graph: str | None) -> Response:
        wanted = negotiate(request.headers.get("accept", ""), GRAPH_FORMATS)
        if request.method == "HEAD":
            head, content = await self._read_graph(graph, "")
        else:
            head, content = await self._read_graph(graph, wanted)
        if not head["found"] and graph is not None:
            raise NotFound("there is no such graph", place=graph)
        tag = f'"{self.pool.version}-{wanted}"'
        headers = {"etag": tag, "vary": "Accept", "content-type": GRAPH_FORMATS[wanted]}
        if "file" in head:
            return _streamed(Path(head["file"]), headers)
        return Response(content, headers=headers)

    async def _read_graph(self, graph: str | None, wanted: str) -> tuple[dict[str, Any], bytes]:
        return await self.pool.ask({"kind": "graph", "graph": graph, "format": wanted})

    async def resource(self, request: Request) -> Response:
        iri = RESOURCE + request.path_params["path"]
        if not protocol.is_iri(iri):
            raise NotFound("this cannot be an IRI of the graph")
        named = request.query_params.get("format", "")
        wanted = (
            named
            if named in GRAPH_FORMATS
            else negotiate(request.headers.get("accept", ""), {**_HTML, **GRAPH_FORMATS})
        )
        tag = f'"{self.pool.version}-{wanted}"'
        if _matches(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers={"etag": tag, "vary": "Accept"})
        headers = {"etag": tag, "vary": "Accept", "cache-control": "no-cache"}
        if wanted == "html":
            return HTMLResponse(await run_in_threadpool(pages.resource, self.reader, iri), headers=headers)
        text = (
            f"CONSTRUCT {{ <{iri}> ?p ?o . ?s ?q <{iri}> }} WHERE {{ {{ <{iri}> ?p ?o "
            f'FILTER(!STRSTARTS(STR(?p), "{INDEX}#")) }} UNION {{ ?s ?q <{iri}> }} }}'
        )
        head, content = await self.pool.ask(query_request(text, wanted, rows=self.settings.limits.rows))
        if head["cut"]:
            headers["x-sparql-maxrows"] = str(self.settings.limits.rows)
        if (
            not content.strip()
            or (await self.pool.ask(query_request(f"ASK {{ <{iri}> ?p ?o }}", "json", rows=1)))[1] != _YES
        ):
            raise NotFound("the graph says nothing of this", place=iri)
        return Response(content, headers={**headers, "content-type": GRAPH_FORMATS[wanted]})

    def _may_write(self, request: Request) -> bool:
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(secret.strip().encode(), self.settings.token.encode())
        return bool(self.settings.token) and kind.lower() == "bearer" and right

    def _demand_token(self, request: Request) -> None:
        if not self.settings.token:
            raise Refused("this server is for reading only", status=403, hint="start it with a write token")
        if not self._may_write(request):
            raise Refused("writing wants the token of this server", status=401)


def _streamed(path: Path, headers: dict[str, str]) -> Response:
    """A file as an answer; its name is gone at once, and its content with the answer."""
    file = path.open("rb")
    path.unlink()

    def pieces() -> Iterator[bytes]:
        with file:
            while piece := file.read(_PIECE):
                yield piece

    return StreamingResponse(pieces(), headers={**headers, "content-length": str(os.fstat(file.fileno()).st_size)})


_YES: Final = b'{"head":{},"boolean":true}\n'


def _matches(header: str, tag: str) -> bool:
    return header.strip() == "*" or tag in (part.strip().removeprefix("W/") for part in header.split(","))


async def _body(request: Request, most: int) -> bytes:
    """The body, if it is not longer than `most` bytes; raises Refused: 413 without reading on, 408 when it is slow."""
    too_long = Refused(f"the body is longer than {most:,} bytes", status=413, hint="send less at a time")
    if int(request.headers.get("content-length") or 0) > most:
        raise too_long
    parts, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise too_long
                parts.append(part)
    except TimeoutError:
        raise Refused("the body did not come in time", status=408, hint="send it again, faster") from None
    return b"".join(parts)


async def _failed(request: Request, error: Exception) -> Response:
    """A mistake of the asker, or an answer that could not be had, as a status and one line."""
    status = 400
    headers = {}
    if isinstance(error, Refused):
        status = error.status
    elif isinstance(error, NotFound):
        status = 404
    elif isinstance(error, QueryTimeout | StoreBusy):
        status, headers = 503, {"retry-after": "5"}
    if status == 401:
        headers["www-authenticate"] = 'Bearer realm="kg"'
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(
            pages.page("Not found" if status == 404 else "Not possible", f"<p>{escape(str(error))}</p>"),
            status,
            headers,
        )
    return JSONResponse({"error": str(error)}, status, headers)


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=400)
