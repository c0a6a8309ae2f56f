"""One entry of a list in the making: what its record says, part by part, and then the whole of it.

Used by the importers whose lists share the usual parts: names of several qualities, addresses, documents, dates of
birth, citizenships, listings. Counts go to the tally; what is empty is left out.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from kg.lists.dates import date_range, listed_date
from kg.lists.identifiers import identifier
from kg.lists.kinds import natural_order, organization_type
from kg.lists.model import Entry, Fact, Identifier, Listing, Named, Row, Tally, Target
from kg.lists.places import birth_place, place
from kg.model import EntityType
from kg.reference import country, table

_WEAK: Final = "weak"


class Draft:
    """Collects the parts of one entry; `kind` None lets the words of the name decide between bodies."""

    def __init__(self, row: Row, tally: Tally, kind: EntityType | None = None) -> None:
        self.row = row
        self.kind = kind
        self._tally = tally
        self._names: list[str] = []
        self._aliases: list[Fact] = []
        self._facts: list[Fact] = []
        self._attributes: list[tuple[str, str]] = []
        self._identifiers: list[Identifier] = []
        self._listings: list[Listing] = []

    def name(
        self, text: str, *, weak: bool = False, former: bool = False, words: str = "alias", script: str = ""
    ) -> None:
        """Add a name; the first strong one is the entry's own, the others are aliases with their quality."""
        text = " ".join(text.split())
        if not text or any(text == known for known in self._names):
            return
        if not self._names and not weak and not former:
            self._names.append(text)
            return
        self._tally.count("aliases")
        quality = _WEAK if weak else "previous" if former else "good"
        qualifiers = [("alias_quality", quality), ("relation_text", words)]
        if script:
            qualifiers.append(("script", script))
        self._aliases.append(Fact("also_known_as", text, self.row, ended=former, qualifiers=tuple(qualifiers)))

    def attribute(self, key: str, value: str | None) -> None:
        """Add a property with its text."""
        if value and value.strip():
            self._attributes.append((key, value if key == "statement_of_reasons" else " ".join(value.split())))

    def birth_date(self, text: str) -> None:
        """Add a date of birth, whole, in part or as a range; what is no date is kept as text."""
        text = " ".join(text.split())
        if date := date_range(text) or listed_date(text):
            self._attributes.append(("birth_date", date))
        elif text:
            self._attributes.append(("birth_date_text", text))

    def place(self, predicate: str, text: str) -> None:
        """Add a country or place (`citizen_of`, `flagged_in`, `located_in`) by its name or code."""
        if text.strip():
            self.fact(predicate, place(text.strip()))

    def born_in(self, text: str) -> None:
        """Add a place of birth, the town first."""
        if text.strip(" ,"):
            self.fact("born_in", birth_place(text), ("address", text))

    def address(self, *parts: str, nation: str = "") -> None:
        """Add an address from its parts; `nation` is the country's name or code."""
        known = country(nation) if nation else None
        text = ", ".join(filter(None, (" ".join(part.split()) for part in (*parts, known or nation))))
        if not text:
            self._tally.leave_empty("addresses")
            return
        self._tally.count("addresses")
        town = next((part for part in reversed(parts) if part.strip()), "")
        target = place(known or nation or town)
        self.fact("located_in", target, ("address", text))

    def number(
        self, label: str, value: str, *, issuer: str = "", issued: str = "", expires: str = "", scheme: str = ""
    ) -> None:
        """Add a number or code under the scheme, or the one that the words of its label tell."""
        if not re.search(r"\w", value):
            return
        item = identifier(
            scheme or scheme_of(label),
            value,
            label=label,
            issuer=country(issuer) or issuer,
            issued=listed_date(issued),
            expires=listed_date(expires),
        )
        self._tally.count("identifiers")
        if item.valid is False:
            self._tally.invalid.append((self.row.file, self.row.number, f"{item.scheme} {item.value}"))
        self._identifiers.append(item)

    def fact(self, predicate: str, target: Target, *qualifiers: tuple[str, str]) -> None:
        """Add a relation."""
        self._facts.append(Fact(predicate, target, self.row, qualifiers=qualifiers))

    def related(self, predicate: str, name: str, words: str) -> None:
        """Add a relation to somebody whom the list knows by name alone."""
        if name.strip():
            self.fact(predicate, Named(organization_type(name), " ".join(name.split())), ("relation_text", words))

    def listing(self, listing: Listing) -> None:
        """Add a designation."""
        self._tally.count("designations")
        self._listings.append(listing)

    def parts(self) -> Entry:
        """Return what was collected as an entry without a number, for a list that makes its entries elsewhere."""
        return Entry(
            id="",
            type=self.kind or EntityType.ORGANIZATION,
            name="",
            row=self.row,
            identifiers=tuple(self._identifiers),
            facts=(*self._aliases, *self._facts),
        )

    def entry(self, number: str) -> Entry | None:
        """Return the whole entry; None, told to the tally, where it has no name or no number.

        Where the list gives weak names only, the first of them is the entry's own.
        """
        names = self._names or [str(fact.target) for fact in self._aliases[:1]]
        if not names or not number.strip():
            self._tally.skip(self.row, "no name or no number")
            return None
        name = names[0]
        aliases = [fact for fact in dict.fromkeys(self._aliases) if fact.target != name]
        spellings = {str(fact.target) for fact in aliases}
        kind = self.kind or organization_type(name)
        if kind == EntityType.PERSON:
            spellings |= {natural_order(text) for text in (name, *spellings)}
        self._tally.count("entries")
        return Entry(
            id=number.strip(),
            type=kind,
            name=name,
            row=self.row,
            names=tuple(sorted(spellings - {name})),
            attributes=tuple(dict.fromkeys(self._attributes)),
            identifiers=tuple(dict.fromkeys(self._identifiers)),
            listings=tuple(self._listings),
            facts=(*aliases, *dict.fromkeys(self._facts)),
        )


@cache
def scheme_of(label: str) -> str:
    """Return the scheme that the words of a label tell, `other_id` where they tell none.

    >>> scheme_of("National passport"), scheme_of("Tax Identification Number"), scheme_of("Party card")
    ('passport', 'tax_number', 'other_id')
    """
    for words, scheme in table("identifiers"):
        if re.search(words, label, re.IGNORECASE):
            return str(scheme)
    return "other_id"
