"""An article's text cut into paragraphs, sentences and segments, with every entry that rests on each.

Invariant: the segments and tails of an article, joined, are its text without the gaps between its blocks; marks
may nest and overlap, so the text is cut at every boundary and each segment lists what covers it.
Cost: sorting plus one sweep, no pairs of marks. This module must not know HTML.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from storyledger.language import HEAD_CHARS, cut_sentences, find_small
from storyledger.types import Article

_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*")


@dataclass(frozen=True, slots=True)
class Span:
    """A marked range: ``kind`` letter, the ``entry`` that rests on it ("" for a mere target), its words, its id."""

    start: int
    end: int
    kind: str
    entry: str
    label: str
    target: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """Text under one set of marks; ``targets`` are the anchors that begin here."""

    text: str
    kinds: str
    entries: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryLink:
    """An entry that rests on a sentence."""

    kind: str
    entry: str
    label: str
    key: str = ""


@dataclass(slots=True)
class MarkedSentence:
    """A sentence with its segments and what rests on it; ``tail`` is the space after it."""

    start: int
    end: int
    tail: str = ""
    anchor: str = ""
    segments: list[Segment] = field(default_factory=list)
    entries: list[EntryLink] = field(default_factory=list)


@dataclass(slots=True)
class Paragraph:
    """A block of the page's layout."""

    kind: str
    sentences: list[MarkedSentence]


def split_sentences(text: str, start: int, end: int) -> list[MarkedSentence]:
    """Return the sentences of ``text[start:end]``; for display only, so it may be wrong without harm."""
    small = find_small(text) if start < HEAD_CHARS else frozenset()
    pieces = cut_sentences(text, start, end, small)
    lows = [start, *(low for low, _ in pieces[1:])]
    highs = [*lows[1:], end]
    return [
        MarkedSentence(low, stop, text[stop:high]) for low, (_, stop), high in zip(lows, pieces, highs, strict=False)
    ]


def split_blocks(article: Article) -> list[tuple[int, int, str]]:
    """Return the article's blocks; where it has none, its paragraphs, the first one a title if it is the title."""
    if article.blocks:
        return [(b.start, b.end, b.kind) for b in article.blocks if b.start < b.end]
    blocks = [(m.start(), m.end(), "paragraph") for m in _PARAGRAPH.finditer(article.text)]
    if blocks and article.title and article.text[: blocks[0][1]].strip() == article.title.strip():
        blocks[0] = (*blocks[0][:2], "title")
    return blocks


def mark_article(article: Article, number: int, spans: list[Span]) -> list[Paragraph]:
    """Return the article's paragraphs with every mark. Anchors of sentences are "d{number}s{n}"."""
    paragraphs = [
        Paragraph(kind, split_sentences(article.text, start, end)) for start, end, kind in split_blocks(article)
    ]
    sentences = [s for p in paragraphs for s in p.sentences]
    for index, sentence in enumerate(sentences, 1):
        sentence.anchor = f"d{number}s{index}"
    for sentence, own in zip(sentences, _spans_by_sentence(sentences, spans), strict=True):
        sentence.segments = _cut_segments(article.text, sentence, own)
        sentence.entries = _list_entries([span for span, _ in own])
    return paragraphs


def _spans_by_sentence(sentences: list[MarkedSentence], spans: list[Span]) -> list[list[tuple[Span, bool]]]:
    """Return for each sentence its spans, and whether the span's target stands in it: in the first one only."""
    own: list[list[tuple[Span, bool]]] = [[] for _ in sentences]
    ends = [s.end for s in sentences]
    for span in sorted(spans, key=lambda s: (s.start, -s.end, s.kind, s.entry, s.label)):
        index = bisect_right(ends, span.start)
        if index == len(sentences) and sentences:
            index -= 1  # a target past the text: reachable all the same
        first = index
        while index < len(sentences) and (index == first or sentences[index].start < span.end):
            own[index].append((span, index == first))
            index += 1
    return own


def _cut_segments(text: str, sentence: MarkedSentence, spans: list[tuple[Span, bool]]) -> list[Segment]:
    low, high = sentence.start, sentence.end
    begins: dict[int, list[Span]] = {}
    ends: dict[int, list[Span]] = {}
    targets: dict[int, dict[str, None]] = {}
    for span, is_first in spans:
        start, end = max(span.start, low), min(span.end, high)
        if start < end:
            begins.setdefault(start, []).append(span)
            ends.setdefault(end, []).append(span)
        if is_first and span.target:
            targets.setdefault(min(start, high - 1), {})[span.target] = None
    active: dict[Span, None] = {}
    segments = []
    for start, end in pairwise(sorted({low, high, *begins, *ends, *targets})):
        for span in ends.get(start, ()):
            active.pop(span, None)
        active.update(dict.fromkeys(begins.get(start, ())))
        segments.append(_make_segment(text[start:end], active, tuple(targets.get(start, ()))))
    return segments


def _make_segment(text: str, active: dict[Span, None], targets: tuple[str, ...]) -> Segment:
    shown = [s for s in active if s.entry]
    kinds = " ".join(sorted({s.kind for s in shown}))
    return Segment(text, kinds, " ".join(dict.fromkeys(s.entry for s in shown)), targets)


def _list_entries(spans: list[Span]) -> list[EntryLink]:
    links = (EntryLink(s.kind, s.entry, s.label, s.key) for s in spans if s.entry)
    order = {kind: rank for rank, kind in enumerate("csefogta")}
    return sorted(dict.fromkeys(links), key=lambda link: order.get(link.kind, 9))
