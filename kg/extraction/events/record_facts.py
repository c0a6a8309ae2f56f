"""Facts of records in lists and notices: the relations of each party, its attributes, and who lists it, since when.

In: a `DocumentView` and the `Record`s of its Doc. Out: `RecordFact`s. How far each kind is believed stands in
`ontology/layout/trust.yaml`, as often as it was right on the training texts.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import yaml

from kg.extraction.document_view import DocumentView
from kg.extraction.events.arguments import DesignationEvent
from kg.extraction.events.identifier_blocks import IdentifierField
from kg.extraction.mention_spans import NAMES, MentionSpan
from kg.nlp.records.acts import is_body
from kg.nlp.records.model import Act, Field, Record
from kg.reference import authority, chain, official_list
from kg.resources import ontology

#: Fields whose values are places or states, or parties: the relation is the key.
_PLACES: Final = frozenset({"born_in", "citizen_of", "located_in", "flagged_in"})
_PARTIES: Final = frozenset({"subsidiary_of", "owned_by", "controlled_by"})
_ALIASES: Final = {"alias": "asserted", "former": "ended", "native_name": "asserted"}
ATTRIBUTES: Final = frozenset(
    "birth_date passport national_id tax_number registration_number imo gender type position".split()
)
_BODIES: Final = frozenset({"GovernmentBody", "Organization", "Country"})
#: Words of the name of a law under which somebody can be listed; parts of laws are none.
_LAW: Final = re.compile(
    r"^(?!article|section|paragraph|point|entr|chapter).*?(?:executive order|e\.o\.|regulations?\b|\bact\b|\blaw\b|"
    r"ordinance|decree|resolution|provisions|decision|programme|regime)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RecordFact:
    """One fact of a record. `object` is None where the value is text; `rule` names the field and the form it is in.

    `start` and `end` bound the words that prove it; `dates` are ranges of the text where its day is looked for, and
    `fresh` tells that it happened as the document was published. A key that is no relation is an attribute.
    """

    subject: MentionSpan
    key: str
    object: MentionSpan | None
    value: str
    start: int
    end: int
    rule: str
    status: str = "asserted"
    dates: tuple[tuple[int, int], ...] = ()
    fresh: bool = False
    trigger: tuple[int, int] = (0, 0)


def record_facts(
    view: DocumentView, records: Sequence[Record], acts: Sequence[DesignationEvent] = ()
) -> list[RecordFact]:
    """The facts of all records, in the order of the text; `acts` are the listings that sentences tell."""
    if not records:
        return []
    reader = _Reader(view, records, acts)
    return [fact for record in records for fact in reader.facts(record)]


def outside(fields: Sequence[IdentifierField], records: Sequence[Record]) -> list[IdentifierField]:
    """The fields of identifier blocks that no record holds."""
    return [
        field
        for field in fields
        if not any(one.start <= field.start < one.end for one in records if one.form != "item")
    ]


def record_sentences(view: DocumentView) -> set[int]:
    """The numbers of the sentences that lie in the fields of a record and are no prose."""
    found: set[int] = set()
    records = [record for record in view.doc._.records or () if record.form != "item"]
    starts = [record.start for record in records]
    for number, (first, last) in enumerate(view.sentences):
        start, end = view.starts[first], view.ends[last - 1]
        at = bisect_right(starts, start) - 1
        if at < 0 or records[at].end <= start:
            continue
        if not any(prose.start < end and start < prose.end for prose in records[at].all("prose", "other", "remark")):
            found.add(number)
    return found


@cache
def trust() -> dict[str, float]:
    """How far each kind of fact is believed, by the name of its rule."""
    found: dict[str, float] = yaml.safe_load((ontology() / "layout" / "trust.yaml").read_text(encoding="utf-8"))
    return found


class _Reader:
    """Reads the records of one document; the bodies and lists that it names are looked up once."""

    def __init__(self, view: DocumentView, records: Sequence[Record], acts: Sequence[DesignationEvent]) -> None:
        self.view = view
        self.main = next((act.authorities for act in acts if act.authorities and not act.earlier), [])[:1]
        self.mentions = sorted(
            (mention for mentions in view.mentions for mention in mentions if mention.kind in NAMES),
            key=lambda one: (one.start, -one.end),
        )
        self.starts = [view.starts[mention.start] for mention in self.mentions]
        self.parties = {
            mention.entity
            for record in records
            for mention in self.inside(*record.name)
            if record.form != "item" or record.act
        }
        self.known: dict[tuple[int, int] | None, tuple[list[MentionSpan], list[MentionSpan], list[MentionSpan]]] = {}

    def inside(self, start: int, end: int) -> list[MentionSpan]:
        """The mentions of names within a range of characters."""
        found = self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]
        return [one for one in found if self.view.ends[one.end - 1] <= end]

    def facts(self, record: Record) -> Iterator[RecordFact]:
        """The facts of one record."""
        subject = next(iter(self.inside(*record.name)), None)
        if subject is None:
            return
        for field in record.fields:
            yield from self._field(record, subject, field)
        if record.act is not None:
            yield from self._listing(record, subject, record.act)

    def _field(self, record: Record, subject: MentionSpan, field: Field) -> Iterator[RecordFact]:
        value = self.view.text[field.start : field.end]
        place = (record.name[0], field.end) if field.end - record.name[0] < 400 else (field.start, field.end)
        rule = f"record/{record.form}-{field.key}"
        if field.key in _ALIASES:
            words = " ".join(value.split())
            if words.casefold() != " ".join(self.view.text[slice(*record.name)].split()).casefold():
                yield RecordFact(subject, "also_known_as", None, words, *place, rule, _ALIASES[field.key])
        elif field.key in _PLACES or field.key in _PARTIES:
            for mention in self._distinct(field, subject):
                wanted = (
                    ("Country", "Place")
                    if field.key in _PLACES
                    else ("Person", "Company", "Organization", "GovernmentBody", "Country")
                )
                if mention.type in wanted and not (
                    field.key in ("citizen_of", "flagged_in") and mention.type != "Country"
                ):
                    yield RecordFact(subject, field.key, mention, "", *place, rule)
        elif field.key == "linked":
            for mention in self._distinct(field, subject):
                if mention.type not in ("Country", "Place", "List", "LegalInstrument"):
                    key = _link(value)
                    key = (_post(value) or key) if key == "associated_with" else key
                    yield RecordFact(subject, key, mention, "", *place, rule, _status(value))
        elif field.key == "position":
            yield from self._position(record, subject, field)
        if field.key in ATTRIBUTES:
            yield RecordFact(subject, field.key, None, " ".join(value.split()), *place, rule)

    def _distinct(self, field: Field, subject: MentionSpan) -> list[MentionSpan]:
        found: dict[str, MentionSpan] = {}
        for mention in self.inside(field.start, field.end):
            if mention.entity != subject.entity:
                found.setdefault(mention.entity, mention)
        return list(found.values())

    def _position(self, record: Record, subject: MentionSpan, field: Field) -> Iterator[RecordFact]:
        """The posts of a person: each with the first body behind its title."""
        text = self.view.text
        for part in re.compile(r"(?:(?!;|(?<!\w)\(?[a-z]\)\s).)+", re.DOTALL).finditer(text, field.start, field.end):
            post = _post(part.group().strip())
            bodies = [
                one
                for one in self.inside(part.start(), part.end())
                if one.type in ("Company", "Organization", "GovernmentBody")
            ]
            if post is None or not bodies or bodies[0].entity == subject.entity:
                continue
            place = (record.name[0], part.end()) if part.end() - record.name[0] < 400 else (part.start(), part.end())
            yield RecordFact(
                subject, post, bodies[0], "", *place, f"record/{record.form}-position", _status(part.group())
            )

    def _listing(self, record: Record, subject: MentionSpan, act: Act) -> Iterator[RecordFact]:
        """Who lists or removes the party, on which list, under which act, and when."""
        bodies, lists, laws = self._governing(act)
        dates = tuple((field.start, field.end) for field in record.all("listed_on", "modifications"))[:1]
        if act.what == "removed":
            dates = ()
        place = (
            (record.name[0], record.name[1])
            if record.form == "item"
            else (record.start, max(record.name[1], min(record.end, record.start + 300)))
        )
        if record.form != "item":
            place = self._sentence(record.name)
        said = (act.start, act.end)
        fresh = act.what in ("listed", "removed") and not dates
        for number, body in enumerate(bodies):
            if body.entity != subject.entity:
                key = "delisted_by" if act.what == "removed" else "listed_by"
                rule = f"record/{record.form}-{act.what}" + ("" if not number else "-above")
                yield RecordFact(subject, key, body, "", *place, rule, "asserted", (*dates, said), fresh, said)
        if act.what == "removed":
            return
        under = [] if act.what == "amended" else laws
        for named, key in (*((one, "listed_on") for one in lists), *((one, "listed_under") for one in under)):
            if named.entity != subject.entity:
                rule = f"record/{record.form}-{act.what}-{key}"
                yield RecordFact(subject, key, named, "", *place, rule, "asserted", (*dates, said), fresh, said)

    def _sentence(self, place: tuple[int, int]) -> tuple[int, int]:
        token = max(0, bisect_right(self.view.starts, place[0]) - 1)
        first, last = self.view.sentences[self.view.sentence_of[token]]
        return min(place[0], self.view.starts[first]), max(place[1], self.view.ends[last - 1])

    def _governing(self, act: Act) -> tuple[list[MentionSpan], list[MentionSpan], list[MentionSpan]]:
        """The bodies that act, the lists and the laws of a statement, or of the document where it names none."""
        if (act.start, act.end) not in self.known:
            here = [one for one in self.inside(act.start, act.end) if one.entity not in self.parties]
            before = [one for one in self.inside(0, act.start) if one.entity not in self.parties]
            head = [one for one in self.mentions if self.view.block_of[self.view.sentence_of[one.start]] < 3]
            head = [one for one in head if one.entity not in self.parties]
            lists = self._lists([*here, *(head if act.what == "standing" else ())]) or self._lists(before)[:1]
            acting = (
                self._acting(here, heading=act.what == "standing")
                or self._acting(head)
                or [(one, "") for one in self.main]
            )
            bodies = _most_specific(acting)
            if not bodies and (
                known := next((found for one in lists if (found := official_list(self._name(one)))), None)
            ):
                bodies = [one for one in self.mentions if self._is(one, known.authority)][:1]
            laws = _once([one for one in here if one.type == "LegalInstrument" and _LAW.search(self._name(one))])
            laws += [one for one in self._laws_of(lists) if one.entity not in {law.entity for law in laws}]
            self.known[act.start, act.end] = (bodies, lists, laws)
        return self.known[act.start, act.end]

    def _lists(self, mentions: Sequence[MentionSpan]) -> list[MentionSpan]:
        """The lists among mentions that bear a name, as "the list" and "list of entities" do not."""
        named = [one for one in mentions if one.type == "List"]
        return _once(
            [one for one in named if re.search(r"(?<!^)\b(?!List\b)[A-Z]|^(?!List\b)[A-Z]\w+ \w", self._name(one))]
        )

    def _laws_of(self, lists: Sequence[MentionSpan]) -> list[MentionSpan]:
        """The laws that are named in the names of lists: "Annex I to Regulation (EU) 2020/1998"."""
        wanted = [self._name(one) for one in lists]
        return _once(
            [
                one
                for one in self.mentions
                if one.type == "LegalInstrument"
                and _LAW.search(name := self._name(one))
                and any(name in each for each in wanted)
            ]
        )

    def _acting(self, mentions: Sequence[MentionSpan], *, heading: bool = False) -> list[tuple[MentionSpan, str]]:
        """The mentions of bodies and states that list, each with its name in the table of authorities, "" for others.

        A state counts where it acts, or in the heading of a list.
        """
        found: list[tuple[MentionSpan, str]] = []
        for one in mentions:
            if one.type not in _BODIES:
                continue
            known = authority(self._name(one)) or authority(self.view.entities[one.entity].name)
            if one.type == "Country":
                if (heading and known) or self._acts(one):
                    found.append((one, known.name if known else ""))
            elif known or is_body(self._name(one)):
                found.append((one, known.name if known else ""))
        return found

    def _acts(self, mention: MentionSpan) -> bool:
        """Whether a state is the subject at the head of its sentence: "Canada is imposing ..."."""
        first, last = self.view.sentences[self.view.sentence_of[mention.start]]
        following = self.view.tags[mention.end : min(last, mention.end + 1)]
        return mention.start - first < 3 and following[:1] in (["VERB"], ["AUX"])

    def _name(self, mention: MentionSpan) -> str:
        return self.view.span_text(mention.start, mention.end)

    def _is(self, mention: MentionSpan, name: str) -> bool:
        known = authority(self._name(mention))
        return known is not None and known.name == name


def _most_specific(bodies: Sequence[tuple[MentionSpan, str]]) -> list[MentionSpan]:
    """The first body, or the office below it that is named too."""
    if not bodies:
        return []
    first, name = bodies[0]
    for other, below in bodies[1:]:
        if name and below and below != name and name in chain(below):
            first, name = other, below
    return [first]


def _once(mentions: Sequence[MentionSpan]) -> list[MentionSpan]:
    found: dict[str, MentionSpan] = {}
    for mention in mentions:
        found.setdefault(mention.entity, mention)
    return list(found.values())


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ontology() / "layout" / "posts.yaml").read_text(encoding="utf-8"))
    return found


def _post(title: str) -> str | None:
    """The relation that a title says."""
    posts = _words()["posts"].items()
    return next((key for key, words in posts if re.match(words, title, re.IGNORECASE)), None)


def _link(value: str) -> str:
    """The relation that the words beside a linked party say."""
    links = _words()["links"].items()
    return next((key for key, words in links if re.search(words, value, re.IGNORECASE)), "associated_with")


def _status(value: str) -> str:
    return "ended" if re.search(_words()["former"], value[:40], re.IGNORECASE) else "asserted"
