// How things look, for every surface alike: the canvas, vis-network, SVG and the legend. Shapes tell types apart
// without colour (colours after Okabe and Ito, darkened until they stand 3:1 against the ground), line styles tell
// statuses apart, a ring tells who is listed.

const THEMES = {
  light: {
    ground: "#fbfaf7", ink: "#1c2530", muted: "#566170", line: "#8d97a5", listing: "#b4232f", holding: "#1f5fa8", ended: "#a3abb6",
    ring: "#b4232f", select: "#0b57d0", halo: "rgba(251,250,247,.92)", edgeInk: "#4b5664",
    types: {
      Person: "#0f6fb3", Company: "#b9770e", GovernmentBody: "#6a4fa3", Organization: "#0c8066", Country: "#5d6b7b", Place: "#87816f",
      Vessel: "#0a88a8", Aircraft: "#3f6fd1", List: "#a33a74", LegalInstrument: "#7c5a36", Thing: "#7b7f86",
    },
  },
  dark: {
    ground: "#11161d", ink: "#e9edf2", muted: "#a3afbd", line: "#667384", listing: "#ff7b7f", holding: "#79b3f5", ended: "#56616f",
    ring: "#ff7b7f", select: "#8ab8ff", halo: "rgba(17,22,29,.92)", edgeInk: "#b4bfcc",
    types: {
      Person: "#5db2ee", Company: "#e9ab4b", GovernmentBody: "#b39ae8", Organization: "#45c2a2", Country: "#a5b3c4", Place: "#bdb59c",
      Vessel: "#4cc3e0", Aircraft: "#8daefc", List: "#ec86bd", LegalInstrument: "#cda679", Thing: "#9ca3ad",
    },
  },
};

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const DASHES = { asserted: [], alleged: [7, 4], planned: [1.5, 4.5], denied: [], ended: [] };

const polygon = (points) => (ctx, x, y, r) => {
  ctx.beginPath();
  for (const [place, [px, py]] of points.entries()) ctx[place ? "lineTo" : "moveTo"](x + px * r, y + py * r);
  ctx.closePath();
};

const regular = (sides, turn, size = 1) => polygon(Array.from({ length: sides }, (_, n) => [Math.cos(turn + (n * 2 * Math.PI) / sides) * size, Math.sin(turn + (n * 2 * Math.PI) / sides) * size]));

const SHAPES = {
  Person: (ctx, x, y, r) => {
    ctx.beginPath();
    ctx.arc(x, y, r * 0.96, 0, Math.PI * 2);
    ctx.closePath();
  },
  Company: polygon([[-0.86, -0.86], [0.86, -0.86], [0.86, 0.86], [-0.86, 0.86]]),
  GovernmentBody: regular(6, Math.PI / 6, 1.06),
  Organization: regular(4, 0, 1.14),
  Country: polygon([[-0.92, -0.85], [0.92, -0.85], [0.92, 0.2], [0, 1.1], [-0.92, 0.2]]),
  Place: regular(3, Math.PI / 2, 1.16),
  Vessel: polygon([[-1.18, -0.3], [-0.35, -0.3], [-0.35, -0.95], [0.35, -0.95], [0.35, -0.3], [1.18, -0.3], [0.72, 0.8], [-0.72, 0.8]]),
  Aircraft: polygon([[0, -1.2], [0.26, -0.3], [1.18, 0.3], [1.18, 0.62], [0.24, 0.4], [0.2, 0.75], [0.5, 1.05], [-0.5, 1.05], [-0.2, 0.75], [-0.24, 0.4], [-1.18, 0.62], [-1.18, 0.3], [-0.26, -0.3]]),
  List: polygon([[-0.8, -1.02], [0.4, -1.02], [0.8, -0.6], [0.8, 1.02], [-0.8, 1.02]]),
  LegalInstrument: polygon([[-1.1, -0.62], [1.1, -0.62], [1.1, 0.62], [-1.1, 0.62]]),
  Thing: regular(5, -Math.PI / 2, 1.05),
};

/** Small marks inside the two kinds of paper, so that they read as paper. */
function inner(ctx, type, x, y, r, theme) {
  if ((type !== "List" && type !== "LegalInstrument") || r < 5) return;
  const rows = type === "List" ? [-0.35, 0.1, 0.55] : [-0.2, 0.22];
  const half = type === "List" ? 0.45 : 0.7;
  ctx.beginPath();
  for (const row of rows) {
    ctx.moveTo(x - half * r, y + row * r);
    ctx.lineTo(x + half * r, y + row * r);
  }
  ctx.strokeStyle = theme.ground;
  ctx.lineWidth = Math.max(1, r * 0.12);
  ctx.setLineDash([]);
  ctx.stroke();
}

function drawGlyph(ctx, type, x, y, r, theme) {
  (SHAPES[type] || SHAPES.Thing)(ctx, x, y, r);
  ctx.fillStyle = theme.types[type] || theme.types.Thing;
  ctx.fill();
  inner(ctx, type, x, y, r, theme);
}

/** A node with its rings: double and solid for listed, thin and dashed for held by a listed one. */
function drawNode(ctx, x, y, r, item, theme) {
  ctx.globalAlpha = item.alpha;
  ctx.setLineDash([]);
  if (item.listed) {
    ctx.beginPath();
    ctx.arc(x, y, r + Math.max(1.2, r * 0.42), 0, Math.PI * 2);
    ctx.closePath();
    if (r > 5) {
      ctx.fillStyle = theme.ground;
      ctx.fill();
    }
    ctx.strokeStyle = theme.ring;
    ctx.lineWidth = Math.max(0.8, r * 0.17);
    ctx.stroke();
  } else if (item.exposed) {
    ctx.beginPath();
    ctx.arc(x, y, r + Math.max(2, r * 0.42), 0, Math.PI * 2);
    ctx.closePath();
    ctx.strokeStyle = theme.ring;
    ctx.lineWidth = Math.max(0.8, r * 0.09);
    ctx.setLineDash([3, 3]);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  drawGlyph(ctx, item.node.type, x, y, r, theme);
  if (item.selected || item.hovered) {
    ctx.beginPath();
    ctx.arc(x, y, r + Math.max(4, r * 0.42) + (item.listed || item.exposed ? 4 : 1), 0, Math.PI * 2);
    ctx.closePath();
    ctx.strokeStyle = theme.select;
    ctx.lineWidth = item.selected ? 3 : 1.5;
    ctx.stroke();
  }
  if (item.pinned && r > 4) {
    ctx.beginPath();
    ctx.arc(x + r * 0.95, y - r * 0.95, 3.2, 0, Math.PI * 2);
    ctx.closePath();
    ctx.fillStyle = theme.ink;
    ctx.fill();
  }
  ctx.globalAlpha = 1;
}

/** Radius of a node by its number of visible relations, before zooming. */
const radius = (degree) => 9 + Math.min(13, 2.1 * Math.sqrt(degree));
const nodeScale = (k) => (k >= 1 ? Math.min(1.6, k ** 0.45) : Math.max(0.2, k ** 0.7));

function edgeColour(made, theme) {
  if (made.status === "ended") return theme.ended;
  return made.family === "listing" ? theme.listing : made.family === "holding" ? theme.holding : theme.line;
}

/** The way of a line on the screen: from the rim of one node to the rim of the other, bent when it has company. */
function route(a, b, ra, rb, bend, k, directed) {
  const spread = Math.min(1, Math.max(0.35, k)) * 34;
  if (a === b || (a.x === b.x && a.y === b.y)) {
    const size = ra + 12 + bend * 10;
    return { loop: true, x: a.x, y: a.y - ra - size * 0.7, r: size * 0.7, mx: a.x, my: a.y - ra - size * 1.4, x2: a.x, y2: a.y - ra, angle: Math.PI / 2 };
  }
  const dx = b.x - a.x, dy = b.y - a.y, length = Math.hypot(dx, dy);
  const offset = bend * spread * Math.min(1, length / 90);
  const cx = (a.x + b.x) / 2 - (dy / length) * offset * 2 * 0.9, cy = (a.y + b.y) / 2 + (dx / length) * offset * 2 * 0.9;
  const la = Math.hypot(cx - a.x, cy - a.y) || 1, lb = Math.hypot(b.x - cx, b.y - cy) || 1;
  const trimA = Math.min(ra + 2, la * 0.8), trimB = Math.min(rb + (directed ? 3 : 2), lb * 0.8);
  const x1 = a.x + ((cx - a.x) / la) * trimA, y1 = a.y + ((cy - a.y) / la) * trimA;
  const x2 = b.x - ((b.x - cx) / lb) * trimB, y2 = b.y - ((b.y - cy) / lb) * trimB;
  return {
    x1, y1, x2, y2, cx, cy, straight: !bend, length,
    mx: 0.25 * x1 + 0.5 * cx + 0.25 * x2, my: 0.25 * y1 + 0.5 * cy + 0.25 * y2,
    angle: Math.atan2(y2 - cy, x2 - cx),
  };
}

function trace(ctx, way, short = 0) {
  if (way.loop) {
    ctx.moveTo(way.x + way.r, way.y);
    ctx.arc(way.x, way.y, way.r, 0, Math.PI * 2);
    return;
  }
  const x2 = way.x2 - Math.cos(way.angle) * short, y2 = way.y2 - Math.sin(way.angle) * short;
  ctx.moveTo(way.x1, way.y1);
  if (way.straight) ctx.lineTo(x2, y2);
  else ctx.quadraticCurveTo(way.cx, way.cy, x2, y2);
}

function arrow(ctx, way, size) {
  const { x2, y2, angle } = way;
  ctx.beginPath();
  ctx.moveTo(x2, y2);
  ctx.lineTo(x2 - Math.cos(angle - 0.42) * size, y2 - Math.sin(angle - 0.42) * size);
  ctx.lineTo(x2 - Math.cos(angle + 0.42) * size, y2 - Math.sin(angle + 0.42) * size);
  ctx.closePath();
  ctx.fill();
}

/** The sign of a status in the middle of a line: a cross for denied, a bar for ended. */
function statusMark(ctx, made, x, y, angle, theme) {
  if (made.status !== "denied" && made.status !== "ended" && !made.contested) return;
  const across = angle + Math.PI / 2;
  ctx.setLineDash([]);
  ctx.lineWidth = 2;
  if (made.status === "denied" || made.contested) {
    ctx.beginPath();
    ctx.arc(x, y, 7.5, 0, Math.PI * 2);
    ctx.closePath();
    ctx.fillStyle = theme.ground;
    ctx.fill();
    ctx.strokeStyle = theme.ink;
    ctx.beginPath();
    ctx.moveTo(x - 4.5, y - 4.5);
    ctx.lineTo(x + 4.5, y + 4.5);
    ctx.moveTo(x - 4.5, y + 4.5);
    ctx.lineTo(x + 4.5, y - 4.5);
    ctx.stroke();
  } else {
    ctx.strokeStyle = theme.ended;
    ctx.beginPath();
    ctx.moveTo(x - Math.cos(across) * 6, y - Math.sin(across) * 6);
    ctx.lineTo(x + Math.cos(across) * 6, y + Math.sin(across) * 6);
    ctx.stroke();
  }
}

/** Rectangles already taken on the screen, found again by cells. */
class Taken {
  constructor() {
    this.cells = new Map();
  }

  *near(box) {
    for (let cx = Math.floor(box.x / 80); cx <= Math.floor((box.x + box.w) / 80); cx += 1) {
      for (let cy = Math.floor(box.y / 80); cy <= Math.floor((box.y + box.h) / 80); cy += 1) yield cx * 100003 + cy;
    }
  }

  free(box) {
    for (const cell of this.near(box)) {
      for (const b of this.cells.get(cell) || []) if (b.owner !== box.owner && box.x < b.x + b.w && b.x < box.x + box.w && box.y < b.y + b.h && b.y < box.y + box.h) return false;
    }
    return true;
  }

  take(box) {
    for (const cell of this.near(box)) (this.cells.get(cell) || this.cells.set(cell, []).get(cell)).push(box);
  }
}

const lineCache = new Map();

/** A name in at most two lines of about twenty characters. */
function labelLines(text) {
  let lines = lineCache.get(text);
  if (lines) return lines;
  const shown = cut(text, 44);
  lines = [""];
  for (const word of shown.split(/\s+/)) {
    const last = lines[lines.length - 1];
    if (!last || last.length + word.length + 1 <= 20) lines[lines.length - 1] = last ? `${last} ${word}` : word;
    else lines.push(word);
  }
  if (lines.length > 2) lines = [lines[0], cut(lines.slice(1).join(" "), 22)];
  lines = lines.map((line) => cut(line, 30));
  lineCache.set(text, lines);
  return lines;
}

const widthCache = new Map();

function textWidth(ctx, text, font) {
  const key = font + text;
  let width = widthCache.get(key);
  if (width === undefined) {
    ctx.font = font;
    width = ctx.measureText(text).width;
    widthCache.set(key, width);
  }
  return width;
}

/** How many of the first ranks are named whatever stands around them. */
const FOREMOST = 12;

const overlap = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** Writes the names of as many nodes as fit without touching, the important first; gives how many. */
function drawLabels(ctx, items, taken, theme, size, limit, width, tall) {
  const order = items.slice().sort((a, b) => b.rank - a.rank || a.node.idx - b.node.idx);
  const foremost = new Set(order.slice(0, FOREMOST)), names = [];
  let written = 0;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  for (const item of order) {
    const forced = item.selected || item.hovered;
    if (written >= limit && !forced) break;
    if (item.alpha < 0.5 && !forced) continue;
    const strong = item.listed || item.selected || item.hovered;
    const font = `${strong ? 600 : 400} ${size}px ${FONT}`;
    const lines = labelLines(item.node.name);
    const w = Math.max(...lines.map((line) => textWidth(ctx, line, font))) + 6, height = lines.length * size * 1.2 + 2;
    const gap = item.r + (item.listed || item.exposed ? Math.max(2, item.r * 0.42) + 3 : 3) + (item.selected ? 6 : 0);
    const spots = [
      [item.sx - w / 2, item.sy + gap], [item.sx - w / 2, item.sy - gap - height],
      [item.sx + gap + 1, item.sy - height / 2], [item.sx - gap - 1 - w, item.sy - height / 2],
    ];
    let box = null;
    for (const [x, y] of spots) {
      const tried = { x, y, w, h: height, owner: item.node };
      if (x < 2 || y < 2 || x + w > width - 2 || y + height > tall - 2) continue;
      if (taken.free(tried)) {
        box = tried;
        break;
      }
      // hubs stand in the crowd: the first ranks may write over shapes, never over another name
      if (foremost.has(item) && !names.some((one) => overlap(one, tried))) box ||= tried;
    }
    if (!box && forced) box = { x: Math.max(2, Math.min(width - w - 2, spots[0][0])), y: spots[0][1], w, h: height, owner: item.node };
    if (!box) continue;
    taken.take(box);
    names.push(box);
    ctx.font = font;
    ctx.globalAlpha = item.alpha;
    lines.forEach((line, place) => {
      const y = box.y + 1 + size * 0.6 + place * size * 1.2;
      ctx.strokeStyle = theme.halo;
      ctx.lineWidth = 3.5;
      ctx.setLineDash([]);
      ctx.strokeText(line, box.x + w / 2, y);
      ctx.fillStyle = theme.ink;
      ctx.fillText(line, box.x + w / 2, y);
    });
    written += 1;
  }
  ctx.globalAlpha = 1;
  return written;
}

/** Writes relation names on the lines that have room for them. */
function drawEdgeLabels(ctx, ways, taken, theme, size, limit) {
  let written = 0;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  const font = `400 ${size}px ${FONT}`;
  const strongFont = `600 ${size}px ${FONT}`;
  for (const { made, way, alpha, strong } of ways) {
    if (written >= limit) break;
    if (alpha < 0.5) continue;
    const times = made.claims.length > 1 ? ` ×${made.claims.length}` : "";
    const used = strong ? strongFont : font;
    for (const text of [words(made.p) + times, times.trim()]) {
      if (!text) continue;
      const w = textWidth(ctx, text, used) + 6;
      if (!way.loop && way.length < w + 26 && text !== times.trim() && !strong) continue;
      const marked = made.status === "denied" || made.contested || made.status === "ended";
      const box = { x: way.mx - w / 2, y: way.my - size * 0.65 - (marked ? 14 : 0), w, h: size * 1.3, owner: made };
      if (!taken.free(box)) continue;
      taken.take(box);
      ctx.globalAlpha = alpha;
      ctx.font = used;
      ctx.strokeStyle = theme.halo;
      ctx.lineWidth = 4;
      ctx.lineJoin = "round";
      ctx.setLineDash([]);
      ctx.strokeText(text, box.x + w / 2, box.y + size * 0.65);
      ctx.fillStyle = made.family === "listing" ? theme.listing : made.family === "holding" ? theme.holding : theme.edgeInk;
      ctx.fillText(text, box.x + w / 2, box.y + size * 0.65);
      written += 1;
      break;
    }
  }
  ctx.globalAlpha = 1;
}

/** Scene items of what is visible, with emphasis worked out: what the selection or path touches stays, the rest fades. */
function makeScene(graph, seen, state, hovered) {
  const selected = selection(graph, state.selected);
  const path = state.path ? currentPath(graph, seen, state) : null;
  let near = null;
  let nearBundles = null;
  if (path) {
    near = new Set(path.flatMap((step) => [step.from, step.to]));
    nearBundles = new Set(path.map((step) => bundleKey(step.claim)));
  } else if (selected?.node && seen.shown.has(selected.node)) {
    near = new Set([selected.node]);
    nearBundles = new Set();
    for (const made of seen.bundles) {
      if (made.s === selected.node || made.o === selected.node) {
        near.add(made.s).add(made.o);
        nearBundles.add(made.key);
      }
    }
    if (near.size === 1) [near, nearBundles] = [null, null]; // nothing is tied to it: fading all the rest would say nothing
  } else if (selected?.key) {
    const made = seen.bundles.find((other) => other.key === selected.key);
    if (made) {
      near = new Set([made.s, made.o]);
      nearBundles = new Set([made.key]);
    }
  }
  const items = new Map();
  for (const node of seen.nodes) {
    const degree = seen.degree.get(node) || 0;
    const listed = seen.listed.has(node), exposed = seen.exposed.has(node), pinned = state.pinned.has(node.id);
    const is = node === selected?.node, over = node === hovered?.node;
    items.set(node, {
      node, r0: radius(degree), listed, exposed, pinned, selected: is, hovered: over, alpha: near && !near.has(node) && !over ? 0.24 : 1,
      rank: (is || over ? 1e6 : 0) + (near?.has(node) ? 1e5 : 0) + (node.id === state.focus ? 1e5 : 0) + (pinned ? 5e4 : 0) + (listed ? 30 : 0) + degree,
    });
  }
  const lines = seen.bundles.map((made) => {
    const strong = made.key === selected?.key || made.key === hovered?.key || Boolean(path && nearBundles.has(made.key));
    return { made, strong, alpha: nearBundles && !nearBundles.has(made.key) && made.key !== hovered?.key ? 0.16 : 1 };
  });
  return { items, lines };
}

/** Draws a scene. `camera` maps the world to the screen; what lies outside `w` by `h` is left out. */
function drawScene(ctx, scene, camera, w, h, theme, { labels = true, margin = 40 } = {}) {
  const { k, x: ox, y: oy } = camera;
  const scale = nodeScale(k);
  const inside = [];
  for (const item of scene.items.values()) {
    item.sx = item.node.x * k + ox;
    item.sy = item.node.y * k + oy;
    item.r = item.r0 * scale;
    item.inside = item.sx > -margin && item.sy > -margin && item.sx < w + margin && item.sy < h + margin;
    if (item.inside) inside.push(item);
  }
  const fine = k > 0.32 || scene.lines.length < 400;
  const batches = new Map();
  const ways = [];
  ctx.lineCap = "round";
  for (const line of scene.lines) {
    const a = scene.items.get(line.made.s), b = scene.items.get(line.made.o);
    if (!a || !b) continue;
    if (!a.inside && !b.inside && (Math.max(a.sx, b.sx) < 0 || Math.min(a.sx, b.sx) > w || Math.max(a.sy, b.sy) < 0 || Math.min(a.sy, b.sy) > h)) continue;
    const way = route({ x: a.sx, y: a.sy }, a === b ? { x: a.sx, y: a.sy } : { x: b.sx, y: b.sy }, a.r, b.r, line.made.bend, k, line.made.directed);
    const colour = edgeColour(line.made, theme);
    const width = (line.strong ? 3 : 1.1 + Math.min(1.6, Math.log2(line.made.claims.length) * 0.45)) * (fine ? 1 : 0.6);
    const dash = fine ? line.made.status : "asserted";
    const key = `${colour}/${width}/${dash}/${line.alpha}`;
    const batch = batches.get(key) || batches.set(key, { colour, width, dash, alpha: line.alpha, ways: [] }).get(key);
    batch.ways.push([way, line.made]);
    ways.push({ made: line.made, way, alpha: line.alpha, strong: line.strong });
  }
  for (const batch of [...batches.values()].sort((a, b) => a.alpha - b.alpha)) {
    ctx.globalAlpha = batch.alpha * (fine ? 0.95 : ways.length > 6000 ? 0.16 : 0.32);
    ctx.strokeStyle = batch.colour;
    ctx.lineWidth = batch.width;
    ctx.setLineDash(DASHES[batch.dash] || []);
    const size = fine ? Math.max(4, 8.5 * Math.min(1, scale * 1.1)) : 0;
    ctx.beginPath();
    for (const [way, made] of batch.ways) trace(ctx, way, made.directed && !way.loop ? size * 0.8 : 0);
    ctx.stroke();
    ctx.setLineDash([]);
    if (!fine) continue;
    ctx.fillStyle = batch.colour;
    for (const [way, made] of batch.ways) if (made.directed) arrow(ctx, way, size);
  }
  ctx.globalAlpha = 1;
  if (fine) {
    for (const { made, way, alpha } of ways) {
      if (alpha < 0.5) continue;
      statusMark(ctx, made, way.mx, way.my, way.angle, theme);
    }
  }
  for (const item of inside.sort((a, b) => a.rank - b.rank || a.node.idx - b.node.idx)) drawNode(ctx, item.sx, item.sy, item.r, item, theme);
  if (labels) drawAllLabels(ctx, inside, ways, w, h, theme, k);
  return { inside, ways };
}

function drawAllLabels(ctx, inside, ways, w, h, theme, k) {
  const taken = new Taken();
  for (const item of inside) {
    if (item.r < 3 || item.alpha < 0.5) continue; // what is faded may be written over
    const r = item.r + (item.listed || item.exposed ? 3 : 0);
    taken.take({ x: item.sx - r, y: item.sy - r, w: 2 * r, h: 2 * r, owner: item.node });
  }
  for (const { made, way } of ways) {
    if (made.status === "denied" || made.contested) taken.take({ x: way.mx - 8, y: way.my - 8, w: 16, h: 16, owner: made });
  }
  const size = k > 1.4 ? 13 : 12;
  const limit = Math.max(24, Math.round((w * h) / (k < 0.3 ? 16000 : 6500)));
  drawLabels(ctx, inside, taken, theme, size, limit, w, h);
  if (k > 0.5 || ways.length < 90) drawEdgeLabels(ctx, ways.slice().sort((a, b) => b.strong - a.strong), taken, theme, 10.5, 260);
}

/** What an address names as selected: `n:ID` a node, `b:KEY` a bundle, `c:ID` one claim of a bundle. */
function selection(graph, text) {
  const kind = text.slice(0, 2), rest = text.slice(2);
  if (kind === "n:") {
    const node = graph.byId.get(rest);
    return node ? { node } : null;
  }
  if (kind === "c:") {
    const claim = graph.claimById.get(rest);
    return claim ? { claim, key: claim.o ? bundleKey(claim) : null } : null;
  }
  return kind === "b:" ? { key: rest } : null;
}

function currentPath(graph, seen, state) {
  const [from, to] = state.path.map((id) => graph.byId.get(id));
  return from && to ? graph.path(from, to, seen.claims) : null;
}

/** A context of SVG with the part of the canvas interface that is used above. */
class SvgContext {
  constructor(width, height) {
    this.root = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT });
    Object.assign(this, { fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, globalAlpha: 1, font: "", dash: [], steps: [] });
    this.measure = document.createElement("canvas").getContext("2d");
  }

  beginPath() { this.steps = []; }
  moveTo(x, y) { this.steps.push(`M${r1(x)} ${r1(y)}`); }
  lineTo(x, y) { this.steps.push(`L${r1(x)} ${r1(y)}`); }
  quadraticCurveTo(a, b, x, y) { this.steps.push(`Q${r1(a)} ${r1(b)} ${r1(x)} ${r1(y)}`); }
  arc(x, y, r) { this.steps.push(`M${r1(x + r)} ${r1(y)}A${r1(r)} ${r1(r)} 0 1 1 ${r1(x - r)} ${r1(y)}A${r1(r)} ${r1(r)} 0 1 1 ${r1(x + r)} ${r1(y)}`); }
  closePath() { this.steps.push("Z"); }
  setLineDash(dash) { this.dash = dash; }
  measureText(text) {
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }
  fill() { this.put("path", { d: this.steps.join(""), fill: this.fillStyle }); }
  stroke() {
    this.put("path", { d: this.steps.join(""), fill: "none", stroke: this.strokeStyle, "stroke-width": r1(this.lineWidth), "stroke-linecap": "round", "stroke-dasharray": this.dash.length ? this.dash.join(" ") : null });
  }
  fillText(text, x, y) { this.put("text", { ...this.type(x, y), fill: this.fillStyle }, text); }
  strokeText(text, x, y) { this.put("text", { ...this.type(x, y), fill: "none", stroke: this.strokeStyle, "stroke-width": this.lineWidth, "stroke-linejoin": "round" }, text); }
  type(x, y) {
    const [, weight, size] = /^(\d+) ([\d.]+)px/.exec(this.font) || [0, 400, 12];
    return { x: r1(x), y: r1(y), "font-size": size, "font-weight": weight, "text-anchor": "middle", "dominant-baseline": "central" };
  }
  put(tag, attributes, ...children) {
    this.root.append(svg(tag, { ...attributes, opacity: this.globalAlpha < 1 ? r1(this.globalAlpha * 10) / 10 : null }, ...children));
  }
}

const r1 = (number) => Math.round(number * 10) / 10;

/** The glyph of a type as a small picture for legends and lists. */
function glyph(type, theme, { listed = false, exposed = false, size = 18 } = {}) {
  const ctx = new SvgContext(size, size);
  const r = (listed || exposed ? 0.27 : 0.37) * size;
  drawNode(ctx, size / 2, size / 2, r, { node: { type }, listed, exposed, alpha: 1 }, theme);
  ctx.root.setAttribute("aria-hidden", "true");
  ctx.root.setAttribute("class", "glyph");
  return ctx.root;
}

/** A sample of a line for the legend. */
function lineSample(status, theme, family = "other") {
  const ctx = new SvgContext(38, 14);
  const made = { status, contested: false, family };
  ctx.strokeStyle = ctx.fillStyle = edgeColour(made, theme);
  ctx.lineWidth = family === "other" ? 1.6 : 2;
  ctx.setLineDash(DASHES[status]);
  const way = { x1: 2, y1: 7, x2: 36, y2: 7, straight: true, angle: 0 };
  ctx.beginPath();
  trace(ctx, way, 6);
  ctx.stroke();
  arrow(ctx, way, 7);
  statusMark(ctx, made, 17, 7, 0, theme);
  ctx.root.setAttribute("aria-hidden", "true");
  return ctx.root;
}
