"""The words that show how a claim is presented stand in the graph, with their place, and come back with the claim."""

from __future__ import annotations

from kg import queries
from kg.exports.tables import tables
from kg.namespaces import document_iri
from kg.rdf.serialize import quads
from kg.store import Rows, open_store
from tests.test_ontology import rich_extraction

SPARQL = """SELECT DISTINCT ?role ?words ?start ?end {
  ?claim kg:status kg:denied ; kg:cue ?cue .
  ?cue kg:cue_role ?role ; oa:exact ?words ; oa:start ?start ; oa:end ?end } ORDER BY ?start"""


def test_cues_stand_on_the_claim_and_come_back() -> None:
    said = rich_extraction()
    text = said.document.text
    with open_store(None) as store:
        store.replace_graphs({document_iri(said.document.id): list(quads(said))})
        answer = store.query(SPARQL)
        assert isinstance(answer, Rows)
        assert answer.values() == [("claimant", "Ana Example", "0", "11"), ("modality", "said", "12", "16")]
        assert all(text[int(start or 0) : int(end or 0)] == words for _, words, start, end in answer.values())
        (denied,) = [claim for claim in queries.claims_about(store, "Example Company") if claim.status == "denied"]
        assert denied.cues == (("claimant", "Ana Example"), ("modality", "said"))
        told = {row.cues for row in tables(store.quads()).claims}
    assert told == {"", "claimant 0-11: Ana Example; modality 12-16: said"}
