"""Costly expressions searched only near what each of their matches must hold: a digit, a percent sign."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

Windows = list[tuple[int, int]]
"""Half-open ranges of characters, apart from one another and in order."""


def around(anchor: re.Pattern[str], text: str, *, before: int, after: int) -> Windows:
    """The parts of a text within so many characters of a match of `anchor`."""
    found: Windows = []
    for match in anchor.finditer(text):
        start, end = max(0, match.start() - before), min(len(text), match.end() + after)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def searched(pattern: re.Pattern[str], text: str, windows: Iterable[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """The matches of a pattern in these parts; what stands before a part is seen, what stands after it is not."""
    for start, end in windows:
        yield from pattern.finditer(text, start, end)
