"""How fast the page is, beside plain pyvis in the same run: `python benchmarks/view.py [--pyvis] [--sizes 50 1000]`.

For made-up graphs (tests/synthesis.py) of each size: the file's size, the time from opening until everything is drawn
and stands still, and the frames a second while the picture is panned, in a headless Chromium without a GPU. With
`--pyvis` the same nodes and edges are opened as pyvis 0.3.2 writes them by itself (physics on), until its simulation
has settled or PATIENCE seconds are over. Prints one JSON object a line.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import networkx
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import TimeoutError as NotInTime

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kg.network.build import Network, network
from kg.view import write_html
from tests.conftest import FLAGS
from tests.synthesis import synthetic_quads

PATIENCE = 180

#: Frames a second while the picture is moved by a few pixels at every frame for two seconds.
PAN = """() => new Promise((done) => {
  const started = performance.now(), frames = explorer.surface.frames;
  let turn = 0;
  const step = () => {
    explorer.surface.panBy(turn % 80 < 40 ? 4 : -4, 1);
    turn += 1;
    const spent = performance.now() - started;
    if (spent < 2000) requestAnimationFrame(step);
    else done((explorer.surface.frames - frames) / (spent / 1000));
  };
  requestAnimationFrame(step);
})"""


def main() -> None:
    """Measure the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 1_000, 10_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--pyvis", action="store_true", help="also open what pyvis writes by itself")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for size in asked.sizes:
            graph = network(synthetic_quads(size))
            started = time.perf_counter()
            path = write_html(graph, Path(scratch) / f"{size}.html", title=f"{size}")
            written = time.perf_counter() - started
            runs = [opened(browser, path) for _ in range(asked.repeat)]
            row: dict[str, Any] = {
                "nodes": len(graph),
                "claims": graph.number_of_edges(),
                "bytes": path.stat().st_size,
                "write_s": round(written, 2),
                "drawn_s": round(statistics.median(run["drawn"] for run in runs), 2),
                "pan_fps": round(statistics.median(run["fps"] for run in runs), 1),
            }
            if asked.pyvis:
                row["pyvis_drawn_s"] = plain_pyvis(browser, graph, Path(scratch) / f"pyvis{size}.html")
            print(json.dumps(row), flush=True)
        browser.close()


def opened(browser: Browser, path: Path) -> dict[str, float]:
    """Seconds until the page stands still after everything was drawn, and frames a second when panned."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(path.as_uri(), wait_until="commit")
    page.wait_for_selector("html[data-drawn]", state="attached")
    drawn = float(page.evaluate("Number(document.documentElement.dataset.drawn)")) / 1000
    before = page.evaluate("explorer.surface.frames")
    page.wait_for_timeout(400)
    if page.evaluate("explorer.surface.frames") != before:
        raise AssertionError("the picture still moves")
    fps = float(page.evaluate(PAN))
    context.close()
    return {"drawn": drawn, "fps": fps}


def plain_pyvis(browser: Browser, graph: Network, path: Path) -> float | str:
    """Seconds until what pyvis draws by itself has settled, or how long it was waited for."""
    from pyvis.network import Network as Plain

    plain = Plain(directed=True, cdn_resources="in_line", height="900px")
    simple = networkx.DiGraph()
    simple.add_nodes_from((node, {"label": attrs["label"]}) for node, attrs in graph.nodes(data=True))
    simple.add_edges_from((u, v, {"title": attrs["predicate"]}) for u, v, attrs in graph.edges(data=True))
    plain.from_nx(simple)
    path.write_text(plain.generate_html(), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    page = context.new_page()
    started = time.perf_counter()
    try:
        page.goto(path.as_uri(), wait_until="commit", timeout=PATIENCE * 1000)
        page.wait_for_function(
            "typeof network === 'object' && network.physics.stabilized", timeout=PATIENCE * 1000, polling=100
        )
    except NotInTime:
        context.close()
        return f"not within {PATIENCE}"
    spent = round(time.perf_counter() - started, 2)
    context.close()
    return spent


if __name__ == "__main__":
    main()
