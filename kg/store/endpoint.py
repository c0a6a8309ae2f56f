"""A SPARQL 1.1 server as a store, over HTTP: query, update and Graph Store Protocol.

Tried with `oxigraph serve`, `kg serve` and Virtuoso. An answer that the server cut short (by a row limit, by a
timeout after it began to write, by a broken connection) is an error, never taken for the whole.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

import httpx
import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple

from kg.errors import QueryError, QueryTimeout, StoreError
from kg.namespaces import prefix_header
from kg.store import graphs, sparql
from kg.store.formats import read_rows
from kg.store.interface import Answer, Rows, Term
from kg.store.name_index import FORGET, INDEX

#: All prefixes on one line, so that a line number of the server is one more than the user's.
_HEADER: Final = prefix_header().replace("\n", " ") + "\n"
_JSON: Final = "application/sparql-results+json"
_PAGE: Final = 5000
_CONNECT_SECONDS: Final = 10.0
#: Graphs that Virtuoso shows beside the user's own.
_SYSTEM_GRAPHS: Final = (
    "http://www.openlinksw.com/schemas/",
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/ns/ldp#",
    "http://localuriqaserver/",
    "urn:activitystreams-owl:map",
    "urn:core:services:sparql",
    "urn:virtuoso:",
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a server takes queries, updates and graphs; `virtuoso` tells that it needs that server's detours."""

    query: str
    update: str
    graphs: str
    virtuoso: bool = False


class EndpointStore(AbstractContextManager["EndpointStore"]):
    """The store interface over HTTP."""

    def __init__(self, client: httpx.Client, addresses: Addresses, location: str) -> None:
        self.location = location
        self._client = client
        self._addresses = addresses

    @property
    def indexed(self) -> bool:
        """See `Store.indexed`: other programs keep no index of names."""
        return False

    def query(self, sparql_text: str, *, bindings: Mapping[str, Term] | None = None) -> Answer:
        """See `Store.query`."""
        text = sparql.bind(sparql_text, bindings or {})
        kind = sparql.form(text)
        if kind == "CONSTRUCT":
            return graphs.construct(text, self._select)
        if kind == "DESCRIBE":
            return graphs.describe(text, self._select)
        if kind == "ASK":
            return self._ask(text)
        return self._select(text)

    def _select(self, text: str) -> Rows:
        answer = self._rows(text)
        if isinstance(answer, bool):
            raise StoreError("rows were asked for, a truth value came", place=self.location)
        return answer

    def _ask(self, text: str) -> bool:
        answer = self._rows(text)
        if isinstance(answer, bool):
            return answer
        # Virtuoso answers an ASK without variables by a row that holds 0 or 1
        term = answer.rows[0][0] if answer.rows else None
        return isinstance(term, Literal) and term.value in ("1", "true")

    def _rows(self, text: str) -> Rows | bool:
        form = {"query": _HEADER + text}
        if not sparql.has_dataset(text) and not self._addresses.virtuoso:
            form["union-default-graph"] = "true"
        response = self._send("POST", self._addresses.query, data=form, headers={"Accept": _JSON})
        _refuse_failure(response, self.location)
        if "x-sparql-maxrows" in response.headers:
            limit = response.headers["x-sparql-maxrows"]
            raise _Cut(
                f"the server gives at most {limit} rows and cut the answer there",
                place=self.location,
                hint="ask for less at a time, or raise ResultSetMaxRows on the server",
            )
        if response.headers.get("x-sql-state", "").startswith("S1TAT"):
            raise QueryTimeout(
                "the server's time ran out and it sent a part of the answer", place=self.location, hint="ask for less"
            )
        try:
            return read_rows(response.content)
        except (ValueError, KeyError) as error:
            raise StoreError(
                f"the answer is cut short or no SPARQL JSON ({error})",
                place=self.location,
                hint="try again, or ask for less",
            ) from None

    def _send(self, method: str, url: str, **request: object) -> httpx.Response:
        try:
            return self._client.request(method, url, **request)  # type: ignore[arg-type]
        except httpx.TimeoutException as error:
            raise QueryTimeout(f"no answer in time ({error})", place=self.location) from error
        except httpx.HTTPError as error:
            raise StoreError(f"the answer broke off or never came ({error})", place=self.location) from error

    def replace_graphs(self, graphs: Mapping[str, Iterable[Quad]]) -> None:
        """See `Store.replace_graphs`.

        One update request, which is one transaction on servers that have them. Virtuoso limits the size of an update,
        so its graphs are put one by one, and put back as they were when one of them fails.
        """
        written = {name: _triples(quads) for name, quads in graphs.items()}
        if self._addresses.virtuoso:
            self._put_each(written)
            return
        steps = []
        for name, triples in written.items():
            steps.append(f"DROP SILENT GRAPH {NamedNode(name)}")
            if triples:
                steps.append(f"INSERT DATA {{ GRAPH {NamedNode(name)} {{ {triples.decode()} }} }}")
        if steps:
            steps.insert(0, FORGET)  # another program's engine does not keep it in step
            response = self._send(
                "POST",
                self._addresses.update,
                content=" ;\n".join(steps).encode(),
                headers={"Content-Type": "application/sparql-update"},
            )
            _refuse_failure(response, self.location)

    def _put_each(self, written: Mapping[str, bytes]) -> None:
        before: dict[str, bytes] = {}
        for name, triples in written.items():
            old = _triples(self.quads(name))
            try:
                self._put(name, triples, existed=bool(old))
            except StoreError:
                for done, content in before.items():
                    self._put(done, content, existed=True)
                raise
            before[name] = old

    def _put(self, name: str, triples: bytes, *, existed: bool) -> None:
        address, parameters = self._addresses.graphs, {"graph-uri": name}
        if triples:
            headers = {"Content-Type": "text/turtle"}
            response = self._send("PUT", address, params=parameters, content=triples, headers=headers)
        elif existed:
            response = self._send("DELETE", address, params=parameters)
        else:
            return
        _refuse_failure(response, self.location)

    def graph_names(self) -> list[str]:
        """See `Store.graph_names`; a server's own system graphs are left out."""
        rows = self._select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        origin = f"{urlsplit(self._addresses.query).scheme}://{urlsplit(self._addresses.query).netloc}/"
        names = sorted(row[0].value for row in rows if row[0] is not None)
        if not self._addresses.virtuoso:
            return [name for name in names if name != INDEX]
        hidden = (*_SYSTEM_GRAPHS, origin, "http://localhost:8890/")
        return [name for name in names if not name.startswith(hidden)]

    def quads(self, graph: str | None = None) -> Iterator[Quad]:
        """See `Store.quads`."""
        for name in self.graph_names() if graph is None else [graph]:
            node = NamedNode(name)
            pattern = f"GRAPH {node} {{ ?s ?p ?o }}"
            try:
                rows = self._select(f"SELECT ?s ?p ?o {{ {pattern} }}").rows
            except _Cut:
                rows = self._pages(pattern)
            for subject, predicate, value in rows:
                if (
                    isinstance(subject, NamedNode | BlankNode)
                    and isinstance(predicate, NamedNode)
                    and value is not None
                ):
                    yield Quad(subject, predicate, value, node)

    def _pages(self, pattern: str) -> list[tuple[Term | None, ...]]:
        """All rows of a pattern in pages; raises StoreError when the server's own count is another."""
        total = self._select(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}").rows[0][0]
        rows: list[tuple[Term | None, ...]] = []
        size = _PAGE
        while True:
            inner = f"SELECT ?s ?p ?o {{ {pattern} }} ORDER BY ?s ?p ?o"
            try:
                page = self._select(f"SELECT ?s ?p ?o {{ {{ {inner} }} }} LIMIT {size} OFFSET {len(rows)}").rows
            except _Cut:
                if size == 1:
                    raise
                size //= 2
                continue
            rows += page
            if len(page) < size:
                break
        if total is None or int(total.value) != len(rows):
            raise StoreError("the server did not give all rows of a graph", place=self.location)
        return rows

    def close(self) -> None:
        """See `Store.close`."""
        self._client.close()

    def __exit__(self, *_: object) -> None:
        self.close()


class _Cut(StoreError):
    """The server declared that it left out rows."""


class _Challenged(httpx.Auth):
    """Digest, bearer or basic authentication, whichever the server asks for; the password is the bearer token."""

    requires_response_body = True

    def __init__(self, name: str, password: str) -> None:
        self._name, self._password = name, password

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send as it is; after a 401 send again with credentials of the kind asked for."""
        response = yield request
        if response.status_code != 401:
            return
        challenge = response.headers.get("www-authenticate", "").lower()
        if challenge.startswith("bearer"):
            request.headers["authorization"] = f"Bearer {self._password}"
            yield request
            return
        kind = httpx.DigestAuth if challenge.startswith("digest") else httpx.BasicAuth
        flow = kind(self._name, self._password).auth_flow(request)
        again = next(flow)
        if kind is httpx.DigestAuth:
            again = flow.send((yield again))
        yield again


def open_endpoint(
    location: str, *, seconds: float = 300.0, transport: httpx.BaseTransport | None = None
) -> EndpointStore:
    """The server at a URL; `http://name:password@host/sparql` gives credentials for writing.

    The address may be the query endpoint or the server's root. Raises StoreError when nothing there answers SPARQL.
    """
    parts = urlsplit(location)
    if not parts.hostname:
        raise StoreError("this URL names no server", place=location)
    plain = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
    shown = urlunsplit(plain)
    auth = _Challenged(parts.username or "", parts.password or "") if parts.username or parts.password else None
    timeout = httpx.Timeout(seconds, connect=_CONNECT_SECONDS)
    client = httpx.Client(auth=auth, timeout=timeout, transport=transport, trust_env=False)
    tried = [plain] if plain.path.strip("/") else [plain._replace(path="/query"), plain._replace(path="/sparql")]
    failure = "it does not answer SPARQL"
    for candidate in tried:
        url = urlunsplit(candidate)
        try:
            response = client.post(url, data={"query": "ASK {}"}, headers={"Accept": _JSON})
        except httpx.HTTPError as error:
            failure = f"no answer ({error})"
            continue
        if response.is_success and "json" in response.headers.get("content-type", ""):
            virtuoso = response.headers.get("server", "").startswith("Virtuoso")
            return EndpointStore(client, _addresses(candidate, virtuoso=virtuoso), shown)
        failure = f"it answers a query with HTTP {response.status_code}"
    client.close()
    raise StoreError(failure, place=shown, hint="give the URL of a SPARQL query endpoint")


def _addresses(query: SplitResult, *, virtuoso: bool) -> Addresses:
    url = urlunsplit(query)
    if virtuoso:
        graphs_path = urlunsplit(query._replace(path="/sparql-graph-crud-auth"))
        return Addresses(url, urlunsplit(query._replace(path="/sparql-auth")), graphs_path, virtuoso=True)
    folder, _, last = query.path.rpartition("/")
    if last in ("query", "sparql"):
        update = "update" if last == "query" else last
        return Addresses(
            url,
            urlunsplit(query._replace(path=f"{folder}/{update}")),
            urlunsplit(query._replace(path=f"{folder}/store")),
        )
    return Addresses(url, url, url)


def _triples(quads: Iterable[Quad]) -> bytes:
    """Sorted N-Triples of the quads, each once."""
    triples: list[Triple] = sorted({quad.triple for quad in quads}, key=str)
    return pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def _refuse_failure(response: httpx.Response, location: str) -> None:
    if response.is_success:
        return
    first = response.text.strip().partition("\n\n")[0]
    if response.status_code == 400:
        raise _query_error(first, location)
    if response.status_code in (401, 403):
        raise StoreError(
            f"writing is not allowed (HTTP {response.status_code})",
            place=location,
            hint="put name and password into the URL: http://name:password@host/...",
        )
    if response.status_code in (408, 503, 504):
        raise QueryTimeout(f"the server gave up: HTTP {response.status_code} {first}", place=location)
    raise StoreError(f"HTTP {response.status_code} {first}", place=location)


def _query_error(message: str, location: str) -> QueryError:
    """The server's complaint, its line number counted from the user's first line."""
    found = re.match(r"error at (\d+):(.*)", message, re.DOTALL)
    if found:
        return sparql.syntax_error(f"error at {int(found.group(1)) - 1}:{found.group(2)}")
    # Virtuoso puts a line of its own before ours
    told = re.sub(r"\bline (\d+)", lambda match: f"line {int(match.group(1)) - 2}", message)
    return QueryError(f"the server refuses the query: {told}", place=location)
