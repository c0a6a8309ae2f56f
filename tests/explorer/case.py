"""The small graph that the browser tests click through: two articles and a register, written for the tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from pyoxigraph import Quad

from kg.model import Claim, Document, Entity, EntityType, Evidence, Extraction, Status
from kg.network.build import Network, network
from kg.rdf import serialize as triples

T = EntityType
ENTITIES = {
    "hik": Entity(
        "hik",
        T.COMPANY,
        "Hangzhou Hikvision Digital Technology",
        ("Hikvision", "HIK Vision"),
        attributes=(("registration_number", "91330000733796106P"),),
    ),
    "commerce": Entity("commerce", T.GOVERNMENT_BODY, "Commerce Department"),
    "treasury": Entity("treasury", T.GOVERNMENT_BODY, "Treasury Department"),
    "list": Entity("list", T.LIST, "Entity List"),
    "order": Entity("order", T.LEGAL_INSTRUMENT, "Executive Order 13936"),
    "optics": Entity("optics", T.COMPANY, "Kestrel Optics"),
    "lens": Entity("lens", T.COMPANY, "Kestrel Lens Works"),
    "ship": Entity("ship", T.VESSEL, "MV Larkspur", attributes=(("imo", "9187629"),)),
    "plane": Entity("plane", T.AIRCRAFT, "B-0099"),
    "wu": Entity("wu", T.PERSON, "Wu Lian", ("吴莲",)),
    "bell": Entity("bell", T.PERSON, "Peter Behl"),
    "bank": Entity("bank", T.COMPANY, "Harbour Bank"),
    "megvii": Entity("megvii", T.COMPANY, "Megvii Technology", ("Megvii",)),
    "hk": Entity("hk", T.PLACE, "Hong Kong"),
    "land": Entity("land", T.COUNTRY, "Farland"),
    "ngo": Entity("ngo", T.ORGANIZATION, "Watch on Farland"),
    "lonely": Entity("lonely", T.ORGANIZATION, "Lonely Society"),
}

DOCUMENTS: list[tuple[Document, list[tuple[str, str, str, str, dict[str, Any]]]]] = [
    (
        Document(
            "article",
            "",
            "Eight firms blacklisted",
            "2019-10-08",
            "https://example.org/article",
            "article.txt",
            (("publisher", "Example Times"),),
        ),
        [
            (
                "hik",
                "listed_by",
                "commerce",
                "The Commerce Department added Hikvision to the Entity List on Monday.",
                {"date": "2019-10-07", "confidence": 0.94, "rule": "listing.passive"},
            ),
            (
                "hik",
                "listed_on",
                "list",
                "The Commerce Department added Hikvision to the Entity List on Monday.",
                {"date": "2019-10-07", "confidence": 0.92},
            ),
            (
                "hik",
                "listed_for",
                "~surveillance of minorities",
                "It was put there for surveillance of minorities.",
                {"confidence": 0.8},
            ),
            (
                "megvii",
                "listed_by",
                "commerce",
                "Megvii Technology was blacklisted as well.",
                {"date": "2019-10-07", "confidence": 0.9},
            ),
            (
                "megvii",
                "planned_IPO",
                "hk",
                "Megvii Technology is to aim at 1 billion dollars in a Hong Kong offering.",
                {"status": Status.PLANNED, "amount": "$1 billion", "confidence": 0.7},
            ),
            ("wu", "leader_of", "hik", "Wu Lian heads Hikvision.", {"confidence": 0.85}),
            (
                "bell",
                "spokesman_for",
                "commerce",
                "Peter Behl spoke for the Commerce Department.",
                {"confidence": 0.97},
            ),
            (
                "optics",
                "supplies",
                "ngo",
                "Kestrel Optics is said to supply Watch on Farland.",
                {"status": Status.ALLEGED, "claimant": "bell", "confidence": 0.4},
            ),
        ],
    ),
    (
        Document("older", "", "Who owns Kestrel", "2016-03-01", "https://example.org/older", "older.txt"),
        [
            (
                "optics",
                "owned_by",
                "hik",
                "Hikvision owns 80 percent of Kestrel Optics.",
                {"percent": 80.0, "date": "2015-06", "confidence": 0.9},
            ),
            (
                "lens",
                "owned_by",
                "optics",
                "Kestrel Lens Works belongs to Kestrel Optics.",
                {"date": "2014", "confidence": 0.88},
            ),
            (
                "ship",
                "owned_by",
                "lens",
                "The MV Larkspur is owned by Kestrel Lens Works.",
                {"date": "2015-01-10", "confidence": 0.82},
            ),
            ("ship", "flagged_in", "land", "The MV Larkspur flies the flag of Farland.", {"confidence": 0.8}),
            (
                "wu",
                "officer_of",
                "bank",
                "Wu Lian was once a director of Harbour Bank.",
                {"status": Status.ENDED, "date": "2013-01-01", "confidence": 0.75},
            ),
            (
                "bank",
                "funds",
                "optics",
                "Harbour Bank paid for Kestrel Optics.",
                {"date": "2016-01-15", "confidence": 0.66},
            ),
            (
                "bank",
                "funds",
                "optics",
                "In February Harbour Bank paid Kestrel Optics again.",
                {"date": "2016-02-15", "confidence": 0.7},
            ),
            ("plane", "located_in", "land", "B-0099 stands in Farland.", {"confidence": 0.6}),
            ("wu", "relative_of", "bell", "Wu Lian and Peter Behl are cousins.", {"confidence": 0.55}),
        ],
    ),
    (
        Document("reply", "", "The bank replies", "2020-02-02", "javascript:alert(1)", "reply.txt"),
        [
            (
                "bank",
                "funds",
                "optics",
                "Harbour Bank never paid Kestrel Optics, its chairman said.",
                {"status": Status.DENIED, "claimant": "bank", "date": "2020-02-01", "confidence": 0.83},
            ),
            (
                "ngo",
                "supports",
                "wu",
                "Watch on Farland denied that it supports Wu Lian.",
                {"status": Status.DENIED, "claimant": "ngo", "confidence": 0.77},
            ),
            (
                "bank",
                "listed_by",
                "treasury",
                "Treasury designated Harbour Bank in January 2020.",
                {"date": "2020-01-20", "confidence": 0.95},
            ),
            (
                "bank",
                "listed_under",
                "order",
                "Treasury designated Harbour Bank under Executive Order 13936.",
                {"date": "2020-01-20", "confidence": 0.95},
            ),
            ("wu", "citizen_of", "land", "Wu Lian is a citizen of Farland.", {"confidence": 0.9}),
        ],
    ),
]


def extractions() -> Iterator[Extraction]:
    """One extraction a document; the lonely society is mentioned in the first."""
    for number, (document, rows) in enumerate(DOCUMENTS):
        yield extraction(document, rows, ENTITIES, guests=("lonely",) if number == 0 else ())


def extraction(
    document: Document,
    rows: Iterable[tuple[str, str, str, str, dict[str, Any]]],
    entities: dict[str, Entity],
    guests: Iterable[str] = (),
) -> Extraction:
    """An extraction from rows of subject, predicate, object (`~` before a text), sentence and the rest of a claim."""
    starts: dict[str, int] = {}
    text = ""
    claims = []
    used: dict[str, None] = dict.fromkeys(guests)
    for subject, predicate, target, sentence, more in rows:
        if sentence not in starts:
            starts[sentence] = len(text)
            text += sentence + " "
        literal = target.startswith("~")
        used.update(dict.fromkeys([subject, *([] if literal else [target]), *filter(None, [more.get("claimant")])]))
        evidence = Evidence(starts[sentence], starts[sentence] + len(sentence), sentence)
        claims.append(Claim(subject, predicate, target.removeprefix("~"), evidence, object_text=literal, **more))
    document = Document(document.id, text, document.title, document.date, document.url, document.source, document.meta)
    return Extraction(document, tuple(entities[key] for key in used), tuple(claims))


def quads() -> Iterator[Quad]:
    """All quads of the case."""
    for each in extractions():
        yield from triples.quads(each)


def graph() -> Network:
    """The network of the case."""
    return network(quads())


def by_graph(source: Iterable[Quad]) -> dict[str, list[Quad]]:
    """Quads under the IRI of their graph, as `Store.replace_graphs` takes them."""
    graphs: dict[str, list[Quad]] = defaultdict(list)
    for quad in source:
        graphs[quad.graph_name.value].append(quad)
    return dict(graphs)
