"""Clauses that a text asks or supposes, and the words that deny, retract or end, on hand-built trees."""

from __future__ import annotations

import pytest

from kg.extraction.factuality import Factuality, read_factuality
from kg.nlp.lexicon import load_lexicon, load_verbs
from tests.trees import tree


def judged(rows: str, word: str, predicate: str = "") -> Factuality:
    """The factuality of the predicate at a word."""
    doc = tree(rows)
    token = next(token.i for token in doc if token.text == word)
    return read_factuality(doc, token, predicate=predicate)


QUESTION = """
    Did do AUX 3 aux
    Alpha _ PROPN 3 nsubj
    sell _ VERB 0 root
    arms _ NOUN 3 obj
    ? _ PUNCT 3 punct
"""


def test_a_polar_question_states_nothing() -> None:
    assert judged(QUESTION, "sell").withheld == "it is asked, not stated"


@pytest.mark.parametrize(("answer", "status"), [("No", "denied"), ("Yes", "asserted")])
def test_an_answer_settles_the_question(answer: str, status: str) -> None:
    found = judged(f"{QUESTION}\n    {answer} _ INTJ 0 root\n    . _ PUNCT 1 punct\n", "sell")
    assert (found.status, found.withheld) == (status, "")


def test_what_a_question_takes_for_granted_is_stated() -> None:
    rows = """
        Why _ ADV 4 advmod
        did do AUX 4 aux
        Alpha _ PROPN 4 nsubj
        sell _ VERB 0 root
        arms _ NOUN 4 obj
        ? _ PUNCT 4 punct
    """
    assert judged(rows, "sell").withheld == ""


@pytest.mark.parametrize("mark", ["if", "whether", "unless"])
def test_a_supposition_states_nothing(mark: str) -> None:
    rows = f"""
        {mark} _ SCONJ 3 mark
        Alpha _ PROPN 3 nsubj
        sells sell VERB 6 advcl
        Beta _ PROPN 6 nsubj
        will _ AUX 6 aux
        leave _ VERB 0 root
    """
    assert judged(rows, "sells").withheld == "it is supposed, not stated"
    assert judged(rows, "leave").withheld == ""


@pytest.mark.parametrize(
    ("verb", "lemma", "noun"),
    [
        ("rejected", "reject", "claims"),
        ("dismissed", "dismiss", "reports"),
        ("withdrew", "withdraw", "claim"),
        ("denied", "deny", "allegations"),
    ],
)
def test_a_claim_that_is_rejected_or_withdrawn_is_denied(verb: str, lemma: str, noun: str) -> None:
    rows = f"""
        Alpha _ PROPN 2 nsubj
        {verb} {lemma} VERB 0 root
        {noun} {noun.rstrip("s")} NOUN 2 obj
        that _ SCONJ 6 mark
        it _ PRON 6 nsubj
        sold sell VERB 3 acl
        arms _ NOUN 6 obj
    """
    assert judged(rows, "sold").status == "denied"


def test_a_minister_who_is_dismissed_is_no_denial() -> None:
    rows = """
        Alpha _ PROPN 2 nsubj
        dismissed dismiss VERB 0 root
        director _ NOUN 2 obj
        Ivan _ PROPN 3 appos
    """
    assert judged(rows, "director", "officer_of").status != "denied"


def test_no_evidence_denies_and_evidence_does_not() -> None:
    rows = """
        There _ PRON 2 expl
        is be VERB 0 root
        {det} _ DET 4 det
        evidence _ NOUN 2 nsubj
        that _ SCONJ 7 mark
        Alpha _ PROPN 7 nsubj
        sold sell VERB 4 acl
    """
    assert judged(rows.format(det="no"), "sold").status == "denied"
    assert judged(rows.format(det="some"), "sold").status == "asserted"


def test_it_is_false_that() -> None:
    rows = """
        It _ PRON 3 expl
        is be AUX 3 cop
        {word} _ ADJ 0 root
        that _ SCONJ 6 mark
        Alpha _ PROPN 6 nsubj
        sold sell VERB 3 csubj
    """
    assert judged(rows.format(word="false"), "sold").status == "denied"
    assert judged(rows.format(word="clear"), "sold").status == "asserted"


def test_a_correction_denies_what_the_earlier_version_said() -> None:
    rows = """
        An a DET 3 det
        {age} _ ADJ 3 amod
        version _ NOUN 4 nsubj
        said say VERB 0 root
        Alpha _ PROPN 6 nsubj
        sold sell VERB 4 ccomp
    """
    assert judged(rows.format(age="earlier"), "sold").status == "denied"
    assert judged(rows.format(age="final"), "sold").status == "asserted"


def test_the_end_of_a_relative_clause_is_its_own() -> None:
    rows = """
        Ivan _ PROPN 11 nsubj:pass
        , _ PUNCT 5 punct
        who _ PRON 5 nsubj
        was be AUX 5 cop
        chairman _ NOUN 1 acl:relcl
        until _ ADP 8 case
        June _ PROPN 8 compound
        2018 _ NUM 11 obl
        , _ PUNCT 1 punct
        was be AUX 11 aux:pass
        sanctioned sanction VERB 0 root
    """.replace("until _ ADP 8 case\n        June _ PROPN 8 compound", "until _ ADP 7 case")
    rows = rows.replace("2018 _ NUM 11 obl", "2018 _ NUM 10 obl").replace("Ivan _ PROPN 11", "Ivan _ PROPN 10")
    rows = rows.replace("was be AUX 11 aux:pass", "was be AUX 10 aux:pass")
    assert judged(rows, "chairman", "leader_of").status == "ended"
    assert judged(rows, "sanctioned", "listed_by").status == "asserted"


def test_words_are_data_with_their_inflections() -> None:
    assert "annulled" in load_verbs("listing", "lift")
    assert all(words for words in load_lexicon("factuality").values())
