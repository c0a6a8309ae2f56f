"""Records of the forms in which authorities write their lists; all names are invented."""

from __future__ import annotations

import pytest

from kg.nlp.records import Record, find_records
from kg.nlp.records.acts import is_body, type_of, what_of
from kg.nlp.segmentation.blocks import blocks
from kg.nlp.segmentation.page_lines import running_text


def found(text: str) -> tuple[str, list[Record]]:
    running = running_text(text).text
    return running, find_records(running, blocks(running))


def values(text: str, record: Record, key: str) -> list[str]:
    return [text[field.start : field.end] for field in record.all(key)]


def name(text: str, record: Record) -> str:
    return text[slice(*record.name)]


def test_an_entry_with_semicolons() -> None:
    text, (person, firm) = found(
        "The following persons have been added to the list:\n\n"
        'KELLAN, Jorun Pavel (a.k.a. KELAN, J.; a.k.a. "JOP"), Oslo, Norway; DOB 01 Jan 1970; POB Bergen, Norway; '
        "nationality Norway; Passport KB12345 (Norway) (individual) [SDGT] (Linked To: FJORD LINES AS).\n\n"
        "FJORD LINES AS (f.k.a. NORD LINES), Kaia 5, Oslo, Norway; Tax ID No. 123 (Norway) (entity) [SDGT].\n"
    )
    assert name(text, person) == "KELLAN, Jorun Pavel"
    assert person.type == "Person"
    assert values(text, person, "alias") == ["KELAN, J.", "JOP"] or values(text, person, "alias") == ["KELAN, J", "JOP"]
    assert values(text, person, "born_in") == ["Bergen, Norway"]
    assert values(text, person, "citizen_of") == ["Norway"]
    assert values(text, person, "linked") == ["FJORD LINES AS"]
    assert (name(text, firm), values(text, firm, "former")) == ("FJORD LINES AS", ["NORD LINES"])
    assert firm.act is not None
    assert firm.act.what == "listed"


def test_labels_on_one_line_and_one_a_line() -> None:
    text, (first, second) = found(
        "The Committee removed the following entries:\n\nA. Individuals\n\n"
        "QDi.001 Name: 1: JAN 2: PETR 3: RELL 4: na\nTitle: na DOB: 4 Jul. 1947 POB: Oslo, Norway A.k.a.: a) Jan Rel "
        "b) Petr Rel Nationality: Norway Address: na Listed on: 7 May 2004\n\n"
        "B. Entities and other groups\n\nQDe.002 Name: NORD WARES\nA.k.a.: Nordwares\nAddress: Oslo, Norway\n"
    )
    assert (name(text, first), first.type) == ("JAN PETR RELL", "Person")
    assert values(text, first, "alias") == ["Jan Rel", "Petr Rel"]
    assert values(text, first, "listed_on") == ["7 May 2004"]
    assert values(text, first, "located_in") == []
    assert (name(text, second), second.type) == ("NORD WARES", "Company")
    assert first.act is not None
    assert first.act.what == "removed"


@pytest.mark.parametrize("mark", ["|", "\t"])
def test_cells_of_a_row_stay_in_their_row(mark: str) -> None:
    cells = [
        ["No", "Name", "Identifying information", "Reasons", "Date of listing"],
        ["1.", "Jan RELL (Ян РЕЛЛ)", "DOB: 3.6.1977; nationality: Norwegian", "Jan Rell owns Nord AS.", "27.5.2024"],
        ["2.", "Nord AS (a.k.a. Nordas)", "Place of registration: Oslo", "Nord AS makes parts.", "28.5.2024"],
    ]
    table = "\n".join(f"| {' | '.join(row)} |" if mark == "|" else mark.join(row) for row in cells)
    text, (person, firm) = found(f"ANNEX\n\nThe following are added to the list:\n\n{table}\n")
    assert name(text, person) == "Jan RELL"
    assert values(text, person, "citizen_of") == ["Norwegian"]
    assert values(text, person, "listed_on") == ["27.5.2024"]
    assert (name(text, firm), values(text, firm, "alias")) == ("Nord AS", ["Nordas"])
    assert values(text, firm, "citizen_of") == []
    assert values(text, firm, "located_in") == ["Oslo"]


def test_one_cell_a_line() -> None:
    text, (record,) = found(
        "the following entries are added to the table:\n\nName\n\nIdentifying information\n\nReasons for listing\n\n"
        "Date of listing\n\n62.\n\nNord Oil LLC\n\nTax ID: 6732050064\n\n"
        "Nord Oil is a subsidiary of a state firm that sells petroleum abroad, and supports the regime by what it "
        "earns with it.\n\n23.7.2026\n"
    )
    assert name(text, record) == "Nord Oil LLC"
    assert values(text, record, "tax_number") == ["6732050064"]
    assert values(text, record, "listed_on") == ["23.7.2026"]


def test_items_count_only_below_a_statement_that_lists() -> None:
    _, listed = found("Those sanctioned today are:\n\n- Nord Lines Shipping\n- Fjord Oil Trading, a Bergen firm\n")
    assert [record.form for record in listed] == ["item", "item"]
    assert found("The shop sells the following:\n\n- Fresh Bread Rolls\n- Sour Milk Cheese\n")[1] == []


def test_what_a_statement_does() -> None:
    assert what_of("The following entries have been added to the list") == "listed"
    assert what_of("The following deletions have been made") == "removed"
    assert what_of("entries 14 and 23 are replaced by the following") == "amended"
    assert what_of("Additions and removals from the list: added 3, removed 2") is None
    assert what_of("The ship sailed in May") is None
    assert (type_of("A. Natural persons"), type_of("ENTITIES"), type_of("A long day")) == ("Person", "Company", "")
    assert is_body("Office of Suspension and Debarment")
    assert not is_body("District Court of Oslo")
