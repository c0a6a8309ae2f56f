"""Labels of identifying information: "DOB:", "Place of birth:", "(UK Statement of Reasons):", and what each means.

The labels are those of `ontology/layout/fields.yaml`. A label counts at the head of a line, and within one after a
value has ended or where it is spelt with a capital.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import yaml

from kg.resources import ontology

#: Keys whose values are read as sentences.
PROSE: Final = "prose"
_FILLER: Final = r"[\s*_]*(?:\(\d{1,2}\)|\d{1,2}\.?)?[\s*_]*"
#: What closes an entry of a list whose segments semicolons part.
_ENTRY: Final = re.compile(r"\((?:individual|entity|vessel|aircraft)\)|\[[A-Z][A-Z0-9]+(?:-[A-Z0-9]+)*\]")
_TAIL: Final = re.compile(r"[\s.:;*_]+$")


@dataclass(frozen=True, slots=True)
class Label:
    """A label with what it means; its value begins at `end`."""

    key: str
    start: int
    end: int


@cache
def field_keys() -> dict[str, str]:
    """Every label in lower case, with the key that it stands for."""
    loaded: dict[str, list[str]] = yaml.safe_load((ontology() / "layout" / "fields.yaml").read_text(encoding="utf-8"))
    return {label: key for key, labels in loaded.items() for label in labels}


def key_of(label: str) -> str | None:
    """What a label or the head of a column means; None for one that is not known.

    >>> key_of("Date of birth:"), key_of("**Names**"), key_of("Price")
    ('birth_date', 'name', None)
    """
    folded = " ".join(_TAIL.sub("", label).strip(" *_\"'").lower().split())
    keys = field_keys()
    return keys.get(folded) or keys.get(folded.removesuffix("s")) or keys.get(folded.removesuffix("(s)").strip())


def labels(clean: str, start: int, end: int) -> Iterator[Label]:
    """The labels in a line of a text whose markup is masked; none where the line does not open with one or hold two."""
    found = list(_pattern().finditer(clean, start, end))
    if not found or _ENTRY.search(clean, start, end):
        return
    before = clean[start : found[0].start()].split()
    opens = len(before) < 3 and all(re.search(r"\d|^[^\w]+$", word) for word in before)
    if not opens and (len(found) < 2 or sum(match["label"][0] in "(ABCDEFGHIJKLMNOPQRSTUVWXYZ" for match in found) < 2):
        return
    keys = field_keys()
    for number, match in enumerate(found):
        word = match["label"]
        before = clean[start : match.start()].rstrip()
        if word[:1].islower() and before and before[-1] not in ".;,)]>|:" and number == 0 and len(word) > 8:
            continue
        yield Label(keys[" ".join(word.lower().split())], match.start(), match.end())


#: Keys whose values are short: sentences behind them are a statement that bears no label of its own.
_BRIEF: Final = frozenset(
    {"gender", "reference", "listed_on", "citizen_of", "born_in", "modifications", "contact", "passport", "birth_date"}
)
_REMARK: Final = re.compile(r"[.;]\s+(?=[A-Z][^.:]{30,})")


def split_value(clean: str, key: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """The value of a label, and apart from it the sentences that follow a brief one: (key, start, end)."""
    remark = _REMARK.search(clean, start, end) if key in _BRIEF else None
    if remark is None:
        return [(key, start, end)]
    return [(key, start, remark.start() + 1), (PROSE, remark.end(), end)]


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted((label for label in field_keys() if len(label) > 1), key=len, reverse=True)
    spelt = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
    return re.compile(rf"(?<![\w/’'-])(?P<label>{spelt})(?:\(?s\)?|\.)?{_FILLER}:[ \t*_]*", re.IGNORECASE)
