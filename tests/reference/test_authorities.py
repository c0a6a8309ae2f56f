"""Authorities, lists and measures by identity."""

from __future__ import annotations

import pytest

from kg.reference import (
    authority,
    authority_of_dataset,
    belongs_to,
    chain,
    country_code,
    effect,
    is_common_word,
    is_distinctive,
    jurisdiction,
    list_of_dataset,
    measures,
    official_list,
    table,
)

OFAC = "Office of Foreign Assets Control"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("US Treasury Office of Foreign Assets Control (OFAC)", OFAC),
        ("U.S. Department of the Treasury's Office of Foreign Assets Control", OFAC),
        ("OFAC (U.S. Treasury)", OFAC),
        ("US Department of Commerce, Bureau of Industry and Security", "Bureau of Industry and Security"),
        ("Foreign, Commonwealth & Development Office", "Foreign, Commonwealth and Development Office"),
        ("HM Treasury - OFSI", "Office of Financial Sanctions Implementation"),
        ("Ministry of Silly Walks, London", ""),
        ("Ministry of Finance", ""),
        ("Council of Elders", ""),
        ("", ""),
    ],
)
def test_any_spelling_leads_to_the_body(text: str, name: str) -> None:
    known = authority(text)
    assert (known.name if known else "") == name


def test_what_many_states_share_needs_the_state() -> None:
    japan = authority("Ministry of Finance", country_code="jp")
    assert japan is not None
    assert jurisdiction(japan.name) == "JP"
    assert authority("Ministry of Finance", country_code="fr") is None


def test_short_names_count_only_where_somebody_is_listed() -> None:
    assert authority("Treasury") is not None
    assert authority("Treasury", loose=False) is None


def test_the_tables_hang_together() -> None:
    names = {item["name"] for item in table("authorities")}
    for item in table("authorities"):
        assert item.get("of", "") in names | {""}, item["name"]
        default = item.get("default_list")
        assert default is None or official_list(default) is not None, item["name"]
        assert jurisdiction(item["name"]) in {"", "EU", "UN"} or country_code(jurisdiction(item["name"])), item["name"]
    for item in table("lists"):
        assert item["authority"] in names, item["name"]
        assert set(item.get("measures", ())) <= measures().keys(), item["name"]
        assert effect(item["authority"], item["name"]).known == ("measures" in item)
    everything = [dataset for item in table("authorities") for dataset in item.get("datasets", ())]
    assert len(everything) == len(set(everything))


def test_acts_count_upwards() -> None:
    assert chain(OFAC) == (OFAC, "Department of the Treasury", "United States")
    assert belongs_to("OFSI", ("United Kingdom",))
    assert belongs_to("DG FISMA", ("European Union",))
    assert not belongs_to("Department of Commerce", (OFAC,), ("Department of the Treasury",))


def test_effects() -> None:
    assert effect(OFAC, "SDN").blocks
    assert effect(OFAC, "RUSSIA-EO14024").presumed
    assert effect(OFAC, "Consolidated Sanctions List").known is False
    assert effect("United States", "").known is False
    assert not effect(OFAC, "NS-CMIC List").blocks
    found = list_of_dataset("eu_travel_bans")
    assert found is not None
    assert not effect("European Union", found.name).blocks
    body = authority_of_dataset("eu_fsf")
    assert body is not None
    assert "European Union" in chain(body.name)


def test_words_that_tell_little() -> None:
    assert is_common_word("mohammed", person=True)
    assert not is_common_word("prigozhin", person=True)
    assert not is_distinctive("GovernmentBody", "Ministry of Defence")
    assert is_distinctive("GovernmentBody", "Department of the Treasury")
    assert is_distinctive("Vessel", "Star")
