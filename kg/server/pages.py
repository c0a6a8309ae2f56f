"""Entities, claims, documents and everything else in the graph as HTML: each text escaped, each own IRI a link.

A store goes in, a page comes out. A page shows at most 200 claims and says how many there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from typing import Final
from urllib.parse import quote

from pyoxigraph import NamedNode

from kg import queries, resources
from kg.errors import NotFound
from kg.namespaces import RESOURCE, shorten
from kg.queries import ClaimRow, Listing, Node, sentence
from kg.queries.named import ask, nodes
from kg.store import Store, Term

_SHOWN: Final = 200
_FORMS: Final = (("ttl", "Turtle"), ("nt", "N-Triples"), ("jsonld", "JSON-LD"), ("rdfxml", "RDF/XML"))


def page(title: str, body: str, *, head: str = "") -> str:
    """A whole document around a body that is HTML already."""
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/assets/pages.css">{head}</head><body>'
        '<nav><a href="/">Sanctions graph</a> <a href="/explore">Explorer</a> <a href="/sparql">SPARQL</a></nav>'
        f"<main>{body}</main></body></html>"
    )


def home(counts: dict[str, int], caps: str) -> str:
    """The first page."""
    lines = "".join(f"<li>{number:,} {escape(name)}</li>" for name, number in counts.items())
    return page(
        "Sanctions graph",
        "<h1>Sanctions graph</h1><p>Who is under sanctions, by whom and why, and how the parties hang together: "
        f"every edge is proved by a quotation.</p><ul>{lines}</ul>"
        '<form action="/find" method="get"><label>Name <input name="name" required maxlength="300"></label> '
        f"<button>Find</button></form><p>{escape(caps)}</p>",
    )


def sparql(endpoint: str, caps: str) -> str:
    """The query editor (YASGUI) with example queries, and the caps that hold for one query."""
    folder = resources.ontology() / "queries"
    examples = [
        {"title": text.partition("\n")[0].removeprefix("# "), "query": text}
        for path in (*sorted(folder.glob("examples/*.rq")), *sorted(folder.glob("*.rq")))
        for text in [path.read_text("utf-8")]
    ]
    told = json.dumps({"endpoint": endpoint, "examples": examples}).replace("<", "\\u003c")
    return page(
        "SPARQL",
        f'<p>{escape(caps)} <label>Example <select id="examples"></select></label></p><div id="yasgui"></div>'
        f'<script type="application/json" id="settings">{told}</script>'
        '<script src="/assets/yasgui.min.js"></script><script src="/assets/sparql.js"></script>',
        head='<link rel="stylesheet" href="/assets/yasgui.min.css">',
    )


def resource(store: Store, iri: str) -> str:
    """The page of a node; raises NotFound when the graph says nothing of it."""
    claims = queries.load(store, [iri])
    if claims:
        return _claim(claims[0])
    known = queries.describe(store, [iri])[iri]
    if known.kind:
        return _entity(store, iri, known)
    rows = [(prop, value) for _, prop, value in ask(store, "properties", who=[NamedNode(iri)])]
    if not rows:
        raise NotFound("the graph says nothing of this", place=iri, hint="look for a name on the first page")
    cells = "".join(
        f"<tr><td>{_link(prop.value)}</td><td>{_term(value)}</td></tr>"
        for prop, value in rows
        if prop is not None and value is not None
    )
    title = next(
        (value.value for prop, value in rows if prop and value and prop.value.endswith("/title")), shorten(iri)
    )
    said = [row[0].value for row in ask(store, "said_in", document=[NamedNode(iri)]) if row[0] is not None]
    return page(title, f"<h1>{escape(title)}</h1>{_forms(iri)}<table>{cells}</table>{_claims(store, said)}")


def _entity(store: Store, iri: str, known: Node) -> str:
    found = queries.find(store, iri)
    names: set[str] = set()
    facts: set[tuple[str, str]] = set()
    for _, prop, value in ask(store, "properties", who=nodes(found.members)):
        if prop is None or value is None:
            continue
        if prop.value.endswith(("#prefLabel", "#altLabel")):
            names.add(value.value)
        elif not isinstance(value, NamedNode) and not prop.value.endswith("#name_key"):
            facts.add((shorten(prop.value), value.value))
    also = f"<p>Also: {escape('; '.join(sorted(names - {known.name})))}</p>" if names - {known.name} else ""
    rows = "".join(f"<tr><td>{escape(key)}</td><td>{escape(value)}</td></tr>" for key, value in sorted(facts))
    listed = "".join(f"<li>{_listing(one)}</li>" for one in queries.listings(store, iri))
    iris = sorted({row[0].value for row in ask(store, "neighbourhood", who=nodes(found.members)) if row[0] is not None})
    return page(
        known.name,
        f"<h1>{escape(known.name)}</h1><p>{escape(known.kind)}</p>{_forms(iri)}{also}<ul>{listed}</ul>"
        f"<table>{rows}</table>{_claims(store, iris)}",
    )


def _listing(listing: Listing) -> str:
    by = _node(listing.authority) if listing.authority else "an unnamed authority"
    lists = f" on {', '.join(map(_node, listing.lists))}" if listing.lists else ""
    under = f" under {', '.join(map(_node, listing.instruments))}" if listing.instruments else ""
    until = f" until {escape(listing.delisted)}" if listing.delisted else ""
    return f"listed by {by}{lists}{under}, {escape(listing.date or 'undated')}{until} ({escape(listing.status)})"


def _claims(store: Store, iris: list[str]) -> str:
    if not iris:
        return ""
    rows = "".join(
        f"<tr><td>{escape(claim.since)}</td><td>{_node(claim.subject)}</td><td>{escape(claim.predicate)}</td>"
        f"<td>{_node(claim.object)}</td><td>{escape(claim.status)}</td>"
        f'<td>{_quotes(claim)} <a href="{escape(local(claim.iri))}">claim</a></td></tr>'
        for claim in queries.load(store, iris[:_SHOWN])
    )
    more = f"<p>{len(iris):,} claims, {_SHOWN} of them shown.</p>" if len(iris) > _SHOWN else ""
    head = "<tr><th>date</th><th>subject</th><th>relation</th><th>object</th><th>status</th><th>quotation</th></tr>"
    return f"<h2>Claims</h2>{more}<table>{head}{rows}</table>"


def _claim(claim: ClaimRow) -> str:
    rows = [
        ("subject", _node(claim.subject)),
        ("relation", escape(claim.predicate)),
        ("object", _node(claim.object)),
        ("status", escape(claim.status)),
        ("date", escape(" to ".join(filter(None, (claim.date, claim.date_end))))),
        ("claimant", _node(claim.claimant) if claim.claimant else ""),
        ("rule", escape(claim.rule)),
        ("confidence", f"{claim.confidence:g}"),
        *((escape(key), escape(value)) for key, value in claim.notes),
        *((escape(role), f"shown by <q>{escape(words)}</q>") for role, words in claim.cues),
    ]
    table = "".join(f"<tr><td>{key}</td><td>{value}</td></tr>" for key, value in rows if value)
    quotes = "".join(
        f"<blockquote>{escape(quote.prefix)}<mark>{escape(quote.text)}</mark>{escape(quote.suffix)}"
        f"<footer>{_link(quote.document, quote.place)}</footer></blockquote>"
        for quote in claim.quotations
    )
    title = sentence(claim)
    return page(title, f"<h1>{escape(title)}</h1>{_forms(claim.iri)}{quotes}<table>{table}</table>")


def _quotes(claim: ClaimRow) -> str:
    return " ".join(
        f"<q>{escape(quote.text)}</q> <cite>{_link(quote.document, quote.place)}</cite>" for quote in claim.quotations
    )


def _forms(iri: str) -> str:
    links: Iterable[str] = (f'<a href="{escape(local(iri))}?format={name}">{title}</a>' for name, title in _FORMS)
    return f'<p class="forms"><code>{escape(iri)}</code> {" ".join(links)}</p>'


def _node(node: Node) -> str:
    return _link(node.iri, node.name) if node.iri else escape(node.name)


def _term(term: Term) -> str:
    return _link(term.value) if isinstance(term, NamedNode) else escape(term.value)


def _link(iri: str, text: str | None = None) -> str:
    shown = escape(shorten(iri) if text is None else text)
    if iri.startswith((RESOURCE, "http://", "https://")):
        return f'<a href="{escape(local(iri))}" rel="noreferrer">{shown}</a>'
    return shown


def local(iri: str) -> str:
    """The address on this server of one of the graph's own IRIs; any other IRI as it is."""
    return "/id/" + iri[len(RESOURCE) :].replace("#", "%23") if iri.startswith(RESOURCE) else iri


def here(iri: str) -> str:
    """The address on this server of the page of any IRI, one of another server's too."""
    return local(iri) if iri.startswith(RESOURCE) else f"/about?iri={quote(iri, safe='')}"
