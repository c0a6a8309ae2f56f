"""All analyses of one document: entities, pattern matches, designation events, and candidates with their features.

annotated Doc -> clusters -> mention spans -> rule matches -> pairs, text objects and aliases. Nothing is decided
here; `kg.extract` weighs the candidates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.extraction.candidates.aliases import alias_candidates
from kg.extraction.candidates.entity_pairs import pair_candidates
from kg.extraction.candidates.text_objects import TextObjectCandidate, text_objects
from kg.extraction.document_view import DocumentView, build_view
from kg.extraction.events import designations, holdings, office_holders
from kg.extraction.events.arguments import DesignationEvent
from kg.extraction.events.designations import designation_matches, extract_designations
from kg.extraction.events.holdings import Holding, holding_matches, read_holdings
from kg.extraction.events.identifier_blocks import IdentifierField, identifier_fields
from kg.extraction.events.office_holders import post_matches
from kg.extraction.events.record_facts import RecordFact, outside, record_facts
from kg.extraction.features.document import DocumentFeatures, document_features
from kg.extraction.features.pairs import PairCandidate
from kg.extraction.mention_spans import MentionSpan
from kg.extraction.patterns.matcher import PatternMatch, match
from kg.extraction.patterns.rules import RuleSet
from kg.nlp.coref import Cluster, resolve_coreference
from kg.nlp.dependencies import Tree, read_tree
from kg.nlp.quantities import find_quantities
from kg.nlp.records.join import join_records


@dataclass(frozen=True, slots=True)
class DocumentAnalysis:
    """All analyses of one document that scoring needs. `clusters[k]` is the entity `f"e{k + 1}"`; `trust` is that of
    the rules.
    """

    clusters: list[Cluster]
    tree: Tree
    view: DocumentView
    doc_features: DocumentFeatures
    matches: list[PatternMatch]
    pair_candidates: list[PairCandidate]
    text_objects: list[TextObjectCandidate]
    alias_candidates: list[TextObjectCandidate]
    annex: list[IdentifierField]
    trust: Mapping[str, float]
    acts: list[DesignationEvent]
    holdings: list[Holding]
    record_facts: list[RecordFact]


def analyse(doc: Doc, rules: RuleSet, *, entities: list[Cluster] | None = None) -> DocumentAnalysis:
    """The reading of an annotated document; `entities` replaces the document's own coreference."""
    tree = read_tree(doc)
    records = doc._.records or []
    found = join_records(doc, resolve_coreference(doc, tree=tree), records) if entities is None else entities
    mentions = mention_spans(found)
    view = build_view(tree, mentions, {f"e{k + 1}": cluster.name for k, cluster in enumerate(found)})
    doc_features = document_features(view)
    listed = extract_designations(view, tree)
    held = read_holdings(view, tree, find_quantities(doc))
    matches = [*match(tree, mentions, rules), *designation_matches(listed), *post_matches(view), *holding_matches(held)]
    return DocumentAnalysis(
        clusters=found,
        tree=tree,
        view=view,
        doc_features=doc_features,
        matches=matches,
        pair_candidates=pair_candidates(view, doc_features, matches),
        text_objects=text_objects(view, doc_features, matches),
        alias_candidates=alias_candidates(view, doc_features, matches),
        annex=outside(identifier_fields(view), records),
        trust={**designations.TRUST, **holdings.TRUST, **office_holders.TRUST, **rules.trust},
        acts=listed,
        holdings=held,
        record_facts=record_facts(view, records, listed),
    )


def mention_spans(found: list[Cluster]) -> list[MentionSpan]:
    """A spot for every span of every cluster; one for each member where a span stands for a group."""
    mentions: list[MentionSpan] = []
    for k, cluster in enumerate(found):
        if cluster.members:
            for member in cluster.members:
                mentions.extend(
                    MentionSpan(span.start, span.end, span.head, f"e{member + 1}", found[member].type, "group")
                    for span in cluster.spans
                )
            continue
        mentions.extend(
            MentionSpan(span.start, span.end, span.head, f"e{k + 1}", cluster.type, span.kind) for span in cluster.spans
        )
    return mentions
