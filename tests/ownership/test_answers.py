"""Answers that know what they do not know: authorities, measures, shares, days, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.ownership import Verdict
from tests.ownership.answers import add, ask, company, controls, holding, owns, record, sanction, verdict

OFAC = "Office of Foreign Assets Control"
LATER = "2024-07-10"


@pytest.mark.parametrize(
    ("authority", "rule"),
    [
        ("US Treasury Office of Foreign Assets Control (OFAC)", "ofac"),
        ("U.S. Department of the Treasury", "ofac"),
        ("OFAC", "ofac"),
        ("Directorate‑General for Financial Stability, Financial Services and Capital Markets Union", "eu"),
        ("European External Action Service", "eu"),
        ("European Commission - DG FISMA", "eu"),
        ("Foreign, Commonwealth & Development Office", "uk"),
        ("HM Treasury, Office of Financial Sanctions Implementation", "uk"),
        ("State Secretariat for Economic Affairs (SECO)", "ch"),
    ],
)
def test_an_act_of_a_body_counts_for_the_body_that_it_belongs_to(tmp_path: Path, authority: str, rule: str) -> None:
    records = [
        company("Owner"),
        company("Held"),
        sanction("Owner", authority, program="Anything"),
        owns("Owner", "Held", percentage="60"),
    ]
    with holding(tmp_path, records) as store:
        assert verdict(store, "Owner", rule) == "blocked"
        assert verdict(store, "Held", rule) == "blocked"
        others = {"ofac", "eu", "uk", "ch"} - {rule}
        assert {verdict(store, "Held", other) for other in others} == {"not known"}


def test_an_authority_that_no_table_knows_is_named(tmp_path: Path) -> None:
    records = [
        company("Owner"), company("Held"), company("Other"), sanction("Other", OFAC, program="SDN"),
        sanction("Owner", "Board of Odd Affairs", program="P"), owns("Owner", "Held", percentage="60"),
    ]  # fmt: skip
    with holding(tmp_path, records) as store:
        found = ask(store, "Held").about
        assert found.verdict == Verdict.NOT_KNOWN
        assert "Owner is listed by Board of Odd Affairs, which the tables do not know" in found.reasons


@pytest.mark.parametrize(
    ("heading", "blocks"),
    [
        ("SDN", "blocked"),
        ("RUSSIA-EO14024", "blocked"),
        ("Sectoral Sanctions Identifications List", "not blocked"),
        ("Non-SDN Chinese Military-Industrial Complex Companies List", "not blocked"),
        ("Palestinian Legislative Council List", "not blocked"),
        ("CAPTA List", "not blocked"),
        ("Non-SDN Menu-Based Sanctions List", "not blocked"),
        ("List of Things Yet to Come", "not known"),
    ],
)
def test_only_lists_that_freeze_block(tmp_path: Path, heading: str, blocks: str) -> None:
    records = [
        company("Owner"), company("Held"), company("Frozen"), sanction("Frozen", OFAC, program="SDN"),
        sanction("Owner", OFAC, program=heading), owns("Owner", "Held", percentage="100"),
    ]  # fmt: skip
    with holding(tmp_path, records) as store:
        assert verdict(store, "Owner") == blocks
        expected = {"not known": "cannot be excluded"}.get(blocks, blocks)
        assert verdict(store, "Held") == expected


@pytest.mark.parametrize("heading", ["Unverified List", "Denied Persons List", "ITAR Debarred (DTC)"])
def test_the_affiliates_rule_carries_the_entity_list_alone(tmp_path: Path, heading: str) -> None:
    records = [
        company("Owner"), company("Held"), company("Entity"), sanction("Entity", "BIS", program="Entity List"),
        sanction("Owner", "Bureau of Industry and Security", program=heading), owns("Owner", "Held", percentage="100"),
    ]  # fmt: skip
    with holding(tmp_path, records) as store:
        assert verdict(store, "Held", "bis", "2025-10-01") == "not blocked"
        assert verdict(store, "Entity", "bis", "2025-10-01") == "blocked"


def test_no_list_and_no_owner_is_not_known(tmp_path: Path) -> None:
    records = [company("Alone"), company("Listed"), sanction("Listed", OFAC, program="SDN"), company("Human", "Person")]
    with holding(tmp_path, records) as store:
        alone = ask(store, "Alone").about
        assert (alone.verdict, alone.settles) == (Verdict.NOT_KNOWN, ("who owns Alone",))
        assert verdict(store, "Human") == "not blocked"  # nobody owns a person
        human = ask(store, "Human", "eu").about
        assert human.reasons == ("the store holds no list of European Union with asset freeze",)


BANDS = [
    ("25–50%", "cannot be excluded", "not blocked"),
    ("50–75%", "blocked", "blocked"),
    ("ownership-of-shares-75-to-100-percent", "blocked", "blocked"),
    ("<50", "not blocked", "not blocked"),
    (">25", "cannot be excluded", "cannot be excluded"),
    ("25+", "cannot be excluded", "cannot be excluded"),
    ("majority", "blocked", "blocked"),
    ("minority", "not blocked", "not blocked"),
    ("50,000", "cannot be excluded", "cannot be excluded"),
    ("120", "cannot be excluded", "cannot be excluded"),
    ("-5", "cannot be excluded", "cannot be excluded"),
    ("up to 50%", "cannot be excluded", "not blocked"),
    ("50 % or more", "blocked", "cannot be excluded"),
    ("50,5 %", "blocked", "blocked"),
    ("49.999", "not blocked", "not blocked"),
    (["30", "60"], "cannot be excluded", "cannot be excluded"),
    (["25–50%", "75–100%"], "cannot be excluded", "cannot be excluded"),
    ("voting-rights-75-to-100-percent", "not blocked", "blocked"),
    ("voting-rights-25-to-50-percent", "not blocked", "not blocked"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "ofac", "uk"), BANDS)
def test_stakes_as_registers_write_them(tmp_path: Path, written: str | list[str], ofac: str, uk: str) -> None:
    records = [
        company("Owner", "Person"), company("Held"), sanction("Owner", OFAC), sanction("Owner", "OFSI"),
        owns("Owner", "Held", percentage=written),
    ]  # fmt: skip
    with holding(tmp_path, records) as store:
        assert (verdict(store, "Held"), verdict(store, "Held", "uk")) == (ofac, uk)


def test_records_of_one_pair_keep_their_own_days(tmp_path: Path) -> None:
    records = [
        company("Owner", "Person"), company("Held"), sanction("Owner", OFAC, startDate="2014-01-01"),
        owns("Owner", "Held", percentage="50", startDate="2015-11-25", endDate="2023-03-02"),
        owns("Owner", "Held", percentage="48", startDate="2023-03-02", endDate="2023-12-21"),
        owns("Owner", "Held", percentage="51", startDate="2023-12-21"),
    ]  # fmt: skip
    with holding(tmp_path, records) as store:
        days = {
            "2014-06-01": "not known",
            "2016-01-01": "blocked",
            "2023-06-01": "not blocked",
            "2024-06-02": "blocked",
        }
        assert {day: verdict(store, "Held", at=day) for day in days} == days


def test_an_end_ahead_has_not_come(tmp_path: Path) -> None:
    records = [
        company("Owner"), company("Held"), sanction("Owner", OFAC, program="SDN"),
        owns("Owner", "Held", percentage="80", startDate="2020-01-01", endDate="2035-01-01"),
    ]  # fmt: skip
    with holding(tmp_path, records) as store:
        assert verdict(store, "Held") == "blocked"
        assert verdict(store, "Held", at="2036-01-01") == "not blocked"


@pytest.mark.parametrize("over", [{"endDate": "2022-01-01"}, {"status": "inactive"}, {"status": "Delisted"}])
def test_a_designation_that_is_over_blocks_nobody(tmp_path: Path, over: dict[str, str]) -> None:
    records = [
        company("Owner", seen=""), company("Held", seen=""), owns("Owner", "Held", percentage="90") | {"last_seen": ""},
        sanction("Owner", OFAC, program="SDN", startDate="2018-01-01", **over) | {"last_seen": ""},
    ]  # fmt: skip
    with holding(tmp_path, records) as store:
        assert verdict(store, "Held") == "not blocked"


def test_a_delisting_by_the_parent_body_ends_the_listing_of_its_office(tmp_path: Path) -> None:
    from kg.namespaces import document_iri
    from kg.rdf import serialize
    from tests.ownership.test_verdicts import told

    texts = [
        told("2015-01-01", ("Bluehill", "listed_by", "Office of Foreign Assets Control", {"date": "2014-12-31"})),
        told("2019-01-01", ("Bluehill", "delisted_by", "Treasury", {"date": "2018-12-31"})),
    ]
    with holding(tmp_path, [company("Other"), sanction("Other", OFAC, program="SDN")]) as store:
        store.replace_graphs({document_iri(one.document.id): list(serialize.quads(one)) for one in texts})
        assert verdict(store, "Bluehill", at="2016-01-01") == "blocked"
        assert "until 2018-12-31" in str(ask(store, "Bluehill", at="2025-01-01").about)


def test_the_day_of_an_edition_is_no_date_of_listing(tmp_path: Path) -> None:
    records = [
        company("Owner"),
        company("Held"),
        sanction("Owner", OFAC, program="SDN"),
        owns("Owner", "Held", percentage="90"),
    ]
    with holding(tmp_path, records) as store:
        before = ask(store, "Owner", at="2024-05-31").about
        assert before.verdict == Verdict.NOT_KNOWN
        assert "by 2024-06-01 at the latest" in before.reasons[0]
        assert verdict(store, "Held", at="2019-01-01") == "cannot be excluded"
        assert verdict(store, "Owner", at=LATER) == "blocked"


def test_the_first_edition_stays_the_first(tmp_path: Path) -> None:
    records = [company("Owner"), sanction("Owner", OFAC, program="SDN")]
    new = [company("New"), sanction("New", OFAC, program="SDN")]
    with holding(tmp_path, records) as store:
        add(store, tmp_path, [item | {"last_seen": "2025-01-01"} for item in records + new])
        assert verdict(store, "Owner", at="2024-07-01") == "blocked"
        assert verdict(store, "New", at="2024-07-01") == "not known"
        assert verdict(store, "New", at="2025-01-02") == "blocked"


def test_the_european_threshold_changed_in_july_2024(tmp_path: Path) -> None:
    records = [
        company("Owner"), company("Held"), sanction("Owner", "Council of the European Union", startDate="2014-01-01"),
        owns("Owner", "Held", percentage="50", startDate="2014-01-01"),
    ]  # fmt: skip
    with holding(tmp_path, records) as store:
        assert verdict(store, "Held", "eu", "2024-07-02") == "not blocked"
        assert verdict(store, "Held", "eu", "2024-07-03") == "blocked"


def test_aggregation_began_in_august_2014(tmp_path: Path) -> None:
    records = [company("Held")]
    for owner in ("One", "Two"):
        records += [
            company(owner),
            sanction(owner, OFAC, startDate="2010-01-01"),
            owns(owner, "Held", percentage="25", startDate="2010-01-01"),
        ]
    with holding(tmp_path, records) as store:
        assert verdict(store, "Held", at="2014-08-12") == "not blocked"
        assert verdict(store, "Held", at="2014-08-13") == "blocked"


def test_the_affiliates_rule_stood_still_for_a_year(tmp_path: Path) -> None:
    records = [
        company("Owner"),
        company("Held"),
        sanction("Owner", "BIS", program="Entity List"),
        owns("Owner", "Held", percentage="50"),
    ]
    with holding(tmp_path, records) as store:
        days = {
            "2025-09-28": "not blocked",
            "2025-09-29": "blocked",
            "2025-11-10": "not blocked",
            "2026-11-09": "not blocked",
        }
        assert {day: verdict(store, "Held", "bis", day) for day in days} == days
        assert "suspended from 2025-11-10 to 2026-11-09" in ask(store, "Held", "bis", "2026-01-01").notes[0]
        assert "may have been prolonged" in ask(store, "Held", "bis", "2026-11-10").notes[0]


def test_linked_to_is_no_ownership(tmp_path: Path) -> None:
    records = [
        company("Listed"), company("Linked"), sanction("Listed", OFAC, program="SDN"),
        record("UnknownLink", "u", subject="Linked", object="Listed", role="Linked To"),
    ]  # fmt: skip
    with holding(tmp_path, records) as store:
        assert verdict(store, "Linked") == "not known"


def test_control_counts_where_the_rule_says_so(tmp_path: Path) -> None:
    records = [
        company("Owner"), company("Held"), sanction("Owner", OFAC), sanction("Owner", "EU"), controls("Owner", "Held"),
    ]  # fmt: skip
    with holding(tmp_path, records) as store:
        assert (verdict(store, "Held"), verdict(store, "Held", "eu")) == ("not blocked", "blocked")


# Every answer is monotone in added knowledge: further facts settle a "not known", and never show it to have been wrong.

NAMES = ["Alfa", "Bravo", "Charlie", "Delta"]
FACTS = st.one_of(
    st.builds(
        lambda name, authority, start: sanction(name, authority, **({"startDate": start} if start else {})),
        st.sampled_from(NAMES),
        st.sampled_from([OFAC, "Council of the European Union", "Board of Odd Affairs"]),
        st.sampled_from(["", "2015-01-01"]),
    ),
    st.builds(
        lambda pair, share, start: owns(
            NAMES[pair[0]], NAMES[pair[1]], percentage=share, **({"startDate": start} if start else {})
        ),
        st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda pair: pair[0] < pair[1]),
        st.sampled_from(["10", "30", "50", "60", "25-50", "majority", "n/a"]),
        st.sampled_from(["", "2016-01-01"]),
    ),
)


OWN = {"ofac": OFAC, "eu": "Council of the European Union"}


def values(facts: Iterable[dict[str, Any]], schema: str, key: str) -> set[str]:
    """The values of a property in the facts of a kind."""
    return {value for item in facts if item["schema"] == schema for value in item["properties"].get(key, ())}


@given(st.lists(FACTS, max_size=6), st.lists(FACTS, max_size=3), st.sampled_from(["", "2018-01-01", "2024-06-02"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_answers_are_monotone_in_added_knowledge(
    tmp_path: Path, known: list[dict[str, Any]], more: list[dict[str, Any]], at: str
) -> None:
    things = [company(name) for name in NAMES]
    facts = {str(item["id"]): item for item in known}
    wider = facts | {str(item["id"]): item for item in more}
    with holding(tmp_path, [*things, *facts.values()]) as few, holding(tmp_path, [*things, *wider.values()]) as all_:
        for name, rule in product(NAMES, OWN):
            first, second = (ask(store, name, rule, at or None).about for store in (few, all_))
            if facts == wider:
                assert first == second
            if first.verdict == Verdict.NOT_KNOWN:
                assert first.reasons  # it says what is missing
            if second.verdict == Verdict.NOT_BLOCKED:  # never without a list of the rule's authority, nor an owner
                assert OWN[rule] in values(wider.values(), "Sanction", "authority")
                assert name in values(wider.values(), "Ownership", "asset")
            if second.verdict == Verdict.BLOCKED:  # never for a strange authority
                assert OWN[rule] in values(wider.values(), "Sanction", "authority")
            if first.verdict == Verdict.BLOCKED and second.verdict == Verdict.NOT_BLOCKED:
                assert name in values(more, "Ownership", "asset") | set(NAMES[:-1])  # only newer stakes take it back
