"""Facts about countries, authorities, lists, measures and programmes (`ontology/reference/*.yaml`), by any spelling.

In: a name or code as a list or a text writes it. Out: the one spelling that the graph uses, or None. The files are
read once; nothing here changes.
"""

from kg.reference.authorities import Authority, authority, authority_of_dataset, bodies_of, chain, jurisdiction
from kg.reference.common_names import is_common_word
from kg.reference.countries import country, country_code, country_names
from kg.reference.distinctive import is_distinctive
from kg.reference.listings import (
    Effect,
    Measure,
    OfficialList,
    belongs_to,
    default_list,
    effect,
    legal_basis,
    list_of_dataset,
    list_of_programme,
    measures,
    names_a_list,
    official_list,
    spellings,
    stated_measures,
)
from kg.reference.tables import table

__all__ = [
    "Authority",
    "Effect",
    "Measure",
    "OfficialList",
    "authority",
    "authority_of_dataset",
    "belongs_to",
    "bodies_of",
    "chain",
    "country",
    "country_code",
    "country_names",
    "default_list",
    "effect",
    "is_common_word",
    "is_distinctive",
    "jurisdiction",
    "legal_basis",
    "list_of_dataset",
    "list_of_programme",
    "measures",
    "names_a_list",
    "official_list",
    "spellings",
    "stated_measures",
    "table",
]
