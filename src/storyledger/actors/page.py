"""A Reading with the indices that looking around in it needs.

Invariant: built once for a call, never kept. This module must not know what a mark or a chain is.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from storyledger.anchoring import Edges
from storyledger.folding import fold_text
from storyledger.language.tags import read_tags
from storyledger.types import Article, Reading, Token


class Page:
    """A Reading with the indices that looking around in it needs; lives as long as one call."""

    def __init__(self, article: Article, reading: Reading) -> None:
        """Index tokens by place, children by head, sentences and quotations by position."""
        self.text = article.text
        self.edges = Edges(article)
        self._reading = reading
        self.tokens: Sequence[Token] = reading.tokens
        self.starts = [t.start for t in reading.tokens]
        self.children: list[list[int]] = [[] for _ in reading.tokens]
        for i, token in enumerate(reading.tokens):
            if token.head != i and 0 <= token.head < len(reading.tokens):
                self.children[token.head].append(i)
        self.sentence_firsts = [s.first for s in reading.sentences]
        self.sentences = reading.sentences
        self.paragraphs = [m.start() for m in re.finditer(r"\n", article.text)]
        self.quotes = find_quotes(article.text)
        self._quote_starts = [q[0] for q in self.quotes]

    @cached_property
    def standing(self) -> NDArray[np.float32]:
        """What the second network says of each token's standing, T by 6; zeros where it has not read the text.

        A description of an actor, its begin, a name, the source of a statement that is named, that is not, a role.
        """
        tags = read_tags(self._reading)
        source = tags["source"][:, 1:].sum(1)
        named = tags["named"]
        return np.column_stack(
            [
                tags["nominal"][:, 1:].sum(1),
                tags["nominal"][:, 1],
                tags["name"][:, 1:].sum(1),
                source * named[:, 0],
                source * named[:, 1],
                tags["role"][:, 1:].sum(1),
            ]
        )

    @cached_property
    def words(self) -> frozenset[str]:
        """The folded forms of all tokens."""
        return frozenset(self.word(i) for i in range(len(self.tokens)))

    def word(self, i: int) -> str:
        """Return the folded form of token ``i``."""
        return fold_text(self.text[self.tokens[i].start : self.tokens[i].end])

    def lemma(self, i: int) -> str:
        """Return the folded lemma of token ``i``, its form where the reader gives none."""
        return fold_text(self.tokens[i].lemma) or self.word(i)

    def sentence_of(self, token: int) -> int:
        """Return the index of the sentence that holds ``token``."""
        return max(0, bisect_right(self.sentence_firsts, token) - 1)

    def token_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open token range that overlaps ``[start, end)``."""
        first = bisect_right(self.starts, start) - 1
        if first < 0 or self.tokens[first].end <= start:
            first += 1
        return first, max(first, bisect_left(self.starts, end))

    def find_head(self, first: int, last: int) -> int:
        """Return the token of ``[first, last)`` whose governor is outside; the last such for names."""
        tops = [i for i in range(first, last) if not first <= self.tokens[i].head < last or self.tokens[i].head == i]
        nouns = [i for i in tops if self.tokens[i].upos in {"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"}]
        return (nouns or tops or [last - 1])[0]

    def quote_at(self, position: int) -> int | None:
        """Return the index of the quotation that holds ``position``."""
        i = bisect_right(self._quote_starts, position) - 1
        return i if i >= 0 and position < self.quotes[i][1] else None

    def subtree(self, token: int, limit: int = 200) -> list[int]:
        """Return ``token`` and what depends on it, at most ``limit`` tokens."""
        found: list[int] = []
        queue = [token]
        while queue and len(found) < limit:
            i = queue.pop()
            found.append(i)
            queue.extend(self.children[i])
        return found


def find_quotes(text: str) -> list[tuple[int, int]]:
    """Return the ranges between double quotation marks, in order; one never runs past two line ends."""
    found: list[tuple[int, int]] = []
    opened: int | None = None
    for mark in re.finditer(r"[“”„\"]|\n\s*\n", text):
        sign = mark.group()
        if sign[0] == "\n":
            if opened is not None:
                found.append((opened, mark.start()))  # each paragraph of a long quotation opens its own
            opened = None
        elif opened is None and sign != "”":
            opened = mark.end()
        elif opened is not None and sign != "“":
            found.append((opened, mark.start()))
            opened = None
    return found
