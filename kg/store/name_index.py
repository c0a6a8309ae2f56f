"""An index of names beside the graphs of a store: each entity's names, kinds and words once, however many documents
speak of it.

A body named in twenty thousand documents has its label twenty thousand times, and a text inside a name is found only by
reading every name. So the engine keeps a graph of its own, `INDEX`, written in the same transaction as what it is made
from:

    entity  :name   each preferred label        entity  :key    each folded name
    entity  :kind   each of its kinds           entity  :word   each word of its folded names

The graph is no part of what the store says: it is not exported, and not among `graph_names`. It counts only while the
mark COMPLETE stands in it. A writer that does not keep it in step (an update in SPARQL) takes the mark away first;
questions then read the graphs themselves, and the next build makes the index anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.model import EntityType
from kg.namespaces import expand

INDEX: Final = "urn:kg:index"
_TERMS: Final = INDEX + "#"
GRAPH: Final = NamedNode(INDEX)
_NAME, _KIND, _KEY, _WORD = (NamedNode(_TERMS + local) for local in ("name", "kind", "key", "word"))
_LABEL, _TYPE, _FOLDED = (NamedNode(expand(curie)) for curie in ("skos:prefLabel", "rdf:type", "kg:name_key"))
_REMEMBERED: Final = 200_000  # entries that are not written again while much is loaded
_KINDS: Final = frozenset(NamedNode(expand(f"kg:{kind}")) for kind in EntityType)
#: Stands in the index graph as long as the index is whole.
COMPLETE: Final = Quad(GRAPH, NamedNode(_TERMS + "complete"), Literal(value=True), GRAPH)
#: The update that takes the mark away.
_MARK: Final = f"{{ GRAPH {GRAPH} {{ {COMPLETE.subject} {COMPLETE.predicate} {COMPLETE.object} }} }}"
FORGET: Final = f"DELETE DATA {_MARK}"
#: The question whether it stands.
IS_WHOLE: Final = f"ASK {_MARK}"


def entries(triple: Triple) -> Iterator[Quad]:
    """What the index holds because of this triple; nothing for most."""
    predicate, value = triple.predicate, triple.object
    if predicate == _LABEL:
        yield Quad(triple.subject, _NAME, value, GRAPH)
    elif predicate == _TYPE:
        if value in _KINDS:
            yield Quad(triple.subject, _KIND, value, GRAPH)
    elif predicate == _FOLDED and isinstance(value, Literal):
        yield Quad(triple.subject, _KEY, value, GRAPH)
        for word in sorted(set(value.value.split())):
            yield Quad(triple.subject, _WORD, Literal(word), GRAPH)


def with_names(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The quads of new graphs, each followed by what the index is to hold because of it; the last names once only."""
    seen: set[Quad] = set()
    for quad in quads:
        yield quad
        new = [entry for entry in entries(quad.triple) if entry not in seen]
        if len(seen) > _REMEMBERED:
            seen.clear()
        seen.update(new)
        yield from new


@dataclass(slots=True)
class Difference:
    """What a change of graphs adds to the index and takes from it."""

    added: set[Quad] = field(default_factory=set)
    removed: set[Quad] = field(default_factory=set)


def difference(
    engine: pyoxigraph.Store,
    removed: Mapping[NamedNode, Iterable[Triple]],
    added: Mapping[NamedNode, Iterable[Triple]],
) -> Difference:
    """How the index changes when these triples leave and enter their graphs."""
    change = Difference()
    wanted = {quad for new in added.values() for triple in new for quad in entries(triple)}
    change.added = {quad for quad in wanted if quad not in engine}
    leaving: dict[Triple, set[NamedNode]] = defaultdict(set)
    for graph, old in removed.items():
        for triple in old:
            if next(entries(triple), None) is not None:
                leaving[triple].add(graph)
    gone = {triple for triple, graphs in leaving.items() if not _stays(engine, triple, graphs)}
    change.removed = {quad for triple in gone for quad in entries(triple)} - wanted
    for subject in {quad.subject for quad in change.removed if quad.predicate == _WORD}:
        keys = set(engine.quads_for_pattern(subject, _KEY, None, GRAPH)) - change.removed
        change.removed -= {quad for key in keys for quad in entries(Triple(subject, _FOLDED, key.object))}
    return change


def _stays(engine: pyoxigraph.Store, triple: Triple, leaving: set[NamedNode]) -> bool:
    """Whether another graph goes on saying it."""
    return any(
        quad.graph_name not in leaving
        for quad in engine.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    )


def rebuild(engine: pyoxigraph.Store) -> None:
    """Make the index anew from all graphs, and mark it as whole."""
    engine.update(f"DROP SILENT GRAPH {GRAPH}")
    found: set[Quad] = set()
    for predicate in (_LABEL, _TYPE, _FOLDED):
        for quad in engine.quads_for_pattern(None, predicate, None, None):
            found.update(entries(quad.triple))
    engine.bulk_extend(found)
    engine.add(COMPLETE)


def is_wanted(engine: pyoxigraph.Store, added: Mapping[NamedNode, Iterable[Triple]]) -> bool:
    """Whether there are names to keep: a store of other things is left as it is."""
    return any(next(entries(triple), None) for new in added.values() for triple in new) or any(
        next(engine.quads_for_pattern(None, predicate, None, None), None) for predicate in (_LABEL, _FOLDED)
    )


def is_whole(engine: pyoxigraph.Store) -> bool:
    """Whether questions may rely on the index."""
    return COMPLETE in engine
