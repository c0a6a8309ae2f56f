"""The triples of twelve small texts are those that were last looked at; `make golden` rewrites them after a look."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.triples import TEXTS, golden_file, golden_tables


@pytest.fixture(scope="module")
def tables() -> dict[Path, str]:
    return golden_tables()


@pytest.mark.parametrize("text", sorted(TEXTS.iterdir()), ids=lambda path: path.stem)
def test_the_triples_are_the_kept_ones(tables: dict[Path, str], text: Path) -> None:
    assert tables[text] == golden_file(text).read_text(encoding="utf-8")


def test_no_kept_file_is_left_over_and_triples_are_found(tables: dict[Path, str]) -> None:
    assert len(tables) == 12
    assert sum(table.count("\n") - 1 for table in tables.values()) > 30
    assert sorted(golden_file(text) for text in tables) == sorted((TEXTS.parent / "triples").iterdir())
