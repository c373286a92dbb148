"""A flat SQLite file of plain tables with full-text search, for tools that open one: no ledger, and never read back.

A copy, since whatever is added to a ledger breaks its seal. This module must not know what the rows say.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any


def write_flat(path: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]], searched: Mapping[str, str]) -> None:
    """Write ``tables`` (rows of equal keys, which become the columns) anew into ``path``.

    ``searched``: the column by which a table is searched; its index is named as Datasette finds it, ``TABLE_fts``.
    """
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as base, base:
        for table, rows in tables.items():
            if rows:
                _fill(base, table, rows)
                if table in searched:
                    _index(base, table, searched[table])


def _fill(base: sqlite3.Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    columns = list(rows[0])
    base.execute(f"CREATE TABLE {_name(table)} ({', '.join(map(_name, columns))})")
    marks = ", ".join("?" * len(columns))
    base.executemany(f"INSERT INTO {_name(table)} VALUES ({marks})", ([row[c] for c in columns] for row in rows))


def _index(base: sqlite3.Connection, table: str, column: str) -> None:
    index = _name(f"{table}_fts")
    base.execute(f"CREATE VIRTUAL TABLE {index} USING fts5({_name(column)}, content={_name(table)})")
    base.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
