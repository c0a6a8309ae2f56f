"""More material for names: raw text labelled by the pipeline itself and by what lists and facts say for certain.

Treasury releases (without those that any measuring set holds) get the names that the pipeline finds with its whole
document in view, and ships of OFAC's list in the releases that speak of ships. Passages of KnowledgeNet get the same,
but where an annotated fact names a company, person or place that the pipeline missed, the fact is believed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import pickle
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus import ANYTHING, COARSE, Window, bits, span_bits
from spacy.tokens import Doc

from kg.nlp.pipeline import load_pipeline
from kg.nlp.segmentation.tokenizer import windows as cut

Span = tuple[int, int]
FACTS = {
    "CEO": ("ORG", "PER"),
    "CHILD_OF": ("PER", "PER"),
    "EDUCATED_AT": ("PER", "ORG"),
    "EMPLOYEE_OR_MEMBER_OF": ("PER", "ORG"),
    "FOUNDED_BY": ("ORG", "PER"),
    "HEADQUARTERS": ("ORG", "LOC"),
    "NATIONALITY": ("PER", ""),
    "PLACE_OF_BIRTH": ("PER", "LOC"),
    "PLACE_OF_RESIDENCE": ("PER", "LOC"),
    "POLITICAL_AFFILIATION": ("PER", "ORG"),
    "SPOUSE": ("PER", "PER"),
    "SUBSIDIARY_OF": ("ORG", "ORG"),
}
SHIPPING = re.compile(r"\b(?:vessels?|tankers?|IMO|flagged|M/V|ships?)\b")


def labelled(doc: Doc, *, certain: dict[Span, tuple[str, ...]], source: str) -> Iterator[Window]:
    """The windows of a Doc with the names it carries; `certain` spans of characters are of one of the types given."""
    layout = doc._.layout
    masks = [bits("O")] * len(doc)
    for ent in doc.ents:
        for token in ent:
            masks[token.i] = bits(("B-" if token.i == ent.start else "I-") + ent.label_)
    for (start, end), kinds in certain.items():
        span = doc.char_span(start, end)
        if span is None or any(token.ent_type_ in kinds for token in span):
            continue
        for token in span:
            masks[token.i] = span_bits(kinds, "B" if token.i == span.start else "I")
        if span.end < len(doc) and masks[span.end] in INSIDE:
            masks[span.end] = ANYTHING
    start = 0
    for i in range(1, len(layout.words) + 1):
        if i == len(layout.words) or layout.block_of[i] != layout.block_of[start]:
            tokens = layout.words[start:i]
            words = [doc[t].text for t in tokens]
            for a, b in cut(words):
                chosen = [masks[t] for t in tokens[a:b]]
                if any(m != bits("O") for m in chosen):
                    yield Window(words[a:b], ner=chosen, source=source)
            start = i


INSIDE = {bits("I-" + kind) for kinds in COARSE.values() for kind in kinds}


def ships(path: Path) -> list[str]:
    """Names of the vessels on OFAC's list, of more than three letters."""
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        rows = [row for row in csv.reader(stream) if len(row) > 2 and row[2].strip() == "vessel"]
    return sorted({row[1].strip() for row in rows if len(row[1].strip()) > 3})


def releases(shared: Path, count: int, seed: int) -> Iterable[tuple[str, str]]:
    """Releases that are in no measuring set: (id, text)."""
    index = [json.loads(line) for line in (shared / "gold" / "index.jsonl").open(encoding="utf-8")]
    urls = {str(d["url"]).rsplit("/", 1)[-1].lower() for d in index if d["url"]}
    titles = {re.sub(r"\W+", "", d["title"]).lower() for d in index}
    sources = [json.loads(line) for line in (shared / "gold" / "train_sources.jsonl").open(encoding="utf-8")]
    used = {str(d["source"]).rsplit(" ", 1)[-1] for d in sources if d["kind"] == "treasury"}
    beginnings = {
        _begin(json.loads(line)["text"]) for line in (shared / "gold" / "dev_sources.jsonl").open(encoding="utf-8")
    }
    found = []
    with gzip.open(shared / "corpora" / "treasury_1997_2023.jsonl.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            d = json.loads(line)
            same = re.sub(r"\W+", "", d["title"]).lower() in titles or _begin(d["text"]) in beginnings
            if d["url"].rsplit("/", 1)[-1].lower() in urls or same or d["id"] in used:
                continue
            found.append((d["id"], d["text"]))
    random.Random(seed).shuffle(found)
    return found[:count]


def _begin(text: str) -> str:
    return re.sub(r"\W+", "", re.sub(r"\*\(Archived Content\)\*", "", text)).lower()[:160]


def main() -> None:
    """Writes `silver.pickle`, a list of windows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--releases", type=int, default=420)
    args = parser.parse_args()
    nlp = load_pipeline()
    windows: list[Window] = []
    chosen = list(releases(args.shared, args.releases, seed=5))
    names = ships(args.shared / "lists" / "ofac" / "sdn.csv")
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")(?!\w)")
    for (ident, text), doc in zip(chosen, nlp.pipe(text for _, text in chosen), strict=True):
        certain: dict[Span, tuple[str, ...]] = {}
        if SHIPPING.search(text):
            certain = {m.span(): ("Vessel",) for m in pattern.finditer(text)}
        windows += labelled(doc, certain=certain, source="silver:" + ident)
    print(len(windows), "windows of releases", flush=True)
    passages = [json.loads(line) for line in (args.shared / "knowledgenet" / "folds123.jsonl").open(encoding="utf-8")]
    for passage, doc in zip(passages, nlp.pipe(p["text"] for p in passages), strict=True):
        certain = {}
        for fact in passage["facts"]:
            for role, kind in zip(("subject", "object"), FACTS.get(fact["property"], ("", "")), strict=True):
                written = fact[role + "_text"]
                if (
                    kind
                    and written[:1].isupper()
                    and written.split()[0].lower()
                    not in (
                        "he",
                        "she",
                        "it",
                        "his",
                        "her",
                        "its",
                        "i",
                        "the",
                        "we",
                        "our",
                        "my",
                        "they",
                        "where",
                        "this",
                        "their",
                        "who",
                        "which",
                    )
                ):
                    certain[tuple(fact[role])] = COARSE[kind]
        windows += labelled(doc, certain=certain, source="knowledgenet")
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "silver.pickle").write_bytes(pickle.dumps(windows))
    print(len(windows), "windows", sum(len(w.words) for w in windows), "words")


if __name__ == "__main__":
    main()
