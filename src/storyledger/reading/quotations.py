"""Quotations: what stands between paired quotation marks, paragraph by paragraph.

A paragraph that opens a quotation and does not close it is quoted to its end, as newspapers set
quotations that run on. Short quotations (scare quotes, titles) are returned too; who asks for speech
looks at their length. It must not know the model.
"""

from __future__ import annotations

from collections.abc import Sequence

from storyledger.reading.layout import Layout

OPEN_ONLY = frozenset({"“", "„", "«", "``", "‘‘"})
CLOSE_ONLY = frozenset({"”", "»", "’’"})
EITHER = frozenset({'"', "''"})

WordRange = tuple[int, int]


def find_quotations(layout: Layout) -> list[WordRange]:
    """Return the words inside quotation marks, the marks left out, in text order, never nested."""
    found: list[WordRange] = []
    opened: int | None = None
    for i, word in enumerate(layout.words):
        if layout.forced[i] and opened is not None:
            _keep(found, opened, i, closed=False)
            opened = None
        if word in OPEN_ONLY or (word in EITHER and opened is None and _opens(layout, i)):
            if opened is None:
                opened = i + 1
        elif opened is not None and (word in CLOSE_ONLY or word in EITHER):
            _keep(found, opened, i, closed=True)
            opened = None
    if opened is not None:
        _keep(found, opened, len(layout), closed=False)
    return found


def _opens(layout: Layout, i: int) -> bool:
    """Tell whether a straight mark opens: white space or an opening sign before it, none after it."""
    return layout.spaces[i] != 0 or i == 0 or layout.words[i - 1] in {"(", "[", "—", "–", "--", "-"}


def _keep(found: list[WordRange], first: int, last: int, *, closed: bool) -> None:
    """Append a quotation that holds at least a word; an unclosed one must be long to be believed."""
    if last - first >= (1 if closed else 5):
        found.append((first, last))


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
