"""Claim record: a claim node read back from the graph, with its quotation, as one record of strings.

The network and the tables of the exports are made from it. Every value is the text that stands in the graph; where a
property that should stand once stands twice, the first in the order of texts counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.namespaces import ONTOLOGY, expand

Value = NamedNode | Literal | BlankNode | Triple
#: Node -> property -> values.
Index = Mapping[str, Mapping[str, Collection[Value]]]

_SELECTED: Final = {
    "quote": "oa:exact",
    "prefix": "oa:prefix",
    "suffix": "oa:suffix",
    "start": "oa:start",
    "end": "oa:end",
    "row": "kg:source_row",
}


@dataclass(frozen=True, slots=True)
class ClaimTexts:
    """A claim: `object` is an IRI, or a text where `literal`; predicate, status and corroboration are local names.

    What is not told is empty. `start` and `end` are character offsets of `quote` in its document, `row` the number of
    the row of an official list.
    """

    subject: str
    predicate: str
    object: str
    literal: bool
    status: str
    source: str
    claimant: str
    date: str
    date_end: str
    percent: str
    percent_min: str
    percent_max: str
    amount: str
    confidence: str
    rule: str
    corroboration: str
    quote: str
    prefix: str
    suffix: str
    start: str
    end: str
    row: str


_PLAIN: Final = (
    "subject",
    "claimant",
    "date",
    "date_end",
    "percent",
    "percent_min",
    "percent_max",
    "amount",
    "confidence",
    "rule",
)


def claim_texts(index: Index, iri: str) -> ClaimTexts:
    """The claim of that IRI, read from everything that stands on it, its evidence and the selectors of that."""
    values = index[iri]
    targets = sorted(values.get(expand("kg:object"), ()), key=str)
    target = targets[0] if targets else None
    return ClaimTexts(
        predicate=text(values, "kg:predicate").removeprefix(ONTOLOGY),
        object=plain(target) if target is not None else "",
        literal=target is not None and not isinstance(target, NamedNode),
        status=text(values, "kg:status").removeprefix(ONTOLOGY),
        source=text(values, "prov:wasDerivedFrom"),
        corroboration=text(values, "kg:corroboration").removeprefix(ONTOLOGY),
        **{name: text(values, f"kg:{name}") for name in _PLAIN},
        **_selected(index, text(values, "kg:evidence")),
    )


def _selected(index: Index, evidence: str) -> dict[str, str]:
    """The quotation of an evidence node and its place; the selectors may be on it or beside it."""
    own = index.get(evidence, {})
    places = [own, *(index.get(iri, {}) for iri in texts(own, "oa:hasSelector"))]
    return {
        name: next((found for place in places if (found := text(place, curie))), "")
        for name, curie in _SELECTED.items()
    }


def texts(values: Mapping[str, Collection[Value]], *curies: str) -> list[str]:
    """The values of these properties as texts, in order."""
    return sorted(plain(value) for curie in curies for value in values.get(expand(curie), ()))


def text(values: Mapping[str, Collection[Value]], curie: str) -> str:
    """The first value of a property, or an empty text."""
    found = values.get(expand(curie), ())
    return min(map(plain, found), default="")


def plain(value: Value) -> str:
    """A term without its marks: the IRI, the literal's form, the node's label."""
    return value.value if isinstance(value, NamedNode | Literal | BlankNode) else str(value)
