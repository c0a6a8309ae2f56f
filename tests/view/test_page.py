"""The page as text: the same bytes, nothing outside, nothing that could run but what its policy names."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import kg.view
from kg.cli import cli
from kg.network.build import network
from kg.store import open_store
from kg.view import View, html, write_html
from kg.view.notebook import pyvis_network
from kg.view.payload import full, script_json, short
from tests.conftest import ROOT
from tests.explorer import case
from tests.synthesis import synthetic_quads

ASSETS = ROOT / "tests" / "assets"


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path) -> None:
    one = write_html(case.graph(), tmp_path / "one.html", title="Same")
    other = write_html(network(reversed(list(case.quads()))), tmp_path / "other.html", title="Same")
    assert one.read_bytes() == other.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.html", "other.html"]


def test_the_policy_names_every_script_and_style_by_its_hash() -> None:
    page = html(case.graph(), title="Policy")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    rules = policy.group(1).replace("&#39;", "'")
    assert "unsafe" not in rules
    assert "connect-src 'none'" in rules
    for block in re.findall(r"<script>(.*?)</script>", page, re.DOTALL) + re.findall(
        r"<style>(.*?)</style>", page, re.DOTALL
    ):
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in rules
    assert not re.search(r'<(script|link|img|iframe)[^>]+(src|href)="(?!data:,)', page)


def test_data_cannot_leave_its_element() -> None:
    text = script_json({"a": "</script><!--\u2028\ud800"})
    assert "<" not in text
    assert json.loads(text) == {"a": "</script><!--\u2028\ufffd"}
    page = html(case.graph(), title="</title><script>alert(1)</script>")
    assert "<title>&lt;/title&gt;&lt;script&gt;" in page


def test_ids_go_there_and_back() -> None:
    for iri in case.graph():
        assert full(short(iri)) == iri
    assert full("https://example.org/x") == "https://example.org/x"


def test_a_pyvis_network_holds_numbers_for_ids_no_physics_and_no_markup() -> None:
    graph = case.graph()
    hostile = next(iter(graph))
    graph.nodes[hostile]["names"] = ["x", '<a href="javascript:alert(1)">y</a>']
    net = pyvis_network(graph)
    assert [node["id"] for node in net.nodes] == list(range(17))
    assert len(net.edges) == graph.number_of_edges()
    assert all("href" not in item["title"] for item in [*net.nodes, *net.edges])
    assert net.options["physics"] == {"enabled": False}


def test_pyvis_refuses_what_it_cannot_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kg.view.notebook, "LARGEST", 10)
    with pytest.raises(ValueError, match="17 entities are too many"):
        pyvis_network(case.graph())


def test_the_page_of_the_case_is_small() -> None:
    assert len(html(case.graph())) < 250_000


def test_vendored_libraries_are_what_their_record_says() -> None:
    for name, record in json.loads((ASSETS / "VERSIONS.json").read_text("utf-8")).items():
        assert hashlib.sha256((ASSETS / record["file"]).read_bytes()).hexdigest() == record["sha256"]
        assert list(ASSETS.glob(f"{name}.LICENSE*.txt")), name
        assert re.fullmatch(r"\d+\.\d+\.\d+", record["version"])


def test_the_notebook_frame_is_escaped() -> None:
    shown = View(case.graph(), title='"><b>')._repr_html_()
    assert 'title="&quot;&gt;&lt;b&gt;"' in shown
    assert shown.count("<") == 2


def test_kg_view(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with open_store(folder) as store:
        store.replace_graphs(case.by_graph(case.quads()))
    out = tmp_path / "out" / "graph.html"
    run = CliRunner().invoke(cli, ["view", "--store", str(folder), "-o", str(out)])
    assert run.exit_code == 0, run.output
    assert "17 entities, 21 relation claims" in run.output
    assert "Hangzhou Hikvision" in out.read_text("utf-8")
    run = CliRunner().invoke(
        cli, ["view", "--store", str(folder), "--focus", "larkspur", "--hops", "1", "-o", str(out)]
    )
    assert "3 entities" in run.output
    run = CliRunner().invoke(cli, ["view", "--store", str(folder), "--focus", "Nobody", "-o", str(out)])
    assert run.exit_code == 1
    assert "Nobody" in str(run.exception)


def test_kg_view_of_an_empty_store_writes_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path / "store"):
        pass
    out = tmp_path / "graph.html"
    run = CliRunner().invoke(cli, ["view", "--store", str(tmp_path / "store"), "-o", str(out)])
    assert "holds no entities" in str(run.exception)
    assert not out.exists()


@pytest.mark.parametrize("size", [7, 60])
def test_sizes(size: int) -> None:
    assert len(html(network(synthetic_quads(size)))) < 1_500_000
