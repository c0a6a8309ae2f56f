"""One document read to the end: its entities, where they meet, which constructions hold, and what might be said.

annotated Doc -> clusters -> spots -> rule matches -> contexts, deeds and aliases with their features. Nothing is
believed here; `kg.extract` weighs the candidates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.language import acts, posts
from kg.language.act_clauses import Act
from kg.language.acts import act_matches, find_acts
from kg.language.annex import Entry, entries
from kg.language.callings import aliases
from kg.language.contexts import contexts
from kg.language.coreference import Cluster, clusters
from kg.language.features import Context
from kg.language.marks import Marks, read_marks
from kg.language.matching import Match, match
from kg.language.phrases import Phrase, deeds
from kg.language.posts import post_matches
from kg.language.sheet import Sheet, lay_out
from kg.language.spots import Spot
from kg.language.syntax import Tree, read_tree
from kg.rules import RuleSet


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
        trust={**acts.TRUST, **posts.TRUST, **rules.trust},
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
