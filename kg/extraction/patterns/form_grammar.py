"""Surface forms: the small notation in which a rule states an order of words, and its compilation.

A form is read against a sentence written as one line, each word in lower case and each entity as `<k>`,
or `{k}` where it only modifies a following noun (`kg.extraction.patterns.linearize` writes it). The elements, separated
by blanks:

| element | stands for |
|---|---|
| `SUBJ`, `OBJ` | an entity, or a list of them ("A, B and C"); if it only modifies a noun, what follows must be said |
| `SUBJ1`, `OBJ1` | of such a list, the member next to the trigger |
| `TRIGGER` | one of the words or phrases of the pattern, in any inflection |
| `SUBJX`, `OBJX` | an entity, whether or not it only modifies a noun |
| `SUBJ0`, `OBJ0` | an entity that no preposition governs |
| `SUBJS`, `OBJS` | all entities of a stretch that nothing governs, in a list however long and however described |
| `TEXT` | the phrase that is the object; at the end of a form it runs to the end of the clause |
| `DOING` | such a phrase that opens with a participle ("having supplied ...") |
| `NAME` | a phrase that looks like a name, a short name or an acronym |
| `CHAIN` | nothing: no list of entities ends here with "and" |
| `END` | nothing: no further entity follows, directly or in a list |
| `word`, `(was|has been)` | these words as written |
| `LB`, `RB` | an opening and a closing bracket |
| `DET` | an article or a possessive, or nothing |
| `~N` | up to N words, without entities that count, punctuation, prepositions and relative pronouns |
| `*N` | up to N words, entities or commas; no rival of the entity before it stands in it |
| `^` | the start of the sentence |
| `?` after an element | the element may be missing |
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

ENTITY: Final = r"<\d+> "
_MODIFIER: Final = r"[<{]\d+[>}] "
_BARRED: Final = (
    "(?:of|in|with|from|by|to|for|on|at|against|under|who|which|that|whom|whose|was|were|is|are|said"
    r"|(?!leading|trading|holding|shipping|mining|banking|founding|governing|managing|marketing)\w{3,}ing) "
)
_STOP: Final = (
    "(?:for|pursuant|under|as(?! well)(?<!well as)|who|which|whom|whose|that|because|was|were|is|are|has|have|had|said"
    "|while|today|because|when|where|:|\\.) "
)
_ELEMENT: Final = re.compile(r"\([^)]*\)\??|\S+")
_WORD: Final = re.compile(r"""[-\w.,:;'"/&%]+""")
_OPENS_WITH_ENTITY: Final = re.compile(r"(?:\(\?P<\w+>)?(?:<|\[<\{\])")
_DET: Final = "(?:(?:a|an|the|its|his|her|their|this|that|one of|one of the) )?"


def compile_form(form: str, triggers: Iterable[str]) -> re.Pattern[str]:
    """The regular expression of a form, with the groups `subj`, `obj`, `text` and `trigger`.

    Raises ValueError, with the element at fault, where the form is malformed.
    """
    elements = _ELEMENT.findall(form)
    words = "|".join(re.escape(word) for word in sorted(triggers, key=lambda word: (-len(word), word)))
    parts: list[str] = []
    for place, element in enumerate(elements):
        optional = element.endswith("?") and len(element) > 1
        bare = element.removesuffix("?") if optional else element
        last = place == len(elements) - 1
        open_end = last or elements[place + 1][0] in "~*,"
        part = _part(bare, words, _MODIFIER if not open_end else ENTITY, last=last)
        parts.append(f"(?:{part})?" if optional else part)
    pattern = "".join(parts)
    for group in ("subj", "trigger"):
        if pattern.count(f"(?P<{group}>") != 1:
            raise ValueError(f"'{form}' needs {'TRIGGER' if group == 'trigger' else 'SUBJ'} exactly once")
    if ("(?P<obj>" in pattern) == ("(?P<text>" in pattern):
        raise ValueError(f"'{form}' needs either OBJ or TEXT")
    if _OPENS_WITH_ENTITY.match(pattern):  # no other word has its bracket, so it is found by that alone, and fast
        return re.compile(pattern)
    return re.compile(r"(?:(?<= )|(?<=^))" + pattern)


_CHAIN: Final = r"(?!(?:, <\d+> )*(?:, )?(?:and|or|&) [<{])"
_END: Final = r"(?!(?:,|and|or|&)? ?(?:and )?[<{])"


def _part(element: str, triggers: str, entity: str, *, last: bool) -> str:
    """The regular expression of one element; raises ValueError for an element that the grammar has not."""
    if element in _SHORT_TEXTS and not last:
        return r"(?P<text>(?:[^\s;()]+ ){1,12}?)"
    if element in _FIXED:
        return _FIXED[element]
    if element in ("SUBJX", "OBJX"):
        return rf"(?P<{element[:-1].lower()}>{_MODIFIER})"
    if element in ("SUBJ", "SUBJ0", "SUBJ1", "OBJ", "OBJ0", "OBJ1"):
        return f"(?P<{element.rstrip('01').lower()}>{entity})"
    if element == "TRIGGER":
        return f"(?P<trigger>(?:{triggers}) )"
    if element in ("SUBJS", "OBJS"):
        return rf"(?P<{element[:-1].lower()}>(?:(?!{_STOP})[^\s;]+ ){{1,90}})"
    return _gap(element) or _words(element)


def _gap(element: str) -> str:
    """The expression of `~3` (up to three words that are no entity) or `*3` (of any); else an empty text."""
    if re.fullmatch(r"~\d+", element):
        return rf"(?:(?:(?!{_BARRED})[^\s<>{{}},;:.()]+|{{\d+}}) ){{0,{int(element[1:])}}}?"
    if re.fullmatch(r"\*\d+", element):
        return rf"(?:[^\s;]+ ){{0,{int(element[1:])}}}?"
    return ""


def _words(element: str) -> str:
    """The expression of a word, or of a choice of words in brackets."""
    if element.startswith("(") and element.endswith(")"):
        choices = [choice.strip() for choice in element[1:-1].split("|")]
        if not all(choices):
            raise ValueError(f"empty choice in '{element}'")
        return "(?:" + "|".join(re.escape(choice.lower()) for choice in choices) + ") "
    if (element.isupper() and len(element) > 1) or not _WORD.fullmatch(element):
        raise ValueError(f"unknown element '{element}'")
    return re.escape(element.lower()) + " "


def _to_the_end(first: str) -> str:
    """Text from a first word up to the end of its clause."""
    return rf"(?P<text>{first}(?:[^\s;]+ ){{0,44}})(?=; |\. |$)"


_SHORT_TEXTS: Final = ("TEXT", "NAME")
#: Element -> its expression, whatever stands around it.
_FIXED: Final = {
    "TEXT": _to_the_end(r"[^\s;<{]+ "),
    "NAME": _to_the_end(r"[^\s;<{]+ "),
    "DOING": _to_the_end(r"\w+ing "),
    "CHAIN": _CHAIN,
    "END": _END,
    "DET": _DET,
    "LB": r"[(\[] ",
    "RB": r"[)\]] ",
    "^": "^",
}
