"""Rules applied to a document: which pairs of mentions stand in which construction.

In: a parsed Doc, the spots of its entities and the rules. Out: one `PatternMatch` for every pair (or text object) that
a pattern finds, with the trigger's place, for the claims that are made of them. One pass over the tokens looks up
triggers; a frame is made only where one stands, and a form is searched only in a sentence that holds its trigger.
Whether a match is believed, its status, date and claimant are decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from kg.extraction.mention_spans import MentionSpan
from kg.extraction.patterns.frames import Frame, Frames
from kg.extraction.patterns.linearize import Line, folded_line, outermost, plain_line
from kg.extraction.patterns.rules import ANY, FramePattern, Role, RuleSet
from kg.extraction.patterns.surface_matcher import LIMIT, search, stands_near, trim
from kg.extraction.patterns.surface_matcher import PatternMatch as PatternMatch
from kg.nlp.dependencies import Tree
from kg.nlp.inflection import noun_forms, verb_forms

_NOMINAL: Final = frozenset({"NOUN", "PROPN", "ADJ"})
_VERBAL: Final = frozenset({"VERB", "AUX", "ADJ"})
_INCLUDING: Final = frozenset({"including", "such as", "like", "namely"})
_ENDED: Final = frozenset({"former", "formerly", "ex", "ex-", "late", "previously", "then"})
_BESIDE: Final = 5
_TURNS: Final = frozenset({"which", "who", "whom", "where", "while", "pursuant", "although", "said"})


@dataclass(frozen=True, slots=True)
class _Index:
    """Patterns by the lower-case form of their trigger: the word looked up, then the whole phrase with its patterns."""

    nouns: dict[str, list[tuple[tuple[str, ...], list[FramePattern]]]]
    verbs: dict[str, list[tuple[tuple[str, ...], list[FramePattern]]]]
    any_verb: list[FramePattern]
    forms: dict[str, list[int]]


_indexes: WeakKeyDictionary[RuleSet, _Index] = WeakKeyDictionary()


def match(tree: Tree, mentions: Sequence[MentionSpan], rules: RuleSet) -> list[PatternMatch]:
    """All matches of the document of a tree, in the order of the text; the same pair may be found by several rules."""
    index = _index(rules)
    frames = Frames(tree)
    by_token: dict[int, list[MentionSpan]] = {}
    by_sentence: dict[int, list[MentionSpan]] = {}
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end, mention.entity)):
        by_sentence.setdefault(tree.sentence_of[mention.start], []).append(mention)
        for token in range(mention.start, mention.end):
            by_token.setdefault(token, []).append(mention)
    finder = _Finder(tree, frames, by_token)
    found: list[PatternMatch] = []
    for sentence, bounds in enumerate(tree.sentences):
        present = by_sentence.get(sentence)
        if present:
            found += _by_forms(tree, sentence, present, rules, index)
            found += finder.sentence(sentence, bounds, index)
    return sorted(dict.fromkeys(found), key=_place)


def _place(found: PatternMatch) -> tuple[int, int, str, int, int]:
    return found.sentence, found.trigger, found.rule, found.subject_spot.start, found.object_start


def _index(rules: RuleSet) -> _Index:
    if rules in _indexes:
        return _indexes[rules]
    tables: dict[str, dict[tuple[str, ...], list[FramePattern]]] = {"noun": {}, "verb": {}}
    for pattern in rules.frames:
        table = tables["verb" if pattern.kind == "verb" else "noun"]
        for lemma in pattern.triggers if pattern.triggers != ANY else ():
            for written in verb_forms(lemma) if pattern.kind == "verb" else noun_forms(lemma):
                table.setdefault(tuple(written.replace("-", " - ").split()), []).append(pattern)
    nouns: dict[str, list[tuple[tuple[str, ...], list[FramePattern]]]] = {}
    verbs: dict[str, list[tuple[tuple[str, ...], list[FramePattern]]]] = {}
    for form in rules.forms:
        for trigger in form.triggers if form.nominal else ():
            tables["noun"].setdefault(tuple(trigger.replace("-", " - ").split()), [])
    for words, patterns in tables["noun"].items():
        nouns.setdefault(words[-1], []).append((words, patterns))
    for words, patterns in tables["verb"].items():
        verbs.setdefault(words[0], []).append((words, patterns))
    for entries in (*nouns.values(), *verbs.values()):
        entries.sort(key=lambda entry: (-len(entry[0]), entry[0]))
    forms: dict[str, list[int]] = {}
    for number, form in enumerate(rules.forms):
        for trigger in form.triggers:
            forms.setdefault(trigger.split()[0], []).append(number)
    any_verb = [pattern for pattern in rules.frames if pattern.triggers == ANY]
    _indexes[rules] = _Index(nouns, verbs, any_verb, forms)
    return _indexes[rules]


def _by_forms(
    tree: Tree, sentence: int, mentions: list[MentionSpan], rules: RuleSet, index: _Index
) -> Iterator[PatternMatch]:
    start, end = tree.sentences[sentence]
    wanted: dict[int, None] = {}
    for token in range(start, end):
        for number in index.forms.get(tree.words[token], ()):
            wanted[number] = None
    if not wanted:
        return
    outer = outermost(mentions)
    folded = folded_line(tree, (start, end), outer)
    plain: Line | None = None
    for number in wanted:
        form = rules.forms[number]
        if form.brackets and plain is None:
            plain = plain_line(tree, (start, end), outer)
        line = plain if form.brackets and plain is not None else folded
        for found in search(form, tree, line, sentence):
            if not form.nominal or _is_longest(tree, start, (found.trigger, found.trigger_end), index):
                yield found


def _is_longest(tree: Tree, first: int, trigger: tuple[int, int], index: _Index) -> bool:
    """Whether no longer phrase of the rules ends with this trigger: "vice president" is not "president"."""
    start, end = trigger
    for words, _ in index.nouns.get(tree.words[end - 1], ()):
        if len(words) <= end - start:
            return True
        if end - len(words) >= first and tuple(tree.words[end - len(words) : end]) == words:
            return False
    return True


class _Finder:
    """Frame patterns over one document."""

    __slots__ = ("by_token", "frames", "tree")

    def __init__(self, tree: Tree, frames: Frames, by_token: dict[int, list[MentionSpan]]) -> None:
        self.tree, self.frames, self.by_token = tree, frames, by_token

    def sentence(self, sentence: int, bounds: tuple[int, int], index: _Index) -> Iterator[PatternMatch]:
        """The matches of the frame patterns whose triggers stand in a sentence."""
        tree = self.tree
        present = {*tree.words[slice(*bounds)]}
        any_verb = [pattern for pattern in index.any_verb if not pattern.contains.isdisjoint(present)]
        for token in range(*bounds):
            word = tree.words[token]
            if token in self.by_token:
                continue
            entries = index.nouns.get(word)
            if entries and tree.tags[token] in _NOMINAL:
                for words, patterns in entries:
                    start = token - len(words) + 1
                    if start >= bounds[0] and tuple(tree.words[start : token + 1]) == words:
                        yield from self._apply(patterns, self.frames.noun(token), (start, token + 1), sentence)
                        break
            if any_verb and tree.tags[token] == "VERB":
                yield from self._apply(any_verb, self.frames.verb(token), (token, token + 1), sentence)
            entries = index.verbs.get(word)
            if entries and tree.tags[token] in _VERBAL:
                for words, patterns in entries:
                    end = token + len(words)
                    if self._is_verb_phrase(token, words):
                        yield from self._apply(patterns, self.frames.verb(token), (token, end), sentence)
                        break

    def _is_verb_phrase(self, token: int, words: tuple[str, ...]) -> bool:
        tree = self.tree
        if len(words) == 1 or tuple(tree.words[token : token + len(words)]) == words:
            return True
        particles = {tree.words[child] for child in tree.labelled(token, "compound", "advmod")}
        return len(words) == 2 and words[1] in particles

    def _apply(
        self, patterns: list[FramePattern], frame: Frame, trigger: tuple[int, int], sentence: int
    ) -> Iterator[PatternMatch]:
        for pattern in patterns:
            if not stands_near(pattern, self.tree, trigger[0]) or not self._holds(pattern, frame, trigger):
                continue
            subjects = [
                mention for mention in self._spots(pattern.subject, frame) if mention.type in pattern.subject_types
            ]
            if not subjects:
                continue
            status = "denied" if frame.negated else pattern.status or self._ended(frame.head)
            if any(role.phrase for role in pattern.object):
                for start, end in self._phrases(pattern.object, frame):
                    for subject in subjects:
                        yield PatternMatch(
                            pattern.rule, pattern.predicate, subject.entity, "", subject, None, start, end,
                            trigger[0], trigger[1], sentence, status,
                        )  # fmt: skip
                continue
            for other in self._spots(pattern.object, frame):
                for subject in subjects:
                    if other.type in pattern.object_types and other.entity != subject.entity:
                        yield PatternMatch(
                            pattern.rule, pattern.predicate, subject.entity, other.entity, subject, other,
                            other.start, other.end, trigger[0], trigger[1], sentence, status,
                        )  # fmt: skip

    def _holds(self, pattern: FramePattern, frame: Frame, trigger: tuple[int, int]) -> bool:
        tree = self.tree
        if tree.words[frame.head] in pattern.excepted:
            return False
        for role, words in pattern.requires:
            if not any(words & {tree.words[head], tree.lemmas[head]} for head in frame.heads(role.name, role.prep)):
                return False
        for role, words in pattern.without:
            if any(words & {tree.words[head], tree.lemmas[head]} for head in frame.heads(role.name, role.prep)):
                return False
        if pattern.contains:
            start, end = tree.subtree(frame.head)
            return not pattern.contains.isdisjoint(tree.words[max(start, trigger[0]) : end])
        return True

    def _ended(self, token: int) -> str | None:
        tree = self.tree
        left = {tree.words[child] for child in tree.children[token] if child < token}
        return "ended" if left & _ENDED or (token and tree.words[token - 1] in _ENDED) else None

    def _spots(self, roles: tuple[Role, ...], frame: Frame) -> list[MentionSpan]:
        found: dict[MentionSpan, None] = {}
        for role in roles:
            heads = frame.heads(role.name, role.prep)
            if role.name == "modifier":
                named = [head for head in heads if head in self.by_token and frame.head - head <= _BESIDE]
                heads = named[-1:]
            one = role.name == "self" and not self.tree.words[frame.head].endswith("s")
            for head in heads:
                for mention in self.resolve(head, alone=one):
                    found[mention] = None
        return list(found)

    def resolve(self, head: int, depth: int = 0, *, alone: bool = False) -> list[MentionSpan]:
        """The spots that an argument stands for: at its head, its conjuncts, its apposition, or what it denotes.

        `alone` leaves out the conjuncts: one chairman is not two persons.
        """
        tree = self.tree
        here = self.by_token.get(head, ())
        found = [mention for mention in here if mention.head == head][:1] or list(here[:1])
        if depth > 4:
            return found
        if not found and tree.tags[head] in _NOMINAL:
            for child in tree.labelled(head, "appos", "flat"):
                found += self.resolve(child, depth + 1)
            for child in tree.labelled(head, "nmod"):
                if self._case(child) in _INCLUDING:
                    found += self.resolve(child, depth + 1)
            if not found:
                for other in self.frames.selves(head):
                    if other in self.by_token:
                        found += self.resolve(other, 4)
        for child in tree.labelled(head, "conj") if not alone else ():
            if tree.tags[child] in ("NOUN", "PROPN", "PRON", "X", "ADJ"):
                found += self.resolve(child, depth + 1)
        return list(dict.fromkeys(found))

    def _case(self, token: int) -> str:
        tree = self.tree
        cases = [child for child in tree.labelled(token, "case") if child < token]
        parts = sorted({part for case in cases for part in (case, *tree.labelled(case, "fixed"))})
        return " ".join(tree.words[part] for part in parts)

    def _phrases(self, roles: tuple[Role, ...], frame: Frame) -> Iterator[tuple[int, int]]:
        tree = self.tree
        for role in roles:
            if role.name == "clause":
                _, end = tree.subtree(frame.head)
                yield trim(tree, frame.head, end)
                continue
            for child in tree.children[frame.head]:
                doc_features = tree.labelled(child, "case", "mark")
                if child > frame.head and doc_features and role.prep in [tree.words[mark] for mark in doc_features]:
                    start = max(mark for mark in doc_features if tree.words[mark] == role.prep) + 1
                    if start >= len(tree.words):
                        continue  # a preposition at the end of everything
                    yield trim(tree, start, self._clause_end(start, tree.sentences[tree.sentence_of[start]][1]))

    def _clause_end(self, start: int, limit: int) -> int:
        tree = self.tree
        for token in range(start + 1, min(limit, start + LIMIT)):
            word = tree.words[token]
            if word in (";", ":", "”", '"') or (word in _TURNS and tree.words[token - 1] == ","):
                return token
        return limit
