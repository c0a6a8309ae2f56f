"""A tree of HTML -> text with its layout: a block a paragraph, headings after `#`, items after `-`, cells between bars.

Used for pages with tables, and for office documents and books, which are turned into HTML first. A cell that spans
columns or rows stands in each of them; menus, scripts and forms are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

_SILENT: Final = frozenset("script style noscript template head svg nav form button select iframe".split())
_INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q s samp small span strong "
    "sub sup time tt u var wbr br".split()
)
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: The most columns and rows that one cell is repeated in: a page may claim any number.
_SPAN: Final = 50


def layout_text(tree: Any) -> str:
    """The text of an lxml tree of HTML, blocks parted by empty lines."""
    return "\n\n".join(block for block in _blocks(tree, "") if block)


def has_table(tree: Any) -> bool:
    """Whether a page holds a table of data: two rows of two cells with words, and no further table inside."""
    for table in tree.iter("table"):
        if table.find(".//table") is None:
            rows = [row for row in table.iter("tr") if sum(bool(_words(cell)) for cell in _cells(row)) > 1]
            if len(rows) > 1:
                return True
    return False


def _blocks(node: Any, mark: str) -> Iterator[str]:
    """The blocks of a node in order; `mark` is what stands before the first of them."""
    line = [node.text or ""]
    for child in node:
        tag = child.tag if isinstance(child.tag, str) else ""
        tag = tag.rpartition("}")[2].lower()
        if not tag or tag in _SILENT:
            pass
        elif tag in _INLINE and not _holds_blocks(child):
            line.append("\n" if tag == "br" else _inline(child))
        else:
            yield _block(mark, line)
            if "".join(line).strip():
                mark = ""
            line = []
            yield from _inner(child, tag, mark)
            mark = ""
        line.append(child.tail or "")
    yield _block(mark, line)


def _inner(node: Any, tag: str, mark: str) -> Iterator[str]:
    if tag == "table" and node.find(".//table") is None:
        yield _table(node)
    elif tag in _HEADINGS:
        words = _words(node)
        yield f"{'#' * int(tag[1])} {words}" if words else ""
    elif tag in ("ul", "ol"):
        for number, item in enumerate(node, 1):
            if isinstance(item.tag, str):
                yield from _blocks(item, f"{number}. " if tag == "ol" else "- ")
    elif tag == "dl":
        yield "\n".join(_definitions(node))
    else:
        yield from _blocks(node, mark)


def _block(mark: str, parts: list[str]) -> str:
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    text = "\n".join(line for line in lines if line)
    return mark + text if text else ""


def _holds_blocks(node: Any) -> bool:
    return any(isinstance(one.tag, str) and one.tag.rpartition("}")[2].lower() not in _INLINE for one in node.iter())


def _inline(node: Any) -> str:
    parts = [re.sub(r"\s+", " ", node.text or "")]
    for child in node:
        tag = child.tag.rpartition("}")[2].lower() if isinstance(child.tag, str) else ""
        parts.append("\n" if tag == "br" else _inline(child) if tag and tag not in _SILENT else "")
        parts.append(re.sub(r"\s+", " ", child.tail or ""))
    text = "".join(parts)
    return f"^{text}^" if node.tag == "sup" and text.strip().isdigit() else text


def _words(node: Any) -> str:
    return " ".join(" ".join(_blocks(node, "")).split()).replace("|", "/")


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if isinstance(cell.tag, str) and cell.tag.rpartition("}")[2].lower() in ("td", "th")]


def _table(node: Any) -> str:
    """The rows of a table between bars; cells that span several rows or columns stand in each of them."""
    carried: dict[int, tuple[int, str]] = {}
    lines: list[str] = []
    for row in node.iter("{*}tr"):
        cells: list[str] = []
        for cell in _cells(row):
            _carry(carried, cells)
            words = _words(cell)
            down, across = _span(cell.get("rowspan")), _span(cell.get("colspan"))
            for _ in range(across):
                if down > 1:
                    carried[len(cells)] = (down - 1, words)
                cells.append(words)
        _carry(carried, cells)
        if any(cells):
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) if len(lines) != 1 else lines[0].strip("| ")


def _carry(carried: dict[int, tuple[int, str]], cells: list[str]) -> None:
    """Add the cells of rows above that reach down into this one, as far as they stand next."""
    while len(cells) in carried:
        left, words = carried.pop(len(cells))
        if left > 1:
            carried[len(cells)] = (left - 1, words)
        cells.append(words)


def _span(value: str | None) -> int:
    return min(_SPAN, int(value)) if value and value.isascii() and value.isdigit() and int(value) else 1


def _definitions(node: Any) -> Iterator[str]:
    term = ""
    for child in node.iter("{*}dt", "{*}dd"):
        words = _words(child)
        if child.tag.rpartition("}")[2].lower() == "dt":
            term = words.rstrip(":")
        elif words:
            yield f"{term}: {words}" if term else words
