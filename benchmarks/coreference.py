"""Figures of coreference: names on the gold set, and MUC, B3 and CEAF on GUM.

usage: coreference.py gold GOLD.jsonl SOURCES.jsonl [--errors N]
       coreference.py gum GUM.conllu

`gold` gives the program the gold mentions as `doc.ents` (an oracle for names) and counts what the sieves make of
them: over distinct spellings in a document, pairs that belong together (precision, recall) and the share of gold
entities whose predicted cluster holds exactly their spellings.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.nlp.coref import Cluster, CoreferentSpan, resolve_coreference


def oracle(nlp: Language, text: str, entities: Iterable[dict]) -> Doc:
    """A Doc of `text` whose entities are the places of the gold mentions, longest first."""
    doc = nlp(text)
    wanted = sorted(
        {(mention, entity["type"]) for entity in entities for mention in (*entity["mentions"], entity["name"])},
        key=lambda pair: (-len(pair[0]), pair),
    )
    taken: set[int] = set()
    ents = []
    for mention, label in wanted:
        for match in re.finditer(r"(?<!\w)" + re.escape(mention) + r"(?!\w)", text):
            span = doc.char_span(match.start(), match.end(), label=label, alignment_mode="expand")
            if span is not None and not taken & set(range(span.start, span.end)):
                taken.update(range(span.start, span.end))
                ents.append(span)
    doc.ents = sorted(ents, key=lambda span: span.start)
    return doc


def read(path: str) -> list[dict]:
    """The JSON objects of the lines of a file."""
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def names(gold_path: str, sources_path: str, errors: int) -> None:
    """Print the figures of name clustering."""
    texts = {source["id"]: source["text"] for source in read(sources_path)}
    nlp = spacy.blank("en")
    count: Counter[str] = Counter()
    shown: dict[str, list[str]] = defaultdict(list)
    for gold in read(gold_path):
        predicted = predicted_names(oracle(nlp, texts[gold["id"]], gold["entities"]))
        owner: dict[str, str] = {}
        for entity in gold["entities"]:
            for mention in entity["mentions"]:
                if mention in predicted:
                    owner.setdefault(mention, entity["id"])
        for a, b in combinations(sorted(owner), 2):
            same = owner[a] == owner[b]
            linked = bool(predicted[a] & predicted[b])
            count["gold"] += same
            count["linked"] += linked
            count["right"] += same and linked
            if same != linked:
                shown["missed" if same else "wrong"].append(f"{gold['id'][:12]} {a} | {b}")
        count_entities(gold["entities"], predicted, owner, count)
    print_names(count, shown, errors)


def predicted_names(doc: Doc) -> dict[str, set[int]]:
    """Name -> the numbers of the clusters that hold a mention by it."""
    predicted: dict[str, set[int]] = defaultdict(set)
    for index, cluster in enumerate(resolve_coreference(doc)):
        for span in cluster.spans:
            if span.kind in ("name", "short", "alias"):
                predicted[doc[span.start : span.end].text].add(index)
    return predicted


def count_entities(
    entities: list[dict], predicted: dict[str, set[int]], owner: dict[str, str], count: Counter[str]
) -> None:
    """Count the gold entities whose names are whole in one cluster, and those that are a cluster exactly."""
    by_cluster: dict[int, set[str]] = defaultdict(set)
    for mention, indexes in predicted.items():
        for index in indexes:
            by_cluster[index].add(mention)
    for entity in entities:
        mentions = {mention for mention in entity["mentions"] if mention in owner and owner[mention] == entity["id"]}
        if not mentions:
            continue
        count["entities"] += 1
        hits = set.union(*(predicted[mention] for mention in mentions))
        count["whole"] += any(mentions <= by_cluster[index] for index in hits)
        count["exact"] += len(hits) == 1 and {m for m in by_cluster[min(hits)] if m in owner} == mentions


def print_names(count: Counter[str], shown: dict[str, list[str]], errors: int) -> None:
    """Print wrong and missed links, then precision, recall and the shares of whole and exact entities."""
    for kind in ("wrong", "missed"):
        print(f"--- {kind}: {len(shown[kind])}")
        for line in shown[kind][:errors]:
            print("   ", line)
    precision, recall = count["right"] / max(1, count["linked"]), count["right"] / max(1, count["gold"])
    print(
        f"pairs: precision {precision:.3f} recall {recall:.3f} f1 {2 * precision * recall / (precision + recall):.3f}"
    )
    print(
        f"entities {count['entities']}: whole {count['whole'] / count['entities']:.3f} exact "
        f"{count['exact'] / count['entities']:.3f}"
    )


def conllu(path: str) -> Iterator[tuple[str, list[list[list[str]]]]]:
    """(document id, sentences of token rows) of a CoNLL-U file."""
    name, sentences, rows = "", [], []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("# newdoc id"):
            if sentences:
                yield name, sentences
            name, sentences = line.split("=")[1].strip(), []
        elif not line.strip():
            if rows:
                sentences.append(rows)
            rows = []
        elif line[0].isdigit() and line.split("\t")[0].isdigit():
            rows.append(line.split("\t"))
    if rows:
        sentences.append(rows)
    if sentences:
        yield name, sentences


NAMED = {"person": "Person", "organization": "Organization", "place": "Place", "object": "Vessel"}


def gum_document(nlp: Language, sentences: list[list[list[str]]]) -> tuple[Doc, list[tuple[int, int, str, str]]]:
    """A Doc with the gold parse, and its mentions (start, end, chain, entity type)."""
    words, spaces, heads, deps, tags, fine, lemmas, starts = [], [], [], [], [], [], [], []
    mentions: list[tuple[int, int, str, str]] = []
    opened: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for sentence in sentences:
        offset = len(words)
        for row in sentence:
            at = len(words)
            words.append(row[1])
            spaces.append("SpaceAfter=No" not in row[9])
            heads.append(offset + int(row[6]) - 1 if row[6] != "0" else at)
            deps.append(row[7])
            tags.append(row[3])
            fine.append(row[4])
            lemmas.append(row[2])
            starts.append(at == offset)
            entity = re.search(r"(?:^|\|)Entity=([^|]*)", row[9])
            if not entity:
                continue
            for part in re.findall(r"\([^()]*\)?|\d+\)", entity[1]):
                if part.startswith("("):
                    fields = part.strip("()").split("-")
                    if part.endswith(")"):
                        mentions.append((at, at + 1, fields[0], fields[1]))
                    else:
                        opened[fields[0]].append((at, fields[1]))
                else:
                    chain = part[:-1]
                    begin, kind = opened[chain].pop()
                    mentions.append((begin, at + 1, chain, kind))
    doc = Doc(
        nlp.vocab,
        words=words,
        spaces=spaces,
        heads=heads,
        deps=deps,
        pos=tags,
        tags=fine,
        lemmas=lemmas,
        sent_starts=starts,
    )
    return doc, mentions


def head_token(doc: Doc, start: int, end: int) -> int:
    """The token whose head is outside the span."""
    return next((i for i in range(start, end) if not start <= doc[i].head.i < end or doc[i].head.i == i), end - 1)


def gum(path: str, errors: int, shown: set[str]) -> None:
    """Print MUC, B3 and CEAF-e of chains with a name, mentions joined by their head tokens."""
    nlp = spacy.blank("en")
    totals: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for name, sentences in conllu(path):
        doc, mentions = gum_document(nlp, sentences)
        ents = gum_names(doc, mentions)
        doc.ents = [
            doc.char_span(doc[a].idx, doc[b - 1].idx + len(doc[b - 1]), label=label) for a, b, label in sorted(ents)
        ]
        chains: dict[str, set[int]] = defaultdict(set)
        for start, end, chain, _ in mentions:
            chains[chain].add(head_token(doc, start, end))
        named = {head_token(doc, a, b) for a, b, _ in ents}
        gold = [heads for heads in chains.values() if len(heads) > 1 and heads & named]
        predicted = []
        wrong = []
        for cluster in resolve_coreference(doc):
            heads = {span.head for span in cluster.spans if span.sieve not in ("demonym", "relative")}
            if cluster.members:
                continue
            if len(heads) > 1:
                predicted.append(heads)
            wrong += count_links(doc, cluster, gold, kinds)
        for span, antecedent in wrong:
            if (doc[span.start].lower_ in shown or span.kind in shown) and totals["shown"] < errors:
                totals["shown"] += 1
                print(f"  {name}: {in_context(doc, span)} -> {antecedent}".replace("\n", " "))
        measure(gold, predicted, totals)
    print_gum(totals, kinds)


def gum_names(doc: Doc, mentions: list[tuple[int, int, str, str]]) -> list[tuple[int, int, str]]:
    """Token spans of the proper names inside the gold mentions, the longest mention first, none overlapping."""
    ents: list[tuple[int, int, str]] = []
    taken: set[int] = set()
    for start, end, _, kind in sorted(mentions, key=lambda mention: mention[0] - mention[1]):
        head = head_token(doc, start, end)
        if doc[head].pos_ != "PROPN" or kind not in NAMED:
            continue
        begin, stop = head, head + 1
        while (
            begin > start
            and (doc[begin - 1].pos_ == "PROPN" or doc[begin - 1].dep_ in ("flat", "compound"))
            and doc[begin - 1].dep_ in ("compound", "flat", "nmod", "amod", "nmod:desc")
        ):
            begin -= 1
        while stop < end and doc[stop].dep_.startswith("flat"):
            stop += 1
        if not taken & set(range(begin, stop)):
            taken.update(range(begin, stop))
            ents.append((begin, stop, NAMED[kind]))
    return ents


def count_links(
    doc: Doc, cluster: Cluster, gold: list[set[int]], kinds: dict[str, Counter[str]]
) -> list[tuple[CoreferentSpan, str]]:
    """Count right and wrong pronouns and descriptions by sieve and by first word; returns the wrong with their name."""
    owner = {head: index for index, heads in enumerate(gold) for head in heads}
    wrong = []
    for span in cluster.spans:
        if span.kind in ("pronoun", "nominal") and span.sieve != "relative":
            others = {owner.get(other.head) for other in cluster.spans if other.kind in ("name", "short", "alias")}
            right = span.head in owner and owner[span.head] in others
            kinds[f"{span.kind}: {span.sieve}"]["right" if right else "wrong"] += 1
            kinds[doc[span.start].lower_]["right" if right else "wrong"] += 1
            if not right:
                wrong.append((span, cluster.name))
    return wrong


def in_context(doc: Doc, span: CoreferentSpan) -> str:
    """The span between double brackets, with 45 tokens before and 6 after it."""
    low = max(0, span.start - 45)
    middle = doc[span.start : span.end].text
    return f"{doc[low : span.start].text} [[{middle}]] {doc[span.end : span.end + 6].text}"


def print_gum(totals: Counter[str], kinds: dict[str, Counter[str]]) -> None:
    """Print the three measures, their mean, and the most frequent kinds of link."""
    scores = []
    for label in ("muc", "b3", "ceafe"):
        precision = totals[f"{label} p"] / max(1, totals[f"{label} p of"])
        recall = totals[f"{label} r"] / max(1, totals[f"{label} r of"])
        scores.append(2 * precision * recall / max(1e-9, precision + recall))
        print(
            f"{label:6} precision {precision:.3f} recall {recall:.3f} f1 "
            f"{2 * precision * recall / max(1e-9, precision + recall):.3f}"
        )
    print(f"average f1 {sum(scores) / 3:.3f}")
    for kind, count in sorted(kinds.items(), key=lambda item: -sum(item[1].values()))[:24]:
        print(f"{kind:40} {count['right']:4} right {count['wrong']:4} wrong")


def measure(gold: list[set[int]], predicted: list[set[int]], totals: Counter[str]) -> None:
    """Add one document's sums: MUC links, B3 mentions, CEAF-e by the best one-to-one assignment."""
    for name, one, other in (("r", gold, predicted), ("p", predicted, gold)):
        index = {token: number for number, cluster in enumerate(other) for token in cluster}
        for cluster in one:
            parts = len({index.get(token, -token - 1) for token in cluster})
            totals[f"muc {name}"] += len(cluster) - parts
            totals[f"muc {name} of"] += len(cluster) - 1
            for token in cluster:
                shared = len(cluster & other[index[token]]) if token in index else 0
                totals[f"b3 {name}"] += shared / len(cluster)
                totals[f"b3 {name} of"] += 1
    from scipy.optimize import linear_sum_assignment

    matrix = [[2 * len(a & b) / (len(a) + len(b)) for b in predicted] for a in gold]
    if matrix and matrix[0]:
        rows, columns = linear_sum_assignment([[-value for value in row] for row in matrix])
        similarity = sum(matrix[row][column] for row, column in zip(rows, columns, strict=True))
        totals["ceafe p"] += similarity
        totals["ceafe r"] += similarity
    totals["ceafe p of"] += len(predicted)
    totals["ceafe r of"] += len(gold)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["gold", "gum"])
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--show", default="", help="words or kinds whose wrong links are printed, with commas")
    options = parser.parse_args()
    if options.what == "gold":
        names(options.paths[0], options.paths[1], options.errors)
    else:
        gum(options.paths[0], options.errors, set(options.show.split(",")))


if __name__ == "__main__":
    main()
