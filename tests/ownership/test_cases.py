"""The cases of ../shared/cases/lists.jsonl on ownership, asked of the same inputs; skipped without them."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from kg.lists.importer import Options, import_list
from kg.ownership import Case, exposure, rule, stakes
from kg.store import open_store
from tests.ownership.answers import CASES

SHARED = CASES.parent
RULES = {"OFAC": "ofac", "EU": "eu", "UK": "uk"}


def _cases() -> list[dict[str, Any]]:
    path = CASES / "lists.jsonl"
    if not path.is_file():
        return []
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [one for one in records if one["kind"].startswith("ownership") and one["store"]]


def _file(store: str) -> Path:
    return SHARED / store if store.startswith("lists/") else CASES / store


def _fits(expected: str, verdict: str) -> bool:
    """Whether a verdict is the one that the words expect."""
    words = re.sub(r"\(.*?\)", "", expected.lower())
    if words.startswith(('not a plain "not blocked"', 'not "not blocked"')):
        return verdict in ("not known", "cannot be excluded")
    if "cannot be excluded" in words or words == "unknown":
        return verdict in ("cannot be excluded", "not known")
    if words.startswith("not ") or " not blocked" in words:
        return verdict == "not blocked"
    return verdict == "blocked"


@pytest.mark.skipif(not _cases(), reason="../shared/cases is missing")
@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    arguments = shlex.split(case["command"])[2:]
    at = arguments[arguments.index("--at") + 1] if "--at" in arguments else None
    name = " ".join(arguments[: arguments.index("--at")] if at else arguments)
    path = _file(case["store"])
    publisher = "ofac" if path.suffix == ".csv" else "ftm"
    with open_store(None) as store:
        import_list(store, publisher, [path], Options(version="2024-01-01" if publisher == "ofac" else None))
        asked = Case.of(store, name, at=at)
        if "51 %" in case["expect"]:
            assert "51 %" in {str(row.direct) for row in stakes(asked)}
            return
        named = [RULES[word] for word in re.findall(r"\b(OFAC|EU|UK)\b", case["expect"])]
        for chosen in [named[0]] if named else ["ofac"]:
            verdict = str(exposure(asked, rule(chosen)).about.verdict)
            assert _fits(case["expect"], verdict), (case["expect"], verdict)
