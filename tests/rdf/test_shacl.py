"""A graph made by the program conforms; each way of breaking one is told, with the node at fault."""

# ruff: noqa: E501 - one broken graph a line reads best
from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from pyshacl import validate as validate_by_reference
from rdflib import RDF, SH, Graph, URIRef

from kg import resources
from kg.cli.check import check as command
from kg.exports import render
from kg.namespaces import expand
from kg.rdf.serialize import quads
from kg.rdf.shacl import compile_shapes
from kg.rdf.validate import Violation, brief, check
from kg.store import open_store
from tests.samples import EXTRACTION, GRAPH

XSD = "http://www.w3.org/2001/XMLSchema#"


def node(curie: str) -> NamedNode:
    return NamedNode(expand(curie))


def validate(found: list[Quad]) -> list[Violation]:
    with open_store(None) as store:
        store.replace_graphs({GRAPH.value: found})
        return check(store)


@cache
def parsed(name: str) -> Graph:
    return Graph().parse(resources.ontology() / name)


def by_pyshacl(found: list[Quad]) -> set[tuple[str, str, str]]:
    """(message, node, path) of what the reference validator finds in the same triples."""
    union = parsed("sanctions.ttl") + Graph().parse(data=render(found, "ttl")[""], format="turtle")
    _, report, _ = validate_by_reference(union, shacl_graph=parsed("shapes.ttl"), inference="none")
    results = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        path = report.value(result, SH.resultPath)
        shown = brief(str(path)) if isinstance(path, URIRef) else ""
        results.add(
            (str(report.value(result, SH.resultMessage)), brief(str(report.value(result, SH.focusNode))), shown)
        )
    return results


def graph() -> list[Quad]:
    return list(quads(EXTRACTION))


def without(predicate: str, found: list[Quad]) -> list[Quad]:
    return [quad for quad in found if quad.predicate != node(predicate)]


def changed(predicate: str, value: NamedNode | Literal, found: list[Quad]) -> list[Quad]:
    return [Quad(q.subject, q.predicate, value, q.graph_name) if q.predicate == node(predicate) else q for q in found]


def doubled(predicate: str, value: NamedNode | Literal, found: list[Quad]) -> list[Quad]:
    return [
        *found,
        *(Quad(q.subject, q.predicate, value, q.graph_name) for q in found if q.predicate == node(predicate)),
    ]


def test_what_the_program_writes_conforms() -> None:
    assert validate(graph()) == []


@pytest.mark.parametrize(
    ("break_it", "message", "path"),
    [
        (lambda g: without("kg:subject", g), "a claim has exactly one subject, an entity", "kg:subject"),
        (lambda g: without("kg:predicate", g), "a claim has exactly one predicate, a relation of the ontology", "kg:predicate"),
        (lambda g: changed("kg:predicate", node("kg:eats"), g), "a claim has exactly one predicate, a relation of the ontology", "kg:predicate"),
        (lambda g: without("kg:object", g), "a claim has exactly one object, an entity or a text", "kg:object"),
        (lambda g: without("kg:status", g), "a claim has exactly one status of the five", "kg:status"),
        (lambda g: changed("kg:status", node("kg:rumoured"), g), "a claim has exactly one status of the five", "kg:status"),
        (lambda g: doubled("kg:status", node("kg:ended"), g), "a claim has exactly one status of the five", "kg:status"),
        (lambda g: without("kg:evidence", g), "a claim has evidence", "kg:evidence"),
        (lambda g: changed("kg:confidence", Literal("1.5", datatype=NamedNode(XSD + "decimal")), g), "a claim has exactly one confidence, a decimal of 0 to 1", "kg:confidence"),
        (lambda g: changed("kg:percent", Literal("101.0", datatype=NamedNode(XSD + "decimal")), g), "a percentage is one decimal of 0 to 100", "kg:percent"),
        (lambda g: changed("kg:percent_min", Literal("99.5", datatype=NamedNode(XSD + "decimal")), changed("kg:percent_max", Literal("60.0", datatype=NamedNode(XSD + "decimal")), g)), "the least percentage is one decimal of 0 to 100, not above the most", "kg:percent_min"),
        (lambda g: changed("kg:date", Literal("last week"), g), "a claim's date is one typed date, month or year", "kg:date"),
        (lambda g: without("oa:exact", g), "evidence quotes exactly one text, word for word", ""),
        (lambda g: changed("oa:end", Literal("0", datatype=NamedNode(XSD + "integer")), g), "a position starts before it ends", "oa:start"),
        (lambda g: without("oa:hasSource", g), "evidence has exactly one source", "oa:hasSource"),
        (lambda g: without("skos:prefLabel", g), "an entity has a preferred name, a plain text that is not empty", "skos:prefLabel"),
        (lambda g: doubled("skos:prefLabel", Literal("~other"), g), "an entity has one preferred name in each graph", ""),
        (lambda g: without("kg:content_hash", g), "a document has exactly one hash of its text, 64 hexadecimal digits", "kg:content_hash"),
        (lambda g: changed("kg:birth_date", Literal("circa 1960"), g), "a birth date is a typed date, month or year (else kg:birth_date_text)", "kg:birth_date"),
        (lambda g: without("kg:owned_by", g), "a claim that is asserted also stands as a plain triple in its graph", ""),
        (lambda g: [*g, Quad(node("kgd:x"), node("kg:accuses"), node("kgd:y"), GRAPH)], "a relation stands as a plain triple only where an asserted claim, or a planned IPO, proves it", "kg:accuses"),
        (lambda g: [*g, Quad(BlankNode("b"), node("kg:rule"), Literal("x"), GRAPH)], "no node is blank", "kg:rule"),
    ],
)  # fmt: skip
def test_each_way_of_breaking_a_graph_is_told(
    break_it: Callable[[list[Quad]], list[Quad]], message: str, path: str
) -> None:
    broken = break_it(graph())
    found = validate(broken)
    assert (message, path) in {(v.message, v.path) for v in found}
    assert {(v.message, v.node, v.path) for v in found if not v.graph} == by_pyshacl(broken)


@pytest.mark.parametrize(
    "constraint", ["sh:minCount 2", "sh:uniqueLang true", "sh:closed true", "sh:qualifiedMinCount 1"]
)
def test_a_constraint_that_is_not_understood_is_refused(constraint: str) -> None:
    shapes = f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <urn:x:> .
        :s a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; {constraint} ; sh:message "m" ] ."""
    with pytest.raises(ValueError, match="is not understood"):
        compile_shapes(Graph().parse(data=shapes), Graph())


def test_an_entity_of_no_class_is_no_subject() -> None:
    rdf_type = node("rdf:type")
    found = validate([q for q in graph() if not (q.predicate == rdf_type and q.object == node("kg:Company"))])
    assert "a claim has exactly one subject, an entity" in {v.message for v in found}


def judgement(**parts: NamedNode | Literal) -> list[Quad]:
    home = node("kgd:graph/judgements")
    judged = node("kgd:judgement/1")
    return [
        Quad(judged, node("rdf:type"), node("kg:Judgement"), home),
        *(Quad(judged, node(f"kg:{key}"), value, home) for key, value in parts.items()),
    ]


def test_judgements_are_checked_though_their_graph_is_not_closed() -> None:
    good = judgement(left=node("kgd:a"), right=node("kgd:b"), verdict=node("kg:same"), decided_by=Literal("rule"))
    bad = judgement(left=node("kgd:a"), verdict=Literal("perhaps"), decided_by=Literal("rule"))
    with open_store(None) as store:
        store.replace_graphs({expand("kgd:graph/judgements"): good, GRAPH.value: graph()})
        assert check(store) == []
        store.replace_graphs({expand("kgd:graph/judgements"): bad})
        assert check(store) == [
            Violation("a judgement has exactly one right node", "kgd:judgement/1", "kg:right"),
            Violation("a verdict is same, different or unsure", "kgd:judgement/1", "kg:verdict", "perhaps"),
        ]


def fill(folder: Path, found: list[Quad]) -> str:
    with open_store(folder / "store") as store:
        store.replace_graphs({GRAPH.value: found})
    return str(folder / "store")


def test_the_command_counts_and_says_that_it_conforms(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["--store", fill(tmp_path, graph())])
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[:4] == ["documents: 1", "official lists: 0", f"claims: {len(EXTRACTION.claims)}", "judgements: 0"]
    assert lines[lines.index("entities by type:") + 1] == "  Company: 2"
    assert lines[-1] == "conforms"


def test_the_command_exits_1_with_one_line_a_violation(tmp_path: Path) -> None:
    broken = changed("kg:rule", Literal("a\nb"), changed("kg:status", node("kg:x\u202ey"), graph()))
    result = CliRunner().invoke(command, ["--store", fill(tmp_path, broken)])
    assert result.exit_code == 1
    lines = [line for line in result.output.splitlines() if line.startswith("violation: ")]
    assert sum("exactly one status" in line and "kgd:claim/" in line for line in lines) == len(EXTRACTION.claims)
    assert not any("\u202e" in line for line in lines)
    assert result.output.splitlines()[-1] == f"does not conform: {len(lines)} violations"
