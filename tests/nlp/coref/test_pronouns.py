"""Pronouns and descriptions keep the topic: whom an authority acts on, not the authority."""

from __future__ import annotations

import pytest

from kg.nlp.coref import resolve_coreference
from kg.nlp.pipeline import load_pipeline


def spoken_of(text: str, words: str) -> str | None:
    """The name of the thing that a pronoun or description stands for."""
    doc = load_pipeline()(text)
    for cluster in resolve_coreference(doc):
        if any(doc[span.start : span.end].text.lower() == words for span in cluster.spans):
            return cluster.name
    return None


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("The Treasury sanctioned Nordlys Bank. It belongs to Jens Aas.", "it", "Nordlys Bank"),
        (
            "Viktor Hadek founded Orlan Steel. The group, which is based in Omsk, supplies Rask Defence.",
            "the group",
            "Orlan Steel",
        ),
        (
            "Castor Brokers, a unit of Ladan Financial Group Inc., has hired Vera Holt. The company was sanctioned.",
            "the company",
            "Castor Brokers",
        ),
    ],
)
def test_the_topic_is_kept(text: str, words: str, name: str) -> None:
    assert spoken_of(text, words) == name
