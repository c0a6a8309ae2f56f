"""Each publisher's form: told by its content, every record in or reported, each part of a record where it belongs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.lists.importer import Options, import_files
from kg.lists.model import Entry, Fact, Item, Listed, Listing, Tally
from kg.lists.publishers import IMPORTERS, identify, read_head
from kg.model import EntityType
from kg.store import open_store

FILES = Path(__file__).parent / "files"
#: File -> (publisher, records read, entries).
EXPECTED = {
    "eu.xml": ("eu", 2, 2),
    "uk.xml": ("uk", 2, 2),
    "uk.csv": ("uk", 3, 2),
    "sdn_advanced.xml": ("ofac-xml", 5, 3),
    "sdn.xml": ("ofac-xml", 2, 2),
    "consolidated.json": ("csl-json", 2, 2),
    "targets.nested.json": ("ftm", 1, 2),
    "targets.simple.csv": ("ftm", 2, 2),
    "statements.csv": ("ftm", 7, 2),
    "seco.xml": ("seco", 2, 2),
    "canada.xml": ("canada", 2, 2),
    "ukraine.json": ("ukraine", 2, 2),
    "worldbank.json": ("worldbank", 2, 2),
    "psc.txt": ("psc", 3, 4),
    "australia.xlsx": ("australia", 4, 2),
}

UNCOUNTED = ("statements.csv", "uk.csv", "targets.simple.csv", "psc.txt")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up files, among them a workbook as DFAT publishes it."""
    openpyxl = pytest.importorskip("openpyxl")
    folder = tmp_path_factory.mktemp("lists")
    shutil.copytree(FILES, folder, dirs_exist_ok=True)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(
        ["Reference", "Name of Individual or Entity", "Type", "Name Type", "Alias Strength", "Date of Birth",
         "Place of Birth", "Citizenship", "Address", "Additional Information", "Listing Information", "IMO Number",
         "Committees", "Control Date", "Instrument of Designation", "Targeted Financial Sanction", "Travel Ban"]
    )  # fmt: skip
    sheet.append(
        ["7", "Tamsin Quillfeather", "Individual", "Primary Name", "", "24/04/1969", "Pinsk, Belarus", "Belarus",
         "Harbour Street 4, Minsk, Belarus", "Passport no: MP1234567", "Listed 2023", "", "Autonomous (Russia)",
         "09/08/2023", "Designation List 2023", "Yes", "No"]
    )  # fmt: skip
    sheet.append(["7a", "Quilly", "Individual", "Alias", "Weak", *[""] * 8, "09/08/2023"])
    sheet.append(["7b", "Тэмзин Квилфезер", "Individual", "Original Script", *[""] * 9, "09/08/2023"])
    sheet.append(["8", "Copper Gull", "Vessel", "Primary Name", *[""] * 7, "9187629", "", "18/06/2025"])
    book.save(folder / "australia.xlsx")
    return folder


def read(path: Path) -> tuple[dict[str, Entry], list[Item], Tally]:
    """The entries by their number, what stands beside them, and the tally."""
    importer = IMPORTERS[identify(path)]
    tally = Tally()
    items = list(importer.entries(importer.sources([path])[0], tally))
    return {item.id: item for item in items if isinstance(item, Entry)}, items, tally


def facts(entry: Entry, predicate: str) -> list[Fact]:
    return [fact for fact in entry.facts if fact.predicate == predicate]


def aliases(entry: Entry) -> dict[str, str]:
    """The entry's aliases with their quality."""
    return {str(fact.target): dict(fact.qualifiers)["alias_quality"] for fact in facts(entry, "also_known_as")}


def numbers(entry: Entry) -> dict[str, str]:
    return {item.scheme: item.value for item in entry.identifiers}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_publisher_is_told_by_content_alone(files: Path, tmp_path: Path, name: str) -> None:
    disguised = tmp_path / "download.bin"
    shutil.copy(files / name, disguised)
    assert identify(disguised) == EXPECTED[name][0]
    head = read_head(disguised)
    assert [key for key, importer in IMPORTERS.items() if importer.recognizes(head)] == [EXPECTED[name][0]]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_record_is_in_or_reported(files: Path, name: str) -> None:
    _, records, entries = EXPECTED[name]
    found, _, tally = read(files / name)
    assert sum(tally.read.values()) == records
    assert len(found) == entries
    assert tally.unresolved == []


@pytest.mark.parametrize("name", EXPECTED)
def test_a_cut_file_changes_nothing(files: Path, tmp_path: Path, name: str) -> None:
    whole = (files / name).read_bytes()
    with open_store(None) as store:
        for share in (0, 0.3, 0.6, 0.9):
            path = tmp_path / f"{share}-{name}"
            path.write_bytes(whole[: int(len(whole) * share)])
            if name in UNCOUNTED and share:
                continue  # a cut between two lines of a form that counts nothing cannot be told from a short list
            with pytest.raises(SourceError) as caught:
                import_files(store, [path])
            assert "\n" not in str(caught.value)
            assert list(store.quads()) == []


@pytest.mark.parametrize("name", EXPECTED)
def test_the_same_edition_again_changes_nothing(files: Path, name: str) -> None:
    with open_store(None) as store:
        options = Options(version="2026-05-04", today="2026-05-04")
        import_files(store, [files / name], options)
        before = sorted(map(str, store.quads()))
        (report,) = import_files(store, [files / name], options)
        assert report.changes is not None
        assert (report.changes.added, report.changes.removed, report.changes.changed) == ((), (), ())
        assert sorted(map(str, store.quads())) == before


def test_eu(files: Path) -> None:
    found, _, tally = read(files / "eu.xml")
    person, yard = found["EU.11.22"], found["EU.11.23"]
    assert tally.version == "2026-05-04"
    assert person.type == EntityType.PERSON
    assert aliases(person) == {"Тэмзин Квилфезер": "good", "Quilly": "weak"}
    assert ("birth_date", "1969-04") in person.attributes
    assert [fact.target.name for fact in facts(person, "citizen_of")] == ["Belarus"]  # type: ignore[union-attr]
    assert numbers(person)["passport"] == "MP 1234567"
    assert "knownExpired" in person.identifiers[0].label
    assert [(item.programmes, item.date) for item in person.listings] == [
        (("BLR",), "2024-02-02"),
        (("UKR",), "2023-06-25"),
    ]
    assert person.listings[1].legal_basis == ("Council Implementing Regulation 2023/901 (OJ L99)",)
    assert yard.type == EntityType.COMPANY
    assert numbers(yard) == {"inn": "7744001497"}
    assert ("un_reference", "QDe.999") in yard.attributes
    assert tally.empty == {"addresses": 1}


@pytest.mark.parametrize("name", ["uk.xml", "uk.csv"])
def test_uk_in_both_forms(files: Path, name: str) -> None:
    found, _, tally = read(files / name)
    person, ship = found["RUS9001"], found["RUS9003"]
    assert tally.version == "2026-05-04"
    assert person.name == "Tamsin QUILLFEATHER"
    assert aliases(person) == {"QUILLY": "weak", "Тэмзин КВИЛФЕЗЕР": "good"}
    assert ("birth_date", "1969-04-24") in person.attributes
    assert numbers(person) == {"passport": "MP1234567"}
    assert person.listings[0].measures == ("Asset freeze", "Travel Ban")
    assert person.listings[0].date == "2023-06-24"
    assert any(key == "statement_of_reasons" and "naval" in text for key, text in person.attributes)
    assert ship.type == EntityType.VESSEL
    assert numbers(ship) == {"imo": "9187629"}
    assert [fact.target.name for fact in facts(ship, "flagged_in")] == ["Gabon"]  # type: ignore[union-attr]
    assert facts(ship, "operated_by")


def test_ofac_advanced(files: Path) -> None:
    found, items, tally = read(files / "sdn_advanced.xml")
    person, company, ship = found["90001"], found["90002"], found["90003"]
    assert tally.version == "2026-05-04"
    assert person.name == "HEDGEROW, Dorian"
    assert aliases(person) == {"ХЕДЖРОУ Дориан": "good", "BRAMBLE": "weak"}
    assert {"script": "Cyrillic"}.items() <= dict(facts(person, "also_known_as")[0].qualifiers).items()
    assert {("birth_date", "1973"), ("gender", "Male")} <= set(person.attributes)
    assert numbers(person) == {"passport": "K9876543", "crypto_address": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"}
    assert next(item for item in person.identifiers if item.scheme == "passport").expires == "2030-01-15"
    (listing,) = person.listings
    assert (listing.date, listing.programmes, listing.legal_basis) == (
        "2008-03-11",
        ("SDGT",),
        ("Executive Order 13224",),
    )
    assert listing.measures == ("Block",)
    assert listing.list.startswith("Specially Designated Nationals")
    assert aliases(company) == {"THORN TRADING LLC": "previous"}
    assert numbers(ship) == {"imo": "9187629"}
    owned, linked = (item for item in items if isinstance(item, Fact))
    assert (owned.subject, owned.predicate, owned.target) == ("90002", "controlled_by", Listed("90001"))
    assert dict(owned.qualifiers) == {"relation_code": "15003", "relation_text": "Owned or Controlled By"}
    assert linked.predicate == "associated_with"
    assert linked.ended


def test_ofac_xml_forms_are_editions_of_one_list(files: Path) -> None:
    with open_store(None) as store:
        import_files(store, [files / "sdn_advanced.xml"])
        (report,) = import_files(store, [files / "sdn.xml"])
        assert report.dataset == "ofac-sdn"
        assert report.changes is not None
        assert [change.name for change in report.changes.removed] == ["HEDGEROW TRADING FZE"]
        assert report.changes.added == ()


def test_the_count_in_the_head_is_checked(files: Path, tmp_path: Path) -> None:
    path = tmp_path / "sdn.xml"
    path.write_text((files / "sdn.xml").read_text().replace("<Record_Count>2<", "<Record_Count>3<"))
    with pytest.raises(SourceError, match="2 entries where its head counts 3"):
        read(path)
    path = tmp_path / "psc.txt"
    path.write_text((files / "psc.txt").read_text().replace('control_count":2', 'control_count":3'))
    with pytest.raises(SourceError, match="2 persons with control where its totals count 3"):
        read(path)


def test_csl_json(files: Path) -> None:
    found, _, _ = read(files / "consolidated.json")
    company, person = found.values()
    assert company.listings[0].list == "Entity List"
    assert dict(aliases_or_none(company)) == {"Larkspur Micro": None, "LARKY": "weak"}
    assert numbers(company)["uscc"] == "91440300708461136T"
    assert company.identifiers[0].issued == "2001-02-03"
    assert [fact.target.name for fact in facts(company, "located_in")] == ["China"]  # type: ignore[union-attr]
    assert person.id.endswith("90001")
    assert numbers(person)["passport"] == "K9876543"


def aliases_or_none(entry: Entry) -> list[tuple[str, str | None]]:
    return [(str(fact.target), dict(fact.qualifiers).get("alias_quality")) for fact in facts(entry, "also_known_as")]


def test_opensanctions_nested(files: Path) -> None:
    found, items, _ = read(files / "targets.nested.json")
    assert aliases(found["kg-1"]) == {"Dorian Hedge": "good", "Bramble": "weak"}
    (listing,) = (item for item in items if isinstance(item, Listing))
    assert (listing.subject, listing.date) == ("kg-1", "2008-03-11")
    (owned,) = (item for item in items if isinstance(item, Fact))
    assert (owned.subject, owned.predicate, owned.target, owned.percent) == ("kg-2", "owned_by", Listed("kg-1"), 60)
    assert numbers(found["kg-2"]) == {"lei": "5493001KJTIIGC8Y1R12"}


def test_opensanctions_simple(files: Path) -> None:
    found, items, _ = read(files / "targets.simple.csv")
    assert aliases(found["kg-1"]) == {"Dorian Hedge": "good", "Bramble": "good"}
    assert numbers(found["kg-1"]) == {"national_id": "K9876543"}
    assert [item.subject for item in items if isinstance(item, Listing)] == ["kg-1"]


def test_opensanctions_statements_keep_their_ids(files: Path) -> None:
    found, items, _ = read(files / "statements.csv")
    assert found["kg-1"].type == EntityType.PERSON
    (alias,) = facts(found["kg-1"], "also_known_as")
    assert ("statement_id", "stmt-2") in alias.qualifiers
    assert "stmt-1" in found["kg-1"].row.text
    assert [item.subject for item in items if isinstance(item, Listing)] == ["kg-1"]


def test_seco(files: Path) -> None:
    found, _, tally = read(files / "seco.xml")
    person, yard = found["100"], found["101"]
    assert tally.version == "2026-05-04"
    assert person.name == "Tamsin Quillfeather"
    assert aliases(person) == {"Тэмзин КВИЛФЕЗЕР": "good", "Quilly": "weak"}
    assert ("birth_date", "1969-04-24") in person.attributes
    assert person.listings[0].date == "2023-07-01"
    assert person.listings[0].programmes == ("Measures against Belarus",)
    assert "Ghost" not in person.row.text
    assert yard.listings[0].date_end == "2025-02-01"
    assert facts(person, "associated_with")[0].target == Listed("101")


def test_canada(files: Path) -> None:
    found, _, _ = read(files / "canada.xml")
    person, ship = found.values()
    assert person.name == "Tamsin Quillfeather"
    assert set(aliases(person)) == {"Tamsyn Quillfeather", "Quilly"}
    assert person.listings[0].date == "2023-08-09"
    assert ship.type == EntityType.VESSEL
    assert numbers(ship) == {"imo": "9187629"}


def test_ukraine(files: Path) -> None:
    found, _, _ = read(files / "ukraine.json")
    assert found["12"].name == "КВІЛФЕЗЕР ТЕМЗІН ОРЛІВНА"
    assert found["12"].listings[0].measures == ("Блокування активів", "Заборона в'їзду")
    assert numbers(found["12"]) == {"passport": "MP1234567"}
    assert found["99"].listings[0].date_end == "2025-03-04"


def test_world_bank(files: Path) -> None:
    found, _, _ = read(files / "worldbank.json")
    assert found["700001"].name == "LARKSPUR CIVIL WORKS LTD"
    assert set(aliases(found["700001"])) == {"Larkspur Works"}
    assert found["700001"].listings[0].date_end is None
    assert found["700002"].type == EntityType.PERSON
    assert found["700002"].name == "DORIAN HEDGEROW"


def test_psc(files: Path) -> None:
    found, items, tally = read(files / "psc.txt")
    assert tally.version == "2026-05-04"
    held = [item for item in items if isinstance(item, Fact)]
    assert [(fact.predicate, fact.ended) for fact in held] == [
        ("owned_by", False),
        ("controlled_by", False),
        ("owned_by", True),
    ]
    person = next(entry for entry in found.values() if entry.type == EntityType.PERSON)
    assert ("birth_date", "1969-04") in person.attributes
    assert person.name == "Tamsin Orla Quillfeather"
    assert [reason for _, _, reason in tally.skipped] == [
        "persons-with-significant-control-statement names nobody who controls"
    ]


def test_australia(files: Path) -> None:
    found, _, tally = read(files / "australia.xlsx")
    assert tally.version == "2025-06-18"
    assert aliases(found["7"]) == {"Quilly": "weak", "Тэмзин Квилфезер": "good"}
    assert ("birth_date", "1969-04-24") in found["7"].attributes
    assert found["7"].listings[0].measures == ("Targeted Financial Sanction",)
    assert found["7"].listings[0].date == "2023-08-09"
    assert numbers(found["8"]) == {"imo": "9187629"}


def test_bods_samples(shared: Path) -> None:
    for path in sorted((shared / "lists" / "samples" / "bods").glob("*.json")):
        assert identify(path) == "bods", path.name
        found, items, tally = read(path)
        assert sum(tally.read.values()) == len(found) + len(tally.skipped) + len(
            {item.row.number for item in items if isinstance(item, Fact)}
        ), path.name


def test_followthemoney_samples(shared: Path) -> None:
    for path in sorted((shared / "lists" / "samples" / "ftm").glob("*.json")):
        assert identify(path) == "ftm", path.name
        _, items, tally = read(path)
        told = {item.row.number for item in items if not isinstance(item, Listing)} | {
            item.row.number for item in items if isinstance(item, Listing) and item.row
        }
        assert sum(tally.read.values()) == len(told | {row for _, row, _ in tally.skipped}), path.name
