"""When an event happened: the time expressions of its clause, else of its sentence, else the narration's.

Invariant: an interval's ends are ISO dates or None, ``text`` is the wording it rests on or None. This
module must not know how time expressions are normalised.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta

from storyledger.types import Article, EventWhen, TimeExpression

_RECENT_DAYS = 2  # an undated telling in the past of a daily report is mostly of the two days before it


class TimeIndex:
    """The dated time expressions of one article, found by position."""

    def __init__(self, times: Sequence[TimeExpression]) -> None:
        """Keep expressions that mean an interval, in text order; durations and sets date nothing."""
        dated = [time for time in times if time.type in ("DATE", "TIME") and (time.earliest or time.latest)]
        self._times = sorted(dated, key=lambda time: time.evidence.start)
        self._starts = [time.evidence.start for time in self._times]

    def within(self, start: int, end: int) -> list[TimeExpression]:
        """Return the expressions that stand in ``[start, end)``, in text order."""
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [time for time in self._times[low:high] if time.evidence.end <= end]


def find_when(
    times: TimeIndex,
    clause: tuple[int, int],
    sentence: tuple[int, int],
    predicate: int,
    *,
    taken: Sequence[tuple[int, int]] = (),
) -> EventWhen | None:
    """Return the interval that the text states for an event told at ``clause``, positions in characters.

    The expression in the clause nearest to the predicate; else one in the sentence that no other
    event's clause (``taken``) holds, before the clause rather than after it.
    """
    inside = times.within(*clause)
    chosen = min(inside, key=lambda time: abs(time.evidence.start - predicate), default=None)
    if chosen is None:
        free = [
            time
            for time in times.within(*sentence)
            if not any(start <= time.evidence.start < end for start, end in taken)
        ]
        chosen = min(free, key=lambda time: abs(time.evidence.start - predicate), default=None)
    if chosen is None:
        return None
    return EventWhen(chosen.earliest, chosen.latest, chosen.evidence.text)


def assume_when(article: Article, *, planned: bool, recent: bool) -> EventWhen | None:
    """Return what an undated telling means: the days before publication, or from it on where planned.

    ``recent`` is False for the past perfect and the like: then only the end is known.
    """
    published = article.published_latest or article.published
    if published is None or len(published) < 10:
        return EventWhen(None, published, None) if published and not planned else None
    if planned:
        return EventWhen(published, None, None)
    day = date.fromisoformat(published[:10])
    earliest = article.published_earliest or published
    start = min(day - timedelta(days=_RECENT_DAYS), date.fromisoformat((earliest + "-01-01")[:10]))
    return EventWhen(start.isoformat() if recent else None, published[:10], None)
