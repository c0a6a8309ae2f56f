"""Judgements on whether two nodes are the same entity: kept in a graph of their own, read and written here.

A judgement has a verdict (same, different, unsure), a score, reasons, and who decided it: the rule or a person. What a
person decided is never overwritten by the rule; taking it back gives the pair back to the rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

import pyoxigraph
from pyoxigraph import NamedNode, Quad

from kg.errors import NotFound
from kg.namespaces import RESOURCE, digest, expand, term
from kg.rdf.serialize import decimal_literal
from kg.store import Rows, Store

#: The named graph of judgements, and the one that follows from them and can be computed anew at any time.
JUDGEMENTS: Final = f"{RESOURCE}graph/judgements"
RESOLUTION: Final = f"{RESOURCE}graph/resolution"

Verdict = Literal["same", "different", "unsure"]

_QUERY: Final = """SELECT ?judgement ?left ?right ?verdict ?score ?reason ?by { GRAPH <%s> {
  ?judgement a kg:Judgement ; kg:left ?left ; kg:right ?right ; kg:verdict ?verdict ; kg:decided_by ?by .
  OPTIONAL { ?judgement kg:score ?score } OPTIONAL { ?judgement kg:reason ?reason } } }"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on two nodes; `left` is the one whose IRI sorts first."""

    left: str
    right: str
    verdict: Verdict
    score: float
    reasons: tuple[str, ...] = ()
    decided_by: Literal["rule", "person"] = "rule"

    @property
    def id(self) -> str:
        """Hexadecimal digits made from the pair; the end of the judgement's IRI."""
        return digest("judgement", self.left, self.right)

    @property
    def pair(self) -> tuple[str, str]:
        """The two nodes."""
        return self.left, self.right


def judge(one: str, other: str, verdict: Verdict, score: float, reasons: Iterable[str] = ()) -> Judgement:
    """The rule's judgement on two nodes in any order."""
    left, right = sorted((one, other))
    return Judgement(left, right, verdict, round(score, 4), tuple(reasons))


def decide(store: Store, one: str, other: str, verdict: Verdict, reason: str = "") -> Judgement:
    """Record what a person decided on two nodes; it replaces any judgement on them.

    The graph of resolution follows at the next `resolve`. Raises NotFound where the store holds no such entity.
    """
    left, right = sorted((one, other))
    for node in (left, right):
        _require(store, node)
    decision = Judgement(left, right, verdict, 1.0, (reason,) if reason else (), "person")
    others = [judgement for judgement in read_judgements(store) if judgement.pair != decision.pair]
    write_judgements(store, [*others, decision])
    return decision


def undo(store: Store, judgement_id: str) -> Judgement:
    """Take back a person's judgement, named by its id or the beginning of it; the pair is the rule's again.

    Raises NotFound where there is none, or more than one.
    """
    judgements = read_judgements(store)
    found = [item for item in judgements if item.id.startswith(judgement_id) and judgement_id]
    if len(found) != 1:
        raise NotFound(f"{len(found)} judgements with this id", place=judgement_id, hint="see `kg resolve --list`")
    if found[0].decided_by != "person":
        raise NotFound(
            "the rule decided this, nobody did",
            place=judgement_id,
            hint="decide otherwise with `kg resolve --different`",
        )
    write_judgements(store, [item for item in judgements if item != found[0]])
    return found[0]


def _require(store: Store, node: str) -> None:
    if store.query("ASK { ?node skos:prefLabel ?label }", bindings={"node": NamedNode(node)}) is not True:
        raise NotFound("no entity of this IRI in the store", place=node, hint="give a name or an IRI that it holds")


def read_judgements(store: Store) -> list[Judgement]:
    """All judgements in the store, in the order of their pairs."""
    answer = store.query(_QUERY % JUDGEMENTS)
    rows: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    if isinstance(answer, Rows):
        for row in answer:
            _, left, right, verdict, score, reason, by = ("" if term_ is None else term_.value for term_ in row)
            rows[left, right, verdict, score, by].add(reason)
    found = []
    for (left, right, verdict, score, by), reasons in sorted(rows.items()):
        kind: Verdict = verdict.rpartition("#")[2]  # type: ignore[assignment]
        ordered = tuple(reason for _, reason in sorted(map(_unnumbered, reasons - {""})))
        found.append(Judgement(left, right, kind, float(score or 0), ordered, "person" if by == "person" else "rule"))
    return found


def write_judgements(store: Store, judgements: Iterable[Judgement], *, marker: str = "") -> None:
    """Make the graph of judgements hold exactly these; `marker` tells for which lists the rule judged.

    What follows from them is marked as not worked out yet.
    """
    store.replace_graphs({JUDGEMENTS: judgement_quads(store, judgements, marker=marker)})


def judgement_quads(store: Store, judgements: Iterable[Judgement], *, marker: str = "") -> list[Quad]:
    """The graph of judgements; without a `marker` it keeps that of the store."""
    quads = [quad for judgement in judgements for quad in _quads(judgement)]
    graph = NamedNode(JUDGEMENTS)
    mark = marker or read_marker(store)
    if mark:
        quads.append(Quad(graph, NamedNode(term("content_hash")), pyoxigraph.Literal(mark), graph))
    return quads


def read_marker(store: Store) -> str:
    """The marker of the last `write_judgements`; empty where there is none."""
    answer = store.query(f"SELECT ?hash {{ GRAPH <{JUDGEMENTS}> {{ <{JUDGEMENTS}> kg:content_hash ?hash }} }}")
    rows = list(answer) if isinstance(answer, Rows) else []
    return rows[0][0].value if rows and rows[0][0] is not None else ""


def _unnumbered(reason: str) -> tuple[int, str]:
    number, dot, text = reason.partition(". ")
    return (int(number), text) if dot and number.isdigit() else (0, reason)


def _quads(judgement: Judgement) -> Iterator[Quad]:
    graph = NamedNode(JUDGEMENTS)
    node = NamedNode(f"{RESOURCE}judgement/{judgement.id}")
    yield Quad(node, NamedNode(expand("rdf:type")), NamedNode(term("Judgement")), graph)
    yield Quad(node, NamedNode(term("left")), NamedNode(judgement.left), graph)
    yield Quad(node, NamedNode(term("right")), NamedNode(judgement.right), graph)
    yield Quad(node, NamedNode(term("verdict")), NamedNode(term(judgement.verdict)), graph)
    yield Quad(node, NamedNode(term("score")), decimal_literal(judgement.score), graph)
    yield Quad(node, NamedNode(term("decided_by")), pyoxigraph.Literal(judgement.decided_by), graph)
    for number, reason in enumerate(dict.fromkeys(judgement.reasons), start=1):
        numbered = f"{number}. {reason}"  # triples have no order; the number keeps the weightiest reason first
        yield Quad(node, NamedNode(term("reason")), pyoxigraph.Literal(numbered), graph)
