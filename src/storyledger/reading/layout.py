"""An article's words in reading order, and the windows in which the network sees them.

Invariant: every word belongs to exactly one window's owned range, and the windows depend on the
article alone. Words never cross a block or a blank line; what stands between blocks is read as
paragraphs of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from storyledger.reading.shapes import NEW_LINE, NO_SPACE, SPACE
from storyledger.reading.tokens import find_tokens
from storyledger.types import Article, BlockKind

WINDOW_PIECES = 126
CONTEXT_PIECES = 24  # of the sentence before, so that a quotation or a pronoun is not read blind
MARGIN_PIECES = 24  # at a cut inside a sentence both windows see this much beyond it
BLANK_LINE = re.compile(r"\n[ \t\r\f\v]*\n|\u2029")
ENDS = frozenset({".", "!", "?", "...", "…", ":", ";", "”", '"', "’’", "''"})


@dataclass(frozen=True, slots=True)
class Layout:
    """The words of an article: offsets, white space before each, and where a sentence must start."""

    starts: list[int]
    ends: list[int]
    words: list[str]
    spaces: list[int]
    forced: list[bool]
    kinds: list[BlockKind]

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self.words)


@dataclass(frozen=True, slots=True)
class Window:
    """Words ``[first, last)`` that the network sees, of which it owns ``[own_first, own_last)``."""

    first: int
    last: int
    own_first: int
    own_last: int


def iter_regions(article: Article) -> Iterator[tuple[int, int, BlockKind]]:
    """Yield the article's blocks and what stands between them, in text order."""
    at = 0
    for block in sorted(article.blocks, key=lambda b: (b.start, b.end)):
        start, end = max(block.start, at), min(block.end, len(article.text))
        if at < start:
            yield at, start, "paragraph"
        if start < end:
            yield start, end, block.kind
            at = end
    if at < len(article.text):
        yield at, len(article.text), "paragraph"


def lay_out(article: Article) -> Layout:
    """Return the words of ``article``; a block and a blank line each start a sentence."""
    layout = Layout([], [], [], [], [], [])
    for start, end, kind in iter_regions(article):
        cuts = [start, *(m.end() for m in BLANK_LINE.finditer(article.text, start, end)), end]
        for first, last in pairwise(cuts):
            _add_words(layout, article.text, first, last, kind)
    return layout


def _add_words(layout: Layout, text: str, first: int, last: int, kind: BlockKind) -> None:
    """Append the words of one paragraph."""
    at = -1
    for start, end in find_tokens(text, first, last):
        layout.starts.append(start)
        layout.ends.append(end)
        layout.words.append(text[start:end])
        layout.spaces.append(NEW_LINE if at < 0 else NO_SPACE if start == at else SPACE)
        layout.forced.append(at < 0)
        layout.kinds.append(kind)
        at = end


def break_points(layout: Layout) -> list[bool]:
    """Tell for each word whether a window may well begin there: a block's start or after a full stop."""
    breaks = list(layout.forced)
    for i in range(1, len(layout)):
        if (
            layout.words[i - 1] in ENDS
            and layout.spaces[i] != NO_SPACE
            and layout.words[i][:1] == layout.words[i][:1].upper()
        ):
            breaks[i] = True
    return breaks


def plan_windows(counts: Sequence[int], breaks: Sequence[bool]) -> list[Window]:
    """Return the windows for words of ``counts`` pieces.

    A window begins where a sentence seems to begin, takes up to ``CONTEXT_PIECES`` of the sentence
    before as context and ends at the last such place that fits; a sentence that is longer is cut,
    both sides seeing ``MARGIN_PIECES`` of the other. Linear in the number of words.
    """
    windows: list[Window] = []
    n, own = len(counts), 0
    while own < n:
        first = _context_start(counts, breaks, own)
        room = WINDOW_PIECES - sum(counts[first:own])
        last, cut = own, own
        while last < n and counts[last] <= room:
            room -= counts[last]
            last += 1
            if last == n or breaks[last]:
                cut = last
        if cut == own:
            cut = _cut_inside(counts, own, last)
        windows.append(Window(first, max(last, cut), own, cut))
        own = cut
    return windows


def _context_start(counts: Sequence[int], breaks: Sequence[bool], own: int) -> int:
    """Return where the context before ``own`` begins."""
    if own == 0:
        return 0
    limit = CONTEXT_PIECES if breaks[own] else MARGIN_PIECES
    first, used, begin = own, 0, own
    while first > 0 and used + counts[first - 1] <= limit:
        first -= 1
        used += counts[first]
        if breaks[first]:
            begin = first
            break
    return begin if breaks[own] else first


def _cut_inside(counts: Sequence[int], own: int, last: int) -> int:
    """Return where a window that holds no break point hands over."""
    cut, used = last, 0
    while cut - 1 > own and used + counts[cut - 1] <= MARGIN_PIECES:
        cut -= 1
        used += counts[cut]
    return max(cut, own + 1)
