"""Everything that is trained on, read once and kept as one file of windows outside the repository."""

from __future__ import annotations

import argparse
import pickle
from collections import Counter
from pathlib import Path

import corpus
import names

from kg.nlp.segmentation.tokenizer import sentence_like, text_tokenizer


def main() -> None:
    """Reads the shared data and writes the windows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="the folder with treebanks/, gold/, ner/, lists/")
    parser.add_argument("--out", type=Path, required=True, help="where windows.pickle goes")
    args = parser.parse_args()
    banks = args.shared / "treebanks"
    tokenizer = text_tokenizer()
    windows = [
        *corpus.treebank(banks / "ewt-train.conllu"),
        *corpus.treebank(banks / "gum-train.conllu", seed=1),
    ]
    uner = corpus.treebank(banks / "ewt-dev.conllu", names=banks / "ewt-dev.ner.iob2", seed=2)
    dev = corpus.treebank(banks / "ewt-dev.conllu", names=banks / "ewt-dev.ner.iob2", seed=3)
    wiki = corpus.wikigold(args.shared / "ner" / "wikigold.conll")
    gold = corpus.gold(
        args.shared / "gold" / "train_sources.jsonl",
        args.shared / "gold" / "train.jsonl",
        lambda t: sentence_like(t, tokenizer),
    )
    listed = names.listed_names(args.shared / "lists" / "ofac", lambda n: [t.text for t in tokenizer(n)])
    args.out.mkdir(parents=True, exist_ok=True)
    with (args.out / "windows.pickle").open("wb") as stream:
        pickle.dump({"trees": windows, "uner": uner, "dev": dev, "wiki": wiki, "gold": gold, "listed": listed}, stream)
    for name, part in (("trees", windows), ("uner", uner), ("wiki", wiki), ("gold", gold)):
        print(name, len(part), "windows", sum(len(w.words) for w in part), "words")
    print({k: len(v) for k, v in listed.items()}, Counter(len(w.words) // 20 * 20 for w in gold).most_common(8))


if __name__ == "__main__":
    main()
