"""One document read to the end: its entities, where they meet, which constructions hold, and what might be said.

annotated Doc -> clusters -> spots -> rule matches -> contexts, deeds and aliases with their features. Nothing is
believed here; `kg.extract` weighs the candidates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.extraction.candidates.aliases import aliases
from kg.extraction.candidates.entity_pairs import contexts
from kg.extraction.candidates.text_objects import Phrase, deeds
from kg.extraction.document_view import Sheet, lay_out
from kg.extraction.events import designations, office_holders
from kg.extraction.events.arguments import Act
from kg.extraction.events.designations import act_matches, find_acts
from kg.extraction.events.identifier_blocks import Entry, entries
from kg.extraction.events.office_holders import post_matches
from kg.extraction.features.document import Marks, read_marks
from kg.extraction.features.pairs import Context
from kg.extraction.mention_spans import Spot
from kg.extraction.patterns.matcher import Match, match
from kg.extraction.patterns.rules import RuleSet
from kg.nlp.coref import Cluster, clusters
from kg.nlp.dependencies import Tree, read_tree


@dataclass(frozen=True, slots=True)
class Reading:
    """What was seen in a document. `clusters[k]` is the entity `f"e{k + 1}"`; `trust` is that of the rules."""

    clusters: list[Cluster]
    tree: Tree
    sheet: Sheet
    marks: Marks
    matches: list[Match]
    contexts: list[Context]
    deeds: list[Phrase]
    aliases: list[Phrase]
    annex: list[Entry]
    trust: Mapping[str, float]
    acts: list[Act]


def read(doc: Doc, rules: RuleSet, *, entities: list[Cluster] | None = None) -> Reading:
    """The reading of an annotated document; `entities` replaces the document's own coreference."""
    tree = read_tree(doc)
    found = clusters(doc, tree=tree) if entities is None else entities
    spots = entity_spots(found)
    sheet = lay_out(tree, spots, {f"e{k + 1}": cluster.name for k, cluster in enumerate(found)})
    marks = read_marks(sheet)
    listed = find_acts(sheet, tree)
    matches = [*match(tree, spots, rules), *act_matches(listed), *post_matches(sheet)]
    return Reading(
        clusters=found,
        tree=tree,
        sheet=sheet,
        marks=marks,
        matches=matches,
        contexts=contexts(sheet, marks, matches),
        deeds=deeds(sheet, marks, matches),
        aliases=aliases(sheet, marks, matches),
        annex=entries(sheet),
        trust={**designations.TRUST, **office_holders.TRUST, **rules.trust},
        acts=listed,
    )


def entity_spots(found: list[Cluster]) -> list[Spot]:
    """A spot for every span of every cluster; one for each member where a span stands for a group."""
    spots: list[Spot] = []
    for k, cluster in enumerate(found):
        if cluster.members:
            for member in cluster.members:
                spots.extend(
                    Spot(span.start, span.end, span.head, f"e{member + 1}", found[member].type, "group")
                    for span in cluster.spans
                )
            continue
        spots.extend(
            Spot(span.start, span.end, span.head, f"e{k + 1}", cluster.type, span.kind) for span in cluster.spans
        )
    return spots
