"""The main job: sources in, the same graph out, whatever the order, the hash seed or how often."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.builder.pipeline import build
from kg.cli import cli
from kg.errors import KgError
from kg.store import open_store
from tests.conftest import ROOT, SEED

ALPHA = (
    "Alpha Trading Ltd was sanctioned by the U.S. Treasury Department on 3 May 2019. It is a subsidiary of Beta Group."
)
OTHER = "Alpha Trading Ltd is owned by Carl Stone, the chief executive of Beta Group, who was born in Oslo."


def run(*arguments: str) -> Result:
    """The outcome of `kg` with these arguments, as `main` would end it."""
    runner = CliRunner()
    try:
        return runner.invoke(cli, list(arguments), catch_exceptions=False, standalone_mode=True)
    except KgError as error:
        return Result(runner, b"", str(error).encode(), b"", None, 1, error, None)


def bytes_of(folder: Path) -> bytes:
    """The N-Quads that a build wrote."""
    return (folder / "graph.nq").read_bytes()


@pytest.fixture
def texts(tmp_path: Path) -> tuple[Path, Path]:
    """Two sources."""
    one, two = tmp_path / "alpha.txt", tmp_path / "beta.txt"
    one.write_text(ALPHA, encoding="utf-8")
    two.write_text(OTHER, encoding="utf-8")
    return one, two


def test_the_order_of_the_sources_is_irrelevant(texts: tuple[Path, Path], tmp_path: Path) -> None:
    one, two = texts
    build([one, two], store=tmp_path / "s1", out=tmp_path / "o1")
    build([two, one], store=tmp_path / "s2", out=tmp_path / "o2")
    assert bytes_of(tmp_path / "o1") == bytes_of(tmp_path / "o2")
    assert bytes_of(tmp_path / "o1").count(b"\n") > 40


def test_a_second_build_adds_nothing_and_a_changed_source_replaces(texts: tuple[Path, Path], tmp_path: Path) -> None:
    one, two = texts
    store, out = tmp_path / "s", tmp_path / "o"
    build([one, two], store=store, out=out)
    first = bytes_of(out)
    again = build([one, two], store=store, out=out)
    assert again.unchanged == ["alpha", "beta"]
    assert bytes_of(out) == first
    one.write_text("Nothing is said here.", encoding="utf-8")
    build([one, two], store=store, out=out)
    changed = bytes_of(out)
    assert b"3 May 2019" not in changed
    assert b"Carl Stone" in changed
    one.write_text(ALPHA, encoding="utf-8")
    build([one], store=store, out=out)
    assert bytes_of(out) == first


@pytest.mark.slow
def test_the_hash_seed_is_irrelevant(tmp_path: Path) -> None:
    written = []
    for seed in ("0", "1"):
        out = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", "from kg.cli import main; main()", "build", str(SEED), "--date", "2019-10-08",
             "--store", str(out / "store"), "--out", str(out)],
            check=True, cwd=ROOT, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        written.append([(out / f"graph.{name}").read_bytes() for name in ("nq", "ttl", "graphml", "html")])
    assert written[0] == written[1]


def test_a_build_prints_triples_with_their_words_and_ends_with_paths(texts: tuple[Path, Path], tmp_path: Path) -> None:
    found = run("build", str(texts[0]), "--store", str(tmp_path / "s"), "--out", str(tmp_path / "o"))
    assert found.exit_code == 0
    lines = found.output.strip().splitlines()
    assert lines[-1] == str(tmp_path / "o" / "graph.html")
    assert any("Alpha Trading Ltd listed_by" in line for line in lines)
    assert any("was sanctioned by the U.S. Treasury Department" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.txt", None, "missing.txt"),
        ("empty.txt", b"", "empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "picture.txt"),
        ("latin.txt", "Caf\xe9".encode("latin-1"), "latin.txt"),
        ("broken.jsonl", b'{"id": "a", "text": \n', "broken.jsonl:1"),
    ],
)
def test_bad_sources_are_told_in_one_line_and_nothing_is_written(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    source = tmp_path / name
    if content is not None:
        source.write_bytes(content)
    found = run("build", str(source), "--store", str(tmp_path / "s"), "--out", str(tmp_path / "o"))
    assert found.exit_code == 1
    assert said in str(found.exception or found.stderr)
    assert "\n" not in str(found.exception or found.stderr).strip()
    assert not (tmp_path / "s").exists()
    assert not (tmp_path / "o").exists()


def test_a_bad_date_is_wrong_usage_or_a_clear_error(texts: tuple[Path, Path], tmp_path: Path) -> None:
    found = run("build", str(texts[0]), "--date", "2019-13-45", "--store", str(tmp_path / "s"), "--out", str(tmp_path))
    assert found.exit_code in (1, 2)
    assert "2019-13-45" in str(found.exception or "") + found.output
    assert not (tmp_path / "s").exists()


def test_one_bad_source_among_good_ones_is_set_aside(texts: tuple[Path, Path], tmp_path: Path) -> None:
    bad = tmp_path / "picture.txt"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    report = build([*texts, bad], store=tmp_path / "s", out=tmp_path / "o")
    assert [extraction.document.id for extraction in report.extractions] == ["alpha", "beta"]
    assert [error.place.endswith("picture.txt") for error in report.set_aside] == [True]


def test_a_folder_that_is_no_store_and_a_second_writer_are_refused(texts: tuple[Path, Path], tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "letter.doc").write_bytes(b"text")
    found = run("build", str(texts[0]), "--store", str(folder), "--out", str(tmp_path / "o"))
    assert found.exit_code == 1
    assert [path.name for path in folder.iterdir()] == ["letter.doc"]
    with open_store(tmp_path / "busy"):
        found = run("build", str(texts[0]), "--store", str(tmp_path / "busy"), "--out", str(tmp_path / "o"))
        assert found.exit_code == 1
    assert not (tmp_path / "o").exists()
