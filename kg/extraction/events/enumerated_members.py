"""Members of an act that an enumeration names: a run of names, the items of a list, the names behind a colon.

In: a `DocumentView`, its tree and the act or the members found so far. Out: further mentions, in the order of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kg.extraction.document_view import DocumentView
from kg.extraction.features.document import LISTABLE
from kg.extraction.mention_spans import NAMES, MentionSpan
from kg.nlp.dependencies import Tree
from kg.nlp.quantities import number as number_of

_TOGETHER: Final = frozenset(", and or & ; as well along with the both also".split())
_BULLETS: Final = frozenset({"-", "–", "•", "*"})
_BRACKET: Final = 14  # tokens within which a bracket behind a name closes
_ITEMS: Final = 60  # sentences over which a list may go on
_SHORT: Final = 8  # words of a heading inside a list


def run_of_names(view: DocumentView, tree: Tree, members: Sequence[MentionSpan]) -> Iterator[MentionSpan]:
    """The names that stand in one enumeration with a member, where the parser lost one of its ends."""
    for member in members:
        yield from _behind(view, tree, member)
        yield from _before(view, tree, member)


def _behind(view: DocumentView, tree: Tree, member: MentionSpan) -> Iterator[MentionSpan]:
    words, covered = tree.words, view.covered
    token, joined = member.end, False
    limit = tree.sentences[tree.sentence_of[member.start]][1]
    while token < limit:
        mention = covered.get(token)
        if mention is not None:
            if not joined or mention.type not in LISTABLE or mention.type == "Country":
                return
            yield mention
            token, joined = mention.end, False
        elif words[token] in _TOGETHER:
            joined, token = True, token + 1
        elif words[token] == "(":
            close = next((t for t in range(token, min(limit, token + _BRACKET)) if words[t] == ")"), None)
            if close is None:
                return
            token = close + 1
        else:
            return


def _before(view: DocumentView, tree: Tree, member: MentionSpan) -> Iterator[MentionSpan]:
    """The names joined by "and" or a comma before a member, as "X and Y" where Y alone hangs on the verb."""
    words, token, joined = tree.words, member.start - 1, False
    first = tree.sentences[tree.sentence_of[member.start]][0]
    while token >= first:
        mention = view.covered.get(token)
        if mention is not None:
            governed = (
                tree.heads[mention.head] in range(member.start, member.end) or tree.labels[mention.head] == "conj"
            )
            if not joined or not governed or mention.type not in LISTABLE or mention.type == "Country":
                return
            yield mention
            token, joined = mention.start - 1, False
        elif words[token] in _TOGETHER:
            joined, token = joined or words[token] in (",", "and", "&"), token - 1
        else:
            return


def items_below(view: DocumentView, sentence: int, *, counted: bool) -> Iterator[MentionSpan]:
    """The first name of each item of the list that a sentence leads into.

    `counted` allows other sentences than one that ends with a colon or says "following": the sentence has told how
    many parties there are. Short headings inside the list ("Individuals:", a destination) are passed over.
    """
    last = _last(view, sentence)
    announced = view.words[last] == ":" or "following" in view.words[view.sentences[sentence][0] : last]
    if not announced and not counted:
        return
    leads = {sentence}
    for number in range(sentence + 1, min(len(view.sentences), sentence + _ITEMS)):
        lead = view.lead_in[number]
        if lead is None:
            if not _is_short(view, number):
                return
            leads.add(number)
        elif lead not in leads:
            return
        elif number and view.block_of[number] == view.block_of[number - 1]:
            continue
        elif (name := _first_name(view, number)) is not None:
            yield name


def _first_name(view: DocumentView, number: int) -> MentionSpan | None:
    named = (mention for mention in view.mentions[number] if mention.kind in NAMES and mention.type in LISTABLE)
    return next((mention for mention in named if mention.type != "Country"), None)


def _is_short(view: DocumentView, number: int) -> bool:
    """Whether a sentence outside the items is a mere heading: few words and no verb."""
    start, end = view.sentences[number]
    words = [token for token in range(start, end) if view.tags[token] not in ("SPACE", "PUNCT", "SYM")]
    return 0 < len(words) <= _SHORT and not any(view.tags[token] in ("VERB", "AUX") for token in words)


def _last(view: DocumentView, number: int) -> int:
    """The last token of a sentence that is neither space nor the bullet of the next."""
    start, end = view.sentences[number]
    while end > start + 1 and (view.tags[end - 1] == "SPACE" or view.words[end - 1] in _BULLETS):
        end -= 1
    return end - 1


def names_behind_colon(view: DocumentView, tree: Tree, target: int) -> list[MentionSpan]:
    """The names behind the colon after a counted noun ("five officials: ..."), where they are as many as it says."""
    end = tree.sentences[tree.sentence_of[target]][1]
    if target + 1 >= end or tree.words[target + 1] != ":":
        return []
    counts = [tree.words[child] for child in tree.labelled(target, "nummod")]
    found: dict[str, MentionSpan] = {}
    for token in range(target + 2, end):
        mention = view.covered.get(token)
        person = mention is not None and mention.kind in NAMES and mention.type == "Person"
        if mention is not None and person and tree.words[mention.start - 1] != "(":
            found.setdefault(mention.entity, mention)
    return list(found.values()) if counts and _value(counts[0]) == len(found) else []


def _value(word: str) -> float:
    try:
        return number_of(word)
    except ValueError:
        return -1.0
