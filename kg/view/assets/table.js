// The table: all that the picture shows, row by row, for those who cannot or will not use the picture.

const PAGE = 100;

const CLAIM_COLUMNS = [
  ["Subject", (c) => c.s.name], ["Relation", (c) => words(c.p)], ["Object", (c) => (c.o ? c.o.name : c.text)], ["Status", (c) => c.status],
  ["Date", (c) => c.date], ["Said by", (c) => c.by?.name || ""], ["Confidence", (c) => c.confidence], ["Source", (c) => c.document?.title || ""], ["Quotation", (c) => c.quote],
];

const entityColumns = (app) => [
  ["Name", (n) => n.name], ["Type", (n) => typeWords(n.type)], ["Also known as", (n) => n.aliases.join("; ")],
  ["Listed", (n) => (app.seen.listed.has(n) ? "listed" : app.seen.exposed.has(n) ? "held by a listed party" : "")],
  ["Relations", (n) => app.seen.degree.get(n) || 0], ["Identifiers", (n) => n.attributes.map(([key, text]) => `${words(key)}: ${text}`).join("; ")],
];

function renderTable(app) {
  const { state, seen } = app;
  const host = el("table-view");
  const claims = state.tab === "claims";
  const columns = claims ? CLAIM_COLUMNS : entityColumns(app);
  const rows = (claims ? [...seen.claims, ...seen.facts] : seen.nodes).slice();
  const order = app.order[state.tab];
  const value = columns[order.column][1];
  rows.sort((a, b) => {
    const x = value(a), y = value(b);
    const way = typeof x === "number" ? x - y : String(x).localeCompare(String(y), "en");
    return (order.down ? -way : way) || a.idx - b.idx;
  });
  const shown = rows.slice(0, app.rows);
  const tab = (key, label, number) => h("button", { type: "button", role: "tab", id: `tab-${key}`, "aria-selected": String(state.tab === key), "aria-controls": "table-panel", tabindex: state.tab === key ? "0" : "-1", onclick: () => app.showTab(key), onkeydown: (event) => {
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      app.showTab(key === "claims" ? "entities" : "claims");
      el(`tab-${app.state.tab}`).focus();
    }
  } }, `${label} (${number.toLocaleString("en")})`);
  fill(host,
    h("div", { class: "tabs", role: "tablist", "aria-label": "Table" }, tab("claims", "Claims", seen.claims.length + seen.facts.length), tab("entities", "Entities", seen.nodes.length)),
    h("div", { id: "table-panel", class: "table-scroll", role: "tabpanel", tabindex: "0", "aria-labelledby": `tab-${state.tab}` },
      h("table", { class: "data" },
        h("caption", { class: "sr" }, claims ? "Claims shown now" : "Entities shown now"),
        h("thead", {}, h("tr", {}, columns.map(([label], place) => h("th", { scope: "col", "aria-sort": order.column === place ? (order.down ? "descending" : "ascending") : "none" },
          h("button", { type: "button", onclick: () => app.sortBy(place) }, label, h("span", { "aria-hidden": "true" }, order.column === place ? (order.down ? " ↓" : " ↑") : "")))))),
        h("tbody", {}, shown.map((item) => (claims ? claimRow(app, item) : entityRow(app, item)))))),
    rows.length > shown.length ? h("button", { type: "button", class: "more", onclick: () => { app.rows += PAGE * 5; renderTable(app); } }, `Show more (${(rows.length - shown.length).toLocaleString("en")} left)`) : null,
    rows.length ? null : h("p", { class: "callout" }, "The filters hide everything. ", h("button", { type: "button", class: "link", onclick: () => app.state_.clear() }, "Show all")));
}

function claimRow(app, claim) {
  const is = app.state.selected === `c:${claim.id}` || (claim.o && app.state.selected === `b:${bundleKey(claim)}`);
  return h("tr", { class: is ? "selected" : "" },
    h("td", { class: "wide" }, nodeButton(app, claim.s)),
    h("td", {}, h("button", { type: "button", class: "link", "aria-label": `Details: ${plain(claim.s.name)} ${words(claim.p)} ${plain(claim.o ? claim.o.name : claim.text)}`, onclick: () => app.select(`c:${claim.id}`) }, words(claim.p))),
    h("td", { class: "wide" }, claim.o ? nodeButton(app, claim.o) : name(cut(claim.text, 120))),
    h("td", {}, statusChip(claim.status)),
    h("td", { class: "date" }, plain(claim.date)),
    h("td", {}, claim.by ? name(claim.by.name) : ""),
    h("td", { class: "number" }, percent(claim.confidence)),
    h("td", { class: "wide" }, claim.document ? name(cut(claim.document.title, 60)) : ""),
    h("td", { class: "quote", dir: "auto" }, cut(claim.quote, 240)));
}

function entityRow(app, node) {
  return h("tr", { class: app.state.selected === `n:${node.id}` ? "selected" : "" },
    h("td", { class: "wide" }, nodeButton(app, node)),
    h("td", {}, typeWords(node.type)),
    h("td", {}, node.aliases.map((text, place) => [place ? "; " : null, name(text)])),
    h("td", {}, app.seen.listed.has(node) ? "listed" : app.seen.exposed.has(node) ? "held by a listed party" : ""),
    h("td", { class: "number" }, String(app.seen.degree.get(node) || 0)),
    h("td", {}, node.attributes.map(([key, text], place) => [place ? "; " : null, `${words(key)}: `, name(text)])));
}
