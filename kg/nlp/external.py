"""Another spaCy pipeline within our layout: its trees and tags kept, its names turned into the ten types.

The inner pipeline sees clean Docs: words only, every block its own sentence start; spaces and markup never reach it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

KINDS: Final = {
    "PERSON": "Person",
    "PER": "Person",
    "ORG": "Organization",
    "NORP": "Organization",
    "GPE": "Place",
    "LOC": "Place",
    "FAC": "Place",
    "LAW": "LegalInstrument",
}
"""Types for the labels of OntoNotes and CoNLL; what is not here is dropped. Patterns and lists refine them later."""
DROPPED: Final = frozenset({"NORP"})


class Foreign:
    """Annotates laid-out Docs with a pipeline of its own vocabulary."""

    def __init__(self, vocab: Vocab, inner: Language) -> None:
        self.vocab = vocab
        self.inner = inner

    def missing(self) -> str:
        """What relations are read off and the pipeline does not give; "" where nothing is missing."""
        tried = self.inner("The ministry listed the company.")
        parts = {"DEP": "parser", "POS": "tagger of parts of speech"}
        return " and no ".join(part for attribute, part in parts.items() if not tried.has_annotation(attribute))

    def __call__(self, doc: Doc) -> Doc:
        """The same Doc, annotated."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """Docs in their order, annotated."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            for doc, clean in zip(batch, self.inner.pipe([self._clean(doc) for doc in batch]), strict=True):
                self._copy(doc, clean)
                yield doc

    def _clean(self, doc: Doc) -> Doc:
        at = doc._.layout.words
        block_of = doc._.layout.block_of
        starts: list[bool | int | None] = [
            True if i == 0 or block_of[i] != block_of[i - 1] else None for i in range(len(at))
        ]
        spaces = [i + 1 < len(at) and (at[i + 1] > at[i] + 1 or bool(doc[at[i]].whitespace_)) for i in range(len(at))]
        return Doc(self.inner.vocab, words=[doc[i].text for i in at], spaces=spaces, sent_starts=starts)

    def _copy(self, doc: Doc, clean: Doc) -> None:
        at = doc._.layout.words
        count = len(doc)
        word_of = {token: word for word, token in enumerate(at)}
        heads, deps, tags, pos, lemmas, morphs = [], [], [], [], [], []
        before = at[0] if at else 0
        for i in range(count):
            word = word_of.get(i)
            if word is None:
                heads.append(before)
                deps.append("dep" if heads[-1] != i else "ROOT")
                tags.append("_SP" if doc[i].is_space else "SYM")
                pos.append("SPACE" if doc[i].is_space else "SYM")
                lemmas.append(doc[i].text)
                morphs.append("")
                continue
            token = clean[word]
            before = i
            heads.append(at[token.head.i])
            deps.append(token.dep_ or "dep")
            tags.append(token.tag_)
            pos.append(token.pos_)
            lemmas.append(token.lemma_ or token.text)
            morphs.append(str(token.morph))
        annotated = Doc(
            doc.vocab,
            words=[token.text for token in doc],
            spaces=[bool(token.whitespace_) for token in doc],
            heads=heads,
            deps=deps,
            tags=tags,
            pos=[p or "X" for p in pos],
            lemmas=lemmas,
            morphs=morphs,
        )
        doc.from_array(KEPT, annotated.to_array(KEPT))  # type: ignore[arg-type]
        ents = []
        for ent in clean.ents:
            kind = KINDS.get(ent.label_)
            if kind and ent.label_ not in DROPPED:
                ents.append(Span(doc, at[ent.start], at[ent.end - 1] + 1, label=kind))
        doc.ents = tuple(ents)


KEPT: Final[list[int | str]] = ["HEAD", "DEP", "TAG", "POS", "LEMMA", "MORPH"]
