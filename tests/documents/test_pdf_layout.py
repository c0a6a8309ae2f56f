"""Pages laid out in columns, with heads and feet, tables and cut words: read in the order of reading."""

from __future__ import annotations

from kg.documents.pdf_layout import Run, paragraphs

_LINES = [
    "The Treasury designated a bank and",
    "its chairman for moving money of a",
    "militia through shell firms that it",
    "had set up for the purpose in Malta",
    "and in Cyprus over a period of nine",
    "years, as the department said today.",
]


def runs(lines: list[str], left: float, top: float = 700, width: float = 200) -> list[Run]:
    return [Run(left, top - 14 * n, left + width, top - 14 * n + 10, line) for n, line in enumerate(lines)]


def test_columns_are_read_one_after_the_other() -> None:
    left, right = runs(_LINES, 50), runs([line.upper() for line in _LINES], 280)
    mixed = [run for pair in zip(left, right, strict=True) for run in pair]
    assert paragraphs([(800, mixed)]) == " ".join(_LINES) + "\n\n" + " ".join(_LINES).upper()


def test_heads_and_feet_are_left_out_and_a_paragraph_goes_on_over_the_page() -> None:
    pages = [
        (800.0, [Run(50, 770, 200, 780, "Notice"), *runs(_LINES[:3], 50), Run(50, 20, 60, 30, "Page 1")]),
        (800.0, [Run(50, 770, 200, 780, "Notice"), *runs(_LINES[3:], 50), Run(50, 20, 60, 30, "Page 2")]),
    ]
    assert paragraphs(pages) == " ".join(_LINES)


def test_a_wider_distance_ends_a_paragraph() -> None:
    page = [*runs(_LINES, 50), *runs(_LINES, 50, top=590)]
    assert paragraphs([(800, page)]) == " ".join(_LINES) + "\n\n" + " ".join(_LINES)


def test_a_hyphen_at_a_line_s_end_keeps_its_line_end() -> None:
    assert (
        paragraphs([(800, runs(["a bank was desig-", "nated by the body"], 50))])
        == "a bank was desig-\nnated by the body"
    )


def test_rows_of_a_table_stand_between_bars() -> None:
    page = [*runs(["Name", "Jan Rell"], 50, width=60), *runs(["Born", "1970"], 200, width=30)]
    assert paragraphs([(800, page)]) == "| Name | Born |\n| Jan Rell | 1970 |"
