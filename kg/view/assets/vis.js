// The same surface through vis-network, as pyvis set it up: vis keeps nodes, lines, camera and pointer; the glyphs,
// the marks of status and the names are drawn by paint.js into its canvas, so that both surfaces look alike.

class VisSurface {
  constructor(host, on, parts, graph) {
    this.host = host;
    this.on = on;
    this.graph = graph;
    this.scene = { items: new Map(), lines: [] };
    this.frames = 0;
    this.nodes = new vis.DataSet(parts.nodes.map((node) => ({ ...node, hidden: true })));
    this.edges = new vis.DataSet(parts.edges.map((edge) => ({ ...edge, hidden: true })));
    this.edgeByKey = new Map();
    this.keyByEdge = new Map();
    const options = structuredClone(parts.options);
    options.nodes.ctxRenderer = ({ ctx, id, x, y }) => this.glyph(ctx, id, x, y);
    this.net = new vis.Network(host, { nodes: this.nodes, edges: this.edges }, options);
    this.canvas = host.querySelector("canvas");
    for (const part of host.querySelectorAll("[tabindex]")) part.removeAttribute("tabindex");
    this.listen(parts);
  }

  glyph(ctx, id, x, y) {
    const item = this.scene.items.get(this.graph.nodes[id]);
    const k = this.net.getScale();
    const r = item ? item.r0 * nodeScale(k) : 1;
    return {
      drawNode: () => {
        if (!item) return;
        ctx.save();
        ctx.translate(x, y);
        ctx.scale(1 / k, 1 / k);
        drawNode(ctx, 0, 0, r, item, this.theme);
        ctx.restore();
      },
      nodeDimensions: { width: (2 * r) / k, height: (2 * r) / k },
    };
  }

  show(scene, theme) {
    this.thick = this.thickness();
    this.scene = scene;
    this.theme = theme;
    const places = [];
    for (const node of this.graph.nodes) {
      const wanted = { id: node.idx, hidden: !scene.items.has(node), x: node.x, y: node.y };
      const now = this.nodes.get(node.idx);
      if (!now || now.hidden !== wanted.hidden || now.x !== wanted.x || now.y !== wanted.y) places.push(wanted);
    }
    if (places.length) this.nodes.update(places);
    const seen = new Set();
    const lines = [];
    for (const { made, strong, alpha } of scene.lines) {
      const id = this.edgeByKey.get(made.key);
      if (id === undefined) continue;
      seen.add(id);
      const colour = edgeColour(made, theme);
      const bend = made.bend && made.s !== made.o;
      lines.push({
        id, hidden: false, from: made.s.idx, to: made.o.idx,
        color: { color: colour, highlight: colour, hover: colour, opacity: alpha, inherit: false },
        width: (strong ? 3 : 1.2 + Math.min(1.6, Math.log2(made.claims.length) * 0.45)) * this.thick,
        dashes: DASHES[made.status].length ? DASHES[made.status] : false,
        arrows: { to: { enabled: made.directed } },
        smooth: bend ? { enabled: true, type: made.bend > 0 ? "curvedCW" : "curvedCCW", roundness: Math.min(0.5, Math.abs(made.bend) * 0.2) } : { enabled: false },
        selfReference: { size: 16 + made.bend * 6, angle: Math.PI / 4 },
      });
    }
    for (const id of this.keyByEdge.keys()) if (!seen.has(id)) lines.push({ id, hidden: true });
    const changed = lines.filter((line) => {
      const text = JSON.stringify(line);
      if (this.last?.get(line.id) === text) return false;
      (this.last ||= new Map()).set(line.id, text);
      return true;
    });
    if (changed.length) this.edges.update(changed);
    this.draw();
  }

  draw() {
    this.net.redraw();
  }

  /** Lines keep their width on the screen while the picture shrinks, in steps, so that zooming stays cheap. */
  thickness() {
    return 2 ** (Math.round(2 * Math.log2(Math.max(0.7, Math.min(5, 1 / this.net.getScale())))) / 2);
  }

  zoomed() {
    if (this.thickness() !== this.thick && this.theme) this.show(this.scene, this.theme);
  }

  /** What vis does not draw: marks of status and the names, in screen coordinates. */
  overlay(ctx) {
    if (!this.theme) return;
    const ratio = ctx.canvas.width / this.host.clientWidth;
    const k = this.net.getScale();
    const scale = nodeScale(k);
    const w = this.host.clientWidth, hgt = this.host.clientHeight;
    ctx.save();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const inside = [];
    for (const item of this.scene.items.values()) {
      const { x, y } = this.screen(item.node);
      Object.assign(item, { sx: x, sy: y, r: item.r0 * scale });
      if (x > -40 && y > -40 && x < w + 40 && y < hgt + 40) inside.push(item);
    }
    const ways = [];
    for (const { made, strong, alpha } of this.scene.lines) {
      const edge = this.net.body.edges[this.edgeByKey.get(made.key)];
      const a = this.scene.items.get(made.s), b = this.scene.items.get(made.o);
      if (!edge || !a || !b) continue;
      const loop = made.s === made.o;
      const middle = loop ? { x: made.s.x, y: made.s.y - 40 } : edge.edgeType.getPoint(0.5);
      const point = this.net.canvasToDOM(middle);
      const way = { loop, mx: point.x, my: point.y, angle: Math.atan2(b.sy - a.sy, b.sx - a.sx), length: Math.hypot(b.sx - a.sx, b.sy - a.sy) - a.r - b.r };
      ways.push({ made, way, alpha, strong });
      if (alpha >= 0.5) statusMark(ctx, made, way.mx, way.my, way.angle, this.theme);
    }
    drawAllLabels(ctx, inside, ways, w, hgt, this.theme, k);
    ctx.restore();
    this.frames += 1;
  }

  get camera() {
    const k = this.net.getScale();
    const { x, y } = this.net.canvasToDOM({ x: 0, y: 0 });
    return { k, x, y };
  }

  get size() {
    return { w: this.host.clientWidth, h: this.host.clientHeight };
  }

  fit(nodes = [...this.scene.items.keys()]) {
    if (!nodes.length) return;
    const xs = nodes.map((node) => node.x), ys = nodes.map((node) => node.y);
    const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const { w, h: hgt } = this.size;
    const scale = fitting(w, hgt, x1 - x0, y1 - y0);
    this.net.moveTo({ position: { x: (x0 + x1) / 2, y: (y0 + y1) / 2 }, scale, animation: false });
    this.zoomed();
  }

  zoomBy(factor) {
    this.net.moveTo({ scale: Math.min(5, Math.max(0.015, this.net.getScale() * factor)), animation: false });
    this.zoomed();
  }

  panBy(dx, dy) {
    const { x, y } = this.net.getViewPosition();
    const k = this.net.getScale();
    this.net.moveTo({ position: { x: x - dx / k, y: y - dy / k }, animation: false });
  }

  centre(node) {
    this.net.moveTo({ position: { x: node.x, y: node.y }, scale: Math.max(this.net.getScale(), 0.6), animation: false });
  }

  screen(node) {
    return this.net.canvasToDOM({ x: node.x, y: node.y });
  }

  hit(x, y) {
    const node = this.net.getNodeAt({ x, y });
    if (node !== undefined) return { node: this.graph.nodes[node] };
    const edge = this.net.getEdgeAt({ x, y });
    return edge !== undefined ? { key: this.keyByEdge.get(edge) } : null;
  }

  listen(parts) {
    for (const edge of parts.edges) {
      const s = this.graph.nodes[edge.from], o = this.graph.nodes[edge.to];
      const key = bundleKey({ s, o, p: edge.key });
      if (this.edgeByKey.has(key)) continue;
      this.edgeByKey.set(key, edge.id);
      this.keyByEdge.set(edge.id, key);
    }
    const at = ({ pointer }) => this.hit(pointer.DOM.x, pointer.DOM.y);
    this.net.on("afterDrawing", (ctx) => this.overlay(ctx));
    this.net.on("click", (event) => this.on("click", at(event)));
    this.net.on("doubleClick", (event) => this.on("double", at(event)));
    this.net.on("dragStart", () => this.on("press"));
    this.net.on("dragEnd", (event) => {
      if (!event.nodes.length) return this.on("view");
      const node = this.graph.nodes[event.nodes[0]];
      const spot = this.net.getPosition(node.idx);
      node.x = spot.x;
      node.y = spot.y;
      this.on("moved", node);
    });
    this.net.on("dragging", (event) => {
      if (!event.nodes.length) return;
      const node = this.graph.nodes[event.nodes[0]];
      Object.assign(node, this.net.getPosition(node.idx));
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (event.buttons) return;
      const box = this.canvas.getBoundingClientRect();
      const point = { x: event.clientX - box.left, y: event.clientY - box.top };
      this.on("hover", this.hit(point.x, point.y), point);
    });
    this.canvas.addEventListener("pointerleave", () => this.on("hover", null));
    this.net.on("zoom", () => {
      this.zoomed();
      this.on("view");
    });
  }
}
