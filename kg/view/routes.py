"""The explorer over a large store: the same page, asking for parts of the graph as the reader goes on.

`explorer_routes(store_of)` gives Starlette routes to mount. The page starts empty, from a search or a listing; each
answer holds at most as many entities as can be drawn, and says how many it left out and why. Only reading; every
parameter goes into a query as a bound term.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import networkx
from pyoxigraph import NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from kg.errors import KgError, NotFound, QueryTimeout
from kg.network import load
from kg.network.build import Network
from kg.store import Store
from kg.view.page import header_policy, render
from kg.view.payload import full, payload, short

#: Entities that one page of the explorer holds at most, and that one answer adds at most.
MOST_DRAWN: Final = 3_000
MOST_ADDED: Final = 200
_LONGEST: Final = 300  # characters of a name or an id that is asked for

_Answer = dict[str, Any]


def explorer_routes(store_of: Callable[[], Store], *, prefix: str = "/explore", title: str = "Explorer") -> list[Route]:
    """Routes under `prefix`: the page, and `api/{start,search,neighbours,listing,path}` that answer in JSON.

    `store_of` gives the store to read for one request; it is not closed here. Errors are JSON with `error`: 400 for
    a bad parameter, 404 for an unknown name, 503 when a deadline passed.
    """
    base = prefix.rstrip("/")
    empty = payload(network_of_nothing(), title=title)
    data = {**empty, "api": f"{base}/api/", "mostDrawn": MOST_DRAWN}
    page = render(data, title=title, connect="'self'")
    headers = {
        "content-security-policy": header_policy(connect="'self'"),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
    }

    async def show(request: Request) -> Response:
        """The page, whatever the rest of its address."""
        return HTMLResponse(page, headers=headers)

    def answering(answer: Callable[[Store, Request], _Answer]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            """The answer as JSON, or the error with its status."""
            try:
                body = await run_in_threadpool(lambda: answer(store_of(), request))
            except NotFound as error:
                return _failure(error, 404)
            except QueryTimeout as error:
                return _failure(error, 503)
            except KgError as error:
                return _failure(error, 400)
            return JSONResponse(body, headers={"cache-control": "no-store", "x-content-type-options": "nosniff"})

        return endpoint

    return [
        Route(base or "/", show, name="explorer"),
        *(Route(f"{base}/api/{name}", answering(answer), name=f"explorer-{name}") for name, answer in _ANSWERS.items()),
    ]


def network_of_nothing() -> Network:
    """An empty network."""
    return networkx.MultiDiGraph(documents={}, left_out={})


def _failure(error: KgError, status: int) -> Response:
    return JSONResponse({"error": str(error)}, status_code=status, headers={"x-content-type-options": "nosniff"})


def _start(store: Store, request: Request) -> _Answer:
    return {
        "entities": load.count(store, "?x kg:name_key ?key"),
        "claims": load.count(store, "?x a kg:Claim"),
        "listings": [{**entry, "id": short(str(entry["id"]))} for entry in load.listings(store)],
    }


def _search(store: Store, request: Request) -> _Answer:
    found = load.search(store, _parameter(request, "q"))
    return {"found": [{**entry, "id": short(str(entry["id"]))} for entry in found]}


def _neighbours(store: Store, request: Request) -> _Answer:
    return _part(store, load.around(store, _node(request, "id"), hops=1, limit=MOST_ADDED))


def _listing(store: Store, request: Request) -> _Answer:
    return _part(store, load.listed(store, _node(request, "id"), limit=MOST_ADDED))


def _path(store: Store, request: Request) -> _Answer:
    return _part(store, load.connect(store, _node(request, "from"), _node(request, "to")))


_ANSWERS: Final[dict[str, Callable[[Store, Request], _Answer]]] = {
    "start": _start,
    "search": _search,
    "neighbours": _neighbours,
    "listing": _listing,
    "path": _path,
}


def _part(store: Store, graph: Network) -> _Answer:
    """The payload of a part, each node with the number of its claims that the part does not hold."""
    shown = payload(graph, placed=False)
    total = load.degrees(store, list(graph))
    for node, entry in zip(graph, shown["nodes"], strict=True):
        entry["more"] = max(0, total[node] - graph.degree(node))
    return shown


def _node(request: Request, name: str) -> str:
    iri = full(_parameter(request, name))
    try:
        NamedNode(iri)
    except ValueError:
        raise NotFound(
            "this is not the id of an entity", place=f"parameter {name}", hint="search for its name"
        ) from None
    return iri


def _parameter(request: Request, name: str) -> str:
    text = request.query_params.get(name, "").strip()
    if not text or len(text) > _LONGEST:
        raise KgError(
            f"it must have 1 to {_LONGEST} characters", place=f"parameter {name}", hint="see the explorer's own calls"
        )
    return text
