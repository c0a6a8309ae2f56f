"""Which likely predictions a document's structure withholds: one place for all checks behind the scores."""

from __future__ import annotations

from kg.extraction.candidates.generate import DocumentAnalysis
from kg.extraction.claim_builder import ClaimBuilder
from kg.extraction.events.listing_link import LISTINGS, ListingLinks
from kg.extraction.scoring.predict import Prediction
from kg.extraction.structural_checks import StructuralChecks


class AcceptanceChecks:
    """The checks of one document: what its clauses assert, what its trees rule out, whether a listing has a link."""

    __slots__ = ("builder", "links", "structure")

    def __init__(self, reading: DocumentAnalysis, builder: ClaimBuilder) -> None:
        self.builder = builder
        self.structure = StructuralChecks(reading)
        self.links = ListingLinks(reading.view, reading.tree, reading.acts, reading.doc_features.triggers)

    def doubt(self, prediction: Prediction) -> str:
        """Why a prediction is withheld; empty where nothing speaks against it, as of what a record states."""
        if prediction.record is not None:
            return ""
        found = self.builder.withheld(prediction) or self.structure.doubt(prediction)
        if not found and prediction.predicate in LISTINGS:
            found = self.links.doubt(prediction)
        return found
