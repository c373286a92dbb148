"""Rows as Parquet, by pyarrow (the extra ``parquet``): loaded where a table is written, and nowhere else.

This module must not know what the rows tell.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from storyledger.errors import UsageError

Row = dict[str, Any]


def has_parquet() -> bool:
    """Return whether the library that writes Parquet is installed."""
    return find_spec("pyarrow") is not None


def make_schema(rows: list[Row]) -> Any:
    """Return one schema for all parts of a table: a column that is empty in one has its type all the same.

    Raises:
        UsageError: as ``write_rows``.
    """
    if not rows:
        return None
    arrow = _load("pyarrow")
    fields = []
    for name in rows[0]:
        values = [r[name] for r in rows if r[name] is not None]
        numbers = bool(values) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
        whole = numbers and all(isinstance(v, int) for v in values)
        kinds = ((bool, arrow.bool_()), (list, arrow.list_(arrow.string())))
        other = next((kind for cls, kind in kinds if values and isinstance(values[0], cls)), arrow.string())
        fields.append((name, arrow.int64() if whole else arrow.float64() if numbers else other))
    return arrow.schema(fields)


def write_rows(rows: list[Row], path: Path, schema: Any = None) -> None:
    """Write ``rows`` as a Parquet file.

    Raises:
        UsageError: pyarrow is not installed.
    """
    _load("pyarrow.parquet").write_table(_load("pyarrow").Table.from_pylist(rows, schema=schema), path)


def _load(name: str) -> Any:
    if not has_parquet():
        raise UsageError("E-EXPORT-LIBRARY", "Parquet needs `pyarrow`", "pip install 'storyledger[parquet]'")
    return import_module(name)
