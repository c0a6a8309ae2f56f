"""From an annotated Doc to its clusters: the one function that runs all steps of coreference."""

from __future__ import annotations

from collections import Counter
from typing import Final

from spacy.tokens import Doc

from kg.nlp.coref.aliases import bracketed, marked
from kg.nlp.coref.clusters import Cluster, CoreferentSpan
from kg.nlp.coref.definite_descriptions import resolve
from kg.nlp.coref.discourse import DiscourseModel, block_numbers
from kg.nlp.coref.metonymy import demonyms, governments, located, seat_acts, states
from kg.nlp.coref.name_sieves import Links, link
from kg.nlp.coref.name_variants import NameVariant, add, collect
from kg.nlp.coref.nations import NOT_STATES, state_of, state_of_capital, state_of_demonym
from kg.nlp.coref.numbered_groups import descriptions
from kg.nlp.dependencies import Tree, read_tree
from kg.nlp.doc_arrays import tokens_of, written

_ALIAS_SIEVES: Final = frozenset({"bracket", "acronym", "also known as", "former name"})
_SHORT_SIEVES: Final = frozenset({"part of name"})


def resolve_coreference(doc: Doc, *, tree: Tree | None = None) -> list[Cluster]:
    """The things of the document in order of first mention, each with every span that speaks of it.

    Without a parse only names are clustered. Pass the `tree` where it has been read already.
    """
    named = _named(doc)
    if not doc.has_annotation("DEP"):
        return named
    tree = tree or read_tree(doc)
    covered = {token for cluster in named for span in cluster.spans for token in range(span.start, span.end)}
    for start, end, head, kind in descriptions(tree, covered, _parties(named)):
        named.append(
            Cluster(kind, written(doc, start, end), (CoreferentSpan(start, end, head, "name", "description"),))
        )
    scene = DiscourseModel(tree, named, block_numbers(tokens_of(doc)))
    resolve(scene)
    return _ordered(scene)


def _parties(named: list[Cluster]) -> int:
    """How many persons, companies and other bodies are named that could be what a number counts."""
    return sum(cluster.type in ("Person", "Company", "Organization", "Vessel") for cluster in named)


def _ordered(scene: DiscourseModel) -> list[Cluster]:
    order = sorted(range(len(scene.things)), key=lambda index: (min(scene.things[index].spans), index))
    place = {index: number for number, index in enumerate(order)}
    return [
        Cluster(
            scene.things[index].type,
            scene.things[index].name,
            tuple(sorted(set(scene.things[index].spans))),
            tuple(sorted(place[member] for member in scene.things[index].members)),
        )
        for index in order
    ]


def _named(doc: Doc) -> list[Cluster]:
    folk = demonyms(doc)
    named = {token.i for ent in doc.ents for token in ent}
    forms = collect(doc, states(doc, named))
    for form in forms:
        if state_of_capital(form.surface) and any(located(doc, *span) for span in form.spans):
            form.types = Counter({"Place": sum(form.types.values())})
    stately = _stately(doc, folk)
    covered = {token for start, end, _, _ in stately for token in range(start, end)}
    forms = [form for form in forms if _keep(doc, form, covered, folk)]
    forms, pairs = _with_aliases(doc, forms)
    _repeat(doc, forms, covered)
    links = link(forms, pairs)
    things: dict[int, list[int]] = {}
    for index in range(len(forms)):
        things.setdefault(links.root(index), []).append(index)
    found = [_cluster(doc, links, members) for members in things.values()]
    found = _add_states(doc, found, stately)
    return sorted(found, key=lambda cluster: (cluster.spans[0].start, cluster.spans[0].end))


def _stately(doc: Doc, folk: dict[int, tuple[int, str]]) -> list[tuple[int, int, str, str]]:
    """(start, end, state, sieve) of governments, acting capitals and demonyms that are not part of another name."""
    found = [(start, end, state, "government") for start, end, state in governments(doc, folk)]
    taken = {token for start, end, _, _ in found for token in range(start, end)}
    inside = {token.i for ent in doc.ents for token in ent if len(ent) > 1}
    if doc.has_annotation("DEP"):
        for ent in doc.ents:
            if ent.label_ in ("Country", "Place", "GPE", "LOC") and ent.start not in taken:
                state = seat_acts(doc, ent.start, ent.end)
                if state:
                    found.append((ent.start, ent.end, state, "seat"))
                    taken.update(range(ent.start, ent.end))
    for start, (end, state) in folk.items():
        if not taken & set(range(start, end)) and not (inside & set(range(start, end))):
            found.append((start, end, state, "demonym"))
    return sorted(found)


def _keep(doc: Doc, form: NameVariant, covered: set[int], folk: dict[int, tuple[int, str]]) -> bool:
    """Drop the mentions that governments and demonyms account for; False when none is left."""
    form.spans = [(start, end) for start, end in form.spans if not (set(range(start, end)) <= covered)]
    return bool(form.spans)


def _with_aliases(doc: Doc, forms: list[NameVariant]) -> tuple[list[NameVariant], list[tuple[int, int, str]]]:
    """The forms, with those that only a bracket names, and the pairs that the text equates."""
    found = {(form.key, form.group): form for form in forms}
    equal: list[tuple[tuple[str, str], tuple[str, str], str]] = []
    by_span = {span: form for form in forms for span in form.spans}
    for index, span, sieve in bracketed(doc, forms):
        owner = forms[index]
        form = by_span.get(span)
        if form is None or form.group != owner.group:
            label = owner.types.most_common(1)[0][0]
            if form is not None:
                form.spans.remove(span)
            before = set(found)
            add(found, doc, span, label)
            new = set(found) - before
            key = next(iter(new)) if new else None
            form = found[key] if key else next((f for f in found.values() if span in f.spans), None)
        if form is not None and form is not owner:
            by_span[span] = form
            equal.append(((form.key, form.group), (owner.key, owner.group), sieve))
    kept = [form for form in found.values() if form.spans]
    for form in kept:
        form.spans.sort()
    kept.sort(key=lambda form: (form.spans[0], form.group))
    place = {(form.key, form.group): index for index, form in enumerate(kept)}
    pairs = [(place[a], place[b], sieve) for a, b, sieve in equal if a in place and b in place and a != b]
    return kept, pairs + marked(doc, kept)


def _repeat(doc: Doc, forms: list[NameVariant], covered: set[int]) -> None:
    """Find further places of names that were recognised elsewhere in the document, spelt exactly alike."""
    taken = covered | {token for form in forms for start, end in form.spans for token in range(start, end)}
    wanted: dict[str, list[tuple[tuple[str, ...], NameVariant]]] = {}
    for form in forms:
        for surface in sorted(form.surfaces):
            tokens = _token_texts(doc, form, surface)
            if tokens and (len(tokens) > 1 or form.acronym or len(surface) > 4) and tokens[0][:1].isupper():
                wanted.setdefault(tokens[0], []).append((tokens, form))
    for options in wanted.values():
        options.sort(key=lambda option: -len(option[0]))
    touched: set[int] = set()
    words = tokens_of(doc)
    for start, word in enumerate(words):
        for tokens, form in wanted.get(word, ()):
            end = start + len(tokens)
            if end > len(words) or not taken.isdisjoint(range(start, end)):
                continue
            if tuple(words[start:end]) == tokens and _stands_free(doc, start, end, len(tokens)):
                form.spans.append((start, end))
                form.surfaces[written(doc, start, end)] += 1
                taken.update(range(start, end))
                touched.add(id(form))
                break
    for form in forms:
        if id(form) in touched:
            form.spans.sort()


def _token_texts(doc: Doc, form: NameVariant, surface: str) -> tuple[str, ...]:
    for start, end in form.spans:
        if written(doc, start, end) == surface:
            return tuple(tokens_of(doc)[start:end])
    return ()


def _stands_free(doc: Doc, start: int, end: int, size: int) -> bool:
    """A single word inside a longer run of capitals is likely part of another, unrecognised name."""
    if size > 1:
        return True
    before, after = doc[start - 1] if start else None, doc[end] if end < len(doc) else None
    if (
        before is not None
        and before.text[:1].isupper()
        and before.is_alpha
        and not before.is_sent_start
        and before.lower_ not in ("the",)
    ):
        return False
    return not (after is not None and after.text[:1].isupper() and after.is_alpha)


def head_of(doc: Doc, start: int, end: int) -> int:
    """The token of the span whose own head lies outside it; the last token where there is no parse."""
    if not doc.has_annotation("DEP"):
        return end - 1
    for index in range(start, end):
        head = doc[index].head.i
        if head == index or not start <= head < end:
            return index
    return end - 1


def _cluster(doc: Doc, links: Links, members: list[int]) -> Cluster:
    forms = [links.forms[index] for index in members]
    fullest = min(forms, key=lambda form: (form.acronym, -len(form.words), -len(form.spans), form.first))
    votes: Counter[str] = Counter()
    for form in forms:
        votes.update(form.types)
    votes.update({label: 1 + len(forms) // 2 for label, _ in fullest.types.most_common(1)})
    if any(form.group == "place" and state_of(form.surface) not in (None, *NOT_STATES) for form in forms):
        votes["Country"] += sum(votes.values())
    spans = []
    for index in members:
        form = links.forms[index]
        sieve = links.sieve.get(index, "exact")
        kind = "alias" if sieve in _ALIAS_SIEVES else "short" if sieve in _SHORT_SIEVES else "name"
        spans += [CoreferentSpan(start, end, head_of(doc, start, end), kind, sieve) for start, end in form.spans]
    label = min(votes, key=lambda name: (-votes[name], name))
    return Cluster(label, _fullest_surface(forms, fullest, label), tuple(sorted(set(spans))))


def _fullest_surface(forms: list[NameVariant], fullest: NameVariant, label: str) -> str:
    if label == "Country":
        return max(forms, key=lambda form: (len(form.spans), -form.first)).surface
    return min(fullest.surfaces, key=lambda text: (text.isupper(), -len(text), text))


def _add_states(doc: Doc, found: list[Cluster], stately: list[tuple[int, int, str, str]]) -> list[Cluster]:
    """Give governments, capitals and demonyms to their country's cluster; make one where the text has none."""
    place: dict[str, int] = {}
    for index, cluster in enumerate(found):
        if cluster.type == "Country":
            for span in cluster.spans:
                text = written(doc, span.start, span.end)
                if state := state_of(text) or state_of_demonym(text):
                    place.setdefault(state, index)
                    break
    extra: dict[int, list[CoreferentSpan]] = {}
    for start, end, state, sieve in stately:
        if (
            state not in place
            and sieve == "demonym"
            and written(doc, start, end).endswith(("s", "men"))
            and not written(doc, start, end).endswith("ss")
        ):
            continue  # "Kazakhs" are a people, not yet a country
        if state not in place:
            place[state] = len(found)
            kind = "Place" if state in NOT_STATES else "Country"
            found.append(Cluster(kind, written(doc, start, end), ()))
        extra.setdefault(place[state], []).append(CoreferentSpan(start, end, head_of(doc, start, end), "name", sieve))
    merged = []
    for index, cluster in enumerate(found):
        spans = tuple(sorted({*cluster.spans, *extra.get(index, ())}))
        if spans:
            merged.append(Cluster(cluster.type, cluster.name, spans, cluster.members))
    return merged
