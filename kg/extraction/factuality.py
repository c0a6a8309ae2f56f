"""Factuality of a predicate: asserted, alleged, denied, planned or ended, and the source that presents it so.

In: a Doc (parsed or not) and the token of a predicate. Out: a `Factuality` with the spans of the words that decided.
The cues are read in the clause of the predicate and on the way up from it to the root of the sentence; a cue of a
sister clause decides nothing. What the text says in its own voice, or an official about his own act, is asserted; what
is asked or supposed is not stated at all. The words are data (`kg.nlp.lexicon`), the conditions a table
(`kg.extraction.factuality_conditions`). Factuality profiles follow Sauri and Pustejovsky's FactBank: certainty and
polarity, each relative to a source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc

from kg.extraction.commitment import Commitment, read_commitment
from kg.extraction.factuality_conditions import LEXICON, Station, conditions_at
from kg.nlp.dependencies import Tree, read_tree
from kg.nlp.doc_arrays import lowered, starts_of, tokens_of, written

_CLAUSAL: Final = frozenset({"ccomp", "xcomp", "parataxis", "csubj"})
_NOMINAL: Final = frozenset({"NOUN", "PROPN", "PRON", "NUM", "X", "SYM"})
#: Of statuses that hold at once the first one counts: what is denied was not planned either.
_ORDER: Final = ("denied", "planned", "ended", "alleged")
_STEPS: Final = 8


@dataclass(frozen=True, slots=True)
class Factuality:
    """The status of a predicate and what shows it.

    `claimant_span` is the noun phrase of who says it, None for the text's own voice; `cues` are (role, start, end)
    with the roles negation, modality, ended and claimant; `nested` is True where one claimant quotes another.
    `withheld` says why the text states nothing here, and is empty where it does.
    """

    status: str
    claimant_span: tuple[int, int] | None = None
    cues: tuple[tuple[str, int, int], ...] = ()
    nested: bool = False
    withheld: str = ""


def read_factuality(doc: Doc, token: int, *, tree: Tree | None = None, predicate: str = "") -> Factuality:
    """How the text presents the predicate at `token`; pass the `tree` where it has been read already.

    `predicate` is the relation's name where it is known: "former" and "served as" end a post, not a place.
    """
    if not doc.has_annotation("DEP"):
        return _judge_flat(doc, token)
    tree = tree or read_tree(doc)
    cues: list[tuple[str, int, int]] = []
    statuses: list[str] = []
    claimants: list[tuple[int, int]] = []
    way = _way_up(tree, token)
    for at, below in way:
        for status, role, word in conditions_at(Station(tree, at, below, predicate)):
            statuses.append(status)
            cues.append((role, word, word + 1))
        claimant = _claimant(tree, at, below)
        if claimant is not None:
            claimants.append(claimant)
            cues.append(("claimant", *claimant))
    if tree.lemmas[token] in LEXICON["deny"] and (denier := _subject_of(tree, token)) is not None:
        claimants.append(denier)  # the predicate is the denial itself
        cues.append(("claimant", *denier))
    according = _according(tree, way)
    if according is not None:
        claimants.append(according)
        cues.append(("claimant", *according))
        if not LEXICON["records"] & set(tree.words[according[0] : according[1]]):
            statuses.append("alleged")
    if predicate == "also_known_as" and (former := _former_name(doc, token)) is not None:
        statuses.append("ended")
        cues.append(("ended", former, former + 1))
    if not statuses and predicate == "implicated_in" and (charge := _charged(doc, token)) is not None:
        statuses.append("alleged")
        cues.append(("modality", *charge))
    commitment = read_commitment(tree, way)
    if commitment is not None:
        cues.append(("modality", commitment.token, commitment.token + 1))
    return Factuality(
        _status(statuses, commitment),
        claimants[0] if claimants else None,
        tuple(sorted(set(cues), key=lambda cue: cue[1:])),
        len(claimants) > 1,
        commitment.reason if commitment is not None and commitment.status is None else "",
    )


def _status(statuses: list[str], commitment: Commitment | None) -> str:
    if commitment is not None and commitment.status is not None:
        return commitment.status
    return next((name for name in _ORDER if name in statuses), "asserted")


_CHARGE: Final = re.compile(
    r"\b(?:indict(?:s|ed|ments?|ing)?|charg(?:es?|ed|ing) (?:with|of|for)|on (?:\w+ ){0,4}charges?"
    r"|on suspicion of|suspected of|"
    r"wanted\b[^.;]* for|trial (?:for|against)|complaint|accus\w+ of|investigated for|under investigation"
    r"|allegedly|reportedly|"
    r"prime suspect|alleged)\b",
    re.I,
)
_PROVEN: Final = re.compile(r"\b(?:convict\w*|guilty|sentenced|pleaded|pled|imprison\w*)\b", re.I)


def _former_name(doc: Doc, token: int) -> int | None:
    """The "formerly", "previously" or "f.k.a." that stands right before a name."""
    for index in range(token - 1, max(-1, token - 9), -1):
        word = lowered(doc)[index]
        if word in ("formerly", "previously", "former", "originally") or re.sub(r"\W", "", word) == "fka":
            return index
        if tokens_of(doc)[index] in (".", ";", ")") and lowered(doc)[index + 1] != ":":
            return None
    return None


def _charged(doc: Doc, token: int) -> tuple[int, int] | None:
    """Span of a charging expression before the offence in the same sentence; None where a conviction is stated."""
    start, words = token, tokens_of(doc)
    while start and token - start < 60 and not (words[start - 1] in (".", "!", "?") or "\n" in words[start - 1]):
        start -= 1
    text = written(doc, start, token + 1)
    match = _CHARGE.search(text)
    if match is None or _PROVEN.search(text):
        return None
    base = starts_of(doc)[start]
    span = doc.char_span(base + match.start(), base + match.end(), alignment_mode="expand")
    return (span.start, span.end) if span is not None else None


def _way_up(tree: Tree, token: int) -> list[tuple[int, int | None]]:
    """Ancestors of the predicate up to the outermost embedding clause, each with the child it was reached from.

    What stands inside a name or another noun phrase is taken for granted: the way from a noun leads up only where
    the noun is a predicate, or the wrong of which somebody is accused.
    """
    way: list[tuple[int, int | None]] = [(token, None)]
    start = token
    while tree.heads[token] != token and len(way) < _STEPS:
        label = tree.labels[token]
        if label in ("acl:relcl", "advcl", "conj", "parataxis", "acl") and not _embeds(tree, token, label):
            break
        nominal = tree.tags[token] in _NOMINAL and not tree.labelled(token, "cop")
        if nominal and not _is_claim(tree, token, start) and (tree.tags[start] == "PROPN" or not _accused(tree, token)):
            break
        below, token = token, tree.heads[token]
        way.append((token, below))
    return way


def _is_claim(tree: Tree, noun: int, start: int) -> bool:
    """Whether the noun's content is the predicate's clause, so that what is done to the noun is done to it."""
    held = LEXICON["claim_nouns"] | LEXICON["allege_nouns"] | LEXICON["evidence_nouns"]
    return noun != start and tree.lemmas[noun] in held


def _accused(tree: Tree, token: int) -> bool:
    """Whether the noun is what a word of accusation, intention, denial or ending is about."""
    head, label = tree.lemmas[tree.heads[token]], tree.labels[token]
    if label in ("obl", "nmod", "compound", "acl"):
        return head in LEXICON["allege"] | LEXICON["allege_nouns"] | LEXICON["responsible"]
    if label not in ("obj", "nsubj:pass"):
        return False
    ties = tree.lemmas[token] in LEXICON["ties"] and head in LEXICON["cut_ties"]
    return ties or head in LEXICON["plan"] | LEXICON["deny"] | LEXICON["end"] | {"commit"}


def _embeds(tree: Tree, token: int, label: str) -> bool:
    """Whether the word above says something about the clause: "X, he said" does, a relative clause's noun does not."""
    head = tree.heads[token]
    if label == "parataxis":
        return tree.lemmas[head] in LEXICON["say"]
    if label == "acl":
        return tree.lemmas[head] in _CONTENT
    if label == "advcl":
        mark = tree.labelled(token, "mark", "case")
        word = tree.words[mark[0]] if mark else ""
        above = LEXICON["allege"] | LEXICON["plan"] | LEXICON["deny"]
        return word in ("of", "for", "with", "as", "to", "from") and tree.lemmas[head] in above
    return label == "conj" and not tree.labelled(token, "nsubj") and tree.tags[head] in ("VERB", "AUX")


_CONTENT: Final = (
    LEXICON["plan_nouns"] | LEXICON["allege_nouns"] | LEXICON["claim_nouns"] | LEXICON["evidence_nouns"]
) | {"question", "doubt"}


def _claimant(tree: Tree, at: int, below: int | None) -> tuple[int, int] | None:
    """The noun phrase of who says it, where `at` is a verb of saying, or of denying a claim, over the predicate."""
    if below is None:
        return None
    denied_noun = tree.labels[below] in ("obj", "obl") and tree.lemmas[below] in (
        LEXICON["claim_nouns"] | LEXICON["allege_nouns"]
    )
    if denied_noun and tree.lemmas[at] in LEXICON["deny"] | LEXICON["deny_claims"]:
        return _subject_of(tree, at, below)
    if tree.lemmas[at] not in LEXICON["say"]:
        return None
    if tree.labels[below] not in _CLAUSAL and tree.labels[below] not in ("obl", "advcl"):
        return None
    return _subject_of(tree, at, below)


def _subject_of(tree: Tree, at: int, below: int | None = None) -> tuple[int, int] | None:
    """The noun phrase of who says something, where `at` is the verb of saying."""
    for child in tree.children[at]:
        if tree.labels[child] in ("nsubj", "obl:agent") and child != below:
            return tree.subtree(child)
    return None


def _according(tree: Tree, way: list[tuple[int, int | None]]) -> tuple[int, int] | None:
    """The source after "according to" in the clause of the predicate."""
    for at, _ in way:
        for child in tree.labelled(at, "obl", "nmod"):
            case = tree.labelled(child, "case")
            if any(tree.words[mark] == "according" for mark in case):
                start, end = tree.subtree(child)
                start = next((i for i in range(start, end) if tree.words[i] not in ("according", "to", ",")), start)
                while end - 1 > start and tree.words[end - 1] in (",", ".", "”"):
                    end -= 1
                return start, end
    return None


_FLAT_WINDOW: Final = 6


def _judge_flat(doc: Doc, token: int) -> Factuality:
    """Without a tree: cues among the few words before the predicate."""
    for index in range(token - 1, max(-1, token - _FLAT_WINDOW), -1):
        word = lowered(doc)[index]
        if word in (".", ";", "who", "which") or doc[index].is_space:
            break
        for status, role, words in (
            ("denied", "negation", LEXICON["negation"] | {"denied", "denies"}),
            ("planned", "modality", LEXICON["modals"]),
            ("alleged", "modality", LEXICON["allege_words"] | {"accused", "suspected"}),
            ("ended", "ended", LEXICON["ended_words"]),
        ):
            if word in words:
                return Factuality(status, None, ((role, index, index + 1),))
    return Factuality("asserted")
