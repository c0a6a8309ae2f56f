"""What may be related at all: pairs across sentences, names in lists, reasons given later."""

from __future__ import annotations

import pytest

from kg.extraction.candidates.generate import DocumentAnalysis, analyse
from kg.extraction.patterns.rule_loader import load_rules
from kg.nlp.pipeline import load_pipeline
from kg.resources import ontology


def analysed(text: str) -> DocumentAnalysis:
    """The analysis of a text."""
    return analyse(load_pipeline()(text), load_rules(ontology() / "relations"))


def aliases(text: str) -> set[tuple[str, str]]:
    """(name of the entity, candidate) of every alias candidate."""
    analysis = analysed(text)
    return {
        (analysis.view.entities[one.mention.entity].name, analysis.view.text[one.start : one.end])
        for one in analysis.alias_candidates
    }


def pairs(text: str) -> set[frozenset[str]]:
    """The names of both entities of every pair."""
    analysis = analysed(text)
    entities = analysis.view.entities
    return {
        frozenset((entities[one.first.entity].name, entities[one.second.entity].name))
        for one in analysis.pair_candidates
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Tarek Bensalim (a.k.a. BENSELIM, Tarik; a.k.a. Abu Yasin; a.k.a. Tarik al-Wahrani), Oran, Algeria.",
            {"BENSELIM, Tarik", "Abu Yasin", "Tarik al-Wahrani"},
        ),
        (
            "Name: Osman Kurtulan\n\nA.k.a.: a) Osman Kurtulani b) Usman Kurtlan c) Abu Osman Address: Hatay, Turkey",
            {"Osman Kurtulani", "Usman Kurtlan", "Abu Osman"},
        ),
        (
            "Pavel Drozdenko was listed in May. Other name: (1) Pavlo DROZD (2) P. DROZDENKO POB: Odesa.",
            {"Pavlo DROZD", "P. DROZDENKO"},
        ),
        ("The tanker Ardent Lily, ex Nordic Dawn, was listed in May.", {"Nordic Dawn"}),
        ('Prosecutors say that Igor Lapshin, "Uncle Gosha" to his men, fled.', {"Uncle Gosha"}),
    ],
)
def test_other_names_are_candidates(text: str, wanted: set[str]) -> None:
    assert wanted <= {alias for _, alias in aliases(text)}


def test_a_name_is_no_candidate_of_itself() -> None:
    found = aliases('The Treasury listed Orvelin Trading LLC in May. "Orvelin Trading LLC" sold bearings.')
    assert ("Orvelin Trading LLC", "Orvelin Trading LLC") not in found


def test_the_sentences_before_are_paired_with_one_that_goes_on() -> None:
    text = (
        "Orvelin Trading LLC sold bearings for ten years. Its premises are in Sharjah. The rest of the shares "
        "is held by Nasrin Habibi."
    )
    found = pairs(text)
    assert frozenset(("Orvelin Trading LLC", "Sharjah")) in found
    assert frozenset(("Orvelin Trading LLC", "Nasrin Habibi")) in found


def test_a_reason_two_sentences_behind_a_listing_is_weighed() -> None:
    text = (
        "The United States imposed sanctions on Orvelin Trading LLC and Nasrin Habibi on Monday. The measures took "
        "effect at once. They had shipped drone engines to Iran for years."
    )
    analysis = analysed(text)
    found = {
        (analysis.view.entities[one.mention.entity].name, analysis.view.text[one.start : one.end])
        for one in analysis.text_objects
    }
    assert any("Orvelin" in name and "shipped drone engines" in reason for name, reason in found)


def test_an_offence_of_one_word_is_a_text_object() -> None:
    analysis = analysed("Pavel Drozdenko was convicted of embezzlement in 2019.")
    assert "embezzlement" in {analysis.view.text[one.start : one.end] for one in analysis.text_objects}
