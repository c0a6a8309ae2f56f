"""Who owns what by how much, in every wording; several shares of one pair stay several claims."""

from __future__ import annotations

import pytest

from kg.extraction.extractor import load_extractor
from kg.model import Document

Held = set[tuple[str, str, float | None]]


def held(text: str) -> Held:
    """(thing, owner, share) of the ownership claims that are read in a text."""
    (found,) = load_extractor().many([Document("one", text, date="2024-04-17")])
    names = {entity.id: entity.name for entity in found.entities}
    return {(names[one.subject], names[one.object], one.percent) for one in found.claims if one.predicate == "owned_by"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Omar Saleh owns 30% of Aldra Mining, Beta Trust 20% and Castle Trust 50%.",
            {
                ("Aldra Mining", "Omar Saleh", 30.0),
                ("Aldra Mining", "Beta Trust", 20.0),
                ("Aldra Mining", "Castle Trust", 50.0),
            },
        ),
        ("Aldra Mining (51% owned by Castle Trust) sold coal.", {("Aldra Mining", "Castle Trust", 51.0)}),
        (
            "Castle Trust indirectly owns 75% of Aldra Mining through Beta Holdings.",
            {("Aldra Mining", "Castle Trust", 75.0)},
        ),
        (
            "Grom Invest cut its stake in Delta Chemicals from 60% to 19.9% in May 2022.",
            {("Delta Chemicals", "Grom Invest", 19.9)},
        ),
    ],
)
def test_a_share_belongs_to_its_own_pair(text: str, wanted: Held) -> None:
    assert wanted <= held(text)


def test_respectively_pairs_two_lists_in_their_order() -> None:
    found = {
        (thing, owner)
        for thing, owner, _ in held("Corin Bank and Lindal Bank are owned by Omar Saleh and Jens Aas respectively.")
    }
    assert found == {("Corin Bank", "Omar Saleh"), ("Lindal Bank", "Jens Aas")}


def test_two_shares_of_one_pair_are_two_claims() -> None:
    text = "Omar Saleh holds 51 per cent of Aldra Mining through Lago Ltd, and a further 12 per cent directly."
    shares = {share for thing, owner, share in held(text) if (thing, owner) == ("Aldra Mining", "Omar Saleh")}
    assert shares == {51.0, 12.0}
