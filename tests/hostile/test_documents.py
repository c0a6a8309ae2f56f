"""One bad file costs only itself: each is set aside with its reason in bounded time and memory, the others are read."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from kg.documents import read_all
from kg.documents.confined import MEMORY
from kg.errors import SourceError
from kg.model import Document

GOOD = "The Treasury Department blacklisted Alpha Ltd."


def pdf(content: bytes) -> bytes:
    """A PDF of one page whose content stream, unpacked, is that."""
    stream = zlib.compress(content, 1)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 99]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    written, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return written + tail % (table, len(written))


WORDS = b"BT /F1 9 Tf 1 0 0 1 9 9 Tm (" + GOOD.encode() + b") Tj ET"
BAD = {
    "base60.md": b"---\nid: " + b":".join([b"1"] * 8000) + b"\n---\ntext",
    "long-base60.md": b"---\nid: " + b":".join([b"1"] * 80_000) + b"\n---\ntext",
    "nested.md": b"---\nx: " + b"[" * 8000 + b"\n---\ntext",
    "surrogate.md": b'---\ntitle: "\\ud800"\n---\ntext',
    "surrogate.jsonl": b'{"id": "s", "text": "a \\ud800 b"}\n',
    "nested.jsonl": b'{"id": "n", "x": ' + b"[" * 100_000 + b"\n",
    "number.jsonl": b'{"id": "m", "text": "t", "x": ' + b"9" * 5000 + b"}\n",
    "bomb.pdf": pdf(b"BT /F1 9 Tf (x) Tj " + b" " * 300_000_000 + b" ET"),
    "show.pdf": pdf(b"BT /F1 9 Tf " + b"(abc) Tj " * 3_000_000 + b" ET"),
    "cut.pdf": pdf(WORDS)[:200],
    "attributes.html": b"<p " + b" ".join(b'a%d="x"' % number for number in range(60_000)) + b">words</p>",
    "deep.html": b"<div>" * 100_000,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("documents")
    for name, content in BAD.items():
        (made / name).write_bytes(content)
    (made / "a-good.txt").write_text(GOOD)
    (made / "z-good.pdf").write_bytes(pdf(WORDS))
    (made / "z-good.html").write_text(f"<p>{GOOD}</p>")
    os.mkfifo(made / "fifo.txt")
    os.mkfifo(made / "fifo.jsonl")
    (made / "loop.txt").symlink_to(made / "loop2.txt")
    (made / "loop2.txt").symlink_to(made / "loop.txt")
    odd = made / os.fsdecode(b"odd-\xff")
    odd.mkdir()
    (odd / "text.txt").write_text(GOOD)
    (odd / "text.jsonl").write_text('{"id": "x", "text": "y"}\n')
    return made


def test_each_bad_file_is_set_aside_and_the_good_ones_are_read(folder: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    found = list(read_all([str(folder)]))
    good = [one for one in found if isinstance(one, Document)]
    bad = {Path(one.place.strip("'")).name.partition(":")[0] for one in found if isinstance(one, SourceError)}
    assert {one.id for one in good} >= {"a-good", "z-good"}
    assert all(GOOD in one.text for one in good if "good" in one.id)
    never = {"number.jsonl", "fifo.txt", "fifo.jsonl", "loop.txt", "loop2.txt", "text.txt", "text.jsonl", *BAD}
    assert bad >= never - {"number.jsonl", "deep.html", "base60.md"}
    for one in found:
        if isinstance(one, SourceError):
            assert str(one).isprintable()
            assert len(str(one)) < 700
        else:
            one.text.encode()
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - before < 2 * MEMORY // 1024


def test_a_pipe_named_by_hand_is_read_and_a_fifo_is_not(tmp_path: Path) -> None:
    program = "import sys; from kg.documents import read_all; print([type(x).__name__ for x in read_all(sys.argv[1:])])"
    command = f'"{sys.executable}" -c "{program}" <(echo "{GOOD}")'
    shown = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=True)
    assert shown.stdout == "['Document']\n"
    os.mkfifo(tmp_path / "f")
    (found,) = read_all([str(tmp_path / "f")])
    assert "a pipe, socket or device" in str(found)


def test_a_link_out_of_the_folder_is_told_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("a secret")
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "good.txt").write_text(GOOD)
    (folder / "same.txt").symlink_to(folder / "good.txt")
    found = list(read_all([str(folder)]))
    assert [one.id for one in found if isinstance(one, Document)] == ["good"]
    assert ["outside this folder" in str(one) for one in found if isinstance(one, SourceError)] == [True]
