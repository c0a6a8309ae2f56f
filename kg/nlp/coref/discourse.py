"""Discourse model: the entities of a document with their mention sites and salience, antecedents of later mentions.

In: name clusters and a tree. Out: `DiscourseEntity`s with number, gender and kind, and `MentionSite`s in the order of
the text. The resolvers in `pronouns.py` and `nominals.py` add places; the later ones see what the earlier ones found.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from kg.nlp.coref.clusters import Cluster, CoreferentSpan
from kg.nlp.dependencies import Tree

_HE: Final = frozenset(
    "mr king prince lord sir sheikh shaykh emir sultan father brother son husband uncle nephew businessman "
    "chairman".split()
)
_SHE: Final = frozenset(
    "mrs ms miss queen princess lady mother sister daughter wife aunt niece businesswoman actress chairwoman".split()
)
SALIENCE: Final = {
    "nsubj": 80,
    "nsubj:pass": 75,
    "obj": 50,
    "obl:agent": 55,
    "iobj": 45,
    "nmod:poss": 40,
    "root": 60,
    "appos": 35,
}


#: Nouns of people: what "he" or "she" may stand for, and "it" may not.
PERSON_NOUNS: Final = frozenset(
    "man woman boy girl child person minister president leader official general commander chairman chief "
    "executive officer businessman businesswoman tycoon oligarch banker financier individual trafficker "
    "operative lawmaker senator secretary ambassador suspect director manager father mother son daughter brother "
    "sister wife husband uncle nephew author artist player writer scientist professor judge lawyer king queen "
    "prince soldier friend student teacher doctor actor singer spokesman spokeswoman member governor mayor "
    "journalist activist politician scholar victim defendant plaintiff".split()
)

_HEADING_WORDS: Final = 12


@dataclass(frozen=True, slots=True, order=True)
class MentionSite:
    """One place where a thing is spoken of, by token; `strength` is its grammatical prominence in 0..80."""

    start: int
    end: int
    head: int
    thing: int
    strength: int
    named: bool


@dataclass(slots=True)
class DiscourseEntity:
    """A cluster in the making: `gender` is m, f or empty; `plural` holds for groups of several things."""

    type: str
    name: str
    spans: list[CoreferentSpan]
    members: tuple[int, ...] = ()
    gender: str = ""
    plural: bool = False
    words: frozenset[str] = field(default_factory=frozenset)


class DiscourseModel:
    """The things of a document and their places, kept in the order of the text."""

    def __init__(self, tree: Tree, clusters: list[Cluster], blocks: list[int]) -> None:
        self.tree = tree
        self.block_of = blocks
        self.things = [self._thing(cluster) for cluster in clusters]
        self.places: list[MentionSite] = sorted(
            self._place(span, index)
            for index, cluster in enumerate(clusters)
            for span in cluster.spans
            if span.sieve != "demonym"
        )
        self.headings = self._headings()
        self.covered = {token for place in self.places for token in range(place.start, place.end)}

    def _headings(self) -> dict[int, int]:
        """Block -> the only thing named in the block before it, when that is short and no sentence."""
        words: dict[int, list[str]] = {}
        for token, block in enumerate(self.block_of):
            if self.tree.tags[token] not in ("SPACE", ""):
                words.setdefault(block, []).append(self.tree.words[token])
        named: dict[int, set[int]] = {}
        for place in self.places:
            if place.named:
                named.setdefault(self.block_of[place.head], set()).add(place.thing)
        order = sorted(words)
        return {
            block: next(iter(named[before]))
            for before, block in pairwise(order)
            if len(named.get(before, ())) == 1
            and len(words[before]) <= _HEADING_WORDS
            and words[before][-1] not in (".", "?", "!")
        }

    def _thing(self, cluster: Cluster) -> DiscourseEntity:
        words = {self.tree.words[token] for span in cluster.spans for token in range(span.start, span.end)}
        thing = DiscourseEntity(cluster.type, cluster.name, list(cluster.spans), words=frozenset(words))
        thing.plural = any(span.sieve == "description" for span in cluster.spans)
        if cluster.type == "Person":
            thing.gender = self._gender(cluster)
        return thing

    def _gender(self, cluster: Cluster) -> str:
        for span in cluster.spans:
            near = {self.tree.words[token].rstrip(".") for token in (span.start - 1, span.start) if token >= 0}
            for child in self.tree.labelled(span.head, "appos", "compound", "nmod"):
                if (
                    not span.start <= child < span.end
                    and self.tree.sentence_of[child] == self.tree.sentence_of[span.head]
                ):
                    near.add(self.tree.words[child])
            if near & _HE:
                return "m"
            if near & _SHE:
                return "f"
        return ""

    def _place(self, span: CoreferentSpan, thing: int) -> MentionSite:
        label = self.tree.labels[span.head]
        head = span.head
        while label in ("conj", "flat", "compound", "appos") and self.tree.heads[head] != head:
            if label == "conj" or not span.start <= self.tree.heads[head] < span.end:
                if label != "conj":
                    break
                head = self.tree.heads[head]
                label = self.tree.labels[head]
            else:
                head = self.tree.heads[head]
                label = self.tree.labels[head]
        return MentionSite(
            span.start, span.end, span.head, thing, SALIENCE.get(label, 30), span.kind in ("name", "short", "alias")
        )

    def add(self, span: CoreferentSpan, thing: int) -> None:
        """Enter a pronoun or nominal that speaks of the thing."""
        self.things[thing].spans.append(span)
        place = self._place(span, thing)
        self.places.insert(bisect_left(self.places, place), place)
        self.covered.update(range(span.start, span.end))

    def before(self, token: int, *, sentences: int) -> list[MentionSite]:
        """The places before a token, latest first, in its sentence and as many before it of the same passage."""
        tree, found = self.tree, []
        here = tree.sentence_of[token]
        for place in reversed(self.places[: bisect_left(self.places, (token,), key=lambda p: (p.start,))]):
            gap = here - tree.sentence_of[place.head]
            if gap > sentences or (gap and self.block_of[token] - self.block_of[place.head] > 1):
                break
            found.append(place)
        return found


def block_numbers(words: list[str]) -> list[int]:
    """For every token the number of its paragraph, counted by empty lines; line ends are tokens of their own."""
    numbers, number = [], 0
    for word in words:
        numbers.append(number)
        if word.count("\n") >= 2:
            number += 1
    return numbers
