"""Fetch the vendored browser libraries anew: `python kg/view/vendor/refresh.py` (wants npm).

Each package is taken with `npm pack` at the version in `VERSIONS.json`, or at the one given as NAME=VERSION on the
command line. The file, its licences, its hash and the hashes of the style sheets that it injects (they go into the
page's Content-Security-Policy) are written beside this script. Nothing of this runs when the program runs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TESTS = HERE.parents[2] / "tests" / "assets"

#: package -> (folder to write to, file in the package, its licence files)
PACKAGES = {
    "vis-network": (HERE, "standalone/umd/vis-network.min.js", ("LICENSE-MIT", "LICENSE-APACHE-2.0")),
    "axe-core": (TESTS, "axe.min.js", ("LICENSE",)),
}


def main(arguments: list[str]) -> None:
    """Refresh every package, in the order of their names."""
    wanted = dict(argument.split("=", 1) for argument in arguments)
    for name, (folder, path, licences) in sorted(PACKAGES.items()):
        folder.mkdir(parents=True, exist_ok=True)
        record_path = folder / "VERSIONS.json"
        record = json.loads(record_path.read_text("utf-8")) if record_path.exists() else {}
        version = wanted.get(name) or record.get(name, {}).get("version", "latest")
        with tempfile.TemporaryDirectory() as scratch:
            command = ["npm", "pack", "--silent", f"{name}@{version}"]
            archive = subprocess.run(command, cwd=scratch, check=True, capture_output=True, text=True).stdout.split()[
                -1
            ]
            with tarfile.open(Path(scratch) / archive) as packed:
                texts = {file: _member(packed, file) for file in (path, *licences, "package.json")}
        target = folder / Path(path).name
        target.write_text(texts[path], "utf-8")
        for licence in licences:
            (folder / f"{name}.{licence}.txt").write_text(texts[licence], "utf-8")
        described = json.loads(texts["package.json"])
        record[name] = {
            "version": described["version"],
            "license": described["license"],
            "file": target.name,
            "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
            "styles": injected_styles(texts[path]),
        }
        record_path.write_text(json.dumps(record, indent=2, sort_keys=True) + "\n", "utf-8")
        print(f"{name} {described['version']} -> {target}")


def injected_styles(script: str) -> list[str]:
    """The CSP hashes of the style sheets that a script of vis.js adds to the page by itself, sorted."""
    function = re.search(r'function (\w+)\(\w+,\w+\)\{(?:(?!function).){0,300}createElement\("style"\)', script)
    if function is None:
        return []
    calls = re.findall(rf"""[;{{}}]{function.group(1)}\((["'])((?:\\.|(?!\1).)*\{{(?:\\.|(?!\1).)*)\1\)""", script)
    return sorted({csp_hash(re.sub(r"\\(.)", r"\1", sheet)) for _, sheet in calls})


def csp_hash(text: str) -> str:
    """`sha256-...` of an inline script or style, as a Content-Security-Policy writes it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _member(packed: tarfile.TarFile, file: str) -> str:
    member = packed.extractfile(f"package/{file}")
    if member is None:
        raise FileNotFoundError(file)
    return member.read().decode("utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
