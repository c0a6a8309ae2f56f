"""`kg status`: what a store holds, how old it is, and whether it is resolved."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, Final

import click

from kg.cli.check import COUNTS
from kg.cli.options import format_option, reading, store_option
from kg.cli.terminal import counted, json_text, say, table
from kg.resolve.state import is_resolved
from kg.store import Rows, Store

_LISTS: Final = """SELECT ?title (SAMPLE(?version) AS ?edition) (SAMPLE(?day) AS ?date) {
    ?list a dcat:Dataset ; dcterms:title ?title
    OPTIONAL { ?list owl:versionInfo ?version } OPTIONAL { ?list dcterms:issued ?day } }
    GROUP BY ?list ?title ORDER BY ?title"""


@click.command()
@store_option
@format_option("table", "json")
def status(store: str, format_: str) -> None:
    """Tell what is in the store: counts, lists with their editions and ages, size, and whether it is resolved.

    Example: kg status --store exports/store
    """
    with reading(store) as opened:
        told = _told(opened, Path(store))
    if format_ == "json":
        say(json_text(told, indent=2))
        return
    for name, number in told["counts"].items():
        say(f"{name}: {number:,}")
    if told["lists"]:
        rows = [[one["title"], one["edition"], one["date"], _age(one["days"])] for one in told["lists"]]
        say(table(("list", "edition", "date", "age"), rows))
    if told["bytes"] is not None:
        say(f"size: {told['bytes'] / 1_000_000:,.1f} MB")
    say("resolved: " + ("yes" if told["resolved"] else "no, it has changed since"))


def _told(store: Store, folder: Path) -> dict[str, Any]:
    counts = {}
    for name, query in COUNTS:
        answer = store.query(query)
        counts[name] = int((answer.values()[0][0] if isinstance(answer, Rows) else None) or 0)
    files = [path for path in folder.glob("*") if path.is_file()] if folder.is_dir() else None
    return {
        "counts": counts,
        "lists": _lists(store),
        "bytes": None if files is None else sum(path.stat().st_size for path in files),
        "resolved": is_resolved(store),
    }


def _lists(store: Store) -> list[dict[str, Any]]:
    answer = store.query(_LISTS)
    found = []
    for title, edition, date in answer.values() if isinstance(answer, Rows) else ():
        found.append({"title": title or "", "edition": edition or "", "date": date or "", "days": _days(date or "")})
    return found


def _days(date: str) -> int | None:
    try:
        return (datetime.date.today() - datetime.date.fromisoformat(date[:10])).days
    except ValueError:
        return None


def _age(days: int | None) -> str:
    return "" if days is None else counted(days, "day")
