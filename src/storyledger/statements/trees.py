"""A reading's trees as questions: children, subtrees, sentences at a position.

Invariant: every answer is in token numbers of the reading; only ``chars`` gives positions in the text. This module must
not know cues or speakers.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable

from storyledger.statements.cues import load_forms
from storyledger.types import Article, Reading

Span = tuple[int, int]


class Trees:
    """The trees of one article, indexed once: every question is answered in the size of its answer."""

    def __init__(self, article: Article, reading: Reading) -> None:
        self.text = article.text
        self.reading = reading
        self.tokens = reading.tokens
        self.children: list[list[int]] = [[] for _ in self.tokens]
        for i, token in enumerate(self.tokens):
            if token.head != i:
                self.children[token.head].append(i)
        self.starts = [t.start for t in self.tokens]
        self.predicates = frozenset(p.token for p in reading.predicates)
        self.sentence_of = [0] * len(self.tokens)
        for number, sentence in enumerate(reading.sentences):
            for i in range(sentence.first, min(sentence.last, len(self.tokens))):
                self.sentence_of[i] = number

    def word(self, i: int) -> str:
        """Return the words of token ``i``, lower case."""
        return self.text[self.tokens[i].start : self.tokens[i].end].lower()

    def cue_lemma(self, i: int) -> str:
        """Return the lemma of token ``i``, by its form where that is a form of a word that attributes."""
        return load_forms().get(self.word(i)) or self.tokens[i].lemma.lower()

    def label(self, i: int) -> str:
        """Return the relation of token ``i`` without its subtype."""
        return self.tokens[i].deprel.split(":")[0]

    def select(self, i: int, *labels: str) -> list[int]:
        """Return the children of ``i`` with one of the relations; a label with a colon must fit whole."""
        return [c for c in self.children[i] if self.label(c) in labels or self.tokens[c].deprel in labels]

    def is_named(self, i: int, words: Iterable[str]) -> bool:
        """Say whether token ``i`` is one of ``words``."""
        return self.word(i) in words

    def subtree(self, i: int, without: Iterable[int] = ()) -> list[int]:
        """Return the tokens under ``i``, itself included, in order, leaving out the subtrees of ``without``."""
        skip = set(without)
        found: list[int] = []
        queue = [i]
        while queue:
            k = queue.pop()
            if k in skip:
                continue
            found.append(k)
            queue.extend(self.children[k])
        return sorted(found)

    def reach(self, i: int, without: Iterable[int] = ()) -> Span:
        """Return the range from the first to the last token under ``i``."""
        under = self.subtree(i, without)
        return under[0], under[-1] + 1

    def chars(self, span: Span) -> tuple[int, int]:
        """Return the positions of a range of tokens."""
        return self.tokens[span[0]].start, self.tokens[span[1] - 1].end

    def token_at(self, position: int) -> int:
        """Return the token at ``position`` or the next one after it; the number of tokens where there is none."""
        k = bisect.bisect_right(self.starts, position) - 1
        return k if k >= 0 and self.tokens[k].end > position else k + 1

    def tokens_in(self, start: int, end: int) -> Span:
        """Return the range of tokens that stand whole inside ``[start, end)``."""
        first = self.token_at(start)
        if first < len(self.tokens) and self.tokens[first].start < start:
            first += 1
        last = bisect.bisect_left(self.starts, end)
        while last > first and self.tokens[last - 1].end > end:
            last -= 1
        return first, max(first, last)

    def sentence_span(self, i: int) -> Span:
        """Return the tokens of the sentence of token ``i``."""
        sentence = self.reading.sentences[self.sentence_of[i]]
        return sentence.first, sentence.last
