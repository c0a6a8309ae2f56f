"""Corroboration of claims of texts by the imported lists: confirmed, text only, list only, or in conflict.

In: a store with documents and lists, resolved. Looked at are claims on who lists whom, on which list, who owns or
controls what and who holds which post. Out: one Corroboration a claim, and one for each listed entity of which the
texts speak without saying so; the same as quads in a graph of its own, computed anew each time.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

import pyoxigraph
from pyoxigraph import NamedNode, Quad

from kg.namespaces import RESOURCE, digest, expand, term
from kg.queries.list_records import ListedOn, read_listings
from kg.queries.scan import holders, instances, pairs
from kg.rdf.serialize import date_literal
from kg.reference import authority, chain, official_list
from kg.store import Store

#: The named graph that is computed from texts and lists.
CORROBORATION: Final = f"{RESOURCE}graph/corroboration"

Status = Literal["confirmed", "text_only", "list_only", "conflict"]

_LISTED: Final = ("listed_by", "listed_on")
_OWNED: Final = ("owned_by", "controlled_by", "subsidiary_of")
_POSTS: Final = ("leader_of", "officer_of", "spokesman_for", "employee_of", "member_of", "founder_of", "acts_for")
_DAYS: Final = 45  # between an announcement, the day of effect and a newspaper


@dataclass(frozen=True, slots=True)
class Corroboration:
    """What the lists say about one claim; `claim` is empty for a listing that no text speaks of (`list_only`).

    `list` and `since` tell the listing that bears the claim out or contradicts it, where there is one and it gives a
    date. `note` is the sentence for people.
    """

    status: Status
    subject: str
    subject_name: str
    predicate: str
    object_name: str
    note: str
    claim: str = ""
    document: str = ""
    list: str = ""
    since: str = ""
    as_of: str = ""

    def __str__(self) -> str:
        """The claim and what the lists say, on one line."""
        return f"{self.subject_name} {self.predicate} {self.object_name}: {self.status.replace('_', ' ')}: {self.note}"


@dataclass(slots=True)
class _Lists:
    """What the lists say, by the node that stands for each entity."""

    standing: dict[str, str] = field(default_factory=dict)
    listings: defaultdict[str, list[ListedOn]] = field(default_factory=lambda: defaultdict(list))
    relations: defaultdict[tuple[str, str], list[tuple[str, str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    titles: dict[str, str] = field(default_factory=dict)

    def head(self, node: str) -> str:
        """The node that stands for this one."""
        return self.standing.get(node, node)

    def known_lists(self, body: str) -> list[str]:
        """The imported lists that this authority, or an office below it, keeps."""
        found = {item.list for listings in self.listings.values() for item in listings if body in chain(item.authority)}
        return sorted(found)


def corroborate(store: Store, at: str | None = None) -> list[Corroboration]:
    """One Corroboration for each claim of a text on listing, ownership or a post, in the order of document and name.

    `at` (YYYY-MM-DD) is the day for which the lists are asked; without it, the claim's own date or the document's.
    Nothing is said, and nothing kept in the graph, where no list was imported.
    """
    lists = _read_lists(store)
    if not lists.titles:
        store.replace_graphs({CORROBORATION: []})
        return []
    found = []
    spoken: set[str] = set()
    for said in _said(store, (*_LISTED, *_OWNED, *_POSTS), lists):
        if said.predicate in _LISTED:
            spoken.add(said.subject)
            found.append(_listing(said, lists, at))
        else:
            found.append(_relation(said, lists, at))
    found += _list_only(store, lists, spoken, at)
    found = sorted(
        set(found), key=lambda item: (item.document, item.subject_name, item.predicate, item.object_name, item.claim)
    )
    store.replace_graphs({CORROBORATION: list(_quads(found))})
    return found


@dataclass(frozen=True, slots=True)
class _Said:
    """A claim of a text, its subject and object as the nodes that stand for them."""

    claim: str
    subject: str
    name: str
    predicate: str
    object: str
    object_name: str
    date: str
    document: str
    issued: str

    def result(
        self, status: Status, note: str, listing: ListedOn | None = None, at: str | None = None
    ) -> Corroboration:
        """The Corroboration of this claim."""
        return Corroboration(
            status=status,
            subject=self.subject,
            subject_name=self.name,
            predicate=self.predicate,
            object_name=self.object_name,
            note=note,
            claim=self.claim,
            document=self.document,
            list=listing.list if listing else "",
            since=listing.since if listing else "",
            as_of=at or self.date or self.issued,
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """A claim as it stands in the graph; `source` is its document or data set."""

    claim: str
    subject: str
    predicate: str
    object: str
    date: str
    source: str


def _find(store: Store, predicates: Iterable[str], kind: str) -> Iterator[_Found]:
    """The claims with these predicates whose source is of that class, but for denied ones."""
    sources = instances(store, kind)
    predicate_of = {claim: name for name in predicates for claim in holders(store, "kg:predicate", f"kg:{name}")}
    denied = holders(store, "kg:status", "kg:denied")
    source_of = {
        claim: source
        for claim, source in pairs(store, "prov:wasDerivedFrom")
        if source in sources and claim in predicate_of and claim not in denied
    }
    subjects, objects, dates = (
        {claim: value for claim, value in pairs(store, prop) if claim in source_of}
        for prop in ("kg:subject", "kg:object", "kg:date")
    )
    for claim, source in sorted(source_of.items()):
        if claim in subjects and claim in objects:
            predicate = predicate_of[claim]
            yield _Found(claim, subjects[claim], predicate, objects[claim], dates.get(claim, ""), source)


def _said(store: Store, predicates: Iterable[str], lists: _Lists) -> list[_Said]:
    """The claims of texts, each once; of several names of a node the longest."""
    found = list(_find(store, predicates, "kg:Document"))
    names = _names_of(store, {node for item in found for node in (item.subject, item.object)})
    issued = dict(pairs(store, "dcterms:issued"))
    return [
        _Said(
            item.claim,
            lists.head(item.subject),
            names.get(item.subject, item.subject),
            item.predicate,
            lists.head(item.object),
            names.get(item.object, item.object),
            item.date,
            item.source,
            issued.get(item.source, ""),
        )
        for item in found
    ]


def _names_of(store: Store, nodes: set[str]) -> dict[str, str]:
    """The main name of each node, of several the longest."""
    names: dict[str, str] = {}
    for node, label in pairs(store, "skos:prefLabel"):
        if node in nodes and (node not in names or (-len(label), label) < (-len(names[node]), names[node])):
            names[node] = label
    return names


def _listing(said: _Said, lists: _Lists, at: str | None) -> Corroboration:
    """What the lists say about `listed_by` and `listed_on`."""
    listings = lists.listings.get(said.subject, [])
    if said.predicate == "listed_on":
        named = official_list(said.object_name)
        fitting = [item for item in listings if named and item.list == named.name]
        where = (
            [named.name] if named and named.name in {i.list for all_ in lists.listings.values() for i in all_} else []
        )
        body = named.authority if named else ""
    else:
        known = authority(said.object_name)
        body = known.name if known else ""
        fitting = [item for item in listings if body and body in chain(item.authority)]
        where = lists.known_lists(body) if body else []
    if fitting:
        return _dated(said, fitting, at)
    if listings and where:
        other = listings[0]
        return said.result("conflict", f"the lists say {other.authority}, {_on(other)}", other, at)
    if where:
        return said.result("text_only", f"not found on {_names(where)} as imported", at=at)
    elsewhere = f"; it is on {_on(listings[0])}" if listings else ""
    return said.result("text_only", f"no list of {said.object_name} was imported{elsewhere}", at=at)


def _dated(said: _Said, fitting: list[ListedOn], at: str | None) -> Corroboration:
    """Confirmed, unless the dates speak against it."""
    asked = at or said.date or said.issued
    in_force = [item for item in fitting if not asked or _holds(item, asked)]
    if in_force:
        best = min(in_force, key=lambda item: (_distance(item.since, said.date or asked), item.list))
        if said.date and best.since and _distance(best.since, said.date) > _DAYS and not at:
            return said.result(
                "conflict", f"the list says since {best.since} ({best.list}), the text {said.date}", best
            )
        since = f"since {best.since}" if best.since else "the list gives no date"
        return said.result("confirmed", f"{best.list}, {since}{_programmes(best)}", best, at)
    ended = [item for item in fitting if item.until and item.until < asked[: len(item.until)]]
    if ended:
        last = max(ended, key=lambda item: (item.until, item.list))
        return said.result("conflict", f"no longer on {last.list}: it ended on {last.until}", last, at)
    first = min(fitting, key=lambda item: (item.since, item.list))
    return said.result("conflict", f"on {first.list} only since {first.since}, after {asked}", first, at)


def _holds(item: ListedOn, day: str) -> bool:
    """Whether a listing is in force on a day, an announcement some weeks before its effect included."""
    begun = not item.since or item.since[: len(day)] <= day or _distance(item.since, day) <= _DAYS
    return begun and not (item.until and item.until < day[: len(item.until)])


def _relation(said: _Said, lists: _Lists, at: str | None) -> Corroboration:
    """What the lists say about owning, controlling or a post."""
    group = _OWNED if said.predicate in _OWNED else _POSTS
    told = [item for item in lists.relations.get((said.subject, said.object), []) if item[0] in group]
    linked = [
        item
        for pair in ((said.subject, said.object), (said.object, said.subject))
        for item in lists.relations.get(pair, [])
        if item[0] == "associated_with"
    ]
    for predicate, since, dataset in sorted(told):
        listing = ListedOn(lists.titles.get(dataset, dataset), "", (), since)
        dated = f", since {since}" if since else ""
        return said.result("confirmed", f"{listing.list}: {predicate}{dated}", listing, at)
    for _, _, dataset in sorted(linked):
        title = lists.titles.get(dataset, dataset)
        return said.result("text_only", f"{title} links the two, but does not say how", at=at)
    listed = [
        name for node, name in ((said.subject, said.name), (said.object, said.object_name)) if lists.listings.get(node)
    ]
    if listed:
        return said.result("text_only", f"the lists hold {_names(listed)}, but say nothing of this", at=at)
    return said.result("text_only", "neither is on a list that was imported", at=at)


def _list_only(store: Store, lists: _Lists, spoken: set[str], at: str | None) -> Iterator[Corroboration]:
    """Listed entities that texts name without saying that they are listed."""
    told: set[str] = set()
    mentioned = {node for node, _ in pairs(store, "kg:mentioned_in")}
    for node, name in sorted(_names_of(store, mentioned).items()):
        head = lists.head(node)
        listings = lists.listings.get(head, [])
        if listings and head not in spoken and head not in told:
            told.add(head)
            first = listings[0]
            since = f", since {first.since}" if first.since else ""
            yield Corroboration(
                status="list_only",
                subject=head,
                subject_name=name,
                predicate="listed_on",
                object_name=first.list,
                note=f"{_on(first)}{since}; the texts do not say so",
                list=first.list,
                since=first.since,
                as_of=at or "",
            )


def _read_lists(store: Store) -> _Lists:
    lists = _Lists()
    lists.standing = dict(pairs(store, "kg:canonical"))
    datasets = instances(store, "dcat:Dataset")
    lists.titles = {node: title for node, title in pairs(store, "dcterms:title") if node in datasets}
    for node, listings in sorted(read_listings(store).items()):
        lists.listings[lists.head(node)].extend(listings)
    for item in _find(store, (*_OWNED, *_POSTS, "associated_with"), "dcat:Dataset"):
        pair = lists.head(item.subject), lists.head(item.object)
        lists.relations[pair].append((item.predicate, item.date, item.source))
    return lists


def _distance(one: str, other: str) -> int:
    """Days between two dates, 0 where one is within the other (a month, a year) or missing."""
    if not one or not other or one.startswith(other) or other.startswith(one):
        return 0
    length = min(len(one), len(other))
    return abs((_day(one[:length]) - _day(other[:length])).days)


def _day(date: str) -> datetime.date:
    parts = [int(part) for part in date.split("-")]
    return datetime.date(parts[0], parts[1] if len(parts) > 1 else 7, parts[2] if len(parts) > 2 else 1)


def _on(item: ListedOn) -> str:
    return f"{item.list}{_programmes(item)}"


def _programmes(item: ListedOn) -> str:
    return f" ({', '.join(item.programmes)})" if item.programmes else ""


def _names(names: list[str]) -> str:
    shown = [f"the {name}" if name.endswith("List") else name for name in names[:3]]
    return ", ".join(shown) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _quads(found: Iterable[Corroboration]) -> Iterator[Quad]:
    graph = NamedNode(CORROBORATION)
    for item in found:
        parts = (item.claim, item.subject, item.predicate, item.object_name)
        node = NamedNode(f"{RESOURCE}corroboration/{digest('corroboration', *parts)}")
        status = NamedNode(term(item.status))
        yield Quad(node, NamedNode(expand("rdf:type")), NamedNode(term("Corroboration")), graph)
        yield Quad(node, NamedNode(term("corroboration")), status, graph)
        yield Quad(node, NamedNode(term("note")), pyoxigraph.Literal(item.note), graph)
        if item.claim:
            yield Quad(node, NamedNode(term("corroborates")), NamedNode(item.claim), graph)
            yield Quad(NamedNode(item.claim), NamedNode(term("corroboration")), status, graph)
        else:
            yield Quad(node, NamedNode(term("entity")), NamedNode(item.subject), graph)
        if item.list:
            yield Quad(node, NamedNode(term("on_list")), pyoxigraph.Literal(item.list), graph)
        for key, value in (("since", item.since), ("as_of", item.as_of)):
            if value:
                yield Quad(node, NamedNode(term(key)), date_literal(value), graph)
