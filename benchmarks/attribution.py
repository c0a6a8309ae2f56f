"""How well the status of a predicate is judged when the sentence and its predicate are told.

usage: attribution.py GOLD.jsonl SOURCES.jsonl [--errors N] [--show STATUS]

The predicate is the word where the ways from the subject's and the object's mention to the root of the gold
evidence's sentence meet. Printed are precision and recall for each status other than asserted, and the accuracy.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path

from kg.extraction.factuality import read_factuality
from kg.nlp.dependencies import read_tree


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold")
    parser.add_argument("sources")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--show", default="")
    options = parser.parse_args()
    from kg.nlp.pipeline import load_pipeline

    nlp = load_pipeline()
    sources = {s["id"]: s for s in map(json.loads, Path(options.sources).read_text(encoding="utf-8").splitlines())}
    table: Counter[tuple[str, str]] = Counter()
    errors = []
    for gold in map(json.loads, Path(options.gold).read_text(encoding="utf-8").splitlines()):
        text = sources[gold["id"]]["text"]
        doc = nlp(text)
        tree = read_tree(doc)
        entities = {e["id"]: e for e in gold["entities"]}
        for triple in gold["triples"]:
            token = predicate(doc, tree, text, triple, entities)
            if token is None:
                continue
            got = read_factuality(doc, token, tree=tree, predicate=triple["p"])
            table[triple["status"], got.status] += 1
            if triple["status"] != got.status and options.show in (triple["status"], got.status):
                cues = [doc[a:b].text for _, a, b in got.cues]
                errors.append(
                    f"{triple['status']} -> {got.status} {triple['p']} at {doc[token].text!r} {cues}: "
                    f"{triple['evidence'][:260]}"
                )
    for line in errors[:: max(1, len(errors) // max(1, options.errors))][: options.errors]:
        print(line.replace("\n", " "))
    for status in ("alleged", "denied", "planned", "ended"):
        right = table[status, status]
        found = sum(n for (_, got), n in table.items() if got == status)
        want = sum(n for (is_, _), n in table.items() if is_ == status)
        print(
            f"{status:8} precision {right}/{found} {right / max(1, found):.2f}  recall {right}/{want} "
            f"{right / max(1, want):.2f}"
        )
    same = sum(n for (a, b), n in table.items() if a == b)
    print(f"accuracy {same}/{sum(table.values())} {same / max(1, sum(table.values())):.3f}")


def predicate(doc, tree, text, triple, entities):
    """The token where the ways of subject and object meet, in the first part of the evidence that holds both."""
    subject = entities[triple["s"]]["mentions"]
    goal = triple["o"]
    objects = [goal["text"]] if isinstance(goal, dict) else entities[goal]["mentions"]
    for part in triple["evidence"].split(" [...] "):
        at = text.find(part)
        if at < 0:
            continue
        first, second = place(doc, part, at, subject), place(doc, part, at, objects)
        if second is not None and isinstance(goal, dict):
            return second
        if first is None or second is None:
            continue
        way, token = [first], first
        while tree.heads[token] != token:
            token = tree.heads[token]
            way.append(token)
        token = second
        while token not in way:
            if tree.heads[token] == token:
                return None
            token = tree.heads[token]
        return token
    return None


def place(doc, part, at, names):
    """The head token of the first of the names in the evidence."""
    best = min((m.start() for name in names for m in re.finditer(re.escape(name), part)), default=None)
    if best is None:
        return None
    name = max((n for n in names if part.startswith(n, best)), key=len)
    span = doc.char_span(at + best, at + best + len(name), alignment_mode="expand")
    return span.root.i if span is not None else None


if __name__ == "__main__":
    main()
