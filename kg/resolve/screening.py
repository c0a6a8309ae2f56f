"""A name -> the listed entities it may mean, best first, each with its score, its alias, its listings and why.

In: the entries of the official lists in a store, and names to be screened, alone or with a type, a date of birth,
countries and numbers. Out: matches from a threshold up; and for a pair that did not match, what spoke against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from kg.matching.blocking import NameIndex
from kg.matching.compare import Comparison, compare
from kg.matching.evidence import Facts, adjust, compare_attributes
from kg.matching.names import Name, analyze, distinct
from kg.model import EntityType
from kg.queries.list_records import ListedOn, read_listings
from kg.reference import country
from kg.resolve.subjects import TYPE_GROUPS, Subject, read_subjects
from kg.store import Store

#: From here up a match is reported; chosen on the rule-made test set of benchmarks/screening.py.
THRESHOLD: Final = 0.83
_CODE: Final = 0.98  # a tail number is a code: one letter off is another aircraft
_WEAK: Final = 0.94  # factor for a nickname: it must fit all but exactly


@dataclass(frozen=True, slots=True)
class Query:
    """A name to be screened, with whatever else is known of its bearer."""

    name: str
    type: str = ""
    birth_date: str = ""
    countries: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """One listed entity that the name may mean; `alias` is the name of it that fits best."""

    node: str
    name: str
    type: str
    score: float
    alias: str
    listings: tuple[ListedOn, ...] = ()
    reasons: tuple[str, ...] = field(default=())


class Screener:
    """The entries of the lists, indexed by their names."""

    def __init__(self, subjects: list[Subject], listings: dict[str, tuple[ListedOn, ...]] | None = None) -> None:
        self._subjects = subjects
        self._listings = listings or {}
        self._facts = [_facts(subject) for subject in subjects]
        names = [(name, owner) for owner, subject in enumerate(subjects) for name in distinct(subject.names)]
        self.index = NameIndex(names)
        self._weak = [name.text in subjects[owner].weak for name, owner in names]

    @classmethod
    def of(cls, store: Store) -> Screener:
        """The screener over all official lists in the store."""
        return cls(read_subjects(store, listed_only=True), read_listings(store))

    def screen(self, query: Query, *, threshold: float = THRESHOLD, limit: int = 10) -> list[Match]:
        """The matches that reach the threshold, best first, at most `limit`."""
        name = analyze(query.name)
        best = self._best(name, query, threshold - 0.15)
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], self._subjects[item[0]].node))
        found = []
        for owner, (score, number, comparison) in ranked[:limit]:
            if score >= threshold:
                found.append(self._match(owner, score, number, comparison, query))
        return found

    def nearest(self, query: Query, *, threshold: float = THRESHOLD, limit: int = 3) -> list[Match]:
        """The entities that come nearest without reaching the threshold, each with what spoke against it."""
        best = self._best(analyze(query.name), query, 0.0)
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], self._subjects[item[0]].node))
        below = [(owner, found) for owner, found in ranked if found[0] < threshold][:limit]
        return [self._match(owner, *found, query) for owner, found in below]

    def why_not(self, query: Query, listed_name: str) -> Match | None:
        """The comparison with the entity that has this name (exactly, or as the nearest one); None if none has."""
        wanted = analyze(listed_name)
        near = self._best(wanted, Query(listed_name), 0.0)
        if not near:
            return None
        owner = max(near, key=lambda owner: (near[owner][0], -owner))
        name = analyze(query.name)
        numbers = [number for number, other in enumerate(self.index.owners) if other == owner]
        results = [(compare(name, self.index.names[number], self.index.weights), number) for number in numbers]
        comparison, number = max(results, key=lambda item: (item[0].score, -item[1]))
        score = adjust(comparison.score, compare_attributes(_query_facts(query), self._facts[owner]))
        return self._match(owner, score, number, comparison, query)

    def _best(self, name: Name, query: Query, least: float) -> dict[int, tuple[float, int, Comparison]]:
        """For each owner among the candidates: its best score, the name that gave it, and the comparison."""
        facts = _query_facts(query)
        has_facts = facts != Facts()
        best: dict[int, tuple[float, int, Comparison]] = {}
        for number in self.index.candidates(name):
            owner = self.index.owners[number]
            kind = self._subjects[owner].type
            comparison = compare(name, self.index.names[number], self.index.weights, person=kind == EntityType.PERSON)
            score = comparison.score * (_WEAK if self._weak[number] else 1.0)
            if score < least or (kind == EntityType.AIRCRAFT and score < _CODE):
                continue
            if has_facts:
                score = adjust(score, compare_attributes(facts, self._facts[owner]))
            if owner not in best or score > best[owner][0]:
                best[owner] = (score, number, comparison)
        return best

    def _match(self, owner: int, score: float, number: int, comparison: Comparison, query: Query) -> Match:
        subject = self._subjects[owner]
        reasons = comparison.reasons()
        if self._weak[number]:
            reasons.append("the alias is a weak one")
        reasons += [move.reason for move in compare_attributes(_query_facts(query), self._facts[owner])]
        return Match(
            node=subject.node,
            name=subject.name,
            type=subject.type,
            score=round(score, 3),
            alias=self.index.names[number].text,
            listings=self._listings.get(subject.node, ()),
            reasons=tuple(reasons),
        )


def _facts(subject: Subject) -> Facts:
    return Facts(
        type_group=subject.group,
        birth_dates=tuple(subject.birth_dates),
        countries=tuple(subject.countries),
        identifiers=tuple(subject.identifiers),
    )


def _query_facts(query: Query) -> Facts:
    if not (query.type or query.birth_date or query.countries or query.identifiers):
        return Facts()
    return Facts(
        type_group=TYPE_GROUPS.get(query.type, query.type),
        birth_dates=(query.birth_date,) if query.birth_date else (),
        countries=tuple(country(name) or name for name in query.countries),
        identifiers=query.identifiers,
    )


def screen_names(store: Store, names: Iterable[str], *, threshold: float = THRESHOLD) -> dict[str, list[Match]]:
    """The matches of each name, in the order given."""
    screener = Screener.of(store)
    return {name: screener.screen(Query(name), threshold=threshold) for name in names}
