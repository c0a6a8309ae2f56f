"""Claims by their IRIs, with quotations; which of them hold on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode

from kg.namespaces import ONTOLOGY, expand
from kg.queries.named import ask, nodes
from kg.queries.names import describe
from kg.queries.rows import ClaimRow, Node, Quotation
from kg.reference import authority, chain
from kg.store import Store, Term

_OWN: Final = frozenset(
    ONTOLOGY + name
    for name in (
        "subject predicate object status claimant date date_end percent percent_min percent_max percent_bounds amount "
        "confidence rule evidence cue first_seen"
    ).split()
)
_HIDDEN: Final = frozenset(map(expand, ("rdf:type", "prov:wasDerivedFrom", "prov:wasGeneratedBy")))
_Properties = dict[str, list[Term]]


def load(store: Store, iris: Iterable[str]) -> list[ClaimRow]:
    """The claims with these IRIs, each once, sorted by date, subject, predicate and IRI."""
    claims = {iri: found for iri, found in _properties(store, "claims", "claim", iris).items() if _is_claim(found)}
    quoted = _quotations(store, claims)
    documents = _documents(store, claims, quoted)
    cues = _cues(store, claims)
    ends = {
        term.value
        for found in claims.values()
        for name in ("subject", "object", "claimant")
        for term in found.get(ONTOLOGY + name, ())
        if isinstance(term, NamedNode)
    }
    known = describe(store, ends)
    rows = [_row(iri, found, known, quoted=quoted, documents=documents, cues=cues) for iri, found in claims.items()]
    return sorted(rows, key=lambda row: (row.since, row.subject.name, row.predicate, row.object.name, row.iri))


def as_of(claims: Iterable[ClaimRow], at: str | None) -> list[ClaimRow]:
    """The claims that had begun by the day and not ended before it, as far as is told.

    A claim without a date counts from the first edition of the list that holds it, or from the day of its document; one
    without either always. An ended one that tells the day of its end (a listing that a newer edition of the list lacks)
    holds until then. What a text says has ended (or anybody that was delisted) by the day is left out with it; the end
    of one record of a list is not that of another. Partial dates are compared as far as both go.
    """
    claims = list(claims)
    if at is None:
        return claims
    begun = [claim for claim in claims if not claim.since or claim.since[: len(at)] <= at]
    ends = [claim for claim in begun if _ends_others(claim, at)]
    return [
        claim
        for claim in begun
        if not ended_before(claim.date_end, at)
        and not _is_over(claim, at)
        and not any(claim.since <= end.since and _takes_back(end, claim) for end in ends)
    ]


def perhaps_at(claims: Iterable[ClaimRow], at: str | None) -> list[ClaimRow]:
    """The undated claims that are first known later than the day: whether they held on it, nobody says."""
    if at is None:
        return []
    return [claim for claim in claims if not claim.date and claim.since[: len(at)] > at and claim.status != "ended"]


def ended_before(end: str, at: str) -> bool:
    """Whether a date of an end lies before the day, as far as both go."""
    return bool(end) and end[: len(at)] < at[: len(end)]


def same_body(one: Node, other: Node) -> bool:
    """Whether two nodes are one authority, or one of them is part of the other."""
    if one.iri == other.iri:
        return True
    left, right = authority(one.name), authority(other.name)
    return bool(left and right and (left.name in chain(right.name) or right.name in chain(left.name)))


def _ends_others(claim: ClaimRow, at: str) -> bool:
    if claim.predicate == "delisted_by":
        return claim.status == "asserted"
    return not claim.from_list and _is_over(claim, at)


def _takes_back(end: ClaimRow, claim: ClaimRow) -> bool:
    if claim.subject.iri != end.subject.iri:
        return False
    if end.predicate == "delisted_by":
        return claim.predicate == "listed_by" and same_body(end.object, claim.object)
    return claim.predicate == end.predicate and claim.object == end.object


def _is_over(claim: ClaimRow, at: str) -> bool:
    """Whether a claim that has ended had done so by the day; one that does not tell the day of its end always has."""
    return claim.status == "ended" and not (claim.date_end and claim.date_end[: len(at)] > at[: len(claim.date_end)])


def _properties(store: Store, query: str, parameter: str, iris: Iterable[str]) -> dict[str, _Properties]:
    """Node -> property -> values, in the order of the nodes."""
    found: dict[str, _Properties] = defaultdict(lambda: defaultdict(list))
    for node, prop, value in ask(store, query, **{parameter: nodes(iris)}):
        if node is not None and prop is not None and value is not None:
            found[node.value][prop.value].append(value)
    return dict(found)


def _is_claim(found: _Properties) -> bool:
    return all(ONTOLOGY + name in found for name in ("subject", "predicate", "object", "status"))


def _quotations(store: Store, claims: dict[str, _Properties]) -> dict[str, dict[str, str]]:
    """Evidence node -> what stands on it and on its selectors, by local name."""
    wanted = {term.value for found in claims.values() for term in found.get(ONTOLOGY + "evidence", ())}
    quoted: dict[str, dict[str, str]] = defaultdict(dict)
    for evidence, _, prop, value in ask(store, "evidence", evidence=nodes(wanted)):
        if evidence is not None and prop is not None and value is not None:
            quoted[evidence.value].setdefault(_local(prop.value), value.value)
    return quoted


def _cues(store: Store, claims: dict[str, _Properties]) -> dict[str, tuple[int, str, str]]:
    """Cue -> where it starts, its role and its words."""
    wanted = {term.value for found in claims.values() for term in found.get(ONTOLOGY + "cue", ())}
    cues = {}
    for iri, found in _properties(store, "properties", "who", wanted).items():
        told = {_local(prop): min(value.value for value in values) for prop, values in found.items()}
        cues[iri] = (int(told.get("start", "0")), told.get("cue_role", ""), told.get("exact", ""))
    return cues


def _documents(
    store: Store, claims: dict[str, _Properties], quoted: dict[str, dict[str, str]]
) -> dict[str, dict[str, str]]:
    wanted = {quote["hasSource"] for quote in quoted.values() if "hasSource" in quote}
    wanted |= {term.value for found in claims.values() for term in found.get(expand("prov:wasDerivedFrom"), ())}
    documents = _properties(store, "documents", "document", wanted)
    return {
        iri: {_local(prop): min(term.value for term in values) for prop, values in found.items()}
        for iri, found in documents.items()
    }


def _row(
    iri: str,
    found: _Properties,
    known: dict[str, Node],
    *,
    quoted: dict[str, dict[str, str]],
    documents: dict[str, dict[str, str]],
    cues: dict[str, tuple[int, str, str]],
) -> ClaimRow:
    def text(name: str) -> str:
        return min((term.value for term in found.get(ONTOLOGY + name, ())), default="")

    def number(name: str) -> float | None:
        written = text(name)
        return float(written) if written else None

    def node(name: str) -> Node | None:
        term = min(found.get(ONTOLOGY + name, ()), key=str, default=None)
        if term is None:
            return None
        return known[term.value] if isinstance(term, NamedNode) else Node("", term.value)

    subject, target = node("subject"), node("object")
    document = min((term.value for term in found.get(expand("prov:wasDerivedFrom"), ())), default="")
    confidence = number("confidence")
    evidence = sorted(term.value for term in found.get(ONTOLOGY + "evidence", ()))
    shown = sorted(cues[term.value] for term in found.get(ONTOLOGY + "cue", ()) if term.value in cues)
    return ClaimRow(
        iri=iri,
        subject=subject or Node("", ""),
        predicate=_local(text("predicate")),
        object=target or Node("", ""),
        status=_local(text("status")),
        quotations=tuple(_quotation(quoted.get(one, {}), document, documents) for one in evidence),
        claimant=node("claimant"),
        date=text("date"),
        date_end=text("date_end"),
        percent=number("percent"),
        percent_min=number("percent_min"),
        percent_max=number("percent_max"),
        amount=text("amount"),
        confidence=1.0 if confidence is None else confidence,
        rule=text("rule"),
        notes=tuple(
            (_local(prop), value)
            for prop, terms in sorted(found.items())
            if prop not in _OWN and prop not in _HIDDEN
            for value in sorted(term.value for term in terms)
        ),
        cues=tuple((role, words) for _, role, words in shown),
        document=document,
        percent_bounds=text("percent_bounds"),
        first_seen=text("first_seen") or documents.get(document, {}).get("first_seen", ""),
        first_edition=documents.get(document, {}).get("first_seen", ""),
        published=documents.get(document, {}).get("issued", ""),
    )


def _quotation(quote: dict[str, str], document: str, documents: dict[str, dict[str, str]]) -> Quotation:
    source = quote.get("hasSource", document)
    about = documents.get(source, {})

    def number(name: str) -> int | None:
        return int(quote[name]) if quote.get(name, "").isdigit() else None

    return Quotation(
        text=quote.get("exact", ""),
        document=source,
        title=about.get("title", "") or about.get("identifier", ""),
        published=about.get("issued", ""),
        source=about.get("source", "") or about.get("source_path", ""),
        prefix=quote.get("prefix", ""),
        suffix=quote.get("suffix", ""),
        start=number("start"),
        end=number("end"),
        row=number("source_row"),
    )


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]
