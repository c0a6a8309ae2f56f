// Puts the parts together: reads the data, draws, listens.

class Suggest {
  /** A text field with completion over all names. `choose(node)` is called with what was picked. */
  constructor(app, input, list, choose) {
    Object.assign(this, { app, input, list, choose, found: [], at: -1 });
    input.addEventListener("input", () => this.update());
    input.addEventListener("focus", () => this.update());
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    input.addEventListener("keydown", (event) => this.key(event));
  }

  async update() {
    const query = this.input.value;
    this.picked = null;
    const found = this.app.graph.find(query).map((node) => ({ id: node.id, name: node.name, type: node.type, aliases: node.aliases, node }));
    this.show(found);
    if (this.app.served && query.trim().length > 1) {
      clearTimeout(this.wait);
      this.wait = setTimeout(async () => {
        try {
          const more = await this.app.served.search(query);
          if (this.input.value !== query) return;
          const have = new Set(found.map((entry) => entry.id));
          this.show([...found, ...more.filter((entry) => !have.has(entry.id))].slice(0, 12));
          this.app.say("");
        } catch (error) {
          this.app.say(error.message, true);
        }
      }, 180);
    }
  }

  show(found) {
    this.found = found;
    this.at = found.length ? 0 : -1;
    const query = fold(this.input.value.trim());
    const open = Boolean(query) && document.activeElement === this.input;
    fill(this.list, found.map((entry, place) => {
      const alias = (entry.aliases || []).find((text) => fold(text).includes(query) && !fold(entry.name).includes(query));
      return h("li", { role: "option", id: `${this.list.id}-${place}`, "aria-selected": String(place === this.at), onmousedown: (event) => { event.preventDefault(); this.pick(place); } },
        glyph(entry.type, this.app.theme), h("span", {}, name(entry.name), alias ? h("span", { class: "muted" }, " also ", name(alias)) : null), h("span", { class: "muted small" }, typeWords(entry.type)));
    }), open && !found.length ? h("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, "Nothing has that name") : null);
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.mark();
  }

  mark() {
    for (const [place, item] of [...this.list.children].entries()) item.setAttribute("aria-selected", String(place === this.at));
    if (this.at >= 0) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.found.length) this.at = (this.at + (event.key === "ArrowDown" ? 1 : -1) + this.found.length) % this.found.length;
      this.mark();
    } else if (event.key === "Enter" && this.at >= 0 && !this.list.hidden) {
      event.preventDefault();
      this.pick(this.at);
    } else if (event.key === "Escape") {
      if (!this.list.hidden) event.stopPropagation();
      this.close();
    }
  }

  pick(place) {
    const entry = this.found[place];
    this.picked = entry;
    this.input.value = plain(entry.name);
    this.close();
    this.choose(entry);
  }

  /** What stands in the field: what was picked, or the best that the text finds. */
  chosen() {
    return this.picked || this.found[0] || null;
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }
}

class App {
  constructor(payload) {
    this.title = payload.title;
    this.graph = new Graph();
    this.graph.add(payload);
    this.leftOut = payload.leftOut || {};
    this.mostDrawn = payload.mostDrawn || 1e9;
    this.open = new Map();
    this.order = { claims: { column: 0, down: false }, entities: { column: 4, down: true } };
    this.rows = PAGE;
    this.hovered = null;
    this.homes = new Map();
    this.state_ = new State((patch) => this.changed(patch));
    this.readTheme();
    this.served = payload.api ? new Served(this, payload.api) : null;
    this.state_.now = this.state_.decode(location.hash);
    lastHash = this.state_.encode();
    const on = (kind, hit, more) => this.pointer(kind, hit, more);
    const host = el("stage");
    this.surface = new CanvasSurface(host, on);
    this.wire();
    this.grown();
    this.surface.fit();
    this.fitWhenSeen(host);
    if (this.state.selected) this.reveal();
    el("empty").hidden = Boolean(this.graph.nodes.length);
  }

  /** A frame may have no size yet when the page begins (a notebook's): then it is fitted once it has one. */
  fitWhenSeen(host) {
    if (host.clientWidth > 50 && host.clientHeight > 50) return;
    const watch = new ResizeObserver(() => {
      if (host.clientWidth <= 50 || host.clientHeight <= 50) return;
      watch.disconnect();
      requestAnimationFrame(() => this.surface.fit());
    });
    watch.observe(host);
  }

  get state() {
    return this.state_.now;
  }

  /** New parts came in (or the first): everything that is counted over the whole graph is counted anew. */
  grown() {
    this.facets = this.graph.facets();
    this.stops = timeStops(this.graph);
    el("empty").hidden = Boolean(this.graph.nodes.length);
    this.render();
  }

  changed(patch) {
    if ("pinned" in patch) this.place();
    this.render(Object.keys(patch));
  }

  /** Puts every node where its pin says, or back home. */
  place() {
    for (const node of this.graph.nodes) {
      const pin = this.state.pinned.get(node.id);
      if (pin) {
        if (!this.homes.has(node)) this.homes.set(node, [node.x, node.y]);
        [node.x, node.y] = pin;
      } else if (this.homes.has(node)) {
        [node.x, node.y] = this.homes.get(node);
        this.homes.delete(node);
      }
    }
  }

  render(keys = null) {
    const selecting = keys?.every((key) => ["selected", "view", "tab", "path"].includes(key));
    if (!selecting) {
      if (this.state.pinned.size || this.homes.size) this.place();
      this.seen = this.graph.visible(this.state);
      renderSidebar(this);
      renderTime(this);
      renderStatus(this);
    }
    const table = this.state.view === "table";
    el("stage-wrap").hidden = table;
    el("table-view").hidden = !table;
    for (const button of document.querySelectorAll("[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === this.state.view));
    if (table) renderTable(this);
    renderDetails(this);
    el("undo").disabled = !this.state_.past.length;
    el("redo").disabled = !this.state_.future.length;
    this.redraw();
  }

  redraw() {
    this.surface.show(makeScene(this.graph, this.seen, this.state, this.hovered), this.theme);
    const chosen = selection(this.graph, this.state.selected);
    el("stage").setAttribute("aria-label", `Graph of ${count(this.seen.nodes.length, "entity", "entities")} and ${count(this.seen.bundles.length, "relation")}${chosen?.node ? `; selected: ${plain(chosen.node.name)}` : ""}`);
  }

  select(selected, { centre = false, quiet = false } = {}) {
    this.state_.set({ selected });
    const chosen = selection(this.graph, selected);
    if (centre && chosen?.node && this.seen.shown.has(chosen.node)) this.keepInSight(chosen.node);
    document.body.classList.toggle("has-details", Boolean(selected));
    this.aboveSheet(chosen);
    if (!quiet) this.say(this.describe(chosen));
  }

  describe(chosen) {
    if (chosen?.node) {
      const degree = this.seen.degree.get(chosen.node) || 0;
      return `${plain(chosen.node.name)}, ${typeWords(chosen.node.type)}${this.seen.listed.has(chosen.node) ? ", listed" : ""}, ${count(degree, "relation")}`;
    }
    const made = chosen?.key && this.seen.bundles.find((other) => other.key === chosen.key);
    return made ? `${plain(made.s.name)} ${words(made.p)} ${plain(made.o.name)}, ${made.contested ? "contested" : made.status}, ${count(made.claims.length, "claim")}` : "";
  }

  /** On a narrow screen the details cover the lower part: what was chosen moves into the part that is left. */
  aboveSheet(chosen) {
    if (!chosen || this.state.view === "table" || !matchMedia("(max-width: 860px)").matches) return;
    const made = chosen.key && this.seen.bundles.find((other) => other.key === chosen.key);
    const ends = (made ? [made.s, made.o] : [chosen.node]).filter((node) => node && this.seen.shown.has(node));
    if (!ends.length) return;
    const spots = ends.map((node) => this.surface.screen(node));
    const stage = el("stage").getBoundingClientRect(), sheet = el("panel").getBoundingClientRect();
    const x = spots.reduce((sum, spot) => sum + spot.x, 0) / spots.length, y = spots.reduce((sum, spot) => sum + spot.y, 0) / spots.length;
    this.surface.panBy(stage.width / 2 - x, Math.max(40, (sheet.top - stage.top) / 2) - y);
  }

  /** Moves the picture only when the node is out of sight or too small to see. */
  keepInSight(node) {
    const { x, y } = this.surface.screen(node);
    const { w, h: hgt } = this.surface.size;
    if (x < 60 || y < 60 || x > w - 60 || y > hgt - 60 || this.surface.camera.k < 0.35) this.surface.centre(node);
  }

  reveal() {
    const chosen = selection(this.graph, this.state.selected);
    const node = chosen?.node || chosen?.claim?.s;
    if (node && this.seen.shown.has(node)) this.keepInSight(node);
    document.body.classList.toggle("has-details", Boolean(chosen));
  }

  focusOn(node) {
    this.state_.set({ focus: node.id, hops: this.state.focus ? this.state.hops : 1 });
    this.surface.fit();
  }

  hide(node) {
    const hiding = !this.state.hidden.has(node.id);
    this.state_.toggle("hidden", node.id, !hiding);
    this.say(`${plain(node.name)} ${hiding ? "hidden; Undo brings it back" : "shown"}`);
  }

  pin(node) {
    const pinned = new Map(this.state.pinned);
    if (!pinned.delete(node.id)) pinned.set(node.id, [Math.round(node.x), Math.round(node.y)]);
    this.state_.set({ pinned });
  }

  /** A node was dragged: where it was put, it stays. */
  moved(node) {
    if (!this.homes.has(node) && this.pressed) this.homes.set(node, this.pressed.get(node) || [node.x, node.y]);
    this.state_.set({ pinned: new Map(this.state.pinned).set(node.id, [Math.round(node.x), Math.round(node.y)]) });
  }

  undo() {
    this.say(this.state_.undo() ? "Undone" : "Nothing to undo");
  }

  redo() {
    this.say(this.state_.redo() ? "Done again" : "Nothing to redo");
  }

  showTab(tab) {
    this.rows = PAGE;
    this.state_.set({ tab });
  }

  sortBy(column) {
    const order = this.order[this.state.tab];
    this.order[this.state.tab] = { column, down: order.column === column ? !order.down : false };
    renderTable(this);
    el("table-view").querySelectorAll("th button")[column]?.focus();
  }

  openPath(from = null) {
    const chosen = from || selection(this.graph, this.state.selected)?.node;
    const dialog = el("path-dialog");
    if (!dialog.open) dialog.showModal();
    el("path-from").value = "";
    this.pathFrom.picked = null;
    el("path-to").value = "";
    this.pathTo.picked = null;
    if (chosen) {
      el("path-from").value = plain(chosen.name);
      this.pathFrom.picked = { id: chosen.id, name: chosen.name, type: chosen.type };
      el("path-to").focus();
    } else el("path-from").focus();
  }

  async goPath() {
    const from = this.pathFrom.chosen(), to = this.pathTo.chosen();
    if (!from || !to || from.id === to.id) {
      el("path-note").textContent = "Choose two different entities.";
      return;
    }
    el("path-note").textContent = "";
    el("path-dialog").close();
    if (this.served) await this.served.path(from.id, to.id);
    this.state_.set({ path: [from.id, to.id], selected: "", view: "graph" });
    document.body.classList.add("has-details");
    const steps = currentPath(this.graph, this.seen, this.state);
    if (steps) this.surface.fit([...new Set(steps.flatMap((step) => [step.from, step.to]))]);
    el("details").querySelector("h2")?.focus();
    this.say(steps ? `A path of ${count(steps.length, "step")}` : "No path");
  }

  pointer(kind, hit, more) {
    if (kind === "press") {
      this.pressed = new Map(this.graph.nodes.map((node) => [node, [node.x, node.y]]));
      el("tip").hidden = true;
    } else if (kind === "hover") this.hover(hit, more);
    else if (kind === "click") {
      el("stage").focus({ preventScroll: true });
      this.select(hit?.node ? `n:${hit.node.id}` : hit?.key ? `b:${hit.key}` : "");
    } else if (kind === "double" && hit?.node) {
      if (this.served) this.served.expand(hit.node);
      else this.focusOn(hit.node);
    } else if (kind === "moved") this.moved(hit);
  }

  hover(hit, at) {
    const key = hit?.node?.id || hit?.key || "";
    if (key !== (this.hovered?.node?.id || this.hovered?.key || "")) {
      this.hovered = hit;
      el("stage").style.cursor = hit ? "pointer" : "grab";
      if (this.seen.nodes.length <= 3000) this.redraw();
    }
    const tip = el("tip");
    tip.hidden = !hit;
    if (!hit) return;
    const made = hit.key && this.seen.bundles.find((other) => other.key === hit.key);
    fill(tip, hit.node ? [h("b", {}, name(hit.node.name)), h("br"), typeWords(hit.node.type), this.seen.listed.has(hit.node) ? ", listed" : ""]
      : made ? [h("b", {}, name(made.s.name), ` ${words(made.p)} `, name(made.o.name)), h("br"), made.contested ? "contested" : made.status, made.claims[0].quote ? [h("br"), h("span", { class: "tip-quote" }, "“", name(cut(made.claims[0].quote, 140)), "”")] : null] : null);
    const { w } = this.surface.size;
    tip.style.left = `${Math.min(at.x + 14, Math.max(8, w - 300))}px`;
    tip.style.top = `${at.y + 16}px`;
  }

  say(text, loud = false) {
    el("live").textContent = text;
    const toast = el("toast");
    clearTimeout(this.toastTimer);
    toast.hidden = !loud || !text;
    toast.textContent = text;
    if (loud) this.toastTimer = setTimeout(() => (toast.hidden = true), 6000);
  }

  readTheme() {
    let wanted = document.documentElement.dataset.theme;
    if (!wanted) wanted = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    this.theme = THEMES[wanted];
    this.themeName = wanted;
  }

  setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    this.readTheme();
    this.render();
  }

  async copyLink() {
    const link = location.href;
    try {
      await navigator.clipboard.writeText(link);
      this.say("The link to this view was copied.", true);
    } catch {
      el("link-text").value = link;
      el("link-dialog").showModal();
      el("link-text").select();
    }
  }

  wire() {
    this.search = new Suggest(this, el("search"), el("search-list"), async (entry) => {
      if (this.served) await this.served.open(entry.id);
      this.select(`n:${entry.id}`, { centre: true });
    });
    el("search-form").addEventListener("submit", (event) => event.preventDefault());
    this.pathFrom = new Suggest(this, el("path-from"), el("path-from-list"), () => el("path-to").focus());
    this.pathTo = new Suggest(this, el("path-to"), el("path-to-list"), () => this.goPath());
    el("path-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.goPath();
    });
    for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
    for (const button of document.querySelectorAll("[data-view]")) button.addEventListener("click", () => this.state_.set({ view: button.dataset.view }));
    for (const button of document.querySelectorAll("[data-export]")) {
      button.addEventListener("click", () => {
        el("export-menu").open = false;
        ({ png: exportPng, svg: exportSvg, graphml: exportGraphml, csv: exportCsv })[button.dataset.export](this);
        this.say(`Saved as ${button.dataset.export.toUpperCase()}`);
      });
    }
    const press = (id, action) => el(id).addEventListener("click", action);
    press("undo", () => this.undo());
    press("redo", () => this.redo());
    press("path", () => this.openPath());
    press("link", () => this.copyLink());
    press("theme", () => this.setTheme(this.themeName === "dark" ? "light" : "dark"));
    press("help", () => el("help-dialog").showModal());
    press("zoom-in", () => this.surface.zoomBy(1.3));
    press("zoom-out", () => this.surface.zoomBy(1 / 1.3));
    press("zoom-fit", () => this.surface.fit());
    press("toggle-filters", () => this.drawer("filters"));
    press("close-filters", () => this.drawer(""));
    press("close-details", () => {
      document.body.classList.remove("has-details");
      this.select("");
    });
    el("time-slider").addEventListener("input", (event) => {
      const place = Number(event.target.value);
      this.state_.set({ at: place >= this.stops.length ? "" : this.stops[place] });
    });
    el("time-date").addEventListener("change", (event) => this.state_.set({ at: event.target.value }));
    press("time-all", () => this.state_.set({ at: "" }));
    addEventListener("hashchange", () => {
      const asked = location.hash.replace(/^#/, "");
      if (asked === lastHash) return;
      this.state_.past.push(this.state);
      this.state_.now = this.state_.decode(asked);
      lastHash = asked;
      this.place();
      this.render();
      this.reveal();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      if (document.documentElement.dataset.theme) return;
      this.readTheme();
      this.render();
    });
    document.addEventListener("click", (event) => {
      if (el("export-menu").open && !event.target.closest("#export-menu")) el("export-menu").open = false;
    });
    document.addEventListener("keydown", (event) => this.key(event));
    el("stage").addEventListener("keydown", (event) => this.stageKey(event));
    if (this.served) wireStart(this);
  }

  drawer(which) {
    document.body.classList.toggle("show-filters", which === "filters" && !document.body.classList.contains("show-filters"));
    const open = document.body.classList.contains("show-filters");
    el("toggle-filters").setAttribute("aria-expanded", String(open));
    if (open) el("close-filters").focus();
  }

  /** Keys that work everywhere but in text fields. */
  key(event) {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const typing = event.target.matches?.("input:not([type=checkbox]):not([type=range]), select, textarea");
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "z" && !typing) {
      event.preventDefault();
      if (event.shiftKey) this.redo();
      else this.undo();
      return;
    }
    if (command && event.key.toLowerCase() === "y" && !typing) {
      event.preventDefault();
      this.redo();
      return;
    }
    if (event.key === "Escape") {
      if (document.body.classList.contains("show-filters")) this.drawer("");
      else if (el("export-menu").open) el("export-menu").open = false;
      else if (this.state.selected) this.select("");
      else if (this.state.path) this.state_.set({ path: null });
      return;
    }
    if (typing || command || event.altKey) return;
    const node = selection(this.graph, this.state.selected)?.node;
    const actions = {
      "/": () => el("search").focus(), "?": () => el("help-dialog").showModal(), t: () => this.state_.set({ view: this.state.view === "table" ? "graph" : "table" }),
      p: () => this.openPath(), f: () => node && this.focusOn(node), h: () => node && this.hide(node), x: () => node && this.pin(node),
      l: () => this.copyLink(), d: () => this.setTheme(this.themeName === "dark" ? "light" : "dark"), u: () => this.undo(),
      "+": () => this.surface.zoomBy(1.3), "=": () => this.surface.zoomBy(1.3), "-": () => this.surface.zoomBy(1 / 1.3), 0: () => this.surface.fit(),
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  }

  /** Keys in the picture: arrows go from entity to entity, [ and ] along the lines of the selected one. */
  stageKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key];
    const chosen = selection(this.graph, this.state.selected);
    if (way && event.shiftKey) {
      event.preventDefault();
      this.surface.panBy(-way[0] * 60, -way[1] * 60);
    } else if (way) {
      event.preventDefault();
      const next = this.neighbour(chosen?.node || null, way);
      if (next) this.select(`n:${next.id}`, { centre: true });
    } else if (event.key === "[" || event.key === "]") {
      event.preventDefault();
      this.stepLine(event.key === "]" ? 1 : -1);
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      document.body.classList.add("has-details");
      el("details").querySelector("h2, button")?.focus();
    }
  }

  /** The node to go to in a direction: the nearest there, those tied to the present one first. */
  neighbour(from, [dx, dy]) {
    if (!from || !this.seen.shown.has(from)) return this.seen.nodes.slice().sort((a, b) => (this.seen.degree.get(b) || 0) - (this.seen.degree.get(a) || 0) || a.idx - b.idx)[0];
    const tied = new Set([...from.out.map((c) => c.o), ...from.in.map((c) => c.s)]);
    let best = null, bestCost = Infinity;
    for (const node of this.seen.nodes) {
      const x = node.x - from.x, y = node.y - from.y;
      const ahead = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
      if (node === from || ahead <= 0 || aside > ahead * 2.5) continue;
      const cost = (ahead + aside * 1.5) * (tied.has(node) ? 0.4 : 1);
      if (cost < bestCost) {
        bestCost = cost;
        best = node;
      }
    }
    return best;
  }

  stepLine(step) {
    const chosen = selection(this.graph, this.state.selected);
    const home = chosen?.node || this.lineHome;
    if (!home) return;
    this.lineHome = home;
    const lines = this.seen.bundles.filter((made) => made.s === home || made.o === home);
    if (!lines.length) return;
    const now = lines.findIndex((made) => made.key === chosen?.key);
    const next = lines[(now + step + lines.length + (now < 0 && step < 0 ? 1 : 0)) % lines.length];
    this.select(`b:${next.key}`);
  }
}

/** The first page of the served explorer: search, or begin with a listing. */
function wireStart(app) {
  const host = el("start-lists");
  app.served.ask("start", {}).then((start) => {
    app.say("");
    fill(host, start.listings.map((entry) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => app.served.listing(entry.id) }, name(entry.name)), h("span", { class: "muted" }, ` ${count(entry.listed, "listed")}`))),
      start.listings.length ? null : h("li", { class: "muted" }, "No listings are stored. Search for a name."));
    el("start-count").textContent = `${count(start.entities, "entity", "entities")}, ${count(start.claims, "claim")} in the store.`;
  }).catch((error) => app.say(error.message, true));
  const asked = new URLSearchParams(location.search).get("focus");
  if (asked) app.served.open(asked).then((node) => {
    if (node) {
      app.surface.fit();
      app.select(`n:${node.id}`, { centre: true });
    }
  });
}

const started = performance.now();
const app = new App(JSON.parse(el("graph-data").textContent));
document.documentElement.dataset.ready = "true";
requestAnimationFrame(() => requestAnimationFrame(() => {
  document.documentElement.dataset.drawn = String(Math.round(performance.now()));
  document.documentElement.dataset.work = String(Math.round(performance.now() - started));
}));
globalThis.explorer = app;
