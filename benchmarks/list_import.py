"""Import of the SDN files, the whole process, beside a plain pyoxigraph bulk load of the same quads.

Run: python benchmarks/list_import.py [SHARED]

Both run as processes of their own into an empty folder: `kg import ofac` from the CSV files, and a script of three
lines that bulk-loads the same quads from N-Quads. Printed are wall and CPU seconds, the largest resident memory, and
the ratio; on a busy machine trust the CPU seconds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph

_LOAD = """import sys, pyoxigraph
store = pyoxigraph.Store(sys.argv[1])
store.bulk_load(path=sys.argv[2], format=pyoxigraph.RdfFormat.N_QUADS)
store.flush()"""


def run(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and MiB of a process; raises CalledProcessError where it fails."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Print the table."""
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "shared"
    files = [str(shared / "lists" / "ofac" / name) for name in ("sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv")]
    with tempfile.TemporaryDirectory() as folder:
        store, plain, nquads = f"{folder}/store", f"{folder}/plain", f"{folder}/sdn.nq"
        kg = [sys.executable, "-c", "from kg.cli import main; main()"]
        ours = run([*kg, "import", "ofac", *files, "--store", store])
        opened = pyoxigraph.Store.read_only(store)
        with open(nquads, "wb") as out:
            opened.dump(out, format=pyoxigraph.RdfFormat.N_QUADS)
        print(f"{len(opened)} quads, {Path(nquads).stat().st_size / 1e6:.0f} MB of N-Quads")
        del opened
        peer = run([sys.executable, "-c", _LOAD, plain, nquads])
    for name, (wall, cpu, memory) in (("kg import ofac", ours), ("pyoxigraph bulk_load", peer)):
        print(f"{name:22} {wall:7.1f} s wall, {cpu:6.1f} s CPU, {memory:6.0f} MiB")
    print(f"ratio {ours[0] / peer[0]:.2f} wall, {ours[1] / peer[1]:.2f} CPU")


if __name__ == "__main__":
    main()
