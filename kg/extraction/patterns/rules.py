"""Relation rules as values: patterns around a trigger (frames), patterns over word order (forms), and their examples.

A pattern is either a *frame* (a verb, noun or adjective and the roles in which the two ends stand) or a *form* (an
order of words, see `kg.extraction.patterns.form_grammar`). `kg.extraction.patterns.rule_loader` reads them from YAML,
`kg.extraction.patterns.matcher` applies them to a document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ROLES: Final = frozenset({"subject", "object", "indirect", "self", "possessor", "modifier", "clause"})
ANY: Final = ("any",)
KINDS: Final = ("verb", "noun", "adjective")


@dataclass(frozen=True, slots=True)
class Role:
    """Where an argument stands: a role of the frame, or a preposition (`prep` non-empty) of it.

    `phrase` says that the whole phrase is the object as text, not an entity in it.
    """

    name: str
    prep: str = ""
    phrase: bool = False


@dataclass(frozen=True, slots=True)
class FramePattern:
    """A construction around one verb, noun or adjective.

    `triggers` are lemmas, of one word or more; `ANY` stands for every verb. `requires` and `without` are (role,
    lemmas): the frame has, or has not, such an argument. `contains` lists words, as written, of which one stands in
    the clause; `excepted` the verbs that are no trigger where the trigger is any verb. `after` and `not_after` are
    words of which one stands, or none may stand, among the two before the trigger.
    """

    rule: str
    predicate: str
    kind: str
    triggers: tuple[str, ...]
    subject: tuple[Role, ...]
    object: tuple[Role, ...]
    subject_types: frozenset[str]
    object_types: frozenset[str]
    requires: tuple[tuple[Role, frozenset[str]], ...] = ()
    without: tuple[tuple[Role, frozenset[str]], ...] = ()
    contains: frozenset[str] = frozenset()
    excepted: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    not_after: frozenset[str] = frozenset()
    status: str | None = None


@dataclass(frozen=True, slots=True)
class FormPattern:
    """A construction stated as an order of words.

    `nearest_subject`, `nearest_object`: of a list standing there only the member next to the trigger counts.
    `brackets` says that the form itself reads brackets, which are otherwise passed over; `nominal` that its triggers
    are nouns, of which the longest phrase that stands in the text counts. `unrivalled`: a gap follows the first entity,
    in which no other entity may claim its place; `ungoverned`: no preposition stands before it. `named`: the text
    object is a name.
    """

    rule: str
    predicate: str
    triggers: tuple[str, ...]
    regex: re.Pattern[str]
    subject_types: frozenset[str]
    object_types: frozenset[str]
    nearest_subject: bool
    nearest_object: bool
    brackets: bool
    nominal: bool
    unrivalled: bool
    ungoverned: bool
    named: bool
    contains: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    not_after: frozenset[str] = frozenset()
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with marked entities (name, type, start, end in `text`) and the triples it must or must not give."""

    predicate: str
    text: str
    entities: tuple[tuple[str, str, int, int], ...]
    triples: tuple[tuple[str, str, str], ...]
    expected: bool
    place: str


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class RuleSet:
    """All patterns in the order of the files, with their examples and the definition of each predicate.

    `trust` has an entry for each pattern that is believed at least so far wherever it matches (0 to 1), whatever the
    scorer says: for constructions too rare in the training texts to be learned from.
    """

    frames: tuple[FramePattern, ...]
    forms: tuple[FormPattern, ...]
    examples: tuple[Example, ...]
    definitions: Mapping[str, str]
    trust: Mapping[str, float]
