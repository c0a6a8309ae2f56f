"""Whether a name alone may stand for one thing in all documents, or only for somebody within one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from kg.reference.authorities import authority
from kg.reference.common_names import is_common_word
from kg.reference.countries import country
from kg.reference.listings import official_list

_ORGANIZED: Final = frozenset({"Company", "Organization", "GovernmentBody"})
_SMALL: Final = frozenset("of the and for to in on de la el al bin ibn abu al- no".split())


@lru_cache(maxsize=1 << 16)
def is_distinctive(kind: str, name: str) -> bool:
    """Whether entities of this type and name in two documents may be taken for one without further evidence.

    Not so for people with one name or with common words only, and for bodies and firms of common words only that no
    table knows.

    >>> is_distinctive("Person", "Yevgeny Prigozhin"), is_distinctive("Person", "Mohammed Ali")
    (True, False)
    >>> is_distinctive("GovernmentBody", "Ministry of Defence"), is_distinctive("GovernmentBody", "OFAC")
    (False, True)
    """
    person = kind == "Person"
    if not person and kind not in _ORGANIZED:
        return True
    if not person and (authority(name) or official_list(name) or country(name)):
        return True
    words = [word for word in _words(name) if word not in _SMALL and (len(word) > 1 or not person)]
    if person and len(words) < 2:
        return False
    return not all(is_common_word(word, person=person) for word in words)


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name)
    folded = "".join(char for char in plain if not unicodedata.combining(char)).casefold()
    return re.findall(r"[^\W_]+", folded.replace("'", "").replace("’", ""))
