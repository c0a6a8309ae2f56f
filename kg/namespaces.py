"""The only place with prefixes and the minting of IRIs.

Every IRI is made from content, never from a counter or a clock, so that the same source gives the same
graph on every machine. No blank nodes are used anywhere.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from anyascii import anyascii

ONTOLOGY: Final = "https://w3id.org/sanctions-kg/ontology#"
RESOURCE: Final = "https://w3id.org/sanctions-kg/id/"

PREFIXES: Final[dict[str, str]] = {
    "dcterms": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "ftm": "https://schema.followthemoney.tech/#",
    "kg": ONTOLOGY,
    "kgd": RESOURCE,
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

#: Types that are spelt alike when an entity's IRI is minted: texts call the same body a company here and an
#: organisation there, and a country a place.
_TYPE_GROUP: Final = {
    "Company": "organization",
    "GovernmentBody": "organization",
    "Organization": "organization",
    "Country": "place",
    "Place": "place",
}

_LEGAL_FORMS: Final = frozenset(
    "co company corp corporation inc incorporated ltd limited llc llp lp plc gmbh ag sa sas sarl srl spa bv nv "
    "oy ab jsc ojsc cjsc pjsc oao ooo zao pao pte pty fze fzco fzc sdn bhd kk".split()
)


def prefix_header() -> str:
    """The PREFIX lines that are put before a query which does not declare them."""
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(PREFIXES.items()))


def term(local: str) -> str:
    """The IRI of a term of the ontology: `term("listed_by")`."""
    return ONTOLOGY + local


@cache
def expand(curie: str) -> str:
    """The IRI of `prefix:local`; raises KeyError for an unknown prefix."""
    prefix, _, local = curie.partition(":")
    return PREFIXES[prefix] + local


def shorten(iri: str) -> str:
    """The `prefix:local` form of `iri` where a prefix fits, else the IRI itself."""
    for prefix, base in PREFIXES.items():
        if iri.startswith(base) and re.fullmatch(r"[\w.-]*", iri[len(base) :]):
            return f"{prefix}:{iri[len(base) :]}"
    return iri


def digest(*parts: str, length: int = 16) -> str:
    """Hexadecimal digits of a hash over `parts`; the parts cannot run into each other."""
    sha = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        sha.update(len(encoded).to_bytes(8, "big"))
        sha.update(encoded)
    return sha.hexdigest()[:length]


def slug(text: str, *, length: int = 48) -> str:
    """A readable ASCII stretch of an IRI: lower case, words joined by hyphens; never empty."""
    words = re.findall(r"[a-z0-9]+", anyascii(text).lower())
    return "-".join(words)[:length].strip("-") or "x"


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """The form under which two spellings of a name count as one: case, accents, punctuation, articles and legal
    forms folded.

    >>> name_key("The Hangzhou Example Co., Ltd.") == name_key("HANGZHOU EXAMPLE")
    True
    """
    folded = unicodedata.normalize("NFKD", name)
    folded = "".join(char for char in folded if not unicodedata.combining(char)).casefold()
    folded = re.sub(r"['’`]s\b", "", folded)
    folded = re.sub(r"(?<=\b\w)\.(?=\w\b)", "", folded)
    words = [word for word in re.findall(r"\w+", folded) if word not in ("the", "a", "an")]
    return " ".join([word for word in words if word not in _LEGAL_FORMS] or words)


def entity_iri(kind: str, name: str, *, scope: str = "") -> str:
    """The IRI of an entity known by its fullest name and its type; the same name gives the same node.

    `scope` tells namesakes apart: a document's id, or whatever else is known to differ.
    """
    key = name_key(name) or name
    parts = (_TYPE_GROUP.get(kind, kind), key, *([scope] if scope else []))
    return f"{RESOURCE}entity/{slug(name)}-{digest(*parts, length=10)}"


def listed_iri(dataset: str, entry: str) -> str:
    """The IRI of an entry of an official list, by the list's own number for it."""
    return f"{RESOURCE}listed/{slug(dataset)}/{slug(entry)}-{digest(dataset, entry, length=8)}"


def document_iri(document_id: str) -> str:
    """The IRI of a document and of the named graph that holds what it says."""
    return f"{RESOURCE}document/{slug(document_id)}-{digest('document', document_id, length=10)}"


def dataset_iri(name: str) -> str:
    """The IRI of an official list and of the named graph that holds it."""
    return f"{RESOURCE}dataset/{slug(name)}"


def claim_iri(*parts: str) -> str:
    """The IRI of a claim, from the document, the triple, the span and whatever else tells it apart."""
    return f"{RESOURCE}claim/{digest('claim', *parts)}"


def cue_iri(document_id: str, role: str, start: int, end: int) -> str:
    """The IRI of words that show how a document presents a claim."""
    return f"{RESOURCE}cue/{digest('cue', document_id, role, str(start), str(end))}"


def evidence_iri(document_id: str, start: int, end: int) -> str:
    """The IRI of a quoted span; `#quote` and `#position` are appended for its two selectors."""
    return f"{RESOURCE}evidence/{digest('evidence', document_id, str(start), str(end))}"
