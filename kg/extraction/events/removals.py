"""Acts of delisting: who is taken off which list, by whom.

In: the `ArgumentExtractor` of a document. Out: `DesignationEvent`s of the kind `remove`, one for each verb or noun that
speaks of a removal: "removed X from the list", "lifted sanctions on X and Y", "annulled the listing of X", "the
following deletions have been made:" over a list. A delisting is an act of its own, never a listing that has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.extraction.events.arguments import ArgumentExtractor, DesignationEvent
from kg.nlp.lexicon import load_lexicon, load_verbs

LEXICON: Final = load_lexicon("listing")
REMOVE: Final = "remove"
"""The kind of an act that takes somebody off a list."""
_OFF: Final = frozenset({"from", "off", "out of"})
_DEALT: Final = frozenset({"on", "against", "of", "upon", "targeting", "to"})


def removals(reader: ArgumentExtractor, number: int, bounds: tuple[int, int]) -> Iterator[DesignationEvent]:
    """The removals that a sentence speaks of."""
    for token in range(*bounds):
        if token in reader.view.covered:
            continue
        targets = _targets(reader, token)
        if targets is None:
            continue
        act = reader.filled(DesignationEvent(token, number, REMOVE), targets, token)
        yield act


def _targets(reader: ArgumentExtractor, token: int) -> list[int] | None:
    """The heads of what is removed by the verb or noun at a token; None where it speaks of no removal."""
    tree, lemma = reader.tree, reader.view.lemmas[token]
    if tree.tags[token] == "VERB":
        if _is(reader, token, "delist"):
            return reader.patients(token)
        if _is(reader, token, "remove") and (off := _off_list(reader, token)):
            lost = [child for head in off for child in tree.labelled(head, "appos")]  # "removed from its list X"
            return [*reader.patients(token), *lost]
        if _is(reader, token, "remove") and _struck_off(reader, token):
            return reader.patients(token)
        if _is(reader, token, "lift"):
            return _measured(reader, token)
    elif lemma in LEXICON["removal_nouns"] and tree.tags[token] in ("NOUN", "PROPN"):
        return [child for child in tree.labelled(token, "nmod") if reader.case_of(child) == "of"]
    return None


def _is(reader: ArgumentExtractor, token: int, group: str) -> bool:
    """Whether a verb is one of a group, by its lemma or by its form."""
    return reader.view.lemmas[token] in LEXICON[group] or reader.tree.words[token] in load_verbs("listing", group)


def _off_list(reader: ArgumentExtractor, token: int) -> list[int]:
    """The lists or measures from which the verb takes somebody."""
    tree = reader.tree
    nouns = [child for head in (token, *tree.labelled(token, "obj")) for child in tree.labelled(head, "obl", "nmod")]
    return [child for child in nouns if reader.case_of(child) in _OFF and _is_list(reader, child)]


def _struck_off(reader: ArgumentExtractor, token: int) -> bool:
    """Whether a verb takes somebody "off" or "off it" in a sentence that names a list or a listing."""
    tree = reader.tree
    off = [child for child in tree.children[token] if tree.words[child] == "off"]
    off += [
        child for child in tree.labelled(token, "obl") if tree.words[child] == "it" and reader.case_of(child) == "off"
    ]
    start, end = tree.sentences[tree.sentence_of[token]]
    named = LEXICON["lists"] | {"designate", "sanction", "blacklist", "list"}
    return bool(off) and not named.isdisjoint(reader.view.lemmas[start:end])


def _is_list(reader: ArgumentExtractor, head: int) -> bool:
    mention = reader.view.covered.get(head)
    return (mention is not None and mention.type == "List") or reader.view.lemmas[head] in LEXICON["lists"]


def _measured(reader: ArgumentExtractor, token: int) -> list[int] | None:
    """The parties on whom the measure lies that a verb ends: "lifted sanctions on X", "X's listing was annulled"."""
    tree = reader.tree
    patients = [head for head in reader.patients(token) if reader.view.lemmas[head] in LEXICON["measures"]]
    if not patients:
        return None
    found = [
        child
        for head in (token, *patients)
        for child in tree.labelled(head, "nmod", "obl")
        if reader.case_of(child) in _DEALT
    ]
    laid = [child for head in patients for child in tree.labelled(head, "acl")]
    found += [child for head in laid for child in tree.labelled(head, "obl", "nmod") if reader.case_of(child) in _DEALT]
    found += [child for head in patients for child in tree.labelled(head, "nmod:poss")]
    return found
