"""What a heading, recital or lead-in says that the records below it are: listed, amended or removed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, cast

import yaml

from kg.nlp.records.model import Act, What
from kg.nlp.segmentation.blocks import Block
from kg.nlp.segmentation.labels import key_of
from kg.resources import ontology

#: Blocks above a record among which its statement is looked for.
_REACH: Final = 60
#: What had been done before is not what the statement does.
_HISTORY: Final = re.compile(r"\bhad (been|previously)\b|\bpreviously\b", re.IGNORECASE)
#: Whom a statement that does not say "following" must speak of to govern a list.
_PARTIES: Final = re.compile(
    r"\b(individuals?|persons?|people|entit(y|ies)|compan(y|ies)|vessels?|ships?|officials)\b", re.IGNORECASE
)
#: Words of a statement that has no word such as "following" and still governs what stands below.
_SHORT: Final = 18


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ontology() / "layout" / "acts.yaml").read_text(encoding="utf-8"))
    return found


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_words()[name], re.IGNORECASE)


@cache
def _types() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _words()["types"].items())


@cache
def bodies() -> tuple[str, ...]:
    """Names of further bodies that list, beside those of the table of authorities."""
    return tuple(_words()["bodies"])


def what_of(statement: str) -> What | None:
    """What a statement does to the records below it; None where it does nothing or both.

    >>> what_of("The following entries have been removed:"), what_of("It was founded in 1990.")
    ('removed', None)
    """
    removed, amended, listed = (_pattern(name).search(statement) for name in ("removed", "amended", "listed"))
    if removed:
        both = listed and re.search(r"\badd(ed|itions?|s|ing)?\b", statement, re.IGNORECASE)
        return None if both else "removed"
    if amended and not re.search(r"\b(added|newly|(has|have) been listed|(is|are) listed)\b", statement, re.IGNORECASE):
        return "amended"
    return "listed" if listed else None


def heading_of_list(text: str, blocks: Sequence[Block]) -> Act | None:
    """The heading among the first blocks of a document that names the list it is."""
    for block in blocks[:4]:
        statement = text[block.start : block.end]
        if block.kind != "field" and len(statement) < 100 and _pattern("list_heading").search(statement):
            return Act("standing", block.start, block.end)
    return None


@cache
def official_names() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """How texts of authorities name committees, lists and laws, each with its type."""
    kinds = (("committee_names", "GovernmentBody"), ("list_names", "List"), ("law_names", "LegalInstrument"))
    return tuple((kind, re.compile(pattern)) for name, kind in kinds for pattern in _words()[name])


def type_of(heading: str) -> str:
    """The type of the parties below a heading such as "A. Natural persons"; "" where it tells none."""
    if len(heading) > 90:
        return ""
    return next((kind for kind, words in _types() if words.search(heading)), "")


def governing(
    text: str, blocks: Sequence[Block], at: int, taken: Sequence[tuple[int, int]], *, strict: bool = False
) -> tuple[Act | None, str]:
    """The act that governs what begins at a character, and the type that a heading between them tells.

    A statement counts where it says that something follows; right above a heading of a type other ones do too, unless
    `strict`.
    """
    last = next((k for k in range(len(blocks) - 1, -1, -1) if blocks[k].end <= at), -1)
    kind, near = "", 0
    for k in range(last, max(-1, last - 4 * _REACH), -1):
        block = blocks[k]
        if any(start <= block.start < end for start, end in taken):
            continue
        near += block.kind != "item"
        if near > _REACH:
            break
        statement = text[block.start : block.end]
        if not kind and (found := type_of(statement)):
            kind = found
        weak = bool(kind) and block.kind != "item" and (near <= 3 or k <= 6) and _PARTIES.search(statement)
        if act := _act(statement, block, strict=strict or not weak):
            return act, kind
    return None, kind


def _act(statement: str, block: Block, *, strict: bool) -> Act | None:
    words = len(statement.split())
    if block.kind in ("row", "field", "byline") or words > 160 or key_of(statement) is not None:
        return None
    parts = list(re.finditer(r"[^.;]+(?:[.;](?!\s+[A-Z(]|\s*$)[^.;]*)*[.;:]?", statement))[::-1]
    heading = words <= _SHORT and block.kind == "heading"
    leading = [part for part in parts if heading or _pattern("follows").search(part.group())]
    for part in leading if strict else [*leading, *parts]:
        said = part.group()
        if not _HISTORY.search(said) and (what := what_of(said)):
            return Act(cast(What, what), block.start + part.start(), block.start + part.end())
    return None
