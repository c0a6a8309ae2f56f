"""Fuzzing, bounded by FUZZ_MINUTES (`make fuzz`): whatever comes in, out comes a result or one of our own errors.

Not part of the suite. Each target is a property of hypothesis; what one finds is mended and kept as a case in
`test_found_by_fuzzing.py`.
"""

from __future__ import annotations

import io
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from kg.documents.records import records
from kg.documents.sources import READERS
from kg.errors import KgError, SourceError
from kg.extraction.extractor import extract, load_extractor
from kg.extraction.patterns.rule_loader import load_rules
from kg.lists.importer import import_list
from kg.lists.publishers import IMPORTERS
from kg.model import Document
from kg.network.build import network
from kg.rdf.serialize import quads
from kg.resources import ontology
from kg.store import open_store
from kg.store.sparql import refuse_reaching_out
from kg.view import html

HOSTILE = st.sampled_from(
    [
        "<img src=x onerror=alert(1)>",
        "</script><script>",
        "\u202e",
        "\x00",
        "'\"`",
        "{{7*7}}",
        "${x}",
        "\ud7ff",
        "%00",
        "&#x3c;",
    ]
)
_WORDS = """Treasury OFAC designated sanctioned blacklisted Alpha Beta Ltd. Inc. (Gamma) the company owned by and , ; :
 . “ ” - on May 3 2019 pursuant to E.O. 13224 for supporting denied that he said a.k.a. 51 percent $5 million * #"""
WORDS = st.sampled_from([*_WORDS.split(), "\n\n"])
TEXTS = st.lists(st.one_of(WORDS, HOSTILE, st.text(max_size=12)), max_size=60).map(" ".join)
_TOKENS = """SELECT ASK CONSTRUCT * { } WHERE SERVICE SILENT <http://x/> LOAD FROM NAMED ?s ?p ?o . ; # 'a' "b" \\u0053
 FILTER EXISTS ( ) INSERT DELETE DATA GRAPH PREFIX x: <> UNION OPTIONAL VALUES BIND AS \"\"\" ''' _:b [] $x"""
SPARQL = st.lists(st.sampled_from([*_TOKENS.split(), "\n"]) | st.text(max_size=4), max_size=30).map(" ".join)
KEYS = "predicate definition subject object patterns examples id verb noun form trigger as types trust"
YAML = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=8),
        st.sampled_from(["subject", "object", "OBJ *6 TRIGGER SUBJ"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=6),
    max_leaves=12,
)
LISTED = [
    b'36,"ALPHA LTD",-0- ,"SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1 Jan 1970; Linked To: BETA."\r\n',
    b"<CONSOLIDATED_LIST dateGenerated='2020-01-01'><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID>"
    b"</INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>",
    b'{"id": "x", "schema": "Company", "properties": {"name": ["Alpha"]}}\n',
    b"Name\tStreet_Address\tCity\nAlpha\tRoad\tOslo\n",
]


def readers(raw: bytes, suffix: str) -> None:
    """A file of any kind is a document or a SourceError."""
    with suppress(SourceError):
        READERS[suffix](raw, "x", "x")
    for found in records(io.BytesIO(raw), "x"):
        assert isinstance(found, Document | SourceError)


def rules(content: object) -> None:
    """A rule file is read or refused with a RuleError."""
    import yaml

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        with suppress(KgError):
            load_rules(Path(folder), predicates={"listed_by"})


def lists(publisher: str, base: bytes, cuts: list[tuple[int, bytes]]) -> None:
    """A list file, damaged, is imported or refused, and a refusal leaves the store as it was."""
    raw = base
    for place, more in cuts:
        at = place % (len(raw) + 1)
        raw = raw[:at] + more + raw[at + place % 3 :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("sdn.csv" if publisher == "ofac" else "list.xml" if publisher == "un" else "list.txt")
        path.write_bytes(raw)
        with open_store(None) as store:
            try:
                import_list(store, publisher, [path])
            except KgError:
                assert store.graph_names() == []


def guard(text: str) -> None:
    """The guard lets a query pass or refuses it; what passes names no service."""
    try:
        refuse_reaching_out(text)
    except KgError:
        return
    bare = re.sub(r"\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*", " ", text, flags=re.S)
    assert not re.search(r"(?<![\w:?$@\\-])SERVICE\s+(?:SILENT\s+)?(?:[?$]\w|\w*:)", bare), text


def extraction(text: str) -> None:
    """Every claim of any text has its exact quotation, and the graph of it can be drawn."""
    for found in extract([Document("d", text)], extractor=load_extractor()):
        for claim in found.claims:
            assert text[claim.evidence.start : claim.evidence.end] == claim.evidence.text
        page = html(network(list(quads(found))))
        assert "onerror=alert(1)>" not in re.sub(r"\\u003[ce]", "", page) or "<img src=x onerror" not in page


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


BYTES = st.one_of(
    st.binary(max_size=300),
    st.sampled_from(LISTED),
    TEXTS.map(_bytes),
    TEXTS.map(lambda text: _bytes(f"<html><body><p>{text}</p></body></html>")),
    TEXTS.map(lambda text: _bytes(f"---\ntitle: {text}\n---\n{text}")),
)
CUTS = st.tuples(st.integers(0, 400), st.binary(max_size=6) | st.sampled_from([b'"', b"<", b"\n", b"\xff", b","]))
DAMAGE = st.lists(CUTS, max_size=6)
TARGETS: dict[str, Callable[[], Callable[[], None]]] = {
    "readers": lambda: given(BYTES, st.sampled_from(sorted(READERS)))(readers),
    "rules": lambda: given(YAML)(rules),
    "lists": lambda: given(st.sampled_from(sorted(IMPORTERS)), st.sampled_from(LISTED), DAMAGE)(lists),
    "guard": lambda: given(SPARQL)(guard),
    "extraction": lambda: given(TEXTS)(extraction),
}


def main() -> int:
    """Run all targets in turn until the time is over; the exit status is the number of those that failed."""
    until = time.monotonic() + 60 * float(os.environ.get("FUZZ_MINUTES", "5"))
    number = int(os.environ.get("FUZZ_SEED", str(random.SystemRandom().randrange(10**6))))
    ontology()
    failed: set[str] = set()
    rounds = 0
    while time.monotonic() < until:
        for name, target in TARGETS.items():
            if name in failed:
                continue
            number += 1
            run = settings(
                max_examples=150,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, Phase.shrink],
            )(seed(number)(target()))
            try:
                run()
            except Exception as error:
                failed.add(name)
                print(
                    f"{name} (FUZZ_SEED={number - 1}): {type(error).__name__}: {error}",
                    *getattr(error, "__notes__", ()),
                    sep="\n",
                )
        rounds += 1
    print(f"{rounds} rounds, {len(failed)} of {len(TARGETS)} targets failed")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
