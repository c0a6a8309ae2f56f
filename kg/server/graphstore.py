"""Graph Store Protocol: reading any graph, and with the write token putting, adding to and deleting one."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

import pyoxigraph
from pyoxigraph import RdfFormat

from kg.server.protocol import Refused, is_iri

_PARSED: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
}


def target(query_string: str) -> str | None:
    """The IRI of the graph that a request names, None for the default graph; raises Refused."""
    pairs = parse_qsl(query_string, keep_blank_values=True)
    named = [value for name, value in pairs if name == "graph"]
    default = [name for name, _ in pairs if name == "default"]
    if len(named) + len(default) != 1:
        raise Refused("one graph must be named", hint="as ?graph=IRI or ?default")
    if default:
        return None
    if not is_iri(named[0]):
        raise Refused(f"not the IRI of a graph: {named[0]!r}")
    return named[0]


def insertion(graph: str | None, content_type: str, body: bytes, *, replace: bool) -> str:
    """The update that puts the triples of a body into a graph; raises Refused (415 or 400)."""
    media = content_type.partition(";")[0].strip().lower()
    if media not in _PARSED:
        raise Refused(f"a graph cannot be read from {media or 'no type'}", status=415, hint="send text/turtle")
    try:
        triples = sorted(
            {quad.triple for quad in pyoxigraph.parse(body, format=_PARSED[media], base_iri=graph)}, key=str
        )
    except (SyntaxError, ValueError) as error:
        raise Refused(f"the graph cannot be read: {error}") from None
    written = (pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
    inner = f"GRAPH <{graph}> {{ {written} }}" if graph else written
    clear = f"{removal(graph)} ;\n" if replace else ""
    create = f"CREATE SILENT GRAPH <{graph}> ;\n" if graph else ""
    return f"{clear}{create}INSERT DATA {{ {inner} }}"


def removal(graph: str | None) -> str:
    """The update that removes a graph."""
    return f"DROP SILENT GRAPH <{graph}>" if graph else "DROP SILENT DEFAULT"
