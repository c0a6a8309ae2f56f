"""Writes the trained network as the packaged model: weights as bytes with a scale a row, labels, lemma table, meta."""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from corpus import sentences

from kg.nlp.model.lemmatizer import Lemmas, by_ending


def packed(name: str, tensor: torch.Tensor) -> dict[str, np.ndarray]:
    """A matrix in bytes with a scale for each row; vectors and small matrices in half precision."""
    array = tensor.detach().float().numpy()
    if array.ndim != 2 or array.size < 20_000 or name.startswith(("positions", "shapes")):
        return {name: array.astype(np.float16)}
    scale = np.abs(array).max(1) / 127
    scale[scale == 0] = 1
    scale = scale.astype(np.float32)
    return {name: np.rint(array / scale[:, None]).astype(np.int8), name + ":scale": scale}


def lemma_table(paths: list[Path]) -> dict[str, str]:
    """The lemmas of the treebanks that the endings get wrong, the commonest for each form and part of speech."""
    seen: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for path in paths:
        for sentence, _, _ in sentences(path):
            for word, upos, xpos, lemma in zip(
                sentence.words, sentence.upos, sentence.xpos, sentence.lemmas, strict=True
            ):
                if upos not in ("PROPN", "PUNCT", "NUM", "SYM", "X") and lemma != "_":
                    seen[word.lower(), upos, xpos][lemma] += 1
    rules = Lemmas({})
    by_form: dict[str, Counter[str]] = defaultdict(Counter)
    wrong: set[str] = set()
    for (form, upos, xpos), lemmas in seen.items():
        key = f"{form}|{upos}"
        by_form[key].update(lemmas)
        if rules(form, upos, xpos) != lemmas.most_common(1)[0][0]:
            wrong.add(key)
    return {key: by_form[key].most_common(1)[0][0] for key in sorted(wrong)}


def attested(texts: Iterable[str], known: dict[str, str]) -> dict[str, str]:
    """Lemmas of inflected words where the endings give a word that the texts never hold and another base is common."""
    counts = Counter(word for text in texts for word in re.findall(r"(?<![A-Za-z])[a-z]{2,}(?![A-Za-z])", text))
    found: dict[str, str] = {}
    for word, count in sorted(counts.items()):
        for upos, ending, most in (("VERB", "ing", 3), ("VERB", "ed", 3), ("NOUN", "es", 3)):
            key = f"{word}|{upos}"
            stem = word.removesuffix(ending)
            if stem == word or count < most or key in known or len(stem) < 3:
                continue
            if upos == "NOUN" and not stem.endswith(("s", "x", "z", "ch", "sh")):
                continue
            bases = {stem, stem + "e", *([stem[:-1]] if stem[-1] == stem[-2] != "s" else [])}
            best = max(sorted(bases), key=lambda base: counts[base])
            guess = by_ending(word, upos)
            if counts[best] >= 3 and counts[best] > 4 * counts[guess]:
                found[key] = best
    return found


def main() -> None:
    """Writes `weights.npz`, `labels.json`, `lemmas.json` into `--package`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, nargs="+", required=True, help="several are averaged")
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--package", type=Path, required=True)
    args = parser.parse_args()
    states = [torch.load(path, map_location="cpu")["reader"] for path in args.checkpoint]
    state = {name: sum(s[name] for s in states) / len(states) for name in states[0]}
    labels = json.loads((args.checkpoint[0].parent / "labels.json").read_text())
    form = labels.pop("form")
    labels["attention_heads"] = [str(form["attention"])]
    state["positions.weight"] = state["positions.weight"][:121]
    arrays: dict[str, np.ndarray] = {}
    for name, tensor in state.items():
        arrays.update(packed(name, tensor))
    args.package.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(args.package / "weights.npz", **arrays)
    (args.package / "labels.json").write_text(
        json.dumps(labels, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    banks = args.shared / "treebanks"
    table = lemma_table([banks / "ewt-train.conllu", banks / "gum-train.conllu"])
    with gzip.open(args.shared / "corpora" / "treasury_1997_2023.jsonl.gz", "rt", encoding="utf-8") as stream:
        releases = [json.loads(line)["text"] for line in stream]
    training = [" ".join(s.words) for name in ("ewt", "gum") for s, _, _ in sentences(banks / f"{name}-train.conllu")]
    table |= attested([*releases, *training], table)
    table = dict(sorted(table.items()))
    (args.package / "lemmas.json").write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    size = sum(f.stat().st_size for f in args.package.iterdir())
    print(f"{len(arrays)} arrays, {len(table)} lemmas, {size / 1e6:.1f} MB in {args.package}")


if __name__ == "__main__":
    main()
