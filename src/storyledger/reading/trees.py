"""Sentences and dependency trees from the network's rows.

Arithmetic on arrays, no model: a sentence's arcs are the best tree with a single root. Shapes: N
words of a sentence, A and R widths of the arc and label rows, L labels.
Source: Dozat & Manning 2017 (biaffine); Chu & Liu 1965, Edmonds 1967 (best tree).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from storyledger.language import HEAD_CHARS, opens_in_head, opens_unended
from storyledger.reading.layout import Layout
from storyledger.reading.network import Floats, Rows
from storyledger.reading.shapes import NO_SPACE
from storyledger.types import BlockKind

Ints = NDArray[np.int64]
RELATION_CHUNK = 256  # words whose label scores are held at once: 4 MB
LONGEST_SENTENCE = 160  # words; a table without full stops is cut at its likeliest places
WHOLE: frozenset[BlockKind] = frozenset({"title", "heading", "byline", "dateline"})
OPENING, CLOSING = frozenset('"“‘«('), frozenset('"”’»)')
STOPS = frozenset({".", "!", "?", "...", "…"})
# Log odds from which a word starts a sentence. On GUM's development part, raw paragraphs, F1 was 95.8
# with 0 for both and 98.1 with these; (-2, 0) 97.5, (-3, 2) 97.7.
AFTER_STOP, ELSEWHERE = -3.0, 1.0
# A headline or caption that runs into its sentence has no full stop ("... Orlen mourned its dead The mayor said"). Of
# 78 such places on the training piles and on real pages the 70 that are left begin a sentence, most below ELSEWHERE
RUN_ON = -10.0
HEAD_WORDS = HEAD_CHARS // 5  # of a page: where a headline or caption runs into the first sentence
IMPOSSIBLE = np.float32(-1e9)


def decode_sentences(rows: Rows, layout: Layout) -> list[tuple[int, int]]:
    """Return the sentences as word ranges; titles, headings, bylines and datelines stay whole.

    After a full stop and before a capital, a mark or a figure little persuasion is needed, elsewhere more; and little
    before "The" or "He" in a line of small words.
    """
    scores = rows.heads["start"][:, 1] - rows.heads["start"][:, 0]
    small = frozenset(word for word in layout.words if word.islower())
    starts = {
        _beside_quotation_mark(i, layout)
        for i in range(len(layout))
        if layout.forced[i] or (layout.kinds[i] not in WHOLE and scores[i] > _least_start(i, layout, small))
    }
    spans = list(pairwise([*sorted(starts), len(layout)]))
    return [part for first, last in spans for part in _cut_long(first, last, scores)]


def _least_start(word: int, layout: Layout, small: frozenset[str]) -> float:
    """Return the log odds from which ``word`` starts a sentence."""
    if _after_stop(word, layout):
        return AFTER_STOP
    return RUN_ON if _runs_on(word, layout, small) else ELSEWHERE


def _runs_on(word: int, layout: Layout, small: frozenset[str]) -> bool:
    if word + 1 == len(layout) or layout.spaces[word] == NO_SPACE:
        return False
    before, here, after = layout.words[word - 1 : word + 2]
    return opens_unended(before, here, after) or (word < HEAD_WORDS and opens_in_head(before, here, after, small))


def _after_stop(word: int, layout: Layout) -> bool:
    """Tell whether a sentence ends before ``word`` by its signs: full stop, closing marks, white space, capital."""
    before = word - 1
    while before > 0 and layout.words[before] in CLOSING and layout.spaces[before] == NO_SPACE:
        before -= 1
    first = word + 1 if layout.words[word] in OPENING and word + 1 < len(layout) else word
    initial = layout.words[first][0]
    return (
        layout.words[before] in STOPS and layout.spaces[word] != NO_SPACE and (initial.isupper() or initial.isdigit())
    )


def _beside_quotation_mark(start: int, layout: Layout) -> int:
    """Return the start moved so that an opening mark begins its sentence and a closing one ends it."""
    if layout.forced[start]:
        return start
    before, here = layout.words[start - 1], layout.words[start]
    if before in OPENING and layout.spaces[start] == NO_SPACE and layout.spaces[start - 1] != NO_SPACE:
        return start - 1
    closing = here in CLOSING and layout.spaces[start] == NO_SPACE
    return start + 1 if closing and start + 1 < len(layout) else start


def _cut_long(first: int, last: int, scores: Floats) -> list[tuple[int, int]]:
    """Return a sentence in parts of at most ``LONGEST_SENTENCE`` words, cut where a start is likeliest."""
    parts = []
    while last - first > LONGEST_SENTENCE:
        low = first + LONGEST_SENTENCE // 2
        cut = low + int(np.argmax(scores[low : first + LONGEST_SENTENCE]))
        parts.append((first, cut))
        first = cut
    return [*parts, (first, last)]


def score_arcs(dep_NA: Floats, head_NA: Floats, weights: dict[str, Floats]) -> Floats:
    """Return (N, N) scores of each word's head; the diagonal is the root."""
    u = weights["arc_u"]
    scores: Floats = (dep_NA @ u[:-1] + u[-1]) @ head_NA.T
    np.fill_diagonal(scores, dep_NA @ weights["root"])
    return scores


def best_tree(scores_NN: Floats) -> list[int]:
    """Return each word's head in the best tree with one root, the root being its own head."""
    greedy = scores_NN.argmax(1)
    roots = np.flatnonzero(greedy == np.arange(len(greedy)))
    if len(roots) == 1 and not find_cycle(greedy):
        return [int(h) for h in greedy]
    others = scores_NN.copy()
    np.fill_diagonal(others, IMPOSSIBLE)
    if len(greedy) == 1:
        return [0]
    root = int(np.argmax(scores_NN.diagonal() - others.max(1)))
    others[root] = IMPOSSIBLE
    heads = _edmonds(others.astype(np.float64), root)
    heads[root] = root
    return [int(h) for h in heads]


def find_cycle(heads: Sequence[int] | Ints) -> list[int]:
    """Return the words of a cycle, or nothing; a word that is its own head ends a path."""
    state = [0] * len(heads)
    for word in range(len(heads)):
        path, at = [], word
        while state[at] == 0:
            state[at] = 1
            path.append(at)
            if heads[at] == at:
                break
            at = int(heads[at])
        else:
            if state[at] == 1 and at in path:
                return path[path.index(at) :]
        for seen in path:
            state[seen] = 2
    return []


def _edmonds(scores: NDArray[np.float64], root: int) -> Ints:
    """Return the heads of the best tree from ``root``: contract a cycle, solve, expand."""
    heads: Ints = scores.argmax(1)
    heads[root] = root
    cycle = find_cycle(heads)
    if not cycle:
        return heads
    n = len(scores)
    inside = np.array(cycle)
    outside = np.array([i for i in range(n) if i not in set(cycle)])
    kept = scores[inside, heads[inside]]
    into = scores[np.ix_(inside, outside)] - kept[:, None]  # enter the cycle at one of its words
    out_of = scores[np.ix_(outside, inside)]
    small = np.full((len(outside) + 1, len(outside) + 1), float(IMPOSSIBLE))
    small[:-1, :-1] = scores[np.ix_(outside, outside)]
    small[-1, :-1] = into.max(0)
    small[:-1, -1] = out_of.max(1)
    solved = _edmonds(small, int(np.flatnonzero(outside == root)[0]))
    result: Ints = heads.copy()
    for k, word in enumerate(outside):
        result[word] = inside[out_of[k].argmax()] if solved[k] == len(outside) else outside[solved[k]]
    entry = int(solved[-1])
    broken = int(into[:, entry].argmax())
    result[inside[broken]] = outside[entry]
    return result


def score_relations(dep_NR: Floats, head_NR: Floats, heads: Sequence[int], weights: dict[str, Floats]) -> Floats:
    """Return (N, L) scores of the labels of the given arcs; N may be all words of an article."""
    n_labels, width = weights["rel_u"].shape[:2]  # (L, R + 1, R + 1), the last row and column for the biases
    parts = []
    for at in range(0, len(dep_NR), RELATION_CHUNK):
        left = _with_one(dep_NR[at : at + RELATION_CHUNK])
        right = _with_one(head_NR[list(heads[at : at + RELATION_CHUNK])])
        mixed = (left @ weights["rel_flat"]).reshape(len(left), n_labels, width)
        mixed *= right[:, None, :]
        parts.append(mixed.sum(-1))
    return np.concatenate(parts)


def _with_one(rows_NR: Floats) -> Floats:
    """Return the rows with a column of ones, for the bias."""
    return np.concatenate([rows_NR, np.ones((len(rows_NR), 1), np.float32)], 1)


def decode_relations(scores_NL: Floats, heads: Sequence[int], labels: Sequence[str]) -> list[str]:
    """Return the labels of the arcs: the root's arc is "root" and no other is."""
    scores = scores_NL.copy()
    scores[:, labels.index("root")] = IMPOSSIBLE
    best = scores.argmax(1).tolist()
    return ["root" if heads[i] == i else labels[k] for i, k in enumerate(best)]
