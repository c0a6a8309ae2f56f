"""A name in any script -> its words, folded, with what tells little set apart: the form that is compared.

text -> Latin letters -> lower case without accents -> brackets opened -> legal forms, honorifics taken off ->
words, particles and variants marked. Nothing is thrown away that could be the whole name: "The Company Ltd." keeps
its words where nothing else is left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

import yaml
from anyascii import anyascii
from rapidfuzz.distance import OSA

from kg.errors import RuleError
from kg.matching.repair import few_vowels, figures, is_abjad, letters, unmask
from kg.resources import ontology

_PATRONYMIC: Final = re.compile(
    r".{3,}(?:ovich|evich|ovych|evych|avich|ovna|evna|ivna|ovic|evic|uly|oglu|ogly|yevich|iyevich)"
)
_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ABD: Final = re.compile(r"^abd(?:ou|[aeou])[lrsntdz](?=[a-z]{3})")
_PREFIXED: Final = frozenset("ao oao zao ooo pao too tov pt cv gup jsc llc".split())


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared.

    `words` are in their order, without particles, legal forms and honorifics; `form` is the short name of the legal
    form or empty; `numbers` the words that are figures. `glued` are (word, the word with the particles before it run
    together): "van der bilt" is also "vanderbilt". `abjad` tells that its script leaves vowels out.
    """

    text: str
    words: tuple[str, ...]
    form: str = ""
    numbers: frozenset[str] = frozenset()
    family_first: bool = False
    glued: tuple[tuple[str, str], ...] = ()
    abjad: bool = False

    @property
    def lacks_vowels(self) -> bool:
        """Whether the whole name holds so few vowels that somebody left them out."""
        return few_vowels(self.joined)

    @property
    def full(self) -> str:
        """The words run together with the particles before them."""
        whole = dict(self.glued)
        return "".join(whole.get(word, word) for word in self.words)

    @property
    def key(self) -> str:
        """The words in alphabetical order: equal for two writings of one name in any order."""
        return " ".join(sorted(self.words))

    @property
    def joined(self) -> str:
        """The words run together in their order."""
        return "".join(self.words)


@lru_cache(maxsize=1 << 16)
def analyze(text: str) -> Name:
    """The name's comparable form.

    >>> analyze("Strelsau Example Digital Technology Co., Ltd.").words
    ('strelsau', 'example', 'digital', 'technology')
    >>> analyze("PUTIN, Vladimir Vladimirovich").words, analyze("ООО Ромашка").form
    (('putin', 'vladimir', 'vladimirovich'), 'llc')
    >>> analyze("Sheikh Abd al-Rahman").words
    ('abdrahman',)
    """
    bare = unmask(text)
    for form in _forms().unspaced:
        bare = bare.replace(form, " ")
    plain = latin(bare)
    before, comma, after = plain.partition(",")
    words = figures([letters(word) for word in re.findall(r"[a-z0-9]+", fold(plain))])
    words, form = _take_form(words)
    words = _take_honorifics(words)
    words, glued = _join_particles(words)
    return Name(
        text=text,
        words=tuple(words),
        form=form,
        numbers=frozenset(word for word in words if any(char.isdigit() for char in word)),
        family_first=bool(comma and before.strip() and after.strip()),
        glued=tuple(glued.items()),
        abjad=is_abjad(text),
    )


def latin(text: str) -> str:
    """The text in Latin letters; syllables of Chinese and Korean become words of their own.

    >>> latin("海康威视"), latin("Щербаков")
    ('Hai Kang Wei Shi', 'Shcherbakov')
    """
    if text.isascii():
        return text
    written = []
    for word in re.split(r"(\s+)", unicodedata.normalize("NFKC", text)):
        plain = anyascii(word)
        syllables = any("\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in word)
        written.append(_CAMEL.sub(" ", plain) if syllables else plain)
    return "".join(written)


def fold(text: str) -> str:
    """Lower case; apostrophes closed up, dotted abbreviations run together, all other marks to spaces.

    >>> fold("A.B.C. Nu'man & Sons"), fold("ZHURAVLYOV D.I.")
    ('abc numan sons', 'zhuravlyov di')
    """
    lowered = re.sub(r"[`'’ʼʻ\"]", "", text.lower())
    lowered = _DOTTED.sub(lambda match: match.group().replace(".", "") + " ", lowered)
    return " ".join(re.findall(r"[a-z0-9]+", lowered))


@dataclass(frozen=True, slots=True)
class _Forms:
    writings: dict[tuple[str, ...], str]
    longest: int
    unspaced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    honorifics: frozenset[str]
    particles: frozenset[str]
    state_bodies: frozenset[str]
    variants: dict[str, str]
    names_too: frozenset[str]
    distinct: dict[str, int]
    common: frozenset[str]


def _read(name: str) -> dict[str, Any]:
    path = ontology() / "names" / f"{name}.yaml"
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError) as error:
        raise RuleError(str(error).replace("\n", " "), place=str(path), hint="install the package anew") from error
    return dict(content)


@cache
def _forms() -> _Forms:
    table = _read("legal_forms")
    unspaced = tuple(table.pop("unspaced"))
    writings = {tuple(fold(writing).split()): form for form, all_ in table.items() for writing in all_}
    return _Forms(writings, max(map(len, writings)), unspaced)


@cache
def _words() -> _Words:
    table = _read("words")
    variants: dict[str, str] = {}
    for group in table["variants"]:
        for word in group:
            variants.setdefault(fold(word).replace(" ", ""), fold(group[0]).replace(" ", ""))
    return _Words(
        frozenset(table["honorifics"]),
        frozenset(table["particles"]),
        frozenset(table["state_bodies"]),
        variants,
        frozenset(table["names_too"]),
        {name: at for at, group in enumerate(table["distinct"]) for name in group},
        frozenset(table["common"]),
    )


@cache
def columns() -> dict[str, list[str]]:
    """Return what the columns of a customer file are called, field by field (`ontology/names/columns.yaml`)."""
    return {field: [str(word) for word in words] for field, words in _read("columns").items()}


def canonical_variant(word: str) -> str:
    """The one spelling for a given name of several ("volodymyr" is "vladimir"); the word itself for any other."""
    return _words().variants.get(word, word)


def are_distinct(one: str, other: str) -> bool:
    """Whether two names that are like one another are known to be borne by different people: "Oleg" and "Olga"."""
    groups = _words().distinct
    return one != other and one in groups and groups[one] == groups.get(other)


def is_common(word: str) -> bool:
    """Whether so many people bear the name that it tells little of who is meant."""
    return word in _words().common


def is_patronymic(word: str) -> bool:
    """Whether the word is made of the father's name; many texts leave it out."""
    return _PATRONYMIC.fullmatch(word) is not None


def is_particle(word: str) -> bool:
    """Whether the word is an article or a word for son, daughter, of."""
    return word in _words().particles


def is_state_body(name: Name) -> bool:
    """Whether the name begins or ends with a word for a body that nearly every state has ("Ministry of Interior")."""
    return bool({*name.words[:1], *name.words[-1:]} & _words().state_bodies)


def _take_form(words: list[str]) -> tuple[list[str], str]:
    """The words without legal forms, and the first form found; one of two letters counts at the end only ("S.A."), but
    for the few that stand before a name ("AO")."""
    forms = _forms()
    kept: list[str] = []
    found = ""
    at = 0
    while at < len(words):
        for length in range(min(forms.longest, len(words) - at), 0, -1):
            writing = words[at : at + length]
            form = forms.writings.get(tuple(writing))
            short = all(len(word) <= 2 for word in writing)
            ends = all(tuple(words[later : later + 1]) in forms.writings for later in range(at + length, len(words)))
            fits = not short or ends or (at == 0 and words[0] in _PREFIXED)
            if length == 1 and not form and at > 0:
                form = _misspelt_form(words[at])
            if form and fits and length < len(words):
                found = found or form
                at += length
                break
        else:
            kept.append(words[at])
            at += 1
    return (kept, found) if any(len(word) > 1 and not is_particle(word) for word in kept) else (words, "")


@lru_cache(maxsize=1 << 14)
def _misspelt_form(word: str) -> str:
    """The form of which a long word is one letter off ("compnay"); empty for any other."""
    if len(word) < 6:
        return ""
    for writing, form in _forms().writings.items():
        if len(writing) == 1 and len(writing[0]) >= 7 and OSA.distance(word, writing[0], score_cutoff=1) <= 1:
            return form
    return ""


def _take_honorifics(words: list[str]) -> list[str]:
    honorifics = _words().honorifics
    kept = [word for word in words if word not in honorifics]
    significant = [word for word in kept if len(word) > 1 and not is_particle(word)]
    return kept if len(significant) >= 2 else words


def _join_particles(words: list[str]) -> tuple[list[str], dict[str, str]]:
    """The words without particles, and those that had some with them; "abd al rahman", "abdul rahman" and
    "abdelrahman" all become "abdrahman"."""
    joined: list[str] = []
    glued: dict[str, str] = {}
    pending = run = ""
    for word in words:
        if pending:
            if is_particle(word) and len(word) <= 3:
                continue
            joined.append(pending + word)
            pending = ""
        elif word in ("abd", "abdul", "abdel", "abdal", "abdol", "abdur"):
            pending = "abd"
        elif is_particle(word) and (joined or run or word not in _words().names_too):
            run += word
            continue
        else:
            joined.append(_ABD.sub("abd", word))
            if run:
                glued[joined[-1]] = run + joined[-1]
        run = ""
    if pending:
        joined.append(pending)
    return (joined, glued) if joined else (list(words), {})


def distinct(names: Iterable[str]) -> list[Name]:
    """The names that compare differently, in the order given; empty ones left out."""
    seen: dict[tuple[str, ...], Name] = {}
    for text in names:
        name = analyze(text)
        if name.words:
            seen.setdefault(name.words, name)
    return list(seen.values())
