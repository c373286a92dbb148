"""Whether an event is told by the outlet itself or only claimed by someone it quotes.

Invariant: only the statements' spans and cues decide. This module must not know trees.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from storyledger.events.lexicon import load_words
from storyledger.types import EventStatus, Statement

_CUE_ROOM = 64  # characters of a bucket that cues are looked up in


class VoiceIndex:
    """The statements of one article, found by position."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        """Sort the statements by where their content starts."""
        self._rows = sorted(statements, key=lambda row: (row.content.start, row.content.end, row.id))
        self._starts = [row.content.start for row in self._rows]
        self._cues: dict[int, list[tuple[int, int]]] = {}
        for row in self._rows:
            if row.cue is not None:
                for room in range(row.cue.start // _CUE_ROOM, row.cue.end // _CUE_ROOM + 1):
                    self._cues.setdefault(room, []).append((row.cue.start, row.cue.end))

    def find_statement(self, start: int, end: int) -> Statement | None:
        """Return the innermost statement whose content holds most of ``[start, end)``."""
        position = bisect_right(self._starts, start + (end - start) // 3)
        for row in reversed(self._rows[max(0, position - 8) : position]):  # statements nest two or three deep
            told_by_itself = row.cue is not None and start <= row.cue.start < end
            if not told_by_itself and min(end, row.content.end) - max(start, row.content.start) >= 0.6 * (end - start):
                return row
        return None

    def is_cue(self, start: int, end: int) -> bool:
        """Whether the word at ``[start, end)`` is, or belongs to, the cue of a statement."""
        return any(low < end and start < high for low, high in self._cues.get(start // _CUE_ROOM, ()))

    def find_status(self, start: int, end: int, grammatical: EventStatus) -> EventStatus:
        """Return the status of an event told at ``[start, end)``, given what its grammar says."""
        row = self.find_statement(start, end)
        if row is None or grammatical != "reported":
            return grammatical
        if row.polarity == "denied" or row.act == "deny":
            return "denied"
        return "claimed" if self._is_distant(row) else "reported"

    @staticmethod
    def _is_distant(row: Statement) -> bool:
        words = row.cue.text.lower().split() if row.cue is not None else []
        return bool(load_words("distant_cues").intersection(words)) or row.speaker.actor is None
