"""Files of every format, made of their real parts: read whole, and refused with one line where damaged."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.documents import read, read_all
from kg.errors import SourceError

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
SENTENCE = "Britain sanctioned Moss Shipping Ltd."


def packed(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def word() -> bytes:
    cells = [["Name", "Nationality"], ["Jan Rell", "Norway"]]
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) + "</w:tr>"
        for row in cells
    )
    body = f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p><w:tbl>{rows}</w:tbl>"
    return packed(
        **{
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELATIONS,
            "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
        }
    )


def open_document() -> bytes:
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "text", "table")
    )
    row = "<table:table-row>{}</table:table-row>"
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rows = "".join(
        row.format("".join(cell.format(one) for one in line))
        for line in (("Name", "Nationality"), ("Jan Rell", "Norway"))
    )
    body = f"<text:h text:outline-level='1'>Notice</text:h><text:p>{SENTENCE}</text:p><table:table>{rows}</table:table>"
    content = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"<office:document-content {names}>{content}</office:document-content>"
    return packed(**{"content.xml": content})


def book() -> bytes:
    return packed(
        **{
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="O/p.opf"/></rootfiles></container>',
            "O/p.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<metadata><dc:title>Yearbook</dc:title><dc:date>2020-01-02</dc:date></metadata><manifest>"
            '<item id="b" href="2.xhtml"/><item id="a" href="1.xhtml"/></manifest><spine><itemref idref="a"/>'
            '<itemref idref="b"/></spine></package>',
            "O/1.xhtml": '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body>'
            f"<h1>One</h1><p>{SENTENCE}</p></body></html>",
            "O/2.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Größe.</p></body></html>',
        }
    )


def message() -> bytes:
    return (
        b"From: Press <press@example.org>\nSubject: A notice\nDate: Tue, 5 Mar 2024 10:00:00 +0000\n"
        b"Content-Type: text/plain; charset=utf-8\n\n" + SENTENCE.encode() + b"\n"
    )


RULE = (
    "<RULE><PREAMB><AGENCY>DEPARTMENT OF COMMERCE</AGENCY><SUBJECT>Additions</SUBJECT></PREAMB><PRTPAGE P='7'/>"
    f"<P>{SENTENCE}</P><GPOTABLE><BOXHD><CHED>Name</CHED><CHED>Nationality</CHED></BOXHD>"
    "<ROW><ENT>Jan Rell</ENT><ENT>Norway</ENT></ROW></GPOTABLE></RULE>"
).encode()
FILES: dict[str, Callable[[], bytes]] = {
    "a.docx": word,
    "a.odt": open_document,
    "a.epub": book,
    "a.rtf": lambda: rb"{\rtf1\ansi " + SENTENCE.encode() + rb"\par Gr\u246?\'dfe.}",
    "a.eml": message,
    "a.xml": lambda: RULE,
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_each_format_is_read_whole(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    found = next(read([path]))
    assert SENTENCE in found.text
    if name in ("a.docx", "a.odt", "a.xml"):
        assert "| Name | Nationality |\n| Jan Rell | Norway |" in found.text


def test_what_a_file_tells_of_itself_is_kept(tmp_path: Path) -> None:
    for name in ("a.epub", "a.eml"):
        (tmp_path / name).write_bytes(FILES[name]())
    mail, yearbook = (next(read([tmp_path / name])) for name in ("a.eml", "a.epub"))
    assert (mail.title, mail.date) == ("A notice", "2024-03-05")
    assert (yearbook.title, yearbook.date) == ("Yearbook", "2020-01-02")
    assert yearbook.text.index("# One") < yearbook.text.index("Größe.")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("raw", [b"", b"garbage \xff", b"\xd0\xcf\x11\xe0" + bytes(600), packed(x="y")])
def test_a_damaged_file_ends_in_one_line(name: str, raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    (found,) = read_all([path])
    assert isinstance(found, SourceError)
    assert "\n" not in str(found)
    assert name in str(found)


def test_a_truncated_word_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(word()[:300])
    (found,) = read_all([tmp_path / "a.docx"])
    assert isinstance(found, SourceError)


def test_a_column_of_a_sheet_holds_the_texts(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id;Body;date\nx;One text;2020-01-01\n;Two;\n;;2020-01-01\n", encoding="utf-8")
    first, second, third = read_all([path], column="body", date="2021")
    assert not isinstance(first, SourceError)
    assert not isinstance(second, SourceError)
    assert (first.id, first.text, first.date) == ("x", "One text", "2020-01-01")
    assert (second.id, second.text, second.date) == ("s-3", "Two", "2021")
    assert "s.csv:4: there is no text in it" in str(third)


def test_a_sheet_without_the_column_tells_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("name,body\na,b\n", encoding="utf-8")
    (found,) = read_all([path])
    assert "no column 'text'; its columns: 'name', 'body'" in str(found)


def test_a_workbook_is_read(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book_ = openpyxl.Workbook()
    book_.active.append(["title", "text"])
    book_.active.append(["T", SENTENCE])
    book_.save(tmp_path / "s.xlsx")
    found = next(read([tmp_path / "s.xlsx"]))
    assert (found.title, found.text) == ("T", SENTENCE)
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 broken")
    (wrong,) = read_all([tmp_path / "b.xlsx"])
    assert "no workbook that can be read" in str(wrong)


def test_what_is_not_read_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a.txt").write_text("Text", encoding="utf-8")
    (tmp_path / "b.msg").write_bytes(b"\xd0\xcf\x11\xe0")
    told = [str(one) for one in read_all([tmp_path]) if isinstance(one, SourceError)]
    assert len(told) == 1
    assert "b.msg: files of the kind '.msg' are not read; save the message as .eml" in told[0]
    with caplog.at_level(logging.WARNING, "kg.documents"):
        assert [one.id for one in read([tmp_path])] == ["a"]
    assert "b.msg" in caplog.text


def test_a_fragment_in_utf_8_and_a_page_of_two_encodings_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes("<p>Größe – Öl und Łódź.</p>".encode())
    (tmp_path / "b.html").write_bytes("<p>Łódź, Łódź, Łódź and Łódź: ".encode() + b"\x93quoted\x94</p>")
    first, second = read([tmp_path / "a.html", tmp_path / "b.html"])
    assert first.text == "Größe – Öl und Łódź."
    assert second.text.endswith("“quoted”")


def test_cells_that_span_stand_in_each_row_and_column(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<html><body><table><tr><th rowspan=2>Name<th colspan=2>Born<tr><th>Date<th>Place"
        "<tr><td>Jan Rell<td>1970<td>Oslo</table></body></html>",
        encoding="utf-8",
    )
    found = next(read([tmp_path / "a.html"]))
    assert found.text == "| Name | Born | Born |\n| Name | Date | Place |\n| Jan Rell | 1970 | Oslo |"
