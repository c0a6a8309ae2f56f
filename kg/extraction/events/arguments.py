"""One clause that speaks of a listing: who is listed, by whom, on which list and why, as far as the clause says it.

In: a `DocumentView` and its tree. Out: `DesignationEvent`s. What the clauses of a document make up together is read by
`kg.extraction.events.designations`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.extraction.document_view import DocumentView
from kg.extraction.events.enumerated_members import items_below, names_behind_colon, run_of_names
from kg.extraction.features.document import ACTORS, LISTABLE
from kg.extraction.mention_spans import NAMES, MentionSpan
from kg.extraction.patterns.surface_matcher import LIMIT
from kg.nlp.dependencies import Tree
from kg.nlp.lexicon import load_lexicon

#: Verbs that say a listing whatever stands beside them.
_DESIGNATE: Final = frozenset(
    {"designate", "redesignate", "re-designate", "sanction", "blacklist", "re-list", "relist"}
)
#: Verbs that say one where the sentence speaks of sanctions besides.
SINGLE_OUT: Final = frozenset({"identify", "target", "name", "list", "hit", "expose", "block"})
#: Verbs that put somebody on a list.
PLACE: Final = frozenset({"add", "place", "put", "include", "enter", "inscribe", "name", "list"})
_LISTS: Final = frozenset({"list", "blacklist", "annex", "sanction", "sanctions", "entity-list"})
#: Verbs that lay sanctions on somebody.
_IMPOSE: Final = frozenset({"impose", "slap", "levy", "adopt", "reimpose", "introduce", "announce", "extend", "apply"})
_MEASURES: Final = frozenset(
    {"sanction", "sanctions", "freeze", "designation", "blacklisting", "measure", "restriction"}
)
_FREEZE: Final = frozenset({"freeze", "block"})
_ASSETS: Final = frozenset({"asset", "property", "account", "fund"})
_NOUNS: Final = frozenset({"designation", "sanction", "sanctions", "blacklisting", "listing"})
#: Words of a sentence that tell that it speaks of sanctions.
_SPEAKS: Final = frozenset(
    "sanction sanctions designate designation blacklist list e.o. pursuant block freeze order authority".split()
)
_BESIDES: Final = load_lexicon("listing")["besides"]
_OFFICIALS: Final = frozenset("official authority government administration regulator ministry department".split())
_CAUSES: Final = frozenset({"for", "over", "because", "due"})
_STEPS: Final = frozenset({"action", "step", "measure"})
_MOVES: Final = frozenset("move step decision action effort measure bid".split())
#: What an authority lists with, where it is the subject in its place: "the EU's 14th package targets ...".
_MEANS: Final = frozenset("package round measure sanction sanctions action rule order decision move list".split())


@dataclass(slots=True)
class DesignationEvent:
    """One clause that speaks of a listing.

    `kind` is `designate`, `single`, `place`, `impose`, `freeze`, `noun`, `state`, `also` or `remove`; `group` is True
    where those listed are told by a common noun; `authorities` are who list, with `how` they are known: `said` in the
    clause, `beside` it in the sentence, `on` from the clause it goes on from, `main` from the document. `country` is
    the state for which a body acts, where the document names both; `offices` are those of ministries among the
    actors. `reason` are the tokens that say why; `items` are the members named by the items of the list below;
    `earlier` is True of an act before the one that the document is about.
    """

    trigger: int
    sentence: int
    kind: str
    actors: list[MentionSpan] = field(default_factory=list)
    members: list[MentionSpan] = field(default_factory=list)
    lists: list[MentionSpan] = field(default_factory=list)
    group: bool = False
    how: str = ""
    authorities: list[MentionSpan] = field(default_factory=list)
    country: MentionSpan | None = None
    offices: list[MentionSpan] = field(default_factory=list)
    listed_here: bool = False
    reason: tuple[int, int] | None = None
    earlier: bool = False
    items: set[str] = field(default_factory=set)

    @property
    def parties(self) -> set[str]:
        """The entities that list."""
        return {mention.entity for mention in (*self.authorities, *self.offices, self.country) if mention is not None}


class ArgumentExtractor:
    """Reads the acts of one document clause by clause; who acts where a clause leaves it out is decided elsewhere."""

    __slots__ = ("at", "groups", "offices", "tree", "view")

    def __init__(self, view: DocumentView, tree: Tree) -> None:
        self.view, self.tree = view, tree
        self.at: dict[int, MentionSpan] = {}
        self.groups: dict[int, list[MentionSpan]] = {}
        self.offices: dict[str, MentionSpan] = {}  # of a ministry that is named as its owner: "the Treasury's OFAC"
        for mentions in view.mentions:
            for mention in mentions:
                self.at.setdefault(mention.head, mention)
                if mention.kind == "group":
                    self.groups.setdefault(mention.head, []).append(mention)

    def sentence(self, number: int, bounds: tuple[int, int]) -> Iterator[DesignationEvent]:
        """The acts that a sentence says by a verb or noun of its own."""
        tree, lemmas = self.tree, self.view.lemmas
        speaks = not _SPEAKS.isdisjoint(lemmas[slice(*bounds)])
        for token in range(*bounds):
            lemma, tag = lemmas[token], tree.tags[token]
            mention = self.view.covered.get(token)
            if (mention is None and lemma in ("list", "blacklist")) or (mention is not None and mention.type == "List"):
                act = self._on_list(token, number)
            elif mention is not None:
                continue
            elif tag in ("VERB", "ADJ"):
                act = self._verb(token, lemma, number, speaks)
            elif lemma in _NOUNS and tag in ("NOUN", "PROPN"):
                act = self._noun(token, number)
            else:
                continue
            if act is not None:
                act.reason = self._reason(token)
                yield act

    def _verb(self, token: int, lemma: str, number: int, speaks: bool) -> DesignationEvent | None:
        tree = self.tree
        objects = tree.labelled(token, "obj")
        lists = self._lists(token)
        if lemma in _DESIGNATE:
            act = DesignationEvent(token, number, "designate")
        elif lemma in PLACE and lists:
            act = DesignationEvent(token, number, "place")
        elif lemma in _IMPOSE and any(self.view.lemmas[one] in _MEASURES for one in self.patients(token)):
            act = DesignationEvent(token, number, "impose")
            targets = [
                child
                for head in (token, *self.patients(token))
                for child in tree.labelled(head, "obl", "nmod")
                if self.case_of(child) in ("on", "against", "upon", "of", "to")
            ]
            return self.filled(act, targets, token)
        elif lemma == "take" and any(self.view.lemmas[one] in _STEPS for one in objects):
            heads = [token, *objects]
            against = [
                one for at in heads for one in tree.labelled(at, "obl", "nmod") if self.case_of(one) == "against"
            ]
            act = self.filled(DesignationEvent(token, number, "impose"), against, token)
            return act if act.members else None
        elif lemma in _FREEZE and any(self.view.lemmas[one] in _ASSETS for one in self.patients(token)):
            act = DesignationEvent(token, number, "freeze")
            targets = [child for head in self.patients(token) for child in tree.labelled(head, "nmod")]
            return self.filled(act, targets, token)
        elif (lemma in SINGLE_OUT and speaks) or tree.words[token : token + 2] == ["singled", "out"]:
            act = DesignationEvent(token, number, "single")
        elif lemma in ("include", "cover", "name") and any(
            self.view.lemmas[one] in _LISTS for one in tree.labelled(token, "nsubj")
        ):
            act = DesignationEvent(token, number, "state")
            lists = tree.labelled(token, "nsubj")
        else:
            return None
        act.lists = [
            mention for mention in (self.at.get(one) for one in lists) if mention is not None and mention.type == "List"
        ]
        targets = objects if objects and not tree.labelled(token, "nsubj:pass") else self.patients(token)
        return self.filled(act, targets, token)

    def _on_list(self, token: int, number: int) -> DesignationEvent | None:
        """ "X is on the sanctions list of A"."""
        tree = self.tree
        if self.case_of(token) != "on" or not tree.labelled(token, "nsubj"):
            return None
        mention = self.view.covered.get(token)
        act = DesignationEvent(
            token, number, "state", lists=[mention] if mention is not None and mention.type == "List" else []
        )
        owners = [child for child in tree.labelled(token, "nmod") if self.case_of(child) == "of"]
        act.actors = [one for child in owners for one in self._resolve(child) if one.type in ACTORS]
        act.actors = act.actors or [one for one in self._owners(token) if one.type in ACTORS]
        return self.filled(act, tree.labelled(token, "nsubj"), token)

    def _noun(self, token: int, number: int) -> DesignationEvent | None:
        tree = self.tree
        case, label, head = self.case_of(token), tree.labels[token], tree.heads[token]
        if case in ("under", "to", "with", "by") and label in ("obl", "nmod"):
            objects, subjects = tree.labelled(head, "obj"), tree.labelled(head, "nsubj")
            act = self.filled(
                DesignationEvent(token, number, "state"), (objects or subjects if case == "with" else subjects), token
            )
            if case != "with" and objects:
                return None
        else:
            targets = [
                child for child in tree.labelled(token, "nmod") if self.case_of(child) in ("of", "on", "against")
            ]
            act = self.filled(DesignationEvent(token, number, "noun"), targets, token)
        own = [self.at.get(child) for child in tree.labelled(token, "nmod:poss", "compound", "amod")]
        act.actors = [mention for mention in own if mention is not None and mention.type in ACTORS] or act.actors
        return act

    def filled(self, act: DesignationEvent, targets: Sequence[int], token: int) -> DesignationEvent:
        """The act with its members (those at `targets`, joined to them, or in the list below) and its actors."""
        tree = self.tree
        members: dict[str, MentionSpan] = {}
        for target in targets:
            for mention in self._resolve(target):
                if mention.type in LISTABLE and (mention.type != "Country" or mention.head == target):
                    members.setdefault(mention.entity, mention)
        act.group = act.group or any(target not in self.view.covered and self._is_many(target) for target in targets)
        for mention in self._besides(token) if members else ():
            members.setdefault(mention.entity, mention)
        for mention in self._among(token, targets):
            members.setdefault(mention.entity, mention)
        for mention in run_of_names(self.view, tree, list(members.values())):
            members.setdefault(mention.entity, mention)
        for target in targets:
            for mention in names_behind_colon(self.view, tree, target):
                members.setdefault(mention.entity, mention)
        act.actors = act.actors or self._actors(token)
        for mention in items_below(self.view, act.sentence, counted=act.group and not members):
            if mention.entity not in members:
                members[mention.entity] = mention
                act.items.add(mention.entity)
        taken = {actor.entity for actor in act.actors}
        act.members = [mention for mention in members.values() if mention.entity not in taken]
        return act

    def _besides(self, token: int) -> Iterator[MentionSpan]:
        """The parties behind "along with" or "in addition to" in the clause of a verb."""
        for child in self.tree.labelled(token, "obl", "nmod"):
            if self.case_of(child) in _BESIDES:
                yield from [mention for mention in self._resolve(child) if mention.type in LISTABLE - {"Country"}]

    def _among(self, token: int, targets: Sequence[int]) -> Iterator[MentionSpan]:
        """The parties behind "among them" in the clause of a verb."""
        tree = self.tree
        for child in [child for head in (token, *targets) for child in tree.labelled(head, "obl", "nmod", "appos")]:
            first, last = tree.subtree(child)
            while first < last - 1 and tree.tags[first] == "PUNCT":
                first += 1
            if tree.words[first] == "among" and tree.words[first + 1 : first + 2] in (["them"], ["those"], ["these"]):
                yield from [mention for mention in self._resolve(child) if mention.type in LISTABLE]

    def _is_many(self, token: int) -> bool:
        """Whether a common noun stands for several: by its form, or by a number."""
        tree = self.tree
        return tree.tags[token] == "NOUN" and (
            tree.words[token] != tree.lemmas[token] or bool(tree.labelled(token, "nummod"))
        )

    def patients(self, token: int) -> list[int]:
        """What the verb is done to: its object, its passive subject, the noun it modifies, who "those ... are"."""
        tree = self.tree
        found = tree.labelled(token, "obj") if tree.tags[token] == "VERB" else []
        found = found or tree.labelled(token, "nsubj:pass")
        label, head = tree.labels[token], tree.heads[token]
        passive = bool(tree.labelled(token, "aux:pass")) or tree.words[token].endswith("ed")
        if not found and label in ("acl", "acl:relcl", "amod") and passive:
            found = [head]
        elif not found and label == "conj" and passive:
            found = tree.labelled(head, "nsubj:pass")
        elif found and label == "acl:relcl" and found[0] < token and tree.tags[found[0]] == "PRON":
            found = [head]
        named = [
            tree.heads[one]
            for one in found
            if one not in self.view.covered and tree.labels[one].startswith("nsubj") and tree.heads[one] != token
        ]
        return [*named, *found]

    def _resolve(self, head: int, depth: int = 0) -> list[MentionSpan]:
        """The mentions that a phrase stands for: at its head, in apposition to it, or joined to it."""
        tree = self.tree
        found: list[MentionSpan] = []
        mention = self.at.get(head) or self.view.covered.get(head)
        if mention is not None:
            found += self.groups.get(head) or [mention]
        if depth > 12:
            return found
        inside = range(mention.start, mention.end) if mention is not None and mention.kind in NAMES else (head,)
        below = [child for at in inside for child in tree.children[at] if child == at or child not in inside]
        for child in below or tree.children[head]:
            label = tree.labels[child]
            joined = label in ("conj", "appos") or (label == "flat" and mention is None)
            named = label == "nmod" and self.case_of(child) in ("including", "like", "such as", "namely")
            if any(tree.words[one] == "whose" for one in tree.labelled(child, "nmod:poss")):
                continue  # "X, whose owner ..." speaks of X
            if (joined or named) and tree.tags[child] in ("NOUN", "PROPN", "X", "PRON", "ADJ"):
                found += self._resolve(child, depth + 1)
        return found

    def _actors(self, token: int) -> list[MentionSpan]:
        """Who lists: the subject, the agent, or who a list or a measure is said to belong to."""
        tree = self.tree
        passive = bool(tree.labelled(token, "nsubj:pass", "aux:pass")) or (
            tree.labels[token] in ("acl", "amod") and tree.words[token].endswith("ed")
        )
        heads: list[int] = []
        if tree.tags[token] in ("VERB", "ADJ"):
            heads += [child for child in tree.labelled(token, "obl") if self.case_of(child) == "by"]
            if not passive and not heads:
                at = token
                for _ in range(4):
                    subjects = [one for one in tree.labelled(at, "nsubj") if tree.labels[one] != "nsubj:pass"]
                    if subjects:
                        heads += subjects
                        break
                    if tree.labels[at] not in ("xcomp", "advcl", "conj", "ccomp", "acl", "parataxis"):
                        break
                    at = tree.heads[at]
        found = [mention for head in heads for mention in self._actor(head)]
        found = list({mention.entity: mention for mention in reversed(found)}.values())[::-1]
        if not found:
            owned = [*self._lists(token), *(t for t in self.patients(token) if self.view.lemmas[t] in _MEASURES)]
            for head in owned:
                found += [mention for mention in self._owners(head) if mention.type in ACTORS]
        return list(dict.fromkeys(found))

    def _actor(self, head: int) -> list[MentionSpan]:
        found = [mention for mention in self._resolve(head) if mention.type in ACTORS]
        for office in found:
            for owner in self._owners(office.head) if office.type == "GovernmentBody" else ():
                if owner.type == "GovernmentBody" and owner.entity != office.entity:
                    self.offices.setdefault(owner.entity, office)
        if not found and self.view.lemmas[head] in _OFFICIALS | _MEANS:
            found = [mention for mention in self._owners(head) if mention.type in ACTORS]
        return found

    def _owners(self, head: int) -> list[MentionSpan]:
        """The mentions before a noun that say whose it is."""
        tree = self.tree
        mention = self.at.get(head) or self.view.covered.get(head)
        start = mention.start if mention is not None else head
        found = [self.at.get(child) for child in tree.labelled(head, "nmod:poss", "compound", "amod", "nmod")]
        near = [one for one in found if one is not None and one.head < start]
        if not near:
            back = start - 1
            first = tree.sentences[tree.sentence_of[head]][0]
            while back > first and tree.words[back] in ("'s", '"', "“", "”", "'", "so-called"):
                back -= 1
            owner = self.view.covered.get(back)
            near = [owner] if owner is not None else []
        return near

    def _reason(self, token: int) -> tuple[int, int] | None:
        """The tokens behind "for", "over", "because of" that say why, of the verb or of the move that it makes up."""
        tree = self.tree
        places, at = [token], token
        for _ in range(3):
            if tree.labels[at] not in ("acl", "nmod", "amod"):
                break
            at = tree.heads[at]
            if self.view.lemmas[at] in _MOVES:
                places.append(tree.heads[at])
        for place in places:
            for child in tree.labelled(place, "obl", "advcl", "nmod"):
                if child > token and self._cause(child) in _CAUSES:
                    return self._behind(child)
        for patient in self.patients(token):
            for child in tree.labelled(patient, "nmod"):
                if child > token and self._cause(child) in _CAUSES - {"for"}:
                    return self._behind(child)
        return None

    def _cause(self, token: int) -> str:
        doc_features = self.tree.labelled(token, "case", "mark")
        return self.tree.words[doc_features[0]] if doc_features else ""

    def _behind(self, token: int) -> tuple[int, int] | None:
        """The words under a token without what introduces it, up to the end of the phrase."""
        tree = self.tree
        first, last = tree.subtree(token)
        doc_features = [one for one in tree.labelled(token, "case", "mark") if one < token]
        parts = [part for mark in doc_features for part in (mark, *tree.labelled(mark, "fixed"))]
        first = max([first, *(part + 1 for part in parts)])
        while last > first and tree.tags[last - 1] in ("PUNCT", "SPACE"):
            last -= 1
        return (first, min(last, first + LIMIT)) if last - first >= 2 else None

    def _lists(self, token: int) -> list[int]:
        """The heads of the lists that somebody is put on or is said to stand on."""
        tree = self.tree
        found = []
        for child in tree.labelled(token, "obl", "nmod", "xcomp"):
            mention = self.view.covered.get(child)
            if (mention is not None and mention.type == "List") or self.view.lemmas[child] in _LISTS:
                found.append(mention.head if mention is not None else child)
        return found

    def case_of(self, token: int) -> str:
        """The preposition before a noun, empty where it has none."""
        cases = [one for one in self.tree.labelled(token, "case") if one < token]
        parts = sorted({part for case in cases for part in (case, *self.tree.labelled(case, "fixed"))})
        found = " ".join(self.tree.words[one] for one in parts)
        if not found and self.tree.tags[first := self.tree.subtree(token)[0]] == "ADP":
            return self.tree.words[first]  # the parser hung it on another word of the phrase
        return found
