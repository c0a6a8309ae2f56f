"""Trains the network on the windows of `material.py`; can be stopped and resumed after every epoch.

Checkpoints go to `--out`. With `--start` the encoder begins from a BERT-shaped model (a folder with model.safetensors
and vocab.txt); without it from random weights and a vocabulary of the same form must be given by `--vocabulary`.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import random
import time
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

import torch
import torch.nn.functional as functional
from corpus import NER, NameSwapper, Window, roughen
from network import Reader, Shape, marginal_loss, pruned, start_from
from torch import Tensor

from kg.nlp.model.wordpiece import MOST_PIECES, SHAPES, WordPieces, shape

INNER = 1536
"""The width inside the layers of the model that training begins from."""
HEADS = ("upos", "xpos", "feats", "dep")


def vocabulary(path: Path) -> tuple[list[str], list[int]]:
    """The pieces worth keeping (Latin letters, digits, signs) and their rows; padding first, then [UNK]."""
    pieces = path.read_text(encoding="utf-8").split("\n")
    kept = [pieces.index("[PAD]"), pieces.index("[UNK]")]
    for row, piece in enumerate(pieces):
        bare = piece.removeprefix("##")
        if bare and not piece.startswith("[") and all(ord(c) < 0x250 or 0x2010 <= ord(c) <= 0x2122 for c in bare):
            kept.append(row)
    return [pieces[row] for row in kept], kept


class Encoded:
    """Windows as tensors of a batch; what a window does not annotate is -100 (or all labels allowed, for names)."""

    def __init__(self, labels: dict[str, list[str]], wordpieces: WordPieces) -> None:
        self.index = {name: {label: i for i, label in enumerate(values)} for name, values in labels.items()}
        self.wordpieces = wordpieces

    def __call__(self, windows: list[Window]) -> dict[str, Tensor]:
        """Tensors of one batch, padded to its longest window."""
        longest = max(len(w.words) for w in windows)
        size = (len(windows), longest)
        rows = [[self.wordpieces(word) for word in w.words] for w in windows]
        most = min(MOST_PIECES, max(len(r) for row in rows for r in row))
        pieces = torch.zeros(*size, most, dtype=torch.long)
        tensors = {name: torch.full(size, -100) for name in (*HEADS, "starts", "heads")}
        shapes = torch.zeros(size, dtype=torch.long)
        sentence = torch.zeros(size, dtype=torch.long)
        allowed = torch.ones(*size, len(NER), dtype=torch.bool)
        for i, window in enumerate(windows):
            n = len(window.words)
            for j, row in enumerate(rows[i]):
                pieces[i, j, : len(row)] = torch.tensor(row)
            shapes[i, :n] = torch.tensor([shape(w) for w in window.words])
            if window.ner:
                masks = torch.tensor(window.ner)
                allowed[i, :n] = ((masks[:, None] >> torch.arange(len(NER))) & 1).bool()
            if window.heads:
                tensors["heads"][i, :n] = torch.tensor([h - 1 if h else longest for h in window.heads])
                tensors["starts"][i, :n] = torch.tensor(window.starts)
                sentence[i, :n] = torch.tensor(window.starts).cumsum(0)
                for name, values in (
                    ("upos", window.upos),
                    ("xpos", window.xpos),
                    ("feats", window.feats),
                    ("dep", window.deps),
                ):
                    tensors[name][i, :n] = torch.tensor([self.index[name].get(v, -100) for v in values])
        mask = torch.zeros(size, dtype=torch.bool)
        for i, window in enumerate(windows):
            mask[i, : len(window.words)] = True
        same = sentence[:, :, None] == sentence[:, None, :]
        return {**tensors, "pieces": pieces, "shapes": shapes, "mask": mask, "same": same, "allowed": allowed}


def losses(reader: Reader, batch: dict[str, Tensor], dropout: float) -> dict[str, Tensor]:
    """The loss of every head that the batch has something for."""
    x = reader.encode(batch["pieces"], batch["shapes"], batch["mask"], dropout)
    found: dict[str, Tensor] = {}
    free = batch["allowed"].all(-1) | ~batch["mask"]
    x = functional.dropout(x, dropout, reader.training)
    if (~free).any():
        found["ner"] = marginal_loss(reader.tags["ner"](x[~free]), batch["allowed"][~free]).mean()
    known = batch["heads"] != -100
    if known.any():
        for name in ("upos", "xpos", "feats"):
            found[name] = functional.cross_entropy(reader.tags[name](x[known]), batch[name][known], ignore_index=-100)
        starts = functional.cross_entropy(reader.tags["starts"](x[known]), batch["starts"][known])
        found["starts"] = starts
        rows = known.any(1)
        x, heads = x[rows], batch["heads"][rows]
        arcs = reader.arcs(x, batch["mask"][rows], batch["same"][rows])
        found["arc"] = functional.cross_entropy(arcs[known[rows]], heads[known[rows]])
        scores = reader.labels(x, heads.clamp(min=0))
        found["dep"] = functional.cross_entropy(scores[known[rows]], batch["dep"][rows][known[rows]], ignore_index=-100)
    return found


WEIGHTS = {"ner": 1.5, "upos": 0.2, "xpos": 0.3, "feats": 0.2, "starts": 0.5, "arc": 1.0, "dep": 0.7}


def batches(windows: list[Window], words: int, rng: random.Random) -> list[list[Window]]:
    """The windows in batches of about `words` words, alike in length, in random order."""
    shuffled = windows[:]
    rng.shuffle(shuffled)
    pools: list[list[Window]] = []
    for i in range(0, len(shuffled), 1200):
        pool = sorted(shuffled[i : i + 1200], key=lambda w: len(w.words))
        batch: list[Window] = []
        for window in pool:
            if batch and (len(batch) + 1) * len(window.words) > words:
                pools.append(batch)
                batch = []
            batch.append(window)
        pools.append(batch)
    rng.shuffle(pools)
    return pools


@torch.no_grad()
def evaluate(reader: Reader, encoded: Encoded, windows: list[Window]) -> dict[str, float]:
    """Accuracies on windows with given words and sentences: a look at progress, not the published figures."""
    reader.eval()
    n: Counter[str] = Counter()
    for batch_windows in batches(windows, 4000, random.Random(0)):
        batch = encoded(batch_windows)
        x = reader.encode(batch["pieces"], batch["shapes"], batch["mask"], 0.0)
        known = batch["heads"] != -100
        heads = reader.arcs(x, batch["mask"], batch["same"]).argmax(-1)
        deps = reader.labels(x, heads).argmax(-1)
        right = (heads == batch["heads"]) & known
        n["words"] += int(known.sum())
        n["uas"] += int(right.sum())
        n["las"] += int((right & (deps == batch["dep"])).sum())
        for name in ("upos", "xpos", "feats", "starts"):
            n[name] += int(((reader.tags[name](x).argmax(-1) == batch[name]) & known).sum())
    reader.train()
    return {k: v / n["words"] for k, v in n.items() if k != "words"}


def main() -> None:
    """Trains, writing `last.pt` after every epoch and `log.jsonl` with the losses and accuracies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--windows", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="folder of a BERT-shaped model to begin from")
    parser.add_argument("--vocabulary", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--batch", type=int, default=1400)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--swap", type=float, default=0.35)
    parser.add_argument("--silver", type=Path, help="windows labelled by an earlier model")
    parser.add_argument("--silver-words", type=int, default=200_000, help="words of them in each epoch")
    parser.add_argument("--after", type=Path, help="go on from this checkpoint as a second stage")
    parser.add_argument("--inner", type=int, default=INNER, help="width inside the layers; less than INNER is pruned")
    parser.add_argument("--only", default="", help="train on these parts of the material only, for trials")
    parser.add_argument("--steps", type=int, default=0, help="stop early, for trials")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    rng = random.Random(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    with args.windows.open("rb") as stream:
        material = pickle.load(stream)
    parts = args.only.split(",") if args.only else ["trees", "uner", "wiki", "gold"]
    pieces, kept = vocabulary((args.start or args.vocabulary.parent) / "vocab.txt")
    labels = {
        name: sorted(Counter(v for w in material["trees"] for v in getattr(w, field)))
        for name, field in (("upos", "upos"), ("xpos", "xpos"), ("feats", "feats"), ("dep", "deps"))
    }
    tags = {**{name: len(values) for name, values in labels.items()}, "starts": 2, "ner": len(NER)}
    form = Shape(len(pieces), SHAPES, 384, args.layers, 12, args.inner, 192, 96, 256, tags)
    reader = Reader(form)
    encoded = Encoded(labels, WordPieces(pieces))
    if args.after:
        full = Reader(replace(form, inner=INNER))
        full.load_state_dict(torch.load(args.after)["reader"])
        some = [encoded(b) for b in batches(material["dev"], 2000, random.Random(1))[:12]]
        reader.load_state_dict(full.state_dict() if args.inner == INNER else pruned(full, some, args.inner))
    elif args.start:
        from safetensors.torch import load_file

        start_from(reader, load_file(args.start / "model.safetensors"), kept)
    fresh = [
        p for n, p in reader.named_parameters() if n.split(".")[0] not in ("pieces", "layers", "norm", "positions")
    ]
    old = [p for n, p in reader.named_parameters() if n.split(".")[0] in ("pieces", "layers", "norm", "positions")]
    rate = args.rate if args.start else 5e-4
    optimizer = torch.optim.AdamW(
        [{"params": old, "lr": rate}, {"params": fresh, "lr": rate * 10 / 3}],
        weight_decay=0.01,
        betas=(0.9, 0.98),
        fused=True,
    )
    silver = pickle.loads(args.silver.read_bytes()) if args.silver else []
    (args.out / "labels.json").write_text(json.dumps({"pieces": pieces, **labels, "ner": NER, "form": asdict(form)}))
    swap = NameSwapper(material["listed"], share=args.swap, seed=args.seed)

    def epoch_windows() -> list[Window]:
        rng.shuffle(silver)
        words = 0
        chosen: list[Window] = []
        for window in silver:
            if words > args.silver_words:
                break
            chosen.append(swap(window))
            words += len(window.words)
        for part in parts:
            if part == "gold":
                chosen += [roughen(swap(w), rng) for w in material["gold"]]
            elif part == "trees":
                chosen += [roughen(w, rng) for w in material["trees"]]
            elif part == "uner":
                chosen += [replace(w, heads=[], starts=[]) for w in material["uner"]]
            else:
                chosen += material[part]
        return chosen

    per_epoch = len(batches(epoch_windows(), args.batch, rng))
    total = args.steps or per_epoch * args.epochs
    first = 0
    state = args.out / "last.pt"
    if state.exists():
        saved = torch.load(state)
        reader.load_state_dict(saved["reader"])
        optimizer.load_state_dict(saved["optimizer"])
        first = saved["epoch"]
        rng.setstate(saved["rng"])
    step = first * per_epoch
    base = [g["lr"] for g in optimizer.param_groups]
    began = time.time()
    for epoch in range(first, args.epochs):
        sums: Counter[str] = Counter()
        words = 0
        for windows in batches(epoch_windows(), args.batch, rng):
            step += 1
            share = (
                min(1.0, step / (0.06 * total)) * max(0.0, 0.5 * (1 + math.cos(math.pi * min(1, step / total)))) + 0.01
            )
            for group, lr in zip(optimizer.param_groups, base, strict=True):
                group["lr"] = lr * share
            found = losses(reader, encoded(windows), 0.1)
            loss = sum(WEIGHTS[name] * value for name, value in found.items())
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(reader.parameters(), 5.0)
            optimizer.step()
            words += sum(len(w.words) for w in windows)
            for name, value in found.items():
                sums[name] += float(value.detach())
                sums["n:" + name] += 1
            if step % 50 == 0:
                shown = {k: round(v / sums["n:" + k], 3) for k, v in sums.items() if not k.startswith("n:")}
                print(step, total, f"{time.time() - began:.0f}s", words, shown, flush=True)
            if args.steps and step >= args.steps:
                break
        entities = evaluate(reader, encoded, material["dev"])
        print("epoch", epoch + 1, {k: round(v, 4) for k, v in entities.items()}, flush=True)
        torch.save(
            {
                "reader": reader.state_dict(),
                "optimizer": optimizer.state_dict(),
                "epoch": epoch + 1,
                "rng": rng.getstate(),
            },
            state,
        )
        with (args.out / "log.jsonl").open("a") as stream:
            stream.write(json.dumps({"epoch": epoch + 1, "seconds": round(time.time() - began), **entities}) + "\n")
        if args.steps and step >= args.steps:
            break


if __name__ == "__main__":
    main()
