"""`kg export`: the graph as files for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.options import reading, store_option
from kg.cli.terminal import complain, emit, say
from kg.errors import MissingExtra
from kg.exports import FORMATS, render
from kg.exports import export as export_store


@click.command()
@store_option
@click.option("--format", "format_", type=click.Choice([*FORMATS, "all"]), required=True, help="What to write.")
@click.option("-o", "--output", required=True, metavar="FILE-OR-DIR", help="Where to; a folder for csv, neo4j and all.")
def export(store: str, format_: str, output: str) -> None:
    """Write the graph for other programs; the same graph gives the same bytes.

    nq, ttl, trig, jsonld and rdf-reifies are RDF and hold everything (ttl without the named graphs). graphml and gexf
    are for network programs, csv and xlsx for spreadsheets, ftm for FollowTheMoney, neo4j for that database; all writes
    each of them as `graph` with its ending. An output of - writes a format of one file to standard output.

    Example: kg export --format graphml -o network.graphml
    """
    to_stream = output == "-"
    if to_stream and (format_ == "all" or FORMATS[format_].folder):
        raise click.BadParameter(f"{format_} writes several files; name a folder", param_hint="-o")
    with reading(store) as opened:
        if to_stream:
            emit(render(opened.quads(), format_)[""])
            return
        if format_ != "all":
            targets = {format_: Path(output)}
        else:
            targets = {name: Path(output) / f"graph{form.suffix}" for name, form in FORMATS.items()}
        for name, target in targets.items():
            try:
                for path in export_store(opened, name, target):
                    say(path)
            except MissingExtra as error:
                if format_ != "all":
                    raise
                complain(f"kg: left out {name}: {error}")
