"""The ontology parses, defines what the guidelines and the code use, and says enough of each term."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Namespace, URIRef

from kg import resources
from kg.model import Claim, Cue, Document, Entity, EntityType, Evidence, Extraction, Mention, Status
from kg.namespaces import ONTOLOGY, PREFIXES
from kg.rdf.serialize import quads

KG = Namespace(ONTOLOGY)
ROOT = Path(__file__).resolve().parents[1]

RELATIONS = (
    "listed_by listed_on listed_under listed_for delisted_by owned_by controlled_by subsidiary_of leader_of "
    "officer_of spokesman_for employee_of member_of founder_of acts_for supports supplies funds associated_with "
    "spouse_of sibling_of relative_of child_of citizen_of born_in located_in part_of also_known_as flagged_in "
    "planned_IPO implicated_in accuses meets"
).split()
SYMMETRIC = {"associated_with", "spouse_of", "sibling_of", "relative_of", "meets"}
TEXT = {"listed_for", "also_known_as", "implicated_in"}


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(resources.ontology() / "sanctions.ttl")


def local(names: object) -> set[str]:
    return {str(name).removeprefix(ONTOLOGY) for name in names if str(name).startswith(ONTOLOGY)}  # type: ignore[attr-defined]


def rich_extraction() -> Extraction:
    """Every kind of entity, status and optional part of a claim at once."""
    text = "Ana Example said that Example Holding owns 51 percent of the Example Shipyard, a front for Exampleland."
    document = Document(
        "d1", text, "Title", "2019-10", "https://example.org/a", "d1.txt", (("kind", "news"), ("publisher", "P"))
    )
    entities = tuple(
        Entity(f"e{i}", kind, f"Example {kind}", (f"Example {kind}", f"Ex {i}"), (Mention(0, 3, "Ana"),))
        for i, kind in enumerate(EntityType)
    )
    claims = tuple(
        Claim(
            "e1",
            "owned_by",
            "e2",
            Evidence(0, 20, text[:20]),
            status=status,
            date="2019-10-07",
            date_end="2020",
            claimant="e0",
            percent=51,
            percent_min=50,
            percent_max=100,
            amount="USD 1",
            confidence=0.5,
            rule="r",
            cues=(Cue("trigger", 0, 3, "Ana"), Cue("claimant", 0, 11, "Ana Example"), Cue("modality", 12, 16, "said")),
        )
        for status in Status
    )
    texts = (Claim("e1", "also_known_as", "EX", Evidence(0, 20, text[:20]), object_text=True),)
    return Extraction(document, entities, claims + texts)


def test_the_relations_are_the_33_of_the_guidelines(ontology: Graph) -> None:
    assert len(RELATIONS) == 33
    assert local(ontology.subjects(RDF.type, KG.Relation)) == set(RELATIONS)


def test_the_guidelines_name_the_same_relations(shared: Path, ontology: Graph) -> None:
    table = re.findall(r"^\| (`.*?`(?:, `.*?`)*) \|", (shared / "gold" / "GUIDELINES.md").read_text(), re.MULTILINE)
    named = {name for cell in table for name in re.findall(r"`(\w+)`", cell)}
    assert named == local(ontology.subjects(RDF.type, KG.Relation))


def test_symmetric_and_text_relations_are_marked(ontology: Graph) -> None:
    assert local(ontology.subjects(RDF.type, OWL.SymmetricProperty)) == SYMMETRIC
    assert {r for r in RELATIONS if (KG[r], RDF.type, OWL.DatatypeProperty) in ontology} == TEXT
    assert {r for r in RELATIONS if (KG[r], RDFS.range, XSD.string) in ontology} == TEXT


def test_every_relation_between_entities_has_an_inverse_or_is_symmetric(ontology: Graph) -> None:
    inverse = {r for r in RELATIONS if ontology.value(KG[r], OWL.inverseOf)}
    assert inverse | SYMMETRIC | TEXT == set(RELATIONS)
    for name in inverse:
        other = ontology.value(KG[name], OWL.inverseOf)
        assert ontology.value(other, RDFS.domain) == ontology.value(KG[name], RDFS.range), name
        assert ontology.value(other, RDFS.range) == ontology.value(KG[name], RDFS.domain), name


def test_every_relation_says_what_it_means(ontology: Graph) -> None:
    for name in RELATIONS:
        for prop in (RDFS.label, RDFS.domain, RDFS.range, SKOS.definition, SKOS.example, KG.group):
            assert len(list(ontology.objects(KG[name], prop))) == 1, (name, prop)


def test_every_own_term_has_one_label_and_one_definition(ontology: Graph) -> None:
    terms = {s for s in ontology.subjects() if str(s).startswith(ONTOLOGY)}
    schemes = set(ontology.subjects(RDF.type, SKOS.ConceptScheme))
    concepts = {s for s, _ in ontology.subject_objects(SKOS.inScheme)}
    assert len(terms) > 120
    for term in terms - schemes:
        label = SKOS.prefLabel if term in concepts else RDFS.label
        assert len(list(ontology.objects(term, label))) == 1, term
        assert len(list(ontology.objects(term, SKOS.definition))) == 1, term


def test_the_classes_and_statuses_are_those_of_the_model(ontology: Graph) -> None:
    leaves = {
        c
        for c in ontology.transitive_subjects(RDFS.subClassOf, KG.Entity)
        if not list(ontology.subjects(RDFS.subClassOf, c))
    }
    assert local(leaves) == {str(kind) for kind in EntityType}
    assert local(ontology.subjects(RDF.type, KG.ClaimStatus)) == {str(status) for status in Status}


def test_every_own_term_that_is_spoken_of_is_defined(ontology: Graph) -> None:
    defined = local(ontology.subjects(RDF.type))
    assert local(ontology.objects()) <= defined
    shapes = Graph().parse(resources.ontology() / "shapes.ttl")
    assert local(shapes.objects()) | local(shapes.predicates()) <= defined


def test_every_iri_of_the_triples_is_defined(ontology: Graph) -> None:
    used = set()
    for quad in quads(rich_extraction()):
        used.add(quad.predicate.value)
        if quad.predicate.value == str(RDF.type) or quad.predicate.value in (str(KG.status), str(KG.predicate)):
            used.add(quad.object.value)
    assert {"owned_by", "claimant", "percent_min", "Evidence", "Vessel", "denied"} <= local(used)
    assert local(used) <= local(ontology.subjects(RDF.type))


def test_every_own_term_that_code_and_queries_spell_is_defined(ontology: Graph) -> None:
    defined = local(ontology.subjects(RDF.type))
    unknown = {}
    files = [*(ROOT / "kg").rglob("*.py"), *(ROOT / "ontology" / "queries").glob("*.rq")]
    for path in sorted(files):
        text = path.read_text(encoding="utf-8")
        names = set(re.findall(r"(?<![:\w])kg:([A-Za-z]\w*)(?<!_)", text)) | set(
            re.findall(r"\bterm\(\"(\w+)(?<!_)\"\)", text)
        )
        if names - defined:
            unknown[str(path.relative_to(ROOT))] = sorted(names - defined)
    assert unknown == {}


def test_the_version_is_named(ontology: Graph) -> None:
    head = URIRef(ONTOLOGY.rstrip("#"))
    version = str(ontology.value(head, OWL.versionInfo))
    assert ontology.value(head, OWL.versionIRI) == URIRef(f"{head}/{version}")
    assert re.search(rf"^{re.escape(version)}:", str(ontology.value(head, SKOS.historyNote)), re.MULTILINE)


def test_the_context_covers_every_class_and_property(ontology: Graph) -> None:
    context = json.loads((resources.ontology() / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property)
    terms = {t for kind in kinds for t in local(ontology.subjects(RDF.type, kind))}
    iris = {
        name: value["@id"] if isinstance(value, dict) else value for name, value in context.items() if name[0] != "@"
    }
    assert {name for name in terms if iris.get(name) != f"kg:{name}"} == set()
    assert {p: i for p, i in PREFIXES.items() if iris.get(p) != i} == {}
