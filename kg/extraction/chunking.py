"""A huge document in parts that fit into memory, and what its parts say as what the whole says.

A text above `LIMIT` characters is cut at empty lines, else at line ends, else at sentences or spaces. Each part is read
by itself; things of one type and name in several parts are one thing. What a part calls by a short name only stays
unresolved there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from kg.model import Claim, Document, Entity, Extraction
from kg.namespaces import name_key

LIMIT: Final = 300_000
"""Characters of a part: some 60,000 words, whose states take 50 MB."""
_CUTS: Final = ("\n\n", "\n", ". ", " ")


def split_document(document: Document, *, limit: int | None = None) -> Iterator[tuple[Document, bool]]:
    """(part, whether more follow) for a document; one of at most `limit` characters (`LIMIT`) is its only part."""
    limit = limit or LIMIT
    text, start = document.text, 0
    while len(text) - start > limit:
        end = _cut(text, start, limit)
        yield replace(document, text=text[start:end]), True
        start = end
    yield (document if not start else replace(document, text=text[start:])), False


def _cut(text: str, start: int, limit: int) -> int:
    """Where the part that begins at `start` ends: behind the last good place in its second half."""
    for mark in _CUTS:
        at = text.rfind(mark, start + limit // 2, start + limit)
        if at > 0:
            return at + len(mark)
    return start + limit


def merge_extractions(found: Sequence[Extraction]) -> Extraction:
    """What the parts of one document say, as an extraction of the document."""
    if len(found) == 1:
        return found[0]
    text = "".join(part.document.text for part in found)
    known: dict[tuple[str, str], str] = {}
    entities: dict[str, Entity] = {}
    claims: list[Claim] = []
    rejected: list[tuple[Claim, str]] = []
    offset = 0
    for part in found:
        ids: dict[str, str] = {}
        for entity in part.entities:
            key = (str(entity.type), name_key(entity.name) or entity.name)
            ids[entity.id] = known.setdefault(key, f"e{len(known) + 1}")
            moved = tuple(
                replace(mention, start=mention.start + offset, end=mention.end + offset) for mention in entity.mentions
            )
            before = entities.get(ids[entity.id])
            if before is None:
                entities[ids[entity.id]] = replace(entity, id=ids[entity.id], mentions=moved)
            else:
                entities[before.id] = replace(
                    before,
                    names=tuple(dict.fromkeys([*before.names, *entity.names])),
                    mentions=before.mentions + moved,
                    attributes=tuple(sorted({*before.attributes, *entity.attributes})),
                )
        claims += [_moved(claim, ids, offset) for claim in part.claims]
        rejected += [(_moved(claim, ids, offset), reason) for claim, reason in part.rejected]
        offset += len(part.document.text)
    return Extraction(
        document=replace(found[0].document, text=text),
        entities=tuple(entities.values()),
        claims=tuple(claims),
        rejected=tuple(rejected),
    )


def _moved(claim: Claim, ids: dict[str, str], offset: int) -> Claim:
    """The claim as one of the whole; ends that are no entities, as a rejected claim may have, keep their names."""
    return replace(
        claim,
        subject=ids.get(claim.subject, claim.subject),
        object=claim.object if claim.object_text else ids.get(claim.object, claim.object),
        claimant=ids.get(claim.claimant, claim.claimant) if claim.claimant is not None else None,
        evidence=replace(claim.evidence, start=claim.evidence.start + offset, end=claim.evidence.end + offset),
        cues=tuple(replace(cue, start=cue.start + offset, end=cue.end + offset) for cue in claim.cues),
    )
