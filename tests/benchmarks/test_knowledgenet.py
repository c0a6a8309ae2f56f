"""Facts of persons and organisations: mentions, pairs, the decision, and the benchmark on three passages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from spacy.tokens import Doc

from benchmarks.knowledgenet.classifier import PROPERTIES, decide, load_properties, together
from benchmarks.knowledgenet.mentions import Pair, Passage, pairs, read_passage
from kg.nlp.pipeline import load_pipeline
from tests.conftest import ROOT

PASSAGES = (
    "Maria Keller was born on 3 May 1961 in Hamburg. She married Tom Keller in 1990.",
    "He graduated from Columbia University, where he studied law.",
    "Northwind Ltd, a subsidiary of Borea Group, is headquartered in Oslo and was founded in 1987.",
)


@pytest.fixture(scope="module")
def docs() -> list[Doc]:
    return list(load_pipeline().pipe(PASSAGES))


def surfaces(doc: Doc, passage: Passage) -> list[str]:
    return [doc.text[start:end] for start, end in passage.bounds]


def test_pronouns_without_an_antecedent_and_dates_are_mentions(docs: list[Doc]) -> None:
    born, studied, founded = ((doc, read_passage(doc)) for doc in docs)
    assert {"3 May 1961", "Hamburg", "She", "1990"} <= set(surfaces(*born))
    assert {"He", "Columbia University", "where", "he"} <= set(surfaces(*studied))
    assert {"1987", "Oslo"} <= set(surfaces(*founded))


def test_pronouns_of_one_form_and_a_relative_stand_for_one_thing(docs: list[Doc]) -> None:
    passage = read_passage(docs[1])
    names = dict(zip(surfaces(docs[1], passage), passage.groups, strict=True))
    assert names["He"] == names["he"]
    assert names["where"] == names["Columbia University"]
    assert names["He"] != names["where"]


def test_mentions_do_not_overlap_and_pairs_are_of_two_things(docs: list[Doc]) -> None:
    for doc in docs:
        passage = read_passage(doc)
        assert all(a[1] <= b[0] for a, b in zip(passage.bounds, passage.bounds[1:], strict=False))
        found = pairs(passage)
        assert found
        assert all(passage.groups[p.subject] != passage.groups[p.object] for p in found)
        assert len({(p.subject, p.object) for p in found}) == len(found)


def test_only_allowed_types_are_paired(docs: list[Doc]) -> None:
    passage = read_passage(docs[1])
    found = pairs(passage, frozenset({("He", "Where")}))
    assert {(passage.mentions[p.subject].type, passage.mentions[p.object].type) for p in found} == {("He", "Where")}


def test_a_pair_hears_the_best_pair_of_the_same_things(docs: list[Doc]) -> None:
    passage = read_passage(docs[1])
    found = [p for p in pairs(passage) if passage.mentions[p.subject].type == "He"]
    scores = np.full((len(found), len(PROPERTIES)), 0.01, np.float32)
    scores[0, PROPERTIES.index("EDUCATED_AT")] = 0.9
    alone, heard = together(passage, found, scores, 0.0), together(passage, found, scores, 0.5)
    assert np.allclose(alone, scores, atol=1e-5)
    same = [k for k, p in enumerate(found) if passage.groups[p.object] == passage.groups[found[0].object]]
    assert len(same) > 1
    column = PROPERTIES.index("EDUCATED_AT")
    assert all(0.01 < heard[k, column] <= 0.9001 for k in same)
    assert np.isclose(heard[:, column][[k for k in range(len(found)) if k not in same]], 0.01, atol=1e-5).all()


def test_types_and_thresholds_decide(docs: list[Doc]) -> None:
    passage = read_passage(docs[0])
    found: list[Pair] = pairs(passage)
    scores = np.full((len(found), len(PROPERTIES)), 0.6, np.float32)
    high = np.full(len(PROPERTIES), 0.7, np.float32)
    fits = frozenset({("DATE_OF_BIRTH", "Person", "Date")})
    assert decide(passage, found, scores, fits=fits, thresholds=high, share=0.0) == []
    facts = decide(passage, found, scores, fits=fits, thresholds=high - 0.2, share=0.0)
    assert facts
    assert {fact.property for fact in facts} == {"DATE_OF_BIRTH"}


def test_the_packaged_network_reads_plain_sentences(docs: list[Doc]) -> None:
    properties = load_properties()
    said = {
        (fact.property, doc.text[slice(*fact.subject)], doc.text[slice(*fact.object)])
        for doc in docs
        for fact in properties.facts(doc)
    }
    assert ("DATE_OF_BIRTH", "Maria Keller", "3 May 1961") in said
    assert ("EDUCATED_AT", "He", "Columbia University") in said
    assert ("SUBSIDIARY_OF", "Northwind Ltd", "Borea Group") in said
    assert ("HEADQUARTERS", "Northwind Ltd", "Oslo") in said
    assert ("SPOUSE", "She", "Tom Keller") in said
    assert not any(subject == "Borea Group" and name == "SUBSIDIARY_OF" for name, subject, _ in said)


def test_the_benchmark_reads_only_id_and_text(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text("".join(json.dumps({"id": f"p{k}", "text": text}) + "\n" for k, text in enumerate(PASSAGES)))
    command = [sys.executable, str(ROOT / "benchmarks" / "knowledgenet.py"), str(gold)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    written = [json.loads(line) for line in lines]
    assert [one["id"] for one in written] == ["p0", "p1", "p2"]
    for one, text in zip(written, PASSAGES, strict=True):
        assert one["facts"]
        for fact in one["facts"]:
            assert fact["property"] in PROPERTIES
            assert 0 <= fact["subject"][0] < fact["subject"][1] <= len(text)
            assert 0 <= fact["object"][0] < fact["object"][1] <= len(text)


def test_a_line_that_is_not_a_passage_is_named(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": "p0", "text": "Nothing here."}\n{"id": "p1"}\n')
    command = [sys.executable, str(ROOT / "benchmarks" / "knowledgenet.py"), str(gold)]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert run.returncode == 1
    assert f"{gold}:2" in run.stderr
