"""Definite descriptions ("the company", "the ministry") and groups ("these entities", "the two brothers", "they").

A description goes to the latest thing of its kind, a thing whose name holds its noun before others. A group goes to
the latest coordination of things of its kind, of the number it says. What is described further ("the company that
...", "the bank of X") is left alone.
"""

from __future__ import annotations

from typing import Final

from kg.nlp.coref.clusters import CoreferentSpan
from kg.nlp.coref.discourse import DiscourseEntity, DiscourseModel, MentionSite
from kg.nlp.coref.groups import chains, enumerations
from kg.nlp.coref.nations import state_of, state_of_demonym
from kg.nlp.coref.pronouns import resolve_pronoun
from kg.nlp.doc_arrays import tokens_of

_KINDS: Final = {
    "Company": "company firm bank corporation manufacturer airline retailer enterprise conglomerate business supplier "
    "startup subsidiary exchange producer refinery developer trader shipper lender broker contractor factory "
    "entity",
    "Organization": "group organization organisation network cartel militia movement faction party gang foundation "
    "charity association union university institute alliance syndicate brigade front club school team coalition "
    "entity terrorists",
    "GovernmentBody": "ministry agency department bureau committee council commission authority directorate court "
    "office force police army navy corps parliament military administration service regulator tribunal "
    "intelligence entity",
    "Country": "country nation state regime government kingdom republic",
    "Vessel": "vessel ship tanker boat yacht freighter",
    "Aircraft": "aircraft plane jet helicopter airplane",
    "Person": "man woman businessman businesswoman minister president leader official general commander chairman ceo "
    "executive tycoon oligarch banker financier individual trafficker operative lawmaker senator secretary "
    "ambassador suspect director",
    "Place": "city region province district town village area territory island",
}
_KINDS_OF: Final[dict[str, frozenset[str]]] = {}
for _kind, _nouns in _KINDS.items():
    for _noun in _nouns.split():
        _KINDS_OF[_noun] = _KINDS_OF.get(_noun, frozenset()) | {_kind}

#: Nouns whose thing must be of the same sort by its own name or description, not only of the right type.
_STRICT: Final = (
    frozenset(_KINDS["Person"].split())
    | frozenset(_KINDS["GovernmentBody"].split())
    | frozenset(
        "university institute party school bank airline club team union factory brigade front foundation charity "
        "subsidiary exchange".split()
    )
)
_DEFINITE: Final = frozenset({"the", "this", "that"})
_PLAIN: Final = frozenset(
    "same latter said listed designated above-mentioned aforementioned Chinese state-owned".lower().split()
)
_GROUP_NOUNS: Final = {
    "entities": "",
    "individuals": "Person",
    "persons": "Person",
    "people": "Person",
    "men": "Person",
    "women": "Person",
    "brothers": "Person",
    "sisters": "Person",
    "siblings": "Person",
    "officials": "Person",
    "defendants": "Person",
    "suspects": "Person",
    "leaders": "Person",
    "companies": "Company",
    "firms": "Company",
    "banks": "Company",
    "businesses": "Company",
    "subsidiaries": "Company",
    "corporations": "Company",
    "organizations": "Organization",
    "organisations": "Organization",
    "groups": "Organization",
    "networks": "Organization",
    "institutions": "Company",
    "agencies": "GovernmentBody",
    "vessels": "Vessel",
    "ships": "Vessel",
    "tankers": "Vessel",
    "countries": "Country",
    "nations": "Country",
    "trio": "",
    "pair": "",
    "duo": "",
    "designees": "",
    "targets": "",
    "parties": "",
}
_COUNTS: Final = {
    word: n for n, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {
    "both": 2,
    "trio": 3,
    "pair": 2,
    "duo": 2,
}
#: By how much the likeliest candidate outweighs the next; tuned on the gold training texts.
_MARGIN: Final = 1.15
_BODIES: Final = frozenset({"Company", "Organization", "GovernmentBody"})
#: Nouns that a name may hold and that tell it from no other of its kind: every state has a government.
_ANY_OF_THEM: Final = frozenset({("group", "Company"), ("government", "Country"), ("regime", "Country")})


def resolve_nominal(scene: DiscourseModel, token: int) -> None:
    """Add the definite description headed by the token to its thing, when it has one clear antecedent."""
    tree, lemma = scene.tree, scene.tree.lemmas[token]
    if lemma not in _KINDS_OF or tree.tags[token] not in ("NOUN", "PROPN") or tree.words[token] != lemma:
        return
    start = _definite(scene, token)
    if start is None:
        return
    thing = _antecedent(scene, token, lemma)
    if thing is not None:
        scene.add(CoreferentSpan(start, token + 1, token, "nominal", "definite description"), thing)


def _definite(scene: DiscourseModel, token: int) -> int | None:
    """The start of "the company" where the noun is definite and nothing further describes it, else None."""
    tree, start = scene.tree, None
    for child in tree.children[token]:
        label, word = tree.labels[child], tree.words[child]
        if label == "det" and word in _DEFINITE and child < token:
            start = child
        elif label.partition(":")[0] in ("compound", "nmod", "acl", "flat", "appos", "nummod") or (
            label == "amod" and word not in _PLAIN
        ):
            if label == "acl:relcl" and tree.words[token + 1 : token + 2] == [","]:
                continue  # "the group, which ...": said besides, not to tell it from others
            return None
    return start if start is not None and token - start <= 3 else None


def _antecedent(scene: DiscourseModel, token: int, noun: str) -> int | None:
    kinds = _KINDS_OF[noun]
    same_noun: int | None = None
    same_kind: list[int] = []
    for place in scene.before(token, sentences=4):
        thing = scene.things[place.thing]
        if thing.plural or thing.members:
            continue
        named_so = noun in thing.words and (noun, thing.type) not in _ANY_OF_THEM
        if thing.type in kinds and (named_so or noun in _described(scene, place)):
            same_noun = place.thing
            break
        fits = thing.type in kinds or (thing.type in _BODIES and kinds & _BODIES and noun not in _STRICT)
        if (
            fits
            and place.thing not in same_kind
            and scene.tree.sentence_of[token] - scene.tree.sentence_of[place.head] <= 2
        ):
            same_kind.append(place.thing)
    if same_noun is not None:
        return same_noun
    if noun in _STRICT or not same_kind:
        return None
    if noun in ("government", "regime", "state", "republic"):
        same_kind = [index for index in same_kind if scene.things[index].name not in ("United States", "U.S.", "US")]
    return same_kind[0] if len(same_kind) == 1 else _most_prominent(scene, token, same_kind)


def _described(scene: DiscourseModel, place: MentionSite) -> set[str]:
    """The nouns that the text puts beside a name: apposition, title, copula ("X is a bank")."""
    tree = scene.tree
    found = {tree.lemmas[child] for child in tree.labelled(place.head, "appos", "compound", "nmod")}
    if tree.labels[place.head] in ("appos", "flat", "compound", "nmod:desc"):
        found.add(tree.lemmas[tree.heads[place.head]])
    if tree.labels[place.head].startswith("nsubj") and tree.labelled(tree.heads[place.head], "cop"):
        found.add(tree.lemmas[tree.heads[place.head]])
    return found


def _most_prominent(scene: DiscourseModel, token: int, things: list[int]) -> int | None:
    """The candidate that outweighs the others by its place in the sentence, None where none does."""
    best = dict.fromkeys(things, 0.0)
    for place in scene.before(token, sentences=2):
        if place.thing in best:
            gap = scene.tree.sentence_of[token] - scene.tree.sentence_of[place.head]
            best[place.thing] = max(best[place.thing], (60 + place.strength) * (1.0, 0.75, 0.5)[min(gap, 2)])
    ranked = sorted(best, key=lambda thing: -best[thing])
    if not ranked:
        return None
    return ranked[0] if best[ranked[0]] >= _MARGIN * best[ranked[1]] else None


def resolve_groups(scene: DiscourseModel) -> None:
    """Make a thing of several members for each group that the text speaks of, with all its places."""
    lists = sorted([*coordinations(scene), *chains(scene)], key=lambda chain: (chain[-1].end, len(chain)))
    tree = scene.tree
    made: dict[tuple[int, ...], int] = {}
    for token, members in list(enumerations(scene)):
        _make_group(scene, made, CoreferentSpan(token, token + 1, token, "group", "enumeration"), members)
    for token, word in enumerate(tree.words):
        if token in scene.covered:
            continue
        reading = _group_at(scene, token, word)
        if reading is None:
            continue
        start, kind, count = reading
        spoken = _members(scene, lists, token, kind, count)
        if spoken is None:
            continue
        sieve = "coordination" if word in ("they", "them", "their") else "group description"
        _make_group(scene, made, CoreferentSpan(start, token + 1, token, "group", sieve), spoken)


def _make_group(
    scene: DiscourseModel, made: dict[tuple[int, ...], int], span: CoreferentSpan, members: tuple[int, ...]
) -> None:
    """Enter a place of the thing that is made of these members; there is one such thing."""
    if members not in made:
        types = sorted({scene.things[index].type for index in members})
        made[members] = len(scene.things)
        name = " and ".join(scene.things[index].name for index in members)
        scene.things.append(
            DiscourseEntity(types[0] if len(types) == 1 else "Organization", name, [], members, plural=True)
        )
    scene.add(span, made[members])


def _group_at(scene: DiscourseModel, token: int, word: str) -> tuple[int, str, int | None] | None:
    """(start, type wanted, number) of a definite group headed by the token."""
    tree = scene.tree
    if word in ("they", "them", "their") and tree.tags[token] in ("PRON", "DET"):
        return token, "", None
    if (
        word == "both"
        and tree.tags[token] in ("PRON", "DET")
        and tree.labels[token] in ("nsubj", "nsubj:pass", "obj", "appos")
    ):
        return token, "", 2
    if word not in _GROUP_NOUNS:
        return None
    start, count, definite = token, _COUNTS.get(word), word in ("trio", "pair", "duo")
    for child in tree.children[token]:
        label, other = tree.labels[child], tree.words[child]
        if child > token and label.partition(":")[0] in ("nmod", "acl", "appos", "flat", "conj"):
            return None
        if label.startswith("det") and other in ("these", "those", "the", "both"):
            start, definite = min(start, child), True
            count = 2 if other == "both" else count
        elif label == "nummod":
            start, count = min(start, child), _COUNTS.get(other, int(other) if other.isdigit() else -1)
        elif label in ("amod", "compound", "nmod:poss") and other not in _PLAIN and not _of_nation(scene, child):
            return None
    bare_the = any(tree.words[child] == "the" for child in tree.children[token]) and count is None
    return (start, _GROUP_NOUNS[word], count) if definite and not bare_the else None


def _of_nation(scene: DiscourseModel, token: int) -> bool:
    """Whether a modifier only says of which country: "these Chinese firms", "the two UAE companies"."""
    if scene.tree.words[token] == "based":
        return any(_of_nation(scene, child) for child in scene.tree.children[token])
    written = tokens_of(scene.tree.doc)[token]
    return state_of_demonym(written) is not None or state_of(written) is not None


def coordinations(scene: DiscourseModel) -> list[tuple[MentionSite, ...]]:
    """The coordinations of named things, in the order of the text."""
    by_head = {place.head: place for place in scene.places if place.named}
    found = []
    for place in scene.places:
        if not place.named or (scene.tree.labels[place.head] == "conj" and scene.tree.heads[place.head] in by_head):
            continue
        chain = [place]
        queue = [place.head]
        while queue:
            at = queue.pop(0)
            for child in scene.tree.labelled(at, "conj"):
                queue.append(child)
                if child in by_head:
                    chain.append(by_head[child])
        distinct = {one.thing for one in chain}
        if len(distinct) > 1 and len(distinct) == len(chain):
            found.append(tuple(sorted(chain)))
    return found


def _members(
    scene: DiscourseModel, lists: list[tuple[MentionSite, ...]], token: int, kind: str, count: int | None
) -> tuple[int, ...] | None:
    here, word = scene.tree.sentence_of[token], scene.tree.words[token]
    for chain in reversed(lists):
        if chain[-1].end > token:
            continue
        gap = here - scene.tree.sentence_of[chain[-1].head]
        if gap > (1 if word in ("they", "them", "their") else 4):
            return None
        types = {scene.things[place.thing].type for place in chain}
        if word in ("they", "them", "their") and _crowd_between(scene, chain[-1].end, token):
            return None
        if "GovernmentBody" in types and kind != "GovernmentBody" and word not in ("they", "their"):
            continue
        if kind and not (types == {kind} or (kind in _BODIES and types <= _BODIES)):
            continue
        if not kind and not (types <= _BODIES or len(types) == 1) and word != "entities":
            continue
        if types & {"Place", "LegalInstrument", "List"} or (types == {"Country"} and kind != "Country"):
            continue
        if count is not None and count != len(chain):
            continue
        if word in ("they", "them", "their") and chain[0].strength < 50:
            continue
        return tuple(sorted(place.thing for place in chain))
    return None


def _crowd_between(scene: DiscourseModel, start: int, end: int) -> bool:
    """Whether an unnamed plural noun stands between the list and the pronoun, and so is nearer to it."""
    tree = scene.tree
    return any(
        tree.tags[at] == "NOUN"
        and tree.words[at] != tree.lemmas[at]
        and at not in scene.covered
        and tree.labels[at] not in ("compound",)
        for at in range(start, end)
    )


def resolve(scene: DiscourseModel) -> None:
    """Groups first, then descriptions and pronouns in the order of the text, since each leans on those before it."""
    resolve_groups(scene)
    for token in range(len(scene.tree.words)):
        if token not in scene.covered:
            resolve_nominal(scene, token)
        if token not in scene.covered:
            resolve_pronoun(scene, token)
