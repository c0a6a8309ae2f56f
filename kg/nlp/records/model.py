"""Records as values: fields of one listed party, each with its place in the running text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["entry", "row", "labelled", "item"]
What = Literal["listed", "amended", "removed", "standing"]


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a record: `key` is that of `ontology/layout/fields.yaml`, `start` and `end` bound the value."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Act:
    """The statement that governs records: what it does, and where it stands; `standing` is the heading of a list."""

    what: What
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Record:
    """A party with what a list says of it.

    `form` tells how it is laid out, `type` is the type of the party as far as its record or heading tells it, else an
    empty string, `name` bounds the name; `act` is what governs it, None where nothing above it lists or removes.
    """

    form: Form
    start: int
    end: int
    name: tuple[int, int]
    type: str
    fields: tuple[Field, ...]
    act: Act | None = None

    def all(self, *keys: str) -> tuple[Field, ...]:
        """The fields of these keys in their order."""
        return tuple(field for field in self.fields if field.key in keys)
