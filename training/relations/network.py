"""Fitting the network of `kg.extraction.scoring.classifier`: numpy and scipy only, one seed, the same numbers always."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kg.extraction.scoring.classifier import TOKENS, PairClassifier, unpack
from training.relations.rows import HashRows, Keys, Places, joined, matrix, vocabulary

Floats = NDArray[np.float32]
Log = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Examples:
    """Rows of features with labels and weights; `tokens` are the rows of `states` that each reads by themselves,

    `spans` those of which it reads the mean (first, one past the last, slot), as the classifier takes them.
    """

    rows: HashRows
    y: Floats
    w: Floats
    tokens: Places
    spans: Places
    states: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.rows)

    def chosen(self, kept: Places) -> Examples:
        """The examples at these numbers."""
        return Examples(
            self.rows.chosen(kept), self.y[kept], self.w[kept], self.tokens[kept], self.spans[kept], self.states
        )


def together(found: Sequence[Examples]) -> Examples:
    """The examples of several documents as one."""
    base, moved, spans = 0, [], []
    for one in found:
        moved.append(one.tokens + base)
        spans.append(one.spans + np.array([base, base, 0]))
        base += len(one.states)
    return Examples(
        joined([one.rows for one in found]),
        np.concatenate([one.y for one in found]),
        np.concatenate([one.w for one in found]),
        np.concatenate(moved),
        np.concatenate(spans),
        np.concatenate([one.states for one in found]),
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """How a network is fitted: its size, its passes, and how much is left out at random."""

    width: int
    epochs: int
    batch: int
    least: int = 3
    slots: int = 3
    rate: float = 0.005
    dense_rate: float = 0.001
    drop: float = 0.35
    state_drop: float = 0.2
    hidden_drop: float = 0.2


@dataclass(slots=True)
class Parameters:
    """The arrays that are fitted, in full precision; `keys` are the hashes that have a row."""

    labels: tuple[str, ...]
    keys: Keys
    rows: Floats
    bias: Floats
    state_projections: Floats
    inner: Floats
    inner_bias: Floats
    weights: Floats
    offsets: Floats

    def stored(self) -> dict[str, NDArray[Any]]:
        """The arrays as they are written: rows as 8-bit integers with a scale each."""
        scale = np.abs(self.rows).max(axis=1, initial=0) / 127
        scale[scale == 0] = 1
        return {
            "labels": np.array(self.labels),
            "keys": self.keys.astype(np.uint32),
            "rows": np.round(self.rows / scale[:, None]).astype(np.int8),
            "scale": scale.astype(np.float16),
            "bias": self.bias,
            "state_projections": self.state_projections.astype(np.float16),
            "inner": self.inner,
            "inner_bias": self.inner_bias,
            "weights": self.weights,
            "offsets": self.offsets,
        }

    def classifier(self) -> PairClassifier:
        """The classifier that kg makes of the written arrays."""
        return unpack(self.stored())


class Adam:
    """Adam (Kingma and Ba, 2015) over dense parameters, which `step` changes in place."""

    FIRST: Final = 0.9
    SECOND: Final = 0.999

    def __init__(self, params: Sequence[Floats]) -> None:
        self.params = params
        self.first = [np.zeros_like(param) for param in params]
        self.second = [np.zeros_like(param) for param in params]
        self.steps = 0

    def step(self, grads: Sequence[Floats], rate: float, decay: float = 0.0) -> None:
        """Take one step along the gradients."""
        self.steps += 1
        for k, (param, grad) in enumerate(zip(self.params, grads, strict=True)):
            self.first[k] += (1 - self.FIRST) * (grad - self.first[k])
            self.second[k] += (1 - self.SECOND) * (grad**2 - self.second[k])
            mean = self.first[k] / (1 - self.FIRST**self.steps)
            root = np.sqrt(self.second[k] / (1 - self.SECOND**self.steps)) + 1e-8
            param -= rate * (mean / root + decay * param)


class SparseAdam:
    """Adam over the rows of a table of embeddings: only rows in use move, each with one pace for all its numbers."""

    def __init__(self, table: Floats) -> None:
        self.table = table
        self.first = np.zeros_like(table)
        self.second = np.zeros(len(table), np.float32)
        self.steps = 0

    def step(self, used: Places, grad: Floats, rate: float, decay: float) -> None:
        """Move the rows `used` along their gradients, and draw them towards zero."""
        self.steps += 1
        first = Adam.FIRST * self.first[used] + (1 - Adam.FIRST) * grad
        second = Adam.SECOND * self.second[used] + (1 - Adam.SECOND) * np.einsum("ij,ij->i", grad, grad) / grad.shape[1]
        self.first[used], self.second[used] = first, second
        root = np.sqrt(second / (1 - Adam.SECOND**self.steps)) + 1e-8
        pace = np.float32(rate / (1 - Adam.FIRST**self.steps)) / root
        self.table[used] = (self.table[used] - first * pace[:, None]) * np.float32(1 - decay)


def _start(
    labels: tuple[str, ...], keys: Keys, settings: Settings, states: int, rng: np.random.Generator
) -> Parameters:
    width, slots, deep = settings.width, settings.slots, states if settings.slots else 0

    def drawn(spread: float, *shape: int) -> Floats:
        return rng.normal(0, spread, shape).astype(np.float32)

    return Parameters(
        labels=labels,
        keys=keys,
        rows=drawn(0.05, len(keys), width),
        bias=np.zeros(width, np.float32),
        state_projections=drawn(0.5 / np.sqrt(deep), slots, deep, width) if deep else np.zeros((0, 0, 0), np.float32),
        inner=drawn(np.sqrt(2 / width), width, width),
        inner_bias=np.zeros(width, np.float32),
        weights=drawn(1 / np.sqrt(width), width, len(labels)),
        offsets=np.full(len(labels), -4.0, np.float32),
    )


def fit(
    examples: Examples, labels: tuple[str, ...], settings: Settings, *, seed: int = 0, log: Log | None = None
) -> Parameters:
    """Minimise the weighted cross-entropy over labels; an example's label of weight 0 is not counted."""
    rng = np.random.default_rng(seed)
    keys = vocabulary(examples.rows, settings.least)
    x_all = matrix(examples.rows, keys)
    deep = examples.states.shape[1] if settings.slots else 0
    net = _start(labels, keys, settings, deep, rng)
    sums = RunningSums.of(examples.states) if settings.slots > TOKENS else None
    table = SparseAdam(net.rows)
    small = Adam([net.bias, net.inner, net.inner_bias, net.weights, net.offsets])
    wide = Adam([net.state_projections])
    place = np.zeros(len(keys), np.int32)
    count, step = len(examples), 0
    total = settings.epochs * -(-count // settings.batch)
    for epoch in range(settings.epochs):
        order, loss = rng.permutation(count), 0.0
        for at in range(0, count, settings.batch):
            slow = max(0.03, 1 - step / total)
            step += 1
            pick = order[at : at + settings.batch]
            x, used = _batch(x_all, pick, place, settings.drop, rng)
            before = x @ net.rows[used] + net.bias
            states = list(_states(examples, sums, pick, settings, rng)) if deep else []
            for slot, (at_rows, state) in enumerate(states):
                before[at_rows] += state @ net.state_projections[slot]
            keep = _kept(before.shape, settings.hidden_drop, rng)
            hidden = np.maximum(before, 0) * keep
            between = hidden @ net.inner + net.inner_bias
            top = np.maximum(between, 0)
            p = 1 / (1 + np.exp(-(top @ net.weights + net.offsets)))
            y, w = examples.y[pick], examples.w[pick]
            d = (p - y) * w / np.float32(len(pick))
            loss -= float((w * np.log(np.where(y > 0, p, 1 - p) + 1e-7)).sum())
            d_top = (d @ net.weights.T) * (between > 0)
            d_hidden = (d_top @ net.inner.T) * keep * (before > 0)
            grads = [d_hidden.sum(0), hidden.T @ d_top, d_top.sum(0), top.T @ d, d.sum(0)]
            small.step(grads, settings.dense_rate * 2 * slow)
            if states:
                wide.step(
                    [np.stack([state.T @ d_hidden[at_rows] for at_rows, state in states])],
                    settings.dense_rate * slow,
                    0.01,
                )
            table.step(used, x.T @ d_hidden, settings.rate * slow, 0.001 * slow)
        if log:
            log(f"epoch {epoch + 1} loss {loss / count:.4f}")
    return net


def scores(net: Parameters, examples: Examples) -> Floats:
    """Probabilities of examples as fitting computes them, nothing left out: what the classifier must give as well."""
    whole = Settings(width=len(net.bias), epochs=0, batch=1, slots=len(net.state_projections), state_drop=0.0)
    rng = np.random.default_rng(0)
    sums = RunningSums.of(examples.states) if whole.slots > TOKENS else None
    before = matrix(examples.rows, net.keys) @ net.rows + net.bias
    if whole.slots:
        states = _states(examples, sums, np.arange(len(examples)), whole, rng)
        for slot, (rows, state) in enumerate(states):
            before[rows] += state @ net.state_projections[slot]
    top = np.maximum(np.maximum(before, 0) @ net.inner + net.inner_bias, 0)
    return np.asarray(1 / (1 + np.exp(-(top @ net.weights + net.offsets))), np.float32)


def _batch(
    x_all: sparse.csr_matrix, pick: Places, place: NDArray[np.int32], drop: float, rng: np.random.Generator
) -> tuple[sparse.csr_matrix, Places]:
    """The rows picked, with features left out at random, over the columns that they use."""
    x = x_all[pick]
    mark = np.zeros(len(place), np.bool_)
    mark[x.indices] = True
    used = np.flatnonzero(mark)
    place[used] = np.arange(len(used), dtype=np.int32)
    data = (rng.random(len(x.data), dtype=np.float32) > drop) * np.float32(1 / (1 - drop))
    return sparse.csr_matrix((data, place[x.indices], x.indptr), shape=(len(pick), len(used))), used


def _states(
    examples: Examples, sums: RunningSums | None, pick: Places, settings: Settings, rng: np.random.Generator
) -> Iterator[tuple[slice | Places, Floats]]:
    """For each slot the rows that read it, and the states that they read, with numbers left out at random."""
    for slot in range(min(settings.slots, TOKENS)):
        state = examples.states[examples.tokens[pick, slot]].astype(np.float32)
        yield slice(None), state * _kept(state.shape, settings.state_drop, rng)
    spans = examples.spans[pick]
    for slot in range(TOKENS, settings.slots):
        assert sums is not None
        mine = np.flatnonzero((spans[:, 2] == slot) & (spans[:, 1] > spans[:, 0]))
        first, last = spans[mine, 0], spans[mine, 1]
        mean = sums.means(first, last)
        yield mine, mean * _kept(mean.shape, settings.state_drop, rng)


@dataclass(frozen=True, slots=True)
class RunningSums:
    """Running sums of states less their mean over all, so that single precision holds for half a million tokens."""

    sums: Floats
    mean: Floats

    @classmethod
    def of(cls, states: NDArray[np.float16]) -> RunningSums:
        """The sums, put together a stretch at a time in double precision."""
        mean = np.mean(states, axis=0, dtype=np.float64)
        sums = np.zeros((len(states) + 1, states.shape[1]), np.float32)
        total = np.zeros(states.shape[1])
        for at in range(0, len(states), _STRETCH):
            part = total + np.cumsum(states[at : at + _STRETCH] - mean, axis=0)
            sums[at + 1 : at + 1 + len(part)] = part
            total = part[-1]
        return cls(sums, np.asarray(mean, np.float32))

    def means(self, first: Places, last: Places) -> Floats:
        """The means over spans of one token at least."""
        sums = self.sums[last] - self.sums[first]
        return np.asarray(sums / (last - first).astype(np.float32)[:, None] + self.mean, np.float32)


_STRETCH: Final = 4096


def _kept(shape: tuple[int, ...], drop: float, rng: np.random.Generator) -> Floats:
    kept = rng.random(shape, dtype=np.float32) > drop
    return np.asarray(kept * np.float32(1 / (1 - drop)), np.float32)
