"""What fuzzing found, kept (`make fuzz`): each of these once raised something that was none of our errors."""

from __future__ import annotations

import pytest

from kg.extraction.extractor import extract
from kg.model import Document


@pytest.mark.parametrize("text", ["Treasury designated Treasury for"])
def test_any_text_is_read(text: str) -> None:
    (extraction,) = extract([Document("d", text)])
    assert all(text[one.evidence.start : one.evidence.end] == one.evidence.text for one in extraction.claims)
