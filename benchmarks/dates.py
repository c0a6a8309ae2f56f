"""How often the date of a listing is found when the sentence and its trigger are told.

usage: dates.py GOLD.jsonl SOURCES.jsonl [--model NAME | --plain] [--errors N] [--predicates p,q]

The trigger is the listing word of the gold evidence that stands nearest to the subject; what is scored is the date
that `event_date` gives there, against the gold date (as precise as the less precise of the two) or its absence.
`--plain` measures without a parse.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path

import spacy

from kg.nlp.temporal import event_date, find_dates

TRIGGERS = re.compile(
    r"\b(?:re-?)?(?:designat\w*|sanctioned|sanctions|listed|named|added|identified|targets|targeted|target|blacklisted|"
    r"blocked|imposed|froze|frozen)\b",
    re.I,
)


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold")
    parser.add_argument("sources")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--predicates", default="listed_by,listed_under")
    options = parser.parse_args()
    wanted = set(options.predicates.split(","))
    sources = {s["id"]: s for s in map(json.loads, Path(options.sources).read_text(encoding="utf-8").splitlines())}
    if options.plain:
        nlp = spacy.blank("en")
    else:
        from kg.nlp.pipeline import load_pipeline

        nlp = load_pipeline()
    count: Counter[str] = Counter()
    errors = []
    for gold in map(json.loads, Path(options.gold).read_text(encoding="utf-8").splitlines()):
        triples = [t for t in gold["triples"] if t["p"] in wanted]
        if not triples:
            continue
        source = sources[gold["id"]]
        published = source.get("date")
        doc = nlp(source["text"])
        whens = find_dates(doc, published)
        entities = {e["id"]: e for e in gold["entities"]}
        for triple in triples:
            token = trigger(doc, source["text"], triple, entities)
            if token is None:
                count["no trigger"] += 1
                continue
            found = event_date(doc, token, whens, published, act=triple["p"].startswith("listed"))
            want, got = (triple.get("date") or "")[:10], found.value if found else ""
            if want:
                size = min(len(want), len(got))
                right = size >= 4 and want[:size] == got[:size]
                count["dated right" if right else "dated wrong"] += 1
            else:
                right = not got
                count["undated right" if right else "undated wrong"] += 1
            if not right:
                errors.append(
                    f"{gold['id'][:12]} {(published or '')[:10]} want {want or '-'} got {got or '-'} at "
                    f"{doc[token].text!r}: {triple['evidence'][:300]}"
                )
    for line in errors[:: max(1, len(errors) // max(1, options.errors))][: options.errors]:
        print(line.replace("\n", " "))
    print(dict(sorted(count.items())))
    dated = count["dated right"] + count["dated wrong"]
    right = count["dated right"] + count["undated right"]
    print(f"all right {right / max(1, sum(count.values()) - count['no trigger']):.3f}")
    print(f"dated triples right: {count['dated right'] / max(1, dated):.3f}")


def trigger(doc, text, triple, entities):
    """The token of the listing word in the evidence, nearest to the subject's name there."""
    best = None
    for part in triple["evidence"].split(" [...] "):
        at = text.find(part)
        if at < 0:
            continue
        subject = [m.start() for name in entities[triple["s"]]["mentions"] for m in re.finditer(re.escape(name), part)]
        for match in TRIGGERS.finditer(part):
            distance = min((abs(match.start() - s) for s in subject), default=10_000)
            if best is None or distance < best[0]:
                best = (distance, at + match.start())
    if best is None:
        return None
    return next((t.i for t in doc if t.idx + len(t) > best[1]), None)


if __name__ == "__main__":
    main()
