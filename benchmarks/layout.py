"""How much of a text's triples survive the page: hard-wrapped, hyphenated, page-headed and printed copies.

usage: python benchmarks/layout.py SOURCES.jsonl... [--documents 60] [--forms wrapped hyphenated headed pdf columns]

Each document is read as it is and in each form; a triple is the folded names of its ends and its relation. Told for
each form: the share of the plain text's triples that are found again, and the share of the form's that are new.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import subprocess
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from kg.documents import read
from kg.extraction.extractor import load_extractor
from kg.model import Document, Extraction
from kg.namespaces import name_key

WIDTH = 72
PAGE = 48
Triple = tuple[str, str, str]


def wrapped(text: str) -> str:
    """Every line set in 72 columns."""
    return "\n".join(textwrap.fill(line, WIDTH, break_long_words=False) for line in text.split("\n"))


def hyphenated(text: str) -> str:
    """As `wrapped`, with longer words cut at a syllable's likely end where the line has room for it."""
    return "\n".join("\n".join(_hyphenate(line)) for line in text.split("\n"))


def _hyphenate(line: str) -> Iterator[str]:
    current = ""
    for word in line.split():
        if len(current) + 1 + len(word) <= WIDTH or not current:
            current = f"{current} {word}".strip()
            continue
        room = WIDTH - len(current) - 2
        places = [
            k for k in range(3, min(room, len(word) - 3) + 1)
            if word.isalpha() and word[1:].islower() and word[k - 1] not in "aeiou" and word[k] not in "aeiouy" 
        ]  # fmt: skip
        if places:
            yield f"{current} {word[: places[-1]]}-"
            current = word[places[-1] :]
        else:
            yield current
            current = word
    yield current


def headed(text: str, title: str) -> str:
    """As `hyphenated`, with a head and a page number after every 48 lines."""
    lines = hyphenated(text).split("\n")
    pages = [lines[k : k + PAGE] for k in range(0, len(lines), PAGE)]
    head = f"{title[:50] or 'Press release'}"
    return "\n\n".join(
        f"{head}\n\n" + "\n".join(page) + f"\n\nPage {n} of {len(pages)}" for n, page in enumerate(pages, 1)
    )


def printed(documents: list[Document], columns: int) -> Iterator[Document]:
    """The documents printed to PDF by Chromium, with its heads and feet, and read again."""
    with tempfile.TemporaryDirectory() as folder:
        for document in documents:
            page, target = Path(folder, f"{document.id}.html"), Path(folder, f"{document.id}.pdf")
            style = "body{font:11pt serif;hyphens:auto;text-align:justify}" + f"body{{columns:{columns}}}" * (
                columns > 1
            )
            body = "".join(f"<p>{html.escape(part)}</p>" for part in re.split(r"\n+", document.text) if part.strip())
            page.write_text(
                f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{html.escape(document.title)}</title>'
                f"<style>{style}</style><body>{body}</body></html>", encoding="utf-8",
            )  # fmt: skip
            subprocess.run(
                ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={target}", str(page)],
                check=True, capture_output=True, timeout=120,
            )  # fmt: skip
            yield replace(next(read([target])), id=document.id, date=document.date)


FORMS: dict[str, Callable[[list[Document]], Iterable[Document]]] = {
    "wrapped": lambda documents: [replace(one, text=wrapped(one.text)) for one in documents],
    "hyphenated": lambda documents: [replace(one, text=hyphenated(one.text)) for one in documents],
    "headed": lambda documents: [replace(one, text=headed(one.text, one.title)) for one in documents],
    "pdf": lambda documents: printed(documents, 1),
    "columns": lambda documents: printed(documents, 2),
}


def triples(found: Extraction) -> set[Triple]:
    """What a document says, by the folded names of the ends."""
    names = {entity.id: name_key(entity.name) or entity.name for entity in found.entities}
    return {
        (names.get(c.subject, c.subject), c.predicate, name_key(c.object) if c.object_text else names.get(c.object, c.object))
        for c in found.claims
    }  # fmt: skip


def main() -> None:
    """Print one line a form."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", type=Path)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--forms", nargs="+", default=list(FORMS), choices=list(FORMS))
    parser.add_argument("--differences", action="store_true", help="print what is lost and new")
    options = parser.parse_args()
    every = []
    for path in options.sources:
        rows = [json.loads(line) for line in path.open(encoding="utf-8")]
        step = max(1, len(rows) * len(options.sources) // options.documents)
        every += [
            Document(row["id"], row["text"], title=row.get("title") or "", date=row.get("date")) for row in rows[::step]
        ]
    documents = every[: options.documents]
    extractor = load_extractor()
    plain = {found.document.id: triples(found) for found in extractor.many(documents)}
    for form in options.forms:
        kept = total = new = got = wrong = 0
        for found in extractor.many(FORMS[form](documents)):
            wrong += sum(
                claim.evidence.text != found.document.text[claim.evidence.start : claim.evidence.end]
                for claim in found.claims
            )
            here, before = triples(found), plain[found.document.id]
            kept, total = kept + len(here & before), total + len(before)
            new, got = new + len(here - before), got + len(here)
            if options.differences:
                for sign, rows in (("-", sorted(before - here)), ("+", sorted(here - before))):
                    print("".join(f"{sign} {found.document.id} {row}\n" for row in rows), end="")
        print(
            f"{form}: kept {kept / max(1, total):.3f}, new {new / max(1, got):.3f} ({total} triples, {wrong} misplaced)"
        )


if __name__ == "__main__":
    main()
