"""Time and memory of resolution: the SDN list with the names of 1,701 Treasury releases, at three sizes.

Run: python -m benchmarks.resolution [SHARED] [SIZE ...]

The names of a release are its runs of two to six capitalised words, found by a pattern: more and dirtier names than
extraction gives, so the figures are an upper bound. Every distinct name is a node, compared with all others and with
the 8,976 entries of the list, as `kg resolve` does for nodes of texts.
"""

from __future__ import annotations

import gzip
import json
import re
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from benchmarks.screening import read_sdn
from kg.lists.kinds import is_organized
from kg.namespaces import entity_iri
from kg.resolve import _by_name, _Compared
from kg.resolve.subjects import Subject

_NAME = re.compile(r"\b[A-Z][\w'-]+(?: (?:al-|bin |of |de |the )?[A-Z][\w'-]+){1,5}")


def subjects_of(releases: list[dict[str, str]]) -> list[Subject]:
    """The nodes of these releases."""
    found: dict[str, Subject] = {}
    for release in releases:
        for name in dict.fromkeys(_NAME.findall(release["text"])):
            kind = "Company" if is_organized(name) else "Person"
            node = entity_iri(kind, name)
            subject = found.setdefault(node, Subject(node, kind, name, [name]))
            if release["id"] not in subject.documents:
                subject.documents.append(release["id"])
    return [found[node] for node in sorted(found)]


def main() -> None:
    """Print a line a size."""
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "shared"
    sizes = [int(size) for size in sys.argv[2:]] or [425, 850, 1701]
    with gzip.open(shared / "corpora" / "treasury_1997_2023.jsonl.gz", "rt", encoding="utf-8") as file:
        releases = [json.loads(line) for line in file]
    listed = [
        Subject(f"listed/{entry.id}", entry.type, entry.name, [entry.name, *entry.names], dataset="ofac-sdn")
        for entry in read_sdn(shared)
    ]
    for size in sizes:
        subjects = [*subjects_of(releases[:size]), *listed]
        names = sum(len(subject.names) for subject in subjects)
        compared = _Compared()
        begin = time.process_time()
        verdicts = Counter(item.verdict for item in _by_name(subjects, [], compared))
        seconds = time.process_time() - begin
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{size} releases, {len(subjects) - len(listed)} nodes of texts, {names} names in all:",
            f"{seconds:.1f} s CPU, {1000 * seconds / names:.2f} ms a name, {compared.number} pairs,",
            f"{dict(sorted(verdicts.items()))}, {memory:.0f} MiB",
            flush=True,
        )


if __name__ == "__main__":
    main()
