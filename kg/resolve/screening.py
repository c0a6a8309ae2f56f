"""A name -> the listed entities it may mean, best first, each with its score, its alias, its listings and why.

In: the entries of the official lists in a store, and names to be screened, alone or with a type, a date of birth,
countries and numbers. Out: matches from a threshold up; and for a pair that did not match, what spoke against it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from kg.errors import SourceError
from kg.matching.blocking import NameIndex
from kg.matching.compare import Comparison, compare
from kg.matching.evidence import Facts, adjust, compare_attributes
from kg.matching.names import Name, analyze, distinct
from kg.model import EntityType
from kg.queries.list_records import ListedOn, read_listings
from kg.queries.scan import pairs
from kg.reference import country
from kg.resolve.numbers import Number, NumberIndex, number
from kg.resolve.subjects import TYPE_GROUPS, Subject, read_subjects
from kg.store import Store

#: From here up a match is reported; chosen on the rule-made test set of benchmarks/screening.py.
THRESHOLD: Final = 0.83
#: What is searched: what stands on a list, what texts name, or both.
Scope = Literal["lists", "texts", "all"]
_PAPERS: Final = ("passport", "national_id", "crypto_address")
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
    entry: Details = field(default_factory=lambda: Details())


@dataclass(frozen=True, slots=True)
class Details:
    """What a list tells of an entry beside its names: enough to tell it from a namesake.

    `number` is the list's own, `edition` the date of the list as it was imported, `source` list or text.
    """

    number: str = ""
    birth_dates: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    measures: tuple[str, ...] = ()
    edition: str = ""
    source: str = "list"


class Screener:
    """The entries of the lists, indexed by their names."""

    def __init__(
        self,
        subjects: list[Subject],
        listings: dict[str, tuple[ListedOn, ...]] | None = None,
        details: dict[str, Details] | None = None,
    ) -> None:
        self._subjects = subjects
        self._listings = listings or {}
        self._details = details or {}
        self._facts = [_facts(subject) for subject in subjects]
        names = [(name, owner) for owner, subject in enumerate(subjects) for name in distinct(subject.names)]
        self.index = NameIndex(names)
        numbers = [(*item, owner) for owner, subject in enumerate(subjects) for item in subject.identifiers]
        self._numbers = NumberIndex(numbers)
        self._weak = [name.text in subjects[owner].weak for name, owner in names]

    @classmethod
    def of(cls, store: Store, scope: Scope = "lists") -> Screener:
        """Return the screener over what is listed, over what texts name, or over both.

        An entry of a list's file that nobody designates (the wife of a listed person) counts to neither but to `all`.
        Raises SourceError for the scope `lists` where the store holds no list.
        """
        listings = read_listings(store)
        subjects = read_subjects(store, listed_only=scope == "lists")
        if scope == "lists":
            subjects = [subject for subject in subjects if subject.node in listings]
        elif scope == "texts":
            subjects = [subject for subject in subjects if not subject.dataset]
        if not subjects:
            raise SourceError(
                "no official list in it" if scope == "lists" else "no name in it",
                place=store.location,
                hint="import one first: kg import FILE (kg import --list shows which)",
            )
        _add_papers(store, subjects)
        return cls(subjects, listings, read_details(store, subjects))

    def __len__(self) -> int:
        """The number of entities."""
        return len(self._subjects)

    def by_number(self, asked: Number) -> list[Match]:
        """Return the entities that bear the number, in the order of their nodes."""
        return [
            self._described(
                owner,
                score=1.0,
                alias=self._subjects[owner].name,
                reasons=(
                    f"the same number: {asked.told}" + (f", on the list as {scheme}" if scheme != asked.scheme else ""),
                ),
            )
            for owner, scheme in self._numbers.find(asked)
        ]

    def screen(self, query: Query, *, threshold: float = THRESHOLD, limit: int = 10) -> list[Match]:
        """The matches that reach the threshold, best first, at most `limit`."""
        found = [match for scheme, value in query.identifiers for match in self.by_number(number(f"{scheme}:{value}"))]
        numbered = {match.node for match in found}
        name = analyze(query.name)
        best = self._best(name, query, threshold - 0.15) if name.words else {}
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], self._subjects[item[0]].node))
        for owner, (score, position, comparison) in ranked[:limit]:
            if score >= threshold and self._subjects[owner].node not in numbered:
                found.append(self._match(owner, score, position, comparison, query))
        return list({match.node: match for match in reversed(found)}.values())[::-1][:limit]

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
        positions = [at for at, other in enumerate(self.index.owners) if other == owner]
        results = [(compare(name, self.index.names[at], self.index.weights), at) for at in positions]
        comparison, position = max(results, key=lambda item: (item[0].score, -item[1]))
        score = adjust(comparison.score, compare_attributes(_query_facts(query), self._facts[owner]))
        return self._match(owner, score, position, comparison, query)

    def _best(self, name: Name, query: Query, least: float) -> dict[int, tuple[float, int, Comparison]]:
        """For each owner among the candidates: its best score, the name that gave it, and the comparison."""
        facts = _query_facts(query)
        has_facts = facts != Facts()
        best: dict[int, tuple[float, int, Comparison]] = {}
        for position in self.index.candidates(name):
            owner = self.index.owners[position]
            kind = self._subjects[owner].type
            comparison = compare(name, self.index.names[position], self.index.weights, person=kind == EntityType.PERSON)
            score = comparison.score * (_WEAK if self._weak[position] else 1.0)
            if score < least or (kind == EntityType.AIRCRAFT and score < _CODE):
                continue
            if has_facts:
                score = adjust(score, compare_attributes(facts, self._facts[owner]))
            if owner not in best or score > best[owner][0]:
                best[owner] = (score, position, comparison)
        return best

    def _match(self, owner: int, score: float, position: int, comparison: Comparison, query: Query) -> Match:
        reasons = comparison.reasons()
        if self._weak[position]:
            reasons.append("the alias is a weak one")
        reasons += [move.reason for move in compare_attributes(_query_facts(query), self._facts[owner])]
        return self._described(
            owner, score=round(score, 3), alias=self.index.names[position].text, reasons=tuple(reasons)
        )

    def _described(self, owner: int, *, score: float, alias: str, reasons: tuple[str, ...]) -> Match:
        subject = self._subjects[owner]
        return Match(
            node=subject.node,
            name=subject.name,
            type=subject.type,
            score=score,
            alias=alias,
            listings=self._listings.get(subject.node, ()),
            reasons=reasons,
            entry=self._details.get(subject.node, Details(source="list" if subject.dataset else "text")),
        )


def _add_papers(store: Store, subjects: list[Subject]) -> None:
    """Numbers that a list keeps in records of their own are plain values of their holder."""
    by_node = {subject.node: subject for subject in subjects}
    for scheme in _PAPERS:
        for node, value in pairs(store, f"kg:{scheme}"):
            if node in by_node and (scheme, value) not in by_node[node].identifiers:
                by_node[node].identifiers.append((scheme, value))


def read_details(store: Store, subjects: list[Subject]) -> dict[str, Details]:
    """Return what the lists tell of each of these entities."""
    numbers, editions = dict(pairs(store, "kg:entry_number")), dict(pairs(store, "dcterms:issued"))
    listed = dict(pairs(store, "kg:listing_of"))
    measures: defaultdict[str, set[str]] = defaultdict(set)
    for listing, measure in pairs(store, "kg:measure"):
        measures[listed.get(listing, "")].add(measure)
    return {
        subject.node: Details(
            number=numbers.get(subject.node, ""),
            birth_dates=tuple(subject.birth_dates),
            countries=tuple(subject.countries),
            identifiers=tuple(subject.identifiers),
            measures=tuple(sorted(measures.get(subject.node, ()))),
            edition=editions.get(subject.dataset, ""),
            source="list" if subject.dataset else "text",
        )
        for subject in subjects
    }


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
