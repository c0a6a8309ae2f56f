"""Whether the text commits itself to a clause: what is asked or supposed is not stated.

In: a `Tree` and the way up from a predicate. Out: a `Commitment` where the clause is a yes-or-no question, with the
status that its answer gives, or a hypothesis ("if", "whether", "had it been"); None where it is stated. A clause inside
a question that the question takes for granted, such as a relative clause, is stated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kg.extraction.factuality_conditions import LEXICON
from kg.nlp.dependencies import Tree

_ASKED: Final = frozenset({"root", "ROOT", "conj", "parataxis", "appos", "ccomp", "dep"})
_LOOK: Final = 6  # tokens of the next sentence among which its answer begins


@dataclass(frozen=True, slots=True)
class Commitment:
    """Why a clause is not stated, and the status that it has all the same, None for none.

    `reason` is what `kg explain` shows; `token` the word that decides.
    """

    reason: str
    token: int
    status: str | None = None


def read_commitment(tree: Tree, way: Sequence[tuple[int, int | None]]) -> Commitment | None:
    """How the text withholds itself from the predicate at the start of `way`; None where it states it."""
    for at, _ in way:
        supposed = _supposed(tree, at)
        if supposed is not None:
            return Commitment("it is supposed, not stated", supposed)
    top = way[-1][0]
    mark = _question_mark(tree, top)
    if mark is None:
        return None
    return Commitment("it is asked, not stated", mark, _answer(tree, tree.sentence_of[top]))


def _supposed(tree: Tree, at: int) -> int | None:
    """The word that makes the clause of a predicate a supposition."""
    label = tree.labels[at]
    for mark in tree.labelled(at, "mark"):
        word = tree.words[mark]
        phrase = " ".join(tree.words[part] for part in (mark, *tree.labelled(mark, "fixed")))
        if word in LEXICON["whether"] or word in LEXICON["suppose"] or phrase in LEXICON["suppose_phrases"]:
            return mark
    auxiliaries = [child for child in tree.children[at] if tree.labels[child].partition(":")[0] in ("aux", "cop")]
    words = [tree.words[child] for child in auxiliaries]
    subjects = tree.labelled(at, "nsubj")
    inverted = label == "advcl" and subjects and auxiliaries and auxiliaries[0] < subjects[0]
    if inverted and words[0] in ("had", "were", "should") and not tree.labelled(at, "mark"):
        return auxiliaries[0]
    if "have" in words and words[0] in ("would", "could", "might", "'d") and words[0] != "have":
        return auxiliaries[0]
    return None


def _question_mark(tree: Tree, top: int) -> int | None:
    """The question mark of a yes-or-no question whose main clause is headed by `top`."""
    if tree.labels[top] not in _ASKED:
        return None
    start, end = tree.sentences[tree.sentence_of[top]]
    last = end - 1
    while last > start and (tree.tags[last] == "SPACE" or tree.words[last] in ("”", '"', "’", "'", ")", "*", "**")):
        last -= 1
    if not tree.words[last].endswith("?"):
        return None
    first = {tree.words[token] for token in range(start, min(end, top + 1))}
    return None if first & LEXICON["wh_words"] else last


def _answer(tree: Tree, sentence: int) -> str | None:
    """The status that a "No" or "Yes" at the head of the next sentence gives to what was asked."""
    if sentence + 1 >= len(tree.sentences):
        return None
    start, end = tree.sentences[sentence + 1]
    for token in range(start, min(end, start + _LOOK)):
        word = tree.words[token].strip(".,!*")
        if word in LEXICON["answers_no"]:
            return "denied"
        if word in LEXICON["answers_yes"]:
            return "asserted"
        if word and not word.isspace() and tree.words[token] not in LEXICON["answer_marks"]:
            return None
    return None
