"""Words a second of the English pipeline on one core, beside a bare spaCy pipeline of `en_core_web_sm`'s shape.

usage: python benchmarks/pipeline_speed.py [TEXTS.jsonl.gz] [--texts N]

The bare pipeline has width 96, depth 4, a shared embedding for tagger and parser, its own for names, random
weights: its speed is that of the trained one, since the arithmetic is the same. Both read the same raw texts in the
same process, in turns; words are spaCy's English tokens without spaces, times are of the processor.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import gzip
import json
import time
from pathlib import Path
from statistics import median
from typing import Any

import spacy
from spacy.language import Language

from kg.nlp.pipeline import load_pipeline

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def bare() -> Language:
    """A spaCy pipeline with tagger, parser and recogniser of the small English model's sizes."""
    embed: dict[str, Any] = {
        "@architectures": "spacy.HashEmbedCNN.v2",
        "width": 96,
        "depth": 4,
        "embed_size": 2000,
        "window_size": 1,
        "maxout_pieces": 3,
        "subword_features": True,
        "pretrained_vectors": None,
    }
    shared = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "*"}
    moves = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
    }
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec", config={"model": embed})
    tagger: Any = nlp.add_pipe("tagger", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": shared}})
    parser: Any = nlp.add_pipe("parser", config={"model": {**moves, "state_type": "parser", "tok2vec": shared}})
    names: Any = nlp.add_pipe("ner", config={"model": {**moves, "state_type": "ner", "tok2vec": embed}})
    for i in range(50):
        tagger.add_label(f"T{i}")
        parser.add_label(f"d{i}")
    for i in range(18):
        names.add_label(f"N{i}")
    nlp.initialize()
    return nlp


def read_texts(path: Path | None, count: int) -> list[str]:
    """The texts to read: of a JSON-lines archive, or the examples."""
    if path is None:
        return [p.read_text(encoding="utf-8") for p in sorted(EXAMPLES.glob("*.txt"))] * 5
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line)["text"] for _, line in zip(range(count), stream, strict=False)]


def seconds(nlp: Language, texts: list[str]) -> float:
    """Processor seconds for all texts."""
    began = time.process_time()
    for _ in nlp.pipe(texts):
        pass
    return time.process_time() - began


def main() -> None:
    """Prints words a second of both and their ratio, the median of the rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path, nargs="?")
    parser.add_argument("--texts", dest="count", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    texts = read_texts(args.texts, args.count)
    ours, theirs = load_pipeline(), bare()
    words = sum(not t.is_space for text in texts for t in theirs.make_doc(text))
    for nlp in (ours, theirs):
        seconds(nlp, texts[:2])
    rounds = [(words / seconds(ours, texts), words / seconds(theirs, texts)) for _ in range(args.rounds)]
    print(f"{words} words in {len(texts)} texts, {args.rounds} rounds, one core")
    print(f"this pipeline   {median(a for a, _ in rounds):8.0f} words/s")
    print(f"bare spaCy      {median(b for _, b in rounds):8.0f} words/s")
    print(f"ratio           {median(a / b for a, b in rounds):8.2f}")


if __name__ == "__main__":
    main()
