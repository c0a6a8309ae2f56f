"""Coreference within one document: named things, and what later speaks of them.

doc.ents -> forms (`forms.py`) -> governments and demonyms (`governments.py`) -> aliases (`aliases.py`) -> sieves over
names (`names.py`) -> pronouns, nominals and groups (`references.py`) -> clusters.
"""

from kg.language.coreference.clustering import clusters
from kg.language.coreference.spans import Cluster, Span_

__all__ = ["Cluster", "Span_", "clusters"]
