"""Dates: what is read as one, its value against the document's date, and the event it belongs to."""

import pytest
import spacy
from spacy.tokens import Doc

from kg.nlp.temporal import TimeExpression, event_date, find_dates
from tests.trees import tree

NLP = spacy.blank("en")
PUBLISHED = "2019-10-08T10:00:00-04:00"  # a Tuesday


def values(text: str, published: str | None = PUBLISHED) -> list[tuple[str, str, str | None, str]]:
    doc = NLP(text)
    return [(doc[w.start : w.end].text, w.value, w.value_end, w.kind) for w in find_dates(doc, published)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on October 7, 2019", "2019-10-07"),
        ("on 7 October 2019", "2019-10-07"),
        ("on 18 Jul. 2012", "2012-07-18"),
        ("on 2019-10-07", "2019-10-07"),
        ("on 07.10.2019", "2019-10-07"),
        ("in June 2015", "2015-06"),
        ("in early-April 2007", "2007-04"),
        ("in 2012", "2012"),
        ("in late 2018", "2018"),
        ("in the fall of 2019", "2019"),
        ("in FY2020", "2020"),
        ("a 2013 offensive", "2013"),
        ("in Italy (1821).", "1821"),
        ("as of mid-2013", "2013"),
        ("Tuesday, Oct. 8, 2019", "2019-10-08"),
    ],
)
def test_absolute_dates(text: str, value: str) -> None:
    assert [found[1] for found in values(text)] == [value]
    assert [found[1] for found in values(text, None)] == [value]


@pytest.mark.parametrize(
    ("text", "value", "value_end"),
    [
        ("OFAC today designated", "2019-10-08", None),
        ("said yesterday", "2019-10-07", None),
        ("said on Monday", "2019-10-07", None),
        ("will meet on Thursday", "2019-10-10", None),
        ("in June it said", "2019-06", None),
        ("in December it said", "2018-12", None),
        ("on November 5 it said", "2018-11-05", None),
        ("earlier this year", "2019", None),
        ("last year", "2018", None),
        ("last month", "2019-09", None),
        ("last week", "2019-09-30", "2019-10-06"),
        ("two years ago", "2017", None),
    ],
)
def test_relative_dates_are_counted_from_the_documents_date(text: str, value: str, value_end: str | None) -> None:
    assert [found[1:3] for found in values(text)] == [(value, value_end)]
    assert values(text, None) == []


@pytest.mark.parametrize(
    "text",
    [
        "It may march on. Mar was there. May he rest.",
        "under resolution 1737 (2006) and the Act of 2015",
        "some 2,000 people and 1500 ships, Decision 2014/512",
        "on 31 February 2019",
        "Regulation (EU) No 833/2014",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("between January 2007 and December 2011", ("2007-01", "2011-12", "range")),
        ("from September to December 2019", ("2019-09", "2019-12", "range")),
        ("October 16-18, 2015", ("2015-10-16", "2015-10-18", "range")),
        ("(1972-1984)", ("1972", "1984", "range")),
        ("since 2014", ("2014", None, "since")),
        ("until May 2016", ("2016-05", None, "until")),
    ],
)
def test_ranges_and_open_ends(text: str, expected: tuple[str, str | None, str]) -> None:
    assert [found[1:] for found in values(text)] == [expected]


def test_a_day_without_a_year_takes_that_of_the_date_before_it() -> None:
    assert [found[1] for found in values("In February 2012 it was listed. On March 3 it was delisted.")] == [
        "2012-02",
        "2012-03-03",
    ]


def test_a_day_counted_from_no_day_has_no_value() -> None:
    assert values("The next day it rained. On May 5 he left.", None) == []


def test_the_same_day_is_that_of_the_date_before_it() -> None:
    assert [found[1] for found in values("He was held on 5 May 2018 and freed the same day.")] == [
        "2018-05-05",
        "2018-05-05",
    ]


def dated() -> tuple[Doc, list[TimeExpression]]:
    doc = tree("""
        On _ ADP 2 case
        Monday _ PROPN 4 obl
        OFAC _ PROPN 4 nsubj
        designated _ VERB 0 root
        X _ PROPN 4 obj
        , _ PUNCT 8 punct
        which _ PRON 8 nsubj
        sold _ VERB 5 acl:relcl
        arms _ NOUN 8 obj
        in _ ADP 11 case
        2012 _ NUM 8 obl
        . _ PUNCT 4 punct
    """)
    return doc, find_dates(doc, PUBLISHED)


def test_a_date_belongs_to_the_event_of_its_own_clause() -> None:
    doc, whens = dated()
    assert [when.value for when in whens] == ["2019-10-07", "2012"]
    for trigger, value in ((3, "2019-10-07"), (7, "2012")):
        found = event_date(doc, trigger, whens, PUBLISHED)
        assert found is not None
        assert found.value == value


def test_the_time_of_a_statement_is_not_the_events() -> None:
    doc = tree("""
        He _ PRON 2 nsubj
        said say VERB 0 root
        on _ ADP 4 case
        Monday _ PROPN 2 obl
        that _ SCONJ 7 mark
        X _ PROPN 7 nsubj
        sold _ VERB 2 ccomp
        arms _ NOUN 7 obj
        . _ PUNCT 2 punct
    """)
    whens = find_dates(doc, PUBLISHED)
    assert [when.value for when in whens] == ["2019-10-07"]
    assert event_date(doc, 6, whens, PUBLISHED) is None
    assert event_date(doc, 1, whens, PUBLISHED) == whens[0]


def test_an_act_without_a_date_of_its_own_has_the_documents() -> None:
    doc = NLP("OFAC designated two firms.")
    found = event_date(doc, 1, [], PUBLISHED, act=True)
    assert found is not None
    assert found.value == "2019-10-08"
    assert event_date(doc, 1, [], PUBLISHED) is None
    past = NLP("X had been previously designated by OFAC.")
    assert event_date(past, 4, [], PUBLISHED, act=True) is None


def test_a_date_of_birth_dates_no_event() -> None:
    doc = NLP("X, born 5 May 1970, sold arms.")
    assert event_date(doc, 7, find_dates(doc, PUBLISHED), PUBLISHED) is None
