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
from kg.store.answers import Term

_TOKEN: Final = re.compile(
    r"""
    (?P<space>\s+)
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


#: Texts without these letters need not be cut into tokens to be let through.
_REACHING: Final = re.compile(r"service|load", re.IGNORECASE)
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
    """SELECT, ASK, CONSTRUCT or DESCRIBE; an empty string when the text is none of them."""
    for token in tokens(sparql):
        if token.word in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"):
            return token.word
        if token.text == "{":
            break
    return ""


def refuse_reaching_out(sparql: str, *, allowed: Collection[str] = ()) -> None:
    """Raise QueryError where the text would call another server: SERVICE or LOAD, unless its IRI is `allowed`."""
    if _REACHING.search(sparql) is None:
        return
    previous = ""
    stream = list(tokens(sparql))
    for index, token in enumerate(stream):
        if token.word in ("SERVICE", "LOAD") and previous not in ("AS",):
            target = index + 1
            if target < len(stream) and stream[target].word == "SILENT":
                target += 1
            iri = stream[target].text.strip("<>") if target < len(stream) and stream[target].kind == "iri" else None
            if iri is None or iri not in allowed:
                raise QueryError(
                    f"{token.word} is not allowed here",
                    place=position(sparql, token.start),
                    hint="query the other server by itself, or have its IRI put on the list of allowed ones",
                )
        previous = token.word


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
