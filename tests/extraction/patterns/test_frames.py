"""Frames on hand-built trees: no model, one construction a test."""

from __future__ import annotations

from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.extraction.patterns.frames import Frame, Frames
from kg.nlp.dependencies import Tree, read_tree


def tree_of(rows: str) -> Tree:
    """A tree from rows `word tag head label`, heads counted from 1 and 0 at the root."""
    table = [row.split() for row in rows.strip().splitlines()]
    heads = [int(row[2]) - 1 if row[2] != "0" else at for at, row in enumerate(table)]
    doc = Doc(
        Vocab(),
        words=[row[0] for row in table],
        pos=[row[1] for row in table],
        heads=heads,
        deps=["ROOT" if row[3] == "root" else row[3] for row in table],
        lemmas=[row[0].lower() for row in table],
    )
    return read_tree(doc)


def said(tree: Tree, frame: Frame) -> set[tuple[str, str, str]]:
    """The arguments of a frame with their words."""
    return {(found.role, found.marker, tree.words[found.head]) for found in frame.arguments}


def test_active_clause() -> None:
    tree = tree_of("""
        OFAC PROPN 2 nsubj
        designated VERB 0 root
        Alpha PROPN 2 obj
    """)
    assert said(tree, Frames(tree).verb(1)) == {("subject", "", "ofac"), ("object", "", "alpha")}


def test_passive_is_turned_and_its_obliques_keep_their_preposition() -> None:
    tree = tree_of("""
        Alpha PROPN 3 nsubj:pass
        was AUX 3 aux:pass
        added VERB 0 root
        to ADP 5 case
        list NOUN 3 obl
        by ADP 7 case
        OFAC PROPN 3 obl:agent
    """)
    frame = Frames(tree).verb(2)
    assert frame.passive
    assert ("object", "", "alpha") in said(tree, frame)
    assert ("subject", "", "ofac") in said(tree, frame)
    assert ("prep", "to", "list") in said(tree, frame)


def test_subject_of_a_participle_after_for_is_who_was_designated() -> None:
    tree = tree_of("""
        Petrov PROPN 3 nsubj:pass
        was AUX 3 aux:pass
        designated VERB 0 root
        for SCONJ 6 mark
        having AUX 6 aux
        acted VERB 3 advcl
        on ADP 10 case
        behalf NOUN 7 fixed
        of ADP 7 fixed
        Front PROPN 6 obl
    """)
    frame = Frames(tree).verb(5)
    assert said(tree, frame) == {("subject", "", "petrov"), ("prep", "on behalf of", "front")}


def test_subject_of_for_clause_is_the_object_of_an_active_verb() -> None:
    tree = tree_of("""
        OFAC PROPN 2 nsubj
        designated VERB 0 root
        Petrov PROPN 2 obj
        for SCONJ 5 mark
        supporting VERB 2 advcl
        Front PROPN 5 obj
    """)
    assert ("subject", "", "petrov") in said(tree, Frames(tree).verb(4))


def test_relative_pronoun_gives_way_to_its_noun() -> None:
    tree = tree_of("""
        Alpha PROPN 0 root
        , PUNCT 4 punct
        which PRON 4 nsubj
        owns VERB 1 acl:relcl
        Beta PROPN 4 obj
    """)
    assert said(tree, Frames(tree).verb(3)) == {("subject", "", "alpha"), ("object", "", "beta")}


def test_reduced_relative_clause_is_passive() -> None:
    tree = tree_of("""
        companies NOUN 0 root
        owned VERB 1 acl
        by ADP 4 case
        Petrov PROPN 2 obl
    """)
    tree.lemmas[1] = "own"
    assert said(tree, Frames(tree).verb(1)) >= {("subject", "", "petrov"), ("object", "", "companies")}


def test_conjoined_verbs_share_subject_and_object() -> None:
    tree = tree_of("""
        Alpha PROPN 2 nsubj
        makes VERB 0 root
        and CCONJ 4 cc
        sells VERB 2 conj
        arms NOUN 4 obj
    """)
    frames = Frames(tree)
    assert said(tree, frames.verb(1)) == {("subject", "", "alpha"), ("object", "", "arms")}
    assert said(tree, frames.verb(3)) == {("subject", "", "alpha"), ("object", "", "arms")}


def test_copula_apposition_and_title_give_what_a_noun_denotes() -> None:
    copula = tree_of("""
        Alpha PROPN 4 nsubj
        is AUX 4 cop
        a DET 4 det
        subsidiary NOUN 0 root
        of ADP 6 case
        Beta PROPN 4 nmod
    """)
    assert said(copula, Frames(copula).noun(3)) >= {("self", "", "alpha"), ("prep", "of", "beta")}
    apposition = tree_of("""
        Beta PROPN 3 nmod:poss
        's PART 1 case
        subsidiary NOUN 0 root
        , PUNCT 5 punct
        Alpha PROPN 3 appos
    """)
    assert said(apposition, Frames(apposition).noun(2)) == {("self", "", "alpha"), ("possessor", "", "beta")}
    title = tree_of("""
        Ministry PROPN 2 compound
        spokesman NOUN 3 nmod:desc
        Li PROPN 0 root
    """)
    assert said(title, Frames(title).noun(1)) == {("self", "", "li"), ("modifier", "", "ministry")}


def test_negation_is_seen_on_the_predicate() -> None:
    tree = tree_of("""
        Alpha PROPN 4 nsubj
        did AUX 4 aux
        not PART 4 advmod
        support VERB 0 root
        Beta PROPN 4 obj
    """)
    assert Frames(tree).verb(3).negated


def test_clearnlp_labels_give_the_same_frames() -> None:
    passive = tree_of("""
        Alpha PROPN 3 nsubjpass
        was AUX 3 auxpass
        owned VERB 0 root
        by ADP 3 agent
        Petrov PROPN 4 pobj
    """)
    assert said(passive, Frames(passive).verb(2)) >= {("subject", "", "petrov"), ("object", "", "alpha")}
    copula = tree_of("""
        Alpha PROPN 2 nsubj
        is AUX 0 root
        a DET 4 det
        unit NOUN 2 attr
        of ADP 4 prep
        Beta PROPN 5 pobj
    """)
    assert said(copula, Frames(copula).noun(3)) >= {("self", "", "alpha"), ("prep", "of", "beta")}
