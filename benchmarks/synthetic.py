"""A graph like the real ones in shape: claims about companies, people and ships, with quotations, from many documents.

`documents(claims)` gives Extractions; the same number gives the same graph. A few authorities and countries are hubs, as
in real lists; companies own each other in chains.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from kg.model import Claim, Document, Entity, EntityType, Evidence, Extraction

CLAIMS_A_DOCUMENT = 50
AUTHORITIES = ("Treasury", "Commerce Department", "European Union", "Foreign Office", "Security Council")
COUNTRIES = tuple(f"Country {number}" for number in range(60))
KINDS = (
    ("owned_by", EntityType.COMPANY, 4),
    ("leader_of", EntityType.PERSON, 2),
    ("located_in", EntityType.COMPANY, 2),
    ("listed_by", EntityType.COMPANY, 3),
    ("supports", EntityType.COMPANY, 2),
    ("associated_with", EntityType.PERSON, 1),
)


def documents(claims: int) -> Iterator[Extraction]:
    """Extractions with that many claims altogether; entities grow in number with the claims."""
    for number in range(claims // CLAIMS_A_DOCUMENT):
        yield _document(number, max(200, claims // 4))


def company(number: int) -> str:
    """The name of a company: no two share a word, so that a name leads to one of them."""
    return f"Trading House X{number:06d} Ltd."


def person(number: int) -> str:
    """The name of a person."""
    return f"Ivan Y{number:06d}"


def day_of(number: int) -> str:
    """The day on which a document was published: four a day, however many there are."""
    return (date(2010, 1, 1) + timedelta(days=number // 4)).isoformat()


def _document(number: int, entities: int) -> Extraction:
    chance = random.Random(number)
    names = [kind for kind, _, weight in KINDS for _ in range(weight)]
    types = {kind: type_ for kind, type_, _ in KINDS}
    sentences: list[str] = []
    claims: list[Claim] = []
    used: dict[str, Entity] = {}
    day = day_of(number)
    offset = 0

    def entity(name: str, kind: EntityType) -> str:
        used.setdefault(name, Entity(name, kind, name, (name,)))
        return name

    for _ in range(CLAIMS_A_DOCUMENT):
        predicate = chance.choice(names)
        index = chance.randrange(entities)
        kind = types[predicate]
        subject = entity(person(index) if kind == EntityType.PERSON else company(index), kind)
        if predicate == "listed_by":
            target = entity(chance.choice(AUTHORITIES), EntityType.GOVERNMENT_BODY)
        elif predicate == "located_in":
            target = entity(chance.choice(COUNTRIES), EntityType.COUNTRY)
        else:
            # owners stand in trees, as real holdings do; everything else ties anybody to anybody
            other = index // 3 if predicate == "owned_by" else chance.randrange(entities)
            target = entity(company(other if other != index else (index + 1) % entities), EntityType.COMPANY)
        sentence = f"{subject} {predicate.replace('_', ' ')} {target}, the report of {day} said."
        percent = float(chance.randrange(5, 100)) if predicate == "owned_by" else None
        evidence = Evidence(offset, offset + len(sentence), sentence)
        confidence = round(chance.uniform(0.5, 1), 2)
        claims.append(
            Claim(
                subject, predicate, target, evidence, date=day, percent=percent, confidence=confidence, rule="synthetic"
            )
        )
        sentences.append(sentence)
        offset += len(sentence) + 1
    document = Document(f"doc-{number}", " ".join(sentences), f"Report {number}", day)
    return Extraction(document, tuple(used.values()), tuple(claims))
