"""The index of names: always what the graphs say, one answer with it and without, and never relied on when out of step."""

# ruff: noqa: E501 - quads on one line
from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import queries
from kg.errors import KgError, QueryError
from kg.namespaces import expand, name_key
from kg.store import EmbeddedStore, open_store
from kg.store import name_index as index
from tests import handmade
from tests.servers import SERVER_TOKEN, kg_server, oxigraph

GRAPHS = ("urn:a", "urn:b", "urn:c")
WORDS = ("Blue", "Bank", "Trading", "House")


def said(graph: str, entity: int, words: tuple[int, ...]) -> list[Quad]:
    """What a document says of an entity of that name: the name, its folded form, its class."""
    name = " ".join(WORDS[word] for word in words)
    node = NamedNode(f"urn:e{entity}")
    pairs = (
        ("skos:prefLabel", Literal(name)),
        ("kg:name_key", Literal(name_key(name))),
        ("rdf:type", NamedNode(expand("kg:Company"))),
    )
    return [Quad(node, NamedNode(expand(prop)), value, NamedNode(graph)) for prop, value in pairs]


def held(engine: Store) -> set[str]:
    return {str(quad) for quad in engine.quads_for_pattern(None, None, None, NamedNode(index.INDEX))}


_NAMES = st.lists(
    st.tuples(st.integers(0, 3), st.lists(st.integers(0, 3), min_size=1, max_size=3).map(tuple)), max_size=4
)
_STEPS = st.lists(st.dictionaries(st.sampled_from(GRAPHS), _NAMES, min_size=1), min_size=1, max_size=6)


@given(_STEPS)
@settings(max_examples=60, deadline=None)
def test_the_index_is_what_the_graphs_say_after_any_changes(
    steps: list[dict[str, list[tuple[int, tuple[int, ...]]]]],
) -> None:
    with open_store(None) as store:
        assert isinstance(store, EmbeddedStore)
        for step in steps:
            store.replace_graphs(
                {graph: [q for one in names for q in said(graph, *one)] for graph, names in step.items()}
            )
        mark = {str(index.COMPLETE)}
        kept = held(store.engine) - mark
        assert store.indexed or not kept
        index.rebuild(store.engine)
        assert kept == held(store.engine) - mark
        assert index.INDEX not in store.graph_names()
        assert all(quad.graph_name.value != index.INDEX for quad in store.quads())


def test_graphs_added_as_a_stream_are_in_the_index() -> None:
    with open_store(None) as store, open_store(None) as other:
        assert isinstance(store, EmbeddedStore)
        assert isinstance(other, EmbeddedStore)
        quads = [*said("urn:a", 1, (0, 1)), *said("urn:b", 1, (0, 1)), *said("urn:b", 2, (2, 3))]
        store.add_graphs(iter(quads))
        assert store.indexed
        other.replace_graphs({graph: [q for q in quads if q.graph_name == NamedNode(graph)] for graph in GRAPHS})
        assert held(store.engine) == held(other.engine)


ASKED = ("kamera", "Kamera Digital", "Bank", "Cuen Zhì", "digital", "nobody at all", "the", "US Treasury", "Example")


def answers(store: EmbeddedStore) -> list[object]:
    found: list[object] = []
    for name in ASKED:
        try:
            found.append(queries.find(store, name))
        except KgError as error:
            found.append(type(error))
    return [*found, queries.timeline(store, "kamera")]


def test_one_answer_with_the_index_and_without() -> None:
    with open_store(None) as store:
        assert isinstance(store, EmbeddedStore)
        handmade.fill(store)
        assert store.indexed
        quick = answers(store)
        store.engine.update(index.FORGET)
        assert not store.indexed
        assert answers(store) == quick


def test_an_older_store_gets_its_index_with_the_next_build(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        assert isinstance(store, EmbeddedStore)
        handmade.fill(store)
        whole = held(store.engine)
        store.engine.update(f"DROP GRAPH <{index.INDEX}>")
        store.replace_graphs({"urn:x": []})
        assert held(store.engine) == whole


def test_a_name_that_stands_for_too_many_is_refused() -> None:
    with open_store(None) as store:
        node = "urn:many"
        store.replace_graphs(
            {
                node: [
                    Quad(
                        NamedNode(f"urn:e{n}"),
                        NamedNode(expand("kg:name_key")),
                        Literal(f"trading house {n}"),
                        NamedNode(node),
                    )
                    for n in range(1500)
                ]
            }
        )
        with pytest.raises(QueryError, match="more than 1,000 names contain 'Trading'"):
            queries.find(store, "Trading")
        assert queries.find(store, "House 77").entity.iri == "urn:e77"


def test_an_update_from_outside_makes_questions_read_the_graphs(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with open_store(folder) as store:
        handmade.fill(store)
    rename = (
        "DELETE { GRAPH ?g { ?x kg:name_key ?k } } INSERT { GRAPH ?g { ?x kg:name_key 'renamed' } } "
        "WHERE { GRAPH ?g { ?x kg:name_key ?k FILTER(CONTAINS(?k, 'blau bank')) } }"
    )
    with kg_server(tmp_path, store=folder) as root:
        given_token = {"authorization": f"Bearer {SERVER_TOKEN}"}
        with httpx.Client(base_url=root, headers=given_token, trust_env=False, timeout=60) as client:
            assert client.post("/update", data={"update": "INSERT nonsense"}).status_code == 400
            assert client.get("/find", params={"name": "Blau Bank"}).status_code == 303
            assert client.post("/update", data={"update": rename}).status_code == 204
            assert client.get("/find", params={"name": "renamed"}).status_code == 303
    with open_store(folder, read_only=True) as store:
        assert not store.indexed
        assert queries.find(store, "renamed").entity.name == "Blau Bank"


def test_another_program_that_writes_takes_the_mark_away(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with open_store(folder) as store:
        handmade.fill(store)
    with oxigraph(tmp_path, store=folder) as root, open_store(root) as store:
        assert index.INDEX not in store.graph_names()
        store.replace_graphs({"urn:new": said("urn:new", 9, (2, 3))})
    with open_store(folder) as store:
        assert not store.indexed
        assert queries.find(store, "Trading House").entity.iri == "urn:e9"
