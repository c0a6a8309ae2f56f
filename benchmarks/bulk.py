"""Bulk building measured: words a second, processes against one, growth with the number of documents, memory.

    python benchmarks/bulk.py ARCHIVE.jsonl.gz [--documents 100 400 1600] [--workers 1 2]

Documents are taken in an order shuffled by a fixed seed. For each number of documents and of workers one build into a
new store, in processes of its own: wall time, words a second, the most memory that any process of it held at a time (its
own share of shared pages counted), and, with one worker, what share of the bare pipeline's words a second that is: the
same texts, read by it before and after.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

RUN = "import sys; from kg.cli import main; main()"


def bare(texts: list[str]) -> float:
    """Words a second of the packaged pipeline alone, on one core."""
    from kg import load_pipeline

    nlp = load_pipeline()
    list(nlp.pipe(texts[:2]))
    began = time.process_time()
    for _ in nlp.pipe(texts, batch_size=16):
        pass
    return sum(len(text.split()) for text in texts) / (time.process_time() - began)


def pss(group: int) -> list[int]:
    """The proportional set size, in bytes, of every process of a group."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if os.getpgid(int(folder.name)) == group:
                    rows = (folder / "smaps_rollup").read_text().splitlines()
                    found.append(1024 * int(next(row for row in rows if row.startswith("Pss:")).split()[1]))
            except (OSError, StopIteration):
                continue
    return found


def build(lines: list[str], workers: int) -> tuple[float, float, int, str]:
    """Seconds until all was read and stored, CPU seconds, the most memory of one process, the last line of the output."""
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "archive.jsonl"
        source.write_text("\n".join(lines), encoding="utf-8")
        command = [sys.executable, "-c", RUN, "build", str(source), "--store", f"{name}/s", "--out", f"{name}/o"]
        began, before = time.perf_counter(), os.times()
        process = subprocess.Popen(
            [*command, "--workers", str(workers)], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        most = [0]

        def watch() -> None:
            while process.poll() is None:
                most[0] = max([most[0], *pss(process.pid)])
                time.sleep(0.5)

        threading.Thread(target=watch, daemon=True).start()
        told, _ = process.communicate()
        after = os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        summary = next((line for line in told.splitlines() if "documents read" in line), told[-200:])
        return time.perf_counter() - began, spent, most[0], summary


def main() -> None:
    """Print one row a build."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--documents", type=int, nargs="*", default=[100, 400, 1600])
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    options = parser.parse_args()
    with gzip.open(options.archive, "rt", encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    random.Random(5).shuffle(lines)
    texts = [json.loads(line)["text"] for line in lines]
    for documents in options.documents:
        words = sum(len(text.split()) for text in texts[:documents])
        for workers in options.workers:
            alone = [bare(texts[:documents:2])] if workers == 1 else []
            wall, spent, memory, summary = build(lines[:documents], workers)
            if alone:
                alone.append(bare(texts[1:documents:2]))
                rate = sum(alone) / len(alone)
                print(f"bare pipeline: {rate:.0f} words/s; the build {words / spent / rate:.2f} of it", flush=True)
            print(
                f"{documents} documents, {words} words, {workers} workers: {wall:.1f} s, {words / wall:.0f} words/s, "
                f"{spent:.1f} CPU s, {words / spent:.0f} words a CPU second, {memory / 1e6:.0f} MB; {summary}",
                flush=True,
            )


if __name__ == "__main__":
    main()
