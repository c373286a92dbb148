"""The line model: boosted trees over the numbers of features.py, twice; the second sees the first's page.

Invariant: predict is arithmetic on arrays; the same numbers give the same probabilities on every
machine (float32 comparisons, float64 sums in a fixed order). This module must not know words or tags.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from storyledger.articles.features import Matrix, surround_rows

Scores = NDArray[np.float64]
LEAVES = 16  # a tree's leaves are the bits of one number
_ROWS_AT_ONCE = 512  # keeps the work of one step in the processor's cache
_NUMBERS = np.arange(2**LEAVES)
_FIRST_LEFT = (np.frexp(~_NUMBERS & (_NUMBERS + 1))[1] - 1).astype(np.uint8)  # each number's lowest bit that is not set


@dataclass(frozen=True, slots=True)
class Forest:
    """T trees of at most K inner nodes and K + 1 leaves, laid out so that every node of a line is asked at once.

    ``column`` and ``limit`` (Q) are the questions whether a number is above the limit, each once: trees share
    half of them. ``question`` (K by T) says which one a node asks; where the answer is yes, the leaves of the
    node's left side are out: ``out`` (K by T) has their bits. Of the leaves left over the first is the tree's
    answer: ``value`` (T by 16), by number of the lowest bit that is not set.

    Source: Lucchese et al. 2015, QuickScorer.
    """

    column: NDArray[np.intp]
    limit: NDArray[np.float32]
    question: NDArray[np.intp]
    out: NDArray[np.uint16]
    value: NDArray[np.float64]
    base: float


@dataclass(frozen=True, slots=True)
class LineModel:
    """Probability that a line belongs to the article: ``first`` by itself, ``second`` among the others."""

    first: Forest
    second: Forest


@cache
def load_line_model(media: str) -> LineModel:
    """Return the model for "html" or "text" that comes with the package."""
    with resources.files(__package__).joinpath("model", f"{media}.npz").open("rb") as file:
        return read_line_model(file)


def read_line_model(file: IO[bytes] | Path) -> LineModel:
    """Return the model in an npz file that ``train/articles.py`` wrote."""
    with np.load(file, allow_pickle=False) as arrays:
        return LineModel(*(_read_forest(arrays, stage) for stage in ("first", "second")))


def _read_forest(arrays: Mapping[str, Any], stage: str) -> Forest:
    """Return the padded trees of the file, where a leaf is its own child, as ``Forest`` holds them."""
    column, limit, left, right, value = (
        arrays[f"{stage}_{name}"] for name in ("column", "limit", "left", "right", "value")
    )
    ordered = [_order_tree(*sides) for sides in zip(left.tolist(), right.tolist(), strict=True)]
    shape = (max(len(nodes) for nodes, _ in ordered), len(ordered))
    asked: dict[tuple[int, float], int] = {(0, np.inf): 0}
    question_KT, out_KT, value_TB = (
        np.zeros(shape, np.intp),
        np.zeros(shape, np.uint16),
        np.zeros((len(ordered), LEAVES)),
    )
    for tree, (nodes, leaves) in enumerate(ordered):
        value_TB[tree, : len(leaves)] = value[tree, leaves]
        for row, (node, low, high) in enumerate(nodes):
            question = (int(column[tree, node]), float(limit[tree, node]))
            question_KT[row, tree] = asked.setdefault(question, len(asked))
            out_KT[row, tree] = ((1 << (high - low)) - 1) << low
    column_Q, limit_Q = np.array([c for c, _ in asked], np.intp), np.array([x for _, x in asked], np.float32)
    return Forest(column_Q, limit_Q, question_KT, out_KT, value_TB, float(arrays[f"{stage}_base"]))


def _order_tree(left: Sequence[int], right: Sequence[int]) -> tuple[list[tuple[int, int, int]], list[int]]:
    """Return a tree's inner nodes, each with the half-open range of the leaves on its left, and its leaves in order."""
    nodes: list[tuple[int, int, int]] = []
    leaves: list[int] = []

    def visit(node: int) -> None:
        if left[node] == node:
            leaves.append(node)
            return
        low = len(leaves)
        visit(left[node])
        nodes.append((node, low, len(leaves)))
        visit(right[node])

    visit(0)
    return nodes, leaves


Pairs = tuple[NDArray[np.intp], NDArray[np.intp], int]  # lines and words of P pairs, number of words (pair_words)


def score_lines(model: LineModel, table_LF: Matrix, pairs: Pairs) -> Scores:
    """Return for each of L lines the probability that it belongs to the article.

    Args:
        model: for the kind of page.
        table_LF: what describes the lines.
        pairs: which words each line has.
    """
    if not len(table_LF):
        return np.zeros(0)
    first_L = predict_forest(model.first, table_LF)
    sizes_L = np.expm1(table_LF[:, 0])
    return predict_forest(model.second, np.hstack([table_LF, describe_scores(first_L, sizes_L, pairs)]))


def predict_forest(forest: Forest, table_LF: Matrix) -> Scores:
    """Return L probabilities: the logistic of the base and the trees' leaves.

    The leaves are summed tree by tree in float64, so that the sum is the same everywhere.
    """
    trees = len(forest.value)
    total_L = np.full(len(table_LF), forest.base)
    for low in range(0, len(table_LF), _ROWS_AT_ONCE):
        part_FL = np.ascontiguousarray(table_LF[low : low + _ROWS_AT_ONCE].T)
        above_QL = part_FL.take(forest.column, axis=0) > forest.limit[:, None]
        out_TL = np.zeros((trees, part_FL.shape[1]), np.uint16)
        for question_T, out_T in zip(forest.question, forest.out, strict=True):
            out_TL |= above_QL.take(question_T, axis=0) * out_T[:, None]
        places_TL = _FIRST_LEFT.take(out_TL) + (np.arange(trees) * LEAVES)[:, None]
        total_L[low : low + part_FL.shape[1]] += forest.value.take(places_TL).sum(axis=0)
    return np.asarray(1 / (1 + np.exp(-np.clip(total_L, -30, 30))))


def describe_scores(first_L: Scores, sizes_L: NDArray[np.floating], pairs: Pairs) -> Matrix:
    """Return what the first stage says of the lines around: neighbours, means, and the page's best stretch.

    The best stretch is the run of lines with the largest sum of (probability - 1/2) weighted by the
    root of their length (Kadane); a line far from it is rarely the article's. Last, how much of each line's words
    that stretch has beside the line itself: other stories, and what is said of the page, have little of them.
    """
    column = np.asarray(first_L, np.float32)[:, None]
    weights = np.sqrt(np.asarray(sizes_L, np.float64))
    low, high = find_best_stretch((first_L - 0.5) * weights)
    here = np.arange(len(first_L))
    mass = np.cumsum(first_L * sizes_L)
    total = max(float(mass[-1]), 1.0)
    outside = np.maximum(low - here, 0) - np.maximum(here - (high - 1), 0)
    table = np.empty((len(first_L), 20), np.float32)
    table[:, :1] = column
    table[:, 1:10] = np.hstack(surround_rows(column, (-1, 1, -2, 2, -3, 3), (3, 10, 30)))
    table[:, 10] = outside.clip(-60, 60)
    table[:, 11] = (here >= low) & (here < high)
    table[:, 12], table[:, 13] = mass / total, np.log1p(total)
    table[:, 14] = column.max()
    table[:, 15] = np.log1p(here)
    table[:, 16] = table[::-1, 15]
    table[:, 17:] = _share_core(first_L, (low, high), pairs)
    return table


def _share_core(first_L: Scores, stretch: tuple[int, int], pairs: Pairs) -> Matrix:
    """Return of each line's words the share that likely lines have too, that of the best stretch, and the rarer ones'.

    A word weighs less the more lines of the page have it: what all its stories say tells none of them.
    """
    line_P, word_P, size = pairs
    likely_L = first_L > 0.5
    inside_L = likely_L & (np.arange(len(first_L)) >= stretch[0]) & (np.arange(len(first_L)) < stretch[1])
    lines_U = np.bincount(word_P, minlength=size)
    weight_P = 1 / np.sqrt(np.maximum(lines_U[word_P], 1))
    table = np.zeros((len(first_L), 3), np.float32)
    total_L = np.maximum(np.bincount(line_P, minlength=len(first_L)), 1)
    heavy_L = np.maximum(np.bincount(line_P, weight_P, len(first_L)), 1e-6)
    for column, chosen_L in enumerate((likely_L, inside_L)):
        count_U = np.bincount(word_P[chosen_L[line_P]], minlength=size)
        other_P = count_U[word_P] - chosen_L[line_P] > 0
        table[:, column] = np.bincount(line_P, other_P, len(first_L)) / total_L
    table[:, 2] = np.bincount(line_P, other_P * weight_P, len(first_L)) / heavy_L
    return table


def find_best_stretch(gains_L: Scores) -> tuple[int, int]:
    """Return the half-open run with the largest sum; the first of equal ones; (0, 0) where no gain is positive."""
    best, low, high = 0.0, 0, 0
    total, start = 0.0, 0
    for number, gain in enumerate(gains_L.tolist()):
        if total <= 0:
            total, start = 0.0, number
        total += gain
        if total > best:
            best, low, high = total, start, number + 1
    return low, high
