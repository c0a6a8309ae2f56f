// The panel on the right: an overview, an entity, a line with its claims, or a path; every sentence with its proof.

const INVERSE = {
  listed_by: "listed", listed_on: "lists", listed_under: "basis for listing", delisted_by: "delisted", owned_by: "owns",
  controlled_by: "controls", subsidiary_of: "parent of", leader_of: "led by", officer_of: "has officer", spokesman_for: "has spokesperson",
  employee_of: "employs", member_of: "has member", founder_of: "founded by", acts_for: "represented by", supports: "supported by",
  supplies: "supplied by", funds: "funded by", child_of: "parent of", citizen_of: "has citizen", born_in: "birthplace of",
  located_in: "place of", part_of: "has part", flagged_in: "flag of", planned_IPO: "place of planned IPO of", accuses: "accused by",
};

const CORROBORATION = {
  confirmed: "Confirmed by a text and a list", text_only: "In texts only", list_only: "On lists only", conflict: "Sources conflict",
};

const relationWords = (predicate, incoming) => (incoming && !SYMMETRIC.has(predicate) ? INVERSE[predicate] || `${words(predicate)} of` : words(predicate));

const percent = (share) => `${Math.round(share * 100)} %`;

function stake(claim) {
  if (claim.percent) return `${Number(claim.percent)} %`;
  if (claim.low || claim.high) return `${claim.low ? `over ${Number(claim.low)}` : "up to"}${claim.low && claim.high && Number(claim.high) < 100 ? " to " : " "}${claim.high && Number(claim.high) < 100 ? Number(claim.high) : ""} %`.replace("  ", " ");
  return "";
}

function statusChip(status) {
  return h("span", { class: `chip status-${status}` }, plain(status));
}

/** A button that selects an entity. */
function nodeButton(app, node, { withGlyph = true } = {}) {
  return h("button", { class: "link node-link", type: "button", onclick: () => app.select(`n:${node.id}`, { centre: true }) }, withGlyph ? glyph(node.type, app.theme, { listed: app.seen.listed.has(node), exposed: app.seen.exposed.has(node) }) : null, name(node.name));
}

function row(term, ...value) {
  return [h("dt", {}, term), h("dd", {}, ...value)];
}

function quotation(claim) {
  if (!claim.quote) return h("p", { class: "muted" }, "No quotation is stored for this claim.");
  return h("blockquote", { dir: "auto", class: claim.row ? "from-row" : null },
    claim.prefix ? h("span", { class: "context" }, "…" + plain(claim.prefix)) : null,
    h("mark", {}, plain(claim.quote)),
    claim.suffix ? h("span", { class: "context" }, plain(claim.suffix) + "…") : null);
}

function sourceLine(claim) {
  const doc = claim.document;
  if (!doc) return ["not known"];
  const url = webAddress(doc.url);
  return [
    name(doc.title), doc.publisher ? [", ", name(doc.publisher)] : null, doc.date ? `, ${plain(doc.date)}` : null,
    claim.row ? `, row ${plain(claim.row)}` : claim.at !== "" ? `, character ${plain(claim.at)}` : null,
    url ? [" ", h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow", referrerpolicy: "no-referrer" }, "Open the source")]
      : doc.url ? [h("br"), h("span", { class: "muted" }, "Address as given: ", name(doc.url))] : null,
  ];
}

/** One claim with all that is known of it. */
function claimCard(app, claim, { headline = false } = {}) {
  const share = stake(claim);
  return h("article", { class: "claim", "data-claim": claim.id },
    headline ? h("h4", {}, sentence(app, claim)) : null,
    h("div", { class: "claim-head" },
      statusChip(claim.status),
      claim.date ? h("span", { class: "chip plain" }, plain(claim.date) + (claim.dateEnd ? ` to ${plain(claim.dateEnd)}` : "")) : null,
      share ? h("span", { class: "chip plain" }, share) : null,
      claim.corroboration ? h("span", { class: `chip cor-${claim.corroboration}` }, CORROBORATION[claim.corroboration] || words(claim.corroboration)) : null),
    quotation(claim),
    h("dl", {},
      row("Said by", claim.by ? nodeButton(app, claim.by, { withGlyph: false }) : "the source itself"),
      row("Source", ...sourceLine(claim)),
      claim.note ? row("The lists", name(claim.note)) : [],
      claim.amount ? row("Amount", name(claim.amount)) : [],
      row("Confidence", h("span", { class: "meter" }, h("meter", { min: "0", max: "1", value: String(claim.confidence), "aria-label": "Confidence" }), ` ${percent(claim.confidence)}`)),
      claim.rule ? row("Rule", h("code", {}, plain(claim.rule))) : [],
      row("Claim", h("code", {}, plain(claim.id)))));
}

function sentence(app, claim) {
  return [nodeButton(app, claim.s, { withGlyph: false }), ` ${words(claim.p)} `, claim.o ? nodeButton(app, claim.o, { withGlyph: false }) : h("q", {}, name(claim.text))];
}

function bundleDetails(app, made, first) {
  const claims = made.claims.slice().sort((a, b) => (b === first) - (a === first) || STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) || (a.date < b.date ? 1 : -1));
  const denied = claims.filter((claim) => claim.status === "denied");
  const others = claims.filter((claim) => claim.status !== "denied");
  const cards = denied.length && others.length
    ? h("div", { class: "contradiction" },
      h("p", { class: "callout" }, "The sources contradict each other: ", count(others.length, "claim says", "claims say"), " so, ", count(denied.length, "denies", "deny"), " it."),
      h("div", { class: "sides" },
        h("section", { "aria-label": "Says so" }, h("h4", {}, "Says so"), others.map((claim) => claimCard(app, claim))),
        h("section", { "aria-label": "Denies it" }, h("h4", {}, "Denies it"), denied.map((claim) => claimCard(app, claim)))))
    : claims.map((claim) => claimCard(app, claim));
  return [
    h("div", { class: "triple" },
      h("div", {}, nodeButton(app, made.s)),
      h("div", { class: `relation family-${made.family}` }, made.directed ? "↓ " : "↕ ", words(made.p)),
      h("div", {}, nodeButton(app, made.o))),
    h("h3", {}, count(claims.length, "claim")),
    cards,
  ];
}

function nodeDetails(app, node) {
  const { seen, state } = app;
  const at = (claim) => app.graph.standsAt(claim, state.at);
  const listings = seen.listed.get(node) || [];
  const reason = node.facts.filter((claim) => claim.p === "listed_for");
  const chain = [];
  for (let step = seen.exposed.get(node); step; step = seen.exposed.get(step.o)) chain.push(step);
  const shown = seen.shown.has(node);
  const holdings = app.graph.holdings(node, seen.claims);
  const bundles = seen.bundles.filter((made) => made.s === node || made.o === node);
  const rows = bundles.map((made) => {
    const incoming = made.o === node && made.s !== node;
    return { made, incoming, other: incoming ? made.s : made.o, label: relationWords(made.p, incoming) };
  }).sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : a.other.name < b.other.name ? -1 : 1));
  const missing = node.out.length + node.in.length - rows.reduce((sum, each) => sum + each.made.claims.length, 0);
  const facts = node.facts.filter((claim) => claim.p !== "listed_for" && at(claim));
  return [
    h("div", { class: "node-head" }, glyph(node.type, app.theme, { listed: seen.listed.has(node), exposed: seen.exposed.has(node), size: 40 }),
      h("div", {}, h("h2", { tabindex: "-1" }, name(node.name)), h("p", { class: "muted" }, typeWords(node.type), " · ", count(node.in.length + node.out.length, "relation claim")))),
    h("div", { class: "badges" },
      seen.listed.has(node) ? h("span", { class: "badge listed", title: node.listing === "list" ? "on an imported list" : "as texts say" }, "Listed") : null,
      chain.length ? h("span", { class: "badge exposed" }, "Held by a listed party") : null,
      state.pinned.has(node.id) ? h("span", { class: "badge" }, "Pinned") : null,
      shown ? null : h("span", { class: "badge" }, "Hidden now")),
    h("div", { class: "actions", role: "group", "aria-label": "What to do with this entity" },
      state.focus === node.id
        ? h("button", { type: "button", onclick: () => app.state_.set({ focus: "" }) }, "Leave focus")
        : h("button", { type: "button", onclick: () => app.focusOn(node) }, "Focus"),
      state.focus === node.id ? hopsControl(app) : null,
      h("button", { type: "button", onclick: () => app.openPath(node) }, "Path to…"),
      h("button", { type: "button", onclick: () => app.pin(node) }, state.pinned.has(node.id) ? "Unpin" : "Pin"),
      h("button", { type: "button", onclick: () => app.hide(node) }, state.hidden.has(node.id) ? "Show" : "Hide"),
      app.served ? h("button", { type: "button", onclick: () => app.served.expand(node) }, node.more ? `Expand (${node.more.toLocaleString("en")} more)` : "Expand") : null),
    shown ? null : h("p", { class: "callout" }, "The filters hide this entity. ", h("button", { type: "button", class: "link", onclick: () => app.state_.clear() }, "Show everything")),
    listings.length ? section("Listing", listingBlock(app, listings, reason)) : null,
    chain.length ? section("Held by a listed party", h("ol", { class: "chain" }, chain.map((claim) => h("li", {}, claimButton(app, claim), stake(claim) ? ` ${stake(claim)}` : null)), ), h("p", { class: "muted" }, "Derived from ownership, control or subsidiary claims; not a finding under a 50 % rule.")) : null,
    node.aliases.length || node.attributes.length ? section("Names and identifiers", h("dl", {},
      node.aliases.length ? row("Also known as", node.aliases.map((text, place) => [place ? h("br") : null, name(text)])) : [],
      node.attributes.map(([key, text]) => row(words(key), name(text))))) : null,
    facts.length ? section("Stated about it", h("ul", { class: "facts" }, facts.map((claim) => h("li", {},
      h("button", { type: "button", class: "link", onclick: () => app.select(`c:${claim.id}`) }, `${words(claim.p)}: `, name(cut(claim.text, 160))), " ", claim.status === "asserted" ? null : statusChip(claim.status))))) : null,
    holdings.length ? section(`Owns or controls (${holdings.length})`, h("ul", { class: "holdings", "data-testid": "holdings" }, holdings.slice(0, 200).map(({ node: held, claim, depth }) =>
      h("li", { "data-depth": String(depth) }, nodeButton(app, held), h("span", { class: "muted" }, ` ${[stake(claim), claim.status === "asserted" ? "" : claim.status, depth > 1 ? `through ${plain(claim.o.name)}` : "directly"].filter(Boolean).join(", ")}`))))) : null,
    rows.length ? section(`Relations (${rows.length})`, h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "Relations of this entity" }, h("table", { class: "relations" },
      h("thead", {}, h("tr", {}, ["Relation", "With", "Status", "Date"].map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, rows.slice(0, 300).map(({ made, other, label }) => h("tr", {},
        h("td", {}, h("button", { type: "button", class: "link", onclick: () => app.select(`b:${made.key}`) }, label, made.claims.length > 1 ? ` ×${made.claims.length}` : null)),
        h("td", {}, nodeButton(app, other)),
        h("td", {}, made.contested ? "contested" : plain(made.status)),
        h("td", {}, plain(made.claims.map((claim) => claim.date).filter(Boolean).sort()[0] || ""))))))),
      rows.length > 300 ? h("p", { class: "muted" }, `${rows.length - 300} more stand in the table.`) : null) : null,
    missing > 0 ? h("p", { class: "muted" }, `Filters hide ${count(missing, "claim")} about this entity.`) : null,
    node.documents.size ? section("Mentioned in", h("ul", { class: "facts" }, [...node.documents].slice(0, 40).map((doc) => h("li", {}, name(doc.title), doc.date ? h("span", { class: "muted" }, ` ${plain(doc.date)}`) : null)))) : null,
  ];
}

function claimButton(app, claim) {
  return h("button", { type: "button", class: "link", onclick: () => app.select(`c:${claim.id}`) }, name(claim.s.name), ` ${words(claim.p)} `, name(claim.o ? claim.o.name : claim.text));
}

/** Who listed it, on what list, under what, when, why, with the sentence. */
function listingBlock(app, listings, reasons) {
  const by = listings.filter((claim) => claim.p === "listed_by");
  const other = listings.filter((claim) => claim.p !== "listed_by");
  const proofs = by.length ? by : other;
  return [
    h("dl", { "data-testid": "listing" },
      by.length ? row("Listed by", uniqueNodes(by).map((node, place) => [place ? h("br") : null, nodeButton(app, node, { withGlyph: false })])) : [],
      other.some((c) => c.p === "listed_on") ? row("List", uniqueNodes(other.filter((c) => c.p === "listed_on")).map((node, place) => [place ? h("br") : null, nodeButton(app, node, { withGlyph: false })])) : [],
      other.some((c) => c.p === "listed_under") ? row("Under", uniqueNodes(other.filter((c) => c.p === "listed_under")).map((node, place) => [place ? h("br") : null, nodeButton(app, node, { withGlyph: false })])) : [],
      listings.some((c) => c.date) ? row("Date", plain([...new Set(listings.map((c) => c.date).filter(Boolean))].sort().join(", "))) : [],
      reasons.length ? row("Reason", uniqueTexts(reasons).map((text, place) => [place ? h("br") : null, name(text)])) : []),
    proofs.slice(0, 3).map((claim) => h("div", { class: "proof" }, quotation(claim), h("p", { class: "muted small" }, ...sourceLine(claim), " · ", h("button", { type: "button", class: "link", onclick: () => app.select(`c:${claim.id}`) }, "All about this claim")))),
  ];
}

const uniqueNodes = (claims) => [...new Set(claims.map((claim) => claim.o))];
const uniqueTexts = (claims) => [...new Set(claims.map((claim) => claim.text))];

function section(title, ...children) {
  return h("section", {}, h("h3", {}, title), ...children);
}

function hopsControl(app) {
  return h("label", { class: "hops" }, "Hops ", h("select", { onchange: (event) => app.state_.set({ hops: Number(event.target.value) }) }, [1, 2, 3, 4, 5, 6].map((n) => h("option", { value: String(n), selected: n === app.state.hops }, String(n)))));
}

function pathDetails(app) {
  const [from, to] = app.state.path.map((id) => app.graph.byId.get(id));
  const close = h("div", { class: "actions" }, h("button", { type: "button", onclick: () => app.state_.set({ path: null }) }, "Close the path"), h("button", { type: "button", onclick: () => app.openPath() }, "Another path…"));
  if (!from || !to) return [h("h2", { tabindex: "-1" }, "Path"), h("p", {}, "The graph no longer holds both ends of this path."), close];
  const steps = currentPath(app.graph, app.seen, app.state);
  const head = [h("h2", { tabindex: "-1" }, "Path"), h("p", {}, nodeButton(app, from), " to ", nodeButton(app, to)), close];
  if (!steps) return [...head, h("p", { class: "callout" }, "Nothing that is shown now connects the two. Filters may hide the way.")];
  return [
    ...head,
    h("h3", {}, `${count(steps.length, "step")}, each with its proof`),
    h("ol", { class: "path", "data-testid": "path" }, steps.map((step) => h("li", {}, claimCard(app, step.claim, { headline: true })))),
  ];
}

function overview(app) {
  const { seen, graph } = app;
  const listed = seen.nodes.filter((node) => seen.listed.has(node));
  const busiest = seen.nodes.slice().sort((a, b) => (seen.degree.get(b) || 0) - (seen.degree.get(a) || 0) || a.idx - b.idx).slice(0, 8).filter((node) => seen.degree.get(node));
  const contested = seen.bundles.filter((made) => made.contested);
  const left = app.leftOut;
  return [
    h("h2", { tabindex: "-1" }, "Overview"),
    h("p", { class: "figures" }, figure(seen.nodes.length, "entity", "entities"), figure(seen.claims.length + seen.facts.length, "claim", "claims"), figure(graph.documents.length, "source", "sources"), figure(listed.length, "listed", "listed")),
    left.entities ? h("p", { class: "callout" }, `${count(left.entities, "entity", "entities")} of the store ${left.entities === 1 ? "is" : "are"} not in this picture${left.why ? `: ${plain(left.why)}` : ""}.`) : null,
    listed.length ? section(`Listed (${listed.length.toLocaleString("en")})`, nodeList(app, listed.slice().sort((a, b) => (seen.degree.get(b) || 0) - (seen.degree.get(a) || 0)), 12)) : null,
    busiest.length ? section("Most connected", nodeList(app, busiest, 8)) : null,
    contested.length ? section("Contradictions", h("ul", { class: "facts" }, contested.slice(0, 10).map((made) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => app.select(`b:${made.key}`) }, name(made.s.name), ` ${words(made.p)} `, name(made.o.name)))))) : null,
    section("How to read it", h("ul", { class: "marks" },
      h("li", {}, glyph("Company", app.theme, { listed: true }), "A red ring: a source says that it is listed."),
      h("li", {}, glyph("Company", app.theme, { exposed: true }), "A thin dashed ring: owned, controlled or held by a listed one."),
      h("li", {}, lineSample("asserted", app.theme), "An arrow is a relation; ×3 means three claims in one line."),
      h("li", {}, "Click an arrow for the sentence that proves it, an entity for all about it. Press ? for the keys."))),
  ];
}

function figure(number, one, many) {
  return h("span", {}, h("b", {}, number.toLocaleString("en")), ` ${number === 1 ? one : many}`);
}

function nodeList(app, nodes, limit) {
  return h("ul", { class: "node-list" }, nodes.slice(0, limit).map((node) => h("li", {}, nodeButton(app, node), h("span", { class: "muted" }, ` ${app.seen.degree.get(node) || 0}`))),
    nodes.length > limit ? h("li", {}, h("button", { type: "button", class: "link", onclick: () => app.state_.set({ view: "table", tab: "entities" }) }, `All ${nodes.length.toLocaleString("en")} in the table`)) : null);
}

/** Fills the panel by what is selected. */
function renderDetails(app) {
  const host = el("details");
  const chosen = selection(app.graph, app.state.selected);
  let content;
  if (chosen?.node) content = nodeDetails(app, chosen.node);
  else if (chosen?.claim && !chosen.claim.o) content = [h("h2", { tabindex: "-1" }, words(chosen.claim.p)), claimCard(app, chosen.claim, { headline: true })];
  else if (chosen?.key) {
    const made = app.seen.bundles.find((other) => other.key === chosen.key) || bundle(app.graph.claims.filter((claim) => claim.o && bundleKey(claim) === chosen.key))[0];
    content = made ? [h("h2", { tabindex: "-1", class: "sr" }, `${plain(made.s.name)} ${words(made.p)} ${plain(made.o.name)}`), bundleDetails(app, made, chosen.claim)] : overview(app);
  } else if (app.state.path) content = pathDetails(app);
  else content = overview(app);
  const back = chosen && app.state.path ? h("div", { class: "actions" }, h("button", { type: "button", onclick: () => app.select("") }, "Back to the path")) : null;
  fill(host, back, content);
  host.scrollTop = 0;
}
