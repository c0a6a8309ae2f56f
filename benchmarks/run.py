"""Run the benchmarks one after another, each beside its peer in the same run; what they print are ratios.

usage: python benchmarks/run.py [NAME...]      (without names: all that need no arguments)

A benchmark that fails, or whose data is missing, is told and the next one runs; the exit status is then 1.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ALL = ("pipeline_speed", "queries", "screening", "list_import", "view")


def main() -> int:
    """Run the named benchmarks; 1 if one of them failed."""
    failed = []
    for name in sys.argv[1:] or ALL:
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, HERE / f"{name}.py"], cwd=HERE.parent, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
