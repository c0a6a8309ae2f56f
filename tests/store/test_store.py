"""The store in memory, on disk and behind real servers: whole answers, whole writes, or an error."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.errors import QueryError, QueryTimeout, StoreBusy, StoreError
from kg.store import EmbeddedStore, Rows, Store, open_store
from kg.store.endpoint import open_endpoint
from kg.store.sparql import bind, refuse_reaching_out, tokens
from tests.servers import oxigraph, virtuoso

XSD = "http://www.w3.org/2001/XMLSchema#"
G, H = "urn:g", "urn:h"
VALUES = [
    Literal("0.85", datatype=NamedNode(XSD + "decimal")),
    Literal("2019-10-09", datatype=NamedNode(XSD + "date")),
    Literal("2019-10", datatype=NamedNode(XSD + "gYearMonth")),
    Literal("2019", datatype=NamedNode(XSD + "gYear")),
    Literal("true", datatype=NamedNode(XSD + "boolean")),
    Literal("12", datatype=NamedNode(XSD + "integer")),
    Literal('é 中国 😀 "q" \\ \n\r\t } DROP ALL # end '),
    Literal("\x01\x1b\x7f \u202e"),
    Literal("bonjour", language="fr"),
    Literal("x" * 70000),
    Literal(""),
]


def quads(values: list[Literal], graph: str = G) -> list[Quad]:
    return [
        Quad(NamedNode(f"urn:s{number}"), NamedNode("urn:p"), value, NamedNode(graph))
        for number, value in enumerate(values)
    ]


def content(store: Store) -> list[str]:
    return sorted(str(quad) for quad in store.quads())


def select(store: Store, sparql: str, **bindings: Literal | NamedNode) -> list[tuple[str | None, ...]]:
    answer = store.query(sparql, bindings=bindings)
    assert isinstance(answer, Rows)
    return answer.values()


def exercise(store: Store) -> None:
    """What every kind of store must do."""
    many = [*VALUES, *(Literal(f"n{number}") for number in range(250))]
    store.replace_graphs({G: quads(many), H: quads(VALUES[:3], H)})
    assert store.graph_names() == [G, H]
    store.replace_graphs({G: quads(many[1:]), H: []})
    assert store.graph_names() == [G]
    assert content(store) == sorted(map(str, quads(many[1:])))
    assert content(store) == sorted(str(quad) for quad in store.quads(G))
    assert list(store.quads(H)) == []
    assert select(store, "SELECT ?o { <urn:s6> ?p ?o }") == [("\x01\x1b\x7f \u202e",)]
    assert select(store, "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s", o=VALUES[6]) == [("urn:s5", VALUES[6].value)]
    assert store.query("ASK {}") is True
    assert store.query('ASK { ?s ?p "nowhere" }') is False
    assert store.query("ASK { <urn:s4> ?p 12 }") is True
    built = store.query(
        "CONSTRUCT { ?o <urn:of> ?s . <urn:x> <urn:y> 'z' } WHERE { ?s ?p ?l BIND(<urn:t> AS ?o) FILTER(?l = 12) }"
    )
    assert isinstance(built, list)
    assert sorted(map(str, built)) == ["<urn:t> <urn:of> <urn:s4>", '<urn:x> <urn:y> "z"']
    assert store.query("DESCRIBE <urn:s4>") == [Triple(NamedNode("urn:s4"), NamedNode("urn:p"), VALUES[5])]
    short = store.query("CONSTRUCT WHERE { <urn:s4> ?p ?o }")
    assert short == [Triple(NamedNode("urn:s4"), NamedNode("urn:p"), VALUES[5])]
    assert select(store, "SELECT ?s FROM <urn:nothing> { ?s ?p ?o }") == []
    with pytest.raises(QueryError):
        store.query("SELECT * { ?s ?p")
    store.replace_graphs({G: []})
    assert store.graph_names() == []


def test_memory() -> None:
    with open_store(None) as store:
        exercise(store)


def test_folder(tmp_path: Path) -> None:
    with open_store(tmp_path / "new" / "store") as store:
        exercise(store)


def test_oxigraph_server(tmp_path: Path) -> None:
    with oxigraph(tmp_path) as root, open_store(root) as store:
        exercise(store)
        with pytest.raises(QueryError, match=r"^2:12: malformed SPARQL"):
            store.query("SELECT *\n { ?s x:y ?o }")


@pytest.fixture(scope="module")
def virtuoso_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with virtuoso(tmp_path_factory.mktemp("virtuoso"), rows=200) as url:
        yield url


@pytest.mark.virtuoso
def test_virtuoso(virtuoso_url: str) -> None:
    with open_store(virtuoso_url) as store:
        assert "dba" not in store.location
        exercise(store)
        with pytest.raises(QueryError, match="line 2"):
            store.query("SELECT *\n { ?s ?p ")
    for address in (virtuoso_url.replace("dba:dba@", ""), virtuoso_url.replace("dba:dba@", "dba:wrong@")):
        with open_store(address) as stranger, pytest.raises(StoreError, match="401"):
            stranger.replace_graphs({G: quads(VALUES)})


@pytest.mark.virtuoso
def test_an_answer_that_virtuoso_cuts_is_an_error(virtuoso_url: str) -> None:
    many = quads([Literal(f"n{number}") for number in range(220)])
    with open_store(virtuoso_url) as store:
        store.replace_graphs({G: many})
        with pytest.raises(StoreError, match="at most 200 rows"):
            store.query(f"SELECT * {{ GRAPH <{G}> {{ ?s ?p ?o }} }}")
        with pytest.raises(StoreError, match="at most 200 rows"):
            store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{G}> {{ ?s ?p ?o }} }}")
        assert sorted(map(str, store.quads(G))) == sorted(map(str, many))
        store.replace_graphs({G: []})


def answering(*responses: httpx.Response) -> httpx.MockTransport:
    queue = [httpx.Response(200, json={"head": {}, "boolean": True}), *responses]
    return httpx.MockTransport(lambda request: queue.pop(0))


def sparql_json(text: str, **headers: str) -> httpx.Response:
    return httpx.Response(200, text=text, headers={"content-type": "application/sparql-results+json", **headers})


def test_a_partial_count_is_an_error() -> None:
    body = '{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"typed-literal","value":"7"}}]}}'
    store = open_endpoint("http://x.test/sparql", transport=answering(sparql_json(body, **{"X-SQL-State": "S1TAT"})))
    with pytest.raises(QueryTimeout, match="part of the answer"):
        store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


def test_json_that_ends_in_the_middle_is_an_error() -> None:
    store = open_endpoint(
        "http://x.test/sparql", transport=answering(sparql_json('{"head":{"vars":["n"]},"results":{"bin'))
    )
    with pytest.raises(StoreError, match="cut short"):
        store.query("SELECT * { ?s ?p ?o }")


def test_a_timeout_after_the_answer_began_is_an_error(tmp_path: Path) -> None:
    with oxigraph(tmp_path, "--timeout-s", "1") as root, open_store(root) as store:
        store.replace_graphs({G: quads([Literal(f"n{number}") for number in range(400)])})
        with pytest.raises((StoreError, QueryTimeout)):
            store.query("CONSTRUCT { ?a ?a ?a } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")


def test_no_server() -> None:
    with pytest.raises(StoreError, match=r"no answer.*give the URL"):
        open_store("http://127.0.0.1:9/sparql")


def test_a_reader_sees_the_moment_it_was_opened(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with open_store(folder) as writer:
        writer.replace_graphs({G: quads(VALUES)})
        with open_store(folder, read_only=True) as reader:
            writer.replace_graphs({G: [], H: quads(VALUES, H)})
            assert reader.graph_names() == [G]
            with open_store(folder, read_only=True) as later:
                assert later.graph_names() == [H]
            with pytest.raises(StoreError, match="reading only"):
                reader.replace_graphs({G: []})
    assert not [path for path in folder.iterdir() if path.name.startswith("snapshot")]


def test_a_snapshot_stays_as_it_was(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        store.replace_graphs({G: quads(VALUES)})
        before = content(store)
        assert isinstance(store, EmbeddedStore)
        store.snapshot(tmp_path / "kept")
        store.replace_graphs({G: []})
    with open_store(tmp_path / "kept", read_only=True) as kept:
        assert content(kept) == before


def test_a_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    with open_store(tmp_path / "store"), pytest.raises(StoreBusy, match="another process is writing"):
        open_store(tmp_path / "store")


@pytest.mark.parametrize("read_only", [True, False])
def test_a_folder_with_something_else_is_left_as_it_is(tmp_path: Path, read_only: bool) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "CURRENT").write_text("mine too")
    with pytest.raises(StoreError, match=r"something else|no store here"):
        open_store(tmp_path, read_only=read_only)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CURRENT", "notes.txt"]
    with pytest.raises(StoreError, match="is a file"):
        open_store(tmp_path / "notes.txt")


def test_reading_where_no_store_is_makes_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="kg build"):
        open_store(tmp_path / "none", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_killed_creation_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    left = tmp_path / ".store.new-killed"
    left.mkdir()
    (left / "LOCK").touch()
    (tmp_path / "store").mkdir()
    with open_store(tmp_path / "store") as store:
        store.replace_graphs({G: quads(VALUES)})
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_two_graphs_change_together_or_not_at_all(tmp_path: Path) -> None:
    def failing() -> object:
        yield quads(VALUES)[0]
        raise RuntimeError("the source broke off")

    with open_store(tmp_path / "store") as store:
        store.replace_graphs({G: quads(VALUES), H: quads(VALUES, H)})
        before = content(store)
        with pytest.raises(RuntimeError):
            store.replace_graphs({G: [], H: failing()})  # type: ignore[dict-item]
        assert content(store) == before


WRITER = """
import sys
from pyoxigraph import Literal, NamedNode, Quad
from kg.store import open_store
with open_store(sys.argv[1]) as store:
    for document, _ in enumerate(sys.stdin):  # one document for each line
        names = [f"urn:doc:{document}:{part}" for part in "ab"]
        store.replace_graphs({name: [Quad(NamedNode(f"urn:s{n}"), NamedNode("urn:p"), Literal(f"{name} {n}"),
            NamedNode(name)) for n in range(300)] for name in names})
        print("written", flush=True)
"""
DOCUMENTS = 12


def test_kill_at_any_moment_leaves_whole_documents(tmp_path: Path) -> None:
    peaceful = tmp_path / "peaceful"
    everything = "\n" * DOCUMENTS
    subprocess.run([sys.executable, "-c", WRITER, str(peaceful)], input=everything, text=True, check=True)
    with open_store(peaceful, read_only=True) as store:
        expected = content(store)
    assert len(expected) == 600 * DOCUMENTS
    chance = random.Random(6)
    for written in (0, 2, 5, 8, 11):
        killed = tmp_path / f"killed-{written}"
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(killed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(written):
            process.stdin.write("\n")
            process.stdin.flush()
            assert process.stdout.readline() == "written\n"
        process.stdin.write("\n")
        process.stdin.flush()
        time.sleep(chance.uniform(0, 0.01))  # somewhere in the writing of one more
        process.kill()
        assert process.wait() == -signal.SIGKILL
        process.stdin.close()
        process.stdout.close()
        found, names = [], []
        if killed.exists():
            with open_store(killed, read_only=True) as store:
                found = content(store)
                names = store.graph_names()
        assert len(names) in (2 * written, 2 * written + 2)
        assert set(found) <= set(expected)
        assert len(found) == 300 * len(names)
        subprocess.run([sys.executable, "-c", WRITER, str(killed)], input=everything, text=True, check=True)
        with open_store(killed, read_only=True) as store:
            assert content(store) == expected


HOSTILE = [
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "select * { sErViCe <http://x/> { ?s ?p ?o } }",
    "SELECT * { SERVICE#\n<http://x/> { } }",
    "SELECT * { SERVICE SILENT ?x { } }",
    "ASK { FILTER EXISTS { SERVICE <http://x/> { ?s ?p ?o } } }",
    "ASK { FILTER NOT EXISTS {{ SELECT * { SERVICE <http://x/> {} } }} }",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <http://x/> { ?s ?p ?o } }",
    "LOAD <http://x/>",
    "load silent <file:///etc/passwd> INTO GRAPH <urn:g>",
    "DELETE DATA { <urn:a> <urn:b> 'c' } ; LOAD <http://x/>",
    "BASE <http://x/> SELECT * { SERVICE <y> { } }",
    "PREFIX x: <http://x/> SELECT * { SERVICE x:y { } }",
    # what one way of cutting the text hides and the engine's own finds
    "SELECT * { ?s ?p ?a . ?s ?p ?b FILTER(?a<?b)SERVICE#>\n<http://x/>{?x ?y ?z} }",
    "SELECT * { ?s ?p ?a FILTER(?a<'>') SERVICE <http://x/> {?x ?y ?z} FILTER(?a!='') }",
    "SELECT * { OPTIONAL { ?s kg:a\u00b7\\#b ?o } SERVICE <http://x/> {?x ?y ?z} \n}",
    "SELECT * { VALUES ?v {'''a'} SERVICE <http://x/> {?s ?p ?o} #\\x'''\n}",
    "SELECT * { ?s ?p kg:a\u00b7AS SERVICE <http://x/> {?s ?p ?o} }",
    "SELECT * { ?s ?p 1.0e1SERVICE <http://x/> {?x ?y ?z} }",
    "SELECT * { OPTIONAL{?s ?p trueSERVICE <http://x/> {?x ?y ?z}} }",
    "PREFIX : <http://x/> SELECT * { SERVICE:x {?x ?y ?z} }",
    "PREFIX : <http://x/> SELECT * { ?s ?p true.SERVICE:x {?x ?y ?z} }",
    "PREFIX : <http://x/> SELECT * { OPTIONAL{?s ?p 1.0e1SERVICE:x {?x ?y ?z} } }",
    "PREFIX service: <http://x/> PREFIX : <http://x/> SELECT * { service:x {?x ?y ?z} }",
    "SELECT * { ?s ?p ?o LATERAL { SERVICE <http://x/> {?x ?y ?z} } }",
]
HARMLESS = [
    "SELECT * { ?s ?p 'SERVICE <http://x/> {}' }",
    'SELECT * { ?s ?p """a "quoted" LOAD <http://x/>""" } # SERVICE <http://x/>',
    "SELECT ?service ?load { <http://x/SERVICE> <http://x/#LOAD> ?service , ?load }",
    "PREFIX x: <http://x/> SELECT * { ?s x:load ?o ; x:service ?p }",
    "SELECT * { ?s <http://www.w3.org/ns/sparql-service-description#feature> ?o FILTER(?o<5) }",
    "SELECT * { ?s <urn:service> '''a 'service' ''' FILTER(?s != <mailto:load@x>) }",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_reaching_out_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="not allowed"):
        refuse_reaching_out(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_words_in_names_and_strings_are_not_refused(text: str) -> None:
    refuse_reaching_out(text)
    with open_store(None) as store:
        store.query(text)


def test_an_allowed_service_is_let_through() -> None:
    refuse_reaching_out("SELECT * { SERVICE <http://x/> { } }", allowed=["http://x/"])
    with pytest.raises(QueryError):
        refuse_reaching_out("SELECT * { SERVICE <http://x/y> { } }", allowed=["http://x/"])


@given(st.text())
@settings(max_examples=40, deadline=None)
def test_no_text_breaks_out_of_a_binding(text: str) -> None:
    value = Literal(text)
    bound = bind("SELECT ?s ?name { ?s <urn:p> ?name FILTER(?name != '?name') }", {"name": value})
    assert [token.kind for token in tokens(bound)].count("string") == 4
    with open_store(None) as store:
        store.replace_graphs({G: quads([value, Literal("other" + text)])})
        expected = [] if text == "?name" else [("urn:s0", text)]
        assert select(store, bound) == expected


@given(st.text())
@settings(max_examples=40, deadline=None)
def test_tokens_make_up_the_text(text: str) -> None:
    assert "".join(token.text for token in tokens(text, blank=True)) == text


def test_a_syntax_error_names_line_and_column() -> None:
    with open_store(None) as store, pytest.raises(QueryError) as caught:
        store.query("SELECT ?s {\n  ?s nowhere:p ?o\n}")
    assert caught.value.place.startswith("2:")
    assert "prefix not declared" in str(caught.value)
