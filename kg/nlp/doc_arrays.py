"""Cached arrays of a Doc: its text, its words and their offsets, as plain Python built once.

spaCy puts a Doc's text together, and makes a token, at every asking; what is asked often is kept with the Doc.
"""

from __future__ import annotations

from typing import Any

from spacy.tokens import Doc


def text_of(doc: Doc) -> str:
    """The text of the whole Doc."""
    return str(_kept(doc, "kg_text", lambda: doc.text))


def tokens_of(doc: Doc) -> list[str]:
    """The tokens as they stand in the text."""
    strings = doc.vocab.strings
    found: list[str] = _kept(
        doc, "kg_words", lambda: [strings[key] for key in doc.to_array("ORTH").tolist()] if len(doc) else []
    )
    return found


def starts_of(doc: Doc) -> list[int]:
    """The character at which each token begins."""
    found: list[int] = _kept(doc, "kg_starts", lambda: doc.to_array("IDX").tolist() if len(doc) else [])
    return found


def lowered(doc: Doc) -> list[str]:
    """The tokens in lower case."""
    found: list[str] = _kept(doc, "kg_lower", lambda: [word.lower() for word in tokens_of(doc)])
    return found


def chars(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """The half-open characters of the tokens from `start` to before `end`, of which there is one at least."""
    return starts_of(doc)[start], starts_of(doc)[end - 1] + len(tokens_of(doc)[end - 1])


def written(doc: Doc, start: int, end: int) -> str:
    """These tokens as they stand in the text, with the spaces between them."""
    if start >= end:
        return ""
    first, last = chars(doc, start, end)
    return text_of(doc)[first:last]


def _kept(doc: Doc, name: str, read: Any) -> Any:
    kept = doc.user_data
    if name not in kept:
        kept[name] = read()
    return kept[name]
