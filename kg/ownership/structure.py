"""Ownership structure: links between nodes, which are any strings; nothing is computed here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.ownership.intervals import NONE, Interval


@dataclass(frozen=True, slots=True)
class Link:
    """That `holder` has a `share` in `held`, or controls it (`share` None); `claims` are the IRIs of the proof.

    `certain` is False for what is only alleged, or also denied.
    """

    holder: str
    held: str
    share: Interval | None
    claims: tuple[str, ...] = ()
    certain: bool = True


@dataclass(slots=True)
class Structure:
    """Links by the thing held; at most one share and one control for each pair."""

    shares: dict[str, dict[str, Link]] = field(default_factory=lambda: defaultdict(dict))
    controls: dict[str, dict[str, Link]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, links: Iterable[Link]) -> Structure:
        """The structure of these links; what holds itself is left out."""
        made = cls()
        for link in links:
            if link.holder != link.held:
                (made.controls if link.share is None else made.shares)[link.held][link.holder] = link
        return made

    def below(self, *, shares: bool = True, controls: bool = True) -> dict[str, list[str]]:
        """What each holder holds directly: by shares, by controls, or either; each thing once, sorted."""
        found: dict[str, set[str]] = defaultdict(set)
        for kind in ([self.shares] if shares else []) + ([self.controls] if controls else []):
            for held, holders in kind.items():
                for holder in holders:
                    found[holder].add(held)
        return {holder: sorted(held) for holder, held in found.items()}

    def above(self, node: str) -> list[str]:
        """Everything that holds or controls a node, directly or through others, nearest first."""
        order = {node: None}
        waiting = [node]
        for held in waiting:
            new = sorted({*self.shares.get(held, {}), *self.controls.get(held, {})} - order.keys())
            order.update(dict.fromkeys(new))
            waiting += new
        return waiting[1:]

    def nodes(self) -> list[str]:
        """All holders and things held, sorted."""
        found = {
            node for kind in (self.shares, self.controls) for held, links in kind.items() for node in (held, *links)
        }
        return sorted(found)


def counted_share(link: Link) -> Interval:
    """What the link tells; of an uncertain one only that it may be so."""
    share = link.share or NONE
    return share if link.certain else Interval(0, share.high, high_open=share.high_open)
