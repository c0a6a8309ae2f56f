"""Annotated documents with their kinds, and the folds by which they are cross-validated."""

from __future__ import annotations

import collections
import hashlib
import importlib.util
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

Record = dict[str, Any]

KINDS: Final = ("news", "treasury", "official", "contrast", "report", "hard_negative")
"""The kinds of text by which every figure is reported; `report` holds registers, court and corporate texts, too."""
#: Publishers, as `train` and `dev` name them in place of a kind, by kind of text.
_KIND_OF: Final = {
    **dict.fromkeys(("eu", "un", "uk", "bis", "state", "other_gov"), "official"),
    **dict.fromkeys(("gum", "knowledgenet", "re3d"), "report"),
    "ofac": "treasury",
}
#: Documents whose ids begin so were written as one series about the same invented firms (`gold/DATA.md`).
_SERIES: Final = ("m2",)
_NAMED: Final = frozenset({"Company", "Person", "Vessel", "Organization"})
_FAMOUS: Final = 6
"""A name in more documents than this is a public figure or publisher, and joins no series."""


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A text with its annotation; `kind` is one of `KINDS`, `split` the file it comes from."""

    id: str
    split: str
    kind: str
    text: str
    date: str | None
    gold: Record


def load_gold(shared: Path, split: str) -> list[GoldDocument]:
    """The documents of one split, in the order of its sources."""
    folder = shared / "gold"
    golds = {one["id"]: one for one in _lines(folder / f"{split}.jsonl")}
    kinds: dict[str, str] = {}
    if split == "dev":
        kinds = {one["id"]: one["kind"] for one in _lines(folder / "index.jsonl")}
    return [
        GoldDocument(
            id=source["id"],
            split=split,
            kind=kind_of(source.get("kind") or kinds.get(source["id"], "report")),
            text=source["text"],
            date=source.get("date"),
            gold=golds[source["id"]],
        )
        for source in _lines(folder / f"{split}_sources.jsonl")
    ]


def kind_of(written: str) -> str:
    """The kind of text for the kind or publisher as the sources write it."""
    kind = _KIND_OF.get(written, written)
    return kind if kind in KINDS else "report"


def _lines(path: Path) -> Iterable[Record]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def load_score(shared: Path) -> ModuleType:
    """The scorer that came with the gold set, as a module."""
    spec = importlib.util.spec_from_file_location("gold_score", shared / "gold" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["gold_score"] = module
    spec.loader.exec_module(module)
    return module


def series_of(documents: Sequence[GoldDocument]) -> dict[str, str]:
    """The series of each document, named by one of its documents: those that share a rare name belong together."""
    parent: dict[str, str] = {one.id: one.id for one in documents}

    def find(one: str) -> str:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    named: dict[str, list[str]] = collections.defaultdict(list)
    for one in documents:
        for prefix in _SERIES:
            if one.split == "train2" and one.id.startswith(prefix):
                named[f"series {prefix}"].append(one.id)
        if one.split != "train2":  # real texts share real names and stand alone
            continue
        for name in {e["name"].casefold() for e in one.gold["entities"] if e["type"] in _NAMED}:
            if " " in name:
                named[name].append(one.id)
    for name, ids in named.items():
        if len(ids) <= _FAMOUS or name.startswith("series "):
            for other in ids[1:]:
                parent[find(other)] = find(ids[0])
    return {one.id: find(one.id) for one in documents}


def folds_of(documents: Sequence[GoldDocument], folds: int) -> list[int]:
    """The fold of each document: whole series stay together, each kind is spread evenly by words."""
    series = series_of(documents)
    groups: dict[str, list[GoldDocument]] = collections.defaultdict(list)
    for one in documents:
        groups[series[one.id]].append(one)
    load: dict[str, list[int]] = collections.defaultdict(lambda: [0] * folds)
    place: dict[str, int] = {}

    def size(name: str) -> int:
        return sum(len(one.gold["triples"]) + 1 for one in groups[name])

    def drawn(name: str) -> str:
        return hashlib.sha256(name.encode()).hexdigest()

    for name in sorted(groups, key=lambda name: (-(size(name) // 200), drawn(name))):
        kind = collections.Counter(one.kind for one in groups[name]).most_common(1)[0][0]
        fold = min(range(folds), key=lambda k: (load[kind][k], k))
        load[kind][fold] += size(name)
        place[name] = fold
    return [place[series[one.id]] for one in documents]
