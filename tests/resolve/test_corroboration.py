"""Claims of texts against the lists: confirmed, text only, list only, conflict, as of a date."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.lists.importer import import_list
from kg.model import Claim, Document, Entity, EntityType, Evidence, Extraction, Status
from kg.namespaces import document_iri
from kg.rdf.serialize import quads
from kg.resolve import resolve
from kg.resolve.corroboration import CORROBORATION, Corroboration, corroborate
from kg.store import Store, open_store
from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "entity-list-2019-10-09.csv"
WORDS = Evidence(0, 4, "They")


def article(date: str, *claims: Claim, name: str = "article") -> Extraction:
    """A text of that day in which these claims stand."""
    entities = (
        Entity("hik", EntityType.COMPANY, "Hangzhou Hikvision Digital Technology", ("Hikvision",)),
        Entity("sense", EntityType.COMPANY, "SenseTime Group", ("SenseTime",)),
        Entity("megvii", EntityType.COMPANY, "Megvii Technology", ("Megvii",)),
        Entity("alibaba", EntityType.COMPANY, "Alibaba Group Holding", ("Alibaba",)),
        Entity("us", EntityType.COUNTRY, "United States", ("Trump administration",)),
        Entity("commerce", EntityType.GOVERNMENT_BODY, "US Commerce Department", ()),
        Entity("ofac", EntityType.GOVERNMENT_BODY, "OFAC", ()),
        Entity("eu", EntityType.ORGANIZATION, "European Union", ("EU",)),
        Entity("list", EntityType.LIST, "entity list", ("Entity List",)),
        Entity("ross", EntityType.PERSON, "Wilbur Ross", ()),
    )
    return Extraction(Document(name, "They were listed.", date=date), entities, claims)


def listed(subject: str, target: str, predicate: str = "listed_by", date: str | None = None) -> Claim:
    """A claim that somebody was listed."""
    return Claim(subject, predicate, target, WORDS, date=date)


@pytest.fixture
def store() -> Iterator[Store]:
    """The example list."""
    with open_store(None) as opened:
        import_list(opened, "entity-list", [EXAMPLE])
        yield opened


def corroborated(store: Store, extraction: Extraction, at: str | None = None) -> dict[tuple[str, str], Corroboration]:
    """What the lists say, by subject and predicate."""
    store.replace_graphs({document_iri(extraction.document.id): list(quads(extraction))})
    resolve(store)
    return {(item.subject_name, item.predicate): item for item in corroborate(store, at)}


def test_the_seed_case(store: Store) -> None:
    found = corroborated(
        store,
        article(
            "2019-10-08",
            listed("hik", "us"),
            listed("hik", "list", "listed_on"),
            listed("sense", "commerce", date="2019-10-07"),
            listed("alibaba", "us"),
            Claim("ross", "leader_of", "commerce", WORDS),
        ),
    )
    hik = found["Hangzhou Hikvision Digital Technology", "listed_by"]
    assert (hik.status, hik.list, hik.since) == ("confirmed", "Entity List", "2019-10-09")
    assert found["Hangzhou Hikvision Digital Technology", "listed_on"].status == "confirmed"
    assert found["SenseTime Group", "listed_by"].status == "confirmed"
    alibaba = found["Alibaba Group Holding", "listed_by"]
    assert alibaba.status == "text_only"
    assert str(alibaba).endswith("text only: not found on the Entity List as imported")
    megvii = found["Megvii Technology", "listed_on"]
    assert (megvii.status, megvii.claim) == ("list_only", "")
    assert found["Wilbur Ross", "leader_of"].status == "text_only"
    assert (
        store.query(f"ASK {{ GRAPH <{CORROBORATION}> {{ ?claim kg:corroboration kg:confirmed ; kg:predicate ?p }} }}")
        is False
    )
    assert (
        store.query("ASK { ?c kg:corroborates ?claim ; kg:corroboration kg:confirmed . ?claim kg:subject ?who }")
        is True
    )


def test_another_authority_or_date_is_a_conflict(store: Store) -> None:
    by_ofac = corroborated(store, article("2019-10-08", listed("hik", "ofac")))
    assert by_ofac["Hangzhou Hikvision Digital Technology", "listed_by"].status == "text_only"
    dated = corroborated(store, article("2019-10-08", listed("hik", "commerce", date="2015-03")))
    conflict = dated["Hangzhou Hikvision Digital Technology", "listed_by"]
    assert (conflict.status, conflict.since) == ("conflict", "2019-10-09")
    early = corroborated(store, article("2018-01-01", listed("hik", "commerce")))
    assert early["Hangzhou Hikvision Digital Technology", "listed_by"].status == "conflict"


def test_a_list_of_another_body_is_no_answer(store: Store) -> None:
    found = corroborated(store, article("2019-10-08", listed("hik", "eu"), listed("alibaba", "eu")))
    assert found["Alibaba Group Holding", "listed_by"].note == "no list of European Union was imported"
    hik = found["Hangzhou Hikvision Digital Technology", "listed_by"]
    assert (hik.status, hik.note) == ("text_only", "no list of European Union was imported; it is on Entity List")


def test_as_of_a_day_after_the_listing_ended(store: Store, tmp_path) -> None:  # type: ignore[no-untyped-def]
    later = tmp_path / "later.csv"
    lines = [line for line in EXAMPLE.read_text("utf-8").splitlines(keepends=True) if not line.startswith("Hikvision")]
    later.write_text(
        "".join(lines).replace("84 FR 54002,2019-10-09,2019-10-09", "84 FR 54002,2019-10-09,2021-02-01", 1), "utf-8"
    )
    import_list(store, "entity-list", [later])
    said = article("2019-10-08", listed("hik", "commerce"))
    name = "Hangzhou Hikvision Digital Technology", "listed_by"
    assert corroborated(store, said)[name].status == "confirmed"
    after = corroborated(store, said, at="2022-06-01")[name]
    assert (after.status, after.as_of) == ("conflict", "2022-06-01")
    assert "ended on 2021-02-01" in after.note


def test_denied_claims_are_left_alone_and_no_list_means_no_answer(store: Store) -> None:
    denied = Claim("hik", "listed_by", "us", WORDS, status=Status.DENIED)
    assert ("Hangzhou Hikvision Digital Technology", "listed_by") not in corroborated(
        store, article("2019-10-08", denied)
    )
    with open_store(None) as bare:
        bare.replace_graphs({document_iri("article"): list(quads(article("2019-10-08", listed("hik", "us"))))})
        assert corroborate(bare) == []
        assert CORROBORATION not in bare.graph_names()
