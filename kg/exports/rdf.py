"""Quads -> N-Quads, Turtle, TriG, and TriG with RDF 1.2 reifiers; each sorted, so one graph is always the same bytes.

Turtle knows no named graphs: triples of all of them stand together, and which document said what is told by the claim
nodes. The others hold all that the store holds.
"""

from __future__ import annotations

import heapq
import io
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import Final

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from kg.namespaces import PREFIXES, expand, term
from kg.store.backup import COUNT_GIVEN, COUNT_PROMISED

_RUN: Final = 300_000  # statements that are sorted in memory at a time
_REIFIES: Final = NamedNode(expand("rdf:reifies"))


def nquads(quads: Iterable[Quad]) -> Iterator[bytes]:
    """N-Quads, one statement a line, lines in the order of their bytes; sorted on disk where they are many.

    The first line is a comment that promises a count, the last one gives it: `kg import nq` checks that none is lost.
    """
    stream = iter(quads)
    count = 0
    yield f"{COUNT_PROMISED}\n".encode()
    with ExitStack() as files:
        runs: list[Iterator[bytes]] = []
        while group := list(islice(stream, _RUN)):
            lines = sorted(_serialize(group, RdfFormat.N_QUADS).splitlines(keepends=True))
            if len(group) < _RUN and not runs:
                runs.append(iter(lines))
                break
            file = files.enter_context(tempfile.TemporaryFile())
            file.writelines(lines)
            file.seek(0)
            runs.append(iter(file))
        last = b""
        for line in heapq.merge(*runs):
            if line != last:
                count += 1
                yield line
            last = line
    yield f"{COUNT_GIVEN}{count}\n".encode()


def turtle(quads: Iterable[Quad]) -> Iterator[bytes]:
    """Turtle of the union of all graphs, by subject."""
    triples = {quad.triple for quad in quads}
    yield from _pretty(sorted(triples, key=_triple_key), RdfFormat.TURTLE)


def trig(quads: Iterable[Quad]) -> Iterator[bytes]:
    """TriG, by graph and subject."""
    yield from _pretty(sorted(set(quads), key=_quad_key), RdfFormat.TRIG)


def reifies(quads: Iterable[Quad]) -> Iterator[bytes]:
    """TriG in RDF 1.2: as `trig`, and every claim node also `rdf:reifies` the triple that it speaks of.

    Whether that triple holds is told by the claim's status, as ever; to reify is not to assert.
    """
    found = set(quads)
    parts: dict[tuple[object, object], dict[str, object]] = {}
    wanted = {term("subject"): "s", term("predicate"): "p", term("object"): "o"}
    for quad in found:
        if quad.predicate.value in wanted:
            parts.setdefault((quad.graph_name, quad.subject), {})[wanted[quad.predicate.value]] = quad.object
    for (graph, claim), part in parts.items():
        subject, predicate, target = (part.get(key) for key in "spo")
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and target is not None:
            spoken = Triple(subject, predicate, target)  # type: ignore[arg-type]
            found.add(Quad(claim, _REIFIES, spoken, graph))  # type: ignore[arg-type]
    yield from _pretty(sorted(found, key=_quad_key), RdfFormat.TRIG)


def _pretty(statements: list[Quad] | list[Triple], form: RdfFormat) -> Iterator[bytes]:
    """The statements with one sorted head of prefixes; the serialiser's own head comes in an order of its own."""
    yield "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(PREFIXES.items())).encode()
    text = _serialize(statements, form)
    start = 0
    while text.startswith(b"@prefix ", start):
        start = text.index(b"\n", start) + 1
    yield text[start:]


def _serialize(statements: Iterable[Quad] | Iterable[Triple], form: RdfFormat) -> bytes:
    buffer = io.BytesIO()
    pyoxigraph.serialize(statements, buffer, form, prefixes=PREFIXES)
    return buffer.getvalue()


def _triple_key(triple: Triple) -> tuple[str, str, str]:
    return str(triple.subject), _predicate_key(triple.predicate), str(triple.object)


def _quad_key(quad: Quad) -> tuple[str, str, str, str]:
    return str(quad.graph_name), *_triple_key(quad.triple)


def _predicate_key(predicate: NamedNode) -> str:
    """The class of a node comes first, as a reader expects."""
    return "" if predicate.value == expand("rdf:type") else predicate.value
