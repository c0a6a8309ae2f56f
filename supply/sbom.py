"""Write `sbom.json` (CycloneDX 1.5): what `make demo` installs, from the lock, and the vendored JavaScript.

    python supply/sbom.py > sbom.json

The same lock and files give the same bytes: no time and no serial number stand in it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
LOCKS: Final = ("requirements.lock", "requirements-build.lock")
_PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)")
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def packages(lock: Path) -> Iterator[dict[str, Any]]:
    """The packages of a lock file, each with its version and hashes."""
    found: dict[str, Any] = {}
    for line in lock.read_text("utf-8").splitlines():
        if pinned := _PINNED.match(line):
            name, version = pinned[1].lower(), pinned[2]
            found = {"type": "library", "name": name, "version": version, "purl": f"pkg:pypi/{name}@{version}"}
            found["hashes"] = []
            yield found
        elif digest := _HASH.search(line):
            found["hashes"].append({"alg": "SHA-256", "content": digest[1]})


def scripts(record: Path) -> Iterator[dict[str, Any]]:
    """The vendored files of a VERSIONS.json, each with the libraries inside it."""
    for name, entry in json.loads(record.read_text("utf-8")).items():
        yield _script(name, entry) | {"hashes": [{"alg": "SHA-256", "content": entry["sha256"]}]}
        for inner, part in entry.get("contains", {}).items():
            yield _script(inner, part)


def _script(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    package = entry.get("package", name)
    return {
        "type": "library",
        "name": package,
        "version": entry["version"],
        "purl": f"pkg:npm/{package.replace('@', '%40')}@{entry['version']}",
        "licenses": [{"expression": entry["license"]}],
    }


def bill() -> dict[str, Any]:
    """The whole bill of materials."""
    made = [part for lock in LOCKS for part in packages(ROOT / lock)]
    made += [part for record in sorted(ROOT.glob("kg/**/VERSIONS.json")) for part in scripts(record)]
    unique = {part["purl"]: part for part in made}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "components": [unique[k] for k in sorted(unique)],
    }


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=1)
    sys.stdout.write("\n")
