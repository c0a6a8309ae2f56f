"""Everything that `kg` raises on purpose.

    KgError
    ├── SourceError      a text, list or archive that cannot be read
    ├── RuleError        a file of ontology/relations/ that does not fit the ontology
    ├── StoreError       a store that cannot be opened, read or written
    │   └── StoreBusy    another process is writing to it
    ├── LlmError         the endpoint of a language model that fails
    ├── QueryError       SPARQL that is malformed or not allowed here
    │   └── QueryTimeout the deadline passed before the whole answer was there
    ├── NotFound         a name, claim or entity that the graph does not hold
    └── MissingExtra     an optional dependency is not installed

A message names the place, the cause and the next step; the command line prints it on one line and exits 1,
the server maps it to a 4xx or 503. Bugs are not wrapped: they keep their traceback.
"""

from __future__ import annotations


class KgError(Exception):
    """A mistake in what was given to `kg`, told in one line.

    `place` is a file, a URL or a part of one ("lists/sdn.csv:17"), `cause` what is wrong there, and `hint`
    the next step of the person who reads it.
    """

    def __init__(self, cause: str, *, place: str = "", hint: str = "") -> None:
        self.place = place
        self.cause = cause
        self.hint = hint
        super().__init__(self.__str__())

    def __str__(self) -> str:
        """The message on one line, with control characters made visible."""
        where = f"{self.place}: " if self.place else ""
        next_step = f"; {self.hint}" if self.hint else ""
        return one_line(f"{where}{self.cause}{next_step}")


class SourceError(KgError):
    """A text, list or archive that cannot be read."""


class RuleError(KgError):
    """A relation file that does not fit the ontology."""


class StoreError(KgError):
    """A store that cannot be opened, read or written."""


class StoreBusy(StoreError):
    """Another process holds the store for writing."""


class LlmError(KgError):
    """The endpoint of a language model cannot be reached, refuses, or is too slow."""


class QueryError(KgError):
    """SPARQL that is malformed, or not allowed here."""


class QueryTimeout(QueryError):
    """The deadline passed before the whole answer was there."""


class NotFound(KgError):
    """A name, claim or entity that the graph does not hold."""


class MissingExtra(KgError):
    """An optional dependency is not installed."""


def one_line(text: str) -> str:
    r"""`text` with line breaks, control and direction characters escaped, so that a log line stays one line.

    >>> one_line("a\nb\u202ec")
    'a\\nb\\u202ec'
    """
    shown = []
    for char in text:
        if char.isprintable() or char == " ":
            shown.append(char)
        else:
            shown.append(char.encode("unicode_escape").decode("ascii"))
    return "".join(shown)
