"""Groups that the text only describes and that an authority acts on: "30 companies and four individuals".

In: a tree and the tokens that names cover. Out: the spans of such descriptions, from the number to the noun. Only a
number with a plural noun of persons or bodies in the grip of a listing verb is one.
"""

from __future__ import annotations

from typing import Final

from kg.nlp.dependencies import Tree

_NOUNS: Final = {
    "Person": "individuals persons nationals people men women officials leaders kingpins terrorists members",
    "Company": "companies firms banks businesses corporations subsidiaries institutions",
    "Organization": "entities organizations organisations groups networks parties targets associates",
    "GovernmentBody": "bureaus agencies ministries departments",
    "Vessel": "vessels ships tankers",
    "Aircraft": "aircraft planes",
}
_TYPE_OF: Final = {noun: kind for kind, nouns in _NOUNS.items() for noun in nouns.split()}
#: Offices that a text may name by whose they are.
_OFFICES: Final = frozenset(
    "bureau college ministry department police agency academy office directorate prosecutor court".split()
)
_LISTING: Final = frozenset(
    "designate sanction list blacklist add target identify block name freeze impose delist remove announce "
    "designation sanctions action include listing take addition removal place put".split()
)


def descriptions(tree: Tree, covered: set[int], named: int) -> list[tuple[int, int, int, str]]:
    """(start, end, head, type) in the order of the text.

    `named` is how many persons and bodies the document names: a number no greater than it counts those, and what is
    counted needs no name of its own.
    """
    found: list[tuple[int, int, int, str]] = []
    done: set[int] = set()
    for token, word in enumerate(tree.words):
        if (
            word in _OFFICES
            and token not in covered
            and (start := _possessed(tree, token)) is not None
            and _listed(tree, token)
        ):
            found.append((start, token + 1, token, "GovernmentBody"))
            continue
        if word not in _TYPE_OF or token in done or token in covered:
            continue
        number = [child for child in tree.labelled(token, "nummod") if child < token]
        if not number or not _listed(tree, token) or _definite(tree, token):
            continue
        start, end, kinds = number[0], token + 1, {_TYPE_OF[word]}
        count = _count(tree, token)
        for other in tree.labelled(token, "conj"):
            if (tree.words[other] in _TYPE_OF and tree.labelled(other, "nummod")) or (
                tree.words[other] in _TYPE_OF and other == token + 2
            ):
                end, kinds = max(end, other + 1), kinds | {_TYPE_OF[tree.words[other]]}
                count += _count(tree, other)
                done.add(other)
            elif tree.words[other] in ("individual", "entity", "company") and tree.labelled(other, "nummod"):
                end, kinds = max(end, other + 1), kinds | {"Organization"}
        if start > 1 and tree.words[start - 1] == "than" and tree.words[start - 2] in ("more", "less"):
            start -= 2
        further = any(tree.words[child] in ("other", "more", "additional") for child in tree.labelled(token, "amod"))
        if (count > named or further) and end - start <= 12 and not covered & set(range(start, end)):
            kind = kinds.pop() if len(kinds) == 1 else "Organization"
            found.append((start, end, token, "Organization" if kind == "Person" else kind))
    return found


_WORDS: Final = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"dozen": 12, "dozens": 24, "hundred": 100, "hundreds": 200, "thirty": 30, "forty": 40, "fifty": 50}


def _count(tree: Tree, token: int) -> int:
    """How many the noun says they are."""
    total = 0
    for child in tree.labelled(token, "nummod"):
        word = tree.words[child].replace(",", "")
        total += int(word) if word.isdigit() and len(word) < 7 else _WORDS.get(word, 0)
    return total


def _possessed(tree: Tree, token: int) -> int | None:
    """The start of "the region's public security bureau" without the article, or None."""
    owners = [
        child
        for child in tree.labelled(token, "nmod")
        if tree.labels[child] == "nmod:poss" and tree.tags[child] in ("NOUN", "PROPN")
    ]
    if not owners:
        return None
    start = owners[0]
    while (
        start and start <= tree.heads[start - 1] <= owners[0] and tree.labels[start - 1] in ("compound", "amod", "flat")
    ):
        start -= 1
    return start if token - start <= 8 else None


def _definite(tree: Tree, token: int) -> bool:
    return any(tree.words[child] in ("the", "these", "those", "all", "both") for child in tree.labelled(token, "det"))


def _listed(tree: Tree, token: int) -> bool:
    """Whether a listing word governs the noun as what it acts on."""
    at = token
    for _ in range(4):
        for clause in tree.labelled(at, "acl"):
            if (
                tree.lemmas[clause] in _LISTING
                and clause < at
                and any(tree.words[aux] == "be" for aux in tree.labelled(clause, "aux"))
            ):
                return True
        label = tree.labels[at].partition(":")[0]
        if label not in ("obj", "nsubj", "obl", "nmod", "conj"):
            return False
        passive = tree.labels[at] == "nsubj:pass"
        at, came = tree.heads[at], label
        if tree.lemmas[at] in _LISTING:
            return came != "nsubj" or passive or tree.tags[at] == "NOUN"
        if came == "nsubj" and not passive:
            return False
    return False
