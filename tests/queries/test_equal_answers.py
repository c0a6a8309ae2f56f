"""The same graph in memory, on disk, behind `oxigraph serve` and in Virtuoso answers every named question alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg import ownership, queries
from kg.store import Store, open_store
from tests import handmade
from tests.servers import oxigraph, virtuoso

QUESTIONS: dict[str, Callable[[Store], object]] = {
    "find": lambda store: [queries.find(store, name) for name in ("kamera", "Cuen Zhi", "Blau", "US Treasury")],
    "claims": lambda store: queries.claims_about(store, "kamera"),
    "listings": lambda store: queries.listings(store, "kamera"),
    "listings at": lambda store: queries.listings(store, "kamera", at="2020"),
    "listed between": lambda store: queries.listed_between(store, "Treasury", "2019", "2022"),
    "paths": lambda store: queries.paths(store, "Commerce Department", "Blau Bank", k=5),
    "paths without hubs": lambda store: queries.paths(store, "Farland", "Kamera", k=5, without_hubs=3),
    "neighbourhood": lambda store: queries.neighbourhood(store, "Farland", hops=3),
    "roles": lambda store: queries.roles(store, "Cuen Zhi"),
    "timeline": lambda store: queries.timeline(store, "kamera"),
    "contradictions": lambda store: queries.contradictions(store),
    "said by": lambda store: queries.said_by(store, "Geng Example"),
    "changes": lambda store: queries.changes(store, "2019", "2021"),
    "explain": lambda store: queries.explain(store, "Cuen Zhi leader_of kamera"),
    "owners": lambda store: ownership.owners(store, "kamera"),
    "exposed": lambda store: [ownership.exposed(store, "Example Holding", rule) for rule in ownership.rules()],
}


@pytest.fixture(scope="module")
def expected() -> dict[str, object]:
    with open_store(None) as store:
        handmade.fill(store)
        return {name: question(store) for name, question in QUESTIONS.items()}


def differing(store: Store, expected: dict[str, object]) -> list[str]:
    return [name for name, question in QUESTIONS.items() if question(store) != expected[name]]


def test_on_disk(tmp_path: Path, expected: dict[str, object]) -> None:
    with open_store(tmp_path / "store") as store:
        handmade.fill(store)
        assert differing(store, expected) == []
    with open_store(tmp_path / "store", read_only=True) as store:
        assert differing(store, expected) == []


def test_behind_an_oxigraph_server_on_the_same_folder(tmp_path: Path, expected: dict[str, object]) -> None:
    with open_store(tmp_path / "store") as store:
        handmade.fill(store)
    with oxigraph(tmp_path, store=tmp_path / "store") as root, open_store(root) as store:
        assert differing(store, expected) == []


@pytest.mark.virtuoso
def test_in_virtuoso(tmp_path: Path, expected: dict[str, object]) -> None:
    with virtuoso(tmp_path) as url, open_store(url) as store:
        handmade.fill(store)
        assert differing(store, expected) == []
