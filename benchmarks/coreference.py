"""Figures of coreference: names on the gold set, and MUC, B3 and CEAF on GUM.

usage: coreference.py gold GOLD.jsonl SOURCES.jsonl [--errors N]
       coreference.py gum GUM.conllu

`gold` gives the program the gold mentions as `doc.ents` (an oracle for names) and counts what the sieves make of
them: over distinct spellings in a document, pairs that belong together (precision, recall) and the share of gold
entities whose predicted cluster holds exactly their spellings.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.language.coreference import clusters


def oracle(nlp: Language, text: str, entities: Iterable[dict]) -> Doc:
    """A Doc of `text` whose entities are the places of the gold mentions, longest first."""
    doc = nlp(text)
    wanted = sorted(
        {(mention, entity["type"]) for entity in entities for mention in (*entity["mentions"], entity["name"])},
        key=lambda pair: (-len(pair[0]), pair),
    )
    taken: set[int] = set()
    ents = []
    for mention, label in wanted:
        for match in re.finditer(r"(?<!\w)" + re.escape(mention) + r"(?!\w)", text):
            span = doc.char_span(match.start(), match.end(), label=label, alignment_mode="expand")
            if span is not None and not taken & set(range(span.start, span.end)):
                taken.update(range(span.start, span.end))
                ents.append(span)
    doc.ents = sorted(ents, key=lambda span: span.start)
    return doc


def read(path: str) -> list[dict]:
    """The JSON objects of the lines of a file."""
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def names(gold_path: str, sources_path: str, errors: int) -> None:
    """Print the figures of name clustering."""
    texts = {source["id"]: source["text"] for source in read(sources_path)}
    nlp = spacy.blank("en")
    count: Counter[str] = Counter()
    shown: dict[str, list[str]] = defaultdict(list)
    for gold in read(gold_path):
        doc = oracle(nlp, texts[gold["id"]], gold["entities"])
        predicted: dict[str, set[int]] = defaultdict(set)
        for index, cluster in enumerate(clusters(doc)):
            for span in cluster.spans:
                if span.kind in ("name", "short", "alias"):
                    predicted[doc[span.start : span.end].text].add(index)
        owner: dict[str, str] = {}
        for entity in gold["entities"]:
            for mention in entity["mentions"]:
                if mention in predicted:
                    owner.setdefault(mention, entity["id"])
        for a, b in combinations(sorted(owner), 2):
            same = owner[a] == owner[b]
            linked = bool(predicted[a] & predicted[b])
            count["gold"] += same
            count["linked"] += linked
            count["right"] += same and linked
            if same != linked:
                shown["missed" if same else "wrong"].append(f"{gold['id'][:12]} {a} | {b}")
        by_cluster: dict[int, set[str]] = defaultdict(set)
        for mention, indexes in predicted.items():
            for index in indexes:
                by_cluster[index].add(mention)
        for entity in gold["entities"]:
            mentions = {
                mention for mention in entity["mentions"] if mention in owner and owner[mention] == entity["id"]
            }
            if not mentions:
                continue
            count["entities"] += 1
            hits = set.union(*(predicted[mention] for mention in mentions))
            count["whole"] += any(mentions <= by_cluster[index] for index in hits)
            count["exact"] += len(hits) == 1 and {m for m in by_cluster[min(hits)] if m in owner} == mentions
    for kind in ("wrong", "missed"):
        print(f"--- {kind}: {len(shown[kind])}")
        for line in shown[kind][:errors]:
            print("   ", line)
    precision, recall = count["right"] / max(1, count["linked"]), count["right"] / max(1, count["gold"])
    print(
        f"pairs: precision {precision:.3f} recall {recall:.3f} f1 {2 * precision * recall / (precision + recall):.3f}"
    )
    print(
        f"entities {count['entities']}: whole {count['whole'] / count['entities']:.3f} exact {count['exact'] / count['entities']:.3f}"
    )


def conllu(path: str) -> Iterator[tuple[str, list[list[list[str]]]]]:
    """(document id, sentences of token rows) of a CoNLL-U file."""
    name, sentences, rows = "", [], []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("# newdoc id"):
            if sentences:
                yield name, sentences
            name, sentences = line.split("=")[1].strip(), []
        elif not line.strip():
            if rows:
                sentences.append(rows)
            rows = []
        elif line[0].isdigit() and line.split("\t")[0].isdigit():
            rows.append(line.split("\t"))
    if rows:
        sentences.append(rows)
    if sentences:
        yield name, sentences


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["gold", "gum"])
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    if options.what == "gold":
        names(options.paths[0], options.paths[1], options.errors)


if __name__ == "__main__":
    main()
