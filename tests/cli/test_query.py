"""`kg query` and the result formats: every form, and no text of the graph reaches the terminal raw."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from kg.cli import cli
from kg.errors import QueryError
from kg.store import Rows, open_store
from kg.store.formats import read_rows, write

NASTY = '\x1b[31mred, "quoted"\u202e\r\nnext\ttab 中国'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    graph = NamedNode("urn:g")
    with open_store(tmp_path / "store") as store:
        store.replace_graphs(
            {
                "urn:g": [
                    Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal(NASTY), graph),
                    Quad(NamedNode("urn:b"), NamedNode("urn:p"), Literal("plain"), graph),
                ]
            }
        )
    return tmp_path / "store"


def run(folder: Path, *arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["query", *arguments, "--store", str(folder)], input=stdin, standalone_mode=False)


SELECT = "SELECT ?s ?o ?none { ?s ?p ?o } ORDER BY ?s"


def test_the_table_escapes_control_and_direction_characters(folder: Path) -> None:
    shown = run(folder, SELECT).output
    assert shown.splitlines()[2].startswith('urn:a  \\x1b[31mred, "quoted"\\u202e\\r\\nnext\\ttab 中国')
    assert shown.endswith("(2 rows)\n")
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_json_and_csv_are_read_back_as_they_were(folder: Path) -> None:
    bindings = json.loads(run(folder, SELECT, "--format", "json").stdout_bytes)["results"]["bindings"]
    assert [binding["o"]["value"] for binding in bindings] == [NASTY, "plain"]
    text = run(folder, SELECT, "--format", "csv").stdout_bytes.decode()
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["s", "o", "none"],
        ["urn:a", NASTY, ""],
        ["urn:b", "plain", ""],
    ]
    assert text.count("\r\n") == 4


def test_tsv_and_graphs(folder: Path) -> None:
    tsv = run(folder, SELECT, "--format", "tsv").stdout_bytes.decode()
    assert tsv.splitlines()[2] == '<urn:b>\t"plain"\t'
    graph = "CONSTRUCT { ?s kg:rule ?o } WHERE { ?s ?p ?o }"
    turtle = run(folder, graph, "--format", "ttl").stdout_bytes
    assert turtle == run(folder, graph, "--format", "ttl").stdout_bytes
    assert len(list(parse(turtle, format=RdfFormat.TURTLE))) == 2
    assert run(folder, graph, "--format", "nt").output.count("\n") == 2
    assert len(json.loads(run(folder, graph, "--format", "json").stdout_bytes)) == 2


def test_the_query_comes_from_a_file_or_from_standard_input(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text("ASK { ?s ?p 'plain' }")
    assert run(folder, f"@{tmp_path / 'q.rq'}").output == "yes\n"
    assert run(folder, "-", stdin="ASK { ?s ?p 'other' }").output == "no\n"


def test_mistakes_are_told(folder: Path, tmp_path: Path) -> None:
    assert isinstance(run(folder, SELECT, "--format", "xml").exception, QueryError)
    assert "to be" not in str(run(folder, SELECT, "--format", "ttl").exception)
    assert "has rows" in str(run(folder, SELECT, "--format", "ttl").exception)
    assert "cannot be read" in str(run(folder, "@nowhere.rq").exception)
    assert "kg build" in str(run(tmp_path / "none", SELECT).exception)


TERMS = st.one_of(
    st.none(),
    st.builds(Literal, st.text(st.characters(exclude_categories=["Cs", "Cc"]))),
    st.builds(lambda text: Literal(text, language="en-gb"), st.text(st.characters(exclude_categories=["Cs", "Cc"]))),
    st.builds(lambda number: Literal(number), st.integers(-999, 999)),
    st.builds(lambda number: NamedNode(f"http://x/é?a&b={number}"), st.integers(0, 99)),
)


@given(st.lists(st.tuples(TERMS, TERMS)))
def test_what_is_written_is_read_back(rows: list[tuple[None, None]]) -> None:
    answer = Rows(("a", "b"), list(rows))
    assert read_rows(write(answer, "json")) == answer
    back = parse_query_results(write(answer, "tsv"), format=QueryResultsFormat.TSV)
    assert isinstance(back, QuerySolutions)
    assert [(solution["a"], solution["b"]) for solution in back] == answer.rows
    results = fromstring(write(answer, "xml")).findall("{*}results/{*}result")
    found = [{one.get("name"): one[0].text or "" for one in result.findall("{*}binding")} for result in results]
    told = [{name: term.value for name, term in zip("ab", row, strict=True) if term is not None} for row in answer]
    assert found == told


def test_blank_nodes_and_truth_values() -> None:
    answer = Rows(("a",), [(BlankNode("x"),), (None,)])
    assert write(answer, "csv") == b"a\r\n_:x\r\n\r\n"
    assert read_rows(write(answer, "json")) == answer
    assert read_rows(write(True, "json")) is True
    with pytest.raises(QueryError, match="a graph cannot"):
        write([Triple(NamedNode("urn:a"), NamedNode("urn:b"), Literal("c"))], "csv")
