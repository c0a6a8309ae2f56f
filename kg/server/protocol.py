"""Content of a SPARQL 1.1 protocol request: query or update, its dataset, and the form of the answer.

Pure functions of method, headers, parameters and body; what does not fit the standard raises Refused with the status
that the standard wants.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode

from kg.errors import KgError
from kg.store.formats import GRAPH_FORMATS, ROW_FORMATS
from kg.store.sparql import form, position, tokens

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

#: No spaces, control characters, halves of characters, and nothing that ends an IRI in SPARQL.
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\x7f-\x9f\ud800-\udfff]*")
_ALSO: Final = {"application/json": "json", "application/xml": "xml", "text/xml": "xml", "text/plain": "nt"}


class Refused(KgError):
    """A request that the protocol does not allow; `status` is the HTTP status of the answer."""

    def __init__(self, cause: str, *, status: int = 400, hint: str = "") -> None:
        self.status = status
        super().__init__(cause, hint=hint)


@dataclass(frozen=True, slots=True)
class Operation:
    """A query or update as sent; `default` and `named` are None when the request leaves the dataset to the text."""

    kind: str
    text: str
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


def read(method: str, query_string: str, content_type: str, body: bytes) -> Operation | None:
    """The operation of a request; None for a GET that asks for none (it wants the service description)."""
    address = _pairs(query_string)
    if method == "GET":
        if any(name == "update" for name, _ in address):
            raise Refused("an update must be sent by POST", status=400)
        if not any(name == "query" for name, _ in address):
            return None
        return _operation(address, address)
    media, charset = _media(content_type)
    if charset not in ("", "utf-8", "us-ascii"):
        raise Refused(f"the text is in {charset}, not in UTF-8", status=400)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("the text is not UTF-8", status=400) from None
    if media == FORM:
        pairs = _pairs(text)
        return _operation(pairs, [*address, *pairs])
    if media in (QUERY, UPDATE):
        kind = "query" if media == QUERY else "update"
        if any(name in ("query", "update") for name, _ in address):
            raise Refused("the operation stands both in the address and in the body")
        return _operation([(kind, text)], address)
    raise Refused(
        f"a body of type {media or 'none'} is no SPARQL", status=415, hint=f"send {QUERY}, {UPDATE} or a form"
    )


def is_iri(text: str) -> bool:
    """Whether the text is an absolute IRI that can be put between angle brackets."""
    try:
        return _IRI.fullmatch(text) is not None and bool(NamedNode(text))
    except ValueError:
        return False


def _operation(pairs: list[tuple[str, str]], parameters: list[tuple[str, str]]) -> Operation:
    asked = [(name, value) for name, value in pairs if name in ("query", "update")]
    if len(asked) != 1:
        raise Refused("exactly one query or update must be given", hint="as the parameter `query` or `update`")
    kind, text = asked[0]
    prefix = "" if kind == "query" else "using-"
    default = [
        value for name, value in parameters if name == ("default-graph-uri" if not prefix else "using-graph-uri")
    ]
    named = [value for name, value in parameters if name == f"{prefix}named-graph-uri"]
    for iri in (*default, *named):
        if not is_iri(iri):
            raise Refused(f"not the IRI of a graph: {iri!r}")
    if not default and not named:
        return Operation(kind, text)
    return Operation(kind, text, tuple(default), tuple(named))


def with_using(update: str, default: Sequence[str], named: Sequence[str]) -> str:
    """The update with USING clauses before each outer WHERE, as the protocol's parameters demand.

    Raises Refused when the text has USING or WITH of its own (the standard calls that a conflict), or uses the short
    form DELETE WHERE, which cannot carry a dataset.
    """
    clauses = "".join(f"USING <{iri}> " for iri in default) + "".join(f"USING NAMED <{iri}> " for iri in named)
    written, last, depth, previous = [], 0, 0, ""
    for token in tokens(update):
        if token.word in ("USING", "WITH"):
            raise Refused("the dataset stands both in the parameters and in the update")
        if token.text in "{}":
            depth += 1 if token.text == "{" else -1
        elif token.word == "WHERE" and depth == 0:
            if previous == "DELETE":
                raise Refused(
                    "DELETE WHERE cannot take a dataset from parameters",
                    hint=f"write DELETE {{...}} WHERE {{...}} at {position(update, token.start)}",
                )
            written += [update[last : token.start], clauses]
            last = token.start
        previous = token.word
    return "".join([*written, update[last:]])


def choose(accept: str, text: str) -> str:
    """The short name of the format for the answer to a query; raises Refused (406) when none is acceptable."""
    kind = form(text)
    if kind in ("CONSTRUCT", "DESCRIBE"):
        return negotiate(accept, GRAPH_FORMATS)
    return negotiate(accept, {name: ROW_FORMATS[name] for name in ("json", "xml")} if kind == "ASK" else ROW_FORMATS)


def negotiate(accept: str, offered: dict[str, str]) -> str:
    """The short name of the best offered media type; the first offered for `*/*` or no header at all."""
    if not accept.strip():
        return next(iter(offered))
    wishes = []
    for order, part in enumerate(accept.split(",")):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                quality = _quality(parameter[2:])
        exact = 2 if "*" not in media else 1 if media != "*/*" else 0
        wishes.append((-quality, -exact, order, media.lower()))
    for negative, _, _, media in sorted(wishes):
        if negative == 0:
            continue
        for name, kind in offered.items():
            if (
                media in (kind, "*/*")
                or (media.endswith("/*") and kind.startswith(media[:-1]))
                or _ALSO.get(media) == name
            ):
                return name
    raise Refused("no form of the answer is acceptable", status=406, hint=f"accept {', '.join(offered.values())}")


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, strict_parsing=False, errors="strict", max_num_fields=1000)
    except ValueError as error:
        raise Refused(f"the parameters cannot be read: {error}") from None


def _media(content_type: str) -> tuple[str, str]:
    media, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charset = next((part[8:].strip('"') for part in parameters if part.startswith("charset=")), "")
    return media, charset
