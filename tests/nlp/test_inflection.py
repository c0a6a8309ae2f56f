"""Inflection: every form in which a trigger of the relation rules may stand is matched."""

from __future__ import annotations

import pytest

from kg.extraction.patterns.matcher import _index
from kg.extraction.patterns.rule_loader import load_rules
from kg.extraction.patterns.rules import ANY
from kg.nlp.inflection import noun_forms, verb_forms
from kg.resources import ontology


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("equip", {"equips", "equipped", "equipping"}),
        ("co-own", {"co-owns", "co-owned", "co-owning"}),
        ("set up", {"sets up", "setting up"}),
        ("plan", {"planned", "planning"}),
        ("freeze", {"froze", "frozen"}),
        ("fuel", {"fueled", "fuelled"}),
    ],
)
def test_the_forms_of_a_verb(lemma: str, forms: set[str]) -> None:
    assert forms <= verb_forms(lemma)


@pytest.mark.parametrize(("lemma", "plural"), [("spokesman", "spokesmen"), ("ceo", "ceos"), ("ex-wife", "ex-wives")])
def test_the_plural_of_a_noun(lemma: str, plural: str) -> None:
    assert plural in noun_forms(lemma)


def test_every_trigger_is_matched_in_every_inflection() -> None:
    rules = load_rules(ontology() / "relations")
    index = _index(rules)
    for pattern in rules.frames:
        if pattern.triggers == ANY:
            continue
        for lemma in pattern.triggers:
            verbal = pattern.kind == "verb"
            for form in verb_forms(lemma) if verbal else noun_forms(lemma):
                words = tuple(form.replace("-", " - ").split())
                entries = index.verbs.get(words[0], []) if verbal else index.nouns.get(words[-1], [])
                assert any(words == entry and pattern in patterns for entry, patterns in entries), (lemma, form)
