"""The UK's register of people with significant control (snapshot of Companies House, JSON lines) -> who controls what.

In: one person or body with control a line. Out: an entry for the controlled company (by its number; the snapshot has
no names of companies), one for the person or body, and a relation for each nature of control, with the bounds of its
percentage in words. The totals in the last line are checked against what was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from kg.errors import SourceError
from kg.lists import json_records
from kg.lists.dates import listed_date
from kg.lists.draft import Draft
from kg.lists.model import Entry, Fact, Head, Item, Listed, Row, Source, Tally, single
from kg.lists.shares import read_share
from kg.model import EntityType
from kg.reference import table

TITLE: Final = "United Kingdom, people with significant control: snapshot, JSON lines"
_PARTY: Final = re.compile(
    r"(individual|corporate-entity|legal-person)-(?:person-with-significant-control|beneficial-owner)"
)
_TOTALS: Final = "totals#persons-of-significant-control-snapshot"
_ADDRESS: Final = ("premises", "address_line_1", "address_line_2", "locality", "region", "postal_code")


def recognizes(head: Head) -> bool:
    """Whether the first lines hold a company's number and natures of control."""
    return {"company_number", "data", "kind"} <= head.keys and bool(
        {"natures_of_control", "persons_of_significant_control_count"} & head.keys
    )


def sources(files: Iterable[Path]) -> list[Source]:
    """Return the one register that the file is."""
    return single(files, "gb-psc", "Register of People with Significant Control")


def entries(source: Source, tally: Tally) -> Iterator[Item]:
    """Yield companies, persons and relations; the day of the snapshot becomes the version."""
    path = source.files[0]
    companies: set[str] = set()
    parties = 0
    for number, record, text in json_records.lines(path):
        data = record.get("data")
        if not isinstance(data, dict):
            raise SourceError("a line without data", place=f"{path}:{number}", hint="this is no PSC snapshot")
        kind = str(data.get("kind") or "")
        row = Row(path.name, number, text)
        if kind == _TOTALS:
            _check(data, parties, path)
            tally.version = str(data.get("generated_at") or "")[:10] or None
            continue
        tally.saw(path.name)
        parties += bool(re.search(r"person-with-significant-control$|beneficial-owner$", kind))
        company = str(record.get("company_number") or "")
        if not _PARTY.fullmatch(kind) or not company:
            tally.skip(row, f"{kind or 'a record without a kind'} names nobody who controls")
            continue
        if company not in companies:
            companies.add(company)
            yield _company(company, row, tally)
        yield from _party(data, company, row, tally)


def _check(data: dict[str, Any], parties: int, path: Path) -> None:
    """The snapshot of a whole comes in parts; only one file of all can be checked against its totals."""
    expected = data.get("persons_of_significant_control_count")
    if isinstance(expected, int) and expected > parties and not re.search(r"\dof\d", path.stem):
        raise SourceError(
            f"{parties} persons with control where its totals count {expected}",
            place=str(path),
            hint="the file is cut, or one part of several",
        )


def _company(number: str, row: Row, tally: Tally) -> Entry:
    draft = Draft(row, tally, EntityType.COMPANY)
    draft.name(f"UK company {number}")
    draft.number("Company number", number, issuer="GB", scheme="registration_number")
    draft.place("located_in", "GB")
    entry = draft.entry(f"company {number}")
    assert entry is not None  # it has a name and a number
    return entry


def _party(data: dict[str, Any], company: str, row: Row, tally: Tally) -> Iterator[Item]:
    is_person = str(data["kind"]).startswith("individual")
    draft = Draft(row, tally, EntityType.PERSON if is_person else None)
    parts = data.get("name_elements") or {}
    bare = " ".join(filter(None, (_text(parts.get(key)) for key in ("forename", "middle_name", "surname"))))
    draft.name(bare or _text(data.get("name")))
    draft.name(_text(data.get("name")), words="with title")
    born = data.get("date_of_birth") or {}
    if born.get("year"):
        draft.birth_date(
            f"{born['year']}-{born['month']:02d}" if isinstance(born.get("month"), int) else str(born["year"])
        )
    draft.place("citizen_of", _text(data.get("nationality")))
    address = data.get("address") or {}
    draft.address(*(_text(address.get(key)) for key in _ADDRESS), nation=_text(address.get("country")))
    details = data.get("identification") or {}
    issuer = _text(details.get("country_registered"))
    draft.number("Registration number", _text(details.get("registration_number")), issuer=issuer)
    link = _text((data.get("links") or {}).get("self")) or _text(data.get("etag"))
    entry = draft.entry(link)
    if entry is None:
        return
    yield entry
    end = listed_date(_text(data.get("ceased_on")))
    for nature in data.get("natures_of_control") or ("significant-influence-or-control",):
        tally.count("natures of control")
        predicate = next(
            (name for words, name in table("bods")["psc"].items() if str(nature).startswith(words)), "controlled_by"
        )
        share = read_share(str(nature))
        yield Fact(
            predicate,
            Listed(link),
            row,
            subject=f"company {company}",
            date=listed_date(_text(data.get("notified_on"))),
            date_end=end,
            ended=bool(end),
            percent=share.percent,
            percent_min=share.low,
            percent_max=share.high,
            percent_bounds=share.bounds,
            qualifiers=(("relation_text", str(nature)),),
        )


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
