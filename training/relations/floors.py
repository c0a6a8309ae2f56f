"""Floors under the figures by kind: raised where cross-validation allows it, never lowered.

usage: python -m training.relations.floors FIGURES.json tests/golden/floors_by_kind.json

`FIGURES.json` is what `python -m training.relations --figures` writes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kg.extraction.scoring.predict import WEIGHTS
from training.relations.gold import KINDS

Floors = dict[str, dict[str, float]]

PINNED: Final = ("precision", "recall", "f1")
ROOM: Final = 0.01
"""What a floor leaves below the figure, for another machine's arithmetic."""


class Lowered(Exception):
    """A figure fell below its floor."""


def weights_digest(folder: Path = WEIGHTS) -> str:
    """What tells these fitted scorers from others."""
    found = hashlib.sha256()
    for path in sorted(folder.glob("*.npz")):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def raise_floors(floors: Mapping[str, Mapping[str, float]], found: Mapping[str, Mapping[str, float]]) -> Floors:
    """The floors after a new measurement; raises `Lowered` where a figure is below its floor."""
    low = [
        f"{kind} {name} {found[kind][name]:.3f} < {floor:.3f}"
        for kind, pinned in floors.items()
        for name, floor in pinned.items()
        if found.get(kind, {}).get(name, 0.0) < floor
    ]
    if low:
        raise Lowered("; ".join(low))
    return {
        kind: {
            name: max(floors.get(kind, {}).get(name, 0.0), round(figures[name] - ROOM, 3))
            for name in PINNED
            if name in figures
        }
        for kind, figures in found.items()
    }


def main() -> int:
    """Rewrite the file of floors, or say what fell and leave it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figures", type=Path)
    parser.add_argument("floors", type=Path)
    args = parser.parse_args()
    figures = json.loads(args.figures.read_text(encoding="utf-8"))
    found = {kind: figures[kind] for kind in figures if kind in (*KINDS, "all") or kind.startswith("dev/")}
    kept = json.loads(args.floors.read_text(encoding="utf-8"))["floors"] if args.floors.is_file() else {}
    try:
        floors = raise_floors(kept, found)
    except Lowered as error:
        print(f"floors: {error}; {args.floors} is left as it was", file=sys.stderr)
        return 1
    kept_now = {"weights": weights_digest(), "figures": found, "floors": floors}
    args.floors.write_text(json.dumps(kept_now, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
