"""All records of a document, with what governs each, and the names that they add to it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from kg.nlp.records.acts import governing, heading_of_list
from kg.nlp.records.entries import entries
from kg.nlp.records.labelled import labelled
from kg.nlp.records.listed_items import Named, listed_items
from kg.nlp.records.model import Act, Record
from kg.nlp.records.tables import tables
from kg.nlp.segmentation.blocks import Block, mask


def find_records(text: str, blocks: Sequence[Block], names: Sequence[Named] = ()) -> list[Record]:
    """The records of a running text in order; where two forms claim the same place, the stricter form has it."""
    found: list[Record] = []
    for form in (entries(mask(text), blocks), tables(text)):
        found += [record for record in form if not _covered(record, found)]
    found += [record for record in labelled(text, _spans(found)) if not _covered(record, found)]
    taken = sorted(_spans(found))
    standing = heading_of_list(text, blocks) if found else None
    governed = []
    starts = [block.start for block in blocks]
    act: Act | None = None
    kind, end = "", -1
    for record in sorted(found, key=lambda one: one.start):
        if end < 0 or bisect_left(starts, end) != bisect_left(starts, record.start):  # else what governs the one before
            act, kind = governing(text, blocks, record.start, taken)
        end = record.end
        governed.append(replace(record, act=act or standing, type=record.type or kind))
    items = [one for one in listed_items(mask(text), blocks, names, taken) if not _covered(one, governed)]
    return sorted([*governed, *items], key=lambda one: (one.start, one.end))


def _spans(found: Sequence[Record]) -> list[tuple[int, int]]:
    return [(record.start, record.end) for record in found]


def _covered(record: Record, found: Sequence[Record]) -> bool:
    return any(one.start < record.end and record.start < one.end for one in found)
