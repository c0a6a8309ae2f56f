// What the reader has chosen: one value, undone step by step, written into the address after the #.

const DEFAULT = () => ({
  typesOff: new Set(), relationsOff: new Set(), statusOff: new Set(), sourcesOff: new Set(), hidden: new Set(),
  confidence: 0, at: "", list: "", authority: "", focus: "", hops: 1, pinned: new Map(), path: null, singles: true,
  selected: "", view: "graph", tab: "claims",
});

const SETS = { typesOff: "no-type", relationsOff: "no-relation", statusOff: "no-status", sourcesOff: "no-source", hidden: "hide" };
const TEXTS = { at: "at", list: "list", authority: "by", focus: "focus", selected: "sel", view: "view", tab: "tab" };

class State {
  constructor(onchange) {
    this.now = DEFAULT();
    this.past = [];
    this.future = [];
    this.onchange = onchange;
  }

  /** Changes what `patch` names. A change of the selection or of the view alone is not a step to undo. */
  set(patch, { step = true } = {}) {
    const counts = step && Object.keys(patch).some((key) => !["selected", "view", "tab"].includes(key));
    if (counts) {
      this.past.push(this.now);
      if (this.past.length > 200) this.past.shift();
      this.future = [];
    }
    this.now = { ...this.now, ...patch };
    this.publish(patch);
  }

  toggle(key, value, on) {
    const next = new Set(this.now[key]);
    if (on) next.delete(value);
    else next.add(value);
    this.set({ [key]: next });
  }

  undo() {
    if (!this.past.length) return false;
    this.future.push(this.now);
    this.now = this.past.pop();
    this.publish(this.now);
    return true;
  }

  redo() {
    if (!this.future.length) return false;
    this.past.push(this.now);
    this.now = this.future.pop();
    this.publish(this.now);
    return true;
  }

  /** Shows all again; what is pinned and selected stays. */
  clear() {
    const { pinned, selected, view, tab } = this.now;
    this.set({ ...DEFAULT(), pinned, selected, view, tab });
  }

  publish(patch) {
    writeHash(this.encode());
    this.onchange(patch);
  }

  encode() {
    const state = this.now;
    const first = DEFAULT();
    const parts = [];
    const put = (key, value) => parts.push(`${key}=${value}`);
    const code = (text) => encodeURIComponent(text).replaceAll("%2F", "/");
    for (const [key, short] of Object.entries(SETS)) if (state[key].size) put(short, [...state[key]].sort().map(code).join(","));
    for (const [key, short] of Object.entries(TEXTS)) if (state[key] !== first[key]) put(short, code(state[key]));
    if (state.confidence) put("conf", String(state.confidence));
    if (state.focus && state.hops !== 1) put("hops", String(state.hops));
    if (!state.singles) put("singles", "0");
    if (state.path) put("path", state.path.map(code).join("~"));
    if (state.pinned.size) put("pin", [...state.pinned].map(([id, [x, y]]) => `${code(id)}@${Math.round(x)}:${Math.round(y)}`).join(","));
    return parts.join("&");
  }

  /** Reads an address; what it does not name, or names wrongly, is as at the start. */
  decode(hash) {
    const state = DEFAULT();
    const read = new Map(hash.replace(/^#/, "").split("&").filter(Boolean).map((part) => {
      const cutAt = part.indexOf("=");
      return cutAt < 0 ? [part, ""] : [part.slice(0, cutAt), part.slice(cutAt + 1)];
    }));
    const text = (raw) => {
      try {
        return decodeURIComponent(raw);
      } catch {
        return "";
      }
    };
    for (const [key, short] of Object.entries(SETS)) for (const raw of (read.get(short) || "").split(",")) if (raw) state[key].add(text(raw));
    for (const [key, short] of Object.entries(TEXTS)) if (read.has(short)) state[key] = text(read.get(short));
    const confidence = Number(read.get("conf"));
    if (confidence > 0 && confidence <= 1) state.confidence = confidence;
    const hops = Number(read.get("hops"));
    if (Number.isInteger(hops) && hops >= 1 && hops <= 6) state.hops = hops;
    if (read.get("singles") === "0") state.singles = false;
    const path = (read.get("path") || "").split("~").map(text).filter(Boolean);
    if (path.length === 2) state.path = path;
    for (const raw of (read.get("pin") || "").split(",")) {
      const match = /^(.+)@(-?\d+):(-?\d+)$/.exec(raw);
      if (match) state.pinned.set(text(match[1]), [Number(match[2]), Number(match[3])]);
    }
    if (!/^\d{4}(-\d{2}(-\d{2})?)?$/.test(state.at)) state.at = "";
    else state.at = latest(state.at);
    if (!["graph", "table"].includes(state.view)) state.view = "graph";
    if (!["claims", "entities"].includes(state.tab)) state.tab = "claims";
    return state;
  }
}

/** True where some filter works on claims rather than on entities. */
function filtersClaims(state) {
  return Boolean(state.statusOff.size || state.relationsOff.size || state.sourcesOff.size || state.confidence || state.at || state.list || state.authority);
}

let lastHash = null;

function writeHash(encoded) {
  lastHash = encoded;
  try {
    history.replaceState(null, "", encoded ? "#" + encoded : location.href.split("#")[0]);
  } catch {
    location.hash = encoded; // a frame without an origin of its own may not use the history
  }
}
