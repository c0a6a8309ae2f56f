"""Real SPARQL servers for the tests: started on a free port in a folder of their own, stopped by their own id."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from kg.store import open_store

_VIRTUOSO_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
ErrorLogLevel = 7
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = {rows}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], folder: Path, ready: str, *, seconds: float = 300) -> Iterator[subprocess.Popen[bytes]]:
    """The process, once `ready` (a URL) answers anything; it is killed at the end."""
    log = (folder / "server.log").open("wb")
    process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + seconds
        while True:
            try:
                httpx.get(ready, timeout=2, trust_env=False)
                break
            except httpx.HTTPError:
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"{command[0]} did not start: {(folder / 'server.log').read_text()[-2000:]}")
                time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()
        log.close()


@contextmanager
def oxigraph(folder: Path, *options: str, store: Path | None = None) -> Iterator[str]:
    """The root URL of an `oxigraph serve`; skips where the program is missing."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if program is None:
        pytest.skip("oxigraph (the server) is not installed")
    port = free_port()
    root = f"http://127.0.0.1:{port}"
    location = str(store or folder / "oxigraph")
    with running([program, "serve", "-l", location, "-b", f"127.0.0.1:{port}", *options], folder, f"{root}/"):
        yield root


@contextmanager
def virtuoso(folder: Path, *, rows: int = 10000) -> Iterator[str]:
    """The URL of a Virtuoso's endpoint with credentials; skips where the program is missing."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("virtuoso-t is not installed")
    http = free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO_INI.format(sql=free_port(), http=http, rows=rows))
    command = [program, "+configfile", "virtuoso.ini", "+foreground"]
    with running(command, folder, f"http://127.0.0.1:{http}/sparql"):
        yield f"http://dba:dba@127.0.0.1:{http}/sparql"


SERVER_TOKEN = "a-token-for-tests"


@contextmanager
def kg_server(folder: Path, *options: str, store: Path | None = None, token: str = SERVER_TOKEN) -> Iterator[str]:
    """The root URL of a `kg serve` over `store` (an empty one unless given), which takes writes with the token."""
    location = store or folder / "store"
    if store is None:
        open_store(location).close()
    port = free_port()
    root = f"http://127.0.0.1:{port}"
    command = [
        sys.executable,
        "-c",
        "from kg.cli import main; main()",
        "serve",
        "--store",
        str(location),
        "--port",
        str(port),
        *options,
    ]
    if token:
        (folder / "token").write_text(token)
        command += ["--write-token-file", str(folder / "token")]
    with running(command, folder, f"{root}/assets/pages.css"):
        yield root
