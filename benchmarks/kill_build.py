"""`kill -9` of a build at random points, then the build again: is the graph equal to one built in peace?

    python benchmarks/kill_build.py [POINTS] [DOCUMENTS]

Each point starts from an empty store. Between the kill and the second build the store is opened and every document in it
must be whole. The documents are synthetic and their extraction is given, so that the points fall on storing, resolving
and writing, which is what a kill could spoil.
"""

from __future__ import annotations

import os
import pickle
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from synthetic import CLAIMS_A_DOCUMENT, documents

from kg.store import open_store

BUILD = """
import pickle, sys
from pathlib import Path
import kg.pipeline
extractions = {one.document.id: one for one in pickle.loads(Path(sys.argv[2]).read_bytes())}
kg.pipeline.extract = lambda documents, model=None: [extractions[document.id] for document in documents]
print("ready", flush=True)
kg.pipeline.build(sys.argv[3:], date="2019-10-08", store=sys.argv[1] + "/store", out=sys.argv[1])
"""


def content(folder: Path) -> dict[str, list[str]]:
    """Graph -> sorted quads; nothing when the store was never begun."""
    if not (folder / "store" / "CURRENT").exists():
        return {}
    with open_store(folder / "store", read_only=True) as store:
        return {name: sorted(str(quad) for quad in store.quads(name)) for name in store.graph_names()}


def main(points: int, number: int) -> None:
    """Run all points, print how many held."""
    chance = random.Random(9)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        extractions = list(documents(number * CLAIMS_A_DOCUMENT))
        (root / "kept").write_bytes(pickle.dumps(extractions))
        sources = [str(root / f"{one.document.id}.txt") for one in extractions]
        for one, source in zip(extractions, sources, strict=True):
            Path(source).write_text(one.document.text)

        def command(folder: Path) -> list[str]:
            return [sys.executable, "-c", BUILD, str(folder), str(root / "kept"), *sources]

        began = time.perf_counter()
        subprocess.run(command(root / "peace"), check=True, stdout=subprocess.DEVNULL)
        peace = content(root / "peace")
        print(
            f"{len(peace)} graphs, {sum(map(len, peace.values()))} quads, {time.perf_counter() - began:.1f} s",
            flush=True,
        )
        longest = 0.0
        held = 0
        for point in range(points):
            folder = root / f"point-{point}"
            process = subprocess.Popen(command(folder), stdout=subprocess.PIPE)
            assert process.stdout is not None
            process.stdout.readline()
            ready = time.perf_counter()
            if not longest:  # the first point measures how long a build takes after it is ready
                process.wait()
                longest = time.perf_counter() - ready
            else:
                time.sleep(chance.uniform(0, longest))
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
            process.stdout.close()
            left = content(folder)
            whole = all(quads == peace[name] for name, quads in left.items() if "/document/" in name)
            subprocess.run(command(folder), check=True, stdout=subprocess.DEVNULL)
            equal = content(folder) == peace
            held += whole and equal
            print(
                f"point {point}: {len(left)} graphs left, whole: {whole}, equal after the next build: {equal}",
                flush=True,
            )
        print(f"{held} of {points}")


if __name__ == "__main__":
    main(*(int(argument) for argument in [*sys.argv[1:], *("30", "12")[len(sys.argv) - 1 :]]))
