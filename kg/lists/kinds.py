"""An organisation's name -> Company, GovernmentBody or Organization, where the list itself does not say.

OFAC and the UN know individuals, vessels, aircraft and "entities" only. The words of the name decide, as
`ontology/reference/kinds.yaml` has them: a legal form or a trade makes a company, a word of the state a government
body; anything else stays an organisation.
"""

from __future__ import annotations

import re
from functools import cache

from kg.model import EntityType
from kg.reference import table


@cache
def _pattern(part: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(table('kinds')[part])})(?!\w)", re.IGNORECASE)


def organization_type(name: str) -> EntityType:
    """The type that the words of an organisation's name give it.

    >>> organization_type("MINISTRY OF DEFENSE").value, organization_type("MAHAN AIR").value
    ('GovernmentBody', 'Company')
    """
    if _pattern("form").search(name):
        return EntityType.COMPANY
    if _pattern("group").search(name):
        return EntityType.ORGANIZATION
    if _pattern("state").search(name):
        return EntityType.GOVERNMENT_BODY
    return EntityType.COMPANY if _pattern("trade").search(name) else EntityType.ORGANIZATION


def is_organized(name: str) -> bool:
    """Whether any word of the name belongs to an organisation rather than to a person."""
    return any(_pattern(part).search(name) for part in ("form", "group", "state", "trade"))


def natural_order(name: str) -> str:
    """A person's name with the given names first: "LOPEZ PALACIOS, Liliana" becomes "Liliana LOPEZ PALACIOS".

    >>> natural_order("LOPEZ PALACIOS, Liliana"), natural_order("PLATO")
    ('Liliana LOPEZ PALACIOS', 'PLATO')
    """
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() and "," not in given else name
