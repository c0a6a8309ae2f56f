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
from kg.store import Store, Term

_OWN: Final = frozenset(
    ONTOLOGY + name
    for name in (
        "subject predicate object status claimant date date_end percent percent_min percent_max amount confidence rule "
        "evidence cue"
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

    A claim without a date counts from the day of its document; one without either always. An ended one that tells the
    day of its end (a listing that a newer edition of the list lacks) holds until then. What another claim says has
    ended (or was delisted) by the day is left out with it. Partial dates are compared as far as both go.
    """
    claims = list(claims)
    if at is None:
        return claims
    begun = [claim for claim in claims if not claim.since or claim.since[: len(at)] <= at]
    over = [
        (claim.subject.iri, _TAKEN_BACK.get(claim.predicate, claim.predicate), claim.object.iri, claim.since)
        for claim in begun
        if _is_over(claim, at) or (claim.predicate in _TAKEN_BACK and claim.status == "asserted")
    ]
    return [
        claim
        for claim in begun
        if not (claim.date_end and claim.date_end < at[: len(claim.date_end)])
        and not _is_over(claim, at)
        and not any(
            (claim.subject.iri, claim.predicate, claim.object.iri) == (subject, predicate, other)
            and claim.since <= since
            for subject, predicate, other, since in over
        )
    ]


def _is_over(claim: ClaimRow, at: str) -> bool:
    """Whether a claim that has ended had done so by the day; one that does not tell the day of its end always has."""
    return claim.status == "ended" and not (claim.date_end and claim.date_end[: len(at)] > at[: len(claim.date_end)])


_TAKEN_BACK: Final = {"delisted_by": "listed_by"}


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
