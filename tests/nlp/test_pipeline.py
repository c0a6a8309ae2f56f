"""The packaged pipeline: offsets, sentences, trees without spaces or markup, names of ten types, always the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import KgError
from kg.nlp.model.encoder import Encoder
from kg.nlp.pipeline import MODEL, load_pipeline
from tests.conftest import SEED

TYPES = {
    "Person",
    "Company",
    "GovernmentBody",
    "Organization",
    "Country",
    "Place",
    "Vessel",
    "Aircraft",
    "List",
    "LegalInstrument",
}
RELEASE = (
    "**WASHINGTON** – Today, OFAC designated Alpha Trading Co., Ltd. (Alpha), pursuant to E.O. 13224.   It is worth "
    "Rs. 7,100 crores in the U.S. market.** Ivan Petrov** Designated for acting on behalf of Alpha.\n\n"
    "\u00a0 \n- J. B. Smith, No. 5 in the group\n- Beta Bank LLC\n\n| Name | DOB |\n"
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline()


@pytest.fixture(scope="module")
def seed(nlp: Language) -> Doc:
    return nlp(SEED.read_text(encoding="utf-8"))


def everything(doc: Doc) -> list[object]:
    """All that the pipeline says of a Doc."""
    tokens = [(t.text, t.idx, t.head.i, t.dep_, t.tag_, t.pos_, t.lemma_, str(t.morph), t.is_sent_start) for t in doc]
    return [tokens, [(e.start_char, e.end_char, e.label_) for e in doc.ents], doc._.blocks]


def test_the_text_stays_as_read(nlp: Language, seed: Doc) -> None:
    assert seed.text == SEED.read_text(encoding="utf-8")
    assert nlp(RELEASE).text == RELEASE


def test_spaces_and_markup_take_no_part_in_a_tree(nlp: Language, seed: Doc) -> None:
    for doc in (seed, nlp(RELEASE)):
        for token in doc:
            if token.is_space or (token.text in ("**", "|", "-") and token.tag_ == "SYM"):
                assert token.dep_ == "dep"
                assert not list(token.children)


def test_no_sentence_runs_across_blocks_and_each_has_one_root(nlp: Language, seed: Doc) -> None:
    for doc in (seed, nlp(RELEASE)):
        block_of = dict(zip(doc._.layout.words, doc._.layout.block_of, strict=True))
        for sentence in doc.sents:
            inside = {block_of[token.i] for token in sentence if token.i in block_of}
            assert len(inside) == 1
            assert sum(token.head.i == token.i for token in sentence) == 1


def test_abbreviations_end_no_sentence(nlp: Language) -> None:
    sentences = [sentence.text.strip(" *\n\u00a0-|") for sentence in nlp(RELEASE).sents]
    assert "Ivan Petrov" in sentences
    assert "J. B. Smith, No. 5 in the group" in sentences
    assert any(s.startswith("Today, OFAC") and s.endswith("E.O. 13224.") for s in sentences)
    assert any(s.startswith("It is worth Rs. 7,100 crores in the U.S. market") for s in sentences)


def test_names_carry_the_ten_types(nlp: Language, seed: Doc) -> None:
    found = {(ent.text, ent.label_) for ent in nlp(RELEASE).ents}
    assert {
        ("OFAC", "GovernmentBody"),
        ("Alpha Trading Co., Ltd.", "Company"),
        ("E.O. 13224", "LegalInstrument"),
    } <= found
    assert {ent.label_ for ent in seed.ents} <= TYPES
    assert {"China", "Beijing"} <= {ent.text for ent in seed.ents}


def test_a_passive_clause_is_read(nlp: Language) -> None:
    doc = nlp("The company was designated by the Treasury Department in 2019.")
    assert {(t.text, t.dep_, t.head.text) for t in doc} >= {
        ("company", "nsubj:pass", "designated"),
        ("was", "aux:pass", "designated"),
        ("Department", "obl:agent", "designated"),
    }
    assert [t.lemma_ for t in doc][:4] == ["the", "company", "be", "designate"]
    assert [t.tag_ for t in doc][:4] == ["DT", "NN", "VBD", "VBN"]
    assert "Tense=Past" in str(doc[2].morph)


def test_the_same_text_gives_the_same_doc_alone_in_company_and_anew(nlp: Language, seed: Doc) -> None:
    texts = [RELEASE, seed.text, "", "   ", "Iran.", "x " * 400]
    in_company = list(nlp.pipe(texts))
    assert everything(in_company[1]) == everything(seed)
    assert everything(in_company[0]) == everything(nlp(RELEASE)) == everything(load_pipeline()(RELEASE))
    assert [doc.text for doc in in_company] == texts


def test_hostile_texts_are_read(nlp: Language) -> None:
    for text in ("\u202e\u200b\x00", "**" * 50, "(" * 300, "a" * 5000, "\n" * 40 + "#", "語" * 200, "| | |\n|-|-|"):
        assert nlp(text).text == text


def test_blocks_stand_on_the_doc(seed: Doc) -> None:
    text = seed.text
    assert "Companies that are Blacklisted" in {text[b.start : b.end] for b in seed._.blocks if b.kind == "heading"}


def test_another_pipeline_works_within_the_same_layout(tmp_path: Path) -> None:
    other = spacy.blank("en")
    ruler = other.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PERSON", "pattern": "Ivan Petrov"}, {"label": "GPE", "pattern": "Minsk"}])  # type: ignore[attr-defined]
    other.to_disk(tmp_path / "other")
    doc = load_pipeline(str(tmp_path / "other"))("** Ivan Petrov** Born in Minsk, Belarus.")
    assert [(ent.text, ent.label_) for ent in doc.ents] == [
        ("Ivan Petrov", "Person"),
        ("Minsk", "Place"),
        ("Belarus", "Country"),
    ]


def test_a_missing_pipeline_is_told_in_one_line() -> None:
    with pytest.raises(KgError, match=r"no pipeline 'en_nowhere'.*install it"):
        load_pipeline("en_nowhere")


def test_a_damaged_model_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text("{}", encoding="utf-8")
    with pytest.raises(KgError, match="no usable model"):
        Encoder(tmp_path)


def test_the_package_is_small_and_has_its_card() -> None:
    assert sum(path.stat().st_size for path in MODEL.iterdir()) < 25_000_000
    assert "CC BY-SA 4.0" in (MODEL / "README.md").read_text(encoding="utf-8")


@pytest.mark.shared
def test_names_of_the_measuring_set_stay_as_good_as_published(nlp: Language, shared: Path) -> None:
    """Floors a little under the published figures, on a part of the documents."""
    texts = {
        d["id"]: d["text"] for d in map(json.loads, (shared / "gold" / "dev_sources.jsonl").open(encoding="utf-8"))
    }
    gold = [json.loads(line) for line in (shared / "gold" / "dev.jsonl").open(encoding="utf-8")][:8]
    right = wanted = 0
    for document in gold:
        found = {ent.text for ent in nlp(texts[document["id"]]).ents}
        mentions = {m for e in document["entities"] for m in e["mentions"]}
        wanted += len(mentions)
        right += len(mentions & found)
    assert right / wanted > 0.7
