"""Where in a document two of its entities meet: in a sentence, under a heading, across two sentences, in one act.

In: a `Sheet`. Out: `Context`s, each a place that may say a relation between two entities, with its features. What
the relation is, if any, is not decided here.

The contexts of an *act* answer for texts that speak of one designation in many sentences: whoever is named as
designated anywhere, and the authority, list and legal basis named anywhere else, belong together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kg.extraction.document_view import Figure, Sheet
from kg.extraction.events.office_holders import POSTS, titled
from kg.extraction.features.document import ACTORS, LISTABLE, Facts, Marks, authorities, owns_list, tail
from kg.extraction.features.pairs import Context, Parts, hash_all, pair_features, path
from kg.extraction.mention_spans import NAMES, Spot
from kg.extraction.patterns.matcher import Match

_BASES: Final = frozenset({"LegalInstrument", "List"})
#: Pairs of types between which no relation of the guidelines holds.
_NEVER: Final = frozenset(
    {
        ("LegalInstrument", "LegalInstrument"),
        ("List", "List"),
        ("List", "LegalInstrument"),
        ("LegalInstrument", "List"),
        ("LegalInstrument", "Place"),
        ("Place", "LegalInstrument"),
        ("List", "Place"),
        ("Place", "List"),
    }
)


def contexts(sheet: Sheet, marks: Marks, matches: Sequence[Match] = ()) -> list[Context]:
    """All contexts of a document, in the order of the text; `matches` of rules count among their features."""
    found = list(_within_sentences(sheet, marks.facts, _by_pair(matches)))
    found.extend(_under_headings(sheet, marks.facts))
    found.extend(_under_lead_ins(sheet, marks.facts))
    found.extend(_across_sentences(sheet, marks.facts))
    found.extend(_posts(sheet, marks.facts))
    found.extend(_acts(sheet, marks, matches))
    return found


def _make(
    sheet: Sheet,
    first: Spot,
    second: Spot,
    features: list[str],
    facts: Facts,
    kind: str,
    sentence: int,
    other: int | None = None,
    peak: int | None = None,
    shared: Parts = (),
) -> Context:
    parts = (hash_all([f"x:{kind}", *features]), *shared, facts.first[first.entity], facts.second[second.entity])
    peak = sheet.heads[second.head] if peak is None else peak
    return Context(first, second, sentence, parts, other, kind, peak)


_Pairs = dict[tuple[int, str, str], list[str]]


def _by_pair(matches: Sequence[Match]) -> _Pairs:
    """The rules that matched, by sentence, subject and object."""
    pairs: _Pairs = {}
    for match in matches:
        if match.object_spot is not None:
            pairs.setdefault((match.sentence, match.subject, match.object), []).append(match.rule)
    return pairs


def _rule_features(pairs: _Pairs, number: int, first: Spot, second: Spot) -> Iterator[str]:
    for way, key in ((">", (number, first.entity, second.entity)), ("<", (number, second.entity, first.entity))):
        for rule in dict.fromkeys(pairs.get(key, ())):
            yield f"r{way}:{rule}"
            yield f"rp{way}:{rule.partition('.')[0]}"
            yield f"rt{way}:{rule}:{first.type}|{second.type}"


def _within_sentences(sheet: Sheet, facts: Facts, pairs: _Pairs) -> Iterator[Context]:
    for number, spots in enumerate(sheet.spots):
        best: dict[tuple[str, str], tuple[int, Spot, Spot]] = {}
        for index, first in enumerate(spots):
            for step, second in enumerate(spots[index + 1 : index + 40]):
                if first.entity == second.entity or second.start < first.end:
                    continue
                if step > 11 and index > 2:
                    break
                if (first.type, second.type) in _NEVER:
                    continue
                key = (min(first.entity, second.entity), max(first.entity, second.entity))
                gap = second.start - first.end
                if key not in best or gap < best[key][0]:
                    best[key] = (gap, first, second)
        crowd = f"crowd:{min(len(spots), 8)}"
        block = f"block:{sheet.blocks[sheet.block_of[number]].kind}" if sheet.blocks else "block:"
        for _, first, second in best.values():
            way = path(sheet, first.head, second.head)
            features = pair_features(sheet, first, second, way)
            features += [crowd, block, *_rule_features(pairs, number, first, second)]
            yield _make(sheet, first, second, features, facts, "sentence", number, None, way[2])


def _under_headings(sheet: Sheet, facts: Facts) -> Iterator[Context]:
    """The entity that a heading names, and the entities of a sentence below that does not name it again."""
    for number, spots in enumerate(sheet.spots):
        topics = sheet.topics[number]
        if not topics or not spots:
            continue
        here = {spot.entity for spot in spots}
        for rank, topic in enumerate(topics[:2]):
            if topic in here or topic not in sheet.figures:
                continue
            head = sheet.figures[topic].spots[0]
            done: set[str] = set()
            for spot in spots:
                if spot.entity in done or spot.kind not in NAMES or (head.type, spot.type) in _NEVER:
                    continue
                done.add(spot.entity)
                features = [f"g:{fact}" for fact in lone_features(sheet, spot)]
                features += [f"rank:{rank}:{len(topics)}", f"t:{head.type}|{spot.type}"]
                yield _make(sheet, head, spot, features, facts, "heading", number, sheet.sentence_of[head.start])


def _under_lead_ins(sheet: Sheet, facts: Facts) -> Iterator[Context]:
    """The first entity of a list item, and the entities of the sentence that leads into the list."""
    for number, lead in enumerate(sheet.lead_in):
        if lead is None or not sheet.spots[number] or not sheet.spots[lead]:
            continue
        own = next((spot for spot in sheet.spots[number] if spot.kind in NAMES), None)
        if own is None:
            continue
        here = {spot.entity for spot in sheet.spots[number]}
        done: set[str] = set()
        for spot in sheet.spots[lead][:10]:
            if spot.entity in here or spot.entity in done or (spot.type, own.type) in _NEVER:
                continue
            done.add(spot.entity)
            features = [f"y:{fact}" for fact in lone_features(sheet, spot)]
            features += [f"t:{spot.type}|{own.type}", f"yo:{own.start == sheet.sentences[number][0]}"]
            features.append(f"yw:{sheet.lemmas[sheet.sentences[lead][1] - 1]}")
            yield _make(sheet, spot, own, features, facts, "item", number, lead)


def _across_sentences(sheet: Sheet, facts: Facts) -> Iterator[Context]:
    """The subject of the sentence before, and the entities of this one."""
    for number in range(1, len(sheet.sentences)):
        before, spots = sheet.spots[number - 1], sheet.spots[number]
        if not before or not spots or len(spots) > 12:
            continue
        if sheet.blocks and sheet.blocks[sheet.block_of[number]].kind == "heading":
            continue
        here = {spot.entity for spot in spots}
        lead = next((spot for spot in before if sheet.deps[spot.head].startswith("nsubj")), before[0])
        if lead.entity in here or lead.type in _BASES:
            continue
        start, end = sheet.sentences[number]
        opening = " ".join(word for word in sheet.lemmas[start : min(end, start + 2)])
        done: set[str] = set()
        for spot in spots:
            if spot.entity in done or spot.kind not in NAMES or (lead.type, spot.type) in _NEVER:
                continue
            done.add(spot.entity)
            features = [f"v:{fact}" for fact in lone_features(sheet, spot)]
            features += [f"vo:{opening}", f"t:{lead.type}|{spot.type}", f"vl:{sheet.deps[lead.head]}:{lead.kind}"]
            yield _make(sheet, lead, spot, features, facts, "before", number, number - 1)


def lone_features(sheet: Sheet, spot: Spot) -> list[str]:
    """What a sentence says about one mention of it: the words before, the way up to the root."""
    start, _ = sheet.sentences[sheet.sentence_of[spot.start]]
    before = [
        "#" if token in sheet.covered else sheet.lemmas[token]
        for token in range(max(start, spot.start - 4), spot.start)
    ]
    found = [f"t:{spot.type}", f"k:{spot.kind}"]
    found += [f"a{distance}:{word}" for distance, word in enumerate(reversed(before))]
    if len(before) > 1:
        found.append(f"ab:{before[-2]} {before[-1]}")
    token, steps = spot.head, []
    for _ in range(6):
        steps.append(sheet.deps[token])
        if sheet.heads[token] == token:
            break
        token = sheet.heads[token]
        found.append(f"u:{sheet.lemmas[token]}")
        found.append(f"us:{'>'.join(steps)}:{sheet.lemmas[token]}")
    found.append(f"up:{'>'.join(steps)}")
    return found


def _posts(sheet: Sheet, facts: Facts) -> Iterator[Context]:
    """A person with a title, and the bodies and countries of the document that the title may belong to."""
    bodies = [figure for figure in sheet.figures.values() if figure.type in ACTORS or figure.type == "Company"]
    if not bodies:
        return
    often = sorted(bodies, key=lambda figure: -len(figure.spots))
    countries = [figure for figure in often if figure.type == "Country"]
    offices = [figure for figure in often if figure.type == "GovernmentBody"]
    for figure in sheet.figures.values():
        if figure.type != "Person":
            continue
        found = titled(sheet, figure)
        if found is None:
            continue
        spot, words = found
        number = sheet.sentence_of[spot.start]
        post = next(word for word in words if word in POSTS)
        title = " ".join(words)
        chosen: dict[str, tuple[Figure, str]] = {}
        for kind, group in (("country", countries[:2]), ("office", offices[:2])):
            for place, body in enumerate(group):
                chosen.setdefault(body.id, (body, f"{kind}{place}"))
        for body in bodies:
            if set(body.name.lower().split()) & set(words) - _SMALL:
                chosen.setdefault(body.id, (body, "named"))
        for body, rank in chosen.values():
            shared = sorted(set(body.name.lower().split()) & set(words) - _SMALL)
            same = any(sheet.sentence_of[one.start] == number for one in body.spots)
            first = body.spots[0]
            own = bool(_surnames(sheet, body) & set(figure.name.lower().split()[-1:]))
            features = [
                f"po:own:{own}:{post}",
                f"po:{post}:{body.type}",
                f"por:{post}:{rank}",
                f"pow:{title}",
                f"powr:{title}:{body.type}:{rank}",
                f"pos:{bool(shared)}:{body.type}",
                f"posp:{bool(shared)}:{post}",
                f"pon:{same}:{rank}",
                f"pot:{tail(body)}:{post}",
                f"t:{figure.type}|{body.type}",
            ]
            features += [f"pw:{word}" for word in words]
            features += [f"psh:{word}:{post}" for word in shared]
            yield _make(sheet, spot, first, features, facts, "post", number, None, spot.head)


def _surnames(sheet: Sheet, body: Figure) -> set[str]:
    """The words of all forms of a body's name: "the Smith administration" has the name of who heads it in it."""
    return {word for spot in body.spots for word in sheet.words[spot.start : spot.end]}


_SMALL: Final = frozenset({"of", "the", "and", "for", "to", "in", "'s", "’s", ",", "a", "an", "u.s.", "us"})


def _acts(sheet: Sheet, marks: Marks, matches: Sequence[Match]) -> Iterator[Context]:
    """Whoever may be listed, with each authority, list and legal basis of the document."""
    said, listed = _said_by_acts(matches)
    actors = authorities(sheet, marks.triggers)
    nearest = marks.nearest
    bases = [figure for figure in sheet.figures.values() if figure.type in _BASES][:8]
    partners = [(figure, f"actor:{rank}:{len(actors)}") for rank, figure in enumerate(actors)]
    partners += [(figure, f"basis:{rank}:{min(len(bases), 5)}") for rank, figure in enumerate(bases)]
    if not partners:
        return
    company = [f"with:{tail(figure)}" for figure in actors]
    title = [f"ti:{sheet.lemmas[t]}" for t in marks.triggers if sheet.sentence_of[t] == 0][:2]
    there_in = {partner.id: {sheet.sentence_of[one.start] for one in partner.spots} for partner, _ in partners}
    about_partner = {
        partner.id: hash_all(
            [
                *[f"ay:{fact}" for fact in nearest[partner.id][1]],
                f"own:{tail(partner)}",
                f"owns:{any(owns_list(sheet, one) for one in partner.spots[:8])}",
                *[f"own:{tail(partner)}:{other}" for other in company],
                *[f"{one}:{partner.type}" for one in title],
            ]
        )
        for partner, _ in partners
    }
    for figure in sheet.figures.values():
        if figure.type not in LISTABLE:
            continue
        spot, reason = nearest[figure.id]
        number = sheet.sentence_of[spot.start]
        mine = {sheet.sentence_of[one.start] for one in figure.spots}
        about = hash_all(
            [
                *[f"ax:{fact}" for fact in reason],
                f"ti:{sheet.sentence_of[figure.spots[0].start] == 0}",
                *[f"m:{fact}" for fact in marks.listed[figure.id]],
            ]
        )
        for partner, rank in partners:
            if partner.id == figure.id:
                continue
            there, _ = nearest[partner.id]
            place = sheet.sentence_of[there.start]
            together = not mine.isdisjoint(there_in[partner.id])
            distance = place - number
            features = [
                f"rank:{rank}",
                f"t:{figure.type}|{partner.type}",
                f"tr:{partner.type}:{rank}",
                f"far:{max(-3, min(3, distance))}",
                f"shared:{together}",
                f"rs:{rank}:{reason[0]}",
                f"sh:{together}:{reason[0]}",
                f"in:{reason[1]}:{rank}",
                *[f"am:{rule}" for rule in said.get((figure.id, partner.id), ())],
                *[f"al:{rule}:{partner.type}" for rule in listed.get(figure.id, ())],
                f"as:{(figure.id, partner.id) in said}:{figure.id in listed}:{rank}",
                *[f"mr:{fact}:{rank}" for fact in marks.listed[figure.id][:4]],
            ]
            other = place if place != number else None
            shared = (about, about_partner[partner.id])
            yield _make(sheet, spot, there, features, marks.facts, "act", number, other, shared=shared)


def _said_by_acts(matches: Sequence[Match]) -> tuple[dict[tuple[str, str], list[str]], dict[str, list[str]]]:
    """The rules by which acts of listing join a member to an authority or list, and those that make it a member."""
    said: dict[tuple[str, str], dict[str, None]] = {}
    listed: dict[str, dict[str, None]] = {}
    for match in matches:
        if match.object_spot is not None and ".act-" in match.rule:
            said.setdefault((match.subject, match.object), {})[match.rule] = None
            listed.setdefault(match.subject, {})[match.rule.rpartition("-")[2]] = None
    return {pair: list(rules) for pair, rules in said.items()}, {one: list(rules) for one, rules in listed.items()}
