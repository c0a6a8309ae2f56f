"""The public interface: its names, and that each works however its module was imported before."""

from __future__ import annotations

import subprocess
import sys

import kg


def test_the_public_names_are_pinned() -> None:
    assert kg.__all__ == ["build", "extract", "load_pipeline", "open_store", "read"]
    assert set(kg.__all__) <= set(dir(kg))


def test_importing_kg_loads_nothing_heavy() -> None:
    code = "import sys, kg; print(sorted({'spacy', 'rdflib', 'pyoxigraph', 'networkx'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_function_named_like_its_module_can_be_called_before_and_after_the_module_was_imported() -> None:
    code = """
import kg
source = ["examples/fiction/2023-04-12-delisting.md"]
first = [document.id for document in kg.read(source)]
import kg.read, kg.extract
from kg import read
from kg.read import read as function
assert [d.id for d in kg.read(source)] == [d.id for d in read(source)] == [d.id for d in function(source)] == first
assert type(kg.extract([])).__name__ == "generator"
"""
    from tests.conftest import ROOT

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
