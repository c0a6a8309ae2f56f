"""`kg read`: what the pipeline sees of a document before it looks for claims: blocks, records, what is left out."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click

from kg.cli.terminal import say
from kg.documents import read as read_documents
from kg.errors import one_line

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kg.model import Document

_SHOWN: Final = 100
_STYLE: Final = (
    "body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto}p,h1,h3{margin:.4em 0}small{color:#667}"
    ".row,.field{background:#eef4fb}.item{padding-left:1.5em}.byline,.left-out{color:#889}"
    ".record{border-left:3px solid #37a;padding-left:.8em;margin:.6em 0}"
    "dt{font-weight:600;float:left;margin-right:.5em}dd{margin-left:0}"
)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILE...")
@click.option("--column", metavar="NAME", default=None, help="The column of texts in .csv and .xlsx.  [default: text]")
@click.option("--html", "as_html", is_flag=True, help="Write a page in place of lines.")
def read(*, sources: tuple[str, ...], column: str | None, as_html: bool) -> None:
    """Show how documents are read: blocks, tables, records, and what is left out.

    Each line tells the characters of the document that it stands for. The first thing to look at when a fact is missed.

    Example: kg read notice.pdf
    """
    from kg.nlp.pipeline import load_pipeline

    nlp = load_pipeline()
    if as_html:
        say(f'<!DOCTYPE html><meta charset="utf-8"><title>kg read</title><style>{_STYLE}</style>')
    for document in read_documents(sources, column=column):
        doc = nlp(document.text)
        for line in _page(document, doc) if as_html else _lines(document, doc):
            say(line)


def _lines(document: Document, doc: Doc) -> Iterator[str]:
    yield f"{one_line(document.id)}: {one_line(document.title) or 'no title'}, {document.date or 'no date'}"
    for start, end, kind, text in _blocks(document, doc):
        yield f"{start:>8}-{end:<8} {kind:<10} {_short(text)}"
    for start, end, name, act, fields in _records(document, doc):
        yield f"{start:>8}-{end:<8} record     {_short(name)} [{act}]"
        for first, last, key, value in fields:
            yield f"{first:>8}-{last:<8}   {key:<20} {_short(value)}"
    for start, end in doc._.running.left_out:
        yield f"{start:>8}-{end:<8} left out   {_short(document.text[start:end])}"


def _page(document: Document, doc: Doc) -> Iterator[str]:
    yield f"<h1>{html.escape(document.title or document.id)}</h1>"
    for start, end, kind, text in _blocks(document, doc):
        tag = "h3" if kind.startswith("heading") else "p"
        yield f'<{tag} class="{kind.split()[0]}"><small>{start}–{end} {kind}</small> {html.escape(text)}</{tag}>'
    for start, end, name, act, fields in _records(document, doc):
        yield f'<div class="record"><small>{start}–{end} {html.escape(act)}</small> <b>{html.escape(name)}</b><dl>'
        for first, last, key, value in fields:
            yield f"<dt>{html.escape(key)}</dt><dd>{html.escape(value)} <small>{first}–{last}</small></dd>"
        yield "</dl></div>"
    for start, end in doc._.running.left_out:
        words = html.escape(document.text[start:end])
        yield f'<p class="left-out"><small>{start}–{end} left out</small> {words}</p>'


def _blocks(document: Document, doc: Doc) -> Iterator[tuple[int, int, str, str]]:
    """Place in the document, kind with the level of a heading, and words of each block."""
    running = doc._.running
    for block in doc._.blocks:
        start, end = running.source(block.start, block.end)
        kind = f"{block.kind} {block.level}" if block.kind == "heading" else block.kind
        yield start, end, kind, running.text[block.start : block.end]


_Fields = list[tuple[int, int, str, str]]


def _records(document: Document, doc: Doc) -> Iterator[tuple[int, int, str, str, _Fields]]:
    """Place, party, what governs it, and fields of each record."""
    running = doc._.running
    for record in doc._.records or ():
        act = "nothing governs it"
        if record.act is not None:
            act = f"{record.act.what}: {running.text[record.act.start : record.act.end].strip()}"
        fields = [
            (*running.source(field.start, field.end), field.key, running.text[field.start : field.end])
            for field in record.fields
        ]
        name = running.text[slice(*record.name)]
        yield *running.source(record.start, record.end), f"{name} ({record.type or 'type unknown'})", act, fields


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
