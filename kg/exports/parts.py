"""What a build read, as parts that any store loads in bulk: N-Quads, packed, and the claims as Parquet.

Each part holds whole documents and is written beside its name first, so that none is ever half there. The claims are
written where pyarrow is installed; their columns are those of the edges of the CSV export.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import KgError
from kg.journal import Entry, unpacked
from kg.namespaces import expand

DOCUMENTS: Final = 1000
"""Documents of a part at most."""
_FIELDS: Final = {
    "subject": "kg:subject",
    "predicate": "kg:predicate",
    "object": "kg:object",
    "status": "kg:status",
    "date": "kg:date",
    "claimant": "kg:claimant",
    "confidence": "kg:confidence",
    "rule": "kg:rule",
}


def write_parts(entries: Iterable[Entry], folder: Path) -> Iterator[Path]:
    """Write `part-00000.nq.gz` and so on, and beside each the Parquet file of its claims; gives the paths."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        group: list[Entry] = []
        number = 0
        for entry in entries:
            group.append(entry)
            if len(group) == DOCUMENTS:
                yield from _part(group, folder / f"part-{number:05}")
                group, number = [], number + 1
        if group:
            yield from _part(group, folder / f"part-{number:05}")
    except OSError as error:
        raise KgError(
            f"cannot be written: {error.strerror}", place=str(folder), hint="choose another folder"
        ) from error


def _part(group: list[Entry], stem: Path) -> Iterator[Path]:
    path = stem.with_name(f"{stem.name}.nq.gz")
    made = path.with_name(f".{path.name}.new")
    with made.open("wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
        for entry in group:
            packed.write(entry.lines())
    os.replace(made, path)
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
    made = path.with_name(f".{path.name}.new")
    parquet.write_table(table, made)
    os.replace(made, path)
    yield path


def _schema(pyarrow: Any) -> Any:
    columns = ["claim", "document", *_FIELDS, "quotation"]
    return pyarrow.schema([(name, pyarrow.float64() if name == "confidence" else pyarrow.string()) for name in columns])


def claims(quads: Iterable[Quad]) -> list[dict[str, Any]]:
    """One row for each claim of a document, in the order of their IRIs."""
    about: dict[str, dict[str, str]] = {}
    selectors: dict[str, list[str]] = {}
    document = ""
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            about.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value
            if quad.predicate.value == expand("oa:hasSelector"):
                selectors.setdefault(quad.subject.value, []).append(quad.object.value)
            document = getattr(quad.graph_name, "value", "")
    evidence, exact = expand("kg:evidence"), expand("oa:exact")
    found: list[dict[str, Any]] = []
    for node, told in sorted(about.items()):
        if expand("kg:predicate") not in told or expand("kg:subject") not in told:
            continue
        row: dict[str, Any] = {name: told.get(expand(key)) for name, key in _FIELDS.items()}
        row["confidence"] = float(row["confidence"]) if row["confidence"] else None
        words = next(
            (about[one][exact] for one in selectors.get(told.get(evidence, ""), ()) if exact in about.get(one, {})),
            None,
        )
        found.append({"claim": node, "document": document, **row, "quotation": words})
    return found
