"""SPARQL text as tokens: enough to put terms in place of variables and to refuse what reaches out.

The text is cut the way the SPARQL 1.1 grammar cuts it (comments, strings and IRIs are single tokens), so a SERVICE
in lower case, in EXISTS, after a comment or in an update is seen, and one in a string is not. Whether the text is
well-formed is the engine's business.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kg.errors import QueryError
from kg.store.interface import Term

_TOKEN: Final = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<escaped>\\.)
  | (?P<comment>\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
  | (?P<string>'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''|\"\"\"(?:(?:"|"")?(?:[^"\\]|\\.))*\"\"\"
               |'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z][A-Za-z0-9-]*)
  | (?P<blank>_:[\w.-]*\w)
  | (?P<name>[^\W\d_][\w.-]*:(?:[\w:%.-]|\\.)*|:(?:[\w:%.-]|\\.)+|:)
  | (?P<word>[^\W\d_]\w*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


_FORM: Final = re.compile(
    r"""(?:\s | \#[^\n\r]* | <[^<>"{}|^`\\\x00-\x20]*> | [^\W\d_][\w.-]*: | : | (?:BASE|PREFIX)\b
        | VERSION\s*(?:"[^"\\\n\r]*"|'[^'\\\n\r]*'))*+ (SELECT|ASK|CONSTRUCT|DESCRIBE)\b""",
    re.VERBOSE | re.IGNORECASE,
)
#: Texts without these letters need not be cut into tokens to be let through.
_REACHING: Final = re.compile(r"service|load", re.IGNORECASE)
#: An IRI that can be nothing else: no comparison goes on with two slashes.
_ABSOLUTE: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
#: An escape that only tells the engine that a long text is none.
_ODD_ESCAPE: Final = re.compile(r"""(?<!\\)(?:\\\\)*\\[^tbnrf"'\\]""")
#: Brackets within brackets at most. The engine's parser ends the process from about 2,000 on, and people write ten.
NESTED: Final = 200
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")
_DATASET: Final = re.compile(r"from|using|with", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of SPARQL text: its kind (a group of the pattern above), its text and where it starts."""

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """The keyword in capitals; empty for anything that is not a bare word."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(sparql: str, *, blank: bool = False) -> Iterator[Token]:
    """The tokens in order; spaces and comments only if `blank`."""
    for match in _TOKEN.finditer(sparql):
        kind = match.lastgroup or "other"
        if blank or kind not in ("space", "comment"):
            yield Token(kind, match.group(), match.start())


def position(sparql: str, offset: int) -> str:
    """`line:column`, both from 1, of a character offset."""
    before = sparql[:offset]
    return f"{before.count(chr(10)) + 1}:{offset - (before.rfind(chr(10)) + 1) + 1}"


def has_dataset(sparql: str) -> bool:
    """Whether a query chooses its own graphs by FROM (an update: by USING or WITH)."""
    return _DATASET.search(sparql) is not None and any(
        token.word in ("FROM", "USING", "WITH") for token in tokens(sparql)
    )


def form(sparql: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE; an empty string when no such word follows the prologue.

    Takes time in proportion to the text, whatever the text: a server asks this before the query has a worker.
    """
    match = _FORM.match(sparql)
    return match[1].upper() if match else ""


def refuse_reaching_out(sparql: str, *, allowed: Collection[str] = ()) -> None:
    """Raise QueryError where the text may call another server: SERVICE or LOAD, unless its IRI is `allowed`.

    What only might be one under another reading of the text is refused too: see `_suspects`.
    """
    if _REACHING.search(sparql) is None:
        return
    for token, plain in _suspects(sparql):
        if not (plain and _target(sparql, token) in allowed):
            raise QueryError(
                f"{token.word if plain else 'SERVICE or LOAD'} is not allowed here",
                place=position(sparql, token.start),
                hint="query the other server by itself, or have its IRI put on the list of allowed ones",
            )


def refuse_nesting(sparql: str) -> None:
    """Raise QueryError where brackets or negations are nested more deeply than the engine's parser bears."""
    if len(sparql) <= NESTED:
        return
    depth, run = 0, 0
    for token in tokens(sparql):
        if token.text in _OPENING:
            depth += 1
        elif token.text in _CLOSING:
            depth -= 1
        run = run + 1 if token.text == "!" else 0
        if max(depth, run) > NESTED:
            raise QueryError(
                f"nested more than {NESTED} deep", place=position(sparql, token.start), hint="write it flatter"
            )


def _suspects(sparql: str) -> Iterator[tuple[Token, bool]]:
    """Words that the engine may read as SERVICE or LOAD; True for those that are nothing else.

    The engine has no tokens: it tries one rule of the grammar after another, so `<?b)SERVICE#>` is an IRI or a
    comparison, a bracket, a keyword and a comment, and `true.SERVICE:x` a name or four things. Where the text can be
    cut in two ways, both are followed. No other keyword holds these letters, and no prefix may.
    """
    waiting, seen = [(0, True)], set()
    while waiting:
        at, plain = waiting.pop()
        while at not in seen and (match := _TOKEN.match(sparql, at)) is not None:
            seen.add(at)
            kind, text = match.lastgroup or "other", match.group()
            if kind == "iri" and not _ABSOLUTE.match(text):
                waiting.append((at + 1, False))  # less than
            elif kind == "string" and len(text) > 2 and text[:2] in ("''", '""') and _ODD_ESCAPE.search(text):
                waiting.append((at + 2, False))  # an empty text, and another
            elif kind in ("word", "language") or kind == "name":
                part = text.partition(":")[0] if kind == "name" else text
                if _REACHING.search(part):
                    token = Token(kind, text, at)
                    yield token, plain and token.word in ("SERVICE", "LOAD")
            at = match.end()


def _target(sparql: str, token: Token) -> str | None:
    """The IRI that stands behind SERVICE or LOAD, SILENT left out."""
    at = token.start + len(token.text)
    while (match := _TOKEN.match(sparql, at)) is not None:
        kind, text = match.lastgroup, match.group()
        if kind == "iri":
            return text.strip("<>")
        if kind not in ("space", "comment") and text.upper() != "SILENT":
            return None
        at = match.end()
    return None


def bind(sparql: str, bindings: Mapping[str, Term]) -> str:
    """The text with each variable of `bindings` replaced by its term, escaped as N-Triples.

    In the projection `?x` becomes `(term AS ?x)`; in GROUP BY and ORDER BY it is put in brackets.

    >>> from pyoxigraph import Literal
    >>> bind("SELECT ?x { ?s kg:rule ?name } ORDER BY ?name", {"name": Literal('a"} DROP')})
    'SELECT ?x { ?s kg:rule "a\\\\"} DROP" } ORDER BY ("a\\\\"} DROP")'
    """
    if not bindings:
        return sparql
    written: list[str] = []
    depth = 0
    clause = ""
    before = ""
    for token in tokens(sparql, blank=True):
        if token.kind in ("space", "comment"):
            written.append(token.text)
            continue
        if token.text in "()":
            depth += 1 if token.text == "(" else -1
        elif token.word == "SELECT":
            clause, depth = "SELECT", 0
        elif token.word == "BY":
            clause, depth = "BY", 0
        elif token.text in ("{", "}") or token.word in ("WHERE", "FROM", "LIMIT", "OFFSET", "HAVING", "VALUES"):
            clause = ""
        term = bindings.get(token.text[1:]) if token.kind == "variable" else None
        if term is None:
            written.append(token.text)
        elif before == "AS":
            raise QueryError(f"{token.text} is given and cannot be assigned", place=position(sparql, token.start))
        elif clause == "SELECT" and depth == 0:
            written.append(f"({term} AS {token.text})")
        elif clause == "BY" and depth == 0:
            written.append(f"({term})")
        else:
            written.append(str(term))
        before = token.word
    return "".join(written)


def syntax_error(message: str) -> QueryError:
    """The engine's message with line and column as the place, and its list of expected tokens cut short."""
    match = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if match is None:
        return QueryError(f"malformed SPARQL: {message}")
    line, column, cause = match.groups()
    if "Prefix not found" in cause:
        cause = "prefix not declared"
    elif cause.startswith("expected one of"):
        words = re.findall(r'"[^"\s]+"|(?<![\w\'])[A-Z]{2,}(?![\w\'}])', cause)
        cause = f"expected {', '.join(words[:8])} or the like" if words else "unexpected text"
    return QueryError(f"malformed SPARQL: {cause}", place=f"{line}:{column}", hint="look just before that column")
