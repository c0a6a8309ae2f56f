"""Two subjects whose names are alike -> what else speaks for and against that they are the same.

The name's score is moved by identifiers (equal ones decide), dates of birth, countries and type; each move comes with
a sentence. Nothing here looks at names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kg.reference import country

#: Schemes whose number belongs to one holder only, whoever writes it.
_UNIQUE: Final = frozenset("imo lei bic inn ogrn isin uscc tail_number mmsi".split())
_CONTACT: Final = frozenset("phone crypto_address call_sign".split())


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the names; every part may be empty.

    `listed_by` are the bodies that listed it, with those above them; `related` the folded names of those it is tied to.
    """

    type_group: str = ""
    birth_dates: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    genders: tuple[str, ...] = ()
    listed_by: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreAdjustment:
    """By how much the score moves (`decides` leaves no room for the name), and the sentence for it."""

    change: float
    reason: str
    decides: bool = False


def number_key(value: str) -> str:
    """The form under which two writings of one number are equal: letters and digits only, in capitals.

    >>> number_key("AB 12-3")
    'AB123'
    """
    return re.sub(r"[\W_]", "", value.upper())


def compare_attributes(left: Facts, right: Facts) -> list[ScoreAdjustment]:
    """The moves, those of identifiers first."""
    moves = [*_identifiers(left.identifiers, right.identifiers), *_birth_dates(left.birth_dates, right.birth_dates)]
    if left.type_group and right.type_group and left.type_group != right.type_group:
        moves.append(ScoreAdjustment(-0.3, f"the types differ: {left.type_group}, {right.type_group}"))
    ours = {country(name) or name for name in left.countries}
    theirs = {country(name) or name for name in right.countries}
    if ours & theirs:
        moves.append(ScoreAdjustment(0.03, f"both belong to {', '.join(sorted(ours & theirs))}"))
    elif ours and theirs:
        moves.append(
            ScoreAdjustment(-0.06, f"the countries differ: {', '.join(sorted(ours))}; {', '.join(sorted(theirs))}")
        )
    return moves


def adjust(score: float, moves: Iterable[ScoreAdjustment]) -> float:
    """The score after the moves, within 0..1."""
    for move in moves:
        if move.decides:
            return 1.0 if move.change > 0 else 0.0
        score += move.change
    return max(0.0, min(1.0, score))


def _identifiers(left: Iterable[tuple[str, str]], right: Iterable[tuple[str, str]]) -> list[ScoreAdjustment]:
    ours = {(scheme, number_key(value)) for scheme, value in left}
    theirs = {(scheme, number_key(value)) for scheme, value in right}
    shared = sorted(ours & theirs)
    decisive = [item for item in shared if item[0] in _UNIQUE]
    if decisive:
        return [ScoreAdjustment(1.0, f"the same {decisive[0][0]}: {decisive[0][1]}", decides=True)]
    moves = [ScoreAdjustment(0.2, f"the same {scheme}: {value}") for scheme, value in shared if scheme not in _CONTACT][
        :1
    ]
    for scheme in sorted(_UNIQUE - {"isin", "bic"}):
        mine = {value for kind, value in ours if kind == scheme}
        other = {value for kind, value in theirs if kind == scheme}
        if mine and other and not mine & other:
            moves.append(ScoreAdjustment(-0.4, f"the {scheme} differs: {min(mine)}, {min(other)}"))
    return moves


def _birth_dates(left: Iterable[str], right: Iterable[str]) -> list[ScoreAdjustment]:
    ours, theirs = sorted(set(left)), sorted(set(right))
    if not ours or not theirs:
        return []
    exact = sorted(set(ours) & set(theirs))
    full = [date for date in exact if len(date) == 10]
    if full:
        return [ScoreAdjustment(0.12, f"born on the same day: {full[0]}")]
    spans = [(_years(one), _years(other)) for one in ours for other in theirs]
    apart = min(max(one[0] - other[1], other[0] - one[1], 0) for one, other in spans)
    if apart == 0:
        day_differs = all(len(date) == 10 for date in (*ours, *theirs)) and not exact
        return [ScoreAdjustment(0.0 if day_differs else 0.04, f"born in the same year: {ours[0]}, {theirs[0]}")]
    if apart <= 1:
        return [ScoreAdjustment(-0.02, f"born a year apart: {ours[0]}, {theirs[0]}")]
    return [ScoreAdjustment(-0.25, f"born {apart} years apart: {ours[0]}, {theirs[0]}")]


def _years(date: str) -> tuple[int, int]:
    """The first and last year of a date or a range `from/to`; (0, 9999) where there is none."""
    parts = [int(part[:4]) for part in date.split("/") if part[:4].isdigit()]
    return (min(parts), max(parts)) if parts else (0, 9999)
