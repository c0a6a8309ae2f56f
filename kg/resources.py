"""Locations of the files that come with the package: ontology, rules, queries, templates.

In a wheel they lie inside the package; in a checkout the ontology stands beside it.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent
#: The parts of the package that decide what is read in a text and how it is written down.
_READING: Final = ("documents", "nlp", "extraction", "rdf", "model.py", "namespaces.py", "reference.py")


def ontology() -> Path:
    """The folder `ontology/`."""
    inside = PACKAGE / "ontology"
    return inside if inside.is_dir() else PACKAGE.parent / "ontology"


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Hexadecimal digits that change with whatever decides what is read in a text: code, models, tables, rules."""
    sha = hashlib.sha256()
    try:
        sha.update(version("sanctions-kg").encode())
    except PackageNotFoundError:
        sha.update(b"not installed")
    inside = [path for name in _READING for path in sorted((PACKAGE / name).rglob("*")) or [PACKAGE / name]]
    beside = [path for path in sorted(ontology().rglob("*")) if "queries" not in path.parts]
    for path in [*inside, *beside]:
        if path.is_file() and path.suffix != ".pyc":
            sha.update(path.name.encode())
            sha.update(path.read_bytes())
    return sha.hexdigest()[:32]
