"""Fetch the browser library of the tests anew: `python tests/assets/refresh.py` (wants npm).

Each package is taken with `npm pack` at the version in `VERSIONS.json`, or at the one given as NAME=VERSION on the
command line. The file, its licences and its hash are written beside this script.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent

#: package -> (file in the package, its licence files)
PACKAGES = {"axe-core": ("axe.min.js", ("LICENSE",))}


def main(arguments: list[str]) -> None:
    """Refresh every package, in the order of their names."""
    wanted = dict(argument.split("=", 1) for argument in arguments)
    for name, (path, licences) in sorted(PACKAGES.items()):
        record_path = HERE / "VERSIONS.json"
        record = json.loads(record_path.read_text("utf-8")) if record_path.exists() else {}
        version = wanted.get(name) or record.get(name, {}).get("version", "latest")
        with tempfile.TemporaryDirectory() as scratch:
            command = ["npm", "pack", "--silent", f"{name}@{version}"]
            archive = subprocess.run(command, cwd=scratch, check=True, capture_output=True, text=True).stdout.split()[
                -1
            ]
            with tarfile.open(Path(scratch) / archive) as packed:
                texts = {file: _member(packed, file) for file in (path, *licences, "package.json")}
        target = HERE / Path(path).name
        target.write_text(texts[path], "utf-8")
        for licence in licences:
            (HERE / f"{name}.{licence}.txt").write_text(texts[licence], "utf-8")
        described = json.loads(texts["package.json"])
        record[name] = {
            "version": described["version"],
            "license": described["license"],
            "file": target.name,
            "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
        }
        record_path.write_text(json.dumps(record, indent=2, sort_keys=True) + "\n", "utf-8")
        print(f"{name} {described['version']} -> {target}")


def _member(packed: tarfile.TarFile, file: str) -> str:
    member = packed.extractfile(f"package/{file}")
    if member is None:
        raise FileNotFoundError(file)
    return member.read().decode("utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
