"""Gold documents as the program analyses them: annotate once, keep the annotation, analyse anew."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from spacy.tokens import Doc

import kg.nlp
from kg.extraction.acceptance import AcceptanceChecks
from kg.extraction.candidates.generate import DocumentAnalysis, analyse
from kg.extraction.claim_builder import ClaimBuilder
from kg.extraction.mention_spans import NAMES
from kg.extraction.patterns.rules import RuleSet
from kg.nlp.pipeline import load_pipeline
from training.relations.gold import GoldDocument, Record


@dataclass(slots=True)
class Item:
    """One gold document with kg's analysis of it; `table` gives the gold entity that each found entity is."""

    source: GoldDocument
    analysis: DocumentAnalysis
    entities: list[Record]
    table: dict[str, str]
    checks: AcceptanceChecks

    @property
    def id(self) -> str:
        """The document's id."""
        return self.source.id

    @property
    def kind(self) -> str:
        """The kind of text."""
        return self.source.kind

    def evidence(self, sentence: int) -> str:
        """The text of a sentence."""
        start, end = self.analysis.view.sentences[sentence]
        return self.analysis.view.span_text(start, end)


def code_digest() -> str:
    """The digest of the code and weights by which texts are annotated."""
    root = Path(kg.nlp.__file__).parent
    found = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".npz", ".onnx", ".json", ".yaml", ".tsv") and path.is_file():
            found.update(str(path.relative_to(root)).encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


def annotated(name: str, texts: Sequence[str], cache: Path | None) -> list[Doc]:
    """The annotated texts; read from `cache` where the same code and weights wrote them there."""
    path = cache / f"{name}-{code_digest()}.docs" if cache else None
    if path and path.is_file():
        docs: list[Doc] = pickle.loads(path.read_bytes())
        return docs
    docs = list(load_pipeline().pipe(texts, batch_size=16))
    for doc in docs:
        doc.tensor = np.asarray(doc.tensor, np.float16)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(docs, protocol=4))
    return docs


def found_entities(analysis: DocumentAnalysis) -> list[Record]:
    """The entities of an analysis as the gold's scorer reads them."""
    doc = analysis.view.doc
    return [
        {
            "id": f"e{number}",
            "type": cluster.type,
            "name": cluster.name,
            "mentions": sorted({doc[span.start : span.end].text for span in cluster.spans if span.kind in NAMES}),
        }
        for number, cluster in enumerate(analysis.clusters, start=1)
        if not cluster.members
    ]


def make_item(source: GoldDocument, doc: Doc, rules: RuleSet, score: ModuleType) -> Item:
    """Analyse an annotated document and match its entities with the gold's."""
    analysis = analyse(doc, rules)
    entities = found_entities(analysis)
    gold = score.Document(source.gold)
    table: dict[str, str] = score.match_entities(gold, score.Document({"id": source.id, "entities": entities}))
    checks = AcceptanceChecks(analysis, ClaimBuilder(analysis, source.date))
    return Item(source, analysis, entities, table, checks)


def load_items(
    sources: Sequence[GoldDocument], name: str, rules: RuleSet, score: ModuleType, cache: Path | None
) -> list[Item]:
    """Items of all documents, in their order."""
    docs = annotated(name, [one.text for one in sources], cache)
    return [make_item(source, doc, rules, score) for source, doc in zip(sources, docs, strict=True)]
