"""How a text presents a predicate: as so, as someone's allegation, as denied, planned or over, and who says it.

In: a Doc (parsed or not) and the token of a predicate. Out: a `Judgement` with the spans of the words that decided.
The cues are read in the clause of the predicate and on the way up from it to the root of the sentence; a cue of a
sister clause decides nothing. What the text says in its own voice, or an official about his own act, is asserted.
Factuality profiles follow Sauri and Pustejovsky's FactBank: certainty and polarity, each relative to a source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc

from kg.language.syntax import Tree, read_tree

_NOT: Final = frozenset({"not", "n't", "n’t", "never", "neither", "nor"})
#: Verbs whose complement they say is not so, or did not come about.
_DENY: Final = frozenset("deny refute dispute fail refuse decline reject avoid".split())
_DENY_NOUNS: Final = frozenset("denial absence lack".split())
_MODALS: Final = frozenset("would could may might should will shall 'd 'll ’ll".split())
#: Heads whose infinitive, clause or noun is only intended.
_PLAN: Final = frozenset(
    "plan intend consider propose threaten expect want seek aim hope prepare vow pledge promise agree offer urge mull "
    "weigh contemplate recommend request schedule attempt".split()
) - {"attempt", "agree", "seek", "request"}
_PLAN_NOUNS: Final = frozenset("plan proposal intention threat consideration prospect".split())
_PLAN_WORDS: Final = frozenset("planned proposed prospective intended potential possible upcoming future".split())
_ALLEGE: Final = frozenset("accuse allege suspect charge indict believe claim presume rumor rumour purport assume".split())
_ALLEGE_WORDS: Final = frozenset("allegedly reportedly supposedly purportedly apparently presumably alleged suspected reputed apparent".split())
_ALLEGE_NOUNS: Final = frozenset("allegation suspicion accusation charge indictment complaint rumor rumour".split())
_ENDED_WORDS: Final = frozenset("former formerly previously ex late erstwhile ousted onetime defunct then-president disgraced deposed retired".split())
_END: Final = frozenset(
    "cease stop resign retire dissolve revoke lift remove delist terminate end quit disband dismiss oust suspend leave".split()
)
_SAY: Final = frozenset(
    "say tell state add announce report claim allege note explain warn deny argue insist declare accuse believe think "
    "confirm write assert maintain contend describe suggest reveal disclose acknowledge admit testify comment remark".split()
)
_DOUBT: Final = frozenset("claim allege suspect accuse charge suggest report argue contend maintain believe think".split())
_CLAUSAL: Final = frozenset({"ccomp", "xcomp", "parataxis", "csubj"})
_DOWN: Final = frozenset({"acl", "acl:relcl", "advcl", "conj", "obl", "nmod", "obj", "appos", "compound", "amod"})


@dataclass(frozen=True, slots=True)
class Judgement:
    """The status of a predicate and what shows it.

    `claimant_span` is the noun phrase of who says it, None for the text's own voice; `cues` are (role, start, end)
    with the roles negation, modality, ended and claimant; `nested` is True where one claimant quotes another.
    """

    status: str
    claimant_span: tuple[int, int] | None = None
    cues: tuple[tuple[str, int, int], ...] = ()
    nested: bool = False


def judge(doc: Doc, token: int, *, tree: Tree | None = None) -> Judgement:
    """How the text presents the predicate at `token`; pass the `tree` where it has been read already."""
    if not doc.has_annotation("DEP"):
        return _judge_flat(doc, token)
    tree = tree or read_tree(doc)
    cues: list[tuple[str, int, int]] = []
    statuses: list[str] = []
    claimants: list[tuple[int, int]] = []
    for at, below in _way_up(tree, token):
        _read_here(tree, at, below, statuses, cues)
        claimant = _claimant(tree, at, below)
        if claimant is not None:
            claimants.append(claimant)
            cues.append(("claimant", *claimant))
    according = _according(tree, token)
    if according is not None:
        claimants.append(according)
        cues.append(("claimant", *according))
        statuses.append("alleged")
    status = next((name for name in ("denied", "planned", "ended", "alleged") if name in statuses), "asserted")
    return Judgement(status, claimants[0] if claimants else None, tuple(sorted(set(cues), key=lambda cue: cue[1:])), len(claimants) > 1)


def _way_up(tree: Tree, token: int) -> list[tuple[int, int | None]]:
    """(word, the child it was reached from) from the predicate to the last word whose clause embeds it."""
    way: list[tuple[int, int | None]] = [(token, None)]
    while tree.heads[token] != token and len(way) < 8:
        label = tree.labels[token]
        if label in ("acl:relcl", "advcl", "conj", "parataxis") and not _embeds(tree, token, label):
            break
        below, token = token, tree.heads[token]
        way.append((token, below))
    return way


def _embeds(tree: Tree, token: int, label: str) -> bool:
    """Whether the word above says something about the clause: "X, he said" does, a relative clause's noun does not."""
    head = tree.heads[token]
    if label == "parataxis":
        return tree.lemmas[head] in _SAY
    if label == "advcl":
        mark = tree.labelled(token, "mark", "case")
        word = tree.words[mark[0]] if mark else ""
        return word in ("of", "for", "with", "as", "to", "from") and tree.lemmas[head] in _ALLEGE | _PLAN | _DENY
    return label == "conj" and not tree.labelled(token, "nsubj") and tree.tags[head] in ("VERB", "AUX")


def _read_here(tree: Tree, at: int, below: int | None, statuses: list[str], cues: list[tuple[str, int, int]]) -> None:
    """Enter what the word itself and its own modifiers say of the predicate below it."""

    def found(status: str, role: str, word: int) -> None:
        statuses.append(status)
        cues.append((role, word, word + 1))

    label = tree.labels[below] if below is not None else ""
    shared = below is None or label in ("conj", "xcomp", "obj", "nsubj:pass", "ccomp", "appos", "compound", "nsubj")
    coordinate = label == "conj"
    for child in tree.children[at]:
        word, kind = tree.words[child], tree.labels[child]
        if word in _NOT and kind in ("advmod", "cc:preconj", "det") and shared and (not coordinate or child < at):
            if not _not_only(tree, child):
                found("denied", "negation", child)
        elif word == "no" and kind == "det" and shared:
            found("denied", "negation", child)
        elif kind == "aux" and word in _MODALS and shared:
            if tree.tags[at] in ("VERB", "ADJ", "NOUN", "AUX", "ADV"):
                found("planned", "modality", child)
        elif word in _ALLEGE_WORDS and kind in ("advmod", "amod") and shared:
            found("alleged", "modality", child)
        elif word in _ENDED_WORDS and kind in ("advmod", "amod", "compound", "case") and (below is None or label in ("appos", "compound", "nmod", "conj", "flat")):
            if not (word in ("previously", "late") and tree.tags[at] == "VERB" and below is None and word == "late"):
                found("ended", "ended", child)
        elif word in _PLAN_WORDS and kind == "amod" and shared:
            found("planned", "modality", child)
        elif word in ("until", "till") and kind in ("case", "mark") and below is None:
            continue
    if below is None:
        _read_used_to(tree, at, found)
        return
    lemma, governed = tree.lemmas[at], label in ("ccomp", "xcomp", "obj", "obl", "advcl", "acl", "nmod", "csubj", "nsubj:pass", "compound", "amod")
    if not governed:
        return
    if lemma in _DENY or (lemma in _DENY_NOUNS and tree.tags[at] == "NOUN"):
        if label != "nsubj:pass" and label != "compound":
            found("denied", "negation", at)
    elif (lemma in _PLAN and label in ("xcomp", "ccomp", "advcl", "obl")) or (lemma in _PLAN and tree.tags[at] == "VERB" and label in ("obj", "nsubj:pass")):
        found("planned", "modality", at)
    elif lemma in _PLAN_NOUNS and tree.tags[at] == "NOUN" and label in ("acl", "nmod"):
        found("planned", "modality", at)
    elif lemma in _ALLEGE and tree.tags[at] in ("VERB", "ADJ") and label in ("xcomp", "ccomp", "advcl", "obl", "csubj"):
        found("alleged", "modality", at)
    elif lemma in _ALLEGE_NOUNS and tree.tags[at] == "NOUN" and label in ("acl", "nmod"):
        found("alleged", "modality", at)
    elif lemma in _END and label in ("xcomp", "obj", "ccomp") and tree.tags[at] == "VERB":
        found("ended", "ended", at)


def _read_used_to(tree: Tree, at: int, found: object) -> None:
    """"used to own", "no longer owns"."""
    head = tree.heads[at]
    if tree.labels[at] == "xcomp" and tree.words[head] == "used":
        found("ended", "ended", head)  # type: ignore[operator]
    for child in tree.children[at]:
        if tree.words[child] == "longer" and any(tree.words[grand] == "no" for grand in tree.children[child]):
            found("ended", "ended", child)  # type: ignore[operator]


def _not_only(tree: Tree, token: int) -> bool:
    return token + 1 < len(tree.words) and tree.words[token + 1] in ("only", "just", "merely", "limited", "least")


def _claimant(tree: Tree, at: int, below: int | None) -> tuple[int, int] | None:
    """Who says it, where `at` is a verb of saying over the predicate."""
    if below is None or tree.lemmas[at] not in _SAY:
        return None
    if tree.labels[below] not in _CLAUSAL and tree.labels[below] not in ("obl", "advcl"):
        return None
    for child in tree.children[at]:
        if tree.labels[child] in ("nsubj", "obl:agent") and child != below:
            return tree.subtree(child)
    return None


def _according(tree: Tree, token: int) -> tuple[int, int] | None:
    """The source after "according to" in the clause of the predicate."""
    for at, _ in _way_up(tree, token):
        for child in tree.labelled(at, "obl", "nmod"):
            case = tree.labelled(child, "case")
            if any(tree.words[mark] == "according" for mark in case):
                start, end = tree.subtree(child)
                start = next((i for i in range(start, end) if tree.words[i] not in ("according", "to")), start)
                return start, end
    return None


_FLAT_WINDOW: Final = 6


def _judge_flat(doc: Doc, token: int) -> Judgement:
    """Without a tree: cues among the few words before the predicate."""
    for index in range(token - 1, max(-1, token - _FLAT_WINDOW), -1):
        word = doc[index].lower_
        if word in (".", ";", "who", "which") or doc[index].is_space:
            break
        for status, role, words in (
            ("denied", "negation", _NOT | {"denied", "denies"}),
            ("planned", "modality", _MODALS),
            ("alleged", "modality", _ALLEGE_WORDS | {"accused", "suspected"}),
            ("ended", "ended", _ENDED_WORDS),
        ):
            if word in words:
                return Judgement(status, None, ((role, index, index + 1),))
    return Judgement("asserted")
