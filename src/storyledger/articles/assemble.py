"""Put the chosen lines together: the text, its blocks, its map, and what was left out.

Invariant: blocks are joined by two newlines that no source position stands for; every other character
of the text is in a row of the map or is a space that the source writes as another white space. Ranges
in ``dropped`` and in the map do not overlap. This module must not know why a line was chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from storyledger.articles.lines import Line, Row
from storyledger.types import Block, BlockKind, Dropped

SEPARATOR = "\n\n"


@dataclass(slots=True)  # not frozen, as Line is not
class Choice:
    """A part of a line, ``[start, end)`` in its text, and what it is: a block, or furniture."""

    line: Line
    start: int
    end: int
    kind: BlockKind | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """What ``Article`` takes over."""

    text: str
    source_map: tuple[Row, ...]
    blocks: tuple[Block, ...]
    dropped: tuple[Dropped, ...]


def assemble_text(choices: Sequence[Choice]) -> Layout:
    """Return the text of the kept choices, in their order, and the source ranges of the others."""
    parts: list[str] = []
    rows: list[Row] = []
    blocks: list[Block] = []
    dropped: list[Dropped] = []
    length = 0
    for choice in choices:
        own = cut_rows(choice.line.rows, choice.start, choice.end)
        if not own:
            continue
        if choice.kind is None:
            dropped.append(Dropped(own[0][2], own[-1][3], choice.reason))
            continue
        if parts:
            parts.append(SEPARATOR)
            length += len(SEPARATOR)
        text = choice.line.text[choice.start : choice.end]
        rows.extend((length + ts - choice.start, length + te - choice.start, ss, se) for ts, te, ss, se in own)
        blocks.append(Block(length, length + len(text), choice.kind))
        parts.append(text)
        length += len(text)
    return Layout("".join(parts), tuple(rows), tuple(blocks), tuple(dropped))


Ruling = tuple[int, int, bool]  # a range of the source, and whether a person says that it is of the article
RULED_OUT = "a person says that it is not of the article"


def obey_rulings(choices: Sequence[Choice], rulings: Sequence[Ruling]) -> list[Choice]:
    """Return the choices as a person corrected them: what is in a ruled range is kept or left out; the later wins.

    What is kept becomes a paragraph where it was furniture, and stays what it was otherwise; a line of which a part is
    left out becomes the lines beside it.
    """
    parts = list(choices)
    for start, end, keep in rulings:
        parts = [part for choice in parts for part in _rule(choice, start, end, keep=keep)]
    return parts


def _rule(choice: Choice, start: int, end: int, *, keep: bool) -> list[Choice]:
    own = cut_rows(choice.line.rows, choice.start, choice.end)
    if not own or own[0][2] >= end or own[-1][3] <= start or keep == (choice.kind is not None):
        return [choice]
    inside = [row for row in own if row[2] < end and row[3] > start]
    if not inside:
        return [choice]
    low = _to_line(inside[0], start, last=False)
    high = _to_line(inside[-1], end, last=True)
    if low >= high:
        return [choice]
    ruled = Choice(choice.line, low, high, "paragraph" if keep else None, "" if keep else RULED_OUT)
    beside = [replace(choice, end=low), ruled, replace(choice, start=high)]
    return [part for part in beside if choice.line.text[part.start : part.end].strip()]


def _to_line(row: Row, at: int, *, last: bool) -> int:
    """Return the place in the line's text of a source position in or beside ``row``."""
    ts, te, ss, se = row
    if te - ts == se - ss:
        return min(max(ts, ts + at - ss), te)
    return te if last else ts


def cut_rows(rows: Sequence[Row], start: int, end: int) -> Sequence[Row]:
    """Return the rows of ``[start, end)``; a row with sides of two lengths is kept whole or not at all."""
    if len(rows) == 1 and rows[0][0] == start and rows[0][1] == end:
        return rows
    cut: list[Row] = []
    for ts, te, ss, se in rows:
        lo, hi = max(ts, start), min(te, end)
        if lo >= hi:
            continue
        if te - ts == se - ss:
            cut.append((lo, hi, ss + lo - ts, ss + hi - ts))
        elif lo == ts and hi == te:
            cut.append((ts, te, ss, se))
    return cut
