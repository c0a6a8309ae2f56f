"""The packaged network at work, in numpy: words of windows in, scores of tags, names, heads and labels out.

The twin of `training/pipeline/network.py` without dropout. Weights are stored as bytes with a scale for each row and
read into float32. Equal windows in equal batches give equal bits; nothing here knows spaCy.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kg.errors import KgError
from kg.nlp.model.wordpiece import WordPieces, shape

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
MOST_WORDS_KEPT: Final = 60_000
"""Vectors of words are kept between texts up to this number, then forgotten together."""
ROWS_AT_ONCE: Final = 192
"""Words that go through the wide inner layers together: few enough for the processor's cache."""
GATE: Final = np.float32(-1.702)
"""The activation is x / (1 + exp(GATE * x))."""
MOST_ATTENTION: Final = np.float32(60)
"""Attention scores are cut here, far above what occurs, so that their exponentials stay finite."""
FORBIDDEN: Final = np.float32(-1e4)


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says of a batch: label indices, name scores and head scores (see `Encoder.read`).

    `starts` is how much more likely a word opens a sentence than not, as a difference of logits.
    """

    tags: dict[str, Ints]
    starts: Floats
    names: Floats
    arcs: Floats
    states: Floats


class Encoder:
    """The network with its labels, read from the folder of the packaged model."""

    def __init__(self, folder: Path) -> None:
        try:
            self.labels: dict[str, list[str]] = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
            with np.load(folder / "weights.npz", allow_pickle=False) as stored:
                self._w = {name: _whole(stored, name) for name in stored.files if not name.endswith(":scale")}
        except (OSError, ValueError, KeyError) as error:
            raise KgError(
                f"no usable model: {error}", place=str(folder), hint="run `make train` or install anew"
            ) from error
        self._pieces = WordPieces(self.labels["pieces"])
        self._layers = 1 + max(int(name.split(".")[1]) for name in self._w if name.startswith("layers."))
        self._heads = int(self.labels["attention_heads"][0])
        self.width = int(self._w["pieces.weight"].shape[1])
        self._fold_scales()
        self._rows: dict[str, int] = {}
        self._words = np.zeros((1024, self._w["pieces.weight"].shape[1]), np.float32)

    def read(self, windows: Sequence[Sequence[str]]) -> Scores:
        """Scores of windows of words, padded to the longest: arrays begin with windows x words.

        `arcs` are not yet masked by sentence: windows x words x (words + 1), the last column the root.
        """
        longest = max(len(window) for window in windows)
        there = np.zeros((len(windows), longest), bool)
        rows = np.zeros((len(windows), longest), np.int64)
        for i, window in enumerate(windows):
            there[i, : len(window)] = True
            rows[i, : len(window)] = self._word_rows(window)
        x = self._words[rows] + self._w["positions.weight"][:longest]
        x = self._norm(x, "norm")
        bias = None if there.all() else np.where(there, np.float32(0), FORBIDDEN)[:, None, None, :]
        for i in range(self._layers):
            x = self._layer(x, bias, f"layers.{i}.")
        tags = {name: self._linear(x, f"tags.{name}").argmax(-1) for name in ("upos", "xpos", "feats")}
        starts = self._linear(x, "tags.starts")
        return Scores(tags, starts[..., 1] - starts[..., 0], self._linear(x, "tags.ner"), self._arcs(x, there), x)

    def label_arcs(self, states: Floats, heads: Ints) -> Ints:
        """The label of the arc from every word to its head (an index, the number of words for the root)."""
        dep = np.maximum(self._linear(states, "label_dep"), 0)
        head = np.maximum(self._linear(self._with_root(states), "label_head"), 0)
        head = np.take_along_axis(head, heads[..., None], axis=1)
        size = dep.shape[-1]
        scores = self._linear(np.concatenate([dep, head], -1), "label_sides")
        flat, dep, head = scores.reshape(-1, scores.shape[-1]), dep.reshape(-1, size), head.reshape(-1, size)
        for i in range(0, len(flat), ROWS_AT_ONCE):
            pairs = (dep[i : i + ROWS_AT_ONCE] @ self._w["label"]).reshape(-1, flat.shape[1], size)
            flat[i : i + ROWS_AT_ONCE] += (pairs @ head[i : i + ROWS_AT_ONCE, :, None])[..., 0]
        best: Ints = flat.argmax(-1).reshape(heads.shape)
        return best

    def _fold_scales(self) -> None:
        """Moves the constant factors of attention and activation into the weights: fewer passes over arrays."""
        width = self._w["pieces.weight"].shape[1]
        for i in range(self._layers):
            at = f"layers.{i}."
            scale = np.float32((width // self._heads) ** -0.5)
            self._w[at + "query_key_value.weight"][:, :width] *= scale
            self._w[at + "query_key_value.bias"][:width] *= scale
            self._w[at + "up.weight"] *= GATE
            self._w[at + "up.bias"] *= GATE
            self._w[at + "down.weight"] /= GATE

    def _word_rows(self, words: Sequence[str]) -> list[int]:
        known = self._rows
        rows: list[int] = []
        for word in words:
            row = known.get(word)
            if row is None:
                row = self._add(word)
            rows.append(row)
        return rows

    def _add(self, word: str) -> int:
        row = len(self._rows)
        if row == len(self._words):
            self._words = np.concatenate([self._words, np.zeros_like(self._words)])
        pieces = self._w["pieces.weight"][list(self._pieces(word))]
        self._words[row] = pieces.mean(0) + self._w["shapes.weight"][shape(word)]
        self._rows[word] = row
        return row

    def forget_words(self) -> None:
        """Empties the store of word vectors when it has grown large; call it between batches only."""
        if len(self._rows) > MOST_WORDS_KEPT:
            self._rows.clear()

    def _linear(self, x: Floats, name: str) -> Floats:
        weight = self._w[name + ".weight"]
        y: Floats = x.reshape(-1, x.shape[-1]) @ weight
        y += self._w[name + ".bias"]
        return y.reshape(*x.shape[:-1], -1)

    def _norm(self, x: Floats, name: str) -> Floats:
        width = np.float32(x.shape[-1])
        x = x - np.einsum("...i->...", x)[..., None] / width
        x /= np.sqrt(np.einsum("...i,...i->...", x, x)[..., None] / width + np.float32(1e-12))
        x *= self._w[name + ".weight"]
        x += self._w[name + ".bias"]
        return x

    def _layer(self, x: Floats, bias: Floats | None, at: str) -> Floats:
        batch, length, width = x.shape
        each = width // self._heads
        qkv = (
            self._linear(x, at + "query_key_value")
            .reshape(batch, length, 3, self._heads, each)
            .transpose(2, 0, 3, 1, 4)
        )
        scores: Floats = qkv[0] @ qkv[1].transpose(0, 1, 3, 2)
        if bias is not None:
            scores += bias
        np.minimum(scores, MOST_ATTENTION, out=scores)
        np.exp(scores, out=scores)
        mixed = scores @ qkv[2]
        mixed /= np.einsum("...i->...", scores)[..., None]
        mixed = mixed.transpose(0, 2, 1, 3).reshape(batch, length, width)
        x = self._norm(x + self._linear(mixed, at + "attended"), at + "norm_attended")
        x += self._through(x.reshape(-1, width), at).reshape(x.shape)
        return self._norm(x, at + "norm_out")

    def _through(self, rows: Floats, at: str) -> Floats:
        """The inner half of a layer, a few rows at a time so that what lies between stays in the processor's cache."""
        out = np.empty_like(rows)
        up, down = self._w[at + "up.weight"], self._w[at + "down.weight"]
        for i in range(0, len(rows), ROWS_AT_ONCE):
            h = rows[i : i + ROWS_AT_ONCE] @ up
            h += self._w[at + "up.bias"]
            with np.errstate(over="ignore"):
                gate = np.exp(h)
            gate += 1
            h /= gate
            np.matmul(h, down, out=out[i : i + ROWS_AT_ONCE])
        out += self._w[at + "down.bias"]
        return out

    def _with_root(self, x: Floats) -> Floats:
        root = np.broadcast_to(self._w["root"], (x.shape[0], 1, x.shape[2]))
        return np.concatenate([x, root], 1)

    def _arcs(self, x: Floats, there: NDArray[np.bool_]) -> Floats:
        dep = np.maximum(self._linear(x, "arc_dep"), 0)
        head = np.maximum(self._linear(self._with_root(x), "arc_head"), 0)
        arc = self._w["arc"]
        dep = dep.reshape(-1, dep.shape[-1]) @ arc[:-1] + arc[-1]
        scores: Floats = dep.reshape(x.shape[0], x.shape[1], -1) @ head.transpose(0, 2, 1)
        return scores


def _whole(stored: np.lib.npyio.NpzFile, name: str) -> Floats:
    """A stored array as float32, a matrix of a linear layer turned so that words multiply it from the left."""
    array: Floats = stored[name].astype(np.float32)
    if name + ":scale" in stored.files:
        array *= stored[name + ":scale"].astype(np.float32)[:, None]
    is_linear = (
        name.endswith(".weight") and array.ndim == 2 and name.split(".")[0] not in ("pieces", "shapes", "positions")
    )
    return np.ascontiguousarray(array.T) if is_linear else array
