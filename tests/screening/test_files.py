"""Files of names in every form, column language and encoding; every row is answered, and a killed run goes on."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli.screen import FOUND, screen
from kg.errors import SourceError
from kg.lists.importer import import_files
from kg.resolve.customers import birth_date, read_customers
from kg.resolve.numbers import number
from kg.resolve.screening import Query, Screener
from kg.store import open_store

FILES = Path(__file__).parents[1] / "lists" / "files"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with the made-up EU, UK and OFAC lists."""
    folder = tmp_path_factory.mktemp("store") / "store"
    with open_store(folder) as opened:
        import_files(opened, [FILES / "eu.xml", FILES / "uk.xml", FILES / "sdn_advanced.xml"])
    return str(folder)


def run(store: str, *arguments: str) -> Result:
    return CliRunner().invoke(screen, [*arguments, "--store", store], catch_exceptions=False)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


FORMS = {
    "comma": ("name,birth_date\nTamsin Quillfeather,1969\nJan Nobody,\n", "utf-8"),
    "semicolon, German": ("Kundenname;Geburtsdatum\nTamsin Quillfeather;24.04.1969\nJan Nobody;\n", "utf-8"),
    "tab, Russian, cp1251": ("Фамилия\tИмя\tДата рождения\nКвилфезер\tТэмзин\t24.04.1969\nНиктоев\tЯн\t\n", "cp1251"),
    "pipe, French, latin-1": ("Prénom|Nom|Né le\nTamsin|Quillfeather|24/04/1969\nJan|Nobody|\n", "latin-1"),
    "name beside given name, Turkish": ("Ad;Soyad\nTamsin;Quillfeather\nJan;Nobody\n", "utf-8"),
    "family name as name, German": ("Vorname;Name\nTamsin;Quillfeather\nJan;Nobody\n", "utf-8"),
    "UTF-16, Spanish": ("Nombre completo;País\nTamsin Quillfeather;Bielorrusia\nJan Nobody;\n", "utf-16"),
    "UTF-8 with a mark": ("\ufeffname\nTamsin Quillfeather\nJan Nobody\n", "utf-8"),
    "one name a line": ("Tamsin Quillfeather\nJan Nobody\n", "utf-8"),
    "one name a line with commas": ("QUILLFEATHER, Tamsin\nNOBODY, Jan\n", "utf-8"),
    "JSON lines": ('{"name": "Tamsin Quillfeather", "dob": "1969"}\n{"name": "Jan Nobody"}\n', "utf-8"),
    "JSON": ('[{"full_name": "Tamsin Quillfeather"}, {"full_name": "Jan Nobody"}]', "utf-8"),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_file_is_read(store: str, tmp_path: Path, form: str) -> None:
    text, encoding = FORMS[form]
    path = tmp_path / "names.dat"
    path.write_bytes(text.encode(encoding))
    result = run(store, "--file", str(path), "--format", "csv")
    assert result.exit_code == FOUND, result.output
    found = rows(result.stdout)
    results = {row["row"]: row["result"] for row in found}
    assert list(results.values()) == ["match", "no match"]
    assert {row["list id"] for row in found if row["result"] == "match"} >= {"EU.11.22"}


def test_a_workbook_is_read(store: str, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Firma", "IMO-Nummer"])
    book.active.append(["Tin Whistle Shipyard", None])
    book.active.append(["Sea Nothing", 9187629])
    book.save(tmp_path / "kunden.xlsx")
    found = rows(run(store, "--file", str(tmp_path / "kunden.xlsx"), "--format", "csv").stdout)
    assert {row["row"]: row["result"] for row in found} == {"2": "match", "3": "match"}
    assert {row["listed name"] for row in found if row["row"] == "3"} == {"COPPER GULL"}


def test_every_row_has_its_answer_and_what_tells_namesakes_apart(store: str, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(
        "Kunden-Nr;name;birth_date;Notiz\nK1;Tamsin Quillfeather;soon;x\nK2;;;\nK3;Jan Nobody;;\nK4;a;b;c;d;e\n"
    )
    result = run(store, "--file", str(path), "--format", "csv")
    found = rows(result.stdout)
    assert [(row["reference"], row["result"]) for row in found if row["list id"] in ("", "EU.11.22")] == [
        ("K1", "match"),
        ("K2", "not screened"),
        ("K3", "no match"),
        ("K4", "not screened"),
    ]
    first = next(row for row in found if row["list id"] == "EU.11.22")
    assert first["note"] == "the date of birth 'soon' was not read"
    assert (first["birth dates"], first["countries"], first["edition"]) == ("1969-04", "Belarus", "2026-05-04")
    assert first["entity"].startswith("https://")
    uk = next(row for row in found if row["list id"] == "RUS9001")
    assert uk["measures"] == "Asset freeze; Travel Ban"
    assert "not used: Notiz" in result.stderr
    assert "4 rows: 1 with a match, 1 without, 2 not screened" in result.stderr


def test_columns_are_named_where_headers_do_not_tell(store: str, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("x1;x2\nTamsin Quillfeather;1969\n")
    with pytest.raises(SourceError, match="no column that holds names"):
        run(store, "--file", str(path))
    assert run(store, "--file", str(path), "--columns", "name=x1,birth_date=x2").exit_code == FOUND
    with pytest.raises(SourceError, match="no column 'x9'"):
        run(store, "--file", str(path), "--columns", "name=x9")
    with pytest.raises(SourceError, match="no field 'colour'"):
        run(store, "--file", str(path), "--columns", "colour=x1")


def test_the_exit_status_tells_hits(store: str, tmp_path: Path) -> None:
    assert run(store, "Tamsin Quillfeather").exit_code == FOUND
    assert run(store, "Jan Nobody").exit_code == 0
    assert run(store, "Tamsin Quillfeather", "--birth-date", "31.13.1990").exit_code == 2
    assert run(store, "Tamsin Quillfeather", "--birth-date", "31.12.1990").exit_code == 0
    assert run(store, "x", "--type", "Spoon").exit_code == 2


def test_a_store_without_a_list_is_an_error(tmp_path: Path) -> None:
    with open_store(tmp_path / "empty"):
        pass
    with pytest.raises(SourceError, match="no official list"):
        run(str(tmp_path / "empty"), "Anybody")


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_killed_run_goes_on(store: str, tmp_path: Path, form: str) -> None:
    path, output = tmp_path / "names.csv", tmp_path / f"out.{form}"
    names = ["Tamsin Quillfeather", 'A "quoted", name', "Copper Gull", "Jan Nobody", "Dorian Hedgerow"] * 4
    text = io.StringIO()
    csv.writer(text).writerows([["name"], *([name] for name in names)])
    path.write_text(text.getvalue())
    assert run(store, "--file", str(path), "-o", str(output), "--format", form).exit_code == FOUND
    whole = output.read_bytes()
    with pytest.raises(SourceError, match="exists already"):
        run(store, "--file", str(path), "-o", str(output), "--format", form)
    for share in (0.0, 0.1, 0.33, 0.5, 0.77, 0.99, 1.0):
        output.write_bytes(whole[: int(len(whole) * share)])
        run(store, "--file", str(path), "-o", str(output), "--format", form, "--resume")
        assert output.read_bytes() == whole, share


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("imo:9187629", {"COPPER GULL"}),
        ("IMO 9187629", {"COPPER GULL"}),
        ("9187629", {"COPPER GULL"}),
        ("passport:MP-123 4567", {"Tamsin Orla QUILLFEATHER", "Tamsin QUILLFEATHER"}),
        ("mp1234567", {"Tamsin Orla QUILLFEATHER", "Tamsin QUILLFEATHER"}),
        ("inn:7744001497", {"Tin Whistle Shipyard LLC"}),
        ("1BoatSLRHtKNngkdXEeobR76b53LETtpyT", {"HEDGEROW, Dorian"}),
        ("1boatslrhtknngkdxeeobr76b53letttyt", set()),
        ("imo:9187628", set()),
        ("lei:9187629", set()),
    ],
)
def test_by_number(store: str, asked: str, expected: set[str]) -> None:
    result = run(store, "--id", asked, "--format", "json")
    (found,) = json.loads(result.stdout)
    assert {match["name"] for match in found["matches"]} == expected
    assert result.exit_code == (FOUND if expected else 0)


def test_a_wrong_check_digit_is_told(store: str) -> None:
    assert number("imo:9187628").valid is False
    assert "its check digit is wrong" in run(store, "--id", "imo:9187628").output


def test_dates_of_a_customer_file() -> None:
    assert birth_date("1990-12-31 00:00:00") == "1990-12-31"
    assert birth_date("5.6.1970") == "1970-06-05"
    assert birth_date("13/06/1970") == "1970-06-13"
    assert birth_date("06/13/1970") == "1970-06-13"
    assert birth_date("5/6/1970") == "1970"
    assert birth_date("12 March 1970") == "1970-03-12"
    assert birth_date("32.01.1970") == ""


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.write_text("")
    with pytest.raises(SourceError, match="the file is empty"):
        read_customers(path)


def test_an_entry_that_nobody_designates_is_no_hit(tmp_path: Path) -> None:
    path = tmp_path / "family.ftm.json"
    path.write_text(
        "\n".join(
            json.dumps(record)
            for record in (
                {"id": "a", "schema": "Person", "properties": {"name": ["Dorian Hedgerow"]}},
                {"id": "b", "schema": "Person", "properties": {"name": ["Petra Unlistedova"]}},
                {"id": "f", "schema": "Family", "properties": {"person": ["a"], "relative": ["b"]}},
                {"id": "s", "schema": "Sanction", "properties": {"entity": ["a"], "authority": ["Example Office"]}},
            )
        )
        + "\n"
    )
    with open_store(None) as store:
        import_files(store, [path])
        assert Screener.of(store).screen(Query("Petra Unlistedova")) == []
        (match,) = Screener.of(store, "all").screen(Query("Petra Unlistedova"))
        assert match.listings == ()
