"""Gold data as the reader's own shapes: layouts of gold tokens, raw articles, spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from storyledger.reading.layout import Layout
from storyledger.reading.shapes import NEW_LINE, NO_SPACE, SPACE
from storyledger.types import Article, Block
from train.corpora import Sent


@dataclass(frozen=True)
class GoldDocument:
    """Sentences of one document with their layout; ``ranges[k]`` are the words of sentence k."""

    sents: list[Sent]
    layout: Layout
    ranges: list[tuple[int, int]]


def make_article(text: str, blocks: Sequence[tuple[int, int]] | None = None) -> Article:
    """Return an article of paragraphs; a single one where ``blocks`` is None."""
    spans = [(0, len(text))] if blocks is None else blocks
    return Article(
        "article:eval", "eval.txt", None, "utf-8", "0" * 64, text, (), tuple(Block(a, b, "paragraph") for a, b in spans)
    )


def lay_out_gold(sents: list[Sent]) -> GoldDocument:
    """Return the layout of gold tokens, spaced as the corpus says."""
    layout = Layout([], [], [], [], [], [])
    ranges, at = [], 0
    for k, sent in enumerate(sents):
        first = len(layout)
        space = NEW_LINE if k == 0 or sent.starts_paragraph else SPACE if sents[k - 1].spaces[-1] else NO_SPACE
        for word, after in zip(sent.words, sent.spaces, strict=True):
            layout.starts.append(at)
            layout.ends.append(at + len(word))
            layout.words.append(word)
            layout.spaces.append(space)
            layout.forced.append(space == NEW_LINE)
            layout.kinds.append("paragraph")
            at += len(word) + int(after)
            space = SPACE if after else NO_SPACE
        ranges.append((first, len(layout)))
    return GoldDocument(sents, layout, ranges)


def iter_documents(sents: list[Sent], longest: int = 40) -> Iterator[GoldDocument]:
    """Yield gold documents, long ones in parts of ``longest`` sentences."""
    for _, group in groupby(sents, key=lambda s: s.doc):
        rows = list(group)
        for i in range(0, len(rows), longest):
            yield lay_out_gold(rows[i : i + longest])


def raw_text(sents: list[Sent]) -> tuple[str, list[tuple[int, int]], list[list[tuple[int, int]]]]:
    """Return the running text of sentences, its paragraphs, and each sentence's token offsets."""
    text, paragraphs, offsets = "", [], []
    begin = 0
    for sent in sents:
        if sent.starts_paragraph and text:
            text = text.rstrip()
            paragraphs.append((begin, len(text)))
            text += "\n\n"
            begin = len(text)
        own = []
        for word, space in zip(sent.words, sent.spaces, strict=True):
            own.append((len(text), len(text) + len(word)))
            text += word + " " * int(space)
        offsets.append(own)
    text = text.rstrip()
    return text, [*paragraphs, (begin, len(text))], offsets


class Tally:
    """Counts of right, predicted and gold; precision, recall and F1 in per cent."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.right = self.predicted = self.gold = 0

    def add(self, gold: set, predicted: set) -> None:
        """Count one unit's gold and predicted items."""
        self.right += len(gold & predicted)
        self.predicted += len(predicted)
        self.gold += len(gold)

    def f1(self) -> float:
        """Return F1 in per cent."""
        return 200 * self.right / max(1, self.predicted + self.gold)
