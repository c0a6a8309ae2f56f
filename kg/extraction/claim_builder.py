"""A proposal -> a claim: where its trigger is, how the text presents it, when it happened, how much, who says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kg.extraction.candidates.generate import DocumentAnalysis
from kg.extraction.events.holdings import Holding
from kg.extraction.events.record_facts import RecordFact
from kg.extraction.factuality import Factuality, read_factuality
from kg.extraction.factuality_conditions import POSTS
from kg.extraction.features.pairs import dep_path
from kg.extraction.patterns.surface_matcher import PatternMatch
from kg.extraction.scoring.predict import Prediction
from kg.model import Claim, Cue, Evidence, Status
from kg.nlp.dependencies import Tree
from kg.nlp.quantities import Quantity, find_quantities
from kg.nlp.temporal import EventTimeIndex, TimeExpression, event_date, find_dates

#: Characters at the head of a statement in which a day is that of the whole: "On 5 March 2024, ...".
_OPENING: Final = 6
_LISTINGS: Final = frozenset({"listed_by", "listed_on", "listed_under", "listed_for"})
#: Relations that stand as they are: no text plans where a body belongs or where somebody was born.
_STANDING: Final = frozenset({"part_of", "citizen_of", "born_in", "also_known_as", "child_of", "sibling_of"})
#: Relations that nothing ends.
_KIN: Final = frozenset({"child_of", "sibling_of", "relative_of", "born_in"})
_STAKES: Final = frozenset({"owned_by", "subsidiary_of", "controlled_by"})
_SUMS: Final = frozenset({"planned_IPO", "funds", "supplies", "owned_by"})


def _is_past(tree: Tree, token: int) -> bool:
    """Whether a verb stands in the simple past."""
    return tree.tags[token] == "VERB" and tree.words[token].endswith("ed") and not tree.labelled(token, "aux")


def _date(when: TimeExpression | None, status: Status) -> str | None:
    """The date of a claim: of what has ended the day when it did, where the text gives a span."""
    if when is None:
        return None
    return when.value_end if status == Status.ENDED and when.value_end is not None else when.value


class ClaimBuilder:
    """Judges the proposals of one document; what is read once for all of them is kept."""

    def __init__(self, reading: DocumentAnalysis, published: str | None) -> None:
        doc = reading.view.doc
        self.reading = reading
        self.published = published[:10] if published else None
        self.tree = reading.tree
        self.whens = find_dates(doc, self.published)
        self.moments = EventTimeIndex(doc, self.whens)
        self.quantities = find_quantities(doc)
        self._verdicts: dict[tuple[int, str], Factuality] = {}

    def claim(self, prediction: Prediction) -> Claim:
        """The claim that a proposal makes."""
        if prediction.record is not None:
            return self._recorded(prediction, prediction.record)
        view = self.reading.view
        trigger = self.trigger(prediction)
        verdict = self._verdict(prediction, trigger)
        status = Status(verdict.status)
        if prediction.match is not None and prediction.match.status_hint and status == Status.ASSERTED:
            status = Status(prediction.match.status_hint)
        if prediction.predicate in _STANDING and status == Status.PLANNED:
            status = Status.ASSERTED  # what is planned in the sentence is something else
        if prediction.predicate in _KIN and status == Status.ENDED:
            status = Status.ASSERTED  # the late father is the father still
        if status == Status.ASSERTED and any(
            one.status == "ended" and one.sentence == prediction.sentence for one in self._held(prediction)
        ):
            status = Status.ENDED
        if prediction.predicate == "planned_IPO":
            status = Status.PLANNED
        listing = prediction.predicate in _LISTINGS
        moment = self._act(prediction, trigger) if listing else trigger
        when = event_date(view.doc, moment, self.moments, self.published, act=listing, tree=self.tree)
        if status == Status.ASSERTED and self._is_over(prediction.predicate, trigger, when):
            status = Status.ENDED
        start, end = self.evidence(prediction)
        cues = [self._cue("trigger", trigger, trigger + 1)]
        cues += [self._cue(role, first, last) for role, first, last in verdict.cues]
        if when is not None:
            cues.append(self._cue("time", when.start, when.end))
        stake = self._stake(prediction, trigger) if prediction.predicate in _STAKES else None
        money = self._nearest(prediction, trigger, "money") if prediction.predicate in _SUMS else None
        cues += [self._cue("quantity", found.start, found.end) for found in (stake, money) if found is not None]
        return Claim(
            subject=prediction.subject,
            predicate=prediction.predicate,
            object=prediction.object,
            object_text=prediction.phrase is not None,
            evidence=Evidence(start, end, view.text[start:end]),
            status=status,
            date=_date(when, status),
            date_end=when.value_end if when is not None else None,
            claimant=self._claimant(verdict.claimant_span),
            percent=stake.value if stake is not None else None,
            percent_min=stake.min if stake is not None and stake.value is None else None,
            percent_max=stake.max if stake is not None and stake.value is None else None,
            amount=money.text if money is not None else None,
            confidence=round(prediction.probability, 3),
            rule=prediction.match.rule if prediction.match is not None else f"scorer/{prediction.kind}",
            cues=tuple(dict.fromkeys(cues)),
        )

    def withheld(self, prediction: Prediction) -> str:
        """Why the text does not state a prediction although it speaks of it; empty where it does."""
        if prediction.predicate in _STANDING or prediction.kind == "annex" or prediction.record is not None:
            return ""
        return self._verdict(prediction, self.trigger(prediction)).withheld

    def _verdict(self, prediction: Prediction, trigger: int) -> Factuality:
        key = (trigger, prediction.predicate)
        if key not in self._verdicts:
            self._verdicts[key] = read_factuality(
                self.reading.view.doc, trigger, tree=self.tree, predicate=prediction.predicate
            )
        return self._verdicts[key]

    def _recorded(self, prediction: Prediction, fact: RecordFact) -> Claim:
        """The claim that a record makes: status and date are those of the record and of what governs it."""
        view = self.reading.view
        cues = [Cue("trigger", start, end, view.text[start:end]) for start, end in (fact.trigger,) if end > start]
        spans = ((self._act_day(*span) if span == fact.trigger else self._dated(*span)) for span in fact.dates)
        date = next(filter(None, spans), None)
        if date is None and fact.fresh:
            date = self.published
        return Claim(
            subject=prediction.subject,
            predicate=prediction.predicate,
            object=prediction.object,
            object_text=fact.object is None,
            evidence=Evidence(fact.start, fact.end, view.text[fact.start : fact.end]),
            status=Status(fact.status),
            date=date,
            confidence=round(prediction.probability, 3),
            rule=fact.rule,
            cues=tuple(cues),
        )

    def _act_day(self, start: int, end: int) -> str | None:
        """The day of the act that a governing statement speaks of, not that of a law or an event beside it."""
        view = self.reading.view
        acts = [token for token in self.reading.doc_features.triggers if start <= view.starts[token] < end]
        if not acts:
            return self._dated(start, end)
        days = (event_date(view.doc, token, self.moments, None, tree=self.tree) for token in acts)
        found = next((when.value for when in days if when is not None), None)
        return found or self._dated(start, min(end, start + _OPENING))

    def _dated(self, start: int, end: int) -> str | None:
        """The first day named in a range of the text, else the first month or year."""
        starts = self.reading.view.starts
        found = [when.value for when in self.whens if start <= starts[when.start] < end]
        return next((value for value in found if len(value) == 10), found[0] if found else None)

    def trigger(self, prediction: Prediction) -> int:
        """The token of the word that says the relation."""
        view = self.reading.view
        if prediction.match is not None and prediction.match.sentence == prediction.sentence:
            return self._top(prediction.match.trigger, prediction.match.trigger_end)
        start, end = view.sentences[prediction.sentence]
        near = [token for token in self.reading.doc_features.triggers if start <= token < end]
        if prediction.phrase is not None:
            head = self._head(prediction.phrase.start, prediction.phrase.end)
            if prediction.predicate == "listed_for" and near:
                return min(near, key=lambda token: (abs(token - head), token))
            return head
        assert prediction.context is not None
        first, second = prediction.context.first, prediction.context.second
        if prediction.kind == "post":
            return first.head
        if prediction.kind in ("act", "item", "heading") and near:
            anchor = second.head if start <= second.head < end else first.head
            return min(near, key=lambda token: (abs(token - anchor), token))
        if view.sentence_of[first.start] == view.sentence_of[second.start]:
            _, _, top = dep_path(view, first.head, second.head)
            if top is not None:
                return top
        place = second if view.sentence_of[second.start] == prediction.sentence else first
        return view.heads[place.head]

    def _top(self, start: int, end: int) -> int:
        """The word of a trigger that governs the others: "executive" of "chief executive"."""
        tree = self.tree
        last = range(start, end)[-1:]
        return next((at for at in range(start, end) if tree.heads[at] not in range(start, end)), *last or (start,))

    def _act(self, prediction: Prediction, trigger: int) -> int:
        """The token of the act by which the subject was listed: where it is named a member, else the main act."""
        acts = self.reading.acts
        mine = [act for act in acts if any(mention.entity == prediction.subject for mention in act.members)]
        if prediction.predicate == "listed_by":
            mine = [act for act in mine if prediction.object in act.parties] or mine
        if mine:
            return next((act for act in mine if act.sentence == prediction.sentence), mine[0]).trigger
        if any(act.trigger == trigger and not act.members for act in acts) or prediction.match is not None:
            return trigger
        main = next((act for act in acts if act.how == "said" and not act.earlier), None)
        return main.trigger if main is not None else trigger

    def evidence(self, prediction: Prediction) -> tuple[int, int]:
        """Character offsets of the sentence that proves it, with its neighbour where the two together do."""
        view = self.reading.view
        numbers = [prediction.sentence]
        if prediction.other is not None and abs(prediction.other - prediction.sentence) == 1:
            numbers.append(prediction.other)
        first, last = view.sentences[min(numbers)][0], view.sentences[max(numbers)][1]
        while first < last - 1 and not any(char.isalnum() for char in view.words[first]):
            first += 1
        while last > first + 1 and view.words[last - 1].isspace():
            last -= 1
        return view.starts[first], view.ends[last - 1]

    def _head(self, start: int, end: int) -> int:
        """The token inside the character range whose head lies outside it."""
        span = self.reading.view.doc.char_span(start, end, alignment_mode="expand")
        return int(span.root.i) if span is not None else 0

    def _stake(self, prediction: Prediction, trigger: int) -> Quantity | None:
        """The share of a pair: the one read for it, else the nearest that belongs to no other pair."""
        mine = [one for one in self._held(prediction) if one.quantity is not None]
        if mine:
            return next((one for one in mine if one.sentence == prediction.sentence), mine[0]).quantity
        taken = [one.quantity for one in self.reading.holdings if one.quantity is not None]
        found = self._nearest(prediction, trigger, "percent")
        return found if found not in taken else None

    def _held(self, prediction: Prediction) -> list[Holding]:
        """The holdings read for a pair."""
        pair = (prediction.subject, prediction.object)
        return [one for one in self.reading.holdings if (one.thing.entity, one.owner.entity) == pair]

    def _is_over(self, predicate: str, trigger: int, when: TimeExpression | None) -> bool:
        """Whether a post or stake is told in the past tense with a time that has run out."""
        if predicate not in POSTS | _STAKES or when is None or when.value_end is None:
            return False
        if self.published is not None and when.value_end[:10] >= self.published[: len(when.value_end)]:
            return False
        tree = self.tree
        verbs = [trigger, *(child for child in tree.labelled(trigger, "cop", "aux"))]
        return any(tree.words[verb] in ("was", "were", "served", "had") or _is_past(tree, verb) for verb in verbs)

    def further(self, prediction: Prediction, claim: Claim) -> Iterator[Claim]:
        """The other shares of the same pair, each with its own date and words."""
        if prediction.predicate != "owned_by" or prediction.record is not None:
            return
        seen = {(claim.percent, claim.percent_min)}
        for one in self._held(prediction):
            share = one.quantity
            if share is None or (share.value, None if share.value is not None else share.min) in seen:
                continue
            match = PatternMatch(
                one.rule, "owned_by", one.thing.entity, one.owner.entity, one.thing, one.owner,
                one.owner.start, one.owner.end, one.trigger, one.trigger + 1, one.sentence, one.status,
            )  # fmt: skip
            other = self.claim(replace(prediction, sentence=one.sentence, other=None, match=match, context=None))
            seen.add((share.value, None if share.value is not None else share.min))
            bounds = (None, None) if share.value is not None else (share.min, share.max)
            yield replace(other, percent=share.value, percent_min=bounds[0], percent_max=bounds[1])

    def _nearest(self, prediction: Prediction, trigger: int, kind: str) -> Quantity | None:
        start, end = self.reading.view.sentences[prediction.sentence]
        here = [one for one in self.quantities if one.kind == kind and start <= one.start < end]
        return min(here, key=lambda one: (self._bracketed(one), abs(one.start - trigger), one.start), default=None)

    def _bracketed(self, quantity: Quantity) -> bool:
        """Whether a quantity stands in brackets, as the same sum in another currency does."""
        return "(" in self.reading.view.words[max(0, quantity.start - 3) : quantity.start]

    def _claimant(self, span: tuple[int, int] | None) -> str | None:
        if span is None:
            return None
        covered = self.reading.view.covered
        found = [covered[token] for token in range(*span) if token in covered]
        return found[0].entity if found else None

    def _cue(self, role: str, start: int, end: int) -> Cue:
        view = self.reading.view
        first, last = view.starts[start], view.ends[end - 1]
        return Cue(role, first, last, view.text[first:last])
