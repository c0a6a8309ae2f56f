"""The picture of the graph in the README, taken from the page that the program drew: `python docs/_picture.py`.

Opens `exports/graph.html` (or the file given) in a headless Chromium and writes `docs/graph.png`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]


def main(page_file: Path, picture: Path) -> None:
    """Open the page, wait until it is drawn, and save what is seen."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(page_file.resolve().as_uri())
        page.wait_for_selector("html[data-drawn]", state="attached", timeout=120_000)
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "exports" / "graph.html", ROOT / "docs" / "graph.png")
