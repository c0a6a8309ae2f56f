"""How likely each relation holds where two entities meet: a small trained network over hashed features.

A context's features are looked up in a table of embeddings, summed, passed through one layer of rectified units and
turned into one probability for each predicate. `training/relations.py` fits it; here it is only read and applied, with
numpy, in one pass over all contexts of a document. The same input gives the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.language.features import FLIP, Context

Floats = NDArray[np.float32]
Keys = NDArray[np.int64]

_MASK: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Scorer:
    """The fitted tables: `keys` are the sorted hashes known, one row of `rows` each."""

    labels: tuple[str, ...]
    keys: Keys
    rows: Floats
    bias: Floats
    weights: Floats
    offsets: Floats

    def score(self, hashes: list[tuple[int, ...]]) -> Floats:
        """Probabilities, one row a context and one column a label."""
        counts = np.fromiter((len(row) for row in hashes), dtype=np.int64, count=len(hashes))
        flat = np.fromiter((key for row in hashes for key in row), dtype=np.int64, count=int(counts.sum()))
        return self.apply(flat, counts)

    def apply(self, flat: Keys, counts: Keys) -> Floats:
        """The same for hashes laid end to end, `counts` of them for each context."""
        if not len(counts):
            return np.zeros((0, len(self.labels)), dtype=np.float32)
        places = np.searchsorted(self.keys, flat)
        places[places == len(self.keys)] = 0
        known = self.keys[places] == flat
        owner = np.repeat(np.arange(len(counts)), counts)[known]
        hidden = np.tile(self.bias, (len(counts), 1))
        chosen = places[known]
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        if len(starts):
            hidden[owner[starts]] += np.add.reduceat(self.rows[chosen], starts, axis=0)
        logits = np.maximum(hidden, 0) @ self.weights + self.offsets
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float32)


def both_ways(contexts: list[Context]) -> tuple[Keys, Keys]:
    """The hashes of all contexts laid end to end, first with the first mention as subject, then the second."""
    counts = np.fromiter((len(context.features) for context in contexts), dtype=np.int64, count=len(contexts))
    flat = np.fromiter(
        (key for context in contexts for key in context.features), dtype=np.int64, count=int(counts.sum())
    )
    return np.concatenate([flat, (flat + FLIP) & _MASK]), np.concatenate([counts, counts])


@lru_cache(maxsize=4)
def load_scorer(path: Path) -> Scorer:
    """The scorer kept at `path` (.npz); rows are stored as 8-bit integers with a scale each."""
    with np.load(path, allow_pickle=False) as stored:
        return unpack(stored)


def unpack(stored: Any) -> Scorer:
    """The scorer from its stored arrays."""
    rows = stored["rows"].astype(np.float32) * stored["scale"][:, None].astype(np.float32)
    return Scorer(
        labels=tuple(str(label) for label in stored["labels"]),
        keys=stored["keys"].astype(np.int64),
        rows=rows,
        bias=stored["bias"].astype(np.float32),
        weights=stored["weights"].astype(np.float32),
        offsets=stored["offsets"].astype(np.float32),
    )
