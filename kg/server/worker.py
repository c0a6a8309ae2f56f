"""The program of a worker process: one query at a time over the snapshot it is told, answers in whole frames.

On standard input come frames (four bytes of length, then JSON) and on standard output go frames: a JSON head, then the
bytes of the answer. What cannot be answered within the caps of memory and rows is cut (rows, declared in the head) or
ends the process (memory); deadlines are the parent's business, who kills it.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
import tempfile
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyoxigraph
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions

from kg.errors import KgError, QueryError, StoreError
from kg.namespaces import PREFIXES
from kg.store import name_index as index
from kg.store.embedded import open_folder
from kg.store.formats import RDF_SYNTAXES, write, write_graph
from kg.store.interface import Answer, Rows
from kg.store.snapshot import is_store
from kg.store.sparql import refuse_nesting, refuse_reaching_out, syntax_error, tokens

_LENGTH: Final = struct.Struct(">I")
_SMALL: Final = 50_000  # triples of a graph that is put in order and answered from memory

Request = dict[str, Any]


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame; None at the end of the stream."""
    head = stream.read(_LENGTH.size)
    return stream.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else None


def write_frame(stream: BinaryIO, content: bytes) -> None:
    """Write a frame and hand it over."""
    stream.write(_LENGTH.pack(len(content)) + content)
    stream.flush()


def answer(engine: pyoxigraph.Store, request: Request) -> tuple[dict[str, Any], bytes]:
    """Head and body for a query, or for a graph that is to be read; raises KgError."""
    if request["kind"] == "graph":
        return _graph(engine, request)
    return _query(engine, request)


def _graph(engine: pyoxigraph.Store, request: Request) -> tuple[dict[str, Any], bytes]:
    """Whether a graph holds anything and, where a format is asked for, its triples: a large graph goes into a file."""
    graph = pyoxigraph.DefaultGraph() if request["graph"] is None else NamedNode(request["graph"])
    stream = (quad.triple for quad in engine.quads_for_pattern(None, None, None, graph))
    first = list(islice(stream, _SMALL))
    if len(first) < _SMALL or not request["format"]:
        return {"found": bool(first)}, write_graph(first, request["format"]) if first and request["format"] else b""
    descriptor, name = tempfile.mkstemp(prefix="kg-graph-")
    os.close(descriptor)
    pyoxigraph.serialize(chain(first, stream), output=name, format=RDF_SYNTAXES[request["format"]])
    return {"found": True, "file": name}, b""


def _query(engine: pyoxigraph.Store, request: Request) -> tuple[dict[str, Any], bytes]:
    text: str = request["query"]
    refuse_reaching_out(text, allowed=request["services"])
    refuse_nesting(text)
    chosen = _chosen_graphs(engine, text)
    default, named = request["default"], request["named"]
    dataset: dict[str, Any] = {}
    if default is not None or named is not None:
        dataset = {
            "default_graph": [NamedNode(iri) for iri in default or ()],
            "named_graphs": [NamedNode(iri) for iri in named or ()],
        }
    try:
        found = engine.query(
            text,
            base_iri=request["base"],
            prefixes=PREFIXES,
            use_default_graph_as_union=not dataset and not chosen,
            **dataset,
        )
        answered, cut = _within(found, request["rows"])
    except SyntaxError as error:
        raise syntax_error(str(error)) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(str(error)) from error
    return {"cut": cut}, write(answered, request["format"])


def _within(found: object, most: int) -> tuple[Answer, bool]:
    """At most so many rows or triples, and whether there were more."""
    if isinstance(found, QueryBoolean):
        return bool(found), False
    if isinstance(found, QuerySolutions):
        names = [variable.value for variable in found.variables]
        rows = [tuple(solution[name] for name in names) for solution in islice(found, most + 1)]
        return Rows(tuple(names), rows[:most]), len(rows) > most
    triples = list(islice(found, most + 1))  # type: ignore[call-overload]
    return triples[:most], len(triples) > most


def _chosen_graphs(engine: pyoxigraph.Store, text: str) -> bool:
    """Whether the query says FROM; raises QueryError where that names no graph of the store."""
    stream = list(tokens(text))
    chosen = False
    for at, token in enumerate(stream[:-1]):
        if token.word == "FROM":
            chosen = True
            target = stream[at + 2] if stream[at + 1].word == "NAMED" and at + 2 < len(stream) else stream[at + 1]
            iri = target.text.strip("<>") if target.kind == "iri" else ""
            if target.kind == "iri" and ":" in iri and not _holds(engine, iri):
                raise QueryError(f"FROM {target.text} names no graph of this store, and nothing is fetched")
    return chosen


def _holds(engine: pyoxigraph.Store, iri: str) -> bool:
    try:
        return engine.contains_named_graph(NamedNode(iri))
    except ValueError:
        return False


def update(folder: Path, request: Request) -> None:
    """Run one SPARQL update on the store itself, in one transaction; raises KgError."""
    refuse_reaching_out(request["update"])
    refuse_nesting(request["update"])
    if not is_store(folder):
        raise StoreError("the store is no longer there", place=str(folder), hint="start the server anew")
    with open_folder(folder) as store:
        whole = store.indexed
        store.engine.remove(index.COMPLETE)  # an update may say anything of names: the next build reads them anew
        try:
            store.engine.update(request["update"], base_iri=request["base"], prefixes=PREFIXES)
        except (SyntaxError, OSError, RuntimeError, ValueError) as error:
            if whole:
                store.engine.add(index.COMPLETE)
            raise syntax_error(str(error)) if isinstance(error, SyntaxError) else QueryError(str(error)) from None


def _most_used() -> int:
    """Bytes that this process has held at most; what a large query took is seldom given back whole."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main() -> None:
    """Serve until standard input ends; the argument is the cap of memory in MiB."""
    limit = int(sys.argv[1]) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    engine: pyoxigraph.Store | None = None
    opened = ""
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    while (frame := read_frame(incoming)) is not None:
        request = json.loads(frame)
        head: dict[str, Any] = {}
        body = b""
        try:
            if request["kind"] == "update":
                update(Path(request["folder"]), request)
            elif request["kind"] != "ready":
                if engine is None or opened != request["folder"]:
                    opened = request["folder"]
                    engine = pyoxigraph.Store.read_only(opened)
                head, body = answer(engine, request)
        except KgError as error:
            head = {"error": type(error).__name__, "message": str(error)}
        except MemoryError:
            head = {"error": "QueryTimeout", "message": "the query needs more memory than one query may have"}
        head["worn"] = _most_used() > limit // 2
        try:
            write_frame(outgoing, json.dumps(head).encode())
            write_frame(outgoing, body)
        except BrokenPipeError:  # the server is gone
            os._exit(0)


if __name__ == "__main__":
    main()
