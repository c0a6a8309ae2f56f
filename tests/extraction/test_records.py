"""Records as claims: one party for its names, cells of its own, the act and day of what governs it."""

from __future__ import annotations

import pytest

from kg.extraction.extractor import load_extractor
from kg.model import Document, Extraction, Status

NOTICE = """Notice of OFAC Sanctions Actions

On March 5, 2024, OFAC determined that the property of the following person is blocked under Executive Order 14038.

""" + (
    "1. KELLAN, Jorun Pavel (a.k.a. KELAN, Jorun; f.k.a. KELLEN, Jorun), Oslo, Norway; DOB 01 Jan 1970; POB Bergen, "
    "Norway; nationality Norway; Passport KB12345 (Norway) (individual) [BELARUS-EO14038] "
    "(Linked To: FJORD TRADING LLC)."
)
_ROWS = (
    ("", "Name", "Identifying information", "Statement of reasons", "Date of listing"),
    (
        "1.",
        "Jorun Pavel KELLAN",
        "DOB: 3.6.1977; nationality: Norwegian",
        "Jorun Kellan is the owner of Fjord Trading LLC.",
        "27.5.2024",
    ),
    (
        "2.",
        "Fjord Trading LLC (a.k.a. Fjordtrade)",
        "Place of registration: Tromso, Norway",
        "Fjord Trading LLC sells oil.",
        "28.5.2024",
    ),
)
ANNEX = """COUNCIL IMPLEMENTING REGULATION (EU) 2024/9999

THE COUNCIL OF THE EUROPEAN UNION,

ANNEX

The following persons and entities are added to the list:

""" + "\n".join(f"| {' | '.join(row)} |" for row in _ROWS)


def said(found: Extraction) -> set[tuple[str, str, str]]:
    names = {entity.id: entity.name for entity in found.entities}
    return {(names[c.subject], c.predicate, c.object if c.object_text else names[c.object]) for c in found.claims}


@pytest.fixture(scope="module")
def read() -> tuple[Extraction, Extraction]:
    notice, annex = load_extractor().many([Document("n", NOTICE), Document("a", ANNEX)])
    return notice, annex


def test_an_entry_says_its_fields_and_who_listed_it(read: tuple[Extraction, Extraction]) -> None:
    party = "KELLAN, Jorun Pavel"
    assert said(read[0]) >= {
        (party, "listed_by", "OFAC"), (party, "citizen_of", "Norway"), (party, "born_in", "Bergen"),
        (party, "also_known_as", "KELAN, Jorun"), (party, "associated_with", "FJORD TRADING LLC"),
    }  # fmt: skip
    claims = {(c.predicate, c.object): c for c in read[0].claims}
    assert claims["also_known_as", "KELLEN, Jorun"].status is Status.ENDED
    assert next(c for c in read[0].claims if c.predicate == "listed_by").date == "2024-03-05"
    attributes = dict(next(e for e in read[0].entities if e.name == party).attributes)
    assert (attributes["birth_date"], attributes["passport"]) == ("1970-01-01", "KB12345")


def test_evidence_stands_in_the_document_as_read(read: tuple[Extraction, Extraction]) -> None:
    for found in read:
        for claim in found.claims:
            assert found.document.text[claim.evidence.start : claim.evidence.end] == claim.evidence.text
        for entity in found.entities:
            for mention in entity.mentions:
                assert found.document.text[mention.start : mention.end] == mention.text


def test_cells_do_not_leak(read: tuple[Extraction, Extraction]) -> None:
    triples = said(read[1])
    person, firm = "Jorun Pavel KELLAN", "Fjord Trading LLC"
    assert (firm, "also_known_as", "Fjordtrade") in triples
    assert not any(s == firm and p == "citizen_of" for s, p, _ in triples)
    assert not any(s != firm and p == "located_in" and "Tromso" in o for s, p, o in triples)
    listed = {c.subject: c.date for c in read[1].claims if c.predicate == "listed_by"}
    names = {entity.name: entity.id for entity in read[1].entities}
    assert (listed.get(names.get(person, "")), listed.get(names[firm])) == ("2024-05-27", "2024-05-28")
