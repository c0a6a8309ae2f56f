"""What holds of a document as a whole: its listing words, who may be the listing authority, facts of each entity.

In: a `Sheet`. Out: `Marks`, read once and used by everything that looks for relations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.extraction.document_view import Figure, Sheet
from kg.extraction.features.pairs import Hashes, hash_all, path, way_shape
from kg.extraction.mention_spans import NAMES, Spot

#: Words by which authorities list somebody. They mark sentences; the scorer learns what they are worth.
LISTING: Final = frozenset(
    "designate designation sanction blacklist block freeze list add identify target impose name entity-list "
    "blocking listing place include inclusion subject expose delist remove".split()
)
#: Listing words by what they say; within a class they count as one where a whole document is read.
_WORD_CLASS: Final = {
    **dict.fromkeys(("designate", "designation", "sanction", "identify", "target", "name", "expose"), "designate"),
    **dict.fromkeys(("block", "blocking", "freeze"), "block"),
    **dict.fromkeys(("list", "listing", "entity-list", "add", "place", "include", "inclusion"), "list"),
    **dict.fromkeys(("delist", "remove"), "remove"),
}
#: The types of who may be listed, or have done what somebody is listed for.
LISTABLE: Final = frozenset({"Person", "Company", "Organization", "GovernmentBody", "Vessel", "Aircraft", "Country"})
#: The types of who may list somebody.
ACTORS: Final = frozenset({"GovernmentBody", "Country", "Organization"})


@dataclass(frozen=True, slots=True)
class Marks:
    """What holds of a document as a whole: its listing words, how near each entity stands to one, facts of each."""

    triggers: list[int]
    nearest: dict[str, tuple[Spot, list[str]]]
    listed: dict[str, list[str]]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of each entity in the document at large, as hashes: of a first mention and of a second."""

    none_listed: frozenset[str]
    first: dict[str, Hashes]
    second: dict[str, Hashes]


def read_marks(sheet: Sheet) -> Marks:
    """The marks of a document; read once, used by every kind of context."""
    triggers = listing_tokens(sheet)
    by_sentence = _by_sentence(sheet, triggers)
    nearest = {figure.id: _nearest(sheet, figure, by_sentence) for figure in sheet.figures.values()}
    listed = {figure.id: _listed(sheet, figure, by_sentence) for figure in sheet.figures.values()}
    facts = _facts(sheet, nearest)
    return Marks(
        triggers,
        nearest,
        listed,
        Facts(
            frozenset(entity for entity, found in facts.items() if "L:none" in found),
            {entity: hash_all(f"1{fact}" for fact in found) for entity, found in facts.items()},
            {entity: hash_all(f"2{fact}" for fact in found) for entity, found in facts.items()},
        ),
    )


def word_class(lemma: str) -> str:
    """The word that stands for all listing words which say the same; of another word itself."""
    return _WORD_CLASS.get(lemma, lemma)


def listing_tokens(sheet: Sheet) -> list[int]:
    """The tokens that may speak of a listing, in order."""
    return [
        token
        for token, lemma in enumerate(sheet.lemmas)
        if lemma in LISTING and sheet.tags[token] in ("VERB", "NOUN", "PROPN", "ADJ", "AUX")
    ]


def _by_sentence(sheet: Sheet, tokens: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for token in tokens:
        found.setdefault(sheet.sentence_of[token], []).append(token)
    return found


def authorities(sheet: Sheet, triggers: list[int]) -> list[Figure]:
    """The bodies and countries that may be the listing authority, the likeliest first; at most five.

    A body counts for each listing verb that it is the subject or agent of, or that shares its sentence; one named
    earlier wins over one named later.
    """
    points: dict[str, float] = {}
    for number, tokens in _by_sentence(sheet, triggers).items():
        for spot in sheet.spots[number]:
            if spot.type not in ACTORS:
                continue
            if owns_list(sheet, spot):
                points[spot.entity] = points.get(spot.entity, 0.0) + 3.0
            for token in tokens:
                up, _, top = path(sheet, spot.head, token)
                dep = sheet.deps[spot.head]
                if top == token and len(up) <= 2 and (dep.startswith("nsubj") and dep != "nsubj:pass"):
                    gain = 2.0
                elif top == token and dep in ("obl:agent", "obl", "nmod:poss", "poss", "compound", "agent"):
                    gain = 1.5
                else:
                    gain = 0.2
                if spot.type == "GovernmentBody":
                    gain *= 1.5
                points[spot.entity] = points.get(spot.entity, 0.0) + gain
    order = {entity: rank for rank, entity in enumerate(sheet.figures)}
    ranked = sorted(points, key=lambda entity: (-points[entity], order[entity]))
    return [sheet.figures[entity] for entity in ranked[:5]]


def owns_list(sheet: Sheet, spot: Spot) -> bool:
    """Whether a list is named as the body's own: "the Department's Entity List"."""
    for token in range(spot.end, min(len(sheet.words), spot.end + 4)):
        owned = sheet.covered.get(token)
        if owned is not None:
            return owned.type == "List"
    return False


def tail(figure: Figure) -> str:
    """The last words of a name, which tell an office from its ministry."""
    return " ".join(figure.name.lower().split()[-2:])


def _listed(sheet: Sheet, figure: Figure, by_sentence: dict[int, list[int]]) -> list[str]:
    """Every listing word that an entity stands beside, or that leads into a list or heads a section it stands in."""
    found: dict[str, None] = {}
    for spot in figure.spots[:20]:
        number = sheet.sentence_of[spot.start]
        kind = sheet.blocks[sheet.block_of[number]].kind if sheet.blocks else ""
        found[f"in:{kind}"] = None
        for token in by_sentence.get(number, ())[:4]:
            side = "l" if spot.start < token else "r"
            word = word_class(sheet.lemmas[token])
            found[f"by:{word}:{sheet.tags[token]}:{side}"] = None
        lead = sheet.lead_in[number]
        if lead is not None:
            for token in by_sentence.get(lead, ())[:3]:
                found[f"lead:{word_class(sheet.lemmas[token])}"] = None
    return list(found)[:16]


def _nearest(sheet: Sheet, figure: Figure, by_sentence: dict[int, list[int]]) -> tuple[Spot, list[str]]:
    """The mention of an entity that stands closest to a listing word in the tree, and how it stands to it."""
    best: tuple[float, Spot, list[str]] | None = None
    for spot in figure.spots[:25]:
        number = sheet.sentence_of[spot.start]
        for token in by_sentence.get(number, ()):
            up, down, top = path(sheet, spot.head, token)
            if top is None:
                cost, shape = 12.0, "apart"
            else:
                cost = len(up) + len(down) + 0.01 * number
                shape = way_shape(sheet.deps, up, down)
            if best is None or cost < best[0]:
                start, end = sheet.sentences[number]
                today = any(
                    sheet.words[t] in ("today", "today's", "’s") and sheet.words[t] != "’s" for t in range(start, end)
                )
                side = "l" if spot.start < token else "r"
                word = word_class(sheet.lemmas[token])
                reasons = [
                    f"{word}:{shape if cost < 8 else 'far'}",
                    f"{sheet.lemmas[token]}:{shape if cost < 8 else 'far'}",
                    f"v:{sheet.lemmas[token]}",
                    f"vs:{sheet.lemmas[token]}:{side}:{sheet.deps[spot.head]}",
                    f"sh:{shape if cost < 8 else 'far'}",
                    f"cost:{min(int(cost), 10)}",
                    f"today:{today}",
                    f"tag:{sheet.tags[token]}",
                ]
                best = (cost, spot, reasons)
    if best is not None:
        return best[1], best[2]
    topics = sheet.topics[sheet.sentence_of[figure.spots[0].start]]
    return figure.spots[0], ["none", f"topics:{bool(topics)}"]


def _facts(sheet: Sheet, nearest: dict[str, tuple[Spot, list[str]]]) -> dict[str, list[str]]:
    """What is known of each entity in the document at large; the same at every place where it stands."""
    facts: dict[str, list[str]] = {}
    headed = {topic for topics in sheet.topics for topic in topics}
    for figure in sheet.figures.values():
        count = len(figure.spots)
        names = sum(spot.kind in NAMES for spot in figure.spots)
        first = sheet.sentence_of[figure.spots[0].start]
        block = sheet.blocks[sheet.block_of[first]].kind if sheet.blocks else ""
        facts[figure.id] = [
            f"T:{figure.type}",
            f"N:{count if count < 4 else 4 + min(count // 4, 4)}",
            f"F:{'0' if first == 0 else 'early' if first < 4 else 'late'}",
            f"B:{block}",
            f"H:{figure.id in headed}",
            f"R:{names == 1}",
            f"L:{nearest[figure.id][1][0]}",
        ]
        words = figure.name.lower().split()
        facts[figure.id] += [f"W:{figure.type}:{word}" for word in {words[0], words[-1]}] if words else []
    return facts
