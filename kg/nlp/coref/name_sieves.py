"""Sieves over names: passes from the surest to the weakest, each linking forms to forms.

Order: same state, government for its country -> same law or resolution number -> alias given in the text ->
same words, whatever their order -> spelling variant -> acronym -> part of a person's name -> part of another
name. A weaker sieve links a short form only where exactly one thing could be meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

from kg.nlp.coref.acronyms import SMALL_WORDS, abbreviates, initials, is_initials, letters
from kg.nlp.coref.name_variants import NameVariant
from kg.nlp.coref.nations import state_of, state_of_capital, state_of_demonym

_PARTICLES: Final = frozenset(
    "al el bin ben ibn abu abd van von der den de del la da dos bint ould jr sr ii iii".split()
)

#: Words that say what sort of body a name is of; they do not tell two names apart, nor do they make a name alone.
_KIND_WORDS: Final = frozenset(
    "group company companies corporation holding holdings trading general international global enterprise "
    "enterprises industry industries industrial limited ltd co inc llc plc jsc corp bank fund factory agency "
    "news services service investment investments finance financial network organization organisation cartel "
    "gang syndicate foundation association institute university party movement front brigade brigades militia "
    "ministry department office directorate committee council commission administration authority court board "
    "bureau center centre institution region province district governorate governorates oblast city state area "
    "territory county strip republic town village island islands list vessel ship tanker mv act order resolution "
    "program programme regulation section article law code decree treasury".split()
)

#: A longer name whose surplus holds one of these is a part of the shorter one, not the same thing.
_UNIT_WORDS: Final = frozenset(
    "council committee subcommittee command navy force forces wing branch branches division subsidiary academy "
    "embassy assembly project cell commission department directorate unit units corps board delegation bureau "
    "office center centre staff ministry headquarters leadership official officials element elements panel camp "
    "airport port gallery center branch section front-companies companies firms members affiliates network "
    "networks supporters school university hospital parliament duma senate secretariat working fund brigade "
    "battalion regiment mission".split()
)

_LEGAL_END: Final = re.compile(
    r"\b(?:co|corp|inc|ltd|limited|llc|l\.l\.c|plc|p\.l\.c|gmbh|ag|s\.?a\.?l|s\.?a\.?r\.?l|srl|s\.?r\.?l|s\.a|bv|b\.v|jsc|fze|company|pte)\.?$",
    re.I,
)
_LAW_ORDER: Final = re.compile(
    r"(?:executive orders?|\be\.? ?o\.?)(?: \(?e\.? ?o\.?s?\)?)?\W*(?:no\.? ?)?(\d{4,5}[a-z]?)\b", re.I
)
_LAW_RESOLUTION: Final = re.compile(r"(?:resolutions?|unscrs?|s/res/)\W*(?:\(?unscrs?\)?\W*)?(\d{3,4})\b", re.I)
_LAW_ACT: Final = re.compile(r"\b(\d{2,4}/\d{2,4})(?:/[A-Z]{2,4})?\b")


class Links:
    """Forms joined into things: a union-find that remembers which sieve linked which form."""

    def __init__(self, forms: list[NameVariant]) -> None:
        self.forms = forms
        self._parent = list(range(len(forms)))
        self.sieve: dict[int, str] = {}

    def root(self, index: int) -> int:
        """The representative of the thing to which the form belongs."""
        while self._parent[index] != index:
            self._parent[index] = self._parent[self._parent[index]]
            index = self._parent[index]
        return index

    def join(self, short: int, other: int, sieve: str) -> None:
        """Make the two forms one thing; `short` remembers the sieve."""
        self.sieve.setdefault(short, sieve)
        first, second = sorted((self.root(short), self.root(other)))
        self._parent[second] = first

    def things(self, indexes: Iterable[int]) -> set[int]:
        """The distinct things among the forms."""
        return {self.root(index) for index in indexes}


def law_key(text: str) -> str | None:
    """The number by which a law, order or resolution is known, or None.

    >>> law_key("Executive Order (E.O.) 13224"), law_key("UNSCR 1737 (2006)")
    ('order 13224', 'resolution 1737')
    """
    if match := _LAW_ORDER.search(text):
        return f"order {match[1].lower()}"
    if match := _LAW_RESOLUTION.search(text):
        return f"resolution {match[1]}"
    if match := _LAW_ACT.search(text):
        return f"act {match[1]}"
    return None


def core(form: NameVariant) -> tuple[tuple[str, ...], str | None]:
    """The words that tell a body apart and its state: "U.S. Department of the Treasury" -> treasury, US."""
    return _core(form.words, form.group)


@lru_cache(maxsize=16384)
def _core(form_words: tuple[str, ...], group: str) -> tuple[tuple[str, ...], str | None]:
    words, nation = list(form_words), None
    for size in (2, 1):
        lead = " ".join(words[:size])
        if len(words) > size and (state := state_of(lead) or state_of_demonym(lead)):
            words, nation = words[size:], state
            break
    drop = SMALL_WORDS | ({"department"} if group == "organization" else {"list"} if group == "list" else set())
    kept = [word for word in words if word not in drop]
    if group == "list":
        kept = [word.rstrip("s") for word in kept]
    return tuple(kept or words), nation


def link(forms: list[NameVariant], aliases: list[tuple[int, int, str]]) -> Links:
    """The forms joined by all sieves; `aliases` are pairs of forms that the text itself equates."""
    links = Links(forms)
    _by_key(links, "state", _state)
    _by_key(links, "number", lambda form: law_key(form.surface) if form.group == "law" else None)
    _aliases(links, aliases)
    _by_key(links, "same words", _word_bag)
    _variants(links)
    _acronyms(links)
    _persons(links)
    _parts(links)
    _mistyped(links)
    return links


def _aliases(links: Links, aliases: list[tuple[int, int, str]]) -> None:
    """Join what the text equates; an alias of two things joins neither, until these are found to be one."""
    for _ in range(2):
        owners: dict[int, set[int]] = {}
        for short, other, _sieve in aliases:
            owners.setdefault(short, set()).add(links.root(other))
        for short, other, sieve in aliases:
            if len(owners[short]) == 1:
                links.join(short, other, sieve)


def _by_key(links: Links, sieve: str, key: Callable[[NameVariant], str | None]) -> None:
    first: dict[str, int] = {}
    for index, form in enumerate(links.forms):
        value = key(form)
        if value is None:
            continue
        if value in first:
            links.join(index, first[value], sieve)
        else:
            first[value] = index


def _state(form: NameVariant) -> str | None:
    if form.group != "place":
        return None
    if form.types["Country"] > form.types["Place"] and (state := state_of_capital(form.surface)):
        return state
    return state_of(form.surface)


def _word_bag(form: NameVariant) -> str | None:
    if form.group == "person":
        return " ".join(["person", *sorted(form.words)]) if len(form.words) > 1 else None
    if form.group == "organization":
        words, nation = core(form)
        if "department" in form.words and len(words) == 1:
            words = (*words, "department")
        bag = " ".join(sorted(word.rstrip("s") or word for word in words))
        return f"organization {nation if nation != 'United States' else None} {bag}" if len(words) > 1 else None
    return None


def _variants(links: Links) -> None:
    """One slip of the pen in a long word, the other words equal: two spellings of one name."""
    for index, form in enumerate(links.forms):
        for other in range(index):
            rival = links.forms[other]
            if rival.group != form.group or len(rival.words) != len(form.words) or form.group in ("law", "list"):
                continue
            odd = [(a, b) for a, b in zip(sorted(form.words), sorted(rival.words), strict=True) if a != b]
            if len(form.words) == 1 and (form.group != "organization" or len(form.key) < 8):
                continue
            limit = 1 if len(form.words) == 1 else 2
            if len(odd) == 1 and _slip(*odd[0], limit):
                links.join(index, other, "spelling")
                break


def _slip(word: str, other: str, limit: int) -> bool:
    """Whether two long words differ by a slip of the pen, not by number."""
    if min(len(word), len(other)) < 6 or word[0] != other[0] or not word.isalpha():
        return False
    return word.rstrip("s") != other.rstrip("s") and DamerauLevenshtein.distance(word, other) <= limit


def _acronyms(links: Links) -> None:
    for index, form in enumerate(links.forms):
        if not (form.acronym or _acronym_of_list(form)) or form.group == "person" or index in links.sieve:
            continue
        found = [
            other
            for other, rival in enumerate(links.forms)
            if other != index and len(core(rival)[0]) > 1 and _same_sort(form, rival) and _shortens(form, rival)
        ]
        if found and len(links.things(found)) == 1:
            links.join(index, found[0], "acronym")


def _same_sort(form: NameVariant, rival: NameVariant) -> bool:
    return form.group == rival.group or {form.group, rival.group} <= {"organization", "list"}


def _shortens(form: NameVariant, rival: NameVariant) -> bool:
    words, _ = core(rival)
    short = _acronym_of_list(form) or form.surface
    if is_initials(short, rival.words) or (len(words) > 1 and letters(short) == initials(words)):
        return True
    if rival.group == "list" and len(letters(short)) > 2:
        return initials(words).startswith(letters(short))
    return any(char.islower() for char in short) and form.acronym and abbreviates(short, rival.words)


def _acronym_of_list(form: NameVariant) -> str:
    """The acronym in "SDN List" or "list of SDNTs", else nothing."""
    if form.group != "list" or len(core(form)[0]) != 1:
        return ""
    return next((word for word in form.surface.split() if len(word) > 2 and word[:-1].isupper()), "")


def _persons(links: Links) -> None:
    """A surname or another part of one person's full name."""
    people = [index for index, form in enumerate(links.forms) if form.group == "person"]
    for index in sorted(people, key=lambda index: (-len(links.forms[index].words), index)):
        form = links.forms[index]
        if links.sieve.get(index) in ("bracket", "also known as"):
            continue
        distinctive = [word for word in form.words if word not in _PARTICLES and len(word) > 1]
        if not distinctive:
            continue
        found = [other for other in people if other != index and _part_of_person(form, links.forms[other])]
        things = links.things(found) - {links.root(index)}
        if len(things) > 1:
            last = [other for other in found if links.forms[other].words[-1] == form.words[-1]]
            earlier = [other for other in last or found if links.forms[other].first <= form.first]
            things = links.things(last) if len(links.things(last)) == 1 else links.things(earlier)
            found = earlier or last
        if len(things) == 1:
            other = min((o for o in found if links.root(o) in things), key=lambda o: (-len(links.forms[o].words), o))
            links.join(index, other, "part of name")


def _part_of_person(form: NameVariant, rival: NameVariant) -> bool:
    short, full = form.words, rival.words
    if len(short) >= len(full):
        return False
    if len(short) == 1:
        return short[0] in full and (len(full) < 3 or short[0] != full[0] or len(short[0]) > 3)
    bare = [word for word in short if word not in _PARTICLES]
    rest = iter(full)
    if bare and all(any(_same_given(word, other) for other in rest) for word in bare):
        return True
    return set(bare) <= set(full) and len(bare) > 1


def _same_given(word: str, other: str) -> bool:
    return word == other or (len(word) == 1 and other.startswith(word))


def _parts(links: Links) -> None:
    """Head words of a company, "Treasury" of the U.S. Department of the Treasury, "Donbas" of a region."""
    order = sorted(range(len(links.forms)), key=lambda index: (-len(links.forms[index].words), index))
    for index in order:
        form = links.forms[index]
        if form.group == "person" or (form.group == "place" and state_of(form.surface)):
            continue
        if links.sieve.get(index) in ("bracket", "acronym"):
            continue
        found = [other for other in order if other != index and links.forms[other].group == form.group]
        found = [other for other in found if _shortened(form, links.forms[other])]
        things = links.things(found) - {links.root(index)}
        if len(things) > 1:
            found = [other for other in found if _plain_surplus(form, links.forms[other])]
            things = links.things(found) - {links.root(index)}
        if len(things) == 1 and links.root(index) not in links.things(found):
            links.join(index, next(other for other in found if links.root(other) in things), "part of name")


def _mistyped(links: Links) -> None:
    """A single word that is linked to nothing of its own type, but is the surname or head of one thing of another."""
    for index, form in enumerate(links.forms):
        if len(form.words) > 1 or form.group not in ("person", "organization", "place") or len(form.key) < 4:
            continue
        if any(links.root(other) == links.root(index) for other in range(len(links.forms)) if other != index):
            continue
        if state_of(form.surface) or state_of_capital(form.surface):
            continue
        found = [
            other
            for other, rival in enumerate(links.forms)
            if len(rival.words) > 1
            and rival.group != form.group
            and rival.first < form.first
            and (
                (rival.group == "person" and rival.words[-1] == form.key)
                or (
                    rival.group == "organization"
                    and form.key in rival.words
                    and form.group == "person"
                    and rival.types["Company"] > 0
                )
            )
        ]
        if len(links.things(found)) == 1:
            links.join(index, found[0], "part of name")


def _plain_surplus(form: NameVariant, rival: NameVariant) -> bool:
    return set(core(rival)[0]) - set(core(form)[0]) <= _KIND_WORDS and core(form)[1] in (None, core(rival)[1])


def _shortened(form: NameVariant, rival: NameVariant) -> bool:
    """Whether `form` is a shorter way to say `rival`, judged by the words that `rival` has beyond it."""
    (short, nation), (full, state) = core(form), core(rival)
    if nation and nation != state:
        return False
    if short == full:
        return len(form.words) < len(rival.words)
    if not set(short) < set(full) or all(word in _KIND_WORDS - {"treasury"} for word in short):
        return False
    surplus = {word for word in full if word not in short}
    if form.group == "law":
        part = rival.words[0] in ("section", "article", "paragraph", "annex", "appendix") and rival.key.endswith(
            " " + form.key
        )
        return not part and (len(form.words) > 1 or form.acronym)
    if form.group == "list":
        return surplus <= _KIND_WORDS or f" {form.key} " in f" {rival.key} "
    if form.group == "place":
        return ("," in rival.surface and rival.key.startswith(form.key + " ")) or surplus <= _KIND_WORDS
    if form.group in ("vessel", "aircraft"):
        return True
    return _short_body(form, rival, surplus)


def _short_body(form: NameVariant, rival: NameVariant, surplus: set[str]) -> bool:
    """The same for companies and other bodies, where the longer name may well be a part or a daughter."""
    if surplus <= _KIND_WORDS and _LEGAL_END.search(form.surface) is None:
        return not surplus & _UNIT_WORDS or "of" not in rival.words
    if rival.key.startswith(form.key + " of ") and len(form.words) > 1:
        return True
    if rival.key.endswith(" " + form.key):
        lead = rival.words[: -len(form.words)]
        return lead[-1] not in SMALL_WORDS and not surplus & _UNIT_WORDS
    if (
        surplus & _UNIT_WORDS
        or (rival.words[0] in _UNIT_WORDS and "of" in rival.words)
        or _LEGAL_END.search(form.surface)
    ):
        return False
    if rival.key.startswith(form.key + " "):
        if rival.words[len(form.words)] == "in":
            return False
        return not (form.acronym and form.first < rival.first) and rival.first <= form.first + 40
    if len(form.words) == 1:
        distinctive = not form.acronym and len(form.key) >= 4 and form.key not in _KIND_WORDS
        return distinctive and rival.types["Company"] > 0 and rival.first < form.first
    return form.words[0] == rival.words[0] and form.words[-1] == rival.words[-1] and _in_order(form, rival)


def _in_order(form: NameVariant, rival: NameVariant) -> bool:
    rest = iter(rival.words)
    return all(word in rest for word in form.words)
