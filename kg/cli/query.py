"""`kg query`: SPARQL in, an answer out."""

from __future__ import annotations

import click
from pyoxigraph import BlankNode, Literal, NamedNode

from kg.cli.options import format_option, read_argument, store_option, table
from kg.namespaces import shorten
from kg.store import Answer, open_store
from kg.store.formats import GRAPH_FORMATS, ROW_FORMATS, write


@click.command()
@click.argument("sparql")
@store_option
@format_option("table", "json", "csv", "tsv", "xml", "ttl", "nt")
def query(sparql: str, store: str, format_: str) -> None:
    """Ask any SPARQL 1.1 query; the prefixes kg:, kgd:, skos: and the like need no declaration.

    SPARQL is the query itself, @FILE to read it from a file, or - for standard input.

    Example: kg query 'SELECT ?who ?list { ?who kg:listed_by ?list }'
    """
    text = read_argument(sparql)
    with open_store(store, read_only=True) as opened:
        answer = opened.query(text)
    if format_ == "table":
        click.echo(_table(answer))
        return
    graph = isinstance(answer, list)
    chosen = {"json": "jsonld", "xml": "rdfxml"}.get(format_, format_) if graph else format_
    if chosen not in (GRAPH_FORMATS if graph else ROW_FORMATS):
        fitting = (
            "ttl, nt, json or xml: the answer is a graph" if graph else "json, csv, tsv or xml: the answer has rows"
        )
        raise click.BadParameter(f"{format_} does not fit; use {fitting}", param_hint="--format")
    click.echo(write(answer, chosen), nl=False)


def _table(answer: Answer) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, list):
        triples = sorted(((t.subject, t.predicate, t.object) for t in answer), key=str)
        return table(("subject", "predicate", "object"), [[_cell(term) for term in triple] for triple in triples])
    shown = table(answer.variables, [[_cell(term) for term in row] for row in answer])
    count = len(answer)
    return f"{shown}\n({count} row{'' if count == 1 else 's'})"


def _cell(term: object) -> str:
    if isinstance(term, NamedNode):
        return shorten(term.value)
    return term.value if isinstance(term, Literal | BlankNode) else ""
