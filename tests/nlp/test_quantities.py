"""Quantities: numbers, their bounds and currencies, and the tokens they cover."""

import pytest
import spacy

from kg.nlp.quantities import Quantity, find_quantities

NLP = spacy.blank("en")


def only(text: str) -> Quantity:
    found = find_quantities(NLP(text))
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        ("Rosneft holds 51 per cent of the company.", 51, 51, 51),
        ("He owns 49.9% of it.", 49.9, 49.9, 49.9),
        ("a 25-percent stake", 25, 25, 25),
        ("fifty-one percent of the shares", 51, 51, 51),
        ("It is wholly owned by the bank.", 100, 100, 100),
        ("a wholly-owned subsidiary", 100, 100, 100),
        ("It is majority owned by him.", None, 50, 100),
        ("the majority shareholder of the yard", None, 50, 100),
        ("a minority stake", None, 0, 50),
        ("half of the shares", 50, 50, 50),
        ("a third of the company", 33.33, 33.33, 33.33),
        ("two-thirds of the company", 66.67, 66.67, 66.67),
        ("at least 50 percent", None, 50, 100),
        ("less than 10 percent", None, 0, 10),
        ("between 20 to 30 percent", None, 20, 30),
    ],
)
def test_a_stake_has_a_number_or_bounds(text: str, value: float | None, low: float, high: float) -> None:
    found = only(text)
    assert (found.kind, found.value, found.min, found.max) == ("percent", value, low, high)


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("$1.2 billion", 1.2e9, "USD"),
        ("an IPO of Rs. 7,100 crores", 7.1e10, "INR"),
        ("EUR 3 million", 3e6, "EUR"),
        ("USD 40,000", 40_000, "USD"),
        ("some 500,000 euros", 500_000, "EUR"),
        ("£2m", 2e6, "GBP"),
        ("five million dollars", 5e6, "USD"),
        ("$25,000 USD", 25_000, "USD"),
    ],
)
def test_money_has_its_scale_worked_in(text: str, value: float, currency: str) -> None:
    found = find_quantities(NLP(text))[0]
    assert (found.kind, found.value, found.currency) == ("money", value, currency)


def test_counts_of_listed_things() -> None:
    found = [
        (q.value, q.text)
        for q in find_quantities(NLP("OFAC designated 37 companies and twelve oil tankers and ships."))
    ]
    assert found == [(37, "37"), (12, "twelve")]


def test_no_stake_beyond_a_hundred_and_no_plain_numbers() -> None:
    assert find_quantities(NLP("Output rose by 250 percent under Executive Order 13224 on 7 October.")) == []


def test_token_offsets_cover_the_wording() -> None:
    doc = NLP("The bank sold 30 per cent for $5 million.")
    assert [doc[q.start : q.end].text for q in find_quantities(doc)] == ["30 per cent", "$5 million"]
