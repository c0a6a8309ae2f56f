"""`kg view`: a store in, one HTML file out."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.options import reading, store_option
from kg.cli.terminal import complain, say
from kg.errors import KgError
from kg.network.load import DRAWN, load_network
from kg.view import write_html


@click.command()
@store_option
@click.option("--focus", metavar="NAME", default=None, help="Draw only what lies around this entity.")
@click.option("--hops", type=click.IntRange(1, 6), default=2, show_default=True, help="How far around the focus.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=DRAWN, show_default=True, help="Most entities drawn.")
@click.option("--title", default=None, help="The heading of the page.")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
def view(*, store: str, focus: str | None, hops: int, limit: int, title: str | None, out: Path) -> None:
    """Draw the graph as one self-contained HTML file that works offline.

    Example: kg view --focus Hikvision --hops 1 -o hikvision.html
    """
    with reading(store) as opened:
        graph = load_network(opened, focus=focus, hops=hops, limit=limit)
    if not graph:
        raise KgError("the store holds no entities", place=store, hint="fill it first: kg build SOURCE --store S")
    try:
        write_html(graph, out, title=title or (f"Around {focus}" if focus else "Sanctions graph"))
    except OSError as error:
        raise KgError(f"cannot be written: {error.strerror}", place=str(out), hint="choose another file") from None
    left = graph.graph["left_out"].get("entities", 0)
    say(f"{out}: {len(graph):,} entities, {graph.number_of_edges():,} relation claims")
    if left:
        complain(f"{left:,} entities were left out: {graph.graph['left_out'].get('why', '')}")
