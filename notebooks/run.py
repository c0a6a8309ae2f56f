"""Executes the notebooks and keeps them with their outputs: `python notebooks/run.py [NAME...]`, all without names.

Each `N_*.py` becomes `N_*.ipynb` beside it. Nothing of the moment is kept: no times, no random cell ids.
"""

from __future__ import annotations

import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent


def main(names: list[str]) -> None:
    """Execute the named notebooks, or all of them in their order."""
    for source in [FOLDER / f"{name}.py" for name in names] or sorted(FOLDER.glob("[0-9]_*.py")):
        notebook = jupytext.read(source)
        NotebookClient(
            notebook, timeout=600, record_timing=False, resources={"metadata": {"path": str(FOLDER)}}
        ).execute()
        for number, cell in enumerate(notebook.cells):
            cell["id"] = f"cell-{number}"
            cell["metadata"] = {}
        notebook.metadata.get("language_info", {}).pop("version", None)
        nbformat.write(notebook, source.with_suffix(".ipynb"))
        print(source.with_suffix(".ipynb").name, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
