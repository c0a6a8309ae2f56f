"""A network -> one self-contained, interactive HTML file; the same page inline in a notebook.

    from kg.network.build import network
    from kg.view import View, write_html

    write_html(network(quads), "graph.html", title="My graph")
    View(network(quads))          # in Jupyter: shown inline

The page draws on its own canvas, whatever the size. The served explorer is in `kg.view.routes`; it sends the same page.
A pyvis `Network` for notebooks is made in `kg.view.notebook`.
"""

from __future__ import annotations

import html as markup
from dataclasses import dataclass
from pathlib import Path

from kg.files import replacing
from kg.network.build import Network
from kg.view.page import render
from kg.view.payload import payload

__all__ = ["View", "html", "write_html"]


def html(graph: Network, *, title: str = "Graph", seed: int = 0) -> str:
    """The whole page as text; the same graph, title and seed give the same text."""
    return render(payload(graph, title=title, seed=seed), title=title)


def write_html(graph: Network, path: str | Path, *, title: str = "Graph", seed: int = 0) -> Path:
    """Write the page to `path`, whole or not at all; gives the path. Raises OSError as `open` does."""
    target = Path(path)
    with replacing(target) as fresh:
        fresh.write_text(html(graph, title=title, seed=seed), encoding="utf-8", newline="\n")
    return target


@dataclass(frozen=True, slots=True)
class View:
    """A network that shows itself: inline in a notebook, or saved as a file."""

    graph: Network
    title: str = "Graph"
    height: int = 640

    def save(self, path: str | Path) -> Path:
        """Write the page to `path`; gives the path."""
        return write_html(self.graph, path, title=self.title)

    def _repr_html_(self) -> str:
        """The page in a frame of its own that can run its scripts and save files, and reach nothing around it."""
        page = markup.escape(html(self.graph, title=self.title), quote=True)
        title = markup.escape(self.title, quote=True)
        return (
            f'<iframe sandbox="allow-scripts allow-downloads allow-popups" title="{title}" '
            f'style="width:100%;height:{self.height:d}px;border:1px solid #d0d7de;border-radius:8px" '
            f'srcdoc="{page}"></iframe>'
        )
