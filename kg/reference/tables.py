"""`ontology/reference/NAME.yaml`, read once: the facts of the world that the program knows."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from kg.errors import RuleError
from kg.resources import ontology


@cache
def table(name: str) -> Any:
    """The content of `ontology/reference/NAME.yaml`; raises RuleError where it cannot be read."""
    path = ontology() / "reference" / f"{name}.yaml"
    try:
        return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError) as error:
        raise RuleError(str(error).replace("\n", " "), place=str(path), hint="install the package anew") from error
