"""Reports joined into clusters of one event each: the surest pairs first, never across what must stay apart.

Two clusters join where their reports, all pairs of them, are likely enough one event in the mean, and not too many
contradict; a pair that was not worth comparing speaks against it a little. Invariant: the result depends on the pairs
and the judgements, not on the order of the reports.
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
UNCOMPARED = 0.1  # what a pair that was not worth comparing weighs in the mean: a chain of pairs alone is no event
_WHOLE = 1_000_000  # a probability as a whole number: sums are then the same in any order


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair's probability and, where it may join them, its reasons, strongest first."""

    probability: float
    reasons: tuple[str, ...] = ()


_Tie = tuple[int, int, int]  # of two strands: sum of their pairs' probabilities, pairs compared, pairs against


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
    ties = _Ties(judged)
    sure = (pair for pair in judged if judged[pair].probability >= JOIN)
    stricter = STRICTER * any(telling.vector is not None for telling in tellings)
    for one, other in sorted(sure, key=lambda p: (-judged[p].probability, p)):
        left, right = ties.order(board.strand_of(one), board.strand_of(other))
        sizes = len(board.strands[left]), len(board.strands[right])
        if left != right and ties.allow(left, right, sizes, stricter) and board.join(one, other, judged[one, other]):
            board.merge(left, right)
            ties.merge(left, right)
    return board.collect()


class _Ties:
    """What the pairs say of each two strands: the sum of their probabilities, and how many speak against them.

    Kept up to date as strands join, the smaller into the larger, so that a join asks all pairs at the price of one. To
    ask a sample of the pairs, and to pass over those that were not compared, made three fifths of a pile of 90 pages
    one event of 1,471 tellings: in a large pile most samples hold no pair that was compared.
    """

    def __init__(self, judged: Mapping[tuple[int, int], Judged]) -> None:
        """Each report is a strand."""
        self._by: dict[int, dict[int, _Tie]] = {}
        for (one, other), found in judged.items():
            tie = (round(found.probability * _WHOLE), 1, int(found.probability < FORBID))
            self._by.setdefault(one, {})[other] = tie
            self._by.setdefault(other, {})[one] = tie

    def allow(self, left: int, right: int, sizes: tuple[int, int], stricter: float) -> bool:
        """Return whether two strands of these sizes are one event."""
        total, compared, against = self._by.get(left, {}).get(right, (0, 0, 0))
        pairs = compared + UNCOMPARED * (sizes[0] * sizes[1] - compared)
        least = JOIN * (1.0 + stricter * math.log2(sum(sizes) / 2))
        return total >= least * pairs * _WHOLE and against <= MOST_AGAINST * compared

    def order(self, one: int, other: int) -> tuple[int, int]:
        """Return the two strands, the one that is tied to more strands first."""
        return (one, other) if len(self._by.get(one, ())) >= len(self._by.get(other, ())) else (other, one)

    def merge(self, left: int, right: int) -> None:
        """Make two strands one, the left."""
        own, gone = self._by[left], self._by.pop(right)
        own.pop(right, None)
        for strand, (total, compared, against) in gone.items():
            if strand == left:
                continue
            known = own.get(strand, (0, 0, 0))
            tie = (known[0] + total, known[1] + compared, known[2] + against)
            own[strand] = self._by[strand][left] = tie
            del self._by[strand][right]


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

    def join(self, one: int, other: int, found: Judged) -> bool:
        """Tie the clusters of two reports and return True, unless a judgement keeps them apart: that is noted."""
        why = self._forbids(one, other)
        if why is not None:
            self._refuse(one, other, found, why)
            return False
        self._unite(one, other, self._explain(one, other, found.probability, found.reasons))
        return True

    def merge(self, left: int, right: int) -> None:
        """Make two strands one, the left."""
        for member in self.strands[right]:
            self._strand[member] = left
        self.strands[left] += self.strands.pop(right)

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
