"""The named questions on a small graph made by hand: the expected rows, written out."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import queries
from kg.errors import KgError, NotFound, QueryError
from kg.queries import ClaimRow, sentence
from kg.queries.named import filled, text
from kg.queries.questions import check_date, split_triple
from kg.resources import ontology
from kg.store import Rows, Store, open_store
from tests import handmade


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_store(None) as opened:
        handmade.fill(opened)
        yield opened


def said(claims: tuple[ClaimRow, ...] | list[ClaimRow]) -> list[str]:
    return [sentence(claim) for claim in claims]


def test_a_name_is_found_whatever_its_case_accents_and_legal_form(store: Store) -> None:
    for name in ("cuen zhi", "CUEN ZHÌ", " Cuen  Zhì "):
        assert queries.find(store, name).entity.iri == handmade.iri("chen")
    for name in ("example holding", "Example Holding Company Limited", "The EXAMPLE HOLDING"):
        assert queries.find(store, name).entity.name == "Example Holding Co., Ltd."
    assert queries.find(store, handmade.iri("bank")).entity.name == "Blau Bank"
    assert queries.find(store, "Blau").entity.name == "Blau Bank"


def test_an_ambiguous_name_gives_the_best_and_lists_the_rest(store: Store) -> None:
    found = queries.find(store, "kamera")
    assert found.entity.name == "Kamera Digital Technology"
    assert [node.name for node in found.others] == ["Kamera Foods"]
    assert found.members == tuple(sorted([handmade.iri("cam"), handmade.iri("kamera2")]))
    assert queries.find(store, "Kamera Foods").others == ()


def test_a_node_stands_for_its_cluster(store: Store) -> None:
    assert queries.find(store, "Kamera Digital Tech").entity == queries.find(store, "Kamera Digital Technology").entity


@pytest.mark.parametrize(
    "name", ["Nobody At All", "", "...", "kgd:entity/none", "urn:x y", "<urn:none>", '"} DROP ALL #']
)
def test_an_unknown_name_is_told(store: Store, name: str) -> None:
    with pytest.raises(NotFound):
        queries.find(store, name)


def test_who_listed_it_and_under_what(store: Store) -> None:
    (row,) = queries.listings(store, "Kamera")
    assert row.authority is not None
    assert row.authority.name == "Commerce Department"
    assert [node.name for node in row.lists] == ["Entity List"]
    assert row.reasons == ("abuses",)
    assert (row.date, row.delisted, row.status) == ("2019-10-07", "2021-06", "asserted")
    (quote,) = row.claims[0].quotations
    assert quote.text == "The Commerce Department added Kamera to the Entity List."
    assert quote.place == "First report, characters 0-56"
    (holding,) = queries.listings(store, "Example Holding")
    assert [node.name for node in holding.instruments] == ["Executive Order 13224"]
    assert (holding.date, holding.delisted) == ("2020-02", "")


def test_listings_as_of_a_date(store: Store) -> None:
    def authorities(at: str) -> list[str]:
        return [row.authority.name for row in queries.listings(store, "Kamera", at=at) if row.authority]

    assert authorities("2019-10-06") == []
    assert authorities("2019-10-07") == ["Commerce Department"]
    assert authorities("2021-05-31") == ["Commerce Department"]
    assert authorities("2021-07-01") == []


def test_all_listed_by_an_authority_between_two_dates(store: Store) -> None:
    def between(start: str, end: str) -> list[str]:
        return [claim.subject.name for claim in queries.listed_between(store, "US Treasury", start, end)]

    assert between("2020-01-01", "2021-12-31") == ["Example Holding Co., Ltd.", "Blau Bank"]
    assert between("2020", "2020") == ["Example Holding Co., Ltd."]
    assert between("2020-03", "2021-06-29") == []
    assert between("2021-06-30", "2021-06-30") == ["Blau Bank"]
    with pytest.raises(QueryError, match="after"):
        between("2021", "2020")


def test_paths_come_best_first(store: Store) -> None:
    found = queries.paths(store, "Geng Example", "Foreign Ministry")
    assert [[node.name for node in path.nodes] for path in found] == [["Geng Example", "Foreign Ministry"]]
    assert found[0].cost == 1.01
    chains = queries.paths(store, "Commerce Department", "Blau Bank", k=3)
    assert [[node.name for node in path.nodes][1:-1] for path in chains] == [
        ["Kamera Digital Technology"],
        ["Kamera Digital Technology", "Cuen Zhì"],
        ["Kamera Digital Technology", "Example Holding Co., Ltd.", "Farland"],  # Treasury costs as much
    ]
    assert said(chains[0].steps[1].claims) == ["Kamera Digital Technology owned by Blau Bank (alleged)"]
    assert chains[0].steps[1].strength == 0.5
    by_leading = queries.paths(store, "Cuen Zhi", "Kamera")[0].steps[0]
    assert [claim.confidence for claim in by_leading.claims] == [1.0, 0.8]


def test_paths_without_hubs_and_on_a_day(store: Store) -> None:
    around = queries.paths(store, "Commerce Department", "Blau Bank", k=9, without_hubs=3)
    assert around == []
    assert queries.paths(store, "Commerce Department", "Blau Bank", at="2020-02-01") == []
    assert queries.paths(store, "Foreign Ministry", "Blau Bank") == []
    with pytest.raises(NotFound, match="both names"):
        queries.paths(store, "Kamera", "Kamera Digital Tech")


def test_the_neighbourhood(store: Store) -> None:
    rows = queries.neighbourhood(store, "Farland", hops=2)
    assert [(row.distance, row.node.name, row.predicate, row.outward) for row in rows] == [
        (1, "Blau Bank", "located_in", False),
        (1, "Example Holding Co., Ltd.", "located_in", False),
        (2, "Cuen Zhì", "accuses", False),
        (2, "Cuen Zhì", "officer_of", False),
        (2, "Executive Order 13224", "listed_under", True),
        (2, "Kamera Digital Technology", "owned_by", False),
        (2, "Treasury", "listed_by", True),
    ]
    assert [row.node.name for row in queries.neighbourhood(store, "Farland", at="2019")] == []


def test_roles_of_a_person(store: Store) -> None:
    rows = queries.roles(store, "Cuen Zhi")
    assert [(row.predicate, row.body.name, row.since, row.status, len(row.claims)) for row in rows] == [
        ("leader_of", "Kamera Digital Technology", "2019-10-08", "asserted", 2),
        ("officer_of", "Blau Bank", "2020", "ended", 1),
    ]
    assert [row.predicate for row in queries.roles(store, "Cuen Zhi", at="2022")] == ["leader_of"]


def test_the_timeline(store: Store) -> None:
    assert [(event.date, event.what) for event in queries.timeline(store, "Blau Bank")] == [
        ("2020", "Cuen Zhì officer of Blau Bank (ended)"),
        ("2020-03-01", "Blau Bank located in Farland"),
        ("2020-03-01", "Kamera Digital Technology owned by Blau Bank (alleged)"),
        ("2021-06-30", "Blau Bank listed by Treasury"),
        ("2021-06-30", "Cuen Zhì accuses Blau Bank"),
    ]
    assert len(queries.timeline(store, "Blau Bank", at="2020")) == 3


def test_contradictions(store: Store) -> None:
    rows = queries.contradictions(store)
    assert [(row.kind, said(row.claims)) for row in rows] == [
        (
            "share",
            [
                "Kamera Digital Technology owned by Example Holding Co., Ltd. (51 %)",
                "Kamera Digital Technology owned by Example Holding Co., Ltd. (40 %)",
            ],
        ),
    ]
    assert queries.contradictions(store, "Kamera Digital Tech") == rows
    assert queries.contradictions(store, "Cuen Zhi") == []


def test_everything_a_claimant_said(store: Store) -> None:
    (claim,) = queries.said_by(store, "Geng Example")
    assert sentence(claim) == "Kamera Digital Technology implicated in abuses (denied)"
    assert claim.claimant is not None
    assert claim.claimant.name == "Geng Example"


def test_what_changed_between_two_dates(store: Store) -> None:
    rows = queries.changes(store, "2021-06-01", "2021-06-30")
    assert [(row.date, row.what, sentence(row.claims[0])) for row in rows] == [
        ("2021-06", "began", "Kamera Digital Technology delisted by Commerce Department"),
        ("2021-06-30", "began", "Blau Bank listed by Treasury"),
        ("2021-06-30", "began", "Cuen Zhì accuses Blau Bank"),
    ]


def test_explain_a_triple_and_a_claim(store: Store) -> None:
    claims = queries.explain(store, "Cuen Zhi kg:leader_of Kamera")
    assert [claim.rule for claim in claims] == ["hand/made", "hand/made"]
    assert claims[0].quotations[0].text == "Cuen Zhì heads Kamera."
    assert claims[0].quotations[0].prefix.endswith("denied any abuses. ")
    assert claims[0].quotations[0].suffix.startswith(" Example Holding owns")
    assert queries.explain(store, claims[0].iri) == [claims[0]]
    assert queries.explain(store, f"<{claims[0].iri}>") == [claims[0]]
    assert queries.explain(store, claims[0].iri.rpartition("/")[2]) == [claims[0]]
    assert said(queries.explain(store, "Kamera listed_for Abuses")) == ["Kamera Digital Technology listed for abuses"]
    for wrong in ("Cuen Zhi leader_of Farland", "nonsense of words", "kgd:claim/none"):
        with pytest.raises(KgError):
            queries.explain(store, wrong)


def test_a_triple_in_words_and_in_ntriples() -> None:
    assert split_triple("Blau Bank listed_by US Treasury") == ("Blau Bank", "listed_by", "US Treasury")
    assert split_triple("<urn:a> <https://w3id.org/sanctions-kg/ontology#planned_IPO> <urn:b> .") == (
        "<urn:a>",
        "planned_IPO",
        "<urn:b>",
    )


@pytest.mark.parametrize("date", ["2019-13", "19", "2019-1-1", "yesterday", "2019-10-07T00:00", ""])
def test_a_date_that_is_none(date: str) -> None:
    with pytest.raises(QueryError, match="is not a date"):
        check_date(date)


@pytest.mark.parametrize("path", sorted((ontology() / "queries").rglob("*.rq")), ids=lambda path: path.stem)
def test_every_query_file_runs_as_it_stands_and_says_what_it_is_for(store: Store, path: object) -> None:
    name = str(path.relative_to(ontology() / "queries").with_suffix(""))  # type: ignore[attr-defined]
    assert text(name).startswith("# ")
    assert isinstance(store.query(filled(name)), Rows)


def test_a_parameter_that_a_query_lacks_is_a_bug() -> None:
    with pytest.raises(KeyError):
        filled("names", who=[])


@given(st.text())
@settings(max_examples=40, deadline=None)
def test_no_name_breaks_a_question(name: str) -> None:
    with open_store(None) as opened:
        handmade.fill(opened)
        before = len(list(opened.quads()))
        with contextlib.suppress(KgError):
            queries.timeline(opened, name)
        assert len(list(opened.quads())) == before


def test_rows_are_frozen(store: Store) -> None:
    row = queries.roles(store, "Cuen Zhi")[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        row.status = "other"  # type: ignore[misc]
