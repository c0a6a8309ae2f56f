"""Predicate-argument frames over a tree: who stands in which role of a verb, a noun or an adjective.

In: a `Tree` and the token that may be a predicate. Out: its `Frame`, with the argument heads by role. Passives are
turned (the `subject` is who acts), subjects of infinitives and participles are found by control, relative pronouns
give way to their noun, and conjoined predicates share what they have in common. Nothing here knows a verb: which
words are predicates of a relation is said by the rules.

The roles: `subject`, `object`, `indirect`, `prep` (with the preposition as its marker), `possessor` and `modifier` of
a noun, and `self`, the thing that a noun denotes (subject of its copula, apposition, the name after a title).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.nlp.dependencies import Tree

_RELATIVE: Final = frozenset({"who", "which", "that", "whom", "whose"})
_NOT: Final = frozenset({"not", "n't", "n’t", "never", "no", "neither", "nor", "without"})
_NOMINAL: Final = frozenset({"NOUN", "PROPN", "PRON", "NUM", "X", "SYM"})
_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class Argument:
    """One filler of a role: `marker` is its preposition (role `prep`), `head` the token that heads it."""

    role: str
    marker: str
    head: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A predicate with its arguments, in a fixed order; `passive` and `negated` as the grammar shows them."""

    head: int
    passive: bool
    negated: bool
    arguments: tuple[Argument, ...]

    def heads(self, role: str, marker: str = "") -> list[int]:
        """The heads that stand in a role; with `prep` also the preposition."""
        return [found.head for found in self.arguments if found.role == role and (not marker or found.marker == marker)]


class Frames:
    """The frames of one tree, made when asked for and kept."""

    __slots__ = ("_nouns", "_verbs", "tree")

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._verbs: dict[int, Frame] = {}
        self._nouns: dict[int, Frame] = {}

    def verb(self, token: int) -> Frame:
        """The frame of a verb, or of a participle used as an adjective."""
        if token not in self._verbs:
            self._verbs[token] = self._read_verb(token)
        return self._verbs[token]

    def noun(self, token: int) -> Frame:
        """The frame of a noun or adjective."""
        if token not in self._nouns:
            self._nouns[token] = self._read_noun(token)
        return self._nouns[token]

    def _read_verb(self, token: int) -> Frame:
        tree = self.tree
        passive = self._is_passive(token)
        found: list[Argument] = []
        found += [Argument("subject", "", head) for head in self._subjects(token, passive=passive)]
        found += [Argument("object", "", head) for head in self._objects(token, passive=passive)]
        found += [Argument("indirect", "", head) for head in tree.labelled(token, "iobj")]
        found += self._obliques(token)
        for head in tree.labelled(token, "obj"):
            found += [Argument("prep", marker, at) for marker, at in self._nominal_modifiers(head)]
        return Frame(token, passive, self._negated(token), tuple(dict.fromkeys(found)))

    def _read_noun(self, token: int) -> Frame:
        tree = self.tree
        found = [Argument("self", "", head) for head in self.selves(token)]
        found += [Argument("possessor", "", head) for head in self._possessors(token)]
        found += [Argument("prep", marker, at) for marker, at in self._nominal_modifiers(token)]
        found += [Argument("prep", item.marker, item.head) for item in self._obliques(token)]
        right = [child for child in tree.labelled(token, "conj") if tree.tags[child] in ("NOUN", "PROPN", "ADJ")]
        if not any(item.role in ("prep", "possessor") for item in found):
            for child in right if right and self._is_close(token, right[0]) else ():
                found += [Argument("prep", marker, at) for marker, at in self._nominal_modifiers(child)]
        if tree.labels[token] == "conj" and not self._possessors(token) and self._is_close(tree.heads[token], token):
            found += [Argument("possessor", "", head) for head in self._possessors(tree.heads[token])]
        for child in tree.labelled(token, "compound", "amod", "nmod"):
            if child < token and tree.labels[child] != "nmod:poss" and not tree.labelled(child, "case"):
                found.append(Argument("modifier", "", child))
        return Frame(token, False, self._negated(token), tuple(dict.fromkeys(found)))

    def _is_passive(self, token: int) -> bool:
        tree = self.tree
        if tree.labelled(token, "obj"):
            return bool([child for child in tree.children[token] if tree.labels[child] in ("nsubj:pass", "aux:pass")])
        if any(tree.labels[child] in ("nsubj:pass", "aux:pass", "obl:agent") for child in tree.children[token]):
            return True
        word = tree.words[token]
        if tree.labelled(token, "aux", "nsubj") or word.endswith("ing"):
            return False
        if tree.labels[token] in ("acl", "amod") and word != tree.lemmas[token] and not tree.labelled(token, "mark"):
            return True
        if any(tree.words[child] in ("been", "being") for child in tree.children[token]):
            return True
        return tree.labels[token] == "conj" and self._is_passive(tree.heads[token]) and word != tree.lemmas[token]

    def _surface_subjects(self, token: int, depth: int = 0) -> list[int]:
        """Whoever stands as the grammatical subject, found by control and conjunction where it is not written."""
        tree = self.tree
        own = tree.labelled(token, "nsubj")
        if own:
            return [self._antecedent(head, token) for head in own]
        if depth > _DEPTH:
            return []
        label, above = tree.labels[token], tree.heads[token]
        if above == token:
            return []
        if label == "conj":
            return self._surface_subjects(above, depth + 1)
        if label.startswith("acl"):
            return self._of_noun_clause(token, above, depth)
        if label in ("xcomp", "advcl", "ccomp", "parataxis") or label.startswith(("xcomp", "advcl")):
            mark = {tree.words[child] for child in tree.labelled(token, "mark", "case")}
            objects = tree.labelled(above, "obj")
            controlled = label.startswith("xcomp") or (label.startswith("advcl") and "for" in mark)
            if label.startswith("ccomp") and not tree.words[token].endswith("ing"):
                return []
            if controlled and objects and objects[0] < token:
                return objects
            if label.startswith("advcl") and "for" in mark and not self._is_passive(above):
                return [] if tree.labelled(above, "nsubj") else self._surface_subjects(above, depth + 1)
            return self._surface_subjects(above, depth + 1)
        if label.startswith(("obl", "nmod")) and tree.words[token].endswith("ing"):
            return self._surface_subjects(above, depth + 1)
        return []

    def _of_noun_clause(self, token: int, noun: int, depth: int) -> list[int]:
        tree = self.tree
        if tree.labels[token] == "acl:relcl":
            return []
        marked = [child for child in tree.labelled(token, "mark", "case") if tree.words[child] != "to"]
        if not marked and tree.tags[noun] != "VERB":
            return [noun]
        owners = self._possessors(noun)
        if owners:
            return owners
        above, label = tree.heads[noun], tree.labels[noun]
        if above != noun and label.startswith(("obj", "obl", "nmod")):
            verb = above if tree.tags[above] in ("VERB", "AUX") else tree.heads[above]
            return self._surface_subjects(verb, depth + 1)
        return [noun]

    def _antecedent(self, head: int, verb: int) -> int:
        """The noun that a relative pronoun stands for, else the head itself."""
        tree = self.tree
        if tree.words[head] not in _RELATIVE:
            return head
        at = verb
        for _ in range(_DEPTH):
            if tree.labels[at] == "acl:relcl" or tree.labels[at].startswith("acl"):
                return tree.heads[at]
            if tree.heads[at] == at:
                return head
            at = tree.heads[at]
        return head

    def _subjects(self, token: int, *, passive: bool) -> list[int]:
        tree = self.tree
        if not passive:
            return self._surface_subjects(token)
        found = [child for child in tree.children[token] if tree.labels[child] == "obl:agent"]
        if not found:
            found = [item.head for item in self._obliques(token) if item.marker == "by"]
        for other in () if found else self._conjoined(token):
            found += [item.head for item in self._obliques(other) if item.marker == "by"]
        return [self._antecedent(head, token) for head in found]

    def _objects(self, token: int, *, passive: bool) -> list[int]:
        tree = self.tree
        if passive:
            return self._surface_subjects(token)
        found = [self._antecedent(head, token) for head in tree.labelled(token, "obj")]
        if not found and tree.labels[token] == "acl:relcl":
            pronouns = [child for child in tree.children[token] if tree.words[child] in _RELATIVE]
            subjects = tree.labelled(token, "nsubj")
            if subjects and not set(pronouns) & set(subjects):
                return [tree.heads[token]]
        for other in () if found else self._conjoined(token):
            if other > token:
                found += tree.labelled(other, "obj")
        return found

    def _obliques(self, token: int) -> list[Argument]:
        tree = self.tree
        return [
            Argument("prep", marker, self._antecedent(child, token))
            for child in tree.labelled(token, "obl")
            for marker in [self._marker(child)]
            if marker
        ]

    def _nominal_modifiers(self, token: int) -> list[tuple[str, int]]:
        tree = self.tree
        found = []
        for child in tree.labelled(token, "nmod", "obl", "acl"):
            marker = self._marker(child)
            if marker and tree.tags[child] in (*_NOMINAL, "ADJ", "VERB"):
                found.append((marker, self._antecedent(child, token)))
        return found

    def _marker(self, token: int) -> str:
        """The preposition of a phrase as one string ("on behalf of"), empty where it has none."""
        tree = self.tree
        cases = [child for child in tree.children[token] if tree.labels[child] == "case" and child < token]
        parts: list[int] = []
        for case in cases:
            parts += [case, *(child for child in tree.children[case] if tree.labels[child] == "fixed")]
        return " ".join(tree.words[part] for part in sorted(parts) if tree.words[part] not in ("'s", "’s"))

    def _possessors(self, token: int) -> list[int]:
        tree = self.tree
        found = tree.labelled(token, "nmod:poss")
        return [self._antecedent(head, token) for head in found]

    def _conjoined(self, token: int) -> list[int]:
        tree = self.tree
        found = tree.labelled(token, "conj")
        if tree.labels[token] == "conj":
            found.append(tree.heads[token])
        return [other for other in found if tree.tags[other] in ("VERB", "ADJ", "AUX")]

    def selves(self, token: int, depth: int = 0) -> list[int]:
        """What a noun denotes: its copula's subject, its apposition either way, the name it is a title of."""
        tree = self.tree
        label, above = tree.labels[token], tree.heads[token]
        found = [self._antecedent(head, token) for head in tree.labelled(token, "nsubj")]
        found += tree.labelled(token, "appos")
        if label.startswith("appos"):
            found.append(above)
        titled = label in ("nmod:desc", "compound", "nmod", "flat", "amod", "nmod:npmod", "nmod:unmarked")
        if titled and tree.tags[above] == "PROPN" and not self._marker(token):
            found.append(above)
        if tree.tags[token] in ("NOUN", "PROPN", "ADJ"):
            found += [child for child in tree.labelled(token, "flat") if child > token]
        if label == "acl:relcl" and tree.labelled(token, "cop") and not tree.labelled(token, "nsubj"):
            found.append(above)
        marker = self._marker(token)
        if label.startswith("xcomp") or (label.startswith(("obl", "nmod")) and marker == "as"):
            verb = above
            if tree.tags[verb] not in ("VERB", "AUX") and tree.heads[verb] != verb:
                verb = tree.heads[verb]
            passive = self._is_passive(verb)
            found += (self._objects(verb, passive=passive) or self._subjects(verb, passive=passive))[:1]
        if label == "conj" and depth < _DEPTH and not found and self._is_close(above, token):
            found += self.selves(above, depth + 1)
        return list(dict.fromkeys(head for head in found if head != token))

    def _is_close(self, first: int, second: int) -> bool:
        """Whether two conjuncts stand so near that they may share what belongs to one of them."""
        between = self.tree.words[min(first, second) + 1 : max(first, second)]
        return len(between) <= 6 and not {",", ";", ":"} & set(between)

    def _negated(self, token: int) -> bool:
        tree = self.tree
        return any(
            tree.words[child] in _NOT and tree.labels[child] in ("advmod", "det", "cc:preconj", "case", "mark")
            for child in tree.children[token]
        )
