// The panel on the left: a legend that filters. And the bar below: a day on the time line, and what is hidden.

/** A line of the legend: a box to tick, a picture, a word, a count, and "only". */
function filterRow(app, key, value, label, picture, tally, all) {
  const off = app.state[key].has(value);
  const box = h("input", { type: "checkbox", checked: !off, onchange: (event) => app.state_.toggle(key, value, event.target.checked) });
  return h("li", { class: off ? "off" : "" },
    h("label", {}, box, picture, h("span", { class: "label" }, label), h("span", { class: "tally" }, h("span", { class: "sr" }, ", "), tally.toLocaleString("en"))),
    h("button", { type: "button", class: "only", "aria-label": `Only ${typeof label === "string" ? label : label.textContent}`, onclick: () => app.state_.set({ [key]: new Set(all.filter((other) => other !== value)) }) }, "only"));
}

function filterSection(app, id, title, key, rows, { open = true, extra = null } = {}) {
  const hidden = app.state[key]?.size || 0;
  const isOpen = app.open.get(id) ?? open;
  return h("details", { open: isOpen, "data-section": id, ontoggle: (event) => app.open.set(id, event.target.open) },
    h("summary", {}, h("h2", {}, title), hidden ? h("span", { class: "chip plain" }, `${hidden} off`) : null),
    extra,
    h("ul", { class: "filters" }, rows),
    hidden ? h("button", { type: "button", class: "link small", onclick: () => app.state_.set({ [key]: new Set() }) }, "Show all") : null);
}

function picker(app, key, label, entries) {
  const list = [...entries].sort((a, b) => b[1] - a[1] || (a[0].name < b[0].name ? -1 : 1));
  return h("label", { class: "field" }, h("span", {}, label),
    h("select", { "data-filter": key, disabled: !list.length, onchange: (event) => app.state_.set({ [key]: event.target.value }) },
      h("option", { value: "" }, list.length ? "Any" : "None in this graph"),
      list.map(([node, tally]) => h("option", { value: node.id, selected: app.state[key] === node.id }, `${cut(node.name, 60)} (${tally})`))));
}

function renderSidebar(app) {
  const { facets, theme, state } = app;
  const byCount = (a, b) => b[1] - a[1] || (String(a[0]) < String(b[0]) ? -1 : 1);
  const types = [...facets.types].sort(byCount);
  const statuses = STATUSES.filter((status) => facets.statuses.has(status));
  const relations = [...facets.relations].sort(byCount);
  const sources = [...facets.documents].sort((a, b) => b[1] - a[1] || a[0].idx - b[0].idx);
  const wanted = fold(app.sourceQuery || "");
  const offered = sources.filter(([doc]) => !wanted || fold(doc.title).includes(wanted));
  const keep = document.activeElement?.closest?.("#filters") ? focusKey(document.activeElement) : null;
  const scroll = el("filters").scrollTop;
  fill(el("filters"),
    filterSection(app, "types", "Entities", "typesOff", types.map(([type, tally]) => filterRow(app, "typesOff", type, typeWords(type), glyph(type, theme), tally, types.map(([other]) => other)))),
    filterSection(app, "statuses", "Status of claims", "statusOff", statuses.map((status) => filterRow(app, "statusOff", status, status.charAt(0).toUpperCase() + status.slice(1), lineSample(status, theme), facets.statuses.get(status), statuses))),
    filterSection(app, "relations", "Relations", "relationsOff", relations.map(([relation, tally]) => filterRow(app, "relationsOff", relation, words(relation), lineSample("asserted", theme, FAMILY.get(relation) || "other"), tally, relations.map(([other]) => other))), { open: relations.length <= 20 }),
    h("details", { open: app.open.get("listing") ?? true, "data-section": "listing", ontoggle: (event) => app.open.set("listing", event.target.open) }, h("summary", {}, h("h2", {}, "Listing and confidence")),
      picker(app, "authority", "Listed by", facets.authorities),
      picker(app, "list", "List or programme", facets.lists),
      h("label", { class: "field" }, h("span", {}, "Confidence at least ", h("output", {}, percent(state.confidence))),
        h("input", { type: "range", min: "0", max: "1", step: "0.05", value: String(state.confidence), "data-filter": "confidence", "aria-label": "Confidence at least", oninput: (event) => app.state_.set({ confidence: Number(event.target.value) }) })),
      h("label", { class: "tick" }, h("input", { type: "checkbox", checked: state.singles, "data-filter": "singles", onchange: (event) => app.state_.set({ singles: event.target.checked }) }), "Entities without relations"),
      state.focus ? h("p", { class: "small" }, "Focus: ", nodeOrText(app, state.focus), " ", hopsControl(app), " ", h("button", { type: "button", class: "link", onclick: () => app.state_.set({ focus: "" }) }, "Leave")) : null),
    sources.length ? filterSection(app, "sources", `Sources (${sources.length})`, "sourcesOff",
      offered.slice(0, 40).map(([doc, tally]) => filterRow(app, "sourcesOff", doc.id, cut(doc.title, 70), null, tally, sources.map(([other]) => other.id))),
      { open: sources.length <= 8, extra: sources.length > 12 ? h("label", { class: "field" }, h("span", {}, `Find a source (${offered.length})`), h("input", { type: "search", value: app.sourceQuery || "", "data-filter": "source-query", oninput: (event) => { app.sourceQuery = event.target.value; renderSidebar(app); } })) : null }) : null,
    state.hidden.size ? h("details", { open: true }, h("summary", {}, h("h2", {}, `Hidden by hand (${state.hidden.size})`)),
      h("ul", { class: "facts" }, [...state.hidden].map((id) => h("li", {}, nodeOrText(app, id), " ", h("button", { type: "button", class: "link", onclick: () => app.state_.toggle("hidden", id, true) }, "Show"))))) : null);
  el("filters").scrollTop = scroll;
  if (keep) [...el("filters").querySelectorAll("input,select,button,summary")].find((element) => focusKey(element) === keep)?.focus();
}

const focusKey = (element) => element.dataset?.filter || element.getAttribute("aria-label") || element.tagName + (element.closest("li,summary,label")?.textContent || "").replace(/[\d,]+/g, "");

function nodeOrText(app, id) {
  const node = app.graph.byId.get(id);
  return node ? nodeButton(app, node, { withGlyph: false }) : plain(id);
}

/** The days on which something changes, as the stops of the slider. */
function timeStops(graph) {
  return [...new Set(graph.claims.filter((claim) => claim.status !== "ended").map((claim) => claim.from).filter((day) => /^\d{4}-\d{2}-\d{2}$/.test(day)))].sort();
}

function renderTime(app) {
  const { stops, state } = app;
  const slider = el("time-slider");
  slider.max = String(stops.length);
  const place = state.at ? stops.filter((day) => day <= state.at).length : stops.length;
  slider.value = String(state.at ? Math.max(0, place - 1) : stops.length);
  slider.disabled = !stops.length;
  slider.setAttribute("aria-valuetext", state.at || "all times");
  if (document.activeElement !== el("time-date")) el("time-date").value = state.at;
  el("time-all").hidden = !state.at;
  el("time-range").textContent = stops.length ? [...new Set([stops[0].slice(0, 4), stops[stops.length - 1].slice(0, 4)])].join(" – ") : "no dates";
  drawHistogram(app);
}

function drawHistogram(app) {
  const host = el("time-bars");
  if (!app.stops.length) return fill(host);
  const bins = 48;
  const first = Date.parse(app.stops[0]), last = Math.max(first + 1, Date.parse(app.stops[app.stops.length - 1]));
  const tally = new Array(bins).fill(0);
  for (const claim of app.graph.claims) if (claim.from) tally[Math.min(bins - 1, Math.floor(((Date.parse(claim.from) - first) / (last - first)) * bins))] += 1;
  const most = Math.max(...tally);
  const cutAt = app.state.at ? ((Date.parse(app.state.at) - first) / (last - first)) * bins : bins;
  fill(host, tally.map((n, place) => (n ? svg("rect", { x: place * 4 + 0.5, width: 3, y: 20 - Math.max(2, (n / most) * 19), height: Math.max(2, (n / most) * 19), class: place <= cutAt ? "on" : "" }) : null)));
}

function renderStatus(app) {
  const { seen, graph } = app;
  const claims = seen.claims.length + seen.facts.length;
  const hidden = seen.hiddenNodes || seen.hiddenClaims;
  fill(el("status"),
    h("span", { "data-testid": "shown" }, `${seen.nodes.length.toLocaleString("en")} of ${count(graph.nodes.length, "entity", "entities")} · ${claims.toLocaleString("en")} of ${count(graph.claims.length, "claim")}`),
    hidden ? h("span", { class: "hidden-count", "data-testid": "hidden" }, ` · hidden: ${count(seen.hiddenNodes, "entity", "entities")}, ${count(seen.hiddenClaims, "claim")} `, h("button", { type: "button", class: "link", id: "show-all", onclick: () => app.state_.clear() }, "Show all")) : null,
    app.leftOut.entities ? h("span", { class: "muted", "data-testid": "left-out" }, ` · not loaded: ${count(app.leftOut.entities, "entity", "entities")}`) : null);
}
