"""`kg screen`: names and numbers, one by one or in a file, against the lists (or the texts) of the store."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import click

from kg.cli.options import format_option, reading, store_option
from kg.cli.terminal import complain, csv_text, emit, json_text, say, table
from kg.errors import one_line
from kg.resolve.customers import birth_date, entity_type, read_customers
from kg.resolve.numbers import Number, number
from kg.resolve.screen_report import HEADER, Answer, Writer, answer_rows
from kg.resolve.screening import THRESHOLD, Match, Query, Scope, Screener

#: Exit status where something was found; none is 0, an error 1, wrong usage 2.
FOUND: Final = 10
_SHOWN: Final = ("asked", "score", "listed name", "alias", "lists", "programmes", "since", "why")
_FILE_SHOWN: Final = ("row", "asked", "result", "score", "listed name", "lists", "since", "note", "why")
_TYPES: Final = ("Person", "Company", "Organization", "GovernmentBody", "Vessel", "Aircraft")


@click.command()
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option("--file", "file", type=click.Path(path_type=Path), help="A file of names: csv of any form, xlsx, "
              "JSON lines, or one name a line.")  # fmt: skip
@click.option("--columns", default="", metavar="F=C,...", help="Which columns of the file hold what: name=Kunde")
@click.option(
    "--id", "ids", multiple=True, metavar="N", help="A number, alone or as SCHEME:N (imo, passport, lei ...)."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the answer for --file here, row by row.")
@click.option("--resume", is_flag=True, help="Go on where an output file of an earlier run ends.")
@click.option("--from", "scope", type=click.Choice(["lists", "texts", "all"]), default="lists", show_default=True,
              help="Search the lists, the names known from texts, or both.")  # fmt: skip
@store_option
@format_option("table", "json", "csv", "jsonl")
@click.option("--threshold", type=click.FloatRange(0.5, 1.0), default=THRESHOLD, show_default=True,
              help="The least score that is a match.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 100), default=5, show_default=True, help="Matches for each name.")
@click.option("--type", "type_", default="", metavar="T", help="Person, Company, Organization, Vessel or Aircraft.")
@click.option(
    "--birth-date", "born", default="", metavar="D", help="Date of birth (YYYY, YYYY-MM, YYYY-MM-DD, DD.MM.YYYY)."
)
@click.option("--country", default="", metavar="C", help="Country of the person or body, a name or an ISO code.")
@click.option("--why-not", default="", metavar="LISTED", help="Explain why NAME does not match this listed name.")
def screen(
    names: tuple[str, ...],
    *,
    file: Path | None,
    columns: str,
    ids: tuple[str, ...],
    output: Path | None,
    resume: bool,
    scope: Scope,
    store: str,
    format_: str,
    threshold: float,
    limit: int,
    type_: str,
    born: str,
    country: str,
    why_not: str,
) -> None:
    """Find the listed entities that a name or a number may mean, best first, with the reasons.

    Exits with 10 where something was found, with 0 where nothing was, with 1 where it could not be searched.

    Example: kg screen "Evgeny Prigozhin" --birth-date 1961 --format table
    """
    if not names and not file and not ids:
        raise click.UsageError("give a NAME, --id or --file")
    day = birth_date(born)
    if born and not day:
        raise click.BadParameter(f"{born!r} is no date; give YYYY, YYYY-MM or YYYY-MM-DD", param_hint="--birth-date")
    kind = type_ if type_ in _TYPES else entity_type(type_)
    if type_ and not kind:
        raise click.BadParameter(f"{type_!r} is none of {', '.join(_TYPES)}", param_hint="--type")
    nations = (country,) if country else ()
    with reading(store) as opened:
        screener = Screener.of(opened, scope)
    queries = [Query(name, kind, day, nations) for name in names]
    if why_not:
        for query in queries:
            say(one_line(_explain(screener, query, why_not, threshold)))
        return
    if file:
        writer = Writer(screener, threshold=threshold, limit=limit)
        hits = _screen_file(writer, file, _named(columns), format_, output=output, resume=resume)
    else:
        numbers = [number(text) for text in ids]
        found = [(query.name, screener.screen(query, threshold=threshold, limit=limit)) for query in queries]
        found += [(asked.told, screener.by_number(asked)[:limit]) for asked in numbers]
        hits = any(matches for _, matches in found)
        answers = [
            Answer(row, "", name, "match" if matches else "no match", "", matches)
            for row, (name, matches) in enumerate(found, start=1)
        ]
        _print(answers, format_, shown=_SHOWN)
        if format_ == "table":
            _tell_nearest(screener, queries, found, threshold, numbers)
    if hits:
        sys.exit(FOUND)


def _named(columns: str) -> dict[str, str]:
    """The fields and columns of `--columns name=Kunde,birth_date=Geb`."""
    named = {}
    for part in filter(None, columns.split(",")):
        field, equals, column = part.partition("=")
        if not equals or not column.strip():
            raise click.BadParameter(f"{part!r} is not FIELD=COLUMN", param_hint="--columns")
        named[field.strip()] = column.strip()
    return named


def _screen_file(
    writer: Writer, file: Path, named: dict[str, str], format_: str, *, output: Path | None, resume: bool
) -> bool:
    """Screen every row; what the columns were taken for, the progress and the counts go to standard error."""
    layout, customers = read_customers(file, named)
    taken = ", ".join(f"{field} = {column!r}" for field, column in layout.columns.items())
    ignored = f"; not used: {', '.join(layout.ignored)}" if layout.ignored else ""
    complain(one_line(f"{file}: {layout.form}; {taken}{ignored}"))
    form = "csv" if format_ == "table" and output else format_
    if output:
        writer.write(customers, output, "jsonl" if form in ("json", "jsonl") else "csv", resume=resume)
    else:
        _print([writer.answer(customer) for customer in customers], form, shown=_FILE_SHOWN)
    complain(writer.counts)
    return writer.counts.matched > 0


def _print(answers: list[Answer], format_: str, *, shown: tuple[str, ...]) -> None:
    if format_ == "json":
        say(json_text(list(map(_record, answers)), indent=1))
        return
    rows = [row for answer in answers for row in answer_rows(answer)]
    if format_ == "csv":
        emit(csv_text(HEADER, ([row[name] for name in HEADER] for row in rows)))
    elif format_ == "jsonl":
        emit((json.dumps(row, ensure_ascii=False) + "\n").encode() for row in rows)
    elif "result" in shown or any(answer.matches for answer in answers):
        kept = [row for row in rows if "result" in shown or row["result"] == "match"]
        say(table(shown, [[row[name] for name in shown] for row in kept]))


def _tell_nearest(
    screener: Screener,
    queries: list[Query],
    found: list[tuple[str, list[Match]]],
    threshold: float,
    ids: list[Number],
) -> None:
    for query, (_, matches) in zip(queries, found, strict=False):
        if not matches:
            near = screener.nearest(query, threshold=threshold, limit=1)
            words = (
                f"; the nearest is {near[0].alias} ({near[0].score:.2f}): {'; '.join(near[0].reasons)}" if near else ""
            )
            say(one_line(f"{query.name}: no match from {threshold:g} up{words}"))
    for asked, (_, matches) in zip(ids, found[len(queries) :], strict=True):
        if not matches:
            say(one_line(f"{asked.told}: nobody on a list bears this number"))


def _record(answer: Answer) -> dict[str, object]:
    about = {
        "row": answer.row,
        "reference": answer.reference or None,
        "result": answer.result,
        "note": answer.note or None,
    }
    return {"name": answer.asked, **about, "matches": list(map(_match_record, answer.matches))}


def _match_record(match: Match) -> dict[str, object]:
    return {
        "entity": match.node,
        "name": match.name,
        "type": match.type,
        "score": match.score,
        "alias": match.alias,
        "number": match.entry.number or None,
        "birth_dates": list(match.entry.birth_dates),
        "countries": list(match.entry.countries),
        "identifiers": [{"scheme": scheme, "value": value} for scheme, value in match.entry.identifiers],
        "measures": list(match.entry.measures),
        "edition": match.entry.edition or None,
        "source": match.entry.source,
        "listings": [
            {
                "list": item.list,
                "authority": item.authority,
                "programmes": list(item.programmes),
                "since": item.since or None,
                "until": item.until or None,
                "ended": item.ended,
                "effect": item.effect or None,
            }
            for item in match.listings
        ],
        "why": list(match.reasons),
    }


def _explain(screener: Screener, query: Query, listed: str, threshold: float) -> str:
    match = screener.why_not(query, listed)
    if match is None:
        return f"no listed name is like {listed}"
    verdict = "a match" if match.score >= threshold else f"no match: below {threshold:g}"
    return f"{query.name} and {match.alias}: {match.score:.2f}, {verdict}: {'; '.join(match.reasons)}"
