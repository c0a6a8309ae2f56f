"""Stakes and verdicts: cases by hand, and random structures against an exact solver that tries every allocation."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import RuleError
from kg.model import Claim, Document, Entity, EntityType, Evidence, Extraction, Status
from kg.namespaces import document_iri
from kg.ownership import (
    Interval,
    Link,
    Structure,
    Verdict,
    exposed,
    findings,
    holders_of,
    owners,
    rule,
    rules,
    stake,
    stake_of,
)
from kg.ownership.stakes import _greatest, _lowest, _sweep
from kg.rdf import serialize as triples
from kg.store import Store, open_store

MAJORITY = Interval(50, 100, low_open=True)
UNKNOWN = Interval(0, 100)
BLOCKED, POSSIBLE, FREE = Verdict.BLOCKED, Verdict.POSSIBLE, Verdict.NOT_BLOCKED
UNHELD = Verdict.NOT_KNOWN  # no list of the authority is in the store


def structure(text: str) -> Structure:
    """`L>A:51` is 51 %, `L>A:>50` a majority, `L>A:?` unknown, `L>A:20-30` a range, `L>A:!` control; `~` is alleged."""
    made = []
    for part in text.split():
        pair, _, size = part.partition(":")
        holder, held = pair.split(">")
        certain = not size.startswith("~")
        size = size.lstrip("~")
        share: Interval | None
        if size == "!":
            share = None
        elif size == "?":
            share = UNKNOWN
        elif size.startswith(">"):
            share = Interval(float(size[1:]), 100, low_open=True)
        elif size.startswith("<"):
            share = Interval(0, float(size[1:]), high_open=True)
        else:
            low, _, high = size.partition("-")
            share = Interval(float(low), float(high or low))
        made.append(Link(holder, held, share, (part,), certain))
    return Structure.of(made)


#: What hangs together (L and M are listed), the rule, the company asked about, the verdict.
CASES = [
    # one holder
    ("L>A:50", "ofac", "A", BLOCKED),
    ("L>A:49.99", "ofac", "A", FREE),
    ("L>A:50", "eu", "A", BLOCKED),
    ("L>A:50", "uk", "A", FREE),
    ("L>A:50.01", "eu", "A", BLOCKED),
    ("L>A:100", "uk", "A", BLOCKED),
    ("x>A:100", "ofac", "A", FREE),
    ("A>L:100", "ofac", "A", FREE),
    # words for shares
    ("L>A:>50", "eu", "A", BLOCKED),
    ("L>A:?", "ofac", "A", POSSIBLE),
    ("L>A:<50", "ofac", "A", FREE),
    ("L>A:0-50", "ofac", "A", POSSIBLE),
    ("L>A:0-50", "eu", "A", POSSIBLE),
    ("L>A:40-60", "eu", "A", POSSIBLE),
    ("L>A:50-60", "ofac", "A", BLOCKED),
    # several holders
    ("L>A:25 M>A:25", "ofac", "A", BLOCKED),
    ("L>A:25 M>A:24", "ofac", "A", FREE),
    ("L>A:25 M>A:25", "eu", "A", BLOCKED),
    ("L>A:26 M>A:25", "eu", "A", BLOCKED),
    ("L>A:26 M>A:25", "uk", "A", FREE),
    ("L>A:25 M>A:?", "ofac", "A", POSSIBLE),
    ("L>A:25 x>A:75", "ofac", "A", FREE),
    # what others surely hold bounds what a listed one may hold
    ("L>A:? x>A:51", "ofac", "A", FREE),
    ("L>A:? x>A:50", "ofac", "A", POSSIBLE),
    ("L>A:? x>A:50", "uk", "A", FREE),
    ("L>A:? x>A:>50", "ofac", "A", FREE),
    ("L>A:? M>A:? x>A:60", "ofac", "A", FREE),
    # chains: a blocked holder counts whole, another one not at all
    ("L>A:50 A>B:50", "ofac", "B", BLOCKED),
    ("L>A:49 A>B:100", "ofac", "B", FREE),
    ("L>A:60 A>B:60 B>C:60 C>D:60 D>E:60", "ofac", "E", BLOCKED),
    ("L>A:60 A>B:? B>C:100", "ofac", "C", POSSIBLE),
    # diamonds
    ("L>A:50 L>B:50 A>C:25 B>C:25", "ofac", "C", BLOCKED),
    ("L>A:50 L>B:10 A>C:50 B>C:50", "ofac", "C", BLOCKED),
    ("L>A:50 L>B:10 A>C:40 B>C:40", "ofac", "C", FREE),
    ("L>A:25 L>B:25 A>C:50 B>C:50", "ofac", "C", FREE),
    ("L>A:50 A>C:25 L>C:25", "ofac", "C", BLOCKED),
    # cycles
    ("A>B:100 B>A:100", "ofac", "A", FREE),
    ("L>A:50 A>B:100 B>A:50", "ofac", "B", BLOCKED),
    ("L>A:40 A>B:100 B>A:60", "ofac", "A", FREE),
    ("L>A:10-50 A>B:100 B>A:50", "ofac", "A", POSSIBLE),
    # control is no share
    ("L>A:!", "ofac", "A", FREE),
    ("L>A:!", "eu", "A", BLOCKED),
    ("L>A:! A>B:51", "eu", "B", BLOCKED),
    ("L>A:! A>B:51", "ofac", "B", FREE),
    ("L>A:!  L>A:30", "ofac", "A", FREE),
    # what is only alleged
    ("L>A:~100", "ofac", "A", POSSIBLE),
    ("L>A:~!", "uk", "A", POSSIBLE),
    ("L>A:40 M>A:~50", "eu", "A", POSSIBLE),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "node", "verdict"), CASES)
def test_verdicts_by_hand(text: str, name: str, node: str, verdict: Verdict) -> None:
    assert findings(structure(text), rule(name), ["L", "M"])[node].verdict == verdict


def test_a_finding_tells_share_ground_and_chain() -> None:
    found = findings(structure("L>A:60 A>B:30 M>B:20-40 x>B:10"), rule("ofac"), ["L", "M"])
    assert found["L"].ground == "listed"
    assert (found["B"].verdict, found["B"].ground) == (BLOCKED, "ownership")
    assert found["B"].share == Interval(50, 70)
    assert [link.claims for link in found["B"].chain] == [("L>A:60",), ("A>B:30",), ("M>B:20-40",)]
    control = findings(structure("L>A:! A>B:!"), rule("uk"), ["L"])["B"]
    assert (control.ground, control.share) == ("control", Interval(0, 0))
    assert [link.claims for link in control.chain] == [("L>A:!",), ("A>B:!",)]


#: What hangs together, holder, thing held, the stake from and to.
STAKES = [
    ("A>B:50 B>C:50", "A", "C", 25, 25),
    ("A>B:50 B>D:40 A>C:50 C>D:40", "A", "D", 40, 40),
    ("A>B:>50 B>C:>50", "A", "C", 25, 100),
    ("A>B:? x>B:30", "A", "B", 0, 70),
    ("A>B:20-30 B>C:50", "A", "C", 10, 15),
    ("A>B:50 C>B:50 B>C:50", "A", "C", 100 / 3, 100 / 3),
    ("A>B:50 B>A:50", "A", "B", 50, 50),
    ("A>B:100 B>C:100 C>B:0", "A", "C", 100, 100),
    ("B>C:100 C>B:100 A>B:0", "A", "C", 0, 0),
    ("A>B:10 B>C:100 C>B:90", "A", "C", 100, 100),
    ("A>B:? A>C:? B>D:50 C>D:50", "A", "D", 0, 100),
    ("A>B:?", "B", "A", 0, 0),
    ("A>B:~80", "A", "B", 0, 80),
]  # fmt: skip


@pytest.mark.parametrize(("text", "holder", "held", "low", "high"), STAKES)
def test_stakes_by_hand(text: str, holder: str, held: str, low: float, high: float) -> None:
    found = stake_of(structure(text), holder, held)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-5), pytest.approx(high, abs=1e-5))


@pytest.mark.parametrize(
    ("name", "day", "held"),
    [
        ("ofac", "2008-02-13", False),
        ("ofac", "2014-08-13", True),
        ("ofac", None, True),
        ("ofac", "2014", True),
        ("ch", "2022-03-04", True),
        ("bis", "2025-09-28", False),
        ("bis", "2025-09-29", True),
        ("bis", "2025-11-09", True),
        ("bis", "2025-11-10", False),
        ("bis", "2026-11-09", False),
        ("bis", "2026-11-10", True),
        ("bis", None, True),
        ("eu", "2022-03-01", True),
        ("uk", "2022-03-01", True),
    ],
)
def test_rules_have_their_days(name: str, day: str | None, held: bool) -> None:
    assert rule(name).in_force(day) is held


def test_rules_are_known_by_id() -> None:
    assert list(rules()) == ["ofac", "eu", "uk", "ch", "bis"]
    with pytest.raises(RuleError, match="use one of ofac, eu, uk, ch, bis"):
        rule("ofca")


def test_words_become_intervals() -> None:
    assert stake(51, None, None) == Interval(51, 51)
    assert stake(None, 50, 100) == MAJORITY
    assert stake(None, None, 50) == Interval(0, 50, high_open=True)
    assert stake(None, None, None) == UNKNOWN
    assert stake(120, None, None) == UNKNOWN
    assert stake(None, 50, 100, "[]") == Interval(50, 100)
    assert [str(share) for share in (MAJORITY, UNKNOWN, Interval(51, 51), Interval(0, 50, high_open=True))] == [
        "> 50 %",
        "unknown",
        "51 %",
        "< 50 %",
    ]
    with pytest.raises(ValueError, match="not an interval"):
        Interval(60, 50)


# The exact solver: every way to give each company's holders shares at a corner of what the intervals allow.

Shares = dict[str, dict[str, tuple[int, int]]]
NAMES = "ABCDE"


def corners(owned: dict[str, tuple[int, int]]) -> Iterator[dict[str, Fraction]]:
    yield {holder: Fraction(low, 100) for holder, (low, _) in owned.items()}
    for order in permutations(sorted(owned)):
        room = 100 - sum(low for low, _ in owned.values())
        given = {}
        for holder in order:
            low, high = owned[holder]
            more = min(high - low, room)
            room -= more
            given[holder] = Fraction(low + more, 100)
        yield given


def allocations(shares: Shares) -> Iterator[dict[str, dict[str, Fraction]]]:
    held = sorted(shares)
    for combination in product(*({tuple(sorted(corner.items())) for corner in corners(shares[node])} for node in held)):
        yield {node: dict(corner) for node, corner in zip(held, combination, strict=True)}


def reach(given: dict[str, dict[str, Fraction]], holder: str, held: str) -> Fraction:
    """The least solution of v = shares . v with v(holder) = 1, by elimination over what the holder reaches."""
    reached = {holder}
    while True:
        more = {
            node
            for node, by in given.items()
            if node not in reached and node != holder and any(by.get(up, 0) > 0 for up in reached)
        }
        if not more:
            break
        reached |= more
    unknown = sorted(reached - {holder})
    if held not in unknown:
        return Fraction(0)
    rows = [
        [Fraction(int(node == other)) - given[node].get(other, Fraction(0)) for other in unknown]
        + [given[node].get(holder, Fraction(0))]
        for node in unknown
    ]
    for column in range(len(unknown)):
        pivot = next(row for row in range(column, len(unknown)) if rows[row][column] != 0)
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(len(unknown)):
            if row != column and rows[row][column] != 0:
                factor = rows[row][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return rows[unknown.index(held)][-1]


def blocked(given: dict[str, dict[str, Fraction]], listed: set[str], threshold: Fraction, inclusive: bool) -> set[str]:
    found = set(listed)
    while True:
        sums = {
            node: sum((share for up, share in by.items() if up in found), Fraction(0)) for node, by in given.items()
        }
        more = {node for node, whole in sums.items() if whole > threshold or (inclusive and whole == threshold)} - found
        if not more:
            return found
        found |= more


@st.composite
def shares(draw: st.DrawFn) -> Shares:
    """Up to five companies, each held by up to three others, the lower bounds adding up to 100 at most."""
    made: Shares = {}
    for node in NAMES[1:]:
        holders = draw(st.lists(st.sampled_from([name for name in NAMES if name != node]), max_size=3, unique=True))
        room = 100
        owned = {}
        for holder in holders:
            low = draw(st.integers(0, room // 10)) * 10
            high = min(100, low + draw(st.sampled_from([0, 0, 10, 40, 100])))
            room -= low
            owned[holder] = (low, high)
        if owned:
            made[node] = owned
    return made


def as_structure(made: Shares) -> Structure:
    return Structure.of(
        Link(holder, node, Interval(low, high)) for node, owned in made.items() for holder, (low, high) in owned.items()
    )


@given(shares(), st.sampled_from(NAMES[1:]))
@settings(max_examples=50, deadline=None)
def test_stakes_equal_the_exact_solver(made: Shares, held: str) -> None:
    values = [reach(given, "A", held) * 100 for given in allocations(made)] or [Fraction(0)]
    found = stake_of(as_structure(made), "A", held)
    assert (found.low, found.high) == (
        pytest.approx(float(min(values)), abs=1e-4),
        pytest.approx(float(max(values)), abs=1e-4),
    )


@given(shares(), st.sets(st.sampled_from(NAMES), min_size=1, max_size=2), st.sampled_from(["ofac", "eu"]))
@settings(max_examples=50, deadline=None)
def test_verdicts_equal_the_exact_solver(made: Shares, listed: set[str], name: str) -> None:
    chosen = rule(name)
    outcomes = [blocked(given, listed, Fraction(1, 2), chosen.terms.inclusive) for given in allocations(made)] or [
        listed
    ]
    answer = findings(as_structure(made), chosen, listed)
    for node, finding in answer.items():
        expected = (
            BLOCKED
            if all(node in one for one in outcomes)
            else POSSIBLE
            if any(node in one for one in outcomes)
            else FREE
        )
        assert finding.verdict == expected, node


# Through a store: claims in, verdicts out.

KINDS = {"Treasury": EntityType.GOVERNMENT_BODY, "Commerce Department": EntityType.GOVERNMENT_BODY}


def told(date: str, *said: tuple[str, str, str, dict[str, object]]) -> Extraction:
    names = sorted({name for subject, _, target, _ in said for name in (subject, target)})
    text = " ".join(f"{subject} {predicate} {target}." for subject, predicate, target, _ in said)
    return Extraction(
        Document(date, text, date, date),
        tuple(Entity(name, KINDS.get(name, EntityType.COMPANY), name) for name in names),
        tuple(
            Claim(subject, predicate, target, _quote(text, f"{subject} {predicate} {target}."), **more)  # type: ignore[arg-type]
            for subject, predicate, target, more in said
        ),
    )


def _quote(text: str, words: str) -> Evidence:
    return Evidence(text.index(words), text.index(words) + len(words), words)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    documents = [
        told(
            "2019-01-01",
            ("Alpha", "owned_by", "Listed One", {"percent": 60.0}),
            ("Beta", "owned_by", "Alpha", {"percent_min": 50.0, "percent_max": 100.0}),
            ("Gamma", "subsidiary_of", "Beta", {}),
            ("Delta", "controlled_by", "Alpha", {}),
            ("Delta", "owned_by", "Listed One", {"percent": 90.0, "status": Status.PLANNED}),
        ),
        told("2018-06-01", ("Listed One", "listed_by", "Treasury", {"date": "2018-05-31"})),
        told("2021-02-02", ("Alpha", "owned_by", "Listed One", {"percent": 30.0})),
        told(
            "2020-05-05",
            ("Omega", "listed_by", "Commerce Department", {}),
            ("Psi", "owned_by", "Omega", {"percent": 50.0}),
        ),
    ]
    with open_store(None) as opened:
        opened.replace_graphs({document_iri(one.document.id): list(triples.quads(one)) for one in documents})
        yield opened


def verdicts(store: Store, name: str, rule_name: str, **options: object) -> list[Verdict]:
    found = exposed(store, name, rule_name, **options)  # type: ignore[arg-type]
    return [found.about.verdict, *(finding.verdict for finding in found.below)]


def test_the_claims_of_a_day_decide(store: Store) -> None:
    assert verdicts(store, "Alpha", "ofac", at="2019-06-01") == [BLOCKED, BLOCKED, POSSIBLE]
    assert verdicts(store, "Alpha", "ofac", at="2018-07-01")[0] == POSSIBLE  # the stake is told of in 2019, undated
    assert verdicts(store, "Alpha", "ofac", at="2022") == [UNHELD, UNHELD, UNHELD]
    assert verdicts(store, "Alpha", "eu", at="2019-06-01", any_list=True) == [BLOCKED, BLOCKED, BLOCKED, POSSIBLE]
    assert verdicts(store, "Alpha", "eu", at="2019-06-01") == [UNHELD, UNHELD, UNHELD, UNHELD]


def test_a_rule_blocks_only_while_it_is_in_force(store: Store) -> None:
    assert verdicts(store, "Omega", "bis", at="2025-10-01") == [BLOCKED, BLOCKED]
    assert verdicts(store, "Omega", "bis", at="2026-01-01") == [BLOCKED]
    assert verdicts(store, "Omega", "bis", at="2026-12-01") == [BLOCKED, BLOCKED]
    assert verdicts(store, "Omega", "ofac", at="2025-10-01") == [UNHELD, UNHELD]


def test_supposing_that_it_is_listed(store: Store) -> None:
    assert verdicts(store, "Alpha", "ofac", at="2022", suppose_listed=True) == [BLOCKED, BLOCKED, POSSIBLE]


def test_owners_with_direct_and_indirect_stakes(store: Store) -> None:
    rows = owners(store, "Gamma", at="2019-06-01")
    assert [(str(row.direct) if row.direct else "", str(row.altogether), row.controls) for row in rows] == [
        ("unknown", "unknown", False),
        ("", "unknown", False),
        ("", "<= 60 %", False),
    ]
    (control,) = [row for row in owners(store, "Delta", at="2019-06-01") if row.controls]
    assert (control.direct, control.altogether) == (None, Interval(0, 0))
    assert len(control.claims) == 1


# Tangles: many companies that hold each other.


def tangled(companies: int, holders: int, seed: int) -> Structure:
    chance = random.Random(seed)
    names = [f"N{number:03d}" for number in range(companies)]
    links = []
    for held in names:
        for holder in chance.sample([name for name in names if name != held], holders):
            low = chance.choice([0, 0, 1, 2, 80 // holders])
            high = chance.choice([low, low + 10, 100])
            links.append(Link(holder, held, Interval(low, high, low_open=0 < low < high)))
    return Structure.of(links)


@pytest.mark.parametrize(("companies", "holders"), [(8, 7), (20, 6), (60, 3), (60, 59)])
def test_two_ways_to_solve_a_tangle_agree(companies: int, holders: int) -> None:
    made = tangled(companies, holders, companies + holders)
    nodes = set(made.nodes())
    for holder, held in (("N000", "N001"), ("N003", "N002")):
        exact = stake_of(made, holder, held)
        low, high = (_sweep(made, nodes, holder, allocate)[0][held] * 100 for allocate in (_lowest, _greatest))
        assert exact.low == pytest.approx(low, abs=1e-3)
        assert high - 1e-6 <= exact.high <= high + 0.5  # sweeps come from below, slowly where nearly all goes round


def test_a_tangle_has_all_its_holders_and_verdicts() -> None:
    made = tangled(60, 59, 5)
    found = holders_of(made, "N007")
    assert set(found) == set(made.nodes()) - {"N007"}
    assert all(0 <= share.low <= share.high <= 100 for share in found.values())
    verdict = {finding.verdict for finding in findings(made, rule("ofac"), ["N000"]).values()}
    assert verdict == {BLOCKED, POSSIBLE}


def test_shares_of_more_than_the_whole_in_a_cycle_end() -> None:
    links = [Link(up, held, Interval(70, 70)) for held in "ABCDEF" for up in "ABCDEF" if up != held]
    assert holders_of(Structure.of(links), "A") == dict.fromkeys("BCDEF", Interval(100, 100))


def test_more_nodes_than_matrices_are_made_for() -> None:
    chain = [Link(f"N{number:03d}", f"N{number + 1:03d}", Interval(90, 100)) for number in range(400)]
    ring = [Link("N400", "N000", Interval(0, 5))]
    found = stake_of(Structure.of([*chain, *ring]), "N000", "N400")
    assert (found.low, found.high) == (pytest.approx(100 * 0.9**400, abs=1e-6), 100)
    tight = [Link(f"N{number:03d}", f"N{number + 1:03d}", Interval(50, 99)) for number in range(400)]
    assert stake_of(Structure.of(tight), "N000", "N400").high == pytest.approx(100 * 0.99**400, abs=1e-6)
    assert len(holders_of(Structure.of(tight), "N400")) == 200
