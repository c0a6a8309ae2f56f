// Text of sources, made safe to show: it only ever becomes text nodes, attributes or canvas text.

const RAW_CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** `text` with control and direction-changing characters written out, as U+202E in brackets. */
function plain(text) {
  return String(text ?? "").replace(RAW_CONTROL, (c) => "[U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") + "]");
}

/** A predicate as words: `listed_by` is "listed by". */
function words(predicate) {
  return plain(predicate).replaceAll("_", " ");
}

/** A type as words: "GovernmentBody" is "Government body". */
function typeWords(type) {
  const spaced = plain(type).replace(/([a-z])([A-Z])/g, "$1 $2");
  return spaced.charAt(0) + spaced.slice(1).toLowerCase();
}

/** `text` cut to `length` characters, with an ellipsis. */
function cut(text, length) {
  const chars = Array.from(plain(text));
  return chars.length > length ? chars.slice(0, length - 1).join("").trimEnd() + "…" : chars.join("");
}

function count(number, one, many = one + "s") {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** An address that may become a link: http and https only, nothing that runs. Null for anything else. */
function webAddress(text) {
  if (!/^https?:\/\//i.test(text || "")) return null;
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** The form under which names are searched: no case, no accents. */
function fold(text) {
  return String(text).normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** An element; strings among the children become text. `on*` are listeners, the rest attributes or properties. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  apply(element, attributes, children);
  return element;
}

/** An element of SVG. */
function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  apply(element, attributes, children);
  return element;
}

function apply(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (["value", "checked", "disabled", "indeterminate", "hidden"].includes(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
}

/** A name of a source: isolated, so that its direction cannot disturb the line around it. */
function name(text) {
  return h("bdi", {}, plain(text));
}

/** Replaces what is in `element`. */
function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
}

const el = (id) => document.getElementById(id);
