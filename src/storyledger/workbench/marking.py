"""A page's text cut at every edge of what stands on it, for one page of the workbench."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from storyledger.report.marks import split_blocks
from storyledger.types import Article

Row = tuple[int, int, str, str, str]  # start, end, kind, address, label


@dataclass(frozen=True, slots=True)
class Piece:
    """Text under one set of marks; ``href`` leads to the shortest entry that covers it."""

    text: str
    kinds: str
    href: str
    label: str
    here: bool


@dataclass(frozen=True, slots=True)
class MarkedBlock:
    """A block of the page's layout."""

    kind: str
    segments: tuple[Piece, ...]
    start: int
    end: int


def mark_spans(article: Article, rows: Sequence[Row], spot: tuple[int, int] | None) -> list[MarkedBlock]:
    """Return the article's blocks, cut where a row or ``spot`` (what was asked for) begins or ends."""
    ordered = sorted(rows)
    blocks, at = [], 0
    open_rows: list[Row] = []
    for start, end, kind in split_blocks(article):
        while at < len(ordered) and ordered[at][0] < end:
            open_rows.append(ordered[at])
            at += 1
        open_rows = [r for r in open_rows if r[1] > start]
        blocks.append(MarkedBlock(kind, tuple(_cut(article.text, start, end, open_rows, spot)), start, end))
    return blocks


def _cut(text: str, start: int, end: int, rows: Sequence[Row], spot: tuple[int, int] | None) -> list[Piece]:
    edges = {start, end} | {e for r in rows for e in r[:2] if start < e < end}
    edges |= {e for e in spot or () if start < e < end}
    pieces, at = [], 0
    waiting = sorted(rows)
    active: list[Row] = []
    for low, high in pairwise(sorted(edges)):
        while at < len(waiting) and waiting[at][0] <= low:
            active.append(waiting[at])
            at += 1
        active = [r for r in active if r[1] > low]
        shortest = min(active, key=lambda r: (r[1] - r[0], r), default=None)
        here = spot is not None and spot[0] <= low and high <= spot[1]
        kinds = " ".join(sorted({r[2] for r in active}))
        href, label = (shortest[3], shortest[4]) if shortest else ("", "")
        pieces.append(Piece(text[low:high], kinds, href, label, here))
    return pieces
