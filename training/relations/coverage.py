"""Candidate coverage: the share of wanted triples between found entities that are candidates at all.

usage: python -m training.relations.coverage --shared ../shared [--split train2] [--missed N] [--cache FOLDER]
"""

from __future__ import annotations

import argparse
import collections
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from kg.extraction.patterns.rule_loader import load_rules
from kg.resources import ontology
from training.relations.gold import Record, load_gold, load_score
from training.relations.items import Item, load_items


class Missed(NamedTuple):
    """A wanted triple that is no candidate."""

    id: str
    subject: str
    predicate: str
    object: str
    evidence: str


class Coverage(NamedTuple):
    """How many wanted triples have their entities found, how many of these are candidates, and those that are not."""

    wanted: collections.Counter[str]
    found: collections.Counter[str]
    missed: list[Missed]
    lost: collections.Counter[str]

    def share(self, group: str) -> float:
        """The share of a group ("pairs", "reasons", "aliases") that are candidates."""
        return self.found[group] / self.wanted[group] if self.wanted[group] else 0.0


def group_of(triple: Record) -> str:
    """The group in which a triple is counted."""
    if not isinstance(triple["o"], dict):
        return "pairs"
    return "aliases" if triple["p"] == "also_known_as" else "reasons"


def coverage(items: Sequence[Item], score: ModuleType) -> Coverage:
    """Count the wanted triples of all documents."""
    out = Coverage(collections.Counter(), collections.Counter(), [], collections.Counter())
    for item in items:
        _count(item, score, out)
    return out


def _count(item: Item, score: ModuleType, out: Coverage) -> None:
    analysis, table = item.analysis, item.table
    found = set(table.values())
    pairs = {frozenset((table.get(c.first.entity), table.get(c.second.entity))) for c in analysis.pair_candidates}
    for match in analysis.matches:
        if match.object_spot is not None:
            pairs.add(frozenset((table.get(match.subject), table.get(match.object))))
    texts: dict[str | None, set[str]] = collections.defaultdict(set)
    text = analysis.view.text
    for one in (*analysis.text_objects, *analysis.alias_candidates):
        texts[table.get(one.mention.entity)].add(" ".join(text[one.start : one.end].split()))
    for entry in analysis.annex:
        texts[table.get(entry.subject.entity)].add(entry.value)
        if entry.object is not None:
            pairs.add(frozenset((table.get(entry.subject.entity), table.get(entry.object.entity))))
    names = {one["id"]: one["name"] for one in item.source.gold["entities"]}
    for triple in item.source.gold["triples"]:
        if triple.get("optional"):
            continue
        group = group_of(triple)
        if triple["s"] not in found or (group == "pairs" and triple["o"] not in found):
            out.lost[group] += 1
            continue
        out.wanted[group] += 1
        if group == "pairs":
            good = frozenset((triple["s"], triple["o"])) in pairs
            written = names[triple["o"]]
        else:
            written = triple["o"]["text"]
            good = any(score.same_text(written, one) or score.same_name(written, one) for one in texts[triple["s"]])
        out.found[group] += good
        if not good:
            out.missed.append(Missed(item.id, names[triple["s"]], triple["p"], written, triple["evidence"]))


def main() -> int:
    """Print the coverage of a split, and some of what is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--split", default="train2")
    parser.add_argument("--cache", type=Path, help="a folder that keeps annotated texts")
    parser.add_argument("--missed", type=int, default=0, help="how many missed triples are shown")
    args = parser.parse_args()
    score = load_score(args.shared)
    items = load_items(
        load_gold(args.shared, args.split), args.split, load_rules(ontology() / "relations"), score, args.cache
    )
    found = coverage(items, score)
    for group in ("pairs", "reasons", "aliases"):
        print(f"{group:8} {found.share(group):.3f} of {found.wanted[group]}; {found.lost[group]} lack an entity")
    for one in found.missed[:: max(1, len(found.missed) // args.missed)] if args.missed else ():
        print(f"  {one.id[:8]} {one.subject} | {one.predicate} | {one.object}   <- {one.evidence[:200]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
