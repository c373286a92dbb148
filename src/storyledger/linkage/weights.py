"""What a scorer learned, as it stands in its file: logistic weights or small boosted trees, and a calibration.

The file is JSON, made by ``python -m train.scorer`` (``train/scorer.py``) and by nothing else::

    {"made_by": "python -m train.scorer ...", "features": ["same_name", ...], "rows": 5120, "groups": 29,
     "measured": {"log_loss": .., "brier": .., "calibration_error": .., "f1": ..},
     "kind": "logistic", "bias": -2.1, "weights": [3.4, ...],
     "calibration": {"x": [...], "y": [...]}}

or ``"kind": "trees"`` with ``"trees": {"roots": [...], "feature": [...], "threshold": [...], "left": [...],
"right": [...], "value": [...]}``: one array over all nodes, a leaf has feature -1, a row goes left where its feature is
at most the threshold. ``x`` are raw log odds, ascending; ``y`` the probability there; between them it is interpolated.
This module must not know features.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
AT_ONCE = 2048  # rows that walk down the trees together; keeps the work in the processor's cache
DEEPEST = 32  # steps from root to leaf; trainers stop far before


@dataclass(frozen=True)
class Trees:
    """Boosted trees as arrays over all nodes; ``value`` holds a share of the log odds at every node."""

    roots: Ints
    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    value: Floats

    @cached_property
    def walk(self) -> Walk:
        """The trees as they are walked down."""
        inner, own = self.feature >= 0, np.arange(len(self.feature))
        sides = np.stack([np.where(inner, self.right, own), np.where(inner, self.left, own)], axis=1)
        deepest, at = 0, self.roots
        while deepest < DEEPEST and inner[at].any():
            deepest, at = deepest + 1, np.unique(sides[at[inner[at]]])
        return Walk(np.maximum(self.feature, 0), np.ascontiguousarray(sides).ravel(), deepest)


@dataclass(frozen=True)
class Walk:
    """Trees whose leaves are their own children, so that all pairs take the same number of steps.

    ``asked``: the feature at each node. ``after``: of node N, 2 N is the right child, 2 N + 1 the left one.
    """

    asked: Ints
    after: Ints
    deepest: int


@dataclass(frozen=True)
class Weights:
    """A trained scorer: feature names in their order, what gives the log odds, and the calibration (x, y)."""

    features: tuple[str, ...]
    bias: float
    linear: Floats | None
    trees: Trees | None
    calibration: tuple[Floats, Floats] | None

    def contributions(self, rows_PF: Floats) -> Floats:
        """Return what each feature adds to the log odds of each pair: P pairs by F features.

        Of a tree it is the change of value at each step of the path, given to the feature asked there (Saabas 2014).
        """
        if self.linear is not None:
            return rows_PF * self.linear
        return _explain_trees(self.trees, rows_PF) if self.trees is not None else np.zeros_like(rows_PF)

    def log_odds(self, rows_PF: Floats) -> Floats:
        """Return the raw log odds of each pair."""
        if self.trees is not None:
            parts = [_sum_leaves(self.trees, rows_PF[k : k + AT_ONCE]) for k in range(0, len(rows_PF), AT_ONCE)]
            return np.concatenate([np.zeros(0), *parts]) + self.bias
        odds: Floats = self.contributions(rows_PF).sum(axis=1) + self.bias
        return odds

    def probabilities(self, rows_PF: Floats) -> Floats:
        """Return the calibrated probability of each pair."""
        odds = np.clip(self.log_odds(rows_PF), -30.0, 30.0)
        if self.calibration is not None:
            found: Floats = np.interp(odds, *self.calibration)
            return found
        plain: Floats = 1.0 / (1.0 + np.exp(-odds))
        return plain


def expect_fewer(probabilities: Floats, share: Floats | float) -> Floats:
    """Return what pairs are worth where only ``share`` as many of them are true as where the weights come from.

    Weights are fitted on small piles. The more records of one matter a pile has, the more are alike without being one:
    odds fall by as much (``share`` in (0, 1], of each pair or of all). Source: Saerens et al. 2002 (new priors).
    """
    odds = probabilities / np.maximum(1.0 - probabilities, 1e-9) * share
    fewer: Floats = odds / (1.0 + odds)
    return fewer


@cache
def load_weights(package: str, name: str) -> Weights:
    """Return the weights in the file ``name`` beside the code of ``package``."""
    return read_weights(json.loads(files(package).joinpath(name).read_text("utf-8")))


def read_weights(raw: dict[str, Any]) -> Weights:
    """Return weights from the JSON of their file.

    Raises:
        ValueError: it is of a kind unknown here, or its numbers do not fit its features.
    """
    names = tuple(raw["features"])
    linear = np.array(raw["weights"], np.float64) if raw["kind"] == "logistic" else None
    trees = _read_trees(raw["trees"]) if raw["kind"] == "trees" else None
    if linear is None and trees is None:
        raise ValueError(f"{raw['kind']!r} is no kind of weights")
    if linear is not None and len(linear) != len(names):
        raise ValueError(f"{len(names)} features and {len(linear)} weights")
    curve = raw.get("calibration")
    calibration = (np.array(curve["x"], np.float64), np.array(curve["y"], np.float64)) if curve else None
    return Weights(names, float(raw.get("bias", 0.0)), linear, trees, calibration)


def _read_trees(raw: dict[str, Any]) -> Trees:
    whole = {name: np.array(raw[name], np.int64) for name in ("roots", "feature", "left", "right")}
    parts = {name: np.array(raw[name], np.float64) for name in ("threshold", "value")}
    return Trees(whole["roots"], whole["feature"], parts["threshold"], whole["left"], whole["right"], parts["value"])


def _sum_leaves(trees: Trees, rows_PF: Floats) -> Floats:
    """Return the sum of the leaves that each pair reaches, tree by tree in a fixed order."""
    walk, cells = trees.walk, np.ascontiguousarray(rows_PF).ravel()
    at = np.broadcast_to(trees.roots, (len(rows_PF), len(trees.roots))).copy()
    first = np.arange(len(rows_PF))[:, None] * rows_PF.shape[1]
    for _ in range(walk.deepest):
        low = cells.take(first + walk.asked.take(at)) <= trees.threshold.take(at)
        at = walk.after.take(2 * at + low)
    total: Floats = trees.value[at].sum(axis=1)
    return total


def _explain_trees(trees: Trees, rows_PF: Floats) -> Floats:
    """Return the share of each feature: all pairs walk down all trees together."""
    n_pairs = len(rows_PF)
    shares = np.zeros_like(rows_PF)
    at = np.broadcast_to(trees.roots, (n_pairs, len(trees.roots))).copy()
    pairs = np.broadcast_to(np.arange(n_pairs)[:, None], at.shape)
    for _ in range(DEEPEST):
        asked = trees.feature[at]
        inner = asked >= 0
        if not inner.any():
            break
        low = rows_PF[pairs, np.maximum(asked, 0)] <= trees.threshold[at]
        after = np.where(inner, np.where(low, trees.left[at], trees.right[at]), at)
        gained = trees.value[after] - trees.value[at]
        np.add.at(shares, (pairs[inner], asked[inner]), gained[inner])
        at = after
    return shares
