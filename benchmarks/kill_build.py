"""`kill -9` of a build at random points, then the build again: is the graph equal to one built in peace?

    python benchmarks/kill_build.py [POINTS] [DOCUMENTS] [WORKERS]

Each point starts from an empty store; the whole process group is killed. Between the kill and the second build the
store is opened, and every document in it must be whole. The second build goes on from the journal of the first: how many
documents it still had to read is printed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kg.store import open_store

TEXT = (
    "The Treasury Department designated {name} Trading Ltd and {name} Shipping LLC on {day} May 2019 for supporting "
    "the {name} Front. {name} Trading Ltd is owned by Carl {name}. He is the chief executive of {name} Shipping LLC, "
    "which is based in Oslo. In June {name} Shipping LLC sold spare parts to the Ruritanian Ministry of Defence."
)
RUN = "import sys; from kg.cli import main; main()"


def content(folder: Path) -> dict[str, list[str]]:
    """Graph -> sorted quads; nothing when the store was never begun."""
    if not (folder / "store" / "CURRENT").exists():
        return {}
    with open_store(folder / "store", read_only=True) as store:
        return {name: sorted(str(quad) for quad in store.quads(name)) for name in store.graph_names()}


def main(points: int, number: int, workers: int) -> None:
    """Run all points, print how many held."""
    chance = random.Random(9)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        source = root / "archive.jsonl"
        texts = [TEXT.format(name=f"Alpha{place}", day=place % 28 + 1) for place in range(number)]
        lines = [json.dumps({"id": f"d{place:04}", "text": text}) for place, text in enumerate(texts)]
        source.write_text("\n".join(lines), encoding="utf-8")

        def start(folder: Path) -> subprocess.Popen[str]:
            command = [sys.executable, "-c", RUN, "build", str(source), "--store", str(folder / "store")]
            command += ["--out", str(folder), "--workers", str(workers)]
            return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)

        began = time.perf_counter()
        start(root / "peace").communicate()
        longest = time.perf_counter() - began
        peace = content(root / "peace")
        print(f"{len(peace)} graphs, {sum(map(len, peace.values()))} quads, {longest:.1f} s", flush=True)
        held = 0
        for point in range(points):
            folder = root / f"point-{point}"
            process = start(folder)
            time.sleep(chance.uniform(0.5, longest))
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            left = content(folder)
            whole = all(quads == peace[name] for name, quads in left.items() if "/document/" in name)
            began = time.perf_counter()
            told, _ = start(folder).communicate()
            again = time.perf_counter() - began
            equal = content(folder) == peace
            held += whole and equal
            print(
                f"point {point}: {len(left)} graphs left, whole: {whole}; built again in {again:.1f} s "
                f"({told.splitlines()[-5] if len(told.splitlines()) > 4 else told.strip()[:60]}), equal: {equal}",
                flush=True,
            )
        print(f"{held} of {points}")


if __name__ == "__main__":
    main(*(int(argument) for argument in [*sys.argv[1:], *("20", "200", "2")[len(sys.argv) - 1 :]]))
