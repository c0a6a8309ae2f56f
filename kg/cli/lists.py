"""`kg import`, `kg screen`, `kg resolve`: official lists into the graph, names against them, and what is the same."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click

from kg.cli.options import format_option, store_option, table
from kg.errors import SourceError, one_line
from kg.lists.comments import comment_documents
from kg.lists.importer import ImportReport, Options, import_files, import_list
from kg.lists.publishers import IMPORTERS
from kg.namespaces import document_iri, shorten
from kg.queries.names import find
from kg.rdf.serialize import quads
from kg.resolve import resolve as resolve_store
from kg.resolve.judgements import Judgement, Verdict, decide, read_judgements, undo
from kg.resolve.screening import THRESHOLD, Match, Query, Screener
from kg.resolve.subjects import read_subjects
from kg.store import Store, open_store
from kg.store.backup import restore

_SHOWN: Final = 10
_SCREEN_HEADER: Final = ("asked", "score", "listed name", "alias", "lists", "programmes", "since", "why")


@click.command()
@click.argument("given", nargs=-1, metavar="[LIST] FILE...")
@store_option
@click.option("--list", "listed", is_flag=True, help="Print the lists that can be read, and do nothing else.")
@click.option("--dataset", default="", metavar="NAME", help="Keep the list under this name, beside others of its form.")
@click.option("--date", metavar="D", default=None, help="The list's date (YYYY-MM-DD) where the file does not say it.")
@click.option("--allow-shrink", is_flag=True, help="Accept a version that lacks more than half of the designations.")
@click.option("--extract", "extracted", is_flag=True, help="Also read the comments of the entries as texts.")
@click.option("--all", "show_all", is_flag=True, help="Print every change and every record that was not taken.")
def import_(
    given: tuple[str, ...],
    store: str,
    *,
    listed: bool,
    dataset: str,
    date: str | None,
    allow_shrink: bool,
    extracted: bool,
    show_all: bool,
) -> None:
    """Import an official list, or a newer version of it; tell what came in and what changed.

    Whose list a FILE is, is told by its content; LIST names the publisher where it cannot be (see --list). The store
    holds the whole list afterwards, or is as it was. `kg import nq FILE` puts back a whole store from one file of
    `kg export --format nq`: it then holds exactly that.

    Example: kg import ofac sdn.csv alt.csv add.csv sdn_comments.csv --date 2021-07-15
    """
    if listed:
        for name, importer in IMPORTERS.items():
            click.echo(f"{name:12} {importer.TITLE}")
        return
    publisher = given[0] if given and (given[0] in IMPORTERS or given[0] == "nq") else ""
    files = [Path(name) for name in given[bool(publisher) :]]
    if len(given) > 1 and not publisher and not files[0].exists() and re.fullmatch(r"[\w-]+", given[0]):
        raise click.BadParameter(f"no list {given[0]!r}; kg import --list shows what can be read", param_hint="LIST")
    if not files:
        raise click.UsageError("give a FILE; kg import --list shows what can be read")
    options = Options(version=date, today=datetime.date.today().isoformat(), allow_shrink=allow_shrink, dataset=dataset)
    with open_store(store) as opened:
        if publisher == "nq":
            if len(files) != 1:
                raise click.BadParameter("nq takes one file", param_hint="FILE")
            graphs, quads = restore(opened, files[0])
            click.echo(f"{graphs} graphs, {quads} quads")
            return
        reports = import_list(opened, publisher, files, options) if publisher else import_files(opened, files, options)
        for report in reports:
            for line in _report(report, show_all):
                click.echo(one_line(line))
            if extracted:
                click.echo(f"  {_read_comments(opened, report.dataset)} claims read from comments")


def _read_comments(store: Store, dataset: str) -> int:
    """Extract from the comments of a list, a graph each; gives the number of claims."""
    from kg.extraction.extractor import extract  # loads spaCy, which an import does not need otherwise

    graphs = {}
    claims = 0
    for extraction in extract(list(comment_documents(store, dataset))):
        graphs[document_iri(extraction.document.id)] = list(quads(extraction))
        claims += len(extraction.claims)
    store.replace_graphs(graphs)
    return claims


def _report(report: ImportReport, show_all: bool) -> Iterable[str]:
    tally = report.tally
    yield f"{report.dataset}: {report.title}{f', version of {report.version}' if report.version else ''}"
    for file, read in sorted(tally.read.items()):
        skipped = sum(1 for name, _, _ in tally.skipped if name == file)
        yield f"  {file}: {read} records read, {read - skipped} imported, {skipped} not taken"
    counts = ", ".join(f"{number} {what}" for what, number in sorted(tally.counts.items()))
    yield f"  {counts}; {report.quads} quads"
    for what, number in sorted(tally.empty.items()):
        yield f"  {number} {what} hold no value"
    yield from _some("not taken", [f"{file}:{row}: {why}" for file, row, why in tally.skipped], show_all)
    yield from _some("not found on this list", [f"{f}:{row}: {name}" for f, row, name in tally.unresolved], show_all)
    yield from _some("check digit wrong", [f"{file}:{row}: {number}" for file, row, number in tally.invalid], show_all)
    changes = report.changes
    if changes is None:
        yield "  the first version in this store"
        return
    yield (
        f"  since the version before: {len(changes.added)} designations added, {len(changes.removed)} removed, "
        f"{len(changes.changed)} changed, {changes.unchanged} unchanged; {changes.claims_added} claims added, "
        f"{changes.claims_ended} ended"
    )
    for word, part in (("added", changes.added), ("changed", changes.changed)):
        yield from _some(word, [f"{change.name} ({change.list})" for change in part], show_all)
    ended = f"removed, ended {changes.end}" if changes.end else "removed"
    yield from _some(ended, [f"{change.name} ({change.list})" for change in changes.removed], show_all)


def _some(what: str, lines: list[str], show_all: bool) -> Iterable[str]:
    shown = lines if show_all else lines[:_SHOWN]
    yield from (f"  {what}: {line}" for line in shown)
    if len(lines) > len(shown):
        yield f"  {what}: {len(lines) - len(shown)} more (see them with --all)"


@click.command()
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option("--file", "file", type=click.Path(path_type=Path), help="A CSV file with a column `name` and, if known, "
              "`type`, `birth_date`, `country`; or one name a line.")  # fmt: skip
@store_option
@format_option("table", "json", "csv")
@click.option("--threshold", type=click.FloatRange(0.5, 1.0), default=THRESHOLD, show_default=True,
              help="The least score that is a match.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 100), default=5, show_default=True, help="Matches for each name.")
@click.option("--type", "type_", default="", metavar="T", help="Person, Company, Organization, Vessel or Aircraft.")
@click.option("--birth-date", default="", metavar="D", help="Date of birth (YYYY, YYYY-MM or YYYY-MM-DD).")
@click.option("--country", default="", metavar="C", help="Country of the person or body, a name or an ISO code.")
@click.option("--why-not", default="", metavar="LISTED", help="Explain why NAME does not match this listed name.")
def screen(
    *,
    names: tuple[str, ...],
    file: Path | None,
    store: str,
    format_: str,
    threshold: float,
    limit: int,
    type_: str,
    birth_date: str,
    country: str,
    why_not: str,
) -> None:
    """Find the listed entities that a name may mean, best first, with the reasons.

    Example: kg screen "Evgeny Prigozhin" --birth-date 1961 --format table
    """
    given = {"type": type_, "birth_date": birth_date, "country": country}
    queries = [_query(name, given) for name in names] + (_read_names(file) if file else [])
    if not queries:
        raise click.UsageError("give a NAME or --file")
    with open_store(store, read_only=True) as opened:
        screener = Screener.of(opened)
    if why_not:
        for query in queries:
            click.echo(one_line(_explain(screener, query, why_not, threshold)))
        return
    found = [(query, screener.screen(query, threshold=threshold, limit=limit)) for query in queries]
    if format_ == "json":
        click.echo(json.dumps([_record(query, matches) for query, matches in found], ensure_ascii=False, indent=1))
        return
    rows = [_row(query, match) for query, matches in found for match in matches]
    if format_ == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_SCREEN_HEADER)
        writer.writerows(rows)
        click.echo(out.getvalue(), nl=False)
        return
    if rows:
        click.echo(table(_SCREEN_HEADER, rows))
    for query, matches in found:
        if not matches:
            near = screener.nearest(query, threshold=threshold, limit=1)
            told = (
                f"; the nearest is {near[0].alias} ({near[0].score:.2f}): {'; '.join(near[0].reasons)}" if near else ""
            )
            click.echo(one_line(f"{query.name}: no match from {threshold:g} up{told}"))


def _query(name: str, given: dict[str, str]) -> Query:
    country = given.get("country", "")
    return Query(name, given.get("type", ""), given.get("birth_date", ""), (country,) if country else ())


def _read_names(path: Path) -> list[Query]:
    """The names of a CSV file with a header that has `name`, or of a file with one name a line."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise SourceError(cause, place=str(path), hint="give a UTF-8 file of names") from error
    lines = text.splitlines()
    header = [cell.strip().lower() for cell in next(csv.reader(lines[:1]), [])]
    if "name" not in header:
        return [_query(line.strip(), {}) for line in lines if line.strip()]
    try:
        records = list(csv.DictReader(lines, fieldnames=header, strict=True))[1:]
    except csv.Error as error:
        raise SourceError(str(error), place=str(path), hint="the file is no CSV") from error
    filled = [{key: value or "" for key, value in record.items() if key} for record in records]
    return [_query(record["name"].strip(), record) for record in filled if record["name"].strip()]


def _row(query: Query, match: Match) -> list[str]:
    return [
        query.name,
        f"{match.score:.2f}",
        match.name,
        match.alias,
        "; ".join(dict.fromkeys(item.list for item in match.listings)),
        "; ".join(sorted({code for item in match.listings for code in item.programmes})),
        min((item.since for item in match.listings if item.since), default=""),
        "; ".join(match.reasons),
    ]


def _record(query: Query, matches: list[Match]) -> dict[str, object]:
    return {
        "name": query.name,
        "matches": [
            {
                "entity": match.node,
                "name": match.name,
                "type": match.type,
                "score": match.score,
                "alias": match.alias,
                "listings": [
                    {
                        "list": item.list,
                        "authority": item.authority,
                        "programmes": list(item.programmes),
                        "since": item.since or None,
                        "until": item.until or None,
                    }
                    for item in match.listings
                ],
                "why": list(match.reasons),
            }
            for match in matches
        ],
    }


def _explain(screener: Screener, query: Query, listed: str, threshold: float) -> str:
    match = screener.why_not(query, listed)
    if match is None:
        return f"no listed name is like {listed}"
    verdict = "a match" if match.score >= threshold else f"no match: below {threshold:g}"
    return f"{query.name} and {match.alias}: {match.score:.2f}, {verdict}: {'; '.join(match.reasons)}"


@click.command()
@store_option
@click.option("--list", "listed", is_flag=True, help="List the judgements instead of making them.")
@click.option("--verdict", type=click.Choice(["same", "different", "unsure"]), help="With --list: only these.")
@click.option("--same", nargs=2, metavar="A B", help="Decide that two entities (names or IRIs) are the same.")
@click.option("--different", nargs=2, metavar="A B", help="Decide that they are not.")
@click.option("--reason", default="", metavar="TEXT", help="Why you decide so.")
@click.option("--undo", "undone", default="", metavar="ID", help="Take back a decision, named by its id.")
@format_option("table", "json")
def resolve(
    *,
    store: str,
    listed: bool,
    verdict: Verdict | None,
    same: tuple[str, str] | None,
    different: tuple[str, str] | None,
    reason: str,
    undone: str,
    format_: str,
) -> None:
    """Judge which entities of texts and lists are the same; read, overrule and undo judgements.

    Example: kg resolve --different "Bashar al-Assad" "Bushra al-Assad" --reason "brother and sister"
    """
    if listed:
        with open_store(store, read_only=True) as opened:
            _show(opened, verdict, format_)
        return
    with open_store(store) as opened:
        for pair, said in ((same, "same"), (different, "different")):
            if pair:
                one, other = (_node(opened, name) for name in pair)
                made = decide(opened, one, other, "same" if said == "same" else "different", reason)
                click.echo(f"{made.id}: {said}, decided by a person")
        if undone:
            taken = undo(opened, undone)
            click.echo(f"{taken.id}: taken back; the rule decides again")
        click.echo(str(resolve_store(opened)))


def _node(store: Store, name: str) -> str:
    """The node that a name or an IRI stands for; an IRI is taken as it is, cluster or not."""
    return name if name.startswith(("http://", "https://")) else find(store, name).entity.iri


def _show(store: Store, verdict: Verdict | None, format_: str) -> None:
    judgements = [item for item in read_judgements(store) if verdict in (None, item.verdict)]
    names = {subject.node: subject for subject in read_subjects(store)}
    if format_ == "json":
        records = [{"id": item.id, **{key: getattr(item, key) for key in Judgement.__slots__}} for item in judgements]
        click.echo(json.dumps(records, ensure_ascii=False, indent=1))
        return
    rows = []
    for item in judgements:
        one, other = names.get(item.left), names.get(item.right)
        rows.append(
            [
                item.id[:10],
                item.verdict,
                f"{item.score:.2f}",
                item.decided_by,
                f"{one.name if one else ''} <{shorten(item.left)}>",
                f"{other.name if other else ''} <{shorten(item.right)}>",
                "; ".join(item.reasons),
            ]
        )
    click.echo(table(("id", "verdict", "score", "by", "one", "other", "reasons"), rows))
