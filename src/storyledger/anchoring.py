"""Where the words of an article may be quoted so that they lead back to the page as it was saved.

A row of the source map whose two sides differ in length ("&Iuml;&#8218;" read as two signs) has no places inside: what
is quoted begins and ends at its edges or outside of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from storyledger.types import Article


class Edges:
    """Where evidence may start and end in one article: inside rows of equal length, or at a row's edge."""

    def __init__(self, article: Article) -> None:
        """Index the article's source map."""
        self.rows = article.source_map
        self.starts = [row[0] for row in self.rows]
        self.ends = [row[1] for row in self.rows]

    def start_is_mapped(self, position: int) -> bool:
        """Return whether evidence may start at ``position`` of the text."""
        k = bisect_right(self.starts, position) - 1
        if k < 0 or position >= self.rows[k][1]:
            return False
        ts, te, ss, se = self.rows[k]
        return te - ts == se - ss or ts == position

    def end_is_mapped(self, position: int) -> bool:
        """Return whether evidence may end at ``position`` of the text."""
        k = bisect_left(self.ends, position)
        if k >= len(self.rows) or position <= self.rows[k][0]:
            return False
        ts, te, ss, se = self.rows[k]
        return te - ts == se - ss or te == position
