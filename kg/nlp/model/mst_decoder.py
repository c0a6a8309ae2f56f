"""Head scores to trees: for every sentence the best tree with one root (Chu and Liu 1965, Edmonds 1967).

Where the best head of every word already gives a tree, as mostly, that tree is taken; only the other sentences go
through the search for the maximum spanning tree. Nothing here knows words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


def best_heads(scores: Floats, starts: NDArray[np.bool_], lengths: Ints) -> Ints:
    """For each word the column of its head; the last column is the root.

    `scores` is windows x words x (words + 1). `starts` marks the words that open a sentence; heads lie in the word's
    own sentence, and exactly one word of each sentence hangs on the root. Words past a window's length get the root.
    """
    count, longest, root = len(scores), scores.shape[1], scores.shape[1]
    sentence = starts.cumsum(1)
    sentence[np.arange(longest)[None, :] >= lengths[:, None]] = -1
    other = sentence[:, :, None] != sentence[:, None, :]
    scores = scores.copy()
    scores[:, :, :-1][other] = -1e4
    scores[:, np.arange(longest), np.arange(longest)] = -1e4
    heads: Ints = scores.argmax(-1)
    heads[sentence < 0] = root
    reach = np.concatenate([heads, np.full((count, 1), root)], 1)
    for _ in range(max(1, longest).bit_length()):
        reach = np.take_along_axis(reach, reach, axis=1)
    stuck = (reach[:, :-1] != root) & (sentence >= 0)
    for i in range(count):
        n = int(lengths[i])
        if not n:
            continue
        opened = np.flatnonzero(starts[i, :n])
        bounds = np.append(opened, n)
        on_root = np.add.reduceat(heads[i, :n] == root, opened)
        in_cycle = np.add.reduceat(stuck[i, :n], opened)
        for k in np.flatnonzero((on_root != 1) | (in_cycle > 0)):
            a, b = int(bounds[k]), int(bounds[k + 1])
            block = np.concatenate([scores[i, a:b, a:b], scores[i, a:b, -1:]], 1)
            found = tree(block)
            heads[i, a:b] = np.where(found < b - a, found + a, root)
    return heads


def tree(scores: Floats) -> Ints:
    """The heads of one sentence's best tree; `scores` is words x (words + 1), the last column the root.

    >>> tree(np.array([[-9., 2., 1.], [2., -9., 0.]], np.float32)).tolist()
    [2, 0]
    """
    n = len(scores)
    best_other = scores[:, :-1].max(1) if n > 1 else np.zeros(1, np.float32)
    top = int((scores[:, -1] - best_other).argmax())
    weights = np.full((n, n), -1e9, np.float64)
    weights[:, :] = scores[:, :-1]
    np.fill_diagonal(weights, -1e9)
    heads = _arborescence(weights, top)
    heads[top] = n
    return heads


def _arborescence(weights: NDArray[np.float64], top: int) -> Ints:
    """Heads (head of word i at i, weights[i, head]) of the best tree below `top`; `top` keeps itself."""
    n = len(weights)
    heads: Ints = weights.argmax(1).astype(np.int64)
    heads[top] = top
    cycle = _cycle(heads, top)
    if cycle is None:
        return heads
    inside = np.zeros(n, bool)
    inside[cycle] = True
    outside = np.flatnonzero(~inside)
    members = np.array(cycle)
    loss = weights[members, heads[members]]
    m = len(outside)
    small = np.full((m + 1, m + 1), -1e9)
    small[:m, :m] = weights[np.ix_(outside, outside)]
    into = weights[np.ix_(members, outside)] - loss[:, None]
    small[m, :m] = into.max(0)
    entry = members[into.argmax(0)]
    out = weights[np.ix_(outside, members)]
    small[:m, m] = out.max(1)
    source = members[out.argmax(1)]
    np.fill_diagonal(small, -1e9)
    solved = _arborescence(small, int(np.flatnonzero(outside == top)[0]))
    for k, word in enumerate(outside):
        if word != top:
            heads[word] = source[k] if solved[k] == m else outside[solved[k]]
    broken = int(entry[solved[m]])
    heads[broken] = outside[solved[m]]
    return heads


def _cycle(heads: Ints, top: int) -> list[int] | None:
    colour = [0] * len(heads)
    colour[top] = 2
    for first in range(len(heads)):
        path: list[int] = []
        at = first
        while colour[at] == 0:
            colour[at] = 1
            path.append(at)
            at = int(heads[at])
        if colour[at] == 1:
            return path[path.index(at) :]
        for word in path:
            colour[word] = 2
    return None
