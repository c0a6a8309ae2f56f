"""Triples to a network: what is kept, merged, marked; and positions that never change."""

from __future__ import annotations

import os
import subprocess
import sys

import networkx
import numpy
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import NotFound
from kg.namespaces import RESOURCE, entity_iri, expand, term
from kg.network import build as networks
from kg.network.build import exposure, network, subnetwork
from kg.network.load import around, connect, listed, load_network, search
from kg.store import open_store
from kg.view.layout import positions
from tests.conftest import ROOT
from tests.explorer import case
from tests.synthesis import synthetic_quads


def iri(key: str) -> str:
    entity = case.ENTITIES[key]
    return entity_iri(entity.type, entity.name)


def test_claims_stand_on_edges_with_their_quotation() -> None:
    graph = case.graph()
    (attrs,) = graph.get_edge_data(iri("hik"), iri("commerce")).values()
    claim = attrs["claim"]
    assert (attrs["predicate"], attrs["status"], claim.date, claim.confidence) == (
        "listed_by",
        "asserted",
        "2019-10-07",
        0.94,
    )
    assert claim.quote == "The Commerce Department added Hikvision to the Entity List on Monday."
    assert claim.suffix.startswith(" It was put there")
    assert graph.graph["documents"][claim.source].title == "Eight firms blacklisted"


def test_nodes_keep_names_attributes_and_facts() -> None:
    attrs = case.graph().nodes[iri("hik")]
    assert attrs["label"] == "Hangzhou Hikvision Digital Technology"
    assert attrs["names"] == ["HIK Vision", "Hikvision"]
    assert attrs["attributes"] == [("registration_number", "91330000733796106P")]
    assert [fact.object for fact in attrs["facts"]] == ["surveillance of minorities"]
    assert attrs["listed"]


def test_the_order_of_the_triples_is_irrelevant() -> None:
    quads = list(case.quads())
    one, other = network(quads), network(reversed(quads))
    assert list(one.nodes(data=True)) == list(other.nodes(data=True))
    assert list(one.edges(keys=True, data=True)) == list(other.edges(keys=True, data=True))


def test_a_cluster_is_one_node() -> None:
    same = Quad(
        NamedNode(iri("megvii")), NamedNode(expand("kg:canonical")), NamedNode(iri("hik")), NamedNode(RESOURCE + "g")
    )
    graph = network([*case.quads(), same])
    assert iri("megvii") not in graph
    assert "Megvii Technology" in graph.nodes[iri("hik")]["names"]
    assert graph.number_of_edges(iri("hik"), iri("commerce")) == 2


def test_what_the_lists_say_stands_on_the_claim() -> None:
    graph = case.graph()
    (attrs,) = graph.get_edge_data(iri("hik"), iri("commerce")).values()
    claim, told = NamedNode(attrs["claim"].iri), NamedNode(RESOURCE + "corroboration/1")
    said = [
        Quad(told, NamedNode(term("corroborates")), claim),
        Quad(told, NamedNode(term("note")), Literal("on the list since 2019-10-09")),
        Quad(claim, NamedNode(term("corroboration")), NamedNode(term("confirmed"))),
    ]
    with open_store(None) as store:
        graphs = case.by_graph(case.quads())
        store.replace_graphs({**graphs, RESOURCE + "graph/corroboration": said})
        for read in (network(store.quads()), around(store, "Hikvision")):
            (attrs,) = read.get_edge_data(iri("hik"), iri("commerce")).values()
            assert attrs["claim"].corroboration == "confirmed"
            assert attrs["claim"].corroboration_note == "on the list since 2019-10-09"


def test_exposure_follows_holdings_up_to_a_listed_party() -> None:
    found = exposure(case.graph())
    assert found[iri("ship")] == (iri("ship"), iri("lens"), iri("optics"), iri("hik"))
    assert iri("hik") not in found
    assert iri("ngo") not in found


def test_a_part_keeps_only_its_documents() -> None:
    part = subnetwork(case.graph(), [iri("ship"), iri("land")])
    assert [source.title for source in part.graph["documents"].values()] == ["Who owns Kestrel", "The bank replies"]
    assert part.graph["left_out"] == {"entities": 15, "claims": 20}


@pytest.mark.parametrize("size", [1, 2, 3, 40, 340])
def test_positions_are_the_same_each_time_and_apart(size: int) -> None:
    graph = network(synthetic_quads(size + 7))
    spots = positions(graph)
    assert spots == positions(graph)
    assert set(spots) == set(graph)
    points = numpy.array(list(spots.values()))
    assert numpy.isfinite(points).all()
    distance = numpy.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    numpy.fill_diagonal(distance, 1e9)
    assert distance.min() > 15


def test_positions_of_awkward_graphs() -> None:
    assert positions(networkx.MultiDiGraph()) == {}
    loop = networkx.MultiDiGraph([("a", "a")])
    assert positions(loop) == {"a": (0.0, 0.0)}
    for graph in (networkx.star_graph(60), networkx.complete_graph(30), networkx.path_graph(350)):
        assert len(set(positions(graph).values())) == len(graph)


def test_reading_a_store_around_a_name() -> None:
    with open_store(None) as store:
        store.replace_graphs(case.by_graph(case.quads()))
        whole = load_network(store)
        assert list(whole.edges(keys=True, data=True)) == list(case.graph().edges(keys=True, data=True))
        near = around(store, "MV Larkspur", hops=1)
        assert set(near) == {iri("ship"), iri("lens"), iri("land")}
        near = around(store, "Kestrel Optics", hops=2)
        assert {key for key in case.ENTITIES if iri(key) in near} == set(case.ENTITIES) - {
            "plane",
            "hk",
            "lonely",
            "land",
            "megvii",
        }
        part = load_network(store, limit=5)
        assert len(part) == 5
        assert part.graph["left_out"]["entities"] == 12
        with pytest.raises(NotFound):
            around(store, "Nobody")


def test_reading_a_path_and_a_listing() -> None:
    with open_store(None) as store:
        store.replace_graphs(case.by_graph(case.quads()))
        chain = connect(store, "MV Larkspur", "Hikvision", k=1)
        assert {iri(key) for key in ("ship", "lens", "optics", "hik")} <= set(chain)
        members = listed(store, "Commerce Department", limit=50)
        assert set(members) >= {iri("commerce"), iri("hik"), iri("megvii")}
        assert listed(store, "Commerce Department", limit=2).graph["left_out"]["entities"] == 1
        assert [entry["name"] for entry in search(store, "kestrel")] == ["Kestrel Optics", "Kestrel Lens Works"]


def test_the_words_for_listings_are_the_ontologys() -> None:
    assert networks.LISTING.isdisjoint(networks.EXPOSING)


PLACES = """
import networkx
from kg.view.layout import positions
graphs = [networkx.star_graph(12), networkx.karate_club_graph(), networkx.barabasi_albert_graph(400, 2, seed=1)]
print([sorted(positions(graph).items()) for graph in graphs])
"""


@pytest.mark.parametrize(
    "processor",
    [
        {"OPENBLAS_CORETYPE": "Prescott"},
        {"OPENBLAS_CORETYPE": "Haswell", "OMP_NUM_THREADS": "2"},
        {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX"},
    ],
)
def test_positions_are_the_same_on_every_processor(processor: dict[str, str]) -> None:
    plain, other = (
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PLACES],
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        ).stdout
        for settings in ({}, processor)
    )
    assert plain == other
