"""An earlier version of a list in the store against a new one: what was added, removed and changed, what to keep.

In: the graph as it stands and the quads that shall replace it. Out: the changes, designation by designation, and the
quads of the old version that stay: designations that vanished, with the day of their end, and claims no longer made,
as ended. An entity that is no longer on the list keeps its names and numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Self

from pyoxigraph import Literal, NamedNode, Quad

from kg.lists.to_rdf import EarlierEdition
from kg.namespaces import expand, term
from kg.rdf.serialize import date_literal
from kg.store import Store


@dataclass(frozen=True, slots=True)
class Change:
    """One designation: the entity's name and node, and the list or authority it is about."""

    name: str
    entity: str
    list: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a newer version of a list did, each part sorted by name; `unchanged` counts the rest."""

    added: tuple[Change, ...]
    removed: tuple[Change, ...]
    changed: tuple[Change, ...]
    unchanged: int
    claims_added: int
    claims_ended: int
    end: str | None


def _iri(curie: str) -> str:
    return expand(curie)


_TYPE: Final = _iri("rdf:type")
_LABEL: Final = _iri("skos:prefLabel")
_ENTRY_OF: Final = term("listed_entry_of")
_KEPT_ON_ENTITY: Final = (term("identifier"), term("evidence"), term("listing"))


@dataclass(slots=True)
class _Nodes:
    """The triples of a graph by subject."""

    about: dict[str, list[tuple[str, NamedNode | Literal]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> Self:
        """The triples of these quads."""
        nodes = cls()
        about = nodes.about
        for quad in quads:
            about[quad.subject.value].append((quad.predicate.value, quad.object))  # type: ignore[union-attr, arg-type]
        return nodes

    def first(self, node: str, predicate: str) -> str:
        """The first value of a property, an empty string where there is none."""
        return next((value.value for key, value in self.about.get(node, ()) if key == predicate), "")

    def of_type(self, name: str) -> list[str]:
        """The nodes of a class of the ontology."""
        wanted = term(name)
        return [node for node, pairs in self.about.items() if any(k == _TYPE and v.value == wanted for k, v in pairs)]


class History:
    """The version of a list that the store holds."""

    def __init__(self, graph: str, nodes: _Nodes) -> None:
        self._graph = NamedNode(graph)
        self._nodes = nodes
        self._listings = nodes.of_type("Listing")
        self.version = nodes.first(graph, _iri("dcterms:issued"))
        self.active = sum(not self._ended(node) for node in self._listings)
        self.entries = frozenset(
            node for node, pairs in nodes.about.items() if any(key == _ENTRY_OF for key, _ in pairs)
        )
        claims = nodes.of_type("Claim")
        dated = (*self._listings, *claims)
        self.first_seen = {node: seen for node in dated if (seen := nodes.first(node, term("first_seen")))}
        first = nodes.first(graph, term("first_seen")) or self.version
        self.edition = EarlierEdition(first, frozenset(claims))

    @classmethod
    def read(cls, store: Store, graph: str) -> History | None:
        """The graph as it stands; None where the store holds nothing of this list."""
        nodes = _Nodes.of(store.quads(graph))
        return cls(graph, nodes) if nodes.about else None

    @staticmethod
    def entries_of(quads: Iterable[Quad]) -> frozenset[str]:
        """Return the entries that these quads describe."""
        return frozenset(quad.subject.value for quad in quads if quad.predicate.value == _ENTRY_OF)  # type: ignore[union-attr]

    def compare(self, new_quads: Iterable[Quad], end: str | None) -> tuple[Changes, list[Quad]]:
        """What changed, and the quads of this version that stay beside the new ones; `end` dates what vanished."""
        new = _Nodes.of(new_quads)
        new_listings = set(new.of_type("Listing"))
        old_claims = set(self._nodes.of_type("Claim"))
        new_claims = set(new.of_type("Claim"))
        gone = [node for node in self._listings if node not in new_listings]
        removed = [node for node in gone if not self._ended(node)]
        old_listings = set(self._listings)
        added = [node for node in new_listings if node not in old_listings or self._was_dropped(node)]
        both = [node for node in new_listings if node in old_listings and node not in set(added)]
        content = term("content_hash")
        changed = [node for node in both if new.first(node, content) != self._nodes.first(node, content)]
        dropped = old_claims - new_claims
        still_listed = {new.first(node, term("listing_of")) for node in new_listings}
        to_end = {claim for claim in dropped if self._ends_with_listing(claim, still_listed)}
        changes = Changes(
            added=self._describe(added, new),
            removed=self._describe(removed, self._nodes),
            changed=self._describe(changed, new),
            unchanged=len(both) - len(changed),
            claims_added=len(new_claims - old_claims),
            claims_ended=sum(not self._ended(claim) for claim in to_end),
            end=end,
        )
        return changes, self._kept(gone, {claim: claim in to_end for claim in sorted(dropped)}, new, end)

    def _ends_with_listing(self, claim: str, still_listed: set[str]) -> bool:
        """Whether a claim that is no longer made has ended; an entity off the list keeps its names and addresses."""
        about_listing = self._nodes.first(claim, term("predicate")).startswith(term("listed_"))
        return about_listing or self._nodes.first(claim, term("subject")) in still_listed

    def _ended(self, node: str) -> bool:
        return self._nodes.first(node, term("status")) == term("ended")

    def _was_dropped(self, node: str) -> bool:
        return bool(self._nodes.first(node, term("dropped_after")))

    def _describe(self, listings: Iterable[str], nodes: _Nodes) -> tuple[Change, ...]:
        found = []
        for listing in listings:
            entity = nodes.first(listing, term("listing_of"))
            on_list = nodes.first(nodes.first(listing, term("list")), _LABEL)
            name = nodes.first(entity, _LABEL) or self._nodes.first(entity, _LABEL)
            found.append(Change(name, entity, on_list))
        return tuple(sorted(found, key=lambda change: (change.name, change.entity, change.list)))

    def _kept(self, gone: list[str], claims: dict[str, bool], new: _Nodes, end: str | None) -> list[Quad]:
        kept: list[Quad] = []
        needed: set[str] = set()
        for node in sorted(gone):
            kept += self._end(node, end, dropped=True)
            entity = self._nodes.first(node, term("listing_of"))
            needed |= {entity, self._nodes.first(node, term("evidence")), *self._objects(node)}
        for claim, ends in claims.items():
            subject = self._nodes.first(claim, term("subject"))
            if ends:
                kept += self._end(claim, end)
            else:
                kept += self._copy(claim)
                kept.append(self._plain(claim))
            needed |= {subject, self._nodes.first(claim, term("evidence")), *self._objects(claim)}
        for node in sorted(needed - {""}):
            if node not in new.about:
                kept += self._entity(node)
                for key, value in self._nodes.about.get(node, ()):
                    if key in _KEPT_ON_ENTITY and value.value not in new.about and value.value not in needed:
                        kept += self._copy(value.value) if key != term("listing") else []
        return kept

    def _objects(self, node: str) -> set[str]:
        """The named things that a listing or claim points to."""
        keys = {term(name) for name in ("authority", "list", "legal_basis", "object", "claimant")}
        return {
            value.value
            for key, value in self._nodes.about.get(node, ())
            if key in keys and isinstance(value, NamedNode)
        }

    def _copy(self, node: str) -> list[Quad]:
        return [
            Quad(NamedNode(node), NamedNode(key), value, self._graph) for key, value in self._nodes.about.get(node, ())
        ]

    def _entity(self, node: str) -> list[Quad]:
        """A node as it stood, without relations to others: those come back with their claims, if they hold."""
        return [
            quad
            for quad in self._copy(node)
            if (
                isinstance(quad.object, Literal)
                and not quad.predicate.value.endswith(("#also_known_as", "#listed_for"))
            )
            or quad.predicate.value in (_TYPE, term("listed_entry_of"), _iri("oa:hasSource"), *_KEPT_ON_ENTITY)
        ]

    def _plain(self, claim: str) -> Quad:
        pairs = dict(self._nodes.about[claim])
        subject, predicate = pairs[term("subject")], pairs[term("predicate")]
        return Quad(NamedNode(subject.value), NamedNode(predicate.value), pairs[term("object")], self._graph)

    def _end(self, node: str, end: str | None, *, dropped: bool = False) -> list[Quad]:
        """A listing or claim as it stood, its status ended and, unless it had an end already, the day of it."""
        status, date_end = term("status"), term("date_end")
        subject = NamedNode(node)
        had_end = self._ended(node)
        quads = [quad for quad in self._copy(node) if quad.predicate.value != status]
        quads.append(Quad(subject, NamedNode(status), NamedNode(term("ended")), self._graph))
        if not had_end and end:
            quads = [quad for quad in quads if quad.predicate.value != date_end]
            quads.append(Quad(subject, NamedNode(date_end), date_literal(end), self._graph))
        if dropped and not had_end and self.version:
            quads.append(Quad(subject, NamedNode(term("dropped_after")), date_literal(self.version), self._graph))
        return quads
