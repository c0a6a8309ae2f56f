"""A file of another data set ends nothing; a file with nothing in it is refused; an export counts its statements."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import SourceError
from kg.lists.importer import Options, import_files, import_list
from kg.lists.publishers import IMPORTERS
from kg.store import Store, open_store
from kg.store.backup import restore
from tests import handmade

FILES = Path(__file__).parent / "files"


def company(number: str, **more: object) -> str:
    return json.dumps({"id": number, "schema": "Company", "properties": {"name": [f"Company {number}"]}, **more})


def sanction(number: str) -> str:
    listed = {"entity": [number], "authority": ["Example Office"]}
    return json.dumps({"id": f"s-{number}", "schema": "Sanction", "properties": listed})


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


def content(store: Store) -> list[str]:
    return sorted(map(str, store.quads()))


@pytest.mark.parametrize("by", ["folder", "index", "content"])
def test_two_data_sets_in_files_of_one_name_stand_side_by_side(tmp_path: Path, by: str) -> None:
    paths = []
    for name in ("north", "south"):
        folder = tmp_path / (name if by == "folder" else f"2024010{len(paths)}")
        told = {"datasets": [name]} if by == "content" else {}
        path = write(folder / "entities.ftm.json", company(f"{name}-1", **told), sanction(f"{name}-1"))
        if by == "index":
            (folder / "index.json").write_text(json.dumps({"name": name}))
        paths.append(path)
    with open_store(None) as store:
        reports = [import_files(store, [path], Options(version="2026-01-01"))[0] for path in paths]
        assert [report.dataset for report in reports] == ["ftm-north", "ftm-south"]
        assert all(report.changes is None for report in reports)


def test_another_data_set_under_the_same_name_is_refused(tmp_path: Path) -> None:
    first = write(tmp_path / "a" / "latest" / "entities.ftm.json", company("1"), sanction("1"))
    other = write(tmp_path / "a" / "entities.ftm.json", company("2"), sanction("2"))
    with open_store(None) as store:
        import_files(store, [first], Options(version="2026-01-01", dataset="mine"))
        before = content(store)
        with pytest.raises(SourceError, match="another data set"):
            import_files(store, [other], Options(version="2026-01-02", dataset="mine"))
        assert content(store) == before
        (report,) = import_files(store, [other], Options(version="2026-01-02", dataset="theirs"))
        assert report.dataset == "theirs"
        import_files(store, [other], Options(version="2026-01-02", dataset="mine", allow_shrink=True))


def test_a_name_that_is_none_is_refused() -> None:
    with open_store(None) as store, pytest.raises(SourceError, match="no name for a data set"):
        import_files(store, [FILES / "eu.xml"], Options(dataset="../x"))


EMPTY = {
    "eu": '<export xmlns="urn:x" generationDate="2026-05-05"></export>',
    "uk": "<Designations><DateGenerated>2026-05-05</DateGenerated></Designations>",
    "seco": '<swiss-sanctions-list date="2026-05-05"></swiss-sanctions-list>',
    "canada": "<data-set></data-set>",
    "un": '<CONSOLIDATED_LIST dateGenerated="2026-05-05"><INDIVIDUALS/><ENTITIES/></CONSOLIDATED_LIST>',
    "ofac-xml": "<sdnList><publshInformation><Publish_Date>05/05/2026</Publish_Date></publshInformation></sdnList>",
    "csl-json": '{"total": 0, "results": []}',
    "ukraine": "[]",
    "worldbank": '{"response": {"ZPROCSUPP": []}}',
    "ftm": "\n",
    "csl": "source,entity_number,type,programs,name,addresses,alt_names,source_list_url,ids\n",
    "entity-list": "name,type,aliases,country,city,citation,published,effective,reason\n",
    "dpl": "Name\tStreet_Address\tCity\tState\tCountry\tPostal_Code\tEffective_Date\tExpiration_Date\tStandard_Order\t"
    "Last_Update\tAction\tFR_Citation\n",
}


@pytest.mark.parametrize("publisher", EMPTY)
def test_a_list_without_an_entry_is_refused(tmp_path: Path, publisher: str) -> None:
    path = write(tmp_path / "list.txt", EMPTY[publisher].removesuffix("\n"))
    with open_store(None) as store:
        import_files(store, [FILES / "eu.xml"])
        before = content(store)
        with pytest.raises(SourceError, match=r"no entry|no FollowTheMoney"):
            import_list(store, publisher, [path])
        assert content(store) == before


def test_a_small_list_does_not_shrink_to_none(tmp_path: Path) -> None:
    first = write(tmp_path / "mine.ftm.json", company("1"), sanction("1"), company("2"), sanction("2"))
    with open_store(None) as store:
        import_files(store, [first], Options(version="2026-01-01"))
        before = content(store)
        write(first, company("1"), company("2"))
        with pytest.raises(SourceError, match="2 of 2 designations would end"):
            import_files(store, [first], Options(version="2026-01-02"))
        assert content(store) == before
        write(first, company("1"), sanction("1"), company("2"))
        (report,) = import_files(store, [first], Options(version="2026-01-02"))
        assert report.changes is not None
        assert len(report.changes.removed) == 1


def test_a_file_that_is_no_list_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "notes.txt", "hello", "world")
    run = CliRunner().invoke(cli, ["import", str(path), "--store", str(tmp_path / "store")])
    assert run.exit_code == 1
    with open_store(None) as store, pytest.raises(SourceError, match="no list that is known by its content"):
        import_files(store, [FILES / "eu.xml", path])


def test_the_lists_are_named(tmp_path: Path) -> None:
    run = CliRunner().invoke(cli, ["import", "--list"])
    assert run.exit_code == 0
    assert [line.split()[0] for line in run.output.splitlines()] == list(IMPORTERS)


def test_a_folder_of_lists(tmp_path: Path) -> None:
    for name in ("eu.xml", "uk.xml", "seco.xml"):
        (tmp_path / name).write_bytes((FILES / name).read_bytes())
    (tmp_path / "index.json").write_text("{}")
    run = CliRunner().invoke(cli, ["import", str(tmp_path), "--store", str(tmp_path / "store")])
    assert run.exit_code == 0, run.output
    assert [line.split(":")[0] for line in run.output.splitlines() if line[0] != " "] == [
        "eu-fsf",
        "ch-seco",
        "uk-sanctions",
    ]


@pytest.mark.parametrize("ending", [".nq", ".nq.gz"])
def test_an_export_cut_between_two_lines_is_refused(tmp_path: Path, ending: str) -> None:
    with open_store(tmp_path / "old") as old:
        handmade.fill(old)
    path = tmp_path / "all.nq"
    run = CliRunner().invoke(cli, ["export", "--store", str(tmp_path / "old"), "--format", "nq", "-o", str(path)])
    assert run.exit_code == 0
    lines = path.read_bytes().splitlines(keepends=True)
    with open_store(None) as store:
        handmade.fill(store)
        before = content(store)
        for count in (0, 1, len(lines) // 2, len(lines) - 1):
            cut = tmp_path / f"cut-{count}{ending}"
            data = b"".join(lines[:count])
            cut.write_bytes(gzip.compress(data) if ending.endswith("gz") else data)
            with pytest.raises(SourceError, match="empty or cut"):
                restore(store, cut)
        fewer = tmp_path / f"fewer{ending}"
        data = b"".join([*lines[:5], *lines[6:]])
        fewer.write_bytes(gzip.compress(data) if ending.endswith("gz") else data)
        with pytest.raises(SourceError, match="where its end counts"):
            restore(store, fewer)
        assert content(store) == before
