"""The importers against the real files: every record, every count, remarks, links, identifiers, and versions."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.lists import csl, dpl, entity_list, ftm, ofac, un
from kg.lists.comments import comment_documents
from kg.lists.dates import date_range, listed_date
from kg.lists.identifiers import identifier
from kg.lists.importer import Options, import_list
from kg.lists.model import Entry, Fact, Listed, Listing, Tally
from kg.lists.remarks import parse_remark
from kg.model import EntityType
from kg.queries.questions import listings
from kg.store import Rows, open_store
from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "entity-list-2019-10-09.csv"


def rows_of(path: Path, delimiter: str = ",") -> list[list[str]]:
    """The records of a file as the csv module of Python reads them, without the end-of-file mark."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file, delimiter=delimiter) if row and row != ["\x1a"]]


@pytest.fixture(scope="module")
def ofac_lists(shared: Path) -> dict[str, tuple[list[Entry], Tally]]:
    """The entries and the tally of both lists of OFAC."""
    found = {}
    for source in ofac.sources(sorted((shared / "lists" / "ofac").glob("*.csv"))):
        tally = Tally()
        found[source.dataset] = (list(ofac.entries(source, tally)), tally)
    return found


@pytest.mark.parametrize(
    ("dataset", "parts"),
    [
        ("ofac-sdn", ("sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv")),
        ("ofac-consolidated", ("cons_prim.csv", "cons_alt.csv", "cons_add.csv", "cons_comments.csv")),
    ],
)
def test_ofac_counts_are_those_of_the_files(
    ofac_lists: dict[str, tuple[list[Entry], Tally]], shared: Path, dataset: str, parts: tuple[str, str, str, str]
) -> None:
    entries, tally = ofac_lists[dataset]
    primary, alt, add, _ = parts
    folder = shared / "lists" / "ofac"
    files = {name: rows_of(folder / name) for name in parts}
    assert tally.read == {name: len(rows) for name, rows in files.items()}
    assert tally.skipped == []
    assert [entry.id for entry in entries] == [row[0] for row in files[primary]]
    aliases = Counter(fact.row.file for entry in entries for fact in entry.facts if fact.predicate == "also_known_as")
    assert aliases[alt] == len(files[alt]) == tally.counts["aliases"]
    empty = sum(1 for row in files[add] if all(cell.strip() == "-0-" for cell in row[2:5]))
    assert tally.counts["addresses"] == len(files[add]) - empty
    assert tally.empty["addresses"] == empty
    individuals = sum(1 for row in files[primary] if row[2] == "individual")
    assert sum(1 for entry in entries if entry.type == EntityType.PERSON) == individuals


def test_every_labelled_part_of_the_remarks_is_counted(
    ofac_lists: dict[str, tuple[list[Entry], Tally]], shared: Path
) -> None:
    entries, _ = ofac_lists["ofac-sdn"]
    folder = shared / "lists" / "ofac"
    remarks = {row[0]: row[11] for row in rows_of(folder / "sdn.csv") if row[11].strip() != "-0-"}
    for number, rest in rows_of(folder / "sdn_comments.csv"):
        remarks[number] = remarks.get(number, "") + rest
    text = "; ".join(remarks.values())
    attributes = Counter(key for entry in entries for key, _ in entry.attributes)
    schemes = Counter(item.scheme for entry in entries for item in entry.identifiers)
    assert attributes["gender"] == text.count("Gender Male") + text.count("Gender Female")
    assert schemes["imo"] == text.count("Vessel Registration Identification IMO ")
    assert schemes["mmsi"] == text.count("MMSI ")
    assert schemes["bic"] == text.count("SWIFT/BIC ")
    dated = sum(part.strip().removeprefix("alt. ").startswith("DOB ") for part in text.split(";"))
    assert attributes["birth_date"] == dated
    facts = Counter(fact.predicate for entry in entries for fact in entry.facts)
    tails = Counter(entry.type for entry in entries)[EntityType.AIRCRAFT]
    assert schemes["tail_number"] == tails + text.count("Aircraft Tail Number") - text.count("Previous Aircraft Tail")
    assert facts["flagged_in"] == 391


def test_linked_to_and_operators_lead_to_the_entries_they_name(
    ofac_lists: dict[str, tuple[list[Entry], Tally]],
) -> None:
    entries, tally = ofac_lists["ofac-sdn"]
    names = {entry.id: {entry.name.upper(), *(name.upper() for name in entry.names)} for entry in entries}
    links = [fact for entry in entries for fact in entry.facts if fact.predicate in ("associated_with", "operated_by")]
    resolved = [fact for fact in links if isinstance(fact.target, Listed)]
    assert len(links) == tally.counts["links: Linked To"] + tally.counts["links: Aircraft Operator"]
    assert len(resolved) / len(links) >= 0.95
    for fact in resolved:
        assert isinstance(fact.target, Listed)
        said = dict(fact.qualifiers)["relation_text"].partition(": ")[2].upper()
        assert said in names[fact.target.entry] or said + "." in names[fact.target.entry] or len(said) > 3


def test_un_counts_are_those_of_the_file(shared: Path) -> None:
    path = shared / "lists" / "un" / "consolidated.xml"
    tally = Tally()
    entries = list(un.entries(un.sources([path])[0], tally))
    root = ET.parse(path).getroot()
    records = [*root.iter("INDIVIDUAL"), *root.iter("ENTITY")]
    assert [entry.id for entry in entries] == [record.findtext("REFERENCE_NUMBER", "").strip() for record in records]
    aliases = [name for name in root.iter("ALIAS_NAME") if (name.text or "").strip()]
    assert tally.counts["aliases"] == len(aliases)
    numbers = [number for number in root.iter("NUMBER") if (number.text or "").strip()]
    assert tally.counts["identifiers"] == len(numbers) == sum(len(entry.identifiers) for entry in entries)
    addresses = [
        item
        for tag in ("INDIVIDUAL_ADDRESS", "ENTITY_ADDRESS")
        for item in root.iter(tag)
        if any((part.text or "").strip() for part in item)
    ]
    assert tally.counts["addresses"] == len(addresses)
    comments = [item for item in root.iter("COMMENTS1") if (item.text or "").strip()]
    kept = [value for entry in entries for key, value in entry.attributes if key == "remark" and "Date of" not in value]
    assert len(kept) == len(comments)
    assert all(listing.date and listing.legal_basis for entry in entries for listing in entry.listings)
    assert tally.version == "2026-02-27"


def test_denied_persons_counts_are_those_of_the_file(shared: Path) -> None:
    path = shared / "lists" / "dpl.txt"
    tally = Tally()
    entries = list(dpl.entries(dpl.sources([path])[0], tally))
    rows = rows_of(path, "\t")[1:]
    assert tally.read == {"dpl.txt": len(rows)}
    assert tally.skipped == []
    assert len(entries) == len({(" ".join(row[0].split()), row[6]) for row in rows})
    assert tally.counts["addresses"] == sum(len(entry.facts) for entry in entries) == len(rows)
    assert all(listing.date for entry in entries for listing in entry.listings)


def test_screening_list_counts_are_those_of_the_file(shared: Path) -> None:
    path = shared / "lists" / "csl_sample.csv"
    tally = Tally()
    entries = list(csl.entries(csl.sources([path])[0], tally))
    header, *rows = rows_of(path)
    column = {name: position for position, name in enumerate(header)}
    assert [entry.name for entry in entries] == [row[column["name"]].strip() for row in rows]
    assert len({entry.id for entry in entries}) == len(rows)
    aliases = sum(len([part for part in row[column["alt_names"]].split(";") if part.strip()]) for row in rows)
    assert tally.counts["aliases"] == aliases
    lists = Counter(listing.list for entry in entries for listing in entry.listings)
    assert lists["Entity List"] == 22
    assert lists["Specially Designated Nationals and Blocked Persons List"] == 28


def test_a_remark_is_read_part_by_part() -> None:
    found = parse_remark(
        "DOB 10 Dec 1948; alt. DOB circa 1951 to 1953; POB Dezful, Iran; nationality Iran; Gender Male; "
        "Passport A1 (Iran) issued 19 Apr 2010 expires 2020; Tax ID No. 7744001497 (Russia); a.k.a. 'THE; ENGINEER'; "
        "Additional Sanctions Information - Subject to Secondary Sanctions; Major General; Linked To: MAHAN AIR."
    )
    assert found.attributes == [
        ("birth_date", "1948-12-10"),
        ("birth_date", "1951/1953"),
        ("gender", "Male"),
        ("secondary_sanctions", "Subject to Secondary Sanctions"),
    ]
    passport, tax = found.identifiers
    assert (passport.scheme, passport.value, passport.issuer, passport.issued, passport.expires) == (
        "passport",
        "A1",
        "Iran",
        "2010-04-19",
        "2020",
    )
    assert (tax.scheme, tax.valid) == ("inn", True)
    assert (found.birth_places, found.nationalities, found.links) == (["Dezful, Iran"], ["Iran"], ["MAHAN AIR"])
    assert found.aliases == [("aka", "THE; ENGINEER")]
    assert found.texts == ["Major General"]


@pytest.mark.parametrize(
    ("scheme", "value", "valid"),
    [
        ("imo", "IMO 9187629", True),
        ("imo", "9187628", False),
        ("lei", "253400WSS48YWMBUA688", True),
        ("lei", "253400WSS48YWMBUA689", False),
        ("bic", "SABRRUMM", True),
        ("bic", "SABR", False),
        ("inn", "7744001497", True),
        ("inn", "7744001498", False),
        ("ogrn", "1027700167110", True),
        ("ogrn", "1027700167111", False),
        ("passport", "X1", None),
    ],
)
def test_check_digits(scheme: str, value: str, valid: bool | None) -> None:
    assert identifier(scheme, value).valid is valid


def test_dates_of_the_lists() -> None:
    assert [
        listed_date(text)
        for text in ("10 Dec 1948", "Jan 1959", "9/4/81", "06/29/2056", "2015-07-01-04:00", "31 Feb 2020", "")
    ] == [
        "1948-12-10",
        "1959-01",
        "1981-09-04",
        "2056-06-29",
        "2015-07-01",
        None,
        None,
    ]
    assert date_range("between 1958 and 1963") == "1958/1963"


def test_followthemoney_things_edges_and_designations(tmp_path: Path) -> None:
    path = tmp_path / "sample.ftm.json"
    things = {
        "p": ("Person", {"name": ["Ivan Petrov"], "alias": ["Иван Петров"], "weakAlias": ["Vanya"]}),
        "c": ("Company", {"name": ["Alfa"], "innCode": ["7744001497"], "jurisdiction": ["ru"]}),
    }
    edges_given = {
        "o": ("Ownership", {"owner": ["p"], "asset": ["c"], "percentage": ["51 %"]}),
        "s": ("Sanction", {"entity": ["p"], "authority": ["OFAC"], "startDate": ["2018-04-06"]}),
        "f": ("Family", {"person": ["p"], "relative": ["q"], "relationship": ["wife"]}),
        "d": ("Directorship", {"director": ["p"], "organization": ["c"], "role": ["CEO"]}),
        "a": ("Address", {"full": ["Moscow"]}),
    }
    ordered = {"o": edges_given.pop("o"), **things, **edges_given}  # an edge may stand before what it joins
    records = [{"id": key, "schema": schema, "properties": given} for key, (schema, given) in ordered.items()]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    tally = Tally()
    items = list(ftm.entries(ftm.sources([path])[0], tally))
    assert [item.name for item in items if isinstance(item, Entry)] == ["Ivan Petrov", "Alfa"]
    edges = [(item.subject, item.predicate, item.target) for item in items if isinstance(item, Fact)]
    assert edges == [
        ("c", "owned_by", Listed("p")),
        ("p", "spouse_of", Listed("q")),
        ("p", "leader_of", Listed("c")),
    ]
    assert next(item.percent for item in items if isinstance(item, Fact)) == 51
    designation = next(item for item in items if isinstance(item, Listing))
    assert (designation.authority, designation.date) == ("Office of Foreign Assets Control", "2018-04-06")
    assert tally.skipped == [("sample.ftm.json", 7, "schema Address is not taken into the graph")]
    assert tally.unresolved == [("sample.ftm.json", 5, "id q")]
    assert tally.read == {"sample.ftm.json": 7}


def test_the_example_holds_the_28_entities_of_the_notice() -> None:
    with open_store(None) as store:
        (report,) = import_list(store, "entity-list", [EXAMPLE])
        assert report.tally.counts["entries"] == 28
        companies = store.query("SELECT (COUNT(?e) AS ?n) { ?e a kg:Company ; kg:listed_entry_of ?list }")
        assert isinstance(companies, Rows)
        assert companies.values() == [("8",)]
        evidence = store.query(
            'ASK { ?claim kg:predicate kg:listed_on ; kg:subject/skos:prefLabel "Hikvision" ; kg:date ?date ; '
            'kg:evidence [ oa:exact ?row ; kg:source_row 3 ] . FILTER(CONTAINS(?row, "84 FR 54002")) }'
        )
        assert evidence is True


def edited(
    path: Path, *, drop: str = "", change: tuple[str, str] = ("", ""), add: str = "", effective: str = ""
) -> Path:
    """A later version of the example in `path`."""
    lines = [line for line in EXAMPLE.read_text("utf-8").splitlines(keepends=True) if not drop or drop not in line]
    text = "".join(lines).replace(*change) if change[0] else "".join(lines)
    path.write_text(text + (add.format(effective) if add else ""), "utf-8")
    return path


NEW_ROW = "Example Optics,Company,,China,Wuhan,85 FR 1,{0},{0},Acted against national security\n"


def test_a_newer_version_tells_its_changes_and_keeps_what_ended(tmp_path: Path) -> None:
    meiya = ("Co. Ltd.,Company,Meiya Pico,", "Co. Ltd.,Company,Meiya Pico; Meiya,")
    newer = edited(tmp_path / "newer.csv", drop="IFLYTEK", change=meiya, add=NEW_ROW.format("2020-06-05"))
    with open_store(None) as store:
        import_list(store, "entity-list", [EXAMPLE])
        before = sorted(map(str, store.quads()))
        (again,) = import_list(store, "entity-list", [EXAMPLE])
        assert again.changes is not None
        assert (again.changes.added, again.changes.removed, again.changes.changed) == ((), (), ())
        assert sorted(map(str, store.quads())) == before
        (report,) = import_list(store, "entity-list", [newer])
        changes = report.changes
        assert changes is not None
        assert [change.name for change in changes.added] == ["Example Optics"]
        assert [change.name for change in changes.removed] == ["IFLYTEK"]
        assert [change.name for change in changes.changed] == ["Xiamen Meiya Pico Information Co. Ltd."]
        assert changes.end == "2020-06-05"
        ended = store.query(
            'SELECT ?end { ?l kg:listing_of/skos:prefLabel "IFLYTEK" ; kg:status kg:ended ; kg:date_end ?end }'
        )
        assert isinstance(ended, Rows)
        assert ended.values() == [("2020-06-05",)]
        as_of = """SELECT (COUNT(DISTINCT ?who) AS ?n) { ?l a kg:Listing ; kg:listing_of ?who ; kg:date ?from .
            OPTIONAL { ?l kg:date_end ?to }
            FILTER(?from <= "%s"^^xsd:date && (!BOUND(?to) || ?to > "%s"^^xsd:date)) }"""
        counts = [store.query(as_of % (day, day)) for day in ("2019-12-01", "2021-01-01")]
        assert [rows.values() for rows in counts if isinstance(rows, Rows)] == [[("28",)], [("28",)]]
        assert store.query('ASK { ?e skos:prefLabel "IFLYTEK" ; kg:listed_by ?body }') is False
        held = [
            [row.authority.name for row in listings(store, "IFLYTEK", at=day)] for day in ("2019-12-01", "2021-01-01")
        ]
        assert held == [["Bureau of Industry and Security"], []]
        (same,) = import_list(store, "entity-list", [newer])
        assert same.changes is not None
        assert (same.changes.added, same.changes.removed, same.changes.claims_ended) == ((), (), 0)
        with pytest.raises(SourceError, match="older than"):
            import_list(store, "entity-list", [EXAMPLE])


def test_a_version_that_lacks_most_is_refused(tmp_path: Path) -> None:
    small = tmp_path / "small.csv"
    small.write_text("".join(EXAMPLE.read_text("utf-8").splitlines(keepends=True)[:4]), "utf-8")
    with open_store(None) as store:
        import_list(store, "entity-list", [EXAMPLE])
        before = sorted(map(str, store.quads()))
        with pytest.raises(SourceError, match="25 of 28 designations would end"):
            import_list(store, "entity-list", [small])
        assert sorted(map(str, store.quads())) == before
        (report,) = import_list(store, "entity-list", [small], Options(allow_shrink=True, today="2020-01-01"))
        assert report.changes is not None
        assert len(report.changes.removed) == 25


def test_comments_become_documents_under_the_name_of_their_entry(tmp_path: Path) -> None:
    path = tmp_path / "list.xml"
    comment = "He leads the group since March 2013 and lives in Goma. "
    comment += "INTERPOL-UN Security Council Special Notice web link:https://x.int/a"
    record = "<INDIVIDUAL><FIRST_NAME>ERIC</FIRST_NAME><SECOND_NAME>na</SECOND_NAME>"
    record += "<REFERENCE_NUMBER>CDi.{0}</REFERENCE_NUMBER>"
    record += "<LISTED_ON>2012-12-31</LISTED_ON><COMMENTS1>{1}</COMMENTS1></INDIVIDUAL>"
    inner = record.format("001", comment) + record.format("002", "Short.")
    root = '<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09Z">'
    path.write_text(f"{root}<INDIVIDUALS>{inner}</INDIVIDUALS></CONSOLIDATED_LIST>", "utf-8")
    with open_store(None) as store:
        import_list(store, "un", [path])
        (document,) = comment_documents(store, "un-sc")
    assert (document.id, document.date) == ("un-sc-CDi.001", "2026-02-27")
    assert document.text == "ERIC. He leads the group since March 2013 and lives in Goma."


def test_an_entry_list_row_without_a_type_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(EXAMPLE.read_text("utf-8") + "Thing,Gadget,,China,,,2019-10-09,2019-10-09,\n", "utf-8")
    tally = Tally()
    assert len(list(entity_list.entries(entity_list.sources([path])[0], tally))) == 28
    assert tally.skipped == [("odd.csv", 30, "no name, no known type or no day of effect")]
