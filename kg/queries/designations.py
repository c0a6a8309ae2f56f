"""Who listed an entity, with what effect, from when to when, and how strongly that is known: one notion for all.

In: a store and entities. Out: one `Designation` for each act that an imported list or a text tells of. It is graded:

- `list`: an imported list holds it; the effect is what the list's measures do;
- `text`: texts say so, at the confidence of their best claim;
- `conflict`: told and also denied, or delisted while a later edition still holds it;
- `ended`: over on the day asked;
- `relation`: nothing lists the entity itself, it is only linked to something listed (told by the callers).

What is dated is told apart: `act` (the day that the source states), `edition` (first seen in that edition of the list;
the day of the act is not published) and `document` (imputed from the day of the text).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from kg.model import Status
from kg.queries.claims import ended_before, load, same_body
from kg.queries.named import ask, nodes
from kg.queries.names import clusters
from kg.queries.rows import ClaimRow, Node
from kg.reference import Effect, authority, effect, official_list, stated_measures
from kg.store import Store

Grade = Literal["list", "text", "conflict", "ended", "relation"]
State = Literal["in force", "perhaps", "not yet", "ended"]

_TOLD: Final = (Status.ASSERTED, Status.ALLEGED, Status.ENDED)


@dataclass(frozen=True, slots=True)
class Designation:
    """One act by which a body put an entity under measures.

    `authority` is the body's name in the tables, or as written where `known` is False. `since` is dated as `dated_by`
    says; `until` is the day of the end, where one is told. `last_seen` is the last edition of the list that holds it.
    """

    entity: str
    authority: str
    known: bool
    effect: Effect
    list: str = ""
    programmes: tuple[str, ...] = ()
    source: Literal["list", "text"] = "list"
    status: str = "asserted"
    since: str = ""
    dated_by: str = ""
    until: str = ""
    last_seen: str = ""
    confidence: float = 1.0
    disputed: bool = False
    claims: tuple[ClaimRow, ...] = ()

    def state(self, day: str) -> State:
        """Whether it was in force on a day, as far as is known."""
        if ended_before(self.until, day):
            return "ended"
        if self.since and self.since[: len(day)] > day[: len(self.since)]:
            return "not yet" if self.dated_by == "act" else "perhaps"
        if self.status == Status.ENDED and not self.until:
            return "perhaps" if self.last_seen and day < self.last_seen[: len(day)] else "ended"
        return "perhaps" if self.status == Status.ALLEGED or self.disputed else "in force"

    def grade(self, day: str) -> Grade:
        """How strongly the listing is known on a day."""
        if self.state(day) == "ended":
            return "ended"
        return "conflict" if self.disputed else self.source

    def dates(self) -> str:
        """Since when and until when, in words that keep act, edition and document apart."""
        ended = f" until {self.until}" if self.until else ", no longer" if self.status == Status.ENDED else ""
        return dated(self.since, self.dated_by) + ended

    def __str__(self) -> str:
        """The listing on one line."""
        body = self.authority if self.known else f"{self.authority} (an authority that is not in the tables)"
        where = f" on {self.list}" if self.list else ""
        under = f" ({', '.join(self.programmes)})" if self.programmes else ""
        how = "" if self.source == "list" else f", as texts say (confidence {self.confidence:.2f})"
        mark = ", disputed" if self.disputed else ""
        return f"listed by {body}{where}{under}, {self.dates()}: {self.effect}{how}{mark}"


def dated(since: str, dated_by: str) -> str:
    """A date in words that say whether it is of the act, of the edition of a list, or of a document.

    >>> dated("2021-07-15", "edition")
    'by 2021-07-15 at the latest (first seen in that edition; date not published)'
    """
    return {
        "act": since,
        "edition": f"by {since} at the latest (first seen in that edition; date not published)",
        "document": f"by {since} (day of the document; date not stated)",
    }.get(dated_by, "undated")


@dataclass(frozen=True, slots=True)
class Edition:
    """An imported data set: its title, its first and last edition, and which body's lists it holds, with their effect.

    The days are empty where the file tells none.
    """

    title: str
    first: str
    last: str
    holds: tuple[tuple[str, Effect], ...]


def editions(store: Store) -> tuple[Edition, ...]:
    """The imported lists, by title."""
    found: dict[tuple[str, str, str, str], dict[tuple[str, Effect], None]] = defaultdict(dict)
    for row in ask(store, "editions"):
        iri, title, first, last, name, on_list = ("" if term is None else term.value for term in row)
        known = authority(name)
        body = known.name if known else name
        found[title, iri, first, last][body, effect(body, on_list)] = None
    return tuple(Edition(title, first, last, tuple(held)) for (title, _, first, last), held in sorted(found.items()))


def designations(store: Store, iris: Iterable[str]) -> dict[str, tuple[Designation, ...]]:
    """The designations of each entity, by the node that stands for its cluster; entities without any are left out."""
    heads = {member: head for head, members in clusters(store, iris).items() for member in members}
    rows = ask(store, "listings", who=nodes(heads))
    claims = load(store, {row[0].value for row in rows if row[0] is not None})
    by_head: dict[str, list[ClaimRow]] = defaultdict(list)
    for claim in claims:
        by_head[heads.get(claim.subject.iri, claim.subject.iri)].append(claim)
    listed = _of_lists(store, heads, by_head)
    found: dict[str, tuple[Designation, ...]] = {}
    for head in sorted({*by_head, *listed}):
        told = [*listed.get(head, ()), *_of_texts(head, [c for c in by_head[head] if not c.from_list])]
        settled = [_after(item, by_head[head]) for item in told]
        if settled:
            found[head] = tuple(sorted(settled, key=_order))
    return found


def _order(item: Designation) -> tuple[str, str, str, str, str]:
    return item.since, item.source, item.authority, item.list, item.claims[0].iri if item.claims else ""


def _of_lists(store: Store, heads: dict[str, str], claims: dict[str, list[ClaimRow]]) -> dict[str, list[Designation]]:
    """The listings of imported lists, with the claims of the same body and dates as their proof."""
    values: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for who, listing, prop, value in ask(store, "designations", who=nodes(heads)):
        if who is not None and listing is not None and prop is not None and value is not None:
            values[heads[who.value], listing.value][prop.value.rpartition("#")[2]].append(value.value)
    names = _names(store, {node for told in values.values() for key in ("authority", "list") for node in told[key]})
    found: dict[str, list[Designation]] = defaultdict(list)
    for (head, _), told in sorted(values.items()):
        found[head].append(_listing(head, told, names, claims[head]))
    return found


def _listing(head: str, told: dict[str, list[str]], names: dict[str, str], claims: list[ClaimRow]) -> Designation:
    def first(key: str) -> str:
        return min(told.get(key, ()), default="")

    body, on_list = names.get(first("authority"), ""), names.get(first("list"), "")
    known = authority(body)
    programmes = tuple(sorted(told.get("programme", ())))
    proof = [
        claim
        for claim in claims
        if claim.from_list
        and claim.predicate == "listed_by"
        and _body(claim.object) == (known.name if known else body)
        and (claim.date, claim.date_end) == (first("date"), first("date_end"))
    ]
    return Designation(
        entity=head,
        authority=known.name if known else body,
        known=known is not None,
        effect=_effect(body, on_list, programmes, told.get("measure", [])),
        list=on_list,
        programmes=programmes,
        source="list",
        status=first("status").rpartition("#")[2] or "asserted",
        since=first("date") or first("first_seen"),
        dated_by="act" if first("date") else "edition" if first("first_seen") else "",
        until=first("date_end"),
        last_seen=max(told.get("last_seen", ()), default=""),
        claims=tuple(proof),
    )


def _effect(body: str, on_list: str, programmes: tuple[str, ...], stated: list[str]) -> Effect:
    """What the list itself says that applies, else what its measures are."""
    general = effect(body, on_list, programmes)
    kinds = dict.fromkeys(measure for text in sorted(stated) for measure in stated_measures(text))
    return replace(general, measures=tuple(kinds), known=True) if kinds else general


def _names(store: Store, iris: set[str]) -> dict[str, str]:
    """The main name of each node as the lists write it."""
    labels: dict[str, list[str]] = defaultdict(list)
    for node, prop, value in ask(store, "properties", who=nodes(iris)):
        if node is not None and prop is not None and value is not None and prop.value.endswith("#prefLabel"):
            labels[node.value].append(value.value)
    return {node: min(found, key=_unknown_last) for node, found in labels.items()}


def _unknown_last(name: str) -> tuple[bool, str]:
    return authority(name) is None and official_list(name) is None, name


def _of_texts(head: str, claims: list[ClaimRow]) -> Iterator[Designation]:
    """The acts that texts tell of: one for each body (or list without a body), told once or often."""
    grouped: dict[tuple[str, str, str], list[ClaimRow]] = defaultdict(list)
    on_lists: dict[str, list[ClaimRow]] = defaultdict(list)
    for claim in claims:
        if claim.predicate == "listed_on":
            on_lists[claim.document].append(claim)
    for claim in claims:
        if claim.predicate == "listed_by":
            named = _list_of_act(claim, on_lists[claim.document])
            grouped[_body(claim.object), named, claim.date].append(claim)
    spoken = {claim.document for claim in claims if claim.predicate == "listed_by"}
    for document, told in on_lists.items():
        for claim in told if document not in spoken else ():
            known = official_list(claim.object.name)
            grouped[known.authority if known else "", claim.object.name, claim.date].append(claim)
    for (body, on_list, _), group in sorted(grouped.items(), key=lambda item: item[0]):
        counted = [claim for claim in group if claim.status in _TOLD]
        if counted:
            yield _told(head, body, on_list, counted, denied=len(counted) < len(group))


def _told(head: str, body: str, on_list: str, claims: list[ClaimRow], *, denied: bool) -> Designation:
    best = max(claims, key=lambda claim: (_RANK.get(claim.status, 0), claim.confidence, claim.date, claim.iri))
    earliest = min(claims, key=lambda claim: (claim.since or "9999", claim.iri))
    known = authority(body)
    return Designation(
        entity=head,
        authority=known.name if known else body,
        known=known is not None,
        effect=effect(known.name if known else body, on_list),
        list=on_list,
        source="text",
        status=best.status,
        since=earliest.since,
        dated_by=earliest.dated_by,
        until=best.date_end,
        last_seen=best.published,
        confidence=max(claim.confidence for claim in claims),
        disputed=denied,
        claims=tuple(claims),
    )


_RANK: Final = {"asserted": 2, "ended": 1, "alleged": 0}


def _body(node: Node) -> str:
    known = authority(node.name)
    return known.name if known else node.name


def _list_of_act(act: ClaimRow, told: list[ClaimRow]) -> str:
    """The list that a text names with the act: by the same words or date, else the one list of the same body."""
    words = {quote.text for quote in act.quotations}
    near = [c for c in told if words & {q.text for q in c.quotations} or (act.date and c.date == act.date)]
    body = authority(act.object.name)
    fitting = [c for c in near or told if _keeps(body.name if body else "", c.object.name)]
    names = sorted({claim.object.name for claim in fitting})
    return names[0] if names else ""


def _keeps(body: str, on_list: str) -> bool:
    known = official_list(on_list)
    return known is None or same_body(Node("a", body), Node("b", known.authority))


def _after(item: Designation, claims: list[ClaimRow]) -> Designation:
    """The designation as a later delisting by the same body, or one above or below it, leaves it."""
    ends = sorted(
        claim.since
        for claim in claims
        if claim.predicate == "delisted_by"
        and claim.status == Status.ASSERTED
        and claim.since >= item.since
        and same_body(Node("a", item.authority), claim.object)
    )
    if not ends or item.until:
        return item
    if item.source == "list" and item.last_seen > ends[-1]:
        return replace(item, disputed=True)  # a later edition still holds it
    return replace(item, until=ends[0], status=Status.ENDED)
