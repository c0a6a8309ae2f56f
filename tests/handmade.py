"""A small graph made by hand from model objects: three texts, one list-like source, and a cluster of two nodes."""

# ruff: noqa: E501 - one claim a line reads best
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyoxigraph import NamedNode, Quad

from kg.model import Claim, Document, Entity, EntityType, Evidence, Extraction, Status
from kg.namespaces import RESOURCE, document_iri, entity_iri, expand
from kg.rdf import serialize as triples
from kg.store import Store

PERSON, COMPANY, BODY, COUNTRY, LIST, ORDER = (
    EntityType.PERSON,
    EntityType.COMPANY,
    EntityType.GOVERNMENT_BODY,
    EntityType.COUNTRY,
    EntityType.LIST,
    EntityType.LEGAL_INSTRUMENT,
)

ENTITIES = {
    "cam": Entity("cam", COMPANY, "Kamera Digital Technology", ("Kamera Digital Technology", "Kamera")),
    "kamera2": Entity("kamera2", COMPANY, "Kamera Digital Tech Company", ("Kamera Digital Tech Company",)),
    "shop": Entity("shop", COMPANY, "Kamera Foods", ("Kamera Foods", "Kamera")),
    "bureau": Entity("bureau", BODY, "Commerce Department", ("Commerce Department",)),
    "tres": Entity("tres", BODY, "Treasury", ("Treasury", "US Treasury")),
    "list": Entity("list", LIST, "Entity List", ("Entity List",)),
    "order": Entity("order", ORDER, "Executive Order 13224", ("Executive Order 13224",)),
    "chen": Entity("chen", PERSON, "Cuen Zhì", ("Cuen Zhì",)),
    "hold": Entity("hold", COMPANY, "Example Holding Co., Ltd.", ("Example Holding Co., Ltd.",)),
    "bank": Entity("bank", COMPANY, "Blau Bank", ("Blau Bank",)),
    "min": Entity("min", BODY, "Foreign Ministry", ("Foreign Ministry",)),
    "geng": Entity("geng", PERSON, "Geng Example", ("Geng Example",)),
    "land": Entity("land", COUNTRY, "Farland", ("Farland",)),
}

DOCUMENTS: list[tuple[Document, list[tuple[str, str, str, str, dict[str, Any]]]]] = [
    (
        Document("one", "", "First report", "2019-10-08", "https://example.org/one"),
        [
            ("cam", "listed_by", "bureau", "The Commerce Department added Kamera to the Entity List.", {"date": "2019-10-07"}),
            ("cam", "listed_on", "list", "The Commerce Department added Kamera to the Entity List.", {"date": "2019-10-07"}),
            ("cam", "listed_for", "~abuses", "Kamera was put there for abuses.", {}),
            ("geng", "spokesman_for", "min", "Geng Example speaks for the Foreign Ministry.", {"confidence": 0.9}),
            ("cam", "implicated_in", "~abuses", "Geng Example denied any abuses.", {"status": Status.DENIED, "claimant": "geng"}),
            ("chen", "leader_of", "cam", "Cuen Zhì heads Kamera.", {"confidence": 0.8}),
            ("cam", "owned_by", "hold", "Example Holding owns 51 percent of Kamera.", {"percent": 51.0, "confidence": 0.9}),
        ],
    ),
    (
        Document("two", "", "Second report", "2020-03-01"),
        [
            ("kamera2", "owned_by", "hold", "Example Holding has 40 percent of Kamera.", {"percent": 40.0}),
            ("kamera2", "owned_by", "bank", "Blau Bank is said to hold a share.", {"status": Status.ALLEGED, "confidence": 0.5}),
            ("hold", "listed_by", "tres", "Treasury designated the holding in 2020.", {"date": "2020-02"}),
            ("hold", "listed_under", "order", "Treasury designated the holding in 2020.", {}),
            ("chen", "officer_of", "bank", "Cuen Zhì was a director of Blau Bank.", {"status": Status.ENDED, "date": "2020"}),
            ("chen", "leader_of", "cam", "Cuen Zhì, who leads Kamera, spoke.", {}),
            ("bank", "located_in", "land", "Blau Bank is in Farland.", {}),
            ("hold", "located_in", "land", "The holding sits in Farland.", {}),
        ],
    ),
    (
        Document("three", "", "Third report", "2021-06-30"),
        [
            ("cam", "delisted_by", "bureau", "Kamera was taken off the list.", {"date": "2021-06"}),
            ("bank", "listed_by", "tres", "Treasury designated Blau Bank.", {"date": "2021-06-30"}),
            ("chen", "accuses", "bank", "Cuen Zhì accused Blau Bank.", {"claimant": "chen"}),
        ],
    ),
]  # fmt: skip


def extractions() -> list[Extraction]:
    return [_extraction(document, said) for document, said in DOCUMENTS]


def _extraction(document: Document, said: list[tuple[str, str, str, str, dict[str, Any]]]) -> Extraction:
    text = " ".join(dict.fromkeys(quote for *_, quote, _ in said))
    claims = []
    for subject, predicate, target, quote, more in said:
        start = text.index(quote)
        claims.append(
            Claim(
                subject,
                predicate,
                target.removeprefix("~"),
                Evidence(start, start + len(quote), quote),
                object_text=target.startswith("~"),
                rule="hand/made",
                **more,
            )
        )
    used = {name for claim in claims for name in (claim.subject, claim.object, claim.claimant) if name in ENTITIES}
    told = Document(document.id, text, document.title, document.date, document.url)
    return Extraction(told, tuple(entity for key, entity in ENTITIES.items() if key in used), tuple(claims))


def iri(key: str) -> str:
    return entity_iri(ENTITIES[key].type, ENTITIES[key].name)


def fill(store: Store) -> None:
    """The three texts, the cluster kamera2 = cam, and a second company called Kamera."""
    graphs: dict[str, Iterable[Quad]] = {
        document_iri(extraction.document.id): list(triples.quads(extraction)) for extraction in extractions()
    }
    resolution = RESOURCE + "graph/resolution"
    same = Quad(
        NamedNode(iri("kamera2")), NamedNode(expand("kg:canonical")), NamedNode(iri("cam")), NamedNode(resolution)
    )
    shop = Extraction(Document("shop", "Kamera Foods sells food."), (ENTITIES["shop"],))
    store.replace_graphs({**graphs, resolution: [same], document_iri("shop"): list(triples.quads(shop))})
