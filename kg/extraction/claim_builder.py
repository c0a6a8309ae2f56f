"""A proposal -> a claim: where its trigger is, how the text presents it, when it happened, how much, who says so."""

from __future__ import annotations

from typing import Final

from kg.extraction.candidates.generate import Reading
from kg.extraction.factuality import judge
from kg.extraction.features.pairs import path
from kg.extraction.scoring.predict import Proposal
from kg.model import Claim, Cue, Evidence, Status
from kg.nlp.quantities import Quantity, find_quantities
from kg.nlp.temporal import Moments, event_date, find_dates

_LISTINGS: Final = frozenset({"listed_by", "listed_on", "listed_under", "listed_for"})
#: Relations that stand as they are: no text plans where a body belongs or where somebody was born.
_STANDING: Final = frozenset({"part_of", "citizen_of", "born_in", "also_known_as", "child_of", "sibling_of"})
_STAKES: Final = frozenset({"owned_by", "subsidiary_of", "controlled_by"})
_SUMS: Final = frozenset({"planned_IPO", "funds", "supplies", "owned_by"})


class Judge:
    """Judges the proposals of one document; what is read once for all of them is kept."""

    def __init__(self, reading: Reading, published: str | None) -> None:
        doc = reading.sheet.doc
        self.reading = reading
        self.published = published[:10] if published else None
        self.tree = reading.tree
        self.whens = find_dates(doc, self.published)
        self.moments = Moments(doc, self.whens)
        self.quantities = find_quantities(doc)

    def claim(self, proposal: Proposal) -> Claim:
        """The claim that a proposal makes."""
        sheet = self.reading.sheet
        trigger = self.trigger(proposal)
        verdict = judge(sheet.doc, trigger, tree=self.tree, predicate=proposal.predicate)
        status = Status(verdict.status)
        if proposal.match is not None and proposal.match.status_hint and status == Status.ASSERTED:
            status = Status(proposal.match.status_hint)
        if proposal.predicate in _STANDING and status == Status.PLANNED:
            status = Status.ASSERTED  # what is planned in the sentence is something else
        if proposal.predicate == "planned_IPO":
            status = Status.PLANNED
        listing = proposal.predicate in _LISTINGS
        moment = self._act(proposal, trigger) if listing else trigger
        when = event_date(sheet.doc, moment, self.moments, self.published, act=listing, tree=self.tree)
        start, end = self.evidence(proposal)
        cues = [self._cue("trigger", trigger, trigger + 1)]
        cues += [self._cue(role, first, last) for role, first, last in verdict.cues]
        if when is not None:
            cues.append(self._cue("time", when.start, when.end))
        stake = self._nearest(proposal, trigger, "percent") if proposal.predicate in _STAKES else None
        money = self._nearest(proposal, trigger, "money") if proposal.predicate in _SUMS else None
        cues += [self._cue("quantity", found.start, found.end) for found in (stake, money) if found is not None]
        return Claim(
            subject=proposal.subject,
            predicate=proposal.predicate,
            object=proposal.object,
            object_text=proposal.phrase is not None,
            evidence=Evidence(start, end, sheet.text[start:end]),
            status=status,
            date=when.value if when is not None else None,
            date_end=when.value_end if when is not None else None,
            claimant=self._claimant(verdict.claimant_span),
            percent=stake.value if stake is not None else None,
            percent_min=stake.min if stake is not None and stake.value is None else None,
            percent_max=stake.max if stake is not None and stake.value is None else None,
            amount=money.text if money is not None else None,
            confidence=round(proposal.probability, 3),
            rule=proposal.match.rule if proposal.match is not None else f"scorer/{proposal.kind}",
            cues=tuple(dict.fromkeys(cues)),
        )

    def trigger(self, proposal: Proposal) -> int:
        """The token of the word that says the relation."""
        sheet = self.reading.sheet
        if proposal.match is not None and proposal.match.sentence == proposal.sentence:
            return proposal.match.trigger
        start, end = sheet.sentences[proposal.sentence]
        near = [token for token in self.reading.marks.triggers if start <= token < end]
        if proposal.phrase is not None:
            head = self._head(proposal.phrase.start, proposal.phrase.end)
            if proposal.predicate == "listed_for" and near:
                return min(near, key=lambda token: (abs(token - head), token))
            return head
        assert proposal.context is not None
        first, second = proposal.context.first, proposal.context.second
        if proposal.kind == "post":
            return first.head
        if proposal.kind in ("act", "item", "heading") and near:
            anchor = second.head if start <= second.head < end else first.head
            return min(near, key=lambda token: (abs(token - anchor), token))
        if sheet.sentence_of[first.start] == sheet.sentence_of[second.start]:
            _, _, top = path(sheet, first.head, second.head)
            if top is not None:
                return top
        place = second if sheet.sentence_of[second.start] == proposal.sentence else first
        return sheet.heads[place.head]

    def _act(self, proposal: Proposal, trigger: int) -> int:
        """The token of the act by which the subject was listed: where it is named a member, else the main act."""
        acts = self.reading.acts
        mine = [act for act in acts if any(spot.entity == proposal.subject for spot in act.members)]
        if proposal.predicate == "listed_by":
            mine = [act for act in mine if proposal.object in act.parties] or mine
        if mine:
            return next((act for act in mine if act.sentence == proposal.sentence), mine[0]).trigger
        if any(act.trigger == trigger and not act.members for act in acts) or proposal.match is not None:
            return trigger
        main = next((act for act in acts if act.how == "said" and not act.earlier), None)
        return main.trigger if main is not None else trigger

    def evidence(self, proposal: Proposal) -> tuple[int, int]:
        """Character offsets of the sentence that proves it, with its neighbour where the two together do."""
        sheet = self.reading.sheet
        numbers = [proposal.sentence]
        if proposal.other is not None and abs(proposal.other - proposal.sentence) == 1:
            numbers.append(proposal.other)
        first, last = sheet.sentences[min(numbers)][0], sheet.sentences[max(numbers)][1]
        while first < last - 1 and not any(char.isalnum() for char in sheet.words[first]):
            first += 1
        while last > first + 1 and sheet.words[last - 1].isspace():
            last -= 1
        return sheet.starts[first], sheet.ends[last - 1]

    def _head(self, start: int, end: int) -> int:
        """The token inside the character range whose head lies outside it."""
        span = self.reading.sheet.doc.char_span(start, end, alignment_mode="expand")
        return int(span.root.i) if span is not None else 0

    def _nearest(self, proposal: Proposal, trigger: int, kind: str) -> Quantity | None:
        start, end = self.reading.sheet.sentences[proposal.sentence]
        here = [one for one in self.quantities if one.kind == kind and start <= one.start < end]
        return min(here, key=lambda one: (self._bracketed(one), abs(one.start - trigger), one.start), default=None)

    def _bracketed(self, quantity: Quantity) -> bool:
        """Whether a quantity stands in brackets, as the same sum in another currency does."""
        return "(" in self.reading.sheet.words[max(0, quantity.start - 3) : quantity.start]

    def _claimant(self, span: tuple[int, int] | None) -> str | None:
        if span is None:
            return None
        covered = self.reading.sheet.covered
        found = [covered[token] for token in range(*span) if token in covered]
        return found[0].entity if found else None

    def _cue(self, role: str, start: int, end: int) -> Cue:
        sheet = self.reading.sheet
        first, last = sheet.starts[start], sheet.ends[end - 1]
        return Cue(role, first, last, sheet.text[first:last])
