"""Two mentions in a sentence -> the features by which a relation between them is judged.

Features are strings, hashed to integers; each is a fact that a person can read ("path:nsubj<acquire>obj",
"between:, a subsidiary of"). A context is read in the order of the text; which of the two is the subject of the
relation is told apart by a second hash (see `FLIP`), so that nothing is computed twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from kg.extraction.document_view import DocumentView, is_masked
from kg.extraction.mention_spans import MentionSpan

#: Added to a hash where the second mention of the text is the subject.
FLIP: Final = 0x9E3779B9

_LONG: Final = 14  # words between two mentions beyond which single words are not read


Way = tuple[list[int], list[int], int | None]


@dataclass(frozen=True, slots=True)
class PairCandidate:
    """One place where two entities meet: `first` stands before `second` in the text (or governs it as a heading).

    `features` are hashes, in parts; `sentence` is where the evidence lies, `other` a second sentence of it or None;
    `lca` is the token that joins the two, or that governs the second.
    """

    first: MentionSpan
    second: MentionSpan
    sentence: int
    features: Parts
    other: int | None = None
    kind: str = "sentence"
    lca: int = 0


Hashes = tuple[int, ...]
Parts = tuple[Hashes, ...]
"""Features in parts that other places share: what is said of a phrase, of a link, of an entity."""


def hash_all(features: Iterable[str]) -> Hashes:
    """The hashes of `features`, each once, in order; the same on every machine."""
    written = list(features)
    try:
        return tuple(dict.fromkeys(map(crc32, map(str.encode, written))))
    except UnicodeEncodeError:  # half a surrogate pair, which only broken JSON brings
        return tuple(dict.fromkeys([crc32(feature.encode("utf-8", "replace")) for feature in written]))


def pair_features(view: DocumentView, first: MentionSpan, second: MentionSpan, way: Way) -> list[str]:
    """What the text says between and around two mentions of one sentence, `way` being the path between them."""
    types = f"{first.type}|{second.type}"
    start, end = view.sentences[view.sentence_of[first.start]]
    found = [f"t:{types}", f"k:{first.kind}|{second.kind}"]
    between = masked(view, first.end, second.start)
    gap = len(between)
    found.append(f"n:{min(gap, 8) if gap < 8 else 8 + min(gap // 8, 5)}")
    found.extend(_between_features(types, between))
    left = masked(view, max(start, first.start - 3), first.start)
    for distance, word in enumerate(reversed(left)):
        found.append(f"a{distance}:{word}")
    if len(left) > 1:
        found.append(f"ab:{left[-2]} {left[-1]}")
    right = masked(view, second.end, min(end, second.end + 3))
    for distance, word in enumerate(right):
        found.append(f"z{distance}:{word}")
    if len(right) > 1:
        found.append(f"zb:{right[0]} {right[1]}")
    found.extend(_path_features(view, first, second, way))
    for name, mention in (("1", first), ("2", second)):
        found.extend(f"{name}{fact}" for fact in mention_facts(view, mention))
    return found


def _between_features(types: str, between: list[str]) -> Iterator[str]:
    """The words between the two: whole where they are few, in pairs, or the first and last four of many."""
    if len(between) <= 7:
        phrase = " ".join(between)
        yield f"s:{phrase}"
        yield f"ts:{types}:{phrase}"
    if len(between) <= _LONG:
        previous = "<"
        for word in between:
            yield f"w:{word}"
            yield f"b:{previous} {word}"
            previous = word
        yield f"b:{previous} >"
    else:
        yield from (f"f:{word}" for word in between[:4])
        yield from (f"l:{word}" for word in between[-4:])
        yield f"b:{between[-2]} {between[-1]} >"


def _path_features(view: DocumentView, first: MentionSpan, second: MentionSpan, way: Way) -> Iterator[str]:
    """The dependency path: its shape, the words on it, and the word at its top."""
    lemmas, deps = view.lemmas, view.deps
    types = f"{first.type}|{second.type}"
    up, down, top = way
    steps_up = [deps[token] for token in up]
    steps_down = [deps[token] for token in down]
    inner = up[1:] + ([top] if top is not None and top not in (first.head, second.head) else []) + down[:-1]
    if top is not None and len(up) + len(down) <= 8:
        shape = path_signature(deps, up, down)
        yield f"pd:{shape}"
        yield f"tpd:{types}:{shape}"
        lca = lemmas[top] if top not in (first.head, second.head) else "="
        yield f"pt:{lca}:{shape}"
        yield f"p:{'>'.join([lemmas[t] for t in up[1:]])}^{lca}^{'<'.join([lemmas[t] for t in down[:-1]])}"
    for token in inner:
        yield f"i:{lemmas[token]}"
        yield f"ti:{types}:{lemmas[token]}"
    if top is not None:
        yield f"top:{lemmas[top]}:{steps_up[0] if steps_up else '='}:{steps_down[-1] if steps_down else '='}"


def mention_facts(view: DocumentView, mention: MentionSpan) -> Iterator[str]:
    """What the words of a mention's own phrase say: its title, its preposition, what it is in apposition to."""
    head, lemmas, deps, heads = mention.head, view.lemmas, view.deps, view.heads
    yield f"d:{deps[head]}"
    yield f"h:{lemmas[heads[head]]}"
    for token in range(max(0, mention.start - 6), min(len(lemmas), mention.end + 4)):
        if heads[token] == head and token != head and not mention.start <= token < mention.end:
            dep = deps[token]
            if dep in _TELLING:
                yield f"c:{dep}:{lemmas[token]}"
    if mention.kind in ("nominal", "pronoun", "group"):
        yield f"m:{lemmas[head]}"


_TELLING: Final = frozenset(
    "case amod compound nmod:desc nmod appos nmod:poss acl acl:relcl flat prep pobj poss nn relcl".split()
)


def masked(view: DocumentView, start: int, end: int) -> list[str]:
    """The lemmas from `start` to `end` without spaces, every mention replaced by its type."""
    masks, after = view.masks, view.after
    words: list[str] = []
    last = ""
    token = start
    while token < end:
        word = masks[token]
        if word and (word != last or not is_masked(view.covered.get(token))):  # neighbours of one type are one
            words.append(word)
            last = word
        token = after[token]
    return words


def dep_path(view: DocumentView, one: int, two: int) -> Way:
    """The way through the tree from token `one` up to the common head, and from there down to `two`.

    `up` begins with `one`, `down` ends with `two`; the common head is in neither. It is None where the two stand in
    different trees.
    """
    heads = view.heads
    chain: dict[int, int] = {}
    token, step = one, 0
    while token not in chain and step < 24:
        chain[token] = step
        step += 1
        token = heads[token]
    down: list[int] = []
    token = two
    for _ in range(24):
        if token in chain:
            up = [node for node, depth in chain.items() if depth < chain[token]]
            return up, down[::-1], token
        down.append(token)
        if heads[token] == token:
            break
        token = heads[token]
    return [one], [two], None


def path_signature(deps: Sequence[str], up: Iterable[int], down: Iterable[int]) -> str:
    """The labels on the way up and down, as features show them: "nsubj^obj<nmod"."""
    return ">".join([deps[token] for token in up]) + "^" + "<".join([deps[token] for token in down])
