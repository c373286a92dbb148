"""Trees give the same number whoever evaluates them, and refuse what they were not made for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from storyledger.linkage.forest import predict_forest, read_forest

# one tree: x above 0.5? then y above 2? with the leaves .1, .2 and .4 as log odds
TREE = {
    "t_column": np.array([[0, 0, 1, 0, 0]], np.int16),
    "t_limit": np.array([[0.5, 0, 2.0, 0, 0]], np.float32),
    "t_left": np.array([[1, 1, 3, 3, 4]], np.int16),
    "t_right": np.array([[2, 1, 4, 3, 4]], np.int16),
    "t_value": np.array([[0, 0.1, 0, 0.2, 0.4]], np.float32),
    "t_features": np.array(["x", "y"]),
}


def answer(x: float, y: float) -> float:
    odds = np.float32(0.1) if x <= 0.5 else np.float32(0.2) if y <= 2.0 else np.float32(0.4)
    return float(1 / (1 + np.exp(-np.float64(odds))))


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-3, 5, width=32), st.floats(-3, 5, width=32)), min_size=1, max_size=40))
def test_every_row_gets_the_leaf_that_its_questions_lead_to(rows):
    table: NDArray[np.float32] = np.array(rows, np.float32)
    forest = read_forest(TREE, "t", ("x", "y"))
    assert predict_forest(forest, table).tolist() == [answer(float(x), float(y)) for x, y in table]


def test_trees_made_for_other_features_are_refused():
    with pytest.raises(ValueError, match="train them anew"):
        read_forest(TREE, "t", ("x", "z"))
