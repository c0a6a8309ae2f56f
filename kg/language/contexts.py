"""Where in a document two of its entities meet: in a sentence, under a heading, across two sentences, in one act.

In: a `Sheet`. Out: `Context`s, each a place that may say a relation between two entities, with its features. What
the relation is, if any, is not decided here.

The contexts of an *act* answer for texts that speak of one designation in many sentences: whoever is named as
designated anywhere, and the authority, list and legal basis named anywhere else, belong together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.language.features import Context, hash_all, pair_features, path
from kg.language.matching import Match
from kg.language.sheet import Figure, Sheet
from kg.language.spots import NAMES, Spot

#: Words by which authorities list somebody. They mark sentences; the scorer learns what they are worth.
LISTING: Final = frozenset(
    "designate designation sanction blacklist block freeze list add identify target impose name entity-list "
    "blocking listing place include inclusion subject expose delist remove".split()
)
#: Listing words by what they say; within a class they count as one where a whole document is read.
WORD_CLASS: Final = {
    **dict.fromkeys(("designate", "designation", "sanction", "identify", "target", "name", "expose"), "designate"),
    **dict.fromkeys(("block", "blocking", "freeze"), "block"),
    **dict.fromkeys(("list", "listing", "entity-list", "add", "place", "include", "inclusion"), "list"),
    **dict.fromkeys(("delist", "remove"), "remove"),
}
_ACTORS: Final = frozenset({"GovernmentBody", "Country", "Organization"})
_BASES: Final = frozenset({"LegalInstrument", "List"})
_LISTABLE: Final = frozenset({"Person", "Company", "Organization", "GovernmentBody", "Vessel", "Aircraft", "Country"})
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


@dataclass(frozen=True, slots=True)
class Marks:
    """What holds of a document as a whole: its listing words, how near each entity stands to one, facts of each."""

    triggers: list[int]
    nearest: dict[str, tuple[Spot, list[str]]]
    listed: dict[str, list[str]]
    facts: dict[str, list[str]]


def read_marks(sheet: Sheet) -> Marks:
    """The marks of a document; read once, used by every kind of context."""
    triggers = listing_tokens(sheet)
    by_sentence: dict[int, list[int]] = {}
    for token in triggers:
        by_sentence.setdefault(sheet.sentence_of[token], []).append(token)
    nearest = {figure.id: _nearest(sheet, figure, by_sentence) for figure in sheet.figures.values()}
    listed = {figure.id: _listed(sheet, figure, by_sentence) for figure in sheet.figures.values()}
    return Marks(triggers, nearest, listed, _facts(sheet, nearest))


def contexts(sheet: Sheet, marks: Marks, matches: Sequence[Match] = ()) -> list[Context]:
    """All contexts of a document, in the order of the text; `matches` of rules count among their features."""
    found = list(_within_sentences(sheet, marks.facts, _by_pair(matches)))
    found.extend(_under_headings(sheet, marks.facts))
    found.extend(_under_lead_ins(sheet, marks.facts))
    found.extend(_across_sentences(sheet, marks.facts))
    found.extend(_posts(sheet, marks.facts))
    found.extend(_acts(sheet, marks))
    return found


def _make(
    sheet: Sheet,
    first: Spot,
    second: Spot,
    features: list[str],
    facts: dict[str, list[str]],
    kind: str,
    sentence: int,
    other: int | None = None,
    peak: int | None = None,
) -> Context:
    features = [f"x:{kind}", *features]
    features.extend(f"1{fact}" for fact in facts[first.entity])
    features.extend(f"2{fact}" for fact in facts[second.entity])
    peak = sheet.heads[second.head] if peak is None else peak
    return Context(first, second, sentence, hash_all(features), other, kind, peak)


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


def _within_sentences(sheet: Sheet, facts: dict[str, list[str]], pairs: _Pairs) -> Iterator[Context]:
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


def _under_headings(sheet: Sheet, facts: dict[str, list[str]]) -> Iterator[Context]:
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


def _under_lead_ins(sheet: Sheet, facts: dict[str, list[str]]) -> Iterator[Context]:
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


def _across_sentences(sheet: Sheet, facts: dict[str, list[str]]) -> Iterator[Context]:
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


#: Nouns of posts whose body a text may name elsewhere, or not at all beside the name.
_POSTS: Final = frozenset(
    "president minister secretary director chairman chief spokesman head leader commander general governor ambassador "
    "deputy officer administrator commissioner adviser advisor representative senator king premier chancellor attorney "
    "official founder member judge prosecutor mayor undersecretary treasurer manager owner boss".split()
)


def _posts(sheet: Sheet, facts: dict[str, list[str]]) -> Iterator[Context]:
    """A person with a title, and the bodies and countries of the document that the title may belong to."""
    bodies = [figure for figure in sheet.figures.values() if figure.type in _ACTORS or figure.type == "Company"]
    if not bodies:
        return
    often = sorted(bodies, key=lambda figure: -len(figure.spots))
    countries = [figure for figure in often if figure.type == "Country"]
    offices = [figure for figure in often if figure.type == "GovernmentBody"]
    for figure in sheet.figures.values():
        if figure.type != "Person":
            continue
        titled = next(
            (found for spot in figure.spots[:6] if spot.kind in NAMES and (found := _title(sheet, spot))), None
        )
        if titled is None:
            continue
        spot, words = titled
        number = sheet.sentence_of[spot.start]
        post = next(word for word in words if word in _POSTS)
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
                f"pot:{_tail(body)}:{post}",
                f"t:{figure.type}|{body.type}",
            ]
            features += [f"pw:{word}" for word in words]
            features += [f"psh:{word}:{post}" for word in shared]
            yield _make(sheet, spot, first, features, facts, "post", number, None, spot.head)


def _surnames(sheet: Sheet, body: Figure) -> set[str]:
    """The words of all forms of a body's name: "the Smith administration" has the name of who heads it in it."""
    return {word for spot in body.spots for word in sheet.words[spot.start : spot.end]}


_SMALL: Final = frozenset({"of", "the", "and", "for", "to", "in", "'s", "’s", ",", "a", "an", "u.s.", "us"})


def _title(sheet: Sheet, spot: Spot) -> tuple[Spot, list[str]] | None:
    """The words of a title right before a name, or in apposition right after it."""
    start, end = sheet.sentences[sheet.sentence_of[spot.start]]
    before = sheet.lemmas[max(start, spot.start - 7) : spot.start]
    for cut, word in reversed(list(enumerate(before))):
        if word in (",", ".", ";", ":", '"', "“", "”", "(", ")", "said", "say", "that", "by", "with"):
            before = before[cut + 1 :]
            break
    if any(word in _POSTS for word in before):
        return spot, before
    if spot.end < end and sheet.words[spot.end] == ",":
        after: list[str] = []
        for word in sheet.lemmas[spot.end + 1 : min(end, spot.end + 12)]:
            if word in (",", ".", ";", "who", "which", "said", "say"):
                break
            after.append(word)
        if any(word in _POSTS for word in after[:6]):
            return spot, after
    return None


def _acts(sheet: Sheet, marks: Marks) -> Iterator[Context]:
    """Whoever may be listed, with each authority, list and legal basis of the document."""
    actors = authorities(sheet, marks.triggers)
    nearest = marks.nearest
    bases = [figure for figure in sheet.figures.values() if figure.type in _BASES][:8]
    partners = [(figure, f"actor:{rank}:{len(actors)}") for rank, figure in enumerate(actors)]
    partners += [(figure, f"basis:{rank}:{min(len(bases), 5)}") for rank, figure in enumerate(bases)]
    if not partners:
        return
    company = [f"with:{_tail(figure)}" for figure in actors]
    title = [f"ti:{sheet.lemmas[t]}" for t in marks.triggers if sheet.sentence_of[t] == 0][:2]
    for figure in sheet.figures.values():
        if figure.type not in _LISTABLE:
            continue
        spot, reason = nearest[figure.id]
        number = sheet.sentence_of[spot.start]
        mine = {sheet.sentence_of[one.start] for one in figure.spots}
        for partner, rank in partners:
            if partner.id == figure.id:
                continue
            there, why = nearest[partner.id]
            place = sheet.sentence_of[there.start]
            shared = mine & {sheet.sentence_of[one.start] for one in partner.spots}
            features = [f"ax:{fact}" for fact in reason] + [f"ay:{fact}" for fact in why]
            distance = place - number
            features += [
                f"rank:{rank}",
                f"t:{figure.type}|{partner.type}",
                f"tr:{partner.type}:{rank}",
                f"far:{max(-3, min(3, distance))}",
                f"shared:{bool(shared)}",
                f"rs:{rank}:{reason[0]}",
                f"sh:{bool(shared)}:{reason[0]}",
                f"own:{_tail(partner)}",
                f"in:{reason[1]}:{rank}",
                f"owns:{any(_owns_list(sheet, one) for one in partner.spots[:8])}",
                f"ti:{sheet.sentence_of[figure.spots[0].start] == 0}",
                *[f"own:{_tail(partner)}:{other}" for other in company],
                *[f"{one}:{partner.type}" for one in title],
                *[f"m:{fact}" for fact in marks.listed[figure.id]],
                *[f"mr:{fact}:{rank}" for fact in marks.listed[figure.id][:4]],
            ]
            other = place if place != number else None
            yield _make(sheet, spot, there, features, marks.facts, "act", number, other)


_LISTED_AS: Final = frozenset({"obj", "nsubj:pass", "dobj", "nsubjpass"})
_STRONG: Final = frozenset({"designate", "sanction", "block"})


def act_matches(sheet: Sheet, marks: Marks) -> list[Match]:
    """Whoever a sentence says to be listed without saying by whom, matched with the document's likeliest authority."""
    actors = authorities(sheet, marks.triggers)
    if not actors:
        return []
    found: list[Match] = []
    strong = [token for token in marks.triggers if sheet.lemmas[token] in _STRONG and sheet.tags[token] == "VERB"]
    for token in strong:
        number = sheet.sentence_of[token]
        spots = sheet.spots[number]
        if any(spot.entity in {actor.id for actor in actors} and spot.start < token for spot in spots):
            continue
        for spot in spots:
            if spot.type not in _LISTABLE or spot.type == "Country" or spot.entity == actors[0].id:
                continue
            if _is_listed(sheet, spot, token):
                anchor = actors[0].spots[0]
                found.append(
                    Match(
                        rule="listed_by.act",
                        predicate="listed_by",
                        subject=spot.entity,
                        object=actors[0].id,
                        subject_spot=spot,
                        object_spot=anchor,
                        object_start=anchor.start,
                        object_end=anchor.end,
                        trigger=token,
                        trigger_end=token + 1,
                        sentence=number,
                        status_hint=None,
                    )
                )
    return found


def _is_listed(sheet: Sheet, spot: Spot, token: int) -> bool:
    """Whether the mention is what the verb lists: its object, passive subject, or what "those listed are" names."""
    up, down, top = path(sheet, spot.head, token)
    steps = [sheet.deps[node] for node in up]
    while steps and steps[0] in ("conj", "appos", "flat"):
        steps = steps[1:]
    if top == token:
        return len(steps) == 1 and steps[0] in _LISTED_AS
    below = [sheet.deps[node] for node in down]
    return not steps and below in (["nsubj", "acl:relcl"], ["nsubj", "acl"], ["nsubj", "relcl"])


def listing_tokens(sheet: Sheet) -> list[int]:
    """The tokens that may speak of a listing, in order."""
    return [
        token
        for token, lemma in enumerate(sheet.lemmas)
        if lemma in LISTING and sheet.tags[token] in ("VERB", "NOUN", "PROPN", "ADJ", "AUX")
    ]


def authorities(sheet: Sheet, triggers: list[int]) -> list[Figure]:
    """The bodies and countries that may be the listing authority, the likeliest first; at most five.

    A body counts for each listing verb that it is the subject or agent of, or that shares its sentence; one named
    earlier wins over one named later.
    """
    points: dict[str, float] = {}
    by_sentence: dict[int, list[int]] = {}
    for token in triggers:
        by_sentence.setdefault(sheet.sentence_of[token], []).append(token)
    for number, tokens in by_sentence.items():
        for spot in sheet.spots[number]:
            if spot.type not in _ACTORS:
                continue
            if _owns_list(sheet, spot):
                points[spot.entity] = points.get(spot.entity, 0.0) + 3.0
            for token in tokens:
                up, _, top = path(sheet, spot.head, token)
                dep = sheet.deps[spot.head]
                if top == token and len(up) <= 2 and (dep.startswith("nsubj") and dep != "nsubj:pass"):
                    gain = 2.0
                elif top == token and dep in ("obl:agent", "obl", "nmod:poss", "poss", "compound", "agent"):
                    gain = 1.5
                else:
                    gain = 0.2
                if spot.type == "GovernmentBody":
                    gain *= 1.5
                points[spot.entity] = points.get(spot.entity, 0.0) + gain
    order = {entity: rank for rank, entity in enumerate(sheet.figures)}
    ranked = sorted(points, key=lambda entity: (-points[entity], order[entity]))
    return [sheet.figures[entity] for entity in ranked[:5]]


def _owns_list(sheet: Sheet, spot: Spot) -> bool:
    """Whether a list is named as the body's own: "the Department's Entity List"."""
    for token in range(spot.end, min(len(sheet.words), spot.end + 4)):
        owned = sheet.covered.get(token)
        if owned is not None:
            return owned.type == "List"
    return False


def _tail(figure: Figure) -> str:
    """The last words of a name, which tell an office from its ministry."""
    return " ".join(figure.name.lower().split()[-2:])


def _listed(sheet: Sheet, figure: Figure, by_sentence: dict[int, list[int]]) -> list[str]:
    """Every listing word that an entity stands beside, or that leads into a list or heads a section it stands in."""
    found: dict[str, None] = {}
    for spot in figure.spots[:20]:
        number = sheet.sentence_of[spot.start]
        kind = sheet.blocks[sheet.block_of[number]].kind if sheet.blocks else ""
        found[f"in:{kind}"] = None
        for token in by_sentence.get(number, ())[:4]:
            side = "l" if spot.start < token else "r"
            word = WORD_CLASS.get(sheet.lemmas[token], sheet.lemmas[token])
            found[f"by:{word}:{sheet.tags[token]}:{side}"] = None
        lead = sheet.lead_in[number]
        if lead is not None:
            for token in by_sentence.get(lead, ())[:3]:
                found[f"lead:{WORD_CLASS.get(sheet.lemmas[token], sheet.lemmas[token])}"] = None
    return list(found)[:16]


def _nearest(sheet: Sheet, figure: Figure, by_sentence: dict[int, list[int]]) -> tuple[Spot, list[str]]:
    """The mention of an entity that stands closest to a listing word in the tree, and how it stands to it."""
    best: tuple[float, Spot, list[str]] | None = None
    for spot in figure.spots[:25]:
        number = sheet.sentence_of[spot.start]
        for token in by_sentence.get(number, ()):
            up, down, top = path(sheet, spot.head, token)
            if top is None:
                cost, shape = 12.0, "apart"
            else:
                cost = len(up) + len(down) + 0.01 * number
                shape = ">".join(sheet.deps[t] for t in up) + "^" + "<".join(sheet.deps[t] for t in down)
            if best is None or cost < best[0]:
                start, end = sheet.sentences[number]
                today = any(
                    sheet.words[t] in ("today", "today's", "’s") and sheet.words[t] != "’s" for t in range(start, end)
                )
                side = "l" if spot.start < token else "r"
                word = WORD_CLASS.get(sheet.lemmas[token], sheet.lemmas[token])
                reasons = [
                    f"{word}:{shape if cost < 8 else 'far'}",
                    f"{sheet.lemmas[token]}:{shape if cost < 8 else 'far'}",
                    f"v:{sheet.lemmas[token]}",
                    f"vs:{sheet.lemmas[token]}:{side}:{sheet.deps[spot.head]}",
                    f"sh:{shape if cost < 8 else 'far'}",
                    f"cost:{min(int(cost), 10)}",
                    f"today:{today}",
                    f"tag:{sheet.tags[token]}",
                ]
                best = (cost, spot, reasons)
    if best is not None:
        return best[1], best[2]
    topics = sheet.topics[sheet.sentence_of[figure.spots[0].start]]
    return figure.spots[0], ["none", f"topics:{bool(topics)}"]


def _facts(sheet: Sheet, nearest: dict[str, tuple[Spot, list[str]]]) -> dict[str, list[str]]:
    """What is known of each entity in the document at large; the same at every place where it stands."""
    facts: dict[str, list[str]] = {}
    headed = {topic for topics in sheet.topics for topic in topics}
    for figure in sheet.figures.values():
        count = len(figure.spots)
        names = sum(spot.kind in NAMES for spot in figure.spots)
        first = sheet.sentence_of[figure.spots[0].start]
        block = sheet.blocks[sheet.block_of[first]].kind if sheet.blocks else ""
        facts[figure.id] = [
            f"T:{figure.type}",
            f"N:{count if count < 4 else 4 + min(count // 4, 4)}",
            f"F:{'0' if first == 0 else 'early' if first < 4 else 'late'}",
            f"B:{block}",
            f"H:{figure.id in headed}",
            f"R:{names == 1}",
            f"L:{nearest[figure.id][1][0]}",
        ]
        words = figure.name.lower().split()
        facts[figure.id] += [f"W:{figure.type}:{word}" for word in {words[0], words[-1]}] if words else []
    return facts
