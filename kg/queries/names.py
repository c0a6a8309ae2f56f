"""From a name to an entity and its cluster, and from nodes to names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.errors import NotFound, QueryError
from kg.model import EntityType
from kg.namespaces import ONTOLOGY, PREFIXES, expand, name_key
from kg.queries.named import ask, counted, nodes
from kg.queries.rows import Found, Node
from kg.store import Row, Store

_PREFERRED: Final = expand("skos:prefLabel")
_MOST_NAMES: Final = 1_000  # names that one text may stand for
_MOST_CLAIMS: Final = 1_000  # claims counted for each of them
_MOST_READ: Final = 10_000  # names read for the rarest word of a text
_KINDS: Final = frozenset(ONTOLOGY + kind for kind in EntityType)


def find(store: Store, name: str) -> Found:
    """The entity that a name, an IRI or `kgd:...` stands for; raises NotFound with the nearest names.

    Case, accents, punctuation and legal forms do not matter. Of several entities with the name the one whose own
    name it is comes first, then the one with most claims.
    """
    iri = _as_iri(name)
    if iri is not None:
        found = clusters(store, [iri])[iri]
        known = describe(store, found)
        if not any(node.kind for node in known.values()):
            raise NotFound("the graph does not hold this node", place=iri, hint="ask by name: kg show NAME")
        node = known[iri]
        return Found(node, tuple(found))
    key = name_key(name)
    rows = ask(store, "names", key=[Literal(key)]) if key else []
    if not rows and key:
        rows = _containing(store, key)
    matched = {entity.value: row_key.value for entity, row_key in rows if entity is not None and row_key is not None}
    if not matched:
        raise NotFound(
            f"nothing in the graph is called {name!r}", place=store.location, hint="try a shorter form of the name"
        )
    if len(matched) > _MOST_NAMES:
        raise _too_many(name, store)
    members = clusters(store, matched)
    described = describe(store, {member for group in members.values() for member in group})
    groups = {described[entity].iri: members[entity] for entity in matched}
    weight = _weights(store, groups)
    heads = {head: next(node for node in described.values() if node.iri == head) for head in groups}

    def rank(head: str) -> tuple[bool, int, str]:
        return (name_key(heads[head].name) != key, -weight[head], head)

    best, *others = sorted(heads, key=rank)
    return Found(heads[best], tuple(groups[best]), tuple(heads[other] for other in others))


def clusters(store: Store, iris: Iterable[str]) -> dict[str, list[str]]:
    """For each node the nodes of its cluster in sorted order, itself among them."""
    asked = sorted(set(iris))
    canonical = {who.value: head.value for who, head in ask(store, "canonical", who=nodes(asked)) if who and head}
    heads = {iri: canonical.get(iri, iri) for iri in asked}
    members: dict[str, set[str]] = defaultdict(set)
    for head, who in ask(store, "members", canonical=nodes(heads.values())):
        if head and who:
            members[head.value].add(who.value)
    return {iri: sorted(members[head] | {head, iri}) for iri, head in heads.items()}


def describe(store: Store, iris: Iterable[str]) -> dict[str, Node]:
    """For each node the one that stands for its cluster, with name and class.

    The name is the longest of its preferred names; a node without one is called by the end of its IRI.
    """
    asked = sorted(set(iris))
    canonical = {who.value: head.value for who, head in ask(store, "canonical", who=nodes(asked)) if who and head}
    heads = {iri: canonical.get(iri, iri) for iri in asked}
    names: dict[str, list[str]] = defaultdict(list)
    kinds: dict[str, list[str]] = defaultdict(list)
    for node, prop, value in ask(store, "nodes", node=nodes(set(heads.values()))):
        if node is None or prop is None or value is None:
            continue
        if prop.value == _PREFERRED:
            names[node.value].append(value.value)
        elif value.value in _KINDS:
            kinds[node.value].append(value.value[len(ONTOLOGY) :])
    return {iri: Node(head, _best_name(names[head], head), _usual(kinds[head])) for iri, head in heads.items()}


def _best_name(names: list[str], iri: str) -> str:
    return min(names, key=lambda name: (-len(name), name)) if names else iri.rstrip("/#").rpartition("/")[2]


def _usual(kinds: list[str]) -> str:
    return min(kinds, key=lambda kind: (-kinds.count(kind), kind)) if kinds else ""


def _weights(store: Store, groups: Mapping[str, list[str]]) -> Counter[str]:
    """How many claims each cluster takes part in, counted up to a thousand for each of its nodes."""
    owner = {member: head for head, members in groups.items() for member in members}
    weight: Counter[str] = Counter()
    if len(groups) > 1:
        for who, claims in counted(store, "weights", "who", nodes(owner), most=_MOST_CLAIMS).items():
            weight[owner[who]] += claims
    return weight


def _containing(store: Store, key: str) -> list[Row]:
    """Entities whose names contain the folded text as whole words, and the names; raises QueryError."""
    part = Literal(key)
    if not store.indexed:
        return ask(store, "names_containing", part=[part])
    words = sorted(set(key.split()))
    counts = counted(store, "indexed/words", "word", map(Literal, words), most=_MOST_READ)
    rarest = min(words, key=lambda word: (counts.get(word, 0), word))
    if counts.get(rarest, 0) >= _MOST_READ:
        raise _too_many(key, store)
    return ask(store, "indexed/names_containing", word=[Literal(rarest)], part=[part])


def _too_many(name: str, store: Store) -> QueryError:
    return QueryError(
        f"more than {_MOST_NAMES:,} names contain {name!r}", place=store.location, hint="give more of the name"
    )


def _as_iri(name: str) -> str | None:
    """The IRI that the text spells, in full, in angle brackets or with a known prefix."""
    text = name.strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES and " " not in local:
        return PREFIXES[prefix] + local
    if text.startswith(("http://", "https://", "urn:")):
        try:
            return str(NamedNode(text).value)
        except ValueError:
            return None
    return None
