r"""Rows -> a folder for Neo4j: CSV for `neo4j-admin database import`, and the same as Cypher statements.

Held: entities with labels, names and attributes; every claim as a relationship of its predicate, with all fields of its
row, so a query must say which status it wants (`WHERE r.status = 'asserted'`). A claim about a text ends in a node
labelled Text. Not held: named graphs, and which document gave which name. What can be several is a JSON list.

    neo4j-admin database import full --multiline-fields=true --nodes=nodes.csv --relationships=relationships.csv neo4j
    cypher-shell < load.cypher
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Final

from pyoxigraph import Quad

from kg.exports.tables import CLAIM_FIELDS, Tables, tables
from kg.namespaces import RESOURCE, digest

_NODE: Final = ("id:ID", "name", "type", "names", "types", "attributes", "sources", "canonical", ":LABEL")
_FIELDS: Final = tuple(name for name in CLAIM_FIELDS if name not in ("subject", "predicate", "object"))
_NUMBERS: Final = {"confidence": "float", "percent": "float", "percent_min": "float", "percent_max": "float",
                   "start": "int", "end": "int", "row": "int"}  # fmt: skip
_LABEL: Final = re.compile(r"[^A-Za-z0-9_]")
_ESCAPES: Final = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def neo4j(quads: Iterable[Quad]) -> dict[str, Iterator[bytes]]:
    """`nodes.csv`, `relationships.csv` and `load.cypher`."""
    rows = tables(quads)
    nodes, edges = list(_nodes(rows)), list(_edges(rows))
    header = (":START_ID", ":END_ID", ":TYPE", *(f"{key}:{_NUMBERS.get(key, 'string')}" for key in _FIELDS))
    return {
        "nodes.csv": _csv(_NODE, nodes),
        "relationships.csv": _csv(header, edges),
        "load.cypher": _cypher(nodes, edges),
    }


def _nodes(rows: Tables) -> Iterator[tuple[str, ...]]:
    for row in rows.entities:
        several = (json.dumps(part, ensure_ascii=False) for part in (row.names, row.types, row.attributes, row.sources))
        labels = ";".join(("Entity", *(_LABEL.sub("_", kind) for kind in row.types)))
        yield row.id, row.name, row.type, *several, row.canonical, labels
    known = {row.id for row in rows.entities}
    for text in sorted({row.object_text for row in rows.claims if not row.object}):
        yield _text(text), text, "Text", "[]", "[]", "[]", "[]", "", "Text"
    loose = {end for row in rows.claims for end in (row.subject, row.object) if end} - known
    for iri in sorted(loose):
        yield iri, iri, "", "[]", "[]", "[]", "[]", "", "Entity"


def _edges(rows: Tables) -> Iterator[tuple[str, ...]]:
    for row in rows.claims:
        values = asdict(row)
        yield row.subject, row.object or _text(row.object_text), row.predicate, *(values[key] for key in _FIELDS)


def _text(text: str) -> str:
    return f"{RESOURCE}text/{digest('text', text)}"


def _csv(header: Iterable[str], lines: Iterable[tuple[str, ...]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows(lines)
    yield buffer.getvalue().encode()


def _cypher(nodes: list[tuple[str, ...]], edges: list[tuple[str, ...]]) -> Iterator[bytes]:
    for label in ("Entity", "Text"):
        yield f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE;\n".encode()
    keys = [name.split(":")[0] for name in _NODE[1:-1]]
    for iri, *values, labels in nodes:
        first, *others = labels.split(";")
        more = "".join(f":`{label}`" for label in others)
        shown = _map(zip(keys, values, strict=True))
        kinds = f" SET n{more}" if more else ""
        yield f"MERGE (n:`{first}` {{id: {literal(iri)}}}) SET n += {shown}{kinds};\n".encode()
    for subject, target, kind, *values in edges:
        claim, *rest = zip(_FIELDS, values, strict=True)
        yield (
            f"MATCH (s {{id: {literal(subject)}}}), (o {{id: {literal(target)}}}) "
            f"MERGE (s)-[r:`{_LABEL.sub('_', kind)}` {{id: {literal(claim[1])}}}]->(o) SET r += {_map(rest)};\n"
        ).encode()


def _map(pairs: Iterable[tuple[str, str]]) -> str:
    """A Cypher map of what is set; numbers stay numbers."""
    shown = (f"`{key}`: {value if key in _NUMBERS else literal(value)}" for key, value in pairs if value)
    return "{" + ", ".join(shown) + "}"


def literal(text: str) -> str:
    r"""A Cypher string of `text` on one line: quotes, backslashes, line ends and control characters escaped.

    >>> literal("a'b\\\n")
    "'a\\'b\\\\\\\\\\n'"
    """
    shown = []
    for char in text:
        if char in _ESCAPES:
            shown.append(_ESCAPES[char])
        elif char.isprintable() or char == " ":
            shown.append(char)
        else:
            code = char.encode("utf-16-be", "surrogatepass").hex()
            shown.extend(f"\\u{code[i : i + 4]}" for i in range(0, len(code), 4))
    return f"'{''.join(shown)}'"
