"""What links a party to an act of listing: a listing relation without a link is not accepted.

In: a document's view, tree, acts and listing words. Out: for a listing prediction the reason why it has no link, empty
where it has one. A party is linked where an act names it as a member (by syntax, a list item, a group or "also"), or
where it stands in a role of the listing word itself. Whoever is merely near is a bystander: inside the reason ("for the
murder of X"), under another noun ("the former chairman of X", "X's owner"), in a clause of its own, before "-flagged".
A word of listing may also have another sense ("designated as systemically important"), and who is taken off a list is
not listed by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from kg.extraction.document_view import DocumentView
from kg.extraction.events.arguments import DesignationEvent
from kg.extraction.events.removals import LEXICON, REMOVE
from kg.extraction.mention_spans import MentionSpan
from kg.extraction.scoring.predict import Prediction
from kg.model import Claim, Status
from kg.nlp.dependencies import Tree
from kg.nlp.lexicon import load_verbs

LISTINGS: Final = frozenset({"listed_by", "listed_on", "listed_under"})
_JOINED: Final = frozenset({"conj", "appos", "flat", "compound", "nmod:desc", "dep", "amod", "list"})
_CLAUSES: Final = frozenset({"advcl", "acl", "ccomp", "csubj"})
_ANNUL: Final = load_verbs("listing", "annul")
_STEPS: Final = 12
_BEHIND: Final = 2  # sentences behind an act in which parties that it only counts are named


class ListingLinks:
    """The links of one document's parties to its acts of listing."""

    __slots__ = ("_acts", "_listed", "_removed", "_triggers", "tree", "view")

    def __init__(self, view: DocumentView, tree: Tree, acts: Sequence[DesignationEvent], triggers: Sequence[int]):
        self.view, self.tree = view, tree
        self._triggers: dict[int, list[int]] = {}
        for token in triggers:
            self._triggers.setdefault(view.sentence_of[token], []).append(token)
        for act in acts:
            if act.kind != REMOVE and act.trigger not in self._triggers.get(act.sentence, ()):
                self._triggers.setdefault(act.sentence, []).append(act.trigger)
        self._acts = acts
        self._listed = _by_member(acts, removal=False)
        self._removed = _by_member(acts, removal=True)

    def is_over(self, subject: str) -> bool:
        """Whether an entity is only taken off a list, so that its listing has ended."""
        acts = [act for act in self._listed.get(subject, ()) if not self._other_sense(act.trigger)]
        return subject in self._removed and not any(self._is_new(act) for act in acts)

    def annulled_by(self, subject: str, object_: str) -> bool:
        """Whether it is a court's annulment alone that joins the two."""
        return any(
            object_ in act.parties and self.view.words[act.trigger] in _ANNUL for act in self._removed.get(subject, ())
        )

    def settled(self, claim: Claim) -> Claim:
        """The claim, ended and without the removal's date where the party is only taken off the list."""
        if claim.status not in (Status.ASSERTED, Status.ENDED) or not self.is_over(claim.subject):
            return claim
        cues = tuple(cue for cue in claim.cues if cue.role != "time")
        return replace(claim, status=Status.ENDED, date=None, date_end=None, cues=cues)

    def doubt(self, prediction: Prediction) -> str:
        """Why a listing has no link to an act; empty where it has one."""
        subject, sentence = prediction.subject, prediction.sentence
        if self.annulled_by(subject, prediction.object):
            return "it is taken off the list, not put on it"
        acts = [act for act in self._listed.get(subject, ()) if not self._other_sense(act.trigger)]
        here = self._triggers.get(sentence, ())
        if here and not acts and all(self._other_sense(token) for token in here):
            return "the words of listing have another sense"
        if acts:
            return ""
        mentions = self.view.entities[subject].mentions
        roles = {self._role(mention) for mention in mentions}
        if roles == {""} and self._listed and not any(self._is_announced(mention) for mention in mentions):
            return "no link to an act of listing: no sentence of it speaks of one"
        return (
            "no link to an act of listing: a bystander" if roles <= {"bystander", ""} and "bystander" in roles else ""
        )

    def _is_new(self, act: DesignationEvent) -> bool:
        """Whether an act stands for itself, not as what went before a removal ("who had been listed")."""
        tree, token = self.tree, act.trigger
        return act.kind != "noun" and not any(tree.words[child] == "had" for child in tree.labelled(token, "aux"))

    def _other_sense(self, token: int) -> bool:
        view, tree = self.view, self.tree
        lemma = view.lemmas[token]
        start, end = view.sentences[view.sentence_of[token]]
        if not LEXICON["sport"].isdisjoint(view.words[start:end]):
            return True
        objects = [view.lemmas[child] for child in tree.labelled(token, "obj", "nsubj:pass")]
        if LEXICON["other_measures"] & set(objects) and not LEXICON["measures"] & set(objects):
            return True
        lists = [token] if lemma in LEXICON["lists"] and tree.tags[token] in ("NOUN", "PROPN") else []
        lists += [child for child in tree.labelled(token, "obl", "nmod") if view.lemmas[child] in LEXICON["lists"]]
        if any(view.words[t] in LEXICON["other_lists"] for head in lists for t in range(*tree.subtree(head))):
            return True
        return lemma == "designate" and self._as_something_else(token)

    def _as_something_else(self, token: int) -> bool:
        """Whether the complement of "designate" names no class of sanctioned parties."""
        tree, view = self.tree, self.view
        for child in tree.labelled(token, "xcomp", "obl", "advcl"):
            case = {tree.words[mark] for mark in tree.labelled(child, "case", "mark")}
            if child < token or tree.tags[child] in ("VERB", "AUX", "ADV"):
                continue  # "as amended", "as well"
            if not (case == {"as"} or (not case and tree.labels[child] == "xcomp")):
                continue
            words = range(*tree.subtree(child))
            said = {view.lemmas[t] for t in words} | {view.words[t] for t in words}
            listed = any(
                (m := view.covered.get(t)) is not None and m.type in ("List", "LegalInstrument") for t in words
            )
            if not listed and not said & LEXICON["listed_as"]:
                return True
        return False

    def _role(self, mention: MentionSpan) -> str:
        """`linked`, `bystander` or `near` as a mention stands to the listing words of its sentence; "" without any."""
        triggers = self._triggers.get(self.view.sentence_of[mention.start], [])
        triggers = [token for token in triggers if not mention.start <= token < mention.end]
        if not triggers:
            return "linked" if self._is_entry(mention) else ""
        if self._is_entry(mention):
            return "linked"
        if self._is_origin(mention):
            return "bystander"
        if any(":" in self.view.words[token : mention.start] for token in triggers):
            return "near"  # behind a colon stand the names that were announced
        return self._climb(mention, set(triggers))

    def _is_announced(self, mention: MentionSpan) -> bool:
        """Whether a mention stands under a heading of its own, or right behind an act whose parties are not named."""
        number = self.view.sentence_of[mention.start]
        return mention.entity in self.view.topics[number] or any(
            act.group and not act.members and 0 <= number - act.sentence <= _BEHIND for act in self._acts
        )

    def _is_entry(self, mention: MentionSpan) -> bool:
        """Whether a mention stands in a list item, a table row or a heading."""
        view = self.view
        number = view.sentence_of[mention.start]
        kind = view.blocks[view.block_of[number]].kind if view.blocks else "paragraph"
        return kind in ("item", "row", "heading", "cell")

    def _is_origin(self, mention: MentionSpan) -> bool:
        """Whether a name stands before "-flagged", "-based", "-owned"."""
        words, tags, end = self.view.words, self.view.tags, mention.end
        return words[end : end + 1] == ["-"] and end + 1 < len(tags) and tags[end + 1] in ("VERB", "ADJ")

    def _climb(self, mention: MentionSpan, triggers: set[int]) -> str:
        """The role of a mention by its way up the tree to a listing word."""
        tree, token, beside = self.tree, mention.head, False
        for _ in range(_STEPS):
            head, label = tree.heads[token], tree.labels[token]
            if head == token:
                return "near"
            base = label.partition(":")[0]
            beside = beside or self._is_of_whom(token)
            if not beside and base in ("appos", "conj", "flat") and self._is_of_another_kind(head, mention):
                return "near"  # the parser hung a firm on the place, or a person on the body, before it
            if head in triggers:
                return "bystander" if beside or self._is_aside(token, head, label) else "linked"
            if label in _JOINED or (base == "nsubj" and tree.tags[head] not in ("VERB", "AUX")):
                token = head
                continue
            leads_away = base in ("nmod", "obl") and not self._leads(token, head)
            beside = beside or label == "nmod:poss" or leads_away or base in _CLAUSES
            token = head
        return "near"

    def _is_of_whom(self, token: int) -> bool:
        """Whether a noun is somebody's in a relative clause: "whose former owner"."""
        return any(self.tree.words[child] == "whose" for child in self.tree.labelled(token, "nmod:poss"))

    def _is_of_another_kind(self, token: int, mention: MentionSpan) -> bool:
        """Whether a name of another type stands at a token, to which a mention is therefore no apposition."""
        named = self.view.covered.get(token)
        return named is not None and named.entity != mention.entity and named.type != mention.type

    def _is_aside(self, token: int, trigger: int, label: str) -> bool:
        """Whether an argument of the listing word is none of those listed: its agent, its reason, its means."""
        base = label.partition(":")[0]
        if base in _CLAUSES:
            return True
        if base in ("obl", "nmod") and label != "nmod:poss":
            return self._case(token) not in LEXICON["onto"]
        return label == "nsubj" and bool(self.tree.labelled(trigger, "obj"))

    def _leads(self, token: int, head: int) -> bool:
        """Whether a noun's complement names the parties themselves: "three firms including X", "designation of X"."""
        case = self._case(token)
        if case in ("including", "such as", "like", "namely", "among", ""):
            return True
        return case in LEXICON["onto"] and self.view.lemmas[head] in LEXICON["several"] | LEXICON["measures"]

    def _case(self, token: int) -> str:
        tree = self.tree
        marks = [child for child in tree.labelled(token, "case") if child < token]
        return " ".join(tree.words[part] for mark in marks for part in (mark, *tree.labelled(mark, "fixed")))


def _by_member(acts: Sequence[DesignationEvent], *, removal: bool) -> Mapping[str, list[DesignationEvent]]:
    found: dict[str, list[DesignationEvent]] = {}
    for act, entity in _members(acts):
        if (act.kind == REMOVE) == removal:
            found.setdefault(entity, []).append(act)
    return found


def _members(acts: Sequence[DesignationEvent]) -> Iterator[tuple[DesignationEvent, str]]:
    for act in acts:
        for member in act.members:
            yield act, member.entity
