"""Clusters of coreferent spans: each cluster holds the mentions of one entity of the document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class CoreferentSpan:
    """One place where a thing is spoken of: half-open token offsets and the token that heads it.

    `kind` is name, short, alias, pronoun, nominal or group, and `sieve` the step that linked it.
    """

    start: int
    end: int
    head: int
    kind: str
    sieve: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """One thing of the document, with its spans in the order of the text.

    `type` is one of the ten entity types, `name` the fullest proper name. `members` are the indexes (in the
    list that `clusters` returns) of the things of which a group such as "the two brothers" is made.
    """

    type: str
    name: str
    spans: tuple[CoreferentSpan, ...]
    members: tuple[int, ...] = ()
