"""Fitting the small network of `kg.extraction.scoring.classifier`: numpy and scipy only, one seed, the same numbers every time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse


@dataclass
class Net:
    """Parameters of the network; `keys` are the hashes that have a row, `state_projections` read the states of three tokens."""

    labels: tuple[str, ...]
    keys: np.ndarray
    rows: np.ndarray
    bias: np.ndarray
    state_projections: np.ndarray
    inner: np.ndarray
    inner_bias: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray

    def predict(self, x: sparse.csr_matrix, states: np.ndarray, tokens: np.ndarray) -> np.ndarray:
        """Probabilities for rows of features, with the states of the document and three tokens a row."""
        hidden = x @ self.rows + self.bias
        if self.state_projections.size:
            for k in range(3):
                hidden += (states.astype(np.float32) @ self.state_projections[k])[tokens[:, k]]
        hidden = np.maximum(np.maximum(hidden, 0) @ self.inner + self.inner_bias, 0)
        return 1 / (1 + np.exp(-(hidden @ self.weights + self.offsets)))

    def save(self, path, **more: np.ndarray) -> None:
        """Write the arrays, rows as 8-bit integers with a scale each."""
        scale = np.abs(self.rows).max(axis=1) / 127
        scale[scale == 0] = 1
        np.savez_compressed(
            path,
            labels=np.array(self.labels),
            keys=self.keys.astype(np.uint32),
            rows=np.round(self.rows / scale[:, None]).astype(np.int8),
            scale=scale.astype(np.float16),
            bias=self.bias.astype(np.float32),
            state_projections=self.state_projections.astype(np.float16),
            inner=self.inner.astype(np.float32),
            inner_bias=self.inner_bias.astype(np.float32),
            weights=self.weights.astype(np.float32),
            offsets=self.offsets.astype(np.float32),
            **more,
        )


def vocabulary(rows: list[np.ndarray], least: int) -> np.ndarray:
    """The hashes that occur in at least `least` rows, sorted."""
    keys, counts = np.unique(np.concatenate(rows), return_counts=True)
    return keys[counts >= least]


def matrix(rows: list[np.ndarray], keys: np.ndarray) -> sparse.csr_matrix:
    """One row a context, one column a known hash."""
    counts = np.array([len(row) for row in rows], dtype=np.int64)
    flat = np.concatenate(rows) if len(rows) else np.zeros(0, dtype=np.int64)
    places = np.searchsorted(keys, flat)
    places[places == len(keys)] = 0
    known = keys[places] == flat
    owner = np.repeat(np.arange(len(rows)), counts)
    data = np.ones(known.sum(), dtype=np.float32)
    return sparse.csr_matrix((data, (owner[known], places[known])), shape=(len(rows), len(keys)))


class Adam:
    """Adam over a few dense parameters; `step` changes them in place."""

    def __init__(self, params: list[np.ndarray]) -> None:
        self.params = params
        self.first = [np.zeros_like(p) for p in params]
        self.second = [np.zeros_like(p) for p in params]
        self.steps = 0

    def step(self, grads: list[np.ndarray], rate: float, decay: float = 0.0) -> None:
        """One step along the gradients."""
        self.steps += 1
        for k, (param, grad) in enumerate(zip(self.params, grads, strict=True)):
            self.first[k] += 0.1 * (grad - self.first[k])
            self.second[k] += 0.001 * (grad**2 - self.second[k])
            mean = self.first[k] / (1 - 0.9**self.steps)
            param -= rate * (mean / (np.sqrt(self.second[k] / (1 - 0.999**self.steps)) + 1e-8) + decay * param)


def fit(
    x_all: sparse.csr_matrix,
    y_all: np.ndarray,
    w_all: np.ndarray,
    labels: tuple[str, ...],
    keys: np.ndarray,
    *,
    states: np.ndarray | None = None,
    tokens: np.ndarray | None = None,
    width: int = 64,
    inner: int = 64,
    epochs: int = 6,
    batch: int = 1024,
    rate: float = 0.005,
    dense_rate: float = 0.001,
    drop: float = 0.35,
    dense_drop: float = 0.2,
    seed: int = 0,
    log=None,
) -> Net:
    """Minimise the weighted cross-entropy over labels. `y_all` in 0..1, `w_all` >= 0 (0: not counted).

    `states` (tokens x width) and `tokens` (rows x 3) give what the pipeline's network saw; without them the scorer
    reads features only.
    """
    rng = np.random.default_rng(seed)
    n, f = x_all.shape
    rows = rng.normal(0, 0.05, (f, width)).astype(np.float32)
    bias = np.zeros(width, np.float32)
    deep = states is not None and tokens is not None
    state_projections = (
        rng.normal(0, 0.5 / np.sqrt(states.shape[1]), (3, states.shape[1], width)).astype(np.float32)
        if deep
        else np.zeros((0, 0, 0), np.float32)
    )
    middle = rng.normal(0, np.sqrt(2 / width), (width, inner)).astype(np.float32)
    middle_bias = np.zeros(inner, np.float32)
    weights = rng.normal(0, 1 / np.sqrt(inner), (inner, y_all.shape[1])).astype(np.float32)
    offsets = np.full(y_all.shape[1], -4.0, np.float32)
    m1, m2 = np.zeros_like(rows), np.zeros(f, np.float32)
    small = Adam([bias, middle, middle_bias, weights, offsets])
    wide = Adam([state_projections])
    step, total = 0, epochs * (n // batch + 1)
    for epoch in range(epochs):
        order = rng.permutation(n)
        loss = 0.0
        for at in range(0, n, batch):
            step += 1
            slow = max(0.03, 1 - step / total)
            pick = order[at : at + batch]
            x = x_all[pick]
            x.data = x.data * (rng.random(len(x.data)) > drop) / (1 - drop)
            used = np.unique(x.indices)
            x = sparse.csr_matrix((x.data, np.searchsorted(used, x.indices), x.indptr), shape=(len(pick), len(used)))
            before = x @ rows[used] + bias
            seen = []
            if deep:
                for k in range(3):
                    state = states[tokens[pick, k]].astype(np.float32)
                    state *= (rng.random(state.shape, dtype=np.float32) > dense_drop) / np.float32(1 - dense_drop)
                    before += state @ state_projections[k]
                    seen.append(state)
            keep = (rng.random(before.shape, dtype=np.float32) > 0.2) / np.float32(0.8)
            hidden = np.maximum(before, 0) * keep
            between = hidden @ middle + middle_bias
            top = np.maximum(between, 0)
            p = 1 / (1 + np.exp(-(top @ weights + offsets)))
            y, w = y_all[pick], w_all[pick]
            d = (p - y) * w / len(pick)
            loss += float(-(w * (y * np.log(p + 1e-7) + (1 - y) * np.log(1 - p + 1e-7))).sum())
            d_top = (d @ weights.T) * (between > 0)
            d_hidden = (d_top @ middle.T) * keep * (before > 0)
            small.step([d_hidden.sum(0), hidden.T @ d_top, d_top.sum(0), top.T @ d, d.sum(0)], dense_rate * 2 * slow)
            if deep:
                wide.step([np.stack([state.T @ d_hidden for state in seen])], dense_rate * slow, 0.01)
            g = x.T @ d_hidden
            m1[used] = 0.9 * m1[used] + 0.1 * g
            m2[used] = 0.999 * m2[used] + 0.001 * (g**2).mean(1)
            pace = np.sqrt(m2[used] / (1 - 0.999**step)) + 1e-8
            rows[used] -= rate * slow * (m1[used] / (1 - 0.9**step)) / pace[:, None]
            rows[used] *= 1 - 0.001 * slow
        if log:
            log(f"epoch {epoch + 1} loss {loss / n:.4f}")
    return Net(labels, keys, rows, bias, state_projections, middle, middle_bias, weights, offsets)
