"""`kg serve`: one store folder as a SPARQL endpoint with explorer and linked data."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kg.cli.options import store_option
from kg.cli.terminal import complain
from kg.errors import StoreError
from kg.server.guard import Visitors, origins
from kg.server.pool import Limits
from kg.store import open_store


@click.command()
@store_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--timeout", type=click.FloatRange(0.1), default=30.0, show_default=True, help="Seconds for one query.")
@click.option("--memory", type=click.IntRange(64), default=1024, show_default=True, help="MiB for one query.")
@click.option("--rows", type=click.IntRange(1), default=100_000, show_default=True, help="Rows that one query gives.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Queries answered at once.")
@click.option("--cors", multiple=True, metavar="ORIGIN", help="A site whose pages may read this server (* for all).")
@click.option("--allowed-host", multiple=True, metavar="NAME", help="A name that this server goes by, besides --host.")
@click.option("--allow-service", multiple=True, metavar="IRI", help="A server that queries may call by SERVICE.")
@click.option(
    "--write-token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the token that allows writing, else $KG_WRITE_TOKEN.  [default: no writing]",
)
def serve(
    *,
    store: str,
    host: str,
    port: int,
    timeout: float,
    memory: int,
    rows: int,
    workers: int,
    cors: tuple[str, ...],
    allowed_host: tuple[str, ...],
    allow_service: tuple[str, ...],
    write_token_file: Path | None,
) -> None:
    """Serve the graph: SPARQL at /sparql, graphs at /store, the explorer at /explore, entities at /id/.

    Read-only, unless a write token is given, which goes into the header `Authorization: Bearer TOKEN`. Pages of other
    sites can neither read nor write, unless --cors names them. Each query runs in a process of its own over a snapshot
    and is ended at its deadline; a build may go on meanwhile and shows as soon as it is done.

    Example: kg serve --port 8000
    """
    import uvicorn

    from kg.server.app import Settings, create_app
    from kg.server.connections import Connection, allow_many

    if store.startswith(("http://", "https://")):
        raise StoreError("only a folder can be served", place=store, hint="that endpoint is being served already")
    open_store(store, read_only=True).close()  # tell a missing store now, not at the first query
    token = write_token_file.read_text("utf-8").strip() if write_token_file else os.environ.get("KG_WRITE_TOKEN", "")
    settings = Settings(
        folder=Path(store),
        limits=Limits(seconds=timeout, mebibytes=memory, rows=rows, quick=workers),
        token=token,
        services=allow_service,
        visitors=_visitors(host, allowed_host, cors),
    )
    complain(f"http://{host}:{port}/ serves {store}; stop with Ctrl-C")
    allow_many()
    uvicorn.run(
        create_app(settings),
        host=host,
        port=port,
        http=Connection,
        timeout_keep_alive=75,  # longer than clients keep a connection, so that none is closed as it is used again
        log_level="warning",
        access_log=False,
        server_header=False,
    )


def _visitors(host: str, allowed: tuple[str, ...], cors: tuple[str, ...]) -> Visitors:
    try:
        return Visitors.of(host, allowed=allowed, origins=origins(cors))
    except ValueError as error:
        raise click.BadParameter(
            f"{error} is no origin; write https://host or https://host:port", param_hint="--cors"
        ) from None
