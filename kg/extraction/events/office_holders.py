"""Posts that a text ties to a country at another place than beside the name.

"The Smith administration" makes a Smith of the same text the head of the country; a vice president is one of the
country whose president the text names so. In: a `Sheet` and the matches so far. Out: further `Match`es.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kg.extraction.document_view import Figure, Sheet
from kg.extraction.mention_spans import NAMES, Spot
from kg.extraction.patterns.surface_matcher import Match

#: Nouns of posts whose body a text may name elsewhere, or not at all beside the name.
POSTS: Final = frozenset(
    "president minister secretary director chairman chief spokesman head leader commander general governor ambassador "
    "deputy officer administrator commissioner adviser advisor representative senator king premier chancellor attorney "
    "official founder member judge prosecutor mayor undersecretary treasurer manager owner boss".split()
)
TRUST: Final = {"leader_of.own-government": 0.75, "officer_of.deputy-of-head": 0.7}
"""How far these rules are believed at least; the training texts have too few of them to learn it."""
_GOVERNMENTS: Final = frozenset("administration regime government cabinet junta".split())
_OFFICES: Final = frozenset("president premier chancellor minister leader king ruler".split())
_HEADS: Final = frozenset("president premier chancellor".split())


def titled(sheet: Sheet, figure: Figure) -> tuple[Spot, list[str]] | None:
    """The first mention of a person that bears a title, and the words of the title."""
    named = (spot for spot in figure.spots[:6] if spot.kind in NAMES)
    return next((found for spot in named if (found := _title(sheet, spot)) is not None), None)


def _title(sheet: Sheet, spot: Spot) -> tuple[Spot, list[str]] | None:
    """The words of a title right before a name, or in apposition right after it."""
    start, end = sheet.sentences[sheet.sentence_of[spot.start]]
    before = sheet.lemmas[max(start, spot.start - 7) : spot.start]
    for cut, word in reversed(list(enumerate(before))):
        if word in (",", ".", ";", ":", '"', "“", "”", "(", ")", "said", "say", "that", "by", "with"):
            before = before[cut + 1 :]
            break
    if any(word in POSTS for word in before):
        return spot, before
    if spot.end < end and sheet.words[spot.end] == ",":
        after: list[str] = []
        for word in sheet.lemmas[spot.end + 1 : min(end, spot.end + 12)]:
            if word in (",", ".", ";", "who", "which", "said", "say"):
                break
            after.append(word)
        if any(word in POSTS for word in after[:6]):
            return spot, after
    return None


def post_matches(sheet: Sheet) -> list[Match]:
    """Heads of governments that bear their name, and the deputies of heads of state that bear their title."""
    people = [figure for figure in sheet.figures.values() if figure.type == "Person"]
    states = [figure for figure in sheet.figures.values() if figure.type == "Country"]
    heads = [
        _match(sheet, "leader_of.own-government", "leader_of", person, state)
        for state in states
        for person in _heads(sheet, people, state)
    ]
    return [*heads, *_deputies(sheet, people, heads)]


def _heads(sheet: Sheet, people: Sequence[Figure], state: Figure) -> list[Figure]:
    """Whose surname a state's government bears: the only one of that name, or of a family the one with a title."""
    rulers = _rulers(sheet, state)
    bearers = [person for person in people if person.name and person.name.split()[-1].lower() in rulers]
    if len(bearers) < 2:
        return bearers
    return [one for one in bearers if (found := titled(sheet, one)) is not None and not _OFFICES.isdisjoint(found[1])]


def _rulers(sheet: Sheet, state: Figure) -> set[str]:
    """The words that stand before "administration" and the like in the names that a text gives a state."""
    found: set[str] = set()
    for spot in state.spots:
        words = sheet.words[spot.start : spot.end]
        if len(words) > 1 and words[-1] in _GOVERNMENTS:
            found.update(words[:-1])
    return found


def _deputies(sheet: Sheet, people: Sequence[Figure], heads: Sequence[Match]) -> Iterator[Match]:
    ruled: dict[str, dict[str, None]] = {}
    for head in heads:
        found = titled(sheet, sheet.figures[head.subject])
        words = found[1] if found is not None else []
        for word in words:
            if word in _HEADS and "vice" not in words:
                ruled.setdefault(word, {})[head.object] = None
    for person in people:
        found = titled(sheet, person)
        if found is None or found[1][-2:-1] != ["vice"]:
            continue
        states = list(ruled.get(found[1][-1], ()))
        if len(states) == 1:
            yield _match(sheet, "officer_of.deputy-of-head", "officer_of", person, sheet.figures[states[0]])


def _match(sheet: Sheet, rule: str, predicate: str, person: Figure, state: Figure) -> Match:
    found = titled(sheet, person)
    spot, body = found[0] if found is not None else person.spots[0], state.spots[0]
    return Match(
        rule, predicate, person.id, state.id, spot, body, body.start, body.end,
        spot.head, spot.head + 1, sheet.sentence_of[spot.start], None,
    )  # fmt: skip
