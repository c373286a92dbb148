"""Boosted trees as arithmetic on arrays: what a scorer with crosses between its features is evaluated by.

Invariant: the same numbers give the same probabilities on every machine (float32 comparisons, float64 sums in a fixed
order). A forest is made by a command in ``train/`` and comes from a file; nothing here learns. Source: Lucchese et al.
2015, QuickScorer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Scores = NDArray[np.float64]
LEAVES = 16  # a tree's leaves are the bits of one number
_ROWS_AT_ONCE = 512  # keeps the work of one step in the processor's cache
_NUMBERS = np.arange(2**LEAVES)
_FIRST_LEFT = (np.frexp(~_NUMBERS & (_NUMBERS + 1))[1] - 1).astype(np.uint8)  # each number's lowest bit that is not set


@dataclass(frozen=True, slots=True)
class Forest:
    """T trees of at most K inner nodes, laid out so that every node of a row is asked at once.

    ``features``: the names of the columns, in order. ``column`` and ``limit`` (Q): the questions whether a number is
    above the limit, each once. ``question`` (K by T) says which one a node asks; where the answer is yes, the leaves
    of the node's left side are out: ``out`` (K by T) has their bits. Of the leaves left over the first is the tree's
    answer: ``value`` (T by 16).
    """

    features: tuple[str, ...]
    column: NDArray[np.intp]
    limit: NDArray[np.float32]
    question: NDArray[np.intp]
    out: NDArray[np.uint16]
    value: NDArray[np.float64]


def read_forest(arrays: Mapping[str, Any], name: str, features: Sequence[str]) -> Forest:
    """Return the forest that stands in ``arrays`` under ``name`` as padded trees, where a leaf is its own child.

    Raises:
        ValueError: it was made for other features.
    """
    made_for = tuple(str(f) for f in arrays[f"{name}_features"])
    if made_for != tuple(features):
        differing = sorted(set(made_for) ^ set(features)) or ["their order"]
        raise ValueError(f"the trees of {name} and the features differ in {', '.join(differing)}: train them anew")
    parts = ("column", "limit", "left", "right", "value")
    column, limit, left, right, value = (arrays[f"{name}_{part}"] for part in parts)
    ordered = [_order_tree(*sides) for sides in zip(left.tolist(), right.tolist(), strict=True)]
    shape = (max((len(nodes) for nodes, _ in ordered), default=0), len(ordered))
    asked: dict[tuple[int, float], int] = {(0, np.inf): 0}
    question_KT, out_KT = np.zeros(shape, np.intp), np.zeros(shape, np.uint16)
    value_TB = np.zeros((len(ordered), LEAVES))
    for tree, (nodes, leaves) in enumerate(ordered):
        value_TB[tree, : len(leaves)] = value[tree, leaves]
        for row, (node, low, high) in enumerate(nodes):
            question = (int(column[tree, node]), float(limit[tree, node]))
            question_KT[row, tree] = asked.setdefault(question, len(asked))
            out_KT[row, tree] = ((1 << (high - low)) - 1) << low
    column_Q, limit_Q = np.array([c for c, _ in asked], np.intp), np.array([x for _, x in asked], np.float32)
    return Forest(made_for, column_Q, limit_Q, question_KT, out_KT, value_TB)


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


def predict_forest(forest: Forest, table_LF: Matrix) -> Scores:
    """Return L probabilities: the logistic of the sum of the trees' leaves.

    The leaves are summed tree by tree in float64, so that the sum is the same everywhere.
    """
    trees = len(forest.value)
    total_L = np.zeros(len(table_LF))
    for low in range(0, len(table_LF), _ROWS_AT_ONCE):
        part_FL = np.ascontiguousarray(table_LF[low : low + _ROWS_AT_ONCE].T)
        above_QL = part_FL.take(forest.column, axis=0) > forest.limit[:, None]
        out_TL = np.zeros((trees, part_FL.shape[1]), np.uint16)
        for question_T, out_T in zip(forest.question, forest.out, strict=True):
            out_TL |= above_QL.take(question_T, axis=0) * out_T[:, None]
        places_TL = _FIRST_LEFT.take(out_TL) + (np.arange(trees) * LEAVES)[:, None]
        total_L[low : low + part_FL.shape[1]] += forest.value.take(places_TL).sum(axis=0)
    return np.asarray(1 / (1 + np.exp(-np.clip(total_L, -30, 30))))
