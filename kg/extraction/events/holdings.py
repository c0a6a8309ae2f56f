"""Holdings: owner, owned party and share, from the wording of one sentence.

In: a `DocumentView`, its tree and its quantities. Out: `Holding`s: the thing owned, the owner, the share with its
bounds, and whether the holding is over. Read are active, passive and possessive clauses, lists of shareholders that
leave out the verb or the thing ("A holds 40 percent of X, B 35 and C the rest"), shares in brackets, changes of a share
("from 60% to 19.9%"), sales and holdings through another firm. A share belongs to the pair beside which it stands and
to no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.extraction.document_view import DocumentView
from kg.extraction.mention_spans import MentionSpan
from kg.extraction.patterns.surface_matcher import PatternMatch
from kg.nlp.dependencies import Tree
from kg.nlp.lexicon import load_lexicon, load_verbs
from kg.nlp.quantities import Quantity

TRUST: Final = {
    "owned_by.share-active": 0.85,
    "owned_by.share-passive": 0.85,
    "owned_by.share-bracket": 0.75,
    "owned_by.share-listed": 0.75,
    "owned_by.share-changed": 0.75,
    "owned_by.share-sold": 0.7,
    "owned_by.share-through": 0.75,
    "owned_by.passive-series": 0.8,
}
"""How far these rules are believed at least; measured on the training texts by `benchmarks/holdings.py`."""
_LEXICON: Final = load_lexicon("ownership")
_HOLD: Final = load_verbs("ownership", "hold")
_BUY: Final = load_verbs("ownership", "buy")
_SELL: Final = load_verbs("ownership", "sell")
_CHANGE: Final = load_verbs("ownership", "change")
_OWNERS: Final = frozenset({"Person", "Company", "Organization", "GovernmentBody", "Country"})
_THINGS: Final = frozenset({"Company", "Organization", "Place", "Vessel", "Aircraft", "GovernmentBody"})
_FILLERS: Final = frozenset(
    "a an the its his her their stake share shares shareholding interest equity holding in of capital voting rights "
    "issued total remaining further other ordinary common outstanding company firm group indirect direct ( ) %".split()
)
_REACH: Final = 9  # tokens between a share and the thing that it is a share of
_NEAR: Final = 4  # tokens between an owner and his share in a list of shareholders


@dataclass(frozen=True, slots=True)
class Holding:
    """One share of one pair; `quantity` is None where the text gives no figure, `status` is set where it is over."""

    thing: MentionSpan
    owner: MentionSpan
    quantity: Quantity | None
    trigger: int
    sentence: int
    rule: str
    status: str | None = None


def read_holdings(view: DocumentView, tree: Tree, quantities: Sequence[Quantity]) -> list[Holding]:
    """The holdings of a document in the order of the text, each pair and share once."""
    reader = _Reader(view, tree)
    found: list[Holding] = []
    for number, bounds in enumerate(view.sentences):
        shares = [one for one in quantities if one.kind == "percent" and bounds[0] <= one.start < bounds[1]]
        if shares and len(view.mentions[number]) > 1:
            found += reader.shares(number, bounds, shares)
        found += reader.series(number, bounds)
    return list(dict.fromkeys(found))


def holding_matches(holdings: Sequence[Holding]) -> list[PatternMatch]:
    """The ownership relations that the holdings say."""
    return [
        PatternMatch(
            one.rule, "owned_by", one.thing.entity, one.owner.entity, one.thing, one.owner,
            one.owner.start, one.owner.end, one.trigger, one.trigger + 1, one.sentence, one.status,
        )
        for one in holdings
    ]  # fmt: skip


class _Reader:
    """Reads the shares of one document, sentence by sentence."""

    def __init__(self, view: DocumentView, tree: Tree) -> None:
        self.view, self.tree = view, tree

    def shares(self, number: int, bounds: tuple[int, int], shares: list[Quantity]) -> Iterator[Holding]:
        """The holdings that the shares of a sentence give."""
        last: MentionSpan | None = None
        for place, share in enumerate(shares):
            following = shares[place + 1].start if place + 1 < len(shares) else bounds[1]
            if self._is_replaced(share, shares[place + 1 :]):
                continue
            stated = self._thing_behind(share, following)
            for one in self._one(number, bounds, share, following, last):
                yield one
                last = one.thing if one.rule != "owned_by.share-through" else last
            last = stated or last

    def _one(
        self, number: int, bounds: tuple[int, int], share: Quantity, limit: int, last: MentionSpan | None
    ) -> Iterator[Holding]:
        verb = self._verb(share, bounds)
        passive = self._owned_by(share, bounds, limit)
        if passive is not None:
            thing = self._thing_before(passive[0], bounds) or last
            if thing is not None and thing.entity != passive[1].entity:
                yield Holding(thing, passive[1], share, passive[0], number, "owned_by.share-passive")
            return
        thing = self._thing_behind(share, limit)
        beside = self._owner_beside(share, bounds)
        if beside is not None and last is not None and (thing is None or thing.entity == last.entity):
            if beside.entity != last.entity:
                yield Holding(last, beside, share, share.start, number, "owned_by.share-listed", self._sold(verb))
            return
        thing = thing or (self._changed(share, bounds) if verb in _CHANGE or last is None else None) or last
        owner = self._subject(share, bounds)
        if thing is None or owner is None or thing.entity == owner.entity or not self._holds(verb):
            return
        rule = "changed" if verb in _CHANGE else "sold" if verb in _SELL else "active"
        trigger = self._verb_at(share, bounds) or share.start
        yield Holding(thing, owner, share, trigger, number, f"owned_by.share-{rule}", self._sold(verb))
        if "directly" not in self.view.words[share.end : share.end + 4]:
            for vehicle in self._through(trigger):
                if vehicle.entity not in (thing.entity, owner.entity):
                    yield Holding(thing, vehicle, share, trigger, number, "owned_by.share-through")
                    if any(self.view.words[at] in ("his", "her", "its", "their") for at in self._left(vehicle, bounds)):
                        yield Holding(vehicle, owner, None, trigger, number, "owned_by.share-through")

    def _is_replaced(self, share: Quantity, later: Sequence[Quantity]) -> bool:
        """Whether a share is the one before a change: "from 60% to 19.9%"."""
        words = self.view.words
        return bool(later) and words[share.start - 1] == "from" and words[later[0].start - 1] == "to"

    def _verb_at(self, share: Quantity, bounds: tuple[int, int]) -> int | None:
        """The verb over a share."""
        token = share.start
        for _ in range(8):
            if self.tree.tags[token] == "VERB" and token not in range(share.start, share.end):
                return token
            if self.tree.heads[token] == token:
                break
            token = self.tree.heads[token]
        for token in range(share.start - 1, bounds[0] - 1, -1):
            if self.view.words[token] in _HOLD | _BUY | _SELL | _CHANGE:
                return token
        return None

    def _verb(self, share: Quantity, bounds: tuple[int, int]) -> str:
        token = self._verb_at(share, bounds)
        return self.view.words[token] if token is not None else ""

    def _holds(self, verb: str) -> bool:
        return verb in _HOLD or verb in _BUY or verb in _SELL or verb in _CHANGE

    def _sold(self, verb: str) -> str | None:
        return "ended" if verb in _SELL else None

    def _owned_by(self, share: Quantity, bounds: tuple[int, int], limit: int) -> tuple[int, MentionSpan] | None:
        """("owned", the owner) of a share in the passive: "51% owned by A", "owned 51% by A", "by A (51%)"."""
        words, covered = self.view.words, self.view.covered
        for token in range(max(bounds[0], share.start - 3), min(limit, share.end + 4)):
            if words[token] not in ("owned", "held", "controlled", "-owned"):
                continue
            for at in range(max(token, share.end - 1), min(limit, share.end + 8)):
                if words[at] == "by":
                    owner = self._first(at + 1, limit, _OWNERS)
                    return (token, owner) if owner is not None else None
        if words[share.start - 1] == "by" or words[share.end : share.end + 1] == ["by"]:
            owner = self._first(share.end, limit, _OWNERS)
            owned = self._participle(bounds, share.start)
            return (owned, owner) if owner is not None and owned is not None else None
        before = covered.get(share.start - 2) if words[share.start - 1] == "(" else None
        owned = self._participle(bounds, share.start)
        if before is not None and before.type in _OWNERS and owned is not None and owned < before.start:
            return owned, before
        return None

    def _participle(self, bounds: tuple[int, int], end: int) -> int | None:
        """The "owned by" or "held by" before a token in its sentence."""
        words = self.view.words
        for token in range(end - 1, bounds[0] - 1, -1):
            if words[token] in ("owned", "held") and "by" in words[token : token + 6]:
                return token
        return None

    def _first(self, start: int, limit: int, types: frozenset[str]) -> MentionSpan | None:
        """The first mention of one of the types within a few words."""
        for token in range(start, min(limit, start + _REACH)):
            mention = self.view.covered.get(token)
            if mention is not None and mention.type in types and mention.start >= start:
                return mention
        return None

    def _thing_before(self, token: int, bounds: tuple[int, int]) -> MentionSpan | None:
        """What is owned: the subject of the participle, else the nearest thing before it."""
        tree = self.tree
        heads = [*tree.labelled(token, "nsubj"), *([tree.heads[token]] if tree.labels[token].startswith("acl") else [])]
        for head in heads:
            mention = self.view.covered.get(head)
            if mention is not None and mention.type in _THINGS:
                return mention
        for at in range(token - 1, bounds[0] - 1, -1):
            mention = self.view.covered.get(at)
            if mention is not None and mention.type in _THINGS and self.view.words[mention.end :][:1] != ["-"]:
                return mention
        return None

    def _thing_behind(self, share: Quantity, limit: int) -> MentionSpan | None:
        """What a share is of: "51 percent of the shares of X", "a 20% stake in X"."""
        words, joined = self.view.words, False
        for token in range(share.end, min(limit, share.end + _REACH)):
            mention = self.view.covered.get(token)
            if mention is not None:
                return mention if joined and mention.type in _THINGS else None
            joined = joined or words[token] in ("of", "in")
            if words[token] not in _FILLERS and self.tree.tags[token] not in ("NOUN", "ADJ", "DET", "PROPN"):
                return None
        return None

    def _owner_beside(self, share: Quantity, bounds: tuple[int, int]) -> MentionSpan | None:
        """The name right before a share in a list of shareholders: ", B 35 percent", "and C with 12%", "D (10%)"."""
        words, token = self.view.words, share.start - 1
        while token >= bounds[0] and share.start - token <= _NEAR:
            mention = self.view.covered.get(token)
            if mention is not None:
                return mention if mention.type in _OWNERS else None
            passed = words[token] in _FILLERS or words[token] in _HOLD or words[token] in ("with", ":", "at")
            if not passed and self.tree.tags[token] != "PROPN":
                return None
            token -= 1
        return None

    def _subject(self, share: Quantity, bounds: tuple[int, int]) -> MentionSpan | None:
        """Who holds a share: the subject of its verb, who possesses it, else the name right before the verb."""
        tree, verb = self.tree, self._verb_at(share, bounds)
        token = share.start
        for _ in range(4):
            for head in tree.labelled(token, "nmod:poss"):
                mention = self.view.covered.get(head)
                if mention is not None and mention.type in _OWNERS:
                    return mention
            token = tree.heads[token]
        while verb is not None:
            for head in tree.labelled(verb, "nsubj"):
                mention = self.view.covered.get(head) or self._antecedent(head, verb)
                if mention is not None and mention.type in _OWNERS:
                    return mention
            if tree.labels[verb] not in ("conj", "xcomp", "advcl", "acl") or tree.heads[verb] == verb:
                break
            verb = tree.heads[verb]
        return None

    def _antecedent(self, head: int, verb: int) -> MentionSpan | None:
        if self.view.words[head] not in ("who", "which", "that"):
            return None
        return self.view.covered.get(self.tree.heads[verb])

    def _changed(self, share: Quantity, bounds: tuple[int, int]) -> MentionSpan | None:
        """The thing of a stake named before its figure: "cut its stake in X from 60% to 20%"."""
        words = self.view.words
        for token in range(share.start - 1, bounds[0], -1):
            if words[token] in ("in", "of") and self.view.lemmas[token - 1] in _LEXICON["stake"]:
                return self._first(token + 1, share.start, _THINGS)
        return None

    def _through(self, verb: int) -> list[MentionSpan]:
        """The firms through which somebody holds something."""
        tree, found = self.tree, []
        for child in tree.labelled(verb, "obl", "advmod"):
            case = [tree.words[mark] for mark in tree.labelled(child, "case")]
            if not _LEXICON["through"].isdisjoint(case):
                named = [child, *tree.labelled(child, "appos", "conj")]
                found += [m for head in named if (m := self.view.covered.get(head)) is not None and m.type == "Company"]
        return found

    def _left(self, mention: MentionSpan, bounds: tuple[int, int]) -> range:
        """The few tokens before a mention."""
        return range(max(bounds[0], mention.start - _NEAR), mention.start)

    def series(self, number: int, bounds: tuple[int, int]) -> Iterator[Holding]:
        """ "is owned, managed, and operated by A": the agent stands behind the last of several participles."""
        words = self.view.words
        for token in range(*bounds):
            if words[token] != "owned" or "by" in words[token + 1 : token + 3] or token + 2 >= bounds[1]:
                continue
            by = next((at for at in range(token + 1, min(bounds[1], token + 9)) if words[at] == "by"), None)
            if by is None or not all(self._is_series(at) for at in range(token + 1, by)):
                continue
            owner = self._first(by + 1, bounds[1], _OWNERS)
            while owner is not None and words[owner.end : owner.end + 1] == ["-"]:
                owner = self._first(owner.end, bounds[1], _OWNERS)
            thing = self._thing_before(token, bounds)
            if owner is not None and thing is not None and thing.entity != owner.entity:
                yield Holding(thing, owner, None, token, number, "owned_by.passive-series")

    def _is_series(self, token: int) -> bool:
        words, tags = self.view.words, self.tree.tags
        return words[token] in (",", "and", "or", "/") or (tags[token] == "VERB" and words[token].endswith("ed"))
