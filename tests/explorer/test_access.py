"""axe-core finds nothing to complain of: in the picture, the table, the dialogs, dark, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.explorer.conftest import Reader

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[1] / "assets" / "axe.min.js"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(reader: Callable[..., Reader], case_file: Path, scheme: str) -> None:
    script = AXE.read_text("utf-8")
    before = reader(bypass_csp=True, color_scheme=scheme, reduced_motion="reduce").open(case_file)
    assert before.axe(script) == []
    before.type("#search", "hik")
    assert before.axe(script) == []
    before.press("Enter")
    assert before.axe(script) == []
    before.page.mouse.click(*before.line("Harbour Bank", "funds", "Kestrel Optics"))
    before.click("#export-menu summary")
    assert before.axe(script) == []
    before.page.focus("#stage")
    before.press("t")
    assert before.axe(script) == []
    before.click("#tab-entities")
    before.click("#path")
    before.type("#path-from", "lark")
    before.press("Enter")
    before.type("#path-to", "wu")
    assert before.axe(script) == []
    before.press("Enter")
    before.press("?")
    assert before.axe(script) == []


def test_axe_on_a_phone(reader: Callable[..., Reader], case_file: Path) -> None:
    before = reader(
        bypass_csp=True, reduced_motion="reduce", viewport={"width": 390, "height": 844}, has_touch=True
    ).open(case_file)
    script = AXE.read_text("utf-8")
    before.click("#toggle-filters")
    assert before.axe(script) == []
    before.click("#close-filters")
    before.page.touchscreen.tap(*before.spot("Harbour Bank"))
    assert before.axe(script) == []
