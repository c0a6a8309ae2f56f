"""Where the files that come with the package are: ontology, rules, queries, templates.

In a wheel they lie inside the package; in a checkout the ontology stands beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent


def ontology() -> Path:
    """The folder `ontology/`."""
    inside = PACKAGE / "ontology"
    return inside if inside.is_dir() else PACKAGE.parent / "ontology"
