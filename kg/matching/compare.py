"""Two names -> how likely they are written for the same one, from 0 to 1, and why.

Words are paired by likeness: equal, a known variant, alike in sound, a slip of one letter, an initial. Each counts by
its rarity among the names known ("corp" says little, "hikvision" much), patronymics and initials less. The score is
the mean share of both names that found a partner, lowered where both hold words that found none, where figures differ
("KUM SONG 7" is not "KUM SONG 5"), or where only words that say little were paired.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA, Prefix

from kg.matching.names import Name, are_distinct, canonical_variant, is_patronymic
from kg.matching.phonetics import abjad_key, phonetic_key
from kg.matching.repair import nicknames, scan_key, skeleton, without_vowels

#: How much each word tells, from 0 to 1; unknown words included (see `kg.matching.blocking`).
Weights = Mapping[str, float]

# Chosen on three labelled sets: nomenklatura's name pairs (MIT), sanctions-screening-benchmark over the SDN list, and
# the project's own set (benchmarks/screening.py); docs/quality-names.md has the figures.
_LEAST: Final = 0.72  # likeness of letters below which two words are different words
_INITIAL: Final = 0.75
_SHORT: Final = 0.6  # a word of three letters with a slip
_STEM: Final = 0.75
_ABBREVIATED: Final = 4  # letters of a body's word that stand for the whole of it ("comm")
_BALTIC: Final = re.compile(r"(?:[aiu]?s)$")
_PATRONYMIC: Final = re.compile(r"(?:[iy]?[aeoy]v[iy]ch|[iy]?[aeo]vn[ay]|ivna|ovych|evych|avich)$")
_ENDED: Final = 4  # letters that stay of a word without its ending
_LONE: Final = 1.5  # one word alone must be written all but exactly so
_CONTAINED: Final = 0.18  # how much of a person's longer name may be left out
_CONTAINING: Final = 0.1  # a word more than the list has speaks against the person
_ARTICLES: Final = ("al", "el")
_SOUND: Final = 0.92
_VARIANT: Final = 0.97
_NICKNAME: Final = 0.9
_SCANNED: Final = 0.95
_SCANNED_LETTERS: Final = 4
_DAMAGED: Final = 0.9
_ABJAD: Final = 0.93  # a word in a script without vowels and one with the same consonants
_CUT: Final = 0.86  # the last word, cut where a field ended
_ACRONYM: Final = 0.86
_ACRONYM_LETTERS: Final = 4  # three letters are the initials of too many names


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
def likeness(left: str, right: str, person: bool = False) -> tuple[float, str]:
    """How alike two words are (0 when they are different words), and by what.

    >>> likeness("volodymyr", "vladimir")[1], likeness("husayn", "hussein")[1], likeness("melli", "mellat")[0]
    ('variant', 'variant', 0.0)
    """
    if left == right:
        return 1.0, "the same word"
    if are_distinct(left, right):
        return 0.0, ""
    found = _spelling(left, right, person=person)
    return found if found[0] >= _DAMAGED else max(found, _damage(left, right), key=lambda item: item[0])


def _damage(left: str, right: str) -> tuple[float, str]:
    """How alike two words are where one of them was read by a scanner or written without its vowels."""
    short, figure = min(len(left), len(right)), not (left.isalpha() and right.isalpha())
    if short >= (_SCANNED_LETTERS - figure) and scan_key(left) == scan_key(right) and not left.isdigit():
        return _SCANNED, "read by a scanner"
    if without_vowels(left, right) or without_vowels(right, left):
        return _DAMAGED, "without its vowels"
    return 0.0, ""


def _spelling(left: str, right: str, *, person: bool) -> tuple[float, str]:
    """How alike two words are as spellings of one."""
    if len(left) == 1 or len(right) == 1:
        return (_INITIAL, "initial") if left[0] == right[0] and left.isalpha() and right.isalpha() else (0.0, "")
    if (left[2:] == right and left[:2] in _ARTICLES) or (right[2:] == left and right[:2] in _ARTICLES):
        return _VARIANT, "with and without the article"
    if _is_nickname(left, right) or _is_nickname(right, left):
        return _NICKNAME, "a short name"
    close = OSA.normalized_similarity(left, right, score_cutoff=0.5)
    variant = canonical_variant(left)
    if (variant != left or not close) and variant == canonical_variant(right):
        return _VARIANT, "variant"
    if not (left.isalpha() and right.isalpha()):
        return 0.0, ""
    if not close:
        return (0.0, "") if person else _stem(left, right)
    if canonical_variant(right) == variant:
        return _VARIANT, "variant"
    return _sound_or_letters(left, right, close) or _by_parts(left, right, person=person)


def _sound_or_letters(left: str, right: str, close: float) -> tuple[float, str] | None:
    """How alike two words are by their sound or letter by letter; None where neither tells."""
    short = min(len(left), len(right))
    if short >= 4 or (short == 3 and len(left) != len(right)):
        heard = phonetic_key(left)
        if len(heard) >= 2 and heard == phonetic_key(right):
            return (max(_SOUND, close) if len(heard) >= 3 else max(0.8, close)), "sound"
    if short <= 3:
        near = left[0] == right[0] and OSA.distance(left, right, score_cutoff=1) <= 1 and len(left) + len(right) > 5
        return (_SHORT, "letters") if near else (0.0, "")
    return (close, "letters") if close >= _LEAST else None


def _by_parts(left: str, right: str, *, person: bool) -> tuple[float, str]:
    """How alike two words are by a part of them: the father's name, or what is left without an ending."""
    if is_patronymic(left) and is_patronymic(right) and _same_father(left, right):
        return _SOUND, "the same father's name"
    return _ending(left, right) if person else _stem(left, right)


def _stem(left: str, right: str) -> tuple[float, str]:
    """How alike two words of a body's name are by their beginning: "comm" is communications."""
    prefix = Prefix.similarity(left, right)
    whole = prefix == min(len(left), len(right))
    if prefix >= _ABBREVIATED and (whole or (prefix >= 5 and prefix >= 0.6 * max(len(left), len(right)))):
        return _STEM, "the same stem"
    return 0.0, ""


def _same_father(left: str, right: str) -> bool:
    """Whether two patronymics are made of one given name in two languages: Mykolaivna is Nikolaevna."""
    stems = [_PATRONYMIC.sub("", word) for word in (left, right)]
    ones, others = ({canonical_variant(stem + end) for end in ("", "i", "y", "o", "a")} for stem in stems)
    return bool(ones & others)


def _ending(left: str, right: str) -> tuple[float, str]:
    """How alike two words are but for the ending that Baltic languages give to names: "Lavrovs" is Lavrov."""
    for one, other in ((left, right), (right, left)):
        bare = _BALTIC.sub("", one)
        if bare != one and len(bare) >= _ENDED and phonetic_key(bare) == phonetic_key(other):
            return _STEM + 0.1, "but for the ending"
    return 0.0, ""


def _is_nickname(short: str, name: str) -> bool:
    meant = nicknames().get(short, ())
    return bool(meant) and any(canonical_variant(one) == canonical_variant(name) for one in meant)


def compare(left: Name, right: Name, weights: Weights, *, person: bool = False) -> Comparison:
    """The comparison of two names; `weights` gives how much a word tells (0..1).

    A `person`'s name may stand whole within a longer one; an organisation with a word more is another one more often.

    A score of 1 means that the words are the same in any order. It costs a few word comparisons, a name having two to
    eight words.
    """
    acronym = _acronym(left, right, weights) or _acronym(right, left, weights)
    if acronym and not person:
        return acronym
    if _same_letters(left, right):
        score, how = (
            (1.0, "the same name") if left.words == right.words else (0.98, "the same letters, spaced otherwise")
        )
        pair = Pair(" ".join(left.words), " ".join(right.words), score, max(weights[word] for word in right.words), how)
        return Comparison(score, (pair,))
    ones, others = _merge(left.words, right.words), _merge(right.words, left.words)
    ones, others = _glue(ones, left, others), _glue(others, right, ones)
    pairs, left_alone, right_alone = _pair_words(ones, others, weights, _Likeness(left, right, person))
    _add_cut(ones, pairs, left_alone, right_alone, weights)
    _add_initials(pairs, left_alone, right_alone, weights)
    _add_initials(pairs, right_alone, left_alone, weights, turned=True)
    comparison = _judge(left, right, pairs, left_alone, right_alone, weights)
    if person and comparison.score and len(pairs) > 1 and not (left_alone and right_alone):
        sure = all(pair.likeness >= _SOUND for pair in pairs)
        share = _CONTAINED if right_alone and sure else _CONTAINING
        return replace(comparison, score=comparison.score + share * comparison.imbalance)
    return comparison


def _same_letters(left: Name, right: Name) -> bool:
    """Whether the names hold the same letters in their order, spaced in whatever way, particles included or not."""
    if left.joined == right.joined:
        return left.words == right.words or len(left.joined) > 4
    forms = {left.joined, left.full} & {right.joined, right.full}
    return any(len(form) > 6 for form in forms)


def _acronym(short: Name, long: Name, weights: Weights) -> Comparison | None:
    """The comparison of an acronym in capitals with the body that it abbreviates; None for anything else."""
    if len(short.words) != 1 or short.form or len(long.words) < 3 or not short.text.isupper():
        return None
    word = short.words[0]
    if len(word) < _ACRONYM_LETTERS or not word.isalpha() or word != "".join(other[0] for other in long.words):
        return None
    pair = Pair(word, " ".join(long.words), _ACRONYM, weights[word], "the initials of its words")
    return Comparison(_ACRONYM, (pair,))


def _glue(words: Sequence[str], name: Name, others: Sequence[str]) -> Sequence[str]:
    """The words, those that particles stand before run together with them where the other name writes them so."""
    glued = dict(name.glued)
    return [glued[word] if word in glued and glued[word] in others else word for word in words] if glued else words


class _Likeness:
    """How words of two names are compared: a script without vowels is met by consonants alone."""

    __slots__ = ("_abjad", "_person", "_vowelless")

    def __init__(self, left: Name, right: Name, person: bool) -> None:
        self._person = person
        self._vowelless = left.lacks_vowels
        self._abjad = left.abjad != right.abjad

    def __call__(self, one: str, other: str) -> tuple[float, str]:
        found = likeness(one, other, self._person)
        if not found[0] and self._vowelless and one[0] == other[0] and skeleton(one) == skeleton(other):
            return _DAMAGED, "without its vowels"
        if self._abjad and found[0] < _ABJAD:
            key = abjad_key(one)
            if key and key == abjad_key(other) and (len(key) > 1 or one[0] == other[0]):
                return (_ABJAD if len(key) > 2 else _ABJAD - 0.05), "the same consonants"
        return found


def _add_cut(words: Sequence[str], pairs: list[Pair], alone: list[str], others: list[str], weights: Weights) -> None:
    """Pair the last word of the name asked for with the word whose beginning it is: a field cut it.

    Two words paired already, or one and half of the cut word's letters, must bear it out.
    """
    last = words[-1] if words else ""
    if last not in alone or not last.isalpha() or not pairs:
        return
    sure = sum(pair.likeness >= _SOUND and len(pair.left) > 2 for pair in pairs)
    for other in others:
        long_enough = len(last) >= 2 if sure >= 2 else len(last) >= 3 and 2 * len(last) >= len(other)
        if sure and other.startswith(last) and len(other) > len(last) and long_enough:
            alone.remove(last)
            others.remove(other)
            pairs.append(Pair(last, other, _CUT, weights[other] * 0.8, "cut short"))
            if sure >= 2 and len(others) == 1:
                others.clear()  # what followed was cut with it
            return


def _add_initials(
    pairs: list[Pair], alone: list[str], others: list[str], weights: Weights, *, turned: bool = False
) -> None:
    """Pair a word of two or three letters with the words whose initials it is made of: "ra" is Ramzan Akhmatovich."""
    for word in list(alone):
        if not (2 <= len(word) <= 3 and word.isalpha()) or len(others) < len(word) or not pairs:
            continue
        meant = others[: len(word)]
        if "".join(other[0] for other in meant) != word:
            continue
        alone.remove(word)
        for letter, other in zip(word, meant, strict=True):
            others.remove(other)
            weight = 0.5 * weights[other] * 0.5
            one, two = (other, letter) if turned else (letter, other)
            pairs.append(Pair(one, two, _INITIAL, weight, "initial"))


def _merge(words: Sequence[str], others: Sequence[str]) -> Sequence[str]:
    """The words, neighbours written as one where the other name writes them so ("sense time")."""
    for at in range(len(words) - 1):
        if words[at] + words[at + 1] in others and words[at] not in others:
            return [*words[:at], words[at] + words[at + 1], *_merge(words[at + 2 :], others)]
    return words


def _pair_words(
    left: Sequence[str], right: Sequence[str], weights: Weights, like_of: _Likeness
) -> tuple[list[Pair], list[str], list[str]]:
    """The best pairs, each word in one at most, and the words of either side that are in none."""
    found = []
    for i, one in enumerate(left):
        for j, other in enumerate(right):
            like, how = like_of(one, other)
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
    matched = counted = said = open_left = open_right = 0.0
    long_shared = False
    for pair in pairs:
        matched += pair.weight * pair.likeness
        counted += pair.weight
        if len(pair.left) > 1 and len(pair.right) > 1:
            said += pair.weight
            long_shared = long_shared or (len(pair.left) > 2 and len(pair.right) > 2)
        elif pair.left != pair.right:  # an initial stands for a word, but leaves half of what the word says open
            open_left = max(open_left, 0.5 * (weights[pair.left] - pair.weight))
            open_right = max(open_right, 0.5 * (weights[pair.right] - pair.weight))
    if not long_shared:
        return Comparison(0.0, *alone, ("no word of three letters or more is shared",))
    lost_left = open_left + sum([weights[word] for word in left_alone])
    lost_right = open_right + sum([weights[word] for word in right_alone])
    left_share, right_share = matched / (counted + lost_left), matched / (counted + lost_right)
    score = 0.5 * (left_share + right_share)
    remarks = []
    if lost_left > 0.2 and lost_right > 0.2:
        score *= 0.92
        remarks.append("both names hold words that the other lacks")
    scanned = {word for pair in pairs if pair.how == "read by a scanner" for word in (pair.left, pair.right)}
    ours, theirs = left.numbers - scanned, right.numbers - scanned
    if ours != theirs:
        score *= 0.6 if ours and theirs else 0.85
        remarks.append("the figures differ")
    if said < 0.45:
        score *= 0.85
        remarks.append("only words that say little are shared")
    long = [pair for pair in pairs if len(pair.left) > 1 and len(pair.right) > 1]
    if len(long) == 1 and long[0].likeness < _VARIANT and any(len(word) == 1 for word in (*left_alone, *right_alone)):
        score *= 0.9
        remarks.append("one word only is shared, and not to the letter")
    if len(pairs) == 1 and not left_alone and not right_alone:
        score **= _LONE
        remarks.append("one word only")
    return Comparison(score, *alone, tuple(remarks), abs(left_share - right_share))
