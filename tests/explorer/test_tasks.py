"""What analysts come for, done by the shortest way: each within four actions."""

from __future__ import annotations

import pytest

from tests.explorer.conftest import Reader

pytestmark = pytest.mark.browser


def test_who_listed_hikvision_and_the_sentence(at_case: Reader) -> None:
    at_case.type("#search", "hikvis")
    at_case.press("Enter")
    assert "Commerce Department" in at_case.text("[data-testid=listing]")
    assert at_case.text("#details mark") == "The Commerce Department added Hikvision to the Entity List on Monday."
    assert at_case.actions <= 4


def test_all_that_a_company_owns(at_case: Reader) -> None:
    at_case.type("#search", "hikvision")
    at_case.press("Enter")
    holdings = " ".join(at_case.text("[data-testid=holdings]").split())
    for held in ("Kestrel Optics 80 %, directly", "Kestrel Lens Works", "MV Larkspur"):
        assert held in holdings
    assert at_case.actions <= 4


def test_a_path_between_two(at_case: Reader) -> None:
    at_case.click("#path")
    at_case.type("#path-from", "larkspur")
    at_case.type("#path-to", "commerce")
    at_case.press("Enter")
    path = at_case.page.locator("[data-testid=path] > li")
    assert path.count() == 4
    assert "The MV Larkspur is owned by Kestrel Lens Works." in at_case.text("[data-testid=path]")
    assert at_case.actions <= 4


def test_only_denied_claims(at_case: Reader) -> None:
    at_case.click("[aria-label='Only Denied']")
    assert at_case.shown() == (4, 2)
    assert at_case.names() == {"Harbour Bank", "Kestrel Optics", "Watch on Farland", "Wu Lian"}
    assert at_case.actions <= 4


def test_as_of_the_first_of_january_2019(at_case: Reader) -> None:
    at_case.type("#time-date", "2019-01-01")
    at_case.until("explorer.state.at === '2019-01-01'")
    assert "Commerce Department" not in at_case.names()
    assert {"Hangzhou Hikvision Digital Technology", "Kestrel Optics", "MV Larkspur"} <= at_case.names()
    assert at_case.actions <= 4
