"""Pages of a PDF -> paragraphs in reading order: by the places of their lines, not by the order of drawing.

Columns are read one after the other; heads and feet that come again on every page are left out; lines of one paragraph
are joined, and a hyphen at a line's end keeps its line end, which tells the pipeline that the word goes on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, Final

#: A space between two runs on one line that is wider than so many heights of a letter parts cells or columns.
_GUTTER: Final = 2.4
#: Lines stand further apart than so many times the usual distance where a paragraph ends.
_PARAGRAPH: Final = 1.3
#: Cells of one column begin within so many points.
_ALIGNED: Final = 3.0
#: The least lines on either side of a gutter that are columns of running text.
_LEAST: Final = 5
#: The share of a page's height at its head and foot where lines may be the page's own.
_MARGIN: Final = 0.12
_CUT: Final = re.compile("\u00ad\\s*$")
_STAMP: Final = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}, \d{1,2}:\d\d(?: [AP]M)?|(?:file|https?)://\S+(?:\s+\d+/\d+)?")
_SENTENCE_END: Final = re.compile(r"[.!?:][\"'”’)]*\s*$")
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Run:
    """Words on one line without a wide space between them, and their rectangle in points from the page's lower left."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        """The height of the line."""
        return max(self.top - self.bottom, 1.0)


def paragraphs(pages: Sequence[tuple[float, Sequence[Run]]]) -> str:
    """The text of pages, each given by its height and its runs; paragraphs are parted by empty lines."""
    repeated = _page_marks(pages)
    found: list[str] = []
    for height, runs in pages:
        stamps = [run for run in runs if _edge(run, height) and _STAMP.fullmatch(run.text.strip())]
        kept = [
            run
            for run in runs
            if not (_edge(run, height) and _skeleton(run.text) in repeated)
            and not any(_same_line(stamp, run.bottom, run.top) for stamp in stamps)
        ]
        for number, part in enumerate(_page(kept)):
            goes_on = number == 0 and found and "|" not in part and not _SENTENCE_END.search(found[-1])
            if goes_on and (part[0].islower() or found[-1][-1] in "-\ufffe") and not found[-1].startswith("|"):
                found[-1] = _join(found[-1], part)
            else:
                found.append(part)
    return "\n\n".join(found)


def runs_of(page: Any) -> list[Run]:
    """The runs of a page of pypdfium2: its characters up to each line end and each wide space."""
    words = page.get_textpage()
    text = str(words.get_text_range())
    found: list[Run] = []
    if len(text) != words.count_chars():  # characters beyond the first plane count twice there
        text = "".join(words.get_text_range(place, 1)[:1] or " " for place in range(words.count_chars()))
    run: list[tuple[str, tuple[float, float, float, float]]] = []
    for place, char in enumerate(text):
        if char in "\r\n\x00":
            found += _run(run)
            run = []
            continue
        box = words.get_charbox(place)
        if char.isspace() or box[2] <= box[0]:
            run.append((char, run[-1][1] if run else box))
            continue
        before = next((one for letter, one in reversed(run) if not letter.isspace()), None)
        if before is not None and _leaves(before, box):
            found += _run(run)
            run = []
        run.append((char, box))
    words.close()
    return [*found, *_run(run)]


def _leaves(before: tuple[float, float, float, float], box: tuple[float, float, float, float]) -> bool:
    """Whether a letter stands too far from the one before it to be of the same run."""
    height = max(before[3] - before[1], box[3] - box[1], 4.0)
    return (
        box[0] - before[2] > _GUTTER * height or box[2] < before[0] - height or abs(box[1] - before[1]) > 1.5 * height
    )


def _run(letters: list[tuple[str, tuple[float, float, float, float]]]) -> list[Run]:
    text = "".join(letter for letter, _ in letters).strip()
    if not text:
        return []
    boxes = [box for letter, box in letters if not letter.isspace()]
    heights = sorted(box[3] - box[1] for box in boxes)
    middle = heights[len(heights) // 2]
    low = median(box[1] for box in boxes)
    return [Run(min(b[0] for b in boxes), low, max(b[2] for b in boxes), low + max(middle, heights[-1] * 0.7), text)]


def _same_line(run: Run, bottom: float, top: float) -> bool:
    overlap = min(run.top, top) - max(run.bottom, bottom)
    return overlap > 0.5 * min(run.height, max(top - bottom, 1.0))


def _edge(run: Run, height: float) -> bool:
    return run.top > (1 - _MARGIN) * height or run.bottom < _MARGIN * height


def _skeleton(text: str) -> str:
    return _DIGITS.sub("#", " ".join(text.split()))


def _page_marks(pages: Sequence[tuple[float, Sequence[Run]]]) -> set[str]:
    """What stands at the head or foot of most pages, numbers apart; on a single page, numbers of pages only."""
    seen: Counter[str] = Counter()
    for height, runs in pages:
        seen.update({_skeleton(run.text) for run in runs if _edge(run, height)})
    numbers = {"#", "#/#", "Page #", "Page # of #", "- # -", "– # –"}
    return {text for text, count in seen.items() if (count > 1 and count >= 0.6 * len(pages)) or text in numbers}


def _page(runs: Sequence[Run]) -> Iterator[str]:
    """The paragraphs of a page or column: cut at gutters first, then read from the top down."""
    if not runs:
        return
    for region in _regions(runs):
        gutter = _column_gutter(region)
        if gutter is not None:
            yield from _page([run for run in region if run.right <= gutter])
            yield from _page([run for run in region if run.left >= gutter])
        else:
            yield from (part.replace("\ufffe", "-") for part in _lines(region))


def _regions(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """The page in bands from the top: bands that one gutter runs through, and what spans the whole width."""
    gutter = _column_gutter(runs)
    if gutter is not None:
        yield list(runs)
        return
    wide = [
        run for run in runs if run.right - run.left > 0.6 * (max(r.right for r in runs) - min(r.left for r in runs))
    ]
    rest = [run for run in runs if run not in wide]
    gutter = _column_gutter(rest) if len(rest) >= 2 * _LEAST else None
    if gutter is None or not wide:
        yield list(runs)
        return
    band: list[Run] = []
    inside = True
    for run in sorted(runs, key=lambda one: -one.top):
        narrow = run.right <= gutter or run.left >= gutter
        if band and narrow != inside:
            yield band
            band = []
        inside = narrow
        band.append(run)
    yield band


def _column_gutter(runs: Sequence[Run]) -> float | None:
    """The middle of a strip that no run crosses, with lines of running text on both sides."""
    if len(runs) < 2 * _LEAST:
        return None
    height = median(run.height for run in runs)
    edges = sorted((run.left, run.right) for run in runs)
    reach = edges[0][1]
    for left, right in edges[1:]:
        if left - reach > 0.8 * height:
            middle = (left + reach) / 2
            sides = [[run for run in runs if run.right <= middle], [run for run in runs if run.left >= middle]]
            if all(_is_column(side) for side in sides):
                return middle
        reach = max(reach, right)
    return None


def _is_column(runs: Sequence[Run]) -> bool:
    """Whether runs are the lines of running text: many, and most of them about as wide as the widest."""
    if len(runs) < _LEAST:
        return False
    width = max(run.right for run in runs) - min(run.left for run in runs)
    full = sum(run.right - run.left > 0.7 * width for run in runs)
    return width > 0 and full >= 0.5 * len(runs)


def _lines(runs: Sequence[Run]) -> Iterator[str]:
    """The paragraphs of one column, tables as rows between bars."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda one: (-one.top, one.left)):
        if lines and _same_line(lines[-1][0], run.bottom, run.top):
            lines[-1].append(run)
        else:
            lines.append([run])
    current = ""
    below: list[Run] | None = None
    usual = _pitch(lines)
    right = max(run.right for run in runs)
    for line in lines:
        line.sort(key=lambda one: one.left)
    rows = _rows(lines, right)
    for number, line in enumerate(lines):
        text = rows[number]
        if below is not None and current and _apart(below, line, usual, right):
            yield current
            current = ""
        elif current and (current.startswith("|") or text.startswith("|")):
            current += "\n" + text
            below = line
            continue
        current = _join(current, text) if current else text.strip()
        below = line
    if current:
        yield current


def _pitch(lines: Sequence[Sequence[Run]]) -> float:
    """The usual distance of two lines of one paragraph: that of the closest quarter."""
    distances = sorted(a[0].bottom - b[0].bottom for a, b in pairwise(lines) if a[0].bottom - b[0].bottom > 2)
    return distances[len(distances) // 4] if distances else 0.0


def _rows(lines: Sequence[Sequence[Run]], right: float) -> list[str]:
    """The words of each line; between bars where wide spaces part them as the cells of a table."""
    wide = [_starts(line) for line in lines]
    found: list[str] = []
    for number, line in enumerate(lines):
        beside = [one for k in (number - 1, number + 1) if 0 <= k < len(lines) for one in wide[k]]
        flush = len(line) < 4 and line[-1].right > right - 0.5 * line[-1].height  # as a justified setting has it
        cells = {left for left in wide[number] if not flush or any(abs(left - one) < _ALIGNED for one in beside)}
        text = line[0].text.strip()
        for run in line[1:]:
            text += (" | " if run.left in cells else " ") + run.text.strip()
        found.append(f"| {text} |" if cells else text)
    return found


def _starts(line: Sequence[Run]) -> set[float]:
    """Where the runs of a line begin that a wide space parts from the one before."""
    return {run.left for before, run in pairwise(line) if run.left - before.right > 0.9 * _GUTTER * before.height}


def _apart(before: Sequence[Run], line: Sequence[Run], usual: float, right: float) -> bool:
    """Whether a paragraph ends between two lines: by distance, letters, or a short line before a capital."""
    distance = before[0].bottom - line[0].bottom
    if distance > _PARAGRAPH * usual or distance < 0:
        return True
    if abs(before[0].height - line[0].height) > 0.3 * max(before[0].height, line[0].height):
        return True
    if len(_starts(before)) and len(_starts(line)):
        return False
    short = right - before[-1].right > 0.25 * (right - before[0].left)
    return short and not line[0].text[:1].islower() and bool(_SENTENCE_END.search(before[-1].text))


def _join(text: str, line: str) -> str:
    line = line.strip()
    if _CUT.search(text):
        return _CUT.sub("", text) + line
    if text.endswith(("-", "\ufffe", "\u0002")) and len(text) > 1 and text[-2].isalpha():
        return f"{text[:-1]}-\n{line}"
    return f"{text.rstrip()} {line}"
