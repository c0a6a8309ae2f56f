"""Text to words: the words that grammar sees, and a spaCy Doc over the whole text as read.

Words are cut as Universal Dependencies cuts English (spaCy's English rules, adjusted). Markup, list marks and spaces
become tokens of their own that belong to no sentence: `Layout.words` names the tokens that do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import spacy
from spacy.attrs import ORTH
from spacy.lang.en import English
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex
from spacy.vocab import Vocab

from kg.nlp.segmentation.blocks import Block, blocks, mask

Cutter = Callable[[str], Doc]
LONGEST: Final = 100
"""Words that are read together at most; a sentence that is longer is read in parts."""
ENDS: Final = frozenset(".!?")
CLOSERS: Final = frozenset("\"'”’)]")

NEVER_ENDS: Final = frozenset(
    (
        "No. Nos. Mr. Mrs. Ms. Dr. Prof. Gen. Lt. Col. Maj. Capt. Sgt. Sen. Rep. Gov. Hon. Rev. St. Mt. E.O. Rs. v. "
        "vs. a.k.a. f.k.a. n.k.a. A.K.A. "
        "e.g. i.e. cf. ca. approx. Art. para. Para. paras. pp. p. Vol. Fig. al. Jan. Feb. "
        "Mar. Apr. Jun. Jul. Aug. Sep. Sept. Oct. Nov. Dec. Brig. Adm. Cmdr. Pres. Supt. Amb. Tel. Messrs. Mme. S.C. "
        "H.R. D.O.B. P.O.B. D.O.B P.O.B Bros. M.V. M.T. al-"
    ).split()
)
"""What stands before these belongs to what follows: no sentence ends there."""
MAY_END: Final = frozenset(
    (
        "Ltd. Inc. Corp. Co. Cos. L.L.C. S.A. S.A.L. C.V. S.L. S.p.A. B.V. N.V. Jr. Sr. U.S. U.K. U.N. etc. Bhd. Pte. "
        "Pvt."
    ).split()
)
"""A sentence ends after these only before a word in capitals."""
_OPENERS: Final = frozenset(
    "The A An This That These Those It Its He His She Her They Their We In On At For From According Also Among As "
    "But However If When While After Before Since Both Other Another Today Yesterday".split()
)
"""Words that have a capital only where a sentence begins."""
RUNS: Final = (
    r"[!?]{2,}",
    r"\.\?+",
    r"\${2,}",
    r"<{2,}",
    r">{2,}",
    r"={2,}-*",
    r"~{2,}",
    r"_{2,}",
    r"\+{2,}",
    r"-{2,}",
)
"""Signs that stay together."""
INFIXES: Final = (
    r"(?<=[A-Za-z])/(?=[A-Za-z])",
    r"(?<=[0-9])-(?=\$)",
    r"(?<=\w)[{;](?=[A-Za-z0-9])",
    r"(?<=[A-Za-z])-(?=[0-9])",
    r"(?<=[0-9])-(?=[A-Za-z])",
    r"(?<=[0-9\\]])[–—](?=[0-9\\[])",
    r"(?<=[A-Za-z0-9])[()\]\[](?=[.(A-Za-z])",
    r"(?<=[A-Za-z0-9])\"(?=[<(A-Za-z])",
    r"(?<=[a-z]),(?=[0-9])",
    r"(?<=[0-9]),(?=[A-Za-z])",
)
WHOLE: Final = tuple(
    (
        "e-mail E-mail e-mails E-mails b/c w/o n/a N/A M/V M/T F/V S/Y M/Y a/k/a f/k/a id Id wed Wed "
        "Mon. Tue. Tues. Wed. Thu. Thur. Thurs. Fri. Sat. Ft."
    ).split()
)
"""Words that the cuts would split and that stay whole."""
CONTRACTED: Final = (
    ("wan", "na"),
    ("out", "ta"),
    ("du", "n", "no"),
    ("and", "/", "or"),
    ("a", "lot"),
    ("24", "/", "7"),
    ("1", "/", "2"),
    ("1", "/", "4"),
    ("3", "/", "4"),
)
TELEPHONE: Final = re.compile(r"\+?(?:\d{1,3}-)?(?:\d{3}-)?\d{3}-\d{4}$")
"""Numbers whose hyphens are no words."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A Doc's blocks and, for each of its words, the token's index and the number of its block."""

    blocks: list[Block]
    words: list[int]
    block_of: list[int]


def text_tokenizer(vocab: Vocab | None = None) -> Cutter:
    """spaCy's English tokenizer with the cuts of Universal Dependencies: slashes apart, runs of signs whole."""
    defaults = English.Defaults
    prefixes = [*RUNS, r"-(?=[A-Za-z0-9$])", *(defaults.prefixes or ())]
    suffixes = [
        *(f"(?:{run})" for run in RUNS),
        r"(?<=\w)-{1,3}",
        r"(?<=[0-9])(?:k|hrs?|[ap]m|[AP]M)",
        *(defaults.suffixes or ()),
    ]
    infixes = [*INFIXES, *(defaults.infixes or ())]
    special: dict[str, list[dict[Any, str]]] = dict(defaults.tokenizer_exceptions or {})
    special |= {word: [{ORTH: word}] for word in (*NEVER_ENDS, *WHOLE) if word.endswith(".") or word in WHOLE}
    for first, *more in CONTRACTED:
        for opening in (first, first.capitalize()):
            special["".join([opening, *more])] = [{ORTH: part} for part in (opening, *more)]
    make: Any = Tokenizer
    cutter: Cutter = make(
        vocab if vocab is not None else spacy.blank("en").vocab,
        rules=special,
        prefix_search=compile_prefix_regex(prefixes).search,
        suffix_search=compile_suffix_regex(suffixes).search,
        infix_finditer=compile_infix_regex(infixes).finditer,
        token_match=TELEPHONE.match,
        url_match=defaults.url_match,
    )
    return cutter


def word_spans(text: str, tokenizer: Cutter) -> list[tuple[int, int]]:
    """The (start, end) of every word of the text with markup masked; spaces are no words."""
    return [(t.idx, t.idx + len(t)) for t in tokenizer(mask(text)) if not t.is_space]


def starts_sentence(before: str, word: str, gap: bool) -> bool:
    """Whether a sentence may begin with `word` after `before`, as far as spelling decides; `gap`: a space is between.

    >>> starts_sentence("Ltd.", "(Alpha", True), starts_sentence("No.", "5", True), starts_sentence("here.", "He", True)
    (False, False, True)
    """
    if before in NEVER_ENDS or (len(before) == 2 and before[1] == "." and before[0].isupper()):
        return False
    if before in MAY_END:
        return word[:1].isupper() or word[:1] in '“"'
    return gap or before not in ENDS


def opens_sentence(before: str, word: str) -> bool:
    """Whether a sentence begins with `word` after an abbreviation that may end one, whatever a parser says.

    >>> opens_sentence("Ltd.", "Its"), opens_sentence("Ltd.", "Singapore"), opens_sentence("Mr.", "The")
    (True, False, False)
    """
    return before in MAY_END and word in _OPENERS


def sentence_like(text: str, tokenizer: Cutter) -> Iterator[list[tuple[int, int]]]:
    """Windows of words of one block each, at most `LONGEST` words, cut where a sentence may end."""
    spans = word_spans(text, tokenizer)
    found = blocks(text)
    i = 0
    for block in found:
        while i < len(spans) and spans[i][0] < block.start:
            i += 1
        j = i
        while j < len(spans) and spans[j][0] < block.end:
            j += 1
        for a, b in windows([text[s:e] for s, e in spans[i:j]]):
            yield spans[i + a : i + b]
        i = j


def windows(words: list[str]) -> list[tuple[int, int]]:
    """Half-open ranges that cover the words of one block: as many whole statements as fit into `LONGEST` words.

    >>> windows(["One", ".", "Two"])
    [(0, 3)]
    """
    if len(words) <= LONGEST:
        return [(0, len(words))] if words else []
    found: list[tuple[int, int]] = []
    start, cut, weak = 0, 0, 0
    for i in range(1, len(words) + 1):
        if i - start > LONGEST or i == len(words):
            if i == len(words) and i - start <= LONGEST:
                break
            end = cut if cut > start else weak if weak > start else i - 1
            found.append((start, end))
            start = end
        before, word = words[i - 1], words[i] if i < len(words) else ""
        if before[-1] in ENDS or (before in CLOSERS and i > 1 and words[i - 2] in ENDS):
            if starts_sentence(before, word, True) and word not in CLOSERS:
                cut = i
        elif before in (";", ":") and i - start > LONGEST // 2:
            weak = i
    if start < len(words):
        found.append((start, len(words)))
    return found


def layout_doc(vocab: Vocab, tokenizer: Cutter, text: str) -> tuple[Doc, Layout]:
    """A Doc whose tokens give back the text exactly, and where its words stand.

    Tokens that are no words hold markup and spaces; the first space after a token is its trailing space.
    """
    clean = mask(text)
    found = blocks(text)
    tokens: list[str] = []
    spaces: list[bool] = []
    words: list[int] = []
    block_of: list[int] = []
    at, current = 0, 0
    for token in tokenizer(clean):
        start = token.idx
        end = start + len(token)
        if token.is_space:
            continue
        if start > at:
            _fill(text[at:start], tokens, spaces)
        while current < len(found) and found[current].end <= start:
            current += 1
        if current < len(found) and found[current].start <= start:
            words.append(len(tokens))
            block_of.append(current)
        tokens.append(text[start:end])
        spaces.append(False)
        at = end
    if at < len(text):
        _fill(text[at:], tokens, spaces)
    return Doc(vocab, words=tokens, spaces=spaces), Layout(found, words, block_of)


def _fill(gap: str, tokens: list[str], spaces: list[bool]) -> None:
    """Adds what stands between two words: a trailing space, then one token for each run of spaces or of markup."""
    if gap[0] == " " and tokens:
        spaces[-1] = True
        gap = gap[1:]
    for run in re.findall(r"\s+|[^\s]+", gap):
        if run != " " or not tokens or spaces[-1]:
            tokens.append(run)
            spaces.append(False)
        else:
            spaces[-1] = True
