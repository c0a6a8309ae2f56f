"""English inflection: the forms in which a trigger of a rule may stand in a text.

A lemma in, the set of its lower-case written forms out, so that a rule matches even where a tagger or lemmatiser errs.
The forms are lemminflect's (dictionary first, rules for words that it does not hold).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from lemminflect import getAllInflections, getAllInflectionsOOV

#: Irregular verbs as the packaged lemmatiser was trained with them; `irregular_base` reads them backwards.
_IRREGULAR: Final[dict[str, str]] = {
    "arise": "arose arisen",
    "be": "is are was were been being am",
    "bear": "bore born borne",
    "become": "became",
    "begin": "began begun",
    "bid": "bade bidden",
    "break": "broke broken",
    "bring": "brought",
    "build": "built",
    "buy": "bought",
    "catch": "caught",
    "choose": "chose chosen",
    "deal": "dealt",
    "drive": "drove driven",
    "fall": "fell fallen",
    "feed": "fed",
    "fight": "fought",
    "find": "found",
    "flee": "fled",
    "fly": "flew flown",
    "forbid": "forbade forbidden",
    "freeze": "froze frozen",
    "get": "got gotten",
    "give": "gave given",
    "grow": "grew grown",
    "have": "has had having",
    "hide": "hid hidden",
    "hold": "held",
    "keep": "kept",
    "know": "knew known",
    "lead": "led",
    "leave": "left",
    "lend": "lent",
    "lose": "lost",
    "make": "made",
    "meet": "met",
    "mislead": "misled",
    "oversee": "oversaw overseen",
    "overthrow": "overthrew overthrown",
    "pay": "paid",
    "rise": "rose risen",
    "run": "ran",
    "say": "said",
    "see": "saw seen",
    "seek": "sought",
    "sell": "sold",
    "send": "sent",
    "shoot": "shot",
    "sit": "sat",
    "slap": "slapped slapping",
    "speak": "spoke spoken",
    "spend": "spent",
    "stand": "stood",
    "steal": "stole stolen",
    "strike": "struck stricken",
    "swear": "swore sworn",
    "take": "took taken",
    "teach": "taught",
    "tell": "told",
    "think": "thought",
    "throw": "threw thrown",
    "understand": "understood",
    "undertake": "undertook undertaken",
    "unfreeze": "unfroze unfrozen",
    "uphold": "upheld",
    "win": "won",
    "withdraw": "withdrew withdrawn",
    "withhold": "withheld",
    "write": "wrote written",
}
_BASES: Final = {form: lemma for lemma, forms in sorted(_IRREGULAR.items()) for form in forms.split()}


def irregular_base(form: str) -> str | None:
    """The lemma of an irregular verb's form in lower case, None of any other word.

    >>> irregular_base("froze"), irregular_base("listed")
    ('freeze', None)
    """
    return _BASES.get(form)


@lru_cache(maxsize=4096)
def verb_forms(lemma: str) -> frozenset[str]:
    """The forms of a verb; in a verb of several words ("carry out") the first word is inflected.

    >>> sorted(verb_forms("equip"))
    ['equip', 'equipped', 'equipping', 'equips']
    """
    word, _, rest = lemma.lower().partition(" ")
    forms = {word, *_inflected(word, "VERB"), *_IRREGULAR.get(word, "").split()}
    return frozenset(f"{form} {rest}" if rest else form for form in forms)


@lru_cache(maxsize=4096)
def noun_forms(lemma: str) -> frozenset[str]:
    """A noun and its plural; in a noun of several words ("vice president") the last word is inflected.

    >>> sorted(noun_forms("spokesman"))
    ['spokesman', 'spokesmen']
    """
    first, _, word = lemma.lower().rpartition(" ")
    plurals = {word[:-3] + "men"} if word.endswith("man") and word != "german" else _inflected(word, "NOUN")
    return frozenset(f"{first} {form}".strip() for form in {word, *plurals})


def _inflected(word: str, upos: str) -> set[str]:
    """The inflected forms of a word; of one with a hyphen its last part is inflected ("co-owned")."""
    before, hyphen, last = word.rpartition("-")
    if not last:
        return set()
    forms = getAllInflections(last, upos=upos) or getAllInflectionsOOV(last, upos=upos)
    return {f"{before}{hyphen}{form.lower()}" for group in forms.values() for form in group}
