"""What is written can be read back by the programs it is for, and nothing that a format can hold is lost."""

# ruff: noqa: E501 - rows of a table read best whole
from __future__ import annotations

import ast
import csv
import io
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pyoxigraph
import pytest
import rdflib
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from kg.cli.export import export as command
from kg.errors import KgError
from kg.exports import FORMATS, export, render
from kg.exports.ftm import SCHEMAS, ftm_id
from kg.exports.neo4j import literal
from kg.exports.networks import interval, xml_text
from kg.exports.sheets import CLAIM_HEADER, ENTITY_HEADER, guard, unguard
from kg.exports.tables import CLAIM_FIELDS, ClaimRow, EntityRow, Tables, tables
from kg.model import Claim, Document, Entity, EntityType, Evidence, Extraction, Status
from kg.namespaces import RESOURCE, digest, expand
from kg.rdf.serialize import quads
from kg.store import open_store
from tests.conftest import ROOT
from tests.samples import EXTRACTION, GRAPH, HOSTILE, extractions
from tests.test_ontology import RELATIONS, TEXT

SAMPLE = list(quads(EXTRACTION))
hostile = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def graph(extraction: Extraction) -> list[Quad]:
    return list(quads(extraction))


def parsed(content: bytes, form: RdfFormat) -> list[Quad]:
    return list(pyoxigraph.parse(content, format=form))


def as_tuple(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((key, value) for key, value in json.loads(text))


# --- what the rows hold ---


def test_the_rows_hold_every_part_of_every_claim() -> None:
    rows = tables(SAMPLE)
    assert [row.name for row in rows.entities] == ["Ana Example", "Example Holding", "Example Shipyard", "The ministry"]
    assert rows.entities[0].attributes == (("birth_date", "1961-04"),)
    assert rows.entities[2].names == ("EXS", "Example Shipyard")
    assert len(rows.claims) == len(EXTRACTION.claims)
    owned = next(row for row in rows.claims if row.predicate == "owned_by" and row.status == "asserted")
    names = {row.id: row.name for row in rows.entities}
    quote = EXTRACTION.claims[0].evidence
    assert (names[owned.subject], names[owned.object], names[owned.claimant]) == (
        "Example Shipyard",
        "Example Holding",
        "Ana Example",
    )
    assert (owned.percent, owned.percent_min, owned.percent_max) == ("51.0", "50.0", "100.0")
    assert (owned.evidence, owned.start, owned.end) == (quote.text, str(quote.start), str(quote.end))
    assert (owned.confidence, owned.rule, owned.date, owned.source) == (
        "0.93",
        "ownership/owns",
        "2019-10-07",
        GRAPH.value,
    )
    (source,) = rows.sources
    assert (source.identifier, source.title, source.date, source.url, source.publisher) == (
        "sample", "A sample", "2019-10-08", "https://example.org/sample", "E",
    )  # fmt: skip


def test_evidence_of_an_official_list_is_held_too() -> None:
    def node(curie: str) -> NamedNode:
        return NamedNode(expand(curie))

    claim, quote, home = node("kgd:claim/1"), node("kgd:evidence/1"), node("kgd:dataset/ofac-sdn")
    found = [
        Quad(claim, node("rdf:type"), node("kg:Claim"), home),
        Quad(claim, node("kg:object"), pyoxigraph.Literal("x"), home),
        Quad(claim, node("kg:evidence"), quote, home),
        Quad(quote, node("oa:exact"), pyoxigraph.Literal("the row"), home),
        Quad(quote, node("kg:source_row"), pyoxigraph.Literal(7), home),
    ]
    (row,) = tables(found).claims
    assert (row.evidence, row.row, row.start, row.object_text) == ("the row", "7", "", "x")


# --- RDF: every statement comes back ---


@given(extractions())
@hostile
def test_nquads_trig_and_jsonld_give_every_statement_back(extraction: Extraction) -> None:
    found = graph(extraction)
    for name, form in (("nq", RdfFormat.N_QUADS), ("trig", RdfFormat.TRIG), ("jsonld", RdfFormat.JSON_LD)):
        assert set(parsed(render(found, name)[""], form)) == set(found), name


@given(extractions())
@hostile
def test_turtle_gives_every_triple_back(extraction: Extraction) -> None:
    found = graph(extraction)
    back = parsed(render(found, "ttl")[""], RdfFormat.TURTLE)
    assert {quad.triple for quad in back} == {quad.triple for quad in found}


@given(extractions())
@hostile
def test_reifiers_name_the_triple_of_every_claim_without_asserting_it(extraction: Extraction) -> None:
    found = graph(extraction)
    back = set(parsed(render(found, "rdf-reifies")[""], RdfFormat.TRIG))
    reifies = {quad for quad in back if quad.predicate.value == expand("rdf:reifies")}
    assert back - reifies == set(found)
    spoken = {
        (quad.subject.value, quad.object.subject.value, quad.object.predicate.value, str(quad.object.object))
        for quad in reifies
        if isinstance(quad.object, Triple)
    }
    rows = tables(found).claims
    assert {(row.id, row.subject, expand(f"kg:{row.predicate}")) for row in rows} == {key[:3] for key in spoken}
    assert len(spoken) == len(rows)


def test_rdflib_reads_the_same_triples() -> None:
    wanted = {quad.triple for quad in SAMPLE}
    for name, form in (("ttl", "turtle"), ("trig", "trig"), ("jsonld", "json-ld"), ("nq", "nquads")):
        dataset = rdflib.Dataset()
        dataset.parse(data=render(SAMPLE, name)[""], format=form)
        assert len({triple for one in dataset.graphs() for triple in one}) == len(wanted), name


def test_jsonld_is_written_in_the_terms_of_the_context() -> None:
    document = json.loads(render(SAMPLE, "jsonld")[""])
    (found,) = document["@graph"]
    claim = next(node for node in found["@graph"] if node.get("percent"))
    assert (claim["@type"], claim["percent"], claim["rule"]) == ("Claim", "51.0", "ownership/owns")
    assert not any(key.startswith("http") for node in found["@graph"] for key in node)


# --- networks ---


def xml_rows(rows: Tables) -> list[ClaimRow]:
    """The claims as XML can hold them."""
    return sorted(ClaimRow(**{key: xml_text(getattr(row, key)) for key in CLAIM_FIELDS}) for row in rows.claims)


def claims_of(network: nx.MultiDiGraph[str]) -> list[ClaimRow]:
    found = []
    for subject, target, key, edge in network.edges(keys=True, data=True):
        values = {name: str(edge.get(name, "")) for name in CLAIM_FIELDS}
        values |= {"start": str(edge.get("evidence_start", "")), "end": str(edge.get("evidence_end", ""))}
        text = network.nodes[target].get("type") == "Text"
        values |= {"id": str(edge.get("claim", key)), "subject": subject, "object": "" if text else target}
        found.append(ClaimRow(**values))
    return sorted(found)


@given(extractions())
@hostile
def test_networkx_reads_graphml_and_gexf_back(extraction: Extraction) -> None:
    rows = tables(graph(extraction))
    for name in ("graphml", "gexf"):
        content = render(graph(extraction), name)[""]
        if name == "graphml":
            network = nx.parse_graphml(content.decode(), force_multigraph=True)
        else:
            network = nx.read_gexf(io.BytesIO(content))
            if not network.is_multigraph():
                network = nx.MultiDiGraph(network)
        assert claims_of(network) == xml_rows(rows), name
        named = {node: values for node, values in network.nodes(data=True) if values.get("type") != "Text"}
        assert set(named) == {row.id for row in rows.entities}, name
        for row in rows.entities:
            assert named[row.id]["label"] == xml_text(row.name)
            assert as_tuple(named[row.id]["names"]) == tuple(json.loads(xml_text(json.dumps(row.names))))


def test_a_network_is_labelled_weighted_typed_and_dated() -> None:
    network = nx.read_gexf(io.BytesIO(render(SAMPLE, "gexf")[""]))
    assert network.is_directed()
    assert Counter(values["type"] for _, values in network.nodes(data=True)) == {
        "Company": 2, "GovernmentBody": 1, "Person": 1, "Text": 2,
    }  # fmt: skip
    edges = [edge for _, _, edge in network.edges(data=True)]
    assert sorted(edge["weight"] for edge in edges) == [0.5, 0.7, 0.93, 1.0, 1.0]
    listed = next(edge for edge in edges if edge["predicate"] == "listed_for")
    assert (listed["start"], listed["end"], listed["label"]) == ("2019-01-01", "2020-01-31", "listed for")
    assert b"timeformat" in render(SAMPLE, "gexf")[""]
    assert b"lastmodified" not in render(SAMPLE, "gexf")[""]


@pytest.mark.parametrize(
    ("date", "date_end", "wanted"),
    [
        ("", "", ("", "")),
        ("2019", "", ("2019-01-01", "")),
        ("2019-10-07", "2020-02", ("2019-10-07", "2020-02-29")),
        ("", "2021", ("", "2021-12-31")),
    ],
)
def test_dates_of_any_precision_span_whole_days(date: str, date_end: str, wanted: tuple[str, str]) -> None:
    assert interval(date, date_end) == wanted


# --- spreadsheets ---


def read_csv(content: bytes) -> list[dict[str, str]]:
    lines = csv.reader(io.StringIO(content.decode(), newline=""))
    header = next(lines)
    return [dict(zip(header, map(unguard, line), strict=True)) for line in lines]


@given(extractions())
@hostile
def test_the_csv_pair_gives_every_row_back(extraction: Extraction) -> None:
    rows = tables(graph(extraction))
    files = render(graph(extraction), "csv")
    edges, nodes = read_csv(files["edges.csv"]), read_csv(files["nodes.csv"])
    assert [ClaimRow(**{key: edge[key] for key in CLAIM_FIELDS}) for edge in edges] == list(rows.claims)
    assert [
        EntityRow(
            node["id"], node["type"], node["name"], as_tuple(node["names"]), as_tuple(node["types"]),
            pairs(node["attributes"]), as_tuple(node["sources"]), node["canonical"],
        )
        for node in nodes
    ] == list(rows.entities)  # fmt: skip
    for content in files.values():
        cells = [cell for line in csv.reader(io.StringIO(content.decode(), newline="")) for cell in line]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


@pytest.mark.parametrize("text", [*HOSTILE, "'=1", "''", "", "plain"])
def test_no_cell_is_a_formula_and_each_gives_its_text_back(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))


def read_xlsx(content: bytes) -> dict[str, list[dict[str, str]]]:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = {}
    for sheet in book:
        header, *lines = ([cell.value or "" for cell in line] for line in sheet.iter_rows())
        assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value is not None} <= {"s"}
        found[sheet.title] = [dict(zip(header, line, strict=True)) for line in lines]
    return found


@given(extractions())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_workbook_gives_every_claim_back_as_text(extraction: Extraction) -> None:
    rows = tables(graph(extraction))
    sheets = read_xlsx(render(graph(extraction), "xlsx")[""])
    assert [ClaimRow(**{key: line[key] for key in CLAIM_FIELDS}) for line in sheets["Claims"]] == [
        ClaimRow(**{key: xml_text(getattr(row, key)) for key in CLAIM_FIELDS}) for row in rows.claims
    ]
    assert [line["name"] for line in sheets["Entities"]] == [xml_text(row.name) for row in rows.entities]


def test_a_sheet_tells_the_names_and_the_source() -> None:
    files = render(SAMPLE, "csv")
    edge = next(edge for edge in read_csv(files["edges.csv"]) if edge["percent"])
    shown = ("subject_name", "object_name", "claimant_name", "source_title", "source_date", "source_url")
    assert [edge[key] for key in shown] == [
        "Example Shipyard", "Example Holding", "Ana Example", "A sample", "2019-10-08", "https://example.org/sample",
    ]  # fmt: skip
    assert tuple(edge) == CLAIM_HEADER
    assert tuple(read_csv(files["nodes.csv"])[0]) == ENTITY_HEADER


# --- FollowTheMoney ---


def ftm_lines(found: list[Quad]) -> dict[str, dict[str, object]]:
    return {line["id"]: line for line in map(json.loads, render(found, "ftm")[""].splitlines())}


def test_ftm_holds_what_is_asserted_and_says_where_it_stands() -> None:
    lines = ftm_lines(SAMPLE)
    assert Counter(line["schema"] for line in lines.values()) == {
        "Person": 1, "Company": 2, "PublicBody": 1, "Ownership": 1, "Sanction": 1,
    }  # fmt: skip
    (ownership,) = (line["properties"] for line in lines.values() if line["schema"] == "Ownership")
    assert ownership["percentage"] == ["51.0"]  # type: ignore[index]
    assert ownership["status"] == ["asserted"]  # type: ignore[index]
    assert ownership["description"] == [EXTRACTION.claims[0].evidence.text]  # type: ignore[index]
    (sanction,) = (line["properties"] for line in lines.values() if line["schema"] == "Sanction")
    assert sanction["reason"] == ["smuggling crude oil"]  # type: ignore[index]
    assert (sanction["listingDate"], sanction["endDate"]) == (["2019"], ["2020-01"])  # type: ignore[index]


@given(extractions())
@hostile
def test_ftm_holds_each_asserted_claim_once_and_no_other(extraction: Extraction) -> None:
    found = graph(extraction)
    rows = tables(found)
    lines = ftm_lines(found)
    held = {name for line in lines.values() for name in line["properties"].get("recordId", ())}  # type: ignore[attr-defined]
    kinds = {row.id: row.type for row in rows.entities}
    without = {"List", "LegalInstrument"}
    wanted = {
        ftm_id(row.id)
        for row in rows.claims
        if row.status in (Status.ASSERTED, Status.ENDED)
        and kinds[row.subject] not in {"Place", *without}
        and row.predicate != "also_known_as"
        and (row.predicate in ("listed_by", "listed_for") or kinds[row.object] not in without)
    }
    assert held == wanted
    for line in lines.values():
        for values in line["properties"].values():  # type: ignore[attr-defined]
            assert values == sorted(set(values))
            assert all(isinstance(value, str) and value for value in values)


#: Of the model's interval schemas, the properties that are used here: those of all, and each one's own.
INTERVAL = {"startDate", "endDate", "description", "recordId", "sourceUrl", "publisher"}
INTEREST = INTERVAL | {"role", "status"}
OWN = {
    "Ownership": INTEREST | {"owner", "asset", "percentage"},
    "Directorship": INTEREST | {"director", "organization"},
    "Employment": INTEREST | {"employer", "employee"},
    "Membership": INTEREST | {"member", "organization"},
    "Representation": INTEREST | {"agent", "client"},
    "UnknownLink": INTEREST | {"subject", "object"},
    "Family": INTERVAL | {"person", "relative", "relationship"},
    "Associate": INTERVAL | {"person", "associate", "relationship"},
    "Sanction": INTERVAL | {"entity", "authority", "program", "reason", "status", "listingDate"},
}


def one_of_each() -> list[Quad]:
    """An asserted and an ended claim of every relation between every two types of entity."""
    entities = tuple(Entity(kind, kind, f"Example {kind}") for kind in EntityType)
    evidence = Evidence(0, 5, "words")
    claims = tuple(
        Claim(
            s.id, name, "a text" if name in TEXT else o.id, evidence, object_text=name in TEXT, status=status, rule="r"
        )
        for name in RELATIONS
        for s in entities
        for o in (entities[:1] if name in TEXT else entities)
        for status in (Status.ASSERTED, Status.ENDED)
    )
    return list(quads(Extraction(Document("d", "words"), entities, claims)))


def test_every_edge_of_ftm_is_of_a_schema_that_has_its_properties_and_ends() -> None:
    lines = ftm_lines(one_of_each())
    schemas = {name: line["schema"] for name, line in lines.items()}
    people, bodies = {"Person"}, {"Company", "PublicBody", "Organization"}
    fits = {
        "owner": people | bodies, "asset": {"Company", "Vessel", "Airplane"}, "director": people | bodies,
        "organization": bodies, "employer": bodies, "employee": people, "member": people | bodies, "agent": people | bodies,
        "client": people | bodies, "person": people, "relative": people, "associate": people,
    }  # fmt: skip
    assert {line["schema"] for line in lines.values()} == {*OWN, *SCHEMAS.values()}
    for line in lines.values():
        if line["schema"] in OWN:
            properties = line["properties"]
            assert set(properties) <= OWN[line["schema"]]  # type: ignore[index, arg-type, call-overload]
            for key, allowed in fits.items():
                assert {schemas[end] for end in properties.get(key, ())} <= allowed, (line["schema"], key)  # type: ignore[attr-defined]


def test_the_followthemoney_package_knows_every_schema_and_property() -> None:
    model = pytest.importorskip("followthemoney").model
    for line in ftm_lines(SAMPLE).values():
        proxy = model.get_proxy(line, cleaned=False)
        for name, values in line["properties"].items():  # type: ignore[attr-defined]
            assert name in proxy.schema.properties, (line["schema"], name)
            assert len(proxy.get(name)) == len(values), (line["schema"], name)


# --- Neo4j ---


def read_neo4j(content: bytes) -> list[dict[str, str]]:
    header, *lines = csv.reader(io.StringIO(content.decode(), newline=""))
    return [dict(zip([name.split(":")[0] or name for name in header], line, strict=True)) for line in lines]


@given(extractions())
@hostile
def test_neo4j_tables_give_every_claim_back(extraction: Extraction) -> None:
    rows = tables(graph(extraction))
    files = render(graph(extraction), "neo4j")
    nodes = {node["id"]: node for node in read_neo4j(files["nodes.csv"])}
    back = []
    for edge in read_neo4j(files["relationships.csv"]):
        text = nodes[edge[":END_ID"]][":LABEL"] == "Text"
        ends = {"subject": edge[":START_ID"], "object": "" if text else edge[":END_ID"], "predicate": edge[":TYPE"]}
        back.append(ClaimRow(**{key: edge[key] for key in CLAIM_FIELDS if key in edge} | ends))
    assert back == list(rows.claims)
    assert [nodes[row.id]["name"] for row in rows.entities] == [row.name for row in rows.entities]
    for row in rows.claims:
        if not row.object:
            assert nodes[f"{RESOURCE}text/{digest('text', row.object_text)}"]["name"] == row.object_text
    cypher = files["load.cypher"].decode()
    assert len(cypher.splitlines()) == cypher.count(";\n") == 2 + len(nodes) + len(rows.claims)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cypher_string_is_closed_where_it_should_be(text: str) -> None:
    assert ast.literal_eval(literal(text).replace("\\ud83d\\ude00", "\U0001f600")) == text
    assert len(literal(text).splitlines()) == 1


# --- all of them ---


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_order_of_the_quads_is_irrelevant(name: str) -> None:
    assert render(SAMPLE, name) == render(SAMPLE[::-1] + SAMPLE[:7], name)


def test_another_hash_seed_gives_the_same_bytes() -> None:
    code = (
        "import hashlib, sys; from tests.samples import EXTRACTION; from kg.rdf.serialize import quads\n"
        "from kg.exports import FORMATS, render\n"
        "found = list(quads(EXTRACTION))\n"
        "for name in FORMATS:\n"
        "    for file, content in sorted(render(found, name).items()):\n"
        "        print(name, file, hashlib.sha256(content).hexdigest())\n"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(runs[0].splitlines()) == 14
    assert {line.split()[0] for line in runs[0].splitlines()} == set(FORMATS)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_an_empty_store_gives_files_that_can_be_read(name: str) -> None:
    for content in render([], name).values():
        assert isinstance(content, bytes)
    if name == "graphml":
        assert len(nx.parse_graphml(render([], name)[""].decode())) == 0
    if name == "jsonld":
        assert parsed(render([], name)[""], RdfFormat.JSON_LD) == []


@pytest.fixture
def store(tmp_path: Path) -> str:
    with open_store(tmp_path / "store") as opened:
        opened.replace_graphs({GRAPH.value: SAMPLE})
    return str(tmp_path / "store")


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_command_writes_what_the_library_renders(name: str, store: str, tmp_path: Path) -> None:
    target = tmp_path / "out" / f"graph{FORMATS[name].suffix}"
    result = CliRunner().invoke(command, ["--store", store, "--format", name, "-o", str(target)])
    assert result.exit_code == 0, result.output
    with open_store(store, read_only=True) as opened:
        rendered = render(opened.quads(), name)
    wanted = {target / file if file else target: content for file, content in rendered.items()}
    assert result.stdout.splitlines() == sorted(map(str, wanted))
    assert {path: path.read_bytes() for path in wanted} == wanted
    assert sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file()) == sorted(wanted)


def test_the_command_writes_to_standard_output(store: str) -> None:
    result = CliRunner().invoke(command, ["--store", store, "--format", "nq", "-o", "-"])
    with open_store(store, read_only=True) as opened:
        assert result.stdout_bytes == render(opened.quads(), "nq")[""]
    assert CliRunner().invoke(command, ["--store", store, "--format", "csv", "-o", "-"]).exit_code == 2


def test_all_formats_can_be_written_at_once(store: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["--store", store, "--format", "all", "-o", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        f"graph{f.suffix}" for f in FORMATS.values()
    )


def test_a_place_that_cannot_be_written_is_told_and_left_alone(store: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with open_store(store, read_only=True) as opened:
        with pytest.raises(KgError, match="is a file; this format is a folder; name a folder"):
            export(opened, "csv", tmp_path / "file")
        with pytest.raises(KgError, match="is a folder; this format is a file"):
            export(opened, "nq", tmp_path)
        with pytest.raises(KgError, match="cannot be written"):
            export(opened, "nq", tmp_path / "file" / "graph.nq")
    assert (tmp_path / "file").read_text() == "mine"


def test_the_tracked_sample_holds_every_format() -> None:
    folder = ROOT / "exports"
    if not (folder / "graph.nq").is_file():
        pytest.skip("make demo has not been run")
    names = {f"graph{form.suffix}" for form in FORMATS.values()} - {"graph.xlsx"}
    assert names <= {path.name for path in folder.iterdir()}
    rows = tables(parsed((folder / "graph.nq").read_bytes(), RdfFormat.N_QUADS))
    assert len(rows.claims) > 0
    edges = read_csv((folder / "graph-csv" / "edges.csv").read_bytes())
    assert [edge["id"] for edge in edges] == [row.id for row in rows.claims]


def test_two_names_for_one_node_do_not_lose_either() -> None:
    other = replace(EXTRACTION, document=replace(EXTRACTION.document, id="other"),
                    entities=tuple(replace(entity, name=entity.name.upper()) for entity in EXTRACTION.entities))  # fmt: skip
    rows = tables([*SAMPLE, *quads(other)])
    assert rows.entities[0].names == ("ANA EXAMPLE", "Ana Example")
    assert len(rows.entities[0].sources) == 2
