"""Acts of listing read over a whole text, groups that are counted out, posts that a government's name tells."""

from __future__ import annotations

import pytest

from kg.extraction.candidates.generate import DocumentAnalysis, analyse
from kg.extraction.patterns.rule_loader import load_rules
from kg.nlp.pipeline import load_pipeline
from kg.resources import ontology

RULES = load_rules(ontology() / "relations")


def reading(text: str) -> DocumentAnalysis:
    """The reading of a text by the packaged pipeline."""
    return analyse(load_pipeline()(text), RULES)


def said(text: str, predicate: str) -> set[tuple[str, str]]:
    """The pairs that rules of acts, posts and groups join in a text, by name; a text object in its own words."""
    found = reading(text)
    names = {f"e{number}": cluster.name for number, cluster in enumerate(found.clusters, start=1)}
    doc = found.view.doc
    return {
        (
            names[one.subject].rstrip("."),
            names[one.object] if one.object else doc[one.object_start : one.object_end].text,
        )
        for one in found.matches
        if one.predicate == predicate
    }


ARTICLE = (
    "The Commerce Department on Monday blacklisted four Ruritanian companies over the sale of spyware. "
    "The companies that are blacklisted are Alpha Systems Ltd and Beta Dynamics Inc. "
    "Among them, Gamma Holdings LLC was also included. The other company is Delta Group Ltd, a maker of cameras."
)


def test_members_named_in_other_sentences_are_listed_by_the_body_that_acts() -> None:
    listed = said(ARTICLE, "listed_by")
    for company in ("Alpha Systems Ltd", "Beta Dynamics Inc", "Gamma Holdings LLC", "Delta Group Ltd"):
        assert (company, "Commerce Department") in listed


def test_a_reason_given_for_the_group_is_the_reason_of_each_member() -> None:
    assert ("Delta Group Ltd", "the sale of spyware") in said(ARTICLE, "listed_for")


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        (
            "Alpha Systems Ltd was placed on the Commerce Department's Entity List on Friday.",
            ("Alpha Systems Ltd", "Commerce Department"),
        ),
        (
            "The United States imposed new sanctions on Alpha Systems Ltd and Beta Dynamics Inc.",
            ("Beta Dynamics Inc", "United States"),
        ),
        (
            "The European Union froze the assets of Alpha Systems Ltd in March.",
            ("Alpha Systems Ltd", "European Union"),
        ),
        (
            "Alpha Systems Ltd is on the sanctions lists of Canada, Japan and Ukraine.",
            ("Alpha Systems Ltd", "Ukraine"),
        ),
    ],
)
def test_one_clause_tells_who_lists_whom(text: str, pair: tuple[str, str]) -> None:
    assert pair in said(text, "listed_by")


def test_who_is_merely_mentioned_beside_a_listing_is_no_member() -> None:
    text = "The Commerce Department blacklisted Alpha Systems Ltd. Its customer Beta Dynamics Inc made no comment."
    assert "Beta Dynamics Inc" not in {subject for subject, _ in said(text, "listed_by")}


def test_what_is_said_of_a_group_is_said_of_the_members_that_are_counted_out() -> None:
    text = (
        "Ivan Petrov is the general director of three Russia-based businesses. "
        "These entities include Alpha Systems Ltd, Beta Dynamics Inc and Gamma Holdings LLC."
    )
    found = reading(text)
    (group,) = [cluster for cluster in found.clusters if cluster.members]
    assert {found.clusters[member].name for member in group.members} == {
        "Alpha Systems Ltd",
        "Beta Dynamics Inc",
        "Gamma Holdings LLC",
    }
    places = [found.view.doc[span.start : span.end].text for span in group.spans]
    assert places == ["businesses", "entities"]
    assert {span.sieve for span in group.spans} == {"enumeration"}


def test_the_items_of_a_list_are_the_group_that_leads_into_it() -> None:
    text = (
        "The following two individuals are designated for supporting the regime:\n\n"
        "- Ivan Petrov is a banker.\n- Oleg Orlov is a general.\n\nThey live abroad."
    )
    found = reading(text)
    groups = [{found.clusters[member].name for member in one.members} for one in found.clusters if one.members]
    assert {"Ivan Petrov", "Oleg Orlov"} in groups


def test_a_government_that_bears_a_name_is_headed_by_its_bearer() -> None:
    text = (
        "The Biden administration announced the step. President Joe Biden signed the order on Friday, "
        "and Vice President Kamala Harris defended it. The United States had warned of it."
    )
    assert ("Joe Biden", "United States") in said(text, "leader_of")
    assert ("Kamala Harris", "United States") in said(text, "officer_of")


def test_a_people_or_an_abbreviation_is_no_name() -> None:
    names = {cluster.name for cluster in reading("Uyghur Muslims and Kurds said that AI helped the firms.").clusters}
    assert not names & {"Uyghur Muslims", "Kurds", "AI"}


def test_a_denial_is_a_claim_with_its_claimant() -> None:
    text = "Foreign ministry spokesman Oleg Orlov denied that Ruritania had violated human rights in the north."
    assert ("Ruritania", "violated human rights in the north") in said(text, "implicated_in")
