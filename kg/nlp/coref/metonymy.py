"""A government as an actor is its country: "the Syrian regime", "Government of Iran", "the Obama administration".

In: a Doc and which tokens are inside names. Out: token spans with the key of the state they stand for.
A ruler's name before "regime" or "administration" is tied to a state by the document alone: by the state that stands
with the ruler's office ("Venezuelan President Nicolás Maduro"), else by the only state that it names; no government is
guessed.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from spacy.tokens import Doc, Token

from kg.nlp.coref.nations import NOT_STATES, begins_state, state_of, state_of_capital, state_of_demonym
from kg.nlp.doc_arrays import lowered, tokens_of, written

_BODIES: Final = frozenset("government regime administration junta dictatorship authorities gov't".split())
_RULERS: Final = frozenset("president king leader dictator prime chairman emperor shah supreme ruler colonel".split())
_LEADING: Final = frozenset("former illegitimate current previous new interim current-day own brutal".split())
_WHERE: Final = frozenset(
    "in at near from to of outside around inside through via into central downtown northern southern".split()
)
_SPEECH: Final = frozenset(
    "say tell announce warn accuse deny condemn blame threaten vow agree refuse reject demand urge insist impose "
    "sanction designate retaliate respond provide support send want seek claim declare call hit add".split()
)
_LONGEST: Final = 6
_OFFICE: Final = 5  # tokens around a ruler's name in which office and state stand: "President of Syria Bashar Assad"


def demonyms(doc: Doc) -> dict[int, tuple[int, str]]:
    """Start token -> (end token, state) of every demonym of the text ("South Korean", "Syrian")."""
    found: dict[int, tuple[int, str]] = {}
    words = tokens_of(doc)
    index = 0
    while index < len(words):
        word = words[index]
        if word[:1].isupper():
            pair = f"{word} {words[index + 1]}" if index + 1 < len(words) and words[index + 1].isalpha() else ""
            if pair and (state := state_of_demonym(pair)):
                found[index] = (index + 2, state)
                index += 2
                continue
            if state := state_of_demonym(word):
                found[index] = (index + 1, state)
        index += 1
    return found


def state_at(doc: Doc, start: int) -> tuple[int, str] | None:
    """The (end token, state) of the longest state name that starts at `start`."""
    words = tokens_of(doc)
    first = words[start]
    if not first[:1].isupper() or not begins_state(first):
        return None
    for end in range(min(len(words), start + _LONGEST), start, -1):
        last = words[end - 1]
        if not any(char.isalnum() for char in last) or last in ("'s", "’s"):
            continue
        if state := state_of(written(doc, start, end)):
            return end, state
    return None


#: States whose names are as often those of persons and other places.
_DOUBTFUL: Final = frozenset({"Georgia", "Jordan", "Chad", "Guinea", "England", "Wales", "Dominica"})


def states(doc: Doc, taken: set[int]) -> list[tuple[int, int]]:
    """The places outside `taken` where a state is named without doubt."""
    found, index, words = [], 0, tokens_of(doc)
    while index < len(words):
        named = state_at(doc, index) if words[index][:1].isupper() and index not in taken else None
        if named is None or named[1] in _DOUBTFUL or taken & set(range(index, named[0])):
            index += 1
            continue
        found.append((index, named[0]))
        index = named[0]
    return found


def located(doc: Doc, start: int, end: int) -> bool:
    """Whether the name is used as that of a place: "in Tehran", "Tehran, Iran"."""
    if start and lowered(doc)[start - 1] in _WHERE:
        return True
    return end + 1 < len(doc) and tokens_of(doc)[end] == "," and state_at(doc, end + 1) is not None


def governments(doc: Doc, folk: dict[int, tuple[int, str]]) -> list[tuple[int, int, str]]:
    """Spans (start, end, state) of governments, without the article, in the order of the text."""
    ends = {end: (start, state) for start, (end, state) in folk.items()}
    found: list[tuple[int, int, str]] = []
    ruled: list[tuple[int, int, str]] = []
    for number, word in enumerate(tokens_of(doc)):
        if word.lower() not in _BODIES:
            continue
        token = doc[number]
        if token.lower_ == "government" and (named := _of_state(doc, token.i)):
            found.append((token.i, named[0], named[1]))
        elif token.i in ends:
            found.append((ends[token.i][0], token.i + 1, ends[token.i][1]))
        elif before := _state_before(doc, token.i):
            found.append((before[0], token.i + 1, before[1]))
        elif token.i and token.lower_ in ("regime", "administration", "government") and _is_surname(doc[token.i - 1]):
            ruled.append((token.i - 1 - _article(doc, token.i - 1), token.i + 1, doc[token.i - 1].text))
    for start, end, ruler in ruled:
        if state := _state_of_ruler(doc, ruler, found):
            found.append((start, end, state))
    return sorted(found)


def _of_state(doc: Doc, index: int) -> tuple[int, str] | None:
    if index + 2 >= len(doc) or doc[index + 1].lower_ != "of":
        return None
    after = index + 2 + (doc[index + 2].lower_ in ("the", "an"))
    return state_at(doc, after) if after < len(doc) else None


def _state_before(doc: Doc, index: int) -> tuple[int, str] | None:
    """The state whose name, with or without 's, ends right before the token."""
    end = index - (1 if index and doc[index - 1].lower_ in ("'s", "’s") else 0)
    for start in range(max(0, end - _LONGEST), end):
        if (named := state_at(doc, start)) and named[0] == end and named[1] not in NOT_STATES:
            return start, named[1]
    return None


def _is_surname(token: Token) -> bool:
    text = token.text
    if not text[:1].isupper() or token.lower_ in _LEADING | {"the", "this", "that"}:
        return False
    return text[1:2].islower() or "-" in text


def _article(doc: Doc, index: int) -> int:
    """1 where "al-" was split off as a token of its own before the surname."""
    return int(index > 1 and doc[index - 1].text == "-" and doc[index - 2].lower_ in ("al", "el")) * 2


def _state_of_ruler(doc: Doc, ruler: str, known: list[tuple[int, int, str]]) -> str | None:
    """The state whose ruler the document says this is; None where it does not say so.

    It says so where state and office stand beside the name ("Syrian President Bashar Assad"), where it names one state
    alone, or where it speaks of one state's government alone.
    """
    if state_of(ruler) or state_of_demonym(ruler):
        return None
    words = tokens_of(doc)
    beside: Counter[str] = Counter()
    for at, word in enumerate(words):
        if word == ruler:
            beside.update(_states_of_office(doc, at))
    if beside:
        return min(beside, key=lambda state: (-beside[state], state))
    for named in ({state for _, _, state in known}, {s for at in range(len(words)) if (s := _state_named(doc, at))}):
        if len(named) == 1:
            return next(iter(named))
    return None


def _states_of_office(doc: Doc, at: int) -> list[str]:
    """The state that stands with the office of the person named at a token, if any.

    It stands right before the office ("Syrian President B. Assad") or behind it ("Assad, president of Syria"). Whatever
    else is near ("the president's anti-Chinese war") says nothing.
    """
    words = tokens_of(doc)
    for office in range(max(0, at - _OFFICE), min(len(words), at + _OFFICE + 1)):
        if words[office].lower() not in _RULERS:
            continue
        if office < at and (before := _state_ending(doc, office)):
            return [before]
        if office + 1 < len(words) and words[office + 1].lower() == "of":
            after = office + 2 + (words[min(office + 2, len(words) - 1)].lower() in ("the", "an"))
            if after < len(words) and (state := _state_named(doc, after)):
                return [state]
    return []


def _state_ending(doc: Doc, index: int) -> str | None:
    """The state whose name or adjective ends right before a token, with or without 's."""
    if named := _state_before(doc, index):
        return named[1]
    return _state_named(doc, index - 1) if index else None


def _state_named(doc: Doc, at: int) -> str | None:
    """The state that a demonym or name at a token speaks of."""
    word = tokens_of(doc)[at]
    return (state_of_demonym(word) or (state_at(doc, at) or (0, None))[1]) if word[:1].isupper() else None


def seat_acts(doc: Doc, start: int, end: int) -> str | None:
    """The state for which a capital speaks or acts at this place ("Beijing accused ..."), else None."""
    state = state_of_capital(written(doc, start, end))
    if state is None:
        return None
    head = doc[start:end].root
    if head.dep_.startswith("nsubj") and head.head.pos_ == "VERB" and head.head.lemma_ in _SPEECH:
        return state
    return None
