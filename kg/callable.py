"""A module that can be called like the function it is named after.

`kg.read` and `kg.extract` are functions of the public interface and modules of the package. Importing a module sets
it as an attribute of its package, so after the first import the name means the module; a call must still work.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


def call_as(module: str, function: Callable[..., Any]) -> None:
    """Let a call of `module` be a call of `function`."""

    class Called(ModuleType):
        """The module, callable."""

        def __call__(self, *arguments: Any, **options: Any) -> Any:
            """What the function gives."""
            return function(*arguments, **options)

    sys.modules[module].__class__ = Called
