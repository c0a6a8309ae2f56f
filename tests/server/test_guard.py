"""Who may talk to `kg serve`: no page of another site reads or writes, and only the server's own names are heard."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad
from starlette.datastructures import Headers

from kg.server.guard import Visitors, refusal
from kg.store import open_store
from tests import handmade
from tests.servers import SERVER_TOKEN, kg_server

ASK = "/sparql?query=ASK%7B%7D"
UPDATE = {"update": "INSERT DATA { GRAPH <urn:w> { <urn:a> <urn:b> 'c' } }"}
TOKEN = {"authorization": f"Bearer {SERVER_TOKEN}"}
HTML = "<b class='pwn'>bold</b><img class='pwn' src='/assets/none.png'>"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("guard")
    with open_store(folder / "store") as store:
        handmade.fill(store)
        quads = [
            Quad(NamedNode("urn:a"), NamedNode("urn:html"), Literal(HTML), NamedNode("urn:g")),
            Quad(NamedNode("http://elsewhere.example/x"), NamedNode("urn:p"), Literal("y"), NamedNode("urn:g")),
        ]
        store.replace_graphs({"urn:g": quads})
    options = ["--cors", "https://friend.example", "--allowed-host", "kg.example"]
    with kg_server(folder, *options, store=folder / "store") as found:
        yield found


@pytest.fixture
def client(root: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=root, trust_env=False, timeout=60) as opened:
        yield opened


def written(client: httpx.Client) -> bool:
    return bool(client.get("/sparql", params={"query": "ASK { GRAPH <urn:w> { ?s ?p ?o } }"}).json()["boolean"])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "https://friend.example"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, 200),
        ({"host": "evil.example"}, 421),
        ({"host": "127.0.0.1.evil.example"}, 421),
        ({"host": "evil.example:8000"}, 421),
        ({"host": "[::1]:8000"}, 200),
        ({"host": "localhost"}, 200),
        ({"host": "KG.example:443"}, 200),
    ],
)
def test_whose_requests_are_answered(client: httpx.Client, headers: dict[str, str], status: int) -> None:
    assert client.get(ASK, headers=headers).status_code == status


def test_only_pages_of_allowed_origins_may_read(client: httpx.Client) -> None:
    for origin, allowed in (("https://friend.example", "https://friend.example"), (None, None)):
        answer = client.get(ASK, headers={"origin": origin} if origin else {})
        assert answer.headers.get("access-control-allow-origin") == allowed
        assert "Origin" in answer.headers["vary"]
    good = client.options("/sparql", headers={"origin": "https://friend.example"})
    assert (good.status_code, good.headers["access-control-allow-origin"]) == (204, "https://friend.example")
    bad = client.options("/sparql", headers={"origin": "https://evil.example"})
    assert bad.status_code == 403
    assert "access-control-allow-origin" not in bad.headers


def test_writing_wants_the_token_in_a_header_that_no_form_sends(client: httpx.Client) -> None:
    basic = httpx.BasicAuth("kg", SERVER_TOKEN)
    assert client.post("/update", data=UPDATE, auth=basic).status_code == 401
    answer = client.post("/update", data={**UPDATE, "authorization": f"Bearer {SERVER_TOKEN}"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="kg"')
    foreign = {**TOKEN, "origin": "https://evil.example"}
    assert client.post("/update", data=UPDATE, headers=foreign).status_code == 403
    foreign = {**TOKEN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.post("/update", data=UPDATE, headers=foreign).status_code == 403
    assert written(client) is False


def test_redirects_stay_on_this_server(client: httpx.Client) -> None:
    answer = client.get("/find", params={"name": "http://elsewhere.example/x"})
    if answer.status_code == 303:
        assert answer.headers["location"] == "/about?iri=http%3A%2F%2Felsewhere.example%2Fx"
    page = client.get("/about", params={"iri": "http://elsewhere.example/x"})
    assert page.status_code == 200
    for path in ("//evil.example/", "/explore/", "/sparql//"):
        assert "location" not in client.get(path).headers


def test_a_length_told_in_two_ways_closes_the_connection(root: str) -> None:
    body = b"5\r\nASK{}\r\n0\r\n\r\n"
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    hidden = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(root.rpartition(":")[2])), timeout=30) as opened:
        opened.sendall(head + body + hidden)
        parts = []
        while part := opened.recv(65536):
            parts.append(part)
    answered = b"".join(parts)
    assert answered.startswith(b"HTTP/1.1 400")
    assert answered.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    ("bound", "host", "answered"),
    [
        ("0.0.0.0", "192.0.2.7:8000", True),
        ("0.0.0.0", "[2001:db8::1]", True),
        ("0.0.0.0", "evil.example", False),
        ("192.0.2.7", "192.0.2.8", False),
        ("192.0.2.7", "192.0.2.7", True),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "[::1", False),
        ("127.0.0.1", "a@127.0.0.1", True),
    ],
)
def test_names_of_a_server(bound: str, host: str, answered: bool) -> None:
    assert (refusal(Visitors.of(bound), "GET", Headers({"host": host})) is None) is answered


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The root of another site, and its folder."""
    made = partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), made) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", tmp_path
        server.shutdown()


_TRIES = """async (root) => {
  const tried = async (path, options) => {
    try { const answer = await fetch(root + path, options); return [answer.type, await answer.text()]; }
    catch (error) { return ["refused", ""]; }
  };
  const form = new URLSearchParams({update: "INSERT DATA { GRAPH <urn:w> { <urn:a> <urn:b> 'c' } }"});
  return [
    await tried("/sparql?query=ASK%7B%7D"),
    await tried("/sparql", {method: "POST", body: new URLSearchParams({query: "ASK{}"})}),
    await tried("/update", {method: "POST", body: form, headers: {authorization: "Bearer TOKEN"}}),
    await tried("/update", {method: "POST", body: form, mode: "no-cors"}),
    await tried("/store?graph=urn:w", {method: "PUT", body: "", headers: {authorization: "Bearer TOKEN"}}),
    await tried("/explore/api/start"),
  ];
}""".replace("TOKEN", SERVER_TOKEN)


@pytest.mark.browser
def test_a_page_of_another_origin_neither_reads_nor_writes(
    client: httpx.Client, root: str, foreign: tuple[str, Path], browser: Any
) -> None:
    site, folder = foreign
    form = f'<form id="f" method="post" action="{root}/update"><input name="update" value="DROP ALL"></form>'
    (folder / "index.html").write_text(f"<!doctype html>{form}<script src='{root}/sparql?query=ASK%7B%7D'></script>")
    page = browser.new_page()
    page.goto(f"{site}/index.html")
    for kind, text in page.evaluate(_TRIES, root):
        assert (kind, text) in (("refused", ""), ("opaque", ""))
    with page.expect_navigation():
        page.evaluate("document.getElementById('f').submit()")
    assert "another site" in page.content()
    page.close()
    assert written(client) is False
    assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True


@pytest.mark.browser
def test_the_editor_shows_texts_as_texts(root: str, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"{root}/sparql")
    datatype = "http://x.example/'onmouseover='1"
    query = f"""SELECT ?html ?typed ?tagged {{ <urn:a> <urn:html> ?html
        BIND(STRDT("{HTML}", IRI("{datatype}")) AS ?typed) BIND(STRLANG("{HTML}", "en") AS ?tagged) }}"""
    page.evaluate("(text) => { yasgui.getTab().setQuery(text); }", query)
    page.click(".yasqe_queryButton")
    page.wait_for_selector(".yasr table td", timeout=60_000)
    assert page.inner_text(".yasr table").count("class='pwn'") == 6
    assert page.locator(".pwn").count() == 0
    assert page.locator(".yasr [onmouseover]").count() == 0
    page.close()
