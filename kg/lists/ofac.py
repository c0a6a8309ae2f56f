"""OFAC's CSV files (SDN and consolidated) -> entries.

In: the primary file (sdn.csv, cons_prim.csv) and, where given, its aliases, addresses and comments; they have no
header and are told apart by their number of columns. Out: one Entry for each primary record. `-0-` means empty; a
remark goes on in the comments, cut at any letter. "Linked To" and "Aircraft Operator" name other entries: they are
looked up among all names of the list, the main names first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.errors import SourceError
from kg.lists import csv_records
from kg.lists.kinds import natural_order, organization_type
from kg.lists.model import Entry, Fact, Head, Identifier, Listed, Listing, Named, Row, Source, Tally, Target
from kg.lists.places import birth_place, place
from kg.lists.remarks import Remark, parse_remark
from kg.model import EntityType
from kg.namespaces import name_key
from kg.reference import legal_basis

TITLE: Final = "United States, OFAC: CSV (sdn, alt, add, sdn_comments and the cons_* files, or their folder)"
_PARTS: Final = {12: "primary", 5: "aliases", 6: "addresses", 2: "comments"}
_SIZE: Final = 256 << 20  # bytes a file; the real ones have 2 MB
_OFAC: Final = "Office of Foreign Assets Control"
_SDN: Final = "Specially Designated Nationals and Blocked Persons List"
_TYPES: Final = {"individual": EntityType.PERSON, "vessel": EntityType.VESSEL, "aircraft": EntityType.AIRCRAFT}
_ALIAS_KINDS: Final = {"aka": "also known as", "fka": "formerly known as", "nka": "now known as"}

#: Programme of a consolidated entry -> the list on which it stands.
CONSOLIDATED_LISTS: Final = {
    "UKRAINE-EO13662": "Sectoral Sanctions Identifications List",
    "NS-PLC": "Palestinian Legislative Council List",
    "CMIC-EO13959": "Non-SDN Chinese Military-Industrial Complex Companies List",
    "561-Related": "List of Foreign Financial Institutions Subject to Correspondent Account or Payable-Through Account "
    "Sanctions",
    "RUSSIA-EO14024": "Non-SDN Menu-Based Sanctions List",
    "CAATSA - RUSSIA": "Non-SDN Menu-Based Sanctions List",
    "BURMA-EO14014": "Non-SDN Menu-Based Sanctions List",
    "ILLICIT-DRUGS-EO14059": "Non-SDN Menu-Based Sanctions List",
}


def recognizes(head: Head) -> bool:
    """Whether the first record is one of OFAC's files, which have no header: a number and 12, 6, 5 or 2 columns."""
    return len(head.columns) in _PARTS and head.columns[0].strip().isdigit()


def sources(files: Iterable[Path]) -> list[Source]:
    """The one or two lists (SDN, consolidated) that the files make up, each with its parts.

    Raises SourceError for a file that is none of them, and for aliases or addresses without their primary file.
    """
    groups: dict[str, list[Path]] = defaultdict(list)
    for path in files:
        groups["ofac-consolidated" if path.name.lower().startswith("cons") else "ofac-sdn"].append(path)
    titles = {"ofac-sdn": _SDN, "ofac-consolidated": "Consolidated Sanctions List"}
    found = []
    for dataset in sorted(groups, reverse=True):
        parts = [_part(path) for path in groups[dataset]]
        if parts.count("primary") != 1:
            raise SourceError(
                f"{parts.count('primary')} primary files (12 columns) where one belongs",
                place=" ".join(str(path) for path in groups[dataset]),
                hint="give sdn.csv (or cons_prim.csv) with its alt, add and comments files",
            )
        if len(set(parts)) != len(parts):
            raise SourceError("two files of the same part", place=str(groups[dataset][0]), hint="give each part once")
        found.append(Source(dataset, titles[dataset], tuple(groups[dataset])))
    return found


def _part(path: Path) -> str:
    """Which part of the list the file is, by the columns of its first record."""
    if path.exists() and path.stat().st_size > _SIZE:
        raise SourceError("more than 256 MiB", place=str(path), hint="this is not a CSV file of OFAC's")
    first = next(iter(csv_records.records(path)), None)
    if first is None:
        raise SourceError("the file is empty", place=str(path), hint="fetch it again")
    fields = first[1]
    if len(fields) not in _PARTS or not fields[0].strip().isdigit():
        raise SourceError(
            f"not a CSV file of OFAC's: it starts with {' | '.join(fields)[:60]!r}",
            place=f"{path}:1",
            hint="expected records that start with an entry number (sdn, alt, add, sdn_comments, cons_*)",
        )
    return _PARTS[len(fields)]


@dataclass(slots=True)
class _Parts:
    """The records of one list by entry number; OFAC's CSV form is small enough to be held."""

    primary: list[tuple[Row, list[str]]] = field(default_factory=list)
    aliases: dict[str, list[tuple[Row, list[str]]]] = field(default_factory=lambda: defaultdict(list))
    addresses: dict[str, list[tuple[Row, list[str]]]] = field(default_factory=lambda: defaultdict(list))
    comments: dict[str, str] = field(default_factory=lambda: defaultdict(str))
    exact: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    folded: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def entries(source: Source, tally: Tally) -> Iterator[Entry]:
    """The entries in the order of the primary file; counts and what did not fit go to `tally`."""
    parts = _read(source, tally)
    for row, fields in parts.primary:
        tally.count("entries")
        yield _entry(row, fields, parts, source, tally)


def _read(source: Source, tally: Tally) -> _Parts:
    parts = _Parts()
    orphans: list[Row] = []
    known: set[str] = set()
    for path in sorted(source.files, key=lambda path: (_part(path) != "primary", path.name)):
        part = _part(path)
        columns = next(number for number, name in _PARTS.items() if name == part)
        for number, fields, text in csv_records.records(path, columns=columns):
            row = Row(path.name, number, text)
            tally.saw(path.name)
            cells = ["" if (cell := value.strip()) == "-0-" else cell for value in fields]
            entry = cells[0]
            if part == "primary":
                if entry in known:
                    raise SourceError(
                        f"entry {entry} for a second time", place=f"{path}:{number}", hint="fetch it again"
                    )
                known.add(entry)
                parts.primary.append((row, cells))
            elif entry not in known:
                orphans.append(row)
                tally.skip(row, f"entry {entry} is not in the primary file")
            elif part == "aliases":
                parts.aliases[entry].append((row, cells))
            elif part == "addresses":
                parts.addresses[entry].append((row, cells))
            else:
                parts.comments[entry] += fields[1]
    if len(orphans) > max(10, len(known) // 20):
        raise SourceError(
            f"{len(orphans)} records belong to entries that the primary file does not hold",
            place=f"{orphans[0].file}:{orphans[0].number}",
            hint="the primary file is cut or of another day; fetch all files again",
        )
    _index_names(parts)
    return parts


def _index_names(parts: _Parts) -> None:
    for _, cells in parts.primary:
        _index_name(parts, cells[1], cells[0])
    for entry, alias_rows in parts.aliases.items():
        for _, cells in alias_rows:
            _index_name(parts, cells[3], entry)
    for _, cells in parts.primary:
        for _, name in parse_remark(cells[11]).aliases if "k.a." in cells[11] else ():
            _index_name(parts, name, cells[0])


def _index_name(parts: _Parts, name: str, entry: str) -> None:
    for table, form in ((parts.exact, name.upper()), (parts.folded, name_key(name))):
        if entry not in table[form]:
            table[form].append(entry)


def _entry(row: Row, cells: list[str], parts: _Parts, source: Source, tally: Tally) -> Entry:
    number, name, kind, programmes = cells[0], cells[1], cells[2], _programmes(cells[3])
    remark = parse_remark((cells[11] + parts.comments.get(number, "")).strip())
    entity_type = _TYPES.get(kind) or organization_type(name)
    alias_facts = list(_alias_facts(number, remark, row, parts, tally))
    names = [fact.target for fact in alias_facts if isinstance(fact.target, str)]
    if entity_type == EntityType.PERSON:
        names.append(natural_order(name))
    facts = [
        *alias_facts,
        *_address_facts(number, parts, tally),
        *_remark_facts(remark, row),
        *_links(number, remark, cells, row, parts=parts, tally=tally),
    ]
    identifiers = [*remark.identifiers, *_vessel_identifiers(cells, entity_type, name)]
    tally.count("identifiers", len(identifiers))
    for item in identifiers:
        if item.valid is False:
            tally.invalid.append((row.file, row.number, f"{item.scheme} {item.value}"))
    return Entry(
        id=number,
        type=entity_type,
        name=name,
        row=row,
        names=tuple(sorted({*names} - {name})),
        attributes=(*_columns(cells, entity_type), *remark.attributes, *(("remark", text) for text in remark.texts)),
        identifiers=tuple(identifiers),
        listings=tuple(listings(source.dataset, programmes, remark, row)),
        facts=tuple(facts),
    )


def _programmes(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("] [") if part.strip())


def listings(dataset: str, programmes: tuple[str, ...], remark: Remark, row: Row) -> Iterator[Listing]:
    """One listing for each list: the SDN list is one; the consolidated file holds several."""
    by_list: dict[str, list[str]] = defaultdict(list)
    for programme in programmes or ("",):
        by_list[
            _SDN if dataset == "ofac-sdn" else CONSOLIDATED_LISTS.get(programme, "Consolidated Sanctions List")
        ].append(programme)
    if dataset != "ofac-sdn" and "Consolidated Sanctions List" in by_list and len(by_list) > 1:
        rest = by_list.pop("Consolidated Sanctions List")  # an SDN programme named beside one of these lists
        by_list[next(iter(by_list))].extend(rest)
    for name, codes in by_list.items():
        basis = dict.fromkeys(law for code in codes for law in legal_basis(code))
        yield Listing(
            authority=_OFAC,
            list=name,
            programmes=tuple(code for code in codes if code),
            legal_basis=tuple(basis),
            date=_listing_date(codes, remark),
            row=row,
        )


def _listing_date(codes: list[str], remark: Remark) -> str | None:
    """The earliest date that the remark gives for one of these programmes ("Listing Date (EO 14024 Directive 3)")."""
    dates = [date for what, date in remark.listing_dates if any(_same_programme(what, code) for code in codes)]
    return min(dates, default=None)


def _same_programme(what: str, code: str) -> bool:
    """Whether "EO 14024 Directive 3" or "CMIC" speaks of the programme of that code."""
    return ("CMIC" in what and "CMIC" in code) or any(word.isdigit() and word in code for word in what.split())


def _alias_facts(number: str, remark: Remark, row: Row, parts: _Parts, tally: Tally) -> Iterator[Fact]:
    for alias_row, cells in parts.aliases.get(number, ()):
        tally.count("aliases")
        quality = (("relation_text", _ALIAS_KINDS.get(cells[2], cells[2])),)
        yield Fact("also_known_as", cells[3], alias_row, ended=cells[2] == "fka", qualifiers=quality)
    for kind, name in remark.aliases:
        tally.count("aliases in remarks")
        weak = (("alias_quality", "weak"), ("relation_text", _ALIAS_KINDS[kind]))
        yield Fact("also_known_as", name, row, ended=kind == "fka", qualifiers=weak)


def _address_facts(number: str, parts: _Parts, tally: Tally) -> Iterator[Fact]:
    for row, cells in parts.addresses.get(number, ()):
        street, city, state = cells[2], cells[3], cells[4]
        address = ", ".join(part for part in (street, city, state) if part)
        if not address:
            tally.leave_empty("addresses")
            continue
        tally.count("addresses")
        target = place(state) if state else Named(EntityType.PLACE, city or street)
        yield Fact("located_in", target, row, qualifiers=(("address", address),))


def _remark_facts(remark: Remark, row: Row) -> Iterator[Fact]:
    for name in dict.fromkeys(remark.nationalities):
        yield Fact("citizen_of", place(name), row)
    for text in dict.fromkeys(remark.birth_places):
        yield Fact("born_in", birth_place(text), row, qualifiers=(("address", text),))


def _links(number: str, remark: Remark, cells: list[str], row: Row, *, parts: _Parts, tally: Tally) -> Iterator[Fact]:
    for predicate, names, words in (
        ("associated_with", remark.links, "Linked To"),
        ("operated_by", remark.operators, "Aircraft Operator"),
        ("owned_by", [cells[10]] if cells[10] else [], "Vessel owner"),
    ):
        for name in dict.fromkeys(names):
            tally.count(f"links: {words}")
            target = _lookup(name, number, parts)
            if target is None:
                tally.unresolved.append((row.file, row.number, f"{words}: {name}"))
            yield Fact(
                predicate,
                target or Named(organization_type(name), name),
                row,
                qualifiers=(("relation_text", f"{words}: {name}"),),
            )
    flag = cells[9] or next((value for key, value in remark.attributes if key == "registered_in"), "")
    if flag and flag != "None Identified" and _TYPES.get(cells[2]) in (EntityType.VESSEL, EntityType.AIRCRAFT):
        tally.count("flags")
        yield Fact("flagged_in", place(flag), row)


def _lookup(name: str, number: str, parts: _Parts) -> Target | None:
    """The entry of that name: by its exact letters, then by the folded form; the first in the file of several."""
    for table, form in ((parts.exact, name.upper()), (parts.exact, name.upper() + "."), (parts.folded, name_key(name))):
        found = [entry for entry in table.get(form, ()) if entry != number]
        if found:
            return Listed(found[0])
    return None


def _vessel_identifiers(cells: list[str], entity_type: EntityType, name: str) -> Iterator[Identifier]:
    if cells[5]:
        yield Identifier("call_sign", cells[5], "Vessel Call Sign")
    if entity_type == EntityType.AIRCRAFT:
        yield Identifier("tail_number", name, "Aircraft Tail Number")


def _columns(cells: list[str], entity_type: EntityType) -> Iterator[tuple[str, str]]:
    names = (
        "position" if entity_type == EntityType.PERSON else "title",
        "",
        "vessel_type",
        "tonnage",
        "gross_tonnage",
        "vessel_flag",
        "vessel_owner",
    )
    for attribute, value in zip(names, cells[4:11], strict=True):
        if attribute and value:
            yield attribute, value
