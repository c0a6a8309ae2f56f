"""Coreference within one document: named things, and what later speaks of them.

doc.ents -> name variants (`name_variants`) -> governments and demonyms (`metonymy`) -> aliases (`aliases`) -> sieves
over names (`name_sieves`) -> pronouns, definite descriptions, groups -> clusters (`resolver`).
"""

from kg.nlp.coref.clusters import Cluster, CoreferentSpan
from kg.nlp.coref.resolver import resolve_coreference

__all__ = ["Cluster", "CoreferentSpan", "resolve_coreference"]
