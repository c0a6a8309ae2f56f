"""Entries of a list -> quads of its named graph: no blank nodes, ids from content.

In: what an importer yields. Out: for the data set, each entity, its identifiers, its listings, a claim for every
relation with the source row as evidence, and the plain triple of each claim that still holds. A claim's IRI is made
from the data set, the triple and its qualifiers, never from the row's place in the file, so that it is the same in
the next version of the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.lists.model import Entry, Fact, Identifier, Item, Listed, Listing, Named, Row, Source, Tally
from kg.model import EntityType
from kg.namespaces import RESOURCE, claim_iri, dataset_iri, digest, entity_iri, expand, listed_iri, name_key, term
from kg.rdf.serialize import date_literal, decimal_literal
from kg.reference import authority as known_authority

_Object = NamedNode | Literal


def _node(curie: str) -> NamedNode:
    return NamedNode(expand(curie))


_TYPE: Final = _node("rdf:type")
_LABEL: Final = _node("skos:prefLabel")
_ALT: Final = _node("skos:altLabel")
_NAME_KEY: Final = _node("kg:name_key")
_CLAIM: Final = _node("kg:Claim")
_SUBJECT: Final = _node("kg:subject")
_PREDICATE: Final = _node("kg:predicate")
_OBJECT: Final = _node("kg:object")
_STATUS: Final = _node("kg:status")
_ASSERTED: Final = _node("kg:asserted")
_ENDED: Final = _node("kg:ended")
_CONFIDENCE: Final = _node("kg:confidence")
_ONE: Final = decimal_literal(1.0)
_RULE: Final = _node("kg:rule")
_EVIDENCE: Final = _node("kg:evidence")
_DERIVED: Final = _node("prov:wasDerivedFrom")
_EVIDENCE_CLASS: Final = _node("kg:Evidence")
_EXACT: Final = _node("oa:exact")
_SOURCE: Final = _node("oa:hasSource")
_ROW: Final = _node("kg:source_row")
_FILE: Final = _node("kg:source_file")
_DATE: Final = _node("kg:date")
_DATE_END: Final = _node("kg:date_end")
_INTEGER: Final = _node("xsd:integer")
_BOOLEAN: Final = _node("xsd:boolean")


@cache
def _term(local: str) -> NamedNode:
    return NamedNode(term(local))


@dataclass(frozen=True, slots=True)
class EarlierEdition:
    """What the store holds of a list: the date of its first edition, and the claims of the last one."""

    first_edition: str
    claims: frozenset[str]


class Writer:
    """Turns the items of one list into quads of its graph, each shared node (country, row, authority) once.

    `version` is the date of the list where the file does not say it (else the importer puts it into `tally`, at the
    latest with its last record); `first_seen` the dates at which listings of an earlier import were first found.
    """

    def __init__(
        self,
        source: Source,
        tally: Tally,
        *,
        version: str | None = None,
        first_seen: dict[str, str] | None = None,
        earlier: EarlierEdition | None = None,
    ) -> None:
        self._source = source
        self._tally = tally
        self._dataset = source.dataset
        self._graph = NamedNode(dataset_iri(source.dataset))
        self._rule = Literal(f"list:{source.dataset}")
        self._given_version = version
        self._listings: list[str] = []
        self._first_seen = first_seen or {}
        self._earlier = earlier
        self._undated: dict[str, None] = {}
        self._entries: set[str] = set()
        self._wanted: dict[str, None] = {}
        self._named: set[tuple[str, str]] = set()
        self._rows: dict[tuple[str, int], NamedNode] = {}

    @property
    def version(self) -> str | None:
        """The date of the list as far as it is known by now."""
        return self._given_version or self._tally.version

    def quads(self, items: Iterable[Item]) -> Iterator[Quad]:
        """The quads of the data set and of all items; evidence of a row before the first claim that it proves."""
        graph = self._graph
        for subject, predicate, value in self._triples(items):
            yield Quad(subject, predicate, value, graph)

    def _triples(self, items: Iterable[Item]) -> Iterator[tuple[NamedNode, NamedNode, _Object]]:
        yield self._graph, _TYPE, _node("dcat:Dataset")
        yield self._graph, _node("dcterms:title"), Literal(self._source.title)
        yield self._graph, _node("dcterms:identifier"), Literal(self._dataset)
        for item in items:
            if isinstance(item, Entry):
                yield from self._entry(item)
            elif isinstance(item, Fact):
                yield from self._fact(item, self._other(item.subject))
            else:
                yield from self._listing(item, self._other(item.subject), "")
        yield from self._missing()
        yield from self._seen()

    def _seen(self) -> Iterator[tuple[NamedNode, NamedNode, _Object]]:
        """When the list was made, and since when each designation is known; a file may tell its date last."""
        version = self.version
        if version is None:
            return
        date = date_literal(version)
        yield self._graph, _node("dcterms:issued"), date
        earlier = self._earlier
        yield self._graph, _term("first_seen"), date_literal((earlier.first_edition if earlier else "") or version)
        for claim in self._undated if earlier else ():
            seen = self._first_seen.get(claim) or (version if claim not in earlier.claims else "")  # type: ignore[union-attr]
            if seen:
                yield NamedNode(claim), _term("first_seen"), date_literal(seen)
        for listing in self._listings:
            node = NamedNode(listing)
            first = self._first_seen.get(listing)
            yield node, _term("first_seen"), date_literal(first) if first else date
            yield node, _term("last_seen"), date

    def entity(self, entry: str) -> NamedNode:
        """The node of an entry."""
        return _listed(self._dataset, entry)

    def _other(self, entry: str) -> NamedNode:
        """The node of an entry that another record speaks of, wherever in the file it stands."""
        self._wanted[entry] = None
        return self.entity(entry)

    def _missing(self) -> Iterator[tuple[NamedNode, NamedNode, _Object]]:
        """A bare entity for each id that records speak of and the file does not hold."""
        for entry in self._wanted:
            if entry not in self._entries:
                node = self.entity(entry)
                yield node, _TYPE, _term("Entity")
                yield node, _LABEL, Literal(f"entry {entry}, not in the file")
                yield node, _term("listed_entry_of"), self._graph

    def _entry(self, entry: Entry) -> Iterator[tuple[NamedNode, NamedNode, _Object]]:
        node = self.entity(entry.id)
        self._entries.add(entry.id)
        yield node, _TYPE, _term(entry.type)
        yield node, _LABEL, Literal(entry.name)
        for name in entry.names:
            yield node, _ALT, Literal(name)
        for folded in dict.fromkeys(map(name_key, (entry.name, *entry.names))):
            if folded:
                yield node, _NAME_KEY, Literal(folded)
        for key, value in dict.fromkeys(entry.attributes):
            yield node, _term(key), date_literal(value) if key.endswith("_date") else Literal(value)
        yield node, _term("listed_entry_of"), self._graph
        yield node, _term("entry_number"), Literal(entry.id)
        evidence, new = self._evidence(entry.row)
        yield from new
        yield node, _EVIDENCE, evidence
        for item in entry.identifiers:
            yield from self._identifier(item, node, evidence)
        state = entry_hash(entry)
        for listing in entry.listings:
            yield from self._listing(listing, node, state)
        for fact in entry.facts:
            yield from self._fact(fact, node)

    def _identifier(
        self, item: Identifier, node: NamedNode, evidence: NamedNode
    ) -> Iterator[tuple[NamedNode, NamedNode, _Object]]:
        number = NamedNode(
            f"{RESOURCE}identifier/{digest('identifier', node.value, item.scheme, item.value, item.label)}"
        )
        yield node, _term(item.scheme), Literal(item.value)
        yield node, _term("identifier"), number
        yield number, _TYPE, _term("Identifier")
        yield number, _term("scheme"), Literal(item.scheme)
        yield number, _term("value"), Literal(item.value)
        for key, text in (("label", item.label), ("issuer", item.issuer)):
            if text:
                yield number, _term(key), Literal(text)
        for key, date in (("issued_date", item.issued), ("expiry_date", item.expires)):
            if date:
                yield number, _term(key), date_literal(date)
        if item.valid is not None:
            yield number, _term("valid"), Literal("true" if item.valid else "false", datatype=_BOOLEAN)

    def _listing(self, listing: Listing, node: NamedNode, state: str) -> Iterator[tuple[NamedNode, NamedNode, _Object]]:
        known = known_authority(listing.authority)
        body, new_body = self._name(
            Named(EntityType(known.type) if known else EntityType.GOVERNMENT_BODY, listing.authority)
        )
        on_list, new_list = self._name(Named(EntityType.LIST, listing.list))
        yield from new_body
        yield from new_list
        number = NamedNode(listing_iri(self._dataset, node.value, listing))
        ended = listing.ended or self._has_ended(listing.date_end)
        yield node, _term("listing"), number
        yield number, _TYPE, _term("Listing")
        yield number, _term("listing_of"), node
        yield number, _term("authority"), body
        yield number, _term("list"), on_list
        yield number, _STATUS, _ENDED if ended else _ASSERTED
        yield (
            number,
            _term("content_hash"),
            Literal(digest(state, repr((listing.programmes, *listing.measures, listing.date, listing.date_end)))),
        )
        for programme in listing.programmes:
            yield number, _term("programme"), Literal(programme)
        for measure in listing.measures:
            yield number, _term("measure"), Literal(measure)
        if listing.date:
            yield number, _DATE, date_literal(listing.date)
        if listing.date_end:
            yield number, _DATE_END, date_literal(listing.date_end)
        if listing.reason:
            yield number, _term("listing_reason"), Literal(listing.reason)
        self._listings.append(number.value)
        row = listing.row or Row(self._source.files[0].name, 0, "")
        evidence, new = self._evidence(row)
        yield from new
        yield number, _EVIDENCE, evidence
        dates = {"date": listing.date, "date_end": listing.date_end, "ended": ended, "key": listing.key}
        yield from self._fact(Fact("listed_by", _Ready(body), row, **dates), node)  # type: ignore[arg-type]
        yield from self._fact(Fact("listed_on", _Ready(on_list), row, **dates), node)  # type: ignore[arg-type]
        for law in listing.legal_basis:
            basis, new_basis = self._name(Named(EntityType.LEGAL_INSTRUMENT, law))
            yield from new_basis
            yield number, _term("legal_basis"), basis
            yield from self._fact(Fact("listed_under", _Ready(basis), row, **dates), node)  # type: ignore[arg-type]
        if listing.reason:
            yield from self._fact(Fact("listed_for", listing.reason, row, **dates), node)  # type: ignore[arg-type]

    def _has_ended(self, end: str | None) -> bool:
        """An end before the list's own date; one that lies ahead (a denial until 2056) has not come yet."""
        version = self.version
        return end is not None and version is not None and end < version[: len(end)]

    def _fact(self, fact: Fact, node: NamedNode) -> Iterator[tuple[NamedNode, NamedNode, _Object]]:
        target: _Object
        if isinstance(fact.target, str):
            target = Literal(fact.target)
        elif isinstance(fact.target, Named):
            target, new = self._name(fact.target)
            yield from new
        elif isinstance(fact.target, _Ready):
            target = fact.target.node
        else:
            target = self._other(fact.target.entry)
        ended = fact.ended or self._has_ended(fact.date_end)
        predicate = _term(fact.predicate)
        qualifiers = "|".join(f"{key}={value}" for key, value in fact.qualifiers)
        parts = ("list", self._dataset, node.value, fact.predicate, str(target), fact.date or "", qualifiers)
        claim = NamedNode(claim_iri(*parts, fact.key) if fact.key else claim_iri(*parts))
        if not fact.date:
            self._undated[claim.value] = None
        evidence, new_evidence = self._evidence(fact.row)
        yield from new_evidence
        if not ended:
            yield node, predicate, target
        yield claim, _TYPE, _CLAIM
        yield claim, _SUBJECT, node
        yield claim, _PREDICATE, predicate
        yield claim, _OBJECT, target
        yield claim, _STATUS, _ENDED if ended else _ASSERTED
        yield claim, _CONFIDENCE, _ONE
        yield claim, _RULE, self._rule
        yield claim, _EVIDENCE, evidence
        yield claim, _DERIVED, self._graph
        if fact.date:
            yield claim, _DATE, date_literal(fact.date)
        if fact.date_end:
            yield claim, _DATE_END, date_literal(fact.date_end)
        for key in ("percent", "percent_min", "percent_max"):
            number = getattr(fact, key)
            if number is not None:
                yield claim, _term(key), decimal_literal(number)
        if fact.percent_bounds:
            yield claim, _term("percent_bounds"), Literal(fact.percent_bounds)
        for key, text in fact.qualifiers:
            yield claim, _term(key), Literal(text)

    def _name(self, named: Named) -> tuple[NamedNode, list[tuple[NamedNode, NamedNode, _Object]]]:
        """The node of a thing known by name, and what must be said of it: nothing after the first time."""
        node = _entity(named.type, named.name)
        key = (named.type, named.name)
        if key in self._named:
            return node, []
        self._named.add(key)
        said: list[tuple[NamedNode, NamedNode, _Object]] = [
            (node, _TYPE, _term(named.type)),
            (node, _LABEL, Literal(named.name)),
        ]
        if folded := name_key(named.name):
            said.append((node, _NAME_KEY, Literal(folded)))
        return node, said

    def _evidence(self, row: Row) -> tuple[NamedNode, list[tuple[NamedNode, NamedNode, _Object]]]:
        """The node of a source row, and what must be said of it: nothing after the first time."""
        key = (row.file, row.number)
        known = self._rows.get(key)
        if known is not None:
            return known, []
        node = NamedNode(f"{RESOURCE}evidence/{digest('row', self._dataset, row.file, str(row.number), row.text)}")
        if len(self._rows) > 200_000:  # rows come in order: an old one is not asked for again
            self._rows.clear()
        self._rows[key] = node
        return node, [
            (node, _TYPE, _EVIDENCE_CLASS),
            (node, _EXACT, Literal(row.text)),
            (node, _SOURCE, self._graph),
            (node, _FILE, Literal(row.file)),
            (node, _ROW, Literal(str(row.number), datatype=_INTEGER)),
        ]


class _Ready:
    """A target whose node is already at hand."""

    __slots__ = ("node",)

    def __init__(self, node: NamedNode) -> None:
        self.node = node


@lru_cache(maxsize=1 << 16)
def _listed(dataset: str, entry: str) -> NamedNode:
    return NamedNode(listed_iri(dataset, entry))


@lru_cache(maxsize=1 << 14)
def _entity(kind: str, name: str) -> NamedNode:
    return NamedNode(entity_iri(kind, name))


def listing_iri(dataset: str, entity: str, listing: Listing) -> str:
    """The IRI of a designation: the entity, the authority and the list; the record's own id where it has one."""
    return f"{RESOURCE}listing/{digest('listing', dataset, entity, listing.authority, listing.list, listing.key)}"


def entry_hash(entry: Entry) -> str:
    """Hexadecimal digits that change with what the entry says, not with where in the file it stands."""
    facts = sorted((fact.predicate, _target_text(fact), fact.qualifiers) for fact in entry.facts)
    numbers = sorted((item.scheme, item.value, item.issuer) for item in entry.identifiers)
    return digest(entry.type, entry.name, repr(entry.names), repr(sorted(entry.attributes)), repr(numbers), repr(facts))


def _target_text(fact: Fact) -> str:
    if isinstance(fact.target, Listed):
        return f"entry {fact.target.entry}"
    return fact.target.name if isinstance(fact.target, Named) else str(fact.target)
