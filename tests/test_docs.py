"""The documentation builds without a warning, names every command, and what it shows runs as shown."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from kg import resources
from kg.cli import COMMANDS
from kg.exports import FORMATS
from tests.conftest import ROOT
from tests.test_ontology import RELATIONS

DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "README.md", *DOCS.glob("*.md")))


def blocks(page: str, *languages: str) -> list[tuple[str, str]]:
    """(language, code) of the fenced blocks of a page, in order."""
    return [found for found in BLOCK.findall((ROOT / page).read_text(encoding="utf-8")) if found[0] in languages]


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("_pages", DOCS / "_pages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_site_builds_without_a_warning_and_fetches_nothing(tmp_path: Path) -> None:
    mkdocs = Path(sys.executable).with_name("mkdocs")
    built = subprocess.run(
        [mkdocs, "build", "--strict", "--quiet", "--site-dir", tmp_path / "site"],
        cwd=ROOT, capture_output=True, text=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    configured = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for page in re.findall(r"(\w[\w-]*)\.md$", configured, re.MULTILINE):
        html = (tmp_path / "site" / f"{page}.html").read_text(encoding="utf-8")
        assert re.findall(r"<(?:script|img|iframe)[^>]*\ssrc=\"(https?:[^\"]*)", html) == []
        assert re.findall(r"<link[^>]*\shref=\"(https?:[^\"]*)\"[^>]*rel=\"stylesheet", html) == []


def test_every_page_is_in_the_navigation() -> None:
    named = set(re.findall(r"([\w-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE))
    assert named == {path.name for path in DOCS.glob("*.md")} | {"ontology.md", "relations.md", "commands.md"}


def test_every_command_is_on_the_page_of_commands_with_an_example(pages: ModuleType) -> None:
    page = pages.commands_page()
    for name in COMMANDS:
        section = page.partition(f"\n## kg {name}\n")[2].partition("\n## ")[0]
        assert f"Usage: kg {name}" in section, name
        assert f"kg {name}" in section.partition("Example")[2], f"the help of {name} has no example"


def test_every_relation_is_on_the_page_of_relations(pages: ModuleType) -> None:
    page = pages.relations_page()
    for name in RELATIONS:
        section = page.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
        assert "said like this" in section, name
        assert not re.search(r"\]\{\w+\}", section)


def test_every_class_and_property_is_on_the_page_of_the_ontology(pages: ModuleType) -> None:
    page = pages.ontology_page()
    for term in ("kg:Claim", "kg:Evidence", "kg:Vessel", "kg:percent_min", "kg:imo", "kg:denied", "kg:canonical"):
        assert f"`{term}`" in page or f"### {term}\n" in page, term


def test_every_export_is_on_the_page_of_exports() -> None:
    page = (DOCS / "exports.md").read_text(encoding="utf-8")
    for name in FORMATS:
        assert page.count(f"`{name}`") >= 2, name


def test_the_page_on_adding_a_relation_gives_a_rule_that_runs(tmp_path: Path) -> None:
    from kg.extraction.patterns.rule_loader import load_rules

    ((_, turtle),) = blocks("docs/add-a-relation.md", "turtle")
    ((_, rule),) = blocks("docs/add-a-relation.md", "yaml")
    shutil.copytree(resources.ontology() / "relations", tmp_path / "relations")
    ontology = (resources.ontology() / "sanctions.ttl").read_text(encoding="utf-8")
    (tmp_path / "sanctions.ttl").write_text(ontology + turtle, encoding="utf-8")
    (tmp_path / "relations" / "insurance.yaml").write_text(rule, encoding="utf-8")
    rules = load_rules(tmp_path / "relations")
    assert {pattern.rule for pattern in (*rules.frames, *rules.forms) if pattern.predicate == "insures"} == {
        "insures.insure", "insures.insurer-of", "insures.insured-by",
    }  # fmt: skip
    assert yaml.safe_load(rule)[0]["predicate"] == "insures"


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python", "sh")])
def test_what_a_page_shows_runs_as_shown(page: str, built: Path, tmp_path: Path) -> None:
    """The blocks of a page run one after the other in a folder that holds the examples and the store of the seed."""
    shutil.copytree(built / "exports", tmp_path / "exports")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    script = "\n".join(
        code if language == "sh" else f"python - <<'END_OF_BLOCK'\n{code}END_OF_BLOCK"
        for language, code in blocks(page, "python", "sh")
    )
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("KG_STORE", None)
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the example article was built."""
    if not importlib.util.find_spec("kg.cli.build"):
        pytest.skip("kg build is not here yet")
    folder = tmp_path_factory.mktemp("built")
    source = "examples/china-to-hit-back-over-us-tech-blacklist.txt"
    (folder / "examples").symlink_to(ROOT / "examples")
    kg = Path(sys.executable).with_name("kg")
    subprocess.run([kg, "build", source, "--date", "2019-10-08"], cwd=folder, check=True, capture_output=True)
    return folder
