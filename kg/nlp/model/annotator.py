"""The spaCy component `kg_reader`: sentences, trees, tags, lemmas and names of the packaged model on laid-out Docs.

It reads the words that `Doc._.layout` names, in windows within blocks, many Docs at a time, and writes everything back
to the Doc over the text as read. Tokens that are no words (spaces, markup, list marks) hang on the word before them
with the label `dep` and take part in nothing. `doc.tensor` keeps the network's state for every word (zeros elsewhere):
the scorers of relations read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.nlp.model.bio_decoder import best_labels, forbidden_steps, spans
from kg.nlp.model.encoder import Encoder
from kg.nlp.model.lemmatizer import Lemmas
from kg.nlp.model.mst_decoder import best_heads
from kg.nlp.segmentation.tokenizer import Layout, opens_sentence, starts_sentence, windows

WORDS_AT_ONCE: Final = 1000
"""Padded words in one batch of the network."""
ENDS_SENTENCE: Final = frozenset(".!?:;\"'”’)]…")
SURE: Final = 2.0
"""A sentence begins after a word without an end mark only where the network is this sure (a difference of logits)."""
ATTRIBUTES: Final = ["HEAD", "DEP", "POS", "TAG", "MORPH", "LEMMA", "ENT_IOB", "ENT_TYPE"]


class Reader:
    """Annotates laid-out Docs; made from the folder of the packaged model."""

    def __init__(self, vocab: Vocab, folder: Path) -> None:
        self.vocab = vocab
        self.encoder = Encoder(folder)
        self.lemmas = Lemmas.read(folder / "lemmas.json")
        labels = self.encoder.labels
        strings = vocab.strings
        self._upos = labels["upos"]
        self._xpos = labels["xpos"]
        self._upos_ids = np.array([strings.add(label) for label in labels["upos"]], np.uint64)
        self._xpos_ids = np.array([strings.add(label) for label in labels["xpos"]], np.uint64)
        self._feats_ids = np.array([vocab.morphology.add(label) for label in labels["feats"]], np.uint64)
        self._dep_ids = np.array([strings.add("ROOT" if d == "root" else d) for d in labels["dep"]], np.uint64)
        self._root = labels["dep"].index("root")
        self._names = labels["ner"]
        self._steps = forbidden_steps(self._names)
        self._space = (strings.add("SPACE"), strings.add("_SP"), strings.add("dep"), vocab.morphology.add(""))
        self._markup = (strings.add("SYM"), strings.add("SYM"))
        self._lemma_ids: dict[tuple[str, int, int], int] = {}

    def __call__(self, doc: Doc) -> Doc:
        """The same Doc, annotated."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """Docs in their order, annotated; `batch_size` Docs share the network's batches."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            self._annotate(batch)
            yield from batch

    def _annotate(self, docs: list[Doc]) -> None:
        texts = [[doc[i].text for i in doc._.layout.words] for doc in docs]
        found = [_Reading(len(words), self.encoder.width) for words in texts]
        jobs: list[tuple[int, int, int, bool]] = []
        for number, doc in enumerate(docs):
            jobs += [(number, a, b, first) for a, b, first in _windows(doc._.layout, texts[number])]
        jobs.sort(key=lambda job: (job[2] - job[1], job[0], job[1]))
        for start, end in _batches([b - a for _, a, b, _ in jobs]):
            self._read(jobs[start:end], texts, found)
        for doc, words, reading in zip(docs, texts, found, strict=True):
            self._write(doc, words, reading)
        self.encoder.forget_words()

    def _read(self, jobs: list[tuple[int, int, int, bool]], texts: list[list[str]], found: list[_Reading]) -> None:
        words = [texts[number][a:b] for number, a, b, _ in jobs]
        lengths = np.array([len(w) for w in words], np.int64)
        scores = self.encoder.read(words)
        starts = scores.starts > 0
        starts[:, 0] = True
        for i, j in zip(*np.nonzero(starts), strict=True):
            if 0 < j < lengths[i]:
                before = words[i][j - 1]
                sure = before[-1] in ENDS_SENTENCE or scores.starts[i, j] > SURE
                starts[i, j] = sure and starts_sentence(before, words[i][j], True)
        for i, row in enumerate(words):
            for j in range(1, len(row)):
                if row[j - 1][-1] == "." and opens_sentence(row[j - 1], row[j]):
                    starts[i, j] = True
        starts[np.arange(starts.shape[1])[None, :] >= lengths[:, None]] = False
        heads = best_heads(scores.arcs, starts, lengths)
        deps = self.encoder.label_arcs(scores.states, heads)
        root = heads == starts.shape[1]
        deps[root] = self._root
        names = best_labels(scores.names, self._steps, lengths)
        for i, (number, a, b, _) in enumerate(jobs):
            n = b - a
            reading = found[number]
            reading.heads[a:b] = np.where(root[i, :n], np.arange(a, b), heads[i, :n] + a)
            reading.deps[a:b] = deps[i, :n]
            reading.names[a:b] = names[i, :n]
            reading.states[a:b] = scores.states[i, :n]
            for field in ("upos", "xpos", "feats"):
                getattr(reading, field)[a:b] = scores.tags[field][i, :n]

    def _write(self, doc: Doc, words: list[str], reading: _Reading) -> None:
        count = len(doc)
        if not count:
            return
        at = np.array(doc._.layout.words, np.int64)
        space_pos, space_tag, dep, no_feats = self._space
        values = np.zeros((count, len(ATTRIBUTES)), np.uint64)
        blank = np.fromiter((token.is_space for token in doc), bool, count)
        values[:, 1] = dep
        values[:, 2] = np.where(blank, np.uint64(space_pos), np.uint64(self._markup[0]))
        values[:, 3] = np.where(blank, np.uint64(space_tag), np.uint64(self._markup[1]))
        values[:, 4] = no_feats
        values[:, 5] = np.fromiter((token.orth for token in doc), np.uint64, count)
        values[:, 6] = 2
        values[:, 0] = _leaves(count, at).view(np.uint64)
        if len(at):
            values[at, 0] = (at[reading.heads] - at).view(np.uint64)
            values[at, 1] = self._dep_ids[reading.deps]
            values[at, 2] = self._upos_ids[reading.upos]
            values[at, 3] = self._xpos_ids[reading.xpos]
            values[at, 4] = self._feats_ids[reading.feats]
            values[at, 5] = self._lemmas(words, reading)
        tensor = np.zeros((count, reading.states.shape[1]), np.float16)
        tensor[at] = reading.states
        doc.tensor = tensor  # type: ignore[assignment]
        doc.from_array(ATTRIBUTES, values)  # type: ignore[arg-type]
        self._name(doc, at, [self._names[label] for label in reading.names])

    def _lemmas(self, words: list[str], reading: _Reading) -> NDArray[np.uint64]:
        known = self._lemma_ids
        found = np.zeros(len(words), np.uint64)
        for i, key in enumerate(zip(words, reading.upos.tolist(), reading.xpos.tolist(), strict=True)):
            ident = known.get(key)
            if ident is None:
                lemma = self.lemmas(key[0], self._upos[key[1]], self._xpos[key[2]])
                ident = self.vocab.strings.add(lemma)
                if len(known) > 200_000:
                    known.clear()
                known[key] = ident
            found[i] = ident
        return found

    def _name(self, doc: Doc, at: NDArray[np.int64], labels: list[str]) -> None:
        block_of = doc._.layout.block_of
        ents = []
        for first, last, kind in spans(labels):
            while last > first + 1 and block_of[last - 1] != block_of[first]:
                last -= 1
            ents.append(doc[int(at[first]) : int(at[last - 1]) + 1])
            ents[-1].label_ = kind
        doc.ents = tuple(ents)


class _Reading:
    """What is found for the words of one Doc: arrays of label indices, heads as word numbers (a root is its own)."""

    __slots__ = ("deps", "feats", "heads", "names", "states", "upos", "xpos")

    def __init__(self, count: int, width: int) -> None:
        self.states = np.zeros((count, width), np.float16)
        self.heads = np.zeros(count, np.int64)
        self.deps = np.zeros(count, np.int64)
        self.upos = np.zeros(count, np.int64)
        self.xpos = np.zeros(count, np.int64)
        self.feats = np.zeros(count, np.int64)
        self.names = np.zeros(count, np.int64)


def _leaves(count: int, at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Relative heads that hang every token on the nearest word before it, or after it at the front."""
    every = np.arange(count)
    if not len(at):
        return np.where(every > 0, -1, 0)
    before = np.searchsorted(at, every, side="right") - 1
    return at[np.maximum(before, 0)] - every


def _windows(layout: Layout, words: list[str]) -> Iterator[tuple[int, int, bool]]:
    """Windows of a Doc's words: (first, after the last, whether a block begins there)."""
    start = 0
    block_of = layout.block_of
    for i in range(1, len(words) + 1):
        if i == len(words) or block_of[i] != block_of[start]:
            for a, b in windows(words[start:i]):
                yield start + a, start + b, a == 0
            start = i


def _batches(lengths: list[int]) -> Iterator[tuple[int, int]]:
    """Half-open ranges of windows, which are sorted by length, that fit into one batch."""
    start = 0
    for i, length in enumerate(lengths):
        if i > start and (i + 1 - start) * length > WORDS_AT_ONCE:
            yield start, i
            start = i
    if start < len(lengths):
        yield start, len(lengths)
