"""Every value of types.py comes back from its rows as it went in, whatever it holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyledger.store.mapping import Rows, Table, build_values, iter_rows
from storyledger.store.schema import STORY_TABLES


@pytest.mark.parametrize("section", list(STORY_TABLES))
def test_values_survive_their_rows(section: str) -> None:
    table = STORY_TABLES[section]

    @given(st.lists(st.from_type(table.cls), max_size=3, unique_by=lambda v: getattr(v, "id", id(v))))
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    def check(values: list[Any]) -> None:
        assert build_values(table, rows_of(table, values)) == tuple(values)

    check()


def rows_of(table: Table, values: list[Any]) -> Rows:
    rows: Rows = {}
    for name, row in iter_rows(table, values):
        rows.setdefault(name, []).append(row)
    return rows
