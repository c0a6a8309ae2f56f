"""Run the benchmarks one after another, each beside its peer in the same run; what they print are ratios.

usage: python benchmarks/run.py [--page docs/performance.md] [NAME...]      (without names: all that need no arguments)

With `--page` what they print is written there too, under what each says of itself. A benchmark that fails, or whose data
is missing, is told and the next one runs; the exit status is then 1.
"""

from __future__ import annotations

import argparse
import ast
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared"
ARCHIVE = SHARED / "corpora" / "treasury_1997_2023.jsonl.gz"
ALL: dict[str, list[str]] = {
    "after_parser": [],
    "pipeline_speed": [],
    "bulk": [str(ARCHIVE), "--documents", "100", "400"],
    "queries": [],
    "screening": [],
    "list_import": [],
    "view": [],
}
HEAD = """# How fast

Made by `make bench`: what each benchmark in `benchmarks/` printed, in one run on {cores} cores ({machine}, Python {python}).
Peers run in the same process or right after it. Ratios carry over to other machines, seconds do not. The store, the
questions and the server under load have [their own page](performance-queries.md).
"""


def told(name: str) -> str:
    """The first paragraph of what a benchmark says of itself."""
    text = ast.get_docstring(ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))) or ""
    return text.split("\n\n")[0]


def main() -> int:
    """Run the named benchmarks; 1 if one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--page", type=Path)
    options = parser.parse_args()
    page = [HEAD.format(cores=os.cpu_count(), machine=platform.machine(), python=platform.python_version())]
    failed = []
    for name in options.names or ALL:
        print(f"== {name}", flush=True)
        command = [sys.executable, str(HERE / f"{name}.py"), *ALL.get(name, [])]
        run = subprocess.run(command, cwd=HERE.parent, check=False, stdout=subprocess.PIPE, text=True)
        print(run.stdout, flush=True)
        page.append(f"## {name.replace('_', ' ')}\n\n{told(name)}\n\n```text\n{run.stdout.strip()}\n```\n")
        if run.returncode:
            failed.append(name)
    if options.page is not None:
        options.page.write_text("\n".join(page), encoding="utf-8")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
