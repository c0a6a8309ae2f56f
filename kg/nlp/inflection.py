"""English inflection by spelling rules: the forms in which a trigger of a rule may stand in a text.

A lemma in, the set of its lower-case written forms out. A rule so matches even where a tagger or lemmatiser
errs. Consonant doubling is over-generated ("visitted"): a form that no text holds does no harm.
"""

from __future__ import annotations

from typing import Final

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
_VOWELS: Final = "aeiou"


def irregular_base(form: str) -> str | None:
    """The lemma of an irregular verb's form in lower case, None of any other word.

    >>> irregular_base("froze"), irregular_base("listed")
    ('freeze', None)
    """
    return _BASES.get(form)


def verb_forms(lemma: str) -> frozenset[str]:
    """The forms of a verb; in a verb of several words ("carry out") the first word is inflected.

    >>> sorted(verb_forms("supply"))
    ['supplied', 'supplies', 'supply', 'supplying']
    """
    word, _, rest = lemma.lower().partition(" ")
    forms = {word, _with_s(word), *_IRREGULAR.get(word, "").split()}
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")):
        forms |= {word + "d", word[:-1] + "ing"}
    elif word.endswith("y") and word[-2:-1] not in _VOWELS:
        forms |= {word[:-1] + "ied", word + "ing"}
    elif word.endswith("ee"):
        forms |= {word + "d", word + "ing"}
    elif word.endswith("c"):
        forms |= {word + "ked", word + "king"}
    else:
        forms |= {word + "ed", word + "ing"}
        if len(word) > 2 and word[-1] not in _VOWELS + "wxy" and word[-2] in _VOWELS and word[-3] not in _VOWELS:
            forms |= {word + word[-1] + "ed", word + word[-1] + "ing"}
    return frozenset(f"{form} {rest}" if rest else form for form in forms)


def noun_forms(lemma: str) -> frozenset[str]:
    """A noun and its plural; in a noun of several words ("vice president") the last word is inflected.

    >>> sorted(noun_forms("spokesman"))
    ['spokesman', 'spokesmen']
    """
    first, _, word = lemma.lower().rpartition(" ")
    plural = word[:-3] + "men" if word.endswith("man") else _with_s(word)
    plurals = {plural, "wives"} if word == "wife" else {plural, "children"} if word == "child" else {plural}
    return frozenset(f"{first} {form}".strip() for form in {word, *plurals})


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
