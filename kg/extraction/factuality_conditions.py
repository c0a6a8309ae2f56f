"""The conditions of factuality as a table: which words beside or above a predicate show which status.

In: a `Station`, one word on the way from a predicate up to what embeds it. Out: (status, role, token) of every
condition that holds there. A condition is a small test with the status that it shows; nothing else decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from kg.nlp.dependencies import Tree
from kg.nlp.lexicon import load_lexicon

LEXICON: Final = load_lexicon("factuality")
POSTS: Final = frozenset({"leader_of", "officer_of", "employee_of", "member_of", "spokesman_for"})
#: Relations whose object is told in the text's own words, negation and purpose included.
_TOLD: Final = frozenset({"listed_for", "implicated_in"})
#: Relations between two parties that a noun tells: a former partner is one no longer.
_TIES: Final = frozenset({"associated_with", "spouse_of", "acts_for", "owned_by", "controlled_by", "subsidiary_of"})
_LISTINGS: Final = frozenset({"listed_by", "listed_on", "listed_under"})
_SHARED: Final = frozenset({"conj", "xcomp", "obj", "nsubj:pass", "ccomp"})


@dataclass(frozen=True, slots=True)
class Station:
    """One word `at` on the way up from a predicate, reached from its child `below` (None at the predicate itself)."""

    tree: Tree
    at: int
    below: int | None
    predicate: str

    @property
    def label(self) -> str:
        """The label by which the child hangs here, empty at the predicate."""
        return self.tree.labels[self.below] if self.below is not None else ""

    @property
    def lemma(self) -> str:
        """The lemma of the word itself."""
        return self.tree.lemmas[self.at]

    def is_verb(self) -> bool:
        """True for a word tagged VERB."""
        return self.tree.tags[self.at] == "VERB"

    def children(self) -> Iterator[tuple[int, str, str]]:
        """(token, word, label) of each child."""
        return ((child, self.tree.words[child], self.tree.labels[child]) for child in self.tree.children[self.at])


Test = Callable[[Station], int | None]


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one station with the status that it shows and the role of the word that it finds."""

    status: str
    role: str
    holds: Test


def _ended_modifier(here: Station) -> int | None:
    if here.below is not None:
        return None
    for child, word, kind in here.children():
        if word in LEXICON["ended_words"] and kind in ("advmod", "amod", "compound") and _ends_it(here, word):
            return child
    return None


def _ends_it(here: Station, word: str) -> bool:
    """Whether "former", "previously" beside this word ends the relation itself."""
    if here.predicate in _TIES and not here.is_verb():
        return word in ("former", "ex", "erstwhile", "onetime")
    if here.predicate and here.predicate not in POSTS:
        return here.lemma in LEXICON["states"] and word in ("previously", "formerly")
    if here.is_verb():
        return here.lemma in LEXICON["states"]
    return word not in LEXICON["ended_with_copula"] or bool(here.tree.labelled(here.at, "cop"))


def _is_shared(here: Station) -> bool:
    """Whether what stands beside this word holds of the predicate below it too."""
    return here.below is None or here.label in _SHARED


def _alleged_adverb_above(here: Station) -> int | None:
    if _is_shared(here) or here.label not in ("obl", "nmod", "acl"):
        return None
    words = LEXICON["allege_words"]
    return next((child for child, word, kind in here.children() if word in words and kind == "advmod"), None)


def _alleged_modifier(here: Station) -> int | None:
    if not _is_shared(here):
        return None
    words = LEXICON["allege_words"]
    return next((child for child, word, kind in here.children() if word in words and kind in ("advmod", "amod")), None)


def _negation(here: Station) -> int | None:
    if here.label not in ("", "xcomp") or here.predicate in _TOLD:
        return None
    for child, word, kind in here.children():
        if word in LEXICON["negation"] and kind in ("advmod", "cc:preconj") and not _is_not_only(here.tree, child):
            return child
    return None


def _is_not_only(tree: Tree, token: int) -> bool:
    return token + 1 < len(tree.words) and tree.words[token + 1] in ("only", "just", "merely", "limited", "least")


def _no(here: Station) -> int | None:
    if here.below is not None:
        return None
    return next((child for child, word, kind in here.children() if word == "no" and kind == "det"), None)


def _modal(here: Station) -> int | None:
    if not _is_shared(here):
        return None
    for child, word, kind in here.children():
        if kind == "aux" and word in LEXICON["modals"] and (word in ("would", "shall", "'d") or not _is_general(here)):
            return child
    return None


def _is_general(here: Station) -> bool:
    """A modal that says what goes on or is possible in general: "will continue to", "may be subject to"."""
    general = here.lemma in LEXICON["general"] or here.tree.tags[here.at] == "ADJ"
    return here.predicate == "accuses" or general


def _planned_modifier(here: Station) -> int | None:
    if here.below is not None:
        return None
    words = LEXICON["plan_words"]
    return next((child for child, word, kind in here.children() if word in words and kind == "amod"), None)


def _used_to(here: Station) -> int | None:
    tree = here.tree
    head = tree.heads[here.at]
    if here.below is None and tree.labels[here.at] == "xcomp" and tree.words[head] == "used":
        return head
    return None


def _no_longer(here: Station) -> int | None:
    if here.below is not None:
        return None
    for child, word, _ in here.children():
        if word == "longer" and any(here.tree.words[grand] == "no" for grand in here.tree.children[child]):
            return child
    return None


def _listing_verb(group: str) -> Test:
    """The test whether the predicate of a listing is a verb of a group of the lexicon."""

    def holds(here: Station) -> int | None:
        listing = here.below is None and here.is_verb() and here.predicate in _LISTINGS
        return here.at if listing and here.lemma in LEXICON[group] else None

    return holds


def _to_mark(here: Station) -> int | None:
    return next((child for child, word, kind in here.children() if word == "to" and kind == "mark"), None)


def _to_be_done(here: Station) -> int | None:
    """ "to be placed": an infinitive that stands on its own in the passive."""
    if here.below is not None or not here.is_verb() or here.predicate in _TOLD:
        return None
    passive = any(kind.startswith("aux") and word == "be" for _, word, kind in here.children())
    alone = here.tree.labels[here.at] in ("root", "ROOT", "parataxis", "acl")
    return _to_mark(here) if passive and alone else None


def _poised(here: Station) -> int | None:
    tree, head = here.tree, here.tree.heads[here.at]
    if here.below is not None or not here.is_verb() or _to_mark(here) is None:
        return None
    waiting = tree.labels[here.at] in ("xcomp", "advcl", "acl") and tree.words[head] in LEXICON["poised"]
    return head if waiting else None


def _until(here: Station) -> int | None:
    """ "until June 2018" beside the predicate."""
    tree = here.tree
    if here.below is not None or here.predicate in _LISTINGS:  # sanctions extended until a day hold
        return None
    for child in tree.labelled(here.at, "obl", "nmod"):
        case = tree.labelled(child, "case")
        dated = any(char.isdigit() for char in "".join(tree.words[slice(*tree.subtree(child))]))
        if case and tree.words[case[0]] in ("until", "till") and dated:
            return case[0]
    return None


def _once(here: Station) -> int | None:
    """ "once served as", "until now deputy governor"."""
    if here.below is not None or here.predicate not in POSTS | {"owned_by", "controlled_by"}:
        return None
    for child, word, kind in here.children():
        if word == "once" and kind == "advmod":
            return child
        if word in ("now", "recently") and here.tree.words[child - 1] == "until":
            return child - 1
    return None


def _past_post(here: Station) -> int | None:
    """A post told in the simple past: "served as", "was a professor"."""
    if here.below is not None or here.predicate not in POSTS:
        return None
    tree, at = here.tree, here.at
    auxiliaries = {tree.words[child] for child in tree.labelled(at, "aux")}
    if tree.words[at] in LEXICON["served"] and tree.tags[at] == "VERB":
        return at if not auxiliaries & {"has", "have", "is", "are", "currently"} else None
    copulas = {tree.words[child] for child in tree.labelled(at, "cop")}
    past = bool(copulas & {"was", "were"}) and not auxiliaries
    return at if past and here.lemma in LEXICON["past_posts"] else None


def _denying_verb(here: Station) -> int | None:
    if here.below is None or not here.is_verb():
        return None
    claims = LEXICON["claim_nouns"] | LEXICON["allege_nouns"]
    claim = here.label == "ccomp" or here.tree.lemmas[here.below] in claims
    if here.lemma not in LEXICON["deny"] and not (claim and here.lemma in LEXICON["deny_claims"]):
        return None
    return here.at if here.label in ("ccomp", "xcomp", "obj", "obl", "nsubj:pass") else None


def _retracting_verb(here: Station) -> int | None:
    if here.below is None or not here.is_verb() or here.lemma not in LEXICON["retract"]:
        return None
    claims = LEXICON["claim_nouns"] | LEXICON["allege_nouns"]
    return here.at if here.label in ("obj", "nsubj:pass") and here.tree.lemmas[here.below] in claims else None


def _no_evidence(here: Station) -> int | None:
    """ "no evidence that ...", "lack of evidence that ..."."""
    if here.label != "acl" or here.lemma not in LEXICON["evidence_nouns"]:
        return None
    tree = here.tree
    for child, word, kind in here.children():
        if (word in ("no", "without") and kind in ("det", "case")) or (word == "any" and _is_negated(tree, here.at)):
            return child
    above = tree.heads[here.at]
    return above if tree.lemmas[above] in LEXICON["deny_nouns"] or _is_negated(tree, here.at) else None


def _is_negated(tree: Tree, noun: int) -> bool:
    """Whether the verb of which the noun is an argument is negated."""
    return any(
        tree.words[child] in LEXICON["negation"] and tree.labels[child] == "advmod"
        for child in tree.children[tree.heads[noun]]
    )


def _said_false(here: Station) -> int | None:
    """ "It is false that ...", "claims that ... are untrue", "it is not true that ..."."""
    if here.below is None or here.label not in ("csubj", "ccomp", "nsubj", "advcl", "acl"):
        return None
    tree = here.tree
    negated = any(word in LEXICON["negation"] for _, word, kind in here.children() if kind == "advmod")
    if here.lemma in LEXICON["untrue"] | ({tree.words[here.at]} & LEXICON["untrue"]):
        return None if negated else here.at
    return here.at if here.lemma in LEXICON["right"] and negated else None


def _falsely(here: Station) -> int | None:
    """ "incorrectly said that ..."."""
    if here.below is None or not (here.lemma in LEXICON["say"] or here.lemma in LEXICON["allege"]):
        return None
    words = LEXICON["falsely"]
    return next((child for child, word, kind in here.children() if word in words and kind == "advmod"), None)


def _earlier_version(here: Station) -> int | None:
    """ "An earlier version of this article said that ...": a correction."""
    if here.below is None or here.lemma not in LEXICON["say"] | LEXICON["misreport"]:
        return None
    tree = here.tree
    for child in tree.labelled(here.at, "nsubj"):
        own = {tree.words[grand] for grand in tree.children[child]}
        if tree.lemmas[child] in LEXICON["versions"] and not LEXICON["outdated"].isdisjoint(own):
            return child
    return None


def _planning_verb(here: Station) -> int | None:
    if here.below is None or not here.is_verb() or here.lemma not in LEXICON["plan"] or here.predicate in _TOLD:
        return None
    if here.lemma == "consider" and _is_opinion(here):
        return None
    return here.at if here.label in ("ccomp", "xcomp", "csubj", "advcl", "obj", "nsubj:pass") else None


def _is_opinion(here: Station) -> bool:
    """ "considered a terrorist" tells an opinion, "considered sanctioning" a plan."""
    below = here.below
    assert below is not None
    deed = here.tree.tags[below] == "VERB" and here.tree.words[below].endswith("ing")
    return not deed and here.label in ("ccomp", "xcomp", "csubj")


def _planning_noun(here: Station) -> int | None:
    noun = here.label == "acl" and here.lemma in LEXICON["plan_nouns"] and here.tree.tags[here.at] == "NOUN"
    return here.at if noun else None


def _alleging_verb(here: Station) -> int | None:
    if here.below is None or here.lemma not in LEXICON["allege"] or here.label not in _ALLEGED_LABELS:
        return None
    tree = here.tree
    if here.lemma == "believe" and tree.tags[here.below] in ("NOUN", "PROPN"):
        return None
    if here.lemma in LEXICON["mild"] and here.label in ("obj", "obl", "advcl"):
        return None
    return None if here.lemma == "claim" and here.label == "xcomp" else here.at


_ALLEGED_LABELS: Final = frozenset({"ccomp", "xcomp", "csubj", "advcl", "obl", "obj"})


def _alleging_noun(here: Station) -> int | None:
    noun = here.lemma in LEXICON["allege_nouns"] and here.tree.tags[here.at] == "NOUN"
    if noun and here.label in ("acl", "nmod", "compound"):
        return here.at
    claim = here.lemma in LEXICON["claim_nouns"] and here.label == "acl" and here.tree.tags[here.at] == "NOUN"
    content = (
        claim
        and here.below is not None
        and any(here.tree.words[mark] == "that" for mark in here.tree.labelled(here.below, "mark"))
    )
    return here.at if content else None


def _wanted(here: Station) -> int | None:
    tree = here.tree
    wanted = here.lemma == "want" and tree.words[here.at] == "wanted" and here.label in ("obl", "advcl")
    return here.at if wanted and tree.labelled(here.at, "case", "mark") else None


def _ending_verb(here: Station) -> int | None:
    if here.below is None or not here.is_verb() or here.label not in ("xcomp", "obj", "nsubj:pass"):
        return None
    if here.lemma in LEXICON["end"] and not (here.lemma in LEXICON["deny"] and here.label == "obj"):
        return here.at
    below = here.tree.lemmas[here.below]
    return here.at if here.lemma in LEXICON["cut_ties"] and below in LEXICON["ties"] else None


CONDITIONS: Final = (
    Condition("ended", "ended", _ended_modifier),
    Condition("alleged", "modality", _alleged_adverb_above),
    Condition("alleged", "modality", _alleged_modifier),
    Condition("denied", "negation", _negation),
    Condition("denied", "negation", _no),
    Condition("planned", "modality", _modal),
    Condition("planned", "modality", _planned_modifier),
    Condition("ended", "ended", _used_to),
    Condition("ended", "ended", _no_longer),
    Condition("planned", "modality", _listing_verb("considering")),
    Condition("ended", "ended", _listing_verb("unlist")),
    Condition("planned", "modality", _to_be_done),
    Condition("planned", "modality", _poised),
    Condition("ended", "ended", _until),
    Condition("ended", "ended", _once),
    Condition("ended", "ended", _past_post),
    Condition("denied", "negation", _denying_verb),
    Condition("denied", "negation", _retracting_verb),
    Condition("denied", "negation", _no_evidence),
    Condition("denied", "negation", _said_false),
    Condition("denied", "negation", _falsely),
    Condition("denied", "negation", _earlier_version),
    Condition("planned", "modality", _planning_verb),
    Condition("planned", "modality", _planning_noun),
    Condition("alleged", "modality", _alleging_verb),
    Condition("alleged", "modality", _alleging_noun),
    Condition("alleged", "modality", _wanted),
    Condition("ended", "ended", _ending_verb),
)
"""Every condition; more than one may hold, and `kg.extraction.factuality` decides between their statuses."""


def conditions_at(here: Station) -> Iterator[tuple[str, str, int]]:
    """(status, role, token) of each condition that holds at a station."""
    for condition in CONDITIONS:
        if (token := condition.holds(here)) is not None:
            yield condition.status, condition.role, token
