"""One body, both engines: the results and their order must not depend on how the work is done."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest

from storyledger.engine import Engine, ProcessEngine, SerialEngine
from storyledger.errors import PageError


def double(value: int) -> int:
    return value * 2


def join(key: int, group: list[int]) -> tuple[int, tuple[int, ...]]:
    return key, tuple(group)


def last_digit(value: int) -> int:
    return value % 10


@pytest.fixture(params=["serial", "processes"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "serial":
        yield SerialEngine()
        return
    with ProcessEngine(2) as pool:
        yield pool


def test_results_come_in_the_order_of_the_values(engine: Engine) -> None:
    assert list(engine.map_values(double, range(50))) == [2 * n for n in range(50)]


def test_groups_come_in_the_order_in_which_their_keys_appear(engine: Engine) -> None:
    values = [31, 12, 41, 5, 22]
    assert list(engine.reduce_groups(last_digit, join, values)) == [(1, (31, 41)), (2, (12, 22)), (5, (5,))]


def test_an_error_of_a_page_crosses_a_process_with_its_fields() -> None:
    error = PageError("E-PAGE-X", "what is wrong", "what to do", path="a.html")
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.code, copy.message, copy.advice, copy.fields) == (
        "E-PAGE-X",
        "what is wrong",
        "what to do",
        {"path": "a.html"},
    )
