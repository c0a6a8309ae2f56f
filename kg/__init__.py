"""A knowledge graph of sanctioned entities, every edge of it proved by a quotation.

    import kg

    extraction = next(kg.extract(kg.read(["article.txt"])))
    report = kg.build(["article.txt"], store="exports/store")

The names below are the public interface; each is loaded when it is first used, so that `import kg` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kg.builder.pipeline import build as build
    from kg.documents import read as read
    from kg.extraction.extractor import extract as extract
    from kg.graph import Graph as Graph
    from kg.nlp.pipeline import load_pipeline as load_pipeline
    from kg.store import open_store as open_store

_PUBLIC: Final[dict[str, str]] = {
    "Graph": "kg.graph",
    "build": "kg.builder.pipeline",
    "extract": "kg.extraction.extractor",
    "load_pipeline": "kg.nlp.pipeline",
    "open_store": "kg.store",
    "read": "kg.documents",
}

__all__ = ["Graph", "build", "extract", "load_pipeline", "open_store", "read"]


def __getattr__(name: str) -> Any:
    module = _PUBLIC.get(name)
    if module is None:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    return getattr(importlib.import_module(module), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
