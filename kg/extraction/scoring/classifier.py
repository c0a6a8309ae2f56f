"""Relation classifier: a small network over hashed features scores each relation for a candidate.

A context's features are looked up in a table of embeddings and summed with what the pipeline's own network saw at the
two mentions and at the word between them; two layers of rectified units turn the sum into one probability for each
predicate. `training.relations` fits it; here it is only read and applied, with
numpy, in one pass over all contexts of a document. The same input gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from kg.extraction.features.pairs import FLIP, Hashes, PairCandidate, Parts

Floats = NDArray[np.float32]
Keys = NDArray[np.uint32]
Places = NDArray[np.int64]

TOKENS: Final = 3
"""Tokens whose states are read by themselves."""


@dataclass(frozen=True, slots=True)
class HashTable:
    """The sorted hashes known, in buckets by their first bits: of some one hash each, and of `depth` at most."""

    keys: Keys
    shift: np.uint32
    begins: Places
    depth: int

    @classmethod
    def of(cls, keys: Keys) -> Self:
        """The table of sorted hashes."""
        bits = max(1, len(keys).bit_length())
        begins = np.searchsorted(keys, (np.arange(1 << bits) << (32 - bits)).astype(np.uint32))
        depth = int(np.diff(begins, append=len(keys)).max())
        return cls(keys, np.uint32(32 - bits), np.minimum(begins, len(keys) - 1), depth)

    def find(self, hashes: Keys) -> tuple[Places, NDArray[np.bool_]]:
        """Where each hash stands among the keys, and whether it does at all; ten times as fast as a binary search."""
        places: Places = self.begins[hashes >> self.shift]
        for _ in range(self.depth - 1):
            places = np.minimum(places + (self.keys[places] < hashes), len(self.keys) - 1)
        return places, self.keys[places] == hashes


@dataclass(frozen=True, slots=True)
class PairClassifier:
    """The fitted tables: one row of `rows` for each hash of `table`.

    `state_projections` (slots, width of the states, width of the layer) read the pipeline's own states: three of the
    two mentions' heads and of the word that joins them, the others of the mean over a span, one for each way of reading
    the pair; empty where a scorer reads features only.
    """

    labels: tuple[str, ...]
    table: HashTable
    rows: Floats
    bias: Floats
    state_projections: Floats
    inner: Floats
    inner_bias: Floats
    weights: Floats
    offsets: Floats

    def apply(
        self,
        rows: Sequence[Parts],
        states: NDArray[Any],
        tokens: Places,
        *,
        spans: Places | None = None,
        both_ways: bool = False,
    ) -> Floats:
        """Probabilities, one row for each row of features and one column a label.

        `states` has one row a token of the document, `tokens` three tokens a row, `spans` a first token, one past the
        last, and the slot by which the mean over them is read. With `both_ways` the rows are read twice, first with the
        first mention as subject, then with the second (`tokens` and `spans` have them all).
        """
        if not rows:
            return np.zeros((0, len(self.labels)), dtype=np.float32)
        parts, order, starts = distinct_parts(rows)
        flat = np.fromiter(chain.from_iterable(parts), dtype=np.uint32, count=sum(map(len, parts)))
        owner = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        ways = (flat, flat + np.uint32(FLIP)) if both_ways else (flat,)
        sums = [np.add.reduceat(self._embedded(keys, owner, len(parts))[order], starts, axis=0) for keys in ways]
        hidden = np.concatenate(sums) + self.bias
        if self.state_projections.size and states.size:
            used, back = np.unique(tokens, return_inverse=True)
            here = states[used].astype(np.float32)
            back = back.reshape(tokens.shape)
            for k in range(TOKENS):
                hidden += (here @ self.state_projections[k])[back[:, k]]
            if spans is not None:
                self._add_spans(hidden, states, spans)
        hidden = np.maximum(hidden, 0)
        hidden = np.maximum(hidden @ self.inner + self.inner_bias, 0)
        logits = hidden @ self.weights + self.offsets
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float32)

    def _add_spans(self, hidden: Floats, states: NDArray[Any], spans: Places) -> None:
        """Add what the means over the spans say; an empty span says nothing."""
        whole = states.astype(np.float32)
        for slot in range(TOKENS, len(self.state_projections)):
            mine = np.flatnonzero((spans[:, 2] == slot) & (spans[:, 1] > spans[:, 0]))
            sums = np.zeros((len(whole) + 1, hidden.shape[1]))
            np.cumsum(whole @ self.state_projections[slot], axis=0, dtype=np.float64, out=sums[1:])
            first, last = spans[mine, 0], spans[mine, 1]
            hidden[mine] += ((sums[last] - sums[first]) / (last - first)[:, None]).astype(np.float32)

    def _embedded(self, keys: Keys, owner: Places, count: int) -> Floats:
        """The sum of the embeddings of each part's hashes; unknown ones count for nothing."""
        places, known = self.table.find(keys)
        chosen, whose = places[known], owner[known]
        found = np.zeros((count, self.rows.shape[1]), dtype=np.float32)
        starts = np.flatnonzero(np.diff(whose, prepend=-1))
        if len(starts):
            found[whose[starts]] = np.add.reduceat(self.rows[chosen], starts, axis=0)
        return found


def distinct_parts(rows: Sequence[Parts]) -> tuple[list[Hashes], Places, Places]:
    """The parts of all rows, each once; which of them each row has, end to end; and where each row begins there."""
    parts = {id(part): part for row in rows for part in row}
    number = dict(zip(parts, range(len(parts)), strict=True))
    order = np.array([number[id(part)] for row in rows for part in row], dtype=np.int64)
    ends = np.cumsum([len(row) for row in rows])
    return list(parts.values()), order, np.concatenate([[0], ends[:-1]])


def spans_both_ways(candidates: Sequence[PairCandidate], sentences: Sequence[tuple[int, int]]) -> Places:
    """The span of each pair and its slot, for both ways: what stands between the two, else the whole sentence."""
    found = [
        (one.first.end, one.second.start) if one.kind == "sentence" else sentences[one.sentence] for one in candidates
    ]
    bounds = np.array(found, dtype=np.int64).reshape(-1, 2)
    ways = [np.insert(bounds, 2, TOKENS + way, axis=1) for way in (0, 1)]
    return np.concatenate(ways)


def tokens_both_ways(pair_candidates: Sequence[PairCandidate]) -> Places:
    """The tokens of all contexts, first with the first mention as subject, then with the second."""
    tokens = np.array([(one.first.head, one.second.head, one.lca) for one in pair_candidates], dtype=np.int64).reshape(
        -1, 3
    )
    return np.concatenate([tokens, tokens[:, [1, 0, 2]]])


def unpack(stored: Any) -> PairClassifier:
    """The scorer from its stored arrays."""
    rows = stored["rows"].astype(np.float32) * stored["scale"][:, None].astype(np.float32)
    return PairClassifier(
        labels=tuple(str(label) for label in stored["labels"]),
        table=HashTable.of(stored["keys"].astype(np.uint32)),
        rows=rows,
        bias=stored["bias"].astype(np.float32),
        state_projections=stored["state_projections"].astype(np.float32),
        inner=stored["inner"].astype(np.float32),
        inner_bias=stored["inner_bias"].astype(np.float32),
        weights=stored["weights"].astype(np.float32),
        offsets=stored["offsets"].astype(np.float32),
    )
