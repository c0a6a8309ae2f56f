"""A path, a stream or an archive of texts -> `Document`s, one at a time.

`read` stops at the first thing that cannot be read, `read_all` hands it over as a value and goes on. What a text
means, and where its sentences are, is not known here.
"""

from __future__ import annotations

from kg.documents.sources import read, read_all

__all__ = ["read", "read_all"]
