"""Export and import of N-Quads: the store comes back exactly, or nothing changes."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import SourceError
from kg.store import Store, open_store
from kg.store.backup import restore
from tests import handmade


def content(store: Store) -> list[str]:
    return sorted(str(quad) for quad in store.quads())


def test_a_store_comes_back_exactly(tmp_path: Path) -> None:
    with open_store(tmp_path / "old") as old:
        handmade.fill(old)
        before = content(old)
    with open_store(tmp_path / "new") as new:
        new.replace_graphs({"urn:other": list(new.quads())})
    run = CliRunner().invoke
    backup = str(tmp_path / "all.nq")
    assert run(cli, ["export", "--store", str(tmp_path / "old"), "--format", "nq", "-o", backup]).exit_code == 0
    told = run(cli, ["import", "nq", backup, "--store", str(tmp_path / "new")])
    assert told.output == f"5 graphs, {len(before)} quads\n"
    with open_store(tmp_path / "new", read_only=True) as new:
        assert content(new) == before


def test_a_broken_backup_changes_nothing(tmp_path: Path) -> None:
    with open_store(None) as store:
        handmade.fill(store)
        before = content(store)
        (tmp_path / "cut.nq").write_text('<urn:a> <urn:b> "c" <urn:g> .\n<urn:a> <urn:b> "c')
        (tmp_path / "bare.nq").write_text('<urn:a> <urn:b> "c" .\n')
        (tmp_path / "half.nq.gz").write_bytes(gzip.compress(b'<urn:a> <urn:b> "c" <urn:g> .\n' * 1000)[:40])
        for name in ("cut.nq", "bare.nq", "half.nq.gz", "none.nq", "all.csv"):
            with pytest.raises(SourceError, match=name):
                restore(store, tmp_path / name)
        assert content(store) == before
