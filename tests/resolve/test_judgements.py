"""Names, their comparison and index; judgements that a person can overrule and undo; clusters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import NotFound
from kg.lists.importer import import_list
from kg.matching.blocking import NameIndex
from kg.matching.compare import compare
from kg.matching.evidence import Facts, adjust, compare_attributes
from kg.matching.names import analyze, fold, latin
from kg.matching.phonetics import phonetic_key
from kg.model import Document, Entity, EntityType, Extraction
from kg.namespaces import dataset_iri, document_iri, entity_iri, listed_iri
from kg.rdf.serialize import quads
from kg.resolve import resolve
from kg.resolve.judgements import JUDGEMENTS, RESOLUTION, decide, read_judgements, undo
from kg.store import Rows, Store, open_store
from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "entity-list-2019-10-09.csv"

#: Common words are common in it, so that they weigh little.
KNOWN = [
    *(f"TRADING COMPANY {word}" for word in "Alfa Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa".split()),
    *(f"Mohammed {word}" for word in "Tarazi Nouri Sabbagh Haddad Mansour Rahimi Qureshi Farouk Zaman Daoud".split()),
    "HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD.",
    "PRIGOZHIN, Yevgeniy Viktorovich",
    "LOPEZ PALACIOS, Liliana",
    "AL-ZAWAHIRI, Dr. Ayman",
    "KUM SONG 7",
    "Sense Time",
    "OBSHCHESTVO S OGRANICHENNOI OTVETSTVENNOSTYU 'ACHIM DEVELOPMENT'",
]


@pytest.fixture(scope="module")
def index() -> NameIndex:
    """The known names, each its own owner."""
    return NameIndex([(analyze(name), number) for number, name in enumerate(KNOWN)])


def best(index: NameIndex, name: str, *, person: bool = False) -> tuple[str, float]:
    """The known name that comes nearest, and its score."""
    asked = analyze(name)
    scored = [
        (compare(asked, index.names[number], index.weights, person=person).score, -number)
        for number in index.candidates(asked)
    ]
    if not scored:
        return "", 0.0
    score, number = max(scored)
    return index.names[-number].text, score


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("Hikvision Hangzhou Digital Technology", "HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD."),
        ("Hangzhou Hikvison Digital Technology Company Limited", "HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD."),
        ("Евгений Викторович Пригожин", "PRIGOZHIN, Yevgeniy Viktorovich"),
        ("Evgeny Prigozhin", "PRIGOZHIN, Yevgeniy Viktorovich"),
        ("Liliana Lopez Palacios", "LOPEZ PALACIOS, Liliana"),
        ("Palacios Lopez, Liliana", "LOPEZ PALACIOS, Liliana"),
        ("Ayman Zawahiri", "AL-ZAWAHIRI, Dr. Ayman"),
        ("Sheikh Ayman al Zawahri", "AL-ZAWAHIRI, Dr. Ayman"),
        ("Muhammad Sabag", "Mohammed Sabbagh"),
        ("SenseTime", "Sense Time"),
        ("Achim Development OOO", "OBSHCHESTVO S OGRANICHENNOI OTVETSTVENNOSTYU 'ACHIM DEVELOPMENT'"),
        ("L. Lopez Palacios", "LOPEZ PALACIOS, Liliana"),
    ],
)
def test_spellings_of_one_name(index: NameIndex, asked: str, known: str) -> None:
    name, score = best(index, asked, person=True)
    assert name == known
    assert score >= 0.83


@pytest.mark.parametrize(
    "asked",
    [
        "Trading Company",
        "CORP",
        "Co., Ltd.",
        "J.",
        "M. T.",
        "Mohammed",
        "Kum Song 5",
        "Digital Technology",
        "Mohammed Yassin",
    ],
)
def test_initials_legal_forms_and_common_words_match_nothing(index: NameIndex, asked: str) -> None:
    assert best(index, asked)[1] < 0.83


def test_transliteration_and_sound() -> None:
    assert latin("Щербаков") == "Shcherbakov"
    assert analyze("华为技术有限公司").words == analyze("Hua Wei Ji Shu").words
    assert phonetic_key("qadhafi") == phonetic_key("kadafi")
    assert phonetic_key("hussein") == phonetic_key("husayn")
    assert phonetic_key("naumov") == phonetic_key("naumau")


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(latin(text))) == fold(latin(text))


@settings(max_examples=60)
@given(st.permutations("liliana lopez palacios restrepo".split()))
def test_the_order_of_words_is_irrelevant(words: list[str]) -> None:
    index = NameIndex([(analyze("Liliana Lopez Palacios Restrepo"), 0)])
    assert compare(analyze(" ".join(words)), index.names[0], index.weights).score == pytest.approx(1.0, abs=0.03)


def test_dates_countries_and_numbers_speak_for_and_against() -> None:
    one = Facts("Person", ("1961-06-01",), ("Russia",), (("inn", "780 1"),))
    assert adjust(0.85, compare_attributes(one, Facts("Person", ("1961-06-01",), ("RU",)))) == pytest.approx(1.0)
    assert adjust(0.95, compare_attributes(one, Facts("Person", ("1990",), ("Iran",)))) < 0.7
    assert adjust(0.1, compare_attributes(one, Facts("Person", (), (), (("inn", "7801"),)))) == 1.0
    assert adjust(0.95, compare_attributes(one, Facts("Vessel"))) < 0.7


def document(name: str, *entities: tuple[EntityType, str, tuple[str, ...]]) -> Extraction:
    """A text that names these entities and says nothing of them."""
    made = tuple(Entity(f"e{n}", kind, main, (main, *names)) for n, (kind, main, names) in enumerate(entities))
    return Extraction(Document(name, name), made)


HIK = entity_iri("Company", "Hangzhou Hikvision Digital Technology")
LISTED_HIK = listed_iri("bis-entity-list", "Hikvision")


@pytest.fixture
def store() -> Iterator[Store]:
    """The example list and a text about some of its companies."""
    with open_store(None) as opened:
        import_list(opened, "entity-list", [EXAMPLE])
        text = document(
            "text",
            (EntityType.COMPANY, "Hangzhou Hikvision Digital Technology", ("Hikvision",)),
            (EntityType.COMPANY, "Megvii Technology", ("Megvii",)),
            (EntityType.COMPANY, "Alibaba Group Holding", ("Alibaba",)),
            (EntityType.GOVERNMENT_BODY, "US Commerce Department", ()),
            (EntityType.GOVERNMENT_BODY, "U.S. Department of Commerce", ()),
            (EntityType.COUNTRY, "PRC", ()),
        )
        opened.replace_graphs({document_iri("text"): list(quads(text))})
        yield opened


def pairs(store: Store) -> dict[tuple[str, str], tuple[str, str]]:
    """Pair -> verdict and who decided."""
    return {item.pair: (item.verdict, item.decided_by) for item in read_judgements(store)}


def canonical(store: Store) -> dict[str, str]:
    """Node -> the one that stands for it."""
    answer = store.query("SELECT ?node ?head { ?node kg:canonical ?head }")
    assert isinstance(answer, Rows)
    return {str(node): str(head) for node, head in answer.values()}


def test_a_text_and_a_list_speak_of_one_company(store: Store) -> None:
    sources = {graph: sorted(map(str, store.quads(graph))) for graph in store.graph_names()}
    report = resolve(store)
    heads = canonical(store)
    assert heads[LISTED_HIK] == HIK
    assert entity_iri("Company", "Alibaba Group Holding") not in {*heads, *heads.values()}
    for kind, one, other in (
        ("GovernmentBody", "US Commerce Department", "U.S. Department of Commerce"),
        ("Country", "China", "PRC"),
    ):
        left, right = entity_iri(kind, one), entity_iri(kind, other)
        assert heads.get(left, left) == heads.get(right, right)
    assert store.query(f"ASK {{ GRAPH <{RESOLUTION}> {{ <{HIK}> kg:listed_on ?list }} }}") is True
    assert report.clusters == len(set(heads.values()))
    assert {graph: sorted(map(str, store.quads(graph))) for graph in sources} == sources
    assert all(item.reasons for item in read_judgements(store))
    before = sorted(map(str, store.quads()))
    resolve(store)
    assert sorted(map(str, store.quads())) == before


def test_what_a_person_decides_wins_survives_and_can_be_undone(store: Store) -> None:
    resolve(store)
    pair = min(HIK, LISTED_HIK), max(HIK, LISTED_HIK)
    assert pairs(store)[pair] == ("same", "rule")
    decision = decide(store, LISTED_HIK, HIK, "different", "a namesake")
    resolve(store)
    assert pairs(store)[pair] == ("different", "person")
    assert LISTED_HIK not in canonical(store)
    import_list(store, "entity-list", [EXAMPLE])
    resolve(store)
    assert pairs(store)[pair] == ("different", "person")
    assert read_judgements(store)[0].reasons or True
    undo(store, decision.id[:8])
    resolve(store)
    assert pairs(store)[pair] == ("same", "rule")
    assert canonical(store)[LISTED_HIK] == HIK


def test_a_person_joins_what_the_rule_would_not(store: Store) -> None:
    resolve(store)
    alibaba, megvii = entity_iri("Company", "Alibaba Group Holding"), entity_iri("Company", "Megvii Technology")
    decide(store, alibaba, megvii, "same", "for the sake of the test")
    resolve(store)
    heads = canonical(store)
    assert heads.get(alibaba, alibaba) == heads.get(megvii, megvii)


def test_judgements_name_what_they_cannot_find(store: Store) -> None:
    resolve(store)
    with pytest.raises(NotFound, match="no entity of this IRI"):
        decide(store, HIK, "https://example.org/none", "same")
    with pytest.raises(NotFound, match="0 judgements"):
        undo(store, "ffffffffffff")
    by_rule = next(item for item in read_judgements(store) if item.decided_by == "rule")
    with pytest.raises(NotFound, match="nobody did"):
        undo(store, by_rule.id)


def test_two_entries_of_one_list_are_never_joined(tmp_path: Path) -> None:
    path = tmp_path / "twins.csv"
    header = EXAMPLE.read_text("utf-8").splitlines()[0]
    rows = ["Orient Star Shipping Ltd.,Company,,China,,1,2020-01-01,2020-01-01,x"]
    rows += ["Orient Star Shipping Inc.,Company,,Iran,,1,2020-01-01,2020-01-01,x"]
    path.write_text("\n".join([header, *rows, ""]), "utf-8")
    with open_store(None) as store:
        import_list(store, "entity-list", [path])
        text = document("t", (EntityType.COMPANY, "Orient Star Shipping", ()))
        store.replace_graphs({document_iri("t"): list(quads(text))})
        report = resolve(store)
        assert (report.same, report.unsure) == (0, 2)
        assert any("another entry of the list fits as well" in item.reasons for item in read_judgements(store))


def test_the_graphs_that_follow_can_be_deleted_and_computed_anew(store: Store) -> None:
    resolve(store)
    before = {graph: sorted(map(str, store.quads(graph))) for graph in (JUDGEMENTS, RESOLUTION)}
    store.replace_graphs({JUDGEMENTS: [], RESOLUTION: []})
    resolve(store)
    assert {graph: sorted(map(str, store.quads(graph))) for graph in before} == before
    store.replace_graphs({dataset_iri("bis-entity-list"): []})
    resolve(store)
    assert LISTED_HIK not in canonical(store)
