"""The order in which a person reads an untagged page, and its paragraphs.

The page is cut at its gutters: a region that an empty stripe divides from top to bottom is read left part first;
one that it does not is cut at its widest gap across, and each part looked at again (recursive X-Y cut: Nagy & Seth
1984). In a region that cannot be cut, rows go from top to bottom and become paragraphs by their distances, indents,
sizes and short last lines.

This module must not know how the rows were read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from storyledger.pages.paper import Block
from storyledger.pages.pdf_text import Row, Sheet

GUTTER = 0.9  # of the body's type size, the narrowest empty stripe between two columns
HEADING = 1.18  # times the body's size
TITLE = 1.55
PARAGRAPH_GAP = 1.35  # times the usual distance of two lines
INDENT = 0.8  # of the type size
DROP_CAP = 1.8


def order_blocks(sheet: Sheet) -> list[Block]:
    """Return the page's paragraphs and headings in the order of reading."""
    rows = [row for row in sheet.rows if row.text.strip()]
    if not rows:
        return []
    body = _body_size(rows)
    rows = _attach_drop_caps(rows, body)
    blocks: list[Block] = []
    for region in _cut_region(_join_pieces(rows), body, 0):
        blocks += _split_paragraphs(region, body)
    return blocks


def _body_size(rows: Sequence[Row]) -> float:
    sizes: Counter[float] = Counter()
    for row in rows:
        sizes[round(row.size * 2) / 2] += len(row.text)
    return max(sizes, key=lambda size: (sizes[size], -size))


def _attach_drop_caps(rows: list[Row], body: float) -> list[Row]:
    """Join a large single letter with the row at its right; the rows beside it begin where it does."""
    caps = [r for r in rows if len(r.text.strip()) <= 2 and r.size > DROP_CAP * body and r.text.strip()[:1].isalpha()]
    kept = [row for row in rows if row not in caps]
    for cap in caps:
        beside = [
            n for n, row in enumerate(kept)
            if -1 <= row.left - cap.right < cap.size and cap.bottom - body < row.bottom < cap.top
        ]  # fmt: skip
        if beside:
            first = max(beside, key=lambda n: (kept[n].bottom, -kept[n].left))
            kept[first] = replace(kept[first], text=cap.text.strip() + kept[first].text.lstrip())
            for n in beside:
                kept[n] = replace(kept[n], left=cap.left)
        else:
            kept.append(cap)
    return kept


def _join_pieces(rows: Sequence[Row]) -> list[Row]:
    """Join pieces of one printed line that follow each other without a column's gap: a word in bold, a link."""
    joined: list[Row] = []
    for row in rows:
        last = joined[-1] if joined else None
        near = last is not None and not last.ends_line and abs(last.bottom - row.bottom) < 0.5 * row.size
        if last is not None and near and -row.size < row.left - last.right < 1.5 * row.size:
            joined[-1] = replace(
                last, text=last.text + row.text, right=max(last.right, row.right), top=max(last.top, row.top),
                bottom=min(last.bottom, row.bottom), ends_line=row.ends_line,
            )  # fmt: skip
        else:
            joined.append(row)
    return joined


# ------------------------------------------------------------------ regions


def _cut_region(rows: list[Row], body: float, depth: int) -> list[list[Row]]:
    """Return the parts of a region in the order of reading."""
    if len(rows) < 2 or depth > 40:
        return [rows]
    at = _find_gutter(rows, body)
    if at is not None:
        left, right = [r for r in rows if r.right <= at], [r for r in rows if r.right > at]
        return _cut_region(left, body, depth + 1) + _cut_region(right, body, depth + 1)
    height = _find_gap(rows, body)
    if height is None:
        return [sorted(rows, key=lambda r: (-r.bottom, r.left))]
    upper, lower = [r for r in rows if r.bottom >= height], [r for r in rows if r.bottom < height]
    parts = _cut_region(upper, body, depth + 1) + _cut_region(lower, body, depth + 1)
    one_column = len(parts) == 2 and not (_find_gutter(upper, body) or _find_gutter(lower, body))
    return [parts[0] + parts[1]] if one_column else parts


def _find_gutter(rows: Sequence[Row], body: float) -> float | None:
    """Return the middle of the widest empty stripe with several rows on each side, None where there is none."""
    spans = sorted((row.left, row.right) for row in rows)
    reach, best, at = spans[0][1], GUTTER * body, None
    for left, right in spans[1:]:
        if left - reach > best:
            best, at = left - reach, reach + (left - reach) / 2
        reach = max(reach, right)
    if at is None:
        return None
    sides = [r for r in rows if r.right <= at], [r for r in rows if r.right > at]
    return at if min(len(side) for side in sides) >= 3 else None


def _find_gap(rows: Sequence[Row], body: float) -> float | None:
    """Return where the widest gap across the region is, None where its lines stand close."""
    ordered = sorted(rows, key=lambda r: -r.top)
    floor, best, at = ordered[0].bottom, 0.25 * body, None
    for row in ordered[1:]:
        if floor - row.top > best:
            best, at = floor - row.top, (floor + row.top) / 2
        floor = min(floor, row.bottom)
    return at


# ------------------------------------------------------------------ paragraphs


def _split_paragraphs(rows: list[Row], body: float) -> list[Block]:
    """Return the blocks of a region that is read from top to bottom."""
    pitch = _usual_pitch(rows)
    left, right = min(row.left for row in rows), max(row.right for row in rows)
    blocks: list[Block] = []
    last: Row | None = None
    for row in rows:
        same_line = last is not None and abs(last.bottom - row.bottom) < 0.5 * row.size and _is_alike(last, row)
        if last is not None and same_line:
            blocks[-1].lines[-1] += " " + row.text.strip()
        elif last is not None and not _begins_paragraph(last, row, pitch, left, right):
            blocks[-1].lines.append(row.text.strip())
        else:
            blocks.append(Block(_tell_tag(row, body), [row.text.strip()]))
        last = row
    return blocks


def _is_alike(row: Row, other: Row) -> bool:
    """Return whether two rows are set in one size."""
    return abs(row.size - other.size) <= 0.12 * max(row.size, other.size)


def _usual_pitch(rows: Sequence[Row]) -> float:
    steps = sorted(a.bottom - b.bottom for a, b in pairwise(rows) if a.bottom - b.bottom > 1)
    return steps[len(steps) // 3] if steps else rows[0].size * 1.2


def _begins_paragraph(last: Row, row: Row, pitch: float, left: float, right: float) -> bool:
    if not _is_alike(last, row):
        return True
    if last.bottom - row.bottom > PARAGRAPH_GAP * max(pitch, row.size):
        return True
    indented = row.left - left > INDENT * row.size and last.left - left < INDENT * row.size
    ended = last.text.rstrip()[-1:] in '.!?”"’»:' and right - last.right > 0.18 * (right - left)
    return (indented and row.left - left < 5 * row.size) or ended


def _tell_tag(row: Row, body: float) -> str:
    if row.size > TITLE * body:
        return "h1"
    return "h2" if row.size > HEADING * body else "p"
