"""What, beside alike names, shows that two entities are one, and what shows that they are not.

A contradiction stops a merge however alike the names: full dates of birth that differ, years further apart than lists
differ among each other, genders, identifiers of one scheme, countries. Support is counted in points, as
`ontology/reference/identity.yaml` has them. How much the shared words of two names tell follows from how many names of
the store hold them, and from the table of names that very many people or firms bear.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.matching.compare import Comparison, Weights
from kg.matching.evidence import Facts, number_key
from kg.matching.names import canonical_variant, is_patronymic
from kg.reference import country, is_common_word, table


def contradictions(left: Facts, right: Facts) -> list[str]:
    """Sentences on what the two cannot both have, if they were one; empty where nothing contradicts."""
    found = [*_birth(left.birth_dates, right.birth_dates), *_gender(left.genders, right.genders)]
    ours = {country(name) or name for name in left.countries}
    theirs = {country(name) or name for name in right.countries}
    if ours and theirs and not ours & theirs:
        found.append(f"the countries differ: {', '.join(sorted(ours))}; {', '.join(sorted(theirs))}")
    return found


def birth_contradiction(left: Facts, right: Facts) -> str:
    """The sentence on dates of birth or genders that exclude each other; empty where they do not."""
    return next(iter([*_birth(left.birth_dates, right.birth_dates), *_gender(left.genders, right.genders)]), "")


def far_apart(left: Facts, right: Facts) -> bool:
    """Whether dates of birth or genders exclude each other so far that no slip of a list explains it."""
    if _gender(left.genders, right.genders):
        return True
    spans = [(_span(one), _span(other)) for one in left.birth_dates for other in right.birth_dates]
    return bool(spans) and all(
        one is not None and other is not None and max(one[0] - other[1], other[0] - one[1]) > 1 for one, other in spans
    )


def _birth(ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    left, right = sorted(set(ours)), sorted(set(theirs))
    if not left or not right or any(_may_be_one(one, other) for one in left for other in right):
        return []
    return [f"the dates of birth differ: {left[0]}, {right[0]}"]


def _may_be_one(one: str, other: str) -> bool:
    """Whether two dates of birth, each a day, a month, a year or a range, may be of one person."""
    first, second = _span(one), _span(other)
    if first is None or second is None:
        return True
    full = len(one) == len(other) == 10
    if full and one != other:
        year, month, day = one.split("-")
        return other == f"{year}-{day}-{month}"  # day and month in the other order
    slack = 0 if full else int(table("identity")["years_apart"])
    return first[0] - slack <= second[1] and second[0] - slack <= first[1]


def _span(text: str) -> tuple[int, int] | None:
    years = [int(part[:4]) for part in text.split("/") if part[:4].isdigit()]
    return (min(years), max(years)) if years else None


def _gender(ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    left, right = {text[:1].casefold() for text in ours}, {text[:1].casefold() for text in theirs}
    if left and right and left <= {"m", "f"} and right <= {"m", "f"} and not left & right:
        return ["the genders differ"]
    return []


def support(left: Facts, right: Facts, *, of_lists: bool = False) -> tuple[int, list[str]]:
    """Points and sentences for what agrees beside the names; `of_lists` where two official lists are compared."""
    points = table("identity")["points"] | (table("identity")["of_lists"] if of_lists else {})
    found: list[tuple[int, str]] = []
    days = sorted({date for date in {*left.birth_dates} & {*right.birth_dates} if len(date) == 10})
    if days:
        found.append((points["birth_day"], f"born on the same day: {days[0]}"))
    elif left.birth_dates and right.birth_dates and not _birth(left.birth_dates, right.birth_dates):
        found.append(
            (points["birth_year"], f"years of birth that agree: {left.birth_dates[0]}, {right.birth_dates[0]}")
        )
    shared = {country(one) or one for one in left.countries} & {country(one) or one for one in right.countries}
    if shared:
        found.append((points["country"], f"both belong to {', '.join(sorted(shared))}"))
    numbers = {(key, number_key(value)) for key, value in left.identifiers}
    same = sorted(numbers & {(key, number_key(value)) for key, value in right.identifiers})
    if same:
        found.append((points["identifier"], f"the same {same[0][0]}: {same[0][1]}"))
    if bodies := sorted({*left.listed_by} & {*right.listed_by}):
        found.append((points["list_context"], f"both listed by {bodies[0]}"))
    if others := sorted({*left.related} & {*right.related}):
        found.append((points["relation"], f"both tied to {others[0]}"))
    return sum(number for number, _ in found), [reason for _, reason in found]


def telling(comparison: Comparison, weights: Weights, *, person: bool) -> int:
    """How many of the shared words tell who is meant: rare ones by the store's names and by the table, 2 for each.

    A common word counts 0, a patronymic 1; an initial nothing.
    """
    total = 0
    for word in {word for pair in comparison.pairs for word in pair.right.split()}:
        if len(word) < 2:
            continue
        if is_patronymic(word):
            total += 1
        elif not _is_common(word, person=person) and weights[word] >= float(table("identity")["rare_weight"]):
            total += 2
    return total


def _is_common(word: str, *, person: bool) -> bool:
    return is_common_word(word, person=person) or is_common_word(canonical_variant(word), person=person)
