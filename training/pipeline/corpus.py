"""The training material, read into windows: a few sentences or a part of a block, with whatever each source annotates.

A window carries trees, tags and sentence starts (treebanks), names (the gold documents, Wikigold, UNER), or both. Names
are a set of allowed labels for every word, as a bit mask, since the sources draw different distinctions: where Wikigold
says ORG, Company, Organization and GovernmentBody are all allowed, and what a source does not annotate is not negative.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

TYPES = (
    "Person",
    "Company",
    "GovernmentBody",
    "Organization",
    "Country",
    "Place",
    "Vessel",
    "Aircraft",
    "List",
    "LegalInstrument",
)
NER = ("O", *(f"{prefix}-{kind}" for kind in TYPES for prefix in "BI"))
COARSE = {
    "PER": ("Person",),
    "ORG": ("Company", "GovernmentBody", "Organization"),
    "LOC": ("Country", "Place"),
    "MISC": ("Vessel", "Aircraft", "List", "LegalInstrument"),
}
ANYTHING = (1 << len(NER)) - 1


@dataclass(slots=True)
class Window:
    """Words with their annotation; an empty list means: not annotated here. Heads count from 1, 0 is the root."""

    words: list[str]
    heads: list[int] = field(default_factory=list)
    deps: list[str] = field(default_factory=list)
    upos: list[str] = field(default_factory=list)
    xpos: list[str] = field(default_factory=list)
    feats: list[str] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ner: list[int] = field(default_factory=list)
    source: str = ""


def bits(*labels: str) -> int:
    """The mask in which exactly these labels of `NER` are allowed."""
    return sum(1 << NER.index(label) for label in labels)


def span_bits(kinds: Iterable[str], prefix: str) -> int:
    """The mask of the labels that open (`B`) or go on with (`I`) a name of one of the types."""
    return bits(*(f"{prefix}-{kind}" for kind in kinds))


def sentences(path: Path) -> Iterator[tuple[Window, bool, list[str]]]:
    """Sentences of a CoNLL-U file: the window, whether a paragraph or document begins with it, the comment lines."""
    rows: list[list[str]] = []
    comments: list[str] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("#"):
            comments.append(line)
        elif line:
            columns = line.split("\t")
            if columns[0].isdigit():
                rows.append(columns)
        elif rows:
            window = Window(
                words=[r[1] for r in rows],
                heads=[int(r[6]) for r in rows],
                deps=[r[7] for r in rows],
                upos=[r[3] for r in rows],
                xpos=[r[4] for r in rows],
                feats=[r[5] for r in rows],
                lemmas=[r[2] for r in rows],
                starts=[1] + [0] * (len(rows) - 1),
            )
            new = any(c.startswith(("# newdoc", "# newpar")) for c in comments)
            yield window, new, comments
            rows, comments = [], []


def join(parts: list[Window]) -> Window:
    """Sentences set one after another as one window."""
    whole = Window([], source=parts[0].source)
    annotated = all(p.ner for p in parts)
    for part in parts:
        offset = len(whole.words)
        whole.heads += [h + offset if h else 0 for h in part.heads]
        for name in ("words", "deps", "upos", "xpos", "feats", "lemmas", "starts"):
            getattr(whole, name).extend(getattr(part, name))
        if annotated:
            whole.ner += part.ner
    return whole


def treebank(path: Path, *, names: Path | None = None, seed: int = 0, longest: int = 5) -> list[Window]:
    """Windows of one to `longest` sentences of one paragraph; with UNER names where the file `names` is given."""
    tags = uner(names) if names else {}
    rng = random.Random(seed)
    windows: list[Window] = []
    parts: list[Window] = []
    room = 1
    for sentence, new, comments in sentences(path):
        ids = [c.split("=", 1)[1].strip() for c in comments if c.startswith("# sent_id")]
        if ids and ids[0] in tags and len(tags[ids[0]]) == len(sentence.words):
            sentence.ner = tags[ids[0]]
        sentence.source = path.stem
        if parts and (new or len(parts) >= room or sum(len(p.words) for p in parts) + len(sentence.words) > 120):
            windows.append(join(parts))
            parts = []
        if not parts:
            room = rng.randint(1, longest)
        parts.append(sentence)
    if parts:
        windows.append(join(parts))
    return windows


def coarse_masks(tags: list[str], *, outside: Iterable[str] = ()) -> list[int]:
    """Masks for IOB tags of a coarse scheme; `outside` are types that its O may hide."""
    masks: list[int] = []
    free = bits("O") | (span_bits(outside, "B") | span_bits(outside, "I"))
    before = "O"
    for tag in tags:
        if tag == "O":
            masks.append(free)
        else:
            prefix, kind = tag.split("-", 1)
            opens = prefix == "B" or before == "O" or before.split("-", 1)[1] != kind
            kinds = COARSE.get(kind)
            if kinds is None:
                masks.append(ANYTHING)
            else:
                mask = span_bits(kinds, "B" if opens else "I")
                masks.append(mask | bits("O") if kind == "MISC" else mask)
        before = tag
    return masks


def uner(path: Path) -> dict[str, list[int]]:
    """Masks of Universal NER by `sent_id`; it annotates no MISC, so its O may hide lists, laws and vessels."""
    found: dict[str, list[int]] = {}
    tags: list[str] = []
    ident = ""
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        if line.startswith("# sent_id"):
            ident = line.split("=", 1)[1].strip()
        elif line and not line.startswith("#"):
            tags.append(line.split("\t")[2].replace("B-OTH", "O").replace("I-OTH", "O"))
        elif not line and tags:
            found[ident] = coarse_masks(tags, outside=COARSE["MISC"])
            tags = []
    return found


def wikigold(path: Path) -> list[Window]:
    """Windows of Wikigold's sentences."""
    windows: list[Window] = []
    words: list[str] = []
    tags: list[str] = []
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        parts = line.split()
        if len(parts) == 2:
            words.append(parts[0])
            tags.append(parts[1])
        elif words:
            if words[0] != "-DOCSTART-":
                windows.append(Window(words, ner=coarse_masks(tags), source="wikigold"))
            words, tags = [], []
    return windows


def occurrences(text: str, entities: list[dict[str, object]]) -> dict[tuple[int, int], str]:
    """Where the mentions of a gold document stand: the longest first, whole words, case as written."""
    forms: dict[str, str] = {}
    for entity in entities:
        for mention in entity.get("mentions", []):  # type: ignore[union-attr]
            forms.setdefault(str(mention).strip(), str(entity["type"]))
    taken, found = bytearray(len(text)), {}
    for form in sorted(forms, key=lambda f: (-len(f), f)):
        if not form:
            continue
        pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, form.split())) + r"(?!\w)"
        for match in re.finditer(pattern, text):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\1" * len(match.group())
                found[match.span()] = forms[form]
    return found


def gold(sources: Path, annotations: Path, tokenize) -> list[Window]:  # type: ignore[no-untyped-def]
    """Windows of the gold documents with all names; `tokenize(text)` yields windows of (start, end) word offsets."""
    texts = {d["id"]: d["text"] for d in map(json.loads, sources.open(encoding="utf-8"))}
    windows: list[Window] = []
    for line in annotations.open(encoding="utf-8"):
        document = json.loads(line)
        text = texts[document["id"]]
        spans = occurrences(text, document["entities"])
        windows += [named(text, words, spans, source="gold:" + document["id"]) for words in tokenize(text)]
    return windows


def named(text: str, words: list[tuple[int, int]], spans: dict[tuple[int, int], str], *, source: str) -> Window:
    """One window with the masks of the name spans; a word that only overlaps a span belongs to it."""
    owner: dict[int, tuple[int, int]] = {}
    for start, end in spans:
        for i in range(start, end):
            owner[i] = (start, end)
    masks: list[int] = []
    before = None
    for a, b in words:
        span = next((owner[i] for i in range(a, b) if i in owner), None)
        if span is None:
            masks.append(bits("O"))
        else:
            masks.append(bits(("I-" if span == before else "B-") + spans[span]))
        before = span
    return Window([text[a:b] for a, b in words], ner=masks, source=source)


def roughen(window: Window, rng: random.Random) -> Window:
    """The window, now and then in the spelling of headlines: upper case, title case, without its last stop."""
    chance = rng.random()
    if chance < 0.03:
        return replace(window, words=[w.upper() for w in window.words])
    if chance < 0.05:
        return replace(window, words=[w[:1].upper() + w[1:] for w in window.words])
    last = len(window.words) - 1
    if chance < 0.10 and window.heads and last > 1 and window.upos[last] == "PUNCT" and last + 1 not in window.heads:
        cut = {
            name: getattr(window, name)[:last]
            for name in ("words", "heads", "deps", "upos", "xpos", "feats", "lemmas", "starts")
        }
        return replace(window, **cut, ner=window.ner[:last])
    return window


class NameSwapper:
    """Puts names of the official lists in the place of names of the training text, so that it learns their context."""

    def __init__(self, names: dict[str, list[list[str]]], *, share: float, seed: int) -> None:
        self.names = names
        self.share = share
        self.rng = random.Random(seed)

    def __call__(self, window: Window) -> Window:
        """The window with a share of its names exchanged; the tree, if it has one, must be absent."""
        if window.heads or not window.ner:
            return window
        words: list[str] = []
        masks: list[int] = []
        i = 0
        while i < len(window.words):
            kind = KIND_OF_B.get(window.ner[i])
            j = i + 1
            if kind is None:
                words.append(window.words[i])
                masks.append(window.ner[i])
                i = j
                continue
            inside = bits("I-" + kind)
            while j < len(window.words) and window.ner[j] == inside:
                j += 1
            new = window.words[i:j]
            if kind in self.names and self.rng.random() < self.share:
                new = self._other(kind, new)
            words += new
            masks += [bits("B-" + kind)] + [inside] * (len(new) - 1)
            i = j
        return replace(window, words=words, ner=masks)

    def _other(self, kind: str, old: list[str]) -> list[str]:
        new = self.rng.choice(self.names[kind])
        if len(old) == 1:
            if kind == "Person":
                new = new[-1:]
            elif kind in ("Company", "Organization") and old[0].isupper() and len(old[0]) <= 6:
                return old
            else:
                new = new[:1] if len(new[0]) > 3 else new[:2]
        if all(w.isupper() for w in old if len(w) > 1) and kind != "Vessel":
            return [w.upper() for w in new]
        return new


KIND_OF_B = {bits("B-" + kind): kind for kind in TYPES}
