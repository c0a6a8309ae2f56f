"""Past one machine: a real Dask cluster of which a worker is killed, sources of fsspec, parts that Virtuoso loads."""

from __future__ import annotations

import gzip
import os
import signal
import threading
import time
from pathlib import Path

import pyoxigraph
import pytest

from kg.builder.pipeline import build
from kg.documents import read
from kg.errors import SourceError
from tests.builder.test_workers import SENTENCE, archive, graph

distributed = pytest.importorskip("distributed", reason="Dask is not installed")


def test_a_cluster_that_loses_a_worker_builds_the_same_graph(tmp_path: Path) -> None:
    source = archive(tmp_path, 120)
    build([source], store=tmp_path / "one", out=tmp_path / "o1")
    with distributed.LocalCluster(
        n_workers=4, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        nanny = next(iter(cluster.workers.values()))
        victim, address = nanny.pid, nanny.worker_address
        killed_at_work = threading.Event()

        def kill() -> None:
            """Kill the worker as soon as it has work under way."""
            while not cluster.scheduler.workers[address].processing:
                time.sleep(0.01)
            os.kill(victim, signal.SIGKILL)
            killed_at_work.set()

        threading.Thread(target=kill, daemon=True).start()
        report = build(
            [source],
            store=tmp_path / "many",
            out=tmp_path / "o2",
            scheduler=cluster.scheduler_address,
            parts=tmp_path / "parts",
        )
        assert killed_at_work.is_set()
        assert victim not in {worker.pid for worker in cluster.workers.values()}
    assert report.set_aside == []
    assert report.documents == 120
    assert graph(tmp_path / "many") == graph(tmp_path / "one")
    read_back = [
        str(quad)
        for part in sorted((tmp_path / "parts").glob("*.nq.gz"))
        for quad in pyoxigraph.parse(gzip.decompress(part.read_bytes()), format=pyoxigraph.RdfFormat.N_QUADS)
    ]
    assert {quad for quad in graph(tmp_path / "one") if "/document/" in quad.rsplit(" ", 1)[-1]} >= set(read_back)
    assert len(read_back) > 1000


def test_the_claims_of_the_parts_are_a_table(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    build([archive(tmp_path, 3)], store=tmp_path / "s", out=tmp_path / "o", parts=tmp_path / "parts")
    table = parquet.read_table(tmp_path / "parts" / "part-00000.parquet").to_pylist()
    assert len(table) == 6
    assert all("Trading" in row["quotation"] or "Carl Stone" in row["quotation"] for row in table)
    assert {row["predicate"].rpartition("#")[2] for row in table} == {"listed_by", "owned_by"}


def test_sources_of_other_file_systems(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")
    memory = fsspec.filesystem("memory")
    memory.pipe("/kg-test/alpha.txt", SENTENCE.format(name="Alpha").encode())
    memory.pipe("/kg-test/more.jsonl.gz", gzip.compress(b'{"id": "beta", "text": "Beta Ltd is in Oslo."}\n'))
    memory.pipe("/kg-test/picture.png", b"\x89PNG")
    found = list(read(["memory://kg-test"], date="2020-01-01"))
    assert [(document.id, document.date) for document in found] == [("alpha", "2020-01-01"), ("beta", "2020-01-01")]
    with pytest.raises(SourceError, match="memory://kg-test/none"):
        list(read(["memory://kg-test/none"]))
