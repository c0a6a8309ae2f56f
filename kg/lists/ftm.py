"""FollowTheMoney, as OpenSanctions publishes it -> entries, relations and designations.

In: the records of `ftm_forms` (`id`, `schema`, `properties` of lists of strings). Things (people, bodies, vessels)
become entries; intervals (Sanction, Ownership, Directorship, Family ...) become designations and relations between
them; passports, wallets and identifications become facts of their holder. Read a line at a time: millions of lines
need no more memory than their ids.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from kg.lists import ftm_forms
from kg.lists.dates import listed_date
from kg.lists.ftm_bodies import body_of, list_of
from kg.lists.identifiers import identifier
from kg.lists.kinds import organization_type
from kg.lists.model import Entry, Fact, Head, Identifier, Item, Listed, Listing, Named, Row, Source, Tally, single
from kg.lists.places import birth_place, place
from kg.lists.shares import hull_of, tells_of_votes
from kg.model import EntityType
from kg.reference import country, legal_basis

TITLE: Final = (
    "OpenSanctions, FollowTheMoney: entities.ftm.json, targets.nested.json, targets.simple.csv, statements.csv"
)
#: Names that say nothing of the data set.
_GENERIC: Final = ("entities", "targets", "statements", "senzing", "names", "latest", "datasets", "list", "data", "tmp")

_THINGS: Final[dict[str, EntityType | None]] = {
    "Person": EntityType.PERSON,
    "Company": EntityType.COMPANY,
    "Organization": None,
    "LegalEntity": None,
    "PublicBody": EntityType.GOVERNMENT_BODY,
    "Vessel": EntityType.VESSEL,
    "Airplane": EntityType.AIRCRAFT,
}

#: Schema -> (predicate, property of its subject, property of its object).
_EDGES: Final[dict[str, tuple[str, str, str]]] = {
    "Ownership": ("owned_by", "asset", "owner"),
    "Control": ("controlled_by", "controlled", "controller"),
    "Directorship": ("officer_of", "director", "organization"),
    "Membership": ("member_of", "member", "organization"),
    "Employment": ("employee_of", "employee", "employer"),
    "Family": ("relative_of", "person", "relative"),
    "Associate": ("associated_with", "person", "associate"),
    "Representation": ("acts_for", "agent", "client"),
    "UnknownLink": ("associated_with", "subject", "object"),
    "Succession": ("associated_with", "predecessor", "successor"),
}

_FAMILY: Final = (
    (re.compile(r"\b(?:wife|husband|spouse|married|partner)\b", re.IGNORECASE), "spouse_of"),
    (re.compile(r"\b(?:brother|sister|sibling)\b", re.IGNORECASE), "sibling_of"),
)

#: A status that says that a designation or a stake is over.
_OVER: Final = re.compile(
    r"^(?:inactive|in-active|not active|ended|expired|delisted|de-listed|removed|revoked|lifted|terminated|repealed|"
    r"former|ceased|dissolved|cancelled|withdrawn|annulled)\b",
    re.IGNORECASE,
)

_LEADERS: Final = re.compile(
    r"\b(?:president|chair(?:man|woman|person)?|ceo|chief executive|head|leader|general director|director general)\b",
    re.IGNORECASE,
)

#: Property that holds names -> the quality of the alias.
_NAMES: Final = {"name": "", "alias": "good", "weakAlias": "weak", "previousName": "previous"}

_IDENTIFIERS: Final[dict[str, str]] = {
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "leiCode": "lei",
    "swiftBic": "bic",
    "innCode": "inn",
    "ogrnCode": "ogrn",
    "isin": "isin",
    "uscCode": "uscc",
    "okpoCode": "okpo",
    "bikCode": "bik",
    "dunsCode": "duns",
    "registrationNumber": "registration_number",
    "taxNumber": "tax_number",
    "vatCode": "tax_number",
    "passportNumber": "passport",
    "idNumber": "national_id",
    "socialSecurityNumber": "national_id",
    "callSign": "call_sign",
    "serialNumber": "serial_number",
    "phone": "phone",
}

_ATTRIBUTES: Final[dict[str, str]] = {
    "birthDate": "birth_date",
    "gender": "gender",
    "position": "position",
    "title": "title",
    "website": "website",
    "email": "email",
    "notes": "remark",
    "incorporationDate": "established_date",
    "type": "vessel_type",
    "tonnage": "tonnage",
    "grossRegisteredTonnage": "gross_tonnage",
    "model": "aircraft_model",
    "buildDate": "manufacture_date",
    "topics": "topic",
}


def recognizes(head: Head) -> bool:
    """Whether the first objects or columns are those of one of the four forms."""
    return {"id", "schema", "properties"} <= head.keys or any(
        form <= set(head.columns) for form in (ftm_forms.SIMPLE, ftm_forms.STATEMENTS)
    )


def sources(files: Iterable[Path]) -> list[Source]:
    """Return the one data set that the file is.

    OpenSanctions calls the file of every data set the same; so its name is that of the `index.json` beside it, of the
    data set that all first entities are of, or of its folder. A file with a name of its own keeps that.
    """
    (source,) = single(files, "ftm", "FollowTheMoney data set")
    path = source.files[0]
    stem = path.name.split(".")[0] or "list"
    name = stem if stem not in _GENERIC else _indexed(path) or _told(path) or _folder(path) or stem
    return [Source(f"ftm-{name}", f"FollowTheMoney data set {name}", source.files)]


def _indexed(path: Path) -> str:
    try:
        index = json.loads((path.parent / "index.json").read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return ""
    name = index.get("name") if isinstance(index, dict) else None
    return name if isinstance(name, str) and re.fullmatch(r"[\w-]{1,80}", name) else ""


def _told(path: Path) -> str:
    """The data set of all first entities, where it is one."""
    first = itertools.islice(ftm_forms.records(path, Tally()), 50)
    named = {name for _, record in first for name in record.get("datasets") or () if isinstance(name, str)}
    name = named.pop() if len(named) == 1 else ""
    return name if re.fullmatch(r"[\w-]{1,80}", name) else ""


def _folder(path: Path) -> str:
    """The folder's name; a date or `latest` is none."""
    names = [parent.name for parent in path.resolve().parents][:2]
    return next((name for name in names if re.fullmatch(r"[A-Za-z][\w-]{1,79}", name) and name not in _GENERIC), "")


def entries(source: Source, tally: Tally) -> Iterator[Item]:
    """Yield entries, relations and designations in the order of the file.

    A relation may stand before the things that it joins; one that names an id which never comes is reported.
    """
    path = source.files[0]
    known: set[str] = set()
    wanted: list[tuple[Row, str]] = []
    for row, record in ftm_forms.records(path, tally):
        if record["id"] in known and record["schema"] in _THINGS:
            tally.count("entities for a second time")
            continue
        known.add(record["id"])
        seen = str(record.get("last_seen") or "")[:10]
        tally.version = max(tally.version or seen, seen) or None
        for item in _items(record, row, tally):
            yield item
            if isinstance(item, Fact) and isinstance(item.target, Listed):
                wanted.append((Row(path.name, row.number, ""), item.target.entry))
            if isinstance(item, Fact | Listing) and item.subject:
                wanted.append((Row(path.name, row.number, ""), item.subject))
    tally.unresolved.extend((row.file, row.number, f"id {entry}") for row, entry in wanted if entry not in known)


def _items(record: dict[str, Any], row: Row, tally: Tally) -> Iterator[Item]:
    schema = record["schema"]
    values = _Values(record["properties"], record.get("statements"))
    if schema in _THINGS:
        yield _thing(record, schema, values, row, tally)
    elif schema == "Sanction":
        yield from _designations(record, values, row, tally)
    elif schema in _EDGES:
        yield from _relations(record, schema, values, row, tally)
    elif schema in ("Passport", "Identification", "CryptoWallet"):
        yield from _held(record, schema, values, row, tally)
    else:
        tally.skip(row, f"schema {schema} is not taken into the graph")


class _Values:
    """The properties of an entity: every value a list of strings."""

    def __init__(self, properties: dict[str, Any], statements: dict[tuple[str, str], str] | None = None) -> None:
        self._properties = properties
        self._statements = statements or {}

    def statement(self, name: str, value: str) -> tuple[tuple[str, str], ...]:
        """The id of the statement that gives the value, as a qualifier; none where the form has no statements."""
        number = self._statements.get((name, value))
        return (("statement_id", number),) if number else ()

    def all(self, name: str) -> list[str]:
        """The values as texts; nested entities stand for their id."""
        found = self._properties.get(name, ())
        if isinstance(found, str):
            found = (found,)
        if not isinstance(found, list | tuple):
            return []
        texts = (value.get("id", "") if isinstance(value, dict) else value for value in found)
        return [" ".join(text.split()) for text in texts if isinstance(text, str) and text.strip()]

    def first(self, *names: str) -> str:
        """The first value of the first of these properties that has one."""
        return next((values[0] for name in names if (values := self.all(name))), "")


def _thing(record: dict[str, Any], schema: str, values: _Values, row: Row, tally: Tally) -> Entry:
    name = str(record.get("caption") or values.first("name") or record["id"])
    entity_type = _THINGS[schema] or organization_type(name)
    tally.count("entries")
    facts = [
        *_alias_facts(name, values, row, tally),
        *_address_facts(entity_type, values, row, tally),
        *_birth_and_flag_facts(values, row),
    ]
    identifiers = tuple(_identifiers(values, tally, row))
    attributes = [(attribute, value) for name_, attribute in _ATTRIBUTES.items() for value in values.all(name_)]
    names = {str(fact.target) for fact in facts if fact.predicate == "also_known_as"}
    return Entry(
        id=record["id"],
        type=entity_type,
        name=name,
        row=row,
        names=tuple(sorted(names)),
        attributes=tuple(attributes),
        identifiers=identifiers,
        facts=tuple(facts),
    )


def _alias_facts(name: str, values: _Values, row: Row, tally: Tally) -> Iterator[Fact]:
    for property_name, quality in _NAMES.items():
        for alias in values.all(property_name):
            if alias != name:
                tally.count("aliases")
                qualifiers: tuple[tuple[str, str], ...] = (("relation_text", property_name),)
                if quality:
                    qualifiers = (("alias_quality", quality), *qualifiers)
                qualifiers = (*qualifiers, *values.statement(property_name, alias))
                yield Fact("also_known_as", alias, row, ended=quality == "previous", qualifiers=qualifiers)


def _address_facts(entity_type: EntityType, values: _Values, row: Row, tally: Tally) -> Iterator[Fact]:
    addresses = values.all("address")
    for text in addresses:
        tally.count("addresses")
        where = country(text.rpartition(",")[2]) or country(values.first("country", "mainCountry", "jurisdiction"))
        target = place(where) if where else Named(EntityType.PLACE, text)
        yield Fact("located_in", target, row, qualifiers=(("address", text), *values.statement("address", text)))
    if not addresses and entity_type != EntityType.PERSON:
        for code in values.all("country") or values.all("jurisdiction"):
            yield Fact("located_in", place(country(code) or code), row)


def _birth_and_flag_facts(values: _Values, row: Row) -> Iterator[Fact]:
    for code in dict.fromkeys((*values.all("nationality"), *values.all("citizenship"))):
        yield Fact("citizen_of", place(country(code) or code), row)
    for text in values.all("birthPlace"):
        yield Fact("born_in", birth_place(text), row, qualifiers=(("address", text),))
    for code in values.all("flag"):
        yield Fact("flagged_in", place(country(code) or code), row)
    for parent in values.all("parent"):
        yield Fact("subsidiary_of", Listed(parent), row)


def _identifiers(values: _Values, tally: Tally, row: Row) -> Iterator[Identifier]:
    issuer = country(values.first("country", "jurisdiction", "nationality")) or ""
    for name, scheme in _IDENTIFIERS.items():
        for value in values.all(name):
            item = identifier(scheme, value, label=name, issuer=issuer)
            tally.count("identifiers")
            if item.valid is False:
                tally.invalid.append((row.file, row.number, f"{item.scheme} {item.value}"))
            yield item


def _designations(record: dict[str, Any], values: _Values, row: Row, tally: Tally) -> Iterator[Listing]:
    subjects = values.all("entity")
    if not subjects:
        tally.skip(row, "a Sanction without an entity")
    body = body_of(record, values)
    programmes = tuple(dict.fromkeys((*values.all("program"), *values.all("programId"))))
    named = list_of(record, values, programmes, body)
    end = listed_date(values.first("endDate"))
    ended = bool(_OVER.search(values.first("status"))) and not _later(values, end)
    for subject in subjects:
        tally.count("designations")
        yield Listing(
            authority=body,
            list=named or values.first("program", "provisions", "publisher") or body,
            programmes=programmes,
            legal_basis=tuple(dict.fromkeys(law for code in programmes for law in legal_basis(code))),
            date=listed_date(values.first("listingDate", "startDate", "date")),
            date_end=end,
            reason=values.first("reason", "summary"),
            row=row,
            subject=subject,
            key=record["id"],
            ended=ended,
        )


def _later(values: _Values, end: str | None) -> bool:
    """Whether another period of the same record began after its end."""
    starts = [day for text in values.all("startDate") if (day := listed_date(text))]
    return bool(end and starts and max(starts) > end)


def _relations(record: dict[str, Any], schema: str, values: _Values, row: Row, tally: Tally) -> Iterator[Fact]:
    predicate, subject_name, object_name = _EDGES[schema]
    role = values.first("relationship", "role", "summary", "status")
    if schema == "Family":
        predicate = next((finer for pattern, finer in _FAMILY if pattern.search(role)), predicate)
    if schema == "Directorship" and _LEADERS.search(role):
        predicate = "leader_of"
    pairs = [(one, other) for one in values.all(subject_name) for other in values.all(object_name)]
    if not pairs:
        tally.skip(row, f"a {schema} without {subject_name} or {object_name}")
    end = listed_date(values.first("endDate"))
    share = hull_of(values.all("percentage"))
    if schema == "Ownership" and tells_of_votes(
        " ".join((role, *values.all("percentage"), *values.all("ownershipType")))
    ):
        predicate = "controlled_by"
    qualifiers = [("relation_text", schema), ("role_text", role), ("share_class", values.first("sharesType"))]
    for one, other in pairs:
        tally.count(f"relations: {schema}")
        yield Fact(
            predicate,
            Listed(other),
            row,
            subject=one,
            date=listed_date(values.first("startDate", "date")),
            date_end=end,
            ended=bool(_OVER.search(values.first("status"))) and not end,
            percent=share.percent,
            percent_min=share.low,
            percent_max=share.high,
            percent_bounds=share.bounds,
            key=record["id"] if schema in ("Ownership", "Control") else "",
            qualifiers=tuple(pair for pair in qualifiers if pair[1]),
        )


def _held(record: dict[str, Any], schema: str, values: _Values, row: Row, tally: Tally) -> Iterator[Fact]:
    """A paper or wallet of somebody: a literal fact of its holder, the number with its kind."""
    number = values.first("number", "publicKey", "passportNumber")
    holders = values.all("holder")
    if not number or not holders:
        tally.skip(row, f"a {schema} without a number or a holder")
        return
    kind = {"Passport": "passport", "CryptoWallet": "crypto_address"}.get(schema, "national_id")
    for holder in holders:
        tally.count("identifiers")
        yield Fact(kind, number, row, subject=holder)
