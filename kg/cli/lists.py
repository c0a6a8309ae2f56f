"""`kg import` and `kg resolve`: official lists into the graph, and what is the same."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click

from kg.cli.options import format_option, reading, store_option
from kg.cli.terminal import json_text, say, table
from kg.errors import NotFound, one_line
from kg.lists.comments import comment_documents
from kg.lists.importer import ImportReport, Options, import_files, import_list
from kg.lists.publishers import IMPORTERS
from kg.namespaces import document_iri, name_key, shorten
from kg.queries.names import find
from kg.rdf.serialize import quads
from kg.resolve import resolve as resolve_store
from kg.resolve.judgements import Judgement, Verdict, decide, read_judgements, undo
from kg.resolve.settle import is_settled, settle
from kg.resolve.subjects import read_subjects
from kg.store import Store, open_store
from kg.store.backup import restore

_SHOWN: Final = 10


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
            say(f"{name:12} {importer.TITLE}")
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
            say(f"{graphs} graphs, {quads} quads")
            return
        reports = import_list(opened, publisher, files, options) if publisher else import_files(opened, files, options)
        for report in reports:
            for line in _report(report, show_all):
                say(one_line(line))
            if extracted:
                say(f"  {_read_comments(opened, report.dataset)} claims read from comments")
        if is_settled(opened):
            settle(opened)


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
        with reading(store) as opened:
            _show(opened, verdict, format_)
        return
    with open_store(store) as opened:
        for pair, said in ((same, "same"), (different, "different")):
            if pair:
                one, other = _two_nodes(opened, *pair)
                made = decide(opened, one, other, "same" if said == "same" else "different", reason)
                say(f"{made.id}: {said}, decided by a person")
        if undone:
            taken = undo(opened, undone)
            say(f"{taken.id}: taken back; the rule decides again")
        say(str(resolve_store(opened)))


def _two_nodes(store: Store, *names: str) -> tuple[str, str]:
    """The nodes of two names or IRIs; raises NotFound where a name stands for several, or both for one."""
    nodes = []
    for name in names:
        nodes.append(_node(store, name))
        found = find(store, name)
        alike = [other.iri for other in found.others if name_key(other.name) == name_key(name)]
        if alike and nodes[-1] != name:
            raise _ambiguous(name, [*found.members, *alike])
    if nodes[0] == nodes[1]:
        raise _ambiguous(names[0], find(store, names[0]).members)
    return nodes[0], nodes[1]


def _ambiguous(name: str, nodes: Iterable[str]) -> NotFound:
    shown = ", ".join(sorted(nodes)[:6])
    return NotFound(f"the name stands for several: {shown}", place=name, hint="give the IRIs of the two nodes")


def _node(store: Store, name: str) -> str:
    """The node that a name or an IRI stands for; an IRI is taken as it is, cluster or not."""
    return name if name.startswith(("http://", "https://")) else find(store, name).entity.iri


def _show(store: Store, verdict: Verdict | None, format_: str) -> None:
    judgements = [item for item in read_judgements(store) if verdict in (None, item.verdict)]
    names = {subject.node: subject for subject in read_subjects(store)}
    if format_ == "json":
        records = [{"id": item.id, **{key: getattr(item, key) for key in Judgement.__slots__}} for item in judgements]
        say(json_text(records, indent=1))
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
    say(table(("id", "verdict", "score", "by", "one", "other", "reasons"), rows))
