"""Candidates' features as sparse matrices over the hashes that occur often enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kg.extraction.features.pairs import FLIP, Parts
from kg.extraction.scoring.classifier import distinct_parts

Keys = NDArray[np.uint32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class HashRows:
    """The hashes of many rows end to end; row k has those from `begins[k]` to before `begins[k + 1]`."""

    hashes: Keys
    begins: Places

    @classmethod
    def of(cls, rows: Sequence[Parts], *, both_ways: bool = False) -> Self:
        """The rows of candidates; with `both_ways` a second time with subject and object exchanged."""
        if not rows:
            return cls(np.zeros(0, np.uint32), np.zeros(1, np.int64))
        parts, order, starts = distinct_parts(rows)
        flat = np.fromiter(chain.from_iterable(parts), dtype=np.uint32, count=sum(map(len, parts)))
        lengths = np.array([len(part) for part in parts], np.int64)
        offsets = np.cumsum(lengths) - lengths
        sizes = lengths[order]
        ends = np.cumsum(sizes)
        index = np.arange(int(ends[-1])) - np.repeat(ends - sizes, sizes) + np.repeat(offsets[order], sizes)
        begins = np.append((ends - sizes)[starts], ends[-1])
        hashes = flat[index]
        if both_ways:
            turned = hashes + np.uint32(FLIP)
            return cls(np.concatenate([hashes, turned]), np.concatenate([begins[:-1], begins + len(hashes)]))
        return cls(hashes, begins)

    def chosen(self, rows: Places) -> HashRows:
        """The rows at these numbers."""
        sizes = np.diff(self.begins)[rows]
        ends = np.cumsum(sizes)
        total = int(ends[-1]) if len(ends) else 0
        index = np.arange(total) - np.repeat(ends - sizes, sizes) + np.repeat(self.begins[rows], sizes)
        return HashRows(self.hashes[index], np.concatenate([[0], ends]))

    def __len__(self) -> int:
        return len(self.begins) - 1


def joined(found: Sequence[HashRows]) -> HashRows:
    """The rows of several, one after another."""
    moved, base = [np.zeros(1, np.int64)], 0
    for one in found:
        moved.append(one.begins[1:] + base)
        base += len(one.hashes)
    return HashRows(np.concatenate([one.hashes for one in found]), np.concatenate(moved))


def vocabulary(rows: HashRows, least: int) -> Keys:
    """The hashes that occur at least `least` times, sorted."""
    keys, counts = np.unique(rows.hashes, return_counts=True)
    return np.asarray(keys[counts >= least])


def matrix(rows: HashRows, keys: Keys) -> sparse.csr_matrix:
    """One row a candidate, one column a known hash."""
    places = np.searchsorted(keys, rows.hashes)
    places[places == len(keys)] = 0
    known = keys[places] == rows.hashes
    before = np.concatenate([[0], np.cumsum(known)])
    data = np.ones(int(before[-1]), np.float32)
    return sparse.csr_matrix((data, places[known].astype(np.int32), before[rows.begins]), shape=(len(rows), len(keys)))
