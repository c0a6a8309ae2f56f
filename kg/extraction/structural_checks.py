"""Structural checks: predictions that the syntax of a sentence rules out, whatever their probability.

In: a `DocumentAnalysis` and a prediction. Out: the reason why it cannot hold, empty where nothing speaks against it.
"Respectively" pairs two lists in their order; a demonym belongs to the noun that it modifies; two names that are only
joined by "and" are told nothing of each other; the reason given for one listed party is not that of another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kg.extraction.candidates.generate import DocumentAnalysis
from kg.extraction.document_view import DocumentView
from kg.extraction.mention_spans import MentionSpan
from kg.extraction.scoring.predict import Prediction

_OWNERSHIP: Final = frozenset({"owned_by", "controlled_by", "subsidiary_of", "leader_of", "officer_of"})
_BASES: Final = frozenset({"listed_under", "listed_on"})
_ORIGIN: Final = frozenset({"located_in", "citizen_of", "born_in"})
_ORDERED: Final = frozenset({"respectively"})
_JOINERS: Final = frozenset({"and", ",", "or", "&", "the", ";"})


class StructuralChecks:
    """The checks of one document."""

    __slots__ = ("analysis", "view")

    def __init__(self, analysis: DocumentAnalysis) -> None:
        self.analysis, self.view = analysis, analysis.view

    def doubt(self, prediction: Prediction) -> str:
        """Why the structure rules a prediction out; empty where it does not."""
        if prediction.phrase is not None:
            if prediction.predicate == "listed_for" and self._is_reason_of_others(prediction):
                return "the reason is given for another party"
            return ""
        if prediction.predicate in _BASES and self._is_ordinary_word(prediction.object):
            return "an ordinary word is neither law nor list"
        if self._crosses(prediction):
            return "'respectively' pairs it with another"
        if prediction.predicate in _ORIGIN and self._is_demonym_of_another(prediction):
            return "the demonym belongs to another name"
        if prediction.predicate in _OWNERSHIP and prediction.match is None and self._are_only_joined(prediction):
            return "the two are only joined, nothing is said of them"
        return ""

    def _is_ordinary_word(self, entity: str) -> bool:
        """Whether a name is one capitalised word that the document writes small elsewhere ("Top" of a headline)."""
        name = self.view.entities[entity].name
        if not name.isalpha() or not name[1:].islower():
            return False
        return re.search(rf"\b{re.escape(name.lower())}\b", self.view.text) is not None

    def _mentions(self, entity: str, sentence: int) -> list[MentionSpan]:
        return [mention for mention in self.view.mentions[sentence] if mention.entity == entity]

    def _crosses(self, prediction: Prediction) -> bool:
        """Whether "respectively" joins the subject to another member of the list that the object stands in."""
        view = self.view
        start, end = view.sentences[prediction.sentence]
        if _ORDERED.isdisjoint(view.words[start:end]):
            return False
        lists = [run for run in coordinated(view, prediction.sentence) if len(run) > 1]
        for first in lists:
            for second in lists:
                if first is second or len(first) != len(second):
                    continue
                if prediction.subject in first and prediction.object in second:
                    return first.index(prediction.subject) != second.index(prediction.object)
        return False

    def _is_demonym_of_another(self, prediction: Prediction) -> bool:
        """Whether the country stands only as a demonym that modifies the name of somebody else."""
        view = self.view
        own = self._mentions(prediction.subject, prediction.sentence)
        there = self._mentions(prediction.object, prediction.sentence)
        if not own or not there:
            return False
        return all(self._modifies_another(mention, prediction.subject) for mention in there) and bool(view.words)

    def _modifies_another(self, demonym: MentionSpan, subject: str) -> bool:
        view, tree = self.view, self.analysis.tree
        if tree.labels[demonym.head] not in ("amod", "compound") or demonym.end - demonym.start > 2:
            return False
        head = tree.heads[demonym.head]
        named = view.covered.get(head)
        if named is None or named.entity == demonym.entity:
            if tree.words[head] != tree.lemmas[head]:
                return False  # "the Chinese firms A, B and C": a plural noun stands for all
            titled = [view.covered.get(at) for at in (*tree.labelled(head, "appos", "flat"), tree.heads[head])]
            names = [mention for mention in titled if mention is not None and mention.entity != demonym.entity]
            named = names[0] if names and tree.labels[head] in ("compound", "flat", "nmod:desc", "appos") else None
        return named is not None and named.entity != subject and named.start >= demonym.end

    def _are_only_joined(self, prediction: Prediction) -> bool:
        """Whether nothing but "and" or a comma stands between the two wherever the sentence names both."""
        words = self.view.words
        pairs = [
            (min(one.end, two.end), max(one.start, two.start))
            for one in self._mentions(prediction.subject, prediction.sentence)
            for two in self._mentions(prediction.object, prediction.sentence)
            if one.end <= two.start or two.end <= one.start
        ]
        return bool(pairs) and all(
            "and" in words[start:end] and _JOINERS.issuperset(words[start:end]) for start, end in pairs
        )

    def _is_reason_of_others(self, prediction: Prediction) -> bool:
        """Whether a reason stands in an act that names others as listed and not this party."""
        phrase = prediction.phrase
        if phrase is None or prediction.match is not None:
            return False
        here = [act for act in self.analysis.acts if act.sentence == phrase.sentence and act.reason is not None]
        named = {member.entity for act in here for member in act.members}
        near = self._mentions(prediction.subject, phrase.sentence)
        return bool(named) and prediction.subject not in named and not near


def coordinated(view: DocumentView, sentence: int) -> list[list[str]]:
    """The entities of a sentence by runs that only commas and "and" join, each run in the order of the text."""
    runs: list[list[str]] = []
    last: MentionSpan | None = None
    for mention in _outermost(view.mentions[sentence]):
        if last is not None and _JOINERS.issuperset(view.words[last.end : mention.start]):
            runs[-1].append(mention.entity)
        else:
            runs.append([mention.entity])
        last = mention
    return runs


def _outermost(mentions: Sequence[MentionSpan]) -> list[MentionSpan]:
    found: list[MentionSpan] = []
    for mention in sorted(mentions, key=lambda one: (one.start, -one.end)):
        if not found or mention.start >= found[-1].end:
            found.append(mention)
    return found
