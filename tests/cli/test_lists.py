"""`kg import`, `kg screen` and `kg resolve` as a user runs them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.lists import import_, resolve
from kg.cli.screen import FOUND, screen
from kg.errors import NotFound, SourceError
from kg.model import Document, Entity, EntityType, Extraction
from kg.namespaces import document_iri
from kg.rdf.serialize import quads
from kg.store import open_store
from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "entity-list-2019-10-09.csv"


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store that holds the example list and a text that names Hikvision."""
    folder = str(tmp_path / "store")
    result = CliRunner().invoke(import_, ["entity-list", str(EXAMPLE), "--store", folder], catch_exceptions=False)
    assert result.exit_code == 0
    assert "28 records read, 28 imported, 0 not taken" in result.output
    assert "the first version in this store" in result.output
    text = Extraction(Document("t", "t"), (Entity("e1", EntityType.COMPANY, "Hangzhou Hikvision Digital Technology"),))
    with open_store(folder) as opened:
        opened.replace_graphs({document_iri("t"): list(quads(text))})
    return folder


def run(command: object, *arguments: str) -> str:
    """The output of a command that succeeds."""
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)  # type: ignore[arg-type]
    assert result.exit_code in (0, FOUND), result.output
    return result.stdout


def test_a_second_import_tells_that_nothing_changed(store: str) -> None:
    output = run(import_, "entity-list", str(EXAMPLE), "--store", store)
    assert "0 designations added, 0 removed, 0 changed, 28 unchanged; 0 claims added, 0 ended" in output


def test_screening_in_every_format(store: str, tmp_path: Path) -> None:
    table = run(screen, "Hikvison Hangzhou Digital Technology", "Alibaba Group", "--store", store)
    assert "Entity List" in table
    assert "Alibaba Group: no match from 0.83 up" in table
    names = tmp_path / "names.csv"
    names.write_text("name,country\nSenseTime,CN\n\nMegvii,\n", "utf-8")
    found = json.loads(run(screen, "--file", str(names), "--format", "json", "--store", store))
    assert [(item["name"], item["matches"][0]["name"]) for item in found] == [
        ("SenseTime", "Sense Time"),
        ("Megvii", "Megvii Technology"),
    ]
    assert "both belong to China" in found[0]["matches"][0]["why"]
    rows = list(csv.DictReader(run(screen, "Yitu", "--format", "csv", "--store", store).splitlines()))
    assert [(row["listed name"], row["since"]) for row in rows] == [("Yitu Technologies", "2019-10-09")]


def test_why_not(store: str) -> None:
    told = run(screen, "Dalian Technology", "--why-not", "Dahua Technology", "--store", store)
    assert told.startswith("Dalian Technology and Dahua Technology: 0.")
    assert "no match: below 0.83" in told


def test_judgements_are_listed_overruled_and_taken_back(store: str) -> None:
    assert "2 same" in run(resolve, "--store", store) or "1 same" in run(resolve, "--store", store)
    listed = json.loads(run(resolve, "--list", "--format", "json", "--store", store))
    (judged,) = [item for item in listed if "hikvision" in item["left"] and item["verdict"] == "same"]
    output = run(resolve, "--different", judged["left"], judged["right"], "--reason", "a namesake", "--store", store)
    assert f"{judged['id']}: different, decided by a person" in output
    table = run(resolve, "--list", "--verdict", "different", "--store", store)
    assert "person" in table
    assert "a namesake" in table
    assert "taken back" in run(resolve, "--undo", judged["id"], "--store", store)
    again = json.loads(run(resolve, "--list", "--format", "json", "--verdict", "same", "--store", store))
    assert judged in again


def test_mistakes_are_told(store: str, tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(screen, ["--store", store]).exit_code == 2
    assert runner.invoke(import_, ["fbi", str(EXAMPLE), "--store", store]).exit_code == 2
    missing = runner.invoke(screen, ["--file", str(tmp_path / "none.csv"), "--store", store])
    assert isinstance(missing.exception, SourceError)
    unknown = runner.invoke(resolve, ["--same", "Nobody", "Nothing", "--store", store])
    assert isinstance(unknown.exception, NotFound)
