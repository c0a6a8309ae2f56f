"""A store from its backup: N-Quads (or TriG) as `kg export --format nq` writes them, read back exactly."""

from __future__ import annotations

import gzip
from collections import defaultdict, deque
from pathlib import Path
from typing import IO, Final

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

from kg.errors import SourceError
from kg.store.interface import Store

#: The first line of an export in N-Quads, and how its last line begins: a file with the one and not the other is cut.
COUNT_PROMISED: Final = "# N-Quads of a knowledge graph; the last line counts the statements"
COUNT_GIVEN: Final = "# statements: "
_FORMATS: Final = {".nq": RdfFormat.N_QUADS, ".trig": RdfFormat.TRIG}


def restore(store: Store, path: Path) -> tuple[int, int]:
    """Make the store hold exactly what the file holds; gives the numbers of graphs and quads.

    `.nq` or `.trig`, also with `.gz`. All of it or nothing: a file that breaks off changes nothing. Raises SourceError
    with the line where the file is not what it says, or where a triple stands in no named graph.
    """
    graphs: dict[str, list[Quad]] = defaultdict(list)
    form = _FORMATS.get(path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix)
    if form is None:
        raise SourceError("not a backup of a store", place=str(path), hint="give a file .nq or .trig, or with .gz")
    try:
        with _opened(path) as stream:
            for quad in pyoxigraph.parse(stream, format=form):
                if isinstance(quad.graph_name, DefaultGraph) or not isinstance(quad.graph_name, NamedNode):
                    raise SourceError(
                        f"this triple is in no named graph: {quad.triple}",
                        place=str(path),
                        hint="a store holds named graphs only, one for each document or list",
                    )
                graphs[quad.graph_name.value].append(quad)
    except (OSError, EOFError, SyntaxError, ValueError) as error:
        raise SourceError(f"cannot be read: {error}", place=str(path), hint="export it again") from error
    count = sum(map(len, graphs.values()))
    expected = _counted(path)
    if not count or (expected is not None and expected != count):
        raise SourceError(
            f"{count} statements in it" + (f" where its end counts {expected}" if expected and expected > 0 else ""),
            place=str(path),
            hint="the file is empty or cut; export it again",
        )
    store.replace_graphs({**{name: [] for name in store.graph_names()}, **graphs})
    return len(graphs), count


def _counted(path: Path) -> int | None:
    """The count at the file's end; -1 where it was promised and is missing, None where no count was promised."""
    with _opened(path) as stream:
        if stream.readline().decode("utf-8", "replace").strip() != COUNT_PROMISED:
            return None
        last = deque(stream, maxlen=1)
    line = last.pop().decode("utf-8", "replace").strip() if last else ""
    number = line.removeprefix(COUNT_GIVEN)
    return int(number) if line.startswith(COUNT_GIVEN) and number.isdigit() else -1


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]
