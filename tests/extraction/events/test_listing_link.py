"""Who is linked to an act of listing and who merely stands near, on texts read by the packaged pipeline."""

from __future__ import annotations

import pytest

from kg.extraction.extractor import load_extractor
from kg.model import Document, Status


def listed(text: str, *predicates: str) -> set[tuple[str, str, str]]:
    """(subject, predicate, status) of the listings and delistings that are read in a text."""
    (found,) = load_extractor().many([Document("one", text, date="2024-04-17")])
    names = {entity.id: entity.name for entity in found.entities}
    wanted = predicates or ("listed_by", "listed_on", "listed_under")
    return {(names[one.subject], one.predicate, str(one.status)) for one in found.claims if one.predicate in wanted}


@pytest.mark.parametrize(
    ("text", "bystander"),
    [
        ("OFAC sanctioned Ivan Petrov for the murder of the journalist Vera Holt.", "Vera Holt"),
        ("OFAC sanctioned Tarn Shipping, whose former owner Vera Holt died in 2019.", "Vera Holt"),
        ("Vera Holt, the former chairman of Tarn Bank, was sanctioned by Canada.", "Tarn Bank"),
    ],
)
def test_who_merely_stands_near_is_not_listed(text: str, bystander: str) -> None:
    found = listed(text)
    assert found
    assert bystander not in {subject for subject, _, _ in found}


@pytest.mark.parametrize(
    "text",
    [
        "The Federal Reserve designated Tarn Bank as systemically important.",
        "The Treasury Department listed Germany and Japan on its currency monitoring list.",
        "The United States imposed tariffs on Tarn Stahl and Nord Steel.",
    ],
)
def test_another_sense_of_listing_is_none(text: str) -> None:
    assert not listed(text)


def test_a_removal_lists_nobody_and_takes_both_names_off() -> None:
    text = "The Council of the European Union removed Alpha Marine and Brevik Trading from its sanctions list."
    assert {subject for subject, _, _ in listed(text, "delisted_by")} == {"Alpha Marine", "Brevik Trading"}
    assert all(status == Status.ENDED for _, _, status in listed(text))


def test_the_list_below_a_removal_is_one_of_removals() -> None:
    text = "OFAC is removing the following persons from the SDN List:\n\n- Alder Marine Ltd.\n- Brevik Trading FZE\n"
    assert len(listed(text, "delisted_by")) == 2
    assert all(status == Status.ENDED for _, _, status in listed(text))


def test_parties_of_a_counted_group_are_those_of_the_list_below() -> None:
    text = (
        "Canada is imposing sanctions on 2 individuals and 1 entity.\n\nIndividuals:\n\n• Oleg Marin\n"
        "• Viktor Hadek\n\nEntities:\n\n• Grom Invest\n"
    )
    assert {subject for subject, _, _ in listed(text, "listed_by")} == {"Oleg Marin", "Viktor Hadek", "Grom Invest"}


def test_a_refused_listing_says_why() -> None:
    text = "OFAC sanctioned Tarn Shipping, whose former owner Vera Holt died in 2019."
    (found,) = load_extractor().many([Document("one", text)], rejected=True)
    names = {entity.id: entity.name for entity in found.entities}
    reasons = [
        why for claim, why in found.rejected if names[claim.subject] == "Vera Holt" and "list" in claim.predicate
    ]
    assert any("no link" in why for why in reasons)
