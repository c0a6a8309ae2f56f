"""The helper for hand-made trees reads CoNLL-U and refuses what is none."""

from __future__ import annotations

import pytest

from tests.trees import tree

FULL = "1\tAlpha\tAlpha\tPROPN\tNNP\t_\t2\tnsubj\t_\t_\n2\tgrew\tgrow\tVERB\tVBD\t_\t0\troot\t_\t_"


def test_ten_columns_and_five_give_the_same_doc() -> None:
    one, other = tree("# text = Alpha grew\n" + FULL), tree("Alpha Alpha PROPN 2 nsubj\ngrew grow VERB 0 root")
    assert one.to_json() == other.to_json()
    assert [(token.lemma_, token.pos_, token.head.i, token.dep_) for token in one] == [
        ("Alpha", "PROPN", 1, "nsubj"),
        ("grow", "VERB", 1, "ROOT"),
    ]


def test_a_blank_line_ends_a_sentence_and_heads_count_within_it() -> None:
    doc = tree("It _ PRON 2 nsubj\ngrew _ VERB 0 root\n\nIt _ PRON 2 nsubj\nfell _ VERB 0 root", ents=[(2, 3, "X")])
    assert [sentence.text for sentence in doc.sents] == ["It grew", "It fell"]
    assert [token.head.i for token in doc] == [1, 1, 3, 3]
    assert [(span.text, span.label_) for span in doc.ents] == [("It", "X")]


@pytest.mark.parametrize("rows", ["Alpha PROPN 0 root", "Alpha _ PROPN 3 nsubj\ngrew _ VERB 0 root", FULL + "\t_"])
def test_what_is_no_row_is_refused(rows: str) -> None:
    with pytest.raises(ValueError, match=r"columns|outside"):
        tree(rows)
