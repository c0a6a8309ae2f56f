"""A place as a list writes it -> the country or place that it names."""

from __future__ import annotations

from kg.lists.model import Named
from kg.model import EntityType
from kg.reference import country


def place(name: str) -> Named:
    """Return a country where the name is one, a place otherwise.

    >>> place("Russian Federation").name, place("Tobolsk").type.value
    ('Russia', 'Place')
    """
    known = country(name)
    return Named(EntityType.COUNTRY, known) if known else Named(EntityType.PLACE, name)


def birth_place(text: str) -> Named:
    """Return the town of "Dezful, Khuzestan, Iran", or the country where no town is given.

    The whole text belongs on the claim as its `address`.
    """
    first = text.split(",")[0].strip()
    return place(text) if country(text) else place(first or text)
