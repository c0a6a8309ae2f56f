"""Every ability of the page, by clicking and typing, asserted on what is shown."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import networkx
import pytest

from tests.explorer import case
from tests.explorer.conftest import Reader

pytestmark = pytest.mark.browser
ALL = (17, 22)
HIK = "Hangzhou Hikvision Digital Technology"


def test_all_is_drawn_and_the_file_is_small(at_case: Reader, case_file: Path) -> None:
    assert at_case.shown() == ALL
    assert case_file.stat().st_size < 1_500_000
    assert at_case.page.evaluate("explorer.surface.constructor.name") == "CanvasSurface"
    pixels = at_case.page.evaluate(
        """() => {
          const canvas = document.querySelector("#stage canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return new Set(Array.from({ length: data.length / 4 }, (_, i) => data.slice(4 * i, 4 * i + 3).join())).size;
        }"""
    )
    assert pixels > 50


def test_a_click_on_a_line_shows_its_claims(at_case: Reader) -> None:
    at_case.page.mouse.click(*at_case.line(HIK, "listed_by", "Commerce Department"))
    details = at_case.text("#details")
    assert at_case.text("#details mark") == "The Commerce Department added Hikvision to the Entity List on Monday."
    assert "It was put there for surveillance of minorities" in at_case.text("#details .context")
    for fact in ("2019-10-07", "94 %", "listing.passive", "Eight firms blacklisted", "Example Times", "asserted"):
        assert fact in details
    link = at_case.page.locator("#details article a")
    assert link.get_attribute("href") == "https://example.org/article"
    assert "noopener" in str(link.get_attribute("rel"))


def test_a_source_without_a_web_address_gets_no_link(at_case: Reader) -> None:
    at_case.page.mouse.click(*at_case.line("Harbour Bank", "listed_by", "Treasury Department"))
    assert at_case.page.locator("#details a").count() == 0
    assert "javascript:alert(1)" in at_case.text("#details")


def test_parallel_claims_are_one_line_and_contradictions_stand_side_by_side(at_case: Reader) -> None:
    at_case.page.mouse.click(*at_case.line("Harbour Bank", "funds", "Kestrel Optics"))
    assert "3 claims" in at_case.text("#details")
    assert at_case.page.locator("section[aria-label='Says so'] article").count() == 2
    assert at_case.page.locator("section[aria-label='Denies it'] article").count() == 1
    assert "Harbour Bank" in at_case.text("section[aria-label='Denies it'] dl")


def test_a_click_on_an_entity_shows_what_is_known(at_case: Reader) -> None:
    at_case.page.mouse.click(*at_case.spot(HIK))
    details = at_case.text("#details")
    for fact in ("HIK Vision", "91330000733796106P", "Entity List", "surveillance of minorities", "led by", "owns"):
        assert fact in details
    at_case.click("#details .relations button:has-text('owns')")
    assert "Hikvision owns 80 percent" in at_case.text("#details mark")


def test_listed_and_exposed_are_told_apart(at_case: Reader) -> None:
    for name, badge, absent in ((HIK, "Listed", "Held by"), ("MV Larkspur", "Held by a listed party", "Listed\n")):
        at_case.type("#search", name)
        at_case.press("Enter")
        assert badge in at_case.text("#details .badges")
        assert absent not in at_case.text("#details .badges")
    assert "Kestrel Lens Works owned by Kestrel Optics" in at_case.text("#details .chain")


@pytest.mark.parametrize(
    ("steps", "gone"),
    [
        (["[data-section=types] label:has-text('Vessel')"], {"MV Larkspur"}),
        (["[aria-label='Only leader of']"], {"Commerce Department", "Harbour Bank"}),
        (["[data-section=statuses] label:has-text('Alleged')"], set()),
        (["[data-section=sources] label:has-text('Eight firms')"], {"Commerce Department", "Megvii Technology"}),
    ],
)
def test_a_legend_that_filters(at_case: Reader, steps: list[str], gone: set[str]) -> None:
    for step in steps:
        at_case.click(step)
    entities, claims = at_case.shown()
    assert not gone & at_case.names()
    assert claims < ALL[1]
    hidden = at_case.text("[data-testid=hidden]")
    assert f"{ALL[1] - claims} claim" in hidden
    if gone:
        assert f"{ALL[0] - entities} entit" in hidden
    at_case.click("#show-all")
    assert at_case.shown() == ALL


def test_filters_of_listing_and_confidence(at_case: Reader) -> None:
    at_case.page.select_option("[data-filter=authority]", label="Treasury Department (1)")
    assert {"Harbour Bank", "Treasury Department"} <= at_case.names()
    assert "Megvii Technology" not in at_case.names()
    at_case.page.select_option("[data-filter=authority]", label="Any")
    at_case.page.select_option("[data-filter=list]", label="Entity List (1)")
    assert {HIK, "Entity List"} <= at_case.names()
    assert "Harbour Bank" not in at_case.names()
    at_case.page.select_option("[data-filter=list]", label="Any")
    at_case.page.locator("[data-filter=confidence]").fill("0.9")
    assert at_case.page.evaluate("explorer.seen.claims.every((claim) => claim.confidence >= 0.9)")
    assert at_case.shown()[1] == 8
    at_case.click("label:has-text('Entities without relations')")
    assert "Lonely Society" not in at_case.names()


def test_the_time_slider_moves_by_keys(at_case: Reader) -> None:
    at_case.page.focus("#time-slider")
    at_case.press("Home")
    assert at_case.page.evaluate("explorer.state.at") == "2014-01-01"
    assert at_case.names() == {"Kestrel Lens Works", "Kestrel Optics"}
    at_case.press("End")
    assert at_case.page.evaluate("explorer.state.at") == ""
    assert at_case.shown() == ALL


def test_what_ended_does_not_hold_later(at_case: Reader) -> None:
    at_case.type("#time-date", "2020-12-31")
    assert at_case.page.evaluate("explorer.seen.claims.every((claim) => claim.status !== 'ended')")
    at_case.click("#time-all")
    assert at_case.shown() == ALL


def test_search_completes_names_and_aliases(at_case: Reader) -> None:
    at_case.type("#search", "吴")
    assert "Wu Lian" in at_case.text("#search-list")
    at_case.type("#search", "kestrel")
    assert at_case.page.locator("#search-list [role=option]").count() == 2
    at_case.press("ArrowDown")
    second = at_case.page.locator("#search-list [aria-selected=true]").inner_text()
    at_case.press("Enter")
    assert at_case.text("#details h2") in second
    at_case.type("#search", "no such name")
    assert "Nothing has that name" in at_case.text("#search-list")


def test_focus_hops_and_leaving(at_case: Reader) -> None:
    at_case.page.mouse.dblclick(*at_case.spot("MV Larkspur"))
    assert at_case.names() == {"MV Larkspur", "Kestrel Lens Works", "Farland"}
    at_case.page.locator("#details .hops select").select_option("2")
    assert {"Kestrel Optics", "Wu Lian", "B-0099"} <= at_case.names()
    at_case.click("#details button:has-text('Leave focus')")
    assert at_case.shown() == ALL


def test_hide_undo_redo(at_case: Reader) -> None:
    at_case.type("#search", "megvii")
    at_case.press("Enter")
    at_case.click("#details .actions button:has-text('Hide')")
    assert "Megvii Technology" not in at_case.names()
    assert "Hidden by hand (1)" in at_case.text("#filters")
    at_case.click("#undo")
    assert "Megvii Technology" in at_case.names()
    at_case.click("#redo")
    assert "Megvii Technology" not in at_case.names()


def test_dragging_pins_and_undo_brings_it_back(at_case: Reader) -> None:
    x, y = at_case.spot("Wu Lian")
    at_case.page.mouse.move(x, y)
    at_case.page.mouse.down()
    at_case.page.mouse.move(x + 60, y + 40, steps=4)
    at_case.page.mouse.up()
    at_case.settle()
    moved = at_case.spot("Wu Lian")
    assert moved == pytest.approx((x + 60, y + 40), abs=8)
    assert "pin=" in at_case.page.url
    at_case.click("#undo")
    at_case.settle()
    assert at_case.spot("Wu Lian") == pytest.approx((x, y), abs=3)


def test_a_permalink_inside_the_file(at_case: Reader, reader: Callable[..., Reader], case_file: Path) -> None:
    at_case.click("[aria-label='Only Asserted']")
    at_case.type("#time-date", "2019-12-31")
    at_case.type("#search", "hikvision")
    at_case.press("Enter")
    names, url = at_case.names(), at_case.page.url
    other = reader().open(url)
    assert other.names() == names
    assert other.text("#details h2") == HIK
    assert other.page.input_value("#time-date") == "2019-12-31"
    other.page.evaluate("location.hash = 'no-type=Company'")
    other.until("!explorer.seen.nodes.some((node) => node.type === 'Company')")
    for nonsense in ("%%%", "sel=n:nothing", "path=a~b&pin=x", "hops=99&conf=7&at=tomorrow", "no-type=%E0%A4%A"):
        other.page.evaluate("(hash) => { location.hash = hash; }", nonsense)
        other.until("explorer.seen.nodes.length === 17")
    assert other.problems == []
    assert other.open(case_file, "#%%%&sel=n:no&path=a~b").shown() == ALL


def test_exports_of_the_present_view(at_case: Reader) -> None:
    at_case.click("[aria-label='Only Denied']")
    files = {}
    for kind in ("png", "svg", "graphml", "csv"):
        at_case.click("#export-menu summary")
        files[kind] = at_case.download(f"[data-export={kind}]")
    assert files["png"].read_bytes().startswith(b"\x89PNG")
    picture = ElementTree.parse(files["svg"]).getroot()
    words = {text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Harbour Bank", "Wu Lian"} <= words
    assert "Commerce Department" not in words
    graph = networkx.read_graphml(files["graphml"])
    assert {attrs["label"] for _, attrs in graph.nodes(data=True)} == at_case.names()
    assert {attrs["status"] for _, _, attrs in graph.edges(data=True)} == {"denied"}
    rows = list(csv.DictReader(io.StringIO(files["csv"].read_text("utf-8-sig"))))
    assert [row["status"] for row in rows] == ["denied", "denied"]
    assert {row["quotation"] for row in rows} == {
        "Harbour Bank never paid Kestrel Optics, its chairman said.",
        "Watch on Farland denied that it supports Wu Lian.",
    }


def test_the_table_holds_all_that_the_picture_holds(at_case: Reader) -> None:
    at_case.press("t")
    assert at_case.page.locator("#table-panel tbody tr").count() == ALL[1]
    table = at_case.text("#table-panel")
    for _, rows in case.DOCUMENTS:
        for *_, sentence, _ in rows:
            assert sentence in table
    at_case.click("#table-view th button:has-text('Confidence')")
    first = at_case.page.locator("#table-panel tbody tr").first.inner_text()
    assert "40 %" in first
    at_case.click("#tab-entities")
    entities = at_case.text("#table-panel")
    for entity in case.ENTITIES.values():
        assert entity.name in entities
    assert "imo: 9187629" in entities
    at_case.click("#table-panel button:has-text('Peter Behl')")
    assert at_case.text("#details h2") == "Peter Behl"


def test_everything_from_the_keyboard(at_case: Reader) -> None:
    at_case.press("/")
    at_case.page.keyboard.type("commerce")
    at_case.press("Enter")
    assert at_case.text("#details h2") == "Commerce Department"
    at_case.page.focus("#stage")
    at_case.press("]")
    assert at_case.page.locator("#details .triple").count() == 1
    seen = set()
    for key in 2 * (
        "ArrowLeft",
        "ArrowLeft",
        "ArrowUp",
        "ArrowUp",
        "ArrowRight",
        "ArrowRight",
        "ArrowDown",
        "ArrowDown",
    ):
        at_case.press(key)
        seen.add(at_case.page.evaluate("explorer.state.selected"))
    assert len(seen) > 2
    assert at_case.text("#live")
    chosen = at_case.text("#details h2")
    at_case.press("h")
    assert chosen not in at_case.names()
    at_case.press("Control+z")
    assert chosen in at_case.names()
    at_case.press("x")
    assert "Pinned" in at_case.text("#details .badges")
    at_case.press("f")
    assert at_case.page.evaluate("explorer.state.focus") != ""
    at_case.press("Control+z")
    at_case.press("Enter")
    assert at_case.page.evaluate("document.activeElement.closest('#details') !== null")
    at_case.press("Escape")
    assert at_case.text("#details h2") == "Overview"
    at_case.press("?")
    assert at_case.page.locator("#help-dialog[open]").count() == 1
    at_case.press("Escape")
    at_case.press("p")
    at_case.page.keyboard.type("megvii")
    at_case.press("Tab")
    at_case.page.keyboard.type("hikvision")
    at_case.press("Enter")
    assert at_case.page.locator("[data-testid=path] > li").count() == 2


def test_tab_reaches_every_control(at_case: Reader) -> None:
    wanted = at_case.page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, summary, a[href], [tabindex='0']")]
          .filter((each) => each.checkVisibility() && !each.disabled && each.tabIndex >= 0).length"""
    )
    at_case.page.evaluate("document.activeElement.blur()")
    reached = 0
    for _ in range(wanted + 12):
        at_case.page.keyboard.press("Tab")
        reached += at_case.page.evaluate(
            """() => {
              const at = document.activeElement;
              if (at === document.body || at.dataset.reached) return 0;
              at.dataset.reached = "1";
              return 1;
            }"""
        )
    assert reached >= wanted


def test_light_dark_and_a_phone(at_case: Reader, reader: Callable[..., Reader], case_file: Path) -> None:
    light = at_case.page.evaluate("getComputedStyle(document.body).backgroundColor")
    at_case.press("d")
    assert at_case.page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    phone = reader(viewport={"width": 390, "height": 844}, has_touch=True, color_scheme="dark").open(case_file)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.click("#toggle-filters")
    phone.click("[aria-label='Only Denied']")
    phone.click("#close-filters")
    assert phone.shown() == (4, 2)
    phone.page.touchscreen.tap(*phone.spot("Harbour Bank"))
    phone.page.wait_for_selector("#details h2:has-text('Harbour Bank')")
    assert phone.page.locator("#panel").bounding_box()["width"] <= 390  # type: ignore[index]
    phone.click("#close-details")
    assert not phone.page.locator("#panel").is_visible()
    assert phone.problems == []
