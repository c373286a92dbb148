"""What overlaps a place is found without a walk over all, and is what the walk would find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storyledger.overlaps import Overlaps

SPANS = st.tuples(st.integers(0, 40), st.integers(0, 12)).map(lambda s: (s[0], s[0] + s[1]))


@given(st.lists(SPANS, max_size=30), SPANS)
def test_the_answer_is_that_of_a_walk(spans: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    start, end = asked
    walked = [n for n, (a, z) in enumerate(spans) if min(z, end) > max(a, start)]
    assert [n for n in Overlaps(spans).over(start, end) if spans[n][0] < spans[n][1] and start < end] == walked
