"""Pair candidates: two entities in a sentence, under a heading, across two sentences, by a title, in an act.

In: a `DocumentView`. Out: `PairCandidate`s, each a place that may express a relation between two entities, with its
features. Which relation that is, if any, is decided by `kg.extraction.scoring`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kg.extraction.candidates.designation_pairs import BASES, designation_pairs
from kg.extraction.candidates.pair import pair_candidate
from kg.extraction.candidates.topics import topic_of
from kg.extraction.document_view import DocumentEntity, DocumentView
from kg.extraction.events.office_holders import POSTS, find_title
from kg.extraction.features.document import (
    ACTORS,
    DocumentFeatures,
    EntityFeatures,
    tail,
)
from kg.extraction.features.pairs import PairCandidate, dep_path, hash_all, pair_features
from kg.extraction.mention_spans import NAMES, MentionSpan
from kg.extraction.patterns.matcher import PatternMatch

#: Pairs of types between which no relation of the guidelines holds.
_NEVER: Final = frozenset(
    {
        ("LegalInstrument", "LegalInstrument"),
        ("List", "List"),
        ("List", "LegalInstrument"),
        ("LegalInstrument", "List"),
        ("LegalInstrument", "Place"),
        ("Place", "LegalInstrument"),
        ("List", "Place"),
        ("Place", "List"),
    }
)


def pair_candidates(
    view: DocumentView, doc_features: DocumentFeatures, matches: Sequence[PatternMatch] = ()
) -> list[PairCandidate]:
    """All contexts of a document, in the order of the text; `matches` of rules count among their features."""
    found = list(_within_sentences(view, doc_features.facts, _by_pair(matches)))
    found.extend(_under_headings(view, doc_features.facts))
    found.extend(_under_lead_ins(view, doc_features.facts))
    found.extend(_across_sentences(view, doc_features.facts))
    found.extend(_posts(view, doc_features.facts))
    found.extend(designation_pairs(view, doc_features, matches))
    return found


_Pairs = dict[tuple[int, str, str], list[str]]


def _by_pair(matches: Sequence[PatternMatch]) -> _Pairs:
    """The rules that matched, by sentence, subject and object."""
    pairs: _Pairs = {}
    for match in matches:
        if match.object_spot is not None:
            pairs.setdefault((match.sentence, match.subject, match.object), []).append(match.rule)
    return pairs


def _rule_features(pairs: _Pairs, number: int, first: MentionSpan, second: MentionSpan) -> Iterator[str]:
    for way, key in ((">", (number, first.entity, second.entity)), ("<", (number, second.entity, first.entity))):
        for rule in dict.fromkeys(pairs.get(key, ())):
            yield f"r{way}:{rule}"
            yield f"rp{way}:{rule.partition('.')[0]}"
            yield f"rt{way}:{rule}:{first.type}|{second.type}"


_REACH: Final = 24
"""Mentions that a mention is paired with on its right; the first three of a sentence reach further."""


def _within_sentences(view: DocumentView, facts: EntityFeatures, pairs: _Pairs) -> Iterator[PairCandidate]:
    for number, mentions in enumerate(view.mentions):
        best: dict[tuple[str, str], tuple[int, MentionSpan, MentionSpan]] = {}
        for index, first in enumerate(mentions):
            for step, second in enumerate(mentions[index + 1 : index + 60]):
                if first.entity == second.entity or second.start < first.end:
                    continue
                if step > _REACH and index > 2:
                    break
                if (first.type, second.type) in _NEVER:
                    continue
                key = (min(first.entity, second.entity), max(first.entity, second.entity))
                gap = second.start - first.end
                if key not in best or gap < best[key][0]:
                    best[key] = (gap, first, second)
        crowd = f"crowd:{min(len(mentions), 8)}"
        block = f"block:{view.blocks[view.block_of[number]].kind}" if view.blocks else "block:"
        for _, first, second in best.values():
            way = dep_path(view, first.head, second.head)
            features = pair_features(view, first, second, way)
            features += [crowd, block, *_rule_features(pairs, number, first, second)]
            yield pair_candidate(view, first, second, features, facts, kind="sentence", sentence=number, lca=way[2])


def _under_headings(view: DocumentView, facts: EntityFeatures) -> Iterator[PairCandidate]:
    """The entity that a heading names, and the entities of a sentence below that does not name it again."""
    for number, mentions in enumerate(view.mentions):
        topics = view.topics[number]
        if not topics or not mentions:
            continue
        here = {mention.entity for mention in mentions}
        for rank, topic in enumerate(topics[:2]):
            if topic in here or topic not in view.entities:
                continue
            head = view.entities[topic].mentions[0]
            done: set[str] = set()
            for mention in mentions:
                if mention.entity in done or mention.kind not in NAMES or (head.type, mention.type) in _NEVER:
                    continue
                done.add(mention.entity)
                features = [f"g:{fact}" for fact in lone_features(view, mention)]
                features += [f"rank:{rank}:{len(topics)}", f"t:{head.type}|{mention.type}"]
                yield pair_candidate(
                    view,
                    head,
                    mention,
                    features,
                    facts,
                    kind="heading",
                    sentence=number,
                    other=view.sentence_of[head.start],
                )


def _under_lead_ins(view: DocumentView, facts: EntityFeatures) -> Iterator[PairCandidate]:
    """The first entity of a list item, and the entities of the sentence that leads into the list."""
    for number, lead in enumerate(view.lead_in):
        if lead is None or not view.mentions[number] or not view.mentions[lead]:
            continue
        own = next((mention for mention in view.mentions[number] if mention.kind in NAMES), None)
        if own is None:
            continue
        here = {mention.entity for mention in view.mentions[number]}
        done: set[str] = set()
        for mention in view.mentions[lead][:10]:
            if mention.entity in here or mention.entity in done or (mention.type, own.type) in _NEVER:
                continue
            done.add(mention.entity)
            features = [f"y:{fact}" for fact in lone_features(view, mention)]
            features += [f"t:{mention.type}|{own.type}", f"yo:{own.start == view.sentences[number][0]}"]
            features.append(f"yw:{view.lemmas[view.sentences[lead][1] - 1]}")
            yield pair_candidate(view, mention, own, features, facts, kind="item", sentence=number, other=lead)


def _across_sentences(view: DocumentView, facts: EntityFeatures) -> Iterator[PairCandidate]:
    """The entities of a sentence, and those that the sentences before it or the whole document are about."""
    topic = topic_of(view)
    for number, mentions in enumerate(view.mentions):
        if not mentions or (view.blocks and view.blocks[view.block_of[number]].kind == "heading"):
            continue
        here = {mention.entity for mention in mentions}
        own = _first_names(mentions)[:_MOST_HERE]
        leads = [lead for lead in _leads(view, number, topic) if lead[0].entity not in here]
        if not own or not leads:
            continue
        start, end = view.sentences[number]
        opening = " ".join(word for word in view.lemmas[start : min(end, start + 2)])
        alone = {mention: hash_all([f"v:{fact}" for fact in lone_features(view, mention)]) for mention in own}
        for lead, place in leads:
            back = number - view.sentence_of[lead.start]
            role = f"{view.deps[lead.head]}:{lead.kind}"
            about = hash_all([f"vo:{opening}", f"vl:{role}", f"vp:{place}", f"vb:{back if 0 <= back < 4 else 4}"])
            for mention in own:
                if (lead.type, mention.type) in _NEVER:
                    continue
                features = [f"t:{lead.type}|{mention.type}", f"vt:{place}:{lead.type}|{mention.type}"]
                shared = (about, alone[mention])
                other = view.sentence_of[lead.start]
                yield pair_candidate(
                    view, lead, mention, features, facts, kind="before", sentence=number, other=other, shared=shared
                )


_MOST_HERE: Final = 10
"""Entities of a sentence that are paired with those of the sentences before."""
_MOST_BEFORE: Final = 4
"""Entities of the sentence before that are."""
_FURTHEST: Final = 3
"""Sentences back whose subject is still looked at."""
_MOST_FURTHER: Final = 3
"""Mentions of the sentence before that one that are."""


def _first_names(mentions: Sequence[MentionSpan]) -> list[MentionSpan]:
    """The first mention by name of each entity of a sentence, else by a description."""
    found: dict[str, MentionSpan] = {}
    for mention in mentions:
        if mention.entity not in found or (found[mention.entity].kind not in NAMES and mention.kind in NAMES):
            found[mention.entity] = mention
    return [mention for mention in found.values() if mention.kind != "pronoun"]


def _leads(view: DocumentView, number: int, topic: MentionSpan | None) -> list[tuple[MentionSpan, str]]:
    """Whom a sentence may go on speaking of, each with where he stands: just before, two before, all along."""
    leads: dict[str, tuple[MentionSpan, str]] = {}
    if number:
        before = view.mentions[number - 1]
        subjects = [mention for mention in before if view.deps[mention.head].startswith("nsubj")]
        for place, mention in enumerate([*subjects[:1], *before]):
            if len(leads) < _MOST_BEFORE:
                leads.setdefault(mention.entity, (mention, "subject" if place < len(subjects[:1]) else "before"))
    if number > 1:
        further = view.mentions[number - 2]
        subjects = [mention for mention in further if view.deps[mention.head].startswith("nsubj")]
        for mention in [*subjects[:1], *further][:_MOST_FURTHER]:
            leads.setdefault(mention.entity, (mention, "further"))
    if number > _FURTHEST - 1:
        subjects = [one for one in view.mentions[number - _FURTHEST] if view.deps[one.head].startswith("nsubj")]
        for mention in subjects[:1]:
            leads.setdefault(mention.entity, (mention, "further"))
    if topic is not None:
        leads.setdefault(topic.entity, (topic, "topic"))
    return [lead for lead in leads.values() if lead[0].type not in BASES]


def lone_features(view: DocumentView, mention: MentionSpan) -> list[str]:
    """What a sentence says about one mention of it: the words before, the way up to the root."""
    start, _ = view.sentences[view.sentence_of[mention.start]]
    before = [
        "#" if token in view.covered else view.lemmas[token]
        for token in range(max(start, mention.start - 4), mention.start)
    ]
    found = [f"t:{mention.type}", f"k:{mention.kind}"]
    found += [f"a{distance}:{word}" for distance, word in enumerate(reversed(before))]
    if len(before) > 1:
        found.append(f"ab:{before[-2]} {before[-1]}")
    token, steps = mention.head, []
    for _ in range(6):
        steps.append(view.deps[token])
        if view.heads[token] == token:
            break
        token = view.heads[token]
        found.append(f"u:{view.lemmas[token]}")
        found.append(f"us:{'>'.join(steps)}:{view.lemmas[token]}")
    found.append(f"up:{'>'.join(steps)}")
    return found


def _posts(view: DocumentView, facts: EntityFeatures) -> Iterator[PairCandidate]:
    """A person with a title, and the bodies and countries of the document that the title may belong to."""
    bodies = [entity for entity in view.entities.values() if entity.type in ACTORS or entity.type == "Company"]
    if not bodies:
        return
    often = sorted(bodies, key=lambda entity: -len(entity.mentions))
    countries = [entity for entity in often if entity.type == "Country"]
    offices = [entity for entity in often if entity.type == "GovernmentBody"]
    for entity in view.entities.values():
        if entity.type != "Person":
            continue
        found = find_title(view, entity)
        if found is None:
            continue
        mention, words = found
        number = view.sentence_of[mention.start]
        post = next(word for word in words if word in POSTS)
        title = " ".join(words)
        chosen: dict[str, tuple[DocumentEntity, str]] = {}
        for kind, group in (("country", countries[:2]), ("office", offices[:2])):
            for place, body in enumerate(group):
                chosen.setdefault(body.id, (body, f"{kind}{place}"))
        for body in bodies:
            if set(body.name.lower().split()) & set(words) - _SMALL:
                chosen.setdefault(body.id, (body, "named"))
        for body, rank in chosen.values():
            shared = sorted(set(body.name.lower().split()) & set(words) - _SMALL)
            same = any(view.sentence_of[one.start] == number for one in body.mentions)
            first = body.mentions[0]
            own = bool(_surnames(view, body) & set(entity.name.lower().split()[-1:]))
            features = [
                f"po:own:{own}:{post}",
                f"po:{post}:{body.type}",
                f"por:{post}:{rank}",
                f"pow:{title}",
                f"powr:{title}:{body.type}:{rank}",
                f"pos:{bool(shared)}:{body.type}",
                f"posp:{bool(shared)}:{post}",
                f"pon:{same}:{rank}",
                f"pot:{tail(body)}:{post}",
                f"t:{entity.type}|{body.type}",
            ]
            features += [f"pw:{word}" for word in words]
            features += [f"psh:{word}:{post}" for word in shared]
            yield pair_candidate(view, mention, first, features, facts, kind="post", sentence=number, lca=mention.head)


def _surnames(view: DocumentView, body: DocumentEntity) -> set[str]:
    """The words of all forms of a body's name: "the Smith administration" has the name of who heads it in it."""
    return {word for mention in body.mentions for word in view.words[mention.start : mention.end]}


_SMALL: Final = frozenset({"of", "the", "and", "for", "to", "in", "'s", "’s", ",", "a", "an", "u.s.", "us"})
