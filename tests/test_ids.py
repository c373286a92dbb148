"""Ids: two different things never share one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storyledger.ids import make_id

PARTS = st.lists(st.one_of(st.text(), st.integers(), st.none()), max_size=4)


@given(PARTS, PARTS)
def test_ids_are_injective(a: list[object], b: list[object]) -> None:
    assert (make_id("x", *a) == make_id("x", *b)) == (a == b)


def test_joining_cannot_make_two_names_one() -> None:
    assert make_id("x", "us", "a.b") != make_id("x", "us.a", "b")


def test_a_lone_surrogate_of_a_broken_page_has_an_id() -> None:
    assert make_id("x", "\ud800").startswith("x:")
