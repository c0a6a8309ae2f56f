"""A pair candidate from two mentions and the features of their place."""

from __future__ import annotations

from kg.extraction.document_view import DocumentView
from kg.extraction.features.document import EntityFeatures
from kg.extraction.features.pairs import PairCandidate, Parts, hash_all
from kg.extraction.mention_spans import MentionSpan


def pair_candidate(
    view: DocumentView,
    first: MentionSpan,
    second: MentionSpan,
    features: list[str],
    facts: EntityFeatures,
    *,
    kind: str,
    sentence: int,
    other: int | None = None,
    lca: int | None = None,
    shared: Parts = (),
) -> PairCandidate:
    """A pair candidate with its features hashed, those of both entities in the document at large added.

    `sentence` is that of the candidate, `other` a second sentence where the pair spans two; `lca` is the governor of
    the second mention when None; `shared` are features hashed once for many candidates.
    """
    parts = (hash_all([f"x:{kind}", *features]), *shared, facts.first[first.entity], facts.second[second.entity])
    lca = view.heads[second.head] if lca is None else lca
    return PairCandidate(first, second, sentence, parts, other, kind, lca)
