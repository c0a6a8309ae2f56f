// The page's own drawing surface: no library, no GPU. A surface offers: show(scene), fit(), zoomBy(), centre(),
// screen(node), camera, and calls back on(event). While a big picture is moved, its last drawing is moved as a
// picture; it is drawn anew when the hand rests.

class CanvasSurface {
  constructor(host, on) {
    this.host = host;
    this.on = on;
    this.canvas = h("canvas", { class: "surface" });
    host.append(this.canvas);
    this.ctx = this.canvas.getContext("2d");
    this.copy = document.createElement("canvas");
    this.camera = { k: 1, x: 0, y: 0 };
    this.scene = { items: new Map(), lines: [] };
    this.drawn = { inside: [], ways: [] };
    this.cost = 0;
    this.pointers = new Map();
    this.frames = 0;
    new ResizeObserver(() => this.resize()).observe(host);
    this.listen();
    this.resize();
  }

  resize() {
    const { clientWidth: w, clientHeight: hgt } = this.host;
    if (!w || !hgt) return;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const before = this.size;
    this.size = { w, h: hgt, ratio };
    this.canvas.width = Math.round(w * ratio);
    this.canvas.height = Math.round(hgt * ratio);
    this.canvas.style.width = `${w}px`;
    this.canvas.style.height = `${hgt}px`;
    if (before) {
      this.camera.x += (w - before.w) / 2;
      this.camera.y += (hgt - before.h) / 2;
    }
    this.draw();
  }

  show(scene, theme) {
    this.scene = scene;
    this.theme = theme;
    this.draw();
  }

  /** Draws at the next frame: wholly, or by moving the last picture while `moving` and wholly is slow. */
  draw(moving = false) {
    if (moving) this.moving = true;
    else this.whole = true;
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      const whole = this.whole || this.cost < 20;
      this.whole = this.moving = false;
      if (whole) this.paint();
      else this.slide();
    });
  }

  paint() {
    if (!this.size || !this.theme) return;
    const started = performance.now();
    const { w, h: hgt, ratio } = this.size;
    this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.ctx.fillStyle = this.theme.ground;
    this.ctx.fillRect(0, 0, w, hgt);
    this.drawn = drawScene(this.ctx, this.scene, this.camera, w, hgt, this.theme);
    this.cost = performance.now() - started;
    this.frames += 1;
    this.kept = null;
    if (this.cost >= 20) {
      this.copy.width = this.canvas.width;
      this.copy.height = this.canvas.height;
      this.copy.getContext("2d").drawImage(this.canvas, 0, 0);
      this.kept = { ...this.camera };
    }
  }

  slide() {
    if (!this.kept) return this.paint();
    const { ratio } = this.size;
    const zoom = this.camera.k / this.kept.k;
    this.ctx.setTransform(1, 0, 0, 1, 0, 0);
    this.ctx.fillStyle = this.theme.ground;
    this.ctx.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.ctx.setTransform(zoom, 0, 0, zoom, (this.camera.x - this.kept.x * zoom) * ratio, (this.camera.y - this.kept.y * zoom) * ratio);
    this.ctx.drawImage(this.copy, 0, 0);
    this.frames += 1;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.draw(), 110);
  }

  fit(nodes = [...this.scene.items.keys()]) {
    if (!nodes.length || !this.size) return;
    let x0 = Infinity, x1 = -Infinity, y0 = Infinity, y1 = -Infinity;
    for (const node of nodes) {
      x0 = Math.min(x0, node.x);
      x1 = Math.max(x1, node.x);
      y0 = Math.min(y0, node.y);
      y1 = Math.max(y1, node.y);
    }
    const { w, h: hgt } = this.size;
    const k = fitting(w, hgt, x1 - x0, y1 - y0);
    this.camera = { k, x: w / 2 - (k * (x0 + x1)) / 2, y: hgt / 2 - (k * (y0 + y1)) / 2 };
    this.draw();
  }

  zoomBy(factor, at = null) {
    const point = at || { x: this.size.w / 2, y: this.size.h / 2 };
    const k = Math.min(5, Math.max(0.015, this.camera.k * factor));
    const used = k / this.camera.k;
    this.camera = { k, x: point.x - (point.x - this.camera.x) * used, y: point.y - (point.y - this.camera.y) * used };
    this.draw(true);
  }

  panBy(dx, dy) {
    this.camera = { ...this.camera, x: this.camera.x + dx, y: this.camera.y + dy };
    this.draw(true);
  }

  centre(node) {
    const k = Math.max(this.camera.k, 0.6);
    this.camera = { k, x: this.size.w / 2 - node.x * k, y: this.size.h / 2 - node.y * k };
    this.draw();
  }

  screen(node) {
    return { x: node.x * this.camera.k + this.camera.x, y: node.y * this.camera.k + this.camera.y };
  }

  /** What lies under a point of the screen: a node, a bundle, or nothing. */
  hit(x, y) {
    let best = null, bestD = Infinity;
    for (const item of this.drawn.inside) {
      const { x: sx, y: sy } = this.screen(item.node);
      const d = Math.hypot(x - sx, y - sy) - Math.max(item.r * 1.25, 7);
      if (d < 0 && d < bestD) {
        bestD = d;
        best = item.node;
      }
    }
    if (best) return { node: best };
    let edge = null;
    bestD = 7;
    for (const { made, way } of this.drawn.ways) {
      const d = distance(way, x, y);
      if (d < bestD) {
        bestD = d;
        edge = made;
      }
    }
    return edge ? { key: edge.key } : null;
  }

  listen() {
    const canvas = this.canvas;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      const point = at(event);
      this.pointers.set(event.pointerId, point);
      const hit = this.pointers.size === 1 ? this.hit(point.x, point.y) : null;
      this.press = { point, hit, moved: false, node: hit?.node || null };
      this.on("press");
    });
    canvas.addEventListener("pointermove", (event) => {
      const point = at(event);
      const last = this.pointers.get(event.pointerId);
      if (!last) {
        this.on("hover", this.hit(point.x, point.y), point);
        return;
      }
      if (this.pointers.size === 2) {
        const [a, b] = [...this.pointers.entries()].map(([id, p]) => (id === event.pointerId ? point : p));
        const [c, d] = [...this.pointers.values()];
        const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
        this.panBy(middle.x - (c.x + d.x) / 2, middle.y - (c.y + d.y) / 2);
        this.zoomBy(Math.hypot(a.x - b.x, a.y - b.y) / Math.max(1, Math.hypot(c.x - d.x, c.y - d.y)), middle);
        this.press.moved = true;
      } else {
        if (!this.press.moved && Math.hypot(point.x - this.press.point.x, point.y - this.press.point.y) < 4) return;
        this.press.moved = true;
        if (this.press.node) {
          this.press.node.x += (point.x - last.x) / this.camera.k;
          this.press.node.y += (point.y - last.y) / this.camera.k;
          this.draw();
        } else this.panBy(point.x - last.x, point.y - last.y);
      }
      this.pointers.set(event.pointerId, point);
    });
    const up = (event) => {
      if (!this.pointers.delete(event.pointerId) || this.pointers.size) return;
      const { press } = this;
      if (press.moved && press.node) this.on("moved", press.node);
      else if (press.moved) this.on("view");
      else if (event.type === "pointerup") this.on("click", press.hit, event.detail);
    };
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
    canvas.addEventListener("pointerleave", () => this.on("hover", null));
    canvas.addEventListener("dblclick", (event) => {
      const point = at(event);
      this.on("double", this.hit(point.x, point.y));
    });
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoomBy(Math.exp(-Math.max(-120, Math.min(120, event.deltaY)) * 0.0022), at(event));
      this.on("view");
    }, { passive: false });
  }
}

/** The zoom at which a picture of that width and height fits a window, with room for the names at its rim. */
function fitting(w, hgt, wide, high) {
  return Math.max(0.015, Math.min(1.25, (w - Math.min(150, w * 0.3)) / Math.max(1, wide), (hgt - Math.min(110, hgt * 0.3)) / Math.max(1, high)));
}

/** Distance of a point from a line as drawn. */
function distance(way, x, y) {
  if (way.loop) return Math.abs(Math.hypot(x - way.x, y - way.y) - way.r);
  if (x < Math.min(way.x1, way.x2, way.cx) - 8 || x > Math.max(way.x1, way.x2, way.cx) + 8 || y < Math.min(way.y1, way.y2, way.cy) - 8 || y > Math.max(way.y1, way.y2, way.cy) + 8) return Infinity;
  let best = Infinity;
  let px = way.x1, py = way.y1;
  const parts = way.straight ? 1 : 12;
  for (let n = 1; n <= parts; n += 1) {
    const t = n / parts, u = 1 - t;
    const qx = way.straight ? way.x2 : u * u * way.x1 + 2 * u * t * way.cx + t * t * way.x2;
    const qy = way.straight ? way.y2 : u * u * way.y1 + 2 * u * t * way.cy + t * t * way.y2;
    const dx = qx - px, dy = qy - py;
    const share = Math.max(0, Math.min(1, ((x - px) * dx + (y - py) * dy) / (dx * dx + dy * dy || 1)));
    best = Math.min(best, Math.hypot(x - px - share * dx, y - py - share * dy));
    px = qx;
    py = qy;
  }
  return best;
}
