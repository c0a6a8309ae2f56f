"""The store as an rdflib Dataset and rows as a pandas frame."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib

from kg.errors import StoreError
from kg.store import Rows, open_store
from kg.store.access import as_frame, as_rdflib
from kg.store.recording import Recording
from tests import handmade


def test_rdflib_asks_the_store_itself(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        handmade.fill(store)
        dataset = as_rdflib(store)
        rows = list(dataset.query("SELECT ?o { ?s kg:listed_by ?o }"))
        assert len(rows) == 3
        bound = dataset.query(
            "SELECT DISTINCT ?s ?o { ?s kg:leader_of ?o }", initBindings={"s": rdflib.URIRef(handmade.iri("chen"))}
        )
        assert [str(row[1]) for row in bound] == [handmade.iri("cam")]
        assert len(list(dataset.graphs())) >= 5
        with pytest.raises(StoreError, match="in this process"):
            as_rdflib(Recording(store))


def test_a_frame_has_numbers_and_texts() -> None:
    pytest.importorskip("pandas")
    with open_store(None) as store:
        handmade.fill(store)
        rows = store.query("SELECT ?c ?percent ?none { ?c kg:percent ?percent } ORDER BY ?percent")
        assert isinstance(rows, Rows)
        frame = as_frame(rows)
    assert list(frame.columns) == ["c", "percent", "none"]
    assert list(frame["percent"]) == [40.0, 51.0]
    assert frame["none"].isna().all()
