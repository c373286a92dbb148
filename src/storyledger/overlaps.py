"""Which of many spans overlap one, without looking at all of them: a page of ten thousand sentences asks it as often.

Invariant: the answer is that of a walk over all spans, in their order. This module must not know what the spans are of.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Overlaps:
    """Spans of one text, ``[start, end)`` in characters or tokens, that may lie in each other."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        """Sort the spans; their numbers are those of the order in which they are given."""
        rows = sorted((start, end, number) for number, (start, end) in enumerate(spans))
        self._starts = [row[0] for row in rows]
        self._reach = list(accumulate((row[1] for row in rows), max))  # the farthest end so far: it never falls
        self._rows = rows

    def over(self, start: int, end: int) -> list[int]:
        """Return the numbers of the spans that share a character with ``[start, end)``, in their order."""
        first, last = bisect_right(self._reach, start), bisect_left(self._starts, end)
        return sorted(number for _, till, number in self._rows[first:last] if till > start)
