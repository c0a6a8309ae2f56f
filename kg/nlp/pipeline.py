"""The English pipeline: a spaCy `Language` whose Docs stand over the text as read.

text -> layout (blocks, words) -> reader (sentences, trees, tags, lemmas, names) -> names (patterns, lists, one name one
type in a document). `load_pipeline()` gives the packaged model; with the name of an installed spaCy pipeline, that one
within the same layout, its names turned into the ten types.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from kg.errors import KgError
from kg.nlp.external import Foreign
from kg.nlp.model.annotator import Reader
from kg.nlp.ner.refiner import Names
from kg.nlp.records.component import Records
from kg.nlp.segmentation.blocks import Block
from kg.nlp.segmentation.page_lines import running_text
from kg.nlp.segmentation.tokenizer import Layout, layout_doc, text_tokenizer

MODEL: Final = Path(__file__).resolve().parent / "model" / "en_sanctions"
"""The packaged model."""


def load_pipeline(name: str | None = None) -> Language:
    """The pipeline, deterministic and without state between texts.

    Its Docs have heads, labels (Universal Dependencies), `pos_`, `tag_`, lemmas, morphology, sentences, `doc.ents` with
    the ten types, and `doc._.blocks`. With `name`, labels and tags are those of that pipeline. Raises KgError when the
    named pipeline is not installed, cannot be loaded, or the packaged model is damaged.
    """
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "kg_layout"}}})
    nlp.add_pipe("kg_reader")  # with another pipeline too: the scorers of relations read its states
    if name is not None:
        nlp.add_pipe("kg_foreign", config={"pipeline": name})
    nlp.add_pipe("kg_names")
    nlp.add_pipe("kg_records")
    return nlp


class LayoutTokenizer:
    """Text to a Doc that gives back the running text exactly, with `doc._.blocks`, `doc._.layout`, `doc._.running`."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self._cut = text_tokenizer(vocab)

    def __call__(self, text: str) -> Doc:
        """The Doc of a text, over its running text; `doc._.running` leads back to the text as read."""
        running = running_text(text)
        doc, layout = layout_doc(self.vocab, self._cut, running.text)
        doc._.layout = layout
        doc._.running = running
        return doc

    def to_bytes(self, **_: object) -> bytes:
        """Nothing: there is no state to keep."""
        return b""

    def from_bytes(self, _: bytes, **__: object) -> LayoutTokenizer:
        """The same tokenizer."""
        return self


@registry.tokenizers("kg_layout")  # type: ignore[untyped-decorator]
def make_tokenizer() -> Callable[[Language], LayoutTokenizer]:
    """The tokenizer that a pipeline's configuration names."""
    return lambda nlp: LayoutTokenizer(nlp.vocab)


@Language.factory("kg_reader", assigns=["token.head", "token.dep", "token.pos", "token.tag", "token.lemma", "doc.ents"])
def make_reader(nlp: Language, name: str) -> Reader:
    """The packaged model as a component."""
    return Reader(nlp.vocab, MODEL)


@Language.factory("kg_foreign", default_config={"pipeline": "en_core_web_sm"}, assigns=["token.head", "doc.ents"])
def make_foreign(nlp: Language, name: str, pipeline: str) -> Callable[[Doc], Doc]:
    """Another installed pipeline as a component."""
    try:
        inner = spacy.load(pipeline)
    except OSError as error:
        raise KgError(f"spaCy has no pipeline {pipeline!r}", hint="install it, or leave the name out") from error
    except (ImportError, ValueError, LookupError) as error:  # parts or versions that spaCy here does not have
        told = " ".join(str(error).split())[:200]
        raise KgError(f"spaCy cannot load {pipeline!r}: {told}", hint="install what it needs") from error
    return Foreign(nlp.vocab, inner)


@Language.factory("kg_names", assigns=["doc.ents"])
def make_names(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """The patterns and lists on top of the recogniser."""
    return Names(nlp.vocab)


@Language.factory("kg_records", assigns=["doc.ents"])
def make_records(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """The records of lists and notices."""
    return Records(nlp.vocab)


def _blocks(doc: Doc) -> list[Block]:
    layout: Layout | None = doc._.layout
    return layout.blocks if layout is not None else []


Doc.set_extension("layout", default=None, force=True)
Doc.set_extension("running", default=None, force=True)
Doc.set_extension("blocks", getter=_blocks, force=True)
