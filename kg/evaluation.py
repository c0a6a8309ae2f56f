"""Predicted triples against a gold set: precision, recall and F1, over all and by relation and kind of document.

Follows the annotation guidelines: names match when they are equal after folding case, punctuation, articles and legal
forms, or when four fifths of their words agree; a text object matches when it shares half of the gold one's content
words; an optional gold triple is neither right nor wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kg.errors import SourceError
from kg.model import SYMMETRIC
from kg.namespaces import name_key

_STOP: Final = frozenset(
    "the a an of for and or to in on at by with from as is was were be been its their his her that which who".split()
)
_WIDE_FORMS: Final = frozenset({"holding", "holdings", "group"})

Record = Mapping[str, Any]


@dataclass(slots=True)
class Score:
    """Counts of one relation, one kind of document, or all; `status`, `date` and `evidence` count among the right."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    status: int = 0
    dated: int = 0
    date: int = 0
    evidence: int = 0

    @property
    def precision(self) -> float:
        """Right among predicted, 0 where nothing was predicted."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """Found among wanted, 0 where nothing was wanted."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(slots=True)
class Report:
    """The scores of a run."""

    total: Score = field(default_factory=Score)
    relations: dict[str, Score] = field(default_factory=dict)
    kinds: dict[str, Score] = field(default_factory=dict)


def load_gold(path: Path) -> list[Record]:
    """The documents of a gold file; raises SourceError that names the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot be read: {error}", place=str(path), hint="give a gold file (JSON lines)") from error
    found: list[Record] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            _ = record["id"], record["entities"], record["triples"]
        except (ValueError, KeyError, TypeError) as error:
            raise SourceError(
                f"is no gold document: {error}", place=f"{path}:{number}", hint="see the guidelines"
            ) from error
        found.append(record)
    return found


def evaluate(gold: Iterable[Record], predicted: Iterable[Record], kinds: Mapping[str, str] | None = None) -> Report:
    """The report for predictions in the form of `kg extract --format jsonl`, joined to the gold by `id`."""
    by_id = {record["id"]: record for record in predicted}
    report = Report()
    for record in gold:
        kind = (kinds or {}).get(record["id"], "all")
        empty = {"id": record["id"], "entities": [], "triples": []}
        for relation, found in _document(record, by_id.get(record["id"], empty)):
            for score in (
                report.total,
                report.relations.setdefault(relation, Score()),
                report.kinds.setdefault(kind, Score()),
            ):
                for name in Score.__slots__:
                    setattr(score, name, getattr(score, name) + getattr(found, name))
    return report


def _document(gold: Record, predicted: Record) -> Iterator[tuple[str, Score]]:
    table = _same_entities(gold, predicted)
    golds = list(gold["triples"])
    used: set[int] = set()
    seen: set[str] = set()
    for triple in predicted["triples"]:
        target = triple["o"] if isinstance(triple["o"], dict) else table.get(triple["o"], triple["o"])
        key = json.dumps([table.get(triple["s"], triple["s"]), triple["p"], target], sort_keys=True)
        if key in seen:
            continue
        seen.add(key)
        found = [k for k, one in enumerate(golds) if _matches(one, triple, gold, predicted, table)]
        if not found:
            yield triple["p"], Score(wrong=1)
            continue
        fresh = [k for k in found if k not in used]
        used.update(found)
        if not fresh:
            continue
        best = golds[min(fresh, key=lambda k: bool(golds[k].get("optional")))]
        if best.get("optional"):
            continue
        yield (
            triple["p"],
            Score(
                right=1,
                status=int((triple.get("status") or "asserted") == (best.get("status") or "asserted")),
                dated=int(bool(best.get("date"))),
                date=int(bool(best.get("date")) and _same_date(best["date"], triple.get("date"))),
                evidence=int(_overlap(best.get("evidence", ""), triple.get("evidence", ""))),
            ),
        )
    for k, one in enumerate(golds):
        if k not in used and not one.get("optional"):
            yield one["p"], Score(missed=1)


def _key(name: str) -> frozenset[str]:
    words = name_key(name).split()
    return frozenset([word for word in words if word not in _WIDE_FORMS] or words)


def _alike(left: str, right: str) -> bool:
    one, two = _key(left), _key(right)
    return bool(one and two) and len(one & two) / len(one | two) >= 0.8


def _names(entity: Record) -> list[str]:
    return [entity["name"], *entity.get("mentions", [])]


def _same_entities(gold: Record, predicted: Record) -> dict[str, str]:
    index: dict[frozenset[str], str] = {}
    for entity in gold["entities"]:
        for name in _names(entity):
            index.setdefault(_key(name), entity["id"])
    table: dict[str, str] = {}
    for entity in predicted["entities"]:
        exact = next((index[_key(name)] for name in _names(entity) if _key(name) in index), None)
        near = exact or next(
            (
                one["id"]
                for one in gold["entities"]
                if any(_alike(left, right) for left in _names(one) for right in _names(entity))
            ),
            None,
        )
        if near is not None:
            table[entity["id"]] = near
    return table


def _matches(gold: Record, triple: Record, gold_doc: Record, doc: Record, table: Mapping[str, str]) -> bool:
    if gold["p"] != triple["p"]:
        return False
    if table.get(triple["s"]) == gold["s"] and _same_object(gold["o"], triple["o"], gold_doc, doc, table):
        return True
    return (
        gold["p"] in SYMMETRIC
        and isinstance(gold["o"], str)
        and isinstance(triple["o"], str)
        and table.get(triple["s"]) == gold["o"]
        and table.get(triple["o"]) == gold["s"]
    )


def _same_object(gold: Any, value: Any, gold_doc: Record, doc: Record, table: Mapping[str, str]) -> bool:
    if isinstance(gold, dict):
        texts = [value["text"]] if isinstance(value, dict) else _entity_names(doc, value)
        return any(_same_text(gold["text"], text) for text in texts)
    if isinstance(value, dict):
        return any(_alike(value["text"], name) for name in _entity_names(gold_doc, gold))
    return bool(table.get(value) == gold)


def _entity_names(doc: Record, identifier: str) -> list[str]:
    return next((_names(one) for one in doc["entities"] if one["id"] == identifier), [])


def _content(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"\w+", text.casefold()) if word not in _STOP)


def _same_text(gold: str, text: str) -> bool:
    one, two = _content(gold), _content(text)
    near = bool(one and two) and len(one & two) / len(one) >= 0.5 and len(one & two) / len(two) >= 0.25
    return near or _alike(gold, text)


def _same_date(gold: str, date: str | None) -> bool:
    length = min(len(gold), len((date or "")[:10]))
    return length >= 4 and date is not None and gold[:length] == date[:length]


def _overlap(gold: str, text: str) -> bool:
    one, two = _content(gold), _content(text)
    shared = len(one & two)
    return bool(one and two) and shared >= min(4, len(one), len(two)) and shared / min(len(one), len(two)) >= 0.5
