"""Personal, possessive and relative pronouns to the things they stand for.

Candidates agree in number, gender and kind and are weighed by distance in sentences, grammatical prominence,
parallel function and by being the topic of their passage, after Lappin and Leass. A pronoun with no clear winner
stays unresolved.
"""

from __future__ import annotations

from typing import Final

from kg.nlp.coref.clusters import CoreferentSpan
from kg.nlp.coref.discourse import PERSON_NOUNS, SALIENCE, DiscourseModel, MentionSite

_HE: Final = frozenset("he him his himself".split())
_SHE: Final = frozenset("she her hers herself".split())
_IT: Final = frozenset("it its itself".split())
_THEY: Final = frozenset("they them their theirs themselves".split())
_PERSONAL: Final = _HE | _SHE | _IT | _THEY
_POSSESSIVE: Final = frozenset("his her its their".split())
_WHO: Final = frozenset("who whom whose".split())
_WHICH: Final = frozenset("which that".split())
_BODIES: Final = frozenset({"Company", "Organization", "GovernmentBody", "Country", "Vessel", "Aircraft"})
_CROWDS: Final = frozenset({"Organization"})
_EXPLETIVE_VERBS: Final = frozenset("seem appear happen rain take follow matter".split())
_MARGIN: Final = 1.12
#: What a later sentence keeps of a candidate's weight, by the number of sentences between.
NEARNESS: Final = (1.0, 0.75, 0.5, 0.35)
#: By how much a noun that names nothing weighs less than a name.
UNNAMED: Final = 25
#: Verbs of authorities whose object stays the topic.
_ACTS_ON: Final = frozenset("designate sanction blacklist list add target delist fine indict charge".split())
#: By how much an authority weighs less, and its target more, in the next sentence: the weight of parallel subjects.
_ACTOR: Final = 35
_TIMES: Final = frozenset("day year month week time today way fact part lot kind number".split())


def resolve_pronoun(scene: DiscourseModel, token: int) -> None:
    """Add the pronoun at the token to its thing, when it has one clear antecedent."""
    tree, word = scene.tree, scene.tree.words[token]
    if word in _WHO or (word in _WHICH and tree.tags[token] == "PRON" and tree.labels[token] != "det"):
        _relative(scene, token)
    elif word in _PERSONAL and tree.tags[token] in ("PRON", "DET", "X"):
        _personal(scene, token, word)


def _relative(scene: DiscourseModel, token: int) -> None:
    """The noun over the relative clause, when a thing is spoken of there."""
    tree, at = scene.tree, token
    for _ in range(4):
        if tree.heads[at] == at:
            return
        label, at = tree.labels[at], tree.heads[at]
        if label.startswith("acl"):
            break
    else:
        return
    thing = _thing_at(scene, at, token)
    if thing is not None:
        scene.add(CoreferentSpan(token, token + 1, token, "pronoun", "relative"), thing)


def _thing_at(scene: DiscourseModel, head: int, limit: int) -> int | None:
    """The thing whose place is headed by the token, or stands in apposition to it right before the clause."""
    near = [place for place in scene.places if place.start <= head < place.end]
    if near:
        return near[0].thing
    close = [
        place
        for place in scene.places
        if place.end <= limit and place.head in scene.tree.labelled(head, "appos", "flat")
    ]
    return close[-1].thing if close else None


def _personal(scene: DiscourseModel, token: int, word: str) -> None:
    if word in _IT and word != "its" and _expletive(scene, token):
        return
    scores: dict[int, float] = {}
    reach = 3 if word in _HE | _SHE else 2
    topic = _topic(scene, token)
    for place in scene.before(token, sentences=reach):
        if not _agrees(scene, place, word) or _bound(scene, place, token, word):
            continue
        if word == "it" and place.strength < 70 and place.thing != topic and not _is_acted_on(scene, place, token):
            continue
        scores[place.thing] = max(scores.get(place.thing, 0.0), _weight(scene, place, token, topic))
    if not scores:
        heading = _heading(scene, token)
        if heading is not None and word not in _THEY and _fits(scene, heading, word):
            scene.add(CoreferentSpan(token, token + 1, token, "pronoun", "heading topic"), heading)
            _learn_gender(scene, heading, word)
        return
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    rivals = [ranked[1][1]] if len(ranked) > 1 else []
    rivals.append(_unnamed_rival(scene, token, word, reach))
    if ranked[0][1] < _MARGIN * max(rivals):
        return
    scene.add(CoreferentSpan(token, token + 1, token, "pronoun", "agreement and prominence"), ranked[0][0])
    _learn_gender(scene, ranked[0][0], word)


def _learn_gender(scene: DiscourseModel, thing: int, word: str) -> None:
    if scene.things[thing].type == "Person" and not scene.things[thing].gender:
        scene.things[thing].gender = "m" if word in _HE else "f" if word in _SHE else ""


def _fits(scene: DiscourseModel, index: int, word: str) -> bool:
    thing = scene.things[index]
    if word in _HE or word in _SHE:
        return thing.type == "Person" and not thing.plural and thing.gender in ("", "m" if word in _HE else "f")
    if word in _IT:
        return thing.type in _BODIES and not thing.plural
    return thing.plural or thing.type in _CROWDS


def _agrees(scene: DiscourseModel, place: MentionSite, word: str) -> bool:
    return _fits(scene, place.thing, word)


def _bound(scene: DiscourseModel, place: MentionSite, token: int, word: str) -> bool:
    """Whether both are arguments of one word, or the place holds the pronoun, so that they cannot be the same."""
    tree = scene.tree
    if word in _POSSESSIVE and tree.labels[token] in ("nmod:poss", "det:poss", "det"):
        return tree.heads[token] == place.head or place.start <= tree.heads[token] < place.end
    if word.endswith(("self", "selves")):
        return False
    if tree.sentence_of[token] != tree.sentence_of[place.head]:
        return False
    verb = tree.heads[place.head]
    return verb == tree.heads[token] or (
        tree.labels[place.head].startswith("nsubj") and verb in _governors(scene, token)
    )


def _governors(scene: DiscourseModel, token: int) -> set[int]:
    """The verb of which a pronoun is an argument, with the verbs that it shares its subject with."""
    tree, verb = scene.tree, scene.tree.heads[token]
    found = {verb}
    if tree.labels[token].startswith("nsubj"):
        return found
    while tree.labels[verb] == "conj" and tree.tags[verb] == "VERB" and not _own_subject(scene, verb):
        verb = tree.heads[verb]
        found.add(verb)
    return found


def _own_subject(scene: DiscourseModel, verb: int) -> bool:
    """Whether a verb has a subject of its own, a noun or pronoun rather than a stray prefix."""
    tree = scene.tree
    return any(tree.tags[head] in ("NOUN", "PROPN", "PRON", "DET") for head in tree.labelled(verb, "nsubj"))


def _weight(scene: DiscourseModel, place: MentionSite, token: int, topic: int | None) -> float:
    tree = scene.tree
    gap = tree.sentence_of[token] - tree.sentence_of[place.head]
    weight = float(60 + place.strength)
    mine, label = tree.labels[token], tree.labels[place.head]
    if gap and tree.lemmas[tree.heads[place.head]] in _ACTS_ON:
        if label == "nsubj":  # whom an authority acts on is what the text goes on about, not the authority
            return (weight - _ACTOR) * NEARNESS[min(gap, 3)]
        if label in ("obj", "nsubj:pass"):
            weight += _ACTOR
    if mine.startswith("nsubj") and label.startswith("nsubj"):
        weight += 35
    if scene.things[place.thing].type in ("Country",):
        weight -= 45
    if gap == 0 and tree.words[token] in _POSSESSIVE and place.strength >= 60:
        weight += 25
    if topic is not None and place.thing == topic:
        weight += 40
    if not place.named and tree.words[place.start] in _PERSONAL:
        weight += 15
    return weight * NEARNESS[min(gap, 3)]


def _is_acted_on(scene: DiscourseModel, place: MentionSite, token: int) -> bool:
    """Whether a place is the object of an authority's verb before, or of a verb that shares the pronoun's subject."""
    tree = scene.tree
    if tree.labels[place.head] != "obj" or not place.named:
        return False
    if tree.sentence_of[token] == tree.sentence_of[place.head]:
        return tree.labels[token] == "obj" and tree.heads[place.head] in _governors(scene, token)
    return tree.lemmas[tree.heads[place.head]] in _ACTS_ON


def _unnamed_rival(scene: DiscourseModel, token: int, word: str, reach: int) -> float:
    """The weight of the best noun before the pronoun that speaks of nothing known and would agree with it."""
    tree, best = scene.tree, 0.0
    here = tree.sentence_of[token]
    mine = tree.labels[token]
    for at in range(token - 1, tree.sentences[max(0, here - reach)][0] - 1, -1):
        if tree.tags[at] != "NOUN" or at in scene.covered or at == tree.heads[token]:
            continue
        label = tree.labels[at]
        if label.partition(":")[0] in ("compound", "flat", "amod", "fixed", "nummod") or not _noun_agrees(
            tree.words[at], tree.lemmas[at], word
        ):
            continue
        weight = float(60 + SALIENCE.get(label, 20)) - (0 if word in _THEY else UNNAMED)
        if mine.startswith("nsubj") and label.startswith("nsubj"):
            weight += 35
        gap = here - tree.sentence_of[at]
        best = max(best, weight * NEARNESS[min(gap, 3)])
    return best


def _noun_agrees(noun: str, lemma: str, word: str) -> bool:
    person = lemma in PERSON_NOUNS
    if word in _HE or word in _SHE:
        return person and noun == lemma
    if word in _IT:
        return not person and noun == lemma and lemma not in _TIMES
    return noun != lemma or lemma in ("people", "police", "couple")


def _heading(scene: DiscourseModel, token: int) -> int | None:
    """The only thing named in the short block right before that of the token."""
    return scene.headings.get(scene.block_of[token])


def _topic(scene: DiscourseModel, token: int) -> int | None:
    """The thing that heads the passage, by its heading or as the subject of its first sentence."""
    heading = _heading(scene, token)
    if heading is not None:
        return heading
    block, tree = scene.block_of[token], scene.tree
    opening = next((place for place in scene.places if scene.block_of[place.head] == block), None)
    if opening and opening.strength >= 60 and tree.sentence_of[opening.head] < tree.sentence_of[token]:
        return opening.thing
    return None


def _expletive(scene: DiscourseModel, token: int) -> bool:
    tree = scene.tree
    if tree.labels[token] == "expl":
        return True
    head = tree.heads[token]
    if tree.lemmas[head] in _EXPLETIVE_VERBS:
        return True
    clausal = tree.labelled(head, "ccomp", "csubj", "xcomp", "advcl")
    marked = any(
        tree.words[child] in ("that", "to", "whether") for clause in clausal for child in tree.labelled(clause, "mark")
    )
    return marked and tree.tags[head] in ("ADJ", "NOUN") and bool(tree.labelled(head, "cop"))
