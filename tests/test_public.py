"""The public interface: its names, and that each works however its module was imported before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import kg
from kg.errors import StoreError


def test_the_public_names_are_pinned() -> None:
    assert kg.__all__ == ["Graph", "build", "extract", "load_pipeline", "open_store", "read"]
    assert set(kg.__all__) <= set(dir(kg))


def test_importing_kg_loads_nothing_heavy() -> None:
    code = "import sys, kg; print(sorted({'spacy', 'rdflib', 'pyoxigraph', 'networkx'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_no_module_takes_the_name_of_a_public_function() -> None:
    code = """
import importlib, pkgutil, kg
for module in pkgutil.iter_modules(kg.__path__):
    importlib.import_module(f"kg.{module.name}") if module.name != "__main__" else None
source = ["examples/fiction/2023-04-12-delisting.md"]
assert [document.id for document in kg.read(source)] == ["2023-04-12-delisting"]
assert type(kg.extract([])).__name__ == "generator"
assert callable(kg.build)
"""
    from tests.conftest import ROOT

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr


def test_the_graph_of_a_store_is_asked_drawn_and_handed_on(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("Alpha Ltd was sanctioned by the U.S. Treasury Department.", encoding="utf-8")
    kg.build([source], store=tmp_path / "s", out=tmp_path / "o")
    with kg.Graph(tmp_path / "s") as graph:
        assert graph.query("ASK { ?x kg:listed_by ?y }") is True
        assert graph.network("Alpha Ltd", hops=1).number_of_edges() == 1
        assert len(graph.rdflib()) > 10
        assert graph.frame("SELECT ?x { ?x kg:listed_by ?y }").shape == (1, 1)
        shown = graph.view("Alpha Ltd")._repr_html_()
        assert shown.startswith("<iframe sandbox=")
        assert "Alpha Ltd" in graph.view().save(tmp_path / "g.html").read_text(encoding="utf-8")
    with pytest.raises(StoreError):
        kg.Graph(tmp_path / "none")
