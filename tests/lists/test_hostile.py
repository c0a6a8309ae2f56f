"""Damaged, hostile and foreign files: one line that names file and place, and a store that is as it was."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.lists.importer import import_list
from kg.store import open_store
from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "entity-list-2019-10-09.csv"
SDN = '36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
ADD = '36,25,-0- ,"Havana","Cuba",-0- \r\n'
UN = (
    '<?xml version="1.0" encoding="UTF-8"?>{doctype}<CONSOLIDATED_LIST dateGenerated="2026-02-27"><INDIVIDUALS>'
    "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>{name}</FIRST_NAME><REFERENCE_NUMBER>QDi.1</REFERENCE_NUMBER>"
    "<LISTED_ON>2001-01-25</LISTED_ON></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>"
)
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def laughs(path: Path) -> None:
    path.write_text(UN.format(doctype=LAUGHS, name="&c;"), "utf-8")


def outside(path: Path) -> None:
    path.write_text(UN.format(doctype=OUTSIDE, name="&a;"), "utf-8")


def nested(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("<CONSOLIDATED_LIST>")
        for _ in range(400):
            file.write("<a>" * 20_000)


def endless_text(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><COMMENTS1>")
        for _ in range(400):
            file.write("x" * 60_000)


def cut_xml(path: Path) -> None:
    path.write_text(UN.format(doctype="", name="A")[:-60], "utf-8")


def latin_xml(path: Path) -> None:
    path.write_bytes(UN.format(doctype="", name="JOSÉ").encode("latin-1"))


def open_quote(path: Path) -> None:
    path.write_text(SDN + '37,"BROKEN,-0- \r\n' + SDN.replace("36", "38") * 3, "utf-8")


def quote_within(path: Path) -> None:
    path.write_text(SDN + SDN.replace("36,", "37,").replace("AEROCARIBBEAN", 'AERO" CARIBBEAN'), "utf-8")


def cut_row(path: Path) -> None:
    path.write_text(SDN + SDN.replace("36,", "37,")[:40], "utf-8")


def cut_last_field(path: Path) -> None:
    path.write_text(SDN + SDN.replace("36,", "37,").rstrip("\r\n")[:-3], "utf-8")


def endless_line(path: Path) -> None:
    path.write_bytes(SDN.encode() + b"37," + b"x" * (3 << 20))


def latin_csv(path: Path) -> None:
    path.write_bytes(SDN.replace("CUBA", "PERÚ").encode("latin-1"))


def wide_csv(path: Path) -> None:
    path.write_bytes(SDN.encode("utf-16"))


def twice(path: Path) -> None:
    path.write_text(SDN * 2, "utf-8")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def ragged_json(path: Path) -> None:
    path.write_text('{"id": "a", "schema": "Person", "properties": {}}\n{"id": "b", "sch', "utf-8")


def deep_json(path: Path) -> None:
    path.write_text("[" * 100_000 + "]" * 100_000 + "\n", "utf-8")


def foreign(path: Path) -> None:
    path.write_text(EXAMPLE.read_text("utf-8"), "utf-8")


CASES = [
    ("un", "list.xml", laughs, "DTD"),
    ("un", "list.xml", outside, "DTD"),
    ("un", "list.xml", nested, "nested deeper"),
    ("un", "list.xml", endless_text, "longer than 4 MiB"),
    ("un", "list.xml", cut_xml, "not well-formed"),
    ("un", "list.xml", latin_xml, "not well-formed|encoding"),
    ("un", "list.csv", foreign, "looks like a list for: kg import entity-list"),
    ("ofac", "sdn.csv", open_quote, "broken quoting"),
    ("ofac", "sdn.csv", quote_within, "broken quoting"),
    ("ofac", "sdn.csv", cut_row, "broken quoting|columns"),
    ("ofac", "sdn.csv", cut_last_field, "no end"),
    ("ofac", "sdn.csv", endless_line, "longer than 1 MiB"),
    ("ofac", "sdn.csv", latin_csv, "not UTF-8"),
    ("ofac", "sdn.csv", wide_csv, "UTF-16"),
    ("ofac", "sdn.csv", twice, "second time"),
    ("ofac", "sdn.csv", empty, "empty"),
    ("ofac", "list.csv", foreign, "looks like a list for: kg import entity-list"),
    ("dpl", "list.csv", foreign, "looks like a list for: kg import entity-list"),
    ("csl", "list.csv", foreign, "looks like a list for: kg import entity-list"),
    ("ftm", "list.json", ragged_json, "not JSON"),
    ("ftm", "list.json", deep_json, "not JSON"),
    ("ftm", "list.json", foreign, "looks like a list for: kg import entity-list"),
    ("entity-list", "sdn.csv", lambda path: path.write_text(SDN, "utf-8"), "looks like a list for: kg import ofac"),
]


@pytest.mark.parametrize(("publisher", "name", "make", "message"), CASES)
def test_a_bad_file_is_told_in_one_line_and_changes_nothing(
    tmp_path: Path, publisher: str, name: str, make: Callable[[Path], None], message: str
) -> None:
    path = tmp_path / name
    make(path)
    with open_store(None) as store:
        import_list(store, "entity-list", [EXAMPLE])
        before = sorted(map(str, store.quads()))
        tracemalloc.start()
        with pytest.raises(SourceError, match=message) as caught:
            import_list(store, publisher, [path])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert sorted(map(str, store.quads())) == before
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)
    assert peak < 40 << 20


def test_addresses_of_entries_that_a_cut_file_lost(tmp_path: Path) -> None:
    (tmp_path / "sdn.csv").write_text(SDN, "utf-8")
    (tmp_path / "add.csv").write_text("".join(ADD.replace("36,", f"{number},") for number in range(36, 60)), "utf-8")
    with open_store(None) as store:
        with pytest.raises(SourceError, match="23 records belong to entries that the primary file does not hold"):
            import_list(store, "ofac", [tmp_path])
        assert store.graph_names() == []


def test_a_missing_file_and_an_unknown_publisher(tmp_path: Path) -> None:
    with open_store(None) as store:
        with pytest.raises(SourceError, match="no such file"):
            import_list(store, "un", [tmp_path / "none.xml"])
        with pytest.raises(SourceError, match="no such publisher"):
            import_list(store, "fbi", [EXAMPLE])


def test_the_end_of_file_mark_of_the_us_agencies(tmp_path: Path) -> None:
    (tmp_path / "sdn.csv").write_bytes(SDN.encode() + b"\x1a")
    with open_store(None) as store:
        (report,) = import_list(store, "ofac", [tmp_path])
        assert report.tally.counts["entries"] == 1
