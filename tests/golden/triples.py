"""The triples of the golden texts as tab-separated lines, from the packaged pipeline."""

from __future__ import annotations

from pathlib import Path

from kg.documents import read
from kg.extraction.extractor import extract
from kg.model import Extraction

FOLDER = Path(__file__).parent
TEXTS = FOLDER / "texts"
#: The day of publication of a text that names none.
PUBLISHED = "2022-06-01"
_HEADER = ("subject", "predicate", "object", "status", "date", "claimant")


def golden_file(text: Path) -> Path:
    """The file that keeps the triples of a text."""
    return FOLDER / "triples" / f"{text.stem}.tsv"


def golden_tables() -> dict[Path, str]:
    """For each text, in order of name, the content that its file of triples should have."""
    texts = sorted(path for path in TEXTS.iterdir() if path.is_file())
    extractions = extract(read(texts, date=PUBLISHED))
    return {text: _table(extraction) for text, extraction in zip(texts, extractions, strict=True)}


def _table(extraction: Extraction) -> str:
    names = {entity.id: entity.name for entity in extraction.entities}
    rows = {
        (
            names[claim.subject],
            claim.predicate,
            claim.object if claim.object_text else names[claim.object],
            str(claim.status),
            " to ".join(filter(None, (claim.date, claim.date_end))),
            names.get(claim.claimant or "", ""),
        )
        for claim in extraction.claims
    }
    return "".join("\t".join(row) + "\n" for row in [_HEADER, *sorted(rows)])
