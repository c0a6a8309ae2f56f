"""The network as it is trained: one encoder over words, and a head for each thing that is read off it.

A word is the mean of its word pieces plus what its spelling shows (case, digits), the encoder a few transformer layers
in which words of one window see each other. Heads: sentence starts, UPOS, XPOS, features, names (BIO over ten types),
arcs and labels (biaffine, Dozat and Manning 2017). Its twin for inference
is `kg/nlp/model/encoder.py`, without torch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network; `tags` are the numbers of labels by head."""

    pieces: int
    shapes: int
    width: int
    layers: int
    attention: int
    inner: int
    arc: int
    label: int
    positions: int
    tags: dict[str, int]


class Layer(nn.Module):
    """One transformer layer, normalised after each half, as in BERT."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.attention
        self.query_key_value = nn.Linear(shape.width, 3 * shape.width)
        self.attended = nn.Linear(shape.width, shape.width)
        self.norm_attended = nn.LayerNorm(shape.width, eps=1e-12)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        self.norm_out = nn.LayerNorm(shape.width, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor, dropout: float) -> Tensor:
        batch, length, width = x.shape
        qkv = self.query_key_value(x).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], attn_mask=mask[:, None, None, :])
        mixed = mixed.transpose(1, 2).reshape(batch, length, width)
        x = self.norm_attended(x + functional.dropout(self.attended(mixed), dropout, self.training))
        h = self.up(x)
        h = h * torch.sigmoid(1.702 * h)
        return self.norm_out(x + functional.dropout(self.down(h), dropout, self.training))


class Reader(nn.Module):
    """The encoder and its heads."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.pieces = nn.Embedding(shape.pieces, shape.width)
        self.shapes = nn.Embedding(shape.shapes, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.tags = nn.ModuleDict({name: nn.Linear(shape.width, n) for name, n in shape.tags.items() if name != "dep"})
        self.arc_dep = nn.Linear(shape.width, shape.arc)
        self.arc_head = nn.Linear(shape.width, shape.arc)
        self.arc = nn.Parameter(torch.zeros(shape.arc + 1, shape.arc))
        self.label_dep = nn.Linear(shape.width, shape.label)
        self.label_head = nn.Linear(shape.width, shape.label)
        labels = shape.tags["dep"]
        self.label = nn.Parameter(torch.zeros(shape.label, labels * shape.label))
        self.label_sides = nn.Linear(2 * shape.label, labels)
        self.root = nn.Parameter(torch.randn(shape.width) * 0.02)
        nn.init.normal_(self.shapes.weight, std=0.02)
        nn.init.xavier_uniform_(self.arc[:-1])
        nn.init.normal_(self.label, std=0.05)

    def encode(self, pieces: Tensor, shapes: Tensor, mask: Tensor, dropout: float) -> Tensor:
        """One vector a word. `pieces` is batch x words x pieces (0 where a word has no more)."""
        there = (pieces > 0).unsqueeze(-1)
        words = (self.pieces(pieces) * there).sum(2) / there.sum(2).clamp(min=1)
        if self.training and dropout > 0:
            words = words * (torch.rand(words.shape[:2]) > 0.06).unsqueeze(-1)
        position = torch.arange(words.shape[1])
        x = self.norm(words + self.shapes(shapes) + self.positions(position))
        x = functional.dropout(x, dropout, self.training)
        for layer in self.layers:
            x = layer(x, mask, dropout)
        return x

    def arcs(self, x: Tensor, mask: Tensor, same: Tensor) -> Tensor:
        """Scores of heads: batch x words x (words + 1), the last column the root; tiny across sentences and padding."""
        root = self.root.expand(x.shape[0], 1, -1)
        dep = functional.dropout(functional.relu(self.arc_dep(x)), 0.2, self.training)
        head = functional.dropout(functional.relu(self.arc_head(torch.cat([x, root], 1))), 0.2, self.training)
        dep = torch.cat([dep, torch.ones_like(dep[..., :1])], -1) @ self.arc
        scores = dep @ head.transpose(1, 2)
        allowed = functional.pad(same & mask[:, None, :], (0, 1), value=True)
        eye = functional.pad(torch.eye(x.shape[1], dtype=torch.bool), (0, 1))
        return scores.masked_fill(~allowed | eye, -1e4)

    def labels(self, x: Tensor, heads: Tensor) -> Tensor:
        """Scores of the labels of the arcs to the given heads (an index, the number of words for the root)."""
        root = self.root.expand(x.shape[0], 1, -1)
        dep = functional.dropout(functional.relu(self.label_dep(x)), 0.2, self.training)
        head = functional.dropout(functional.relu(self.label_head(torch.cat([x, root], 1))), 0.2, self.training)
        head = torch.gather(head, 1, heads.unsqueeze(-1).expand(-1, -1, head.shape[-1]))
        pairs = (dep @ self.label).view(*dep.shape[:2], self.shape.tags["dep"], -1)
        return (pairs * head.unsqueeze(2)).sum(-1) + self.label_sides(torch.cat([dep, head], -1))


def start_from(reader: Reader, weights: dict[str, Tensor], kept: list[int]) -> None:
    """Takes embeddings and the first layers from a BERT-shaped encoder; `kept` are the rows of its word pieces."""
    names = (
        ("attended", "attention.output.dense"),
        ("norm_attended", "attention.output.LayerNorm"),
        ("up", "intermediate.dense"),
        ("down", "output.dense"),
        ("norm_out", "output.LayerNorm"),
    )
    with torch.no_grad():
        reader.pieces.weight.copy_(weights["embeddings.word_embeddings.weight"][torch.tensor(kept)])
        positions = weights["embeddings.position_embeddings.weight"][1 : reader.shape.positions + 1]
        reader.positions.weight.copy_(positions + weights["embeddings.token_type_embeddings.weight"][0])
        reader.norm.weight.copy_(weights["embeddings.LayerNorm.weight"])
        reader.norm.bias.copy_(weights["embeddings.LayerNorm.bias"])
        for i, layer in enumerate(reader.layers):
            at = f"encoder.layer.{i}."
            parts = [f"{at}attention.self.{name}." for name in ("query", "key", "value")]
            layer.query_key_value.weight.copy_(torch.cat([weights[p + "weight"] for p in parts]))
            layer.query_key_value.bias.copy_(torch.cat([weights[p + "bias"] for p in parts]))
            for ours, theirs in names:
                getattr(layer, ours).weight.copy_(weights[f"{at}{theirs}.weight"])
                getattr(layer, ours).bias.copy_(weights[f"{at}{theirs}.bias"])


def marginal_loss(scores: Tensor, allowed: Tensor) -> Tensor:
    """Minus the log of the probability that the label is one of the allowed ones (a boolean mask), for each word."""
    return torch.logsumexp(scores, -1) - torch.logsumexp(scores.masked_fill(~allowed, -math.inf), -1)


@torch.no_grad()
def pruned(full: Reader, some: list[dict[str, Tensor]], inner: int) -> dict[str, Tensor]:
    """The state of a network whose layers keep only the `inner` units that matter most on the batches given."""
    matter = [torch.zeros(full.shape.inner) for _ in full.layers]
    full.eval()
    for batch in some:
        mask = batch["mask"]
        there = (batch["pieces"] > 0).unsqueeze(-1)
        words = (full.pieces(batch["pieces"]) * there).sum(2) / there.sum(2).clamp(min=1)
        x = full.norm(words + full.shapes(batch["shapes"]) + full.positions(torch.arange(words.shape[1])))
        for layer, sums in zip(full.layers, matter, strict=True):
            caught: list[Tensor] = []
            hook = layer.down.register_forward_pre_hook(lambda _, given, caught=caught: caught.append(given[0]))
            x = layer(x, mask, 0.0)
            hook.remove()
            sums += caught[0][mask].pow(2).sum(0)
    state = {name: value.clone() for name, value in full.state_dict().items()}
    for i, (layer, sums) in enumerate(zip(full.layers, matter, strict=True)):
        kept = (sums.sqrt() * layer.down.weight.norm(dim=0)).topk(inner).indices.sort().values
        for name in ("up.weight", "up.bias"):
            state[f"layers.{i}.{name}"] = state[f"layers.{i}.{name}"][kept]
        state[f"layers.{i}.down.weight"] = state[f"layers.{i}.down.weight"][:, kept]
    return state
