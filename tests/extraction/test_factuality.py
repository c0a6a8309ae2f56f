"""Attribution: status and claimant of a predicate, on hand-built trees in Universal Dependencies."""

import spacy

from kg.extraction.factuality import read_factuality
from tests.trees import tree

NLP = spacy.blank("en")


def status(rows: str, word: str, predicate: str = "") -> str:
    doc = tree(rows)
    token = next(token.i for token in doc if token.text == word)
    return read_factuality(doc, token, predicate=predicate).status


def test_a_plain_statement_is_asserted_without_cues() -> None:
    found = read_factuality(
        tree("""
        X _ PROPN 2 nsubj
        sold sell VERB 0 root
        arms _ NOUN 2 obj
    """),
        1,
    )
    assert (found.status, found.claimant_span, found.cues) == ("asserted", None, ())


def test_negation_beside_the_predicate_denies_it() -> None:
    rows = """
        X _ PROPN 4 nsubj:pass
        was _ AUX 4 aux:pass
        not _ PART 4 advmod
        added add VERB 0 root
    """
    found = read_factuality(tree(rows), 3)
    assert found.status == "denied"
    assert found.cues == (("negation", 2, 3),)


def test_not_only_is_no_negation() -> None:
    assert (
        status(
            """
        X _ PROPN 4 nsubj
        not _ PART 4 advmod
        only _ ADV 4 advmod
        sold sell VERB 0 root
        arms _ NOUN 4 obj
    """,
            "sold",
        )
        == "asserted"
    )


def test_what_someone_denied_is_denied_and_his_claim() -> None:
    found = read_factuality(
        tree("""
        Megacorp _ PROPN 2 nsubj
        denied deny VERB 0 root
        that _ SCONJ 5 mark
        it _ PRON 5 nsubj
        sold sell VERB 2 ccomp
    """),
        4,
    )
    assert (found.status, found.claimant_span) == ("denied", (0, 1))


def test_a_modal_or_a_plan_makes_it_planned() -> None:
    assert (
        status(
            """
        X _ PROPN 3 nsubj
        would _ AUX 3 aux
        sell _ VERB 0 root
        arms _ NOUN 3 obj
    """,
            "sell",
        )
        == "planned"
    )
    assert (
        status(
            """
        X _ PROPN 2 nsubj
        plans plan VERB 0 root
        to _ PART 4 mark
        sell _ VERB 2 xcomp
    """,
            "sell",
        )
        == "planned"
    )


def test_accusation_is_alleged_and_conjoined_clauses_are_not_touched() -> None:
    accused = """
        X _ PROPN 3 nsubj:pass
        is be AUX 3 aux:pass
        accused accuse VERB 0 root
        of _ SCONJ 5 mark
        selling sell VERB 3 advcl
        arms _ NOUN 5 obj
    """
    assert status(accused, "selling") == "alleged"
    joined = """
        X _ PROPN 3 nsubj
        allegedly _ ADV 3 advmod
        sold sell VERB 0 root
        and _ CCONJ 6 cc
        Y _ PROPN 6 nsubj
        owned own VERB 3 conj
    """
    assert status(joined, "sold") == "alleged"
    assert status(joined, "owned") == "asserted"


def test_what_has_ended() -> None:
    assert (
        status(
            """
        X _ PROPN 2 nsubj
        stopped stop VERB 0 root
        funding fund VERB 2 xcomp
    """,
            "funding",
        )
        == "ended"
    )
    former = """
        X _ PROPN 4 nsubj
        is be AUX 4 cop
        former _ ADJ 4 amod
        director _ NOUN 0 root
        of _ ADP 6 case
        Y _ PROPN 4 nmod
    """
    assert status(former, "director", "officer_of") == "ended"
    assert status(former, "director", "located_in") == "asserted"


def test_attribution_gives_the_claimant_and_nesting() -> None:
    rows = """
        He _ PRON 2 nsubj
        said say VERB 0 root
        Y _ PROPN 4 nsubj
        said say VERB 2 ccomp
        X _ PROPN 6 nsubj
        sold sell VERB 4 ccomp
        arms _ NOUN 6 obj
    """
    found = read_factuality(tree(rows), 5)
    assert (found.status, found.claimant_span, found.nested) == ("asserted", (2, 3), True)


def test_without_a_parse_near_cues_decide() -> None:
    doc = NLP("X was allegedly paid.")
    assert read_factuality(doc, 3).status == "alleged"
    assert read_factuality(NLP("X paid Y."), 1).status == "asserted"
