"""The house is in order: names in the docs exist, modules are small, words stand in data, no party stands in code."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

NAMED = re.compile(r"`((?:kg|ontology|tests|training|benchmarks|docs)/[\w./-]+|pyproject\.toml|CHANGELOG\.md)`")
LARGEST = 400
#: File -> English words that still stand in its literals; a figure may fall and a file may go, none may rise or come.
WORDS = json.loads((ROOT / "tests" / "golden" / "words_in_python.json").read_text(encoding="utf-8"))
FEWEST = 6  # a literal of fewer words is no word list
MODULES = sorted(path for path in (ROOT / "kg").rglob("*.py") if "__pycache__" not in path.parts)


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/glossary.md", "CONTRIBUTING.md"])
def test_every_file_that_a_page_names_exists(page: str) -> None:
    found = NAMED.findall((ROOT / page).read_text(encoding="utf-8"))
    assert len(found) > 15
    assert [name for name in found if not (ROOT / name).exists()] == []


def test_the_way_of_the_sentence_runs_through_every_package() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = [path.parent.name for path in (ROOT / "kg").glob("*/__init__.py")]
    assert len(packages) > 10
    assert [name for name in packages if f"kg/{name}/" not in page] == []


def test_the_errands_of_the_contributing_page_point_where_the_thing_is() -> None:
    """What a row promises to find in a file stands in that file."""
    for path, text in {
        "kg/nlp/coref/aliases.py": "also known as",
        "kg/nlp/lexicon/factuality.yaml": "deny",
        "kg/nlp/coref/pronouns.py": "NEARNESS",
        "training/relations/calibration.py": "threshold",
        "ontology/reference/authorities.yaml": "Office of Foreign Assets Control",
        "kg/exports/tables.py": "class ClaimRow",
        "kg/view/assets/page.css": ".status-alleged",
        "ontology/ownership-rules.yaml": "threshold: 50",
    }.items():
        assert text in (ROOT / path).read_text(encoding="utf-8"), path


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > LARGEST} == {}


def word_lists(source: str) -> Iterator[list[str]]:
    """The literals of a module that are lists of words: displays of strings, and strings that are split."""
    for node in ast.walk(ast.parse(source)):
        words: list[str] = []
        if isinstance(node, ast.Set | ast.List | ast.Tuple):
            words = [one.value for one in node.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        elif isinstance(node, ast.Dict):
            words = [one.value for one in node.keys if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split":
            text = node.func.value
            words = text.value.split() if isinstance(text, ast.Constant) and isinstance(text.value, str) else []
        words = [word for word in words if re.fullmatch(r"[A-Za-z][a-z' -]*", word)]
        if len(words) >= FEWEST:
            yield words


def words_in_python() -> dict[str, int]:
    """File of the reading packages -> how many words stand in its word lists."""
    found = {}
    for package in ("nlp", "extraction", "matching"):
        for path in sorted((ROOT / "kg" / package).rglob("*.py")):
            words = sum(map(len, word_lists(path.read_text(encoding="utf-8"))))
            if words:
                found[path.relative_to(ROOT).as_posix()] = words
    return found


def test_word_lists_in_python_only_get_fewer() -> None:
    assert {name: words for name, words in words_in_python().items() if words > WORDS.get(name, 0)} == {}


def test_a_word_list_in_python_is_found() -> None:
    lists = list(
        word_lists('A = {"deny", "refute", "dispute", "rebut", "reject", "contest"}\nB = "a b c d e f".split()')
    )
    assert [len(words) for words in lists] == [6, 6]
    assert list(word_lists('C = ("subject", "object")')) == []


def test_no_party_of_the_rule_examples_and_the_golden_texts_stands_in_python() -> None:
    """Parties are met in texts and lists; a rule that knew one by name would show here."""
    parties = set()
    for path in (ROOT / "tests" / "golden" / "triples").iterdir():
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            subject, _, target = line.split("\t")[:3]
            parties.update({subject, target})
    for path in (ROOT / "ontology" / "relations").glob("*.yaml"):
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for rule in loaded if isinstance(loaded, list) else [loaded]:
            for example in rule.get("examples", []):
                parties.update(re.findall(r"\[([^\]]+)\]\{(?:Company|Person|Organization)\}", example["text"]))
    parties = {name for name in parties if re.fullmatch(r"[A-Z]\w+(?: [A-Z][\w.,&-]+)+", name)}
    assert len(parties) > 30
    assert in_code(parties) == set()


def test_no_party_of_the_gold_texts_stands_in_python(shared: Path) -> None:
    lines = (shared / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    parties = {
        mention
        for line in lines
        for entity in json.loads(line)["entities"]
        if entity["type"] in ("Person", "Company", "Organization", "Vessel")
        for mention in entity["mentions"]
        if re.fullmatch(r"[A-Z]\w+(?: [A-Z][\w.,&-]+)+", mention)
    }
    assert len(parties) > 200
    assert in_code(parties) == set()


def in_code(parties: set[str]) -> set[tuple[str, str]]:
    """(module, party) for each party in a string of a reading module; authorities, countries and lists are none."""
    code = [(path, strings_of(path)) for path in MODULES if path.parent.name in READING]
    known = {
        name.lower()
        for file in ("authorities", "countries", "lists")
        for name in re.findall(r"[\w.'-]+(?: [\w.'-]+)+", (ROOT / f"ontology/reference/{file}.yaml").read_text("utf-8"))
    }
    return {(path.name, name) for path, text in code for name in parties if name in text and name.lower() not in known}


READING = {
    "nlp", "coref", "temporal", "ner", "segmentation", "records", "model", "extraction", "patterns", "events",
    "candidates", "features", "scoring", "matching", "resolve", "ownership",
}  # fmt: skip


def strings_of(path: Path) -> str:
    """The string literals of a module without its docstrings, one below the other."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    help_ = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    strings = (one for one in ast.walk(tree) if isinstance(one, ast.Constant) and id(one) not in help_)
    return "\n".join(one.value for one in strings if isinstance(one.value, str))
