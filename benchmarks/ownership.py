"""Ownership in tangles: companies that all hold each other, asked for owners and exposure through a store.

    python benchmarks/ownership.py [COMPANIES...]

Each company is held by up to sixty others, by shares that are known, ranges or unknown. Prints seconds of the processor.
"""

from __future__ import annotations

import random
import sys
import time

from kg import ownership, triples
from kg.model import Claim, Document, Entity, EntityType, Evidence, Extraction
from kg.namespaces import document_iri
from kg.store import Store, open_store

HOLDERS = 60


def tangle(companies: int, *, seed: int = 7) -> Extraction:
    """That many companies, each held by up to sixty of the others, the first one listed by the Treasury."""
    chance = random.Random(seed)
    names = [f"Holding Z{number:04d}" for number in range(companies)]
    text, claims = "Z.", []
    evidence = Evidence(0, len(text), text)
    for held in names:
        for holder in chance.sample([name for name in names if name != held], min(companies - 1, HOLDERS)):
            kind = chance.randrange(3)
            low = float(chance.randrange(2))
            claims.append(
                Claim(
                    held,
                    "owned_by",
                    holder,
                    evidence,
                    percent=low if kind == 0 else None,
                    percent_min=low if kind == 1 else None,
                    percent_max=low + 30 if kind == 1 else None,
                )
            )
    claims.append(Claim(names[0], "listed_by", "Treasury", evidence))
    entities = [Entity(name, EntityType.COMPANY, name) for name in names]
    body = Entity("Treasury", EntityType.GOVERNMENT_BODY, "Treasury")
    return Extraction(Document(f"tangle-{companies}", text), (*entities, body), tuple(claims))


def filled(companies: int) -> Store:
    """A store in memory with that tangle."""
    store = open_store(None)
    said = tangle(companies)
    store.replace_graphs({document_iri(said.document.id): list(triples.quads(said))})
    return store


def main(sizes: list[int]) -> None:
    """Ask both questions of each size."""
    for companies in sizes:
        store = filled(companies)
        for name, ask in (
            ("owners", lambda: ownership.owners(store, "Holding Z0001")),  # noqa: B023
            ("exposed", lambda: ownership.exposed(store, "Holding Z0000", "ofac")),  # noqa: B023
        ):
            began = time.process_time()
            answer = ask()
            if isinstance(answer, list):
                told = f"{len(answer)} holders, first {answer[0].altogether}"
            else:
                told = f"{len(answer.below)} below: {sorted({str(finding.verdict) for finding in answer.below})}"
            print(f"{companies:>6} companies {name:<8} {time.process_time() - began:6.1f} s  {told}", flush=True)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [10, 50, 100, 250, 1000])
