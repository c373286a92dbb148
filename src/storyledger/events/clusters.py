"""Reports joined into clusters of one event each: the surest pairs first, never across what must stay apart.

Two clusters join where their reports, pair by pair, are more likely one event than not, and not too many of them
contradict. Invariant: the result depends on the pairs and the judgements, not on the order of the reports.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storyledger.events.corrections import Corrections
from storyledger.events.similarity import Telling
from storyledger.types import EventMerge

# Mean probability from which two tellings are one event: of .15 to .5 the lowest at which four of five links were right
# (18 piles kept out), with what larger clusters are asked below.
JOIN = 0.2
FORBID = 0.04  # a pair below it speaks against joining its clusters
MOST_AGAINST = 0.25  # the share of such pairs that a join bears: readings err, dates most of all
# By which share of ``JOIN`` each doubling of a cluster asks more. Of one matter all tellings are a little alike: at 0 a
# hundred of five pages' three hundred became one event; gold tellings of one story gain from .67 to .82 (links F1).
# Without sentence vectors they are not, and nothing more is asked.
STRICTER = 0.4
SAMPLE = 6  # reports of a cluster that a join looks at: bounds the work on a much-told event


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair's probability and, where it may join them, its reasons, strongest first."""

    probability: float
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Cluster:
    """Reports of one event, and the pairs that joined them or that a judgement kept from joining."""

    members: list[int]
    merges: list[EventMerge]


def cluster_reports(
    tellings: Sequence[Telling], judged: Mapping[tuple[int, int], Judged], wanted: Corrections | None = None
) -> list[Cluster]:
    """Return the clusters of reports that tell one event each, with the pair that joined each two.

    The surest pairs come first, so of a chain that would join what was judged different the weakest link gives way.
    """
    board = _Board(tellings, wanted or Corrections())
    sure = (pair for pair in judged if judged[pair].probability >= JOIN)
    alike = any(telling.vector is not None for telling in tellings)
    for one, other in sorted(sure, key=lambda p: (-judged[p].probability, p)):
        left, right = board.strand_of(one), board.strand_of(other)
        if left != right and _may_join(board.strands[left], board.strands[right], judged, STRICTER * alike):
            board.join(one, other, judged[one, other])
    return board.collect()


class _Board:
    """Reports on their way into clusters: strands that the machine joined, tied into clusters by judgements.

    A strand is weighed as if no judgement were there: what a person ties together need not look alike, and would
    otherwise drive away the other tellings of either side.
    """

    def __init__(self, tellings: Sequence[Telling], wanted: Corrections) -> None:
        self._tellings, self._apart = tellings, wanted.apart
        self.strands = {number: [number] for number in range(len(tellings))}
        self._clusters = {number: Cluster([number], []) for number in range(len(tellings))}
        self._strand = list(range(len(tellings)))
        self._cluster = list(range(len(tellings)))
        self._refused: set[tuple[str, int, int]] = set()
        for one, other, why in wanted.same:
            if self._forbids(one, other) is None:
                self._unite(one, other, self._explain(one, other, 1.0, (why,)))

    def strand_of(self, number: int) -> int:
        """Return the strand that a report is in."""
        return self._strand[number]

    def join(self, one: int, other: int, found: Judged) -> None:
        """Make the strands of two reports one, unless a judgement keeps their clusters apart: that is noted."""
        why = self._forbids(one, other)
        if why is not None:
            self._refuse(one, other, found, why)
            return
        left, right = sorted((self._strand[one], self._strand[other]))
        for member in self.strands[right]:
            self._strand[member] = left
        self.strands[left] += self.strands.pop(right)
        self._unite(one, other, self._explain(one, other, found.probability, found.reasons))

    def collect(self) -> list[Cluster]:
        """Return the clusters in order of their first report."""
        for cluster in self._clusters.values():
            cluster.members.sort()
        return [self._clusters[number] for number in sorted(self._clusters)]

    def _unite(self, one: int, other: int, merge: EventMerge) -> None:
        left, right = sorted((self._cluster[one], self._cluster[other]))
        self._clusters[left].merges.append(merge)
        if left == right:
            return
        gone = self._clusters.pop(right)
        self._clusters[left].members += gone.members
        self._clusters[left].merges += gone.merges
        for member in gone.members:
            self._cluster[member] = left

    def _forbids(self, one: int, other: int) -> str | None:
        if not self._apart:
            return None
        left, right = (self._clusters[self._cluster[number]].members for number in (one, other))
        reasons = (self._apart[a][b] for a in left if a in self._apart for b in right if b in self._apart[a])
        return min(reasons, default=None)

    def _refuse(self, one: int, other: int, found: Judged, why: str) -> None:
        """Tell both clusters, once, of the surest pair that a judgement kept from joining them."""
        left, right = sorted((self._cluster[one], self._cluster[other]))
        if (why, left, right) not in self._refused:
            self._refused.add((why, left, right))
            told = f"{why}: the weakest tie of the chain gave way"
            merge = self._explain(one, other, found.probability, (told, *found.reasons), refused=True)
            for number in (left, right):
                self._clusters[number].merges.append(merge)

    def _explain(
        self, one: int, other: int, probability: float, reasons: tuple[str, ...], *, refused: bool = False
    ) -> EventMerge:
        a, b = self._tellings[one].report.evidence, self._tellings[other].report.evidence
        return EventMerge(a, b, round(probability, 4), reasons, refused)


def _may_join(
    one: Sequence[int], other: Sequence[int], judged: Mapping[tuple[int, int], Judged], stricter: float
) -> bool:
    """Whether two strands are one event; pairs that were not worth comparing say nothing."""
    pairs = ((min(left, right), max(left, right)) for left in _sample(one) for right in _sample(other))
    found = [judged[pair].probability for pair in pairs if pair in judged]
    against = sum(probability < FORBID for probability in found)
    least = JOIN * (1.0 + stricter * math.log2((len(one) + len(other)) / 2))
    return math.fsum(found) >= least * len(found) and against <= MOST_AGAINST * len(found)


def _sample(members: Sequence[int]) -> list[int]:
    """At most ``SAMPLE`` members, spread evenly."""
    ordered = sorted(members)
    step = max(1, -(-len(ordered) // SAMPLE))
    return ordered[::step]
