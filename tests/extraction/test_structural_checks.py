"""What the structure of a text rules out, whatever the scorers think of a pair."""

from __future__ import annotations

import kg
from kg.model import Document


def test_a_headline_word_is_neither_law_nor_list() -> None:
    text = (
        "Brussels Blacklists Top Arms Firms\n\n"
        "The European Union blacklisted the top three arms firms of the country on Monday. They are Kestrel Arms, "
        "Larch Defence and Moss Systems, the Council said in a statement."
    )
    (found,) = kg.extract([Document("one", text, date="2024-05-06")])
    names = {entity.id: entity.name for entity in found.entities}
    based = [names[claim.object] for claim in found.claims if claim.predicate in ("listed_under", "listed_on")]
    assert "Top" not in based
    assert "Kestrel Arms" in {names[claim.subject] for claim in found.claims if claim.predicate == "listed_by"}
