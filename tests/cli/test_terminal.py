"""Tables in bounded memory, CSV that no spreadsheet computes, JSON that may go to a terminal."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cli.terminal import WIDEST, Table, _fitted, csv_text, json_text, shown, table

TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)


@given(TEXTS)
def test_what_is_shown_has_nothing_hidden(text: str) -> None:
    assert all(line.isprintable() for line in shown(text).split("\n"))
    assert shown(shown(text)) == shown(text)


@given(st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)))
def test_json_says_the_same_and_hides_nothing(value: object) -> None:
    written = json_text(value, indent=1)
    assert json.loads(written) == value
    assert all(char.isprintable() or char == "\n" for char in written)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_no_cell_begins_like_a_formula(rows: list[tuple[str, str]]) -> None:
    text = b"".join(csv_text(("a", "b"), rows)).decode()
    for row in list(csv.reader(io.StringIO(text, newline="")))[1:]:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_a_table_of_many_and_wide_rows_takes_bounded_memory() -> None:
    def rows() -> Iterator[tuple[str, str]]:
        for number in range(20_000):
            yield str(number), "x" * 50_000

    tracemalloc.start()
    made = Table(("n", "text"), rows())
    longest = max(map(len, made.lines()))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert longest <= WIDEST + 10
    assert made.cut == 20_000
    assert made.note("--format csv") == "20,000 cells cut short: --format csv gives the whole"
    assert most < 20_000_000


@given(st.lists(st.integers(1, 300), min_size=1, max_size=8), st.integers(60, 200))
def test_columns_fit_the_width(widths: list[int], width: int) -> None:
    found = _fitted(widths, width)
    assert sum(found) + 2 * (len(found) - 1) <= max(width, 8 * len(widths))
    assert all(now <= before for now, before in zip(found, widths, strict=True))


def test_columns_stand_below_each_other() -> None:
    assert table(("a", "bb"), [("ccc", "d"), ("\u202e", "e")]) == "a       bb\n------  --\nccc     d\n\\u202e  e"
