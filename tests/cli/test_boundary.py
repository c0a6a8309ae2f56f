"""How commands end: whole output or a code that is not 0, one line for whatever goes wrong, and a trace when asked."""

from __future__ import annotations

import ast
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

import kg
from kg.cli.boundary import FAULT, INTERRUPTED, run, told
from kg.errors import StoreError
from kg.resolve import resolve
from kg.store import open_store
from tests import handmade

ALL = "SELECT * { ?s ?p ?o }"
CLI = [sys.executable, "-m", "kg"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("boundary") / "store"
    with open_store(path) as opened:
        handmade.fill(opened)
        resolve(opened)
    return str(path)


def ended(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command line of bash, with `kg` for this package's program."""
    script = f'kg() {{ "{sys.executable}" -m kg "$@"; }}\n{command}'
    return subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, env={**os.environ, **environment}, timeout=120
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("target", ["> /dev/full", ">&-"])
@pytest.mark.parametrize(
    "arguments", [f'query "{ALL}"', f'query --format json "{ALL}"', "export --format nq -o -", "check"]
)
def test_output_that_cannot_be_written_is_a_failure(store: str, arguments: str, target: str, unbuffered: str) -> None:
    found = ended(f"kg {arguments} --store {store} {target}", PYTHONUNBUFFERED=unbuffered)
    assert found.returncode == 1, found.stderr
    assert found.stderr.startswith("kg: standard output: ")
    assert len(found.stderr.splitlines()) == 1


def test_a_reader_that_leaves_ends_it_quietly(store: str) -> None:
    found = ended(f'kg query --format csv "SELECT ?s ?p ?o {{ ?s ?p ?o . ?a ?b ?c }}" --store {store} | head -n 2')
    assert found.stdout.startswith("s,p,o")
    assert found.stderr == ""


def test_closed_standard_error_changes_no_code(store: str) -> None:
    assert ended(f"kg query 'SELEC' --store {store} 2>&-").returncode == 1
    assert ended(f"kg show Kamera --store {store} 2>/dev/full").returncode == 0


def _fault() -> None:
    raise ValueError("first line\n\x1b[31msecond\u202e line")


def test_what_nobody_foresaw_is_one_line_with_the_advice_to_report_it(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(_fault) == FAULT
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "ValueError: first line\\n\\x1b[31msecond\\u202e line" in err
    assert "report it" in err
    assert "KG_DEBUG=1" in err


def test_a_debug_switch_shows_the_trace(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KG_DEBUG", "1")
    assert run(_fault) == FAULT
    err = capfd.readouterr().err
    assert "Traceback (most recent call last)" in err
    assert "\x1b" not in err


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (StoreError("broken", place="s"), 1, "kg: s: broken"),
        (OSError(28, "No space left on device", "/x"), 1, "/x: No space left on device; free some space"),
        (PermissionError(13, "Permission denied", b"/\xff"), 1, "Permission denied"),
        (OSError(30, "Read-only file system"), 1, "name a place that can be written"),
        (MemoryError(), 1, "memory"),
        (RecursionError("deep"), FAULT, "RecursionError: deep"),
        (KeyError("x"), FAULT, "KeyError: 'x'"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates"), FAULT, "UnicodeEncodeError"),
    ],
)
def test_kinds_of_ends(error: BaseException, code: int, words: str) -> None:
    line, given = told(error)
    assert given == code
    assert words in line
    assert line.isprintable()


def test_interrupted() -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    assert run(stop) == INTERRUPTED


def test_codes_of_ends_on_purpose() -> None:
    def given(code: object) -> int:
        def leave() -> None:
            raise SystemExit(code)

        return run(leave)

    assert [given(code) for code in (None, 0, 2, "words")] == [0, 0, 2, 1]


def test_wrong_usage_is_2_and_says_what_was_meant(store: str) -> None:
    found = ended("kg querry x")
    assert found.returncode == 2
    assert "Did you mean query?" in found.stderr
    found = ended(f"kg query '{ALL}' --columns subjekt --store {store}")
    assert found.returncode == 2
    assert "no column" in found.stderr
    found = ended("kg show x --stroe y")
    assert found.returncode == 2
    assert "--store" in found.stderr


def test_hidden_characters_of_an_argument_are_shown() -> None:
    found = ended("kg show $'\\x1b[31mX\\u202e' --store /nowhere; kg $'\\x1b[31m'")
    assert "\x1b" not in found.stderr
    assert "\u202e" not in found.stderr


def test_a_terminal_gets_tables_that_fit_it_and_no_hidden_character(store: str) -> None:
    main, side = pty.openpty()
    environment = {**os.environ, "COLUMNS": "60"}
    with subprocess.Popen(
        [*CLI, "query", ALL, "--limit", "20", "--store", store], stdout=side, env=environment
    ) as process:
        os.close(side)
        text = b""
        while chunk := _read(main):
            text += chunk
        assert process.wait(60) == 0
    lines = text.decode().replace("\r\n", "\n").split("\n")
    assert max(map(len, lines[:-2])) <= 60
    assert "cells cut short" in lines[-2]


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # the other side is closed
        return b""


def test_only_one_module_writes_to_the_terminal() -> None:
    """`print`, `click.echo` and the streams themselves are used in kg/cli/terminal.py and nowhere else."""
    package = Path(kg.__file__).parent
    found = []
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        if name in ("cli/terminal.py", "server/worker.py") or name.startswith("view/vendor/"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in ("print", "click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write"):
                    found.append(f"{name}:{node.lineno}: {called}")
    assert found == []
