"""A short passage of prose -> everything in it that may be the subject or object of a personal or corporate fact.

annotated Doc -> names, dates, pronouns and capitalised words that no name covers (`Passage.spots`) -> pairs of them
that stand near one another, with features (`pairs`). Where a press release is read by its named entities, an excerpt
of a biography is often all pronouns: each of them is a mention of its own here, with or without an antecedent.
What a pair says is not decided here; see `benchmarks.knowledgenet.classifier`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc, Token

from kg.extraction.candidates.entity_pairs import lone_features
from kg.extraction.document_view import DocumentView, build_view
from kg.extraction.features.pairs import FLIP, dep_path, hash_all, pair_features
from kg.extraction.mention_spans import MentionSpan
from kg.nlp.coref import Cluster, resolve_coreference
from kg.nlp.dependencies import read_tree
from kg.nlp.temporal import find_dates

_MASK: Final = 0xFFFFFFFF
_FORMS: Final = {
    "He": "he him his himself",
    "She": "she her hers herself",
    "I": "i me my mine myself",
    "We": "we us our ours ourselves",
    "It": "it its itself",
    "They": "they them their theirs themselves",
    "Who": "who whom whose",
    "Which": "which that",
    "Where": "where",
}
_PRONOUNS: Final = {word: kind for kind, words in _FORMS.items() for word in words.split()}
_YEAR: Final = re.compile(r"1\d{3}|20\d{2}")
_RELATIVE: Final = frozenset({"Who", "Which", "Where"})
_NAMES: Final = ("name", "short", "alias")
_NEAR: Final = 80  # tokens between two mentions beyond which they are not paired


@dataclass(frozen=True, slots=True)
class Passage:
    """The mentions of a passage in the order of the text.

    Mention `k` stands at the character offsets `bounds[k]`, for the thing numbered `groups[k]`.
    """

    mentions: list[MentionSpan]
    groups: list[int]
    bounds: list[tuple[int, int]]
    view: DocumentView


@dataclass(frozen=True, slots=True)
class Pair:
    """Mentions `subject` and `object` (indexes), hashes of what stands between them, and the token that joins them."""

    subject: int
    object: int
    features: tuple[int, ...]
    lca: int


class _Places:
    """Mentions collected so far, at most one to a token, the first to claim it."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.taken: set[int] = set()
        self.found: list[tuple[MentionSpan, int | None]] = []

    def add(
        self,
        start: int,
        end: int,
        form: str,
        *,
        kind: str = "name",
        head: int | None = None,
        cluster: int | None = None,
    ) -> None:
        """Take the tokens for a mention unless one of them is taken.

        `head` is the span's root when None; `cluster` is the number of the mention's cluster.
        """
        if self.taken.isdisjoint(range(start, end)):
            self.taken.update(range(start, end))
            head = self.doc[start:end].root.i if head is None else head
            self.found.append((MentionSpan(start, end, head, "", form, kind), cluster))

    def in_order(self) -> tuple[list[MentionSpan], list[int | None]]:
        """The mentions by place in the text, numbered `m0`, `m1` ..., and the cluster of each."""
        ordered = sorted(self.found, key=lambda one: one[0].start)
        spans = [
            MentionSpan(span.start, span.end, span.head, f"m{number}", span.type, span.kind)
            for number, (span, _) in enumerate(ordered)
        ]
        return spans, [cluster for _, cluster in ordered]


def read_passage(doc: Doc, *, entities: list[Cluster] | None = None) -> Passage:
    """The mentions of an annotated text; `entities` replaces the document's own coreference."""
    places = _Places(doc)
    _add_dates(places)
    resolved = _add_clusters(places, resolve_coreference(doc) if entities is None else entities)
    for ent in doc.ents:
        places.add(ent.start, ent.end, ent.label_)
    _add_pronouns(places, resolved)
    for start, end in _capitalised(doc, places.taken):
        places.add(start, end, "Capital")
    mentions, clusters = places.in_order()
    groups = _grouped(doc, mentions, clusters)
    bounds = [(span.start_char, span.end_char) for span in (doc[mention.start : mention.end] for mention in mentions)]
    return Passage(mentions, groups, bounds, build_view(read_tree(doc), mentions, {}))


def _add_dates(places: _Places) -> None:
    for when in find_dates(places.doc, None):
        places.add(when.start, when.end, "Date")
    for token in places.doc:
        if _YEAR.fullmatch(token.text):
            places.add(token.i, token.i + 1, "Date")


def _add_clusters(places: _Places, clusters: list[Cluster]) -> dict[int, int]:
    """Add the names of single entities; returns the head token of each resolved pronoun with its cluster's number."""
    resolved: dict[int, int] = {}
    for number, cluster in enumerate(clusters):
        for span in cluster.spans if not cluster.members else ():
            if span.kind in _NAMES:
                places.add(span.start, span.end, cluster.type, head=span.head, cluster=number)
            elif span.kind == "pronoun":
                resolved[span.head] = number
    return resolved


def _add_pronouns(places: _Places, resolved: dict[int, int]) -> None:
    for token in places.doc:
        form = _PRONOUNS.get(token.lower_)
        if form and (form != "Which" or _relative(token)) and (token.text != "US"):
            places.add(token.i, token.i + 1, form, kind="pronoun", cluster=resolved.get(token.i))


def _relative(token: Token) -> bool:
    return token.tag_ == "WDT" or (token.pos_ == "PRON" and token.dep_ != "det" and token.lower_ == "which")


def _capitalised(doc: Doc, taken: Container[int]) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words, "of" and "the" inside them included, that no other mention covers."""
    start: int | None = None
    end = 0
    for token in [*doc, None]:
        good = token is not None and token.i not in taken and _is_capital(token)
        if good and token is not None:
            start = token.i if start is None else start
            end = token.i + 1
            continue
        if start is None:
            continue
        if token is not None and token.i not in taken and token.lower_ in ("of", "for", "and", "&", "the", "-", "’s"):
            following = token.i + 1
            joins = token.lower_ in ("of", "&", "-", "for")
            if joins and following < len(doc) and following not in taken and _is_capital(doc[following]):
                continue
        yield start, end
        start = None


def _is_capital(token: Token) -> bool:
    return token.text[:1].isupper() and token.pos_ in ("PROPN", "ADJ", "NOUN", "X")


def _grouped(doc: Doc, spans: list[MentionSpan], known: list[int | None]) -> list[int]:
    """One number for all mentions that are likely the same thing: by cluster, by pronoun, by relative clause."""
    at = {token: k for k, span in enumerate(spans) for token in range(span.start, span.end)}
    parent = list(range(len(spans)))

    def root(k: int) -> int:
        while parent[k] != k:
            k = parent[k]
        return k

    first: dict[str, int] = {}
    for k, span in enumerate(spans):
        for key in _keys(doc, span, known[k]):
            if key in first:
                parent[root(k)] = root(first[key])
            else:
                first[key] = k
        noun = _antecedent(doc, span, at) if span.type in _RELATIVE else None
        if noun is not None and noun != k:
            parent[root(k)] = root(noun)
    return [root(k) for k in range(len(spans))]


def _keys(doc: Doc, span: MentionSpan, cluster: int | None) -> list[str]:
    """Mentions that share one of these keys are grouped."""
    keys = [f"c{cluster}"] if cluster is not None else []
    if span.kind == "pronoun" and span.type not in _RELATIVE:
        keys.append(span.type)
    elif span.kind == "name" and span.type != "Date":
        keys.append("n" + doc[span.start : span.end].text.lower())
    return keys


def _antecedent(doc: Doc, span: MentionSpan, at: dict[int, int]) -> int | None:
    """The number of the mention that a relative pronoun refers to: its clause's noun, else one just before it."""
    governor = doc[span.head]
    for _ in range(4):
        if "relcl" in governor.dep_ or governor.head.i == governor.i:
            break
        governor = governor.head
    noun = at.get(governor.head.i) if "relcl" in governor.dep_ else None
    if noun is None and span.start and (span.start - 1 in at or span.start - 2 in at):
        noun = at.get(span.start - 1, at.get(span.start - 2))
    return noun


def pairs(passage: Passage, allowed: frozenset[tuple[str, str]] | None = None) -> list[Pair]:
    """Every ordered pair of mentions near one another whose types are `allowed` (all are, when None)."""
    view, mentions = passage.view, passage.mentions
    found: list[Pair] = []
    words = [_own(view, mention) for mention in mentions]
    for i, first in enumerate(mentions):
        for j in range(i + 1, len(mentions)):
            second = mentions[j]
            if second.start - first.end > _NEAR:
                break
            forward = allowed is None or (first.type, second.type) in allowed
            backward = allowed is None or (second.type, first.type) in allowed
            if passage.groups[i] == passage.groups[j] or not (forward or backward):
                continue
            features, lca = _features(view, first, second)
            features += [f"1{word}" for word in words[i]] + [f"2{word}" for word in words[j]]
            hashes = hash_all(features)
            if forward:
                found.append(Pair(i, j, hashes, lca))
            if backward:
                found.append(Pair(j, i, tuple((h + FLIP) & _MASK for h in hashes), lca))
    return found


def _features(view: DocumentView, first: MentionSpan, second: MentionSpan) -> tuple[list[str], int]:
    here, there = view.sentence_of[first.start], view.sentence_of[second.start]
    if here == there:
        way = dep_path(view, first.head, second.head)
        lca = way[2] if way[2] is not None else view.heads[second.head]
        return pair_features(view, first, second, way), lca
    features = [f"x:{min(there - here, 3)}:{first.type}|{second.type}", f"xk:{first.kind}|{second.kind}"]
    features += [f"v1:{fact}" for fact in lone_features(view, first)]
    features += [f"v2:{fact}" for fact in lone_features(view, second)]
    return features, view.heads[second.head]


def _own(view: DocumentView, mention: MentionSpan) -> list[str]:
    """What a mention says by itself: its words, its place in the text, and the word that governs it."""
    start, end = view.sentences[view.sentence_of[mention.start]]
    found = [f"w:{word}" for word in view.words[mention.start : mention.end] if mention.type != "Date"]
    found.append(f"T:{mention.type}")
    found.append(f"st:{mention.start == start}")
    found.append(f"l:{min(mention.end - mention.start, 5)}")
    if mention.start > start:
        found.append(f"p:{view.lemmas[mention.start - 1]}")
    if mention.end < end:
        found.append(f"n:{view.lemmas[mention.end]}")
    return found
