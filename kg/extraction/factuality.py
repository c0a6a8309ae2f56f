"""How a text presents a predicate: as so, as someone's allegation, as denied, planned or over, and who says it.

In: a Doc (parsed or not) and the token of a predicate. Out: a `Factuality` with the spans of the words that decided.
The cues are read in the clause of the predicate and on the way up from it to the root of the sentence; a cue of a
sister clause decides nothing. What the text says in its own voice, or an official about his own act, is asserted.
Factuality profiles follow Sauri and Pustejovsky's FactBank: certainty and polarity, each relative to a source.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc

from kg.nlp.dependencies import Tree, read_tree
from kg.nlp.doc_arrays import lowered, starts_of, tokens_of, written

_NOT: Final = frozenset({"not", "n't", "n’t", "never", "neither", "nor"})
#: Verbs whose complement they say is not so, or did not come about.
_DENY: Final = frozenset("deny refute dispute fail refuse decline reject avoid".split())
_DENY_NOUNS: Final = frozenset("denial absence lack".split())
_MODALS: Final = frozenset("would could may might should will shall 'd 'll ’ll".split())
#: Heads whose infinitive, clause or noun is only intended.
_PLAN: Final = frozenset(
    "plan intend consider propose threaten expect want seek aim hope prepare vow pledge promise agree offer urge "
    "mull weigh contemplate recommend request schedule attempt".split()
) - {"attempt", "agree", "seek", "request"}
_PLAN_NOUNS: Final = frozenset("plan proposal intention threat consideration prospect".split())
_PLAN_WORDS: Final = frozenset("planned proposed prospective intended potential possible upcoming future".split())
#: Words whose infinitive is still to come.
_POISED: Final = frozenset("set due about poised ready likely expected scheduled verge slated supposed".split())
_ALLEGE: Final = frozenset(
    "accuse allege suspect charge indict believe claim presume rumor rumour purport assume".split()
)
_ALLEGE_WORDS: Final = frozenset(
    "allegedly reportedly supposedly purportedly apparently presumably alleged suspected reputed apparent".split()
)
_ALLEGE_NOUNS: Final = frozenset("allegation suspicion accusation charge indictment complaint rumor rumour".split())
_ENDED_WORDS: Final = frozenset(
    "former formerly previously ex late erstwhile ousted onetime defunct then-president disgraced deposed "
    "retired".split()
)
_END: Final = frozenset(
    "cease stop resign retire dissolve revoke lift remove delist terminate end quit disband dismiss oust suspend "
    "leave".split()
)
_SAY: Final = frozenset(
    "say tell state add announce report claim allege note explain warn deny argue insist declare accuse believe "
    "think confirm write assert maintain contend describe suggest reveal disclose acknowledge admit testify "
    "comment remark".split()
)
_DOUBT: Final = frozenset(
    "claim allege suspect accuse charge suggest report argue contend maintain believe think".split()
)
_CLAUSAL: Final = frozenset({"ccomp", "xcomp", "parataxis", "csubj"})
_DOWN: Final = frozenset({"acl", "acl:relcl", "advcl", "conj", "obl", "nmod", "obj", "appos", "compound", "amod"})


@dataclass(frozen=True, slots=True)
class Factuality:
    """The status of a predicate and what shows it.

    `claimant_span` is the noun phrase of who says it, None for the text's own voice; `cues` are (role, start, end)
    with the roles negation, modality, ended and claimant; `nested` is True where one claimant quotes another.
    """

    status: str
    claimant_span: tuple[int, int] | None = None
    cues: tuple[tuple[str, int, int], ...] = ()
    nested: bool = False


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
    for at, below in _way_up(tree, token):
        _read_here(tree, at, below, predicate, statuses, cues)
        claimant = _claimant(tree, at, below)
        if claimant is not None:
            claimants.append(claimant)
            cues.append(("claimant", *claimant))
    if tree.lemmas[token] in _DENY and (denier := _subject_of(tree, token)) is not None:
        claimants.append(denier)  # the predicate is the denial itself
        cues.append(("claimant", *denier))
    according = _according(tree, token)
    if according is not None:
        claimants.append(according)
        cues.append(("claimant", *according))
        if not _RECORDS & set(tree.words[according[0] : according[1]]):
            statuses.append("alleged")
    if predicate == "also_known_as" and (former := _former_name(doc, token)) is not None:
        statuses.append("ended")
        cues.append(("ended", former, former + 1))
    if not statuses and predicate == "implicated_in" and (charge := _charged(doc, token)) is not None:
        statuses.append("alleged")
        cues.append(("modality", *charge))
    status = next((name for name in ("denied", "planned", "ended", "alleged") if name in statuses), "asserted")
    return Factuality(
        status,
        claimants[0] if claimants else None,
        tuple(sorted(set(cues), key=lambda cue: cue[1:])),
        len(claimants) > 1,
    )


#: Sources that an official leans on for what he states himself.
_RECORDS: Final = frozenset(
    "information records registration registry website data documents activities statistics".split()
)
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
    """The "formerly" or "previously" that stands right before a name."""
    for index in range(token - 1, max(-1, token - 9), -1):
        if lowered(doc)[index] in ("formerly", "previously", "former", "originally"):
            return index
        if tokens_of(doc)[index] in (".", ";", ")"):
            return None
    return None


def _charged(doc: Doc, token: int) -> tuple[int, int] | None:
    """The words before the wrong, in its sentence, by which somebody is charged with it and not convicted of it."""
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
    """(word, the child it was reached from) from the predicate to the last word whose clause embeds it.

    What stands inside a name or another noun phrase is taken for granted: the way from a noun leads up only where
    the noun is a predicate, or the wrong of which somebody is accused.
    """
    way: list[tuple[int, int | None]] = [(token, None)]
    start = token
    while tree.heads[token] != token and len(way) < 8:
        label = tree.labels[token]
        if label in ("acl:relcl", "advcl", "conj", "parataxis", "acl") and not _embeds(tree, token, label):
            break
        nominal = tree.tags[token] in ("NOUN", "PROPN", "PRON", "NUM", "X", "SYM") and not tree.labelled(token, "cop")
        if nominal and (tree.tags[start] == "PROPN" or not _accused(tree, token, label)):
            break
        below, token = token, tree.heads[token]
        way.append((token, below))
    return way


def _accused(tree: Tree, token: int, label: str) -> bool:
    """Whether the noun is what a word of accusation, intention or denial is about."""
    head = tree.lemmas[tree.heads[token]]
    if label in ("obl", "nmod", "compound", "acl"):
        return head in _ALLEGE | _ALLEGE_NOUNS | {"want", "responsible", "involve"}
    return label in ("obj", "nsubj:pass") and head in _PLAN | _DENY | _END | {"commit"}


def _embeds(tree: Tree, token: int, label: str) -> bool:
    """Whether the word above says something about the clause: "X, he said" does, a relative clause's noun does not."""
    head = tree.heads[token]
    if label == "parataxis":
        return tree.lemmas[head] in _SAY
    if label == "acl":
        return tree.lemmas[head] in _PLAN_NOUNS | _ALLEGE_NOUNS
    if label == "advcl":
        mark = tree.labelled(token, "mark", "case")
        word = tree.words[mark[0]] if mark else ""
        return word in ("of", "for", "with", "as", "to", "from") and tree.lemmas[head] in _ALLEGE | _PLAN | _DENY
    return label == "conj" and not tree.labelled(token, "nsubj") and tree.tags[head] in ("VERB", "AUX")


def _read_here(
    tree: Tree, at: int, below: int | None, predicate: str, statuses: list[str], cues: list[tuple[str, int, int]]
) -> None:
    """Enter what the word itself and its own modifiers say of the predicate below it."""

    def found(status: str, role: str, word: int) -> None:
        statuses.append(status)
        cues.append((role, word, word + 1))

    label = tree.labels[below] if below is not None else ""
    told = predicate in _TOLD
    shared = below is None or label in ("conj", "xcomp", "obj", "nsubj:pass", "ccomp")
    for child in tree.children[at]:
        word, kind = tree.words[child], tree.labels[child]
        if word in _ENDED_WORDS and below is None and kind in ("advmod", "amod", "compound"):
            if _ends_it(tree, at, word, predicate):
                found("ended", "ended", child)
        elif not shared:
            if word in _ALLEGE_WORDS and kind == "advmod" and label in ("obl", "nmod", "acl"):
                found("alleged", "modality", child)
        elif word in _NOT and kind in ("advmod", "cc:preconj") and label in ("", "xcomp") and not told:
            if not _not_only(tree, child):
                found("denied", "negation", child)
        elif word == "no" and kind == "det" and below is None:
            found("denied", "negation", child)
        elif kind == "aux" and word in _MODALS:
            if not (word in ("will", "may", "might", "can", "could", "should") and _general(tree, at, predicate)):
                found("planned", "modality", child)
        elif word in _ALLEGE_WORDS and kind in ("advmod", "amod"):
            found("alleged", "modality", child)
        elif word in _PLAN_WORDS and kind == "amod" and below is None:
            found("planned", "modality", child)
    if below is None:
        _read_used_to(tree, at, found)
        _read_itself(tree, at, predicate, found)
        if _past_post(tree, at, predicate):
            found("ended", "ended", at)
        return
    lemma, verb = tree.lemmas[at], tree.tags[at] == "VERB"
    clausal = label in ("ccomp", "xcomp", "csubj")
    if lemma in _DENY and verb and label in ("ccomp", "xcomp", "obj"):
        found("denied", "negation", at)
    elif lemma == "consider" and (tree.tags[below] != "VERB" or not tree.words[below].endswith("ing")) and clausal:
        return
    elif (lemma in _PLAN and verb and not told and (clausal or label in ("advcl", "obj", "nsubj:pass"))) or (
        lemma in _PLAN_NOUNS and tree.tags[at] == "NOUN" and label == "acl"
    ):
        found("planned", "modality", at)
    elif lemma == "believe" and tree.tags[below] in ("NOUN", "PROPN"):
        return
    elif lemma in _ALLEGE and (clausal or label in ("advcl", "obl", "obj")):
        if not (lemma in ("claim", "believe", "assume") and label in ("obj", "obl", "advcl")) and (
            lemma != "claim" or label != "xcomp"
        ):
            found("alleged", "modality", at)
    elif (lemma in _ALLEGE_NOUNS and tree.tags[at] == "NOUN" and label in ("acl", "nmod", "compound")) or (
        lemma == "want"
        and tree.words[at] == "wanted"
        and label in ("obl", "advcl")
        and tree.labelled(at, "case", "mark")
    ):
        found("alleged", "modality", at)
    elif lemma in _END and verb and label in ("xcomp", "obj", "nsubj:pass"):
        found("ended", "ended", at)


_POSTS: Final = frozenset({"leader_of", "officer_of", "employee_of", "member_of", "spokesman_for"})
#: Relations whose object is told in the text's own words, negation and purpose included.
_TOLD: Final = frozenset({"listed_for", "implicated_in"})
_STATES: Final = frozenset(
    "know call serve own work hold control head lead employ base live be operate run belong manage".split()
)
_SERVED: Final = frozenset({"served", "worked", "employed", "taught", "posted", "interned"})
_PAST_POSTS: Final = frozenset("professor director manager officer employee engineer minister judge deputy".split())


def _ends_it(tree: Tree, at: int, word: str, predicate: str) -> bool:
    """Whether "former", "previously" beside this word ends the relation itself."""
    if predicate and predicate not in _POSTS:
        return tree.lemmas[at] in _STATES and word in ("previously", "formerly")
    if tree.tags[at] == "VERB":
        return tree.lemmas[at] in _STATES
    return word not in ("previously", "late", "retired") or bool(tree.labelled(at, "cop"))


def _general(tree: Tree, at: int, predicate: str) -> bool:
    """A modal that says what goes on or is possible in general: "will continue to", "may be subject to"."""
    return (
        predicate == "accuses" or tree.lemmas[at] in ("continue", "remain", "be", "subject") or tree.tags[at] == "ADJ"
    )


def _past_post(tree: Tree, at: int, predicate: str) -> bool:
    """A post told in the simple past: "served as", "was a professor"."""
    if predicate not in _POSTS:
        return False
    auxiliaries = {tree.words[child] for child in tree.labelled(at, "aux")}
    if tree.words[at] in _SERVED and tree.tags[at] == "VERB":
        return not auxiliaries & {"has", "have", "is", "are", "currently"}
    copulas = {tree.words[child] for child in tree.labelled(at, "cop")}
    return bool(copulas & {"was", "were"}) and not auxiliaries and tree.lemmas[at] in _PAST_POSTS


def _read_used_to(tree: Tree, at: int, found: Callable[[str, str, int], None]) -> None:
    """ "used to own", "no longer owns"."""
    head = tree.heads[at]
    if tree.labels[at] == "xcomp" and tree.words[head] == "used":
        found("ended", "ended", head)
    for child in tree.children[at]:
        if tree.words[child] == "longer" and any(tree.words[grand] == "no" for grand in tree.children[child]):
            found("ended", "ended", child)


def _read_itself(tree: Tree, at: int, predicate: str, found: Callable[[str, str, int], None]) -> None:
    """Intention, end and futurity in the predicate itself: "threatened", "lifted", "to be placed", "until 2017"."""
    lemma, label = tree.lemmas[at], tree.labels[at]
    if tree.tags[at] == "VERB":
        listing = predicate in ("listed_by", "listed_on", "listed_under")
        if listing and lemma in ("threaten", "propose", "consider", "mull", "weigh"):
            found("planned", "modality", at)
        elif listing and lemma in ("lift", "remove", "delist", "revoke", "unblock"):
            found("ended", "ended", at)
        doc_features = [child for child in tree.labelled(at, "mark") if tree.words[child] == "to"]
        passive = any(tree.words[child] == "be" for child in tree.labelled(at, "aux"))
        if doc_features and passive and label in ("root", "ROOT", "parataxis", "acl") and predicate not in _TOLD:
            found("planned", "modality", doc_features[0])
        head = tree.heads[at]
        if doc_features and label in ("xcomp", "advcl", "acl") and tree.words[head] in _POISED:
            found("planned", "modality", head)
    for child in tree.labelled(at, "obl", "nmod"):
        case = tree.labelled(child, "case")
        if (
            case
            and tree.words[case[0]] in ("until", "till")
            and any(char.isdigit() for char in "".join(tree.words[slice(*tree.subtree(child))]))
        ):
            found("ended", "ended", case[0])


def _not_only(tree: Tree, token: int) -> bool:
    return token + 1 < len(tree.words) and tree.words[token + 1] in ("only", "just", "merely", "limited", "least")


def _claimant(tree: Tree, at: int, below: int | None) -> tuple[int, int] | None:
    """Who says it, where `at` is a verb of saying over the predicate."""
    if below is None or tree.lemmas[at] not in _SAY:
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


def _according(tree: Tree, token: int) -> tuple[int, int] | None:
    """The source after "according to" in the clause of the predicate."""
    for at, _ in _way_up(tree, token):
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
            ("denied", "negation", _NOT | {"denied", "denies"}),
            ("planned", "modality", _MODALS),
            ("alleged", "modality", _ALLEGE_WORDS | {"accused", "suspected"}),
            ("ended", "ended", _ENDED_WORDS),
        ):
            if word in words:
                return Factuality(status, None, ((role, index, index + 1),))
    return Factuality("asserted")
