"""`kg query`: SPARQL in, an answer out, written as it comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import click
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.cli.options import Shape, format_option, natural, read_argument, reading, shape, shape_options, store_option
from kg.cli.terminal import Table, counted, csv_text, emit, say
from kg.namespaces import shorten
from kg.store import Answer, Row, Streamed, stream
from kg.store.formats import GRAPH_FORMATS, ROW_FORMATS, csv_cells, write, write_rows


@click.command()
@click.argument("sparql")
@store_option
@format_option("table", "json", "csv", "tsv", "xml", "ttl", "nt")
@shape_options
def query(sparql: str, store: str, format_: str) -> None:
    """Ask any SPARQL 1.1 query; the prefixes kg:, kgd:, skos: and the like need no declaration.

    SPARQL is the query itself, @FILE to read it from a file, or - for standard input. Rows are written as they come;
    only --sort holds them all.

    Example: kg query 'SELECT ?who ?list { ?who kg:listed_by ?list }'
    """
    text = read_argument(sparql)
    with reading(store) as opened:
        answer = stream(opened, text)
        if isinstance(answer, Streamed):
            _write_rows(answer, format_, shape())
        else:
            _write_other(answer, format_)


def _write_rows(answer: Streamed, format_: str, wanted: Shape) -> None:
    names = answer.variables
    picked = [wanted.column(name.removeprefix("?"), names) for name in wanted.columns]
    rows: Iterator[Row] = iter(answer)
    for name in reversed(wanted.sort):
        at = wanted.column(name.removeprefix("-").removeprefix("?"), names)
        rows = iter(sorted(rows, key=lambda row: natural(_cell(row[at])), reverse=name.startswith("-")))
    if wanted.limit is not None:
        rows = islice(rows, wanted.limit)
    if picked:
        names, rows = tuple(names[at] for at in picked), (tuple(row[at] for at in picked) for row in rows)
    if format_ == "table":
        _table(names, rows)
    elif format_ == "csv":
        emit(csv_text(names, map(csv_cells, rows)))
    elif format_ in ROW_FORMATS:
        emit(write_rows(names, rows, format_))
    else:
        raise _unfit(format_, "json, csv, tsv or xml: the answer has rows")


def _write_other(answer: Answer, format_: str) -> None:
    graph = isinstance(answer, list)
    if format_ == "table":
        if isinstance(answer, list):
            ordered = sorted(((t.subject, t.predicate, t.object) for t in answer), key=str)
            _table(("subject", "predicate", "object"), ordered)
        else:
            say("yes" if answer else "no")
        return
    chosen = {"json": "jsonld", "xml": "rdfxml"}.get(format_, format_) if graph else format_
    if chosen not in (GRAPH_FORMATS if graph else ROW_FORMATS):
        fitting = (
            "ttl, nt, json or xml: the answer is a graph" if graph else "json, csv, tsv or xml: the answer has rows"
        )
        raise _unfit(format_, fitting)
    emit(write(answer, chosen))


def _unfit(format_: str, fitting: str) -> click.BadParameter:
    return click.BadParameter(f"{format_} does not fit; use {fitting}", param_hint="--format")


def _table(names: tuple[str, ...], rows: Iterable[Sequence[object]]) -> None:
    count = 0

    def cells() -> Iterator[list[str]]:
        nonlocal count
        for row in rows:
            count += 1
            yield [_cell(term) for term in row]

    made = Table(names, cells())
    for line in made.lines():
        say(line)
    note = made.note("--format csv or json")
    say(f"({counted(count, 'row')}{f'; {note}' if note else ''})")


def _cell(term: object) -> str:
    if isinstance(term, NamedNode):
        return shorten(term.value)
    if isinstance(term, Triple):
        return str(term)
    return term.value if isinstance(term, Literal | BlankNode) else ""
