"""Rows -> GraphML and GEXF, through networkx: nodes are entities and texts, edges are claims of every status.

Held: names, types and attributes of entities (several values as a JSON list), and of each claim all fields of its row,
the weight being its confidence. In GEXF a claim is there from the first day of its date to the last day of its end
date. Not held: which document gave which name; named graphs; characters that XML cannot hold are U+FFFD, and every
line end is `\\n`. A claim about a text ("listed for ...") ends in a node of the type Text.
"""

from __future__ import annotations

import io
import json
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Final
from xml.etree.ElementTree import ElementTree

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter
from pyoxigraph import Quad

from kg.exports.tables import ClaimRow, EntityRow, Tables, tables
from kg.namespaces import RESOURCE, digest

_NOT_XML: Final = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graphml(quads: Iterable[Quad]) -> Iterator[bytes]:
    """GraphML: a directed multigraph, the claim's IRI being the id of its edge."""
    buffer = io.BytesIO()
    nx.write_graphml(network(tables(quads)), buffer, named_key_ids=True, prettyprint=True)
    yield buffer.getvalue()


def gexf(quads: Iterable[Quad]) -> Iterator[bytes]:
    """GEXF 1.2: labels, weights and, where a claim is dated, `start` and `end`."""
    graph = network(tables(quads))
    for _, _, edge in graph.edges(data=True):
        start, end = interval(str(edge.get("date", "")), str(edge.get("date_end", "")))
        edge.update({key: day for key, day in (("start", start), ("end", end)) if day})
    writer = GEXFWriter(graph, encoding="utf-8", prettyprint=True, version="1.2draft")
    for meta in writer.xml.iter("meta"):
        meta.attrib.pop("lastmodifieddate", None)  # the only thing in the file that the clock would change
    buffer = io.BytesIO()
    writer.indent(writer.xml)
    ElementTree(writer.xml).write(buffer, encoding="utf-8", xml_declaration=True)
    yield buffer.getvalue()


def network(rows: Tables) -> nx.MultiDiGraph[str]:
    """The rows as a directed multigraph of plain values; an edge's key is the IRI of its claim."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for entity in rows.entities:
        graph.add_node(entity.id, **_entity(entity))
    for claim in rows.claims:
        target = claim.object or f"{RESOURCE}text/{digest('text', claim.object_text)}"
        if not claim.object:
            graph.add_node(target, label=xml_text(claim.object_text), type="Text")
        for end in (claim.subject, target):
            if end not in graph:
                graph.add_node(end, label=end, type="")
        graph.add_edge(claim.subject, target, key=claim.id, **_claim(claim))
    return graph


def _entity(row: EntityRow) -> dict[str, str]:
    shown = {"label": row.name, "type": row.type, "names": _several(row.names), "types": _several(row.types)}
    if row.attributes:
        shown["attributes"] = json.dumps(row.attributes, ensure_ascii=False)
    if row.sources:
        shown["sources"] = _several(row.sources)
    if row.canonical:
        shown["canonical"] = row.canonical
    return {key: xml_text(value) for key, value in shown.items()}


def _claim(row: ClaimRow) -> dict[str, str | float]:
    """The fields that are set; offsets are `evidence_start` and `evidence_end`, since GEXF keeps `start` for time."""
    names = {"start": "evidence_start", "end": "evidence_end", "id": "claim"}
    found = {names.get(key, key): xml_text(value) for key, value in asdict(row).items() if value}
    for ends in ("subject", "object"):
        found.pop(ends, None)
    return {"label": row.predicate.replace("_", " "), "weight": float(row.confidence or 1), **found}


def interval(date: str, date_end: str) -> tuple[str, str]:
    """The first and the last day that two dates of any precision span; empty where there is none.

    >>> interval("2019-02", "2020")
    ('2019-02-01', '2020-12-31')
    """
    start = f"{date}-01-01" if len(date) == 4 else f"{date}-01" if len(date) == 7 else date
    end = date_end
    if len(date_end) == 4:
        end = f"{date_end}-12-31"
    elif len(date_end) == 7:
        year, month = map(int, date_end.split("-"))
        end = f"{date_end}-{monthrange(year, month)[1]:02d}"
    return start, end


def xml_text(text: str) -> str:
    """`text` with what XML cannot hold replaced by U+FFFD, and line ends as a parser would give them back."""
    return _NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _several(values: Iterable[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
