"""CONSTRUCT and DESCRIBE by way of SELECT, for servers that cut a graph short without saying so.

A list of rows ends with a bracket that can be missed, and servers declare when they cut rows; neither holds for
the triples of a graph. So only rows are fetched, and the graph is made from them here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, QueryTriples, Triple

from kg.errors import QueryError
from kg.namespaces import PREFIXES
from kg.store.interface import Rows, Term
from kg.store.sparql import Token, tokens

_SKOLEM = "urn:kg:blank:"
_BATCH = 200  # resources described by one query


@dataclass(frozen=True, slots=True)
class Construct:
    """A CONSTRUCT taken apart: what stands before it, its template in braces, and FROM, WHERE and modifiers."""

    prologue: str
    template: str
    rest: str

    def variables(self) -> list[str]:
        """The variables of the template, each once, without their mark."""
        return list(dict.fromkeys(token.text[1:] for token in tokens(self.template) if token.kind == "variable"))


def construct(sparql: str, select: Callable[[str], Rows]) -> list[Triple]:
    """The triples of a CONSTRUCT, its rows fetched by `select`."""
    parts = take_apart(sparql)
    names = parts.variables()
    projection = " ".join(f"?{name}" for name in names) or "*"
    rows = select(f"{parts.prologue} SELECT {projection} {parts.rest}")
    if not names:
        inner = "{}" if rows.rows else "{ FILTER(false) }"
    else:
        lines = " ".join(f"({' '.join(_written(term) for term in row)})" for row in rows)
        inner = f"{{ VALUES ({projection}) {{ {lines} }} }}"
    answer = pyoxigraph.Store().query(f"{parts.prologue} CONSTRUCT {parts.template} WHERE {inner}", prefixes=PREFIXES)
    if not isinstance(answer, QueryTriples):
        raise QueryError("this is not a CONSTRUCT")
    return [Triple(_blank(t.subject), t.predicate, _blank(t.object)) for t in answer]


def describe(sparql: str, select: Callable[[str], Rows]) -> list[Triple]:
    """The triples whose subject is a resource named in a DESCRIBE or found by it."""
    stream = list(tokens(sparql))
    at = next(index for index, token in enumerate(stream) if token.word == "DESCRIBE")
    end = next(
        (index for index, token in enumerate(stream) if index > at and (token.text == "{" or token.word)), len(stream)
    )
    prologue, targets = sparql[: stream[at].start], stream[at + 1 : end]
    written = [token.text for token in targets if token.kind in ("iri", "name")]
    chosen = [token.text for token in targets if token.kind == "variable" or token.text == "*"]
    if chosen:
        rest = sparql[stream[end].start :] if end < len(stream) else ""
        found = select(f"{prologue} SELECT DISTINCT {' '.join(chosen)} {rest}")
        written += sorted({str(term) for row in found for term in row if isinstance(term, NamedNode)})
    triples: list[Triple] = []
    for first in range(0, len(written), _BATCH):
        values = " ".join(written[first : first + _BATCH])
        rows = select(f"{prologue} SELECT ?s ?p ?o {{ VALUES ?s {{ {values} }} ?s ?p ?o }}")
        triples += [Triple(s, p, o) for s, p, o in rows if not isinstance(s, pyoxigraph.Literal) and _is_node(p)]  # type: ignore[arg-type]
    return triples


def take_apart(sparql: str) -> Construct:
    """The parts of a CONSTRUCT, its short form included; raises QueryError where a brace is missing."""
    stream = list(tokens(sparql))
    at = next(index for index, token in enumerate(stream) if token.word == "CONSTRUCT")
    prologue = sparql[: stream[at].start]
    if at + 1 < len(stream) and stream[at + 1].text == "{":
        close = _closing(stream, at + 1)
        end = stream[close].start + 1
        return Construct(prologue, sparql[stream[at + 1].start : end], sparql[end:])
    opening = next((index for index, token in enumerate(stream) if index > at and token.text == "{"), None)
    if opening is None:
        raise QueryError("malformed SPARQL: CONSTRUCT without braces")
    close = _closing(stream, opening)
    pattern = sparql[stream[opening].start : stream[close].start + 1]
    return Construct(prologue, pattern, sparql[stream[at].start + len("CONSTRUCT") :])


def _closing(stream: list[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(stream)):
        depth += {"{": 1, "}": -1}.get(stream[index].text, 0)
        if depth == 0:
            return index
    raise QueryError("malformed SPARQL: a brace is not closed")


def _written(term: Term | None) -> str:
    if term is None:
        return "UNDEF"
    return f"<{_SKOLEM}{term.value}>" if isinstance(term, BlankNode) else str(term)


def _blank(term: NamedNode | BlankNode | pyoxigraph.Literal | Triple) -> NamedNode | BlankNode:
    if isinstance(term, NamedNode) and term.value.startswith(_SKOLEM):
        return BlankNode(term.value[len(_SKOLEM) :])
    return term  # type: ignore[return-value]


def _is_node(term: Term | None) -> bool:
    return isinstance(term, NamedNode)
