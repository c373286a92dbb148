"""Quotations in words: what stands between paired quotation marks, as ranges of a layout.

The marks are paired by ``language``, as for every other room. Short quotations (scare quotes, titles) are there too;
who asks for speech looks at their length. It must not know the model.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from storyledger.language import Quotation
from storyledger.reading.layout import Layout

FEWEST_UNCLOSED = 5  # words of a quotation without a closing mark, to be believed

WordRange = tuple[int, int]


def count_in_words(quotations: Sequence[Quotation], layout: Layout) -> list[WordRange]:
    """Return the words of ``layout`` inside each quotation, the marks left out; one without words is left out."""
    found = []
    for quotation in quotations:
        first = bisect_left(layout.starts, quotation.start)
        last = bisect_left(layout.ends, quotation.end + 1)
        if last - first >= (1 if quotation.closed else FEWEST_UNCLOSED):
            found.append((first, last))
    return found


def quotation_at(quotations: Sequence[WordRange], word: int) -> WordRange | None:
    """Return the quotation that holds ``word``, or None."""
    low, high = 0, len(quotations)
    while low < high:
        middle = (low + high) // 2
        if quotations[middle][1] <= word:
            low = middle + 1
        else:
            high = middle
    return quotations[low] if low < len(quotations) and quotations[low][0] <= word else None
