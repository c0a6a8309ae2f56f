"""Two names -> how likely they are written for the same one, from 0 to 1, and why.

Words are paired by likeness: equal, a known variant, alike in sound, a slip of one letter, an initial. Each counts by
its rarity among the names known ("corp" says little, "hikvision" much), patronymics and initials less. The score is
the mean share of both names that found a partner, lowered where both hold words that found none, where figures differ
("KUM SONG 7" is not "KUM SONG 5"), or where only words that say little were paired.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA, Prefix

from kg.matching.names import Name, canonical_variant
from kg.matching.phonetics import phonetic_key

#: How much each word tells, from 0 to 1; unknown words included (see `kg.matching.blocking`).
Weights = Mapping[str, float]

_LEAST: Final = 0.72  # likeness of letters below which two words are different words
_INITIAL: Final = 0.75
_SHORT: Final = 0.6  # a word of three letters with a slip
_STEM: Final = 0.75
_ARTICLES: Final = ("al", "el")
_SOUND: Final = 0.92
_VARIANT: Final = 0.97


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words taken for one: how alike they are, how much they count, and by what."""

    left: str
    right: str
    likeness: float
    weight: float
    how: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The score with what it is made of: pairs of words, and the words of either name without a partner.

    `imbalance` is by how much the paired share of one name is larger than that of the other.
    """

    score: float
    pairs: tuple[Pair, ...] = ()
    left_alone: tuple[str, ...] = ()
    right_alone: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    imbalance: float = 0.0

    def reasons(self) -> list[str]:
        """Sentences for and against, the weightiest pair first."""
        told = [
            f"{pair.left} = {pair.right} ({pair.how}, counts {pair.weight:.2f})"
            if pair.left != pair.right
            else f"{pair.left} ({pair.how}, counts {pair.weight:.2f})"
            for pair in sorted(self.pairs, key=lambda pair: (-pair.weight * pair.likeness, pair.left))
        ]
        if self.left_alone:
            told.append(f"only in the name asked for: {' '.join(self.left_alone)}")
        if self.right_alone:
            told.append(f"only in the listed name: {' '.join(self.right_alone)}")
        return [*told, *self.remarks]


@lru_cache(maxsize=1 << 18)
def likeness(left: str, right: str) -> tuple[float, str]:
    """How alike two words are (0 when they are different words), and by what.

    >>> likeness("volodymyr", "vladimir")[1], likeness("husayn", "hussein")[1], likeness("melli", "mellat")[0]
    ('variant', 'variant', 0.0)
    """
    if left == right:
        return 1.0, "the same word"
    if len(left) == 1 or len(right) == 1:
        return (_INITIAL, "initial") if left[0] == right[0] and left.isalpha() and right.isalpha() else (0.0, "")
    if (left[2:] == right and left[:2] in _ARTICLES) or (right[2:] == left and right[:2] in _ARTICLES):
        return _VARIANT, "with and without the article"
    close = OSA.normalized_similarity(left, right, score_cutoff=0.5)
    variant = canonical_variant(left)
    if (variant != left or not close) and variant == canonical_variant(right):
        return _VARIANT, "variant"
    if not close or not (left.isalpha() and right.isalpha()):
        return 0.0, ""
    if canonical_variant(right) == variant:
        return _VARIANT, "variant"
    if min(len(left), len(right)) >= 4 or (min(len(left), len(right)) == 3 and len(left) != len(right)):
        heard = phonetic_key(left)
        if len(heard) >= 2 and heard == phonetic_key(right):
            return (max(_SOUND, close) if len(heard) >= 3 else max(0.8, close)), "sound"
    if len(left) <= 3 or len(right) <= 3:
        near = left[0] == right[0] and OSA.distance(left, right, score_cutoff=1) <= 1 and len(left) + len(right) > 5
        return (_SHORT, "letters") if near else (0.0, "")
    if close >= _LEAST:
        return close, "letters"
    prefix = Prefix.similarity(left, right)
    if prefix >= 5 and (prefix == min(len(left), len(right)) or prefix >= 0.6 * max(len(left), len(right))):
        return _STEM, "the same stem"
    return 0.0, ""


def compare(left: Name, right: Name, weights: Weights, *, person: bool = False) -> Comparison:
    """The comparison of two names; `weights` gives how much a word tells (0..1).

    A `person`'s name may stand whole within a longer one; an organisation with a word more is another one more often.

    A score of 1 means that the words are the same in any order. It costs a few word comparisons, a name having two to
    eight words.
    """
    if left.joined == right.joined and (left.words == right.words or len(left.joined) > 4):
        score, how = (
            (1.0, "the same name") if left.words == right.words else (0.98, "the same letters, spaced otherwise")
        )
        pair = Pair(" ".join(left.words), " ".join(right.words), score, max(weights[word] for word in right.words), how)
        return Comparison(score, (pair,))
    ones, others = _merge(left.words, right.words), _merge(right.words, left.words)
    pairs, left_alone, right_alone = _pair_words(ones, others, weights)
    comparison = _judge(left, right, pairs, left_alone, right_alone, weights)
    if person and comparison.score and len(pairs) > 1 and not (left_alone and right_alone):
        return replace(comparison, score=comparison.score + 0.1 * comparison.imbalance)
    return comparison


def _merge(words: Sequence[str], others: Sequence[str]) -> Sequence[str]:
    """The words, neighbours written as one where the other name writes them so ("sense time")."""
    for at in range(len(words) - 1):
        if words[at] + words[at + 1] in others and words[at] not in others:
            return [*words[:at], words[at] + words[at + 1], *_merge(words[at + 2 :], others)]
    return words


def _pair_words(left: Sequence[str], right: Sequence[str], weights: Weights) -> tuple[list[Pair], list[str], list[str]]:
    """The best pairs, each word in one at most, and the words of either side that are in none."""
    found = []
    for i, one in enumerate(left):
        for j, other in enumerate(right):
            like, how = likeness(one, other)
            if like:
                found.append((-like * (0.5 + weights[other]), i, j, like, how))
    found.sort()
    free_left = dict(enumerate(left))
    free_right = dict(enumerate(right))
    pairs = []
    for _, i, j, like, how in found:
        if i in free_left and j in free_right:
            one, other = free_left.pop(i), free_right.pop(j)
            weight = min(weights[one], weights[other]) if how == "initial" else weights[other]
            pairs.append(Pair(one, other, like, weight, how))
    return pairs, list(free_left.values()), list(free_right.values())


def _judge(
    left: Name, right: Name, pairs: list[Pair], left_alone: list[str], right_alone: list[str], weights: Weights
) -> Comparison:
    alone = (tuple(pairs), tuple(left_alone), tuple(right_alone))
    matched = counted = said = lost_left = lost_right = 0.0
    long_shared = False
    for pair in pairs:
        matched += pair.weight * pair.likeness
        counted += pair.weight
        if len(pair.left) > 1 and len(pair.right) > 1:
            said += pair.weight
            long_shared = long_shared or (len(pair.left) > 2 and len(pair.right) > 2)
        elif pair.left != pair.right:  # an initial stands for a word, but leaves half of what the word says open
            lost_left += max(0.0, 0.5 * (weights[pair.left] - pair.weight))
            lost_right += max(0.0, 0.5 * (weights[pair.right] - pair.weight))
    if not long_shared:
        return Comparison(0.0, *alone, ("no word of three letters or more is shared",))
    lost_left += sum([weights[word] for word in left_alone])
    lost_right += sum([weights[word] for word in right_alone])
    left_share, right_share = matched / (counted + lost_left), matched / (counted + lost_right)
    score = 0.5 * (left_share + right_share)
    remarks = []
    if lost_left > 0.2 and lost_right > 0.2:
        score *= 0.92
        remarks.append("both names hold words that the other lacks")
    if left.numbers != right.numbers:
        score *= 0.6 if left.numbers and right.numbers else 0.85
        remarks.append("the figures differ")
    if said < 0.45:
        score *= 0.85
        remarks.append("only words that say little are shared")
    if len(pairs) == 1 and not left_alone and not right_alone:
        score **= 1.5
        remarks.append("one word only")
    return Comparison(score, *alone, tuple(remarks), abs(left_share - right_share))
