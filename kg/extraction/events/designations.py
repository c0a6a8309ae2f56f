"""Acts of listing: who lists whom, on which list, read clause by clause and joined over the whole document.

In: a `DocumentView` and its tree. Out: `DesignationEvent`s, one for each verb or noun that speaks of a listing, and the
`PatternMatch`es that follow. A text speaks of one act in many sentences: a clause that leaves out the authority ("Also
targeted is X", "Among them, Y was included", "the other company is Z") has that of the clause it goes on from, or else
that of the document's main act. How the authority came to be known stands in the rule's name; how far each kind is to
be believed is learned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kg.extraction.document_view import DocumentView
from kg.extraction.events.arguments import ArgumentExtractor, DesignationEvent
from kg.extraction.events.continuations import going_on
from kg.extraction.events.removals import REMOVE, removals
from kg.extraction.mention_spans import MentionSpan
from kg.extraction.patterns.surface_matcher import PatternMatch
from kg.nlp.dependencies import Tree

GROUP_REASON: Final = "listed_for.act-group"
"""The rule by which a reason given for a group is that of each of its members."""
TRUST: Final = {
    "listed_by.act-said-place": 0.7,
    "listed_by.act-on-also": 0.7,
    "listed_on.act-said-place": 0.6,
    "listed_on.act-said-designate": 0.6,
    "listed_by.act-said-item": 0.8,
    "listed_by.act-main-item": 0.7,
    "listed_on.act-said-item": 0.7,
    "delisted_by.act-said": 0.8,
    "delisted_by.act-beside": 0.6,
    "delisted_by.act-main": 0.6,
    "listed_for.act-own": 0.5,
    GROUP_REASON: 0.5,
}
"""How far these rules are believed at least: less than how often they are right on the training texts."""
_PLAINLY: Final = frozenset({"designate", "place", "also"})
_NEXT: Final = 2  # sentences behind a counted removal within which its parties are named
_LEAD: Final = 6  # sentences in which a text says what it is about
_EARLIER: Final = frozenset("previous previously earlier prior".split())


def extract_designations(view: DocumentView, tree: Tree) -> list[DesignationEvent]:
    """The acts of a document in the order of the text, each with its authority where one can be told."""
    reader = ArgumentExtractor(view, tree)
    found: list[DesignationEvent] = []
    for number, bounds in enumerate(tree.sentences):
        here = list(reader.sentence(number, bounds))
        here += removals(reader, number, bounds)
        if not here and found and number - found[-1].sentence <= 3:
            here = list(going_on(reader, number, bounds))
        found.extend(here)
    _name_removed(found, tree)
    _settle(found, view, reader.offices)
    return found


def _name_removed(acts: Sequence[DesignationEvent], tree: Tree) -> None:
    """Give a removal of counted parties ("deleted three names") those that the next sentence says had been listed."""
    for act in acts:
        if act.kind != REMOVE or act.members or not act.group:
            continue
        for other in acts:
            before = any(tree.words[child] == "had" for child in tree.labelled(other.trigger, "aux"))
            if other.kind != REMOVE and before and 0 < other.sentence - act.sentence <= _NEXT:
                act.members += other.members


def designation_matches(acts: Sequence[DesignationEvent]) -> list[PatternMatch]:
    """The relations that the acts say: each member with the authority and with each list of its act."""
    found: list[PatternMatch] = []
    for act in acts:
        if act.kind == REMOVE:
            found += _delisted(act)
            continue
        for member in act.members:
            rule = f"listed_by.act-{act.how}-{'item' if member.entity in act.items else act.kind}"
            found += [
                _match(rule, "listed_by", member, one, act) for one in act.authorities if one.entity != member.entity
            ]
            found += [
                _match("listed_by.act-office", "listed_by", member, one, act)
                for one in act.offices
                if one.entity != member.entity
            ]
            if act.country is not None and member.entity != act.country.entity:
                found.append(_match("listed_by.act-country", "listed_by", member, act.country, act))
            for named in act.lists:
                how = "said" if act.listed_here else "main"
                kind = "item" if member.entity in act.items else act.kind
                found.append(_match(f"listed_on.act-{how}-{kind}", "listed_on", member, named, act))
    found += _reasons(acts)
    return list(dict.fromkeys(found))


def _delisted(act: DesignationEvent) -> Iterator[PatternMatch]:
    """Each party that an act takes off a list, with who does."""
    for member in act.members:
        rule = f"delisted_by.act-{act.how}"
        for actor in act.authorities:
            if actor.entity != member.entity:
                yield _match(rule, "delisted_by", member, actor, act)


def _reasons(acts: Sequence[DesignationEvent]) -> Iterator[PatternMatch]:
    """Why an act's members are listed; a reason given for a group told by a common noun is that of all members."""
    explained = {member.entity for act in acts if act.reason for member in act.members}
    later = [one for one in acts if one.how in ("main", "on") and one.kind in _PLAINLY and not one.earlier]
    for act in acts:
        if act.reason is None:
            continue
        members, rule = act.members, "listed_for.act-own"
        if not members and act.group and act.how == "said" and act.sentence < _LEAD and not act.earlier:
            same = [one for one in later if one.sentence > act.sentence and act.parties & one.parties]
            members = [member for other in same for member in other.members if member.entity not in explained]
            rule = GROUP_REASON
        for member in members:
            yield PatternMatch(
                rule, "listed_for", member.entity, "", member, None, *act.reason,
                act.trigger, act.trigger + 1, act.sentence, None,
            )  # fmt: skip


def _match(rule: str, predicate: str, member: MentionSpan, other: MentionSpan, act: DesignationEvent) -> PatternMatch:
    return PatternMatch(
        rule, predicate, member.entity, other.entity, member, other, other.start, other.end,
        act.trigger, act.trigger + 1, act.sentence, None,
    )  # fmt: skip


def _settle(acts: list[DesignationEvent], view: DocumentView, offices: Mapping[str, MentionSpan]) -> None:
    """Give every act its authority: its own, that of the clause it goes on from, or that of the main act."""
    body, country = _main_actors(acts, offices)
    lists = [mention for act in acts for mention in act.lists]
    for at, act in enumerate(acts):
        if act.kind == REMOVE:
            _settle_removal(act, acts, body, country)
            continue
        act.listed_here, act.earlier = bool(act.lists), _is_earlier(view, act)
        act.offices = [offices[actor.entity] for actor in act.actors if actor.entity in offices]
        before = acts[at - 1] if at else None
        near = next((one for one in acts if one.sentence == act.sentence and one.actors), None)
        if act.actors:
            act.how, act.authorities = "said", act.actors
        elif near is not None:
            act.how, act.authorities = "beside", near.actors
        elif act.kind == "also" and before is not None and before.authorities:
            act.how, act.authorities, act.country = "on", before.authorities, before.country
        elif body is not None and not (country is not None and act.earlier):
            act.how, act.authorities, act.country = "main", [body], country
        else:
            act.how, act.authorities = "main", [country] if country is not None else []
        if not act.lists and act.kind == "also" and before is not None:
            act.lists = list(before.lists)
        elif not act.lists and act.kind == "place" and lists:
            act.lists = lists[:1]


def _settle_removal(
    act: DesignationEvent, acts: Sequence[DesignationEvent], body: MentionSpan | None, country: MentionSpan | None
) -> None:
    """Give a removal its authority: its own, that of its sentence, or the main one of the document."""
    near = next((one for one in acts if one.sentence == act.sentence and one.actors), None)
    if act.actors:
        act.how, act.authorities = "said", act.actors
    elif near is not None:
        act.how, act.authorities = "beside", near.actors
    else:
        act.how, act.authorities = "main", [one for one in (body or country,) if one is not None]


def _main_actors(
    acts: Sequence[DesignationEvent], offices: Mapping[str, MentionSpan]
) -> tuple[MentionSpan | None, MentionSpan | None]:
    """The body and the country that act in most of a document's acts; those at its head count most.

    What a ministry does counts for its office, where the text names one.
    """
    best: dict[bool, tuple[float, int, MentionSpan]] = {}
    points: dict[str, float] = {}
    for at, act in enumerate(acts):
        for named in act.actors:
            actor = offices.get(named.entity, named)
            points[actor.entity] = points.get(actor.entity, 0.0) + (3.0 if act.sentence < 3 else 1.0)
            state = actor.type == "Country"
            rank = (points[actor.entity], -at, actor)
            if state not in best or rank[:2] > best[state][:2]:
                best[state] = rank
    body, country = best.get(False), best.get(True)
    return (body[2] if body else None), (country[2] if country else None)


def _is_earlier(view: DocumentView, act: DesignationEvent) -> bool:
    """Whether the sentence speaks of acts before the one that the document is about."""
    return not _EARLIER.isdisjoint(view.lemmas[slice(*view.sentences[act.sentence])])
