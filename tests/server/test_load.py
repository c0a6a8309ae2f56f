"""`kg serve` under load: clients that leave, that do not read, that write at once, and queries of odd shape."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import uvicorn
from pyoxigraph import Literal, NamedNode, Quad

from kg.server import app, connections
from kg.server.pool import Limits, Pool, _Worker
from kg.store import open_store
from tests import handmade
from tests.servers import free_port

TOKEN = {"authorization": "Bearer t"}
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
MANY = 60_000
RUNNING: list[uvicorn.Server] = []
WIDE = "SELECT ?s ?o { GRAPH <urn:wide> { ?s ?p ?o } }"  # 8 MB that are quickly there


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("load") / "store"
    with open_store(made) as store:
        handmade.fill(store)
        graph = NamedNode("urn:big")
        triples = ((NamedNode(f"urn:s:{number}"), Literal("x" * 40 + str(number))) for number in range(MANY))
        store.replace_graphs({"urn:big": [Quad(s, NamedNode("urn:p"), o, graph) for s, o in triples]})
        wide = NamedNode("urn:wide")
        texts = [Quad(NamedNode(f"urn:{n}"), NamedNode("urn:p"), Literal("x" * 400_000), wide) for n in range(20)]
        store.replace_graphs({"urn:wide": texts})
    return made


@pytest.fixture(scope="module")
def root(folder: Path) -> Iterator[str]:
    patch = pytest.MonkeyPatch()
    patch.setattr(connections, "DRAIN_SECONDS", 2.0)
    port = free_port()
    served = app.create_app(app.Settings(folder=folder, limits=Limits(seconds=20, mebibytes=600), token="t"))
    server = uvicorn.Server(uvicorn.Config(served, port=port, http=connections.Connection, log_level="warning"))
    RUNNING[:] = [server]
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


def sent(root: str, path: str) -> socket.socket:
    """A connection on which that was asked and nothing has been read."""
    opened = socket.create_connection(("127.0.0.1", int(root.rpartition(":")[2])), timeout=30)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    opened.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return opened


def asked(client: httpx.Client) -> float:
    """Seconds until a small query is answered."""
    began = time.monotonic()
    assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).status_code == 200
    return time.monotonic() - began


def test_a_client_that_leaves_ends_its_work(client: httpx.Client, root: str) -> None:
    ends = "from=urn:s:1&to=urn:s:2"
    left = [sent(root, f"/sparql?query={quote(RUNAWAY)}") for _ in range(8)]
    left += [sent(root, f"/explore/api/path?{ends}") for _ in range(45)]
    time.sleep(1)
    for opened in left:
        opened.close()
    time.sleep(1)
    assert asked(client) < 5
    assert client.get("/", headers={"accept": "text/html"}).status_code == 200


def test_clients_that_do_not_read_are_let_go(client: httpx.Client, root: str) -> None:
    readers = [sent(root, f"/sparql?query={quote(WIDE)}") for _ in range(5)]
    time.sleep(6)
    assert asked(client) < 10
    deadline = time.monotonic() + 60
    while len(RUNNING[0].server_state.connections) > 1 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert len(RUNNING[0].server_state.connections) <= 1  # that of the client which reads
    for opened in readers:
        opened.close()
    whole = client.get("/sparql", params={"query": WIDE}, headers={"accept": "text/csv"})
    assert whole.content.count(b"\n") == 20 + 1


def test_writes_wait_for_their_turn(client: httpx.Client, root: str) -> None:
    def write(number: int) -> int:
        update = f"INSERT DATA {{ GRAPH <urn:w> {{ <urn:w{number}> <urn:p> {number} }} }}"
        return httpx.post(
            f"{root}/update", data={"update": update}, headers=TOKEN, trust_env=False, timeout=60
        ).status_code

    with ThreadPoolExecutor(10) as threads:
        assert list(threads.map(write, range(10))) == [204] * 10
    found = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { GRAPH <urn:w> { ?s ?p ?o } }"})
    assert found.json()["results"]["bindings"][0]["n"]["value"] == "10"


def test_a_large_graph_goes_out_whole_and_leaves_nothing_behind(client: httpx.Client) -> None:
    answer = client.get("/store", params={"graph": "urn:big"}, headers={"accept": "application/n-triples"})
    assert (answer.status_code, answer.content.count(b"\n")) == (200, MANY)
    assert client.head("/store", params={"graph": "urn:big"}).status_code == 200
    assert list(Path(tempfile.gettempdir()).glob("kg-graph-*")) == []


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }",
        "ASK " + "{" * 5000 + "}" * 5000,
        "ASK { FILTER(" + "!" * 50_000 + "true) }",
        "ASK { ?s ?p " + "[ <urn:p> " * 5000 + "1" + " ]" * 5000 + " }",
        "ASK { FILTER(" + "1 + " * 60_000 + "1 > 0) }",
        "ASK { {}" + " UNION {}" * 40_000 + "}",
    ],
    ids=["brackets", "groups", "not", "nodes", "sum", "union"],
)
def test_too_deep_a_query_is_a_mistake_of_the_asker(client: httpx.Client, query: str) -> None:
    answer = client.post("/sparql", data={"query": query})
    assert answer.status_code in (200, 400)
    if query.startswith(("ASK { FILTER((", "ASK {{", "ASK { FILTER(!", "ASK { ?s ?p [")):
        assert answer.status_code == 400
        assert "nested more than 200 deep" in answer.text


def test_a_slow_machine_ends_no_query_before_its_processor_seconds() -> None:
    pool = Pool(Path(), Limits(seconds=3))

    class Idle(_Worker):
        def used(self) -> float:
            return 0.5

    worker = Idle(process=None, began=time.monotonic() - 8)  # type: ignore[arg-type]
    assert 2.4 < pool._left(worker) <= 2.5
    worker.began -= 5
    assert pool._left(worker) < 0


def test_a_write_to_a_store_that_is_gone_is_an_error(client: httpx.Client, folder: Path) -> None:
    away = folder.with_name("away")
    shutil.move(folder, away)
    try:
        answer = client.post("/update", data={"update": "INSERT DATA { <urn:a> <urn:b> 1 }"}, headers=TOKEN)
        assert answer.status_code >= 400
        assert "no longer there" in answer.text
        assert not folder.exists()
    finally:
        shutil.move(away, folder)
