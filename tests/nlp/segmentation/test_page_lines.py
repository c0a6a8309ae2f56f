"""Wrapped lines, cut words, heads of pages and marks of notes: joined, with every character's place kept."""

from __future__ import annotations

import textwrap

import pytest

from kg.nlp.segmentation.page_lines import running_text

TEXT = (
    "The Treasury today designated Moss Shipping Ltd. and its owner, Paul Zahra, for supporting the Salim Brigade. "
    "The company moved oil for the group between 2019 and 2023. Its ships flew the flags of Panama and of Palau, and "
    "their masters switched the transponders off before they loaded at the terminal of the group.\n\n"
    "As a result of the action, all property of the company in the United States is blocked and must be reported to "
    "the office. Banks that deal with the company risk being cut off from the dollar, the department said on Monday."
)


def wrapped(text: str, width: int = 72) -> str:
    return "\n".join(textwrap.fill(line, width) for line in text.split("\n"))


@pytest.mark.parametrize("width", [60, 72, 100])
def test_a_wrapped_text_is_read_as_the_text(width: int) -> None:
    assert running_text(wrapped(TEXT, width)).text == TEXT


def test_a_text_that_nobody_wrapped_stays_as_it_is() -> None:
    for text in (TEXT, "One\nTwo\nThree", "Name: Jan\nBorn: 1970\n\n- one\n- two", ""):
        assert running_text(text).text == text


def test_every_character_keeps_its_place() -> None:
    source = wrapped(TEXT)
    found = running_text(source)
    for word in ("Zahra", "transponders", "reported", "Monday"):
        start = found.text.index(word)
        a, b = found.source(start, start + len(word))
        assert source[a:b] == word
    start, end = found.source(0, len(found.text))
    assert (start, end) == (0, len(source))


def test_cut_words_are_joined_and_compounds_keep_their_hyphen() -> None:
    source = "It was desig-\nnated by an Iran-\nbased firm of the Al-\nShabaab group."
    assert running_text(source).text == "It was designated by an Iran-based firm of the Al-\nShabaab group."
    assert running_text("the self-made man. It is self-\nmade, as was said.").text.endswith(
        "It is self-made, as was said."
    )


def test_heads_and_feet_of_pages_are_left_out() -> None:
    lines = wrapped(TEXT + "\n\n" + TEXT.replace("Moss", "Fern") + "\n\n" + TEXT.replace("Moss", "Oak")).split("\n")
    pages = [lines[k : k + 14] for k in range(0, len(lines), 14)]
    source = "\n\n".join(
        f"DEPARTMENT NEWS\n\n{chr(10).join(page).strip()}\n\nPage {n} of {len(pages)}"
        for n, page in enumerate(pages, 1)
    )
    found = running_text(source)
    assert "Page" not in found.text
    assert "DEPARTMENT NEWS" not in found.text
    assert {source[a:b] for a, b in found.left_out} >= {"DEPARTMENT NEWS", "Page 1 of 3"}


def test_a_mark_of_a_note_is_no_part_of_a_sentence() -> None:
    assert running_text("Decision 2014/119/CFSP^1^ was amended.").text == "Decision 2014/119/CFSP was amended."
    noted = "They froze the funds.1 The bank objected.2\n\n1 See the notice.\n\n2 See the reply."
    assert running_text(noted).text.startswith("They froze the funds. The bank objected.\n")
    assert running_text("It rose to version no.5 The end").text == "It rose to version no.5 The end"


def test_numbers_of_the_parts_of_a_listed_name_are_left_out() -> None:
    found = running_text("QDi.861 Name: 1: ABU 2: OULD 3: HAMDI 4: na\nTitle: na DOB: 1983")
    assert found.text.replace("  ", " ") == "QDi.861 Name: ABU OULD HAMDI\nTitle: na DOB: 1983"
