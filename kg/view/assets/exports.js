// What is shown now, saved as a file: PNG, SVG, GraphML, CSV. Nothing leaves the page but through the reader's disk.

function save(blob, filename) {
  const url = URL.createObjectURL(blob);
  const link = h("a", { href: url, download: filename });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

const fileStem = (app) => fold(app.title).replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "graph";

function exportPng(app) {
  const { w, h: hgt } = app.surface.size;
  const canvas = document.createElement("canvas");
  canvas.width = w * 2;
  canvas.height = hgt * 2;
  const ctx = canvas.getContext("2d");
  ctx.scale(2, 2);
  ctx.fillStyle = app.theme.ground;
  ctx.fillRect(0, 0, w, hgt);
  drawScene(ctx, makeScene(app.graph, app.seen, app.state, null), app.surface.camera, w, hgt, app.theme);
  canvas.toBlob((blob) => save(blob, `${fileStem(app)}.png`), "image/png");
}

function exportSvg(app) {
  const { w, h: hgt } = app.surface.size;
  const ctx = new SvgContext(w, hgt);
  ctx.root.append(svg("title", {}, plain(app.title)), svg("rect", { width: w, height: hgt, fill: app.theme.ground }));
  drawScene(ctx, makeScene(app.graph, app.seen, app.state, null), app.surface.camera, w, hgt, app.theme);
  save(new Blob(['<?xml version="1.0" encoding="UTF-8"?>\n', new XMLSerializer().serializeToString(ctx.root)], { type: "image/svg+xml" }), `${fileStem(app)}.svg`);
}

const CLAIM_FIELDS = [
  ["claim", (c) => c.id], ["subject_id", (c) => c.s.id], ["subject", (c) => c.s.name], ["subject_type", (c) => c.s.type], ["relation", (c) => c.p],
  ["object_id", (c) => c.o?.id || ""], ["object", (c) => (c.o ? c.o.name : c.text)], ["object_type", (c) => c.o?.type || "text"], ["status", (c) => c.status],
  ["date", (c) => c.date], ["date_end", (c) => c.dateEnd], ["percent", (c) => c.percent], ["percent_min", (c) => c.low], ["percent_max", (c) => c.high],
  ["amount", (c) => c.amount], ["claimant", (c) => c.by?.name || ""], ["confidence", (c) => String(c.confidence)], ["rule", (c) => c.rule],
  ["corroboration", (c) => c.corroboration], ["source", (c) => c.document?.title || ""], ["source_url", (c) => c.document?.url || ""], ["quotation", (c) => c.quote],
];

/** A cell of CSV; a leading sign that a spreadsheet would run as a formula is defused by an apostrophe. */
function cell(text) {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function exportCsv(app) {
  const rows = [CLAIM_FIELDS.map(([field]) => field), ...[...app.seen.claims, ...app.seen.facts].map((claim) => CLAIM_FIELDS.map(([, read]) => cell(String(read(claim)))))];
  save(new Blob(["\ufeff", rows.map((cells) => cells.join(",")).join("\r\n"), "\r\n"], { type: "text/csv;charset=utf-8" }), `${fileStem(app)}.csv`);
}

const xmlText = (text) => String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");

function exportGraphml(app) {
  const space = "http://graphml.graphdrawing.org/xmlns";
  const doc = document.implementation.createDocument(space, "graphml");
  const make = (tag, attributes, text) => {
    const element = doc.createElementNS(space, tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, xmlText(value));
    if (text !== undefined) element.textContent = xmlText(text);
    return element;
  };
  const root = doc.documentElement;
  const nodeFields = [["label", (n) => n.name], ["type", (n) => n.type], ["names", (n) => n.aliases.join("; ")], ["listed", (n) => String(app.seen.listed.has(n))], ["x", (n) => String(n.x)], ["y", (n) => String(n.y)]];
  const edgeFields = CLAIM_FIELDS.filter(([field]) => !/^(subject|object|claim$)/.test(field));
  for (const [field] of nodeFields) root.append(make("key", { id: `n_${field}`, for: "node", "attr.name": field, "attr.type": field === "x" || field === "y" ? "double" : field === "listed" ? "boolean" : "string" }));
  for (const [field] of edgeFields) root.append(make("key", { id: `e_${field}`, for: "edge", "attr.name": field, "attr.type": field === "confidence" ? "double" : "string" }));
  const graph = make("graph", { id: "view", edgedefault: "directed" });
  for (const node of app.seen.nodes) {
    const element = make("node", { id: node.id });
    for (const [field, read] of nodeFields) element.append(make("data", { key: `n_${field}` }, read(node)));
    graph.append(element);
  }
  for (const claim of app.seen.claims) {
    const element = make("edge", { id: claim.id, source: claim.s.id, target: claim.o.id });
    for (const [field, read] of edgeFields) if (read(claim)) element.append(make("data", { key: `e_${field}` }, read(claim)));
    graph.append(element);
  }
  root.append(graph);
  save(new Blob(['<?xml version="1.0" encoding="UTF-8"?>\n', new XMLSerializer().serializeToString(doc)], { type: "application/graphml+xml" }), `${fileStem(app)}.graphml`);
}
