// The graph in memory and every question asked of it: what is visible, bundled, listed, near, or on a path.

const STATUSES = ["asserted", "alleged", "planned", "denied", "ended"];
const LISTING = new Set(["listed_by", "listed_on", "listed_under"]);
const EXPOSING = new Set(["owned_by", "controlled_by", "subsidiary_of"]);
const SYMMETRIC = new Set(["associated_with", "spouse_of", "sibling_of", "relative_of", "meets"]);
const FAMILY = new Map([
  ...["listed_by", "listed_on", "listed_under", "listed_for", "delisted_by"].map((p) => [p, "listing"]),
  ...["owned_by", "controlled_by", "subsidiary_of"].map((p) => [p, "holding"]),
]);

class Graph {
  constructor() {
    this.nodes = [];
    this.byId = new Map();
    this.claims = [];
    this.claimById = new Map();
    this.documents = [];
    this.documentById = new Map();
  }

  /** Adds a payload (the whole file, or one answer of the server). Gives the nodes that were new. */
  add(payload) {
    const documents = payload.documents.map((d) => {
      let document = this.documentById.get(d.i);
      if (!document) {
        document = { id: d.i, idx: this.documents.length, title: d.n || d.i, date: d.dt || "", url: d.u || "", path: d.f || "", publisher: d.b || "" };
        this.documents.push(document);
        this.documentById.set(d.i, document);
      }
      return document;
    });
    const fresh = [];
    const nodes = payload.nodes.map((n) => {
      let node = this.byId.get(n.i);
      if (!node) {
        node = {
          id: n.i, idx: this.nodes.length, name: n.n, type: n.t, aliases: n.a || [], attributes: n.k || [],
          documents: new Set(), listing: n.l || "", x: n.x ?? null, y: n.y ?? null, out: [], in: [], facts: [], more: n.more || 0,
          key: fold([n.n, ...(n.a || [])].join("\n")),
        };
        this.nodes.push(node);
        this.byId.set(node.id, node);
        fresh.push(node);
      } else if (n.more !== undefined) node.more = n.more;
      for (const place of n.d || []) node.documents.add(documents[place]);
      return node;
    });
    for (const c of payload.claims) {
      if (this.claimById.has(c.i)) continue;
      const e = payload.evidence[c.e] || {};
      const claim = {
        id: c.i, idx: this.claims.length, s: nodes[c.s], p: c.p, o: c.o === undefined ? null : nodes[c.o], text: c.v ?? "",
        status: c.st || "asserted", quote: e.q || "", prefix: e.p || "", suffix: e.s || "", at: e.at || "", row: e.row || "",
        document: c.d === undefined ? null : documents[c.d], date: c.dt || "", dateEnd: c.de || "",
        by: c.by === undefined ? null : nodes[c.by], percent: c.pc || "", low: c.pl || "", high: c.ph || "",
        amount: c.am || "", confidence: c.c ?? 1, rule: c.r || "", corroboration: c.co || "", note: c.cn || "",
      };
      claim.from = earliest(claim.date || claim.document?.date || "");
      claim.until = claim.dateEnd ? latest(claim.dateEnd) : "";
      this.claims.push(claim);
      this.claimById.set(claim.id, claim);
      if (claim.o) {
        claim.s.out.push(claim);
        claim.o.in.push(claim);
      } else claim.s.facts.push(claim);
    }
    this.findEndings();
    return fresh;
  }

  /** What stands in the claims: the values that can be filtered by, each with the number of its claims. */
  facets() {
    const tally = { types: new Map(), relations: new Map(), statuses: new Map(), documents: new Map(), lists: new Map(), authorities: new Map() };
    const bump = (map, key) => map.set(key, (map.get(key) || 0) + 1);
    for (const node of this.nodes) bump(tally.types, node.type);
    for (const claim of this.claims) {
      bump(tally.relations, claim.p);
      bump(tally.statuses, claim.status);
      if (claim.document) bump(tally.documents, claim.document);
      if (!claim.o) continue;
      if (claim.p === "listed_by") bump(tally.authorities, claim.o);
      if (claim.p === "listed_on" || claim.p === "listed_under") bump(tally.lists, claim.o);
    }
    return tally;
  }

  /** True where the claim held on that day (or no day is asked): from its own date, else its source's, to its end,
   *  or until another claim says that it ended. */
  standsAt(claim, day) {
    if (!day) return true;
    if (claim.status === "ended" || (claim.from && claim.from > day) || (claim.until && claim.until < day)) return false;
    if (!claim.o) return true;
    return !(this.endings.get(tripleKey(claim)) || []).some((end) => end <= day && claim.from <= end);
  }

  /** Triple -> the days on which some claim says that it ended, or that a listing was lifted. */
  findEndings() {
    this.endings = new Map();
    for (const claim of this.claims) {
      if (!claim.o || !claim.from) continue;
      const lifted = claim.p === "delisted_by" && claim.status === "asserted";
      if (claim.status !== "ended" && !lifted) continue;
      const key = lifted ? tripleKey({ ...claim, p: "listed_by" }) : tripleKey(claim);
      (this.endings.get(key) || this.endings.set(key, []).get(key)).push(claim.from);
    }
  }

  /** Everything that the state lets through. */
  visible(state) {
    const listed = this.listings(state.at);
    const chosen = this.chosenByListing(state);
    const claims = [];
    const facts = [];
    const degree = new Map();
    const off = (node) => state.typesOff.has(node.type) || state.hidden.has(node.id);
    for (const claim of this.claims) {
      if (state.statusOff.has(claim.status) || state.relationsOff.has(claim.p) || claim.confidence < state.confidence) continue;
      if (claim.document && state.sourcesOff.has(claim.document.id)) continue;
      if (!this.standsAt(claim, state.at) || off(claim.s) || (claim.o && off(claim.o))) continue;
      if (chosen && !chosen.has(claim.s) && !(claim.o && chosen.has(claim.o))) continue;
      (claim.o ? claims : facts).push(claim);
    }
    let kept = claims;
    let reach = null;
    const focus = state.focus && this.byId.get(state.focus);
    if (focus) {
      reach = within(focus, state.hops, claims);
      kept = claims.filter((claim) => reach.has(claim.s) && reach.has(claim.o));
    }
    for (const claim of kept) {
      degree.set(claim.s, (degree.get(claim.s) || 0) + 1);
      degree.set(claim.o, (degree.get(claim.o) || 0) + 1);
    }
    const filtered = filtersClaims(state);
    const nodes = this.nodes.filter((node) => {
      if (degree.has(node) || node === focus) return true;
      if (off(node) || reach || chosen) return false;
      return state.singles && !filtered && node.in.length + node.out.length === 0;
    });
    const shown = new Set(nodes);
    const shownFacts = facts.filter((claim) => shown.has(claim.s) || (!reach && filtered));
    return {
      nodes, shown, claims: kept, facts: shownFacts, degree, listed, exposed: this.exposed(listed, state.at),
      bundles: bundle(kept),
      hiddenNodes: this.nodes.length - nodes.length,
      hiddenClaims: this.claims.length - kept.length - shownFacts.length,
    };
  }

  /** The nodes listed by the chosen authority and on the chosen list; null when neither is chosen. */
  chosenByListing(state) {
    if (!state.list && !state.authority) return null;
    const matches = (node, id, predicates) => !id || node.out.some((c) => c.o.id === id && predicates.includes(c.p) && this.standsAt(c, state.at));
    return new Set(this.nodes.filter((node) => matches(node, state.list, ["listed_on", "listed_under"]) && matches(node, state.authority, ["listed_by"])));
  }

  /** Node -> its asserted listings that stand on that day and were not followed by a delisting. */
  listings(day) {
    const listed = new Map();
    for (const node of this.nodes) {
      if (!node.listing) continue; // graded over the whole store, so that a part shows what the whole does
      const told = node.out.filter((c) => LISTING.has(c.p) && c.status === "asserted");
      const live = told.filter((c) => this.standsAt(c, day));
      if (!live.length && (told.length || day)) continue;
      const gone = node.out.some((c) => c.p === "delisted_by" && c.status === "asserted" && this.standsAt(c, day) && live.every((l) => l.from <= c.from));
      if (!gone) listed.set(node, live);
    }
    return listed;
  }

  /** Node -> the claim that leads towards a listed holder, for nodes that are not listed themselves. */
  exposed(listed, day) {
    const exposed = new Map();
    let frontier = [...listed.keys()];
    while (frontier.length) {
      const next = [];
      for (const holder of frontier) {
        for (const claim of holder.in) {
          if (!EXPOSING.has(claim.p) || claim.status !== "asserted" || !this.standsAt(claim, day)) continue;
          if (listed.has(claim.s) || exposed.has(claim.s)) continue;
          exposed.set(claim.s, claim);
          next.push(claim.s);
        }
      }
      frontier = next;
    }
    return exposed;
  }

  /** Nodes whose names hold every word asked for, the best first. */
  find(query, limit = 8) {
    const asked = fold(query).split(/\s+/).filter(Boolean);
    if (!asked.length) return [];
    const whole = asked.join(" ");
    const rank = (node) => {
      const names = node.key.split("\n");
      if (names[0] === whole) return 0;
      if (names.includes(whole)) return 1;
      if (names.some((text) => text.startsWith(whole))) return 2;
      return names.some((text) => text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(asked[0]))) ? 3 : 4;
    };
    return this.nodes
      .filter((node) => asked.every((word) => node.key.includes(word)))
      .map((node) => [rank(node), -(node.in.length + node.out.length), node])
      .sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2].name < b[2].name ? -1 : 1))
      .slice(0, limit)
      .map((entry) => entry[2]);
  }

  /** The shortest path over these claims, direction ignored: a list of bundles in order; null when there is none. */
  path(from, to, claims) {
    const near = new Map();
    const touch = (node, claim) => (near.get(node) || near.set(node, []).get(node)).push(claim);
    for (const claim of claims) {
      touch(claim.s, claim);
      touch(claim.o, claim);
    }
    const came = new Map([[from, null]]);
    let frontier = [from];
    while (frontier.length && !came.has(to)) {
      const next = [];
      for (const node of frontier) {
        const best = (near.get(node) || []).slice().sort((a, b) => b.confidence - a.confidence || a.idx - b.idx);
        for (const claim of best) {
          const other = claim.s === node ? claim.o : claim.s;
          if (came.has(other)) continue;
          came.set(other, [node, claim]);
          next.push(other);
        }
      }
      frontier = next;
    }
    if (!came.has(to)) return null;
    const steps = [];
    for (let node = to; came.get(node); node = came.get(node)[0]) steps.unshift({ from: came.get(node)[0], to: node, claim: came.get(node)[1] });
    return steps;
  }

  /** All that a node owns, through any depth: [held node, claim, depth], nearest first. */
  holdings(node, claims) {
    const held = new Map();
    const found = [];
    for (const claim of claims) if (EXPOSING.has(claim.p) && claim.status !== "denied") (held.get(claim.o) || held.set(claim.o, []).get(claim.o)).push(claim);
    const seen = new Set([node]);
    let frontier = [node];
    for (let depth = 1; frontier.length; depth += 1) {
      const next = [];
      for (const holder of frontier) {
        for (const claim of held.get(holder) || []) {
          if (seen.has(claim.s)) continue;
          seen.add(claim.s);
          found.push({ node: claim.s, claim, depth });
          next.push(claim.s);
        }
      }
      frontier = next;
    }
    return found;
  }
}

/** The first day of a date that may be a year or a month. */
function earliest(date) {
  return /^\d{4}$/.test(date) ? `${date}-01-01` : /^\d{4}-\d{2}$/.test(date) ? `${date}-01` : date;
}

/** The last day of such a date. */
function latest(date) {
  return /^\d{4}$/.test(date) ? `${date}-12-31` : /^\d{4}-\d{2}$/.test(date) ? `${date}-31` : date;
}

function within(focus, hops, claims) {
  const near = new Map();
  const touch = (a, b) => (near.get(a) || near.set(a, []).get(a)).push(b);
  for (const claim of claims) {
    touch(claim.s, claim.o);
    touch(claim.o, claim.s);
  }
  const reached = new Set([focus]);
  let frontier = [focus];
  for (let hop = 0; hop < hops; hop += 1) {
    const next = [];
    for (const node of frontier) {
      for (const other of near.get(node) || []) {
        if (!reached.has(other)) {
          reached.add(other);
          next.push(other);
        }
      }
    }
    frontier = next;
  }
  return reached;
}

const tripleKey = (claim) => `${claim.s.id}|${claim.p}|${claim.o.id}`;

function bundleKey(claim) {
  if (SYMMETRIC.has(claim.p) && claim.o.id < claim.s.id) return `${claim.o.id}|${claim.p}|${claim.s.id}`;
  return `${claim.s.id}|${claim.p}|${claim.o.id}`;
}

/** Claims of the same subject, relation and object as one line each, with what is needed to draw it. */
function bundle(claims) {
  const bundles = new Map();
  for (const claim of claims) {
    const key = bundleKey(claim);
    let made = bundles.get(key);
    if (!made) {
      const flip = key.startsWith(claim.o.id + "|" + claim.p) && claim.o !== claim.s && SYMMETRIC.has(claim.p);
      made = { key, s: flip ? claim.o : claim.s, o: flip ? claim.s : claim.o, p: claim.p, claims: [], status: "", contested: false, bend: 0 };
      bundles.set(key, made);
    }
    made.claims.push(claim);
  }
  const pairs = new Map();
  for (const made of bundles.values()) {
    const statuses = new Set(made.claims.map((claim) => claim.status));
    made.status = ["asserted", "ended", "alleged", "planned", "denied"].find((status) => statuses.has(status));
    made.contested = statuses.has("denied") && statuses.size > 1;
    made.family = FAMILY.get(made.p) || "other";
    made.directed = !SYMMETRIC.has(made.p);
    const pair = made.s.idx < made.o.idx ? `${made.s.idx}-${made.o.idx}` : `${made.o.idx}-${made.s.idx}`;
    (pairs.get(pair) || pairs.set(pair, []).get(pair)).push(made);
  }
  for (const group of pairs.values()) {
    if (group.length === 1 && group[0].s !== group[0].o) continue;
    group.forEach((made, place) => {
      const side = made.s.idx < made.o.idx ? 1 : -1;
      made.bend = made.s === made.o ? place + 1 : (place - (group.length - 1) / 2) * side;
    });
  }
  return [...bundles.values()];
}
