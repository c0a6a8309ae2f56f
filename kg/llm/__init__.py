"""An optional back-end: a language model behind an OpenAI-compatible endpoint, none of whose words is taken on trust.

document -> passages -> one question each (`kg.llm.endpoint`) -> what the passage bears out (`kg.llm.verify`) -> claims
of the document. Off unless a URL is given. Coreference is the model's own and ends with the passage: a name must stand
in the passage where it is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import httpx

from kg.errors import LlmError, SourceError
from kg.extraction.chunking import merge_extractions, split_document
from kg.extraction.patterns.rule_loader import load_rules
from kg.extraction.patterns.rules import RuleSet
from kg.llm.endpoint import Endpoint, Unusable
from kg.llm.verify import CONFIDENCE, kinds_of, verified
from kg.model import Document, Extraction
from kg.resources import ontology

__all__ = ["CONFIDENCE", "KEY", "LlmError", "LlmExtractor"]

KEY: Final = "KG_LLM_KEY"
"""The environment variable from which the command line takes the endpoint's key, where it wants one."""
_PASSAGE: Final = 6_000  # characters


@dataclass(frozen=True, slots=True)
class LlmExtractor:
    """Reads documents by way of the endpoint at `url` ("http://localhost:8080/v1") with the model of that name.

    `seconds` is the time that one answer may take from the first byte sent to the last one received.
    """

    url: str
    model: str = "default"
    key: str = field(default="", repr=False)
    seconds: float = 120.0
    rules: RuleSet = field(default_factory=lambda: load_rules(ontology() / "relations"), repr=False)

    def __str__(self) -> str:
        """What tells its readings from another's."""
        return f"llm {self.url} {self.model}"

    def many(self, documents: Iterable[Document], *, batch: int = 1, rejected: bool = False) -> Iterator[Extraction]:
        """What each document says, in their order.

        Raises LlmError where the endpoint fails, SourceError where its answer about a document is of no use.
        """
        kinds = kinds_of(self.rules)
        definitions = {name: self.rules.definitions[name] for name in sorted(kinds)}
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        with httpx.Client(timeout=self.seconds, headers=headers, follow_redirects=False) as client:
            endpoint = Endpoint(client, self.url, self.model, self.seconds, definitions)
            for document in documents:
                found = []
                for part, _ in split_document(document, limit=_PASSAGE):
                    try:
                        answers = endpoint.ask(part) if part.text.strip() else []
                    except Unusable as error:
                        place = document.source or document.id
                        raise SourceError(f"the model at {self.url} {error}", place=place, hint=error.hint) from None
                    found.append(verified(part, answers, kinds, rule=f"llm/{self.model}"))
                extraction = merge_extractions(found)
                yield extraction if rejected else replace(extraction, rejected=())
