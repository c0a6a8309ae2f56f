"""Name scores to name spans: the best path of BIO labels, in which a name never begins inside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def forbidden_steps(labels: Sequence[str]) -> Floats:
    """Costs of going from one label (row) to the next: I-X only follows B-X or I-X."""
    size = len(labels)
    steps = np.zeros((size, size), np.float32)
    for j, after in enumerate(labels):
        if after.startswith("I-"):
            for i, before in enumerate(labels):
                if before[2:] != after[2:] or before == "O":
                    steps[i, j] = -1e4
    return steps


def best_labels(scores: Floats, steps: Floats, lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The best path for every window: windows x words of label indices; words past the length are 0."""
    count, longest, size = scores.shape
    total = scores[:, 0] + steps[0]
    back = np.zeros((longest, count, size), np.int64)
    past = np.arange(longest)[None, :] >= lengths[:, None]
    stay = np.broadcast_to(np.arange(size), (count, size))
    for t in range(1, longest):
        candidates = total[:, :, None] + steps
        chosen = candidates.argmax(1)
        better = np.take_along_axis(candidates, chosen[:, None, :], 1)[:, 0] + scores[:, t]
        ended = past[:, t][:, None]
        back[t] = np.where(ended, stay, chosen)
        total = np.where(ended, total, better)
    path = np.zeros((count, longest), np.int64)
    path[:, -1] = total.argmax(1)
    every = np.arange(count)
    for t in range(longest - 1, 0, -1):
        path[:, t - 1] = back[t, every, path[:, t]]
    path[past] = 0
    return path


def spans(labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """The names in a row of BIO labels: (first word, word after the last, type).

    >>> spans(["O", "B-Person", "I-Person", "B-Country"])
    [(1, 3, 'Person'), (3, 4, 'Country')]
    """
    found: list[tuple[int, int, str]] = []
    for i, label in enumerate(labels):
        if label.startswith("B-"):
            found.append((i, i + 1, label[2:]))
        elif label.startswith("I-") and found:
            start, _, kind = found[-1]
            found[-1] = (start, i + 1, kind)
    return found
