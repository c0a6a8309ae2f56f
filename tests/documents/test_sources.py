"""Files, folders and streams become documents with their text as it stands; what is no text is refused by name."""

# ruff: noqa: E501, PT017 - one case a line reads best; either outcome of a property is asserted on
from __future__ import annotations

import gzip
import io
import json
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.documents import read, read_all
from kg.documents.dates import publication_date
from kg.documents.records import records
from kg.documents.text import MAX_BYTES, decode
from kg.errors import SourceError
from kg.model import Document
from tests.conftest import SEED

PAGE = """<!doctype html><html><head><title>A page</title>
<meta property="article:published_time" content="2019-10-08T10:00:00Z"></head><body><nav>Home About</nav>
<article><h1>The yard</h1><p>Example Yard was <b>added</b> to a list &amp; its owner was named on the same day by the ministry.</p>
<h2>Why</h2><ul><li>First ground</li><li>Second ground</li></ul><p>The second paragraph has words enough to be kept as it is.</p>
</article><script>alert(1)</script></body></html>"""


def one(path: Path, **options: str) -> Document:
    (document,) = read([str(path)], **options)
    return document


def error(path: Path | str) -> str:
    with pytest.raises(SourceError) as caught:
        list(read([str(path)]))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def pdf_bytes(*pages: str, title: str = "A report") -> bytes:
    """A PDF with one line of text for each line of each page."""
    objects = ["", "", ""]  # catalogue, tree of pages, font
    kids = []
    for page in pages:
        lines = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in page.split("\n")]
        stream = "BT /F1 12 Tf 50 740 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = "<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    objects[2] = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects.append(f"<< /Title ({title}) >>")
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    size, start = len(objects) + 1, len(body)
    return body + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}\nstartxref\n{start}\n%%EOF\n".encode()


def test_a_text_is_kept_as_it_stands() -> None:
    document = one(SEED, date="2019-10-08")
    assert document.id == "china-to-hit-back-over-us-tech-blacklist"
    assert document.text == SEED.read_text(encoding="utf-8")
    assert (document.date, document.source) == ("2019-10-08", SEED.as_posix())


def test_mark_and_line_ends_are_the_only_things_changed(tmp_path: Path) -> None:
    text = one(write(tmp_path / "a.txt", b"\xef\xbb\xbf one \r\ntwo\rthree\n\n")).text
    assert text == " one \ntwo\nthree\n\n"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1))
def test_every_utf8_text_comes_back_as_pythons_text_mode_reads_it(text: str) -> None:
    raw = text.encode()
    try:
        read_back = decode(raw, "x")
    except SourceError:
        assert raw[:4] in (b"%PDF", b"GIF8", b"PK\x03\x04", b"\x7fELF") or raw.startswith((b"SQLite format 3",))
        return
    assert read_back == io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig").read()
    assert decode(read_back.encode(), "x") in (read_back, read_back.removeprefix("\ufeff"))


@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_give_a_text_or_an_error_of_one_line(raw: bytes) -> None:
    try:
        text = decode(raw, "x.txt")
    except SourceError as error:
        assert str(error).startswith("x.txt: ")
        assert len(str(error).splitlines()) == 1
    else:
        assert "\r" not in text
        assert "\x00" not in text


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("a.txt", b"", "there is no text in it"),
        ("a.txt", b" \n\t", "there is no text in it"),
        ("a.txt", b"\x89PNG\r\n\x1a\nxx", "a PNG image, not a text"),
        ("a.txt", b"%PDF-1.4", "a PDF, not a text"),
        ("a.md", b"PK\x03\x04", "a ZIP archive"),
        ("a.html", b"\x89PNG\r\n\x1a\nxx", "a PNG image, not a web page"),
        ("a.html", b"<html><script>x()</script></html>", "there is no text in it"),
        ("a.txt", "Ünï".encode("latin-1"), "not UTF-8 text (byte 0xdc at 0)"),
        ("a.txt", "text".encode("utf-16"), "UTF-16 text"),
        ("a.txt", b"abc\x00def", "a zero byte at 3"),
        ("a.md", b"---\ntitle: [\n---\nText", "front matter that is no YAML"),
        ("a.md", b"---\n- a\n---\nText", "front matter that is no mapping"),
        ("a.md", b"---\ndate: soon\n---\nText", "'soon' is no date"),
        ("a.md", b"---\ntitle:\n  a: b\n---\nText", "front matter whose title is no plain value"),
        ("a.md", b"---\ntitle: x\n---\n \n", "there is no text in it"),
        ("a.pdf", b"%PDF-1.4 rubbish", "no PDF that can be read"),
        ("a.pdf", pdf_bytes(""), "recognise its letters"),
        ("a.msg", b"PK", "files of the kind '.msg' are not read"),
        ("a.jsonl", b'{"id": "x"\n', "a.jsonl:1: no JSON"),
        ("a.jsonl", b'{"id": "a", "text": "t"}\n\n[1]\n', "a.jsonl:3: a line that is no JSON object"),
        ("a.jsonl", b'{"id": "a"}', "'text' is missing"),
        ("a.jsonl", b'{"text": "a"}', "'id' is missing"),
        ("a.jsonl", b'{"id": "a", "text": 3}', "'text' is no string"),
        ("a.jsonl", b'{"id": "a", "text": "t", "date": "2019-02-30"}', "'2019-02-30' is no date"),
        ("a.jsonl", b'{"id": "a", "text": "\\ud800"}', "half of a surrogate pair"),
        ("a.jsonl", b"[" * 100_000, "no JSON"),
        ("a.jsonl.gz", b"no gzip", "a.jsonl.gz:1: cannot be read on"),
        ("a.jsonl.gz", gzip.compress(b'{"id": "a", "text": "t"}\n')[:-12], "cannot be read on"),
    ],
)
def test_bad_input_is_told_in_one_line(tmp_path: Path, name: str, raw: bytes, message: str) -> None:
    told = error(write(tmp_path / name, raw))
    assert message in told
    assert name in told


def test_a_missing_file_and_an_empty_folder_are_told(tmp_path: Path) -> None:
    assert "no such file" in error(tmp_path / "missing.txt")
    assert "check the path" in error(tmp_path / "missing.jsonl")
    write(tmp_path / "x.png", b"\x89PNG")
    assert "no document below this folder" in error(tmp_path)


def test_a_bad_date_is_a_mistake_of_the_call(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "Text")
    for bad in ("yesterday", "2019-13", "2019-02-30", "20191008", "0000"):
        with pytest.raises(SourceError, match=r"--date: .* is no date; write YYYY-MM-DD"):
            list(read_all([str(path)], date=bad))


@given(st.dates())
def test_dates_of_three_precisions_and_timestamps(day: object) -> None:
    text = str(day)
    assert (
        publication_date(day, "x") == publication_date(text, "x") == publication_date(f"{text}T10:00:00Z", "x") == text
    )
    assert publication_date(text[:7], "x") == text[:7]
    assert publication_date(text[:4], "x") == text[:4]


def test_front_matter_is_read_and_is_no_part_of_the_text(tmp_path: Path) -> None:
    front = "---\ntitle: 'A: title'\ndate: 2019-10-08\nurl: https://example.org/x\npublisher: The Times\n---\n\n"
    document = one(write(tmp_path / "a.md", front + "# Heading\n\nBody --- text.\n"), date="2001")
    assert document == Document(
        "a",
        "# Heading\n\nBody --- text.\n",
        "A: title",
        "2019-10-08",
        "https://example.org/x",
        (tmp_path / "a.md").as_posix(),
        (("publisher", "The Times"),),
    )


def test_markdown_without_front_matter_is_titled_by_its_heading(tmp_path: Path) -> None:
    document = one(write(tmp_path / "a.md", "# The title #\n\nText\n\n---\n\nMore"), date="2001")
    assert (document.title, document.date) == ("The title", "2001")
    assert document.text == "# The title #\n\nText\n\n---\n\nMore"


def test_a_page_gives_its_main_text_a_block_a_line(tmp_path: Path) -> None:
    document = one(write(tmp_path / "a.html", PAGE))
    lines = document.text.split("\n")
    assert lines[:3] == [
        "The yard",
        "Example Yard was added to a list & its owner was named on the same day by the ministry.",
        "Why",
    ]
    assert [line.lstrip("- ") for line in lines[3:5]] == ["First ground", "Second ground"]
    assert (document.title, document.date) == ("The yard", "2019-10-08")
    assert "alert" not in document.text
    assert "Home" not in document.text
    assert one(tmp_path / "a.html", date="2020-01-01").date == "2020-01-01"


def test_a_short_page_and_a_deep_one_give_their_words(tmp_path: Path) -> None:
    assert one(write(tmp_path / "a.html", "<p>Example Yard was listed.</p>")).text == "Example Yard was listed."
    deep = "<div>" * 5000 + "words" + "</div>" * 5000
    found = next(read_all([str(write(tmp_path / "b.html", deep))]))
    assert isinstance(found, SourceError) or "words" in found.text


def test_a_pdf_gives_the_words_of_its_pages(tmp_path: Path) -> None:
    raw = pdf_bytes("Example Yard was\nlisted on Monday.", "The owner (a\\b)", "fled.")
    document = one(write(tmp_path / "a.pdf", raw), date="2019")
    assert document.text == "Example Yard was listed on Monday.\n\nThe owner (a\\b) fled."
    assert (document.title, document.date) == ("A report", "2019")


def test_records_keep_their_text_to_the_letter(tmp_path: Path) -> None:
    record = {"id": 7, "title": None, "date": "2016-01-07T07:00:00-05:00", "text": "a\r\nb", "kind": "news", "n": 1}
    path = write(tmp_path / "a.jsonl", "\ufeff" + json.dumps(record) + "\n\n" + json.dumps({"id": "8", "text": "c"}))
    first, second = read([str(path)], date="2001-02")
    assert (first.id, first.text, first.date) == ("7", "a\r\nb", "2016-01-07")
    assert first.meta == (("kind", "news"), ("n", "1"))
    assert (second.id, second.text, second.date, second.source) == ("8", "c", "2001-02", f"{path.as_posix()}:3")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip), max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_records_round_trip_plain_and_gzipped(tmp_path: Path, texts: list[str]) -> None:
    lines = "\n".join(json.dumps({"id": f"d{i}", "text": text}) for i, text in enumerate(texts)).encode()
    write(tmp_path / "plain" / "a.jsonl", lines)
    write(tmp_path / "packed" / "a.jsonl.gz", gzip.compress(lines))
    for path in (tmp_path / "plain" / "a.jsonl", tmp_path / "packed" / "a.jsonl.gz"):
        assert [(document.id, document.text) for document in read([path])] == [
            (f"d{i}", t) for i, t in enumerate(texts)
        ]


def test_a_bulk_reading_goes_on_behind_what_is_bad(tmp_path: Path) -> None:
    write(
        tmp_path / "b.jsonl", '{"id": "x", "text": "1"}\nrubbish\n{"id": "y", "text": "2"}\n{"id": "x", "text": "3"}\n'
    )
    write(tmp_path / "a.txt", b"\xff")
    write(tmp_path / "sub" / "c.txt", "three")
    write(tmp_path / ".hidden" / "d.txt", "four")
    write(tmp_path / "sub" / "picture.png", b"\x89PNG")
    found = list(read_all([str(tmp_path), str(tmp_path / "missing.txt"), str(tmp_path / "sub" / "c.txt")]))
    assert [one.id if isinstance(one, Document) else "error" for one in found] == [
        "error", "x", "error", "y", "error", "c", "error", "error",
    ]  # fmt: skip
    clash = found[4]
    assert isinstance(clash, SourceError)
    assert "b.jsonl:4: the document id 'x' is also that of " in str(clash)
    assert "b.jsonl:1; rename one of them" in str(clash)


def test_two_files_of_one_name_are_told_with_both_paths(tmp_path: Path) -> None:
    write(tmp_path / "a" / "x.txt", "one")
    write(tmp_path / "b" / "x.md", "two")
    assert "b/x.md: the document id 'x' is also that of" in error(tmp_path)
    assert "a/x.txt; rename one of them" in error(tmp_path)


def test_the_order_is_that_of_the_sources_and_of_sorted_paths(tmp_path: Path) -> None:
    for name in ("b/2.txt", "a.txt", "b/10.txt", "B.txt"):
        write(tmp_path / "f" / name, "t")
    write(tmp_path / "z.txt", "t")
    assert [d.id for d in read([tmp_path / "z.txt", tmp_path / "f"])] == ["z", "B", "a", "10", "2"]


@pytest.mark.parametrize(
    ("raw", "ids", "text"),
    [
        (b"Plain words", ["stdin"], "Plain words"),
        (b'{"id": "r", "text": "words"}\n{"id": "s", "text": "more"}', ["r", "s"], "words"),
        (PAGE.encode(), ["stdin"], "The yard"),
        (pdf_bytes("Words"), ["stdin"], "Words"),
    ],
)
def test_standard_input_is_read_by_what_it_is(
    monkeypatch: pytest.MonkeyPatch, raw: bytes, ids: list[str], text: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    found = list(read(["-"], date="2019"))
    assert [document.id for document in found] == ids
    assert found[0].text.startswith(text)


class _Endless(io.RawIOBase):
    """A stream of `count` records and one line without end."""

    def __init__(self, count: int) -> None:
        self.rest = [b'{"id": "%d", "text": "%s"}\n' % (i, b"x" * 100_000) for i in range(count)]
        self.filler = MAX_BYTES + 5_000_000

    def readline(self, size: int | None = -1, /) -> bytes:
        if self.rest:
            return self.rest.pop()
        take = min(self.filler, size or 0)
        self.filler -= take
        return b"y" * take


def test_a_line_without_end_is_passed_over_in_bounded_memory() -> None:
    stream = _Endless(3)
    tracemalloc.start()
    found = list(records(stream, "s"))  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [type(one) for one in found] == [Document, Document, Document, SourceError]
    assert "s:4: a line of more than 32 MiB" in str(found[3])
    assert peak < 3 * MAX_BYTES


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "larger than 32 MiB" in error(tmp_path / "a.txt")


def test_the_gold_texts_are_read_as_their_records_spell_them(shared: Path) -> None:
    texts = {document.id: document.text for document in read([str(shared / "gold" / "dev")])}
    sources = {document.id: document for document in read([str(shared / "gold" / "dev_sources.jsonl")])}
    assert len(texts) == 37
    assert texts == {name: document.text for name, document in sources.items()}
    assert sources["000_seed"].date == "2019-10-08"
