"""A number or code -> the listed entities that bear it: IMO, MMSI, passports, tax numbers, LEI, BIC, wallets, tails.

A number is compared by its letters and digits alone. One given with its scheme meets the numbers of that scheme and
of those that lists confuse with it; one given alone meets any. Its check digit is tested where the scheme has one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kg.lists.identifiers import SCHEMES, compact, valid
from kg.matching.evidence import number_key
from kg.matching.names import columns

_SHORTEST: Final = 5  # letters and digits; shorter ones are borne by many
#: Schemes that lists write for one another.
_ALIKE: Final = (
    frozenset({"passport", "national_id", "other_id"}),
    frozenset({"tax_number", "inn", "registration_number", "ogrn", "uscc", "okpo", "other_id", "national_id", "duns"}),
    frozenset({"imo", "imo_company"}),
    frozenset({"tail_number", "former_tail_number"}),
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was asked for: its scheme or empty, its bare form, and whether its check digit holds."""

    scheme: str
    value: str
    valid: bool | None

    @property
    def told(self) -> str:
        """The number with its scheme, and a warning where it cannot be one."""
        warning = " (its check digit is wrong)" if self.valid is False else ""
        return f"{self.scheme} {self.value}{warning}".strip()


def number(text: str) -> Number:
    """Return the number of `SCHEME:VALUE` or of a bare value, whose scheme is told where one alone has a check for it.

    >>> number("imo:9187629").valid, number("imo: 9187628").valid, number("IMO 9187629").scheme
    (True, False, 'imo')
    """
    scheme, colon, value = text.strip().partition(":")
    scheme = scheme.strip().lower().replace(" ", "_").replace("-", "_")
    if not colon or (scheme not in SCHEMES and scheme not in columns()):
        first, _, rest = text.strip().partition(" ")
        known = first.lower() in SCHEMES and bool(rest)
        scheme, value = (first.lower(), rest) if known else ("", text)
    if scheme:
        bare = compact(scheme, value)
        return Number(scheme, bare, valid(scheme, bare))
    fitting = [name for name in SCHEMES if valid(name, compact(name, value))]
    only = fitting[0] if len(fitting) == 1 else ""
    return Number(only, compact(only, value) if only else value.strip(), True if only else None)


class NumberIndex:
    """The numbers of all listed entities, by their letters and digits."""

    def __init__(self, numbers: Iterable[tuple[str, str, int]]) -> None:
        self._by_key: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for scheme, value, owner in numbers:
            key = _key(scheme, value)
            if len(key) >= _SHORTEST and (scheme, owner) not in self._by_key[key]:
                self._by_key[key].append((scheme, owner))

    def find(self, asked: Number) -> list[tuple[int, str]]:
        """Return (owner, scheme on the list) of those that bear the number, in the order of the owners."""
        keys = [_key(asked.scheme, asked.value)]
        if not asked.scheme:
            keys.append(_key("crypto_address", asked.value))
        found: dict[int, str] = {}
        for key in keys:
            for scheme, owner in self._by_key.get(key, ()) if len(key) >= _SHORTEST else ():
                if _may_be(asked.scheme, scheme):
                    found.setdefault(owner, scheme)
        return sorted(found.items())


def _key(scheme: str, value: str) -> str:
    """Wallets keep their case, which tells two apart; a BIC's branch XXX is the head office."""
    if scheme == "crypto_address":
        return value.strip().lower() if value.strip().lower().startswith(("0x", "bc1", "ltc1")) else value.strip()
    key = number_key(compact(scheme, value) if scheme else value)
    return key[:8] if scheme == "bic" and len(key) == 11 and key.endswith("XXX") else key


def _may_be(asked: str, listed: str) -> bool:
    return not asked or asked == listed or any(asked in group and listed in group for group in _ALIKE)
