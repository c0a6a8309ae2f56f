"""A network -> what the page reads: one JSON object with short keys, and the same as JSON safe inside HTML.

Nodes, evidence and documents stand in lists and are referred to by place. Ids are IRIs without the common part, so
that a permalink stays valid when the graph grows. Nothing is escaped here but what JSON and HTML need: the browser
puts every string into the page as text.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from kg.namespaces import RESOURCE
from kg.network.build import Network, NetworkClaim
from kg.view.layout import positions

_UNSAFE: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")

Payload = dict[str, Any]


def payload(graph: Network, *, title: str = "", seed: int = 0, placed: bool = True) -> Payload:
    """The JSON-able form of a network made by `kg.network`; `placed` adds positions."""
    sources = {iri: place for place, iri in enumerate(graph.graph["documents"])}
    places = {node: place for place, node in enumerate(graph)}
    spots = positions(graph, seed=seed) if placed else {}
    evidence: dict[tuple[str, ...], int] = {}
    nodes = []
    claims: list[Payload] = []
    for node, attrs in graph.nodes(data=True):
        shown: Payload = {"i": short(node), "n": attrs["label"], "t": attrs["type"]}
        if placed:
            shown["x"], shown["y"] = spots[node]
        if attrs["listing"]:
            shown["l"] = attrs["listing"]
        if attrs["names"]:
            shown["a"] = attrs["names"]
        if attrs["attributes"]:
            shown["k"] = [list(pair) for pair in attrs["attributes"]]
        mentioned = [sources[iri] for iri in attrs["documents"] if iri in sources]
        if mentioned:
            shown["d"] = mentioned
        nodes.append(shown)
        claims.extend(_claim(fact, places, sources, evidence) for fact in attrs["facts"])
    claims.extend(_claim(attrs["claim"], places, sources, evidence) for _, _, attrs in graph.edges(data=True))
    return {
        "title": title,
        "nodes": nodes,
        "claims": claims,
        "evidence": [_present(q=q, p=p, s=s, at=at, row=row) for q, p, s, at, row in evidence],
        "documents": [
            _present(i=short(iri), n=doc.title, dt=doc.date, u=doc.url, f=doc.path, b=doc.publisher)
            for iri, doc in graph.graph["documents"].items()
        ],
        "leftOut": dict(graph.graph.get("left_out", {})),
    }


def _claim(
    claim: NetworkClaim, places: dict[str, int], sources: dict[str, int], evidence: dict[tuple[str, ...], int]
) -> Payload:
    quoted = (claim.quote, claim.prefix, claim.suffix, claim.start, claim.row)
    shown: Payload = {"i": claim.iri.rsplit("/", 1)[-1], "s": places[claim.subject], "p": claim.predicate}
    if claim.literal:
        shown["v"] = claim.object
    else:
        shown["o"] = places[claim.object]
    if any(quoted):
        shown["e"] = evidence.setdefault(quoted, len(evidence))
    if claim.source in sources:
        shown["d"] = sources[claim.source]
    if claim.claimant in places:
        shown["by"] = places[claim.claimant]
    if claim.status != "asserted":
        shown["st"] = claim.status
    if claim.confidence < 1:
        shown["c"] = round(claim.confidence, 3)
    shown.update(
        _present(
            dt=claim.date,
            de=claim.date_end,
            pc=claim.percent,
            pl=claim.percent_min,
            ph=claim.percent_max,
            am=claim.amount,
            r=claim.rule,
            co=claim.corroboration,
            cn=claim.corroboration_note,
        )
    )
    return shown


def short(iri: str) -> str:
    """The IRI without the project's own base: `entity/hikvision-0a1b2c3d4e`."""
    return iri.removeprefix(RESOURCE)


def full(name: str) -> str:
    """The IRI that `short` shortened."""
    return name if re.match(r"[a-z][a-z0-9+.-]*:", name) else RESOURCE + name


def script_json(value: object) -> str:
    r"""`value` as JSON that cannot end a script element or a line; lone surrogates become U+FFFD.

    >>> script_json("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    for char, escaped in _UNSAFE.items():
        text = text.replace(char, escaped)
    return _SURROGATES.sub("\ufffd", text)


def _present(**pairs: str) -> Payload:
    return {key: value for key, value in pairs.items() if value}
