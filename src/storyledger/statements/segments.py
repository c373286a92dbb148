"""Where sentences end by their marks alone: a second opinion on the reader's sentences.

What a cue attributes never reaches over a full stop or a semicolon; where a tree does, it is wrong. This module must
not know cues or trees.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from storyledger.statements.quotations import Quotation, iter_paragraphs
from storyledger.types import Article

END = re.compile(r"""[.?!…]+["”’»)]*(?=\s+["“„«‘(]?[^\W_a-z])|;(?=\s)""")
SHORT = re.compile(
    r"(?:^|[\s(“\"])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Col|Lt|Sgt|Capt|Maj|Rev|Hon|St|Jr|Sr|No|vs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep"
    r"|Oct|Nov|Dec|[A-Za-z]\.[A-Za-z])\.$"
)


class Segments:
    """The segments of an article: ``at`` gives the one that holds a position."""

    def __init__(self, article: Article, quotations: list[Quotation]) -> None:
        self.rows: list[tuple[int, int]] = []
        inner = bytearray(len(article.text) + 1)
        for q in quotations:
            if q.closed:
                inner[q.start : q.end] = b"\1" * (q.end - q.start)
        closings = {q.outer_end for q in quotations}
        for start, end in iter_paragraphs(article):
            at = start
            for match in END.finditer(article.text, start, end):
                if inner[match.start()] and match.end() not in closings:
                    continue
                if SHORT.search(article.text[max(start, match.start() - 8) : match.start() + 1]):
                    continue
                self.rows.append((at, match.end()))
                at = match.end()
            if at < end:
                self.rows.append((at, end))
        self.starts = [r[0] for r in self.rows]

    def at(self, position: int) -> tuple[int, int]:
        """Return the segment that holds ``position``."""
        k = bisect_right(self.starts, position) - 1
        return self.rows[k] if k >= 0 else (position, position)
