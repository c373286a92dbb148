"""What is chosen never overlaps, has one content a cue, and no better set exists."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from storyledger.statements.choice import choose_spans

SPANS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 6), st.sampled_from([0.2, 0.4, 0.5, 0.75, 0.9])), max_size=8
)


def apart(spans: list[tuple[int, int, float]]) -> bool:
    return all(a[1] <= b[0] or b[1] <= a[0] for a, b in combinations(spans, 2))


@settings(deadline=None)
@given(SPANS)
def test_the_chosen_set_is_the_worthiest_without_overlaps(rows):
    spans = [(start, start + length, worth) for start, length, worth in rows]
    first, last = (np.array([s[k] for s in spans], np.int64) for k in (0, 1))
    worth = np.array([s[2] for s in spans], np.float64)
    chosen = [spans[k] for k in choose_spans(first, last, worth, np.full(len(spans), -1), 0.3)]
    assert apart(chosen)
    usable = [s for s in spans if s[2] > 0.3]
    sets = (c for n in range(len(usable) + 1) for c in combinations(usable, n) if apart(list(c)))
    best = max((sum(s[2] - 0.3 for s in c) for c in sets), default=0.0)
    assert abs(sum(s[2] - 0.3 for s in chosen) - best) < 1e-9


def test_one_cue_attributes_one_content():
    first, last = np.array([0, 5, 10]), np.array([3, 8, 12])
    chosen = choose_spans(first, last, np.array([0.6, 0.9, 0.5]), np.array([4, 4, -1]), 0.3)
    assert chosen == [1, 2]
