"""Ukraine's State Register of Sanctions (National Security and Defense Council, JSON) -> entries.

In: an array of persons and legal entities, or an object that holds it; each with its decree, the measures and a
status. Names in Ukrainian are matched through their Latin letters. An entry whose status is not active has ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from kg.lists import json_records
from kg.lists.dates import listed_date
from kg.lists.draft import Draft
from kg.lists.model import Entry, Head, Listing, Row, Source, Tally, single
from kg.model import EntityType

TITLE: Final = "Ukraine, NSDC State Register of Sanctions: JSON"
_LIST: Final = "Ukrainian State Register of Sanctions"
_AUTHORITY: Final = "National Security and Defense Council of Ukraine"
_ACTIVE: Final = ("", "active", "чинний", "чинна", "діє", "actual")
_SETS: Final = ("aliases", "translit", "otherNames")


def recognizes(head: Head) -> bool:
    """Whether the first objects name a decree and the measures of Ukraine's register."""
    return {"decree", "sanctionMeasures"} <= head.keys


def sources(files: Iterable[Path]) -> list[Source]:
    """Return the one list that the file is."""
    return single(files, "ua-nsdc", _LIST)


def entries(source: Source, tally: Tally) -> Iterator[Entry]:
    """Yield the entries in the order of the file; it tells no date of its own."""
    path = source.files[0]
    for number, record, text in json_records.records(path):
        tally.saw(path.name)
        if entry := _entry(record, Row(path.name, number, text), tally):
            yield entry


def _entry(record: dict[str, Any], row: Row, tally: Tally) -> Entry | None:
    is_person = any(record.get(key) for key in ("lastName", "firstName"))
    draft = Draft(row, tally, EntityType.PERSON if is_person else None)
    draft.name(_name(record))
    draft.name(_text(record.get("shortName")), words="short name")
    for key in _SETS:
        for alias in _objects(record.get(key)):
            draft.name(_name(alias), words=key)
    for day in (record.get("dateOfBirth"), *_items(record.get("datesOfBirth"))):
        draft.birth_date(_text(day))
    draft.born_in(_text(record.get("placeOfBirth")))
    for nation in _objects(record.get("citizenships")):
        draft.place("citizen_of", _nation(nation))
    for nation in _objects(record.get("registrationCountry")):
        draft.place("located_in", _nation(nation))
    for address in _items(record.get("addresses")):
        parts = address if isinstance(address, dict) else {"address": address}
        draft.address(_text(parts.get("address") or parts.get("name")), nation=_nation(parts))
    for document in _objects(record.get("passports")):
        number = f"{_text(document.get('series'))}{_text(document.get('number'))}"
        draft.number(_text(document.get("type")) or "passport", number, scheme="passport")
    draft.number("ІПН", _text(record.get("ipn")), issuer="Ukraine", scheme="tax_number")
    draft.number("ЄДРПОУ", _text(record.get("edrpou")), issuer="Ukraine", scheme="registration_number")
    for key, scheme in (
        ("inn", "inn"),
        ("ogrn", "ogrn"),
        ("imo", "imo"),
        ("imoNumber", "imo"),
        ("taxNumber", "tax_number"),
    ):
        draft.number(key, _text(record.get(key)), scheme=scheme)
    draft.attribute("position", _text(record.get("position")))
    draft.attribute("statement_of_reasons", _text(record.get("reason") or record.get("grounds")))
    draft.listing(_listing(record, row))
    return draft.entry(_text(record.get("id") or record.get("sid")))


def _listing(record: dict[str, Any], row: Row) -> Listing:
    decree = next(_objects(record.get("decree")), {})
    number, day = _text(decree.get("number")), listed_date(_text(decree.get("date")))
    active = _text(record.get("status")).lower() in _ACTIVE
    end = listed_date(_text(record.get("dateEnd") or record.get("sanctionsEndDate") or record.get("revokedDate")))
    return Listing(
        authority=_AUTHORITY,
        list=_LIST,
        legal_basis=(f"Decree of the President of Ukraine No. {number}",) if number else (),
        measures=tuple(
            dict.fromkeys(filter(None, (_text(_label(item)) for item in _items(record.get("sanctionMeasures")))))
        ),
        date=day,
        date_end=end if end or active else day,
        row=row,
    )


def _name(record: dict[str, Any]) -> str:
    whole = _text(record.get("fullName") or record.get("name"))
    return whole or " ".join(filter(None, (_text(record.get(key)) for key in ("lastName", "firstName", "middleName"))))


def _nation(record: dict[str, Any]) -> str:
    return _text(record.get("iso2") or record.get("country") or record.get("name"))


def _label(item: Any) -> Any:
    return item.get("name") if isinstance(item, dict) else item


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int) and value is not True else ""


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    yield from (item if isinstance(item, dict) else {"name": item} for item in _items(value))
