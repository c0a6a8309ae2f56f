"""Third stage: the packaged network learns the names of the second gold set, one pass from its stored weights.

usage: python training/pipeline/continue_names.py --windows windows.pickle --package FOLDER --out FOLDER

Reads `weights.npz` and `labels.json` of the package and writes `last.pt` and `labels.json` for `export.py`. A pass holds
both gold sets (of the short contrastive texts three in five), UNER, and a part of the treebanks and of Wikigold, so that
trees and tags are not forgotten.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import random
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from corpus import NameSwapper, Window, roughen
from network import Reader, Shape
from train_network import WEIGHTS, Encoded, batches, evaluate, losses

from kg.nlp.model.wordpiece import WordPieces

RATES = (1.2e-4, 3e-4)
"""Peak learning rates of the encoder and of the heads: those of the second stage, tuned 2026-11."""
TREE_WORDS, WIKI_WORDS = 130_000, 25_000
LONGEST = 120  # words; the packaged positions reach one further


def stored(package: Path) -> dict[str, torch.Tensor]:
    """The weights of the package as float32."""
    with np.load(package / "weights.npz", allow_pickle=False) as arrays:
        state = {}
        for name in arrays.files:
            if not name.endswith(":scale"):
                array = arrays[name].astype(np.float32)
                if name + ":scale" in arrays.files:
                    array *= arrays[name + ":scale"].astype(np.float32)[:, None]
                state[name] = torch.from_numpy(array)
    return state


def shape_of(state: dict[str, torch.Tensor], labels: dict[str, list[str]]) -> Shape:
    """The sizes of a stored network."""
    tags = {name: len(labels[name]) for name in ("upos", "xpos", "feats", "dep", "ner")} | {"starts": 2}
    pieces, width = state["pieces.weight"].shape
    layers = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
    return Shape(
        pieces=pieces,
        shapes=len(state["shapes.weight"]),
        width=width,
        layers=layers,
        attention=int(labels["attention_heads"][0]),
        inner=len(state["layers.0.up.weight"]),
        arc=len(state["arc_dep.weight"]),
        label=len(state["label_dep.weight"]),
        positions=len(state["positions.weight"]),
        tags=tags,
    )


def some(windows: list[Window], words: int, rng: random.Random) -> list[Window]:
    """Random windows of about so many words."""
    shuffled, chosen, count = windows[:], [], 0
    rng.shuffle(shuffled)
    for window in shuffled:
        if count > words:
            break
        chosen.append(window)
        count += len(window.words)
    return chosen


def one_pass(material: dict[str, list[Window]], rng: random.Random, swap: NameSwapper) -> list[Window]:
    """The windows of the pass."""
    named = [
        w for w in material["gold"] + material["more"] if not w.source.startswith("contrast:") or rng.random() < 0.6
    ]
    chosen = [roughen(swap(window), rng) for window in named]
    chosen += [roughen(window, rng) for window in some(material["trees"], TREE_WORDS, rng)]
    chosen += [replace(window, heads=[], starts=[]) for window in material["uner"]]
    chosen += some(material["wiki"], WIKI_WORDS, rng)
    return [window for window in chosen if len(window.words) <= LONGEST]


def main() -> None:
    """Train one pass, with a checkpoint every hundred steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--windows", type=Path, required=True)
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=3)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    rng = random.Random(args.seed)
    labels = json.loads((args.package / "labels.json").read_text(encoding="utf-8"))
    state = stored(args.package)
    form = shape_of(state, labels)
    reader = Reader(form)
    reader.load_state_dict(state)
    reader.train()
    encoded = Encoded({name: labels[name] for name in ("upos", "xpos", "feats", "dep")}, WordPieces(labels["pieces"]))
    material = pickle.loads(args.windows.read_bytes())
    windows = one_pass(material, rng, NameSwapper(material["listed"], share=0.25, seed=args.seed))
    steps = batches(windows, 1400, rng)
    groups: dict[bool, list[torch.nn.Parameter]] = {True: [], False: []}
    for name, parameter in reader.named_parameters():
        groups[name.split(".")[0] in ("pieces", "layers", "norm", "positions")].append(parameter)
    optimizer = torch.optim.AdamW(
        [{"params": groups[old], "lr": rate} for old, rate in zip((True, False), RATES, strict=True)],
        weight_decay=0.01,
        betas=(0.9, 0.98),
    )
    args.out.mkdir(parents=True, exist_ok=True)
    for number, batch in enumerate(steps, 1):
        share = min(1.0, number / 25) * max(0.0, 0.5 * (1 + math.cos(math.pi * number / len(steps)))) + 0.01
        for group, rate in zip(optimizer.param_groups, RATES, strict=True):
            group["lr"] = rate * share
        loss = sum(WEIGHTS[name] * value for name, value in losses(reader, encoded(batch), 0.1).items())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 5.0)
        optimizer.step()
        if number % 100 == 0 or number == len(steps):
            print(number, len(steps), float(loss.detach()), flush=True)
            torch.save({"reader": reader.state_dict(), "epoch": 1}, args.out / "last.pt")
    (args.out / "labels.json").write_text(json.dumps({**labels, "form": asdict(form)}), encoding="utf-8")
    print(evaluate(reader, encoded, material["dev"]), flush=True)


if __name__ == "__main__":
    main()
