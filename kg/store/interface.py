"""Interface of every store: the protocol, terms and rows, with no store behind them.

Terms are pyoxigraph's `NamedNode`, `Literal` and `BlankNode`. A query's default graph is always the union of all
named graphs, unless the query says FROM. A triple that stands in several graphs matches once for each of them (Oxigraph
does not merge them), so a question about plain triples says DISTINCT.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

Term = NamedNode | Literal | BlankNode
Row = tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a SELECT: one tuple a solution, in the order of `variables`; None where unbound."""

    variables: tuple[str, ...]
    rows: list[Row]

    def __iter__(self) -> Iterator[Row]:
        """The solutions in the order of the answer."""
        return iter(self.rows)

    def __len__(self) -> int:
        """The number of solutions."""
        return len(self.rows)

    def values(self) -> list[tuple[str | None, ...]]:
        """The solutions with every term as its plain text: the IRI, the literal's form, the node's label."""
        return [tuple(None if term is None else term.value for term in row) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Streamed:
    """The answer to a SELECT that is computed as it is read, once; errors of the engine come up while reading."""

    variables: tuple[str, ...]
    solutions: Iterator[Row]

    def __iter__(self) -> Iterator[Row]:
        """The solutions in the order of the answer."""
        return self.solutions


#: SELECT gives Rows, ASK a bool, CONSTRUCT and DESCRIBE a list of triples.
Answer = Rows | bool | list[Triple]


class Store(Protocol):
    """A set of named graphs that can be asked and replaced; also a context manager.

    `location` is shown to people: a folder, a URL without its password, or "memory".
    """

    location: str

    @property
    def indexed(self) -> bool:
        """Whether names may be looked up in the index that the store keeps of them (`kg.store.name_index`)."""
        ...

    def query(self, sparql: str, *, bindings: Mapping[str, Term] | None = None) -> Answer:
        """The answer to a SPARQL 1.1 query, whole or not at all.

        The prefixes of `kg.namespaces` need no declaration. `bindings` puts a term in the place of a variable,
        safely whatever the term's text. Raises QueryError (with line and column where known), QueryTimeout or
        StoreError.
        """
        ...

    def replace_graphs(self, graphs: Mapping[str, Iterable[Quad]]) -> None:
        """Make each named graph hold exactly these quads: all graphs or none, seen by readers as a whole.

        An empty iterable removes the graph. The graph of a quad is the key it stands under.
        """
        ...

    def graph_names(self) -> list[str]:
        """The IRIs of all graphs that hold something, sorted."""
        ...

    def quads(self, graph: str | None = None) -> Iterator[Quad]:
        """The quads of one graph, or of all, in no order."""
        ...

    def close(self) -> None:
        """Release the store; safe to call twice."""
        ...

    def __enter__(self) -> Self:
        """The store itself."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        ...
