"""One browser for all tests of the page, and pages that remember what they asked for, logged and failed in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.view import write_html
from tests.explorer import case


@pytest.fixture(scope="session")
def case_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the case."""
    return write_html(case.graph(), tmp_path_factory.mktemp("view") / "case.html", title="The case")


class Reader:
    """A reader before a page: counts what is done with hand and keys, and keeps what went wrong."""

    def __init__(self, context: Any, *, allowed: str = "") -> None:
        self.context = context
        self.page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.actions = 0
        self.requests: list[str] = []
        self.problems: list[str] = []
        self.allowed = allowed
        self.page.on("request", self._asked)
        self.page.on("console", lambda message: message.type == "error" and self.problems.append(message.text))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.problems.append(f"dialog {dialog.message}"), dialog.dismiss()))

    def _asked(self, request: Any) -> None:
        if request.url.startswith(("data:", "blob:", "file:", "about:")):
            return
        if not self.allowed or not request.url.startswith(self.allowed):
            self.requests.append(request.url)

    def open(self, target: Path | str, fragment: str = "") -> Reader:
        """Open a file or an address and wait until it is drawn."""
        address = target.as_uri() if isinstance(target, Path) else target
        self.page.goto("about:blank")
        self.page.goto(address + fragment)
        self.page.wait_for_selector("html[data-drawn]")
        return self

    def click(self, selector: str, **options: Any) -> None:
        """One action: a click."""
        self.actions += 1
        self.page.locator(selector).first.click(**options)

    def type(self, selector: str, text: str) -> None:
        """One action: a text typed into a field."""
        self.actions += 1
        self.page.locator(selector).first.fill(text)

    def press(self, key: str) -> None:
        """One action: a key."""
        self.actions += 1
        self.page.keyboard.press(key)

    def text(self, selector: str) -> str:
        """What an element shows."""
        return self.page.locator(selector).first.inner_text()

    def shown(self) -> tuple[int, int]:
        """How many entities and claims are shown, as the bar below says."""
        words = self.text("[data-testid=shown]").replace(",", "").split()
        return int(words[0]), int(words[words.index("·") + 1])

    def names(self) -> set[str]:
        """The names of the entities that are drawn."""
        return set(self.page.evaluate("explorer.seen.nodes.map((node) => node.name)"))

    def spot(self, name: str) -> tuple[float, float]:
        """Where an entity stands on the screen."""
        x, y = self.page.evaluate(
            """(name) => {
              const node = explorer.graph.nodes.find((each) => each.name === name);
              const box = document.getElementById("stage").getBoundingClientRect();
              const { x, y } = explorer.surface.screen(node);
              return [box.left + x, box.top + y];
            }""",
            name,
        )
        return x, y

    def line(self, subject: str, relation: str, target: str) -> tuple[float, float]:
        """A point on a drawn line where a click hits that line and nothing else."""
        found = self.page.evaluate(
            """([s, p, o]) => {
              const made = explorer.seen.bundles.find((b) => b.s.name === s && b.p === p && b.o.name === o);
              const box = document.getElementById("stage").getBoundingClientRect();
              const a = explorer.surface.screen(made.s), b = explorer.surface.screen(made.o);
              for (let t = 0.2; t < 0.8; t += 0.02) for (let d = -40; d <= 40; d += 2) {
                const length = Math.hypot(b.x - a.x, b.y - a.y);
                const x = a.x + (b.x - a.x) * t - ((b.y - a.y) / length) * d;
                const y = a.y + (b.y - a.y) * t + ((b.x - a.x) / length) * d;
                const hit = explorer.surface.hit(x, y);
                if (hit && hit.key === made.key) return [box.left + x, box.top + y];
              }
              return null;
            }""",
            [subject, relation, target],
        )
        assert found, f"no point on {subject} {relation} {target}"
        return found[0], found[1]

    def download(self, selector: str) -> Path:
        """The file that a click saves."""
        with self.page.expect_download() as waiting:
            self.click(selector)
        return Path(waiting.value.path())

    def until(self, condition: str) -> None:
        """Wait until a condition of JavaScript holds (asked from outside: the page's policy forbids eval)."""
        for _ in range(600):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never came true: {condition}")

    def settle(self) -> None:
        """Wait until the next drawing is done."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def axe(self, script: str) -> list[str]:
        """The violations that axe-core finds, each with the elements."""
        self.page.evaluate(script)
        found = self.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"{each['id']}: {json.dumps([node['html'][:160] for node in each['nodes'][:3]])}"
            for each in found["violations"]
        ]


@pytest.fixture
def reader(browser: Any) -> Iterator[Callable[..., Reader]]:
    """A maker of readers, each in a context of its own that is offline unless told otherwise."""
    contexts = []

    def make(*, online: str = "", **options: Any) -> Reader:
        options = {"viewport": {"width": 1440, "height": 900}, "offline": not online, **options}
        context = browser.new_context(**options)
        contexts.append(context)
        return Reader(context, allowed=online)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def window(browser: Any) -> Iterator[Reader]:
    """One window for all tests that need nothing special: a new one costs more than most tests."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    yield Reader(context)
    context.close()


@pytest.fixture
def at_case(window: Reader, case_file: Path) -> Iterator[Reader]:
    """A reader before the case, opened anew; afterwards: nothing was asked of the network, nothing failed."""
    window.actions = 0
    window.requests.clear()
    window.problems.clear()
    window.open(case_file)
    yield window
    assert window.requests == []
    assert window.problems == []
