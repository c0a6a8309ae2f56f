"""Made-up extractions for tests and benchmarks: the same size and seed give the same graph, and no text is real."""

from __future__ import annotations

import random
from collections.abc import Iterator

from pyoxigraph import Quad

from kg.model import Claim, Document, Entity, EntityType, Evidence, Extraction, Status
from kg.rdf.serialize import quads

_STEMS = (
    "Alder Basalt Cobalt Dunmore Elburz Fenwick Garnet Halcyon Istria Juniper Kestrel Larch Meridian Norwood".split()
)
_TRADES = "Shipping Holdings Trading Petroleum Electronics Metals Logistics Aviation Chemicals Marine".split()
_GIVEN = "Amir Boris Clara Dmitri Elena Farid Grace Hassan Irina Jun Karim Lena Marek Nadia Oleg Petra".split()
_FAMILY = "Abbasov Berg Castell Dovar Emrani Fisker Gorin Halabi Ivanko Jansma Karimi Lindqvist Moradi Novik".split()

_RELATIONS = {
    (EntityType.PERSON, EntityType.COMPANY): ("leader_of", "officer_of", "founder_of", "acts_for", "employee_of"),
    (EntityType.COMPANY, EntityType.COMPANY): ("owned_by", "subsidiary_of", "supplies", "controlled_by", "funds"),
    (EntityType.COMPANY, EntityType.PERSON): ("owned_by", "controlled_by"),
    (EntityType.VESSEL, EntityType.COMPANY): ("owned_by", "controlled_by"),
    (EntityType.PERSON, EntityType.PERSON): ("relative_of", "associated_with"),
    (EntityType.PERSON, EntityType.COUNTRY): ("citizen_of",),
    (EntityType.COMPANY, EntityType.COUNTRY): ("located_in",),
    (EntityType.PERSON, EntityType.ORGANIZATION): ("member_of", "supports"),
}


def synthetic(size: int, *, seed: int = 7) -> list[Extraction]:
    """Extractions of about `size` entities in all, about 1.7 claims an entity, forty entities a document."""
    rng = random.Random(seed)
    authorities = [
        Entity("a1", EntityType.GOVERNMENT_BODY, "Office of Listings"),
        Entity("a2", EntityType.GOVERNMENT_BODY, "Council for Trade Controls"),
        Entity("l1", EntityType.LIST, "Restricted Parties List"),
        Entity("o1", EntityType.LEGAL_INSTRUMENT, "Order 1199"),
    ]
    countries = [Entity(f"c{i}", EntityType.COUNTRY, name) for i, name in enumerate(("Norlandia", "Estmark", "Tavira"))]
    pool = [_entity(number, rng) for number in range(size - len(authorities) - len(countries))]
    extractions = []
    for number, first in enumerate(range(0, max(len(pool), 1), 40)):
        own = pool[first : first + 40]
        guests = rng.sample(pool[:first], min(3, first)) if first else []
        extractions.append(_extraction(number, [*own, *guests], authorities, countries, rng))
    return extractions


def synthetic_quads(size: int, *, seed: int = 7) -> Iterator[Quad]:
    """The quads of `synthetic(size)`."""
    for extraction in synthetic(size, seed=seed):
        yield from quads(extraction)


def _entity(number: int, rng: random.Random) -> Entity:
    kind = rng.choices(
        (EntityType.COMPANY, EntityType.PERSON, EntityType.VESSEL, EntityType.ORGANIZATION, EntityType.AIRCRAFT),
        (50, 32, 8, 8, 2),
    )[0]
    if kind == EntityType.PERSON:
        name = f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)} {_roman(number)}"
    elif kind in (EntityType.VESSEL, EntityType.AIRCRAFT):
        name = f"{rng.choice(_STEMS).upper()} {number}"
    else:
        name = f"{rng.choice(_STEMS)} {rng.choice(_TRADES)} {number}"
    names = (name, name.upper()) if number % 9 == 0 else (name,)
    attributes = (("imo", f"{9000000 + number}"),) if kind == EntityType.VESSEL else ()
    return Entity(f"e{number}", kind, name, names=names, attributes=attributes)


def _extraction(
    number: int, own: list[Entity], authorities: list[Entity], countries: list[Entity], rng: random.Random
) -> Extraction:
    year = 2012 + number % 11
    lines: list[str] = []
    claims: list[Claim] = []
    length = 0

    def say(subject: Entity, predicate: str, target: Entity | str, sentence: str, **more: object) -> None:
        nonlocal length
        start = length
        lines.append(sentence)
        length += len(sentence) + 1
        literal = isinstance(target, str)
        claims.append(
            Claim(
                subject.id,
                predicate,
                target if isinstance(target, str) else target.id,
                Evidence(start, start + len(sentence), sentence),
                object_text=literal,
                confidence=round(0.55 + rng.random() * 0.45, 2),
                rule=f"synthetic.{predicate}",
                **more,  # type: ignore[arg-type]
            )
        )

    for place, entity in enumerate(own):
        date = f"{year}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        if place and rng.random() < 0.92:
            other = own[int(place * rng.random() ** 2)]
            kinds = _RELATIONS.get((entity.type, other.type)) or ("associated_with",)
            predicate = rng.choice(kinds)
            status = rng.choices(tuple(Status), (82, 8, 3, 3, 4))[0]
            percent = float(rng.randint(5, 100)) if predicate == "owned_by" else None
            claimant = rng.choice(authorities[:2]).id if status in (Status.ALLEGED, Status.DENIED) else None
            sentence = (
                f"According to the register, {entity.name} is recorded as {predicate.replace('_', ' ')} {other.name}."
            )
            say(entity, predicate, other, sentence, status=status, date=date, percent=percent, claimant=claimant)
        if rng.random() < 0.3:
            authority = authorities[rng.randrange(2)]
            say(entity, "listed_by", authority, f"{authority.name} designated {entity.name} on {date}.", date=date)
            if rng.random() < 0.5:
                say(
                    entity, "listed_under", authorities[3], f"{entity.name} was designated under Order 1199.", date=date
                )
            if rng.random() < 0.4:
                say(entity, "listed_for", "evading controls", f"{entity.name} was designated for evading controls.")
        if rng.random() < 0.25 and entity.type in (EntityType.COMPANY, EntityType.PERSON):
            country = rng.choice(countries)
            predicate = "located_in" if entity.type == EntityType.COMPANY else "citizen_of"
            say(entity, predicate, country, f"{entity.name} is tied to {country.name}.")
    document = Document(
        id=f"bulletin-{number:04d}",
        text=" ".join(lines),
        title=f"Bulletin {number + 1} of {year}",
        date=f"{year}-12-31",
        url=f"https://example.org/bulletins/{number + 1}",
        source=f"bulletin-{number:04d}.txt",
        meta=(("publisher", "Example Gazette"),),
    )
    return Extraction(document, (*own, *authorities, *countries), tuple(claims))


def _roman(number: int) -> str:
    digits = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text, rest = "", number + 1
    for value, letters in digits:
        text += letters * (rest // value)
        rest %= value
    return text
