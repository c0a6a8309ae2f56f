"""A thousand entities: the page's own canvas, small, still, and usable. Times are taken in benchmarks/view.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.network.build import network
from kg.view import write_html
from tests.explorer.conftest import Reader
from tests.synthesis import synthetic_quads

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a made-up graph of 1,000 entities."""
    return write_html(network(synthetic_quads(1000)), tmp_path_factory.mktemp("large") / "thousand.html", title="1,000")


def test_a_thousand_entities(reader: Callable[..., Reader], thousand: Path) -> None:
    assert thousand.stat().st_size < 2_500_000
    before = reader().open(thousand)
    assert before.page.evaluate("explorer.surface.constructor.name") == "CanvasSurface"
    assert before.shown()[0] == 1000
    assert _written(before) == []
    frames = before.page.evaluate("explorer.surface.frames")
    before.page.wait_for_timeout(300)
    assert before.page.evaluate("explorer.surface.frames") == frames, "a picture without a hand on it stands still"
    target = before.page.evaluate(
        "explorer.graph.nodes.find((node) => node.in.length > 12 && node.type === 'Company').name"
    )
    before.type("#search", target)
    before.press("Enter")
    before.settle()
    before.page.mouse.click(*before.spot(target))
    assert before.text("#details h2") == target
    before.page.mouse.move(500, 300)
    before.page.mouse.wheel(0, -600)
    before.settle()
    assert _written(before) == []
    before.page.mouse.down()
    before.page.mouse.move(700, 420, steps=5)
    before.page.mouse.up()
    before.press("t")
    assert before.page.locator("#table-panel tbody tr").count() == 100
    before.click(".more")
    assert before.page.locator("#table-panel tbody tr").count() == 600
    assert before.requests == []
    assert before.problems == []


def _written(before: Reader) -> list[Any]:
    """Pairs of names that lie on each other in the picture."""
    found: list[Any] = before.page.evaluate(
        """() => {
          const boxes = [];
          const real = CanvasRenderingContext2D.prototype.fillText;
          CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
            const w = this.measureText(text).width;
            boxes.push({ text, x0: x - w / 2, x1: x + w / 2, y0: y - 5, y1: y + 5 });
          };
          explorer.surface.paint();
          CanvasRenderingContext2D.prototype.fillText = real;
          explorer.surface.paint();
          if (boxes.length < 10) return ["too few names", boxes.length];
          const over = (a, b) => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
          return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => over(a, b)).map((b) => [a.text, b.text]));
        }"""
    )
    return found
