"""The line model: boosted trees over the numbers of features.py, twice; the second sees the first's page.

Invariant: predict is arithmetic on arrays; the same numbers give the same probabilities on every
machine (float32 comparisons, float64 sums in a fixed order). This module must not know words or tags.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from storyledger.articles.features import Matrix, average_rows, shift_rows

Scores = NDArray[np.float64]
_ROWS_AT_ONCE = 512  # keeps the work of one step in the processor's cache


@dataclass(frozen=True, slots=True)
class Forest:
    """T trees of at most N nodes, as arrays T by N; a leaf is its own child and carries its value."""

    column: NDArray[np.int16]
    limit: NDArray[np.float32]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float32]
    base: float
    depth: int


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
    return Forest(
        column=arrays[f"{stage}_column"],
        limit=arrays[f"{stage}_limit"],
        left=arrays[f"{stage}_left"],
        right=arrays[f"{stage}_right"],
        value=arrays[f"{stage}_value"],
        base=float(arrays[f"{stage}_base"]),
        depth=int(arrays[f"{stage}_depth"]),
    )


def score_lines(model: LineModel, table_LF: Matrix) -> Scores:
    """Return for each of L lines the probability that it belongs to the article."""
    if not len(table_LF):
        return np.zeros(0)
    first_L = predict_forest(model.first, table_LF)
    sizes_L = np.expm1(table_LF[:, 0])
    return predict_forest(model.second, np.hstack([table_LF, describe_scores(first_L, sizes_L)]))


def predict_forest(forest: Forest, table_LF: Matrix) -> Scores:
    """Return L probabilities: the logistic of the base and the trees' leaves.

    Nodes and numbers are looked up in flat arrays, which numpy does several times faster than by two indices.
    """
    trees, size = forest.column.shape
    roots = np.arange(trees) * size
    column, limit, value = (part.ravel() for part in (forest.column, forest.limit, forest.value))
    left, right = ((part + roots[:, None]).ravel() for part in (forest.left, forest.right))
    total = np.full(len(table_LF), forest.base)
    for low in range(0, len(table_LF), _ROWS_AT_ONCE):
        part = np.ascontiguousarray(table_LF[low : low + _ROWS_AT_ONCE])
        numbers = part.ravel()
        starts = (np.arange(len(part)) * part.shape[1])[:, None]
        node_LT = np.broadcast_to(roots, (len(part), trees))
        for _ in range(forest.depth):
            goes_left = numbers.take(starts + column.take(node_LT)) <= limit.take(node_LT)
            node_LT = np.where(goes_left, left.take(node_LT), right.take(node_LT))
        total[low : low + len(part)] += value.take(node_LT).astype(np.float64).sum(axis=1)
    return np.asarray(1 / (1 + np.exp(-np.clip(total, -30, 30))))


def describe_scores(first_L: Scores, sizes_L: NDArray[np.floating]) -> Matrix:
    """Return what the first stage says of the lines around: neighbours, means, and the page's best stretch.

    The best stretch is the run of lines with the largest sum of (probability - 1/2) weighted by the
    root of their length (Kadane); a line far from it is rarely the article's.
    """
    column = np.asarray(first_L, np.float32)[:, None]
    weights = np.sqrt(np.asarray(sizes_L, np.float64))
    low, high = find_best_stretch((first_L - 0.5) * weights)
    here = np.arange(len(first_L))
    mass = np.cumsum(first_L * sizes_L)
    total = max(float(mass[-1]), 1.0)
    outside = np.maximum(low - here, 0) - np.maximum(here - (high - 1), 0)
    parts: list[NDArray[Any]] = [
        column,
        *(shift_rows(column, s) for s in (-1, 1, -2, 2, -3, 3)),
        *(average_rows(column, r) for r in (3, 10, 30)),
    ]
    parts += [np.clip(outside, -60, 60)[:, None], ((here >= low) & (here < high))[:, None]]
    parts += [(mass / total)[:, None], np.log1p(np.full((len(first_L), 1), total))]
    parts += [np.full((len(first_L), 1), column.max()), np.log1p(here)[:, None], np.log1p(here[::-1])[:, None]]
    return np.hstack([np.asarray(part, np.float32) for part in parts])


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
