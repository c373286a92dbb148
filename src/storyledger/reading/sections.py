"""Long pages in sections, so that memory does not grow with the page.

A section begins at a block (or, in a page without blocks, where a sentence seems to begin) and is read
by itself. Invariant: the sections of an article depend on the article alone; joined, their tokens are
the article's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from storyledger.language.tags import pack_tags, unpack_tags
from storyledger.reading.layout import Layout, break_points
from storyledger.types import Argument, Mention, Predicate, Reading, Sentence, Token

SECTION_WORDS = 4000  # of which the network's rows and states take 35 MB


def plan_sections(layout: Layout) -> list[tuple[int, int]]:
    """Return the sections as word ranges of at most 1.5 times ``SECTION_WORDS``."""
    n = len(layout)
    if n <= SECTION_WORDS * 3 // 2:
        return [(0, n)]
    breaks = break_points(layout)
    sections, first = [], 0
    while n - first > SECTION_WORDS * 3 // 2:
        low, high = first + SECTION_WORDS // 2, first + SECTION_WORDS
        cut = _last_true(layout.forced, low, high) or _last_true(breaks, low, high) or high
        sections.append((first, cut))
        first = cut
    return [*sections, (first, n)]


def _last_true(flags: Sequence[bool], low: int, high: int) -> int | None:
    """Return the last position in ``[low, high)`` whose flag is set, or None."""
    return next((i for i in range(high - 1, low - 1, -1) if flags[i]), None)


def cut_layout(layout: Layout, first: int, last: int) -> Layout:
    """Return the layout of words ``[first, last)``; the first starts a sentence."""
    if (first, last) == (0, len(layout)):
        return layout
    here = slice(first, last)
    return Layout(
        layout.starts[here],
        layout.ends[here],
        layout.words[here],
        layout.spaces[here],
        [True, *layout.forced[first + 1 : last]],
        layout.kinds[here],
    )


def join_readings(document: str, parts: Sequence[tuple[int, Reading]]) -> Reading:
    """Return one Reading of the sections' readings, each with the number of words before it."""
    if len(parts) == 1:
        return parts[0][1]
    return Reading(
        document=document,
        tokens=tuple(shift_token(t, by) for by, part in parts for t in part.tokens),
        sentences=tuple(shift_sentence(s, by) for by, part in parts for s in part.sentences),
        mentions=tuple(shift_mention(m, by) for by, part in parts for m in part.mentions),
        predicates=tuple(shift_predicate(p, by) for by, part in parts for p in part.predicates),
        attributions=tuple(a for _, part in parts for a in part.attributions),
        vectors=b"".join(part.vectors for _, part in parts),
        clauses=tuple(token + by for by, part in parts for token in part.clauses),
        clause_vectors=b"".join(part.clause_vectors for _, part in parts),
        tags=pack_tags(np.concatenate([unpack_tags(part.tags) for _, part in parts])),
    )


def shift_token(token: Token, by: int) -> Token:
    """Return the token with its head counted from the article's first word."""
    return replace(token, head=token.head + by)


def shift_sentence(sentence: Sentence, by: int) -> Sentence:
    """Return the sentence with its words counted from the article's first."""
    return replace(sentence, first=sentence.first + by, last=sentence.last + by)


def shift_mention(mention: Mention, by: int) -> Mention:
    """Return the mention with its words counted from the article's first."""
    return replace(mention, first=mention.first + by, last=mention.last + by, head=mention.head + by)


def shift_predicate(predicate: Predicate, by: int) -> Predicate:
    """Return the predicate and its arguments with their words counted from the article's first."""

    def shift(a: Argument) -> Argument:
        return replace(a, first=a.first + by, last=a.last + by, head=a.head + by)

    return replace(predicate, token=predicate.token + by, arguments=tuple(map(shift, predicate.arguments)))
