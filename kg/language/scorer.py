"""How likely each relation holds where two entities meet: a small trained network over hashed features.

A context's features are looked up in a table of embeddings and summed with what the pipeline's own network saw at the
two mentions and at the word between them; two layers of rectified units turn the sum into one probability for each
predicate. `training/relations.py` fits it; here it is only read and applied, with
numpy, in one pass over all contexts of a document. The same input gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.language.features import FLIP, Context

Floats = NDArray[np.float32]
Keys = NDArray[np.int64]

_MASK: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Scorer:
    """The fitted tables: `keys` are the sorted hashes known, one row of `rows` each.

    `lenses` (3, width of the states, width of the layer) read the pipeline's own states of the two mentions' heads and
    of the word that joins them; empty where a scorer reads features only.
    """

    labels: tuple[str, ...]
    keys: Keys
    rows: Floats
    bias: Floats
    lenses: Floats
    inner: Floats
    inner_bias: Floats
    weights: Floats
    offsets: Floats

    def apply(self, flat: Keys, counts: Keys, states: NDArray[Any], tokens: Keys) -> Floats:
        """Probabilities, one row a context and one column a label.

        `flat` holds the hashes of all contexts end to end, `counts` how many each has; `states` has one row a token of
        the document, `tokens` three tokens a context.
        """
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
        if self.lenses.size and states.size:
            used, back = np.unique(tokens, return_inverse=True)
            here = states[used].astype(np.float32)
            back = back.reshape(tokens.shape)
            for k in range(3):
                hidden += (here @ self.lenses[k])[back[:, k]]
        hidden = np.maximum(hidden, 0)
        hidden = np.maximum(hidden @ self.inner + self.inner_bias, 0)
        logits = hidden @ self.weights + self.offsets
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float32)


def laid_end_to_end(hashes: Sequence[tuple[int, ...]]) -> tuple[Keys, Keys]:
    """The hashes of all rows end to end, and how many each row has."""
    counts = np.fromiter((len(row) for row in hashes), dtype=np.int64, count=len(hashes))
    flat = np.fromiter(chain.from_iterable(hashes), dtype=np.int64, count=int(counts.sum()))
    return flat, counts


def both_ways(contexts: Sequence[Context]) -> tuple[Keys, Keys, Keys]:
    """Hashes, counts and tokens of all contexts, first with the first mention as subject, then with the second."""
    flat, counts = laid_end_to_end([context.features for context in contexts])
    tokens = np.array([(one.first.head, one.second.head, one.peak) for one in contexts], dtype=np.int64).reshape(-1, 3)
    return (
        np.concatenate([flat, (flat + FLIP) & _MASK]),
        np.concatenate([counts, counts]),
        np.concatenate([tokens, tokens[:, [1, 0, 2]]]),
    )


def unpack(stored: Any) -> Scorer:
    """The scorer from its stored arrays."""
    rows = stored["rows"].astype(np.float32) * stored["scale"][:, None].astype(np.float32)
    return Scorer(
        labels=tuple(str(label) for label in stored["labels"]),
        keys=stored["keys"].astype(np.int64),
        rows=rows,
        bias=stored["bias"].astype(np.float32),
        lenses=stored["lenses"].astype(np.float32),
        inner=stored["inner"].astype(np.float32),
        inner_bias=stored["inner_bias"].astype(np.float32),
        weights=stored["weights"].astype(np.float32),
        offsets=stored["offsets"].astype(np.float32),
    )
