"""What comes from others: vendored scripts are what their record says, and every install is by hash."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RECORDS = sorted(ROOT.glob("kg/**/VERSIONS.json"))


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.parent.as_posix())
def test_vendored_scripts_match_their_record(record: Path) -> None:
    licences = "".join(path.read_text("utf-8") for path in record.parent.glob("*LICENSE*"))
    for entry in json.loads(record.read_text("utf-8")).values():
        content = (record.parent / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
        assert entry["version"] in licences
        for name, part in entry.get("contains", {}).items():
            assert part["mark"] in content.decode("utf-8"), name
            assert part["version"] in part["mark"]
            assert part["version"] in licences, name


def test_every_vendored_script_has_a_record() -> None:
    recorded = {(path.parent / entry["file"]) for path in RECORDS for entry in json.loads(path.read_text()).values()}
    assert set(ROOT.glob("kg/**/*.min.*")) == recorded


def test_every_install_of_the_makefile_is_by_hash() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for line in re.findall(r"pip install .*", makefile):
        assert "--require-hashes" in line or "--no-build-isolation -e ." in line or line.endswith("-q uv"), line
    for lock in ("requirements.lock", "requirements-build.lock"):
        for entry in re.split(r"\n(?=\S)", (ROOT / lock).read_text("utf-8").strip()):
            assert "--hash=sha256:" in entry, entry[:80]
    assert re.search(r"^hatchling==", (ROOT / "requirements-build.lock").read_text("utf-8"), re.M)


def test_the_bill_of_materials_names_all() -> None:
    made = [
        subprocess.run([sys.executable, ROOT / "supply/sbom.py"], capture_output=True, check=True).stdout for _ in "ab"
    ]
    assert made[0] == made[1]
    names = {part["name"]: part for part in json.loads(made[0])["components"]}
    assert {"spacy", "lxml", "hatchling", "dompurify", "@zazuko/yasgui"} <= set(names)
    assert all(part.get("hashes") for part in names.values() if part["purl"].startswith("pkg:pypi/"))
