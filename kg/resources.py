"""Where the files that come with the package are: ontology, rules, queries, templates.

In a wheel they lie inside the package; in a checkout the ontology stands beside it.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent


def ontology() -> Path:
    """The folder `ontology/`."""
    inside = PACKAGE / "ontology"
    return inside if inside.is_dir() else PACKAGE.parent / "ontology"


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Hexadecimal digits that change with whatever decides what is read in a text: version, models, tables, rules."""
    sha = hashlib.sha256()
    try:
        sha.update(version("sanctions-kg").encode())
    except PackageNotFoundError:
        sha.update(b"not installed")
    folders = ("nlp/model/en_sanctions", "extraction/scoring/weights", "nlp/ner/data")
    files = [path for folder in folders for path in sorted((PACKAGE / folder).rglob("*"))]
    for path in [*files, *sorted((ontology() / "relations").glob("*.yaml"))]:
        if path.is_file():
            sha.update(path.name.encode())
            sha.update(path.read_bytes())
    return sha.hexdigest()[:32]
