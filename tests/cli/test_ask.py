"""The commands of the named questions: their forms, their evidence, and names that try to break out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import cli
from kg.errors import KgError, NotFound
from kg.ownership import rules
from kg.store import open_store
from tests import handmade

COMMANDS = [
    ("show", "kamera"),
    ("path", "Commerce Department", "Blau Bank"),
    ("owners", "Kamera"),
    ("exposed", "Example Holding"),
    ("timeline", "Kamera"),
    ("explain", "Kamera listed_by Commerce Department"),
    ("listed", "Treasury", "--from", "2019", "--to", "2022"),
    ("around", "Farland"),
    ("roles", "Cuen Zhi"),
    ("said", "Geng Example"),
    ("contradictions",),
    ("changes", "--from", "2021", "--to", "2021"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ask") / "store"
    with open_store(path) as store:
        handmade.fill(store)
    return path


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--store", str(folder)], standalone_mode=False)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_every_question_in_every_form_with_its_evidence(folder: Path, command: tuple[str, ...]) -> None:
    shown = run(folder, *command)
    assert shown.exception is None
    if command[0] != "explain":
        assert "“" in shown.stdout
        assert "claim " in shown.stdout
    answer = json.loads(run(folder, *command, "--format", "json").stdout)
    rows = answer["rows"] if isinstance(answer, dict) else answer
    assert rows
    assert '"quotations": [' in run(folder, *command, "--format", "json").stdout
    header, *lines = csv.reader(io.StringIO(run(folder, *command, "--format", "csv").stdout, newline=""))
    assert "quotation" in header
    assert all(len(line) == len(header) for line in lines)
    assert lines
    asked = run(folder, *command, "--show-sparql").stdout
    assert asked.startswith("# ")
    assert "SELECT DISTINCT ?claim" in asked


def test_the_sparql_that_is_shown_can_be_asked(folder: Path) -> None:
    asked = run(folder, "roles", "Cuen Zhi", "--show-sparql").stdout
    posts = next(text for text in asked.split("\n\n") if text.startswith("# The posts"))
    answer = json.loads(run(folder, "query", posts, "--format", "json").stdout)
    assert len(answer["results"]["bindings"]) == 3


def test_others_of_the_name_are_told_on_standard_error(folder: Path) -> None:
    shown = run(folder, "show", "kamera")
    assert "also called kamera: Kamera Foods" in shown.stderr
    assert "Kamera Foods" not in shown.stdout


def test_show_tells_names_listings_and_claims(folder: Path) -> None:
    lines = run(folder, "show", "kamera").stdout.splitlines()
    assert lines[0].startswith("Kamera Digital Technology (Company, ")
    assert lines[1] == "also: Kamera; Kamera Digital Tech Company"
    assert (
        lines[2]
        == "listed by Commerce Department on Entity List, 2019-10-07 until 2021-06 (asserted): export licence needed"
    )
    assert len(run(folder, "show", "kamera", "--at", "2019-10-07").stdout.splitlines()) == 9


def test_explain_shows_rule_confidence_and_context(folder: Path) -> None:
    shown = run(folder, "explain", "Cuen Zhi", "leader_of", "Kamera").stdout
    assert "  rule        hand/made" in shown
    assert "  confidence  0.8" in shown
    assert "denied any abuses. [[Cuen Zhì heads Kamera.]] Example Holding owns" in shown
    assert "First report, characters 168-190, published 2019-10-08" in shown


def test_verdicts_stand_under_the_owners(folder: Path) -> None:
    lines = run(folder, "owners", "Kamera").stdout.splitlines()
    verdicts = dict(line.split(": ", 1) for line in lines if " rule: " in line or " test: " in line)
    assert list(verdicts) == [rule.title for rule in rules().values()]
    eu = verdicts["EU ownership and control test"]
    assert eu.startswith("not known: the store holds no list of European Union with asset freeze")
    assert eu.endswith("would settle it: an import of that list")
    earlier = run(folder, "owners", "Kamera", "--at", "2026-01-01").stdout
    assert "not in force on 2026-01-01, suspended from 2025-11-10 to 2026-11-09" in earlier


@pytest.mark.parametrize(
    "name",
    [
        '" } ; DROP ALL #',
        "x\\",
        "\x1b[2J",
        "SERVICE <http://127.0.0.1:9/>",
        "> { ?s ?p ?o } #",
        "'''",
        "\u202ex",
        "?who",
    ],
)
def test_a_hostile_name_is_only_a_name(folder: Path, name: str) -> None:
    for command in ("show", "timeline", "owners"):
        shown = run(folder, command, name)
        assert isinstance(shown.exception, NotFound)
        assert "\x1b" not in str(shown.exception)


def test_mistakes_are_told(folder: Path) -> None:
    assert "is not a date" in str(run(folder, "show", "Kamera", "--at", "yesterday").exception)
    assert "is no triple" in str(run(folder, "explain", "Kamera and the rest").exception)
    assert isinstance(run(folder / "none", "show", "Kamera").exception, KgError)
