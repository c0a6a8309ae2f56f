"""How often what records of lists and notices state is right, rule by rule, and how much of their documents is found.

usage: python benchmarks/records.py GOLD_FOLDER train2 [--kind official] [--errors 40] [--trust trust.yaml]

GOLD_FOLDER holds `train2.jsonl`, `train2_sources.jsonl` and the scorer `score.py`. With `--trust` the shares are written
as the confidences that extraction uses: right and optional against wrong, with one of each assumed beforehand.
"""

from __future__ import annotations

import argparse
import collections
import importlib.util
import json
from pathlib import Path
from typing import Any

import yaml

from kg.extraction.extractor import load_extractor
from kg.model import Document, Extraction

LISTINGS = frozenset({"listed_by", "listed_on", "listed_under", "delisted_by"})
#: Wrong and right ones assumed before any is counted, so that a rule seen once is not believed for sure.
PRIOR = (4.0, 1.0)


def as_gold(found: Extraction) -> dict[str, Any]:
    """An extraction in the form of the gold files, each triple with its rule."""
    return {
        "id": found.document.id,
        "entities": [
            {"id": e.id, "type": str(e.type), "name": e.name, "mentions": list(e.names)} for e in found.entities
        ],
        "triples": [
            {
                "s": c.subject, "p": c.predicate, "o": {"text": c.object} if c.object_text else c.object, "status": str(c.status),
                "date": c.date, "evidence": c.evidence.text, "rule": c.rule, "confidence": c.confidence,
            }
            for c in found.claims
        ],
    }  # fmt: skip


def load_score(folder: Path) -> Any:
    """The module score.py of the folder with the annotated texts."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    return score


def load_texts(score: Any, folder: Path, sets: list[str], kind: str) -> tuple[dict[str, Any], list[Document]]:
    """The annotations of all sets, and the documents of that kind (of every kind when it is empty)."""
    gold: dict[str, Any] = {}
    documents = []
    for name in sets:
        gold |= score.load(folder / f"{name}.jsonl")
        for line in (folder / f"{name}_sources.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            if kind in ("", row.get("kind", kind)):
                documents.append(Document(row["id"], row["text"], title=row.get("title") or "", date=row.get("date")))
    return gold, documents


def main() -> None:
    """Print the counts of each rule and the figures of the documents."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--kind", default="official")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--missed", default="", help="print the missed triples of this relation")
    parser.add_argument("--trust", type=Path)
    options = parser.parse_args()
    score = load_score(options.folder)
    gold, documents = load_texts(score, options.folder, options.sets, options.kind)
    rules: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    predicted = {}
    shown = 0
    for found in load_extractor().many(documents):
        raw = as_gold(found)
        one = predicted[raw["id"]] = score.Document(raw)
        answer = gold[raw["id"]]
        table = score.match_entities(answer, one)
        for triple in one.triples:
            if not triple["rule"].startswith("record/"):
                continue
            hits = [g for g in answer.triples if score.triple_matches(answer, one, g, triple, table)]
            kind = "wrong" if not hits else "optional" if all(g.get("optional") for g in hits) else "right"
            rules[triple["rule"]][kind] += 1
            if kind == "wrong" and shown < options.errors:
                shown += 1
                print("wrong", raw["id"], triple["rule"], one.label(triple["s"]), triple["p"], one.label(triple["o"]))
    for rule, counts in sorted(rules.items()):
        print(f"{rule:52} right {counts['right']:4} optional {counts['optional']:4} wrong {counts['wrong']:4}")
    answers = {name: gold[name] for name in predicted}
    total, per, errors = score.score(answers, predicted)
    listed = sum((per[p] for p in LISTINGS), collections.Counter())
    for name, counts in (("listings", listed), ("all relations", total)):
        print(name, "P {:.3f} R {:.3f} F1 {:.3f}".format(*score.prf(counts["tp"], counts["fp"], counts["fn"])))
    for kind, did, subject, predicate, obj, _ in errors:
        if predicate == options.missed:
            print(kind, did, subject, predicate, obj)
    if options.trust:
        kept = {}
        for rule, counts in sorted(rules.items()):
            good = counts["right"] + counts["optional"] + PRIOR[0]
            kept[rule] = round(good / (good + counts["wrong"] + PRIOR[1]), 2)
        head = "# How often each kind of record's fact was right on the training texts (benchmarks/records.py), smoothed.\n"
        options.trust.write_text(head + yaml.safe_dump(kept), encoding="utf-8")


if __name__ == "__main__":
    main()
