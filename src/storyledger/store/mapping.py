"""Tables made from the values' own definitions, so that no field can be forgotten.

A dataclass is a table; a nested dataclass is flattened into columns with its name before them; a tuple
of dataclasses is a child table with the parent's key and a position; a tuple of plain values is JSON.

Invariant: ``load_values(save_values(x)) == x`` for every value of ``types.py``; what an older file lacks is read as
the field's default. This module must not
know any one type, nor who calls it.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from storyledger.types import Evidence

SQL_TYPES = {str: "TEXT", int: "INTEGER", float: "REAL", bool: "INTEGER", bytes: "BLOB"}
PARENT, POSITION = "parent", "nth"


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column: ``path`` leads to the field, ``kind`` is its Python type or "json" or "given"."""

    name: str
    path: tuple[str, ...]
    kind: Any


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """One table: the columns of a dataclass, and the child tables of its tuples of dataclasses."""

    name: str
    cls: type
    columns: tuple[Column, ...]
    children: tuple[tuple[str, Table], ...]
    is_child: bool


@cache
def describe_table(name: str, cls: type, is_child: bool = False) -> Table:
    """Return the table called ``name`` that keeps values of the dataclass ``cls``."""
    columns: list[Column] = []
    children: list[tuple[str, Table]] = []
    for field, hint in _fields(cls):
        inner = _tuple_of_dataclass(hint)
        if inner is not None:
            children.append((field, describe_table(f"{name}_{_singular(field)}", inner, is_child=True)))
        else:
            columns += _columns(field, (field,), hint)
    return Table(name, cls, tuple(columns), tuple(children), is_child)


def create_statements(table: Table) -> Iterator[str]:
    """Yield the SQL that makes ``table`` and its children, parents first."""
    own = [define_column(c) for c in table.columns]
    key = 'PRIMARY KEY ("id")' if _has_id(table) else f'PRIMARY KEY ("{POSITION}")'
    lead = [f'"{POSITION}" INTEGER NOT NULL']
    if table.is_child:
        lead = [f'"{PARENT}" TEXT NOT NULL', *lead]
        key = f'PRIMARY KEY ("{PARENT}", "{POSITION}")'
    yield f'CREATE TABLE IF NOT EXISTS "{table.name}" ({", ".join([*lead, *own, key])}) STRICT'
    for _, child in table.children:
        yield from create_statements(child)


def define_column(column: Column) -> str:
    """Return the SQL that defines ``column``."""
    return f'"{column.name}" {_sql_type(column)}'


def iter_tables(table: Table) -> Iterator[Table]:
    """Yield ``table`` and every table below it."""
    yield table
    for _, child in table.children:
        yield from iter_tables(child)


def iter_rows(table: Table, values: Sequence[Any], parent: str | None = None) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield ``(table name, row)`` for every value and everything inside it, parents first."""
    for position, value in enumerate(values):
        row = tuple(_write(value, column) for column in table.columns)
        lead: tuple[Any, ...] = (parent, position) if table.is_child else (position,)
        yield table.name, lead + row
        key = _row_key(table, value, parent, position)
        for field, child in table.children:
            yield from iter_rows(child, getattr(value, field), key)


Rows = dict[str, list[tuple[Any, ...]]]


def build_values(table: Table, rows: Rows) -> tuple[Any, ...]:
    """Return the values whose rows (in order of position) ``rows`` has, by table name."""
    return tuple(_build(table, rows, _group_children(table, rows)).get(None, ()))


def column_names(table: Table) -> list[str]:
    """Return the names of all columns of ``table``, in the order of its rows."""
    return ([PARENT] if table.is_child else []) + [POSITION] + [c.name for c in table.columns]


def row_key_of(table: Table, row: tuple[Any, ...]) -> str:
    """Return the key that the children of ``row`` (its columns as ``column_names`` orders them) have as parent."""
    names = column_names(table)
    if _has_id(table):
        return str(row[names.index("id")])
    return f"{row[0]}/{row[1]}" if table.is_child else str(row[0])


# ------------------------------------------------------------------ from fields to columns


@cache
def _fields(cls: type) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(cls)
    return tuple((f.name, hints[f.name]) for f in dataclasses.fields(cls))


def _columns(name: str, path: tuple[str, ...], hint: Any) -> list[Column]:
    optional, bare = _strip_none(hint)
    if dataclasses.is_dataclass(bare):
        assert isinstance(bare, type)
        inner = [c for f, h in _fields(bare) for c in _columns(f"{name}_{f}", (*path, f), h)]
        return [Column(f"{name}_given", path, "given"), *inner] if optional else inner
    if typing.get_origin(bare) is tuple:
        return [Column(name, path, "json")]
    return [Column(name, path, _scalar(bare))]


def _scalar(hint: Any) -> type:
    if typing.get_origin(hint) is typing.Literal:
        return str
    return hint if isinstance(hint, type) else str


def _strip_none(hint: Any) -> tuple[bool, Any]:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        rest = [a for a in typing.get_args(hint) if a is not type(None)]
        return len(rest) < len(typing.get_args(hint)), rest[0]
    return False, hint


def _tuple_of_dataclass(hint: Any) -> type | None:
    args = typing.get_args(hint)
    if typing.get_origin(hint) is tuple and args and dataclasses.is_dataclass(args[0]):
        return typing.cast("type", args[0])
    return None


def _singular(field: str) -> str:
    if field == "aliases":
        return "alias"
    return field[:-1] if field.endswith("s") and not field.endswith("ss") else field


def _sql_type(column: Column) -> str:
    kind = "INTEGER" if column.kind == "given" else SQL_TYPES.get(column.kind, "TEXT")
    is_document = column.path[-1] == "document"
    return f'{kind} REFERENCES "document" ("id") DEFERRABLE INITIALLY DEFERRED' if is_document else kind


def _has_id(table: Table) -> bool:
    return not table.is_child and any(c.name == "id" for c in table.columns)


def _row_key(table: Table, value: Any, parent: str | None, position: int) -> str:
    if _has_id(table):
        return str(value.id)
    return f"{parent}/{position}" if table.is_child else str(position)


# ------------------------------------------------------------------ values to rows and back


def _write(value: Any, column: Column) -> Any:
    for step in column.path:
        if value is None:
            return None
        value = getattr(value, step)
    if column.kind == "given":
        return int(value is not None)
    if column.kind == "json":
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, bool):
        return int(value)
    return float(value) if column.kind is float and value is not None else value


def _group_children(table: Table, rows: Rows) -> dict[str, dict[str | None, list[Any]]]:
    built: dict[str, dict[str | None, list[Any]]] = {}
    for field, child in table.children:
        built[field] = _build(child, rows, _group_children(child, rows))
    return built


def _build(table: Table, rows: Rows, children: dict[str, dict[str | None, list[Any]]]) -> dict[str | None, list[Any]]:
    """Return the values of ``table`` by parent key (None for a table that is no child)."""
    out: dict[str | None, list[Any]] = {}
    width = 2 if table.is_child else 1
    for row in rows.get(table.name, ()):
        parent, position = (row[0], row[1]) if table.is_child else (None, row[0])
        cells = {c.path: (c, cell) for c, cell in zip(table.columns, row[width:], strict=True) if c.kind != "given"}
        given = {c.path: cell for c, cell in zip(table.columns, row[width:], strict=True) if c.kind == "given"}
        key = _key_from_cells(table, cells, parent, position)
        tuples = {field: tuple(found.get(key, ())) for field, found in children.items()}
        out.setdefault(parent, []).append(_read(table.cls, (), cells, given, tuples))
    return out


def _key_from_cells(table: Table, cells: dict[tuple[str, ...], Any], parent: str | None, position: int) -> str:
    if _has_id(table):
        return str(cells[("id",)][1])
    return f"{parent}/{position}" if table.is_child else str(position)


def _read(
    cls: type,
    path: tuple[str, ...],
    cells: dict[tuple[str, ...], Any],
    given: dict[tuple[str, ...], Any],
    tuples: dict[str, tuple[Any, ...]],
) -> Any:
    arguments: dict[str, Any] = {}
    for field, hint in _fields(cls):
        here = (*path, field)
        _, bare = _strip_none(hint)
        if not path and field in tuples:
            arguments[field] = tuples[field]
        elif dataclasses.is_dataclass(bare):
            assert isinstance(bare, type)
            arguments[field] = _read(bare, here, cells, given, {}) if given.get(here, 1) else None
        else:
            value = _cell(*cells[here])
            if value is not None or field not in _defaults(cls):  # None: an older ledger had no such column
                arguments[field] = value
    return cls(**arguments)


@cache
def _defaults(cls: type) -> frozenset[str]:
    return frozenset(f.name for f in dataclasses.fields(cls) if f.default not in (dataclasses.MISSING, None))


def _cell(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.kind == "json":
        return _tuples(json.loads(value))
    if column.kind is bool:
        return bool(value)
    return value


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list) else value


EVIDENCE_FIELDS = tuple(f.name for f in dataclasses.fields(Evidence))
