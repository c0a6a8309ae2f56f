"""`kg check`: does the graph conform, and what is in it?"""

from __future__ import annotations

import sys
from typing import Final

import click

from kg.cli.options import reading, store_option
from kg.cli.terminal import counted, say
from kg.errors import one_line
from kg.namespaces import shorten
from kg.rdf.validate import check as check_store
from kg.store import Rows, Store

#: What is counted in a store, and the query that counts it.
COUNTS: Final = (
    ("documents", "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a kg:Document }"),
    ("official lists", "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a dcat:Dataset }"),
    ("claims", "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a kg:Claim }"),
    ("judgements", "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a kg:Judgement }"),
)
_TABLES: Final = (
    (
        "entities by type",
        """SELECT ?kind (COUNT(DISTINCT ?x) AS ?n) { ?x a ?kind
        VALUES ?kind { kg:Person kg:Company kg:GovernmentBody kg:Organization kg:Country kg:Place kg:Vessel
            kg:Aircraft kg:List kg:LegalInstrument } } GROUP BY ?kind ORDER BY DESC(?n) STR(?kind)""",
    ),
    (
        "claims by status",
        """SELECT ?status (COUNT(DISTINCT ?x) AS ?n) { ?x a kg:Claim ; kg:status ?status }
        GROUP BY ?status ORDER BY DESC(?n) STR(?status)""",
    ),
    (
        "claims by predicate",
        """SELECT ?predicate (COUNT(DISTINCT ?x) AS ?n) { ?x a kg:Claim ; kg:predicate ?predicate }
        GROUP BY ?predicate ORDER BY DESC(?n) STR(?predicate)""",
    ),
)


@click.command()
@store_option
def check(store: str) -> None:
    """Validate the graph against the SHACL shapes, and count what is in it.

    Prints the counts, then one line for each violation; exits 1 when there is any.

    Example: kg check --store exports/store
    """
    with reading(store) as opened:
        for line in counts(opened):
            say(line)
        violations = check_store(opened)
    for violation in violations:
        say(one_line(f"violation: {violation}"))
    if violations:
        say(f"does not conform: {counted(len(violations), 'violation')}")
        sys.exit(1)
    say("conforms")


def counts(store: Store) -> list[str]:
    """What the store holds, a line a figure."""
    lines = [f"{label}: {_rows(store, query).values()[0][0]}" for label, query in COUNTS]
    for label, query in _TABLES:
        rows = _rows(store, query).values()
        lines.append(f"{label}:")
        lines.extend(f"  {shorten(key or '').removeprefix('kg:')}: {number}" for key, number in rows)
    return lines


def _rows(store: Store, query: str) -> Rows:
    answer = store.query(query)
    if not isinstance(answer, Rows):
        raise TypeError("a count is a SELECT")
    return answer
