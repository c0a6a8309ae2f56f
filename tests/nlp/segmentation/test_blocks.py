"""Blocks: headings, items, bylines, rows and paragraphs of texts as they come, and what never joins a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.nlp.segmentation.blocks import Block, blocks, markup, mask
from tests.conftest import SEED


def seen(text: str) -> list[tuple[str, str]]:
    """Kind and text of every block."""
    return [(block.kind, text[block.start : block.end]) for block in blocks(text)]


def test_lines_and_wide_gaps_cut_paragraphs() -> None:
    assert seen("One stood here.   Two stood there.\nThree came later.") == [
        ("paragraph", "One stood here."),
        ("paragraph", "Two stood there."),
        ("paragraph", "Three came later."),
    ]


def test_a_line_broken_by_its_files_width_goes_on() -> None:
    text = "The company was established in the city in the year of its first\nsuccess and has grown since."
    assert [kind for kind, _ in seen(text)] == ["paragraph"]


def test_a_bold_name_run_into_its_text_is_a_heading_of_its_own() -> None:
    text = "The group was named.** Ivan Petrov** Designated for acting on behalf of it."
    assert [kind for kind, _ in seen(text)] == ["paragraph", "heading", "paragraph"]
    assert seen(text)[1] == ("heading", "Ivan Petrov")


def test_a_whole_sentence_in_bold_is_no_heading() -> None:
    text = "**Petrov is a leader of the group.**\n\nHe has acted for it."
    assert [kind for kind, _ in seen(text)] == ["paragraph", "paragraph"]


def test_a_title_that_ends_with_a_comma_is_still_one() -> None:
    assert seen("Group To Hit Back Over Blacklist,\n\nThe group said so on Monday.")[0][0] == "heading"


def test_a_bold_name_within_a_sentence_cuts_nothing() -> None:
    assert [k for k, _ in seen("Treasury is designating **Ivan Petrov**, the owner of it.")] == ["paragraph"]


def test_a_dateline_is_a_byline_not_a_part_of_the_sentence() -> None:
    for text in (
        "**WASHINGTON** – Today the office acted.",
        "WASHINGTON – Today the office acted.",
        "**Washington** – Today the office acted.",
    ):
        assert [kind for kind, _ in seen(text)] == ["byline", "paragraph"]


def test_also_read_lines_are_bylines() -> None:
    text = "It acted.\n\nAlso Read: Ten Ways To Do It\n\nIt acted again."
    assert [kind for kind, _ in seen(text)] == ["paragraph", "byline", "paragraph"]


def test_list_marks_stay_outside_their_items() -> None:
    assert seen("Named today:\n- Alpha Ltd.\n- Beta Ltd.\n2. Gamma Ltd.")[1:] == [
        ("item", "Alpha Ltd."),
        ("item", "Beta Ltd."),
        ("item", "Gamma Ltd."),
    ]


def test_cells_of_a_table_are_blocks() -> None:
    assert seen("| Alpha | Beta |") == [("row", "Alpha"), ("row", "Beta")]


def test_headings_govern_what_follows_until_the_next_of_their_level() -> None:
    text = "# Title\n\n## First\n\nA sentence stands here.\n\n## Second\n\nAnother sentence stands here."
    found = blocks(text)
    assert [(b.kind, b.level, b.heading) for b in found] == [
        ("heading", 1, None),
        ("heading", 2, 0),
        ("paragraph", 0, 1),
        ("heading", 2, 0),
        ("paragraph", 0, 3),
    ]


def test_the_seed_article_has_its_heading_and_its_related_links() -> None:
    text = SEED.read_text(encoding="utf-8")
    kinds = seen(text)
    assert ("heading", "Companies that are Blacklisted") in kinds
    assert sum(kind == "byline" for kind, _ in kinds) == 3
    assert not any("  " in body.replace("\u00a0", " ") and kind == "heading" for kind, body in kinds)


def test_markup_is_found_and_plain_signs_are_not() -> None:
    text = "**A** [b](http://c.d/e) C# at x_y and 5 * 6 <b>f</b>"
    assert [text[a:b] for a, b in markup(text)] == ["**", "**", "[", "](http://c.d/e)", "*", "<b>", "</b>"]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="Ab. \n*#|-\u00a0\u200b[](x)_\\1–:", max_size=120))
def test_blocks_are_in_order_apart_and_begin_and_end_visibly(text: str) -> None:
    found = blocks(text)
    assert len(mask(text)) == len(text)
    at = 0
    for number, block in enumerate(found):
        assert isinstance(block, Block)
        assert at <= block.start < block.end <= len(text)
        body = mask(text)[block.start : block.end]
        assert body == body.strip()
        assert block.heading is None or (block.heading < number and found[block.heading].kind == "heading")
        at = block.end


@pytest.mark.shared
def test_no_block_of_a_real_release_holds_a_blank_line(shared: Path) -> None:
    lines = (shared / "gold" / "train_sources.jsonl").read_text(encoding="utf-8").splitlines()[:60]
    for line in lines:
        text = json.loads(line)["text"]
        assert not any("\n\n" in text[b.start : b.end] for b in blocks(text))
