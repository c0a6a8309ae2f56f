"""Bulk building: many documents, several processes, builds that are cut, broken documents, huge ones."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.builder import workers
from kg.builder.journal import Entry, Journal, packed
from kg.builder.pipeline import build
from kg.builder.workers import Readers
from kg.extraction import chunking
from kg.extraction.extractor import Extractor, extract, load_extractor
from kg.model import Document, Extraction
from kg.store import open_store
from tests.conftest import ROOT

SENTENCE = "{name} Trading Ltd was sanctioned by the U.S. Treasury Department on 3 May 2019. It is owned by Carl Stone."


def archive(folder: Path, count: int) -> Path:
    """A JSON-lines file of small documents."""
    path = folder / "releases.jsonl"
    lines = [
        json.dumps({"id": f"d{number:03}", "text": SENTENCE.format(name=f"Alpha{number}")}) for number in range(count)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def graph(store: Path) -> list[str]:
    """All quads of a store, sorted."""
    with open_store(store, read_only=True) as opened:
        return sorted(map(str, opened.quads()))


@pytest.fixture(scope="module")
def peace(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """An archive and the graph that one process builds of it in peace."""
    folder = tmp_path_factory.mktemp("peace")
    source = archive(folder, 40)
    build([source], store=folder / "s", out=folder / "o")
    return source, graph(folder / "s")


def test_two_workers_build_the_same_graph(peace: tuple[Path, list[str]], tmp_path: Path) -> None:
    source, expected = peace
    report = build([source], store=tmp_path / "s", out=tmp_path / "o", workers=2)
    assert report.documents == 40
    assert report.claims >= 40
    assert graph(tmp_path / "s") == expected


def test_a_build_that_is_killed_goes_on_from_its_journal(peace: tuple[Path, list[str]], tmp_path: Path) -> None:
    source, expected = peace
    run = "import sys; from kg.cli import main; main()"
    places = ["--store", str(tmp_path / "s"), "--out", str(tmp_path)]
    command = [sys.executable, "-c", run, "build", str(source), *places]
    journal = tmp_path / ".s.journal"
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        if journal.exists() and journal.stat().st_size + _size(tmp_path / ".s.journal-wal") > 40_000:
            break
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    report = build([source], store=tmp_path / "s", out=tmp_path / "o")
    assert report.documents + len(report.unchanged) == 40
    assert len(report.extractions) < 40  # some were read before the kill
    assert graph(tmp_path / "s") == expected
    assert not journal.exists()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def test_a_worker_that_is_killed_costs_only_the_document_that_kills_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform != "linux":
        pytest.skip("processes are not forked here")

    def read(extractor: Extractor, group: list[workers.Task], keep: int) -> list[workers.Done]:
        if any("KILL" in document.text for document, _ in group):
            os.kill(os.getpid(), signal.SIGKILL)
        return honest(extractor, group, keep)

    honest = workers._read
    monkeypatch.setattr(workers, "_read", read)
    texts = [SENTENCE.format(name=f"Beta{number}") for number in range(12)]
    texts[5] = "KILL"
    tasks = [(Document(f"d{number}", text), f"{number:064x}") for number, text in enumerate(texts)]
    with Readers(workers=2) as readers:
        done = list(readers.read(tasks, batch=2))
    assert [one.document for one in done] == [f"d{number}" for number in range(12)]
    assert [one.document for one in done if one.error is not None] == ["d5"]


def test_one_broken_document_stops_no_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Extractor.many

    def many(self: Extractor, documents: Iterator[Document], **options: bool) -> Iterator[Extraction]:
        for document in documents:
            if document.id == "d003":
                raise RecursionError("too deep")
            yield from honest(self, [document], **options)

    monkeypatch.setattr(Extractor, "many", many)
    report = build([archive(tmp_path, 6)], store=tmp_path / "s", out=tmp_path / "o")
    assert report.documents == 5
    (error,) = report.set_aside
    assert "too deep" in str(error)


def test_another_version_of_the_program_reads_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = archive(tmp_path, 2)
    build([source], store=tmp_path / "s", out=tmp_path / "o")
    assert build([source], store=tmp_path / "s", out=tmp_path / "o").documents == 0
    monkeypatch.setattr("kg.builder.pipeline.program_digest", lambda: "another")
    assert build([source], store=tmp_path / "s", out=tmp_path / "o").documents == 2


def test_what_vanished_is_told_and_removed_on_request(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in ("Alpha", "Beta"):
        (folder / f"{name}.txt").write_text(SENTENCE.format(name=name), encoding="utf-8")
    build([folder], store=tmp_path / "s", out=tmp_path / "o")
    (folder / "Beta.txt").unlink()
    told = build([folder], store=tmp_path / "s", out=tmp_path / "o")
    assert told.vanished == ["Beta"]
    assert any("Beta Trading" in quad for quad in graph(tmp_path / "s"))
    build([folder], store=tmp_path / "s", out=tmp_path / "o", prune=True)
    assert not any("Beta Trading" in quad for quad in graph(tmp_path / "s"))


def test_a_huge_document_is_read_in_parts_with_its_own_offsets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunking, "LIMIT", 400)
    text = "\n\n".join(SENTENCE.format(name=name) for name in ("Alpha", "Beta", "Gamma", "Delta", "Alpha", "Omega"))
    (extraction,) = extract([Document("huge", text)], extractor=load_extractor())
    assert extraction.document.text == text
    names = [entity.name for entity in extraction.entities]
    assert len(names) == len(set(names))
    assert {"Alpha Trading Ltd", "Omega Trading Ltd"} <= set(names)
    assert len(extraction.claims) >= 6
    for claim in extraction.claims:
        assert text[claim.evidence.start : claim.evidence.end] == claim.evidence.text
    for entity in extraction.entities:
        assert all(text[one.start : one.end] == one.text for one in entity.mentions)


def test_a_journal_holds_what_was_wanted_and_nothing_else(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        journal.add([Entry("urn:a", "1", packed([]), 3, 10), Entry("urn:b", "2", packed([]), 4, 10)])
        journal.want("urn:b")
        assert journal.has("urn:a", "1")
        assert not journal.has("urn:a", "2")
        assert [entry.iri for entry in journal.entries()] == ["urn:b"]
        journal.discard()
    assert list(tmp_path.iterdir()) == []
