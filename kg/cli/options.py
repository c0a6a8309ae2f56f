"""Options that several commands share, and the safe table that they print on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from rich.cells import cell_len

from kg.errors import one_line

DEFAULT_STORE: Final = "exports/store"

_Function = TypeVar("_Function", bound=Callable[..., Any])


def default_store() -> str:
    """The store of a command without --store: the value of KG_STORE, else exports/store."""
    return os.environ.get("KG_STORE") or DEFAULT_STORE


def store_option(function: _Function) -> _Function:
    """Add `--store` to a command; it receives the argument `store: str`, to be given to `open_store`."""
    option = click.option(
        "--store",
        default=default_store,
        metavar="S",
        help="A folder (Oxigraph on disk) or the URL of a SPARQL endpoint.  [default: $KG_STORE, else exports/store]",
    )
    return option(function)


def format_option(*names: str, default: str = "table") -> Callable[[_Function], _Function]:
    """Add `--format` with these choices to a command; it receives the argument `format_: str`."""
    return click.option(
        "--format", "format_", type=click.Choice(names), default=default, show_default=True, help="Form of the output."
    )


def at_option(function: _Function) -> _Function:
    """Add `--at DATE` to a command; it receives the argument `at: str | None`."""
    option = click.option(
        "--at", metavar="DATE", default=None, help="Answer as of this day (YYYY, YYYY-MM or YYYY-MM-DD)."
    )
    return option(function)


def read_argument(text: str) -> str:
    """The text itself, the file's content for `@FILE`, or standard input for `-`; raises click.BadParameter."""
    if text == "-":
        return sys.stdin.read()
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{text[1:]} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The rows as aligned columns; control and direction characters are escaped, so no text can touch the terminal."""
    lines = [[one_line(cell) for cell in row] for row in (header, *rows)]
    widths = [max(cell_len(line[column]) for line in lines) for column in range(len(header))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
