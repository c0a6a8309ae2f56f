// The served explorer: asks the server for parts of a large store and adds them to the graph in hand. In a file there
// is no server, and nothing of this runs.

class Served {
  constructor(app, base) {
    this.app = app;
    this.base = base;
  }

  async ask(path, parameters) {
    const query = new URLSearchParams(parameters).toString();
    this.app.say("Loading…");
    const answer = await fetch(`${this.base}${path}${query ? "?" + query : ""}`, { headers: { accept: "application/json" }, credentials: "same-origin" });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(body.error || `The server answered ${answer.status}.`);
    return body;
  }

  async search(query) {
    return (await this.ask("search", { q: query })).found;
  }

  /** The neighbours of a node, as many as may be drawn, placed around it. */
  async expand(node) {
    await this.bring("neighbours", { id: node.id, have: [...node.in, ...node.out].length ? "1" : "" }, node);
  }

  async open(id) {
    if (this.app.graph.byId.has(id)) return this.app.graph.byId.get(id);
    await this.bring("neighbours", { id }, null);
    return this.app.graph.byId.get(id);
  }

  async listing(id) {
    await this.bring("listing", { id }, this.app.graph.byId.get(id));
    this.app.surface.fit();
  }

  async path(from, to) {
    await this.bring("path", { from, to }, null);
  }

  async bring(path, parameters, centre) {
    try {
      const payload = await this.ask(path, parameters);
      const drawn = this.app.graph.nodes.length + payload.nodes.filter((n) => !this.app.graph.byId.has(n.i)).length;
      if (drawn > this.app.mostDrawn) {
        this.app.say(`This page draws at most ${this.app.mostDrawn.toLocaleString("en")} entities. Start anew to see others.`, true);
        return;
      }
      const fresh = this.app.graph.add(payload);
      settle(this.app.graph, fresh, centre);
      this.app.leftOut = { ...payload.leftOut };
      this.app.grown();
      const left = payload.leftOut.entities ? ` ${count(payload.leftOut.entities, "entity", "entities")} left out: ${plain(payload.leftOut.why || "too many to draw")}.` : "";
      this.app.say(fresh.length ? `${count(fresh.length, "entity", "entities")} added.${left}` : `Nothing new.${left}`, Boolean(left));
    } catch (error) {
      this.app.say(error.message, true);
    }
  }
}

/** Places new nodes near what they are tied to, on rings around it, without moving what stands already. */
function settle(graph, fresh, centre) {
  const placed = graph.nodes.filter((node) => node.x !== null && !fresh.includes(node));
  const taken = new Set(placed.map((node) => `${Math.round(node.x / 90)},${Math.round(node.y / 60)}`));
  const spot = (cx, cy, from) => {
    for (let ring = from; ring < 60; ring += 1) {
      const seats = Math.max(1, ring * 6);
      for (let seat = 0; seat < seats; seat += 1) {
        const angle = (seat / seats) * Math.PI * 2 + ring * 0.4;
        const x = cx + Math.cos(angle) * ring * 118, y = cy + Math.sin(angle) * ring * 92;
        const cellKey = `${Math.round(x / 90)},${Math.round(y / 60)}`;
        if (!taken.has(cellKey)) {
          taken.add(cellKey);
          return [x, y];
        }
      }
    }
    return [cx, cy];
  };
  const byDegree = fresh.slice().sort((a, b) => b.in.length + b.out.length - a.in.length - a.out.length || a.idx - b.idx);
  const done = new Set(placed);
  for (const node of byDegree) {
    const tied = [...node.out.map((c) => c.o), ...node.in.map((c) => c.s)].filter((other) => done.has(other));
    const anchor = tied[0] || centre || null;
    const [x, y] = anchor ? spot(anchor.x, anchor.y, 1) : spot(0, 0, placed.length ? 2 : 0);
    node.x = Math.round(x);
    node.y = Math.round(y);
    done.add(node);
  }
}
