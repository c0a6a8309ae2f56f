"""Text of sources that would like to run: in every place where text can stand, it is shown and nothing happens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kg.model import Document, Entity, EntityType, Status
from kg.network.build import network
from kg.rdf import serialize as triples
from kg.view import View, write_html
from tests.explorer import case
from tests.explorer.conftest import Reader

pytestmark = pytest.mark.browser

PAYLOADS = [
    "<img src=x onerror=pwn()>",
    "</script><script>pwn()</script>",
    "<script>pwn()</script>",
    "'\"><svg onload=pwn()>",
    '" onmouseover="pwn()" x="',
    "' autofocus onfocus=pwn() '",
    "<a href='javascript:pwn()'>x</a>",
    "javascript:pwn()",
    "JaVaScRiPt:pwn()//https://example.org",
    "data:text/html,<script>pwn()</script>",
    "vbscript:pwn()",
    "</title><script>pwn()</script>",
    "</style><script>pwn()</script>",
    "<!--<script>pwn()//-->",
    "]]>CDATA<script>pwn()</script>",
    "<iframe srcdoc='<script>parent.pwn()</script>'>",
    "<iframe src=javascript:parent.pwn()>",
    "<object data=javascript:pwn()>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=pwn()>",
    "<svg><animate onbegin=pwn() attributeName=x dur=1s>",
    "<details open ontoggle=pwn()>",
    "<body onload=pwn()>",
    "<input autofocus onfocus=pwn()>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "{{constructor.constructor('pwn()')()}}",
    "{% raw %}{{ 7*7 }}{% endraw %}",
    "${pwn()}`+pwn()+`",
    "\\u003cscript\\u003epwn()\\u003c/script\\u003e",
    "&lt;script&gt;pwn()&lt;/script&gt;",
    "\u202eteg\u202c reversed \u2066isolated\u2069",
    "line\u2028separator\u2029paragraph",
    "nul\x00bell\x07escape\x1b[31m",
    '=HYPERLINK("https://evil.example","x")',
    "__proto__",
    "constructor",
    "a" * 300 + " long " + "عربي مع English",
    'https://evil.example/"><script>pwn()</script>',
]


#: Goes through every payload in the page and gives the places where it is not shown in full as text.
LOST = r"""async (payloads) => {
  const lost = [];
  const invisible = /[\s\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufffd]/g;
  const flat = (text) => text.replace(/\[U\+[0-9A-F]{4}\]/g, "").replace(invisible, "");
  const details = document.getElementById("details");
  for (const payload of payloads) {
    const same = (node) => node.type === "Company" && flat(node.name) === flat(payload);
    const found = explorer.graph.nodes.filter(same);
    if (found.length !== 1) { lost.push(["name", payload]); continue; }
    explorer.select("n:" + found[0].id);
    for (const kind of ["", "alias ", "Authority ", "List ", "Title ", "Quoted "])
      if (!flat(details.textContent).includes(flat(kind + payload))) lost.push([kind, payload]);
    for (const claim of [...found[0].out, ...found[0].facts]) {
      explorer.select("c:" + claim.id);
      if (!flat(details.textContent).includes(flat(payload))) lost.push(["claim", payload]);
      await new Promise(requestAnimationFrame);
      for (const link of details.querySelectorAll("a"))
        if (!/^https?:$/.test(link.protocol)) lost.push(["link", link.href]);
    }
    document.getElementById("search").value = payload.slice(0, 12);
    explorer.search.update();
    explorer.hover({ node: found[0] }, { x: 10, y: 10 });
  }
  explorer.state_.set({ view: "table" });
  explorer.rows = 1000;
  explorer.showTab("entities");
  explorer.showTab("claims");
  await new Promise((done) => setTimeout(done, 200));
  return lost;
}"""


def hostile() -> list[triples.Quad]:
    """Each payload as name, alias, attribute, title, address, publisher, path, document id, quotation and list."""
    quads = []
    for number, payload in enumerate(PAYLOADS):
        entities = {
            "s": Entity("s", EntityType.COMPANY, payload, (f"alias {payload}",), attributes=(("tax_number", payload),)),
            "o": Entity("o", EntityType.GOVERNMENT_BODY, f"Authority {payload}"),
            "l": Entity("l", EntityType.LIST, f"List {payload}"),
        }
        document = Document(
            f"{number} {payload}",
            "",
            f"Title {payload}",
            "2020-01-01",
            payload,
            f"{payload}.txt",
            (("publisher", payload),),
        )
        rows: list[tuple[str, str, str, str, dict[str, object]]] = [
            ("s", "listed_by", "o", f"Quoted {payload} here.", {"rule": payload, "claimant": "o", "amount": payload}),
            ("s", "listed_on", "l", f"Quoted {payload} here.", {"status": Status.ALLEGED}),
            ("s", "implicated_in", f"~deed {payload}", f"Said {payload}.", {}),
        ]
        quads.extend(triples.quads(case.extraction(document, rows, entities)))
    return quads


def test_forty_payloads_in_every_place(reader: Callable[..., Reader], tmp_path: Path) -> None:
    assert len(PAYLOADS) == 40
    before = reader()
    before.page.add_init_script("window.pwn = () => { window.pwned = true; }")
    for title in PAYLOADS[:3]:
        before.open(write_html(network(hostile()), tmp_path / "titled.html", title=title))
        assert before.page.title() == title
        assert before.text("header h1") == title
        assert before.page.evaluate("window.pwned") is None
    legible = before.page.evaluate(LOST, PAYLOADS)
    assert legible == []
    before.page.evaluate("explorer.state_.set({ view: 'graph' })")
    for kind in ("svg", "graphml", "csv", "png"):
        before.click("#export-menu summary")
        saved = before.download(f"[data-export={kind}]")
        if kind == "svg":
            tags = {element.tag.rpartition("}")[2] for element in ElementTree.parse(saved).iter()}
            assert tags == {"svg", "title", "rect", "path", "text"}
        if kind == "csv":
            cells = saved.read_text("utf-8-sig")
            assert ",=HYPERLINK" not in cells
            assert ',"=HYPERLINK' not in cells
    assert before.page.evaluate("window.pwned") is None
    assert before.page.evaluate("document.querySelectorAll('iframe, object, embed, base, img').length") == 0
    assert before.requests == []
    assert before.problems == []


def test_the_address_cannot_run_anything(reader: Callable[..., Reader], case_file: Path) -> None:
    before = reader()
    before.page.add_init_script("window.pwn = () => { window.pwned = true; }")
    for payload in (PAYLOADS[0], PAYLOADS[1], PAYLOADS[7], PAYLOADS[29]):
        before.open(case_file, f"#sel=n:{payload}&focus={payload}&at={payload}&list={payload}&path={payload}~{payload}")
        assert before.page.evaluate("window.pwned") is None
        assert before.problems == []


def test_markup_that_got_in_all_the_same_would_not_run(reader: Callable[..., Reader], case_file: Path) -> None:
    before = reader().open(case_file)
    refused = before.page.evaluate(
        """async () => {
          const outcome = [];
          const attempt = async (act) => {
            try { await act(); outcome.push("done"); } catch { outcome.push("refused"); }
          };
          await attempt(() => { document.body.innerHTML += "<img src=x onerror='window.pwned = 1'>"; });
          await attempt(() => fetch("https://example.org/"));
          await attempt(() => {
            const script = document.createElement("script");
            script.textContent = "window.pwned = 2";
            document.body.append(script);
          });
          return [...outcome, window.pwned];
        }"""
    )
    assert refused == ["refused", "refused", "refused", None]
    assert before.requests == []


def test_the_notebook_frame_is_sandboxed_and_works(reader: Callable[..., Reader], tmp_path: Path) -> None:
    shown = View(case.graph(), title='"><script>parent.pwn()</script>')._repr_html_()
    page = tmp_path / "notebook.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><title>n</title><body>{shown}", "utf-8")
    before = reader()
    before.page.add_init_script("window.pwn = () => { window.pwned = true; }")
    before.page.goto(page.as_uri())
    frame = before.page.frame_locator("iframe")
    frame.locator("#search").fill("hikvision")
    frame.locator("#search").press("Enter")
    assert "The Commerce Department added Hikvision" in frame.locator("#details mark").first.inner_text()
    frame.locator("[aria-label='Only Denied']").click()
    assert "2 of 22 claims" in frame.locator("[data-testid=shown]").inner_text()
    assert before.page.evaluate("window.pwned") is None
    assert "allow-same-origin" not in shown.split("srcdoc")[0]
    assert before.requests == []
    assert before.problems == []
