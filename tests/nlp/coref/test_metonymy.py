"""A ruler's government: the document says whose it is, or nobody does."""

from __future__ import annotations

import pytest

from kg.nlp.coref import resolve_coreference
from kg.nlp.pipeline import load_pipeline


def states(text: str) -> dict[str, list[str]]:
    """The countries of a text with all their places as written."""
    doc = load_pipeline()(text)
    return {
        cluster.name: [doc[span.start : span.end].text for span in cluster.spans]
        for cluster in resolve_coreference(doc)
        if cluster.type == "Country"
    }


@pytest.mark.parametrize("name", ["Ashby administration", "Assad regime", "Kim regime", "Ortega government"])
def test_no_government_is_guessed(name: str) -> None:
    doc = load_pipeline()(f"Iran and Canada met in Geneva. Alpha Bank funds the {name}, the report says.")
    tied = [span for cluster in resolve_coreference(doc) for span in cluster.spans if span.sieve == "government"]
    assert not tied


def test_the_office_beside_a_name_tells_the_state() -> None:
    text = "Ruled by Syrian President Bashar Mardam, the country lies near Iran. Alpha Bank funds the Mardam regime."
    (place,) = [spans for name, spans in states(text).items() if "Syria" in name]
    assert any("Mardam regime" in span for span in place)


def test_another_state_near_the_name_tells_nothing() -> None:
    text = "President Arne Dahl's anti-Chinese war goes on, the US government said. The Dahl administration acted."
    found = states(text)
    assert not any("Dahl administration" in span for name, spans in found.items() if "Chin" in name for span in spans)
    assert any("Dahl administration" in span for name, spans in found.items() if "US" in name for span in spans)
