"""Quads -> JSON-LD in the terms of ontology/context.jsonld, which stands in the file: reading it fetches nothing.

One object a named graph, one a node within it, keys and values sorted. All that the store holds is held.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kg import resources
from kg.namespaces import PREFIXES, expand

_STRING: Final = expand("xsd:string")
_LANGUAGE: Final = expand("rdf:langString")


def jsonld(quads: Iterable[Quad]) -> Iterator[bytes]:
    """The JSON-LD document, a node a line."""
    context = json.loads((resources.ontology() / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    terms = _terms(context)
    graphs: dict[str, dict[str, dict[str, set[Any]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    for quad in quads:
        name = "" if isinstance(quad.graph_name, DefaultGraph) else _id(quad.graph_name)
        graphs[name][_id(quad.subject)][quad.predicate.value].add(quad.object)
    yield b'{"@context": ' + json.dumps(context, ensure_ascii=False, sort_keys=True).encode() + b',\n"@graph": ['
    for number, name in enumerate(sorted(graphs)):
        nodes = graphs[name]
        head = f'{{"@id": {json.dumps(name, ensure_ascii=False)}, "@graph": [' if name else '{"@graph": ['
        yield (",\n" if number else "\n").encode() + head.encode()
        lines = (_node(iri, nodes[iri], terms) for iri in sorted(nodes))
        yield b"\n" + b",\n".join(lines) + b"\n]}"
    yield b"\n]}\n"


def _terms(context: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """IRI -> (term, the type that the context gives its values, or "")."""
    found = {}
    for name, value in context.items():
        iri = value["@id"] if isinstance(value, dict) else value
        if isinstance(iri, str) and name not in PREFIXES and ":" in iri:
            found[expand(iri)] = (name, value.get("@type", "") if isinstance(value, dict) else "")
    return found


def _node(iri: str, values: dict[str, set[Any]], terms: dict[str, tuple[str, str]]) -> bytes:
    shown: dict[str, Any] = {"@id": iri}
    for predicate in sorted(values):
        found = sorted(values[predicate], key=str)
        if predicate == expand("rdf:type"):
            kinds = [terms.get(kind.value, (kind.value, ""))[0] for kind in found]
            shown["@type"] = kinds[0] if len(kinds) == 1 else kinds
            continue
        name, coerced = terms.get(predicate, (predicate, ""))
        written = [_value(value, coerced) for value in found]
        shown[name] = written[0] if len(written) == 1 else written
    return json.dumps(shown, ensure_ascii=False).encode()


def _value(value: object, coerced: str) -> Any:
    """A value as the context reads it back: a bare string only where the term gives it its type."""
    if isinstance(value, NamedNode | BlankNode):
        return _id(value) if coerced == "@id" else {"@id": _id(value)}
    if not isinstance(value, Literal):
        raise TypeError(f"JSON-LD has no form for {value}")
    if value.language:
        return {"@value": value.value, "@language": value.language}
    datatype = value.datatype.value
    if datatype == (expand(coerced) if coerced not in ("", "@id") else _STRING if not coerced else None):
        return value.value
    return {"@value": value.value} if datatype == _STRING else {"@value": value.value, "@type": datatype}


def _id(term: object) -> str:
    """The IRI in full, or the label of a blank node."""
    return term.value if isinstance(term, NamedNode) else str(term)
