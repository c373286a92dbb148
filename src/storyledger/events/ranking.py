"""What is told as an event, and what of it stands once the pile is known.

An article tells all that may be listed, none twice. An event stands where the likeliest of its tellings, and how many
pages of independent origin tell it, make it one that a careful reader would list. This module must not know features.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence

from storyledger.events.judges import Verdict

# What a careful reader would list in one case of twelve or fewer is not told at all: from .12 down to .07 links and
# high events rose by .02 each (18 piles kept out); what is told stands only where it is likely.
LEAST_LISTED = 0.12
# Events told for each that a reader is expected to list: of 1 to 1.8 what found nine of ten high events at 1.7 told for
# each marked one, and what each e-fold of its origins adds to an event's log odds (invented piles, kept out).
TOLD_PER_LISTED = 1.38
BY_ORIGINS = 1.2
# Of pages that share little each one's own events are listed, by so many times more as e to this: marked over expected
# events of 74 training piles by how likely what a page tells is told by another too. Nothing is added from .3 on
# (invented stories: .42, Wikinews .13), nor to a pile of many pages of one story. Out of fold Wikinews' high events
# told rise from .81 to .87.
APART, ALIKE = 0.7, -2.3
MOST_ALIKE = -APART / ALIKE
SAME_WORDS = 0.7  # shared of all characters of two clauses from which they tell one thing


def choose_told(clauses: Sequence[tuple[int, int]], verdicts: Sequence[Verdict]) -> list[int]:
    """Return which predicates are told, in text order; of those that rest on mostly the same words the likeliest."""
    likely = (at for at, verdict in enumerate(verdicts) if verdict.listed >= LEAST_LISTED)
    chosen: list[int] = []
    taken: list[tuple[int, int]] = []  # their clauses, in order
    for at in sorted(likely, key=lambda at: (-verdicts[at].listed, clauses[at], at)):
        clause = clauses[at]
        least, most = _starts_alike(clause)
        near = taken[bisect_left(taken, (least,)) : bisect_left(taken, (most + 1,))]
        if all(share_words(clause, other) < SAME_WORDS for other in near):
            chosen.append(at)
            insort(taken, clause)
    return sorted(chosen, key=lambda at: (clauses[at], at))


def _starts_alike(clause: tuple[int, int]) -> tuple[int, int]:
    """Return between which places a range begins that shares enough with ``clause`` to be the same."""
    start, end = clause
    length = end - start
    return start - int(length * (1 / SAME_WORDS - 1)) - 1, start + int(length * (1 - SAME_WORDS)) + 1


def share_words(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the share of the characters of two ranges that both have."""
    both = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, both) / (max(one[1], other[1]) - min(one[0], other[0]))


def weigh_standing(listed: float, origins: int) -> float:
    """Return the probability that an event is listed, of its likeliest telling and of how many origins tell it."""
    sure = min(max(listed, 1e-3), 1 - 1e-3)
    return 1.0 / (1.0 + math.exp(-(math.log(sure / (1 - sure)) + BY_ORIGINS * math.log(max(1, origins)))))


def measure_alike(listed: Sequence[float], links: Mapping[tuple[int, int], float], pages: Sequence[str]) -> float:
    """Return how likely it is that what a page tells another page tells too; 0 of a single page.

    Args:
        listed: of each telling.
        links: the probability that two tellings are one event, by their positions.
        pages: of each telling, the page that it stands on.
    """
    best = [0.0] * len(listed)
    for (one, other), probability in links.items():
        if pages[one] != pages[other]:
            best[one], best[other] = max(best[one], probability), max(best[other], probability)
    whole = math.fsum(listed)
    return math.fsum(p * found for p, found in zip(listed, best, strict=True)) / whole if whole > 0 else 0.0


def expect_listed(listed: Sequence[float], links: Mapping[tuple[int, int], float], pages: Sequence[str]) -> float:
    """Return how many events a reader is expected to list among tellings.

    A telling that is listed with probability p counts for p over the number of listed tellings of its event: itself and
    the others, by the probability that each is of the same event. The less the pages tell alike, the more of it all is
    listed.

    Args:
        listed: of each telling.
        links: the probability that two tellings are one event, by their positions.
        pages: of each telling, the page that it stands on.
    """
    company = [1.0] * len(listed)
    for (one, other), probability in links.items():
        company[one] += listed[other] * probability
        company[other] += listed[one] * probability
    expected = math.fsum(p / n for p, n in zip(listed, company, strict=True))
    return expected * math.exp(APART + ALIKE * min(MOST_ALIKE, measure_alike(listed, links, pages)))
