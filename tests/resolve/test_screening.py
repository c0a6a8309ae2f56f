"""Screening: ranked matches with their reasons, why not, and the floor of recall and precision on the rule-made set."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.screening import build, evaluate, read_sdn
from kg.lists.importer import import_list
from kg.resolve.screening import THRESHOLD, Query, Screener
from kg.resolve.subjects import Subject
from kg.store import open_store
from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "entity-list-2019-10-09.csv"

COOK = "PRIGOZHIN, Yevgeniy Viktorovich"
SUBJECTS = [
    Subject("n1", "Person", COOK, [COOK], birth_dates=["1961-06-01"]),
    Subject("n2", "Person", "AL-ASSAD, Bashar", ["AL-ASSAD, Bashar", "THE DOCTOR"], {"THE DOCTOR"}),
    Subject("n3", "Company", "MAHAN AIR", ["MAHAN AIR", "MAHAN AIRLINES"]),
    Subject("n4", "Vessel", "HORSE", ["HORSE"], identifiers=[("imo", "9362061")]),
    Subject("n5", "Aircraft", "EP-MNR", ["EP-MNR"]),
    Subject("n6", "Company", "OVERSEAS TRADING CORP", ["OVERSEAS TRADING CORP"]),
]


@pytest.fixture(scope="module")
def screener() -> Screener:
    """Six subjects."""
    return Screener(SUBJECTS)


def test_a_match_tells_its_alias_and_why(screener: Screener) -> None:
    (match,) = screener.screen(Query("Евгений Пригожин"))
    assert (match.node, match.alias) == ("n1", "PRIGOZHIN, Yevgeniy Viktorovich")
    assert any(reason.startswith("prigozhin") for reason in match.reasons)
    assert "only in the listed name: viktorovich" in match.reasons


def test_what_else_is_known_moves_the_score(screener: Screener) -> None:
    plain = screener.screen(Query("Evgeny Prigozhin"))[0].score
    born = screener.screen(Query("Evgeny Prigozhin", birth_date="1961-06-01"))[0]
    assert born.score > plain
    assert "born on the same day: 1961-06-01" in born.reasons
    assert screener.screen(Query("Evgeny Prigozhin", birth_date="1990")) == []
    assert screener.screen(Query("Evgeny Prigozhin", type="Vessel")) == []


def test_codes_nicknames_and_common_words(screener: Screener) -> None:
    assert [match.node for match in screener.screen(Query("EP-MNR"))] == ["n5"]
    assert screener.screen(Query("EP-MNS")) == []
    assert screener.screen(Query("The Doctor"))[0].score < screener.screen(Query("Bashar al-Assad"))[0].score
    for name in ("CORP", "Trading Corp", "J.", "Air", "Bashar", "Co., Ltd.", "", "  ", "!!!", "123"):
        assert screener.screen(Query(name)) == [], name


def test_a_number_decides(screener: Screener) -> None:
    found = screener.screen(Query("Horse", identifiers=(("imo", "IMO 9362061".removeprefix("IMO ")),)))
    assert (found[0].node, found[0].score) == ("n4", 1.0)


def test_why_not_names_what_spoke_against(screener: Screener) -> None:
    match = screener.why_not(Query("Mahmoud Airways"), "Mahan Air")
    assert match is not None
    assert match.node == "n3"
    assert match.score < THRESHOLD
    assert any("only in" in reason or "no word" in reason for reason in match.reasons)
    assert [match.node for match in screener.nearest(Query("Overseas Shipping"), limit=1)] == ["n6"]


def test_listings_come_with_the_match() -> None:
    with open_store(None) as store:
        import_list(store, "entity-list", [EXAMPLE])
        (match,) = Screener.of(store).screen(Query("Hangzhou Hikvision Digital Technology Co Ltd"))
    assert match.name == "Hikvision"
    (listing,) = match.listings
    assert (listing.list, listing.authority, listing.since) == (
        "Entity List",
        "Bureau of Industry and Security",
        "2019-10-09",
    )


@pytest.mark.slow
def test_recall_and_precision_stay_above_the_floor(shared: Path) -> None:
    subjects, cases = build(read_sdn(shared))
    outcomes, _, _ = evaluate(Screener(subjects), cases[::2], THRESHOLD)
    found = sum(counter["found"] for counter in outcomes.values())
    false = sum(counter["false"] for counter in outcomes.values())
    positives = sum(case.entry is not None for case in cases[::2])
    assert found / positives >= 0.94
    assert found / (found + false) >= 0.93  # every second case; .951 on all of them
