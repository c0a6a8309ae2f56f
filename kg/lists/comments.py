"""The comments of a list's entries -> documents that can be read like any other text.

A comment seldom names its subject ("Leads the group since 2013"), so the entry's name stands before it as a sentence
of its own. Links to notices are left out: they are addresses, not prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.model import Document
from kg.namespaces import dataset_iri
from kg.store import Rows, Store

_QUERY: Final = """SELECT ?number ?name ?comment ?issued { GRAPH <%s> {
  ?entry kg:listed_entry_of ?list ; kg:entry_number ?number ; skos:prefLabel ?name ;
    kg:remark|kg:statement_of_reasons ?comment .
  OPTIONAL { ?list dcterms:issued ?issued } } } ORDER BY ?number ?comment"""
_NOTICE: Final = re.compile(
    r"(?:INTERPOL-UN Security Council Special Notice )?web ?link:?\s*https?://\S+", re.IGNORECASE
)
_SHORTEST: Final = 40  # characters; what is shorter holds no sentence


def comment_documents(store: Store, dataset: str) -> Iterator[Document]:
    """One document for each comment that holds a sentence, in the order of the entries' numbers."""
    answer = store.query(_QUERY % dataset_iri(dataset))
    seen: dict[str, int] = {}
    for row in answer if isinstance(answer, Rows) else ():
        number, name, comment, issued = ("" if term is None else term.value for term in row)
        text = " ".join(_NOTICE.sub("", comment).split())
        if len(text) < _SHORTEST or text.startswith("Date of birth:"):
            continue
        seen[number] = seen.get(number, 0) + 1
        ending = f"-{seen[number]}" if seen[number] > 1 else ""
        yield Document(
            id=f"{dataset}-{number}{ending}",
            text=f"{name}. {text}",
            title=f"Comment on {name}",
            date=issued or None,
            meta=(("kind", "list comment"), ("publisher", dataset)),
        )
