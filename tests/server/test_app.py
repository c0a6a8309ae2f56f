"""`kg serve` for real: negotiation, caps and deadlines, hostile queries, linked data, writing, the query editor."""

# ruff: noqa: E501 - queries on one line
from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.namespaces import RESOURCE, expand
from kg.store import open_store
from tests import handmade
from tests.servers import SERVER_TOKEN, kg_server
from tests.store.test_store import HOSTILE

NASTY = "<script>alert(1)</script>\" onload='x' \u202e"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c != ?f) }"
ROWS = 400


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("server") / "store"
    node = NamedNode(RESOURCE + "entity/nasty")
    with open_store(path) as store:
        handmade.fill(store)
        graph = "urn:g"
        store.replace_graphs(
            {
                graph: [
                    Quad(node, NamedNode(expand("skos:prefLabel")), Literal(NASTY), NamedNode(graph)),
                    Quad(node, NamedNode(expand("rdf:type")), NamedNode(expand("kg:Company")), NamedNode(graph)),
                    Quad(node, NamedNode(expand("kg:remark")), Literal(NASTY), NamedNode(graph)),
                ]
            }
        )
    return path


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[httpx.Client]:
    options = ["--timeout", "5", "--rows", str(ROWS), "--memory", "400"]
    with (
        kg_server(folder.parent, *options, store=folder) as root,
        httpx.Client(base_url=root, trust_env=False, timeout=120) as client,
    ):
        yield client


def ask(client: httpx.Client, text: str, accept: str = "application/sparql-results+json") -> httpx.Response:
    return client.post("/sparql", data={"query": text}, headers={"accept": accept})


@pytest.mark.parametrize(
    ("text", "accept", "kind"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 3", "", "application/sparql-results+json"),
        ("SELECT * { ?s ?p ?o } LIMIT 3", "text/csv", "text/csv"),
        ("SELECT * { ?s ?p ?o } LIMIT 3", "text/tab-separated-values", "text/tab-separated-values"),
        ("SELECT * { ?s ?p ?o } LIMIT 3", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("SELECT * { ?s ?p ?o } LIMIT 3", "text/csv;q=0.5, application/json", "application/sparql-results+json"),
        (
            "SELECT * { ?s ?p ?o } LIMIT 3",
            "text/html,application/xml;q=0.9,*/*;q=0.8",
            "application/sparql-results+xml",
        ),
        ("ASK {}", "application/xml", "application/sparql-results+xml"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "", "text/turtle"),
        ("DESCRIBE <urn:x>", "application/n-triples", "application/n-triples"),
        ("CONSTRUCT WHERE { ?s kg:rule ?o }", "application/ld+json", "application/ld+json"),
        ("CONSTRUCT WHERE { ?s kg:rule ?o }", "application/rdf+xml", "application/rdf+xml"),
    ],
)
def test_negotiation(server: httpx.Client, text: str, accept: str, kind: str) -> None:
    answer = ask(server, text, accept)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind)


def test_what_cannot_be_given_is_406(server: httpx.Client) -> None:
    assert ask(server, "ASK {}", "image/png").status_code == 406


def test_a_snapshot_has_a_tag(server: httpx.Client) -> None:
    first = server.get("/sparql", params={"query": "ASK {}"})
    again = server.get("/sparql", params={"query": "ASK {}"}, headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    other = server.get("/sparql", params={"query": "ASK {}"}, headers={"accept": "application/sparql-results+xml"})
    assert other.headers["etag"] != first.headers["etag"]
    assert "Accept" in first.headers["vary"]


def test_headers_for_other_sites_and_for_pages(server: httpx.Client) -> None:
    assert "access-control-allow-origin" not in ask(server, "ASK {}").headers
    page = server.get("/sparql", headers={"accept": "text/html"})
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "One query may take 5 s and 400 MiB, and gives 400 rows at most." in page.text


def test_more_rows_than_allowed_are_declared(server: httpx.Client) -> None:
    cut = ask(server, "SELECT * { ?s ?p ?o }")
    assert len(cut.json()["results"]["bindings"]) == ROWS
    assert cut.headers["x-sparql-maxrows"] == str(ROWS)
    assert "x-sparql-maxrows" not in ask(server, "SELECT * { ?s ?p ?o } LIMIT 400").headers
    with open_store(str(server.base_url) + "/sparql") as store, pytest.raises(Exception, match="at most 400 rows"):
        store.query("SELECT * { ?s ?p ?o }")


def test_a_runaway_query_is_ended_while_others_are_answered(server: httpx.Client) -> None:
    ended: list[httpx.Response] = []
    runaways = [threading.Thread(target=lambda: ended.append(ask(server, RUNAWAY))) for _ in range(3)]
    for thread in runaways:
        thread.start()
    good = [ask(server, "ASK { ?s kg:listed_by ?o }") for _ in range(20)]
    for thread in runaways:
        thread.join()
    assert {answer.status_code for answer in good} == {200}
    assert {answer.status_code for answer in ended} == {503}
    assert "longer than 5 seconds" in ended[0].json()["error"]
    assert ended[0].headers["retry-after"] == "5"


def test_a_query_that_wants_too_much_memory_is_ended(server: httpx.Client) -> None:
    text = (
        'SELECT (GROUP_CONCAT(?x; separator="") AS ?y) { ?a ?b ?c . ?d ?e ?f . BIND(CONCAT(STR(?a), STR(?d)) AS ?x) }'
    )
    assert ask(server, f"SELECT (STRLEN(CONCAT({', '.join(['?y'] * 60)})) AS ?n) {{ {{ {text} }} }}").status_code == 503
    assert ask(server, "ASK {}").status_code == 200


class _Trap(BaseHTTPRequestHandler):
    caught: list[str]

    def do_GET(self) -> None:
        _Trap.caught.append(self.path)
        self.send_response(200)
        self.end_headers()

    do_POST = do_GET  # noqa: N815


@pytest.fixture(scope="module")
def trap() -> Iterator[str]:
    """A server that nobody may call."""
    _Trap.caught = []
    listener = HTTPServer(("127.0.0.1", 0), _Trap)
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.server_port}/"
    listener.shutdown()
    listener.server_close()


def test_nothing_is_fetched(server: httpx.Client, trap: str) -> None:
    texts = [text.replace("http://x/", trap) for text in HOSTILE]
    texts += [
        f"SELECT * FROM <{trap}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{trap}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        f"SELECT * {{ {{ SELECT * {{ SERVICE SILENT <{trap}> {{ ?s ?p ?o }} }} }} }}",
        f"SELECT * {{ OPTIONAL {{ SERVICE # a comment\n <{trap}> {{ ?s ?p ?o }} }} }}",
        "SELECT * { \\u0053ERVICE <" + trap + "> { ?s ?p ?o } }",
    ]
    for text in texts:
        assert ask(server, text).status_code == 400, text
        written = server.post("/update", data={"update": text}, headers={"authorization": f"Bearer {SERVER_TOKEN}"})
        assert written.status_code == 400, text
    for path in ("/etc/passwd", "//etc/passwd", "file:///etc/passwd"):
        assert server.get("/store", params={"graph": f"file://{path}"}).status_code == 404
    assert (
        server.get("/sparql", params={"query": "ASK {?s ?p ?o}", "default-graph-uri": trap}).json()["boolean"] is False
    )
    assert _Trap.caught == []


def test_an_allowed_server_is_called_and_no_other(tmp_path: Path, folder: Path, trap: str) -> None:
    text = "SELECT * {{ SERVICE <{}> {{ ?s ?p ?o }} }}"
    with kg_server(tmp_path, "--allow-service", trap, store=folder) as root:
        refused = httpx.post(f"{root}/sparql", data={"query": text.format(trap + "b")}, trust_env=False, timeout=60)
        assert (refused.status_code, _Trap.caught) == (400, [])
        httpx.post(f"{root}/sparql", data={"query": text.format(trap)}, trust_env=False, timeout=60)
    assert _Trap.caught != []
    _Trap.caught.clear()


def test_expensive_queries_are_stopped(server: httpx.Client) -> None:
    deep = "SELECT * { ?a (!kg:x|^!kg:x)* ?b . ?b (!kg:y|^!kg:y)* ?c . ?c (!kg:z|^!kg:z)* ?d FILTER(?a = ?d && ?b = ?c && ?a != ?b) }"
    many = "SELECT * { ?s ?p ?o FILTER(?o IN (" + ",".join(f'"{number}"' for number in range(20000)) + ")) }"
    nested = "SELECT * { " + "{ " * 5000 + "?s ?p ?o" + " }" * 5000 + " }"
    for text, allowed in ((deep, {200, 503}), (many, {200, 503}), (nested, {200, 400, 503})):
        assert ask(server, text).status_code in allowed
    assert ask(server, "ASK {}").json() == {"head": {}, "boolean": True}


def test_long_bodies_are_refused(server: httpx.Client) -> None:
    assert ask(server, "ASK { ?s ?p '" + "x" * 10_000_000 + "' }").status_code == 413

    def drip() -> Iterator[bytes]:
        for _ in range(3000):
            yield b"x" * 1000

    with httpx.Client(base_url=server.base_url, trust_env=False, timeout=60) as other:
        answer = other.post("/sparql", content=drip(), headers={"content-type": "application/sparql-query"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "name", ['" } ; DROP ALL #', "</a><script>alert(1)</script>", "x" * 4000, "\x00", "SERVICE <http://x/>"]
)
def test_hostile_names(server: httpx.Client, name: str) -> None:
    answer = server.get("/find", params={"name": name}, headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "<script>" not in answer.text


def test_an_entity_answers_as_html_and_as_rdf(server: httpx.Client) -> None:
    address = "/id/" + handmade.iri("cam")[len(RESOURCE) :]
    page = server.get(address, headers={"accept": "text/html"})
    assert "<h1>Kamera Digital Technology</h1>" in page.text
    assert "<q>The Commerce Department added Kamera to the Entity List.</q>" in page.text
    assert (
        server.get(address, headers={"if-none-match": page.headers["etag"], "accept": "text/html"}).status_code == 304
    )
    for accept, form in (("text/turtle", RdfFormat.TURTLE), ("application/n-triples", RdfFormat.N_TRIPLES)):
        triples = list(parse(server.get(address, headers={"accept": accept}).content, format=form))
        assert NamedNode(handmade.iri("cam")) in {triple.subject for triple in triples}
    assert json.loads(server.get(address + "?format=jsonld").content)
    found = server.get("/find", params={"name": "kamera"})
    assert (found.status_code, found.headers["location"]) == (303, address)


def test_a_claim_answers_with_its_quotation_in_context(server: httpx.Client) -> None:
    rows = ask(server, f"SELECT ?c {{ ?c kg:subject <{handmade.iri('chen')}> ; kg:confidence 0.8 }}").json()
    (claim,) = [row["c"]["value"] for row in rows["results"]["bindings"]]
    page = server.get("/id/" + claim[len(RESOURCE) :], headers={"accept": "text/html"})
    assert "<mark>Cuen Zhì heads Kamera.</mark>" in page.text
    assert "First report, characters 168-190" in page.text
    document = server.get("/id/document/one-608e2df84a", headers={"accept": "text/html"})
    assert "<h1>First report</h1>" in document.text


def test_hostile_text_is_only_text(server: httpx.Client) -> None:
    page = server.get("/id/entity/nasty", headers={"accept": "text/html"}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#x27;x&#x27;" in page
    for path in (
        "/id/none",
        "/id/entity/%3Cscript%3E",
        "/id/%22%3E%3Cscript%3E",
        "/id/../../etc/passwd",
        "/assets/../app.py",
    ):
        answer = server.get(path, headers={"accept": "text/html"})
        assert answer.status_code == 404, path
        assert "<script>" not in answer.text


def test_writing_wants_the_token(server: httpx.Client) -> None:
    update = {"update": "INSERT DATA { GRAPH <urn:w> { <urn:a> <urn:b> 'c' } }"}
    assert server.post("/update", data=update).status_code == 401
    assert server.post("/update", data=update, headers={"authorization": "Bearer wrong"}).status_code == 401
    assert server.put("/store?graph=urn:w", content=b"").status_code == 401
    assert server.delete("/store?graph=urn:w").status_code == 401
    before = server.get("/sparql", params={"query": "ASK { GRAPH <urn:w> { ?s ?p ?o } }"})
    assert before.json()["boolean"] is False
    location = str(server.base_url).replace("http://", f"http://me:{SERVER_TOKEN}@") + "/sparql"
    with open_store(location) as store:
        store.replace_graphs(
            {"urn:w": [Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal("c"), NamedNode("urn:w"))]}
        )
        assert [str(quad.object) for quad in store.quads("urn:w")] == ['"c"']
        after = server.get("/sparql", params={"query": "ASK { GRAPH <urn:w> { ?s ?p ?o } }"})
        assert after.json()["boolean"] is True
        assert after.headers["etag"] != before.headers["etag"]
        store.replace_graphs({"urn:w": []})


def test_a_build_shows_when_it_is_done_and_holds_nobody_up(server: httpx.Client, folder: Path) -> None:
    text = "ASK { GRAPH <urn:built> { ?s ?p ?o } }"
    quads = [Quad(NamedNode(f"urn:{n}"), NamedNode("urn:p"), Literal(n), NamedNode("urn:built")) for n in range(3000)]
    with open_store(folder) as building:
        assert ask(server, text).json()["boolean"] is False
        busy = server.post("/update", data={"update": "DROP ALL"}, headers={"authorization": f"Bearer {SERVER_TOKEN}"})
        assert (busy.status_code, "another process is writing" in busy.text) == (503, True)
        building.replace_graphs({"urn:built": quads})
    for _ in range(100):
        if ask(server, text).json()["boolean"]:
            break
        threading.Event().wait(0.1)
    else:
        pytest.fail("the build never showed")


def test_without_a_token_nothing_can_be_written(folder: Path, tmp_path: Path) -> None:
    with kg_server(tmp_path, store=folder, token="") as root:
        given = {"authorization": "Bearer x"}
        answer = httpx.post(f"{root}/update", data={"update": "DROP ALL"}, headers=given, trust_env=False, timeout=60)
        assert answer.status_code == 403


@pytest.mark.browser
def test_the_editor_runs_a_query_and_calls_nobody_else(server: httpx.Client, browser: Any) -> None:
    page = browser.new_page()
    called: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: called.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(str(server.base_url) + "/sparql")
    page.select_option("#examples", label="Who is listed by whom")
    page.click(".yasqe_queryButton")
    page.wait_for_selector(".yasr table td", timeout=60_000)
    assert "Commerce Department" in page.inner_text(".yasr")
    page.close()
    assert broken == []
    assert {url for url in called if not url.startswith((str(server.base_url), "data:", "blob:"))} == set()


def test_the_server_is_still_there(server: httpx.Client) -> None:
    assert socket.create_connection((server.base_url.host, server.base_url.port or 0), timeout=10)
    assert ask(server, "ASK {}").status_code == 200
