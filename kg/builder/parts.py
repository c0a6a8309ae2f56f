"""Parts of a build for bulk loading into any store: N-Quads, packed, and the claims as Parquet.

Each part holds whole documents and is written beside its name first, so that none is ever half there. The claims are
written where pyarrow is installed; their columns are those of the edges of the CSV export.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode, Quad

from kg.builder.journal import Entry, unpacked
from kg.errors import KgError
from kg.files import replacing
from kg.namespaces import ONTOLOGY, expand
from kg.rdf.claim_record import Value, claim_texts

DOCUMENTS: Final = 1000
"""Documents of a part at most."""
_COLUMNS: Final = (
    "claim",
    "document",
    "subject",
    "predicate",
    "object",
    "status",
    "date",
    "claimant",
    "confidence",
    "rule",
    "quotation",
)


def write_parts(entries: Iterable[Entry], folder: Path) -> Iterator[Path]:
    """Write `part-00000.nq.gz` and so on, and beside each the Parquet file of its claims; gives the paths."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = iter(entries)
        for number in count():
            group = list(islice(stream, DOCUMENTS))
            if not group:
                return
            yield from _part(group, folder / f"part-{number:05}")
    except OSError as error:
        raise KgError(
            f"cannot be written: {error.strerror}", place=str(folder), hint="choose another folder"
        ) from error


def _part(group: list[Entry], stem: Path) -> Iterator[Path]:
    path = stem.with_name(f"{stem.name}.nq.gz")
    with (
        replacing(path) as fresh,
        fresh.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed,
    ):
        for entry in group:
            packed.write(entry.lines())
    yield path
    yield from _parquet(group, stem.with_name(f"{stem.name}.parquet"))


def _parquet(group: list[Entry], path: Path) -> Iterator[Path]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        return
    rows = [row for entry in group for row in claims(unpacked(entry.quads))]
    table: Any = pyarrow.Table.from_pylist(rows, schema=_schema(pyarrow))
    with replacing(path) as fresh:
        parquet.write_table(table, fresh)
    yield path


def _schema(pyarrow: Any) -> Any:
    kinds = {"confidence": pyarrow.float64()}
    return pyarrow.schema([(name, kinds.get(name, pyarrow.string())) for name in _COLUMNS])


def claims(quads: Iterable[Quad]) -> list[dict[str, Any]]:
    """One row for each claim of a document, in the order of their IRIs."""
    index: defaultdict[str, defaultdict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    document = ""
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.graph_name, NamedNode):
            index[quad.subject.value][quad.predicate.value].append(quad.object)
            document = quad.graph_name.value
    found: list[dict[str, Any]] = []
    for node in sorted(node for node, values in index.items() if expand("kg:predicate") in values):
        told = claim_texts(index, node)
        row = {
            "subject": told.subject,
            "predicate": ONTOLOGY + told.predicate,
            "object": told.object,
            "status": told.status and ONTOLOGY + told.status,
            "date": told.date,
            "claimant": told.claimant,
            "confidence": float(told.confidence) if told.confidence else None,
            "rule": told.rule,
            "quotation": told.quote,
        }
        found.append({"claim": node, "document": document} | {name: value or None for name, value in row.items()})
    return found
