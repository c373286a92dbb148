"""Records joined into groups: the strongest links first, never across what must stay apart.

Kruskal's order makes the promise hold: where a chain of links would join two records that were judged or are known to
be apart, the link refused is the weakest of the chain. Judged links (a person's word) come before all others.
Invariant: the groups depend on links and bars, not on their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

Objection = Callable[[Sequence[int], Sequence[int]], str | None]


@dataclass(frozen=True, slots=True)
class Link:
    """Records ``a`` and ``b`` are one with this probability; ``judged``: a person said so."""

    a: int
    b: int
    probability: float
    reasons: tuple[str, ...] = ()
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Apart:
    """Records ``a`` and ``b`` are not one, for this reason; nothing joins them."""

    a: int
    b: int
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A link that gave way, why, and whether a bar (rather than an objection) kept its groups apart."""

    link: Link
    reason: str
    barred: bool


@dataclass(slots=True)
class Partition:
    """Groups of the records ``0 .. size - 1``, each alone at first.

    Args:
        size: how many records there are.
        apart: what must not be joined, whoever says so.
        object_to: asked before a link joins two groups, with their members; what it returns is why they may not be one
            (their years differ, half of their pairs are unlikely). Judged links are not asked about.
    """

    size: int
    apart: Iterable[Apart] = ()
    object_to: Objection | None = None
    taken: list[Link] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    _members: dict[int, list[int]] = field(init=False)
    _group: list[int] = field(init=False)
    _barred: dict[int, dict[int, str]] = field(init=False)  # group -> record that may not join -> why

    def __post_init__(self) -> None:
        """Set every record alone."""
        self._members = {i: [i] for i in range(self.size)}
        self._group = list(range(self.size))
        self._barred = {i: {} for i in range(self.size)}
        for bar in sorted(self.apart, key=lambda p: (p.a, p.b, p.reason)):
            self._barred[bar.a].setdefault(bar.b, bar.reason)
            self._barred[bar.b].setdefault(bar.a, bar.reason)

    def join(self, links: Iterable[Link], at_least: float = 0.5) -> Partition:
        """Join along ``links`` of ``at_least`` this probability, judged ones first, then the surest; return itself."""
        usable = (e for e in links if e.judged or e.probability >= at_least)
        for link in sorted(usable, key=lambda e: (not e.judged, -e.probability, min(e.a, e.b), max(e.a, e.b))):
            self._take(link)
        return self

    def groups(self) -> list[list[int]]:
        """Return the groups, members in order, groups in the order of their first."""
        return sorted(sorted(members) for members in self._members.values())

    def group_of(self, record: int) -> list[int]:
        """Return the members of the group that a record is in, in order."""
        return sorted(self._members[self._group[record]])

    def _take(self, link: Link) -> None:
        one, two = self._group[link.a], self._group[link.b]
        if one == two:
            return
        bar = self._find_bar(one, two)
        objection = None
        if bar is None and self.object_to is not None and not link.judged:
            objection = self.object_to(self._members[one], self._members[two])
        if bar is not None or objection is not None:
            self.refused.append(Refusal(link, bar or objection or "", bar is not None))
            return
        self._merge(one, two)
        self.taken.append(link)

    def _find_bar(self, one: int, two: int) -> str | None:
        """Return why two groups may not be one: the bar of the lowest record, None where there is none."""
        few, many = sorted((one, two), key=lambda g: (len(self._barred[g]), g))
        barred = (r for r in sorted(self._barred[few]) if self._group[r] == many)
        return next((self._barred[few][r] for r in barred), None)

    def _merge(self, one: int, two: int) -> None:
        """Take the smaller group into the larger."""
        keep, drop = (one, two) if len(self._members[one]) >= len(self._members[two]) else (two, one)
        gone = self._members.pop(drop)
        for record in gone:
            self._group[record] = keep
        self._members[keep] += gone
        for record, reason in self._barred.pop(drop).items():
            self._barred[keep].setdefault(record, reason)
