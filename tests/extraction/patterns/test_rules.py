"""The relation rules: how bad files fail, and every example of every file, read with the packaged pipeline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from spacy.tokens import Doc

from kg.errors import RuleError
from kg.extraction.mention_spans import MentionSpan
from kg.extraction.patterns.form_grammar import compile_form
from kg.extraction.patterns.matcher import PatternMatch, match
from kg.extraction.patterns.rule_loader import load_rules
from kg.extraction.patterns.rules import Example, RuleSet
from kg.nlp.dependencies import read_tree
from kg.resources import ontology

if TYPE_CHECKING:
    from spacy.language import Language

GOOD = """
predicate: owned_by
definition: The object holds the subject.
subject: [Company]
object: [Person]
patterns:
  - id: own
    verb: [own]
    subject: object
    object: subject
examples:
  - text: "[Ivan]{Person} owns [Alpha]{Company}."
    triples: ["Alpha | owned_by | Ivan"]
"""
FRAME = "verb: [own]\n    subject: object\n    object: subject"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    """The rules of the project."""
    return load_rules(ontology() / "relations")


@pytest.fixture(scope="module")
def nlp() -> Language:
    """The packaged pipeline."""
    from kg.nlp.pipeline import load_pipeline

    return load_pipeline()


def write(folder: Path, text: str) -> Path:
    """A rules folder that holds one file."""
    (folder / "ownership.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_rules_cover_exactly_the_predicates_of_the_ontology(rules: RuleSet) -> None:
    assert len(rules.definitions) == 33
    examples = {example.predicate for example in rules.examples if example.expected}
    counter = {example.predicate for example in rules.examples if not example.expected}
    assert examples == set(rules.definitions) == counter


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("object: subject", "object: owner"), "relations/ownership.yaml: $.patterns[0].object: unknown role 'owner'"),
        (("[Company]", "[Firm]"), "unknown entity type 'Firm'"),
        (("owned_by", "owns_by"), "the ontology has no property 'owns_by'"),
        (("verb: [own]", "verbs: [own]"), "unknown key 'verbs'"),
        (("verb: [own]", "verb: []"), "at least one word is needed"),
        (("id: own\n", "id: own\n    status: sure\n"), "unknown status 'sure'"),
        ((FRAME, "trigger: [own]\n    form: SUBJ TRIGGER"), "needs either OBJ or TEXT"),
        (("Alpha | owned_by | Ivan", "Alpha owned_by Ivan"), "'subject | predicate | object'"),
        (("patterns:", "patterns: {"), "not YAML"),
    ],
)
def test_a_bad_file_is_named_with_the_place_and_the_cause(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    folder = tmp_path / "relations"
    folder.mkdir()
    with pytest.raises(RuleError) as caught:
        load_rules(write(folder, GOOD.replace(*change)), predicates={"owned_by"})
    assert message in str(caught.value)


def test_words_that_yaml_takes_for_booleans_stay_words(tmp_path: Path) -> None:
    text = GOOD.replace("subject: object\n", "subject: {prep: on}\n", 1)
    loaded = load_rules(write(tmp_path, text), predicates={"owned_by"})
    assert loaded.frames[0].subject[0].prep == "on"


def test_an_unknown_element_of_a_form_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown element 'OWNER'"):
        compile_form("SUBJ TRIGGER OWNER OBJ", ["owns"])


def spots_of(example: Example, doc: Doc) -> list[MentionSpan]:
    """The marked entities of an example as spots; the entity's id is its name."""
    mentions = []
    for name, kind, start, end in example.entities:
        span = doc.char_span(start, end, alignment_mode="expand")
        mentions.append(MentionSpan(span.start, span.end, span.root.i, name, kind, "name"))
    return mentions


def found_in(example: Example, doc: Doc, rules: RuleSet) -> set[tuple[str, str, str]]:
    """The triples that the rules find in an example; a text object by its words."""
    return {
        (found.subject, found.predicate, found.object or doc[found.object_start : found.object_end].text)
        for found in match(read_tree(doc), spots_of(example, doc), rules)
    }


def test_examples_and_counter_examples_of_every_rule(rules: RuleSet, nlp: Language) -> None:
    wrong = []
    for example, doc in zip(rules.examples, nlp.pipe(example.text for example in rules.examples), strict=True):
        found = found_in(example, doc, rules)
        if example.expected:
            wrong += [(example.place, triple, sorted(found)) for triple in example.triples if triple not in found]
        else:
            wrong += [(example.place, triple, "not expected") for triple in found if triple[1] == example.predicate]
    assert wrong == []


def test_matches_come_in_the_order_of_the_text_whatever_the_order_of_the_spots(rules: RuleSet, nlp: Language) -> None:
    doc = nlp("Treasury designated Alpha Ltd, a subsidiary of Beta Group, for providing support to Gamma.")
    mentions = [
        MentionSpan(0, 1, 0, "e1", "GovernmentBody", "name"),
        MentionSpan(2, 4, 3, "e2", "Company", "name"),
        MentionSpan(8, 10, 9, "e3", "Company", "name"),
        MentionSpan(15, 16, 15, "e4", "Organization", "name"),
    ]
    forward: list[PatternMatch] = match(read_tree(doc), mentions, rules)
    assert forward == match(read_tree(doc), mentions[::-1], rules)
    order: Callable[[PatternMatch], tuple[int, int]] = lambda found: (found.sentence, found.trigger)
    assert [order(found) for found in forward] == sorted(order(found) for found in forward)
