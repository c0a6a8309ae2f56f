"""What a question about ownership is answered from: the structure of a day, who is listed on it, which lists are held.

Read from the store once, whatever the number of rules that are then applied.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from kg.ownership.gather import holding_claims, structure_on, today
from kg.ownership.rules import Rule
from kg.ownership.structure import Structure
from kg.queries import Found, Node, describe, find
from kg.queries.designations import Designation, Edition, designations, editions
from kg.reference import belongs_to
from kg.store import Store

#: A claim of a text less sure than this says only that somebody may be listed.
_SURE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Case:
    """An entity, a day, what hangs together with it, and what is known of listings.

    `owned` holds the entities of which some owner or controller is known for any day; `asked` is the day as given,
    None for today.
    """

    found: Found
    day: str
    asked: str | None
    structure: Structure
    designations: dict[str, tuple[Designation, ...]]
    editions: tuple[Edition, ...]
    nodes: dict[str, Node]
    owned: frozenset[str]

    @classmethod
    def of(cls, store: Store, name: str, *, at: str | None = None, downward: bool = False) -> Case:
        """The case of a named entity, with everything below it if `downward`."""
        found = find(store, name)
        day = at or today()
        claims = holding_claims(store, [found.entity.iri], downward=downward)
        structure = structure_on(claims, day)
        around = sorted({*structure.nodes(), found.entity.iri})
        return cls(
            found=found,
            day=day,
            asked=at,
            structure=structure,
            designations=designations(store, around),
            editions=editions(store),
            nodes=describe(store, around),
            owned=frozenset(claim.subject.iri for claim in claims if claim.object.iri != claim.subject.iri),
        )

    def name(self, node: str) -> str:
        """The entity's name for people."""
        known = self.nodes.get(node)
        return known.name if known else node


@dataclass(slots=True)
class Standing:
    """Who is listed under a rule on the day: for sure, perhaps (and why), and with measures that carry nothing down.

    `strange` are those whom only authorities list that no table knows; each part holds the designations.
    """

    sure: dict[str, list[Designation]] = field(default_factory=dict)
    perhaps: dict[str, list[Designation]] = field(default_factory=dict)
    mild: dict[str, list[Designation]] = field(default_factory=dict)
    strange: dict[str, list[Designation]] = field(default_factory=dict)
    later: dict[str, list[Designation]] = field(default_factory=dict)

    @classmethod
    def under(cls, rule: Rule, case: Case, *, any_list: bool = False) -> Standing:
        """The standing of all entities of the case under a rule; with `any_list` every authority counts."""
        made = cls()
        for node, told in case.designations.items():
            for item in told:
                if (part := made._part(rule, item, case.day, any_list=any_list)) is not None:
                    part.setdefault(node, []).append(item)
        for node in made.sure:
            made.perhaps.pop(node, None)
        return made

    def _part(self, rule: Rule, item: Designation, day: str, *, any_list: bool) -> dict[str, list[Designation]] | None:
        state = item.state(day)
        counts = any_list or (item.known and rule.counts(item.authority))
        if state in ("ended", "not yet"):
            return self.later if counts else None
        if not counts:
            return None if item.known else self.strange
        carried = carries(rule, item, any_list=any_list)
        if carried is None:
            return self.perhaps
        if not carried:
            return self.mild
        return self.sure if state == "in force" and item.confidence >= _SURE else self.perhaps


def carries(rule: Rule, item: Designation, *, any_list: bool = False) -> bool | None:
    """Whether a listing has a measure that the rule carries down; None where its measures are not known."""
    if not item.effect.known:
        return None
    if rule.lists and not any_list and item.effect.list not in rule.lists:
        return False
    kinds = {measure.kind for measure in item.effect.measures}
    return bool(kinds & set(rule.measures)) or (
        any_list and any(measure.reaches_owned for measure in item.effect.measures)
    )


def held_editions(rule: Rule, held: Iterable[Edition]) -> list[Edition]:
    """The imported lists that carry the rule's measures: those by which a party would be found listed under it."""
    return [
        edition
        for edition in held
        if any(
            belongs_to(body, rule.authorities)
            and effect.known
            and (not rule.lists or effect.list in rule.lists)
            and {measure.kind for measure in effect.measures} & set(rule.measures)
            for body, effect in edition.holds
        )
    ]
