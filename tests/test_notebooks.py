"""The notebooks run from a fresh folder, and the kept .ipynb files hold the same cells with outputs and no errors."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]_*.py"))

#: All notebooks as scripts in one process, so that the models are loaded once; a cell's value is computed, not shown.
SCRIPT = """
import runpy, sys, warnings
import matplotlib
matplotlib.use("Agg")
warnings.simplefilter("error", SyntaxWarning)
for name in sys.argv[1:]:
    print("running", name, flush=True)
    runpy.run_path(name, run_name="__main__")
"""


def test_there_are_six() -> None:
    assert [path.name[0] for path in NOTEBOOKS] == list("123456")


@pytest.mark.slow
def test_all_notebooks_run_in_a_fresh_folder(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    pytest.importorskip("pandas")
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for path in NOTEBOOKS:
        shutil.copy(path, folder)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    environment = {key: value for key, value in os.environ.items() if key != "KG_STORE"}
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, *(path.name for path in NOTEBOOKS)],
        cwd=folder, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-4000:]
    assert ran.stdout.count("running ") == 6


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_kept_notebook_has_the_same_cells_with_outputs_and_no_error(path: Path) -> None:
    kept = json.loads(path.with_suffix(".ipynb").read_text(encoding="utf-8"))
    source = path.read_text(encoding="utf-8")
    code = ["".join(cell["source"]) for cell in kept["cells"] if cell["cell_type"] == "code"]
    squeezed = re.sub(r"\s", "", source)
    for cell in code:
        assert re.sub(r"\s", "", cell) in squeezed
    assert len(code) == len(re.findall(r"^# %%$", source, re.MULTILINE))
    outputs = [output for cell in kept["cells"] for output in cell.get("outputs", ())]
    assert outputs
    assert not [output for output in outputs if output["output_type"] == "error"]
    text = json.dumps(kept)
    assert str(ROOT) not in text
    assert "/tmp/" not in text
