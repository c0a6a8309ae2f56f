"""English words as data: one YAML file for each step of reading, group -> words.

>>> "deny" in load_lexicon("factuality")["deny"]
True
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from kg.errors import KgError
from kg.nlp.inflection import verb_forms

_FOLDER: Final = Path(__file__).resolve().parent


@lru_cache(maxsize=16)
def load_lexicon(name: str) -> Mapping[str, frozenset[str]]:
    """The groups of `name`.yaml beside this file; raises KgError where an entry is no list of words."""
    path = _FOLDER / f"{name}.yaml"
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))
    for group, words in groups.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise KgError(f"'{group}' is no list of words", place=path.name, hint="quote words such as no, yes and on")
    return {group: frozenset(words) for group, words in groups.items()}


@lru_cache(maxsize=64)
def load_verbs(name: str, group: str) -> frozenset[str]:
    """Every form of the verbs of a group, for words whose lemma the tagger may have missed.

    >>> "annulled" in load_verbs("listing", "lift")
    True
    """
    return frozenset(form for lemma in load_lexicon(name)[group] for form in verb_forms(lemma))
