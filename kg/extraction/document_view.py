"""An annotated Doc laid out for reading by the row: plain lists instead of tokens, sentences, and who is named where.

In: a spaCy `Doc` with heads, labels, lemmas and sentence starts, and the `MentionSpan`s of its entities. Out: a
`DocumentView`, from which features are read many times; attribute access on tokens would cost more than everything else
together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from spacy.tokens import Doc

from kg.extraction.mention_spans import NAMES, MentionSpan
from kg.nlp.dependencies import Tree, doc_heads
from kg.nlp.doc_arrays import lowered, starts_of, text_of, tokens_of, written
from kg.nlp.segmentation.blocks import Block


@dataclass(slots=True)
class DocumentEntity:
    """An entity as it stands in this document: its type, its spots in the order of the text, and its rank."""

    id: str
    type: str
    name: str
    mentions: list[MentionSpan] = field(default_factory=list)


@dataclass(slots=True)
class DocumentView:
    """Columns over tokens, bounds of sentences, spots by sentence, and the block that each sentence stands in.

    `topics` are the entities that a sentence's heading names; `lead_in` is the sentence that leads into the list that
    a sentence is an item of, None elsewhere; `starts` and `ends` are characters. `masks` are the lemmas as features
    show them: the type of the mention that a token is part of, "0" for a number, nothing for a space; `after` is the
    token that follows, past a mention.
    """

    doc: Doc
    text: str
    words: list[str]
    lemmas: list[str]
    tags: list[str]
    deps: list[str]
    heads: list[int]
    sentences: list[tuple[int, int]]
    sentence_of: list[int]
    entities: dict[str, DocumentEntity]
    mentions: list[list[MentionSpan]]
    blocks: list[Block]
    block_of: list[int]
    topics: list[tuple[str, ...]]
    lead_in: list[int | None]
    covered: dict[int, MentionSpan]
    masks: list[str]
    after: list[int]
    starts: list[int]
    ends: list[int]

    def span_text(self, start: int, end: int) -> str:
        """The text of tokens `start` to `end` as it stands in the document."""
        return written(self.doc, start, end)


#: Words that the press uses where authorities use another; read as that one, so that both are learnt together.
_SAME: Final = {
    "blacklist": "sanction",
    "blacklisting": "sanction",
    "blacklisted": "sanction",
    "sanctioned": "sanction",
    "sanctioning": "sanction",
    "organisation": "organization",
    "programme": "program",
    "chairwoman": "chairman",
    "chairperson": "chairman",
    "spokeswoman": "spokesman",
    "spokesperson": "spokesman",
    "ceo": "chief",
    "purchase": "buy",
}


def build_view(tree: Tree, mentions: Sequence[MentionSpan], names: dict[str, str]) -> DocumentView:
    """The sheet of a tree's Doc, with the labels as the parser gave them; `names` gives the entity's name by id."""
    doc, sentences, sentence_of = tree.doc, tree.sentences, tree.sentence_of
    entities: dict[str, DocumentEntity] = {}
    by_sentence: list[list[MentionSpan]] = [[] for _ in sentences]
    covered: dict[int, MentionSpan] = {}
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end, mention.entity)):
        entity = entities.get(mention.entity)
        if entity is None:
            entity = entities[mention.entity] = DocumentEntity(
                mention.entity, mention.type, names.get(mention.entity, "")
            )
        entity.mentions.append(mention)
        by_sentence[sentence_of[mention.start]].append(mention)
        for index in range(mention.start, mention.end):
            covered.setdefault(index, mention)
    blocks: list[Block] = list(doc._.blocks or ())
    strings = doc.vocab.strings
    columns = doc.to_array(["LEMMA", "DEP"]).tolist() if len(doc) else []
    words, starts = tokens_of(doc), starts_of(doc)
    lemmas = [_SAME.get(lemma, lemma) for lemma in (strings[row[0]].lower() for row in columns)]
    masks, after = _masks(lemmas, tree.tags, covered)
    opened = [block.start for block in blocks]
    block_of = [max(0, bisect_right(opened, starts[start]) - 1) for start, _ in sentences]
    in_block: dict[int, list[str]] = {}
    for number, block in enumerate(block_of):
        in_block.setdefault(block, []).extend(
            mention.entity for mention in by_sentence[number] if mention.kind in NAMES
        )
    topics = [_topics(block, blocks, in_block) for block in block_of]
    return DocumentView(
        doc=doc,
        text=text_of(doc),
        words=lowered(doc),
        lemmas=lemmas,
        tags=tree.tags,
        deps=[strings[row[1]] for row in columns],
        heads=doc_heads(doc),
        sentences=sentences,
        sentence_of=sentence_of,
        entities=entities,
        mentions=by_sentence,
        blocks=blocks,
        block_of=block_of,
        topics=topics,
        lead_in=_lead_ins(blocks, block_of),
        covered=covered,
        masks=masks,
        after=after,
        starts=starts,
        ends=[start + len(token) for start, token in zip(starts, words, strict=True)],
    )


def is_masked(mention: MentionSpan | None) -> bool:
    """Whether the words of a mention are hidden from features behind its type: names are, descriptions are not."""
    return mention is not None and mention.kind not in ("pronoun", "nominal")


def _masks(
    lemmas: Sequence[str], tags: Sequence[str], covered: Mapping[int, MentionSpan]
) -> tuple[list[str], list[int]]:
    masks = [
        "" if tag == "SPACE" else "0" if lemma[:1].isdigit() else lemma for lemma, tag in zip(lemmas, tags, strict=True)
    ]
    after = list(range(1, len(masks) + 1))
    for token, mention in covered.items():
        if is_masked(mention):
            masks[token], after[token] = mention.type, max(mention.end, token + 1)
    return masks, after


def _lead_ins(blocks: Sequence[Block], block_of: Sequence[int]) -> list[int | None]:
    """For each sentence of a list item or table row, the last sentence of the text that leads into the list."""
    found: list[int | None] = []
    lead: int | None = None
    for number, block in enumerate(block_of):
        kind = blocks[block].kind if blocks else "paragraph"
        if kind in ("item", "row"):
            found.append(lead)
        else:
            found.append(None)
            lead = lead if kind == "field" else number
    return found


def _topics(block: int, blocks: Sequence[Block], in_block: dict[int, list[str]]) -> tuple[str, ...]:
    """The entities named by the heading that governs a block; at most four, in order."""
    heading = blocks[block].heading if blocks else None
    if heading is None:
        return ()
    return tuple(dict.fromkeys(in_block.get(heading, ())))[:4]
