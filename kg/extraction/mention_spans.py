"""Mentions as rules and scorer see them: a token span in a Doc that stands for an entity of the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: The kinds of mention that say a name.
NAMES: Final = frozenset({"name", "short", "alias"})


@dataclass(frozen=True, slots=True)
class MentionSpan:
    """One mention: half-open token offsets, the token that heads it, and the entity it stands for.

    `kind` is `name`, `short`, `alias`, `pronoun`, `nominal` or `group`; `type` the entity's type.
    """

    start: int
    end: int
    head: int
    entity: str
    type: str
    kind: str
