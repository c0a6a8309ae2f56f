"""The spaCy component `kg_names`: patterns, lists and the document's own memory on top of the recogniser.

recognised names -> trimmed, legal forms counted in -> patterns and listed names -> aliases in brackets -> one type
for one form -> every further place of a form, and of a person's surname. What the text calls a name once holds for
the whole document; what no pattern, list or recogniser saw anywhere stays unseen.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Final

from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from kg.nlp.doc_arrays import starts_of, text_of, tokens_of
from kg.nlp.ner.gazetteer import AMBIGUOUS, Phrases, countries, named, no_names
from kg.nlp.ner.regex_rules import Found, is_company, laws, ships, with_legal_form
from kg.nlp.segmentation.tokenizer import Layout, text_tokenizer

ORGANISED: Final = frozenset({"Company", "Organization", "GovernmentBody"})
FRONT: Final = re.compile(r"(?:[Tt]he|THE|[Aa]n?|[Mm]r|[Mm]rs|[Mm]s|[Dd]r)\.?\s+|[^\w]+")
BACK: Final = re.compile(r"(?:['’][sS]|\s+|[,;:\"“”‘*_\]\[-]|(?<=\w)['’])$")
ALIAS: Final = re.compile(
    r"\s*\(\s*(?:hereinafter\s+|a\.?k\.?a\.?:?\s+|also known as\s+|or\s+|the\s+)?"
    r"[\"“‘']?([A-Z][^()\"“”;,]{1,40}?)[\"”’']?\s*\)"
)
GIVEN: Final = re.compile(r" He\b(?!['’])")
"""A given name that looks like a pronoun: inside a sentence a pronoun has no capital."""
CODE: Final = re.compile(r"[A-Z]{2}[ei]\.?\d{3}")
"""Reference numbers of United Nations lists are no names."""
BRACKET: Final = re.compile(r"^(?P<name>.+?)\s+\([\"“‘']?(?P<alias>[A-Z][^()\d]{1,24}?)[\"”’']?\)$", re.DOTALL)
SHORT_NAMES: Final = frozenset({"bin", "ibn", "al", "abu", "el", "de", "la", "jr", "sr", "khan", "von", "van", "the"})


class Names:
    """Makes a Doc's names whole: see the module."""

    def __init__(self, vocab: Vocab) -> None:
        cut = text_tokenizer(vocab)
        self._cut: Callable[[str], list[str]] = lambda form: [token.text for token in cut(form)]
        table = named()
        straight = {form.replace("'", "’"): kind for form, kind in table.items() if "'" in form}
        self._known = table | straight
        self._adjectives = {d for country in countries() for d in country.demonyms} - set(self._known)
        self._no_names = no_names()
        self._listed = Phrases.of(self._known, self._cut)

    def __call__(self, doc: Doc) -> Doc:
        """The same Doc with its names made whole."""
        layout: Layout = doc._.layout
        text = text_of(doc)
        written = tokens_of(doc)
        words = [written[i] for i in layout.words]
        place = _Places(doc, layout)
        found = [item for span in doc.ents if (item := self._recognised(text, span)) is not None]
        found = [part for item in found for part in _apart(text, item)]
        pattern = [*laws(text), *ships(text)]
        listed = [
            (place.start(a), place.end(b), kind) for a, b, kind in self._listed.find(words) if place.together(a, b)
        ]
        names = self._settled(text, found, pattern, listed)
        names += self._aliases(text, names)
        kinds = self._kinds(text, names)
        names = [(a, b, kinds.get(_form(text[a:b]), kind)) for a, b, kind in names]
        names += self._again(len(text), words, place, names, kinds)
        doc.ents = tuple(_spans(doc, names))
        return doc

    def _recognised(self, text: str, span: Span) -> Found | None:
        start, end = span.start_char, span.end_char
        while match := FRONT.match(text, start, end):
            start = match.end()
        while start < end and (match := BACK.search(text, start, end)):
            end = match.start()
        inside = text[start:end]
        if inside.count("(") > inside.count(")"):
            end = start + len(inside[: inside.rindex("(")].rstrip())
        elif inside.endswith(")") and "(" not in inside:
            end -= 1
        if end <= start + 1 or not any(c.isalnum() for c in text[start:end]):
            return None  # nothing, or a single letter
        kind = span.label_
        if CODE.fullmatch(text, start, end) or text[start:end].isdigit():
            return None
        if text[start:end] in self._adjectives or self._names_nobody(text[start:end]):
            return None
        if kind == "Person" and (given := GIVEN.match(text, end)):
            end = given.end()
        if kind in ORGANISED:
            end = with_legal_form(text, start, end)
        if kind == "Organization" and is_company(text[start:end]):
            kind = "Company"
        return start, end, kind

    def _names_nobody(self, form: str) -> bool:
        """Whether every word is the name of a people or faith or short for a common noun."""
        return all(word.replace("’", "'") in self._no_names for word in form.split())

    def _settled(self, text: str, found: list[Found], pattern: list[Found], listed: list[Found]) -> list[Found]:
        """One name a place: patterns before recognised ones that are no longer, listed ones where nothing else is."""
        taken = [False] * len(text)
        chosen: list[Found] = []
        ranked = [(1, item) for item in pattern] + [(2, item) for item in found]
        for _, (start, end, kind) in sorted(ranked, key=lambda r: (-(r[1][1] - r[1][0]), r[0], r[1])):
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                chosen.append((start, end, kind))
        for start, end, kind in listed:
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                chosen.append((start, end, kind))
        return sorted(chosen)

    def _aliases(self, text: str, names: list[Found]) -> list[Found]:
        """Short names in brackets behind a name of the same kind: "Alpha Trading (ATC)", "Ivan PETROV (PETROV)"."""
        taken = {i for start, end, _ in names for i in range(start, end)}
        found = []
        for start, end, kind in names:
            match = ALIAS.match(text, end)
            if match is None or kind not in ORGANISED | {"Person", "Vessel", "LegalInstrument", "List"}:
                continue
            a, b = match.span(1)
            if _is_alias(text[a:b], text[start:end]) and not any(i in taken for i in range(a, b)):
                found.append((a, b, kind))
        return found

    def _kinds(self, text: str, names: list[Found]) -> dict[str, str]:
        """The type of every form: the lists' where they know it, else what most places say; short forms follow long."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        short_for: dict[str, str] = {}
        for start, end, kind in names:
            form = _form(text[start:end])
            votes[form][kind] += 1
            match = ALIAS.match(text, end)
            if match and kind in ORGANISED | {"Person"} and _is_alias(match.group(1), form):
                short_for[_form(match.group(1))] = form
        kinds = {
            form: self._known.get(form) or min(counted, key=lambda kind: (-counted[kind], kind))
            for form, counted in votes.items()
        }
        people = {word for form, kind in kinds.items() if kind == "Person" and " " in form for word in form.split()}
        heads: dict[str, set[str]] = defaultdict(set)
        for form, kind in kinds.items():
            head, _, rest = form.partition(" ")
            if rest and kind in ORGANISED and len(head) > 3 and head in kinds and head not in people:
                heads[head].add(kind)
        for head, found in heads.items():
            if len(found) == 1 and kinds[head] in ORGANISED | {"Person"} and head not in self._known:
                kinds[head] = next(iter(found))
        for short, form in short_for.items():
            if short in kinds and short not in self._known and form in kinds:
                kinds[short] = kinds[form]
        return kinds

    def _again(
        self, length: int, words: list[str], place: _Places, names: list[Found], kinds: dict[str, str]
    ) -> list[Found]:
        """Further places of the forms found, and of the surnames of the persons."""
        again = dict(kinds)
        lower = {word for word in words if word.islower()}
        for form, kind in kinds.items():
            if kind == "Person":
                for surname in _surnames(form):
                    if surname not in again and surname.lower() not in lower:
                        again[surname] = "Person"
        phrases = Phrases()
        for form, kind in sorted(again.items()):
            if len(form) > 1 and any(c.isupper() for c in form) and not (form in AMBIGUOUS and form not in kinds):
                cut = tuple(self._cut(form))
                if cut and not (len(cut) == 1 and form.lower() in lower and form.istitle() and len(form) < 9):
                    phrases.add(cut, kind)
        taken = bytearray(length)
        for start, end, _ in names:
            taken[start:end] = b"\1" * (end - start)
        found = []
        for a, b, kind in phrases.find(words):
            start, end = place.start(a), place.end(b)
            if place.together(a, b) and not any(taken[start:end]):
                found.append((start, end, kind))
        return found


class _Places:
    """From word numbers to characters of the text."""

    def __init__(self, doc: Doc, layout: Layout) -> None:
        starts, written = starts_of(doc), tokens_of(doc)
        self._starts = [starts[i] for i in layout.words]
        self._ends = [starts[i] + len(written[i]) for i in layout.words]
        self._block_of = layout.block_of

    def start(self, word: int) -> int:
        """Where a word begins."""
        return self._starts[word]

    def end(self, after: int) -> int:
        """Where the word before `after` ends."""
        return self._ends[after - 1]

    def together(self, first: int, after: int) -> bool:
        """Whether the words stand in one block."""
        return self._block_of[first] == self._block_of[after - 1]


def _form(written: str) -> str:
    return " ".join(written.split())


def _apart(text: str, item: Found) -> list[Found]:
    """A name with its short form in brackets as two names: "Alpha Trading (ATC)" as "Alpha Trading" and "ATC"."""
    start, end, kind = item
    match = BRACKET.match(text[start:end]) if kind not in ("LegalInstrument", "List") else None
    if match is None or not _is_alias(match["alias"], match["name"]):
        return [item]
    (a, b), (c, d) = match.span("name"), match.span("alias")
    return [(start + a, start + b, kind), (start + c, start + d, kind)]


def _is_alias(short: str, name: str) -> bool:
    """Whether what stands in brackets behind a name may be short for it.

    >>> _is_alias("ATC", "Alpha Trading Company"), _is_alias("AVEN", "Petr Aven"), _is_alias("Moscow", "Alpha Trading")
    (True, True, False)
    """
    if short.isupper() and " " not in short.strip() and any(c.isalpha() for c in short) and _is_acronym(short, name):
        return True
    words = {word.casefold() for word in re.findall(r"\w+", name)}
    own = re.findall(r"\w+", short)
    return bool(own) and short != name and all(word.casefold() in words for word in own)


def _is_acronym(short: str, name: str) -> bool:
    letters = [word[0].upper() for word in re.findall(r"\w+", name)]
    wanted = [c for c in short if c.isalpha()]
    at = 0
    for letter in letters:
        if at < len(wanted) and letter == wanted[at]:
            at += 1
    return len(wanted) >= 2 and (at >= len(wanted) - 1 or (wanted[0] == letters[0] and len(wanted) <= 6))


def _surnames(name: str) -> Iterable[str]:
    """The last word of a person's name of several words, and a last name set in capitals in front."""
    parts = name.split()
    if len(parts) < 2:
        return
    upper = [part for part in parts if part.isupper() and len(part) > 2]
    last = upper[-1] if upper and len(upper) < len(parts) else parts[-1]
    last = last.strip(",.")
    if len(last) > 2 and last[0].isupper() and last.lower() not in SHORT_NAMES:
        yield last
        if last.isupper():
            yield last.capitalize()
    if len(parts) > 2 and parts[-2].lower() in ("al", "el", "bin", "de", "von", "van"):
        yield f"{parts[-2]} {last}"


def _spans(doc: Doc, names: list[Found]) -> list[Span]:
    spans = []
    used = bytearray(len(doc) + 1)
    for start, end, kind in sorted(names, key=lambda name: (-(name[1] - name[0]), name)):
        span = doc.char_span(start, end, label=kind, alignment_mode="expand")
        if span is not None and not any(used[span.start : span.end]):
            used[span.start : span.end] = b"\1" * (span.end - span.start)
            spans.append(span)
    return sorted(spans, key=lambda span: span.start)
