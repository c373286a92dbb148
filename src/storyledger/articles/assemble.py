"""Put the chosen lines together: the text, its blocks, its map, and what was left out.

Invariant: blocks are joined by two newlines that no source position stands for; every other character
of the text is in a row of the map or is a space that the source writes as another white space. Ranges
in ``dropped`` and in the map do not overlap. This module must not know why a line was chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
