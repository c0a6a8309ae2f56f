"""The wheel holds all that the program needs: installed elsewhere, it reads the example article and answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, SEED

NEEDED = (
    "kg/py.typed",
    "kg/ontology/sanctions.ttl",
    "kg/ontology/shapes.ttl",
    "kg/ontology/context.jsonld",
    "kg/ontology/relations/",
    "kg/ontology/queries/",
    "kg/nlp/model/en_sanctions/",
    "kg/view/",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True, capture_output=True,
    )  # fmt: skip
    (built,) = folder.glob("sanctions_kg-*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; the dependencies are lent by the one that runs the tests."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel], check=True
    )
    (packages,) = folder.glob("lib/python*/site-packages")
    # a plain path in a .pth file: the editable install over there is a .pth of its own and so is not followed
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def run(elsewhere: Path, *arguments: str, cwd: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "KG_STORE")}
    program, *rest = arguments
    ran = subprocess.run([elsewhere / "bin" / program, *rest], cwd=cwd, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_wheel_holds_every_file_that_git_tracks_in_the_package(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in NEEDED:
        assert any(name.startswith(needed) for name in names), needed
    listed = subprocess.run(["git", "ls-files", "kg", "ontology"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0:
        tracked = {f"kg/{line}" if line.startswith("ontology/") else line for line in listed.stdout.splitlines()}
        assert tracked - names == set()
    assert not [name for name in names if name.endswith((".pyc", ".ipynb")) or name.startswith(("tests/", "exports/"))]


@pytest.mark.slow
def test_the_installed_program_reads_the_example_article(elsewhere: Path, tmp_path: Path) -> None:
    place = run(elsewhere, "python", "-c", "import kg; print(kg.__file__)", cwd=tmp_path)
    assert Path(place.strip()).is_relative_to(elsewhere)
    output = run(elsewhere, "kg", "extract", str(SEED), "--date", "2019-10-08", "--format", "jsonl", cwd=tmp_path)
    (line,) = output.splitlines()
    found = json.loads(line)
    text = SEED.read_text(encoding="utf-8")
    assert len(found["triples"]) >= 10
    assert all(text[triple["start"] : triple["end"]] == triple["evidence"] for triple in found["triples"])
    assert "conforms" in run(elsewhere, "kg", "check", "--store", _built(elsewhere, tmp_path), cwd=tmp_path)


def _built(elsewhere: Path, folder: Path) -> str:
    run(elsewhere, "kg", "build", str(SEED), "--date", "2019-10-08", "--store", "s", "--out", "o", cwd=folder)
    return str(folder / "s")
