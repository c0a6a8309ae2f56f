"""Frames on hand-built trees: no model, one construction a test."""

from __future__ import annotations

from kg.extraction.patterns.frames import Frame, Frames
from kg.nlp.dependencies import Tree, read_tree
from tests.trees import tree as doc_of


def tree_of(rows: str) -> Tree:
    """The dependency tree of CoNLL-U rows."""
    return read_tree(doc_of(rows))


def said(tree: Tree, frame: Frame) -> set[tuple[str, str, str]]:
    """The arguments of a frame with their words."""
    return {(found.role, found.marker, tree.words[found.head]) for found in frame.arguments}


def test_active_clause() -> None:
    tree = tree_of("""
        OFAC _ PROPN 2 nsubj
        designated _ VERB 0 root
        Alpha _ PROPN 2 obj
    """)
    assert said(tree, Frames(tree).verb(1)) == {("subject", "", "ofac"), ("object", "", "alpha")}


def test_passive_is_turned_and_its_obliques_keep_their_preposition() -> None:
    tree = tree_of("""
        Alpha _ PROPN 3 nsubj:pass
        was _ AUX 3 aux:pass
        added _ VERB 0 root
        to _ ADP 5 case
        list _ NOUN 3 obl
        by _ ADP 7 case
        OFAC _ PROPN 3 obl:agent
    """)
    frame = Frames(tree).verb(2)
    assert frame.passive
    assert ("object", "", "alpha") in said(tree, frame)
    assert ("subject", "", "ofac") in said(tree, frame)
    assert ("prep", "to", "list") in said(tree, frame)


def test_subject_of_a_participle_after_for_is_who_was_designated() -> None:
    tree = tree_of("""
        Petrov _ PROPN 3 nsubj:pass
        was _ AUX 3 aux:pass
        designated _ VERB 0 root
        for _ SCONJ 6 mark
        having _ AUX 6 aux
        acted _ VERB 3 advcl
        on _ ADP 10 case
        behalf _ NOUN 7 fixed
        of _ ADP 7 fixed
        Front _ PROPN 6 obl
    """)
    frame = Frames(tree).verb(5)
    assert said(tree, frame) == {("subject", "", "petrov"), ("prep", "on behalf of", "front")}


def test_subject_of_for_clause_is_the_object_of_an_active_verb() -> None:
    tree = tree_of("""
        OFAC _ PROPN 2 nsubj
        designated _ VERB 0 root
        Petrov _ PROPN 2 obj
        for _ SCONJ 5 mark
        supporting _ VERB 2 advcl
        Front _ PROPN 5 obj
    """)
    assert ("subject", "", "petrov") in said(tree, Frames(tree).verb(4))


def test_relative_pronoun_gives_way_to_its_noun() -> None:
    tree = tree_of("""
        Alpha _ PROPN 0 root
        , _ PUNCT 4 punct
        which _ PRON 4 nsubj
        owns _ VERB 1 acl:relcl
        Beta _ PROPN 4 obj
    """)
    assert said(tree, Frames(tree).verb(3)) == {("subject", "", "alpha"), ("object", "", "beta")}


def test_reduced_relative_clause_is_passive() -> None:
    tree = tree_of("""
        companies _ NOUN 0 root
        owned own VERB 1 acl
        by _ ADP 4 case
        Petrov _ PROPN 2 obl
    """)
    assert said(tree, Frames(tree).verb(1)) >= {("subject", "", "petrov"), ("object", "", "companies")}


def test_conjoined_verbs_share_subject_and_object() -> None:
    tree = tree_of("""
        Alpha _ PROPN 2 nsubj
        makes _ VERB 0 root
        and _ CCONJ 4 cc
        sells _ VERB 2 conj
        arms _ NOUN 4 obj
    """)
    frames = Frames(tree)
    assert said(tree, frames.verb(1)) == {("subject", "", "alpha"), ("object", "", "arms")}
    assert said(tree, frames.verb(3)) == {("subject", "", "alpha"), ("object", "", "arms")}


def test_copula_apposition_and_title_give_what_a_noun_denotes() -> None:
    copula = tree_of("""
        Alpha _ PROPN 4 nsubj
        is _ AUX 4 cop
        a _ DET 4 det
        subsidiary _ NOUN 0 root
        of _ ADP 6 case
        Beta _ PROPN 4 nmod
    """)
    assert said(copula, Frames(copula).noun(3)) >= {("self", "", "alpha"), ("prep", "of", "beta")}
    apposition = tree_of("""
        Beta _ PROPN 3 nmod:poss
        's _ PART 1 case
        subsidiary _ NOUN 0 root
        , _ PUNCT 5 punct
        Alpha _ PROPN 3 appos
    """)
    assert said(apposition, Frames(apposition).noun(2)) == {("self", "", "alpha"), ("possessor", "", "beta")}
    title = tree_of("""
        Ministry _ PROPN 2 compound
        spokesman _ NOUN 3 nmod:desc
        Li _ PROPN 0 root
    """)
    assert said(title, Frames(title).noun(1)) == {("self", "", "li"), ("modifier", "", "ministry")}


def test_negation_is_seen_on_the_predicate() -> None:
    tree = tree_of("""
        Alpha _ PROPN 4 nsubj
        did _ AUX 4 aux
        not _ PART 4 advmod
        support _ VERB 0 root
        Beta _ PROPN 4 obj
    """)
    assert Frames(tree).verb(3).negated


def test_clearnlp_labels_give_the_same_frames() -> None:
    passive = tree_of("""
        Alpha _ PROPN 3 nsubjpass
        was _ AUX 3 auxpass
        owned _ VERB 0 root
        by _ ADP 3 agent
        Petrov _ PROPN 4 pobj
    """)
    assert said(passive, Frames(passive).verb(2)) >= {("subject", "", "petrov"), ("object", "", "alpha")}
    copula = tree_of("""
        Alpha _ PROPN 2 nsubj
        is _ AUX 0 root
        a _ DET 4 det
        unit _ NOUN 2 attr
        of _ ADP 4 prep
        Beta _ PROPN 5 pobj
    """)
    assert said(copula, Frames(copula).noun(3)) >= {("self", "", "alpha"), ("prep", "of", "beta")}
