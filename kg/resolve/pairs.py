"""Two subjects -> a judgement by rule: the best pair of their names, moved by what else is known.

Texts say little beside a name, so what makes two nodes the same is strict: all the words that tell, and for people
two words at least. What comes close is `unsure`, with its reasons, for a person to decide.
"""

from __future__ import annotations

import re
from typing import Final

from kg.matching.compare import Comparison, Weights, compare
from kg.matching.evidence import Facts, ScoreAdjustment, adjust, compare_attributes
from kg.matching.identity import birth_contradiction, contradictions, far_apart, support, telling
from kg.matching.names import Name, analyze, is_state_body
from kg.model import EntityType
from kg.reference import authority, country, official_list, table
from kg.resolve.judgements import Judgement, Verdict, judge
from kg.resolve.subjects import Subject

SAME: Final = 0.9
UNSURE: Final = 0.8
_ORDER: Final = re.compile(r"\b(?:E\.?O\.?|executive order)\s*(?:no\.?\s*)?(1[0-9]{4})\b", re.IGNORECASE)
_RESOLUTION: Final = re.compile(r"\bresolution\s+(\d{3,4})\b|\bUNSCR\s+(\d{3,4})\b", re.IGNORECASE)

_BODIES: Final = frozenset({EntityType.COMPANY, EntityType.ORGANIZATION, EntityType.GOVERNMENT_BODY})


def reference_key(subject: Subject) -> str:
    """What the tables of countries, authorities, lists and instruments say the subject is; empty for anything else."""
    for name in subject.names:
        if subject.type in (EntityType.COUNTRY, EntityType.PLACE) and country(name):
            return f"country {country(name)}"
        known = authority(name, loose=False)
        if known and (known.type == subject.type or subject.group == "organization" != _place(known.type)):
            return f"country {known.name}" if known.type == EntityType.COUNTRY else f"body {known.name}"
        on = official_list(name) if subject.type == EntityType.LIST else None
        if on:
            return f"list {on.name}"
        if subject.type == EntityType.LEGAL_INSTRUMENT:
            if order := _ORDER.search(name):
                return f"order {order.group(1)}"
            if resolution := _RESOLUTION.search(name):
                return f"resolution {resolution.group(1) or resolution.group(2)}"
    return ""


def _place(kind: str) -> str:
    return "organization" if kind == EntityType.COUNTRY else ""


def best_names(
    left: Subject, names: list[tuple[Name, Name]], right: Subject, weights: Weights
) -> tuple[float, Comparison]:
    """The best score over these pairs of names (of `left`, of `right`), and its comparison."""
    person = left.type == EntityType.PERSON == right.type
    best = (0.0, Comparison(0.0))
    for one, other in names:
        comparison = compare(one, other, weights, person=person)
        score = comparison.score
        if one.text in left.weak or other.text in right.weak:
            score *= 0.85
        if score > best[0]:
            best = (score, comparison)
    return best


def judge_pair(
    left: Subject, right: Subject, score: float, comparison: Comparison, weights: Weights
) -> Judgement | None:
    """The rule's judgement on two subjects of one group of types; None where their names are not alike."""
    moves = compare_attributes(facts(left), facts(right))
    decisive = next((move for move in moves if move.decides), None)
    if decisive is None and score < UNSURE - 0.1:
        return None
    against = _objections(left, right, comparison, weights)
    total = adjust(score, [*moves, *against])
    reasons = [*comparison.reasons(), *(move.reason for move in (*moves, *against))]
    stop = contradictions(facts(left), facts(right))
    if decisive is not None:
        verdict: Verdict = "unsure" if birth_contradiction(facts(left), facts(right)) else "same"
        return judge(left.node, right.node, verdict, 1.0, [*reasons, *stop])
    of_lists = bool(left.dataset and right.dataset)
    points, shown = support(facts(left), facts(right), of_lists=of_lists)
    if stop and score >= UNSURE and not _outweighed(left, right, points):
        return _stopped(left, right, total, [*reasons, *(why for why in stop if why not in reasons)], points)
    if _whole(comparison) and (of_lists or left.type != EntityType.PERSON):
        points += 1
    lacking = _lacking(left, comparison, weights, points)
    if lacking and score >= UNSURE:
        if not left.dataset and not right.dataset:
            return None  # namesakes in two texts are nothing to look at
        return judge(left.node, right.node, "unsure", total, [*reasons, *shown, lacking])
    if total >= SAME:
        return judge(left.node, right.node, "same", total, [*reasons, *(why for why in shown if why not in reasons)])
    if score >= SAME and any(move.change <= -0.2 for move in moves):
        return judge(left.node, right.node, "different", total, reasons)
    return judge(left.node, right.node, "unsure", total, reasons) if total >= UNSURE else None


def _stopped(left: Subject, right: Subject, total: float, reasons: list[str], points: int) -> Judgement:
    """Alike names and a contradiction: different where dates of birth or genders tell, else unsure."""
    hard = far_apart(facts(left), facts(right)) or any("differs" in reason for reason in reasons)
    verdict: Verdict = "different" if hard and points < int(table("identity")["points"]["identifier"]) else "unsure"
    return judge(left.node, right.node, verdict, total, reasons)


def _outweighed(left: Subject, right: Subject, points: int) -> bool:
    """Whether countries alone differ, where a day of birth or a number agrees."""
    strong = int(table("identity")["points"]["birth_day"])
    return points >= strong and not birth_contradiction(facts(left), facts(right))


def _whole(comparison: Comparison) -> bool:
    """Whether a name of several words is shared whole."""
    words = [word for pair in comparison.pairs for word in pair.right.split() if len(word) > 1]
    alone = comparison.left_alone or comparison.right_alone
    return len(words) >= int(table("identity")["whole_words"]) and not alone


def _lacking(left: Subject, comparison: Comparison, weights: Weights, points: int) -> str:
    """Why the shared words are too common for what else agrees; empty where they tell enough."""
    if left.type not in (EntityType.PERSON, *_BODIES):
        return ""
    needed = table("identity")["needed"]
    told = telling(comparison, weights, person=left.type == EntityType.PERSON)
    if told == 0 and points < int(needed["none"]):
        return "only words that very many bear are shared, and too little else agrees"
    return ""


def facts(subject: Subject) -> Facts:
    """What is known of a subject beside its names."""
    return Facts(
        type_group=subject.group,
        birth_dates=tuple(subject.birth_dates),
        countries=tuple(subject.countries),
        identifiers=tuple(subject.identifiers),
        genders=tuple(subject.genders),
        listed_by=tuple(subject.listed_by),
        related=tuple(subject.related),
    )


def _objections(left: Subject, right: Subject, comparison: Comparison, weights: Weights) -> list[ScoreAdjustment]:
    """What a likeness of names alone cannot carry."""
    moves = []
    words = " ".join(pair.left for pair in comparison.pairs).split()
    if left.type == EntityType.PERSON and len([word for word in words if len(word) > 1]) < 2:
        moves.append(ScoreAdjustment(-0.15, "one word of a person's name is too little"))
    elif len(words) == 1:
        whole = comparison.pairs[0].likeness >= 0.97 and len(words[0]) >= 3
        if not whole or comparison.pairs[0].weight < 0.4:
            moves.append(ScoreAdjustment(-0.12, "one word that is not rare, or not the same"))
        one, other = analyze(left.name), analyze(right.name)
        long = min(len(one.words), len(other.words)) > 1
        if long and compare(one, other, weights).score < 0.45:
            moves.append(ScoreAdjustment(-0.12, "the full names differ"))
    if left.type == EntityType.PERSON and any(pair.how == "initial" for pair in comparison.pairs):
        moves.append(ScoreAdjustment(-0.05, "an initial stands for a name"))
    shared = {country(name) or name for name in left.countries} & {country(name) or name for name in right.countries}
    if not shared and (is_state_body(analyze(left.name)) or is_state_body(analyze(right.name))):
        moves.append(ScoreAdjustment(-0.15, "many states have a body of this name, and no state is shared"))
    return moves
