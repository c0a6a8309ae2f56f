"""`--model`: another spaCy pipeline in place of the packaged trees; here one with ClearNLP labels, trained here."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from click.testing import CliRunner
from spacy.tokens import Doc
from spacy.training import Example

import kg
from kg.cli import cli
from kg.errors import KgError
from kg.model import Document
from kg.nlp.pipeline import load_pipeline

TAUGHT = (
    """Alpha PROPN 1 compound B-ORG
       Bank PROPN 3 nsubjpass I-ORG
       was AUX 3 auxpass O
       designated VERB 3 ROOT O
       by ADP 3 agent O
       the DET 7 det B-ORG
       Treasury PROPN 7 compound I-ORG
       Department PROPN 4 pobj I-ORG
       . PUNCT 3 punct O""",
    """Carl PROPN 1 compound B-PERSON
       Stone PROPN 2 nsubj I-PERSON
       owns VERB 2 ROOT O
       Alpha PROPN 4 compound B-ORG
       Bank PROPN 2 dobj I-ORG
       . PUNCT 2 punct O""",
)
TEXT = "# Notice\n\nAlpha Bank was designated by the Treasury Department.\n\n- Carl Stone owns Alpha Bank.\n"


@pytest.fixture(scope="module")
def clearnlp(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a pipeline that knows two sentences by heart."""
    nlp = spacy.blank("en")
    examples = []
    for rows in TAUGHT:
        columns = list(zip(*(line.split() for line in rows.splitlines()), strict=True))
        words, tags, heads, labels, kinds = map(list, columns)
        gold = Doc(nlp.vocab, words=words, pos=tags, heads=[int(head) for head in heads], deps=labels, ents=kinds)
        examples.append(Example(Doc(nlp.vocab, words=words), gold))
    nlp.add_pipe("morphologizer")
    nlp.add_pipe("parser", config={"min_action_freq": 1})
    nlp.add_pipe("ner")
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(30):
        nlp.update(examples, sgd=optimizer)
    path = tmp_path_factory.mktemp("pipelines") / "clearnlp"
    nlp.to_disk(path)
    return str(path)


def test_claims_are_read_off_its_trees(clearnlp: str) -> None:
    (extraction,) = kg.extract([Document("d", TEXT, date="2019-05-04")], model=clearnlp)
    names = {entity.id: entity.name for entity in extraction.entities}
    assert {(names[one.subject], one.predicate, names[one.object]) for one in extraction.claims} == {
        ("Alpha Bank", "listed_by", "Treasury Department"),
        ("Alpha Bank", "owned_by", "Carl Stone"),
    }
    assert all(TEXT[one.evidence.start : one.evidence.end] == one.evidence.text for one in extraction.claims)


def test_its_labels_and_names_stand_over_the_text_as_read(clearnlp: str) -> None:
    doc = load_pipeline(clearnlp)(TEXT)
    assert doc.text == TEXT
    assert [token.dep_ for token in doc if token.text in ("was", "by", "owns")] == ["auxpass", "agent", "ROOT"]
    assert [(ent.text, ent.label_) for ent in doc.ents if ent.label_ == "Person"] == [("Carl Stone", "Person")]


def test_the_command_takes_it(clearnlp: str, tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text(TEXT, encoding="utf-8")
    done = CliRunner().invoke(cli, ["extract", str(source), "--model", clearnlp])
    assert "Alpha Bank listed_by Treasury Department" in done.output


def test_a_pipeline_without_trees_is_refused(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path / "flat")
    with pytest.raises(KgError, match="has no parser and no tagger") as raised:
        list(kg.extract([Document("d", TEXT)], model=str(tmp_path / "flat")))
    assert "\n" not in str(raised.value)


def test_a_pipeline_with_parts_that_are_not_here_is_told_in_one_line(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "odd")
    config = tmp_path / "odd" / "config.cfg"
    told = config.read_text(encoding="utf-8").replace("pipeline = []", 'pipeline = ["odd"]')
    config.write_text(f'{told}\n[components.odd]\nfactory = "odd"\n', encoding="utf-8")
    with pytest.raises(KgError, match=r"cannot load .*odd") as raised:
        load_pipeline(str(tmp_path / "odd"))
    assert "\n" not in str(raised.value)
