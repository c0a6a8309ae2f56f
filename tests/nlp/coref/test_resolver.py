"""Coreference: names of one thing become one cluster, each link with its sieve; pronouns and groups on trees."""

import pytest
import spacy
from spacy.tokens import Span

from kg.nlp.coref import Cluster, resolve_coreference
from kg.nlp.coref.acronyms import abbreviates, is_initials
from kg.nlp.coref.name_sieves import law_key
from kg.nlp.coref.nations import state_of, state_of_demonym
from tests.trees import tree

NLP = spacy.blank("en")


def read(text: str, **names: list[str]) -> list[Cluster]:
    """The clusters of a text whose names are given by type."""
    doc = NLP(text)
    found: dict[int, Span] = {}
    for label, forms in names.items():
        for form in sorted(forms, key=len, reverse=True):
            at = text.find(form)
            while at >= 0:
                span = doc.char_span(at, at + len(form), label=label)
                if span is not None and not any(
                    t in range(s.start, s.end) for s in found.values() for t in range(span.start, span.end)
                ):
                    found[span.start] = span
                at = text.find(form, at + 1)
    doc.ents = sorted(found.values(), key=lambda span: span.start)
    return resolve_coreference(doc)


def forms(text: str, **names: list[str]) -> list[set[str]]:
    doc = NLP(text)
    return [{doc[s.start : s.end].text for s in cluster.spans} for cluster in read(text, **names)]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        (
            "The Office of Foreign Assets Control acted. OFAC said so.",
            {"GovernmentBody": ["Office of Foreign Assets Control", "OFAC"]},
            [{"Office of Foreign Assets Control", "OFAC"}],
        ),
        (
            "Munitions Industry Department (MID) exports. MID also buys.",
            {"GovernmentBody": ["Munitions Industry Department"]},
            [{"Munitions Industry Department", "MID"}],
        ),
        (
            "Ali Youssef Charara met Kassem Hejeij. Charara paid. President Hejeij left.",
            {"Person": ["Ali Youssef Charara", "Kassem Hejeij", "Charara", "Hejeij"]},
            [{"Ali Youssef Charara", "Charara"}, {"Kassem Hejeij", "Hejeij"}],
        ),
        (
            "Zarvox Optical Technology Co., Ltd. grew. Zarvox sells cameras.",
            {"Company": ["Zarvox Optical Technology Co., Ltd.", "Zarvox"]},
            [{"Zarvox Optical Technology Co., Ltd.", "Zarvox"}],
        ),
        (
            "Hizballah's Shura Council met. Hizballah denied it.",
            {"Organization": ["Hizballah's Shura Council", "Hizballah"]},
            [{"Hizballah's Shura Council"}, {"Hizballah"}],
        ),
        (
            "The U.S. Department of the Treasury spoke; Treasury acted, the Treasury Department said.",
            {"GovernmentBody": ["U.S. Department of the Treasury", "Treasury Department", "Treasury"]},
            [{"U.S. Department of the Treasury", "Treasury", "Treasury Department"}],
        ),
        (
            "Executive Order (E.O.) 13224 and E.O. 13382. Executive Order 13224 holds.",
            {"LegalInstrument": ["Executive Order (E.O.) 13224", "E.O. 13382", "Executive Order 13224"]},
            [{"Executive Order (E.O.) 13224", "Executive Order 13224"}, {"E.O. 13382"}],
        ),
        (
            "Argent, formerly known as Jaguar, sailed. Jaguar sank.",
            {"Vessel": ["Argent", "Jaguar"]},
            [{"Argent", "Jaguar"}],
        ),
        (
            "KAAMFAR Behdad is a prosecutor. Behdad Kaamfar convicted them.",
            {"Person": ["KAAMFAR Behdad", "Behdad Kaamfar"]},
            [{"KAAMFAR Behdad", "Behdad Kaamfar"}],
        ),
        (
            "Impulse S.A.R.L. and Impulse International Offshore are two firms.",
            {"Company": ["Impulse S.A.R.L.", "Impulse International Offshore"]},
            [{"Impulse S.A.R.L."}, {"Impulse International Offshore"}],
        ),
    ],
)
def test_spellings_of_one_thing(text: str, names: dict[str, list[str]], expected: list[set[str]]) -> None:
    assert forms(text, **names) == expected


def test_an_ambiguous_short_name_stays_alone() -> None:
    text = "Miguel Rodriguez met Gilberto Rodriguez. Sinatrex Steel and Sinatrex Oil grew. Sinatrex fell."
    found = forms(
        text, Company=["Sinatrex Steel", "Sinatrex Oil", "Sinatrex"], Person=["Miguel Rodriguez", "Gilberto Rodriguez"]
    )
    assert {"Sinatrex"} in found


def test_a_government_is_its_country() -> None:
    found = read(
        "The Syrian regime paid. Syria and the Government of Syria, the Assad regime too. Iranian oil came.",
        Country=["Syria", "Syrian regime"],
    )
    syria = found[0]
    assert (syria.type, syria.name) == ("Country", "Syria")
    assert [span.sieve for span in syria.spans] == ["government", "exact", "government", "government"]
    iran = found[1]
    assert (iran.type, iran.name, [span.sieve for span in iran.spans]) == ("Country", "Iranian", ["demonym"])


def test_every_link_names_its_sieve_and_kind() -> None:
    spans = read("Export Bank of Iran (EBI) grew. EBI lends.", Company=["Export Bank of Iran"])[0].spans
    assert [(span.kind, span.sieve) for span in spans] == [
        ("name", "exact"),
        ("alias", "bracket"),
        ("alias", "bracket"),
    ]


def test_a_bracketed_place_is_no_alias() -> None:
    assert forms("Akham Group (Spain) grew.", Company=["Akham Group"], Country=["Spain"]) == [
        {"Akham Group"},
        {"Spain"},
    ]


def test_an_alias_of_two_people_joins_them_not() -> None:
    text = "Lionel Dumont, alias Hamza, met Jacques Mondher, alias Hamza."
    found = forms(text, Person=["Lionel Dumont", "Jacques Mondher", "Hamza"])
    assert {"Lionel Dumont"} in found
    assert {"Jacques Mondher"} in found


def test_a_labelled_list_of_aliases_belongs_to_the_name_before_it() -> None:
    text = "Name: ZARA TRUST\n\nA.k.a.: Al-Zara Trust; Zahra Fund (Zara Relief); Zarah\n\nOther: Basel Trust"
    names = ["ZARA TRUST", "Al-Zara Trust", "Zahra Fund", "Zara Relief", "Basel Trust"]
    assert forms(text, Organization=names) == [
        {"ZARA TRUST", "Al-Zara Trust", "Zahra Fund", "Zara Relief"},
        {"Basel Trust"},
    ]


def test_acronyms() -> None:
    assert is_initials("OFAC", ("office", "of", "foreign", "assets", "control"))
    assert abbreviates("FinCEN", ("financial", "crimes", "enforcement", "network"))
    assert abbreviates("PdVSA", ("petroleos", "de", "venezuela", "sa"))
    assert not abbreviates("KGB", ("ministry", "of", "defence"))


def test_states_and_laws() -> None:
    assert state_of("the Democratic People’s Republic of Korea") == "North Korea"
    assert state_of_demonym("South Sudanese") == "South Sudan"
    assert state_of("Iranian") is None
    assert law_key("UNSCR 1737 (2006)") == law_key("Resolution 1737")
    assert law_key("the Kingpin Act") is None


TWO = """
Zarvox _ PROPN 2 nsubj
bought buy VERB 0 root
Lumio _ PROPN 2 obj
. _ PUNCT 2 punct

It _ PRON 2 nsubj
sells sell VERB 0 root
cameras camera NOUN 2 obj
. _ PUNCT 2 punct

The _ DET 2 det
company _ NOUN 3 nsubj
paid pay VERB 0 root
him _ PRON 3 obj
"""


def test_pronoun_and_description_go_to_the_prominent_thing() -> None:
    doc = tree(TWO, ents=[(0, 1, "Company"), (2, 3, "Company")])
    found = resolve_coreference(doc)
    assert [(doc[s.start : s.end].text, s.kind, s.sieve) for s in found[0].spans] == [
        ("Zarvox", "name", "exact"),
        ("It", "pronoun", "agreement and prominence"),
        ("The company", "nominal", "definite description"),
    ]
    assert len(found[1].spans) == 1, "`him` has no person to go to"


def test_a_group_has_members() -> None:
    rows = """
Zarvox _ PROPN 4 nsubj
and _ CCONJ 3 cc
Lumio _ PROPN 1 conj
grew grow VERB 0 root
. _ PUNCT 4 punct

These _ DET 2 det
companies company NOUN 3 nsubj
export _ VERB 0 root
"""
    doc = tree(rows, ents=[(0, 1, "Company"), (2, 3, "Company")])
    group = resolve_coreference(doc)[-1]
    assert (group.type, group.members) == ("Company", (0, 1))
    assert [(doc[s.start : s.end].text, s.kind) for s in group.spans] == [("These companies", "group")]


def test_a_number_of_listed_firms_is_a_thing_by_description() -> None:
    rows = """
OFAC _ PROPN 2 nsubj
designated designate VERB 0 root
37 _ NUM 4 nummod
companies company NOUN 2 obj
. _ PUNCT 2 punct
"""
    doc = tree(rows, ents=[(0, 1, "GovernmentBody")])
    found = resolve_coreference(doc)
    assert [(c.type, c.name, c.spans[0].sieve) for c in found] == [
        ("GovernmentBody", "OFAC", "exact"),
        ("Company", "37 companies", "description"),
    ]


def test_the_relative_pronoun_is_its_noun() -> None:
    rows = """
Zarvox _ PROPN 5 nsubj
, _ PUNCT 3 punct
which _ PRON 4 nsubj
sells sell VERB 1 acl:relcl
grew grow VERB 0 root
"""
    doc = tree(rows, ents=[(0, 1, "Company")])
    assert [s.sieve for s in resolve_coreference(doc)[0].spans] == ["exact", "relative"]
