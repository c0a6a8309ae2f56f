"""A small extraction with one of everything, and hypothesis strategies for any other: hostile strings included."""

# ruff: noqa: E501 - one entity or claim a line reads best
from __future__ import annotations

from typing import Final

from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kg.model import Claim, Document, Entity, EntityType, Evidence, Extraction, Mention, Status
from kg.namespaces import document_iri

TEXT: Final = (
    "Ana Example said on Monday that Example Holding owns 51 percent of Example Shipyard, EXS for short.\n\n"
    "The ministry denied it. Example Shipyard was listed for smuggling crude oil."
)
GRAPH: Final = NamedNode(document_iri("sample"))


def _quote(words: str) -> Evidence:
    start = TEXT.index(words)
    return Evidence(start, start + len(words), words)


EXTRACTION: Final = Extraction(
    Document("sample", TEXT, "A sample", "2019-10-08", "https://example.org/sample", "sample.txt", (("publisher", "E"),)),
    (
        Entity("e1", EntityType.PERSON, "Ana Example", ("Ana Example",), (Mention(0, 11, "Ana Example"),), (("birth_date", "1961-04"),)),
        Entity("e2", EntityType.COMPANY, "Example Holding", ("Example Holding",), (Mention(32, 47, "Example Holding"),)),
        Entity("e3", EntityType.COMPANY, "Example Shipyard", ("EXS", "Example Shipyard"), (Mention(68, 84, "Example Shipyard"),)),
        Entity("e4", EntityType.GOVERNMENT_BODY, "The ministry", ("The ministry",)),
    ),
    (
        Claim("e3", "owned_by", "e2", _quote("Example Holding owns 51 percent of Example Shipyard"), date="2019-10-07",
              claimant="e1", percent=51.0, percent_min=50.0, percent_max=100.0, confidence=0.93, rule="ownership/owns"),
        Claim("e3", "owned_by", "e2", _quote("The ministry denied it."), status=Status.DENIED, claimant="e4", confidence=0.7, rule="x"),
        Claim("e3", "also_known_as", "EXS", _quote("EXS for short"), object_text=True, rule="alias/short"),
        Claim("e3", "listed_for", "smuggling crude oil", _quote("Example Shipyard was listed for smuggling crude oil."),
              object_text=True, date="2019", date_end="2020-01", amount="$1 million", confidence=0.5, rule="listing/for"),
        Claim("e3", "planned_IPO", "e4", _quote("The ministry"), status=Status.PLANNED, rule="ipo"),
    ),
)  # fmt: skip

HOSTILE: Final = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "+1-2",
    "-3",
    "@SUM(A1)",
    "\t=1",
    "\r\nX",
    'a"b""c',
    "a;b,c|d",
    "line\nbreak\r",
    "back\\slash",
    "\u202eevil\u202c",
    "\u0085\u2028\u2029",
    "\ufeffbom",
    "{{7*7}} ${x} `y`",
    "' OR 1=1 --",
    "\U0001f600 家",
    "]]>",
    "&amp;",
    "true",
    "01",
)

#: Text that XML, CSV and JSON can all hold: no surrogates and no control characters but tab and line ends.
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r"), min_size=1, max_size=24),
).filter(lambda text: text.strip() != "")
dates = st.sampled_from([None, "2019", "2019-10", "2019-10-07"])


@st.composite
def extractions(draw: st.DrawFn, *, texts: st.SearchStrategy[str] = texts) -> Extraction:
    """Any extraction of one document: entities and claims whose evidence is a span of its text."""
    from kg.namespaces import entity_iri

    body = draw(st.lists(texts, min_size=1, max_size=4).map(" ".join))
    named: dict[str, tuple[EntityType, str]] = {}
    for kind, name in draw(st.lists(st.tuples(st.sampled_from(EntityType), texts), min_size=1, max_size=4)):
        named.setdefault(entity_iri(kind, name), (kind, name))
    entities = tuple(
        Entity(f"e{i}", kind, name, tuple(sorted({name, *draw(st.lists(texts, max_size=2))})))
        for i, (kind, name) in enumerate(named.values())
    )
    ids = st.sampled_from([entity.id for entity in entities])
    percents = st.one_of(st.none(), st.sampled_from([0.0, 33.3333, 50.0, 51.0, 100.0]))
    claims = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(body) - 1))
        end = draw(st.integers(start + 1, len(body)))
        literal = draw(st.booleans())
        claims.append(
            Claim(
                draw(ids),
                draw(
                    st.sampled_from(["also_known_as", "listed_for"] if literal else ["owned_by", "listed_by", "meets"])
                ),
                draw(texts) if literal else draw(ids),
                Evidence(start, end, body[start:end]),
                object_text=literal,
                status=draw(st.sampled_from(Status)),
                date=draw(dates),
                date_end=draw(dates),
                claimant=draw(st.one_of(st.none(), ids)),
                percent=draw(percents),
                amount=draw(st.one_of(st.none(), texts)),
                confidence=draw(st.sampled_from([0.0, 0.25, 0.9999, 1.0])),
                rule=draw(texts),
            )
        )
    document = Document(draw(texts), body, draw(texts), draw(dates), draw(st.one_of(st.none(), texts)), draw(texts))
    return Extraction(document, entities, tuple(claims))
