"""Fitting the small network of `kg.language.scorer`: numpy and scipy only, one seed, the same numbers every time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse


@dataclass
class Net:
    """Parameters of the network; `keys` are the hashes that have a row."""

    labels: tuple[str, ...]
    keys: np.ndarray
    rows: np.ndarray
    bias: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray

    def predict(self, X: sparse.csr_matrix) -> np.ndarray:  # noqa: N803
        hidden = np.maximum(X @ self.rows + self.bias, 0)
        return 1 / (1 + np.exp(-(hidden @ self.weights + self.offsets)))

    def save(self, path, **more: np.ndarray) -> None:
        scale = np.abs(self.rows).max(axis=1) / 127
        scale[scale == 0] = 1
        np.savez_compressed(
            path,
            labels=np.array(self.labels),
            keys=self.keys.astype(np.uint32),
            rows=np.round(self.rows / scale[:, None]).astype(np.int8),
            scale=scale.astype(np.float16),
            bias=self.bias.astype(np.float32),
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
    counts = np.array([len(row) for row in rows])
    flat = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
    places = np.searchsorted(keys, flat)
    places[places == len(keys)] = 0
    known = keys[places] == flat
    owner = np.repeat(np.arange(len(rows)), counts)
    data = np.ones(known.sum(), dtype=np.float32)
    return sparse.csr_matrix((data, (owner[known], places[known])), shape=(len(rows), len(keys)))


def fit(
    X: sparse.csr_matrix,  # noqa: N803
    Y: np.ndarray,  # noqa: N803
    W: np.ndarray,  # noqa: N803
    labels: tuple[str, ...],
    keys: np.ndarray,
    *,
    width: int = 64,
    epochs: int = 6,
    batch: int = 512,
    rate: float = 0.003,
    drop: float = 0.35,
    decay: float = 1e-5,
    seed: int = 0,
    log=None,
) -> Net:
    """Minimise the weighted cross-entropy over labels. `Y` in 0..1, `W` >= 0 (0: not counted), both rows by labels."""
    rng = np.random.default_rng(seed)
    n, f = X.shape
    rows = rng.normal(0, 0.05, (f, width)).astype(np.float32)
    bias = np.zeros(width, np.float32)
    weights = rng.normal(0, 1 / np.sqrt(width), (width, Y.shape[1])).astype(np.float32)
    offsets = np.full(Y.shape[1], -4.0, np.float32)
    m1, m2 = np.zeros_like(rows), np.zeros(f, np.float32)
    small = [bias, weights, offsets]
    s1, s2 = [np.zeros_like(p) for p in small], [np.zeros_like(p) for p in small]
    step = 0
    total = epochs * (n // batch + 1)
    for epoch in range(epochs):
        order = rng.permutation(n)
        loss = 0.0
        for at in range(0, n, batch):
            step += 1
            speed = rate * max(0.05, 1 - step / total)
            pick = order[at : at + batch]
            x = X[pick]
            x.data = x.data * (rng.random(len(x.data)) > drop) / (1 - drop)
            used = np.unique(x.indices)
            local = np.searchsorted(used, x.indices)
            x = sparse.csr_matrix((x.data, local, x.indptr), shape=(len(pick), len(used)))
            before = x @ rows[used] + bias
            hidden = np.maximum(before, 0)
            keep = (rng.random(hidden.shape) > 0.2) / 0.8
            hidden = hidden * keep
            p = 1 / (1 + np.exp(-(hidden @ weights + offsets)))
            w = W[pick]
            d = (p - Y[pick]) * w / len(pick)
            loss += float(-(w * (Y[pick] * np.log(p + 1e-7) + (1 - Y[pick]) * np.log(1 - p + 1e-7))).sum())
            dh = (d @ weights.T) * keep * (before > 0)
            grads = [dh.sum(0), hidden.T @ d, d.sum(0)]
            for k, (param, grad) in enumerate(zip(small, grads, strict=True)):
                s1[k] = 0.9 * s1[k] + 0.1 * grad
                s2[k] = 0.999 * s2[k] + 0.001 * grad**2
                param -= speed * (s1[k] / (1 - 0.9**step)) / (np.sqrt(s2[k] / (1 - 0.999**step)) + 1e-8)
            g = x.T @ dh
            m1[used] = 0.9 * m1[used] + 0.1 * g
            m2[used] = 0.999 * m2[used] + 0.001 * (g**2).mean(1)
            rows[used] -= speed * (m1[used] / (1 - 0.9**step)) / (np.sqrt(m2[used] / (1 - 0.999**step)) + 1e-8)[:, None]
            rows[used] *= 1 - decay * speed / rate * 100
        if log:
            log(f"epoch {epoch + 1} loss {loss / n:.4f}")
    return Net(labels, keys, rows, bias, weights, offsets)
