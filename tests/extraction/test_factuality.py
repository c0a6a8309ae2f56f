"""Attribution: status and claimant of a predicate, on hand-built trees in Universal Dependencies."""

import spacy
from spacy.tokens import Doc

from kg.extraction.factuality import read_factuality

NLP = spacy.blank("en")
LEMMAS = {
    "denied": "deny",
    "said": "say",
    "owned": "own",
    "plans": "plan",
    "sold": "sell",
    "added": "add",
    "accused": "accuse",
    "is": "be",
    "selling": "sell",
    "stopped": "stop",
    "funding": "fund",
    "charged": "charge",
}


def doc_of(rows: str) -> Doc:
    """A Doc from "word head label tag" rows, heads as token numbers from 0."""
    table = [row.split() for row in rows.strip().splitlines()]
    words = [row[0] for row in table]
    return Doc(
        NLP.vocab,
        words=words,
        heads=[int(row[1]) for row in table],
        deps=[row[2] for row in table],
        pos=[row[3] for row in table],
        lemmas=[LEMMAS.get(word, word.lower()) for word in words],
    )


def status(rows: str, word: str, predicate: str = "") -> str:
    doc = doc_of(rows)
    token = next(token.i for token in doc if token.text == word)
    return read_factuality(doc, token, predicate=predicate).status


def test_a_plain_statement_is_asserted_without_cues() -> None:
    found = read_factuality(doc_of("X 1 nsubj PROPN\nsold 1 root VERB\narms 1 obj NOUN"), 1)
    assert (found.status, found.claimant_span, found.cues) == ("asserted", None, ())


def test_negation_beside_the_predicate_denies_it() -> None:
    rows = "X 3 nsubj:pass PROPN\nwas 3 aux:pass AUX\nnot 3 advmod PART\nadded 3 root VERB"
    found = read_factuality(doc_of(rows), 3)
    assert found.status == "denied"
    assert found.cues == (("negation", 2, 3),)


def test_not_only_is_no_negation() -> None:
    assert (
        status("X 3 nsubj PROPN\nnot 3 advmod PART\nonly 3 advmod ADV\nsold 3 root VERB\narms 3 obj NOUN", "sold")
        == "asserted"
    )


def test_what_someone_denied_is_denied_and_his_claim() -> None:
    found = read_factuality(
        doc_of("Megacorp 1 nsubj PROPN\ndenied 1 root VERB\nthat 4 mark SCONJ\nit 4 nsubj PRON\nsold 1 ccomp VERB"), 4
    )
    assert (found.status, found.claimant_span) == ("denied", (0, 1))


def test_a_modal_or_a_plan_makes_it_planned() -> None:
    assert status("X 2 nsubj PROPN\nwould 2 aux AUX\nsell 2 root VERB\narms 2 obj NOUN", "sell") == "planned"
    assert status("X 1 nsubj PROPN\nplans 1 root VERB\nto 3 mark PART\nsell 1 xcomp VERB", "sell") == "planned"


def test_accusation_is_alleged_and_conjoined_clauses_are_not_touched() -> None:
    accused = (
        "X 2 nsubj:pass PROPN\nis 2 aux:pass AUX\naccused 2 root VERB\nof 4 mark SCONJ\nselling 2 advcl "
        "VERB\narms 4 obj NOUN"
    )
    assert status(accused, "selling") == "alleged"
    joined = (
        "X 2 nsubj PROPN\nallegedly 2 advmod ADV\nsold 2 root VERB\nand 5 cc CCONJ\nY 5 nsubj PROPN\nowned 2 conj VERB"
    )
    assert status(joined, "sold") == "alleged"
    assert status(joined, "owned") == "asserted"


def test_what_has_ended() -> None:
    assert status("X 1 nsubj PROPN\nstopped 1 root VERB\nfunding 1 xcomp VERB", "funding") == "ended"
    former = "X 3 nsubj PROPN\nis 3 cop AUX\nformer 3 amod ADJ\ndirector 3 root NOUN\nof 5 case ADP\nY 3 nmod PROPN"
    assert status(former, "director", "officer_of") == "ended"
    assert status(former, "director", "located_in") == "asserted"


def test_attribution_gives_the_claimant_and_nesting() -> None:
    rows = (
        "He 1 nsubj PRON\nsaid 1 root VERB\nY 3 nsubj PROPN\nsaid 1 ccomp VERB\nX 5 nsubj PROPN\nsold 3 ccomp "
        "VERB\narms 5 obj NOUN"
    )
    found = read_factuality(doc_of(rows), 5)
    assert (found.status, found.claimant_span, found.nested) == ("asserted", (2, 3), True)


def test_without_a_parse_near_cues_decide() -> None:
    doc = NLP("X was allegedly paid.")
    assert read_factuality(doc, 3).status == "alleged"
    assert read_factuality(NLP("X paid Y."), 1).status == "asserted"
