"""`kg serve` under attack: what is slow to arrive, too long, or no text at all costs the others nothing."""

# ruff: noqa: E501 - queries on one line
from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from kg.server import app, connections
from kg.server.pool import Limits
from kg.store import open_store
from kg.store.sparql import form
from tests import handmade
from tests.servers import free_port

SPARQL = {"content-type": "application/sparql-query"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that waits half a second for heads and bodies."""
    folder = tmp_path_factory.mktemp("hostile") / "store"
    with open_store(folder) as store:
        handmade.fill(store)
    patch = pytest.MonkeyPatch()
    patch.setattr(connections, "HEAD_SECONDS", 0.5)
    patch.setattr(app, "BODY_SECONDS", 0.5)
    port = free_port()
    served = app.create_app(app.Settings(folder=folder, limits=Limits(seconds=4, mebibytes=400), token="t"))
    server = uvicorn.Server(uvicorn.Config(served, port=port, http=connections.Connection, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(30)
    patch.undo()


@pytest.fixture
def client(root: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=root, trust_env=False, timeout=60) as opened:
        yield opened
        assert opened.post("/sparql", content="ASK {}", headers=SPARQL).status_code == 200


def said(root: str, sent: bytes) -> bytes:
    """All that the server answers to these bytes until it closes the connection."""
    with socket.create_connection(("127.0.0.1", int(root.rpartition(":")[2])), timeout=30) as opened:
        opened.sendall(sent)
        parts = []
        while part := opened.recv(65536):
            parts.append(part)
        return b"".join(parts)


@pytest.mark.parametrize(
    "sent", [b"", b"GET /sparql HTTP/1.1\r\nHost: a\r\nX-Slow: ", b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HT"]
)
def test_whoever_is_slow_to_ask_is_cut_off(root: str, client: httpx.Client, sent: bytes) -> None:
    assert said(root, sent).count(b"HTTP/1.1 200 OK") == sent.count(b"\r\n\r\n")


def test_a_body_that_does_not_come_is_a_408(root: str, client: httpx.Client) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nA"
    assert said(root, head).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("a " * 450_000, {400, 503}),
        ("'''" + "''a" * 200_000, {400, 503}),
        ('"""' + '\\"' * 400_000, {400, 503}),
        ("service " * 100_000, {400}),
        ("a:" * 400_000, {400, 503}),
        ("#" * 900_000, {400}),
        ("(" * 900_000, {400, 503}),
        ("SELECT * { ?s ?p ?o FILTER(?o IN (" + ",".join(map(str, range(120_000))) + ")) }", {200, 503}),
        ("SELECT * { VALUES ?x {" + " 1" * 400_000 + "} }", {200, 503}),
        ("SELECT * { ?s " + "/".join(["(!kg:x|^!kg:x)*"] * 2_000) + " ?o }", {200, 400, 503}),
    ],
    ids="words quotes escapes service names comment brackets in values path".split(),
)
def test_long_and_odd_texts_end(client: httpx.Client, text: str, statuses: set[int]) -> None:
    assert client.post("/sparql", content=text, headers=SPARQL).status_code in statuses


def test_the_form_is_found_behind_any_prologue_and_nowhere_else() -> None:
    for text, expected in (
        ("# SELECT\nprefix a: <http://x/> BASE <q> prefix : <> aSk{}", "ASK"),
        ("PREFIX select: <http://x/> CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ('VERSION "1.2" describe <urn:x>', "DESCRIBE"),
        ("SELECT?x {}", "SELECT"),
        ("select(1 AS ?x) {}", "SELECT"),
        ("INSERT DATA {} ; SELECT", ""),
        ("", ""),
        ("PREFIX " * 100_000, ""),
    ):
        assert form(text) == expected


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/id/%ff", 404),
        ("/id/%00", 404),
        ("/id/entity/%0d%0aSet-Cookie:%20x", 404),
        ("/id/entity/%c2%85", 404),
        ("/sparql?query=%ed%a0%80", 400),
        ("/find?name=%ff%00", 404),
        ("/find?name=kamera%0d%0aSet-Cookie:%20x", 404),
        ("/find?name=%3Curn:x%3E%20%7D%20DROP%20ALL", 404),
        ("/store?graph=urn:%00", 400),
        ("/store?graph=urn:a%0d%0ab", 400),
        ("/store?graph=", 400),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=urn:%00", 400),
        ("/%2e%2e/%2e%2e/etc/passwd", 404),
        ("/assets/..%2f..%2fapp.py", 404),
    ],
)
def test_what_is_no_iri_and_no_name(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("header", [b"Basic \xc3\xa9", b"Basic dDp0OnQ", b"Bearer \xff", b"Basic", b"t"])
def test_no_odd_header_lets_anybody_write(client: httpx.Client, header: bytes) -> None:
    answer = client.post("/update", data={"update": "DROP ALL"}, headers=[(b"authorization", header)])
    assert answer.status_code == 401
    assert client.post("/sparql", content=b"\xff\xfe", headers=SPARQL).status_code == 400
    assert client.get("/sparql?query=ASK{}", headers={"accept": ",".join(["a/b;q=nan"] * 4000)}).status_code == 406
