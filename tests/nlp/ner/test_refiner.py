"""Names made whole: forms, lists, aliases and the document's memory, on Docs whose recognised names are set by hand."""

from __future__ import annotations

import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.nlp.ner.gazetteer import DATA, countries, country_of, named
from kg.nlp.ner.refiner import Names
from kg.nlp.ner.regex_rules import is_company, laws, ships, with_legal_form
from kg.nlp.pipeline import LayoutTokenizer

VOCAB = Vocab()
CUT = LayoutTokenizer(VOCAB)
NAMES = Names(VOCAB)


def read(text: str, **recognised: str) -> list[tuple[str, str]]:
    """The names of a text in which the first place of each recognised name (spaces as `_`) has a type."""
    doc: Doc = CUT(text)
    spans = []
    for written, kind in recognised.items():
        name = written.replace("_", " ")
        at = text.index(name)
        span = doc.char_span(at, at + len(name), label=kind)
        assert span is not None, name
        spans.append(span)
    doc.ents = tuple(spans)
    return [(ent.text, ent.label_) for ent in NAMES(doc).ents]


@pytest.mark.parametrize(
    "law",
    [
        "E.O. 13224",
        "Executive Order 13224",
        "Executive Order (E.O.) 13224",
        "UNSCR 1718",
        "Resolution 1267 (1999)",
        "Security Council resolution 2368 (2017)",
        "Council Regulation (EU) No 833/2014",
        "Decision 2014/512/CFSP",
        "Foreign Narcotics Kingpin Designation Act",
    ],
)
def test_orders_resolutions_and_acts_are_known_by_their_form(law: str) -> None:
    assert read(f"It acted under {law} today.") == [(law, "LegalInstrument")]


def test_a_ship_with_its_prefix_is_a_vessel() -> None:
    text = "They sold the M/V ALPHA STAR 2 in May."
    assert [text[a:b] for a, b, _ in ships(text)] == ["M/V ALPHA STAR 2"]


def test_a_plain_number_or_a_word_order_is_no_law() -> None:
    assert list(laws("In order 13224 people came. The resolution was made.")) == []


def test_lists_and_authorities_are_known_without_a_recogniser() -> None:
    found = read("OFAC put it on the Specially Designated Nationals and Blocked Persons List in Iran.")
    assert found == [
        ("OFAC", "GovernmentBody"),
        ("Specially Designated Nationals and Blocked Persons List", "List"),
        ("Iran", "Country"),
    ]


def test_the_legal_form_belongs_to_the_name_and_decides_its_type() -> None:
    assert read("It owns Alpha Trading Co., Ltd. in full.", Alpha_Trading="Organization") == [
        ("Alpha Trading Co., Ltd.", "Company")
    ]
    assert with_legal_form("Alpha, which is", 0, 5) == 5
    assert is_company("OJSC Alpha")
    assert not is_company("Alpha Brigade")


def test_a_name_seen_once_holds_for_the_whole_document() -> None:
    text = "Dabrovia Holding sells oil. Years later Dabrovia Holding was listed."
    assert read(text, Dabrovia_Holding="Company") == [("Dabrovia Holding", "Company")] * 2


def test_a_person_is_known_again_by_the_surname() -> None:
    assert read("Ivan Karovsky leads it. Karovsky denied it.", Ivan_Karovsky="Person")[1] == ("Karovsky", "Person")


def test_a_surname_that_is_a_common_word_of_the_text_is_left_alone() -> None:
    found = read("Ivan Stone leads it. Stone is made of stone.", Ivan_Stone="Person")
    assert found == [("Ivan Stone", "Person")]


def test_a_short_name_in_brackets_takes_the_type_of_the_long_one() -> None:
    text = "Dabrovia Trading Group (DTG) sells oil. DTG was listed."
    found = read(text, Dabrovia_Trading_Group="Company")
    assert found == [("Dabrovia Trading Group", "Company"), ("DTG", "Company"), ("DTG", "Company")]


def test_a_name_with_its_short_form_is_two_names() -> None:
    text = "Dabrovia Trading Group (DTG) sells oil."
    doc = CUT(text)
    whole = doc.char_span(0, text.index(")") + 1, label="Company")
    assert whole is not None
    doc.ents = (whole,)
    assert [ent.text for ent in NAMES(doc).ents] == ["Dabrovia Trading Group", "DTG"]


def test_one_form_has_one_type_by_the_most_places() -> None:
    doc = CUT("Zarwan came. Zarwan went. Zarwan stayed.")
    places = [doc.char_span(at, at + 6, label=kind) for at, kind in ((0, "Person"), (13, "Company"), (26, "Person"))]
    doc.ents = tuple(span for span in places if span is not None)
    assert [ent.label_ for ent in NAMES(doc).ents] == ["Person"] * 3


def test_reference_codes_and_adjectives_of_countries_are_no_names() -> None:
    assert read("The Syrian QDe.004 stands there.", Syrian="Country") == []


def test_a_name_never_reaches_over_two_blocks() -> None:
    assert read("North\n\nKorea is far.") == []


def test_countries_have_one_usual_name() -> None:
    assert country_of("Russian") == "Russia"
    assert country_of("People’s Republic of China") == "China"
    assert len({country.name for country in countries()}) == len(countries()) > 190


def test_no_company_or_person_stands_in_the_data() -> None:
    kinds = set(named().values())
    assert kinds == {"GovernmentBody", "Organization", "List", "LegalInstrument", "Country", "Place"}
    written = "".join(path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*.tsv")))
    for name in ("Hikvision", "Dahua", "SenseTime", "Megvii", "Alibaba", "Huawei", "Geng"):
        assert name not in written
