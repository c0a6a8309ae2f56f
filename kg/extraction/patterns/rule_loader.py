"""Relation rules from `ontology/relations/*.yaml`, checked before a text is read with them.

A file states one predicate or a list of them: its definition, the types of its two ends, the patterns that express it,
and examples that are the rule's own tests. An error names the file, the place in it (as in
`listing.yaml: $[2].patterns[0].verb`) and the cause. The values are those of `kg.extraction.patterns.rules`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyoxigraph
import yaml

from kg.errors import RuleError
from kg.extraction.patterns.form_grammar import compile_form
from kg.extraction.patterns.rules import KINDS, ROLES, Example, FormPattern, FramePattern, Role, RuleSet
from kg.model import EntityType, Status
from kg.namespaces import ONTOLOGY, expand
from kg.nlp.inflection import noun_forms, verb_forms

_TYPES: Final = frozenset(kind.value for kind in EntityType)
_FILE_KEYS: Final = frozenset(
    {"predicate", "definition", "subject", "object", "trust", "patterns", "examples", "not_examples"}
)
_FRAME_KEYS: Final = frozenset(
    {
        *KINDS,
        "id",
        "subject",
        "object",
        "requires",
        "without",
        "contains",
        "except",
        "after",
        "not_after",
        "types",
        "status",
        "trust",
    }
)
_FORM_KEYS: Final = frozenset(
    {"id", "trigger", "as", "form", "contains", "after", "not_after", "types", "status", "trust"}
)
_MARKED: Final = re.compile(r"\[(?P<name>[^\]]+)\]\{(?P<type>\w+)\}")


class _Words(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # ten times as fast in C
    """YAML in which `on`, `off`, `yes` and `no` are the words that they are."""


_Words.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_rules(folder: Path, *, predicates: Collection[str] | None = None) -> RuleSet:
    """The rules of all `*.yaml` files of `folder`, in the order of their names.

    `predicates` are the ones that the ontology has; None reads them from `sanctions.ttl` beside the folder,
    where that file exists. Raises RuleError that names the file, the place in it and the cause.
    """
    known = _ontology_predicates(folder.parent / "sanctions.ttl") if predicates is None else frozenset(predicates)
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise RuleError("no relation rules here", place=str(folder), hint="give the folder ontology/relations")
    seen: set[str] = set()
    frames: list[FramePattern] = []
    forms: list[FormPattern] = []
    examples: list[Example] = []
    definitions: dict[str, str] = {}
    trust: dict[str, float] = {}
    for path in paths:
        place = f"{folder.name}/{path.name}"
        for where, relation in _relations(path, place):
            predicate = _text(relation, "predicate", where)
            if known and predicate not in known:
                raise RuleError(f"the ontology has no property '{predicate}'", place=f"{where}.predicate")
            if predicate in definitions:
                raise RuleError(f"'{predicate}' has rules in an earlier file", place=f"{where}.predicate")
            definitions[predicate] = _text(relation, "definition", where)
            for number, pattern in enumerate(_list(relation, "patterns", where)):
                at = f"{where}.patterns[{number}]"
                read = _pattern(pattern, relation, predicate, at)
                if read.rule in seen:
                    raise RuleError(f"two patterns are called '{read.rule}'", place=at, hint="give each its own id")
                seen.add(read.rule)
                if (believed := _trust(pattern.get("trust", relation.get("trust")), at)) is not None:
                    trust[read.rule] = believed
                if isinstance(read, FramePattern):
                    frames.append(read)
                else:
                    forms.append(read)
            for key in ("examples", "not_examples"):
                for number, example in enumerate(_list(relation, key, where, needed=False)):
                    at = f"{where}.{key}[{number}]"
                    examples.append(_example(example, predicate, at, expected=key == "examples"))
    return RuleSet(tuple(frames), tuple(forms), tuple(examples), definitions, trust)


def _ontology_predicates(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    relation = pyoxigraph.NamedNode(ONTOLOGY + "Relation")
    return frozenset(
        triple.subject.value.removeprefix(ONTOLOGY)
        for triple in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE)
        if triple.predicate.value == expand("rdf:type") and triple.object == relation
    )


def _relations(path: Path, place: str) -> list[tuple[str, Mapping[str, Any]]]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Words)  # a SafeLoader
    except yaml.YAMLError as error:
        raise RuleError(f"not YAML: {error}", place=place) from error
    found = content if isinstance(content, list) else [content]
    many = isinstance(content, list)
    relations: list[tuple[str, Mapping[str, Any]]] = []
    for number, relation in enumerate(found):
        where = f"{place}: $[{number}]" if many else f"{place}: $"
        if not isinstance(relation, Mapping):
            raise RuleError("a relation is a mapping with predicate, definition, patterns", place=where)
        _only(relation, _FILE_KEYS, where)
        relations.append((where, relation))
    return relations


def _pattern(pattern: Any, relation: Mapping[str, Any], predicate: str, at: str) -> FramePattern | FormPattern:
    if not isinstance(pattern, Mapping):
        raise RuleError("a pattern is a mapping", place=at)
    rule = f"{predicate}.{_text(pattern, 'id', at)}"
    types = pattern.get("types", {})
    if not isinstance(types, Mapping) or not set(types) <= {"subject", "object"}:
        raise RuleError("types are given for 'subject' and 'object'", place=f"{at}.types")
    ends = [_types(types.get(end, relation.get(end)), f"{at}.types.{end}") for end in ("subject", "object")]
    status = pattern.get("status")
    if status is not None and status not in frozenset(Status):
        raise RuleError(f"unknown status '{status}'", place=f"{at}.status")
    if "form" in pattern:
        _only(pattern, _FORM_KEYS, at)
        return _form(pattern, rule, predicate, (ends[0], ends[1]), at)
    _only(pattern, _FRAME_KEYS, at)
    kinds = [kind for kind in KINDS if kind in pattern]
    if len(kinds) != 1:
        raise RuleError(f"a pattern has one of {', '.join(KINDS)} or a form", place=at)
    return FramePattern(
        rule=rule,
        predicate=predicate,
        kind=kinds[0],
        triggers=tuple(_words(pattern[kinds[0]], f"{at}.{kinds[0]}")),
        subject=_roles(pattern.get("subject"), f"{at}.subject"),
        object=_roles(pattern.get("object"), f"{at}.object"),
        subject_types=ends[0],
        object_types=ends[1],
        requires=_conditions(pattern.get("requires", {}), f"{at}.requires"),
        without=_conditions(pattern.get("without", {}), f"{at}.without"),
        excepted=_inflections(pattern.get("except", []), f"{at}.except"),
        **_near(pattern, at),
        status=status,
    )


def _form(
    pattern: Mapping[str, Any], rule: str, predicate: str, ends: tuple[frozenset[str], frozenset[str]], at: str
) -> FormPattern:
    form = _text(pattern, "form", at)
    kind = pattern.get("as", "noun")
    if kind not in ("verb", "noun", "word"):
        raise RuleError("'as' is verb, noun or word: how the triggers are inflected", place=f"{at}.as")
    lemmas = _words(pattern.get("trigger"), f"{at}.trigger")
    written = {form for lemma in lemmas for form in _inflected(lemma, kind)}
    triggers = tuple(sorted(written | {form.replace("-", " - ") for form in written}))
    try:
        regex = compile_form(form, triggers)
    except ValueError as error:
        raise RuleError(str(error), place=f"{at}.form") from error
    return FormPattern(
        rule=rule,
        predicate=predicate,
        triggers=triggers,
        regex=regex,
        subject_types=ends[0],
        object_types=ends[1],
        nearest_subject="SUBJ1" in form,
        nearest_object="OBJ1" in form,
        brackets="LB" in form.split() or "RB" in form.split(),
        nominal=kind == "noun",
        unrivalled=re.match(r"(?:[^A-Z]* )?(?:SUBJ|OBJ)\d? \*", form) is not None,
        ungoverned=re.match(r"(?:[^A-Z]* )?(?:SUBJ|OBJ)(?:0|\d? \*)", form) is not None,
        named="NAME" in form.split(),
        **_near(pattern, at),
        status=pattern.get("status"),
    )


def _trust(given: Any, at: str) -> float | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 1:
        raise RuleError("trust is a number from 0 to 1", place=f"{at}.trust")
    return float(given)


def _near(pattern: Mapping[str, Any], at: str) -> dict[str, frozenset[str]]:
    """The conditions on words as written that frames and forms share."""
    keys = ("contains", "after", "not_after")
    return {key: frozenset(_words(pattern.get(key, []), f"{at}.{key}", empty=True)) for key in keys}


def _inflections(given: Any, at: str) -> frozenset[str]:
    return frozenset(form for lemma in _words(given, at, empty=True) for form in verb_forms(lemma))


def _inflected(lemma: str, kind: str) -> frozenset[str]:
    if kind == "word":
        return frozenset({lemma.lower()})
    return verb_forms(lemma) if kind == "verb" else noun_forms(lemma)


def _roles(given: Any, at: str) -> tuple[Role, ...]:
    if given is None:
        raise RuleError("a frame needs a role here", place=at, hint=f"one of {', '.join(sorted(ROLES))} or prep")
    roles: list[Role] = []
    for item in given if isinstance(given, list) else [given]:
        if isinstance(item, Mapping) and set(item) in ({"prep"}, {"phrase"}):
            ((key, preps),) = item.items()
            roles.extend(Role("prep", prep, key == "phrase") for prep in _words(preps, f"{at}.{key}"))
        elif isinstance(item, str) and item in ROLES:
            roles.append(Role(item, phrase=item == "clause"))
        else:
            raise RuleError(f"unknown role '{item}'", place=at, hint=f"one of {', '.join(sorted(ROLES))} or prep")
    return tuple(roles)


def _conditions(given: Any, at: str) -> tuple[tuple[Role, frozenset[str]], ...]:
    if not isinstance(given, Mapping):
        raise RuleError("conditions are a mapping from role to words", place=at)
    found: list[tuple[Role, frozenset[str]]] = []
    for role, words in given.items():
        lemmas = frozenset(_words(words, f"{at}.{role}"))
        name = Role(role) if role in ROLES or role == "prep" else Role("prep", str(role))
        found.append((name, lemmas))
    return tuple(found)


def _example(example: Any, predicate: str, at: str, *, expected: bool) -> Example:
    if isinstance(example, str) and not expected:
        example = {"text": example}
    if not isinstance(example, Mapping):
        raise RuleError("an example has text and triples", place=at)
    _only(example, frozenset({"text", "triples"}), at)
    marked = _text(example, "text", at)
    text, entities, last = "", [], 0
    for found in _MARKED.finditer(marked):
        if found["type"] not in _TYPES:
            raise RuleError(f"unknown entity type '{found['type']}'", place=f"{at}.text")
        text += marked[last : found.start()]
        entities.append((found["name"], found["type"], len(text), len(text) + len(found["name"])))
        text += found["name"]
        last = found.end()
    text += marked[last:]
    triples: list[tuple[str, str, str]] = []
    for number, triple in enumerate(_list(example, "triples", at, needed=expected)):
        parts = [part.strip() for part in str(triple).split("|")]
        if len(parts) != 3:
            raise RuleError("a triple is written 'subject | predicate | object'", place=f"{at}.triples[{number}]")
        triples.append((parts[0], parts[1], parts[2]))
    return Example(predicate, text, tuple(entities), tuple(triples), expected, at)


def _types(given: Any, at: str) -> frozenset[str]:
    if given == "text":
        return frozenset()
    if not isinstance(given, list) or not given:
        raise RuleError("a list of entity types is needed, or 'text'", place=at)
    for name in given:
        if name not in _TYPES:
            raise RuleError(f"unknown entity type '{name}'", place=at, hint=f"one of {', '.join(sorted(_TYPES))}")
    return frozenset(given)


def _only(mapping: Mapping[str, Any], allowed: frozenset[str], at: str) -> None:
    for key in mapping:
        if key not in allowed:
            raise RuleError(f"unknown key '{key}'", place=at, hint=f"one of {', '.join(sorted(allowed))}")


def _text(mapping: Mapping[str, Any], key: str, at: str) -> str:
    value = mapping.get(key)
    if not isinstance(value, str) or not value.strip():
        raise RuleError(f"'{key}' is missing or not a text", place=at)
    return value.strip()


def _list(mapping: Mapping[str, Any], key: str, at: str, *, needed: bool = True) -> Sequence[Any]:
    value = mapping.get(key, [])
    if not isinstance(value, list) or (needed and not value):
        raise RuleError(f"'{key}' must be a list" + (" that is not empty" if needed else ""), place=at)
    return value


def _words(given: Any, at: str, *, empty: bool = False) -> list[str]:
    words = [given] if isinstance(given, str) else given
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise RuleError("a word or a list of words is needed", place=at)
    if not words and not empty:
        raise RuleError("at least one word is needed", place=at)
    return words
