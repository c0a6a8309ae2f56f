"""`kg serve` under load: good queries at a steady rate, first alone, then with a runaway query started every 5 s.

    python benchmarks/server_load.py [SECONDS] [REQUESTS-A-SECOND]

Prints failures among the good queries and their p50 and p95 in both phases, and what became of the runaways. The
clients run on the same machine as the server.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from statistics import quantiles

import httpx
from queries import queries
from synthetic import documents

from kg import triples
from kg.namespaces import document_iri
from kg.store import open_store

TRIPLES = 200_000
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f) }"


def fill(folder: Path) -> str:
    """A store with about 200,000 triples; the name of a company that the queries ask about."""
    with open_store(folder) as store:
        extractions = islice(documents(TRIPLES), 122)
        store.replace_graphs({document_iri(one.document.id): list(triples.quads(one)) for one in extractions})
        answer = store.query("SELECT ?l { ?x kg:owned_by/kg:located_in ?z ; skos:prefLabel ?l } ORDER BY ?l LIMIT 1")
        return answer.values()[0][0]  # type: ignore[union-attr, return-value]


async def phase(client: httpx.AsyncClient, texts: list[str], seconds: float, rate: float, *, runaways: bool) -> None:
    """One phase; prints its figures."""
    taken: list[float] = []
    failed: list[str] = []
    ended: list[int] = []

    async def good(text: str) -> None:
        began = time.perf_counter()
        try:
            answer = await client.post("/sparql", data={"query": text})
            if answer.status_code != 200 or "x-sparql-maxrows" in answer.headers:
                failed.append(f"HTTP {answer.status_code}")
        except httpx.HTTPError as error:
            failed.append(repr(error))
        taken.append((time.perf_counter() - began) * 1000)

    async def bad() -> None:
        answer = await client.post("/sparql", data={"query": RUNAWAY})
        ended.append(answer.status_code)

    began = time.perf_counter()
    tasks = []
    for number in range(int(seconds * rate)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(good(texts[number % len(texts)])))
        if runaways and number % int(5 * rate) == 0:
            tasks.append(asyncio.create_task(bad()))
    await asyncio.gather(*tasks)
    cuts = quantiles(taken, n=20)
    print(
        f"{'with runaways' if runaways else 'alone':<14} {len(taken)} good queries, {len(failed)} failed {set(failed) or ''}"
        f" p50 {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms; runaways ended with {sorted(ended)}",
        flush=True,
    )


async def main(seconds: float, rate: float) -> None:
    """Start the server, run both phases, stop it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "store"
        company = fill(folder)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        program = [sys.executable, "-c", "from kg.cli import main; main()"]
        server = subprocess.Popen([*program, "serve", "--store", str(folder), "--port", str(port), "--timeout", "20"])
        try:
            async with httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port}",
                timeout=120,
                trust_env=False,
                limits=httpx.Limits(max_connections=200),
            ) as client:
                for _ in range(600):
                    try:
                        await client.get("/assets/pages.css")
                        break
                    except httpx.HTTPError:
                        await asyncio.sleep(0.2)
                texts = list(queries(company).values())
                await phase(client, texts, min(seconds, 20), rate, runaways=False)
                await phase(client, texts, seconds, rate, runaways=True)
        finally:
            server.kill()
            server.wait()


if __name__ == "__main__":
    arguments = [float(argument) for argument in sys.argv[1:]]
    asyncio.run(main(*(arguments + [60.0, 50.0][len(arguments) :])))
