"""Identity: contradictions stop a merge, common words join nothing alone, context does, whatever came first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.matching.evidence import Facts
from kg.matching.identity import contradictions, far_apart, support
from kg.model import Claim, Document, Entity, EntityType, Evidence, Extraction
from kg.namespaces import document_iri
from kg.rdf.serialize import quads, text_entity_iri
from kg.resolve.judgements import read_judgements
from kg.resolve.settle import settle
from kg.store import Store, open_store
from tests.ownership.answers import add, company, record, sanction

PERSON, COMPANY, BODY = EntityType.PERSON, EntityType.COMPANY, EntityType.GOVERNMENT_BODY
COMMON = [
    "Mohammed Ali",
    "John Smith",
    "Wang Wei",
    "Ivan Petrov",
    "Jose Garcia",
    "Kim Chol",
    "Ali Hassan",
    "Maria Lopez",
]


def text(name: str, *entities: Entity, claims: Iterable[tuple[str, str, str]] = ()) -> Extraction:
    """A text that names these entities (by their ids) and makes these claims."""
    words = " ".join(entity.name for entity in entities) + "."
    made = tuple(Claim(*claim, Evidence(0, len(words), words)) for claim in claims)
    return Extraction(Document(name, words, name, "2020-01-01"), entities, made)


def person(name: str, **attributes: str) -> Entity:
    return Entity(name, PERSON, name, (name,), (), tuple(sorted(attributes.items())))


def holding_texts(store: Store, texts: Iterable[Extraction]) -> None:
    store.replace_graphs({document_iri(one.document.id): list(quads(one)) for one in texts})


def listed_people(names: Iterable[str], **more: str) -> list[dict[str, Any]]:
    """Listed persons of these names."""
    made: list[dict[str, Any]] = []
    for name in names:
        made += [
            record("Person", f"listed {name}", name=name, **more),
            sanction(f"listed {name}", "OFAC", program="SDN"),
        ]
    return made


def joined(store: Store, verdict: str = "same") -> set[frozenset[str]]:
    """The pairs of nodes with this verdict."""
    return {frozenset(item.pair) for item in read_judgements(store) if item.verdict == verdict}


def test_common_names_alone_join_nothing(tmp_path: Path) -> None:
    trades = ["shopkeeper", "teacher", "footballer", "driver", "nurse", "poet"]
    texts = [text(f"{name} {trade}", person(name)) for name in COMMON for trade in trades]
    with open_store(None) as store:
        add(store, tmp_path, listed_people(COMMON))
        holding_texts(store, texts)
        settle(store)
        assert joined(store) == set()
        assert joined(store, "unsure")  # a person may look at them


def test_context_joins_the_listed_person(tmp_path: Path) -> None:
    body = Entity("body", BODY, "Office of Foreign Assets Control")
    texts = [text(f"{name} act", person(name), body, claims=[(name, "listed_by", "body")]) for name in COMMON]
    with open_store(None) as store:
        add(store, tmp_path, listed_people(COMMON))
        holding_texts(store, texts)
        settle(store)
        assert len(joined(store)) >= 0.8 * len(COMMON)


def test_a_rare_name_needs_no_more(tmp_path: Path) -> None:
    with open_store(None) as store:
        add(store, tmp_path, listed_people(["Yevgeny Prigozhin", *COMMON]))
        holding_texts(store, [text("a", person("Yevgeny Prigozhin"))])
        settle(store)
        assert len(joined(store)) == 1


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ({"birthDate": "1955-03-04"}, {"birthDate": "1990-07-08"}, "different"),
        ({"birthDate": "1970-01-01"}, {"birthDate": "1971-03-03"}, "unsure"),
        ({"birthDate": "1980-01-02"}, {"birthDate": "1980-10-10"}, "unsure"),
        ({"birthDate": "1980-03-02"}, {"birthDate": "1980-02-03"}, "same"),
        ({"birthDate": "1980"}, {"birthDate": "1981-02-03"}, "same"),
        ({"gender": "male"}, {"gender": "female"}, "different"),
        ({"nationality": "ae"}, {"nationality": "sy"}, "unsure"),
        ({"nationality": "ae", "passportNumber": "A1"}, {"nationality": "sy", "passportNumber": "A1"}, "same"),
        ({"innCode": "7707083893"}, {"innCode": "7702070139"}, "different"),
        ({}, {}, "same"),
    ],
)
def test_what_contradicts_stops_a_merge(
    tmp_path: Path, one: dict[str, str], other: dict[str, str], verdict: str
) -> None:
    with open_store(None) as store:
        add(store, tmp_path, listed_people(["Zorislav Quillfeather"], **one), "first")
        add(store, tmp_path, [*listed_people(["Zorislav Quillfeather"], **other), *listed_people(COMMON)], "second")
        settle(store)
        assert {item.verdict for item in read_judgements(store)} == {verdict}


def test_facts_for_and_against() -> None:
    assert contradictions(Facts(birth_dates=("1955",)), Facts(birth_dates=("1990-01-01",)))
    assert not contradictions(Facts(birth_dates=("1955", "1990")), Facts(birth_dates=("1990-01-01",)))
    assert far_apart(Facts(genders=("male",)), Facts(genders=("F",)))
    assert support(Facts(listed_by=("OFAC",)), Facts(listed_by=("OFAC",)))[0] > 0
    assert support(Facts(listed_by=("OFAC",)), Facts(listed_by=("OFAC",)), of_lists=True)[0] == 0


def test_names_that_tell_little_are_things_of_their_document() -> None:
    def iri(kind: EntityType, name: str, document: str, **attributes: str) -> str:
        return text_entity_iri(Entity("e", kind, name, (), (), tuple(attributes.items())), document)

    for kind, name in ((PERSON, "Anna"), (PERSON, "John Smith"), (BODY, "Ministry of Defence"), (BODY, "Committee")):
        assert iri(kind, name, "a") != iri(kind, name, "b")
    for kind, name in (
        (PERSON, "Yevgeny Prigozhin"),
        (COMPANY, "Hikvision"),
        (BODY, "Office of Foreign Assets Control"),
    ):
        assert iri(kind, name, "a") == iri(kind, name, "b")
    general = iri(PERSON, "Zorislav Quillfeather", "a", birth_date="1955-01-01")
    assert general != iri(PERSON, "Zorislav Quillfeather", "b", birth_date="1990")


def test_the_order_of_texts_and_lists_is_no_matter(tmp_path: Path) -> None:
    body = Entity("body", BODY, "OFAC")
    texts = [text("a", person("Mohammed Ali"), body, claims=[("Mohammed Ali", "listed_by", "body")])]
    texts.append(text("b", person("Yevgeny Prigozhin"), Entity("c", COMPANY, "Orange Fields Works")))
    lists = [*listed_people(["Mohammed Ali", "Yevgeny Prigozhin"]), company("Orange Fields Works")]
    graphs = []
    for texts_first in (True, False):
        with open_store(None) as store:
            for part in ("texts", "list") if texts_first else ("list", "texts"):
                if part == "texts":
                    holding_texts(store, texts)
                else:
                    add(store, tmp_path, lists)
                settle(store)
            graphs.append(sorted(map(str, store.quads())))
    assert graphs[0] == graphs[1]


def test_one_name_for_two_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with open_store(folder) as store:
        add(store, tmp_path, listed_people(["Nadezhda Unikova"]), "first")
        add(store, tmp_path, listed_people(["Nadezhda Unikova"]), "second")
        settle(store)
    name = "Nadezhda Unikova"
    answer = CliRunner().invoke(cli, ["resolve", "--different", name, name, "--store", str(folder)])
    assert "the name stands for several" in str(answer.exception)
