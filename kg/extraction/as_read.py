"""What was read in the running text, with its places in the text as read.

Claims are found in a text whose lines are joined; what is handed on names the characters of the document itself, so
that `document.text[start:end]` is the evidence, line ends and page heads between its words included.
"""

from __future__ import annotations

from dataclasses import replace

from kg.model import Claim, Extraction
from kg.nlp.segmentation.page_lines import RunningText


def as_read(found: Extraction, running: RunningText | None) -> Extraction:
    """The extraction with every place moved into the document's own text; the same one where nothing was joined."""
    text = found.document.text
    if running is None or running.text == text:
        return found
    entities = tuple(
        replace(
            entity,
            mentions=tuple(
                replace(mention, start=place[0], end=place[1], text=text[place[0] : place[1]])
                for mention in entity.mentions
                for place in (running.source(mention.start, mention.end),)
            ),
        )
        for entity in found.entities
    )
    return replace(
        found,
        entities=entities,
        claims=tuple(_moved(claim, running, text) for claim in found.claims),
        rejected=tuple((_moved(claim, running, text), reason) for claim, reason in found.rejected),
    )


def _moved(claim: Claim, running: RunningText, text: str) -> Claim:
    start, end = running.source(claim.evidence.start, claim.evidence.end)
    cues = []
    for cue in claim.cues:
        first, last = running.source(cue.start, cue.end)
        cues.append(replace(cue, start=first, end=last, text=text[first:last]))
    return replace(
        claim, evidence=replace(claim.evidence, start=start, end=end, text=text[start:end]), cues=tuple(cues)
    )
