"""A store -> the network to be drawn: whole where it is small, else the part around a name, a listing or a path.

A big store is never read whole: claims are asked for by the named queries of `ontology/queries/`, entity by entity,
and what a limit keeps away is counted in the network's `left_out` (`entities`, `claims`, `why`), so that the page can
say it. Nodes that are kept first: the focus, then the nearest, then those with most claims.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg import queries
from kg.namespaces import expand, name_key, term
from kg.network.build import Network, network, subnetwork
from kg.queries.named import ask, nodes
from kg.store import Rows, Store, Term

DRAWN: Final = 5_000  # entities that a file holds unless more are asked for
_HUB: Final = 3_000  # claims of one entity that are read at most
_WHOLE: Final = 40_000  # claims up to which the whole store may be read


def load_network(
    store: Store,
    *,
    focus: str | None = None,
    hops: int = 2,
    limit: int = DRAWN,
    quads: Iterable[Quad] | None = None,
) -> Network:
    """The network of a store, at most `limit` entities: around `focus` (a name or an IRI), or the most connected.

    `quads` are those of the store where they are at hand; reading it whole takes longer. Raises NotFound for a name
    that the store does not hold.
    """
    if focus is not None:
        return around(store, focus, hops=hops, limit=limit)
    if count(store, "?x a kg:Claim") > _WHOLE:
        return _most_connected(store, limit)
    whole = network(store.quads() if quads is None else quads)
    if len(whole) <= limit:
        return whole
    ranked = sorted(whole, key=lambda node: (not whole.nodes[node]["listed"], -whole.degree(node), node))
    kept = sorted(whole, key=lambda node: (-whole.degree(node), node))[: limit // 2]
    kept += [node for node in ranked if node not in set(kept)][: limit - len(kept)]
    part = subnetwork(whole, kept)
    part.graph["left_out"]["why"] = f"the {limit:,} most connected and listed ones are drawn"
    return part


def around(store: Store, name: str, *, hops: int = 1, limit: int = DRAWN) -> Network:
    """The entities within `hops` claims of the one called `name`, and the claims between them."""
    return grow(store, [queries.find(store, name).entity.iri], hops=hops, limit=limit)


def grow(store: Store, starts: Iterable[str], *, hops: int, limit: int) -> Network:
    """The network of `starts` and of what is within `hops` claims of them, at most `limit` entities."""
    kept: dict[str, None] = dict.fromkeys(starts)
    frontier = list(kept)
    left: set[str] = set()
    why = ""
    for _ in range(hops):
        rows, cut = _touching(store, frontier)
        near: Counter[str] = Counter()
        heads = _heads(store, {end for row in rows for end in row[1:]})
        for _, subject, target in rows:
            near.update({heads[subject], heads[target]} - kept.keys())
        ranked = sorted(near, key=lambda node: (-near[node], node))
        room = max(0, limit - len(kept))
        left.update(ranked[room:])
        if cut or ranked[room:]:
            why = f"at most {limit:,} entities are drawn at once"
        frontier = ranked[:room]
        kept.update(dict.fromkeys(frontier))
    return _between(store, kept, len(left - kept.keys()), why)


def connect(store: Store, start: str, end: str, *, k: int = 2) -> Network:
    """The network of the best chains of claims between two names or IRIs; empty when nothing connects them."""
    chains = queries.paths(store, start, end, k=k)
    claims = {claim.iri for chain in chains for step in chain.steps for claim in step.claims}
    ends = {node.iri for chain in chains for node in chain.nodes}
    members = {member for group in queries.clusters(store, ends).values() for member in group}
    claims |= {row[0].value for row in ask(store, "listings", who=nodes(members)) if row[0] is not None}
    graph = network(_triples(store, claims, ends))
    part = subnetwork(graph, ends | _claimants(graph))
    part.graph["left_out"] = {}
    return part


def listed(store: Store, listing: str, *, limit: int) -> Network:
    """What an authority, list or programme has listed, and the claims among these."""
    head = queries.find(store, listing).entity.iri
    members = queries.clusters(store, [head])[head]
    found: set[str] = set()
    for member in members:
        answer = _rows(
            store.query(
                "SELECT DISTINCT ?who { ?who kg:listed_by|kg:listed_on|kg:listed_under ?by } ORDER BY ?who LIMIT 20001",
                bindings={"by": NamedNode(member)},
            )
        )
        found.update(row[0].value for row in answer if row[0] is not None)
    heads = sorted(set(_heads(store, found).values()) - {head})
    kept = heads[: limit - 1]
    why = f"at most {limit:,} entities are drawn at once" if len(heads) > len(kept) else ""
    return _between(store, dict.fromkeys([head, *kept]), len(heads) - len(kept), why)


def search(store: Store, text: str, *, limit: int = 12) -> list[dict[str, object]]:
    """Entities that have a name with a word that begins as `text` does: id, name and type, the closest first."""
    key = name_key(text)
    if not key:
        return []
    answer = _rows(
        store.query(
            "SELECT DISTINCT ?who ?key { ?who kg:name_key ?key FILTER(CONTAINS(CONCAT(' ', ?key), ?part)) } LIMIT 200",
            bindings={"part": Literal(f" {key}")},
        )
    )
    best: dict[str, tuple[int, int, str]] = {}
    for who, found in answer:
        if who is not None and found is not None:
            rank = (0 if found.value == key else 1 if found.value.startswith(key) else 2, len(found.value), found.value)
            best[who.value] = min(rank, best.get(who.value, rank))
    known = queries.describe(store, best)
    ranked: dict[str, tuple[int, int, str]] = {}
    for iri, rank in best.items():
        head = known[iri].iri
        ranked[head] = min(rank, ranked.get(head, rank))
    named = {node.iri: node for node in known.values()}
    order = sorted(ranked, key=lambda head: (ranked[head], head))[:limit]
    return [{"id": head, "name": named[head].name, "type": named[head].kind} for head in order]


def listings(store: Store, *, limit: int = 40) -> list[dict[str, object]]:
    """The authorities, lists and programmes with the number of what each has listed, the largest first."""
    answer = _rows(
        store.query(
            "SELECT ?by (COUNT(DISTINCT ?who) AS ?listed) { ?who kg:listed_by|kg:listed_on|kg:listed_under ?by }"
            f" GROUP BY ?by ORDER BY DESC(?listed) ?by LIMIT {limit}"
        )
    )
    tally = {by.value: int(number.value) for by, number in answer if by is not None and number is not None}
    known = queries.describe(store, tally)
    merged: Counter[str] = Counter()
    for iri, number in tally.items():
        merged[known[iri].iri] += number
    named = {node.iri: node.name for node in known.values()}
    order = sorted(merged, key=lambda head: (-merged[head], named[head], head))
    return [{"id": head, "name": named[head], "listed": merged[head]} for head in order]


def count(store: Store, pattern: str) -> int:
    """How many distinct `?x` fit a graph pattern of the program's own (never of a user)."""
    rows = _rows(store.query(f"SELECT (COUNT(DISTINCT ?x) AS ?number) {{ {pattern} }}"))
    return int(rows[0][0].value) if rows and rows[0][0] is not None else 0


def degrees(store: Store, iris: Iterable[str]) -> Counter[str]:
    """How many claims between entities touch each node's cluster."""
    clusters = queries.clusters(store, iris)
    owner = {member: head for head, members in clusters.items() for member in members}
    tally: Counter[str] = Counter()
    ordered = sorted(owner)
    for start in range(0, len(ordered), 500):
        values = " ".join(str(NamedNode(iri)) for iri in ordered[start : start + 500])
        answer = _rows(
            store.query(
                f"SELECT ?who (COUNT(?claim) AS ?number) {{ VALUES ?who {{ {values} }}"
                " { ?claim kg:subject ?who ; kg:object ?other FILTER(isIRI(?other)) } UNION { ?claim kg:object ?who } }"
                " GROUP BY ?who"
            )
        )
        for who, number in answer:
            if who is not None and number is not None:
                tally[owner[who.value]] += int(number.value)
    return tally


def _touching(store: Store, heads: Iterable[str]) -> tuple[list[tuple[str, str, str]], bool]:
    """Claims (IRI, subject, object) that touch these clusters; True beside them when a hub was read in part only."""
    clusters = queries.clusters(store, heads)
    members = sorted({member for group in clusters.values() for member in group})
    tally = degrees(store, members)
    hubs = [member for member in members if tally[member] > _HUB]
    rows = [
        (claim.value, subject.value, target.value)
        for claim, subject, target, _, _ in ask(store, "edges", who=nodes(set(members) - set(hubs)))
        if claim and subject and target
    ]
    for hub in hubs:
        answer = _rows(
            store.query(
                "SELECT ?claim ?subject ?object { { ?claim kg:subject ?who } UNION { ?claim kg:object ?who }"
                f" ?claim kg:subject ?subject ; kg:object ?object FILTER(isIRI(?object)) }} LIMIT {_HUB}",
                bindings={"who": NamedNode(hub)},
            )
        )
        rows += [(c.value, s.value, o.value) for c, s, o in answer if c and s and o]
    return sorted(set(rows)), bool(hubs)


def _between(store: Store, kept: Iterable[str], left: int, why: str) -> Network:
    """The network of these clusters: claims between them, what is stated of each, and their claimants."""
    wanted = list(kept)
    clusters = queries.clusters(store, wanted)
    members = {member for group in clusters.values() for member in group}
    values = sorted(members)
    claims: set[str] = set()
    for start in range(0, len(values), 500):
        part = " ".join(str(NamedNode(iri)) for iri in values[start : start + 500])
        answer = _rows(
            store.query(
                f"SELECT ?claim ?object ?predicate {{ VALUES ?who {{ {part} }}"
                " ?claim kg:subject ?who ; kg:object ?object ; kg:predicate ?predicate }"
            )
        )
        for claim, target, predicate in answer:
            listing = predicate is not None and predicate.value in _LISTING  # who is listed is told of the whole store
            if claim is not None and (listing or not isinstance(target, NamedNode) or target.value in members):
                claims.add(claim.value)
    graph = subnetwork(whole := network(_triples(store, claims, members)), set(wanted) | _claimants(whole))
    graph.graph["left_out"] = {"entities": left, "why": why} if left or why else {}
    return graph


def _claimants(graph: Network) -> set[str]:
    said = {attrs["claim"].claimant for _, _, attrs in graph.edges(data=True)}
    said |= {fact.claimant for _, attrs in graph.nodes(data=True) for fact in attrs["facts"]}
    return (said - {""}) & set(graph)


def _triples(store: Store, claims: Iterable[str], entities: Iterable[str]) -> list[Triple]:
    """Everything that `kg.network.network` reads of these claims and entities."""
    stated = _properties(store, "claims", "claim", claims)
    pointed: dict[str, set[str]] = {name: set() for name in ("evidence", "source", "claimant")}
    for triple in stated:
        if isinstance(triple.object, NamedNode):
            kind = _POINTERS.get(triple.predicate.value)
            if kind:
                pointed[kind].add(triple.object.value)
    quoted: list[Triple] = []
    for _, part, prop, value in ask(store, "evidence", evidence=nodes(pointed["evidence"])):
        quoted += _triple(part, prop, value)
    people = {*entities, *pointed["claimant"]}
    described = _properties(store, "properties", "who", people)
    pointed["source"] |= {
        triple.object.value
        for triple in described
        if triple.predicate.value in _MENTIONS and isinstance(triple.object, NamedNode)
    }
    documents = _properties(store, "documents", "document", pointed["source"])
    told = expand("kg:corroboration")
    judged = {
        triple.subject.value
        for triple in stated
        if triple.predicate.value == told and isinstance(triple.subject, NamedNode)
    }
    return [*stated, *quoted, *described, *documents, *_notes(store, judged)]


def _notes(store: Store, claims: Iterable[str]) -> list[Triple]:
    """What the corroborations of these claims say in words."""
    found: list[Triple] = []
    ordered = sorted(claims)
    for start in range(0, len(ordered), 500):
        values = " ".join(str(NamedNode(iri)) for iri in ordered[start : start + 500])
        answer = _rows(
            store.query(
                f"SELECT ?told ?claim ?note {{ VALUES ?claim {{ {values} }}"
                " ?told kg:corroborates ?claim ; kg:note ?note }"
            )
        )
        for told, claim, note in answer:
            found += _triple(told, NamedNode(expand("kg:corroborates")), claim)
            found += _triple(told, NamedNode(expand("kg:note")), note)
    return found


_LISTING: Final = frozenset(map(term, ("listed_by", "listed_on", "listed_under", "delisted_by")))
_POINTERS: Final = {
    expand("kg:evidence"): "evidence",
    expand("prov:wasDerivedFrom"): "source",
    expand("kg:claimant"): "claimant",
}
_MENTIONS: Final = frozenset({expand("kg:mentioned_in"), expand("kg:listed_entry_of")})


def _properties(store: Store, query: str, parameter: str, iris: Iterable[str]) -> list[Triple]:
    return [triple for row in ask(store, query, **{parameter: nodes(iris)}) for triple in _triple(*row)]


def _triple(subject: Term | None, predicate: Term | None, value: Term | None) -> list[Triple]:
    if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode) and value is not None:
        return [Triple(subject, predicate, value)]
    return []


def _heads(store: Store, iris: Iterable[str]) -> dict[str, str]:
    wanted = sorted(set(iris))
    found = {who.value: head.value for who, head in ask(store, "canonical", who=nodes(wanted)) if who and head}
    return {iri: found.get(iri, iri) for iri in wanted}


def _most_connected(store: Store, limit: int) -> Network:
    answer = _rows(
        store.query(
            "SELECT ?who (COUNT(?claim) AS ?number) {"
            " { ?claim kg:subject ?who ; kg:object ?other FILTER(isIRI(?other)) }"
            " UNION { ?claim kg:object ?who FILTER(isIRI(?who)) } }"
            f" GROUP BY ?who ORDER BY DESC(?number) ?who LIMIT {limit}"
        )
    )
    heads = sorted(set(_heads(store, {row[0].value for row in answer if row[0] is not None}).values()))
    total = count(store, "?x kg:name_key ?key")
    return _between(store, heads, max(0, total - len(heads)), f"the {len(heads):,} with most claims are drawn")


def _rows(answer: object) -> list[tuple[Term | None, ...]]:
    if not isinstance(answer, Rows):
        raise TypeError("a SELECT gives rows")
    return answer.rows
