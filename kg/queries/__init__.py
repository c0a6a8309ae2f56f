"""Named questions: parameters in, typed rows out, each row with its claims and their quotations.

The SPARQL stands in ontology/queries/*.rq; what SPARQL cannot say (ranking of names, dates of unequal precision, k
shortest paths) is done here on the rows. Ownership by shares is in `kg.ownership`.
"""

from __future__ import annotations

from kg.queries.claims import as_of, load
from kg.queries.designations import Designation, designations, editions
from kg.queries.list_records import read_listings
from kg.queries.names import clusters, describe, find
from kg.queries.paths import paths
from kg.queries.questions import (
    changes,
    claims_about,
    contradictions,
    explain,
    listed_between,
    listings,
    neighbourhood,
    roles,
    said_by,
    sentence,
    timeline,
)
from kg.queries.rows import (
    Change,
    ClaimRow,
    Contradiction,
    Event,
    Found,
    Listing,
    Neighbour,
    Node,
    Path,
    Quotation,
    Role,
    Step,
)

__all__ = [
    "Change",
    "ClaimRow",
    "Contradiction",
    "Designation",
    "Event",
    "Found",
    "Listing",
    "Neighbour",
    "Node",
    "Path",
    "Quotation",
    "Role",
    "Step",
    "as_of",
    "changes",
    "claims_about",
    "clusters",
    "contradictions",
    "describe",
    "designations",
    "editions",
    "explain",
    "find",
    "listed_between",
    "listings",
    "load",
    "neighbourhood",
    "paths",
    "read_listings",
    "roles",
    "said_by",
    "sentence",
    "timeline",
]
