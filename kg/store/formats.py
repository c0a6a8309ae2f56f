"""Answers -> bytes in the W3C formats: SPARQL results JSON, XML, CSV, TSV for rows; RDF syntaxes for graphs.

The bytes depend on the answer alone: triples are written in sorted order, rows in the order of the answer.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import islice
from typing import Final

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from kg.errors import QueryError
from kg.namespaces import PREFIXES
from kg.store.interface import Answer, Row, Rows, Term

#: Short name -> media type, for rows and truth values.
ROW_FORMATS: Final = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
#: Short name -> media type, for graphs.
GRAPH_FORMATS: Final = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}

#: Short name -> the engine's syntax, for graphs.
RDF_SYNTAXES: Final = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
_LANGUAGE_STRING: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_BOOLEAN: Final = "http://www.w3.org/2001/XMLSchema#boolean"
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PIECE: Final = 1000  # rows
_XMLNS: Final = "http://www.w3.org/2005/sparql-results#"


def write(answer: Answer, name: str) -> bytes:
    """The answer in the format of that short name; raises QueryError where the format cannot hold it."""
    if isinstance(answer, list):
        if name not in RDF_SYNTAXES:
            raise QueryError(f"a graph cannot be written as {name}", hint=f"use one of {', '.join(RDF_SYNTAXES)}")
        return write_graph(answer, name)
    if name not in ROW_FORMATS:
        raise QueryError(f"rows cannot be written as {name}", hint=f"use one of {', '.join(ROW_FORMATS)}")
    if isinstance(answer, bool):
        return _write_truth(answer, name)
    return b"".join(write_rows(answer.variables, answer, name))


def write_rows(variables: Sequence[str], rows: Iterable[Row], name: str) -> Iterator[bytes]:
    """Rows in a format of `ROW_FORMATS`, in pieces of about a thousand rows; raises QueryError as `write` does."""
    writer = {"json": _write_json, "xml": _write_xml, "csv": _write_csv, "tsv": _write_tsv}[name]
    pieces = writer(tuple(variables), rows)
    while group := list(islice(pieces, _PIECE)):
        yield "".join(group).encode("utf-8")


def write_graph(triples: Iterable[Triple], name: str) -> bytes:
    """The triples, each once and sorted, in the RDF syntax of that short name."""
    ordered = sorted(set(triples), key=str)
    try:
        written = pyoxigraph.serialize(ordered, format=RDF_SYNTAXES[name], prefixes=PREFIXES if name == "ttl" else None)
    except (OSError, ValueError) as error:
        raise QueryError(f"this graph cannot be written as {name}: {error}", hint="ask for ttl or nt") from None
    return _sort_prefixes(written or b"") if name == "ttl" else written or b""


def _sort_prefixes(turtle: bytes) -> bytes:
    """The engine writes its prefixes in an order that differs from run to run."""
    lines = turtle.split(b"\n")
    count = next((index for index, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines))
    return b"\n".join(sorted(lines[:count]) + lines[count:])


def _write_truth(answer: bool, name: str) -> bytes:
    word = "true" if answer else "false"
    if name == "json":
        return f'{{"head":{{}},"boolean":{word}}}\n'.encode()
    if name == "xml":
        return f'<?xml version="1.0"?>\n<sparql xmlns="{_XMLNS}"><head/><boolean>{word}</boolean></sparql>\n'.encode()
    return f"{word}\n".encode()


def json_term(term: Term) -> dict[str, str]:
    """A term as SPARQL 1.1 results JSON has it."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    written = {"type": "literal", "value": term.value}
    if term.language:
        written["xml:lang"] = term.language
    elif term.datatype.value != _STRING:
        written["datatype"] = term.datatype.value
    return written


def _write_json(variables: tuple[str, ...], rows: Iterable[Row]) -> Iterator[str]:
    yield f'{{"head":{_json({"vars": list(variables)})},"results":{{"bindings":['
    comma = ""
    for row in rows:
        found = {name: json_term(term) for name, term in zip(variables, row, strict=True) if term is not None}
        yield f"{comma}{_json(found)}"
        comma = ","
    yield "]}}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _write_xml(variables: tuple[str, ...], rows: Iterable[Row]) -> Iterator[str]:
    yield f'<?xml version="1.0"?>\n<sparql xmlns="{_XMLNS}">\n<head>\n'
    yield "".join(f"<variable name={_attribute(name)}/>\n" for name in variables) + "</head>\n<results>\n"
    for row in rows:
        bindings = "".join(
            f"<binding name={_attribute(name)}>{_xml_term(term)}</binding>\n"
            for name, term in zip(variables, row, strict=True)
            if term is not None
        )
        yield f"<result>\n{bindings}</result>\n"
    yield "</results>\n</sparql>\n"


def _attribute(text: str) -> str:
    return f'"{escape(text)}"'


def _xml_term(term: Term) -> str:
    bad = _NOT_XML.search(term.value)
    if bad:
        raise QueryError(f"XML cannot hold the character U+{ord(bad.group()):04X} of the answer", hint="ask for json")
    value = escape(term.value, quote=False).replace("\r", "&#13;")
    if isinstance(term, NamedNode):
        return f"<uri>{value}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{value}</bnode>"
    if term.language:
        return f"<literal xml:lang={_attribute(term.language)}>{value}</literal>"
    if term.datatype.value != _STRING:
        return f"<literal datatype={_attribute(term.datatype.value)}>{value}</literal>"
    return f"<literal>{value}</literal>"


def _write_csv(variables: tuple[str, ...], rows: Iterable[Row]) -> Iterator[str]:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(variables)
    for row in rows:
        values = csv_cells(row)
        if values == [""]:  # csv would write "" for a row of one empty field; the standard wants an empty line
            out.write("\r\n")
        else:
            writer.writerow(values)
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def csv_cells(row: Row) -> list[str]:
    """The terms of a row as SPARQL 1.1 results CSV has them."""
    return ["" if term is None else _csv_term(term) for term in row]


def _csv_term(term: Term) -> str:
    return f"_:{term.value}" if isinstance(term, BlankNode) else term.value


def _write_tsv(variables: tuple[str, ...], rows: Iterable[Row]) -> Iterator[str]:
    yield "\t".join(f"?{name}" for name in variables) + "\n"
    for row in rows:
        yield "\t".join("" if term is None else str(term).replace("\t", "\\t") for term in row) + "\n"


def read_rows(document: bytes) -> Rows | bool:
    """SPARQL results JSON read back, Virtuoso's `typed-literal` included; raises ValueError where it is cut short."""
    parsed = json.loads(document)
    if "boolean" in parsed:
        return bool(parsed["boolean"])
    names = tuple(parsed["head"].get("vars", ()))
    rows = [
        tuple(_read_term(binding[name]) if name in binding else None for name in names)
        for binding in parsed["results"]["bindings"]
    ]
    return Rows(names, rows)


def _read_term(term: dict[str, str]) -> Term:
    kind, value = term["type"], term["value"]
    if kind == "uri":
        return NamedNode(value)
    if kind == "bnode":
        return BlankNode(re.sub(r"[^A-Za-z0-9]", "x", value))
    if kind not in ("literal", "typed-literal"):
        raise ValueError(f"unknown kind of term: {kind}")
    language = term.get("xml:lang")
    datatype = term.get("datatype")
    if language:
        return Literal(value, language=language)
    if datatype == _BOOLEAN:
        value = {"1": "true", "0": "false"}.get(value, value)  # Virtuoso
    if datatype and datatype not in (_STRING, _LANGUAGE_STRING):
        return Literal(value, datatype=NamedNode(datatype))
    return Literal(value)
