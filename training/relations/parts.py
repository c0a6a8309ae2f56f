"""The three scorers that are fitted: pairs of entities, text objects, aliases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Final

import numpy as np

from kg.extraction.scoring.classifier import spans_both_ways, tokens_both_ways
from kg.extraction.scoring.predict import text_spans, text_tokens
from training.relations.items import Item
from training.relations.network import Examples, Log, Parameters, Settings, fit, together
from training.relations.rows import HashRows
from training.relations.targets import pair_targets, text_targets

PAIRS: Final = tuple(
    sorted(
        "listed_by listed_on listed_under delisted_by owned_by controlled_by subsidiary_of leader_of officer_of "
        "spokesman_for employee_of member_of founder_of acts_for supports supplies funds associated_with spouse_of "
        "sibling_of relative_of child_of citizen_of born_in located_in part_of flagged_in accuses meets "
        "planned_IPO".split()
    )
)


@dataclass(frozen=True, slots=True)
class Part:
    """One scorer: its labels, how it is fitted, and the share of examples without any label that it is shown."""

    name: str
    labels: tuple[str, ...]
    settings: Settings
    negatives: float

    def examples(self, item: Item, score: ModuleType) -> Examples:
        """The candidates of a document as examples."""
        analysis = item.analysis
        states = np.asarray(analysis.view.doc.tensor, np.float16)
        if self.name == "pairs":
            pairs = analysis.pair_candidates
            y, w = pair_targets(item, self.labels, score)
            rows = HashRows.of([one.features for one in pairs], both_ways=True)
            spans = spans_both_ways(pairs, analysis.view.sentences)
            return Examples(rows, y, w, tokens_both_ways(pairs), spans, states)
        found = analysis.text_objects if self.name == "text_objects" else analysis.alias_candidates
        y, w = text_targets(item, found, self.labels, score)
        tokens = text_tokens(found, analysis.view.heads)
        return Examples(HashRows.of([one.features for one in found]), y, w, tokens, text_spans(found), states)


PARTS: Final = (
    Part("pairs", PAIRS, Settings(width=64, epochs=7, batch=1024, slots=5), 0.4),
    Part("text_objects", ("implicated_in", "listed_for"), Settings(width=32, epochs=7, batch=1024, slots=4), 0.3),
    Part("aliases", ("also_known_as",), Settings(width=16, epochs=30, batch=64, least=2, slots=0), 1.0),
)

Weights = Mapping[str, float]
"""The weight of each kind of text in fitting."""


def fit_part(
    part: Part,
    found: Sequence[tuple[str, Examples]],
    *,
    kinds: Weights | None = None,
    seed: int = 0,
    log: Log | None = None,
) -> Parameters:
    """Fit a part on the examples of documents, each given with its kind of text."""
    weighed = [replace(one, w=one.w * np.float32(kinds[kind])) if kinds else one for kind, one in found if len(one)]
    examples = together(weighed)
    drawn = np.random.default_rng(seed).random(len(examples)) < part.negatives
    kept = np.flatnonzero((examples.y.max(1) > 0) | drawn)
    return fit(examples.chosen(kept), part.labels, part.settings, seed=seed, log=log)
