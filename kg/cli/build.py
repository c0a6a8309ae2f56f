"""`kg build` and `kg extract`: texts in; claims with their evidence out."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.options import store_option
from kg.cli.terminal import complain, counted, emit, json_text, redraw, say, table
from kg.documents import read
from kg.errors import KgError, one_line
from kg.extraction.extractor import extract as extract_documents
from kg.model import Claim, Extraction

if TYPE_CHECKING:
    from kg.builder.workers import Done
    from kg.extraction.extractor import DocumentReader

_SOURCES = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
_DATE = click.option("--date", metavar="D", default=None, help="Day of publication (YYYY-MM-DD) of undated documents.")
_COLUMN = click.option(
    "--column", metavar="NAME", default=None, help="The column of texts in .csv and .xlsx.  [default: text]"
)
_NAMED = 20  # unchanged documents that are named one by one
_MODEL = click.option("--model", metavar="NAME", default=None, help="An installed spaCy pipeline to use instead.")

_LLM = click.option(
    "--llm", metavar="URL", default=None,
    help="Read by a language model at this OpenAI-compatible endpoint instead; its quotations are verified.",
)  # fmt: skip
_LLM_MODEL = click.option("--llm-model", metavar="NAME", default=None, help="The endpoint's name of the model.")


@click.command()
@_SOURCES
@_DATE
@_COLUMN
@store_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("exports"), show_default=True,
              help="The folder for the exports and the picture.")  # fmt: skip
@_MODEL
@_LLM
@_LLM_MODEL
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes that read.")
@click.option("--scheduler", metavar="URL", default=None, help="Read on the Dask cluster there (tcp://host:8786).")
@click.option("--parts", type=click.Path(file_okay=False, path_type=Path), default=None,
              help="Also write what is read as parts to load elsewhere (N-Quads, Parquet).")  # fmt: skip
@click.option("--prune", is_flag=True, help="Remove documents that are no more in the sources they were read from.")
@click.option("--export/--no-export", "exports", default=True, show_default=True,
              help="Write the graph and the picture for other programs.")  # fmt: skip
def build(
    *,
    sources: tuple[str, ...],
    date: str | None,
    column: str | None,
    store: str,
    out: Path,
    model: str | None,
    llm: str | None,
    llm_model: str | None,
    workers: int,
    scheduler: str | None,
    parts: Path | None,
    prune: bool,
    exports: bool,
) -> None:
    """Read, extract, resolve, store, export and draw.

    A SOURCE is a file, a folder or - (txt, md, html, pdf, docx, odt, rtf, epub, eml, xml, csv, xlsx, jsonl). A build
    that was cut goes on where it stopped when it is started again.

    Example: kg build examples/china-to-hit-back-over-us-tech-blacklist.txt --date 2019-10-08
    """
    from kg.builder.pipeline import build as build_graph  # the store and the view are not needed by kg extract

    back_end = _back_end(llm, llm_model, model)
    if back_end is not None and (workers > 1 or scheduler is not None):
        raise click.UsageError("--llm reads one document at a time: leave --workers and --scheduler out")
    with _Bar() as bar:
        report = build_graph(
            sources,
            date=date,
            column=column,
            store=store,
            out=out,
            model=model,
            extractor=back_end,
            workers=workers,
            scheduler=scheduler,
            parts=parts,
            prune=prune,
            exports=exports,
            progress=bar.show,
        )
    if report.documents == len(report.extractions):
        for extraction in report.extractions:
            for line in _lines(extraction):
                say(line)
    for corroboration in report.corroborations:
        say(f"{corroboration}")
    for name in report.unchanged[:_NAMED]:
        say(f"unchanged: {one_line(name)}")
    if len(report.unchanged) > _NAMED:
        say(f"unchanged: {len(report.unchanged) - _NAMED} more")
    for name in report.vanished:
        say(f"{'removed' if report.pruned else 'vanished'}: {one_line(name)}")
    for error in report.set_aside:
        complain(f"kg: set aside: {error}")
    say(
        f"new in this build: {counted(report.documents, 'document')} with {counted(report.claims, 'claim')}; "
        f"{counted(len(report.unchanged), 'document')} unchanged, {len(report.set_aside)} set aside; "
        f"the store is {one_line(store)}"
    )
    for path in report.written:
        say(str(path))


@click.command()
@_SOURCES
@_DATE
@_COLUMN
@click.option("--format", "format_", type=click.Choice(["table", "jsonl", "ttl"]), default="table", show_default=True,
              help="Form of the output.")  # fmt: skip
@_MODEL
@_LLM
@_LLM_MODEL
@click.option("--rejected", is_flag=True, help="Also list what was not believed, with the reason.")
def extract(
    *,
    sources: tuple[str, ...],
    date: str | None,
    column: str | None,
    format_: str,
    model: str | None,
    llm: str | None,
    llm_model: str | None,
    rejected: bool,
) -> None:
    """Print the claims that texts make; store nothing.

    Example: kg extract article.txt --date 2019-10-08 --format jsonl
    """
    back_end = _back_end(llm, llm_model, model)
    documents = read(sources, date=date, column=column)
    for extraction in extract_documents(documents, model=model, rejected=rejected, extractor=back_end):
        if format_ == "jsonl":
            say(json_text(as_record(extraction)))
        elif format_ == "ttl":
            _write_turtle(extraction)
        else:
            for line in _lines(extraction):
                say(line)
            if rejected:
                names = {entity.id: entity.name for entity in extraction.entities}
                rows = [[*_triple(claim, names), reason] for claim, reason in extraction.rejected]
                say(table(["subject", "relation", "object", "not believed because"], rows))


def _back_end(llm: str | None, llm_model: str | None, model: str | None) -> DocumentReader | None:
    """What reads in place of the packaged pipeline, where a URL is given."""
    if llm is None:
        if llm_model is not None:
            raise click.UsageError("--llm-model names a model of the endpoint that --llm gives")
        return None
    if model is not None:
        raise click.UsageError("--llm and --model are two back-ends: give one")
    from kg.llm import KEY, LlmExtractor

    key = os.environ.get(KEY, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise KgError("the key holds characters that no key has", place=KEY, hint="set it anew")
    return LlmExtractor(llm, llm_model or "default", key)


def as_record(extraction: Extraction) -> dict[str, Any]:
    """The extraction in the form of the gold files: entities, and triples with evidence and its offsets."""
    return {
        "id": extraction.document.id,
        "entities": [
            {"id": entity.id, "type": str(entity.type), "name": entity.name, "mentions": list(entity.names)}
            for entity in extraction.entities
        ],
        "triples": [_record(claim) for claim in extraction.claims],
    }


def _record(claim: Claim) -> dict[str, Any]:
    return {
        "s": claim.subject,
        "p": claim.predicate,
        "o": {"text": claim.object} if claim.object_text else claim.object,
        "status": str(claim.status),
        "date": claim.date,
        "claimant": claim.claimant,
        "percent": claim.percent,
        "confidence": claim.confidence,
        "evidence": claim.evidence.text,
        "start": claim.evidence.start,
        "end": claim.evidence.end,
        "rule": claim.rule,
    }


def _triple(claim: Claim, names: dict[str, str]) -> list[str]:
    target = f'"{claim.object}"' if claim.object_text else names.get(claim.object, claim.object)
    return [one_line(names.get(claim.subject, claim.subject)), claim.predicate, one_line(target)]


def _lines(extraction: Extraction) -> Iterator[str]:
    """The claims of a document, each triple above the words that prove it."""
    document = extraction.document
    names = {entity.id: entity.name for entity in extraction.entities}
    yield one_line(f"{document.id}{f' ({document.date})' if document.date else ''}: {len(extraction.claims)} claims")
    for claim in extraction.claims:
        notes = [str(claim.status)]
        notes += [f"{key} {value}" for key, value in (("on", claim.date), ("sum", claim.amount)) if value]
        if claim.percent is not None:
            notes.append(f"{claim.percent:g} %")
        if claim.claimant:
            notes.append(f"says {one_line(names[claim.claimant])}")
        yield "  " + " ".join(_triple(claim, names)) + f"  [{', '.join(notes)}; {claim.confidence:.2f}]"
        quote = " ".join(claim.evidence.text.split())
        yield f"      “{one_line(quote)}”"


def _write_turtle(extraction: Extraction) -> None:
    from kg.exports import render
    from kg.rdf.serialize import quads

    emit(render(quads(extraction), "ttl")[""])


class _Bar:
    """A line on standard error, where that is a terminal: documents, claims, words a second."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._documents = self._claims = self._words = 0
        self._began = time.monotonic()

    def show(self, done: Done) -> None:
        """Count one document more."""
        if self._shown and done.entry is not None:
            self._documents += 1
            self._claims += done.entry.claims
            self._words += done.entry.words
            pace = self._words / max(time.monotonic() - self._began, 0.1)
            line = f"{self._documents} documents, {self._claims} claims, {pace:,.0f} words/s"
            redraw(line)

    def __enter__(self) -> _Bar:
        """The line itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the line."""
        if self._shown and self._documents:
            complain("")
