"""Pair candidates of one designation: each party that may be listed, with each authority, list and legal basis.

They serve texts that speak of one designation in many sentences: whoever is named as designated anywhere, and the
authority, list and legal basis named anywhere else, belong together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kg.extraction.candidates.pair import pair_candidate
from kg.extraction.document_view import DocumentView
from kg.extraction.features.document import LISTABLE, DocumentFeatures, authorities, owns_list, tail
from kg.extraction.features.pairs import PairCandidate, hash_all
from kg.extraction.patterns.matcher import PatternMatch

#: Types of what a designation rests on.
BASES: Final = frozenset({"LegalInstrument", "List"})


def designation_pairs(
    view: DocumentView, doc_features: DocumentFeatures, matches: Sequence[PatternMatch]
) -> Iterator[PairCandidate]:
    """Whoever may be listed, with each authority, list and legal basis of the document."""
    said, listed = _said_by_acts(matches)
    actors = authorities(view, doc_features.triggers)
    nearest = doc_features.nearest
    bases = [entity for entity in view.entities.values() if entity.type in BASES][:8]
    partners = [(entity, f"actor:{rank}:{len(actors)}") for rank, entity in enumerate(actors)]
    partners += [(entity, f"basis:{rank}:{min(len(bases), 5)}") for rank, entity in enumerate(bases)]
    if not partners:
        return
    company = [f"with:{tail(entity)}" for entity in actors]
    title = [f"ti:{view.lemmas[t]}" for t in doc_features.triggers if view.sentence_of[t] == 0][:2]
    there_in = {partner.id: {view.sentence_of[one.start] for one in partner.mentions} for partner, _ in partners}
    about_partner = {
        partner.id: hash_all(
            [
                *[f"ay:{fact}" for fact in nearest[partner.id][1]],
                f"own:{tail(partner)}",
                f"owns:{any(owns_list(view, one) for one in partner.mentions[:8])}",
                *[f"own:{tail(partner)}:{other}" for other in company],
                *[f"{one}:{partner.type}" for one in title],
            ]
        )
        for partner, _ in partners
    }
    for entity in view.entities.values():
        if entity.type not in LISTABLE:
            continue
        mention, reason = nearest[entity.id]
        number = view.sentence_of[mention.start]
        mine = {view.sentence_of[one.start] for one in entity.mentions}
        about = hash_all(
            [
                *[f"ax:{fact}" for fact in reason],
                f"ti:{view.sentence_of[entity.mentions[0].start] == 0}",
                *[f"m:{fact}" for fact in doc_features.listed[entity.id]],
            ]
        )
        for partner, rank in partners:
            if partner.id == entity.id:
                continue
            there, _ = nearest[partner.id]
            place = view.sentence_of[there.start]
            together = not mine.isdisjoint(there_in[partner.id])
            distance = place - number
            features = [
                f"rank:{rank}",
                f"t:{entity.type}|{partner.type}",
                f"tr:{partner.type}:{rank}",
                f"far:{max(-3, min(3, distance))}",
                f"shared:{together}",
                f"rs:{rank}:{reason[0]}",
                f"sh:{together}:{reason[0]}",
                f"in:{reason[1]}:{rank}",
                *[f"am:{rule}" for rule in said.get((entity.id, partner.id), ())],
                *[f"al:{rule}:{partner.type}" for rule in listed.get(entity.id, ())],
                f"as:{(entity.id, partner.id) in said}:{entity.id in listed}:{rank}",
                *[f"mr:{fact}:{rank}" for fact in doc_features.listed[entity.id][:4]],
            ]
            other = place if place != number else None
            shared = (about, about_partner[partner.id])
            yield pair_candidate(
                view,
                mention,
                there,
                features,
                doc_features.facts,
                kind="act",
                sentence=number,
                other=other,
                shared=shared,
            )


def _said_by_acts(matches: Sequence[PatternMatch]) -> tuple[dict[tuple[str, str], list[str]], dict[str, list[str]]]:
    """The rules by which acts of listing join a member to an authority or list, and those that make it a member."""
    said: dict[tuple[str, str], dict[str, None]] = {}
    listed: dict[str, dict[str, None]] = {}
    for match in matches:
        if match.object_spot is not None and ".act-" in match.rule:
            said.setdefault((match.subject, match.object), {})[match.rule] = None
            listed.setdefault(match.subject, {})[match.rule.rpartition("-")[2]] = None
    return {pair: list(rules) for pair, rules in said.items()}, {one: list(rules) for one, rules in listed.items()}
