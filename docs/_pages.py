"""The pages that are made, not written: the ontology from its TTL, the relations from it and their rules, the commands
from `--help`. mkdocs calls `on_files`; the tests call the functions."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import yaml
from mkdocs.structure.files import File, Files
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Namespace, URIRef
from rdflib.term import Node

from kg import resources
from kg.cli import cli
from kg.namespaces import ONTOLOGY, shorten

KG = Namespace(ONTOLOGY)
PROV_SOURCE = "https://w3id.org/sanctions-kg/ontology"


def on_files(files: Files, config: Any) -> Files:
    """Put the made pages among the written ones."""
    for name, make in (
        ("ontology.md", ontology_page),
        ("relations.md", relations_page),
        ("commands.md", commands_page),
    ):
        files.append(File.generated(config, name, content=make()))
    return files


def commands_page() -> str:
    """Every command with its own help."""
    lines = [
        "# Commands\n",
        "Each command's own `--help`, as the program prints it. A mistake in what was given is told in one line on "
        "standard error with exit status 1 (2 for wrong usage); results go to standard output, so commands compose.\n",
        "| command | does |\n|---|---|",
    ]
    context = click.Context(cli, info_name="kg")
    found = [(name, command) for name in cli.list_commands(context) if (command := cli.get_command(context, name))]
    lines += [f"| [`kg {name}`](#kg-{name}) | {command.get_short_help_str(100)} |" for name, command in found]
    for name, command in found:
        help_ = command.get_help(
            click.Context(command, info_name=f"kg {name}", terminal_width=100, max_content_width=100)
        )
        lines.append(f"\n## kg {name}\n\n```text\n{help_}\n```")
    return "\n".join(lines) + "\n"


def ontology_page() -> str:
    """Classes, relations and properties of the ontology with what it says of them."""
    graph = Graph().parse(resources.ontology() / "sanctions.ttl")
    head = URIRef(PROV_SOURCE)
    lines = [
        "# The ontology\n",
        f"{graph.value(head, URIRef('http://purl.org/dc/terms/description'))}\n",
        f"Namespace `{ONTOLOGY}`, prefix `kg:`. Version {graph.value(head, OWL.versionInfo)}, "
        f"`{graph.value(head, OWL.versionIRI)}`. The file is `ontology/sanctions.ttl`; the shapes that a graph must "
        "fit are `ontology/shapes.ttl`, and `kg check` validates a store against them.\n",
        "Matches with other vocabularies are close ones unless marked as exact: the terms there were made for other "
        "ends. [The 33 relations](relations.md) have a page of their own.\n",
        "## How a claim stands in the graph\n",
        _claim_example(),
        "## Classes\n",
    ]
    for one in _named(graph, graph.subjects(RDF.type, OWL.Class)):
        lines += _section(graph, one)
    lines.append("## Concepts\n\n| concept | of | meaning |\n|---|---|---|")
    for scheme in _named(graph, graph.subjects(RDF.type, SKOS.ConceptScheme)):
        for concept in _named(graph, graph.subjects(SKOS.inScheme, scheme)):
            kind = graph.value(scheme, RDFS.label)
            lines.append(f"| `{shorten(str(concept))}` | {kind} | {graph.value(concept, SKOS.definition)} |")
    relations = set(graph.subjects(RDF.type, KG.Relation))
    attributes = set(graph.subjects(RDF.type, KG.Attribute))
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property)
    others = {one for kind in kinds for one in graph.subjects(RDF.type, kind)} - relations - attributes
    for title, found in (("Properties", others), ("Attributes of entities", attributes)):
        lines.append(f"\n## {title}\n\n| property | of | gives | meaning | matches |\n|---|---|---|---|---|")
        for one in _named(graph, found):
            ends = (_local(graph.value(one, end)) for end in (RDFS.domain, RDFS.range))
            cells = [f"`{shorten(str(one))}`", *ends, str(graph.value(one, SKOS.definition)), _matches(graph, one)]
            lines.append(f"| {' | '.join(cells)} |")
    lines.append(f"\n## Changes\n\n{graph.value(head, SKOS.historyNote)}\n")
    return "\n".join(lines)


def relations_page() -> str:
    """The 33 relations one by one: what they mean, between what, how they are said, how well they are read."""
    graph = Graph().parse(resources.ontology() / "sanctions.ttl")
    rules = dict(_rules(resources.ontology() / "relations"))
    quality = _quality()
    lines = [
        "# The 33 relations\n",
        "Definitions, ends and directions are the ontology's; the constructions and examples are those of "
        "`ontology/relations/*.yaml`, where each example runs as a test. "
        + (
            "The figures are those of `kg evaluate ../shared/gold/dev.jsonl ../shared/gold/dev_sources.jsonl` over "
            f"the 37 development documents: over all relations precision {quality['all']['precision']}, recall "
            f"{quality['all']['recall']}, F1 {quality['all']['F1']}. A relation with few examples there is hardly "
            "measured at all.\n"
            if quality
            else "`kg evaluate GOLD.jsonl TEXTS` measures how well each is read on annotated texts.\n"
        ),
    ]
    for group in _named(graph, graph.subjects(RDF.type, KG.RelationGroup)):
        lines.append(
            f"## {str(graph.value(group, SKOS.prefLabel)).capitalize()}\n\n{graph.value(group, SKOS.definition)}\n"
        )
        for one in _named(graph, graph.subjects(KG.group, group)):
            name = str(one).removeprefix(ONTOLOGY)
            lines += _relation(graph, one, rules.get(name, {}), quality.get(name))
    return "\n".join(lines) + "\n"


def _relation(graph: Graph, one: Node, rule: dict[str, Any], measured: dict[str, str] | None) -> Iterator[str]:
    name = str(one).removeprefix(ONTOLOGY)
    yield f"### {name}\n\n{graph.value(one, SKOS.definition)}\n"
    text = graph.value(one, RDFS.range) == XSD.string
    target = "a text" if text else _local(graph.value(one, RDFS.range))
    facts = [f"{_local(graph.value(one, RDFS.domain))} → {target}"]
    if (one, RDF.type, OWL.SymmetricProperty) in graph:
        facts.append("the same either way")
    inverse = graph.value(one, OWL.inverseOf)
    if inverse:
        facts.append(f"the other way: {graph.value(inverse, RDFS.label)}")
    if _matches(graph, one):
        facts.append(f"matches {_matches(graph, one)}")
    yield f"- {'; '.join(facts)}"
    if measured:
        wanted = int(measured["right"]) + int(measured["missed"])
        yield (
            f"- measured: precision {measured['precision']}, recall {measured['recall']}, F1 {measured['F1']} "
            f"({wanted} in the gold, {measured['right']} found, {measured['wrong']} wrong)"
        )
    yield f"- read by {len(rule.get('patterns', []))} constructions"
    yield f"- said like this: *{graph.value(one, SKOS.example)}*"
    for example in rule.get("examples", []):
        triples = ", ".join(f"`{triple}`" for triple in example["triples"])
        yield f"- {_plain(example['text'])} → {triples}"
    for example in rule.get("not_examples", []):
        shown = example if isinstance(example, str) else example["text"]
        yield f"- not: {_plain(shown)}"
    yield ""


def _rules(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob("*.yaml")):
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # every value a string
        for rule in loaded if isinstance(loaded, list) else [loaded]:
            yield rule["predicate"], rule


def _quality() -> dict[str, dict[str, str]]:
    """Relation -> what `kg evaluate --format csv` measured, as kept in docs/quality.csv; empty where nothing is."""
    path = Path(__file__).parent / "quality.csv"
    if not path.is_file():
        return {}
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {row[""]: row for row in rows}


def _plain(marked: str) -> str:
    """An example without the marks of its entities: "[Alpha Ltd]{Company}" is *Alpha Ltd*."""
    return re.sub(r"\[([^\]]+)\]\{\w+\}", r"*\1*", marked)


def _section(graph: Graph, one: Node) -> Iterator[str]:
    yield f"### {shorten(str(one))}\n\n{graph.value(one, SKOS.definition)}\n"
    above = [_local(other) for other in _named(graph, graph.objects(one, RDFS.subClassOf))]
    if above:
        yield f"- a kind of {', '.join(above)}"
    if _matches(graph, one):
        yield f"- matches {_matches(graph, one)}"
    yield ""


def _matches(graph: Graph, one: Node) -> str:
    exact = [f"`{_foreign(other)}` (exact)" for other in sorted(graph.objects(one, SKOS.exactMatch))]
    close = [f"`{_foreign(other)}`" for other in sorted(graph.objects(one, SKOS.closeMatch))]
    return ", ".join(exact + close)


def _foreign(iri: Node) -> str:
    """The short form, also for names that Turtle would not write so."""
    text = str(iri)
    if text.startswith("https://schema.followthemoney.tech/#"):
        return f"ftm:{text.rpartition('#')[2]}"
    return shorten(text)


def _named(graph: Graph, nodes: Iterable[Node]) -> list[Node]:
    """The own terms among the nodes, and foreign ones, sorted by IRI."""
    return sorted(set(nodes), key=str)


def _local(iri: Node | None) -> str:
    return "" if iri is None else f"`{shorten(str(iri)).removeprefix('kg:')}`"


def _claim_example() -> str:
    return """```turtle
kgd:claim/… a kg:Claim ;
    kg:subject kgd:entity/example-shipyard-… ;
    kg:predicate kg:owned_by ;
    kg:object kgd:entity/example-holding-… ;
    kg:status kg:asserted ;             # or alleged, denied, planned, ended
    kg:claimant kgd:entity/ana-example-… ;  # where the source reports somebody's words
    kg:percent 51 ; kg:date "2019-10-07"^^xsd:date ;
    kg:confidence 0.93 ; kg:rule "owned_by.own" ;
    prov:wasDerivedFrom kgd:document/… ;
    kg:evidence kgd:evidence/… .

kgd:evidence/… a kg:Evidence, oa:SpecificResource ;
    oa:hasSource kgd:document/… ;
    oa:hasSelector [ oa:exact "…" ; oa:prefix "…" ; oa:suffix "…" ] , [ oa:start 32 ; oa:end 83 ] .

# and, because it is asserted, the plain triple:
kgd:entity/example-shipyard-… kg:owned_by kgd:entity/example-holding-… .
```

All of it stands in the named graph of the document. (The selectors have IRIs of their own; brackets save room here.)
"""
