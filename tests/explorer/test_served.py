"""The served explorer over a store, behind a real server: search, listing, expanding, paths, what is left out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from kg.store import open_store
from kg.view import routes
from kg.view.routes import explorer_routes
from tests.explorer import case
from tests.explorer.conftest import Reader
from tests.synthesis import synthetic_quads

AXE = Path(__file__).parents[1] / "assets" / "axe.min.js"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server over the case and a made-up graph of 600 entities."""
    with open_store(None) as store:
        store.replace_graphs({**case.by_graph(case.quads()), **case.by_graph(synthetic_quads(600))})
        app = Starlette(routes=explorer_routes(lambda: store))
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            thread.join(0.02)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.mark.browser
def test_from_a_search_to_a_path(reader: Callable[..., Reader], address: str) -> None:
    before = reader(online=address).open(f"{address}/explore")
    assert "Nothing is drawn yet" in before.text("#empty")
    before.page.wait_for_selector("#start-lists button")
    assert "617 entities" in before.text("#start-count")
    before.page.focus("#search")
    before.page.keyboard.type("hikvi")
    before.page.wait_for_selector("#search-list [role=option] svg")
    before.press("Enter")
    before.page.wait_for_selector("#details h2:has-text('Hangzhou Hikvision')")
    assert "Commerce Department added Hikvision" in before.text("#details mark")
    assert {"Kestrel Optics", "Wu Lian"} <= before.names()
    assert "MV Larkspur" not in before.names()
    places = {name: before.spot(name) for name in before.names()}
    before.page.mouse.dblclick(*before.spot("Kestrel Optics"))
    before.until("explorer.graph.nodes.some((node) => node.name === 'Kestrel Lens Works')")
    assert "Harbour Bank" in before.names()
    for name, place in places.items():
        assert before.spot(name) == pytest.approx(place, abs=1), "what stands already is not moved"
    before.page.keyboard.press("Escape")
    before.click("#path")
    before.type("#path-from", "hikvision")
    before.page.keyboard.press("Enter")
    before.page.focus("#path-to")
    before.page.keyboard.type("larkspur")
    before.page.wait_for_selector("#path-to-list [role=option] svg")
    before.press("Enter")
    before.page.wait_for_selector("[data-testid=path]")
    assert before.page.locator("[data-testid=path] > li").count() == 3
    assert before.requests == []
    assert before.problems == []


@pytest.mark.browser
def test_a_listing_and_what_is_left_out(
    reader: Callable[..., Reader], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "MOST_ADDED", 40)
    before = reader(online=address, bypass_csp=True).open(f"{address}/explore")
    before.page.wait_for_selector("#start-lists button")
    assert before.axe(AXE.read_text("utf-8")) == []
    before.click("#start-lists button")
    before.page.wait_for_selector("[data-testid=left-out]")
    assert before.shown()[0] == 40
    assert "not loaded" in before.text("[data-testid=left-out]")
    assert "at most 40 entities are drawn at once" in before.text("#details .callout")
    assert before.axe(AXE.read_text("utf-8")) == []
    assert before.problems == []


def _ask(address: str, path: str) -> tuple[int, Any]:
    answer = httpx.get(f"{address}{path}")
    return answer.status_code, answer.json()


def test_answers_say_what_is_wrong(address: str) -> None:
    status, body = _ask(address, "/explore/api/neighbours?id=entity/nobody")
    assert status == 404
    assert "does not hold this node" in body["error"]
    assert _ask(address, "/explore/api/neighbours?id=http://a b")[0] == 404
    assert _ask(address, "/explore/api/search?q=")[0] == 400
    assert _ask(address, "/explore/api/search?q=" + "a" * 500)[0] == 400
    assert _ask(address, '/explore/api/search?q=") } DROP ALL #') == (200, {"found": []})


def test_search_finds_beginnings_of_words(address: str) -> None:
    found = _ask(address, "/explore/api/search?q=KESTREL OPT")[1]["found"]
    assert [(entry["name"], entry["type"]) for entry in found] == [("Kestrel Optics", "Company")]


def test_an_answer_counts_what_it_does_not_hold(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "MOST_ADDED", 5)
    iri = _ask(address, "/explore/api/search?q=Norlandia")[1]["found"][0]["id"]
    part = _ask(address, f"/explore/api/neighbours?id={iri}")[1]
    assert len(part["nodes"]) == 5
    assert part["leftOut"]["entities"] > 10
    assert part["nodes"][[node["i"] for node in part["nodes"]].index(iri)]["more"] > 10


def test_headers_forbid_what_the_page_does_not_need(address: str) -> None:
    answer = httpx.get(f"{address}/explore")
    policy = answer.headers["content-security-policy"]
    for rule in ("default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
