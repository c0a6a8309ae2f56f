"""A small curated CSV of Entity List entries, with a header -> entries.

In: `name,type,aliases,country,city,citation,published,effective,reason`, aliases between semicolons, dates ISO. It
is for rules of the Federal Register entered by hand, such as `examples/entity-list-2019-10-09.csv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.errors import SourceError
from kg.lists import csv_records
from kg.lists.dates import listed_date
from kg.lists.model import Entry, Fact, Head, Listing, Named, Row, Source, Tally
from kg.lists.places import place
from kg.model import EntityType

TITLE: Final = "United States, Entity List: a curated CSV of entries"
_HEADER: Final = "name type aliases country city citation published effective reason".split()


def recognizes(head: Head) -> bool:
    """Whether the columns are those of the curated file."""
    return head.columns == tuple(_HEADER)


def sources(files: Iterable[Path]) -> list[Source]:
    """The one list that the file is; raises SourceError for more or fewer than one file."""
    paths = tuple(files)
    if len(paths) != 1:
        raise SourceError(f"{len(paths)} files where one belongs", place="entity-list", hint="give one CSV file")
    return [Source("bis-entity-list", "Entity List", paths)]


def entries(source: Source, tally: Tally) -> Iterator[Entry]:
    """The entries in the order of the file; the latest day of effect becomes the version."""
    path = source.files[0]
    for number, fields, text in csv_records.records(path, columns=len(_HEADER)):
        if number == 1:
            if fields != _HEADER:
                raise SourceError(
                    f"not a file of Entity List entries: it starts with {','.join(fields)[:60]!r}",
                    place=f"{path}:1",
                    hint=f"expected the header {','.join(_HEADER)}",
                )
            continue
        row = Row(path.name, number, text)
        tally.saw(path.name)
        record = {key: value.strip() for key, value in zip(_HEADER, fields, strict=True)}
        effective = listed_date(record["effective"])
        if not record["name"] or record["type"] not in set(EntityType) or effective is None:
            tally.skip(row, "no name, no known type or no day of effect")
            continue
        tally.version = max(tally.version or effective, effective)
        tally.count("entries")
        yield _entry(record, effective, row, tally)


def _entry(record: dict[str, str], effective: str, row: Row, tally: Tally) -> Entry:
    aliases = [name for part in record["aliases"].split(";") if (name := part.strip())]
    tally.count("aliases", len(aliases))
    facts = [Fact("also_known_as", name, row, qualifiers=(("relation_text", "a.k.a."),)) for name in aliases]
    if record["country"]:
        tally.count("addresses")
        where = ", ".join(filter(None, (record["city"], record["country"])))
        facts.append(Fact("located_in", place(record["country"]), row, qualifiers=(("address", where),)))
    elif record["city"]:
        facts.append(Fact("located_in", Named(EntityType.PLACE, record["city"]), row))
    return Entry(
        id=record["name"],
        type=EntityType(record["type"]),
        name=record["name"],
        row=row,
        names=tuple(sorted(aliases)),
        attributes=(("published_date", record["published"]),) if record["published"] else (),
        listings=(
            Listing(
                authority="Bureau of Industry and Security",
                list="Entity List",
                legal_basis=(record["citation"],) if record["citation"] else (),
                date=effective,
                reason=record["reason"],
                row=row,
            ),
        ),
        facts=tuple(facts),
    )
