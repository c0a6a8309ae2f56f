"""Groups that the text counts out: "six firms, including A and B", "the following persons:" and a list below.

In: a `DiscourseModel` after names are clustered. Out: group spans on the nouns, each with its members, so that what is
said of the group is said of every member. A noun is a group only where its members are named in the same breath, and
their types are such as the noun allows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from kg.nlp.coref.discourse import DiscourseModel, MentionSite
from kg.nlp.dependencies import Tree

KINDS: Final = {
    **dict.fromkeys("entities parties targets designees".split(), ""),
    **dict.fromkeys(
        "individuals persons people men women brothers sisters siblings officials defendants suspects leaders "
        "nationals citizens traffickers operatives bankers businessmen lieutenants commanders representatives sons "
        "daughters children hackers lawmakers oligarchs facilitators".split(),
        "Person",
    ),
    **dict.fromkeys(
        "companies firms banks businesses subsidiaries corporations affiliates enterprises manufacturers suppliers "
        "institutions branches startups airlines exchanges retailers shipbuilders".split(),
        "Company",
    ),
    **dict.fromkeys("organizations organisations groups networks cartels militias parties factions".split(), "Body"),
    **dict.fromkeys("agencies ministries units departments bureaus bureaux bodies authorities".split(), "Body"),
    **dict.fromkeys("vessels ships tankers yachts boats".split(), "Vessel"),
    **dict.fromkeys("aircraft planes jets helicopters".split(), "Aircraft"),
    **dict.fromkeys("countries nations states".split(), "Country"),
}
"""Plural nouns and the type that what they count must have; empty: persons, companies or any body."""
_BODIES: Final = frozenset({"Company", "Organization", "GovernmentBody"})
_ALLOWED: Final = {
    "": frozenset({*_BODIES, "Person", "Vessel", "Aircraft"}),
    "Company": frozenset({"Company", "Organization"}),
    "Body": _BODIES,
}
_INCLUDING: Final = frozenset({"including", "namely", "like", "such"})
_COUNTING: Final = frozenset({"include", "be", "comprise"})
_JOINED: Final = frozenset(", ; and or & as well along with also the both".split())


def enumerations(scene: DiscourseModel) -> Iterator[tuple[int, tuple[int, ...]]]:
    """(noun, members) of every group that is counted out, in the order of the text."""
    reader = _Reader(scene)
    for token, word in enumerate(scene.tree.words):
        if word in KINDS and token not in scene.covered and scene.tree.tags[token] == "NOUN":
            members = reader.members(token, word)
            if len(members) > 1:
                yield token, members
                yield from ((other, members) for other in reader.spoken_of_before(token, word, len(members)))


def chains(scene: DiscourseModel) -> Iterator[tuple[MentionSite, ...]]:
    """Runs of three and more names with nothing but commas, "and" and brackets between them."""
    tree = scene.tree
    run: list[MentionSite] = []
    for place in sorted(place for place in scene.places if place.named):
        if run and place.start < run[-1].end:
            continue
        if run and not (
            tree.sentence_of[place.start] == tree.sentence_of[run[-1].start] and _joined(tree, run[-1].end, place.start)
        ):
            if len(run) > 2:
                yield tuple(run)
            run = []
        run.append(place)
    if len(run) > 2:
        yield tuple(run)


def _joined(tree: Tree, start: int, end: int) -> bool:
    """Whether only words that join stand between two names, brackets aside."""
    words = tree.words[start:end]
    if "(" in words and ")" in words:
        words = words[: words.index("(")] + words[len(words) - words[::-1].index(")") :]
    return 0 < len(words) <= 4 and _JOINED.issuperset(words)


class _Reader:
    """Finds the members of a group in one document."""

    __slots__ = ("at", "blocks", "scene", "starts")

    def __init__(self, scene: DiscourseModel) -> None:
        self.scene = scene
        self.at: dict[int, MentionSite] = {}
        for place in scene.places:
            if place.named:
                for token in range(place.start, place.end):
                    self.at.setdefault(token, place)
        doc = scene.tree.doc
        self.blocks = list(doc._.blocks) if doc.has_extension("blocks") else []
        self.starts = [block.start for block in self.blocks]

    def members(self, token: int, word: str) -> tuple[int, ...]:
        """The things that the text counts out for a plural noun, in its order; empty where it names none."""
        allowed = _ALLOWED.get(KINDS[word], frozenset({KINDS[word]}))
        for places in (self._including(token), self._predicate(token), self._behind_colon(token), self._items(token)):
            found = [place for place in places if self.scene.things[place.thing].type in allowed]
            if len(found) > 1 and len(found) >= 0.8 * len(places):
                return tuple(dict.fromkeys(place.thing for place in found))
        return ()

    def spoken_of_before(self, token: int, word: str, count: int) -> Iterator[int]:
        """The noun of the sentence before that "these firms include ..." goes on from, where the number agrees."""
        tree = self.scene.tree
        pointing = any(tree.words[child] in ("these", "those") for child in tree.labelled(token, "det"))
        here = tree.sentence_of[token]
        if not pointing or not tree.labels[token].startswith("nsubj") or not here:
            return
        kind = KINDS[word]
        start, end = tree.sentences[here - 1]
        for other in range(end - 1, start - 1, -1):
            known = KINDS.get(tree.words[other])
            if known is None or other in self.scene.covered or (kind and known != kind):
                continue
            if self._number(other) in (None, count):
                yield other
                return

    def _number(self, token: int) -> int | None:
        for child in self.scene.tree.labelled(token, "nummod"):
            word = self.scene.tree.words[child]
            return int(word) if word.isdigit() else _NUMBERS.get(word, -1)
        return None

    def _including(self, token: int) -> list[MentionSite]:
        """ "six firms, including A, B and C", "the firms A and B"."""
        tree = self.scene.tree
        limit = tree.sentences[tree.sentence_of[token]][1]
        at = token + 1
        while at < min(limit, token + 24) and tree.words[at] not in _INCLUDING:
            if tree.tags[at] in ("VERB", "AUX") and tree.words[at] not in ("based", "located", "linked"):
                return []
            at += 1
        if at >= min(limit, token + 24):
            return []
        if any(KINDS.get(tree.words[one]) is not None for one in range(token + 1, at)):
            return []
        return self._run(at + 1, limit)

    def _predicate(self, token: int) -> list[MentionSite]:
        """ "These firms include A and B", "the firms that were listed are A and B"."""
        tree = self.scene.tree
        if not tree.labels[token].startswith("nsubj"):
            return []
        head = tree.heads[token]
        limit = tree.sentences[tree.sentence_of[token]][1]
        if head in self.at and tree.labelled(head, "cop"):
            return self._run(self.at[head].start, limit)
        if tree.lemmas[head] in _COUNTING:
            return self._run(head + 1, limit)
        return []

    def _behind_colon(self, token: int) -> list[MentionSite]:
        tree = self.scene.tree
        limit = tree.sentences[tree.sentence_of[token]][1]
        colon = next((at for at in range(token + 1, limit) if tree.words[at] == ":"), None)
        return self._run(colon + 1, limit) if colon is not None else []

    def _run(self, start: int, limit: int) -> list[MentionSite]:
        """The names of one enumeration, each with at most a few words of description before or behind it."""
        tree = self.scene.tree
        found: list[MentionSite] = []
        at, gap = start, 0
        while at < limit:
            place = self.at.get(at)
            if place is not None:
                kept = self.scene.things[place.thing].type not in ("Country", "Place")
                if kept or (found and self.scene.things[found[0].thing].type == "Country"):
                    found.append(place)
                    gap = 0
                at = max(place.end, at + 1)
                continue
            if tree.words[at] == "(":
                close = next((end for end in range(at, min(limit, at + 14)) if tree.words[end] == ")"), None)
                at = close + 1 if close is not None else at + 1
                continue
            if tree.tags[at] in ("VERB", "AUX") or tree.words[at] in (".", "who", "which", "that", "to", "for", "from"):
                break
            gap += tree.words[at] not in _JOINED
            if gap > 5:
                break
            at += 1
        return found

    def _items(self, token: int) -> list[MentionSite]:
        """The first name of each item of the list that the noun's sentence leads into."""
        tree, doc = self.scene.tree, self.scene.tree.doc
        told = tree.labelled(token, "nummod", "amod")
        if not any(tree.labels[one] == "nummod" or tree.words[one] == "following" for one in told):
            return []
        end = tree.sentences[tree.sentence_of[token]][1]
        while end > token + 1 and (tree.tags[end - 1] == "SPACE" or tree.words[end - 1] in ("-", "–", "•", "*")):
            end -= 1
        if not self.blocks or not (tree.words[end - 1] == ":" or any(tree.words[one] == "following" for one in told)):
            return []
        block = bisect_right(self.starts, doc[end - 1].idx) - 1
        found: list[MentionSite] = []
        for item in self.blocks[block + 1 : block + 60]:
            if item.kind not in ("item", "row"):
                break
            first = next((p for p in self.scene.places if p.named and item.start <= doc[p.start].idx < item.end), None)
            if first is not None:
                found.append(first)
        return found


_NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
}
