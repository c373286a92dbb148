"""Boosted trees for the product: fitted with LightGBM, packed as ``storyledger.linkage.forest`` reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

LEAF_ROWS = 25
SETTINGS: dict[str, Any] = {
    "learning_rate": 0.08,
    "num_leaves": 16,  # what a forest's leaves have bits for
    "reg_lambda": 5.0,
    "colsample_bytree": 0.5,
    "subsample": 0.8,
    "subsample_freq": 1,
    "random_state": 7,
    "n_jobs": 1,
    "deterministic": True,
    "force_col_wise": True,
    "max_bin": 63,
    "verbose": -1,
}


def fit_forest(
    rows: NDArray[np.float32],
    labels: NDArray[np.generic],
    weights: NDArray[np.floating] | None = None,
    *,
    trees: int,
    leaf_rows: int = LEAF_ROWS,
    **changed: float,
) -> Any:
    """Return trees that say how likely a row's label is 1.

    ``leaf_rows``: the fewest rows of a leaf; ``changed``: settings of LightGBM other than ``SETTINGS``.
    """
    model = lightgbm.LGBMClassifier(n_estimators=trees, min_child_samples=leaf_rows, **(SETTINGS | changed))
    return model.fit(rows, np.asarray(labels, np.int64), sample_weight=weights)


def pack_forest(model: Any, name: str, features: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Return the trees as padded arrays under ``name``, with the features that they were made for."""
    trees = [_list_nodes(tree["tree_structure"]) for tree in model.booster_.dump_model()["tree_info"]]
    shape = (len(trees), max(map(len, trees)))
    kinds = {"column": np.int16, "limit": np.float64, "left": np.int16, "right": np.int16, "value": np.float32}
    packed: dict[str, NDArray[Any]] = {part: np.zeros(shape, kind) for part, kind in kinds.items()}
    for number, nodes in enumerate(trees):
        for place, node in enumerate(nodes):
            for part in kinds:
                packed[part][number, place] = node[part]
    # LightGBM compares float64; the largest float32 not above the limit decides alike for float32 input
    packed["limit"] = _floor_float32(packed["limit"])
    return {**{f"{name}_{part}": table for part, table in packed.items()}, f"{name}_features": np.array(features)}


def _list_nodes(root: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the nodes of a tree, parents before children; a leaf is its own child."""
    nodes: list[dict[str, Any]] = []
    queue = [(root, -1, "")]
    while queue:
        tree, parent, side = queue.pop(0)
        place = len(nodes)
        node = {"column": 0, "limit": 0.0, "left": place, "right": place, "value": tree.get("leaf_value", 0.0)}
        if "leaf_value" not in tree:
            node |= {"column": tree["split_feature"], "limit": tree["threshold"], "value": 0.0}
            queue += [(tree["left_child"], place, "left"), (tree["right_child"], place, "right")]
        nodes.append(node)
        if parent >= 0:
            nodes[parent][side] = place
    return nodes


def _floor_float32(values: NDArray[np.float64]) -> NDArray[np.float32]:
    rounded = values.astype(np.float32)
    return np.where(rounded > values, np.nextafter(rounded, np.float32(-np.inf)), rounded)
