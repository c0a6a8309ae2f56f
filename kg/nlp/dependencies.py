"""A parsed Doc as plain columns in Universal Dependencies labels, whatever scheme the parser speaks.

In: a spaCy Doc with heads, labels, parts of speech and lemmas. Out: a `Tree` over the same token indices. Trees
in ClearNLP labels (spaCy's own English pipelines) are re-hung: the noun goes over its preposition, the predicate
noun over its copula, and labels are renamed, so that one set of frames reads both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc

from kg.nlp.doc_arrays import tokens_of, written

_RENAMED: Final[dict[str, str]] = {
    "nsubjpass": "nsubj:pass",
    "csubjpass": "csubj:pass",
    "auxpass": "aux:pass",
    "dobj": "obj",
    "dative": "iobj",
    "relcl": "acl:relcl",
    "poss": "nmod:poss",
    "nn": "compound",
    "prt": "compound:prt",
    "npadvmod": "obl:npmod",
    "neg": "advmod",
    "acomp": "xcomp",
    "oprd": "xcomp",
    "ROOT": "root",
}
_WHOLE: Final = 2**64  # spaCy's arrays hold unsigned numbers: heads to the left are written modulo this
_HALF: Final = 2**63
_CLEARNLP: Final = frozenset({"pobj", "dobj", "nsubjpass", "auxpass", "prep", "relcl", "poss", "attr", "agent"})
_BE: Final = frozenset({"be", "is", "are", "was", "were", "been"})


@dataclass(frozen=True, slots=True)
class Tree:
    """Columns by token: words (lower case, straight apostrophes), lemmas, coarse tags, heads, labels, children.

    `bases` are the labels without their subtypes. A root is its own head; children are in order. `sentence_of` numbers
    the sentences and `sentences` bounds them.
    """

    words: list[str]
    lemmas: list[str]
    tags: list[str]
    heads: list[int]
    labels: list[str]
    bases: list[str]
    children: list[list[int]]
    sentence_of: list[int]
    sentences: list[tuple[int, int]]
    doc: Doc

    def written(self, start: int, end: int) -> str:
        """The text of tokens `start` to `end` as it stands in the document."""
        return written(self.doc, start, end)

    def labelled(self, token: int, *labels: str) -> list[int]:
        """The children of a token that bear one of the labels, or a subtype of one."""
        children = self.children[token]
        if not children:
            return []
        own, bases = self.labels, self.bases
        return [child for child in children if own[child] in labels or bases[child] in labels]

    def subtree(self, token: int) -> tuple[int, int]:
        """The half-open bounds of the tokens under a token (itself included)."""
        first = last = token
        stack = [token]
        while stack:
            at = stack.pop()
            first, last = min(first, at), max(last, at)
            stack.extend(self.children[at])
        return first, last + 1


def doc_heads(doc: Doc) -> list[int]:
    """The head of every token as the parser gave it; a root is its own."""
    if not len(doc):
        return []
    return [at + ((head + _HALF) % _WHOLE - _HALF) for at, head in enumerate(doc.to_array("HEAD").tolist())]


def read_tree(doc: Doc) -> Tree:
    """The tree of a parsed Doc; a Doc without a parse is one sentence of unattached tokens."""
    strings = doc.vocab.strings
    columns = doc.to_array(["LEMMA", "POS", "DEP"]).tolist() if len(doc) else []
    words = [word.lower().replace("’", "'") for word in tokens_of(doc)]
    lemmas = [strings[row[0]].lower() if row[0] else word for row, word in zip(columns, words, strict=True)]
    tags = [strings[row[1]] for row in columns]
    heads = doc_heads(doc)
    labels = [strings[row[2]] for row in columns]
    if not _CLEARNLP.isdisjoint(labels):
        _rehang(lemmas, tags, heads, labels)
    _lower_prepositions(heads, labels)
    parsed = doc.has_annotation("SENT_START")
    sentences = [(sent.start, sent.end) for sent in doc.sents] if parsed else [(0, len(doc))] if len(doc) else []
    sentence_of = [0] * len(doc)
    for number, (start, end) in enumerate(sentences):
        sentence_of[start:end] = [number] * (end - start)
    _return_times(words, heads, labels)
    children: list[list[int]] = [[] for _ in words]
    for token, head in enumerate(heads):
        if head != token:
            children[head].append(token)
    bases = [label.partition(":")[0] for label in labels]
    return Tree(words, lemmas, tags, heads, labels, bases, children, sentence_of, sentences, doc)


_TIME_CASES: Final = frozenset("until till since from in on during between before after".split())


def _return_times(words: list[str], heads: list[int], labels: list[str]) -> None:
    """Give a time right behind a relative clause to that clause, in place.

    "X, who was chairman until June 2018, was sanctioned": parsers hang the time on the verb that follows.
    """
    for token, label in enumerate(labels):
        head = heads[token]
        if label != "obl" or head <= token or not token or words[token - 1] not in _TIME_CASES:
            continue
        if not any(word[:1].isdigit() for word in words[token : token + 3]) or words[token - 2] in (",", "."):
            continue
        at = token - 2
        for _ in range(8):
            if at < 0 or heads[at] == at or labels[at].startswith("acl:relcl"):
                break
            at = heads[at]
        if 0 <= at < token and labels[at].startswith("acl:relcl"):
            heads[token] = at


def _rehang(lemmas: list[str], tags: list[str], heads: list[int], labels: list[str]) -> None:
    """Turn ClearNLP columns into Universal Dependencies ones, in place."""
    for token, label in enumerate(labels):
        labels[token] = _RENAMED.get(label, label)
    for token, label in enumerate(labels):
        head = heads[token]
        if label == "attr" and lemmas[head] in _BE:
            _swap_copula(token, head, heads, labels)
    for token, label in enumerate(labels):
        head = heads[token]
        if label in ("pobj", "pcomp") and labels[head] in ("prep", "agent", "iobj", "case"):
            governor = heads[head]
            verbal = tags[governor] in ("VERB", "AUX", "ADJ")
            agent = labels[head] == "agent"
            if label == "pobj":
                labels[token] = "obl:agent" if agent else "obl" if verbal else "nmod"
            else:
                labels[token] = "advcl" if verbal else "acl"
            heads[token], heads[head] = governor, token
            labels[head] = "case" if label == "pobj" else "mark"


def _lower_prepositions(heads: list[int], labels: list[str]) -> None:
    """Hang a phrase under its verb where a parser hangs it under the preposition ("pursuant to", "according to")."""
    fixed = {heads[token] for token, label in enumerate(labels) if label == "fixed"}
    for token, label in enumerate(labels):
        above = heads[token]
        if label in ("obl", "obj", "nmod") and above in fixed and above < token and labels[above] in ("advmod", "obl"):
            heads[token], labels[token] = heads[above], "obl"
            heads[above], labels[above] = token, "case"


def _swap_copula(noun: int, verb: int, heads: list[int], labels: list[str]) -> None:
    above, label = heads[verb], labels[verb]
    for token, head in enumerate(heads):
        if head == verb and token not in (noun, verb):
            heads[token] = noun
    heads[noun] = noun if above == verb else above
    labels[noun] = label
    heads[verb], labels[verb] = noun, "cop"
