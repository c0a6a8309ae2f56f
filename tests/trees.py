"""Hand-made dependency trees: CoNLL-U rows to an annotated Doc, so that a test needs no model.

`tree("Alpha _ PROPN 2 nsubj\\nbought buy VERB 0 root\\nBeta _ PROPN 2 obj")` is the Doc of "Alpha bought Beta".
"""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

_FULL = 10  # columns of a CoNLL-U token line; universaldependencies.org/format.html


def tree(rows: str, *, ents: Iterable[tuple[int, int, str]] = (), vocab: Vocab | None = None) -> Doc:
    """A Doc with tags, lemmas, heads, labels and sentence starts.

    A row holds the ten tab-separated columns of CoNLL-U, or five of them separated by blanks: FORM LEMMA UPOS HEAD
    DEPREL. Heads count from 1 within the sentence, 0 is the root; a blank line ends a sentence; a lemma `_` is the
    form in small letters. `ents` holds (first token, token after the last, type), counted from 0 over the document.
    Raises ValueError for a row of another width or a head outside its sentence.
    """
    words: list[str] = []
    lemmas: list[str] = []
    tags: list[str] = []
    heads: list[int] = []
    labels: list[str] = []
    starts: list[bool] = []
    for sentence in _sentences(rows):
        first = len(words)
        for at, (form, lemma, tag, head, label) in enumerate(sentence):
            if not 0 <= int(head) <= len(sentence):
                raise ValueError(f"head {head} of {form!r} is outside its sentence of {len(sentence)} tokens")
            words.append(form)
            lemmas.append(form.lower() if lemma == "_" else lemma)
            tags.append(tag)
            heads.append(first + (at if head == "0" else int(head) - 1))
            labels.append("ROOT" if head == "0" and label == "root" else label)
            starts.append(at == 0)
    vocab = Vocab() if vocab is None else vocab
    doc = Doc(vocab, words=words, lemmas=lemmas, pos=tags, heads=heads, deps=labels, sent_starts=starts)
    doc.ents = tuple(Span(doc, start, end, label=kind) for start, end, kind in ents)
    return doc


def _sentences(rows: str) -> Iterable[list[tuple[str, str, str, str, str]]]:
    sentence: list[tuple[str, str, str, str, str]] = []
    for row in [*rows.splitlines(), ""]:
        if not row.strip():
            if sentence:
                yield sentence
            sentence = []
        elif not row.lstrip().startswith("# "):
            sentence.append(_columns(row))


def _columns(row: str) -> tuple[str, str, str, str, str]:
    cells = row.strip().split("\t") if "\t" in row else row.split()
    if len(cells) == _FULL:
        cells = [cells[at] for at in (1, 2, 3, 6, 7)]
    if len(cells) != 5:
        raise ValueError(f"a row has 5 or {_FULL} columns, not {len(cells)}: {row.strip()!r}")
    form, lemma, tag, head, label = cells
    return form, lemma, tag, head, label
