"""Options that several commands share."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from kg.cli.terminal import complain
from kg.errors import QueryError
from kg.store import Store, open_store

DEFAULT_STORE: Final = "exports/store"
_NUMBER: Final = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)(?: ?%)?$")

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


def reading(location: str) -> Store:
    """The store to answer from; that it was not resolved since it last changed is told on standard error."""
    from kg.resolve.state import is_resolved  # not every command reads a store

    store = open_store(location, read_only=True)
    with suppress(QueryError):
        if not is_resolved(store):
            complain(
                "kg: the store has changed since it was last resolved, so one party may stand in it several times; "
                f"run: kg resolve --store {location}"
            )
    return store


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


@dataclass(frozen=True, slots=True)
class Shape:
    """Which rows and columns of an answer are shown; `sort` names columns, with a minus for the other way round."""

    limit: int | None = None
    columns: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()

    def column(self, name: str, header: Sequence[str]) -> int:
        """The place of a column; raises BadParameter with those that there are."""
        if name not in header:
            near = get_close_matches(name, header, n=1)
            meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(header)}"
            raise click.BadParameter(f"no column {name!r}: {meant}")
        return header.index(name)


def shape_options(function: _Function) -> _Function:
    """Add `--limit`, `--columns` and `--sort` to a command, which gets them from `shape()`."""

    def kept(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        context.meta[f"kg.{parameter.name}"] = value
        return value

    def named(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
        names = tuple(name.strip() for name in (value or "").split(",") if name.strip())
        context.meta[f"kg.{parameter.name}"] = names
        return names

    for option in (
        click.option("--sort", metavar="COLUMNS", expose_value=False, callback=named,
                     help="Sort by these columns, first to last; -COLUMN the other way round."),
        click.option("--columns", metavar="COLUMNS", expose_value=False, callback=named,
                     help="Show only these columns, in this order (table and csv)."),
        click.option("--limit", type=click.IntRange(0), expose_value=False, callback=kept,
                     help="Show at most so many rows."),
    ):  # fmt: skip
        function = option(function)
    return function


def shape() -> Shape:
    """What the running command was given of `--limit`, `--columns` and `--sort`."""
    meta = click.get_current_context().meta
    return Shape(meta.get("kg.limit"), meta.get("kg.columns", ()), meta.get("kg.sort", ()))


def natural(cell: str) -> tuple[bool, float, str]:
    """What cells are sorted by: numbers by their value and before texts.

    >>> sorted(["10 %", "9", "b", "a"], key=natural)
    ['9', '10 %', 'a', 'b']
    """
    number = _NUMBER.match(cell)
    return (number is None, float(number[1].replace(",", "")) if number else 0.0, cell.casefold())
