"""The share of extraction's time that is spent after the parser, and where it goes.

usage: after_parser.py [TEXTS.jsonl] [--documents N] [--profile]

`parser` is everything up to heads, labels, lemmas and recognised names on the Doc; the rest (names made whole,
coreference, rules, scorers, status, dates) is `after`. One core.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from itertools import islice
from pathlib import Path

from kg.documents import read
from kg.extraction.extractor import load_extractor

_DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "gold" / "dev_sources.jsonl"


def main() -> None:
    """Print words a second, the two times, and with `--profile` the functions that cost most."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="?", type=Path, default=_DEFAULT)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    extractor = load_extractor()
    documents = list(islice(read([options.texts]), options.documents))
    nlp = extractor.nlp
    reader, rest = nlp.get_pipe("kg_reader"), nlp.get_pipe("kg_names")
    list(extractor.many(documents[:2]))  # everything loaded and warm
    start = time.process_time()
    docs = list(reader.pipe((nlp.make_doc(document.text) for document in documents), batch_size=16))
    middle = time.process_time()
    profile = cProfile.Profile() if options.profile else None
    if profile is not None:
        profile.enable()
    claims = sum(len(extractor.one(rest(doc), document).claims) for doc, document in zip(docs, documents, strict=True))
    if profile is not None:
        profile.disable()
    end = time.process_time()
    words = sum(len(document.text.split()) for document in documents)
    print(f"{len(documents)} documents, {words} words, {claims} claims: {words / (end - start):.0f} words/s")
    print(f"parser {middle - start:.2f} s, after {end - middle:.2f} s: {100 * (end - middle) / (end - start):.0f} %")
    if profile is not None:
        stats = pstats.Stats(profile).sort_stats("tottime")
        stats.print_stats(45)
        stats.print_callers("doc.pyx:474", "doc.pyx:507", "_no_event", "events.py:101")


if __name__ == "__main__":
    main()
