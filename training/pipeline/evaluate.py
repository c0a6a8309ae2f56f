"""Measures the packaged pipeline on text it was not trained on: raw text in, figures out, as JSON.

Parses are scored as the CoNLL 2018 shared task did: words are aligned by their characters, heads and universal labels
(without subtypes) must agree, and F1 counts words of either side. Names of EWT are scored as exact spans; the ten types
are read as PER, ORG and LOC by `corpus.COARSE`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corpus import COARSE, TYPES, occurrences, sentences
from spacy.tokens import Doc

from kg.nlp import pipeline

Word = tuple[int, int]
GROUP = {"Company": "org", "Organization": "org", "GovernmentBody": "org", "Country": "place", "Place": "place"}
COARSE_OF = {kind: coarse for coarse, kinds in COARSE.items() if coarse != "MISC" for kind in kinds}


@dataclass(slots=True)
class Raw:
    """A document of a treebank as raw text, its gold words by character range, and its gold names."""

    text: str = ""
    words: dict[Word, tuple[str, str, Word | None, str]] = field(default_factory=dict)
    starts: set[int] = field(default_factory=set)
    names: dict[Word, str] = field(default_factory=dict)


def documents(path: Path, *, each_sentence: bool = False, names: Path | None = None) -> Iterator[Raw]:
    """The documents of a CoNLL-U file as raw text; with `each_sentence` every sentence by itself."""
    tags = dict(iob(names)) if names else {}
    raw = Raw()
    for sentence, _, comments in sentences(path):
        told = {c[2:].split("=", 1)[0].strip(): c.split("=", 1)[-1].strip() for c in comments}
        if raw.text and (each_sentence or "newdoc id" in told or any(c.startswith("# newdoc") for c in comments)):
            yield raw
            raw = Raw()
        if raw.text:
            raw.text += "\n\n" if any(c.startswith("# newpar") for c in comments) else " "
        base, text = len(raw.text), told["text"]
        raw.text += text
        spans: list[Word] = []
        at = 0
        for word in sentence.words:
            found = text.find(word, at)
            found = at if found < 0 or found > at + 3 else found
            spans.append((base + found, base + found + len(word)))
            at = found + len(word)
        raw.starts.add(spans[0][0])
        for i, span in enumerate(spans):
            head = spans[sentence.heads[i] - 1] if sentence.heads[i] else None
            raw.words[span] = (sentence.upos[i], sentence.xpos[i], head, sentence.deps[i].split(":")[0])
        for first, last, kind in tags.get(told.get("sent_id", ""), ()):
            raw.names[spans[first][0], spans[last][1]] = kind
    if raw.text:
        yield raw


def iob(path: Path) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """The name spans (first word, last word, type) of a UNER file by sentence id."""
    ident, found, i = "", [], 0
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        if line.startswith("# sent_id"):
            ident, found, i = line.split("=", 1)[1].strip(), [], 0
        elif line and not line.startswith("#"):
            tag = line.split("\t")[2]
            if tag.startswith("B-"):
                found.append((i, i, tag[2:]))
            elif tag.startswith("I-") and found:
                found[-1] = (found[-1][0], i, found[-1][2])
            i += 1
        elif not line and ident:
            yield ident, [f for f in found if f[2] in ("PER", "ORG", "LOC")]
            ident = ""


def f1(right: int, system: int, gold: int) -> float:
    """F1 to four digits."""
    return round(2 * right / (system + gold), 4) if system + gold else 0.0


def parse_figures(nlp, raws: list[Raw]) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """F1 of words, sentences, UPOS, XPOS, UAS, LAS and names."""
    n: Counter[str] = Counter()
    for raw, doc in zip(raws, nlp.pipe([r.text for r in raws]), strict=True):
        words = [t for t in doc if not t.is_space]
        n["system"] += len(words)
        n["gold"] += len(raw.words)
        starts = {s[0].idx for s in doc.sents if not s[0].is_space} | {
            next((t.idx for t in s if not t.is_space), -1) for s in doc.sents
        }
        starts.discard(-1)
        n["sentences right"] += len(starts & raw.starts)
        n["sentences system"] += len(starts)
        n["sentences gold"] += len(raw.starts)
        for token in words:
            gold = raw.words.get((token.idx, token.idx + len(token)))
            if gold is None:
                continue
            head = (
                None
                if token.head is token or token.head.i == token.i
                else (token.head.idx, token.head.idx + len(token.head))
            )
            n["words"] += 1
            n["upos"] += token.pos_ == gold[0]
            n["xpos"] += token.tag_ == gold[1]
            n["uas"] += head == gold[2]
            n["las"] += head == gold[2] and (("root" if token.dep_ == "ROOT" else token.dep_).split(":")[0] == gold[3])
        n["names system"] += len(
            ents := {(e.start_char, e.end_char): COARSE_OF.get(e.label_) for e in doc.ents if e.label_ in COARSE_OF}
        )
        n["names gold"] += len(raw.names)
        n["names right"] += sum(raw.names.get(span) == kind for span, kind in ents.items())
    figures = {name: f1(n[name], n["system"], n["gold"]) for name in ("words", "upos", "xpos", "uas", "las")}
    figures["sentences"] = f1(n["sentences right"], n["sentences system"], n["sentences gold"])
    if n["names gold"]:
        figures["names"] = f1(n["names right"], n["names system"], n["names gold"])
    return figures


def name_figures(nlp, sources: Path, annotations: Path) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """What `shared/gold/score_names.py` prints: ten types, groups, covered; and F1 by type."""
    texts = {d["id"]: d["text"] for d in map(json.loads, sources.open(encoding="utf-8"))}
    n: Counter[str] = Counter()
    for line in annotations.open(encoding="utf-8"):
        document = json.loads(line)
        text = texts[document["id"]]
        gold = occurrences(text, document["entities"])
        doc: Doc = nlp(text)
        found = {(e.start_char, e.end_char): e.label_ for e in doc.ents if e.label_ in TYPES}
        n["gold"] += len(gold)
        n["system"] += len(found)
        for label in found.values():
            n["system " + label] += 1
        for span, label in gold.items():
            n["gold " + label] += 1
            n["covered"] += any(a <= span[0] and span[1] <= b for a, b in found)
            if span in found:
                n["typed"] += found[span] == label
                n["right " + label] += found[span] == label
                n["grouped"] += GROUP.get(found[span], found[span]) == GROUP.get(label, label)
    figures = {"typed": f1(n["typed"], n["system"], n["gold"]), "grouped": f1(n["grouped"], n["system"], n["gold"])}
    figures["covered"] = round(n["covered"] / max(1, n["gold"]), 4)
    return figures | {kind: f1(n["right " + kind], n["system " + kind], n["gold " + kind]) for kind in TYPES}


def main() -> None:
    """Prints the figures and writes them where `--out` says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--package", type=Path, help="another packaged model than the one in place")
    parser.add_argument("--quick", action="store_true", help="EWT dev and gold dev only")
    args = parser.parse_args()
    if args.package:
        pipeline.MODEL = args.package
    nlp = pipeline.load_pipeline()
    banks, gold = args.shared / "treebanks", args.shared / "gold"
    figures = {"gold dev": name_figures(nlp, gold / "dev_sources.jsonl", gold / "dev.jsonl")}
    print(json.dumps(figures), flush=True)
    if args.quick:
        figures["ewt dev"] = parse_figures(nlp, list(documents(banks / "ewt-dev.conllu")))
    else:
        test = banks / "ewt-test.conllu"
        figures["ewt test"] = parse_figures(nlp, list(documents(test, names=banks / "ewt-test.ner.iob2")))
        figures["ewt test, sentences"] = parse_figures(
            nlp, list(documents(test, each_sentence=True, names=banks / "ewt-test.ner.iob2"))
        )
        figures["gum test"] = parse_figures(nlp, list(documents(banks / "gum-test.conllu")))
        figures["gum test, sentences"] = parse_figures(
            nlp, list(documents(banks / "gum-test.conllu", each_sentence=True))
        )
    print(json.dumps(figures, indent=1))
    if args.out:
        args.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
