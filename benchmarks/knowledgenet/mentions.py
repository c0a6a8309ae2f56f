"""A short passage of prose -> everything in it that may be the subject or object of a personal or corporate fact.

annotated Doc -> names, dates, pronouns and capitalised words that no name covers (`Passage.spots`) -> pairs of them
that stand near one another, with features (`pairs`). Where a press release is read by its named entities, an excerpt
of a biography is often all pronouns: each of them is a mention of its own here, with or without an antecedent.
What a pair says is not decided here; see `benchmarks.knowledgenet.classifier`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc, Token

from kg.extraction.candidates.entity_pairs import lone_features
from kg.extraction.document_view import Sheet, lay_out
from kg.extraction.features.pairs import FLIP, hash_all, pair_features, path
from kg.extraction.mention_spans import Spot
from kg.nlp.coref import Cluster, clusters
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

    spots: list[Spot]
    groups: list[int]
    bounds: list[tuple[int, int]]
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Pair:
    """Mentions `subject` and `object` (indexes), hashes of what stands between them, and the token that joins them."""

    subject: int
    object: int
    features: tuple[int, ...]
    peak: int


def read_passage(doc: Doc, *, entities: list[Cluster] | None = None) -> Passage:
    """The mentions of an annotated text; `entities` replaces the document's own coreference."""
    found = clusters(doc) if entities is None else entities
    taken: dict[int, int] = {}
    spans: list[tuple[int, int, int, str, str]] = []
    group: dict[int, int] = {}

    def add(start: int, end: int, head: int, kind: str, form: str, number: int | None = None) -> None:
        if any(token in taken for token in range(start, end)):
            return
        for token in range(start, end):
            taken[token] = len(spans)
        if number is not None:
            group[len(spans)] = number
        spans.append((start, end, head, form, kind))

    for when in find_dates(doc, None):
        add(when.start, when.end, doc[when.start : when.end].root.i, "name", "Date")
    for token in doc:
        if _YEAR.fullmatch(token.text):
            add(token.i, token.i + 1, token.i, "name", "Date")
    resolved: dict[int, int] = {}
    for number, cluster in enumerate(found):
        for span in cluster.spans:
            if span.kind in _NAMES and not cluster.members:
                add(span.start, span.end, span.head, "name", cluster.type, number)
            elif span.kind == "pronoun" and not cluster.members:
                resolved[span.head] = number
    for ent in doc.ents:
        add(ent.start, ent.end, ent.root.i, "name", ent.label_)
    for token in doc:
        form = _PRONOUNS.get(token.lower_)
        if form and (form != "Which" or _relative(token)) and (token.text != "US"):
            add(token.i, token.i + 1, token.i, "pronoun", form, resolved.get(token.i))
    for start, end in _capitalised(doc, taken):
        add(start, end, doc[start:end].root.i, "name", "Capital")
    order = sorted(range(len(spans)), key=lambda k: spans[k][0])
    groups = _grouped(doc, [spans[k] for k in order], [group.get(k) for k in order])
    spots = [
        Spot(start, end, head, f"m{k}", form, kind)
        for k, (start, end, head, form, kind) in enumerate(spans[j] for j in order)
    ]
    bounds = [(span.start_char, span.end_char) for span in (doc[spot.start : spot.end] for spot in spots)]
    return Passage(spots, groups, bounds, lay_out(read_tree(doc), spots, {}))


def _relative(token: Token) -> bool:
    return token.tag_ == "WDT" or (token.pos_ == "PRON" and token.dep_ != "det" and token.lower_ == "which")


def _capitalised(doc: Doc, taken: dict[int, int]) -> Iterator[tuple[int, int]]:
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


def _grouped(doc: Doc, spans: list[tuple[int, int, int, str, str]], known: list[int | None]) -> list[int]:
    """One number for all mentions that are likely the same thing: by cluster, by pronoun, by relative clause."""
    at = {token: k for k, span in enumerate(spans) for token in range(span[0], span[1])}
    parent = list(range(len(spans)))

    def root(k: int) -> int:
        while parent[k] != k:
            k = parent[k]
        return k

    first: dict[str, int] = {}
    for k, (start, end, head, form, kind) in enumerate(spans):
        keys = [f"c{known[k]}"] if known[k] is not None else []
        if kind == "pronoun" and form not in _RELATIVE:
            keys.append(form)
        elif kind == "name" and form != "Date":
            keys.append("n" + doc[start:end].text.lower())
        for key in keys:
            if key in first:
                parent[root(k)] = root(first[key])
            else:
                first[key] = k
        if form in _RELATIVE:
            governor = doc[head]
            for _ in range(4):
                if "relcl" in governor.dep_ or governor.head.i == governor.i:
                    break
                governor = governor.head
            noun = at.get(governor.head.i) if "relcl" in governor.dep_ else None
            if noun is None and start and (start - 1 in at or start - 2 in at):
                noun = at.get(start - 1, at.get(start - 2))
            if noun is not None and noun != k:
                parent[root(k)] = root(noun)
    return [root(k) for k in range(len(spans))]


def pairs(passage: Passage, allowed: frozenset[tuple[str, str]] | None = None) -> list[Pair]:
    """Every ordered pair of mentions near one another whose types are `allowed` (all are, when None)."""
    sheet, spots = passage.sheet, passage.spots
    found: list[Pair] = []
    words = [_own(sheet, spot) for spot in spots]
    for i, first in enumerate(spots):
        for j in range(i + 1, len(spots)):
            second = spots[j]
            if second.start - first.end > _NEAR:
                break
            forward = allowed is None or (first.type, second.type) in allowed
            backward = allowed is None or (second.type, first.type) in allowed
            if passage.groups[i] == passage.groups[j] or not (forward or backward):
                continue
            features, peak = _features(sheet, first, second)
            features += [f"1{word}" for word in words[i]] + [f"2{word}" for word in words[j]]
            hashes = hash_all(features)
            if forward:
                found.append(Pair(i, j, hashes, peak))
            if backward:
                found.append(Pair(j, i, tuple((h + FLIP) & _MASK for h in hashes), peak))
    return found


def _features(sheet: Sheet, first: Spot, second: Spot) -> tuple[list[str], int]:
    here, there = sheet.sentence_of[first.start], sheet.sentence_of[second.start]
    if here == there:
        way = path(sheet, first.head, second.head)
        peak = way[2] if way[2] is not None else sheet.heads[second.head]
        return pair_features(sheet, first, second, way), peak
    features = [f"x:{min(there - here, 3)}:{first.type}|{second.type}", f"xk:{first.kind}|{second.kind}"]
    features += [f"v1:{fact}" for fact in lone_features(sheet, first)]
    features += [f"v2:{fact}" for fact in lone_features(sheet, second)]
    return features, sheet.heads[second.head]


def _own(sheet: Sheet, spot: Spot) -> list[str]:
    """What a mention says by itself: its words, its place in the text, and the word that governs it."""
    start, end = sheet.sentences[sheet.sentence_of[spot.start]]
    found = [f"w:{word}" for word in sheet.words[spot.start : spot.end] if spot.type != "Date"]
    found.append(f"T:{spot.type}")
    found.append(f"st:{spot.start == start}")
    found.append(f"l:{min(spot.end - spot.start, 5)}")
    if spot.start > start:
        found.append(f"p:{sheet.lemmas[spot.start - 1]}")
    if spot.end < end:
        found.append(f"n:{sheet.lemmas[spot.end]}")
    return found
