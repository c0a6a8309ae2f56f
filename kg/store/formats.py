"""Answers -> bytes in the W3C formats: SPARQL results JSON, XML, CSV, TSV for rows; RDF syntaxes for graphs.

The bytes depend on the answer alone: triples are written in sorted order, rows in the order of the answer.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from html import escape
from typing import Final

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from kg.errors import QueryError
from kg.namespaces import PREFIXES
from kg.store.interface import Answer, Rows, Term

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

_RDF: Final = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
_LANGUAGE_STRING: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_BOOLEAN: Final = "http://www.w3.org/2001/XMLSchema#boolean"
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XMLNS: Final = "http://www.w3.org/2005/sparql-results#"


def write(answer: Answer, name: str) -> bytes:
    """The answer in the format of that short name; raises QueryError where the format cannot hold it."""
    if isinstance(answer, list):
        if name not in _RDF:
            raise QueryError(f"a graph cannot be written as {name}", hint=f"use one of {', '.join(_RDF)}")
        return write_graph(answer, name)
    if name not in ROW_FORMATS:
        raise QueryError(f"rows cannot be written as {name}", hint=f"use one of {', '.join(ROW_FORMATS)}")
    if isinstance(answer, bool):
        return _write_truth(answer, name)
    writer = {"json": _write_json, "xml": _write_xml, "csv": _write_csv, "tsv": _write_tsv}[name]
    return writer(answer)


def write_graph(triples: Iterable[Triple], name: str) -> bytes:
    """The triples, each once and sorted, in the RDF syntax of that short name."""
    ordered = sorted(set(triples), key=str)
    try:
        written = pyoxigraph.serialize(ordered, format=_RDF[name], prefixes=PREFIXES if name == "ttl" else None)
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


def _write_json(rows: Rows) -> bytes:
    bindings = [
        {name: json_term(term) for name, term in zip(rows.variables, row, strict=True) if term is not None}
        for row in rows
    ]
    document = {"head": {"vars": list(rows.variables)}, "results": {"bindings": bindings}}
    return (json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8")


def _write_xml(rows: Rows) -> bytes:
    lines = ['<?xml version="1.0"?>', f'<sparql xmlns="{_XMLNS}">', "<head>"]
    lines += [f"<variable name={_attribute(name)}/>" for name in rows.variables]
    lines += ["</head>", "<results>"]
    for row in rows:
        lines.append("<result>")
        lines += [
            f"<binding name={_attribute(name)}>{_xml_term(term)}</binding>"
            for name, term in zip(rows.variables, row, strict=True)
            if term is not None
        ]
        lines.append("</result>")
    lines += ["</results>", "</sparql>", ""]
    return "\n".join(lines).encode("utf-8")


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


def _write_csv(rows: Rows) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(rows.variables)
    for row in rows:
        values = ["" if term is None else _csv_term(term) for term in row]
        if values == [""]:  # csv would write "" for a row of one empty field; the standard wants an empty line
            out.write("\r\n")
        else:
            writer.writerow(values)
    return out.getvalue().encode("utf-8")


def _csv_term(term: Term) -> str:
    return f"_:{term.value}" if isinstance(term, BlankNode) else term.value


def _write_tsv(rows: Rows) -> bytes:
    lines = ["\t".join(f"?{name}" for name in rows.variables)]
    lines += ["\t".join("" if term is None else str(term).replace("\t", "\\t") for term in row) for row in rows]
    return ("\n".join(lines) + "\n").encode("utf-8")


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
