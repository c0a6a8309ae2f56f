"""Document-level features: designation triggers, likely authorities, features of each entity.

In: a `DocumentView`. Out: `DocumentFeatures`, read once and used by everything that looks for relations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.extraction.document_view import DocumentEntity, DocumentView
from kg.extraction.features.pairs import Hashes, dep_path, hash_all, path_signature
from kg.extraction.mention_spans import NAMES, MentionSpan

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
class DocumentFeatures:
    """What holds of a document as a whole: its listing words, how near each entity stands to one, facts of each."""

    triggers: list[int]
    nearest: dict[str, tuple[MentionSpan, list[str]]]
    listed: dict[str, list[str]]
    facts: EntityFeatures


@dataclass(frozen=True, slots=True)
class EntityFeatures:
    """What is known of each entity in the document at large, as hashes: of a first mention and of a second."""

    none_listed: frozenset[str]
    first: dict[str, Hashes]
    second: dict[str, Hashes]


def document_features(view: DocumentView) -> DocumentFeatures:
    """The marks of a document; read once, used by every kind of context."""
    triggers = listing_tokens(view)
    by_sentence = _by_sentence(view, triggers)
    nearest = {entity.id: _nearest(view, entity, by_sentence) for entity in view.entities.values()}
    listed = {entity.id: _listed(view, entity, by_sentence) for entity in view.entities.values()}
    facts = _facts(view, nearest)
    return DocumentFeatures(
        triggers,
        nearest,
        listed,
        EntityFeatures(
            frozenset(entity for entity, found in facts.items() if "L:none" in found),
            {entity: hash_all(f"1{fact}" for fact in found) for entity, found in facts.items()},
            {entity: hash_all(f"2{fact}" for fact in found) for entity, found in facts.items()},
        ),
    )


def word_class(lemma: str) -> str:
    """The word that stands for all listing words which say the same; of another word itself."""
    return _WORD_CLASS.get(lemma, lemma)


def listing_tokens(view: DocumentView) -> list[int]:
    """The tokens that may speak of a listing, in order."""
    return [
        token
        for token, lemma in enumerate(view.lemmas)
        if lemma in LISTING and view.tags[token] in ("VERB", "NOUN", "PROPN", "ADJ", "AUX")
    ]


def _by_sentence(view: DocumentView, tokens: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for token in tokens:
        found.setdefault(view.sentence_of[token], []).append(token)
    return found


def authorities(view: DocumentView, triggers: list[int]) -> list[DocumentEntity]:
    """The bodies and countries that may be the listing authority, the likeliest first; at most five.

    A body counts for each listing verb that it is the subject or agent of, or that shares its sentence; one named
    earlier wins over one named later.
    """
    points: dict[str, float] = {}
    for number, tokens in _by_sentence(view, triggers).items():
        for mention in view.mentions[number]:
            if mention.type not in ACTORS:
                continue
            if owns_list(view, mention):
                points[mention.entity] = points.get(mention.entity, 0.0) + 3.0
            for token in tokens:
                up, _, top = dep_path(view, mention.head, token)
                dep = view.deps[mention.head]
                if top == token and len(up) <= 2 and (dep.startswith("nsubj") and dep != "nsubj:pass"):
                    gain = 2.0
                elif top == token and dep in ("obl:agent", "obl", "nmod:poss", "poss", "compound", "agent"):
                    gain = 1.5
                else:
                    gain = 0.2
                if mention.type == "GovernmentBody":
                    gain *= 1.5
                points[mention.entity] = points.get(mention.entity, 0.0) + gain
    order = {entity: rank for rank, entity in enumerate(view.entities)}
    ranked = sorted(points, key=lambda entity: (-points[entity], order[entity]))
    return [view.entities[entity] for entity in ranked[:5]]


def owns_list(view: DocumentView, mention: MentionSpan) -> bool:
    """Whether a list is named as the body's own: "the Department's Entity List"."""
    for token in range(mention.end, min(len(view.words), mention.end + 4)):
        owned = view.covered.get(token)
        if owned is not None:
            return owned.type == "List"
    return False


def tail(entity: DocumentEntity) -> str:
    """The last words of a name, which tell an office from its ministry."""
    return " ".join(entity.name.lower().split()[-2:])


def _listed(view: DocumentView, entity: DocumentEntity, by_sentence: dict[int, list[int]]) -> list[str]:
    """Every listing word that an entity stands beside, or that leads into a list or heads a section it stands in."""
    found: dict[str, None] = {}
    for mention in entity.mentions[:20]:
        number = view.sentence_of[mention.start]
        kind = view.blocks[view.block_of[number]].kind if view.blocks else ""
        found[f"in:{kind}"] = None
        for token in by_sentence.get(number, ())[:4]:
            side = "l" if mention.start < token else "r"
            word = word_class(view.lemmas[token])
            found[f"by:{word}:{view.tags[token]}:{side}"] = None
        lead = view.lead_in[number]
        if lead is not None:
            for token in by_sentence.get(lead, ())[:3]:
                found[f"lead:{word_class(view.lemmas[token])}"] = None
    return list(found)[:16]


def _nearest(
    view: DocumentView, entity: DocumentEntity, by_sentence: dict[int, list[int]]
) -> tuple[MentionSpan, list[str]]:
    """The mention of an entity that stands closest to a listing word in the tree, and how it stands to it."""
    best: tuple[float, MentionSpan, list[str]] | None = None
    for mention in entity.mentions[:25]:
        number = view.sentence_of[mention.start]
        for token in by_sentence.get(number, ()):
            up, down, top = dep_path(view, mention.head, token)
            if top is None:
                cost, shape = 12.0, "apart"
            else:
                cost = len(up) + len(down) + 0.01 * number
                shape = path_signature(view.deps, up, down)
            if best is None or cost < best[0]:
                start, end = view.sentences[number]
                today = any(
                    view.words[t] in ("today", "today's", "’s") and view.words[t] != "’s" for t in range(start, end)
                )
                side = "l" if mention.start < token else "r"
                word = word_class(view.lemmas[token])
                reasons = [
                    f"{word}:{shape if cost < 8 else 'far'}",
                    f"{view.lemmas[token]}:{shape if cost < 8 else 'far'}",
                    f"v:{view.lemmas[token]}",
                    f"vs:{view.lemmas[token]}:{side}:{view.deps[mention.head]}",
                    f"sh:{shape if cost < 8 else 'far'}",
                    f"cost:{min(int(cost), 10)}",
                    f"today:{today}",
                    f"tag:{view.tags[token]}",
                ]
                best = (cost, mention, reasons)
    if best is not None:
        return best[1], best[2]
    topics = view.topics[view.sentence_of[entity.mentions[0].start]]
    return entity.mentions[0], ["none", f"topics:{bool(topics)}"]


def _facts(view: DocumentView, nearest: dict[str, tuple[MentionSpan, list[str]]]) -> dict[str, list[str]]:
    """What is known of each entity in the document at large; the same at every place where it stands."""
    facts: dict[str, list[str]] = {}
    headed = {topic for topics in view.topics for topic in topics}
    for entity in view.entities.values():
        count = len(entity.mentions)
        names = sum(mention.kind in NAMES for mention in entity.mentions)
        first = view.sentence_of[entity.mentions[0].start]
        block = view.blocks[view.block_of[first]].kind if view.blocks else ""
        facts[entity.id] = [
            f"T:{entity.type}",
            f"N:{count if count < 4 else 4 + min(count // 4, 4)}",
            f"F:{'0' if first == 0 else 'early' if first < 4 else 'late'}",
            f"B:{block}",
            f"H:{entity.id in headed}",
            f"R:{names == 1}",
            f"L:{nearest[entity.id][1][0]}",
        ]
        words = entity.name.lower().split()
        facts[entity.id] += (
            [f"W:{entity.type}:{word}" for word in dict.fromkeys((words[0], words[-1]))] if words else []
        )
    return facts
