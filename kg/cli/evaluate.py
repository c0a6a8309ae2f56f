"""`kg evaluate`: how well the extraction does on annotated texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from kg.cli.build import as_record
from kg.cli.terminal import say, table
from kg.documents import read
from kg.evaluation import Report, Score, load_gold
from kg.evaluation import evaluate as compare
from kg.extraction.extractor import extract
from kg.model import Document


@click.command()
@click.argument("gold", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("texts", nargs=-1, required=True)
@click.option("--model", metavar="NAME", default=None, help="An installed spaCy pipeline to use instead.")
@click.option("--format", "format_", type=click.Choice(["table", "csv"]), default="table", show_default=True)
def evaluate(gold: Path, texts: tuple[str, ...], model: str | None, format_: str) -> None:
    """Print precision, recall and F1 by relation and by kind of document.

    GOLD is a file of annotated documents (JSON lines), TEXTS their texts as a folder or a file of JSON lines that
    also gives dates and kinds.

    Example: kg evaluate gold/dev.jsonl gold/dev_sources.jsonl
    """
    records = load_gold(gold)
    wanted = {record["id"] for record in records}
    documents = [document for document in read(texts) if document.id in wanted]
    kinds = {document.id: dict(document.meta).get("kind", "all") for document in documents}
    predicted = [as_record(extraction) for extraction in extract(_short_dates(documents), model=model)]
    report = compare(records, predicted, kinds)
    header = ["", "precision", "recall", "F1", "right", "wrong", "missed", "status", "date", "evidence"]
    rows = list(_rows(report))
    if format_ == "csv":
        for row in [header, *rows]:
            say(",".join(row))
    else:
        say(table(header, rows))


def _short_dates(documents: list[Document]) -> Iterator[Document]:
    for document in documents:
        yield replace(document, date=document.date[:10] if document.date else None)


def _rows(report: Report) -> Iterator[list[str]]:
    yield _row("all", report.total)
    for name, score in sorted(report.relations.items(), key=lambda one: (-one[1].right - one[1].missed, one[0])):
        yield _row(name, score)
    for name, score in sorted(report.kinds.items()):
        yield _row(f"({name})", score)


def _row(name: str, score: Score) -> list[str]:
    def share(part: int, whole: int) -> str:
        return f"{part / whole:.2f}" if whole else "-"

    return [
        name, f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}",
        str(score.right), str(score.wrong), str(score.missed),
        share(score.status, score.right), share(score.date, score.dated), share(score.evidence, score.right),
    ]  # fmt: skip
