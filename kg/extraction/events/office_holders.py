"""Posts that a text ties to a country at another place than beside the name.

"The Smith administration" makes a Smith of the same text the head of the country; a vice president is one of the
country whose president the text names so. In: a `DocumentView` and the matches so far. Out: further `PatternMatch`es.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kg.extraction.document_view import DocumentEntity, DocumentView
from kg.extraction.mention_spans import NAMES, MentionSpan
from kg.extraction.patterns.surface_matcher import PatternMatch

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


def find_title(view: DocumentView, entity: DocumentEntity) -> tuple[MentionSpan, list[str]] | None:
    """The first mention of a person that bears a title, and the words of the title."""
    named = (mention for mention in entity.mentions[:6] if mention.kind in NAMES)
    return next((found for mention in named if (found := _title(view, mention)) is not None), None)


def _title(view: DocumentView, mention: MentionSpan) -> tuple[MentionSpan, list[str]] | None:
    """The words of a title right before a name, or in apposition right after it."""
    start, end = view.sentences[view.sentence_of[mention.start]]
    before = view.lemmas[max(start, mention.start - 7) : mention.start]
    for cut, word in reversed(list(enumerate(before))):
        if word in (",", ".", ";", ":", '"', "“", "”", "(", ")", "said", "say", "that", "by", "with"):
            before = before[cut + 1 :]
            break
    if any(word in POSTS for word in before):
        return mention, before
    if mention.end < end and view.words[mention.end] == ",":
        after: list[str] = []
        for word in view.lemmas[mention.end + 1 : min(end, mention.end + 12)]:
            if word in (",", ".", ";", "who", "which", "said", "say"):
                break
            after.append(word)
        if any(word in POSTS for word in after[:6]):
            return mention, after
    return None


def post_matches(view: DocumentView) -> list[PatternMatch]:
    """Heads of governments that bear their name, and the deputies of heads of state that bear their title."""
    people = [entity for entity in view.entities.values() if entity.type == "Person"]
    states = [entity for entity in view.entities.values() if entity.type == "Country"]
    heads = [
        _match(view, "leader_of.own-government", "leader_of", person, state)
        for state in states
        for person in _heads(view, people, state)
    ]
    return [*heads, *_deputies(view, people, heads)]


def _heads(view: DocumentView, people: Sequence[DocumentEntity], state: DocumentEntity) -> list[DocumentEntity]:
    """Whose surname a state's government bears: the only one of that name, or of a family the one with a title."""
    rulers = _rulers(view, state)
    bearers = [person for person in people if person.name and person.name.split()[-1].lower() in rulers]
    if len(bearers) < 2:
        return bearers
    return [
        one for one in bearers if (found := find_title(view, one)) is not None and not _OFFICES.isdisjoint(found[1])
    ]


def _rulers(view: DocumentView, state: DocumentEntity) -> set[str]:
    """The words that stand before "administration" and the like in the names that a text gives a state."""
    found: set[str] = set()
    for mention in state.mentions:
        words = view.words[mention.start : mention.end]
        if len(words) > 1 and words[-1] in _GOVERNMENTS:
            found.update(words[:-1])
    return found


def _deputies(
    view: DocumentView, people: Sequence[DocumentEntity], heads: Sequence[PatternMatch]
) -> Iterator[PatternMatch]:
    ruled: dict[str, dict[str, None]] = {}
    for head in heads:
        found = find_title(view, view.entities[head.subject])
        words = found[1] if found is not None else []
        for word in words:
            if word in _HEADS and "vice" not in words:
                ruled.setdefault(word, {})[head.object] = None
    for person in people:
        found = find_title(view, person)
        if found is None or found[1][-2:-1] != ["vice"]:
            continue
        states = list(ruled.get(found[1][-1], ()))
        if len(states) == 1:
            yield _match(view, "officer_of.deputy-of-head", "officer_of", person, view.entities[states[0]])


def _match(
    view: DocumentView, rule: str, predicate: str, person: DocumentEntity, state: DocumentEntity
) -> PatternMatch:
    found = find_title(view, person)
    mention, body = found[0] if found is not None else person.mentions[0], state.mentions[0]
    return PatternMatch(
        rule, predicate, person.id, state.id, mention, body, body.start, body.end,
        mention.head, mention.head + 1, view.sentence_of[mention.start], None,
    )  # fmt: skip
