"""Records of lists, notices and annexes: a party and the fields that stand with it, read off the layout.

running text, blocks, names -> `Record`s: rows of tables, entries under labels, entries in OFAC's form, items of lists
under a statement that lists or removes. What they say as relations is read in `kg.extraction.events.record_facts`.
"""

from __future__ import annotations

from kg.nlp.records.find import find_records
from kg.nlp.records.model import Act, Field, Record

__all__ = ["Act", "Field", "Record", "find_records"]
