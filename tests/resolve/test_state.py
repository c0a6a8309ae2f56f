"""A store that is half resolved says so: after a kill between storing and resolving, and after an import."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode, Quad

from kg.builder import pipeline
from kg.cli import cli
from kg.namespaces import expand, term
from kg.resolve import resolve
from kg.resolve.state import is_resolved
from kg.store import open_store

GRAPH = "urn:list"


def listed(name: str) -> list[Quad]:
    graph, node = NamedNode(GRAPH), NamedNode(f"urn:x:{name}")
    return [
        Quad(NamedNode(GRAPH), NamedNode(expand("rdf:type")), NamedNode(expand("dcat:Dataset")), graph),
        Quad(NamedNode(GRAPH), NamedNode(expand("dcterms:title")), Literal(name), graph),
        Quad(node, NamedNode(expand("rdf:type")), NamedNode(term("Company")), graph),
        Quad(node, NamedNode(expand("skos:prefLabel")), Literal(name), graph),
    ]


def told(folder: Path) -> bool:
    found = CliRunner().invoke(cli, ["query", "ASK {}", "--store", str(folder)], standalone_mode=False)
    assert found.exception is None
    return "changed since it was last resolved" in found.stderr


def test_a_change_is_told_until_it_is_resolved(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with open_store(folder) as store:
        assert is_resolved(store)
        store.replace_graphs({GRAPH: listed("Alpha")})
        assert not is_resolved(store)
    assert told(folder)
    with open_store(folder) as store:
        resolve(store)
        assert is_resolved(store)
        resolve(store)
        assert is_resolved(store)
    assert not told(folder)
    with open_store(folder) as store:
        store.replace_graphs({GRAPH: listed("Beta")})
        assert not is_resolved(store)


def test_a_build_cut_before_it_resolves_is_told_and_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("The Treasury Department blacklisted Alpha Ltd.")
    folder, out = tmp_path / "store", tmp_path / "out"

    def killed(store: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "resolve", killed)
        with pytest.raises(KeyboardInterrupt):
            pipeline.build([tmp_path / "a.txt"], store=folder, out=out)
    assert told(folder)
    pipeline.build([tmp_path / "a.txt"], store=folder, out=out)
    assert not told(folder)
