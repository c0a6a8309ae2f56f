"""A million claims: load rate, size on disk, and the named questions, against a tenth of them.

    python benchmarks/million_claims.py [CLAIMS] [FOLDER]

Prints claims a second while loading, bytes a claim, and the p95 of each named question over 40 names on both stores with
their ratio. All times are the processor's, so that neighbours on the machine do not count; the clock's are printed beside
for the loading. The folder (a new temporary one unless given) is kept only if it was named.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from statistics import quantiles

from synthetic import AUTHORITIES, CLAIMS_A_DOCUMENT, company, day_of, documents

from kg import ownership, queries, triples
from kg.errors import KgError
from kg.model import Extraction
from kg.namespaces import document_iri
from kg.store import Rows, Store, open_store

BATCH = 400  # documents


def load(folder: Path, claims: int) -> None:
    """Fill a new store, and print how fast and how large; a store that is there already is taken as it is."""
    if folder.exists():
        return
    began, clock = time.process_time(), time.perf_counter()
    with open_store(folder) as store:
        stream: Iterator[Extraction] = documents(claims)
        while batch := list(islice(stream, BATCH)):
            store.replace_graphs({document_iri(one.document.id): list(triples.quads(one)) for one in batch})
    seconds = time.process_time() - began
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(
        f"{claims:,} claims in {seconds:.0f} s ({time.perf_counter() - clock:.0f} s by the clock): {claims / seconds:,.0f} a second; {size / 1e6:,.0f} MB, "
        f"{size / claims:,.0f} bytes a claim",
        flush=True,
    )


def questions(store: Store, claims: int) -> dict[str, Callable[[int], object]]:
    """The named questions as functions of a number that chooses names."""
    entities = max(200, claims // 4)

    answer = store.query("SELECT DISTINCT ?l { ?x kg:leader_of ?y ; skos:prefLabel ?l } LIMIT 40")
    assert isinstance(answer, Rows)
    people = [row[0] or "" for row in answer.values()]

    def one(number: int) -> str:
        return company(number * 37 % entities)

    return {
        "find": lambda n: queries.find(store, one(n)),
        "find a part of a name": lambda n: queries.find(store, one(n).split()[2]),
        "find a hub": lambda n: queries.find(store, AUTHORITIES[n % len(AUTHORITIES)]),
        "find nothing": lambda n: queries.find(store, f"Nobody {n}"),
        "listings": lambda n: queries.listings(store, one(n)),
        "listed between (a day)": lambda n: queries.listed_between(store, "Treasury", *[day_of(n * 37 % (claims // 50))] * 2),
        "paths": lambda n: queries.paths(store, one(n), one(n + 1), k=1, max_hops=4, without_hubs=100),
        "neighbourhood": lambda n: queries.neighbourhood(store, one(n)),
        "roles": lambda n: queries.roles(store, people[n % len(people)]),
        "timeline": lambda n: queries.timeline(store, one(n)),
        "contradictions": lambda n: queries.contradictions(store, one(n)),
        "changes (one day)": lambda n: queries.changes(store, *[day_of(n * 37 % (claims // 50))] * 2),
        "owners": lambda n: ownership.owners(store, one(n)),
    }  # fmt: skip


def measure(folder: Path, claims: int) -> dict[str, float]:
    """The p95 of each question in milliseconds."""
    answer = {}
    with open_store(folder, read_only=True) as store:
        for name, question in questions(store, claims).items():
            taken = []
            for number in range(40):
                began = time.process_time()
                with suppress(KgError):
                    question(number)
                taken.append((time.process_time() - began) * 1000)
            answer[name] = quantiles(taken, n=20)[18]
            print(f"  {claims:,}: {name} p95 {answer[name]:.1f} ms", flush=True)
    return answer


def main(claims: int, folder: Path) -> None:
    """Load a tenth, load all, ask both."""
    small, large = folder / "tenth", folder / "all"
    load(small, claims // 10)
    load(large, claims)
    few, many = measure(small, claims // 10), measure(large, claims)
    print(f"{'question':<26}{'p95 of a tenth':>16}{'p95 of all':>12}{'ratio':>8}")
    for name in few:
        print(f"{name:<26}{few[name]:>13.1f} ms{many[name]:>9.1f} ms{many[name] / few[name]:>8.2f}")


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    assert number % (10 * CLAIMS_A_DOCUMENT) == 0
    if len(sys.argv) > 2:
        main(number, Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as name:
            main(number, Path(name))
