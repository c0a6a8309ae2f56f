"""SHACL -> SPARQL: the part of SHACL that ontology/shapes.ttl uses, as questions that a store answers itself.

A validator in Python visits every node of a graph; Oxigraph answers a question about all of them in one pass, so a
store of millions of triples is checked where it lies. Each constraint becomes a SELECT of `?focus` and, where there is
one, the offending `?value`. Understood are targets by class and by property; minCount 1, maxCount 0 and 1, datatype,
class, in, nodeKind IRI, pattern, minLength, minInclusive, maxInclusive, lessThan, lessThanOrEquals, `or` of these; and
paths that are a property, a sequence or a choice. Anything else is refused, never passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

_BESIDE: Final = {RDF.type, SH.path, SH.message, SH.property, SH.targetClass, SH.targetSubjectsOf}


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint: its message, the property it is about (an IRI, or "" for a longer path or none), the question."""

    message: str
    path: str
    query: str


def compile_shapes(shapes: Graph, ontology: Graph) -> list[Check]:
    """The checks of all node shapes, sorted; `ontology` tells which classes are kinds of which, and its individuals.

    Raises ValueError for a constraint that is not understood.
    """
    checks: list[Check] = []
    for shape in sorted(shapes.subjects(RDF.type, SH.NodeShape), key=str):
        target = _target(shapes, shape)
        checks += _node_checks(shapes, shape, target)
        for prop in shapes.objects(shape, SH.property):
            checks += _property_checks(shapes, ontology, prop, target)
    return sorted(checks, key=lambda check: (check.message, check.path, check.query))


def _target(shapes: Graph, shape: Node) -> str:
    classes = sorted(shapes.objects(shape, SH.targetClass), key=str)
    if classes:
        kinds = " ".join(one.n3() for one in classes)
        return f"VALUES ?kind {{ {kinds} }} ?focus a ?kind ."
    (prop,) = shapes.objects(shape, SH.targetSubjectsOf)
    return f"?focus {prop.n3()} ?any ."


def _node_checks(shapes: Graph, shape: Node, target: str) -> Iterator[Check]:
    for key, value in shapes.predicate_objects(shape):
        if key == SH.nodeKind and value == SH.IRI:
            yield Check("a node of this kind has an IRI", "", f"SELECT ?focus {{ {target} FILTER (!isIRI(?focus)) }}")
        elif key not in _BESIDE:
            raise ValueError(f"{key} on a node shape is not understood")


def _property_checks(shapes: Graph, ontology: Graph, prop: Node, target: str) -> Iterator[Check]:
    node = shapes.value(prop, SH.path)
    path = _path(shapes, node)
    message = str(shapes.value(prop, SH.message))
    shown = str(node) if isinstance(node, URIRef) else ""
    tests: list[str] = []
    for key, value in sorted(shapes.predicate_objects(prop)):
        if key in _BESIDE:
            continue
        if key == SH.minCount and value == Literal(1):
            query = f"SELECT DISTINCT ?focus {{ {target} FILTER NOT EXISTS {{ ?focus {path} ?value }} }}"
        elif key == SH.maxCount and value == Literal(0):
            query = f"SELECT DISTINCT ?focus {{ {target} ?focus {path} ?value }}"
        elif key == SH.maxCount and value == Literal(1):
            query = (
                f"SELECT DISTINCT ?focus {{ {target} ?focus {path} ?value . ?focus {path} ?other "
                "FILTER (!sameTerm(?value, ?other)) }"
            )
        elif key in (SH.lessThan, SH.lessThanOrEquals):
            sign = "<" if key == SH.lessThan else "<="
            query = (
                f"SELECT DISTINCT ?focus ?value {{ {target} ?focus {path} ?value ; {value.n3()} ?other "
                f"FILTER (!COALESCE(?value {sign} ?other, false)) }}"
            )
        else:
            tests.append(_test(shapes, ontology, key, value))
            continue
        yield Check(message, shown, query)
    if tests:
        fits = " && ".join(sorted(tests))
        query = f"SELECT DISTINCT ?focus ?value {{ {target} ?focus {path} ?value FILTER (!COALESCE({fits}, false)) }}"
        yield Check(message, shown, query)


def _path(shapes: Graph, node: Node | None) -> str:
    if isinstance(node, URIRef):
        return node.n3()
    choice = shapes.value(node, SH.alternativePath)
    if choice is not None:
        return f"({'|'.join(_path(shapes, one) for one in Collection(shapes, choice))})"
    if isinstance(node, BNode) and (node, RDF.first, None) in shapes:
        return f"({'/'.join(_path(shapes, one) for one in Collection(shapes, node))})"
    raise ValueError(f"the path {node} is not understood")


def _test(shapes: Graph, ontology: Graph, key: Node, value: Node) -> str:
    """What a value must fulfil, as a SPARQL expression over `?value`."""
    if key == SH.datatype:
        return f"(isLiteral(?value) && datatype(?value) = {value.n3()})"
    if key == SH.nodeKind and value == SH.IRI:
        return "isIRI(?value)"
    if key == SH.pattern:
        return f"REGEX(STR(?value), {value.n3()})"
    if key == SH.minLength:
        return f"STRLEN(STR(?value)) >= {value}"
    if key == SH.minInclusive:
        return f"?value >= {value}"
    if key == SH.maxInclusive:
        return f"?value <= {value}"
    if key == SH["in"]:
        return f"?value IN ({', '.join(one.n3() for one in Collection(shapes, value))})"
    if key == SH["class"]:
        kinds = {value, *filter(None, ontology.transitive_subjects(RDFS.subClassOf, value))}
        known = sorted({one.n3() for kind in kinds for one in ontology.subjects(RDF.type, kind)})
        listed = " ".join(sorted(kind.n3() for kind in kinds))
        among = f" || ?value IN ({', '.join(known)})" if known else ""
        return f"(EXISTS {{ VALUES ?class {{ {listed} }} ?value a ?class }}{among})"
    if key == SH["or"]:
        return f"({' || '.join(_all(shapes, ontology, one) for one in Collection(shapes, value))})"
    raise ValueError(f"the constraint {key} {value} is not understood")


def _all(shapes: Graph, ontology: Graph, node: Node) -> str:
    return f"({' && '.join(_test(shapes, ontology, *pair) for pair in sorted(shapes.predicate_objects(node)))})"
