"""Which of the possible contents are statements: the set without overlaps that is worth most.

This module must not know words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def choose_spans(first: Ints, last: Ints, worth: Floats, group: Ints, at_least: float) -> list[int]:
    """Return the numbers of the chosen spans, in text order.

    No two overlap; of one ``group`` (a cue) the worthiest is kept; the sum of what they are worth beyond ``at_least``
    is the highest that there is. Weighted interval scheduling: linear in the spans once they are sorted.
    """
    usable = np.flatnonzero(worth > at_least)
    order = usable[np.lexsort((first[usable], last[usable]))]
    before = np.searchsorted(last[order], first[order], side="right").tolist()
    gains = (worth[order] - at_least).tolist()
    best, taken = [0.0], []
    for number, gain in enumerate(gains):
        earlier = min(before[number], number)
        taken.append(best[earlier] + gain > best[number])
        best.append(max(best[number], best[earlier] + gain))
    chosen: list[int] = []
    number = len(gains)
    while number > 0:
        if taken[number - 1]:
            chosen.append(int(order[number - 1]))
            number = min(before[number - 1], number - 1)
        else:
            number -= 1
    return _one_of_each(chosen, worth, group)


def _one_of_each(chosen: list[int], worth: Floats, group: Ints) -> list[int]:
    """Return the spans without those whose group has a worthier one; a negative group is none."""
    kept: dict[int, int] = {}
    alone = [k for k in chosen if group[k] < 0]
    for k in sorted((k for k in chosen if group[k] >= 0), key=lambda k: (-worth[k], k)):
        kept.setdefault(int(group[k]), k)
    return sorted([*alone, *kept.values()])
