"""Many names -> an index that finds the few a name is worth comparing with.

A name is found by its words: as written, as a known variant, by sound, with one letter wrong, or two neighbours
written as one. Words that many names hold ("trading", "mohammed") find nothing alone; where a name has only such
words, those that hold two of them are found. So the work for one name does not grow with the size of the index.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kg.matching.names import Name, canonical_variant, is_common, is_patronymic
from kg.matching.phonetics import abjad_key, phonetic_key
from kg.matching.repair import lacks_vowels, nicknames, scan_key, skeleton

_COMMON: Final = 400  # names that hold a word, from which it finds nothing alone
_MOST: Final = 6000  # postings looked at for one name
_COMMON_NAME: Final = 0.7
_UNKNOWN: Final = 0.9  # weight of a word that no name of the index holds
_MANY: Final = 40  # words that one damaged word may stand for
_LETTERS: Final = 5  # letters from which a slip of one is looked for


class _Weights(dict[str, float]):
    """How much each word tells: 1 where one name holds it, 0.12 where most do; a word that none holds counts much."""

    def __missing__(self, word: str) -> float:
        return _UNKNOWN * _share(word)


def _share(word: str) -> float:
    """Little for an initial, half for a patronymic, which may be left out; less for a name that very many bear."""
    if len(word) == 1 and word.isalpha():
        return 0.2
    return 0.5 if is_patronymic(word) else _COMMON_NAME if is_common(word) else 1.0


class NameIndex:
    """The names, each with the number of its owner (an entity may own many), ready to be searched."""

    def __init__(self, names: Iterable[tuple[Name, int]]) -> None:
        self.names: list[Name] = []
        self.owners: list[int] = []
        postings: defaultdict[str, list[int]] = defaultdict(list)
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)
        for number, (name, owner) in enumerate(names):
            self.names.append(name)
            self.owners.append(owner)
            for key in dict.fromkeys(("".join(sorted(name.words)), *_full_key(name), *_own_keys(name))):
                self._by_key[key].append(number)
            for word in {*name.words, *_neighbours(name.words), *(glued for _, glued in name.glued)}:
                postings[word].append(number)
        self._postings = {word: np.array(numbers, dtype=np.int32) for word, numbers in postings.items()}
        single = {word for name in self.names for word in name.words}
        self._by_sound = _group((phonetic_key(word), word) for word in single if len(word) > 2)
        self._by_variant = _group((canonical_variant(word), word) for word in single)
        self._by_bones = _group((skeleton(word), word) for word in single if len(word) > 3)
        self._by_consonants = _group((abjad_key(word), word) for word in single if len(word) > 1)
        self._by_scan = _group((scan_key(word), word) for word in single if len(word) >= _LETTERS - 2)
        self._nicks = {short: [name for name in names if name in single] for short, names in nicknames().items()}
        self._by_slip = _group((slip, word) for word in single if len(word) >= _LETTERS for slip in _slips(word))
        self._scale = math.log(1 + len(self.names)) or 1.0
        self.weights = _Weights(
            (word, max(0.12, min(1.0, math.log(1 + len(self.names) / len(numbers)) / self._scale)) * _share(word))
            for word, numbers in self._postings.items()
        )

    def __len__(self) -> int:
        """The number of names."""
        return len(self.names)

    def candidates(self, name: Name, limit: int = 40) -> list[int]:
        """The numbers of at most `limit` names, those that share most first."""
        found: list[tuple[float, NDArray[np.int32]]] = []
        common: list[NDArray[np.int32]] = []
        glued = (joined for _, joined in name.glued)
        for word in dict.fromkeys((*name.words, *_neighbours(name.words), *glued)):
            for other, like in self._alike(word, name).items():
                numbers = self._postings[other]
                if len(numbers) > _COMMON:
                    common.append(numbers)
                else:
                    found.append((like * self.weights[other], numbers))
        keys = dict.fromkeys(("".join(sorted(name.words)), *_full_key(name), *_other_keys(name)))
        exact = [number for key in keys for number in self._by_key.get(key, ())]
        rest = self._best(found, common, limit) if found or len(common) > 1 else []
        return list(dict.fromkeys([*exact[: 2 * limit], *rest]))[: max(limit, len(exact))]

    def _best(
        self, found: list[tuple[float, NDArray[np.int32]]], common: list[NDArray[np.int32]], limit: int
    ) -> list[int]:
        if not found:
            found = [(1.0, numbers) for numbers in _shared(common)]
        found.sort(key=lambda item: (-item[0], len(item[1])))
        taken: list[tuple[float, NDArray[np.int32]]] = []
        size = 0
        for weight, numbers in found:
            if size + len(numbers) > _MOST and taken:
                break
            taken.append((weight, numbers))
            size += len(numbers)
        if not taken:
            return []
        numbers = np.concatenate([numbers for _, numbers in taken])
        weights = np.repeat([weight for weight, _ in taken], [len(numbers) for _, numbers in taken])
        unique, where = np.unique(numbers, return_inverse=True)
        totals: NDArray[np.float64] = np.bincount(where, weights=weights).astype(np.float64)
        for numbers_of_word in common:
            totals = totals + 0.3 * np.isin(unique, numbers_of_word, assume_unique=True, kind="sort")
        order = np.lexsort((unique, -totals))[:limit]
        return [int(unique[position]) for position in order]

    def _alike(self, word: str, name: Name) -> dict[str, float]:
        """Words of the index that this word may stand for, with how surely."""
        alike: dict[str, float] = {}
        if word in self._postings:
            alike[word] = 1.0
        for other in (word[2:] if word[:2] in ("al", "el") else "", "al" + word, "el" + word):
            if other in self._postings:
                alike.setdefault(other, 0.9)
        for other in self._by_variant.get(canonical_variant(word), ()):
            alike.setdefault(other, 0.95)
        if len(word) > 2:
            for other in self._by_sound.get(phonetic_key(word), ())[:24]:
                alike.setdefault(other, 0.85)
        for other, like in self._repaired(word, name):
            alike.setdefault(other, like)
        return alike

    def _repaired(self, word: str, name: Name) -> Iterator[tuple[str, float]]:
        """Words of the index for which this one may be a short name, a damaged writing or a slip, with how surely."""
        yield from ((other, 0.8) for other in self._nicks.get(word, ()))
        if name.abjad:
            yield from ((other, 0.8) for other in self._by_consonants.get(abjad_key(word), ())[:_MANY])
        elif lacks_vowels(word):
            yield from ((other, 0.85) for other in self._by_bones.get(skeleton(word), ())[:_MANY])
        if len(word) > 3 or (len(word) == 3 and not word.isalpha()):
            yield from ((other, 0.85) for other in self._by_scan.get(scan_key(word), ())[:_MANY])
        if len(word) >= _LETTERS - 1:
            for slip in _slips(word):
                yield from ((other, 0.8) for other in self._by_slip.get(slip, ())[:12])


def _full_key(name: Name) -> Iterator[str]:
    """The key of a name whose particles are run together with its words."""
    if name.glued:
        glued = dict(name.glued)
        yield "".join(sorted(glued.get(word, word) for word in name.words))


def _own_keys(name: Name) -> Iterator[str]:
    """The keys under which a body is found by its acronym, and an acronym by its body."""
    if initials := _initials(name):
        yield f"initials {initials}"
    elif acronym := _acronym(name):
        yield f"acronym {acronym}"


def _other_keys(name: Name) -> Iterator[str]:
    """The keys under which the other writing of the name stands."""
    if initials := _initials(name):
        yield f"acronym {initials}"
    elif acronym := _acronym(name):
        yield f"initials {acronym}"


def _initials(name: Name) -> str:
    return "".join(word[0] for word in name.words) if 4 <= len(name.words) <= 7 else ""


def _acronym(name: Name) -> str:
    return name.words[0] if len(name.words) == 1 and name.text.isupper() and len(name.words[0]) >= 4 else ""


def _neighbours(words: tuple[str, ...]) -> Iterator[str]:
    """Neighbouring words written as one: "sense time" may be "sensetime" elsewhere."""
    for one, other in pairwise(words):
        if len(one) > 1 and len(other) > 1:
            yield one + other


def _slips(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters: two words one letter apart share one of these."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


def _group(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for key, word in sorted(set(pairs)):
        groups[key].append(word)
    return dict(groups)


def _shared(common: list[NDArray[np.int32]]) -> list[NDArray[np.int32]]:
    """The names that hold two of the common words, of the three rarest of them."""
    rarest = sorted(common, key=len)[:6]
    return [
        np.intersect1d(one, other)
        for position, one in enumerate(rarest)
        for other in rarest[position + 1 :]
        if one is not other
    ]
